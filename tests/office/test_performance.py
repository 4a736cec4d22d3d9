"""Performance in the office: figures of a month, everybody counted once, cancelled at once. All people are invented."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest

from mosovo_planner.domain.matching import Sureness
from mosovo_planner.domain.months import Month
from mosovo_planner.domain.off_duty import IncidentFile, KeptLog, LoggedMatch, OffDutyMatch, Verdict
from mosovo_planner.domain.people import Position
from mosovo_planner.domain.performance import driven_rounds
from mosovo_planner.domain.progress import Cancelled, Progress
from mosovo_planner.domain.proposals import Plan, Round, SolverFacts, Stop
from mosovo_planner.domain.record import Operation
from mosovo_planner.domain.roles import Permission
from mosovo_planner.domain.visits import Outcome, Visit, VisitKind
from mosovo_planner.office import performance
from mosovo_planner.office.performance import NoFigures, view_performance
from mosovo_planner.office.session import Session

OCTOBER, NOVEMBER = Month(2026, 10), Month(2026, 11)
TODAY = date(2026, 11, 23)
BASE = Position(51.5, -2.0)


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """The work is done in this process, so that a test need not wait for another to start."""
    monkeypatch.setattr(performance, "run_in_worker", lambda work, *args, report: work(*args, report=report))


def visit(ref: str, day: date, hour: int = 10, **more: object) -> Visit:
    at = datetime(day.year, day.month, day.day, hour)
    return Visit(id=f"{ref} {at}", ref=ref, at=at, **({"officers": ("OM01", "OM02")} | more))  # type: ignore[arg-type]


@pytest.fixture
def worked(team: Session) -> Session:
    """October's and November's visits of the team: one lone, one announced, one at a shut door."""
    with team.unit(Permission.RECORD) as unit:
        for each in (
            visit("INV-1", date(2026, 10, 6)),
            visit("INV-2", date(2026, 10, 7), officers=("OM01",), lone_reason="Partner called away"),
            visit("INV-4", date(2026, 10, 8), announced=True, announced_reason="He works away"),
            visit("INV-5", date(2026, 11, 9), outcome=Outcome.NO_REPLY),
        ):
            unit.add_visit(each)
    return team


def test_the_figures_of_a_month_and_who_is_behind_them(worked: Session) -> None:
    steps: list[Progress] = []
    view = view_performance(worked, OCTOBER, TODAY, steps.append)
    lone = view.of()["lone"][-1]
    assert (round(lone.value or 0, 1), lone.of, lone.refs) == (33.3, 3, ("INV-2",))
    assert lone.met is False
    assert view.people["INV-2"].surname == "INVENTED"
    assert [str(month) for month in view.course.months][::11] == ["2025-11", "2026-10"]
    assert any("October 2026" in step.text for step in steps)


@pytest.mark.usefixtures("here")
def test_a_manager_and_a_team_have_figures_of_their_own(worked: Session) -> None:
    with worked.unit(Permission.APPROVE) as unit:
        unit.save_managers([replace(each, team="North") for each in unit.managers() if each.id == "OM01"])
    view = view_performance(worked, OCTOBER, TODAY)
    assert view.of()["lone"][-1].of == 3
    assert view.of(team="North")["lone"][-1].of == view.of(manager="OM01")["lone"][-1].of == 2
    assert view.of(manager="OM02")["announced"][-1].value == 100


@pytest.mark.usefixtures("here")
def test_a_count_of_the_whole_force_judges_no_single_manager(worked: Session) -> None:
    with worked.unit(Permission.APPROVE) as unit:
        before = unit.policy()
        key = "target.visits_overdue"
        unit.save_policy(replace(before, values={**before.values, key: replace(before.values[key], value=3)}), "agreed")
    view = view_performance(worked, OCTOBER, TODAY)
    assert view.of()["visits_overdue"][-1].met is not None
    mine = view.of(manager="OM01")["visits_overdue"][-1]
    assert (mine.target, mine.met) == (None, None)
    assert "whole force" in mine.words


@pytest.mark.usefixtures("here")
def test_a_month_before_records_began_has_no_figures(worked: Session) -> None:
    view = view_performance(worked, NOVEMBER, TODAY)
    september = view.of()["visits_overdue"][-3]
    assert (september.month, september.value) == (Month(2026, 9), None)
    assert "before the first visit" in september.words
    assert view.of()["visits_overdue"][-2].value is not None


@pytest.mark.usefixtures("here")
def test_driving_is_reckoned_from_the_base_where_no_plan_was_approved(worked: Session) -> None:
    found = view_performance(worked, OCTOBER, TODAY).of()["travel"][-1]
    assert found.value is not None
    assert found.value > 0
    assert found.of == 3
    assert "no approved plan" in found.words


@pytest.mark.usefixtures("here")
def test_driving_is_that_of_the_approved_rounds(worked: Session) -> None:
    with worked.unit(Permission.APPROVE) as unit:
        unit.save_plan(plan("old", 90), approved_by="sgt", reason="first")
        unit.save_plan(plan("new", 60), approved_by="sgt", reason="made again")
        unit.save_plan(plan("proposal", 600))
    found = view_performance(worked, OCTOBER, TODAY).of()["travel"][-1]
    assert (found.value, found.of, found.refs) == (30, 2, ("INV-1", "INV-2"))


def plan(name: str, minutes: int) -> Plan:
    stops = tuple(Stop(ref, "OM01", VisitKind.ROUTINE, time(10), time(11), 10, "") for ref in ("INV-1", "INV-2"))
    day = date(2026, 10, 6)
    made = Round(name, day, ("OM01", "OM02"), "Northtown", BASE, time(9), time(17), minutes, stops)
    return Plan(day, day + timedelta(days=4), 1, (made,), (), SolverFacts(1.0, 0.0))


def test_a_later_plan_counts_for_all_its_days_even_those_it_leaves_free() -> None:
    newest, older = plan("new", 60), plan("old", 90)
    shifted = Round("left out", date(2026, 10, 8), ("OM01", "OM02"), "", BASE, time(9), time(17), 5, ())
    before = Plan(older.start, older.end, 1, (*older.rounds, shifted), (), older.solver)
    assert [each.id for each in driven_rounds([newest, before])] == ["new"]


@pytest.mark.usefixtures("here")
def test_matches_are_counted_once_their_time_is_over(worked: Session) -> None:
    read = datetime(2026, 10, 5, 7)
    said = (read + timedelta(hours=3), read + timedelta(hours=60), None)
    with worked.unit(Permission.RECORD) as unit:
        unit.save_incidents(
            IncidentFile(id="F", digest="d", name="night.csv", at=read, by="sgt", logs=3),
            [match(number, at) for number, at in enumerate(said, start=1)],
        )
    found = view_performance(worked, OCTOBER, TODAY).of()["matches_acknowledged"][-1]
    assert (round(found.value or 0, 1), found.of, found.refs) == (33.3, 3, ("INV-2", "INV-3"))


def match(number: int, at: datetime | None) -> LoggedMatch:
    log = KeptLog(id=f"L{number}", file_id="F", number=f"INV/{number}")
    verdict = Verdict.OPEN if at is None else Verdict.NOT_HIM
    said = OffDutyMatch(
        id=f"M{number}", ref=f"INV-{number}", log_id=log.id, sureness=Sureness.LIKELY, explanation="Invented",
        verdict=verdict, acknowledged_at=at, acknowledged_by="sgt" if at else "",
    )  # fmt: skip
    return LoggedMatch(said, log)


@pytest.mark.usefixtures("here")
def test_a_look_is_a_consultation_of_everybody(worked: Session) -> None:
    view_performance(worked, OCTOBER, TODAY)
    with worked.unit(Permission.AUDIT) as unit:
        use = next(each for each in unit.uses(50) if each.subject == "performance")
    assert (use.operation, use.count) == (Operation.CONSULTATION, 6)


def test_a_month_ahead_is_refused_and_work_can_be_stopped(worked: Session) -> None:
    with pytest.raises(NoFigures, match="lies ahead"):
        view_performance(worked, Month(2026, 12), TODAY)

    def stop(progress: Progress) -> None:
        if "Reckoning" in progress.text or "Starting" in progress.text:
            raise Cancelled

    with pytest.raises(Cancelled):
        view_performance(worked, OCTOBER, TODAY, stop)
