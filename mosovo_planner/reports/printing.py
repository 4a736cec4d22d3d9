"""Papers on pages, painted by Qt: the same painter fills a PDF, a printer and its preview.

The classification stands at the top and bottom of every page (Government Security Classifications Policy,
2024), the table's heading row is repeated on each page, and each footer says page x of y, who printed it and when.
"""

from __future__ import annotations

import html
import os
import tempfile
from pathlib import Path

from PySide6.QtCore import QMarginsF, QRectF, QSizeF, Qt
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
from mosovo_planner.reports.paper import Column, Paper, Table

_INK = Qt.GlobalColor.black
_LAYOUT_DPI = 96
"""Pages are laid out at this resolution and scaled to the device: Qt scales fonts to a device, but no margin or padding."""
_STYLE = """
h1 { font-size: 20px; margin: 0 0 2px 0; }
p.sub { font-size: 13px; margin: 0 0 8px 0; color: #333333; }
h2 { font-size: 15px; margin: 14px 0 3px 0; }
p.note { font-size: 12px; margin: 0 0 6px 0; }
th { background-color: #e4e8ee; font-size: 10px; text-align: left; border-bottom: 1px solid #6b7580; padding: 3px 5px; }
td { font-size: 10.5px; border-bottom: 1px solid #b8bfc7; vertical-align: top; padding: 2px 5px; }
td.roomy { padding: 9px 5px; }
"""


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
    """Paint every page on a PDF writer, a printer or a preview, and return how many there are."""
    painter = QPainter()
    if not painter.begin(device):
        raise PrintError("The printer or file did not open for painting; check that it is on and not in use.")
    try:
        return _Pages(paper, device, painter).paint()
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
        self.band = QFontMetricsF(self.small).height() * 1.8
        self.document = self._document()

    def _document(self) -> QTextDocument:
        document = QTextDocument()
        document.setUseDesignMetrics(True)
        document.setDefaultFont(_font(12))
        document.setDocumentMargin(0)
        document.setDefaultStyleSheet(_STYLE)
        document.setHtml(paper_html(self.paper))
        document.setPageSize(QSizeF(self.page.width(), self.page.height() - 2 * self.band))
        return document

    def paint(self) -> int:
        count = self.document.pageCount()
        for number in range(1, count + 1):
            if number > 1:
                self.device.newPage()
            self._frame(number, count)
            self._body(number)
        return count

    def _frame(self, number: int, count: int) -> None:
        painter, page, band = self.painter, self.page, self.band
        strong = QFont(self.small)
        strong.setBold(True)
        top = QRectF(0, 0, page.width(), band)
        bottom = QRectF(0, page.height() - band, page.width(), band)
        painter.setPen(_INK)
        painter.setFont(strong)
        painter.drawText(top, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, self.paper.marking.classification)
        painter.drawText(bottom, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom, self.paper.marking.classification)
        painter.setFont(self.small)
        painter.drawText(bottom, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom, self.paper.marking.line)
        painter.drawText(bottom, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom, f"Page {number} of {count}")

    def _body(self, number: int) -> None:
        height = self.document.pageSize().height()
        context = QAbstractTextDocumentLayout.PaintContext()
        context.clip = QRectF(0, (number - 1) * height, self.page.width(), height)
        palette = QPalette()
        palette.setColor(QPalette.ColorRole.Text, _INK)  # a dark window must not print white on white
        context.palette = palette
        self.painter.save()
        self.painter.translate(0, self.band - (number - 1) * height)
        self.painter.setClipRect(context.clip)
        self.document.documentLayout().draw(self.painter, context)
        self.painter.restore()


def _font(pixels: int) -> QFont:
    font = QFont("DejaVu Sans")
    font.setStyleHint(QFont.StyleHint.SansSerif)
    font.setPixelSize(pixels)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font


def paper_html(paper: Paper) -> str:
    """The body as rich text in which every word from data is escaped."""
    parts = [f"<h1>{html.escape(paper.title)}</h1>", f'<p class="sub">{html.escape(paper.subtitle)}</p>']
    if paper.facts:
        facts = " &nbsp;·&nbsp; ".join(f"{html.escape(label)}: <b>{html.escape(value)}</b>" for label, value in paper.facts)
        parts.append(f'<p class="note">{facts}</p>')
    parts += [_table_html(table) for table in paper.tables]
    return "".join(parts)


def _table_html(table: Table) -> str:
    page_break = ' style="page-break-before: always"' if table.new_page else ""
    parts = [f"<h2{page_break}>{html.escape(table.heading)}</h2>"]
    if table.note:
        parts.append(f'<p class="note">{html.escape(table.note)}</p>')
    if not table.rows:
        parts.append(f'<p class="note">{html.escape(table.empty)}</p>')
        return "".join(parts)
    whole = sum(column.width for column in table.columns)
    heads = "".join(
        f'<th width="{100 * column.width / whole:.2f}%"{_align(column)}>{html.escape(column.title)}</th>'
        for column in table.columns
    )
    rows = "".join(f"<tr>{_cells(table, row)}</tr>" for row in table.rows)
    parts.append(f'<table width="100%" border="0" cellspacing="0"><thead><tr>{heads}</tr></thead>{rows}</table>')
    return "".join(parts)


def _cells(table: Table, row: tuple[str, ...]) -> str:
    cells = []
    style = ' class="roomy"' if table.roomy else ""
    for column, text in zip(table.columns, row, strict=True):
        words = html.escape(text)
        if column.whole:
            words = words.replace(" ", "&nbsp;")
        cells.append(f"<td{style}{_align(column)}>{f'<b>{words}</b>' if column.strong and words else words}</td>")
    return "".join(cells)


def _align(column: Column) -> str:
    return ' align="right"' if column.right else ""
