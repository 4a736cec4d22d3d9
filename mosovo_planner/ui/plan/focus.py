"""What map, timetable and day sheet look at together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from mosovo_planner.domain.proposals import Plan, Round


@dataclass(frozen=True)
class Focus:
    """A day, and in it a round or a visit where one is chosen."""

    day: date | None = None
    round_id: str | None = None
    ref: str | None = None


def round_by_id(plan: Plan, round_id: str | None) -> Round | None:
    return next((each for each in plan.rounds if each.id == round_id), None)


def round_of(plan: Plan, ref: str | None) -> Round | None:
    """The round that visits an offender."""
    return next((each for each in plan.rounds if any(stop.ref == ref for stop in each.stops)), None)


def rounds_on(plan: Plan, day: date | None) -> list[Round]:
    """The rounds of a day, the earliest start first."""
    return sorted((each for each in plan.rounds if each.date == day), key=lambda each: (each.start, each.officers))


def settled(plan: Plan, focus: Focus) -> Focus:
    """The focus as the plan allows it: a visit brings its round, a round its day; what is gone is let go."""
    holder = round_of(plan, focus.ref)
    if holder is not None:
        return Focus(holder.date, holder.id, focus.ref)
    chosen = round_by_id(plan, focus.round_id)
    if chosen is not None:
        return Focus(chosen.date, chosen.id, None)
    days = sorted({each.date for each in plan.rounds})
    if focus.day is not None and plan.start <= focus.day <= plan.end:
        return Focus(focus.day)
    return Focus(days[0] if days else plan.start)
