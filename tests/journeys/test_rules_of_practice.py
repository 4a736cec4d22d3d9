"""Rules of practice that only the whole program can keep, each by its number in the table. All people are invented."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from unittest.mock import PropertyMock, patch

import pytest
from openpyxl import load_workbook
from pytestqt.qtbot import QtBot

from mosovo_planner.domain.errors import NotPermitted
from mosovo_planner.domain.people import Offender, OffenderManager, Position, Risk
from mosovo_planner.domain.policy import Policy
from mosovo_planner.domain.record import Operation
from mosovo_planner.domain.roles import Permission, Role
from mosovo_planner.domain.visits import Visit
from mosovo_planner.office.allocation import AllocationError, approve_allocation, propose_allocation
from mosovo_planner.office.caseload import view_caseload, view_offender
from mosovo_planner.office.door import VisitRefused, record_visit
from mosovo_planner.office.entering import save_offender
from mosovo_planner.office.export import export_caseload
from mosovo_planner.office.imports import preview_import
from mosovo_planner.office.papers import make_paper, save_pdf, save_table
from mosovo_planner.office.policy import save_policy, view_policy
from mosovo_planner.office.session import Session
from mosovo_planner.office.supervision import NotSettled, approve_lone, assign
from mosovo_planner.office.tables import export_table, record_copy
from mosovo_planner.store.base.names import KdfParameters
from mosovo_planner.store.workspace import create_workspace
from mosovo_planner.ui.main_window import MainWindow
from tests.journeys.conftest import LONG
from tests.journeys.test_tracker_to_day_sheet import pdf_words

AS_OF = date(2026, 11, 23)
MARKING = "OFFICIAL-SENSITIVE"
MANAGER = patch.object(Session, "role", PropertyMock(return_value=Role.OFFENDER_MANAGER))
WEST, EAST = Position(51.5, -2.4), Position(51.5, -1.6)


@pytest.fixture
def team(tmp_path: Path) -> Iterator[Session]:
    """Two managers far apart, each holding the cases near the other."""
    made = Session(create_workspace(str(tmp_path / "team.vp"), "sgt", "three random words", kdf=KdfParameters(8 * 1024, 1, 1)))
    managers = [OffenderManager(id=f"OM0{at}", base=name, position=where, trained=True) for at, name, where in (
        (1, "West", WEST), (2, "East", EAST)
    )]  # fmt: skip
    people = [
        Offender(
            ref=f"INV-{at}", surname="INVENTED", risk=Risk.MEDIUM, last_seen=date(2026, 1, 1 + at),
            position=Position((WEST if at % 2 else EAST).lat + 0.002 * at, (WEST if at % 2 else EAST).lon),
            manager="OM02" if at % 2 else "OM01",
        )
        for at in range(1, 13)
    ]  # fmt: skip
    with made.unit(Permission.IMPORT) as unit:
        unit.save_managers(managers)
        unit.save_offenders(people)
    yield made
    made.close()


def test_rule_03_nobody_approves_the_lone_visit_that_he_made_himself(team: Session) -> None:
    with team.unit(Permission.APPROVE) as unit:
        unit.save_managers([OffenderManager(id="OM03", name="Sgt", trained=True)])
    lone = Visit(id="v", ref="INV-2", at=datetime(2026, 11, 20, 18, 30), officers=("OM03",), lone_reason="partner ill")
    with pytest.raises(VisitRefused, match="did not make it"):
        record_visit(team, replace(lone, approved_by="sgt"))
    assert record_visit(team, lone).awaits_approval
    (kept,) = view_offender(team, "INV-2", AS_OF).visits
    with pytest.raises(NotSettled, match="did not make it"):
        approve_lone(team, kept, "he is calm")
    others = replace(lone, id="w", ref="INV-4", officers=("OM01",))
    assert not record_visit(team, replace(others, approved_by="sgt")).awaits_approval


def test_rule_04_an_announced_visit_without_its_reason_is_not_recorded(team: Session) -> None:
    told = Visit(id="v", ref="INV-2", at=datetime(2026, 11, 20, 18, 30), officers=("OM01", "OM02"), announced=True)
    for reason in ("", "  "):
        with pytest.raises(VisitRefused, match="why the visit was announced"):
            record_visit(team, replace(told, announced_reason=reason))
    assert view_offender(team, "INV-2", AS_OF).visits == ()
    record_visit(team, replace(told, announced_reason="interpreter booked"))
    (kept,) = view_offender(team, "INV-2", AS_OF).visits
    assert (kept.announced, kept.announced_reason) == (True, "interpreter booked")


def test_rule_18_cases_go_to_the_near_manager_and_a_new_address_moves_the_case(team: Session) -> None:
    often = [view_offender(team, ref, AS_OF).case.offender for ref in ("INV-1", "INV-2")]
    for each in often:
        save_offender(team, replace(each, risk=Risk.VERY_HIGH))
    set_value(team, "allocation.most_moves_percent", 20)
    capped = propose_allocation(team, AS_OF, seconds=1).proposal
    assert {move.ref for move in capped.moves} == {"INV-1", "INV-2"}, "the cap keeps the moves that save most"
    set_value(team, "allocation.most_moves_percent", 100)
    work = propose_allocation(team, AS_OF, seconds=1)
    assert dict(work.proposal.assignment) == {f"INV-{at}": "OM01" if at % 2 else "OM02" for at in range(1, 13)}
    approve_allocation(team, work, "by location")
    put(team, {"INV-3": Position(51.5, -1.995)}, "moved to the middle, a little nearer to the other")
    again = propose_allocation(team, AS_OF, seconds=1)
    assert again.proposal.moves == (), "what saves next to nothing stays: continuity"
    at_home = [view_offender(team, ref, AS_OF).case.offender for ref in ("INV-1", "INV-2")]
    for each, town in zip(at_home, ("Swindon", "Bristol"), strict=True):
        save_offender(team, replace(each, address=f"1 Sample Street, {town}"), reason="moved house")
    after = propose_allocation(team, AS_OF, seconds=1)
    assert {(move.ref, move.to_manager) for move in after.proposal.moves} == {("INV-1", "OM02"), ("INV-2", "OM01")}


def set_value(team: Session, key: str, value: float | str) -> None:
    """The force sets a value of its policy."""
    policy = view_policy(team).policy
    save_policy(team, policy, Policy({**policy.values, key: replace(policy.values[key], value=value)}), "the force's own")


def put(team: Session, where: dict[str, Position], reason: str) -> None:
    with team.unit(Permission.RECORD) as unit:
        unit.save_offenders([replace(each, position=where[each.ref]) for each in unit.offenders(where)], reason=reason)


def test_rule_24_the_planner_proposes_and_a_named_person_approves_with_a_reason(team: Session) -> None:
    work = propose_allocation(team, AS_OF, seconds=1)
    assert {case.offender.manager for case in view_caseload(team, AS_OF).cases if case.offender.ref == "INV-1"} == {"OM02"}
    with pytest.raises(AllocationError):
        approve_allocation(team, work, " ")
    with MANAGER, pytest.raises(NotPermitted):
        approve_allocation(team, work, "nearer")
    with MANAGER, pytest.raises(NotPermitted):
        assign(team, "INV-1", "OM01", "nearer", AS_OF)
    decision = approve_allocation(team, work, "nearer")
    assert (decision.by, decision.reason) == ("sgt", "nearer")
    assert view_offender(team, "INV-1", AS_OF).case.offender.manager == "OM01"


def test_rule_25_the_six_operations_are_logged_reads_and_exports_included(team: Session, tmp_path: Path) -> None:
    tracker = tmp_path / "tracker.csv"
    tracker.write_text("Ref,Surname,Risk\nINV-1,INVENTED,High\n", encoding="utf-8")
    assert logged(team, lambda: preview_import(team, tracker, AS_OF)) == [(Operation.COMBINATION, "caseload", 12)]
    person = view_offender(team, "INV-1", AS_OF).case.offender
    assert logged(team, lambda: view_offender(team, "INV-1", AS_OF)) == [(Operation.CONSULTATION, "offender INV-1", 1)]
    assert logged(team, lambda: view_caseload(team, AS_OF)) == [(Operation.CONSULTATION, "caseload", 12)]
    changed = logged(team, lambda: save_offender(team, replace(person, notes="changed")))
    assert changed == [(Operation.ALTERATION, "offender INV-1", 1)]
    assert logged(team, lambda: save_offender(team, Offender(ref="INV-90"))) == [(Operation.COLLECTION, "offender INV-90", 1)]

    def erase() -> None:
        with team.unit(Permission.KEEP_KEYS) as unit:
            unit.erase_offenders(["INV-90"], "review")

    assert logged(team, erase) == [(Operation.ERASURE, "offender INV-90", 1)]
    with team.unit(Permission.AUDIT) as unit:
        assert all(use.actor == "sgt" and use.at.tzinfo for use in unit.uses(200))


def test_rule_25_whatever_leaves_is_a_disclosure_with_its_recipient(team: Session, tmp_path: Path, qtbot: QtBot) -> None:
    paper = make_paper(team, "caseload_team", AS_OF)
    ways: tuple[Callable[[], object], ...] = (
        lambda: save_table(team, paper, tmp_path / "team.xlsx", "Supt Sample", "briefing"),
        lambda: save_pdf(team, paper, tmp_path / "team.pdf", "Supt Sample", "briefing"),
        lambda: export_table(team, tmp_path / "list.csv", "Caseload", ["Ref"], [["INV-1"]], ["INV-1"], "Supt Sample", "briefing"),
        lambda: export_caseload(team, AS_OF, "Supt Sample"),
        lambda: record_copy(team, "Caseload", ["INV-1"]),
    )
    for leave in ways:
        ((operation, _, _),) = logged(team, leave)
        assert operation is Operation.DISCLOSURE
    with team.unit(Permission.AUDIT) as unit:
        assert [use.recipient for use in unit.uses(5)] == ["clipboard", *["Supt Sample"] * 4]


def logged(team: Session, act: Callable[[], object]) -> list[tuple[Operation, str, int]]:
    """What an act adds to the record of use: operation, subject and how many people, oldest first."""
    with team.unit(Permission.AUDIT) as unit:
        before = unit.uses(1)[0].seq
    act()
    with team.unit(Permission.AUDIT) as unit:
        return [(use.operation, use.subject, use.count) for use in reversed(unit.uses(50)) if use.seq > before]


def test_rule_30_print_and_export_carry_the_classification(team: Session, tmp_path: Path, qtbot: QtBot) -> None:
    paper = make_paper(team, "outstanding", AS_OF)
    save_table(team, paper, tmp_path / "late.csv")
    export_table(team, tmp_path / "list.csv", "Caseload", ["Ref"], [["INV-1"]], ["INV-1"])
    for each in ("late.csv", "list.csv"):
        assert (tmp_path / each).read_text(encoding="utf-8-sig").startswith(MARKING)
    save_table(team, paper, tmp_path / "late.xlsx")
    sheet = load_workbook(tmp_path / "late.xlsx").active
    assert (sheet["A1"].value, sheet.oddHeader.center.text) == (MARKING, MARKING)
    assert export_caseload(team, AS_OF)["marking"] == MARKING


def test_rule_30_every_printed_page_carries_the_classification_at_its_top_and_bottom(
    team: Session, tmp_path: Path, qtbot: QtBot
) -> None:
    pages = save_pdf(team, make_paper(team, "outstanding", AS_OF), tmp_path / "late.pdf")
    assert pdf_words(tmp_path / "late.pdf").count(MARKING) == 2 * pages


def test_rule_30_the_classification_stands_on_the_screen_and_is_the_forces_own(
    team: Session, window: MainWindow, qtbot: QtBot
) -> None:
    assert window.banner.isVisible()
    assert window.banner.text() == MARKING, "before anybody has signed in"
    set_value(team, "print.classification", "OFFICIAL-SENSITIVE – INVENTED")
    window.enter(team)
    qtbot.waitUntil(lambda: window.banner.text() == "OFFICIAL-SENSITIVE – INVENTED", timeout=LONG)
    assert window.banner.isVisible()


def test_rule_01_and_31_a_visit_recorded_moves_the_clock_and_waits_to_be_entered_in_visor(team: Session) -> None:
    at = datetime(2026, 11, 20, 18, 30)
    record_visit(team, Visit(id="v", ref="INV-2", at=at, officers=("OM01", "OM02")))
    earlier = replace(Visit(id="e", ref="INV-2", at=at), at=datetime(2026, 10, 1, 9), visor_entered_on=date(2026, 10, 2))
    record_visit(team, replace(earlier, officers=("OM01", "OM02")))
    file = view_offender(team, "INV-2", AS_OF)
    assert file.case.offender.last_seen == at.date(), "an earlier visit recorded later does not set the clock back"
    with team.unit(Permission.VIEW) as unit:
        assert [visit.id for visit in unit.visits(unentered=True)] == ["v"]
