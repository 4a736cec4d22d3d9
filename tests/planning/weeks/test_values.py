"""What is visited when: nobody vanishes at the bottom, deadlines go first, crews that pass take a visit along."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from mosovo_planner.domain.clocks import Case, Clock
from mosovo_planner.domain.people import Position, Risk, Sex
from mosovo_planner.planning.weeks import PlanRequest, plan_request, propose_plan
from mosovo_planner.planning.weeks.values import worth

MONDAY = date(2026, 11, 23)
Make = Callable[..., Any]


def pair(force: Make, offenders: int = 0) -> Any:
    """Two full-time trained officers of one base."""
    made = force(offenders, 2, 3)
    facts = {"weekly_hours": 37.0, "trained": True, "absences": (), "position": made.managers[0].position}
    sexes = (Sex.MALE, Sex.FEMALE)
    return replace(made, managers=tuple(replace(each, sex=sex, **facts) for each, sex in zip(made.managers, sexes, strict=True)))


def seen_in(plan: Any) -> set[str]:
    return {stop.ref for each in plan.rounds for stop in each.stops}


@pytest.mark.parametrize(("risk", "overdue"), [(Risk.LOW, 200), (Risk.MEDIUM, 130)])
def test_the_less_dangerous_come_up_in_the_end_however_many_of_high_risk_wait(force: Make, risk: Risk, overdue: int) -> None:
    """80 high-risk cases ask for half as many visits again as the crew can make; each is seen and falls due anew."""
    made = pair(force).with_policy(duty__max_visits_per_round=2)
    interval = {Risk.LOW: 365, Risk.MEDIUM: 183}[risk]
    made = made.with_offender(ref="INV-X", risk=risk, last_seen=MONDAY - timedelta(days=interval + overdue))
    for number in range(80):
        home = Position(51.57 + number % 9 / 500, -1.77 + number // 9 / 500)
        made = made.with_offender(ref=f"INV-{number}", position=home, last_seen=MONDAY - timedelta(days=number * 2))
    start = MONDAY
    for _ in range(6):
        plan = propose_plan(made.request(start, 4, iterations=300))
        visited = {stop.ref: each.date for each in plan.rounds for stop in each.stops}
        if "INV-X" in visited:
            break
        made = replace(
            made, offenders=tuple(replace(each, last_seen=visited.get(each.ref, each.last_seen)) for each in made.offenders)
        )
        start += timedelta(weeks=4)
    assert "INV-X" in visited


def with_clock(made: Any, ref: str, clock: Clock) -> PlanRequest:
    """A request in which one case carries one more clock."""
    cases = [
        Case(case.offender, (*case.clocks, clock), case.as_of) if case.offender.ref == ref else case for case in made.cases()
    ]
    plain = made.request()
    request = plan_request(cases, made.managers, made.policy, plain.legs._travel, MONDAY, 1, seed=1, seconds=0.0, iterations=300)
    assert isinstance(request, PlanRequest)
    return request


def test_a_deadline_of_law_goes_before_all_that_is_merely_overdue(force: Make) -> None:
    made = pair(force).with_policy(duty__max_visits_per_round=1, duty__visiting_days_per_week=1)
    for number in range(6):
        made = made.with_offender(ref=f"INV-{number}", risk=Risk.VERY_HIGH, last_seen=MONDAY - timedelta(days=300))
    made = made.with_offender(ref="INV-LAW", risk=Risk.LOW, last_seen=MONDAY - timedelta(days=370))
    assert seen_in(propose_plan(made.request())) != {"INV-LAW"}
    for seed_day in (0, 2):
        deadline = MONDAY + timedelta(days=seed_day)
        plan = propose_plan(with_clock(made, "INV-LAW", Clock("periodic_notification", deadline, "", label="Yearly", law=True)))
        assert seen_in(plan) == {"INV-LAW"}
        assert all(each.date <= deadline for each in plan.rounds)


@pytest.mark.parametrize(
    "facts", [{"law": False}, {"law": True, "suspended": True}, {"law": True, "milestone": True}, {"law": True, "ahead": 60}]
)
def test_only_a_deadline_that_runs_out_by_law_goes_first(force: Make, facts: dict[str, Any]) -> None:
    made = pair(force).with_offender(risk=Risk.LOW)
    due = MONDAY + timedelta(days=facts.pop("ahead", 1))
    plain, with_it = made.request(), with_clock(made, "INV-X", Clock("some_clock", due, "", label="Some", **facts))
    assert worth(with_it, with_it.needs["INV-X"]) == worth(plain, plain.needs["INV-X"])


def test_a_visit_is_drawn_forward_only_where_a_crew_passes_near(force: Make) -> None:
    """Both fall due a week after the plan; one lives beside somebody overdue, the other two hours away from everybody."""
    soon = MONDAY + timedelta(days=14) - timedelta(days=183)
    made = pair(force).with_offender(ref="INV-DUE", position=Position(51.57, -1.60))
    made = made.with_offender(ref="INV-NEAR", position=Position(51.572, -1.602), risk=Risk.MEDIUM, last_seen=soon)
    made = made.with_offender(ref="INV-FAR", position=Position(50.55, -2.00), risk=Risk.MEDIUM, last_seen=soon)
    plan = propose_plan(made.request())
    assert seen_in(plan) == {"INV-DUE", "INV-NEAR"}
    assert [each.ref for each in plan.unplanned] == []
    near = next(stop for each in plan.rounds for stop in each.stops if stop.ref == "INV-NEAR")
    assert "drawn forward" in near.why


def test_worth_grows_with_lateness_and_risk_and_is_never_nothing(force: Make) -> None:
    made = pair(force)
    for at, risk in enumerate(Risk):
        for late in (-20, 0, 100, 400, 900):
            interval = {Risk.LOW: 365, Risk.MEDIUM: 182, Risk.HIGH: 91, Risk.VERY_HIGH: 30}[risk]
            seen = MONDAY - timedelta(days=interval + late)
            made = made.with_offender(ref=f"{at} {late + 1000}", risk=risk, last_seen=seen)
    request = made.request()
    for at in range(4):
        own = [worth(request, request.needs[f"{at} {late + 1000}"]) for late in (-20, 0, 100, 400, 900)]
        assert own == sorted(own)
        assert own[0] > 0
    for late in (0, 100, 400, 900):
        assert [worth(request, request.needs[f"{at} {late + 1000}"]) for at in range(4)] == sorted(
            worth(request, request.needs[f"{at} {late + 1000}"]) for at in range(4)
        )
