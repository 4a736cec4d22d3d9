"""A round from a duty and its visits: times, who leads, and why each visit is where it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from zlib import crc32

import numpy as np

from mosovo_planner.domain.clocks import in_words
from mosovo_planner.domain.people import risk_label
from mosovo_planner.domain.proposals import Round, Stop
from mosovo_planner.domain.visits import VisitKind
from mosovo_planner.planning.weeks.because import that_crew, that_day
from mosovo_planner.planning.weeks.crews import Duty, duty
from mosovo_planner.planning.weeks.request import PlanRequest, VisitNeed, part_of_day
from mosovo_planner.planning.weeks.rules import minutes_of, time_of
from mosovo_planner.planning.weeks.timetable import Timetable, fits, timetable

BY_HAND = ("Added by hand.", "Moved by hand.")
"""How the reason of a stop begins that an officer put where it is."""
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_SMALL_DETOUR = 10
_LATEST_DEPARTURE, _DEPARTURE_STEP = 40, 5


def make_round(
    request: PlanRequest,
    crew: Duty,
    needs: Sequence[VisitNeed],
    former: Mapping[str, Stop] | None = None,
    *,
    pinned: bool = False,
    depart: int | None = None,
) -> Round:
    """The round that makes these visits in this order.

    Args:
        former: the stops as they were, by reference; pins and what was done by hand carry over.
        depart: when the crew leaves, if the day has room for leaving later than it could.
    """
    former = former or {}
    needs = [as_it_was(need, former) for need in needs]
    if depart is not None and depart > crew.start and fits(request, replace(crew, start=depart), needs):
        crew = replace(crew, start=depart)
    times = timetable(request, crew, needs)
    stops = []
    led: dict[str, int] = dict.fromkeys(crew.officers, 0)
    for at, need in enumerate(needs):
        lead = _lead(request, crew, need, led)
        led[lead] = led.get(lead, 0) + 1
        why = _why(request, crew, needs, at, times, lead)
        before = former.get(need.ref)
        hand = next((mark + " " for mark in BY_HAND if before and before.why.startswith(mark)), "")
        stops.append(
            Stop(
                need.ref, lead, need.kind, time_of(times.arrive[at]), time_of(times.leave[at]), times.drives[at], hand + why,
                bool(before and before.pinned),
            )
        )  # fmt: skip
    return Round(
        id=crew.id,
        date=crew.day,
        officers=crew.officers,
        base=_base_name(request, crew),
        base_position=crew.base,
        start=time_of(times.arrive[0] - times.drives[0] if needs else crew.start),
        end=time_of(times.end),
        drive_minutes=sum(times.drives) + 2 * crew.base_drive,
        stops=tuple(stops),
        evening=crew.evening,
        pinned=pinned,
    )


def departure(request: PlanRequest, crew: Duty, needs: Sequence[VisitNeed]) -> int:
    """A time to leave the base that chance picks from the day's spare time, so that first visits vary in their hour."""
    spare = crew.until - timetable(request, crew, needs).end
    steps = max(0, min(spare, _LATEST_DEPARTURE)) // _DEPARTURE_STEP
    chance = np.random.default_rng([request.seed, 3, crc32(crew.id.encode())])
    return crew.start + _DEPARTURE_STEP * int(chance.integers(0, steps + 1))


def better_base(request: PlanRequest, crew: Duty, needs: Sequence[VisitNeed]) -> Duty:
    """The same duty met at the base of whichever officer makes the day's driving shorter."""
    choices = [
        duty(request, crew.day, crew.officers, crew.evening, host, crew.id) for host in crew.officers if host in request.bases
    ]
    choices.sort(key=lambda each: (each.host != crew.host, each.host))
    return min(choices, key=lambda each: sum(timetable(request, each, needs).drives) + 2 * each.base_drive, default=crew)


def need_of(request: PlanRequest, ref: str) -> VisitNeed | None:
    """The visit as it would be made now; one that is not due and not drawn forward is ad hoc."""
    need = request.needs.get(ref)
    if need is None or request.worth_proposing(need) or need.kind is VisitKind.INITIAL:
        return need
    return replace(need, kind=VisitKind.AD_HOC)


def as_it_was(need: VisitNeed, former: Mapping[str, Stop]) -> VisitNeed:
    """The visit with the kind that its stop already had, and no earlier than promised where it was pinned or is behind."""
    before = former.get(need.ref)
    if before is None:
        return need
    promised = minutes_of(before.arrive) if before.pinned else 0
    return replace(need, kind=before.kind, not_before=max(need.not_before, promised))


def _lead(request: PlanRequest, crew: Duty, need: VisitNeed, led: Mapping[str, int]) -> str:
    """The own manager; else a trained officer, the one who has led fewer visits of the day."""
    if need.manager in crew.officers:
        return need.manager or crew.officers[0]
    able = [each for each in crew.officers if each in request.officer and request.officer[each].trained] or list(crew.officers)
    return min(able, key=lambda each: (led.get(each, 0), each))


def _base_name(request: PlanRequest, crew: Duty) -> str:
    host = request.officer.get(crew.host)
    return (host.base or f"base of {host.label}") if host else ""


def _why(request: PlanRequest, crew: Duty, needs: Sequence[VisitNeed], at: int, times: Timetable, lead: str) -> str:
    need = needs[at]
    parts = [_when_due(request, crew, need), f"{risk_label(need.risk).lower()} risk" if need.risk else "risk not assessed"]
    parts = [", ".join(parts), that_day(request, crew, need), _who_leads(request, need, lead), that_crew(request, crew, need)]
    parts += [_on_the_way(request, crew, needs, at, times), _varied(crew, need, times.arrive[at])]
    return "; ".join(part for part in parts if part) + "."


def _when_due(request: PlanRequest, crew: Duty, need: VisitNeed) -> str:
    days = (crew.day - need.due).days
    if need.kind is VisitKind.INITIAL:
        return "Never seen so far, first visit"
    if days > 0:
        return f"{_days(days)} overdue on the day"
    if days == 0:
        return "Due this day"
    if need.due <= request.end:
        return f"Due {in_words(need.due)}, within the plan"
    if request.worth_proposing(need):
        return f"Due {in_words(need.due)}, drawn forward"
    return f"Not due before {in_words(need.due)}"


def _who_leads(request: PlanRequest, need: VisitNeed, lead: str) -> str:
    if need.manager == lead:
        return f"own manager {request.label(lead)} leads"
    if need.manager is None:
        return f"{request.label(lead)} leads; no manager is allocated"
    return f"{request.label(lead)} leads for {request.label(need.manager)}"


def _on_the_way(request: PlanRequest, crew: Duty, needs: Sequence[VisitNeed], at: int, times: Timetable) -> str:
    """What the visit adds to the day's driving, from the legs around it."""
    places = [need.position or crew.base for need in needs]
    around = [crew.base, *places, crew.base]
    direct = request.legs.minutes(around[at], around[at + 2])
    extra = times.drives[at] + times.drives[at + 1] - direct
    if len(needs) == 1:
        return f"{times.drives[at]} minutes from {_base_name(request, crew) or 'the base'}"
    if extra <= _SMALL_DETOUR:
        return f"on the way, adds {_minutes(extra)}" if extra > 0 else "on the way"
    near = min(times.drives[at : at + 2])
    return f"{_minutes(near)} from the nearest stop or base, adds {_minutes(extra)}"


def _varied(crew: Duty, need: VisitNeed, arrive: int) -> str:
    """Which habit the slot breaks, or repeats, after the last visit on record."""
    if not need.before:
        return ""
    weekday, part = need.before[0]
    now = part_of_day(arrive)
    slot = f"{_WEEKDAYS[weekday - 1]}{' ' + part if part else ''}"
    if weekday == crew.day.isoweekday() and part in (None, now):
        return f"last visit was also on a {slot}"
    return f"last visit was on a {slot}, this is {_WEEKDAYS[crew.day.isoweekday() - 1]} {now}"


def legs_home(each: Round) -> int:
    """Driving of a round that is not a leg to a stop: the way home, and drives between bases where they differ."""
    return each.drive_minutes - sum(stop.drive_minutes for stop in each.stops)


def breaks(each: Round) -> list[tuple[int, int]]:
    """Where a round stands still between two stops: index of the stop before, and minutes (the meal break)."""
    found = []
    for at, (one, next_one) in enumerate(pairwise(each.stops)):
        gap = minutes_of(next_one.arrive) - minutes_of(one.leave) - next_one.drive_minutes
        if gap > 0:
            found.append((at, gap))
    return found


def _days(count: int) -> str:
    return f"{count} day{'' if count == 1 else 's'}"


def _minutes(count: int) -> str:
    return f"{count} minute{'' if count == 1 else 's'}"
