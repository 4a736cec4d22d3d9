"""Where pages end: never inside a row or a paragraph, never between a heading and what it heads.

Qt's own pages part rows and leave headings behind. So the document is laid out as one endless page, cut into
strips (a row, a paragraph, a heading), and the strips are put on pages.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from PySide6.QtGui import QAbstractTextDocumentLayout, QTextBlock, QTextCursor, QTextDocument, QTextFormat, QTextTable

_Layout = QAbstractTextDocumentLayout  # handed on: PySide gives up a document that is asked of its own block
_HEADING = 2
_TOGETHER = 0.4
"""A table up to this share of a page high is not parted."""
_WORTH = 0.3
"""What is higher than a page begins where it stands if this share of the page is left, else on the next."""


@dataclass(frozen=True, slots=True)
class Span:
    """From a height to a height of the endless page, in its pixels."""

    top: float
    bottom: float

    @property
    def height(self) -> float:
        return self.bottom - self.top


@dataclass(frozen=True, slots=True)
class Strip:
    """What is not parted. ``glued``: it stays with the next; ``header`` is repeated where a page begins with it."""

    span: Span
    glued: bool = False
    header: Span | None = None
    new_page: bool = False
    lines: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """What one page shows: the heading row of a table that goes on, and a piece of the endless page."""

    header: Span | None
    body: Span


def pages_of(document: QTextDocument, height: float) -> list[Page]:
    """The pages of a document laid out without pages, each ``height`` high; at least one."""
    strips = list(_strips(document, height))
    if not strips:
        return [Page(None, Span(0, 0))]
    pages: list[Page] = []
    start = 0
    for first, last in _groups(strips):
        bottom = strips[last].span.bottom
        left = height - _room(strips[start], strips[first].span.top)
        whole = _room(strips[first], bottom) <= height
        full = _room(strips[start], bottom) > height and (whole or left < _WORTH * height)
        if first > start and (strips[first].new_page or full):
            pages += _filled(strips[start:first], height)
            start = first
    return pages + _filled(strips[start:], height)


def _groups(strips: Sequence[Strip]) -> Iterator[tuple[int, int]]:
    """First and last place of the strips that stay together."""
    first = 0
    for place, strip in enumerate(strips):
        if not strip.glued or place == len(strips) - 1:
            yield first, place
            first = place + 1


def _room(first: Strip, bottom: float) -> float:
    header = first.header.height if first.header else 0.0
    return header + bottom - first.span.top


def _filled(strips: Sequence[Strip], height: float) -> list[Page]:
    """A page of these strips; several where they are too high for one, parted between rows or else between lines."""
    pages: list[Page] = []
    header, top, bottom = strips[0].header, strips[0].span.top, strips[0].span.top
    for strip in strips:
        room = height - (header.height if header else 0)
        whole = strip.span.height <= height - (strip.header.height if strip.header else 0)
        cannot = whole or _between_lines(strip, bottom, top + room) is None
        if strip.span.bottom - top > room and bottom > top and cannot:
            pages.append(Page(header, Span(top, bottom)))
            header, top = strip.header, strip.span.top
            room = height - (header.height if header else 0)
        while strip.span.bottom - top > room:
            cut = _between_lines(strip, top, top + room) or top + room
            pages.append(Page(header, Span(top, cut)))
            header, top = strip.header, cut
            room = height - (header.height if header else 0)
        bottom = strip.span.bottom
    return [*pages, Page(header, Span(top, bottom))]


def _between_lines(strip: Strip, top: float, limit: float) -> float | None:
    """The lowest height up to ``limit`` at which no line of the strip is cut, None where there is none below ``top``."""
    ends = sorted((line.bottom for line in strip.lines if top < line.bottom <= limit), reverse=True)
    free = (end for end in ends if not any(line.top < end - 0.5 and line.bottom > end + 0.5 for line in strip.lines))
    return next(free, None)


def _strips(document: QTextDocument, height: float) -> Iterator[Strip]:
    layout = document.documentLayout()
    block = document.begin()
    while block.isValid():
        table = QTextCursor(block).currentTable()
        if table is not None:
            yield from _rows(table, layout, height)
            block = document.findBlock(table.lastPosition() + 1)
            continue
        following = block.next()
        breaks = block.blockFormat().pageBreakPolicy() & QTextFormat.PageBreakFlag.PageBreak_AlwaysBefore
        if block.text().strip() or breaks:
            rect = layout.blockBoundingRect(block)
            heads = block.blockFormat().headingLevel() == _HEADING or QTextCursor(following).currentTable() is not None
            yield Strip(Span(rect.top(), rect.bottom()), glued=heads, new_page=bool(breaks), lines=tuple(_lines(block, layout)))
        block = following


def _rows(table: QTextTable, layout: _Layout, height: float) -> Iterator[Strip]:
    tops = [_row_top(table, layout, row) for row in range(table.rows())]
    margins = table.format().topMargin() + table.format().bottomMargin()
    ends = [*tops[1:], tops[0] + layout.frameBoundingRect(table).height() - margins]
    spans = [Span(top, end) for top, end in zip(tops, ends, strict=True)]
    headed = table.format().headerRowCount() > 0
    header = spans[0] if headed else None
    together = ends[-1] - tops[0] <= _TOGETHER * height
    for row, span in enumerate(spans):
        first, last = row == 0, row == len(spans) - 1
        strip = Strip(span, glued=not last and (together or (first and headed)), header=None if first else header)
        tall = span.height > _TOGETHER * height
        yield replace(strip, lines=tuple(_row_lines(table, layout, row))) if tall else strip


def _row_top(table: QTextTable, layout: _Layout, row: int) -> float:
    cell = table.cellAt(row, 0)
    padding = cell.format().toTableCellFormat().topPadding()
    return layout.blockBoundingRect(cell.firstCursorPosition().block()).top() - padding


def _row_lines(table: QTextTable, layout: _Layout, row: int) -> Iterator[Span]:
    for column in range(table.columns()):
        cell = table.cellAt(row, column)
        block, last = cell.firstCursorPosition().block(), cell.lastPosition()
        while block.isValid() and block.position() <= last:
            yield from _lines(block, layout)
            block = block.next()


def _lines(block: QTextBlock, layout: _Layout) -> Iterator[Span]:
    top = layout.blockBoundingRect(block).top()
    text = block.layout()
    for number in range(text.lineCount()):
        rect = text.lineAt(number).rect()
        yield Span(top + rect.top(), top + rect.bottom())
