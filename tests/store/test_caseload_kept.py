"""What a team stores comes back whole, on both kinds of workspace."""

from __future__ import annotations

import contextlib
import itertools
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from mosovo_planner.domain.people import Absence, Offender, OffenderManager, Position, Precision, Risk, Sex, Status
from mosovo_planner.domain.proposals import Move
from mosovo_planner.domain.record import Operation
from mosovo_planner.domain.visits import Outcome, Visit, VisitKind
from mosovo_planner.store import AllocationDecision, BeforeImage, ImportBatch, Workspace
from mosovo_planner.store.backups.backup import verify
from mosovo_planner.store.base.errors import BadRecord, StaleRecord, StillNeeded

OFFENDER = Offender(
    ref="SYN-1",
    visor_ref="V1",
    surname="Öztürk-O'Brien",
    forenames="Zoë 👤 \u202e",
    date_of_birth=date(1970, 2, 28),
    sex=Sex.FEMALE,
    address="=cmd|'/c calc'!A1",
    postcode="SN1 1AA",
    position=Position(51.55678901234567, -1.7801, Precision.SECTOR),
    status=Status.HOSPITAL,
    risk=Risk.VERY_HIGH,
    interval_months=2,
    last_seen=date(2026, 6, 4),
    manager="OM01",
    pinned_manager=True,
    supervisor="Insp Invented",
    arms_done=date(2026, 1, 1),
    rmp_review_due=date(2027, 1, 1),
    mappa_level=2,
    orders="SHPO to 2030",
    markers=("Dog", "not OM03"),
    notes="line one\nline two",
)
MANAGER = OffenderManager(
    id="OM01",
    name="PC Invented",
    base="Swindon",
    base_postcode="SN3 1RA",
    position=Position(51.56, -1.75),
    weekly_hours=30,
    trained=True,
    arms_trained=True,
    sex=Sex.MALE,
    absences=(Absence(date(2026, 12, 1), date(2026, 12, 14), "leave"), Absence(date(2026, 11, 1), date(2026, 11, 1))),
)
VISIT = Visit(
    id="v1",
    ref="SYN-1",
    at=datetime(2026, 3, 29, 1, 30),  # an hour that the change to summer time leaves out
    kind=VisitKind.ARMS,
    officers=("OM01", "OM02"),
    announced=True,
    outcome=Outcome.NO_REPLY,
    note="nobody at home",
    announced_reason="asked by probation",
    lone_reason="colleague taken ill",
    approved_by="DS02",
    devices_checked=2,
    household="his mother",
    child_in_household=False,
    risk_noticed="new telephone",
    visor_entered_on=date(2026, 3, 30),
    asked_to_choose=True,
)


def test_a_caseload_comes_back_whole(workspace: Workspace) -> None:
    with workspace.transaction() as unit:
        unit.save_managers([MANAGER])
        unit.save_offenders([OFFENDER])
        unit.add_visit(VISIT)
    with workspace.transaction() as unit:
        assert unit.caseload().offenders == (replace(OFFENDER, version=1),)
        assert unit.caseload().managers == (replace(MANAGER, version=1),)
        assert unit.offender("SYN-1") == replace(OFFENDER, version=1)
        assert unit.visits() == (VISIT,)
        assert unit.offender("SYN-2") is None
        assert unit.manager("OM99") is None


def test_a_change_counts_the_version_and_names_the_fields(workspace: Workspace) -> None:
    with workspace.transaction() as unit:
        (first,) = unit.save_offenders([OFFENDER])
        (second,) = unit.save_offenders([replace(first, risk=Risk.LOW, notes="other")], reason="ARMS")
        assert second.version == 2
        newest, oldest = (use for use in unit.uses(ref="SYN-1") if "notes" in use.fields)
    assert (newest.operation, newest.fields, newest.reason) == (Operation.ALTERATION, ("risk", "notes"), "ARMS")
    assert oldest.operation is Operation.COLLECTION
    assert "surname" in oldest.fields
    assert "interval_months" in oldest.fields


def test_saving_the_same_again_changes_and_records_nothing(workspace: Workspace) -> None:
    with workspace.transaction() as unit:
        saved = (*unit.save_offenders([OFFENDER]), *unit.save_managers([MANAGER]))
        before = unit.uses()
        assert unit.save_offenders([saved[0]]) == ()
        assert unit.save_managers([saved[1]]) == ()
        assert unit.uses() == before


def test_nobody_overwrites_what_he_has_not_seen(workspace: Workspace) -> None:
    with workspace.transaction() as unit:
        (first,) = unit.save_offenders([OFFENDER])
    with workspace.transaction() as unit:
        unit.save_offenders([replace(first, notes="the colleague's")])
    other = Offender(ref="SYN-2")
    with pytest.raises(StaleRecord) as refused, workspace.transaction() as unit:
        unit.save_offenders([other, replace(first, notes="mine")])
    assert refused.value.refs == ("SYN-1",)
    assert "SYN" not in str(refused.value)
    with workspace.transaction() as unit:
        assert [each.notes for each in unit.caseload().offenders] == ["the colleague's"]


def test_adding_what_somebody_else_added_is_noticed(workspace: Workspace) -> None:
    with workspace.transaction() as unit:
        unit.save_offenders([OFFENDER])
    with pytest.raises(StaleRecord), workspace.transaction() as unit:
        unit.save_offenders([Offender(ref="SYN-1", surname="Other")])


def test_changing_what_somebody_else_deleted_is_noticed(workspace: Workspace) -> None:
    with workspace.transaction() as unit:
        (saved,) = unit.save_offenders([OFFENDER])
    with workspace.transaction() as unit:
        assert unit.delete_offenders(["SYN-1"], reason="moved to another force") == 1
    with pytest.raises(StaleRecord), workspace.transaction() as unit:
        unit.save_offenders([replace(saved, notes="x")])


def test_an_error_in_the_block_leaves_everything_as_it_was(workspace: Workspace) -> None:
    with workspace.transaction() as unit:
        before = unit.uses()
    with contextlib.suppress(ZeroDivisionError), workspace.transaction() as unit:
        unit.save_offenders([OFFENDER])
        unit.record(Operation.CONSULTATION, "caseload")
        raise ZeroDivisionError
    with workspace.transaction() as unit:
        assert unit.caseload().offenders == ()
        assert unit.uses() == before


def test_deleting_asks_about_visits_and_caseloads(workspace: Workspace) -> None:
    with workspace.transaction() as unit:
        unit.save_managers([MANAGER])
        unit.save_offenders([OFFENDER])
        unit.add_visit(VISIT)
    with pytest.raises(StillNeeded), workspace.transaction() as unit:
        unit.delete_offenders(["SYN-1"])
    with pytest.raises(StillNeeded), workspace.transaction() as unit:
        unit.delete_managers(["OM01"])
    with workspace.transaction() as unit:
        unit.delete_offenders(["SYN-1"], with_visits=True)
        unit.delete_managers(["OM01"])
        assert unit.caseload().offenders == ()
        assert unit.caseload().managers == ()
        assert unit.visits() == ()
        assert unit.uses(1, ref="SYN-1")[0].operation is Operation.ERASURE


def test_erasing_a_person_leaves_nothing_of_him(workspace: Workspace) -> None:
    now = datetime.now().astimezone()
    with workspace.transaction() as unit:
        (first, _) = unit.save_offenders([OFFENDER, Offender(ref="SYN-2")])
        unit.add_visit(VISIT)
        batch = ImportBatch(id="i1", at=now, by="Sgt Invented", file_name="tracker.xlsx", updated=1)
        unit.save_import(batch, [BeforeImage("offender", "SYN-1", first), BeforeImage("offender", "SYN-2", None)])
        unit.save_decision(AllocationDecision(now, "Sgt Invented", "", (Move("SYN-1", None, "OM01", 1.0, "near Zoë"),)))
        unit.erase_offenders(["SYN-1"], "retention review")
    with workspace.transaction() as unit:
        assert [each.ref for each in unit.offenders()] == ["SYN-2"]
        assert unit.visits() == ()
        assert [each.ref for each in unit.before_images("i1")] == ["SYN-2"]
        assert unit.decisions("SYN-1") == ()
        assert unit.uses(1, ref="SYN-1")[0].reason == "retention review"
    assert verify(workspace).problems == ()


def test_visits_are_found_by_day_and_offender(workspace: Workspace) -> None:
    with workspace.transaction() as unit:
        unit.save_offenders([OFFENDER, Offender(ref="SYN-2")])
        days = [replace(VISIT, id=f"v{day}", at=VISIT.at + timedelta(days=day), ref=f"SYN-{1 + day % 2}") for day in range(6)]
        for visit in reversed(days):
            unit.add_visit(visit)
        assert unit.visits() == tuple(days)
        assert unit.visits(since=days[3].at.date()) == tuple(days[3:])
        assert unit.visits(ref="SYN-2", since=days[2].at.date()) == (days[3], days[5])


def test_a_visit_needs_an_offender_and_is_recorded_once(workspace: Workspace) -> None:
    with pytest.raises(BadRecord), workspace.transaction() as unit:
        unit.add_visit(VISIT)
    with workspace.transaction() as unit:
        unit.save_offenders([OFFENDER])
        unit.add_visit(VISIT)
    with pytest.raises(BadRecord), workspace.transaction() as unit:
        unit.add_visit(replace(VISIT, note="again"))
    with workspace.transaction() as unit:
        assert unit.visits() == (VISIT,)


def test_many_visits_are_recorded_each_with_its_entry_or_none_of_them(workspace: Workspace) -> None:
    two = [replace(VISIT, id=f"v{number}", at=VISIT.at + timedelta(days=number)) for number in range(2)]
    with workspace.transaction() as unit:
        unit.save_offenders([OFFENDER])
        unit.add_visits([])
        unit.add_visits(two, "from the old tracker")
    with workspace.transaction() as unit:
        assert unit.visits() == tuple(two)
        entries = [use for use in unit.uses(10, ref="SYN-1") if use.reason == "from the old tracker"]
        assert [use.operation for use in entries] == [Operation.COLLECTION] * 2
    for wrong in (replace(VISIT, id="v9", ref="SYN-9"), two[0]):
        with pytest.raises(BadRecord), workspace.transaction() as unit:
            unit.add_visits([replace(VISIT, id="v8"), wrong])
    with workspace.transaction() as unit:
        assert unit.visits() == tuple(two)


def test_a_visit_is_corrected_once(workspace: Workspace) -> None:
    mended = replace(VISIT, outcome=Outcome.SEEN)
    with workspace.transaction() as unit:
        unit.save_offenders([OFFENDER])
        unit.add_visit(VISIT)
        unit.correct_visit(VISIT, mended, "entered wrongly")
        assert unit.visits() == (mended,)
        assert unit.uses(1)[0].fields == ("visit.outcome",)
    with pytest.raises(StaleRecord), workspace.transaction() as unit:
        unit.correct_visit(VISIT, replace(VISIT, note="late"), "")


def test_text_that_no_database_keeps_is_refused_by_field_not_content(workspace: Workspace) -> None:
    for field, bad in itertools.product(("surname", "notes", "ref"), ("a\0b", "ä\0b", "a\ud800b")):
        with pytest.raises(BadRecord) as refused, workspace.transaction() as unit:
            unit.save_offenders([replace(OFFENDER, **{field: bad})])
        assert field in str(refused.value)
        assert "Zoë" not in str(refused.value)
        with workspace.transaction() as unit:
            assert unit.offender(bad) is None


def test_one_record_twice_is_refused(workspace: Workspace) -> None:
    with pytest.raises(BadRecord), workspace.transaction() as unit:
        unit.save_offenders([OFFENDER, replace(OFFENDER, notes="other")])
