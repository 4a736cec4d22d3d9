"""An invented force, signed in, and a plan for it made by hand through the office, without a long search."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from pytestqt.qtbot import QtBot

from mosovo_planner.domain.proposals import Plan, SolverFacts
from mosovo_planner.office import plans as office
from mosovo_planner.office.caseload import view_caseload
from mosovo_planner.office.ground import travel
from mosovo_planner.office.plans import PlanWork
from mosovo_planner.office.session import Session
from mosovo_planner.planning.weeks import plan_request
from mosovo_planner.ui.plan.view import PlanView
from mosovo_planner.ui.tasks import Tasks
from tests.ui.proposals.common import AS_OF, no_coast, own_session, session

__all__ = ["no_coast", "own_session", "session"]


def plan_for(session: Session) -> PlanWork:
    """Two rounds on Monday and one on Tuesday, of two visits each near their base, by officers who may go."""
    view = view_caseload(session, AS_OF)
    request = plan_request(view.cases, view.managers, view.policy, travel(view.policy), AS_OF, 1)
    plan = Plan(AS_OF, AS_OF + timedelta(days=6), 1, (), (), SolverFacts(0, 0), travel_basis="crow-fly formula")
    work = PlanWork(view, request, plan)
    officers = [manager for manager in view.managers if not manager.away(AS_OF) and not manager.away(AS_OF + timedelta(days=1))]
    crews = [(officers[0].id, officers[1].id), (officers[2].id, officers[3].id)]
    for day, crew in ((0, crews[0]), (0, crews[1]), (1, crews[0])):
        work = office.add_round(work, AS_OF + timedelta(days=day), crew, False)
    for each in work.plan.rounds:
        planned = {stop.ref for other in work.plan.rounds for stop in other.stops}
        for ref in _nearby(work, each.base_position.lat, each.base_position.lon, planned)[:2]:
            work = office.add_visit(work, ref, each.id)
    unpinned = replace(work.plan, rounds=tuple(replace(each, pinned=False) for each in work.plan.rounds))
    return replace(work, plan=unpinned)


def _nearby(work: PlanWork, lat: float, lon: float, planned: set[str]) -> list[str]:
    cases = [
        (abs(at.lat - lat) + abs(at.lon - lon), case.offender.ref)
        for case in work.view.cases
        if (at := case.offender.position) and not case.visit.suspended and not case.offender.markers
        and case.offender.ref not in planned
    ]  # fmt: skip
    return [ref for _, ref in sorted(cases)]


@pytest.fixture
def show(qtbot: QtBot, tasks: Tasks) -> Callable[[Session], PlanView]:
    """Opens the view on a session."""

    def opened(session: Session) -> PlanView:
        view = PlanView(session, tasks)
        qtbot.addWidget(view)
        view.resize(1200, 680)
        with qtbot.waitExposed(view):
            view.show()
        qtbot.waitUntil(lambda: not tasks.running)
        return view

    return opened


@pytest.fixture
def empty_desk(session: Session, show: Callable[[Session], PlanView]) -> PlanView:
    """The view before any plan was made."""
    return show(session)


@pytest.fixture(scope="module")
def work(session: Session) -> PlanWork:
    """The plan by hand; it is immutable, so all tests can start from the same."""
    return plan_for(session)


@pytest.fixture
def view(empty_desk: PlanView, work: PlanWork) -> PlanView:
    """The view with a plan on the desk."""
    empty_desk._take(work)
    return empty_desk
