"""A workspace goes to a server and comes back with everything it holds, or stays where it is."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest

from mosovo_planner.domain.people import Offender
from mosovo_planner.domain.progress import Cancelled, Progress
from mosovo_planner.domain.record import Operation
from mosovo_planner.domain.roles import Role
from mosovo_planner.domain.visits import Visit
from mosovo_planner.store import KdfParameters, Workspace, create_workspace, move, open_workspace
from mosovo_planner.store.backups.backup import backup_workspace, backups, verify
from mosovo_planner.store.base.errors import AlreadyThere, DamagedWorkspace, NotAllowed, WorkspaceError
from mosovo_planner.store.members import add_member
from mosovo_planner.store.server.logins import NewUser, add_user
from mosovo_planner.store.server.prepare import prepare
from mosovo_planner.store.tables.kinds import OF_OFFENDERS, RISK_SINCE
from tests.store.guarded import invented

USER, PASSPHRASE = "Sgt Invented", "correct horse battery"
CHEAP = KdfParameters(8 * 1024, 1, 1)
NOON = datetime(2026, 11, 23, 12)


@pytest.fixture
def full(embedded: Workspace) -> Workspace:
    """Something of everything, by two users who sign."""
    add_member(embedded, "PC Other", PASSPHRASE, Role.OFFENDER_MANAGER, kdf=CHEAP)
    with embedded.transaction() as unit:
        unit.save_offenders([Offender(ref=ref, surname="O'Brien Zoë İ", notes="x\ny\t\\") for ref in ("INV-1", "INV-2")])
        unit.add_visit(Visit(id="v1", ref="INV-1", at=NOON, note="nobody in"))
        unit.connection.exec_driver_sql(
            "INSERT INTO incident_file SELECT 'f1','1','n','2026-11-23 12:00:00.000000','x',1,1,1,1,NULL"
        )
        unit.connection.exec_driver_sql("INSERT INTO incident_log SELECT 'log-INV-1','1',NULL,'','','','','[]','[]','','f1'")
        for kind in OF_OFFENDERS:
            if kind is not RISK_SINCE:
                unit._records.add(kind, [("INV-1", invented(kind, "INV-1"))])
    backup_workspace(embedded)
    return embedded


@pytest.fixture
def database(server: Any) -> Iterator[str]:
    """The administrator's address of an empty database; logins made for it are taken away."""
    name = server.new_database()
    yield server.url(name)
    server.drop_database(name)


@contextlib.contextmanager
def _superuser(address: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(address.replace("+psycopg", ""), autocommit=True) as connection:
        yield connection


def _signed_in(server: Any, address: str, name: str, role: Role = Role.SUPERVISOR) -> Workspace:
    database = address.rsplit("/", 1)[1]
    login = f"{name} {database}".casefold()
    add_user(address, NewUser(name, role, login=login, passphrase=PASSPHRASE))
    return open_workspace(f"postgresql+psycopg://127.0.0.1:{server.port}/{database}", login, PASSPHRASE)


def test_there_and_back_without_loss_and_with_a_chain_that_verifies(
    full: Workspace, database: str, server: Any, tmp_path: Path
) -> None:
    with full.transaction() as unit:
        entries = unit.head().seq
        before = move.content(unit.connection)
    moved = move.move_to_server(full, database)
    assert moved.entries == entries + 1
    assert moved.rows | {"record_of_use": 0} == {name: count for name, (count, _) in before.items()} | {"record_of_use": 0}
    assert moved.rows["court_order_conditions"] == 1
    assert verify(full).problems == ()
    assert len(backups(full.folder)) == 1 if full.folder else False

    with _signed_in(server, database, USER) as there:
        assert verify(there).problems == ()
        with there.transaction() as unit:
            (old,) = [each for each in unit.visits() if each.id == "v1"]
            unit.add_visit(Visit(id="v2", ref="INV-2", at=NOON))
            assert old.note == "nobody in"
        assert verify(there).problems == ()

    target = tmp_path / "Back.vp"
    back = move.move_to_folder(database, target, USER, "another pass phrase", kdf=CHEAP)
    assert back.rows["visit"] == 2
    with open_workspace(str(target), USER, "another pass phrase") as here:
        assert (here.role, verify(here).problems) == (Role.SUPERVISOR, ())
        with here.transaction() as unit:
            assert {each.id for each in unit.visits()} == {"v1", "v2"}
            assert "moved to a folder" in {each.medium for each in unit.uses(5)}
            unit.save_offenders([Offender(ref="INV-3")])
        add_member(here, "PC Other", "a third pass phrase", Role.OFFENDER_MANAGER, kdf=CHEAP)
    with open_workspace(str(target), "PC Other", "a third pass phrase") as here:
        with here.transaction() as unit:
            unit.record(Operation.CONSULTATION, "caseload")
        assert verify(here).problems == ()


def test_an_entry_forged_on_the_way_is_found(full: Workspace, database: str, server: Any) -> None:
    move.move_to_server(full, database)
    with _superuser(database) as connection:
        connection.execute("ALTER TABLE record_of_use DISABLE TRIGGER USER")
        connection.execute("UPDATE record_of_use SET reason = 'another' WHERE seq = 3")
        connection.execute("ALTER TABLE record_of_use ENABLE TRIGGER USER")
    with _signed_in(server, database, USER) as there:
        assert verify(there).problems != ()


@pytest.mark.parametrize("where", ["Moving the workspace", "Comparing what arrived"])
def test_a_half_done_move_leaves_both_as_they_were(full: Workspace, database: str, tmp_path: Path, where: str) -> None:
    prepare(database)

    def stop(step: Progress) -> None:
        if step.text == where and (step.share or 0) > 0.4:
            raise Cancelled

    with full.transaction() as unit:
        before = move.content(unit.connection)
    with pytest.raises(Cancelled):
        move.move_to_server(full, database, stop)
    with full.transaction() as unit:
        after = move.content(unit.connection)
    assert {name for name in before if before[name] != after[name]} == {"record_of_use"}  # that it was tried
    with _superuser(database) as connection:
        for table in ("offender", "account", "visit"):
            assert connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)  # type: ignore[arg-type]
        assert connection.execute("SELECT count(*) FROM pg_trigger WHERE tgenabled = 'D'").fetchone() == (0,)
    move.move_to_server(full, database)
    with pytest.raises(Cancelled):
        move.move_to_folder(database, tmp_path / "Back.vp", USER, PASSPHRASE, stop, kdf=CHEAP)
    assert [each.name for each in tmp_path.glob("*.vp*")] == []


def test_what_arrives_otherwise_does_not_stand(full: Workspace, database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    contents = iter([{"offender": (2, "a")}, {"offender": (2, "b")}])
    monkeypatch.setattr(move, "content", lambda connection: next(contents))
    with pytest.raises(DamagedWorkspace, match="nothing was moved"):
        move.move_to_server(full, database)
    with _superuser(database) as connection:
        assert connection.execute("SELECT count(*) FROM offender").fetchone() == (0,)


def test_nothing_is_moved_onto_something(
    full: Workspace, database: str, embedded: Workspace, tmp_path: Path, server: Any
) -> None:
    prepare(database)
    add_user(database, NewUser(f"first {database[-6:]}", Role.SUPERVISOR, passphrase=PASSPHRASE))
    with pytest.raises(AlreadyThere, match="empty"):
        move.move_to_server(full, database)
    with pytest.raises(AlreadyThere):
        move.move_to_folder(database, full.folder or tmp_path, USER, PASSPHRASE)
    with _signed_in(server, database, "Sgt Two") as there, pytest.raises(WorkspaceError, match="already"):
        move.move_to_server(there, database)


def test_only_a_keeper_of_keys_moves_it_and_only_what_is_prepared_comes_back(folder: Path, server: Any, tmp_path: Path) -> None:
    create_workspace(str(folder), USER, PASSPHRASE, kdf=CHEAP).close()
    with open_workspace(str(folder), USER, PASSPHRASE) as workspace:
        add_member(workspace, "PC Other", PASSPHRASE, Role.OFFENDER_MANAGER, kdf=CHEAP)
    with open_workspace(str(folder), "PC Other", PASSPHRASE) as workspace, pytest.raises(NotAllowed):
        move.move_to_server(workspace, "postgresql+psycopg://nowhere/x")
    name = server.new_database()
    create_workspace(server.url(name), USER, PASSPHRASE, kdf=CHEAP).close()
    with pytest.raises(WorkspaceError, match="not prepared"):
        move.move_to_folder(server.url(name), tmp_path / "Back.vp", USER, PASSPHRASE, kdf=CHEAP)
    assert not (tmp_path / "Back.vp").exists()
