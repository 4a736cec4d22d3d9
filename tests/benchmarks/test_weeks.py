"""Weeks of a whole force: what a plan reaches, by today's allocation and by location. Prints; run by hand."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from mosovo_planner.domain.clocks import Case, case_of
from mosovo_planner.domain.people import Absence, Offender, OffenderManager, Position, Risk, Sex, Status
from mosovo_planner.domain.policy import Policy, read_policy
from mosovo_planner.domain.proposals import Plan
from mosovo_planner.geo.travel import crow_fly
from mosovo_planner.planning.weeks import PlanRequest, drop_visit, plan_request, propose_plan
from mosovo_planner.resources import resource

SECONDS = 25.0


def _tracker(folder: Path) -> dict[str, Any]:
    path = folder / "data/tracker_wiltshire/tracker.expected.json"
    if not path.is_file():
        pytest.skip("the Wiltshire tracker is not in the shared data folder")
    table: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return table


def _managers(table: dict[str, Any]) -> list[OffenderManager]:
    return [
        OffenderManager(
            id=row["id"],
            base=row["base"],
            position=Position(row["lat"], row["lon"]),
            weekly_hours=row["hours"],
            trained=row["trained"],
            sex=Sex(row["sex"]),
            absences=(Absence(*map(date.fromisoformat, row["leave"])),) if row["leave"] else (),
        )
        for row in table["officers"]
    ]


def _nearest(managers: list[OffenderManager]) -> Callable[[str | None, Position | None], str | None]:
    """The officer of the nearest base who holds the fewest cases so far: an allocation by location, roughly."""
    held: Counter[str] = Counter()

    def nearest(manager: str | None, position: Position | None) -> str | None:
        if position is None:
            return manager

        def rank(each: OffenderManager) -> tuple[float, int]:
            spot = each.position or position
            return ((spot.lat - position.lat) ** 2 + ((spot.lon - position.lon) * 0.62) ** 2, held[each.id])

        found = min(managers, key=rank).id
        held[found] += 1
        return found

    return nearest


def _cases(table: dict[str, Any], policy: Policy, managers: list[OffenderManager], by_location: bool) -> list[Case]:
    nearest = _nearest(managers)
    cases = []
    for ref, row in table["offenders"].items():
        position = Position(row["lat"], row["lon"]) if row["lat"] is not None else None
        offender = Offender(
            ref=ref,
            position=position,
            risk=Risk(row["risk"]) if row["risk"] else None,
            interval_months=row["interval_months"],
            last_seen=date.fromisoformat(row["last_visit"]) if row["last_visit"] else None,
            status=Status(row["status"]),
            manager=nearest(row["manager"], position) if by_location else row["manager"],
        )
        cases.append(case_of(offender, policy, date.fromisoformat(table["as_of"])))
    return cases


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
    table = _tracker(shared)
    policy, managers = read_policy(resource("policy/default.toml").read_text(encoding="utf-8")), _managers(table)
    cases = _cases(table, policy, managers, by_location)
    start = date.fromisoformat(table["as_of"])
    begun = time.perf_counter()
    request = plan_request(cases, managers, policy, crow_fly(policy, None), start, weeks, seed=1, seconds=SECONDS)
    plan = propose_plan(request)
    proposed = time.perf_counter()
    drop_visit(request, plan, plan.rounds[0].stops[0].ref)
    print(f"\n{weeks} weeks: {_figures(request, plan)}")
    print(f"proposed in {proposed - begun:.1f} s, a change by hand in {time.perf_counter() - proposed:.2f} s")
    assert plan.visits
