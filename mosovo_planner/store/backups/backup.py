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
from datetime import date, datetime, time, timedelta
from pathlib import Path

from mosovo_planner.domain.progress import Progress, Reporter, silent
from mosovo_planner.domain.record import Operation
from mosovo_planner.store.backups.restore import RestoreReport, restore_workspace
from mosovo_planner.store.base.engines import files_translated
from mosovo_planner.store.base.errors import AlreadyThere, WorkspaceError
from mosovo_planner.store.base.files import beside
from mosovo_planner.store.checks import VerifyReport, verify
from mosovo_planner.store.embedded.folder import FolderPlace
from mosovo_planner.store.embedded.snapshot import BACKUPS, free_target, snapshot
from mosovo_planner.store.workspace import Workspace

__all__ = [
    "BY_HAND",
    "Backup",
    "Keep",
    "RestoreReport",
    "VerifyReport",
    "backup_if_due",
    "backup_workspace",
    "backups",
    "expired",
    "keeping",
    "last_days",
    "remove_backup",
    "restore_workspace",
    "verify",
]

_NAME = re.compile(r"(?P<at>\d{4}-\d\d-\d\dT\d{6})-(?P<why>[a-z-]+?)(?:-\d+)?")
BY_HAND = "hand"


@dataclass(frozen=True, slots=True)
class Keep:
    """How many backups stay: all of the last days that have any, and the newest of so many weeks and months."""

    daily: int = 7
    weekly: int = 4
    monthly: int = 12


_USUAL = Keep()


@dataclass(frozen=True, slots=True)
class Backup:
    """One backup: its folder, when it was made (local time), and why (``daily``, ``hand``, ``before-update`` …)."""

    folder: Path
    at: datetime
    why: str


def backup_workspace(workspace: Workspace, target: Path | None = None, why: str = BY_HAND, report: Reporter = silent) -> Path:
    """Copy an embedded workspace to the new folder ``target`` (default: into its own ``backups``). Where the copy is.

    A copy that goes elsewhere is a disclosure in the record of use.

    Raises:
        AlreadyThere: ``target`` exists.
        DamagedWorkspace: the copy failed its checks; the workspace is damaged.
        WorkspaceError: the workspace is on a server.
    """
    place, outside = _embedded(workspace), target is not None
    report(Progress("Copying and checking the workspace"))
    with files_translated():
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
    """Make today's backup of an embedded workspace where there is none yet, and let old ones go by the force's numbers.

    Backups made by hand stay until somebody removes them.
    """
    place = _embedded(workspace)
    today = (now or datetime.now().astimezone()).date()
    if any(each.at.date() == today and each.why == "daily" for each in backups(place.folder)):
        return None
    made = backup_workspace(workspace, why="daily")
    for old in expired(backups(place.folder), keeping(workspace)):
        remove_backup(old.folder)
    return made


def remove_backup(folder: Path) -> None:
    """Take a backup away: its name first, so that what is half gone is no backup."""
    going = beside(folder)
    try:
        folder.rename(going)
    except OSError:  # open in another program, or on its way already; the next round comes back to it
        return
    shutil.rmtree(going, ignore_errors=True)


def keeping(workspace: Workspace) -> Keep:
    """How many backups the force's policy keeps."""
    with workspace.transaction() as unit:
        policy = unit.policy()
    return Keep(*(max(1, policy.whole(f"backup.keep_{each}")) for each in ("daily", "weekly", "monthly")))


def backups(folder: Path) -> tuple[Backup, ...]:
    """The backups in a workspace's own folder, newest first."""
    named = ((each, _NAME.fullmatch(each.name)) for each in (folder / BACKUPS).glob("*"))
    found = [Backup(each, datetime.fromisoformat(name["at"]), name["why"]) for each, name in named if name]
    return tuple(sorted(found, key=lambda each: (each.at, each.folder.name), reverse=True))


def expired(every: Iterable[Backup], keep: Keep = _USUAL) -> list[Backup]:
    """Which backups may go: not made by hand, not of the last days, not the newest of the last weeks and months."""
    newest_first = sorted((each for each in every if each.why != BY_HAND), key=lambda each: each.at, reverse=True)
    days = sorted({each.at.date() for each in newest_first}, reverse=True)[: keep.daily]
    kept = {each.folder for each in newest_first if each.at.date() in days}
    for pattern, count in (("%G-%V", keep.weekly), ("%Y-%m", keep.monthly)):
        seen: dict[str, Path] = {}
        for each in newest_first:
            seen.setdefault(f"{each.at:{pattern}}", each.folder)
        kept |= set(list(seen.values())[:count])
    return [each for each in newest_first if each.folder not in kept]


def last_days(every: Iterable[Backup], today: date, keep: Keep = _USUAL) -> dict[Path, date | None]:
    """The day on which each backup will go, if one is made every day from tomorrow on; None for those made by hand."""
    held = list(every)
    found: dict[Path, date | None] = {each.folder: None for each in held}
    left = [each for each in held if each.why != BY_HAND]
    coming: list[Backup] = []
    day = today
    while left and day < today + timedelta(days=32 * (keep.monthly + 1)):
        day += timedelta(days=1)
        coming.append(Backup(Path(f"{day:%Y-%m-%d}"), datetime.combine(day, time(9)), "daily"))
        gone = {each.folder for each in expired([*left, *coming], keep)}
        found |= {each.folder: day for each in left if each.folder in gone}
        left, coming = ([each for each in some if each.folder not in gone] for some in (left, coming))
    return found


def _embedded(workspace: Workspace) -> FolderPlace:
    place = workspace.insides.place
    if not isinstance(place, FolderPlace):
        raise WorkspaceError("This workspace lies on a server. Its administrator makes the backups, with pg_dump.")
    return place
