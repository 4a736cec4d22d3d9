"""Clocks: due dates that can say why they are what they are.

This module holds the visit clock. Sources: an attempt never resets it (practice rule 1, the Met's
finding of 2024); interval by risk or by the offender's own plan (rule 2, NPCC 2017); suspended while
in custody, hospital or abroad, date kept (rule 23).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from mosovo_planner.domain.dates import add_months as add_months  # noqa: PLC0414 - other rooms ask for it here
from mosovo_planner.domain.people import Offender, risk_label
from mosovo_planner.domain.policy import Policy


@dataclass(frozen=True, slots=True)
class Clock:
    """One due date with its reason. ``suspended`` clocks keep their date but are not overdue.

    ``why`` is the whole reason in a sentence or two; ``fact``, ``rule`` and ``paused`` are its parts.
    ``subject`` tells apart clocks of one kind (which order, which condition, which trip). ``law`` says that
    the rule is law, else it is the force's policy; ``confirmed`` that the force confirmed it. A ``milestone``
    is a day to know (an order ends), nobody's duty, so it is never overdue.
    """

    kind: str
    due: date
    why: str
    suspended: bool = False
    label: str = ""
    subject: str = ""
    fact: str = ""
    rule: str = ""
    paused: str = ""
    paused_days: int = 0
    source: str = ""
    law: bool = False
    confirmed: bool = True
    milestone: bool = False

    def days_overdue(self, as_of: date) -> int:
        """Days past the due date; 0 where it is not past, the clock is suspended, or it is a milestone."""
        return 0 if self.suspended or self.milestone else max(0, (as_of - self.due).days)


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
    rule = f"{months} month{'' if months == 1 else 's'} ({reason})"
    if offender.last_seen is None:
        due, fact = as_of, "No successful visit is recorded"
        why = f"{fact}, so a visit is due now."
    else:
        due, fact = add_months(offender.last_seen, months), f"Last successful visit {in_words(offender.last_seen)}"
        why = f"{fact} + {rule}."
    paused = ""
    if offender.status.suspends_visits:
        paused = f"Suspended: {offender.status.label.lower()}; the date is kept and runs again on return."
        why += f" {paused}"
    source, confirmed = _visit_source(offender, policy)
    return Clock(
        "visit",
        due,
        why,
        offender.status.suspends_visits,
        label="Visit",
        fact=fact,
        rule=rule,
        paused=paused,
        source=source,
        confirmed=confirmed,
    )


def _visit_source(offender: Offender, policy: Policy) -> tuple[str, bool]:
    if offender.interval_months is not None:
        return "The offender's own plan", True
    value = policy.values[policy.interval_key(offender.risk)]
    return value.source, value.confirmed


def case_of(offender: Offender, policy: Policy, as_of: date) -> Case:
    """The offender with all clocks."""
    return Case(offender, (visit_clock(offender, policy, as_of),), as_of)


def in_words(day: date) -> str:
    """A date as screens and papers show it: ``4 Jun 2026``."""
    return f"{day.day} {day:%b %Y}"


def in_sentence(label: str) -> str:
    """A label inside a sentence: its first letter small, unless it begins with an abbreviation such as ARMS."""
    return label if label[:2].isupper() else label[:1].lower() + label[1:]


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
