"""Copying a workspace, and letting old copies go.

A backup is a folder with database and key file, itself a workspace. It is made by a copy inside the
database, checked page by page, and gets its name only when it is whole. To check a workspace or bring a
backup back, see ``checks.py`` and ``restore.py``; both are offered here too.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from mosovo_planner.domain.progress import Progress, Reporter, silent
from mosovo_planner.domain.record import Operation
from mosovo_planner.store.checks import VerifyReport, verify
from mosovo_planner.store.engines import files_translated
from mosovo_planner.store.errors import AlreadyThere, WorkspaceError
from mosovo_planner.store.folder import FolderPlace
from mosovo_planner.store.restore import RestoreReport, restore_workspace
from mosovo_planner.store.snapshot import BACKUPS, free_target, snapshot
from mosovo_planner.store.workspace import Workspace

__all__ = [
    "Backup",
    "RestoreReport",
    "VerifyReport",
    "backup_if_due",
    "backup_workspace",
    "backups",
    "expired",
    "restore_workspace",
    "verify",
]

_NAME = re.compile(r"(?P<at>\d{4}-\d\d-\d\dT\d{6})-(?P<why>[a-z-]+?)(?:-\d+)?")
_DAILY, _WEEKLY, _MONTHLY = 7, 4, 12


@dataclass(frozen=True, slots=True)
class Backup:
    """One backup: its folder, when it was made (local time), and why (``daily``, ``hand``, ``before-update`` …)."""

    folder: Path
    at: datetime
    why: str


def backup_workspace(workspace: Workspace, target: Path | None = None, why: str = "hand", report: Reporter = silent) -> Path:
    """Copy an embedded workspace to the new folder ``target`` (default: into its own ``backups``). Where the copy is.

    A copy that goes elsewhere is a disclosure in the record of use.

    Raises:
        AlreadyThere: ``target`` exists.
        DamagedWorkspace: the copy failed its checks; the workspace is damaged.
        WorkspaceError: the workspace is on a server.
    """
    place, outside = _embedded(workspace), target is not None
    report(Progress("Copying and checking the workspace"))
    target = target.expanduser().absolute() if target else free_target(place.folder, why)
    if target.exists():
        raise AlreadyThere("There is something at the place of the backup already. Choose another name.")
    target.parent.mkdir(parents=True, exist_ok=True)
    if outside:
        with workspace.transaction() as unit:
            unit.record(Operation.DISCLOSURE, "workspace", count=0, medium="backup")
    with files_translated():
        return snapshot(place.folder, place.data_key, target)


def backup_if_due(workspace: Workspace, now: datetime | None = None) -> Path | None:
    """Make today's backup of an embedded workspace where there is none yet, and let old ones go.

    Seven daily, four weekly and twelve monthly backups stay; those made by hand or before a change always do.
    """
    place = _embedded(workspace)
    today = (now or datetime.now().astimezone()).date()
    if any(each.at.date() == today for each in backups(place.folder)):
        return None
    made = backup_workspace(workspace, why="daily")
    for old in expired(each for each in backups(place.folder) if each.why == "daily"):
        shutil.rmtree(old.folder, ignore_errors=True)
    return made


def backups(folder: Path) -> tuple[Backup, ...]:
    """The backups in a workspace's own folder, newest first."""
    named = ((each, _NAME.fullmatch(each.name)) for each in (folder / BACKUPS).glob("*"))
    found = [Backup(each, datetime.fromisoformat(name["at"]), name["why"]) for each, name in named if name]
    return tuple(sorted(found, key=lambda each: (each.at, each.folder.name), reverse=True))


def expired(daily: Iterable[Backup]) -> list[Backup]:
    """Which daily backups may go: not the last seven days', four weeks' and twelve months' newest."""
    newest_first = sorted(daily, key=lambda each: each.at, reverse=True)
    kept: set[Path] = set()
    for pattern, count in (("%Y-%m-%d", _DAILY), ("%G-%V", _WEEKLY), ("%Y-%m", _MONTHLY)):
        seen: dict[str, Path] = {}
        for each in newest_first:
            seen.setdefault(f"{each.at:{pattern}}", each.folder)
        kept |= set(list(seen.values())[:count])
    return [each for each in newest_first if each.folder not in kept]


def _embedded(workspace: Workspace) -> FolderPlace:
    place = workspace.insides.place
    if not isinstance(place, FolderPlace):
        raise WorkspaceError("This workspace lies on a server. Its administrator makes the backups, with pg_dump.")
    return place
