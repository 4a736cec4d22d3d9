"""Weeks of a whole force: what a plan reaches, by today's allocation and by location. Prints; run by hand."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from mosovo_planner.domain.clocks import Case, case_of
from mosovo_planner.domain.people import Offender, OffenderManager
from mosovo_planner.domain.policy import Policy
from mosovo_planner.domain.proposals import Plan
from mosovo_planner.geo.travel import crow_fly
from mosovo_planner.planning.weeks import PlanRequest, drop_visit, plan_request, propose_plan
from tests.benchmarks.forces import default_policy, nearest_manager, wiltshire

SECONDS = 25.0


def _force(folder: Path) -> tuple[list[OffenderManager], list[Offender], date]:
    try:
        return wiltshire(folder)
    except FileNotFoundError:
        pytest.skip("the Wiltshire tracker is not in the shared data folder")


def _cases(
    offenders: list[Offender], policy: Policy, managers: list[OffenderManager], start: date, by_location: bool
) -> list[Case]:
    nearest = nearest_manager(managers)
    if by_location:
        offenders = [replace(each, manager=nearest(each.manager, each.position)) for each in offenders]
    return [case_of(each, policy, start) for each in offenders]


def _figures(request: PlanRequest, plan: Plan) -> str:
    stops = [stop for each in plan.rounds for stop in each.stops]
    due = [need for need in request.needs.values() if request.due(need)]
    overdue = {need.ref for need in due if need.due < request.start}
    planned = {stop.ref for stop in stops}
    own = sum(stop.lead == request.needs[stop.ref].manager for stop in stops)
    again = sum("also on" in stop.why for stop in stops)
    count = max(1, len(stops))
    return (
        f"{len(stops)} visits in {len(plan.rounds)} rounds ({sum(each.evening for each in plan.rounds)} in the evening); "
        f"{len(overdue & planned)} of {len(overdue)} overdue and {sum(need.ref in planned for need in due)} of {len(due)} due; "
        f"{plan.drive_minutes / count:.1f} minutes' drive a visit; own manager leads {own / count:.0%}; "
        f"same slot again {again / count:.0%}; gap {plan.solver.gap}; {Counter(each.code for each in plan.unplanned)}"
    )


@pytest.mark.parametrize("by_location", [False, True], ids=["today's allocation", "by location"])
@pytest.mark.parametrize("weeks", [1, 4])
def test_wiltshire(shared: Path, weeks: int, by_location: bool) -> None:
    policy = default_policy()
    managers, offenders, start = _force(shared)
    cases = _cases(offenders, policy, managers, start, by_location)
    begun = time.perf_counter()
    request = plan_request(cases, managers, policy, crow_fly(policy, None), start, weeks, seed=1, seconds=SECONDS)
    plan = propose_plan(request)
    proposed = time.perf_counter()
    drop_visit(request, plan, plan.rounds[0].stops[0].ref)
    print(f"\n{weeks} weeks: {_figures(request, plan)}")
    print(f"proposed in {proposed - begun:.1f} s, a change by hand in {time.perf_counter() - proposed:.2f} s")
    assert plan.visits
