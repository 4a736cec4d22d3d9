"""An invented force, signed in, and a proposal for it made without a long search."""

from __future__ import annotations

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from mosovo_planner.office.allocation import AllocationWork
from mosovo_planner.office.caseload import view_caseload
from mosovo_planner.office.ground import travel
from mosovo_planner.office.session import Session
from mosovo_planner.planning.allocation import allocation_request, evaluate_allocation
from mosovo_planner.ui.allocation.view import AllocationView
from mosovo_planner.ui.tasks import Tasks
from tests.ui.proposals.common import AS_OF, no_coast, own_session, session

__all__ = ["no_coast", "own_session", "session"]


def proposal_for(session: Session) -> AllocationWork:
    """Everybody to the manager with the nearest base."""
    view = view_caseload(session, AS_OF)
    request = allocation_request(view.cases, view.managers, view.policy, travel(view.policy), AS_OF, pinned={})
    nearest = np.nan_to_num(request.base_minutes, nan=1e9).argmin(axis=0)
    movable = {case.ref: request.managers[nearest[at]].id for at, case in enumerate(request.cases) if case.movable}
    kept = {case.ref: case.manager for case in request.cases if not case.movable and case.manager}
    return AllocationWork(view, request, evaluate_allocation(request, movable | kept))


def shown(qtbot: QtBot, session: Session, tasks: Tasks) -> AllocationView:
    view = AllocationView(session, tasks)
    qtbot.addWidget(view)
    view.resize(1200, 680)
    with qtbot.waitExposed(view):
        view.show()
    qtbot.waitUntil(lambda: not tasks.running)
    return view


@pytest.fixture
def empty_desk(qtbot: QtBot, session: Session, tasks: Tasks) -> AllocationView:
    """The view before anything was proposed."""
    return shown(qtbot, session, tasks)


@pytest.fixture(scope="module")
def work(session: Session) -> AllocationWork:
    """The proposal; it is immutable, so all tests can start from the same."""
    return proposal_for(session)


@pytest.fixture
def view(empty_desk: AllocationView, work: AllocationWork) -> AllocationView:
    """The view with a proposal on the desk."""
    empty_desk._take(work)
    return empty_desk
