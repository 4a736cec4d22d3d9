"""No heading stays behind at the foot of a page: it goes to the next one with what it heads."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtGui import QTextBlock, QTextCursor, QTextDocument, QTextFormat, QTextTable

_SUBHEADING = 2
_TRIES = 200  # a page break moves what follows, so each heading is looked at again; no paper has as many headings


def keep_headings(document: QTextDocument) -> None:
    """Begin a new page before each heading that is parted from its note, its table's heading row or the first row."""
    for _ in range(_TRIES):
        parted = next((heading for heading, last in _headings(document) if _is_parted(document, heading, last)), None)
        if parted is None:
            return
        block_format = parted.blockFormat()
        block_format.setPageBreakPolicy(QTextFormat.PageBreakFlag.PageBreak_AlwaysBefore)
        QTextCursor(parted).setBlockFormat(block_format)


def _is_parted(document: QTextDocument, heading: QTextBlock, last: QTextBlock) -> bool:
    layout, height = document.documentLayout(), document.pageSize().height()
    if heading.blockFormat().pageBreakPolicy() & QTextFormat.PageBreakFlag.PageBreak_AlwaysBefore:
        return False
    top = layout.blockBoundingRect(heading).top()
    bottom = layout.blockBoundingRect(last).bottom()
    return int(top // height) != int((bottom - 1) // height)


def _headings(document: QTextDocument) -> Iterator[tuple[QTextBlock, QTextBlock]]:
    """Each heading with the last block that must stand on its page: the first row's of its table, or a first paragraph."""
    block = document.begin()
    heading: QTextBlock | None = None
    while block.isValid():
        table = QTextCursor(block).currentTable()
        if heading is not None and (table is not None or block.blockFormat().headingLevel() == 0):
            is_note = table is None and QTextCursor(block.next()).currentTable() is not None
            if not is_note:
                yield heading, _first_row(table) if table is not None else block
                heading = None
        if table is not None:
            block = document.findBlock(table.lastPosition() + 1)
            continue
        if block.blockFormat().headingLevel() == _SUBHEADING:
            heading = block
        block = block.next()


def _first_row(table: QTextTable) -> QTextBlock:
    """The last block of the highest cell in the first row under the heading row."""
    row = min(table.rows() - 1, table.format().headerRowCount())
    cells = [table.cellAt(row, column).lastCursorPosition().block() for column in range(table.columns())]
    layout = table.document().documentLayout()
    return max(cells, key=lambda block: layout.blockBoundingRect(block).bottom())
