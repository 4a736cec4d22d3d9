"""Papers on pages, painted by Qt: the same painter fills a PDF, a printer and its preview.

The classification stands at the top and bottom of every page (Government Security Classifications Policy,
2024), the table's heading row is repeated on each page, and each footer says page x of y, who printed it and when.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from PySide6.QtCore import QMarginsF, QRectF, Qt, QUrl
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QFont,
    QFontMetricsF,
    QPagedPaintDevice,
    QPageLayout,
    QPageSize,
    QPainter,
    QPalette,
    QPdfWriter,
    QTextDocument,
)

from mosovo_planner.domain.errors import UserError
from mosovo_planner.reports.markup import paper_html, paper_style, trend_names
from mosovo_planner.reports.pagination import Page, Span, pages_of
from mosovo_planner.reports.paper import LEAST_TEXT, Paper
from mosovo_planner.reports.trend_picture import trend_picture

_INK = Qt.GlobalColor.black
_STEP = 0.5  # pixels by which text is made smaller where a paper is to be one page
_LAYOUT_DPI = 96
"""Pages are laid out at this resolution and scaled to the device: Qt scales fonts to a device, but no margin or padding."""


class PrintError(UserError):
    """The paper could not be written."""


def page_layout(paper: Paper) -> QPageLayout:
    """A4, upright or across as the paper asks, with margins that any printer can keep."""
    turned = QPageLayout.Orientation.Landscape if paper.landscape else QPageLayout.Orientation.Portrait
    return QPageLayout(QPageSize(QPageSize.PageSizeId.A4), turned, QMarginsF(12, 10, 12, 10), QPageLayout.Unit.Millimeter)


def write_pdf(paper: Paper, path: Path) -> int:
    """Write the paper as PDF, whole or not at all, and return its number of pages.

    Raises:
        OSError: the place cannot be written.
        PrintError: Qt could not make the pages.
    """
    handle, name = tempfile.mkstemp(suffix=".pdf", prefix=".part-", dir=path.parent)
    os.close(handle)
    part = Path(name)
    try:
        writer = QPdfWriter(str(part))
        writer.setTitle(paper.kind)
        writer.setCreator("MOSOVO Planner")
        writer.setResolution(300)
        writer.setPageLayout(page_layout(paper))
        pages = paint(paper, writer)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return pages


def paint(paper: Paper, device: QPagedPaintDevice) -> int:
    """Paint every page on a PDF writer, a printer or a preview, those of further papers too; how many there are."""
    painter = QPainter()
    if not painter.begin(device):
        raise PrintError("The printer or file did not open for painting; check that it is on and not in use.")
    try:
        pages = 0
        for each in (paper, *paper.more):
            if pages:
                device.newPage()
            painter.save()
            pages += _Pages(each, device, painter).paint()
            painter.restore()
        return pages
    finally:
        painter.end()


class _Pages:
    """Lays the paper out for one device and paints it page by page."""

    def __init__(self, paper: Paper, device: QPagedPaintDevice, painter: QPainter) -> None:
        self.paper, self.device, self.painter = paper, device, painter
        scale = device.logicalDpiX() / _LAYOUT_DPI
        painter.scale(scale, scale)
        self.page = QRectF(0, 0, device.width() / scale, device.height() / scale)
        self.small = _font(11)
        line = QFontMetricsF(self.small).height()
        self.band, self.foot = line * 1.8, line * 2.7  # below stand two lines: who printed it, and the classification
        self.document, self.pages = self._fitted()

    def _fitted(self) -> tuple[QTextDocument, list[Page]]:
        """The paper laid out; one that is to be a single page in smaller text where that makes it one."""
        height, size = self.page.height() - self.band - self.foot, self.paper.text_size
        document = self._document(size)
        first = pages = pages_of(document, height)
        while self.paper.one_page and len(pages) > 1 and size - _STEP >= LEAST_TEXT:
            size -= _STEP
            smaller = self._document(size)
            pages = pages_of(smaller, height)
            if len(pages) == 1:
                return smaller, pages
        return document, first

    def _document(self, size: float) -> QTextDocument:
        document = QTextDocument()
        document.setUseDesignMetrics(True)
        document.setDefaultFont(_font(12))
        document.setDocumentMargin(0)
        document.setDefaultStyleSheet(paper_style(size))
        for trend, name in trend_names(self.paper).items():
            picture = trend_picture(trend, _font(9))
            document.addResource(QTextDocument.ResourceType.ImageResource.value, QUrl(name), picture)
        document.setHtml(paper_html(self.paper))
        document.setTextWidth(self.page.width())
        return document

    def paint(self) -> int:
        for number, page in enumerate(self.pages, 1):
            if number > 1:
                self.device.newPage()
            self._frame(number, len(self.pages))
            below = self.band
            if page.header is not None:
                self._draw(page.header, below)
                below += page.header.height
            self._draw(page.body, below)
        return len(self.pages)

    def _frame(self, number: int, count: int) -> None:
        painter, page, band, foot = self.painter, self.page, self.band, self.foot
        strong = QFont(self.small)
        strong.setBold(True)
        top = QRectF(0, 0, page.width(), band)
        bottom = QRectF(0, page.height() - foot, page.width(), foot)
        above = bottom.adjusted(0, foot * 0.18, 0, 0)
        painter.setPen(_INK)
        painter.setFont(strong)
        painter.drawText(top, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, self.paper.marking.classification)
        painter.drawText(bottom, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom, self.paper.marking.classification)
        painter.setFont(self.small)
        painter.drawText(above, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop, self.paper.marking.line)
        painter.drawText(above, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop, f"Page {number} of {count}")

    def _draw(self, span: Span, at: float) -> None:
        """Paint a piece of the document at a height of the page."""
        context = QAbstractTextDocumentLayout.PaintContext()
        piece = QRectF(0, span.top, self.page.width(), span.height)
        context.clip = piece.adjusted(0, 0.5, 0, -0.5)  # lines that only touch the edge belong to the page before or after
        palette = QPalette()
        palette.setColor(QPalette.ColorRole.Text, _INK)  # a dark window must not print white on white
        context.palette = palette
        self.painter.save()
        self.painter.translate(0, at - span.top)
        self.painter.setClipRect(piece)
        self.document.documentLayout().draw(self.painter, context)
        self.painter.restore()


def _font(pixels: int) -> QFont:
    font = QFont("DejaVu Sans")
    font.setStyleHint(QFont.StyleHint.SansSerif)
    font.setPixelSize(pixels)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    font.setFeature(QFont.Tag("liga"), 0)  # joined letters cannot be searched for or copied from a PDF
    return font
