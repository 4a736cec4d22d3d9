"""Restricted records and records of another team: alike in a folder and on a server. All people are invented."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time

import pytest

from mosovo_planner.domain.errors import NotPermitted, UserError
from mosovo_planner.domain.people import Position
from mosovo_planner.domain.proposals import Plan, Round, SolverFacts, Stop
from mosovo_planner.domain.record import Operation, Use
from mosovo_planner.domain.roles import Permission, Role
from mosovo_planner.domain.visits import Visit, VisitKind
from mosovo_planner.office.caseload import NoSuchOffender, view_caseload, view_offender
from mosovo_planner.office.editing import StaleRecord
from mosovo_planner.office.export import export_caseload
from mosovo_planner.office.need_to_know import (
    NoReason,
    lift_restriction,
    may_see,
    note_seen,
    open_with_reason,
    restrict,
    restriction_of,
)
from mosovo_planner.office.papers import PaperOptions, make_paper
from mosovo_planner.office.plans import latest_plan
from mosovo_planner.office.search import answer, find, make_finder
from mosovo_planner.office.session import Session
from mosovo_planner.office.supervision import assign, view_waiting
from mosovo_planner.store.backups.backup import verify
from mosovo_planner.store.base.errors import NotAllowed
from tests.office.signed_in import signed_in_as

DAY, NOON = date(2026, 11, 23), datetime(2026, 11, 23, 12)
WHY = "Met him on patrol with a child; need to know what is agreed."


@pytest.fixture
def teams(team: Session) -> Session:
    """The two managers belong to two teams."""
    with team.unit(Permission.RECORD) as unit:
        north, south = unit.managers()
        unit.save_managers([replace(north, team="North"), replace(south, team="South")])
    return team


@pytest.fixture
def north(teams: Session) -> Session:
    return signed_in_as(teams, "pc north", Role.OFFENDER_MANAGER, "North")


def _refs(session: Session) -> set[str]:
    return {case.offender.ref for case in view_caseload(session, DAY).cases}


def test_a_team_sees_its_own_and_a_supervisor_of_all_teams_everybody(teams: Session, north: Session) -> None:
    assert _refs(north) == {"INV-1", "INV-2", "INV-3"}
    assert _refs(teams) == {f"INV-{number}" for number in range(1, 7)}
    assert {each.id for each in view_caseload(north, DAY).managers} == {"OM01", "OM02"}
    with pytest.raises(NoSuchOffender):
        view_offender(north, "INV-4", DAY)


def test_another_teams_record_is_found_answered_and_opened_with_a_reason(teams: Session, north: Session) -> None:
    (found,) = [each for each in find(north, make_finder(north), "Person 4 INVENTED") if each.ref == "INV-4"]
    assert found.manager == "PC Invented 2"
    assert answer(north, "INV-4", DAY).manager == "PC Invented 2"
    assert not may_see(north, "INV-4")
    with pytest.raises(NoReason):
        open_with_reason(north, "INV-4", "need it")
    open_with_reason(north, "INV-4", WHY)
    assert may_see(north, "INV-4")
    assert view_offender(north, "INV-4", DAY).case.offender.ref == "INV-4"
    with north.unit(Permission.RECORD) as unit:
        unit.add_visit(Visit(id="v1", ref="INV-4", at=NOON))
    (notice,) = view_waiting(teams).opened
    assert (notice.by, notice.ref, notice.reason) == ("pc north", "INV-4", WHY)
    note_seen(teams, notice)
    assert view_waiting(teams).opened == ()
    with teams.unit(Permission.AUDIT) as unit:
        (opened,) = [each for each in unit.uses(100) if each.reason == WHY]
    assert (opened.actor, opened.operation, opened.subject) == ("pc north", Operation.CONSULTATION, "offender INV-4")
    assert verify(teams.workspace).problems == ()


def test_nobody_looks_at_his_own_notice(teams: Session) -> None:
    open_with_reason(teams, "INV-4", WHY)
    (notice,) = view_waiting(teams).opened
    with pytest.raises(NotAllowed, match="Another supervisor"):
        note_seen(teams, notice)


def test_a_restricted_record_is_seen_by_those_named_and_supervisors_and_by_nobody_else(teams: Session, north: Session) -> None:
    named = signed_in_as(teams, "pc named", Role.OFFENDER_MANAGER)
    none, users = restriction_of(teams, "INV-1")
    assert none is None
    assert {"pc north", "pc named", "sgt"} <= set(users)
    made = restrict(teams, "INV-1", ("pc named",), "A relative of his works in this team.")
    for session, sees in ((teams, True), (named, True), (north, False)):
        assert may_see(session, "INV-1") is sees
        assert ("INV-1" in _refs(session)) is sees
    assert "INV-1" not in {each.ref for each in find(north, make_finder(north), "Person 1 INVENTED")}
    with pytest.raises(NoSuchOffender):
        answer(north, "INV-1", DAY)
    with pytest.raises(NotAllowed, match="ask a supervisor"):
        open_with_reason(north, "INV-1", WHY)
    with pytest.raises(UserError), north.unit(Permission.RECORD) as unit:
        unit.add_visit(Visit(id="v1", ref="INV-1", at=NOON))
    with pytest.raises(StaleRecord):
        restrict(teams, "INV-1", (), "Somebody else restricted it too.")
    wider = restrict(teams, "INV-1", ("pc named", "pc north"), "He holds the case again.", made)
    assert may_see(north, "INV-1")
    lift_restriction(teams, wider, "The relative has left the force.")
    assert restriction_of(teams, "INV-1")[0] is None
    assert verify(teams.workspace).problems == ()


def test_restricting_is_a_supervisors(teams: Session, north: Session) -> None:
    with pytest.raises(NotPermitted):
        restrict(north, "INV-2", (), "A relative of his works here.")
    with pytest.raises(NotPermitted):
        restriction_of(north, "INV-2")
    with pytest.raises(NoSuchOffender):
        restrict(teams, "INV-99", (), "A relative of his works here.")
    with pytest.raises(NoReason):
        restrict(teams, "INV-2", (), " ")


def test_the_forces_plan_opens_for_a_team_and_papers_are_of_its_own_people(teams: Session, north: Session) -> None:
    refs = ("INV-1", "INV-4")
    stops = tuple(Stop(ref, "OM01", VisitKind.ROUTINE, time(9), time(9, 45), 20, "due") for ref in refs)
    made = Round("R1", DAY, ("OM01", "OM02"), "Northtown", Position(51.5, -2.0), time(8, 30), time(12), 40, stops)
    with teams.unit(Permission.APPROVE) as unit:
        unit.save_plan(Plan(DAY, DAY, 1, (made,), (), SolverFacts(1.0, 0.0)), approved_by="sgt", reason="agreed")
    work = latest_plan(north)
    assert work is not None
    assert {case.offender.ref for case in work.view.cases} == {"INV-1", "INV-2", "INV-3"}
    assert "Person 4" not in str(work)
    for kind in ("caseload_team", "outstanding", "day_sheet"):
        options = PaperOptions(plan=work.plan) if kind == "day_sheet" else PaperOptions()
        assert "Person 4" not in str(make_paper(north, kind, DAY, options))
    assert export_caseload(north, DAY)["offenders"][-1]["ref"] == "INV-3"


def test_a_team_supervisor_decides_within_his_team(teams: Session) -> None:
    sergeant = signed_in_as(teams, "sgt north", Role.SUPERVISOR, "North")
    assert _refs(sergeant) == {"INV-1", "INV-2", "INV-3"}
    with teams.unit(Permission.APPROVE) as unit:
        unit.save_offenders([replace(him, manager=None) for him in unit.offenders(["INV-5"])])
    assert "INV-5" in _refs(sergeant)  # whom nobody holds every supervisor sees
    assign(sergeant, "INV-5", "OM01", "nearest to the base", DAY)
    assert view_offender(sergeant, "INV-5", DAY).case.offender.manager == "OM01"
    with sergeant.unit(Permission.APPROVE) as unit:
        unit.save_managers([replace(each, base="Northtown Lane") for each in unit.managers() if each.team == "North"])
    assert {each.subject for each in _decisions(sergeant)} >= {"offender INV-5"}
    assert verify(teams.workspace).problems == ()


def _decisions(session: Session) -> tuple[Use, ...]:
    with session.unit(Permission.AUDIT) as unit:
        return unit.uses(50)
