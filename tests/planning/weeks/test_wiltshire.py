"""A week of a whole force: the synthetic Wiltshire tracker (every person in it is invented)."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from mosovo_planner.domain.people import Absence, Offender, OffenderManager, Position, Risk, Sex, Status
from mosovo_planner.planning.weeks import propose_plan


def read_force(folder: Path, force: Callable[..., Any]) -> tuple[Any, date]:
    """The force as a correct import of the tracker holds it."""
    tracker = folder / "data/tracker_wiltshire/tracker.expected.json"
    if not tracker.is_file():
        pytest.skip("the Wiltshire tracker is not in the shared data folder")
    table = json.loads(tracker.read_text(encoding="utf-8"))
    policy = force(0, 2).policy
    managers = tuple(_manager(each) for each in table["officers"])
    offenders = tuple(_offender(ref, each) for ref, each in table["offenders"].items())
    return type(force(0, 2))(offenders, managers, policy), date.fromisoformat(table["as_of"])


def _manager(row: dict[str, Any]) -> OffenderManager:
    leave = (Absence(*map(date.fromisoformat, row["leave"])),) if row["leave"] else ()
    return OffenderManager(
        id=row["id"],
        base=row["base"],
        position=Position(row["lat"], row["lon"]),
        weekly_hours=row["hours"],
        trained=row["trained"],
        sex=Sex(row["sex"]),
        absences=leave,
    )


def _offender(ref: str, row: dict[str, Any]) -> Offender:
    return Offender(
        ref=ref,
        position=Position(row["lat"], row["lon"]) if row["lat"] is not None else None,
        risk=Risk(row["risk"]) if row["risk"] else None,
        interval_months=row["interval_months"],
        last_seen=date.fromisoformat(row["last_visit"]) if row["last_visit"] else None,
        status=Status(row["status"]),
        manager=row["manager"],
    )


def test_a_week_of_wiltshire(shared: Path, force: Callable[..., Any], plan_faults: Callable[..., list[str]]) -> None:
    made, as_of = read_force(shared, force)
    request = made.request(as_of, 1, seconds=3.0)
    plan = propose_plan(request)
    assert plan_faults(made, plan) == []
    due = {each.ref for each in request.needs.values() if request.due(each)}
    planned = {stop.ref for each in plan.rounds for stop in each.stops}
    assert len(due & planned) >= 65
    assert due <= planned | {each.ref for each in plan.unplanned}
    assert plan.drive_minutes / plan.visits < 32
    assert plan.solver.bound is None or plan.solver.objective <= plan.solver.bound
