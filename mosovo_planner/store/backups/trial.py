"""Trying the newest backup: once a week it is copied, opened and checked to its last entry, as a restore would need it."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from mosovo_planner.domain.clocks import in_words
from mosovo_planner.domain.progress import Progress, Reporter, silent
from mosovo_planner.domain.record import Operation
from mosovo_planner.store import tables
from mosovo_planner.store.backups.backup import Backup, backups
from mosovo_planner.store.base.engines import file_engine, files_translated, translated
from mosovo_planner.store.base.errors import WorkspaceError
from mosovo_planner.store.base.files import beside, private_folder
from mosovo_planner.store.checks import Expected, followed, record_problems
from mosovo_planner.store.embedded.folder import FolderPlace
from mosovo_planner.store.embedded.keys import KEY_FILE, read_keys
from mosovo_planner.store.embedded.snapshot import DATABASE, file_problems
from mosovo_planner.store.migrations import schema
from mosovo_planner.store.record.chain import Head, broken_at
from mosovo_planner.store.unit import Unit
from mosovo_planner.store.workspace import Workspace

_SUBJECT = "backup"


@dataclass(frozen=True, slots=True)
class Trial:
    """How a backup fared. ``problems`` are in words, empty where it could be brought back whole."""

    backup: Backup
    entries: int
    problems: tuple[str, ...]

    @property
    def ok(self) -> bool:
        return not self.problems


def try_if_due(workspace: Workspace, days: int, now: datetime, report: Reporter = silent) -> Trial | None:
    """Try the newest backup where none was tried for so many days; None where nothing was to do. It is recorded."""
    place = workspace.insides.place
    if not isinstance(place, FolderPlace):
        return None
    newest = next(iter(backups(place.folder)), None)
    if newest is None or not _due(workspace, now - timedelta(days=days)):
        return None
    return try_backup(workspace, newest, report)


def try_backup(workspace: Workspace, backup: Backup, report: Reporter = silent) -> Trial:
    """Try one backup on a copy of it, which is thrown away. It is recorded.

    Raises:
        WorkspaceFull: there is no room for the copy.
        WorkspaceError: the workspace is on a server.
    """
    place = workspace.insides.place
    if not isinstance(place, FolderPlace):
        raise WorkspaceError("This workspace lies on a server. Its administrator tries the backups.")
    report(Progress("Trying the backup", 0.0))
    copy = beside(backup.folder)
    try:
        with files_translated():
            private_folder(copy)
            shutil.copyfile(backup.folder / DATABASE, copy / DATABASE)
        trial = _tried(workspace, place, backup, copy, report)
    finally:
        shutil.rmtree(copy, ignore_errors=True)
    with workspace.transaction() as unit:
        told = "whole" if trial.ok else "; ".join(trial.problems)
        reason = f"the backup of {in_words(backup.at.date())}, {backup.at:%H:%M}, was tried: {told}"
        unit.record(Operation.CONSULTATION, _SUBJECT, count=0, reason=reason, medium="backup")
    return trial


def _tried(workspace: Workspace, place: FolderPlace, backup: Backup, copy: Path, report: Reporter) -> Trial:
    try:
        keys = read_keys(backup.folder / KEY_FILE)
    except (WorkspaceError, OSError):
        return Trial(backup, 0, ("its key file is missing or damaged",))
    if keys.file != place.file_id:
        return Trial(backup, 0, ("its key file is of another workspace",))
    if problems := file_problems(copy / DATABASE, place.data_key):
        return Trial(backup, 0, tuple(problems))
    report(Progress("Trying the backup", 0.5))
    engine = file_engine(copy / DATABASE, lambda: place.data_key)
    try:
        with translated(), engine.begin() as connection:
            schema.bring_up(connection, before=lambda: None)
            found = Unit(connection, workspace.insides.actor)
            newest, expected = found.head(), Expected()
            signing = {account.name: account.signing_key for account in found.users()}
            broken = broken_at(followed(found.chained(), expected), signing)
            problems = (
                [f"its record of use does not follow at entry {broken}"] if broken else record_problems(connection, expected)
            )
    except WorkspaceError as wrong:
        return Trial(backup, 0, (f"it cannot be read to its end ({type(wrong).__name__})",))
    finally:
        engine.dispose()
    if not problems and not _is_ours(workspace, newest):
        problems = ["its record of use is not that of this workspace"]
    return Trial(backup, newest.seq, tuple(problems))


def _is_ours(workspace: Workspace, newest: Head) -> bool:
    used = tables.record_of_use.c
    with workspace.transaction() as unit:
        return unit.connection.execute(select(used.hash).where(used.seq == newest.seq)).scalar() == newest.hash


def _due(workspace: Workspace, before: datetime) -> bool:
    used = tables.record_of_use.c
    with workspace.transaction() as unit:
        tried = select(used.at).where(used.subject == _SUBJECT).order_by(used.seq.desc()).limit(1)
        last = unit.connection.execute(tried).scalar()
    return last is None or last < before.astimezone()
