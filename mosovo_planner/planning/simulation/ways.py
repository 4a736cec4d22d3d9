"""The ways of working that are compared. Each turns a week into attempts; none knows how an attempt will end.

* ``by_demand``: as the inspection found it. Cases lie with the manager they were given to by demand; the
  nearest due is visited first, one visit a trip from the base and back, in working hours, led by the own manager.
* ``by_location_greedy``: cases allocated by location; colleagues of a base go out in fixed pairs, begin with their
  most overdue case and then always drive to the nearest visit due.
* ``planner``: cases allocated by location; the week is planned by the same engine as in the window.

All have the same officers, visiting days, hours, minutes at the door and drives, and may draw visits forward alike.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from mosovo_planner.domain.clocks import Case
from mosovo_planner.domain.people import OffenderManager, Position
from mosovo_planner.domain.visits import crew_demands
from mosovo_planner.planning.simulation.diary import Diary, Week
from mosovo_planner.planning.weeks import plan_request, propose_plan

Crew = tuple[OffenderManager, OffenderManager]


@dataclass(frozen=True)
class Attempt:
    """A visit tried: whom, on which day, at which minute after midnight."""

    ref: str
    day: date
    minute: int
    officers: tuple[str, ...]


@dataclass
class WeekWork:
    """A week as worked: attempts, driving, and the minutes of all officers who were out. A round is one drive out and home."""

    attempts: list[Attempt]
    rounds: int = 0
    drive_minutes: float = 0.0
    officer_minutes: float = 0.0


Way = Callable[[Week], WeekWork]


def by_demand(week: Week) -> WeekWork:
    """Nearest due first, one visit at a time, with whichever colleague still has time."""
    diary, work = Diary(week), WeekWork([])
    for case in week.waiting():
        lead = diary.officers.get(case.offender.manager or "")
        if lead is None or lead.position is None:
            continue
        drive = 2 * week.drive(lead, case)
        taken = drive + week.at_door(case)
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


def by_location_greedy(week: Week) -> WeekWork:
    """Fixed pairs of a base, each visiting day the most overdue first and then always the nearest due."""
    diary, work = Diary(week), WeekWork([])
    waiting = {case.offender.ref: case for case in week.waiting()}
    for first, second in _pairs(diary.out):
        for day in diary.common_days(first, second):
            _greedy_day(week, diary, (first, second), day, waiting, work)
    return work


def planner(week: Week) -> WeekWork:
    """The week as the program proposes it, at its quick setting."""
    request = week.request
    asked = plan_request(
        week.cases, week.staff, request.policy, request.travel, week.monday, 1,
        visits=week.history, seed=request.seed + week.number, seconds=request.plan_seconds, iterations=request.iterations,
    )  # fmt: skip
    plan = propose_plan(asked)
    attempts = [
        Attempt(stop.ref, each.date, stop.arrive.hour * 60 + stop.arrive.minute, each.officers)
        for each in plan.rounds
        for stop in each.stops
    ]
    out = [(each.end.hour - each.start.hour) * 60 + each.end.minute - each.start.minute for each in plan.rounds]
    return WeekWork(attempts, len(plan.rounds), float(plan.drive_minutes), 2.0 * sum(out))


WAYS: Mapping[str, Way] = {"by_demand": by_demand, "by_location_greedy": by_location_greedy, "planner": planner}


def _greedy_day(week: Week, diary: Diary, crew: Crew, day: date, waiting: dict[str, Case], work: WeekWork) -> None:
    base = crew[0].position
    limit = min(diary.length(each) for each in crew)
    here, spent, driven, stops = base, 0.0, 0.0, 0
    while here is not None and stops < diary.rules.max_visits:
        chosen = _next_stop(week, crew, here, waiting, limit - spent, opening=not stops)
        if chosen is None:
            break
        case, drive = chosen
        del waiting[case.offender.ref]
        work.attempts.append(
            Attempt(case.offender.ref, day, round(diary.rules.day_start + spent + drive), (crew[0].id, crew[1].id))
        )
        spent, driven, stops = spent + drive + week.at_door(case), driven + drive, stops + 1
        here = case.offender.position
    if stops and here is not None and base is not None:
        home = float(week.request.travel.minutes([here], [base])[0, 0])
        work.rounds += 1
        work.drive_minutes += driven + home
        work.officer_minutes += 2 * (spent + home)


def _next_stop(
    week: Week, crew: Crew, here: Position, waiting: Mapping[str, Case], left: float, *, opening: bool
) -> tuple[Case, float] | None:
    """The crew's most overdue case to begin with, then the nearest of those due that still fits before the way home."""
    members, base = {each.id for each in crew}, crew[0].position
    own = [each for each in waiting.values() if each.offender.manager in members]
    allowed = [each for each in own if crew_demands(each.offender.markers, crew).objection(crew) is None]
    if not allowed or base is None:
        return None
    spots = [each.offender.position for each in allowed if each.offender.position]  # all of them: whoever waits is placed
    there = week.request.travel.minutes([here], spots)[0]
    back = week.request.travel.minutes(spots, [base])[:, 0]
    fits = [at for at, case in enumerate(allowed) if there[at] + back[at] + week.at_door(case) <= left]
    if not fits:
        return None
    best = fits[0] if opening else min(fits, key=lambda at: (float(there[at]), at))
    return allowed[best], float(there[best])


def _pairs(staff: Sequence[OffenderManager]) -> list[Crew]:
    """Fixed pairs of those at work: neighbours in a list by base, at least one trained."""
    ordered = sorted(staff, key=lambda each: (each.base, not each.trained, each.id))
    trained = [each for each in ordered if each.trained]
    pairs = []
    for pupil in (each for each in ordered if not each.trained):
        if not trained:
            break
        mate = min(trained, key=lambda each: (each.base != pupil.base, each.id))
        trained.remove(mate)
        pairs.append((mate, pupil))
    return pairs + list(pairwise(trained))[::2]
