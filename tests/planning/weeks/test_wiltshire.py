"""A week of a whole force: the synthetic Wiltshire tracker (every person in it is invented)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from mosovo_planner.planning.weeks import propose_plan
from tests.benchmarks.forces import wiltshire


def read_force(folder: Path, force: Callable[..., Any]) -> tuple[Any, date]:
    """The force as a correct import of the tracker holds it."""
    try:
        managers, offenders, day = wiltshire(folder)
    except FileNotFoundError:
        pytest.skip("the Wiltshire tracker is not in the shared data folder")
    made = force(0, 2)
    return type(made)(tuple(offenders), tuple(managers), made.policy), day


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
