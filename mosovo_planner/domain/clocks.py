"""Clocks: due dates that can say why they are what they are.

This module holds the visit clock. Sources: an attempt never resets it (practice rule 1, the Met's
finding of 2024); interval by risk or by the offender's own plan (rule 2, NPCC 2017); suspended while
in custody, hospital or abroad, date kept (rule 23).
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date

from mosovo_planner.domain.people import Offender, risk_label
from mosovo_planner.domain.policy import Policy


@dataclass(frozen=True, slots=True)
class Clock:
    """One due date with its reason. ``suspended`` clocks keep their date but are not overdue."""

    kind: str
    due: date
    why: str
    suspended: bool = False

    def days_overdue(self, as_of: date) -> int:
        """Days past the due date, 0 where it is not past or the clock is suspended."""
        return 0 if self.suspended else max(0, (as_of - self.due).days)


@dataclass(frozen=True, slots=True)
class Case:
    """An offender with the clocks that policy gives, as of one day."""

    offender: Offender
    clocks: tuple[Clock, ...]
    as_of: date

    @property
    def visit(self) -> Clock:
        return next(clock for clock in self.clocks if clock.kind == "visit")

    @property
    def days_overdue(self) -> int:
        return self.visit.days_overdue(self.as_of)


def add_months(day: date, months: int) -> date:
    """The same day of the month later; the month's last day where it has no such day (31 Jan + 1 = 28 Feb)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def visit_interval(offender: Offender, policy: Policy) -> tuple[int, str]:
    """Months between successful visits for this offender, and the reason in words."""
    if offender.interval_months is not None:
        return offender.interval_months, "the offender's own interval"
    return policy.interval_months(offender.risk), f"policy for risk {risk_label(offender.risk).lower()}"


def visit_clock(offender: Offender, policy: Policy, as_of: date) -> Clock:
    """When the next successful visit is due, and why.

    Without any successful visit on record the visit is due on ``as_of``: nothing shows that he was
    ever seen, so it must not wait.
    """
    months, reason = visit_interval(offender, policy)
    if offender.last_seen is None:
        due = as_of
        why = "No successful visit is recorded, so a visit is due now."
    else:
        due = add_months(offender.last_seen, months)
        plural = "" if months == 1 else "s"
        why = f"Last successful visit {in_words(offender.last_seen)} + {months} month{plural} ({reason})."
    if offender.status.suspends_visits:
        why += f" Suspended: {offender.status.label.lower()}; the date is kept and runs again on return."
    return Clock("visit", due, why, offender.status.suspends_visits)


def case_of(offender: Offender, policy: Policy, as_of: date) -> Case:
    """The offender with all clocks."""
    return Case(offender, (visit_clock(offender, policy, as_of),), as_of)


def in_words(day: date) -> str:
    """A date as screens and papers show it: ``4 Jun 2026``."""
    return f"{day.day} {day:%b %Y}"


def overdue_band(days: int, upper_ends: tuple[int, ...]) -> str:
    """The band of lateness a visit falls in (practice rule 21): ``1 to 7 days`` … ``over 182 days``."""
    if days <= 0:
        return "Not overdue"
    lower = 1
    for upper in upper_ends:
        if days <= upper:
            return f"{lower} to {upper} days"
        lower = upper + 1
    return f"Over {upper_ends[-1]} days"


def overdue_bands(upper_ends: tuple[int, ...]) -> tuple[str, ...]:
    """All bands of lateness in order, ``Not overdue`` left out."""
    return tuple(overdue_band(days, upper_ends) for days in (*upper_ends, upper_ends[-1] + 1))
