"""The embedded workspace: a folder with an encrypted database, its key file, and a lock."""

from __future__ import annotations

import contextlib
import platform
import shutil
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Engine

from mosovo_planner.domain.roles import Role
from mosovo_planner.store import schema
from mosovo_planner.store.beginning import begin
from mosovo_planner.store.chain import Actor, Head
from mosovo_planner.store.engines import DriverError, check_header, connect_file, file_engine
from mosovo_planner.store.errors import AlreadyThere, DamagedWorkspace, NotAWorkspace, RefusedLocation
from mosovo_planner.store.files import beside, private_folder, sync_folder
from mosovo_planner.store.keys import (
    KEY_FILE,
    KdfParameters,
    KeyFile,
    Unlocked,
    new_data_key,
    new_slot,
    random_id,
    read_keys,
    unlock,
    write_keys,
)
from mosovo_planner.store.lock import FolderLock
from mosovo_planner.store.places import refuse_unsafe
from mosovo_planner.store.snapshot import DATABASE, free_target, snapshot


@dataclass
class FolderPlace:
    """An open folder."""

    folder: Path
    lock: FolderLock
    file_id: str
    data_key: bytes = field(repr=False)

    @property
    def location(self) -> str:
        return str(self.folder)

    @property
    def database(self) -> Path:
        return self.folder / DATABASE

    def committed(self, head: Head | None) -> None:
        """Called after each transaction with the newest entry it sealed."""

    def close(self, engine: Engine) -> None:
        """Bring the write-ahead log into the database, close, let others in."""
        with contextlib.suppress(Exception):  # closing must succeed even where the disk is full or gone
            checkpoint(engine)
        engine.dispose()
        self.lock.release()


def create(path: Path, user: str, passphrase: str, kdf: KdfParameters) -> tuple[FolderPlace, Engine, Actor]:
    """Make the workspace beside its place and rename it when it is whole, then open it."""
    path = path.expanduser().absolute()
    refuse_unsafe(path)
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise AlreadyThere("There is something in this place already. Choose a new or empty folder.")
    unfinished = beside(path)
    try:
        private_folder(unfinished)
        data_key, file_id = new_data_key(), random_id()
        keys = KeyFile(file_id, (new_slot(file_id, user, passphrase, data_key, kdf),))
        write_keys(unfinished, keys)
        unlocked = unlock(keys, user, passphrase)
        _make_database(unfinished / DATABASE, unlocked, file_id)
        if path.exists():
            path.rmdir()
        unfinished.rename(path)
        sync_folder(path.parent)
    except PermissionError:
        raise RefusedLocation("This folder cannot be written. Choose one of your own.") from None
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return _opened(path, file_id, unlocked)


def open_(path: Path, user: str, passphrase: str) -> tuple[FolderPlace, Engine, Actor]:
    """Open the folder's database with the user's pass phrase."""
    path = path.expanduser().absolute()
    has_keys, has_database = (path / KEY_FILE).is_file(), (path / DATABASE).is_file()
    if not has_keys and not has_database:
        raise NotAWorkspace("There is no workspace in this place. Check the address, or make one: mosovo-planner new.")
    refuse_unsafe(path)
    if not has_keys:
        raise DamagedWorkspace(f"The key file {KEY_FILE} is missing.", "Put back a copy: every backup holds one.")
    keys = read_keys(path / KEY_FILE)
    check_header(path / DATABASE)
    return _opened(path, keys.file, unlock(keys, user, passphrase))


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


def _make_database(path: Path, unlocked: Unlocked, file_id: str) -> None:
    engine = file_engine(path, unlocked.data_keys[0][1], create=True)
    try:
        with engine.begin() as connection:
            begin(connection, actor_of(unlocked), file_id, unlocked.public_signing_key, "")
        checkpoint(engine)
    finally:
        engine.dispose()


def _opened(path: Path, file_id: str, unlocked: Unlocked) -> tuple[FolderPlace, Engine, Actor]:
    lock = FolderLock(path)
    lock.take()
    engine = None
    try:
        key = _fitting_key(path / DATABASE, unlocked)
        engine = file_engine(path / DATABASE, key)
        place = FolderPlace(path, lock, file_id, key)
        with engine.begin() as connection:
            schema.bring_up(connection, before=lambda: snapshot(engine, path, key, free_target(path, "before-update")))
        return place, engine, actor_of(unlocked)
    except BaseException:
        if engine is not None:
            engine.dispose()
        lock.release()
        raise


def _fitting_key(database: Path, unlocked: Unlocked) -> bytes:
    """The data key that opens the file; there are two while a change of keys is unfinished."""
    for _, key in unlocked.data_keys:
        try:
            connect_file(database, key).close()
        except DriverError as wrong:
            if "not a database" not in str(wrong):
                raise
        else:
            return key
    raise DamagedWorkspace("The pass phrase is right, but the database does not open with its key: the file is damaged.")
