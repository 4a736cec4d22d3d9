"""The embedded workspace: a folder with an encrypted database, its key file, and a lock."""

from __future__ import annotations

import contextlib
import errno
import os
import platform
import shutil
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from sqlalchemy import Connection, Engine, select

from mosovo_planner.domain.roles import Role
from mosovo_planner.store.base.engines import DriverError, check_header, connect_file, file_engine
from mosovo_planner.store.base.errors import AlreadyThere, DamagedWorkspace, NotAWorkspace, WorkspaceBusy, WorkspaceError
from mosovo_planner.store.base.files import beside, private_folder, sync_folder
from mosovo_planner.store.base.names import KdfParameters, folded, random_id
from mosovo_planner.store.beginning import begin
from mosovo_planner.store.embedded import restoring
from mosovo_planner.store.embedded.keys import (
    KEY_FILE,
    KeyFile,
    Slot,
    Unlocked,
    add_data_key,
    new_data_key,
    new_slot,
    read_keys,
    unlock,
    write_keys,
)
from mosovo_planner.store.embedded.lock import FolderLock
from mosovo_planner.store.embedded.places import refuse_unsafe
from mosovo_planner.store.embedded.snapshot import DATABASE, free_target, snapshot, sweep
from mosovo_planner.store.embedded.unfinished import making, sweep_unfinished
from mosovo_planner.store.migrations import schema
from mosovo_planner.store.parts.accounts import RECOVERY
from mosovo_planner.store.record.chain import Actor, Head, head
from mosovo_planner.store.record.watermark import Watermark
from mosovo_planner.store.tables import account

NO_RECOVERY = (
    "The recovery code that was printed last opens nothing any more, for it is newer than the backup that was brought back. Make "
    "and print a new one (Users)."
)
_MARK_SECONDS = 5.0
_ROOM = 2.5


@dataclass
class FolderPlace:
    """An open folder: its lock, its data key, and the mark of what was last seen."""

    folder: Path
    lock: FolderLock
    file_id: str
    data_key: bytes = field(repr=False)
    mark: Watermark
    warnings: tuple[str, ...] = ()
    restored: Path | None = None  # the decision of a restore that the record of use does not tell of yet
    _marked: float = 0.0
    _unmarked: Head | None = None

    def begun(self, engine: Engine) -> contextlib.AbstractContextManager[Connection]:
        """One transaction, which commits at its end."""
        return engine.begin()

    @property
    def location(self) -> str:
        return str(self.folder)

    @property
    def database(self) -> Path:
        return self.folder / DATABASE

    def committed(self, newest: Head | None) -> None:
        """After each transaction: move the mark, at most every five seconds."""
        self._unmarked = newest or self._unmarked
        if self._unmarked and time.monotonic() - self._marked > _MARK_SECONDS:
            self._write_mark()

    def has_room(self) -> bool:
        """Whether the disk has room to encrypt anew: the whole database is written a second time."""
        return shutil.disk_usage(self.folder).free > _ROOM * self.database.stat().st_size

    def encrypt_anew(self, engine: Engine, keys: KeyFile) -> None:
        """A new data key for the users of ``keys`` and nobody else; nothing else may work in the database meanwhile."""
        key = new_data_key()
        checkpoint(engine)
        engine.dispose()
        slots = tuple(add_data_key(keys.file, slot, key) for slot in keys.slots)
        change_data_key(self.folder, replace(keys, slots=slots), self.data_key, key)
        self.data_key = key[1]

    def close(self, engine: Engine) -> None:
        """Bring the write-ahead log into the database, close, let others in."""
        with contextlib.suppress(Exception):  # closing must succeed even where the disk is full or gone
            checkpoint(engine)
        engine.dispose()
        self._write_mark()
        self.lock.release()

    def _write_mark(self) -> None:
        if self._unmarked:
            self.mark.write(self._unmarked)
            self._marked, self._unmarked = time.monotonic(), None


def create(path: Path, user: str, passphrase: str, kdf: KdfParameters) -> tuple[FolderPlace, Engine, Actor]:
    """Make the workspace under another name and rename it when it is whole, then open it."""
    path = path.expanduser().absolute()
    refuse_unsafe(path)
    with making(path):
        if path.exists() and (not path.is_dir() or any(path.iterdir())):
            raise AlreadyThere("There is something in this place already. Choose a new or empty folder.")
        unfinished = beside(path / DATABASE) if path.exists() else beside(path)
        try:
            private_folder(unfinished)
            data_key, file_id = new_data_key(), random_id()
            keys = KeyFile(file_id, (new_slot(file_id, user, passphrase, data_key, kdf),))
            write_keys(unfinished, keys)
            unlocked = unlock(keys, user, passphrase)
            _make_database(unfinished / DATABASE, unlocked, file_id)
            _put_in_place(unfinished, path)
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)
    return _opened(path, keys, unlocked)


def open_(path: Path, user: str, passphrase: str) -> tuple[FolderPlace, Engine, Actor]:
    """Open the folder's database with the user's pass phrase."""
    path = path.expanduser().absolute()
    _finish_restore(path)
    has_keys, has_database = (path / KEY_FILE).is_file(), (path / DATABASE).is_file()
    if not has_keys and not has_database:
        raise NotAWorkspace("There is no workspace in this place. Check the address, or make one: mosovo-planner new.")
    refuse_unsafe(path)
    if not has_keys:
        raise DamagedWorkspace(f"The key file {KEY_FILE} is missing.", "Put back a copy: every backup holds one.")
    keys = read_keys(path / KEY_FILE)
    check_header(path / DATABASE)
    if not os.access(path / DATABASE, os.W_OK):
        raise PermissionError(errno.EACCES, "the database cannot be written")
    return _opened(path, keys, unlock(keys, user, passphrase))


def actor_of(unlocked: Unlocked) -> Actor:
    """The user who unlocked the keys, on this computer; the role is read from the account."""
    return Actor(unlocked.user, Role.SUPERVISOR, platform.node(), signing=unlocked.signing)


def checkpoint(engine: Engine) -> None:
    """Bring the write-ahead log into the database file and empty it."""
    raw = engine.raw_connection()
    try:
        raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    finally:
        raw.close()


def change_data_key(folder: Path, keys: KeyFile, old: bytes, new: tuple[str, bytes]) -> None:
    """Encrypt the closed database anew. ``keys`` holds both data keys, and is written with the new one only at the end.

    Whenever this is cut off, the database is wholly under one of the two keys, and opening finishes the change.
    """
    write_keys(folder, keys)
    with contextlib.closing(connect_file(folder / DATABASE, old)) as connection, contextlib.suppress(DriverError):
        connection.execute(f"PRAGMA rekey = \"x'{new[1].hex()}'\"").fetchall()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    try:  # the pragma says nothing where it fails
        connect_file(folder / DATABASE, new[1]).close()
    except DriverError:
        raise WorkspaceError(
            "The workspace could not be encrypted anew; most likely its disk is full. Nobody comes in who was shut out. "
            "Free some space, close the workspace and open it again: that finishes it."
        ) from None
    with contextlib.suppress(OSError):  # both keys then stay with those who may come in, until the next opening
        _forget_old_keys(folder, keys, new[0])


def fitting_key(database: Path, unlocked: Unlocked) -> tuple[str, bytes]:
    """The data key that opens the file; there are two while a change of keys is unfinished."""
    for name, key in unlocked.data_keys:
        try:
            connect_file(database, key).close()
        except DriverError as wrong:
            if "not a database" not in str(wrong):
                raise
        else:
            return name, key
    raise DamagedWorkspace("The pass phrase is right, but the database does not open with its key: the file is damaged.")


def _put_in_place(whole: Path, path: Path) -> None:
    """Rename a finished workspace; into a folder that was there (it may be a drive, or where somebody stands) file by file."""
    if path.exists():
        private_folder(path)
        for name in (KEY_FILE, DATABASE):
            (whole / name).rename(path / name)
    else:
        whole.rename(path)
    sync_folder(path.parent)
    sync_folder(path)


def _make_database(path: Path, unlocked: Unlocked, file_id: str) -> None:
    key = unlocked.data_keys[0][1]
    connect_file(path, key, create=True).close()
    path.chmod(0o600)
    engine = file_engine(path, lambda: key)
    try:
        with engine.begin() as connection:
            begin(connection, actor_of(unlocked), file_id, unlocked.public_signing_key, "")
        checkpoint(engine)
    finally:
        engine.dispose()


def _finish_restore(path: Path) -> None:
    """Where a restore was decided and cut off, bring it to its end before anything is looked at."""
    if restoring.decided(path):
        lock = FolderLock(path)
        lock.take()
        try:
            if decision := restoring.decided(path):
                restoring.finish(decision)
        finally:
            lock.release()


def _opened(path: Path, keys: KeyFile, unlocked: Unlocked) -> tuple[FolderPlace, Engine, Actor]:
    lock = FolderLock(path)
    lock.take()
    engine = None
    try:
        if read_keys(path / KEY_FILE) != keys:  # another window changed them before it closed
            raise WorkspaceBusy
        key = _settled_key(path, keys, unlocked)
        actor = actor_of(unlocked)
        place = FolderPlace(path, lock, keys.file, key, Watermark(keys.file, path, actor))
        sweep(path)
        sweep_unfinished(path)
        if decision := restoring.decided(path):
            place.mark.forget()
            place.restored = decision
        engine = file_engine(place.database, lambda: place.data_key)
        with engine.begin() as connection:
            schema.bring_up(connection, before=lambda: snapshot(path, key, free_target(path, "before-update")))
            place.warnings = tuple(filter(None, [place.mark.warning(connection)]))
            place.committed(None if place.warnings else head(connection))
            active = {folded(row.name): bool(row.active) for row in connection.execute(select(account.c.name, account.c.active))}
        if active.get(folded(actor.user)):
            _settle_members(place, engine, active)
        return place, engine, actor
    except BaseException:
        if engine is not None:
            engine.dispose()
        lock.release()
        raise


def _settled_key(path: Path, keys: KeyFile, unlocked: Unlocked) -> bytes:
    """The data key in force, after finishing a change of keys that was cut off."""
    name, key = fitting_key(path / DATABASE, unlocked)
    newest = unlocked.data_keys[0]
    if name != newest[0]:
        change_data_key(path, keys, key, newest)
    elif len(unlocked.data_keys) > 1:
        with contextlib.suppress(OSError):  # a full disk must not keep anybody from opening
            _forget_old_keys(path, keys, name)
    return newest[1]


def _settle_members(place: FolderPlace, engine: Engine, active: Mapping[str, bool]) -> None:
    """Finish what a stop cut off: a key that was never confirmed goes, and who was shut out has a key no longer."""
    keys = read_keys(place.folder / KEY_FILE)
    known = tuple(slot for slot in keys.slots if folded(slot.user) in active)
    if known != keys.slots:
        with contextlib.suppress(OSError):  # a full disk must not keep anybody from opening
            write_keys(place.folder, replace(keys, slots=known))
    remaining = tuple(slot for slot in known if active[folded(slot.user)])
    if place.restored is not None and recovery_users(keys.slots) and not recovery_users(remaining):
        place.warnings += (NO_RECOVERY,)
    if remaining == known:
        return
    if place.has_room():
        place.encrypt_anew(engine, replace(keys, slots=remaining))
    else:
        place.warnings += (
            "Somebody who was shut out still has a key, for the disk has no room to encrypt anew. Free some space.",
        )


def recovery_users(slots: Iterable[Slot]) -> set[str]:
    """The users that are recovery codes."""
    return {folded(slot.user) for slot in slots if folded(slot.user).startswith(RECOVERY)}


def _forget_old_keys(folder: Path, keys: KeyFile, name: str) -> None:
    slots = tuple(replace(slot, keys=tuple(key for key in slot.keys if key.id == name)) for slot in keys.slots)
    write_keys(folder, replace(keys, slots=slots))
