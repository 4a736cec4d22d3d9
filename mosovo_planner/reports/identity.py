"""What several papers say alike: pairs of label and value, days, and how a clock stands."""

from __future__ import annotations

from datetime import date

from mosovo_planner.domain.clocks import Clock, in_words
from mosovo_planner.reports.paper import Column

PAIRS = (Column("", 14), Column("", 36, strong=True), Column("", 14), Column("", 36, strong=True))
"""The columns of a grid of facts without headings: label, value, label, value."""

WIDE = (Column("", 14), Column("", 86, strong=True))
"""The columns of a grid of label and value, where the values are long."""


def days_text(days: int) -> str:
    """``1 day``, ``1,204 days``."""
    return f"{days:,} day{'' if days == 1 else 's'}"


def due_text(clock: Clock, as_of: date) -> str:
    """A due date and how late it is; a date that is suspended says so."""
    if clock.suspended:
        return f"{in_words(clock.due)}, suspended"
    late = clock.days_overdue(as_of)
    return f"{in_words(clock.due)}, {days_text(late).upper()} OVERDUE" if late else in_words(clock.due)


def why_text(clock: Clock) -> str:
    """Why a clock is due and where its rule comes from; a rule nobody confirmed asks to be confirmed."""
    source = f" Source: {clock.source}." if clock.source else ""
    asked = clock.confirmed or clock.law or "confirm with your force" in clock.source.casefold()
    return f"{clock.why}{source}{'' if asked else ' Confirm with your force.'}"
