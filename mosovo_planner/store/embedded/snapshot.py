"""A checked copy of an embedded workspace: a folder with database and key file that can be opened itself."""

from __future__ import annotations

import contextlib
import shutil
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any

from mosovo_planner.store.base.engines import DriverError, connect_file
from mosovo_planner.store.base.errors import DamagedWorkspace, WorkspaceFull
from mosovo_planner.store.base.files import UNFINISHED, beside, private_folder, sync_file, sync_folder
from mosovo_planner.store.embedded.keys import KEY_FILE

DATABASE = "data.db"
BACKUPS = "backups"
_TRIES, _PATIENCE_MS = 3, 300


def snapshot(folder: Path, key: bytes, target: Path) -> Path:
    """Copy the workspace in ``folder`` to the new folder ``target``: copy, check, then rename.

    Raises:
        DamagedWorkspace: the copy does not pass its checks; it is thrown away.
    """
    unfinished = beside(target)
    try:
        private_folder(unfinished)
        with contextlib.closing(connect_file(folder / DATABASE, key)) as connection:
            if not _copied_as_it_stands(connection, folder / DATABASE, unfinished / DATABASE):
                connection.execute("VACUUM INTO ?", (str(unfinished / DATABASE),))
        shutil.copy2(folder / KEY_FILE, unfinished / KEY_FILE)
        if problems := file_problems(unfinished / DATABASE, key):
            raise DamagedWorkspace(f"The backup was not made, because the copy failed its check: {problems[0]}.")
        for name in (DATABASE, KEY_FILE):
            sync_file(unfinished / name)
        sync_folder(unfinished)
        unfinished.rename(target)
        sync_folder(target.parent)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return target


def _copied_as_it_stands(connection: Any, database: Path, copy: Path) -> bool:
    """Copy the file byte by byte while nobody can write; False where somebody always wrote just before.

    Quicker than to write every page anew. The file holds all that is committed only where the write-ahead log is empty.
    To close a second descriptor of the file lets go of the system's locks on it; other processes are kept out by the lock of
    the workspace (``lock``), not by those.
    """
    connection.execute(f"PRAGMA busy_timeout = {_PATIENCE_MS}").fetchall()
    for _ in range(_TRIES):
        try:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            connection.execute("BEGIN IMMEDIATE")
        except DriverError:
            continue  # somebody writes just now
        try:
            log = database.with_name(f"{database.name}-wal")
            if log.exists() and log.stat().st_size:
                continue
            shutil.copyfile(database, copy)
            return True
        finally:
            connection.execute("ROLLBACK")
    return False


def stamped_now() -> str:
    """This moment of local time as names of folders have it: ``2026-11-22T214500``."""
    return f"{datetime.now().astimezone():%Y-%m-%dT%H%M%S}"


def free_target(folder: Path, why: str) -> Path:
    """A place for a new backup in the workspace's own folder: ``backups/2026-11-22T214500-daily``."""
    private_folder(folder / BACKUPS)
    sync_folder(folder)
    name = f"{stamped_now()}-{why}"
    places = (folder / BACKUPS / (name if number == 1 else f"{name}-{number}") for number in range(1, 1000))
    return next(place for place in places if not place.exists())


def file_problems(path: Path, key: bytes) -> list[str]:
    """What is wrong with a database, in words; empty where every page is whole.

    It takes a connection of its own, for one bad page spoils what a connection says afterwards.
    """
    try:
        with contextlib.closing(connect_file(path, key)) as first, contextlib.closing(connect_file(path, key)) as second:
            return _problems(first, second)
    except DriverError as wrong:
        _refuse_full(wrong)
        return ["the file does not open with the workspace's key, or its first page is damaged"]


def _refuse_full(wrong: Exception) -> None:
    """A disk without room for the check says nothing about the file."""
    if "disk is full" in str(wrong):
        raise WorkspaceFull from None


def sweep(folder: Path) -> None:
    """Take away what an earlier process had not finished when it was stopped; only with the workspace's lock held."""
    for place in (folder, folder / BACKUPS):
        for left in place.glob(".*.part"):
            if not UNFINISHED.fullmatch(left.name):
                continue
            if left.is_dir():
                shutil.rmtree(left, ignore_errors=True)
            else:
                left.unlink(missing_ok=True)


def _problems(first: Any, second: Any) -> list[str]:
    """The write-ahead log is brought in first, for the check of the pages reads the file only.

    Each look reads the whole file: the seals on one core, the structure on another.
    """
    try:
        first.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        with ThreadPoolExecutor(1) as beside_it:
            structure = beside_it.submit(_structure_problems, second)
            if pages := first.execute("PRAGMA cipher_integrity_check").fetchall():
                return [f"pages of the database that fail their seal: {len(pages)}"]
        return structure.result()
    except DriverError as wrong:
        _refuse_full(wrong)
        return ["the database cannot be read to its end"]


def _structure_problems(connection: Any) -> list[str]:
    rows = [row[0] for row in connection.execute("PRAGMA quick_check(5)").fetchall() if row[0] != "ok"]
    orphans = connection.execute("PRAGMA foreign_key_check").fetchall()
    problems = ["the structure of the database is broken"] if rows else []
    return problems + ([f"rows that belong to nothing: {len(orphans)}"] if orphans else [])
