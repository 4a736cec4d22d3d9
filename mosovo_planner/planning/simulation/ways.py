"""The ways of working that are compared. Each turns a week into attempts; none knows how an attempt will end.

* ``by_demand``: as the inspection found it. Cases lie with the manager they were given to by demand; the
  nearest due is visited first, one visit a trip from the base and back, in working hours.
* ``by_location_greedy``: cases allocated by location; colleagues of a base go out in fixed pairs and
  always drive to the nearest visit due.
* ``planner``: cases allocated by location; the week is planned by the same engine as in the window.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from mosovo_planner.domain.clocks import Case
from mosovo_planner.domain.people import OffenderManager
from mosovo_planner.domain.visits import Visit, VisitKind, crew_demands
from mosovo_planner.planning.simulation.force import SimulationRequest
from mosovo_planner.planning.weeks import plan_request, propose_plan

AHEAD = timedelta(days=7)
"""Without a planner, a visit is made at most a week before it is due."""


_HABIT = (2, 4, 3, 1, 5, 6, 7)
"""The visiting days of a team without a planner: always Tuesday and Thursday where it can."""


@dataclass(frozen=True)
class Attempt:
    """A visit tried: whom, on which day, at which minute after midnight."""

    ref: str
    day: date
    minute: int
    officers: tuple[str, ...]


@dataclass
class WeekWork:
    """A week as worked: attempts, driving, and the hours of all officers who were out."""

    attempts: list[Attempt]
    rounds: int = 0
    drive_minutes: float = 0.0
    officer_minutes: float = 0.0


Way = Callable[[SimulationRequest, int, Sequence[OffenderManager], Sequence[Case], Sequence[Visit]], WeekWork]


def by_demand(
    request: SimulationRequest, week: int, staff: Sequence[OffenderManager], cases: Sequence[Case], _: Sequence[Visit]
) -> WeekWork:
    """Nearest due first, one visit at a time, with whichever colleague still has time."""
    diary = _Diary(request, week, staff)
    work = WeekWork([])
    for case in _due(request, week, cases):
        lead = diary.officers.get(case.offender.manager or "")
        if lead is None or case.offender.position is None or lead.position is None:
            continue
        drive = 2 * _minutes(request, lead, case)
        taken = drive + _at_door(request, case)
        for partner in diary.partners(lead, case):
            when = diary.book((lead, partner), taken)
            if when is not None:
                day, start = when
                work.attempts.append(Attempt(case.offender.ref, day, round(start + drive / 2), (lead.id, partner.id)))
                work.rounds += 1
                work.drive_minutes += drive
                work.officer_minutes += 2 * taken
                break
    return work


def by_location_greedy(
    request: SimulationRequest, week: int, staff: Sequence[OffenderManager], cases: Sequence[Case], _: Sequence[Visit]
) -> WeekWork:
    """Fixed pairs of a base, each visiting day the most overdue first and then always the nearest due."""
    diary = _Diary(request, week, staff)
    waiting = {case.offender.ref: case for case in _due(request, week, cases) if case.offender.position}
    work = WeekWork([])
    for first, second in _pairs(staff):
        for day in diary.common_days(first, second):
            _greedy_day(request, diary, (first, second), day, waiting, work)
    return work


def planner(
    request: SimulationRequest, week: int, staff: Sequence[OffenderManager], cases: Sequence[Case], history: Sequence[Visit]
) -> WeekWork:
    """The week as the program proposes it, at its quick setting."""
    monday = request.start + timedelta(weeks=week)
    seed, seconds = request.seed + week, request.plan_seconds
    asked = plan_request(cases, staff, request.policy, request.travel, monday, 1, visits=history, seed=seed, seconds=seconds)
    plan = propose_plan(asked)
    attempts = [
        Attempt(stop.ref, each.date, stop.arrive.hour * 60 + stop.arrive.minute, each.officers)
        for each in plan.rounds
        for stop in each.stops
    ]
    out = [(each.end.hour - each.start.hour) * 60 + each.end.minute - each.start.minute for each in plan.rounds]
    return WeekWork(attempts, len(plan.rounds), float(plan.drive_minutes), 2.0 * sum(out))


WAYS: Mapping[str, Way] = {"by_demand": by_demand, "by_location_greedy": by_location_greedy, "planner": planner}


class _Diary:
    """Who has how many minutes left on which visiting day of the week."""

    def __init__(self, request: SimulationRequest, week: int, staff: Sequence[OffenderManager]) -> None:
        policy = request.policy
        self.policy = policy
        start = policy.clock_time("duty.day_start")
        self.start = start.hour * 60 + start.minute
        self.officers = {each.id: each for each in staff}
        monday = request.start + timedelta(weeks=week)
        week_days = [monday + timedelta(days=each) for each in range(7)]
        working = [day for day in week_days if day.isoweekday() in policy.numbers("duty.working_days")]
        wanted = policy.whole("duty.visiting_days_per_week")
        self.used: dict[tuple[str, date], float] = {}
        for each in staff:
            on_duty = sorted((day for day in working if not each.away(day)), key=lambda day: _HABIT.index(day.isoweekday()))
            self.used |= {(each.id, day): 0.0 for day in sorted(on_duty[:wanted])}

    def length(self, officer: OffenderManager) -> float:
        """Minutes of a visiting day outside the meal break."""
        return min(444.0, officer.weekly_hours * 60 / 5) - self.policy.number("duty.break_minutes")

    def common_days(self, first: OffenderManager, second: OffenderManager) -> list[date]:
        return [day for officer, day in self.used if officer == first.id and (second.id, day) in self.used]

    def partners(self, lead: OffenderManager, case: Case) -> list[OffenderManager]:
        """Colleagues who may go along, those of the same base first, then who has most time left."""
        demands = crew_demands(case.offender.markers, self.officers.values())
        fit = [
            each
            for each in self.officers.values()
            if each.id != lead.id and (each.trained or lead.trained) and demands.objection((lead, each)) is None
        ]
        spent = {each.id: sum(minutes for (officer, _), minutes in self.used.items() if officer == each.id) for each in fit}
        return sorted(fit, key=lambda each: (each.base != lead.base, spent[each.id], each.id))[:6]

    def book(self, crew: tuple[OffenderManager, OffenderManager], minutes: float) -> tuple[date, float] | None:
        """Take time on the first day both still have it; the day and the minute it begins, None where there is none."""
        first, second = crew
        for day in self.common_days(first, second):
            begin = max(self.used[first.id, day], self.used[second.id, day])
            if begin + minutes <= min(self.length(first), self.length(second)):
                self.used[first.id, day] = self.used[second.id, day] = begin + minutes
                return day, self.start + begin
        return None


def _greedy_day(
    request: SimulationRequest,
    diary: _Diary,
    crew: tuple[OffenderManager, OffenderManager],
    day: date,
    waiting: dict[str, Case],
    work: WeekWork,
) -> None:
    first, second = crew
    here, spent, driven, limit = first.position, 0.0, 0.0, min(diary.length(first), diary.length(second))
    while len(waiting) and here is not None:
        chosen = _next_stop(request, crew, here, waiting, limit - spent, opening=here is first.position)
        if chosen is None:
            break
        case, drive = chosen
        del waiting[case.offender.ref]
        work.attempts.append(Attempt(case.offender.ref, day, round(diary.start + spent + drive), (first.id, second.id)))
        spent += drive + _at_door(request, case)
        driven += drive
        here = case.offender.position
    if here is not None and here is not first.position and first.position is not None:
        home = float(request.travel.minutes([here], [first.position])[0, 0])
        work.rounds += 1
        work.drive_minutes += driven + home
        work.officer_minutes += 2 * (spent + home)


def _next_stop(
    request: SimulationRequest,
    crew: tuple[OffenderManager, OffenderManager],
    here: object,
    waiting: Mapping[str, Case],
    left: float,
    *,
    opening: bool,
) -> tuple[Case, float] | None:
    """The crew's most overdue case to begin with, then the nearest of those due that still fits before the way home."""
    first = crew[0]
    own = [each for each in waiting.values() if each.offender.manager in (first.id, crew[1].id)]
    allowed = [each for each in own if crew_demands(each.offender.markers, crew).objection(crew) is None]
    if not allowed:
        return None
    spots = [each.offender.position for each in allowed]
    there = request.travel.minutes([here], spots)[0]  # type: ignore[list-item,arg-type]  # positions were checked
    back = request.travel.minutes(spots, [first.position])[:, 0]  # type: ignore[list-item,arg-type]
    fits = [at for at, case in enumerate(allowed) if there[at] + back[at] + _at_door(request, case) <= left]
    if not fits:
        return None
    best = fits[0] if opening else min(fits, key=lambda at: (float(there[at]), at))
    return allowed[best], float(there[best])


def _pairs(staff: Sequence[OffenderManager]) -> list[tuple[OffenderManager, OffenderManager]]:
    """Fixed pairs: neighbours in a list by base, at least one trained."""
    ordered = sorted(staff, key=lambda each: (each.base, not each.trained, each.id))
    trained = [each for each in ordered if each.trained]
    pupils = [each for each in ordered if not each.trained]
    pairs = []
    for pupil in pupils:
        if not trained:
            break
        mate = min(trained, key=lambda each: (each.base != pupil.base, each.id))
        trained.remove(mate)
        pairs.append((mate, pupil))
    return pairs + list(pairwise(trained))[::2]


def _due(request: SimulationRequest, week: int, cases: Sequence[Case]) -> list[Case]:
    """Visits due by the end of the next week, nearest due date first."""
    until = request.start + timedelta(weeks=week, days=6) + AHEAD
    due = [case for case in cases if not case.visit.suspended and case.visit.due <= until]
    return sorted(due, key=lambda case: (case.visit.due, case.offender.ref))


def _minutes(request: SimulationRequest, officer: OffenderManager, case: Case) -> float:
    assert officer.position is not None
    assert case.offender.position is not None
    return float(request.travel.minutes([officer.position], [case.offender.position])[0, 0])


def _at_door(request: SimulationRequest, case: Case) -> float:
    kind = VisitKind.INITIAL if case.offender.last_seen is None else VisitKind.ROUTINE
    policy = request.policy
    return policy.visit_minutes(kind) + policy.number("visit.minutes.access") + policy.number("duty.desk_minutes_per_visit")

