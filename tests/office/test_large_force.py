"""A force too large to be allocated as one, through the office. All people are invented."""

from __future__ import annotations

import json
from datetime import date

import jsonschema
import pytest

from mosovo_planner.office.allocation import change_manager, propose_allocation
from mosovo_planner.office.answers import allocation_json
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
