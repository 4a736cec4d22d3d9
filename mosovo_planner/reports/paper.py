"""A paper before it is printed: title, facts and tables in plain text, the same for PDF, printer, XLSX and CSV."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Marking:
    """What every paper carries besides its contents."""

    classification: str
    printed_by: str
    printed_at: datetime

    @property
    def line(self) -> str:
        """Who printed it and when, for each footer."""
        return f"Printed by {self.printed_by} on {self.printed_at.day} {self.printed_at:%b %Y at %H:%M}"


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

    A ``roomy`` table leaves space to write by hand.
    """

    heading: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""
    empty: str = "None."
    new_page: bool = False
    roomy: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A whole paper. ``refs`` are the people on it, for the record of use, and are not printed."""

    kind: str
    title: str
    subtitle: str
    tables: tuple[Table, ...]
    facts: tuple[tuple[str, str], ...] = ()
    marking: Marking
    landscape: bool = True
    refs: tuple[str, ...] = field(default=())

    @property
    def stamp(self) -> tuple[str, ...]:
        """The lines that mark an exported table: classification, what it is, who and when."""
        return (self.marking.classification, f"{self.title}. {self.subtitle}", self.marking.line)

