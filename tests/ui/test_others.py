"""A window on a server follows what others change, and a lost line loses nothing that was typed. All people are invented."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from PySide6.QtWidgets import QPlainTextEdit
from pytestqt.qtbot import QtBot

from mosovo_planner.domain.roles import Permission, Role
from mosovo_planner.office.session import Session
from mosovo_planner.store import open_workspace
from mosovo_planner.store.server.logins import NewUser, add_user
from mosovo_planner.store.server.prepare import prepare
from mosovo_planner.ui.desk import Desk
from mosovo_planner.ui.dialogs.offender import OffenderDialog
from mosovo_planner.ui.others import Others
from mosovo_planner.ui.settings import Settings
from mosovo_planner.ui.tasks import Tasks
from tests.ui import invented

PASSPHRASE = "three random words"


@pytest.fixture
def shared_desk(server: Any, qtbot: QtBot, tasks: Tasks, settings: Settings) -> Iterator[tuple[Desk, Session, Any]]:
    """A supervisor's desk on a server, and a colleague signed in beside him."""
    name = server.new_database()
    prepare(server.url(name))
    people = [NewUser(f"{who} {name}", Role.SUPERVISOR, passphrase=PASSPHRASE) for who in ("one", "two")]
    for each in people:
        add_user(server.url(name), each)
    address = f"postgresql+psycopg://127.0.0.1:{server.port}/{name}"
    with contextlib.ExitStack() as closing:
        one, two = (closing.enter_context(open_workspace(address, each.name, PASSPHRASE)) for each in people)
        session = Session(one)
        with session.unit(Permission.RECORD) as unit:
            unit.save_managers(invented.managers(2))
            unit.save_offenders(invented.offenders(4, staff=2))
        desk = Desk(session, tasks, settings)
        with qtbot.waitSignal(desk.loaded):
            desk.as_of = invented.AS_OF
        yield desk, Session(two), lambda: psycopg.connect(server.url(name).replace("+psycopg", ""), autocommit=True)
        qtbot.waitUntil(lambda: not tasks.running)
    for each in people:
        server.execute(psycopg.sql.SQL("DROP ROLE {}").format(psycopg.sql.Identifier(each.name)))
    server.drop_database(name)


def _note(session: Session, notes: str) -> None:
    from dataclasses import replace

    with session.unit(Permission.RECORD) as unit:
        him = unit.offender("SYN-1")
        assert him is not None
        unit.save_offenders([replace(him, notes=notes)])


def _notes(desk: Desk) -> str:
    assert desk.view is not None
    return next(case.offender.notes for case in desk.view.cases if case.offender.ref == "SYN-1")


def test_a_window_shows_what_a_colleague_saved_without_being_asked(shared_desk: Any, qtbot: QtBot) -> None:
    desk, colleague, _superuser = shared_desk
    others = Others(desk, soon=1, seldom=1)
    assert others._watch.ready.wait(60)
    for words in ("first", "second"):
        with qtbot.waitSignal(desk.loaded):
            _note(colleague, words)
        qtbot.waitUntil(lambda words=words: _notes(desk) == words)
    others.stop()


def test_much_that_changes_at_once_is_read_seldom(shared_desk: Any, qtbot: QtBot) -> None:
    desk, colleague, _superuser = shared_desk
    others = Others(desk, soon=1, seldom=3_600_000)
    assert others._watch.ready.wait(60)
    with qtbot.waitSignal(desk.loaded):
        _note(colleague, "first")
    heard: list[object] = []
    others._heard.connect(lambda: heard.append(1))
    for words in ("second", "third"):
        _note(colleague, words)
    qtbot.waitUntil(lambda: len(heard) == 2)
    assert (_notes(desk), others._again) == ("first", True)
    others.stop()


def test_what_was_typed_stays_when_the_line_is_cut_and_the_next_try_saves_it(shared_desk: Any, qtbot: QtBot) -> None:
    desk, _colleague, superuser = shared_desk
    him = next(case.offender for case in desk.view.cases if case.offender.ref == "SYN-1")
    dialog = OffenderDialog(desk, him)
    qtbot.addWidget(dialog)
    dialog.show()
    notes = dialog.findChild(QPlainTextEdit)
    assert notes is not None
    notes.setPlainText("Typed for a quarter of an hour.")
    engine, transactions = desk.session.workspace.insides.engine, []

    def cut(held: Any) -> None:
        transactions.append(held.driver_connection.info.backend_pid)
        with superuser() as connection:
            connection.execute("SELECT pg_terminate_backend(%s, 5000)", (transactions[-1],))
        held.driver_connection.commit()

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(engine.dialect, "do_commit", cut)
        dialog.act.click()
        qtbot.waitUntil(lambda: bool(dialog.error_words))
    assert transactions
    assert "before anything was saved" in dialog.error_words
    assert dialog.isVisible()
    assert notes.toPlainText() == "Typed for a quarter of an hour."
    with qtbot.waitSignal(dialog.accepted):
        dialog.act.click()
    with desk.session.unit(Permission.VIEW) as unit:
        assert "Typed for a quarter of an hour." in (unit.offender("SYN-1") or him).notes
