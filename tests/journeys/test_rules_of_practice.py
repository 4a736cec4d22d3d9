"""Rules of practice that only the whole program can keep, each by its number in the table. All people are invented."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from mosovo_planner.domain.people import Offender, OffenderManager, Position, Risk
from mosovo_planner.domain.record import Operation
from mosovo_planner.domain.roles import Permission
from mosovo_planner.domain.visits import Visit
from mosovo_planner.office.allocation import AllocationError, approve_allocation, propose_allocation
from mosovo_planner.office.caseload import view_caseload, view_offender
from mosovo_planner.office.door import record_visit
from mosovo_planner.office.entering import save_offender
from mosovo_planner.office.papers import make_paper, save_pdf, save_table
from mosovo_planner.office.session import Session
from mosovo_planner.store.base.names import KdfParameters
from mosovo_planner.store.workspace import create_workspace

AS_OF = date(2026, 11, 23)
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


def test_rule_18_cases_go_to_the_near_manager_and_a_new_address_moves_the_case(team: Session) -> None:
    work = propose_allocation(team, AS_OF, seconds=1)
    assert dict(work.proposal.assignment) == {f"INV-{at}": "OM01" if at % 2 else "OM02" for at in range(1, 13)}
    approve_allocation(team, work, "by location")
    again = propose_allocation(team, AS_OF, seconds=1)
    assert again.proposal.moves == (), "who is near stays: continuity"
    with team.unit(Permission.RECORD) as unit:
        pair = zip(unit.offenders(["INV-1", "INV-2"]), (EAST, WEST), strict=True)
        swapped = [replace(each, position=where) for each, where in pair]
        unit.save_offenders(swapped, reason="both moved house")
    after = propose_allocation(team, AS_OF, seconds=1)
    assert {(move.ref, move.to_manager) for move in after.proposal.moves} == {("INV-1", "OM02"), ("INV-2", "OM01")}


def test_rule_24_the_planner_proposes_and_a_named_person_approves_with_a_reason(team: Session) -> None:
    work = propose_allocation(team, AS_OF, seconds=1)
    assert {case.offender.manager for case in view_caseload(team, AS_OF).cases if case.offender.ref == "INV-1"} == {"OM02"}
    with pytest.raises(AllocationError):
        approve_allocation(team, work, "")
    decision = approve_allocation(team, work, "nearer")
    assert (decision.by, decision.reason) == ("sgt", "nearer")
    assert view_offender(team, "INV-1", AS_OF).case.offender.manager == "OM01"


def test_rule_25_the_six_operations_are_logged_reads_and_exports_included(team: Session, tmp_path: Path) -> None:
    view_offender(team, "INV-1", AS_OF)
    person = view_offender(team, "INV-1", AS_OF).case.offender
    save_offender(team, replace(person, notes="changed"))
    save_offender(team, Offender(ref="INV-90"))
    paper = make_paper(team, "caseload_team", AS_OF)
    save_table(team, paper, tmp_path / "team.xlsx", "Supt Sample", "briefing")
    with team.unit(Permission.KEEP_KEYS) as unit:
        unit.erase_offenders(["INV-90"], "review")
    with team.unit(Permission.AUDIT) as unit:
        uses = unit.uses(200)
    assert {use.operation for use in uses} >= {
        Operation.COLLECTION, Operation.ALTERATION, Operation.CONSULTATION, Operation.DISCLOSURE, Operation.ERASURE
    }  # fmt: skip
    assert all(use.actor == "sgt" and use.at.tzinfo for use in uses)
    disclosed = next(use for use in uses if use.operation is Operation.DISCLOSURE)
    assert (disclosed.recipient, disclosed.reason) == ("Supt Sample", "briefing")


def test_rule_30_print_and_export_carry_the_classification(team: Session, tmp_path: Path, qtbot: QtBot) -> None:
    paper = make_paper(team, "outstanding", AS_OF)
    assert paper.marking.classification == "OFFICIAL-SENSITIVE"
    save_table(team, paper, tmp_path / "late.csv")
    assert "OFFICIAL-SENSITIVE" in (tmp_path / "late.csv").read_text(encoding="utf-8-sig")
    assert save_pdf(team, paper, tmp_path / "late.pdf") >= 1
    assert (tmp_path / "late.pdf").read_bytes().startswith(b"%PDF")


def test_rule_01_and_31_a_visit_recorded_moves_the_clock_and_waits_to_be_entered_in_visor(team: Session) -> None:
    at = datetime(2026, 11, 20, 18, 30)
    record_visit(team, Visit(id="v", ref="INV-2", at=at, officers=("OM01", "OM02")))
    file = view_offender(team, "INV-2", AS_OF)
    assert file.case.offender.last_seen == at.date()
    with team.unit(Permission.VIEW) as unit:
        assert [visit.id for visit in unit.visits(unentered=True)] == ["v"]
