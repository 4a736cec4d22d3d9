"""Backups in the window: listed, made, tried, removed, and brought back with what would be lost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from mosovo_planner.domain.progress import Progress, Reporter, silent
from mosovo_planner.domain.record import Operation
from mosovo_planner.domain.retention import RetentionRefused
from mosovo_planner.domain.roles import Permission
from mosovo_planner.office.session import Session, open_session
from mosovo_planner.store.backups.backup import BY_HAND, backup_workspace, backups, keeping, last_days, remove_backup
from mosovo_planner.store.backups.restore import RestoreReport, newest_sound, restore_workspace
from mosovo_planner.store.backups.trial import Trial, try_backup
from mosovo_planner.store.base.errors import DamagedWorkspace, RefusedLocation
from mosovo_planner.store.embedded.relocate import copy_workspace, take_copy_away

__all__ = ["BackupLine", "DamagedWorkspace", "RestoreReport", "Trial"]


@dataclass(frozen=True)
class BackupLine:
    """One backup in the workspace's own folder. ``goes_on`` is None for one that stays until somebody removes it."""

    folder: Path
    at: datetime
    why: str
    size: int
    goes_on: date | None


def why_words(why: str) -> str:
    """Why a backup was made, in words."""
    named = {BY_HAND: "made by hand", "daily": "of the day", "under-new-key": "under the new key"}
    return named.get(why, why.replace("-", " "))


def list_backups(session: Session) -> tuple[BackupLine, ...]:
    """The backups of an embedded workspace, newest first; none on a server, whose administrator makes them."""
    session.require(Permission.VIEW)
    folder = session.workspace.folder
    if folder is None:
        return ()
    held = backups(folder)
    until = last_days(held, date.today(), keeping(session.workspace))
    return tuple(BackupLine(each.folder, each.at, each.why, _size(each.folder), until[each.folder]) for each in held)


def back_up_now(session: Session, report: Reporter = silent) -> Path:
    """Make a backup by hand; it stays until somebody removes it."""
    session.require(Permission.KEEP_KEYS)
    return backup_workspace(session.workspace, report=report)


def try_one(session: Session, line: BackupLine, report: Reporter = silent) -> Trial:
    """Open a copy of a backup and check it to its last entry. It is recorded."""
    session.require(Permission.KEEP_KEYS)
    folder = session.workspace.folder
    assert folder is not None
    return try_backup(session.workspace, next(each for each in backups(folder) if each.folder == line.folder), report)


def remove_one(session: Session, line: BackupLine) -> None:
    """Take a backup away. It is recorded.

    Raises:
        RetentionRefused: it is the only one left.
    """
    session.require(Permission.KEEP_KEYS)
    folder = session.workspace.folder
    assert folder is not None
    held = backups(folder)
    if len(held) < 2:
        raise RetentionRefused("This is the only backup. Make another one first.")
    with session.unit(Permission.KEEP_KEYS) as unit:
        unit.record(Operation.ERASURE, "backup", count=0, reason=f"{line.folder.name} removed by hand", medium="backup")
    remove_backup(next(each.folder for each in held if each.folder == line.folder))


def look_before_restore(
    address: str, user: str, passphrase: str, backup: Path | None = None, report: Reporter = silent
) -> RestoreReport:
    """What bringing back a backup (the newest that is whole where None) would lose. Nothing moves.

    Raises:
        NotAWorkspace: there is no backup.
        WrongPassphrase, DamagedWorkspace: it does not open, or is damaged.
    """
    if backup is None:
        return newest_sound(address, user, passphrase, report)
    return restore_workspace(address, backup, user, passphrase, only_say=True, report=report)


def restore_and_open(
    address: str, user: str, passphrase: str, backup: Path, *, instead_of: Session | None = None, report: Reporter = silent
) -> tuple[Session, RestoreReport]:
    """Bring a backup back and sign in to it. ``instead_of`` is the session that has the workspace open, and is closed first.

    What stood there is kept in quarantine; who did it and what was lost is written to the record of use.

    Raises:
        NotAWorkspace, WrongPassphrase, DamagedWorkspace, WorkspaceInUse: nothing was moved.
    """
    if instead_of is not None:
        instead_of.require(Permission.KEEP_KEYS)
        instead_of.close()
    done = restore_workspace(address, backup, user, passphrase, report=report)
    return open_session(address, user, passphrase), done


def is_damaged(error: BaseException) -> bool:
    """Whether a workspace did not open because a file of it is damaged or missing, so that a backup would help."""
    return isinstance(error, DamagedWorkspace)


def has_backups(address: str) -> bool:
    """Whether the folder of a workspace holds backups."""
    try:
        return bool(backups(Path(address).expanduser()))
    except OSError:
        return False


def _size(folder: Path) -> int:
    try:
        return sum(each.stat().st_size for each in folder.iterdir())
    except OSError:
        return 0


def is_refused_place(error: BaseException) -> bool:
    """Whether a workspace did not open because of where it lies, so that a copy on this computer's own disk would."""
    return isinstance(error, RefusedLocation)


def open_local_copy(address: str, target: str, user: str, passphrase: str, report: Reporter = silent) -> Session:
    """Copy a workspace from a place where none may lie to a new folder on this computer's own disk, and open that one.

    The one that is copied stays as it is. The copy is a disclosure in its record of use.

    Raises:
        RefusedLocation, AlreadyThere: nothing may lie at ``target``, or something does.
        NotAWorkspace, WrongPassphrase, DamagedWorkspace: what is copied does not open; the copy is taken away again.
    """
    report(Progress("Copying the workspace", None))
    copied = copy_workspace(Path(address).expanduser(), Path(target).expanduser())
    try:
        session = open_session(str(copied), user, passphrase)
    except BaseException:
        take_copy_away(copied)
        raise
    with session.workspace.transaction() as unit:
        unit.record(Operation.DISCLOSURE, "workspace", count=0, medium="local copy", reason="it lay where no workspace may")
    return session
