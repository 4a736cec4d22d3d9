"""An officer's rounds out of the office: a disclosure that names nobody. All people are invented."""

from __future__ import annotations

from datetime import date, time
from pathlib import Path

import pytest

from mosovo_planner.domain.people import Position
from mosovo_planner.domain.proposals import Plan, Round, SolverFacts, Stop
from mosovo_planner.domain.record import Operation
from mosovo_planner.domain.roles import Permission
from mosovo_planner.domain.visits import VisitKind
from mosovo_planner.exchange.errors import TablePathError
from mosovo_planner.office.calendars import NoRounds, officers_of, save_calendar
from mosovo_planner.office.session import Session

DAY = date(2026, 11, 24)


def plan() -> Plan:
    stop = Stop(ref="INV-1", lead="OM01", kind=VisitKind.ROUTINE, arrive=time(9), leave=time(9, 45), drive_minutes=20, why="due")
    made = Round("R1", DAY, ("OM01", "OM02"), "Northtown", Position(51.5, -2.0), time(8, 30), time(12), 40, (stop,))
    return Plan(DAY, DAY, 1, (made,), (), SolverFacts(1.0, 0.0))


def approve(session: Session) -> None:
    with session.unit(Permission.APPROVE) as unit:
        unit.save_plan(plan(), approved_by=session.user, reason="agreed")


def test_the_calendar_names_nobody_and_is_recorded_as_a_disclosure(team: Session, tmp_path: Path) -> None:
    approve(team)
    target = tmp_path / "rounds.ics"
    assert save_calendar(team, "OM02", target) == 1
    text = target.read_text(encoding="utf-8")
    assert "Visits\\, 1 stop\\, base Northtown" in text
    assert "INV" not in text
    with team.unit(Permission.AUDIT) as unit:
        used = unit.uses(1)[0]
    assert (used.operation, used.subject, used.medium) == (Operation.DISCLOSURE, "rounds of OM02", "ics")


def test_there_is_none_without_an_approved_plan_or_without_rounds(team: Session, tmp_path: Path) -> None:
    with pytest.raises(NoRounds, match="no approved plan"):
        save_calendar(team, "OM01", tmp_path / "rounds.ics")
    approve(team)
    with pytest.raises(NoRounds, match="goes out in no round"):
        save_calendar(team, "OM99", tmp_path / "rounds.ics")
    assert officers_of(plan()) == ("OM01", "OM02")


def test_what_cannot_be_written_is_not_recorded(team: Session, tmp_path: Path) -> None:
    with team.unit(Permission.AUDIT) as unit:
        before = unit.uses(1)[0]
    with pytest.raises(TablePathError):
        save_calendar(team, "OM01", tmp_path / "rounds.txt", plan())
    with team.unit(Permission.AUDIT) as unit:
        assert unit.uses(1)[0] == before
