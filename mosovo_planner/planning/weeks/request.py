"""What the planner of weeks is asked: officers, the visits they could make, rules, drives and what must be kept."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import pairwise

from mosovo_planner.domain.clocks import Case, Clock, visit_interval
from mosovo_planner.domain.errors import UserError
from mosovo_planner.domain.people import OffenderManager, Position, Risk
from mosovo_planner.domain.policy import Policy
from mosovo_planner.domain.proposals import Obstacle, Plan, Round
from mosovo_planner.domain.travel import TravelTimes
from mosovo_planner.domain.visits import CrewDemands, Visit, VisitKind, crew_demands
from mosovo_planner.planning.weeks.areas import Area, split_areas
from mosovo_planner.planning.weeks.legs import Legs, place_of
from mosovo_planner.planning.weeks.rules import Rules, rules_of

MONTH_DAYS = 30.44
_LATELY = timedelta(weeks=4)  # how long who went with whom counts
_HISTORY = 4  # how many earlier visits make a pattern an offender could foresee

Slot = tuple[int, str | None]
"""An earlier visit's weekday (1 is Monday) and part of the day, None where the time is not known."""


class PlanError(UserError):
    """A plan cannot be made as asked; the message says why and what would help."""


@dataclass(frozen=True, slots=True)
class VisitNeed:
    """One offender as the planner sees him: no name, no address, no notes.

    ``door_minutes`` is the time at the stop. ``before`` holds his latest visits' slots, newest first. ``earliest``
    is the first day a proposal may use; ``suspended`` the reason in words why he is not visited at home.
    ``not_before`` is the promised time of a pinned visit, minutes since midnight; ``longer`` the minutes at the door
    beyond the usual, where a visit took longer. ``deadline`` is the nearest day by which law, or the force's rule for
    first visits, asks for something of this case, and ``deadline_of`` what; such visits come first.
    """

    ref: str
    position: Position | None
    manager: str | None
    risk: Risk | None
    kind: VisitKind
    due: date
    interval_days: int
    earliest: date
    demands: CrewDemands
    before: tuple[Slot, ...] = ()
    suspended: str = ""
    not_before: int = 0
    longer: int = 0
    deadline: date | None = None
    deadline_of: str = ""

    def lateness(self, day: date) -> float:
        """Days past due over the interval; negative before the due date."""
        return (day - self.due).days / self.interval_days


@dataclass(frozen=True)
class PlanRequest:
    """A plan to be made for ``start`` to ``end``, both included. It holds no offender's name and no address.

    ``needs`` covers everybody on the caseload, so that a visit can be added by hand to a plan that would not
    propose it. ``iterations`` limits the search by its steps instead of ``seconds``; the same facts and seed then
    give the same plan. ``crews`` holds, by ISO week, the pairs that somebody decided beforehand (each in order of id);
    None lets the plan choose who goes with whom. ``together`` counts the days that two officers went out together in
    the weeks before. A plan that is made again in its course holds ``since``, the moment,
    and ``done``, the visits that are behind by then.
    """

    start: date
    end: date
    rules: Rules
    officers: tuple[OffenderManager, ...]
    needs: Mapping[str, VisitNeed]
    areas: tuple[Area, ...]
    bases: Mapping[str, Position]
    legs: Legs
    keep: Plan | None
    seed: int
    seconds: float
    iterations: int | None = None
    crews: Mapping[str, frozenset[tuple[str, str]]] | None = None
    together: Mapping[tuple[str, str], int] = field(default_factory=dict)
    since: datetime | None = None
    done: frozenset[str] = frozenset()

    @cached_property
    def officer(self) -> dict[str, OffenderManager]:
        return {each.id: each for each in self.officers}

    @cached_property
    def standing(self) -> dict[str, Obstacle | None]:
        """By reference, what keeps a visit out of any plan whatever else it holds; None where nothing does."""
        return {}

    @cached_property
    def tried_over(self) -> dict[object, tuple[int, int] | None]:
        """By round and visit, by how much the visit would run over there."""
        return {}

    @cached_property
    def tried(self) -> dict[tuple[object, ...], frozenset[str]]:
        """What was found out about rounds so far, so that a change by hand asks anew only about the rounds it changes."""
        return {}

    @cached_property
    def days(self) -> tuple[date, ...]:
        """The days of the plan on which visits are planned."""
        length = (self.end - self.start).days + 1
        return tuple(day for day in (self.start + timedelta(each) for each in range(length)) if self.rules.works(day))

    @cached_property
    def behind(self) -> tuple[Round, ...]:
        """Rounds of the earlier plan before this one's first day: they count towards the week's visiting days."""
        return tuple(each for each in self.keep.rounds if each.date < self.start) if self.keep else ()

    def due(self, need: VisitNeed) -> bool:
        """Whether the visit is overdue or falls due within the plan."""
        return not need.suspended and need.due <= self.end

    def worth_proposing(self, need: VisitNeed) -> bool:
        """Whether a proposal may hold the visit: due, or near enough after the plan to be drawn forward."""
        return not need.suspended and need.earliest <= self.end

    def label(self, officer: str) -> str:
        known = self.officer.get(officer)
        return known.label if known else officer


def plan_request(
    cases: Sequence[Case],
    managers: Sequence[OffenderManager],
    policy: Policy,
    travel: TravelTimes,
    start: date,
    weeks: int,
    *,
    visits: Sequence[Visit] = (),
    keep: Plan | None = None,
    seed: int = 1,
    seconds: float = 25.0,
    iterations: int | None = None,
    also: Collection[str] = (),
) -> PlanRequest:
    """Turn caseload and policy into a request.

    Args:
        visits: attempts on record, whose weekdays and hours a new visit should not repeat.
        keep: an earlier plan whose pinned visits and rounds stay, and whose dropped visits stay out.
        also: references of offenders who must be in reach of the plan's drives although they are not due.

    Raises:
        PlanError: the weeks are not one to four.
        PolicyError: the policy lacks a key.
    """
    if not 1 <= weeks <= 4:
        raise PlanError(f"A plan covers one to four weeks, not {weeks}.")
    rules = rules_of(policy)
    end = start + timedelta(weeks=weeks, days=-1)
    officers = tuple(sorted(managers, key=lambda each: each.id))
    history = _history(visits)
    needs = {case.offender.ref: _need(case, officers, policy, rules, history) for case in cases}
    bases = _bases(officers)
    held = _held_refs(keep)
    wanted = {*held, *also}
    used = [
        need for need in needs.values() if not need.suspended and need.position and (need.earliest <= end or need.ref in wanted)
    ]
    areas = split_areas(officers, bases, used, _together(keep, bases), held)
    legs = Legs(travel, [_places(area, bases, needs) for area in areas])
    return PlanRequest(start, end, rules, officers, needs, areas, bases, legs, keep, seed, seconds, iterations,
        together=days_together(visits, keep, start))


def part_of_day(minutes: int) -> str:
    """Morning before noon, evening from five o'clock, afternoon between (minutes since midnight)."""
    if minutes < 12 * 60:
        return "morning"
    return "afternoon" if minutes < 17 * 60 else "evening"


def _history(visits: Iterable[Visit]) -> dict[str, list[Slot]]:
    slots: dict[str, list[Slot]] = defaultdict(list)
    for visit in sorted(visits, key=lambda each: each.at, reverse=True):
        if len(slots[visit.ref]) < _HISTORY:
            slots[visit.ref].append((visit.at.isoweekday(), part_of_day(visit.at.hour * 60 + visit.at.minute)))
    return slots


def _need(
    case: Case, officers: Sequence[OffenderManager], policy: Policy, rules: Rules, history: Mapping[str, list[Slot]]
) -> VisitNeed:
    offender, clock = case.offender, case.visit
    interval = max(1, round(visit_interval(offender, policy)[0] * MONTH_DAYS))
    before = tuple(history.get(offender.ref, ()))
    if not before and offender.last_seen is not None:
        before = ((offender.last_seen.isoweekday(), None),)
    deadline = _deadline(case)
    ahead = min(rules.due_ahead_days, interval // 3)  # a monthly visit drawn forward by a month would be no visit
    return VisitNeed(
        ref=offender.ref,
        position=offender.position,
        manager=offender.manager,
        risk=offender.risk,
        kind=VisitKind.INITIAL if offender.last_seen is None else VisitKind.ROUTINE,
        due=clock.due,
        interval_days=interval,
        earliest=clock.due - timedelta(ahead),
        demands=crew_demands(offender.markers, officers),
        before=before,
        suspended=offender.status.label.lower() if clock.suspended else "",
        deadline=deadline.due if deadline else None,
        deadline_of=deadline.label if deadline else "",
    )


def _deadline(case: Case) -> Clock | None:
    """The clock of this case that runs out first of those that law sets, or that the force sets for first visits."""
    found = [
        clock
        for clock in case.clocks
        if (clock.law or clock.kind == "initial_visit") and not (clock.suspended or clock.milestone)
    ]
    return min(found, key=lambda clock: (clock.due, clock.kind), default=None)


def _bases(officers: Sequence[OffenderManager]) -> dict[str, Position]:
    """Where each officer's duty starts. One without a position starts where colleagues of the same base do, else
    at the base most officers share."""
    placed = [each for each in officers if each.position]
    if not placed:
        return {}
    named = {each.base: each.position for each in reversed(placed) if each.position}
    counts: dict[tuple[float, float], int] = defaultdict(int)
    for each in placed:
        counts[place_of(each.position or named[each.base])] += 1
    busiest = max(placed, key=lambda each: counts[place_of(each.position or named[each.base])])
    fallback = busiest.position or named[busiest.base]
    return {each.id: each.position or (named.get(each.base) if each.base else None) or fallback for each in officers}


def days_together(visits: Iterable[Visit], keep: Plan | None, start: date) -> dict[tuple[str, str], int]:
    """Days in the four weeks before ``start`` on which two officers went out together, by what is on record and by the
    earlier plan; each pair in order of id."""
    crews = {(visit.at.date(), tuple(sorted(set(visit.officers)))) for visit in visits}
    crews |= {(each.date, tuple(sorted(each.officers))) for each in (keep.rounds if keep else ())}
    first = start - _LATELY
    counts: dict[tuple[str, str], int] = defaultdict(int)
    for day, officers in crews:
        if len(officers) == 2 and first <= day < start:
            counts[officers[0], officers[1]] += 1
    return dict(counts)


def held_rounds(keep: Plan | None) -> tuple[Round, ...]:
    """The rounds that a new plan keeps with crew and day: pinned ones, and those that hold a pinned visit."""
    if keep is None:
        return ()
    return tuple(each for each in keep.rounds if each.pinned or any(stop.pinned for stop in each.stops))


def _held_refs(keep: Plan | None) -> dict[str, str]:
    return {stop.ref: each.officers[0] for each in held_rounds(keep) for stop in each.stops if stop.pinned}


def _together(keep: Plan | None, bases: Mapping[str, Position]) -> list[tuple[str, ...]]:
    """Officers whom a kept round binds, who must stay in one area."""
    return [pair for each in held_rounds(keep) for pair in pairwise(officer for officer in each.officers if officer in bases)]


def _places(area: Area, bases: Mapping[str, Position], needs: Mapping[str, VisitNeed]) -> list[Position]:
    stops = [position for ref in area.refs if (position := needs[ref].position)]
    return [*(bases[officer] for officer in area.officers), *stops]
