"""Moving a workspace from a folder to a server and back, with everything it holds: history and record of use entry by entry.

Both ways are all or nothing: what is moved is counted and compared row by row before it stands, and what it comes from
stays as it was. The entry that says so lets the chain be checked across the change from signed entries (of a folder, whose
users have keys) to sealed ones (of a server, which makes them itself).
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, delete, insert, select, text

from mosovo_planner.domain.progress import Progress, Reporter, silent
from mosovo_planner.domain.record import Operation
from mosovo_planner.domain.roles import Permission, Role
from mosovo_planner.store import tables
from mosovo_planner.store.base.engines import files_translated, translated
from mosovo_planner.store.base.errors import AlreadyThere, DamagedWorkspace, NotAllowed, WorkspaceError
from mosovo_planner.store.base.files import beside
from mosovo_planner.store.base.names import KdfParameters, check_passphrase, clean_name
from mosovo_planner.store.checks import verify
from mosovo_planner.store.embedded import folder as folders
from mosovo_planner.store.embedded.places import refuse_unsafe
from mosovo_planner.store.parts.accounts import let_in
from mosovo_planner.store.record.chain import MOVED_HERE, MOVED_TO_SERVER, Actor, broken_at, digest_of, head
from mosovo_planner.store.server.address import administrators_connection
from mosovo_planner.store.server.names import OWNER, quoted
from mosovo_planner.store.server.place import is_guarded
from mosovo_planner.store.server.prepare import prepare
from mosovo_planner.store.unit import Unit
from mosovo_planner.store.workspace import Workspace

_AT_ONCE = 2000
_AGAIN = "Try again, and run: mosovo-planner verify."
_MADE_BY_PREPARING = {"about", "policy", "record_of_use"}


@dataclass(frozen=True, slots=True)
class Moved:
    """What was moved: rows by table, entries of the record of use, and where it now is."""

    rows: dict[str, int]
    entries: int
    location: str

    @property
    def total(self) -> int:
        return sum(self.rows.values())


def move_to_server(workspace: Workspace, address: str, report: Reporter = silent) -> Moved:
    """Move an open embedded workspace into an empty database (prepared here where it is not), with its administrator's address.

    The folder stays as it is but for the entry that it was moved. Nobody has a login on the server yet.

    Raises:
        NotAllowed: the user keeps no keys.
        DamagedWorkspace: the workspace is not sound, or what arrived is not what was sent; nothing was moved.
        AlreadyThere: the database holds something already.
        ServerUnreachable and others: as :func:`prepare` and a transaction.
    """
    if workspace.folder is None:
        raise WorkspaceError("This workspace lies on a server already.")
    if Permission.KEEP_KEYS not in workspace.role.permissions:
        raise NotAllowed("Only a keeper of keys may move the workspace. Ask your supervisor.")
    if problems := verify(workspace, report).problems:
        raise DamagedWorkspace(f"The workspace is not sound ({problems[0]}), so it was not moved.")
    prepare(address)
    with workspace.transaction() as unit:
        unit.record(Operation.DISCLOSURE, "workspace", count=0, medium=MOVED_TO_SERVER)
    with workspace.transaction() as unit, administrators_connection(address) as there, translated():
        _as_owner(there)
        _refuse_full(there)
        _without_guards(there, on=False)
        rows = _copied(unit.connection, there, report)
        _without_guards(there, on=True)
        location = there.engine.url.set(username=None, password=None, query={}).render_as_string()
        return Moved(rows, head(unit.connection).seq, location)


def move_to_folder(
    address: str, target: Path, user: str, passphrase: str, report: Reporter = silent, *, kdf: KdfParameters | None = None
) -> Moved:
    """Move a prepared database, with its administrator's address, into a new folder whose keeper of keys is ``user``.

    Others who had accounts are let in again there, each with a pass phrase of his own. The database stays as it is but for
    the entry that it was moved: shut its users out, or drop it.

    Raises:
        WeakPassphrase, RefusedLocation, AlreadyThere: the new folder cannot be made.
        DamagedWorkspace: what arrived is not what was sent, or its chain is broken; there is no new folder.
    """
    if not clean_name(user):
        raise WorkspaceError("Give the name of the new workspace's keeper of keys.")
    check_passphrase(passphrase)
    target = target.expanduser().absolute()
    refuse_unsafe(target)
    if target.exists():
        raise AlreadyThere("There is something at this place already. Choose another name.")
    unfinished = beside(target)
    try:
        with files_translated():
            moved = _into_folder(address, unfinished, user, passphrase, kdf or KdfParameters(), report)
            unfinished.rename(target)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return Moved(moved.rows, moved.entries, str(target))


def _into_folder(address: str, path: Path, user: str, passphrase: str, kdf: KdfParameters, report: Reporter) -> Moved:
    place, engine, actor = folders.create(path, user, passphrase, kdf)
    try:
        with administrators_connection(address) as there, translated(), engine.begin() as here:
            if not is_guarded(there):
                raise WorkspaceError("This database is not prepared. Run first: mosovo-planner server init.")
            _as_owner(there)
            there.execute(text("LOCK TABLE record_of_use IN EXCLUSIVE MODE"))  # nobody commits a change meanwhile
            key = here.execute(select(tables.account.c.signing_key)).scalar() or ""
            sealed = list(here.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")))
            for name, _ in sealed:
                here.exec_driver_sql(f"DROP TRIGGER {name}")
            rows = _copied(there, here, report)
            for _, made in sealed:
                here.exec_driver_sql(made)
            _settle(here, actor, key)
            place.committed(head(here))
            return Moved(rows, head(here).seq, str(path))
    finally:
        place.close(engine)


def _settle(here: Connection, actor: Actor, key: str) -> None:
    """The new folder knows one user, its keeper of keys; the others have no key to it until they are let in again."""
    here.execute(tables.account.update().values(active=False, login="", verifier=""))
    unit = Unit(here, actor)
    unit.record(Operation.COLLECTION, "workspace", count=0, medium=MOVED_HERE)
    let_in(here, actor.user, Role.SUPERVISOR, key)
    unit.note_account_change(actor.user, "pass phrase")
    unit.seal()
    _check_chain(here)


def _copied(source: Connection, target: Connection, report: Reporter) -> dict[str, int]:
    """Every row of every table, verbatim; the same afterwards by count and content, with an unbroken chain."""
    every = tables.metadata.sorted_tables
    for table in reversed(every):
        target.execute(delete(table))
    for number, table in enumerate(every):
        report(Progress("Moving the workspace", number / (len(every) + 1)))
        for batch in _rows(source, table):
            target.execute(insert(table), batch)
    report(Progress("Comparing what arrived", len(every) / (len(every) + 1)))
    before, after = content(source), content(target)
    if before != after:
        raise DamagedWorkspace(
            "What arrived is not what was sent, so nothing was moved.", "Try again, and run: mosovo-planner verify."
        )
    _check_chain(target)
    return {name: count for name, (count, _) in after.items()}


def content(connection: Connection) -> dict[str, tuple[int, str]]:
    """The count of each table and a hash of its rows in whatever order, the same on every database that holds the same."""
    found = {}
    for table in tables.metadata.sorted_tables:
        count, total = 0, 0
        for batch in _rows(connection, table):
            count += len(batch)
            total += sum(int(digest_of(table.name, row), 16) for row in batch)
        found[table.name] = (count, hashlib.sha256(str(total).encode()).hexdigest())
    return found


def _rows(connection: Connection, table: Table) -> Iterator[list[dict[str, Any]]]:
    with connection.execute(select(table).execution_options(yield_per=_AT_ONCE)) as found:
        for batch in found.mappings().partitions():
            yield [dict(row) for row in batch]


def _check_chain(connection: Connection) -> None:
    used = tables.record_of_use
    keys = {row.name: row.signing_key for row in connection.execute(select(tables.account))}
    entries = connection.execute(select(used).order_by(used.c.seq))
    if (broken := broken_at(entries, keys)) is not None:
        raise DamagedWorkspace(f"The record of use is broken at entry {broken}, so nothing was moved.")


def _as_owner(connection: Connection) -> None:
    connection.execute(text(f"SET LOCAL ROLE {OWNER}"))


def _refuse_full(connection: Connection) -> None:
    for table in tables.metadata.sorted_tables:
        if table.name not in _MADE_BY_PREPARING and connection.execute(select(table).limit(1)).first():
            raise AlreadyThere(
                "This database holds a workspace or accounts already. Move into an empty one, and let people in afterwards."
            )


def _without_guards(connection: Connection, *, on: bool) -> None:
    """The triggers would make the entries anew, and ask for one of each row."""
    for table in tables.metadata.sorted_tables:
        connection.exec_driver_sql(f"ALTER TABLE public.{quoted(table.name)} {'ENABLE' if on else 'DISABLE'} TRIGGER USER")
