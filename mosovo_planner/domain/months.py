"""A calendar month, as figures are kept by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from mosovo_planner.domain.dates import add_months


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A month of a year; ``str`` gives ``2026-11``."""

    year: int
    month: int

    @property
    def first(self) -> date:
        return date(self.year, self.month, 1)

    @property
    def last(self) -> date:
        return add_months(self.first, 1) - timedelta(days=1)

    def holds(self, day: date) -> bool:
        return (day.year, day.month) == (self.year, self.month)

    def later(self, months: int) -> Month:
        return month_of(add_months(self.first, months))

    def __str__(self) -> str:
        return f"{self.year:04}-{self.month:02}"


def month_of(day: date) -> Month:
    """The month a day lies in."""
    return Month(day.year, day.month)
