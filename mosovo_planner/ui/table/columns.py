"""Columns as data: what a list shows, how it sorts, and what it hands to a spreadsheet."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Generic, TypeVar

from mosovo_planner.domain.clocks import in_words

Row = TypeVar("Row")

_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True)
class Bar:
    """A painted bar: ``share`` of the whole, ``limit`` where the mark stands, and the tone of the fill."""

    share: float
    limit: float
    tone: str


@dataclass(frozen=True)
class Column(Generic[Row]):
    """One column. ``value`` is what it sorts by and exports; ``width`` is in characters.

    ``text`` shows it where the plain form will not do; ``sort`` orders by something other than the
    value (risk by rank); ``tone`` makes a chip of it, ``bar`` a bar. A tone only repeats what the
    words say, so nothing hangs on colour. A ``painted`` column shows a picture of its words and is as wide as designed.
    """

    key: str
    title: str
    value: Callable[[Row], Any]
    text: Callable[[Row], str] | None = None
    sort: Callable[[Row], Any] | None = None
    width: int = 12
    right: bool = False
    visible: bool = True
    search: bool = True
    tone: Callable[[Row], str | None] | None = None
    bar: Callable[[Row], Bar | None] | None = None
    tip: str = ""
    painted: bool = False

    def shown(self, row: Row) -> str:
        """The words of the cell."""
        return self.text(row) if self.text is not None else in_cell(self.value(row))

    def exported(self, row: Row) -> object:
        """What a spreadsheet gets: numbers and dates as such, everything else as it is shown."""
        value = self.value(row)
        keeps_type = isinstance(value, int | float | date) and not isinstance(value, bool)
        return value if keeps_type or value is None else self.shown(row)

    def order(self, row: Row) -> Any:
        """The key to sort by, None for a cell with nothing in it (those come last either way)."""
        value = (self.sort or self.value)(row)
        if isinstance(value, str):
            return natural(value) if value else None
        return value


def in_cell(value: object) -> str:
    """A value in words: dates as ``4 Jun 2026``, nothing as an empty cell."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{in_words(value.date())} {value:%H:%M}"
    return in_words(value) if isinstance(value, date) else str(value)


@lru_cache(maxsize=1 << 17)
def natural(text: str) -> str:
    """A key that puts W-9 before W-10 and takes no notice of case: numbers are filled up to one width."""
    return _DIGITS.sub(_filled, text.casefold())


def _filled(digits: re.Match[str]) -> str:
    return digits[0].zfill(12)
