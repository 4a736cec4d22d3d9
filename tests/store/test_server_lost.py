"""A wire that is cut, at any moment: what was saved is known, what was not is said, and the next try works."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import psycopg
import pytest
from sqlalchemy import make_url, text

from mosovo_planner.domain.people import Offender
from mosovo_planner.domain.record import Operation
from mosovo_planner.store import Workspace
from mosovo_planner.store.base.engines import server_engine
from mosovo_planner.store.base.errors import NotAllowed, RecordOfUseFailed, ServerUnreachable, WorkspaceBusy
from mosovo_planner.store.base.outcome import NUMBERED
from mosovo_planner.store.server import transactions
from mosovo_planner.store.server.listen import Change, Listener

NORTH = "INV-N"


@pytest.fixture
def workspace(own_guarded: Any) -> Iterator[Workspace]:
    with own_guarded.open("sgt all") as opened:
        yield opened


def _backend(unit: Any) -> int:
    return int(unit.connection.execute(text("SELECT pg_backend_pid()")).scalar())


def _kill(guarded: Any, backend: int) -> None:
    with guarded.superuser() as connection:
        connection.execute("SELECT pg_terminate_backend(%s, 5000)", (backend,))


def _cut_off(workspace: Workspace, guarded: Any, then: Callable[[Any], object]) -> None:
    with workspace.transaction() as unit:
        _change(unit, "lost")
        unit.seal()
        _kill(guarded, _backend(unit))
        then(unit)


def _note(workspace: Workspace, notes: str) -> None:
    with workspace.transaction() as unit:
        _change(unit, notes)


def _change(unit: Any, notes: str) -> None:
    unit.save_offenders([replace(unit.offender(NORTH), notes=notes)])


def _notes(workspace: Workspace) -> str:
    with workspace.transaction() as unit:
        him: Offender = unit.offender(NORTH)  # type: ignore[assignment]
        return him.notes


def test_a_connection_that_died_while_idle_is_replaced_without_a_word(workspace: Workspace, own_guarded: Any) -> None:
    with workspace.transaction() as unit:
        backend = _backend(unit)
    _kill(own_guarded, backend)
    _note(workspace, "afterwards")
    assert _notes(workspace) == "afterwards"


def test_a_connection_cut_in_the_middle_saves_nothing_and_the_next_try_works(workspace: Workspace, own_guarded: Any) -> None:
    with pytest.raises(ServerUnreachable, match="before anything was saved"):
        _cut_off(workspace, own_guarded, lambda unit: unit.offenders())
    assert _notes(workspace) == ""
    _note(workspace, "saved")
    assert _notes(workspace) == "saved"


def test_a_connection_cut_before_the_commit_saves_nothing(workspace: Workspace, own_guarded: Any) -> None:
    with pytest.raises(ServerUnreachable, match="before anything was saved"):
        _cut_off(workspace, own_guarded, lambda unit: None)
    assert _notes(workspace) == ""


@pytest.mark.parametrize("came_to_pass", [True, False])
def test_a_commit_whose_answer_is_lost_is_asked_for(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, came_to_pass: bool
) -> None:
    _note(workspace, "before")
    commit = psycopg.Connection.commit

    def cut(connection: psycopg.Connection) -> None:
        if came_to_pass:
            commit(connection)
        connection.close()
        raise psycopg.OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr(workspace.insides.engine.dialect, "do_commit", lambda held: cut(held.driver_connection))
    if came_to_pass:
        _note(workspace, "after")
    else:
        with pytest.raises(ServerUnreachable, match="before anything was saved"):
            _note(workspace, "after")
    monkeypatch.undo()
    assert _notes(workspace) == ("after" if came_to_pass else "before")


def test_a_commit_that_nobody_can_be_asked_about_is_left_to_the_users_eyes(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = workspace.insides.engine

    def cut(held: Any) -> None:
        held.driver_connection.close()
        monkeypatch.setattr(engine, "connect", _dead)
        raise psycopg.OperationalError("server closed the connection unexpectedly")

    def _dead() -> Any:
        from sqlalchemy.exc import OperationalError

        raise OperationalError("", {}, psycopg.OperationalError("connection refused"))

    monkeypatch.setattr(transactions, "_WAITS", (0.0, 0.0))
    with monkeypatch.context() as patched:
        patched.setattr(engine.dialect, "do_commit", cut)
        with pytest.raises(ServerUnreachable, match="look whether the change is there"):
            _note(workspace, "after")
    with pytest.raises(ServerUnreachable, match="Nothing was changed"):
        _note(workspace, "again")


# Hearing of others


@pytest.fixture
def heard(own_guarded: Any) -> Iterator[tuple[list[Change], threading.Event, Listener]]:
    """What a second window hears."""
    changes: list[Change] = []
    arrived = threading.Event()

    def hear(change: Change) -> None:
        changes.append(change)
        arrived.set()

    with own_guarded.open("pc north") as workspace:
        watch = workspace.watch(hear)
        assert isinstance(watch, Listener)
        assert watch.ready.wait(60)
        yield changes, arrived, watch
        watch.stop()


def _given_up(workspace: Workspace) -> None:
    with workspace.transaction() as unit:
        _change(unit, "never")
        unit.seal()
        raise RuntimeError


def test_others_changes_are_heard_at_their_commit_by_reference_and_without_names(workspace: Workspace, heard: Any) -> None:
    changes, arrived, _watch = heard
    with workspace.transaction() as unit:
        unit.record(Operation.CONSULTATION, f"offender {NORTH}")  # somebody only looked
    with pytest.raises(RuntimeError):
        _given_up(workspace)
    with workspace.transaction() as unit:
        _change(unit, "SECRET words")
        unit.note_account_change("PC North", "pass phrase")
    assert arrived.wait(60)
    assert changes == [Change(frozenset({f"offender {NORTH}", "account"}))]


def test_what_one_changes_oneself_is_not_heard_and_nothing_after_the_stop(own_guarded: Any, workspace: Workspace) -> None:
    changes: list[Change] = []
    watch = workspace.watch(changes.append)
    assert isinstance(watch, Listener)
    assert watch.ready.wait(60)
    _note(workspace, "mine")
    watch.stop()
    watch.stop()
    with own_guarded.open("sgt north") as other:
        _note(other, "another's")
    assert changes == []


def test_after_a_lost_line_everything_may_have_changed(own_guarded: Any, heard: Any) -> None:
    changes, arrived, _watch = heard
    with own_guarded.superuser() as connection:
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'")
    assert arrived.wait(60)
    assert changes == [Change()]


def test_an_embedded_workspace_hears_nothing(embedded: Workspace) -> None:
    embedded.watch(lambda change: None).stop()


def test_a_number_that_a_crashed_server_gave_to_another_is_not_taken_for_ones_own(workspace: Workspace, own_guarded: Any) -> None:
    """Killed with what it had not written yet, a server gives the lost transaction's number out again."""
    engine = workspace.insides.engine
    with engine.begin() as connection:
        connection.execute(text("SELECT pg_current_xact_id()"))
        number, since = connection.execute(NUMBERED).one()
    assert transactions._came_to_pass(engine, number, since)
    with pytest.raises(ServerUnreachable, match="look whether"):
        transactions._came_to_pass(engine, number, "before its crash")
    with engine.connect() as connection:
        connection.execute(text("SELECT pg_current_xact_id()"))
        number, since = connection.execute(NUMBERED).one()
        connection.rollback()
    assert not transactions._came_to_pass(engine, number, "before its crash")


_LATE = "DEFERRABLE INITIALLY DEFERRED"
REFUSED = {
    "the entry": ("BEFORE INSERT ON record_of_use FOR EACH ROW", "23514", RecordOfUseFailed),
    "the commit": (f"AFTER UPDATE ON offender {_LATE} FOR EACH ROW", "42501", NotAllowed),
    "the commit, for somebody was first": (f"AFTER UPDATE ON offender {_LATE} FOR EACH ROW", "40001", WorkspaceBusy),
}


@pytest.mark.parametrize("what", list(REFUSED))
def test_entries_that_go_with_the_commit_are_refused_in_words_and_nothing_is_kept(
    workspace: Workspace, own_guarded: Any, what: str
) -> None:
    when, state, wrong = REFUSED[what]
    kind = "CONSTRAINT" if "DEFERRED" in when else ""
    with own_guarded.superuser() as connection:
        connection.execute(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION 'refused' USING ERRCODE = '{state}'; END $$"
        )
        connection.execute(f"CREATE {kind} TRIGGER refused {when} EXECUTE FUNCTION refuse()")
    with pytest.raises(wrong):
        _note(workspace, "not kept")
    with own_guarded.superuser() as connection:
        connection.execute("DROP FUNCTION refuse() CASCADE")
    with workspace.transaction() as unit:
        kept = unit.offender(NORTH)
        assert kept is not None
        assert kept.notes != "not kept"
        before = unit.head().seq
    _note(workspace, "kept")
    with workspace.transaction() as unit:
        assert unit.head().seq == before + 1


def test_nobody_waits_for_a_watch_of_a_server_that_does_not_answer() -> None:
    """It takes connections and says nothing, as behind a line that is down; the window that locks has to be gone."""
    with socket.create_server(("127.0.0.1", 0)) as mute:
        engine = server_engine(make_url(f"postgresql+psycopg://somebody:x@127.0.0.1:{mute.getsockname()[1]}/x"))
        changes: list[Change] = []
        watch = Listener(engine, "mine", changes.append)
        taken, _ = mute.accept()
        watch.stop()
        assert watch._thread.is_alive(), "still waiting for the server, and nobody for it"
        taken.close()
    watch._thread.join()
    engine.dispose()
    assert changes == []
