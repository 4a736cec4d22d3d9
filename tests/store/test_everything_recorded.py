"""No way of changing anything leaves the record of use without an entry."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from mosovo_planner.domain.people import Offender, OffenderManager
from mosovo_planner.domain.policy import PolicyValue
from mosovo_planner.domain.proposals import Plan, SolverFacts
from mosovo_planner.domain.record import Operation
from mosovo_planner.domain.roles import Role
from mosovo_planner.domain.visits import Visit
from mosovo_planner.store import AllocationDecision, ImportBatch, Workspace
from mosovo_planner.store.unit import Unit

NOW = datetime(2026, 11, 22, tzinfo=UTC)
VISIT = Visit(id="v1", ref="SYN-1", at=datetime(2026, 11, 1))
PLAN = Plan(date(2026, 11, 23), date(2026, 11, 29), 1, (), (), SolverFacts(1, 1))
RULE = PolicyValue(2, "order", date(2026, 1, 1), True)

CHANGES: dict[str, Callable[[Unit], object]] = {
    "save_offenders": lambda unit: unit.save_offenders([Offender(ref="SYN-2")]),
    "save_managers": lambda unit: unit.save_managers([OffenderManager(id="OM02")]),
    "delete_offenders": lambda unit: unit.delete_offenders(["SYN-1"], with_visits=True),
    "erase_offenders": lambda unit: unit.erase_offenders(["SYN-1"], "review"),
    "delete_managers": lambda unit: unit.delete_managers(["OM01"]),
    "add_visit": lambda unit: unit.add_visit(replace(VISIT, id="v2")),
    "correct_visit": lambda unit: unit.correct_visit(VISIT, replace(VISIT, note="x"), ""),
    "save_policy": lambda unit: unit.save_policy(replace(unit.policy(), values={**unit.policy().values, "a.b": RULE}), ""),
    "save_profile": lambda unit: unit.save_profile("tracker", "{}"),
    "save_import": lambda unit: unit.save_import(ImportBatch(id="i2", at=NOW, by="x", file_name="t.xlsx"), ()),
    "mark_undone": lambda unit: unit.mark_undone("i1"),
    "save_decision": lambda unit: unit.save_decision(AllocationDecision(NOW, "x", "", ())),
    "save_plan": lambda unit: unit.save_plan(PLAN),
    "add_account": lambda unit: unit.add_account("PC Other", Role.MANAGER),
    "set_role": lambda unit: unit.set_role("PC First", Role.AUDITOR),
    "set_active": lambda unit: unit.set_active("PC First", False),
    "note_account_change": lambda unit: unit.note_account_change("PC First", "pass phrase"),
    "record": lambda unit: unit.record(Operation.CONSULTATION, "caseload"),
}
READS = {
    "caseload", "offenders", "offender", "managers", "manager", "visits", "policy", "policy_versions", "profiles", "imports",
    "before_images", "decisions", "plans", "latest_plan", "users", "user", "verifier", "uses", "chained", "head", "seal",
    "sealed", "connection",
}  # fmt: skip


def test_every_way_into_the_store_is_known_here() -> None:
    public = {name for name in dir(Unit) if not name.startswith("_")}
    assert public == CHANGES.keys() | READS


@pytest.mark.parametrize("name", list(CHANGES))
def test_each_change_is_recorded(embedded: Workspace, name: str) -> None:
    with embedded.transaction() as unit:
        unit.save_managers([OffenderManager(id="OM01")])
        unit.save_offenders([Offender(ref="SYN-1")])
        unit.add_visit(VISIT)
        unit.save_import(ImportBatch(id="i1", at=NOW, by="x", file_name="t.xlsx"), ())
        unit.add_account("PC First", Role.MANAGER)
    with embedded.transaction() as unit:
        before = unit.head().seq
        CHANGES[name](unit)
    with embedded.transaction() as unit:
        assert unit.head().seq > before
        assert unit.uses(1)[0].actor == "Sgt Invented"
