"""No way of changing anything leaves the record of use without an entry."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select, text

from mosovo_planner.domain.assessment import Assessment, Tool
from mosovo_planner.domain.children import ChildNotification
from mosovo_planner.domain.dip_sample import DrawnRecord, Grade, GradedRecord
from mosovo_planner.domain.facts import NoFixedHome
from mosovo_planner.domain.identity import Alias
from mosovo_planner.domain.matching.evidence import Sureness
from mosovo_planner.domain.months import Month
from mosovo_planner.domain.need_to_know import BreakGlass, Restriction
from mosovo_planner.domain.off_duty import IncidentFile, KeptLog, LoggedMatch, OffDutyMatch, Verdict
from mosovo_planner.domain.people import Offender, OffenderManager
from mosovo_planner.domain.policy import PolicyValue
from mosovo_planner.domain.proposals import Plan, SolverFacts
from mosovo_planner.domain.record import Operation
from mosovo_planner.domain.requests import Request
from mosovo_planner.domain.retention import Decision, ErasureCertificate, Ground, LegalHold, RetentionGroup, RetentionReview
from mosovo_planner.domain.risk_plans import RiskPlan
from mosovo_planner.domain.roles import Role
from mosovo_planner.domain.visits import Visit
from mosovo_planner.domain.visor import ListDecision, Settled
from mosovo_planner.store import AllocationDecision, ImportBatch, Workspace
from mosovo_planner.store.base.errors import RecordOfUseFailed
from mosovo_planner.store.tables import metadata
from mosovo_planner.store.unit import Unit

NOW = datetime(2026, 11, 22, tzinfo=UTC)
NOON = datetime(2026, 11, 22, 12)
DAY = NOON.date()
VISIT = Visit(id="v1", ref="SYN-1", at=datetime(2026, 11, 1))
PLAN = Plan(date(2026, 11, 23), date(2026, 11, 29), 1, (), (), SolverFacts(1, 1))
RULE = PolicyValue(2, "order", date(2026, 1, 1), True)
ALIAS = Alias("Al")
TOOL = Assessment(id="a1", ref="SYN-1", tool=Tool.ARMS, done_on=DAY, by="OM01")
RISK_PLAN = RiskPlan(ref="SYN-1", author="OM01", written_on=DAY)
NOTE = ChildNotification(id="c1", ref="SYN-1", noticed_at=NOON, written_at=NOON, by="OM01")
REQUEST = Request(id="r1", ref="SYN-1", kind="visit", to="OM01", by="DS02", at=NOON, text="When?")
GRADE = GradedRecord(Month(2026, 11), "OM01", "SYN-1", Grade.GOOD, "DS02", DAY)
DRAWN = DrawnRecord(Month(2026, 11), "OM01", "SYN-1", 7, "DS02", DAY)
FILE = IncidentFile(id="f1", digest="00", name="logs.csv", at=NOON, by="OM01", logs=2)
LOG = KeptLog(id="l1", file_id="f1", number="77")
MATCH = OffDutyMatch(id="m1", ref="SYN-1", log_id="l1", sureness=Sureness.SURE, explanation="Sure: same reference.")
DECISION = ListDecision(id="d1", ref="SYN-1", field="risk", here="Low", there="High", settled=Settled.OURS, by="OM01", at=NOON)
REVIEW = RetentionReview(
    id="r1", ref="SYN-1", on=DAY, group=RetentionGroup.SERIOUS, decision=Decision.DISPOSE, reason="Old.", reviewer="DI Other",
    at=NOON, ground=Ground.DIED,
)  # fmt: skip
CERTIFICATE = ErasureCertificate(
    id="E-1", asked_by="DI Other", asked_at=NOON, approved_by="DI Third", approved_at=NOON, ground=Ground.DIED, kinds=(),
    backups=(), entry=1, entry_hash="00",
)  # fmt: skip
HOLD = LegalHold(id="h1", ref="SYN-1", reason="Inquiry", set_by="DI Other", set_at=NOON)
RESTRICTION = Restriction(ref="SYN-1", by="DS02", on=DAY, reason="a relative works here")
GLASS = BreakGlass(id="b1", ref="SYN-1", by="PC First", at=NOON, reason="met on patrol")
CLOCKS = '[event]\nother = { label = "Other" }\n'

CHANGES: dict[str, Callable[[Unit], object]] = {
    "save_offenders": lambda unit: unit.save_offenders([Offender(ref="SYN-4")]),
    "save_managers": lambda unit: unit.save_managers([OffenderManager(id="OM02")]),
    "delete_offenders": lambda unit: unit.delete_offenders(["SYN-1"], with_visits=True),
    "erase_offenders": lambda unit: unit.erase_offenders(["SYN-1"], "review"),
    "delete_managers": lambda unit: unit.delete_managers(["OM01"]),
    "add_visit": lambda unit: unit.add_visit(replace(VISIT, id="v2")),
    "add_visits": lambda unit: unit.add_visits([replace(VISIT, id="v2")]),
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
    "save_clock_table": lambda unit: unit.save_clock_table(CLOCKS, "trial"),
    "add_fact": lambda unit: unit.add_fact("SYN-1", ALIAS),
    "add_facts": lambda unit: unit.add_facts([("SYN-1", ALIAS)]),
    "set_fact": lambda unit: unit.set_fact("SYN-1", NoFixedHome()),
    "change_fact": lambda unit: unit.change_fact(unit.kept_facts("SYN-1")[0], replace(ALIAS, words="x")),
    "remove_fact": lambda unit: unit.remove_fact(unit.kept_facts("SYN-1")[0], ""),
    "add_assessment": lambda unit: unit.add_assessment(replace(TOOL, id="a2")),
    "correct_assessment": lambda unit: unit.correct_assessment(TOOL, replace(TOOL, by="OM02"), ""),
    "save_risk_plan": lambda unit: unit.save_risk_plan(RISK_PLAN),
    "save_child_notification": lambda unit: unit.save_child_notification(NOTE),
    "save_request": lambda unit: unit.save_request(REQUEST),
    "save_grade": lambda unit: unit.save_grade(GRADE),
    "save_drawn": lambda unit: unit.save_drawn([DRAWN]),
    "save_incidents": lambda unit: unit.save_incidents(replace(FILE, id="f2", digest="01"), ()),
    "acknowledge": lambda unit: unit.acknowledge(MATCH, Verdict.HIM, "OM01", NOON),
    "add_list_decision": lambda unit: unit.add_list_decision(replace(DECISION, id="d2")),
    "remove_list_decision": lambda unit: unit.remove_list_decision(DECISION, ""),
    "save_retention_review": lambda unit: unit.save_retention_review(replace(REVIEW, id="r2", ref="SYN-2")),
    "save_legal_hold": lambda unit: unit.save_legal_hold(HOLD),
    "approve_erasure": lambda unit: unit.approve_erasure(REVIEW, NOON, ()),
    "keep_certificates": lambda unit: unit.keep_certificates([CERTIFICATE]),
    "mark_compacted": lambda unit: unit.mark_compacted(NOON),
    "set_team": lambda unit: unit.set_team("PC First", "North"),
    "give_login": lambda unit: unit.give_login("PC First", "first"),
    "restrict": lambda unit: unit.restrict(RESTRICTION),
    "lift_restriction": lambda unit: (unit.restrict(RESTRICTION), unit.lift_restriction(RESTRICTION, "")),
    "break_glass": lambda unit: unit.break_glass(GLASS),
    "saw_opened": lambda unit: (unit.break_glass(GLASS), unit.saw_opened(GLASS, replace(GLASS, seen_by="Sgt Invented"))),
    "record": lambda unit: unit.record(Operation.CONSULTATION, "caseload"),
}
ALL_TABLES = metadata.sorted_tables
READS = {
    "caseload", "offenders", "offender", "managers", "manager", "visits", "policy", "policy_versions", "profiles", "imports",
    "facts", "kept_facts", "identities", "assessments", "risk_plans", "child_notifications", "requests", "graded", "drawn",
    "list_decisions", "incident_files", "matches", "clock_table", "clock_table_text", "clock_table_versions", "with_records",
    "before_images", "decisions", "plans", "latest_plan", "users", "user", "verifier", "uses", "chained", "head", "seal",
    "sealed", "connection", "plan_states", "restrictions", "opened", "may_see", "sees_everything", "users_of_record",
    "who_people", "who_person", "retention_reviews", "legal_holds", "certificates", "kinds_held",
    "copies_taken", "erased_before", "changes", "circumstances", "records_counted", "reads_record", "reads_cases", "finish",
}  # fmt: skip


def test_every_way_into_the_store_is_known_here() -> None:
    public = {name for name in dir(Unit) if not name.startswith("_")}
    assert public == CHANGES.keys() | READS


@pytest.fixture
def something(embedded: Workspace) -> Workspace:
    """A workspace with something of everything to be changed."""
    with embedded.transaction() as unit:
        unit.save_managers([OffenderManager(id="OM01")])
        unit.save_offenders([Offender(ref="SYN-1")])
        unit.add_visit(VISIT)
        unit.save_import(ImportBatch(id="i1", at=NOW, by="x", file_name="t.xlsx"), ())
        unit.add_account("PC First", Role.MANAGER)
        unit.add_fact("SYN-1", ALIAS)
        unit.add_assessment(TOOL)
        unit.save_incidents(FILE, [LoggedMatch(MATCH, LOG)])
        unit.add_list_decision(DECISION)
        unit.save_offenders([Offender(ref="SYN-2"), Offender(ref="SYN-3")])
        unit.save_retention_review(REVIEW)
        unit.save_retention_review(replace(REVIEW, id="r3", ref="SYN-3"))
        unit.approve_erasure(replace(REVIEW, id="r3", ref="SYN-3"), NOON, ())
    return embedded


@pytest.mark.parametrize("name", list(CHANGES))
def test_each_change_is_recorded_or_does_not_happen(something: Workspace, name: str) -> None:
    with something.transaction() as unit:
        unit.connection.execute(text(_BROKEN))
        stored = _everything(unit)
    with pytest.raises(RecordOfUseFailed), something.transaction() as unit:
        CHANGES[name](unit)
    with something.transaction() as unit:
        assert _everything(unit) == stored
        unit.connection.execute(text("DROP TRIGGER broken"))
        before = unit.head().seq
        CHANGES[name](unit)
    with something.transaction() as unit:
        assert unit.head().seq > before
        assert unit.uses(1)[0].actor == "Sgt Invented"


_BROKEN = "CREATE TRIGGER broken BEFORE INSERT ON record_of_use BEGIN SELECT RAISE(ABORT, 'no room'); END"


def _everything(unit: Unit) -> dict[str, list[tuple[object, ...]]]:
    return {table.name: sorted((tuple(row) for row in unit.connection.execute(select(table))), key=repr) for table in ALL_TABLES}
