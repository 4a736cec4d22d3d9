"""A force too large to be allocated as one, through the office. All people are invented."""

from __future__ import annotations

import json
from datetime import date

import jsonschema
import pytest

from mosovo_planner.domain.people import OffenderManager, Position
from mosovo_planner.domain.roles import Permission
from mosovo_planner.office.allocation import change_manager, propose_allocation
from mosovo_planner.office.answers import allocation_json
from mosovo_planner.office.plans import approve_plan, propose_plan
from mosovo_planner.office.session import Session
from mosovo_planner.planning.cluster import ClusterError
from mosovo_planner.planning.pool import IN_TURN
from mosovo_planner.resources import resource

AS_OF = date(2026, 11, 23)


def test_a_large_force_is_allocated_by_teams_and_can_be_changed_by_hand(team: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mosovo_planner.office.allocation.LARGE_FORCE", 1)
    monkeypatch.setattr("mosovo_planner.office.allocation.workers_of", lambda *_: IN_TURN)
    told: list[str] = []
    work = propose_allocation(team, AS_OF, lambda step: told.append(step.text))
    assert any(text.startswith("Team") for text in told)
    jsonschema.validate(allocation_json(work), json.loads(resource("schemas/mosovo-allocation-proposal-1.json").read_text()))
    assert set(work.proposal.assignment) == {f"INV-{number}" for number in range(1, 7)}
    assert work.proposal.travel_after < work.proposal.travel_before
    other = {"OM01": "OM02", "OM02": "OM01"}[work.proposal.assignment["INV-1"]]
    assert change_manager(work, "INV-1", other).proposal.assignment["INV-1"] == other


def test_an_open_cluster_is_refused(team: Session) -> None:
    with pytest.raises(ClusterError, match="encrypted"):
        propose_allocation(team, AS_OF, cluster="tcp://scheduler.force.example:8786")


def test_a_large_force_is_planned_by_teams(team: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mosovo_planner.office.plans.workers_of", lambda *_: IN_TURN)
    more = [
        OffenderManager(
            id=f"OM{number:02}",
            base=("Northtown", "Southtown")[number % 2],
            position=Position(51.5 - 0.4 * (number % 2), -2.0),
            trained=True,
            version=0,
        )
        for number in range(3, 45)
    ]
    with team.unit(Permission.IMPORT) as unit:
        unit.save_managers(more)
    told: list[str] = []
    work = propose_plan(team, AS_OF, 1, lambda step: told.append(step.text), seed=1)
    assert any(text.startswith("Team 1") for text in told)
    assert any(text.startswith("Team 2") for text in told)
    due = {"INV-1", "INV-2", "INV-4", "INV-5"}
    assert {stop.ref for each in work.plan.rounds for stop in each.stops} | {each.ref for each in work.plan.unplanned} >= due
    approve_plan(team, work, "by teams")


def test_a_plan_goes_to_no_open_cluster(team: Session) -> None:
    with pytest.raises(ClusterError, match="encrypted"):
        propose_plan(team, AS_OF, 1, cluster="tcp://scheduler.force.example:8786")
