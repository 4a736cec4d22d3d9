"""A few lines of plain text on paper, with the marking at the head and the foot of the page."""

from __future__ import annotations

from PySide6.QtCore import QMarginsF, QRectF, Qt
from PySide6.QtGui import QFont, QFontDatabase, QPageLayout, QPageSize, QPainter
from PySide6.QtPrintSupport import QPrinter


def printer_for_words() -> QPrinter:
    """An A4 printer whose queue shows nothing of the contents."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    printer.setPageMargins(QMarginsF(20, 15, 20, 15), QPageLayout.Unit.Millimeter)
    printer.setDocName("MOSOVO Planner")
    return printer


def _font(points: int, *, bold: bool = False, fixed: bool = False) -> QFont:
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont) if fixed else QFont()
    font.setPointSize(points)
    font.setBold(bold or fixed)
    return font


def print_words(printer: QPrinter, words: str, marking: str) -> None:
    """Paint ``words`` on one page: the first of several lines is the title, one that begins with a tab is typed large."""
    painter = QPainter(printer)
    try:
        painter.setFont(_font(11))
        whole = QRectF(printer.pageLayout().paintRectPixels(printer.resolution()))
        page = QRectF(0, 0, whole.width(), whole.height())
        edge = 2 * painter.fontMetrics().lineSpacing()
        middle = Qt.AlignmentFlag.AlignHCenter
        painter.drawText(page, middle | Qt.AlignmentFlag.AlignTop, marking)
        painter.drawText(page, middle | Qt.AlignmentFlag.AlignBottom, marking)
        room = page.adjusted(0, 2 * edge, 0, -edge)
        wrapped = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft
        lines = words.split("\n")
        for number, text in enumerate(lines):
            title = not number and len(lines) > 1
            painter.setFont(_font(16, bold=True) if title else _font(14, fixed=True) if text.startswith("\t") else _font(11))
            words_there = text.strip() or " "
            painter.drawText(room, wrapped, words_there)
            room.setTop(painter.boundingRect(room, wrapped, words_there).bottom())
    finally:
        painter.end()
