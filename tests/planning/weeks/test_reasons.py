"""What is said about a visit that was left out is true: with just that lifted it can be placed, and the other rounds stand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from itertools import combinations
from typing import Any

import pytest

from mosovo_planner.domain.people import Absence, OffenderManager, Position, Sex
from mosovo_planner.domain.proposals import Obstacle, ObstacleKind, Plan, Round, Unplanned
from mosovo_planner.domain.visits import CrewDemands
from mosovo_planner.planning.weeks import PlanRequest, drop_visit, propose_plan
from mosovo_planner.planning.weeks.checks import with_problems
from mosovo_planner.planning.weeks.crews import duty, round_duty
from mosovo_planner.planning.weeks.making import make_round
from mosovo_planner.planning.weeks.rules import Rules
from mosovo_planner.planning.weeks.timetable import least_harm

MONDAY = date(2026, 11, 23)
Make = Callable[..., Any]


@dataclass(frozen=True)
class OneDayMore(Rules):
    """Rules under which some officers may go out once more a week."""

    tired: frozenset[str] = frozenset()

    def days_a_week(self, officer: OffenderManager) -> int:
        return super().days_a_week(officer) + (officer.id in self.tired)


def without(request: PlanRequest, plan: Plan, ref: str, obstacle: Obstacle) -> tuple[PlanRequest, Plan]:
    """Request and plan with this one obstacle lifted, by the test's own reading of its fields."""
    kind, rules, need = obstacle.kind, request.rules, request.needs[ref]
    officers = request.officers
    if kind is ObstacleKind.POSITION:
        base = request.bases.get(need.manager or "", next(iter(request.bases.values())))
        need = replace(need, position=base)
    elif kind is ObstacleKind.MARKER:
        need = replace(need, demands=CrewDemands())
    elif kind is ObstacleKind.TRAINED:
        officers = tuple(replace(each, trained=each.trained or each.id in obstacle.officers) for each in officers)
    elif kind is ObstacleKind.OFFICERS:
        like = officers[0]
        officers += tuple(
            replace(like, id=f"NEW{at}", weekly_hours=37.0, trained=True, absences=()) for at in range(obstacle.amount)
        )
        request = replace(request, bases={**request.bases, **{each.id: request.bases[like.id] for each in officers}})
    elif kind is ObstacleKind.AWAY:
        officers = tuple(replace(each, absences=()) if each.id in obstacle.officers else each for each in officers)
    elif kind is ObstacleKind.DUTY:
        rules = replace(rules, overtime=rules.overtime + obstacle.amount)
    elif kind is ObstacleKind.WINDOW:
        rules = replace(rules, visit_latest=rules.visit_latest + obstacle.amount)
    elif kind is ObstacleKind.STOPS:
        rules = replace(rules, max_visits=obstacle.amount)
    elif kind is ObstacleKind.VISITING_DAY:
        values = {each.name: getattr(rules, each.name) for each in fields(rules)}
        rules = OneDayMore(**values, tired=frozenset(obstacle.officers))
    else:
        plan = less(request, plan, obstacle)
    return replace(request, rules=rules, officers=officers, needs={**request.needs, ref: need}), plan


def less(request: PlanRequest, plan: Plan, obstacle: Obstacle) -> Plan:
    """The plan without the visits, or the rounds kept by hand, that would have to give way."""
    if obstacle.kind is ObstacleKind.HELD:
        return replace(plan, rounds=tuple(each for each in plan.rounds if not any(stop.pinned for stop in each.stops)))
    assert obstacle.kind in (ObstacleKind.INSTEAD, ObstacleKind.DROPPED)
    for other in obstacle.refs:
        plan = drop_visit(request, plan, other)
    return plan


def ways(request: PlanRequest, plan: Plan, visit: Unplanned) -> Iterator[tuple[Round, ...]]:
    """Every way to put the visit into a round, or into a new one, with the checks that a change by hand goes through."""
    need = request.needs[visit.ref]
    named = {each.round for each in visit.obstacles if each.round}
    day = next((each.day for each in visit.obstacles if each.kind in (ObstacleKind.VISITING_DAY, ObstacleKind.AWAY)), None)
    for at, each in enumerate(plan.rounds):
        if named and each.id not in named:
            continue
        crew, former = round_duty(request, each), {stop.ref: stop for stop in each.stops}
        others = [request.needs[stop.ref] for stop in each.stops]
        index = least_harm(request, crew, others, need)
        joined = make_round(request, crew, [*others[:index], need, *others[index:]], former)
        yield with_problems(request, [*plan.rounds[:at], joined, *plan.rounds[at + 1 :]])
    if named:
        return
    for pair in combinations([each.id for each in request.officers if each.id in request.bases], 2):
        for one in [day] if day else request.days:
            for evening in (False, True):
                for host in pair:
                    crew = duty(request, one, pair, evening, host)
                    yield with_problems(request, [*plan.rounds, make_round(request, crew, [need])])


def untrue(request: PlanRequest, plan: Plan) -> list[str]:
    """Visits left out that still cannot be placed once all that was named is lifted, or for which nothing was named."""
    found = []
    for visit in plan.unplanned:
        if not visit.obstacles:
            found.append(f"nothing named: {visit.reason}")
            continue
        lifted, changed = request, plan
        for each in visit.obstacles:
            lifted, changed = without(lifted, changed, visit.ref, each)
        if not any(all(not each.problems for each in rounds) for rounds in ways(lifted, changed, visit)):
            found.append(f"{visit.ref} {visit.obstacles}: {visit.reason}")
    return found


def full_time(made: Any, **facts: Any) -> Any:
    usual = {"weekly_hours": 37.0, "trained": True, "absences": ()}
    sexes = (Sex.MALE, Sex.FEMALE)
    managers = tuple(replace(each, **{"sex": sexes[at % 2], **usual, **facts}) for at, each in enumerate(made.managers))
    return replace(made, managers=managers)


AWAY = (Absence(MONDAY - timedelta(days=5), MONDAY + timedelta(days=20), "leave"),)
FORCES: dict[str, Callable[[Any], Any]] = {
    "as it comes": lambda force: force(70, 5, 3),
    "two officers": lambda force: full_time(force(60, 2, 3)),
    "one officer": lambda force: full_time(force(12, 1, 3)),
    "nobody trained": lambda force: full_time(force(25, 4, 3), trained=False),
    "everybody away": lambda force: full_time(force(25, 4, 3), absences=AWAY),
    "no woman": lambda force: full_time(force(20, 3, 3), sex=Sex.MALE).with_offender(markers=("Not lone male",)),
    "barred from all": lambda force: full_time(force(20, 3, 3)).with_offender(markers=("not OM00", "not OM01")),
    "no position": lambda force: full_time(force(10, 3, 3)).with_offender(position=None),
    "no position and full": lambda force: full_time(force(70, 2, 3)).with_offender(position=None),
    "few visits a round": lambda force: full_time(force(50, 4, 3)).with_policy(duty__max_visits_per_round=2),
    "short visiting hours": lambda force: full_time(force(50, 4, 3)).with_policy(duty__visit_latest="12:00"),
    "no hour for him": lambda force: full_time(force(5, 4, 3)).with_policy(duty__visit_latest="09:10"),
    "every day out": lambda force: full_time(force(80, 2, 3)).with_policy(duty__visiting_days_per_week=5),
    "far away": lambda force: full_time(force(10, 4, 3)).with_offender(position=Position(54.3, -1.5)),
    "part-timers": lambda force: full_time(force(50, 4, 3), weekly_hours=7.4),
}


@pytest.mark.parametrize("name", FORCES)
def test_what_would_have_to_change_is_true(force: Make, name: str) -> None:
    request = FORCES[name](force).request(iterations=400)
    plan = propose_plan(request)
    assert plan.unplanned
    assert untrue(request, plan) == []


def test_many_kinds_of_obstacle_are_told_apart(force: Make) -> None:
    """Over the forces above, what is named differs; one answer for all would be no reason."""
    wanted = {
        "one officer": ObstacleKind.OFFICERS,
        "nobody trained": ObstacleKind.TRAINED,
        "everybody away": ObstacleKind.AWAY,
        "barred from all": ObstacleKind.MARKER,
        "no position": ObstacleKind.POSITION,
        "far away": ObstacleKind.DUTY,
        "no hour for him": ObstacleKind.WINDOW,
    }
    for name, kind in wanted.items():
        plan = propose_plan(FORCES[name](force).request(iterations=200))
        assert kind in {each.kind for visit in plan.unplanned for each in visit.obstacles}, name
    room = propose_plan(FORCES["few visits a round"](force).request(iterations=200))
    assert {ObstacleKind.STOPS, ObstacleKind.DUTY} & {each.kind for visit in room.unplanned for each in visit.obstacles}


def test_visits_promised_by_hand_are_named_as_what_stands_in_the_way(force: Make) -> None:
    made = full_time(force(0, 2, 3)).with_policy(duty__max_visits_per_round=1, duty__visiting_days_per_week=1)
    first = propose_plan(made.with_offender(ref="INV-A").request(iterations=100))
    pinned = tuple(
        replace(each, pinned=True, stops=tuple(replace(stop, pinned=True) for stop in each.stops)) for each in first.rounds
    )
    request = (
        made.with_offender(ref="INV-A").with_offender(ref="INV-B").request(keep=replace(first, rounds=pinned), iterations=100)
    )
    plan = propose_plan(request)
    assert [each.ref for each in plan.unplanned] == ["INV-B"]
    assert untrue(request, plan) == []


def test_taken_off_by_hand_says_what_else_stands_in_the_way(force: Make) -> None:
    made = full_time(force(0, 2, 3)).with_offender()
    request = made.request(iterations=100)
    plan = drop_visit(request, propose_plan(request), "INV-X")
    (left,) = plan.unplanned
    assert [each.kind for each in left.obstacles] == [ObstacleKind.DROPPED]
    assert untrue(request, plan) == []
    gone = made.with_offender(ref="INV-Y", markers=("not OM00",)).request(keep=plan, iterations=100)
    again = propose_plan(gone)
    assert {each.ref: each.code for each in again.unplanned} == {"INV-X": "dropped", "INV-Y": "no_crew"}
