"""The papers hold what officers look for, and every page is marked. All people are invented."""

from __future__ import annotations

import shutil
import subprocess
from datetime import date, datetime, time
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from mosovo_planner.domain.clocks import Case, case_of
from mosovo_planner.domain.people import Offender, OffenderManager, Position, Risk, Status
from mosovo_planner.domain.policy import Policy, read_policy
from mosovo_planner.domain.proposals import Plan, Round, SolverFacts, Stop
from mosovo_planner.domain.visits import VisitKind
from mosovo_planner.domain.workload import manager_workload
from mosovo_planner.reports.caseload import manager_summary, managers_summaries, team_summary
from mosovo_planner.reports.day_sheet import day_sheets
from mosovo_planner.reports.markup import paper_html
from mosovo_planner.reports.outstanding import outstanding_paper
from mosovo_planner.reports.paper import Marking, Paper
from mosovo_planner.reports.printing import write_pdf
from mosovo_planner.resources import resource

AS_OF = date(2026, 11, 23)
MARKING = Marking("OFFICIAL-SENSITIVE", "sgt.invented", datetime(2026, 11, 23, 9, 5))
OFFICERS = (
    OffenderManager(id="OM01", name="PC Invented Oak", base="Devizes", trained=True),
    OffenderManager(id="OM02", name="PC Invented Elm", base="Trowbridge"),
)


@pytest.fixture
def policy() -> Policy:
    return read_policy(resource("policy/default.toml").read_text(encoding="utf-8"))


def offenders(count: int) -> list[Offender]:
    risks = [Risk.LOW, Risk.MEDIUM, Risk.HIGH, Risk.VERY_HIGH, None]
    return [
        Offender(
            ref=f"INV-{number:04}",
            surname=f"<b>O'Oak & {number}</b>",
            forenames="Ann",
            risk=risks[number % 5],
            postcode="ZZ1 1ZZ",
            manager=OFFICERS[number % 2].id,
            last_seen=date(2025, 1 + number % 12, 1 + number % 28),
            status=Status.CUSTODY if number % 11 == 0 else Status.COMMUNITY,
            markers=("Dog",) if number % 7 == 0 else (),
        )
        for number in range(count)
    ]


def cases(count: int, policy: Policy) -> list[Case]:
    return [case_of(offender, policy, AS_OF) for offender in offenders(count)]


def label(manager_id: str | None) -> str:
    return next((officer.label for officer in OFFICERS if officer.id == manager_id), "Not allocated")


def pdf_text(path: Path) -> list[str]:
    """The words of each page, read back by an independent program."""
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not installed")
    words = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, check=True, text=True).stdout
    return words.split("\f")[:-1]


def test_every_page_is_marked_numbered_and_repeats_the_headings(qtbot: QtBot, tmp_path: Path, policy: Policy) -> None:
    everybody = cases(140, policy)
    workload = manager_workload(OFFICERS[0], everybody, (), policy, AS_OF)
    own = [case for case in everybody if case.offender.manager == "OM01"]
    count = write_pdf(manager_summary(workload, own, AS_OF, MARKING), tmp_path / "caseload.pdf")
    pages = pdf_text(tmp_path / "caseload.pdf")
    assert count == len(pages) >= 2
    for number, page in enumerate(pages, 1):
        assert page.count("OFFICIAL-SENSITIVE") == 2
        assert f"Page {number} of {count}" in page
        assert "Printed by sgt.invented on 23 Nov 2026 at 09:05" in page
        assert "Days overdue" in " ".join(page.split()) or "Days" in page
    everything = "".join(pages)
    assert all(case.offender.ref in everything for case in own)


def test_words_from_data_are_escaped(policy: Policy) -> None:
    everybody = cases(3, policy)
    paper = outstanding_paper(everybody, label, policy, AS_OF, MARKING)
    assert "<b>O'Oak" not in paper_html(paper)
    assert "&lt;b&gt;O&#x27;Oak" in paper_html(paper)


def test_team_summary_counts_each_manager_and_those_nobody_holds(policy: Policy) -> None:
    everybody = cases(30, policy)
    everybody.append(case_of(Offender(ref="INV-X"), policy, AS_OF))
    workloads = [manager_workload(officer, everybody, (), policy, AS_OF) for officer in OFFICERS]
    paper = team_summary(workloads, everybody, AS_OF, 9, MARKING)
    assert dict(paper.facts)["Not allocated"] == "1"
    assert [row[7] for row in paper.tables[0].rows] == ["15", "15", "30"]


def test_each_manager_starts_a_page_of_their_own(qtbot: QtBot, tmp_path: Path, policy: Policy) -> None:
    everybody = cases(10, policy)
    workloads = [manager_workload(officer, everybody, (), policy, AS_OF) for officer in OFFICERS]
    assert write_pdf(managers_summaries(workloads, everybody, AS_OF, MARKING), tmp_path / "m.pdf") == 2
    first, second = pdf_text(tmp_path / "m.pdf")
    assert "PC Invented Oak" in first
    assert "PC Invented Elm" in second


def sheet(policy: Policy) -> Paper:
    stop = Stop("INV-0007", "OM01", VisitKind.ROUTINE, time(9, 40), time(10, 30), 12, "12 days overdue")
    base = Position(51.3, -2.0)
    rounds = tuple(
        Round(f"r{day}", date(2026, 11, 23 + day), ("OM01", "OM02"), "Devizes", base, time(8, 30), time(15, 5), 61, (stop,))
        for day in range(2)
    )
    plan = Plan(AS_OF, date(2026, 11, 29), 7, rounds, (), SolverFacts(1.0, 1.0))
    by_ref = {case.offender.ref: case for case in cases(20, policy)}
    return day_sheets(plan, by_ref, label, MARKING)


def test_a_day_sheet_tells_the_crew_who_when_where_and_what_to_mind(qtbot: QtBot, tmp_path: Path, policy: Policy) -> None:
    paper = sheet(policy)
    assert write_pdf(paper, tmp_path / "d.pdf") == 2
    page = " ".join(pdf_text(tmp_path / "d.pdf")[0].split())
    crew = "PC Invented Oak and PC Invented Elm"
    for words in ("Monday 23 Nov 2026", crew, "09:40", "10:30", "Dog", "PROPOSAL, not yet approved"):
        assert words in page
    assert paper.refs == ("INV-0007", "INV-0007")


def test_a_failed_print_leaves_what_was_there(
    qtbot: QtBot, tmp_path: Path, policy: Policy, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "d.pdf"
    target.write_bytes(b"former")

    def fail(*_: object) -> int:
        raise OSError("disk full")

    monkeypatch.setattr("mosovo_planner.reports.printing.paint", fail)
    with pytest.raises(OSError, match="disk full"):
        write_pdf(sheet(policy), target)
    assert target.read_bytes() == b"former"
    assert {entry.name for entry in tmp_path.iterdir()} <= {"d.pdf", "data", "state", "config"}
