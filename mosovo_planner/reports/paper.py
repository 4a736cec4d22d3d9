"""A paper before it is printed: title, facts, tables and passages in plain text, the same for PDF, printer, XLSX and CSV."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Marking:
    """What every paper carries besides its contents.

    ``anchor`` is the newest entry of the record of use, in words: on paper nobody can write it anew.
    """

    classification: str
    printed_by: str
    printed_at: datetime
    anchor: str = ""

    @property
    def line(self) -> str:
        """Who printed it and when, for each footer."""
        printed = f"Printed by {self.printed_by} on {self.printed_at.day} {self.printed_at:%b %Y at %H:%M}"
        return f"{printed} · {self.anchor}" if self.anchor else printed


@dataclass(frozen=True, slots=True)
class Trend:
    """A cell that is drawn: a bar for each value in order, the last one solid, and a dashed line at the target.

    ``names`` stand under the bars; a value that is None leaves its place empty.
    """

    values: tuple[float | None, ...]
    names: tuple[str, ...]
    target: float | None = None

    def __str__(self) -> str:
        """The same in words, for tables that leave as .xlsx or .csv and for those who cannot see the bars."""
        return ", ".join(
            f"{name} {'none' if value is None else f'{value:.0f}'}" for name, value in zip(self.names, self.values, strict=True)
        )


Cell = str | Trend

LEAST_TEXT = 10.0
"""No paper is set smaller than this: 7.5 point."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a printed table. ``width`` is its share of the line, relative to the others; a ``whole`` one is not wrapped."""

    title: str
    width: int = 10
    right: bool = False
    strong: bool = False
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table under its heading. ``note`` stands below the heading; ``empty`` stands in place of no rows.

    A ``roomy`` table leaves space to write by hand; a ``summed`` one has its totals in the last row. Columns
    that all have no title make a table without a heading row.
    """

    heading: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""
    empty: str = "None."
    new_page: bool = False
    roomy: bool = False
    summed: bool = False


@dataclass(frozen=True, slots=True)
class Passage:
    """Text under a heading: paragraphs, or points of a list."""

    heading: str
    paragraphs: tuple[str, ...]
    points: bool = False
    new_page: bool = False


class Sheet(NamedTuple):
    """A paper's figures or people as a table for a spreadsheet, with numbers as numbers and dates as dates."""

    headers: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A whole paper. ``refs`` are the people on it, for the record of use, and are not printed.

    A ``notice`` stands framed above everything else. ``text_size`` is that of the tables in pixels of 1/96 inch;
    a paper that is to be ``one_page`` may go down to ``LEAST_TEXT`` for it, and takes more pages rather than less text.
    ``sheet`` is what leaves as .xlsx or .csv, None where the paper is no table. Titles hold no personal data. ``more``
    are papers that leave with this one, each laid out and numbered for itself.
    """

    kind: str
    title: str
    subtitle: str
    parts: Sequence[Table | Passage]
    facts: tuple[tuple[str, str], ...] = ()
    notice: str = ""
    marking: Marking
    landscape: bool = True
    text_size: float = 10.5
    one_page: bool = False
    refs: tuple[str, ...] = field(default=())
    sheet: Sheet | None = None
    more: tuple[Paper, ...] = ()

    @property
    def tables(self) -> tuple[Table, ...]:
        """The tables alone, in order."""
        return tuple(part for part in self.parts if isinstance(part, Table))

    @property
    def stamp(self) -> tuple[str, ...]:
        """The lines that mark an exported table: classification, what it is, who and when."""
        return (self.marking.classification, f"{self.title}. {self.subtitle}", self.marking.line)
