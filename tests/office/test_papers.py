"""Papers from the office: made, printed and saved, with their disclosure in the record of use. All people are invented."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook

from mosovo_planner.domain.months import Month
from mosovo_planner.domain.people import Position
from mosovo_planner.domain.proposals import Move, Plan, Round, SolverFacts, Stop
from mosovo_planner.domain.record import Operation, Use
from mosovo_planner.domain.risk_plans import PlanAction, RiskPlan
from mosovo_planner.domain.roles import Permission
from mosovo_planner.domain.visits import Outcome, Visit, VisitKind
from mosovo_planner.office import papers, performance
from mosovo_planner.office.papers import (
    KINDS,
    TABLE_KINDS,
    Paper,
    PaperError,
    PaperOptions,
    make_offender_paper,
    make_paper,
    save_pdf,
    save_table,
)
from mosovo_planner.office.performance import NoFigures
from mosovo_planner.office.session import Session
from mosovo_planner.office.supervision import assign
from mosovo_planner.store.base.records import AllocationDecision

DAY = date(2026, 11, 23)


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """In this process; that a worker does it is tried with the performance itself."""
    monkeypatch.setattr(performance, "run_in_worker", lambda work, *args, report: work(*args, report=report))
    monkeypatch.setattr(papers, "run_in_worker", lambda work, *args: work(*args))


def words(paper: Paper) -> str:
    cells = [str(cell) for table in paper.tables for row in table.rows for cell in row]
    facts = [text for fact in paper.facts for text in fact]
    return " | ".join([paper.title, paper.subtitle, paper.notice, *facts, *cells])


def disclosures(session: Session) -> list[Use]:
    with session.unit(Permission.AUDIT) as unit:
        return [use for use in unit.uses(50) if use.operation is Operation.DISCLOSURE]


def test_the_monthly_report_names_nobody_and_leaves_as_pdf_and_table(team: Session, tmp_path: Path) -> None:
    with team.unit(Permission.RECORD) as unit:
        unit.save_managers([replace(each, team="North") for each in unit.managers()])
        at = datetime(2026, 10, 6, 10)
        unit.add_visit(Visit(id="V", ref="INV-1", at=at, officers=("OM01",), lone_reason="Partner ill"))
    paper = make_paper(team, "performance", DAY, PaperOptions(month=Month(2026, 10)))
    assert "October 2026" in paper.subtitle
    assert "100%" in words(paper)
    assert "INVENTED" not in words(paper)
    assert paper.refs == ()
    assert save_pdf(team, paper, tmp_path / "month.pdf", "Superintendent", "Review") >= 2
    save_table(team, paper, tmp_path / "month.xlsx", "Superintendent", "Review")
    rows = list(load_workbook(tmp_path / "month.xlsx").active.iter_rows(values_only=True))  # type: ignore[union-attr]
    assert any("North" in row and "Lone visits" in row for row in rows)
    assert {(use.recipient, use.reason, use.medium) for use in disclosures(team)} == {
        ("Superintendent", "Review", "pdf"),
        ("Superintendent", "Review", "xlsx"),
    }
    with pytest.raises(NoFigures):
        make_paper(team, "performance", DAY, PaperOptions(month=Month(2027, 1)))


def test_the_last_decision_is_printed_with_its_reasons(team: Session, tmp_path: Path) -> None:
    with pytest.raises(PaperError, match="No allocation was approved yet"):
        make_paper(team, "allocation_decision", DAY)
    assign(team, "INV-1", "OM02", "He moved to Southtown", DAY)
    assign(team, "INV-4", "OM01", "He moved to Northtown", DAY)
    paper = make_paper(team, "allocation_decision", DAY)
    assert "He moved to Northtown" in words(paper)
    assert "Southtown" not in words(paper)
    assert "INVENTED, Person 4" in words(paper)
    assert paper.refs == ("INV-4",)
    save_table(team, paper, tmp_path / "decision.csv", "DI", "Supervision")
    assert "He moved to Northtown" in (tmp_path / "decision.csv").read_text(encoding="utf-8-sig")


def test_a_summary_for_a_visit_is_made_for_the_next_stop_of_the_approved_plan(team: Session, tmp_path: Path) -> None:
    stop = Stop("INV-2", "OM01", VisitKind.ROUTINE, time(18, 30), time(19), 10, "")
    made = Round("R", DAY + timedelta(days=2), ("OM01", "OM02"), "", Position(51, -2), time(13), time(21), 30, (stop,))
    with team.unit(Permission.APPROVE) as unit:
        unit.save_plan(Plan(DAY, DAY + timedelta(days=6), 1, (made,), (), SolverFacts(1, 0)), approved_by="sgt", reason="good")
        unit.add_visit(
            Visit(id="V", ref="INV-2", at=datetime(2026, 11, 2, 11), officers=("OM01", "OM02"), outcome=Outcome.REFUSED)
        )
        actions = (PlanAction("Check the tablet", "OM01", DAY),)
        unit.save_risk_plan(RiskPlan(ref="INV-2", author="OM01", written_on=DAY, actions=actions))
    paper = make_offender_paper(team, "visit_summary", "INV-2", None, DAY)
    told = words(paper)
    assert "Wednesday 25 Nov 2026, 18:30" in told
    assert "Refused" in told
    assert "Check the tablet" in told
    assert save_pdf(team, paper, tmp_path / "visit.pdf", "PC Invented 1", "Visits") == 1
    assert [(use.subject, use.count) for use in disclosures(team)] == [("paper visit_summary", 1)]
    with pytest.raises(PaperError, match="no table"):
        save_table(team, paper, tmp_path / "visit.csv")


def test_a_paper_about_one_offender_needs_him(team: Session) -> None:
    with pytest.raises(PaperError, match="about one offender"):
        make_paper(team, "visit_summary", DAY)
    with pytest.raises(PaperError, match="No risk management plan"):
        make_offender_paper(team, "risk_plan", "INV-2", None, DAY)
    with pytest.raises(PaperError, match="no paper"):
        make_offender_paper(team, "day_sheet", "INV-2", None, DAY)


def test_what_is_outstanding_is_split_by_team_where_teams_are_named(team: Session) -> None:
    assert "By team" not in {table.heading for table in make_paper(team, "outstanding", DAY).tables}
    with team.unit(Permission.RECORD) as unit:
        unit.save_managers([replace(each, team="North") for each in unit.managers()])
    assert "By team" in {table.heading for table in make_paper(team, "outstanding", DAY).tables}


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_paper_is_made_or_says_why_not(team: Session, kind: str, tmp_path: Path) -> None:
    if kind in ("day_sheet", "visit_summaries", "allocation_decision"):
        with pytest.raises(PaperError, match="approve it"):
            make_paper(team, kind, DAY)
        return
    paper = make_paper(team, kind, DAY)
    assert save_pdf(team, paper, tmp_path / "paper.pdf", "DI", "Review") >= 1
    if kind in TABLE_KINDS:
        save_table(team, paper, tmp_path / "paper.csv", "DI", "Review")
        assert "OFFICIAL-SENSITIVE" in (tmp_path / "paper.csv").read_text(encoding="utf-8-sig")


def test_a_move_keeps_its_words(team: Session) -> None:
    """A decision of a proposal holds each move with its own reason, refused ones too."""
    moves = (Move("INV-1", "OM01", "OM02", 120, "Saves two hours"),)
    refused = (Move("INV-2", "OM01", "OM02", 60, "Would save an hour"),)
    with team.unit(Permission.APPROVE) as unit:
        at = datetime(2026, 11, 20, 9).astimezone()
        unit.save_decision(AllocationDecision(at=at, by="sgt", reason="By place", moves=moves, refused=refused, as_of=DAY))
    told = words(make_paper(team, "allocation_decision", DAY))
    assert "Saves two hours" in told
    assert "Would save an hour" in told
    assert "By place" in told


def round_of(refs: tuple[str, ...], day: date = DAY, officers: tuple[str, str] = ("OM01", "OM02")) -> Round:
    stops = tuple(
        Stop(ref, officers[0], VisitKind.ROUTINE, time(9 + place), time(9 + place, 45), 10, "due")
        for place, ref in enumerate(refs)
    )
    return Round(f"{day} {officers[0]}", day, officers, "Base", Position(51.3, -2.0), time(8), time(17), 60, stops)


def test_the_summaries_of_a_round_leave_together_with_a_record_for_each_offender(team: Session, tmp_path: Path) -> None:
    mine, theirs = round_of(("INV-2", "INV-1")), round_of(("INV-4",), officers=("OM03", "OM04"))
    with team.unit(Permission.APPROVE) as unit:
        unit.save_plan(Plan(DAY, DAY, 1, (mine, theirs), (), SolverFacts(1, 1)), approved_by="sgt", reason="agreed")
    paper = make_paper(team, "visit_summaries", DAY, PaperOptions(officer="OM02"))
    assert [each.refs for each in paper.more] == [("INV-1",)]
    assert paper.refs == ("INV-2", "INV-1")
    assert "09:00" in paper.subtitle
    assert "10:00" in paper.more[0].subtitle
    assert save_pdf(team, paper, tmp_path / "round.pdf", "PC Invented", "Visits") == 2
    told = [(use.subject, use.count, use.medium) for use in disclosures(team)]
    assert sorted(told) == [("offender INV-1", 1, "pdf"), ("offender INV-2", 1, "pdf")]
    with team.unit(Permission.AUDIT) as unit:
        made = [use.subject for use in unit.uses(50) if use.operation is Operation.CONSULTATION and use.reason == "paper made"]
    assert sorted(made) == ["offender INV-1", "offender INV-2"]
    assert {ref for each in make_paper(team, "visit_summaries", DAY).more for ref in each.refs} == {"INV-1", "INV-4"}
    assert make_paper(team, "visit_summaries", DAY, PaperOptions(rounds=(theirs,))).refs == ("INV-4",)


def test_a_day_without_a_round_says_when_the_next_is(team: Session) -> None:
    with pytest.raises(PaperError, match="propose a plan"):
        make_paper(team, "visit_summaries", DAY)
    later = DAY + timedelta(days=2)
    with team.unit(Permission.APPROVE) as unit:
        unit.save_plan(Plan(DAY, later, 1, (round_of(("INV-1",), later),), (), SolverFacts(1, 1)), approved_by="sgt", reason="x")
    with pytest.raises(PaperError, match="25 Nov 2026"):
        make_paper(team, "visit_summaries", DAY)


def test_any_past_decision_is_printed_and_all_are_listed(team: Session) -> None:
    assign(team, "INV-1", "OM02", "Nearer", DAY)
    assign(team, "INV-1", "OM01", "Back from leave", DAY)
    (first, _) = [each.id for each in sorted(_decisions(team), key=lambda each: each.at)]
    assert "Nearer" in words(make_paper(team, "allocation_decision", DAY, PaperOptions(decision=first)))
    assert "Back from leave" in words(make_paper(team, "allocation_decision", DAY))
    listed = words(make_paper(team, "allocation_decisions", DAY))
    assert "Nearer" in listed
    assert "Back from leave" in listed
    with pytest.raises(PaperError, match="no decision of that id"):
        make_paper(team, "allocation_decision", DAY, PaperOptions(decision="none"))


def _decisions(session: Session) -> tuple[AllocationDecision, ...]:
    with session.unit(Permission.VIEW) as unit:
        return unit.decisions()
