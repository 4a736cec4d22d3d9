"""A few lines of plain text on paper, with the marking at the head and the foot of the page."""

from __future__ import annotations

from PySide6.QtCore import QMarginsF, QRectF, Qt
from PySide6.QtGui import QPageLayout, QPageSize, QPainter
from PySide6.QtPrintSupport import QPrinter


def printer_for_words() -> QPrinter:
    """An A4 printer whose queue shows nothing of the contents."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    printer.setPageMargins(QMarginsF(20, 15, 20, 15), QPageLayout.Unit.Millimeter)
    printer.setDocName("MOSOVO Planner")
    return printer


def print_words(printer: QPrinter, words: str, marking: str) -> None:
    """Paint ``words`` on one page."""
    painter = QPainter(printer)
    try:
        whole = QRectF(printer.pageLayout().paintRectPixels(printer.resolution()))
        page = QRectF(0, 0, whole.width(), whole.height())
        edge = 2 * painter.fontMetrics().lineSpacing()
        middle = Qt.AlignmentFlag.AlignHCenter
        painter.drawText(page, middle | Qt.AlignmentFlag.AlignTop, marking)
        painter.drawText(page, middle | Qt.AlignmentFlag.AlignBottom, marking)
        painter.drawText(page.adjusted(0, edge, 0, -edge), Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft, words)
    finally:
        painter.end()
