"""Policy, imports, allocations and plans come back as they were decided, with who and why."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest

from mosovo_planner.domain.people import Offender, OffenderManager, Position, Risk
from mosovo_planner.domain.policy import PolicyValue
from mosovo_planner.domain.proposals import Move, Plan, Round, SolverFacts, Stop, Unplanned
from mosovo_planner.domain.visits import VisitKind
from mosovo_planner.store import AllocationDecision, BeforeImage, ImportBatch, Workspace
from mosovo_planner.store.base.errors import BadRecord
from mosovo_planner.store.parts.rules import default_policy

NOON = datetime(2026, 11, 22, 12, 0, 0, 123456, tzinfo=UTC)
STOP = Stop("SYN-1", "OM01", VisitKind.INITIAL, time(9, 10), time(10, 0), 12, "overdue by 3 days", True)
ROUND = Round(
    "2026-11-23/1", date(2026, 11, 23), ("OM01", "OM02"), "Swindon", Position(51.5, -1.7), time(8, 30), time(16), 61, (STOP,),
    evening=True, problems=("too long by 5 minutes",),
)  # fmt: skip
PLAN = Plan(
    date(2026, 11, 23), date(2026, 12, 6), 7, (ROUND,),
    (Unplanned("SYN-2", date(2026, 12, 1), 0, None, "no_position", "No position"),),
    SolverFacts(1.5, 10.0, None, 0.25), "crow-fly formula", frozenset({"SYN-3"}),
)  # fmt: skip
MOVE = Move("SYN-1", None, "OM01", 120.5, "nearest base with room")


def test_a_new_workspace_has_the_default_policy(workspace: Workspace) -> None:
    with workspace.transaction() as unit:
        assert unit.policy() == default_policy()
        assert len(unit.policy_versions()) == 1


def test_policy_keeps_every_version_with_its_reason(workspace: Workspace) -> None:
    key = "visit.interval_months.high"
    changed = PolicyValue(2, "Chief Constable's order", date(2026, 11, 1), True)
    with workspace.transaction() as unit:
        policy = unit.policy()
        unit.save_policy(replace(policy, values={**policy.values, key: changed}), "new order")
        unit.save_policy(unit.policy(), "saved again unchanged")
    with workspace.transaction() as unit:
        assert unit.policy().values[key] == changed
        assert unit.policy().interval_months(Risk.HIGH) == 2
        old, new = unit.policy_versions()
        assert (new.by, new.reason) == ("Sgt Invented", "new order")
        assert old.policy == policy
        assert unit.uses(1)[0].fields == (key,)


def test_an_import_keeps_what_was_before(workspace: Workspace) -> None:
    batch = ImportBatch(id="i1", at=NOON, by="Sgt Invented", file_name="tracker.xlsx", added=1, updated=1, report="{}")
    images = (
        BeforeImage("offender", "SYN-2", None),
        BeforeImage("offender", "SYN-1", Offender(ref="SYN-1", risk=Risk.LOW, markers=("Dog",), version=4)),
        BeforeImage("manager", "OM01", OffenderManager(id="OM01", weekly_hours=20, version=2)),
    )
    with workspace.transaction() as unit:
        unit.save_import(batch, images)
        unit.save_import(replace(batch, id="i0", at=NOON.replace(year=2025)), ())
    with workspace.transaction() as unit:
        assert unit.before_images("i1") == images
        assert [image.version_after for image in images] == [1, 5, 3]
        assert [each.id for each in unit.imports()] == ["i1", "i0"]
        assert unit.imports()[0] == batch
        unit.mark_undone("i1")
        assert unit.imports()[0].undone_by == "Sgt Invented"
    with pytest.raises(BadRecord), workspace.transaction() as unit:
        unit.mark_undone("i1")


def test_a_decision_keeps_moves_made_and_refused(workspace: Workspace) -> None:
    refused = replace(MOVE, ref="SYN-2", from_manager="OM02")
    decision = AllocationDecision(NOON, "Sgt Invented", "rebalance", (MOVE,), (refused,), date(2026, 11, 22), "roads")
    with workspace.transaction() as unit:
        name = unit.save_decision(decision)
        unit.save_decision(replace(decision, at=NOON.replace(hour=13), moves=(), refused=()))
    with workspace.transaction() as unit:
        assert unit.decisions()[0] == replace(decision, id=name)
        assert len(unit.decisions()) == 2
        (his,) = unit.decisions(ref="SYN-2")
        assert (his.moves, his.refused) == ((), (refused,))
        assert unit.decisions(ref="SYN-9") == ()


def test_plans_proposed_and_approved(workspace: Workspace) -> None:
    with workspace.transaction() as unit:
        unit.save_plan(replace(PLAN, seed=1))
        unit.save_plan(PLAN)
    with workspace.transaction() as unit:
        (proposal,) = unit.plans()
        assert (proposal.plan, proposal.approved) == (PLAN, False)
        unit.save_plan(PLAN, approved_by="Sgt Invented", reason="agreed at the tasking meeting")
        unit.save_plan(replace(PLAN, start=date(2026, 12, 7), end=date(2026, 12, 13)))
    with workspace.transaction() as unit:
        assert len(unit.plans()) == 3
        latest = unit.latest_plan(PLAN.start)
        assert latest
        assert (latest.plan, latest.approved_by, latest.reason) == (PLAN, "Sgt Invented", "agreed at the tasking meeting")
        newest = unit.latest_plan()
        assert newest
        assert newest.plan.start == date(2026, 12, 7)
        approved = unit.latest_plan(approved=True)
        assert approved
        assert approved.plan == PLAN
        assert unit.latest_plan(date(2020, 1, 1)) is None


def test_profiles_are_kept_by_name(workspace: Workspace) -> None:
    with workspace.transaction() as unit:
        unit.save_profile("Wiltshire", '{"a": 1}')
        unit.save_profile("Avon", "{}")
        unit.save_profile("Wiltshire", '{"a": 2}')
        assert [(each.name, each.body) for each in unit.profiles()] == [("Avon", "{}"), ("Wiltshire", '{"a": 2}')]
