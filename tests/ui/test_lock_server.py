"""Locking where the workspace is on a server: what was typed is sealed here and comes back, whatever the server does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mosovo_planner.domain.roles import Permission, Role
from mosovo_planner.office import drafts
from mosovo_planner.office.members import change_own_passphrase
from mosovo_planner.office.session import Session, open_session
from mosovo_planner.store.drafts import FOLDER
from mosovo_planner.store.record.watermark import state_folder
from mosovo_planner.store.server.logins import NewUser, add_user
from mosovo_planner.store.server.prepare import prepare
from mosovo_planner.ui.dialogs.visit import VisitDialog
from mosovo_planner.ui.lock.restart import Locked
from mosovo_planner.ui.main_window import MainWindow
from tests.store.postgres import running_server, stop
from tests.ui import invented
from tests.ui.conftest import PASSPHRASE, USER

TYPED = "Curtains drawn; the neighbour at 14 says he left on Sunday"
OTHER = "Sgt Other"


@dataclass
class Force:
    """A prepared database on a server of these tests' own, with sixty invented offenders and two supervisors."""

    server: Any
    address: str

    def sign_in(self, user: str = USER, passphrase: str = PASSPHRASE) -> Session:
        return open_session(self.address, user, passphrase)


@pytest.fixture(scope="module")
def force() -> Iterator[Force]:
    with running_server() as server:
        name = server.new_database()
        prepare(server.url(name))
        for user in (USER, OTHER):
            add_user(server.url(name), NewUser(user, Role.SUPERVISOR, passphrase=PASSPHRASE))
        made = Force(server, f"postgresql+psycopg://127.0.0.1:{server.port}/{name}")
        session = made.sign_in()
        with session.unit(Permission.RECORD) as unit:
            unit.save_managers(invented.managers(4), reason="invented")
            unit.save_offenders(invented.offenders(60, staff=4), reason="invented")
        session.close()
        yield made


@pytest.fixture
def enter(qtbot: QtBot, window: MainWindow, force: Force) -> Callable[..., Session]:
    def sign_in(**who: str) -> Session:
        session = force.sign_in(**who)
        window.show()
        window.enter(session)
        qtbot.waitUntil(lambda: window.desk is not None and window.desk.view is not None)
        qtbot.waitUntil(lambda: not window.tasks.running)
        window.locker.keeping.look()
        return session

    return sign_in


@pytest.fixture
def anew(window: MainWindow) -> Iterator[list[Locked]]:
    """What the fresh process would be told; no process is started."""
    told: list[Locked] = []
    window.locker.begin_anew = told.append
    yield told
    QGuiApplication.setQuitOnLastWindowClosed(True)


def type_a_visit(window: MainWindow) -> None:
    assert window.page is not None
    window.page.caseload.table.select("SYN-2")
    window.page.caseload.record_visit()
    window.locker.keeping.look()
    _visit(window).note.setPlainText(TYPED)


def lock(qtbot: QtBot, window: MainWindow, anew: list[Locked]) -> None:
    window.locker.lock("asked")
    assert not [each for each in QApplication.topLevelWidgets() if each.isVisible()]
    qtbot.waitUntil(lambda: bool(anew), timeout=15_000)
    assert window.desk is None
    locked = anew.pop()
    assert (locked.unfinished, locked.lost) == (True, False)


def _visit(window: MainWindow) -> VisitDialog:
    assert window.page is not None
    return next(each for each in window.page.findChildren(VisitDialog) if each.isVisible())


def _sealed() -> list[Path]:
    return list((state_folder() / FOLDER).iterdir())


def test_what_was_typed_comes_back_after_a_lock_and_is_readable_to_nobody_meanwhile(
    qtbot: QtBot, window: MainWindow, enter: Callable[..., Session], anew: list[Locked], force: Force
) -> None:
    enter()
    type_a_visit(window)
    lock(qtbot, window, anew)
    (sealed,) = _sealed()
    assert TYPED.encode() not in sealed.read_bytes()
    other = force.sign_in(OTHER)
    assert drafts.kept_draft(other) is None
    other.close()
    enter()
    assert _visit(window).note.toPlainText() == TYPED


@pytest.mark.parametrize("harm", ["stopped", "connections ended"])
def test_a_server_that_went_away_keeps_no_window_open_and_takes_nothing_that_was_typed(
    qtbot: QtBot, window: MainWindow, enter: Callable[..., Session], anew: list[Locked], force: Force, harm: str
) -> None:
    enter()
    type_a_visit(window)
    if harm == "stopped":
        stop(force.server)
    else:
        force.server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
    try:
        lock(qtbot, window, anew)
    finally:
        if harm == "stopped":
            force.server.start()
    enter()
    assert _visit(window).note.toPlainText() == TYPED


def test_who_changes_his_password_finds_what_he_had_left_and_what_he_leaves_then(
    qtbot: QtBot, window: MainWindow, enter: Callable[..., Session], anew: list[Locked], force: Force
) -> None:
    new = "another three words"
    session = enter(user=OTHER)
    type_a_visit(window)
    lock(qtbot, window, anew)
    session = force.sign_in(OTHER)
    change_own_passphrase(session, PASSPHRASE, new)
    session.close()
    try:
        session = enter(user=OTHER, passphrase=new)
        assert _visit(window).note.toPlainText() == TYPED, "what was left before"
        _visit(window).note.setPlainText(f"{TYPED} again")
        change_own_passphrase(session, new, PASSPHRASE)
        lock(qtbot, window, anew)
        enter(user=OTHER)
        assert _visit(window).note.toPlainText() == f"{TYPED} again", "what was left in the same session"
    finally:
        _set_back(force, new)


def _set_back(force: Force, new: str) -> None:
    from mosovo_planner.store.base.errors import WrongPassphrase

    try:
        session = force.sign_in(OTHER, new)
    except WrongPassphrase:
        return
    change_own_passphrase(session, new, PASSPHRASE)
    session.close()
