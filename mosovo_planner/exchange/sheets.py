"""What a file holds before anything is understood: sheets of rows of cells."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

MAX_ROWS = 100_000
"""Most filled rows of one sheet that are read; a force's tracker has some thousands."""

MAX_COLUMNS = 500
"""Columns that are read; cells beyond are reported."""

EXCEL_EPOCH = date(1899, 12, 30)


@dataclass(frozen=True, slots=True)
class Row:
    """A row that is not blank: its number in the sheet, counted from 1, and its cells from column A on."""

    number: int
    cells: tuple[object, ...]

    def cell(self, column: int) -> object:
        return self.cells[column] if column < len(self.cells) else None


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet. ``hidden_rows`` are read like others; ``headings`` are rows merged across into one cell.

    ``uncalculated`` are (row, column) of formulas that hold no result, columns counted from 0.
    ``too_wide`` are rows with cells beyond the columns that are read.
    """

    name: str
    rows: tuple[Row, ...]
    epoch: date = EXCEL_EPOCH
    hidden: bool = False
    hidden_rows: tuple[int, ...] = ()
    headings: frozenset[int] = frozenset()
    uncalculated: frozenset[tuple[int, int]] = frozenset()
    too_wide: tuple[int, ...] = field(default=())


def trimmed(cells: tuple[object, ...]) -> tuple[object, ...]:
    """The cells without the empty ones at the end."""
    end = len(cells)
    while end and (cells[end - 1] is None or cells[end - 1] == ""):
        end -= 1
    return cells[:end]
