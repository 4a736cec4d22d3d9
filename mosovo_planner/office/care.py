"""Looking after the workspace: verify, back up, restore."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from mosovo_planner.domain.errors import UserError
from mosovo_planner.domain.progress import Reporter, silent
from mosovo_planner.domain.roles import Permission
from mosovo_planner.office.session import Session
from mosovo_planner.store.backups.backup import backup_if_due, backup_workspace
from mosovo_planner.store.backups.restore import RestoreReport, restore_workspace
from mosovo_planner.store.backups.trial import Trial, try_if_due
from mosovo_planner.store.checks import VerifyReport, check_file, kept_anchors
from mosovo_planner.store.checks import verify as verify_workspace
from mosovo_planner.store.record.anchors import read_anchor

__all__ = ["Cared", "Trial", "VerifyReport", "back_up", "backup_before", "daily_care", "restore", "verify"]


class AnchorError(UserError):
    """What somebody copied from a footer is no anchor."""


def verify(session: Session, report: Reporter = silent, anchors: Sequence[str] = ()) -> VerifyReport:
    """Check the database's pages, the chain of the record of use, and every record against it.

    ``anchors`` are as the footers of papers have them (``1297:772ba8e708cb4052``); those kept on this computer are held
    against it too.

    Raises:
        AnchorError: one of them is no anchor.
    """
    try:
        held = [read_anchor(each) for each in anchors]
    except ValueError as wrong:
        raise AnchorError(f"That is no anchor: {wrong}.") from None
    return verify_workspace(session.workspace, report, held)


def back_up(session: Session, target: Path | None = None, report: Reporter = silent) -> Path:
    """Copy the workspace to a new folder (by default among its own backups), and open the copy to prove it."""
    session.require(Permission.KEEP_KEYS)
    return backup_workspace(session.workspace, target, report=report)


@dataclass(frozen=True)
class Cared:
    """What the day's care of an embedded workspace did: the backup made, and how the newest one fared where it was tried.

    ``damage`` is what is wrong with its file, in words; then no backup was made, and the workspace takes no changes.
    """

    made: Path | None = None
    trial: Trial | None = None
    damage: tuple[str, ...] = ()


def daily_care(session: Session, report: Reporter = silent) -> Cared:
    """Check an embedded workspace's file; make today's backup where there is none yet; try the newest once a week.

    It is meant for a quiet moment after each opening: an opening itself reads a few pages, and damage elsewhere would show
    only when somebody needs what stands there. How often the newest backup is tried is the force's number.
    The day's anchor of the record of use is kept on this computer. On a server its administrator makes the backups.
    """
    with session.workspace.transaction() as unit:
        newest = unit.head()
    kept_anchors(session.workspace).keep(newest)
    if session.workspace.folder is None:
        return Cared()
    if damage := check_file(session.workspace, report):
        return Cared(damage=damage)
    made = backup_if_due(session.workspace)
    with session.workspace.transaction() as unit:
        days = unit.policy().whole("backup.test_days")
    return Cared(made, try_if_due(session.workspace, days, datetime.now().astimezone(), report))


def backup_before(session: Session, deed: str) -> Path | None:
    """A backup before something that changes much (``import``); None on a server, whose administrator makes them."""
    return backup_workspace(session.workspace, why=f"before-{deed}") if session.workspace.folder else None


def restore(address: str, copy: Path, user: str, passphrase: str, report: Reporter = silent) -> RestoreReport:
    """Bring a backup back in place of a workspace; what stood there is kept in quarantine."""
    return restore_workspace(address, copy, user, passphrase, report=report)
