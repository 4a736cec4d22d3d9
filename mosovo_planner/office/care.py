"""Looking after the workspace: verify, back up, restore."""

from __future__ import annotations

from pathlib import Path

from mosovo_planner.domain.progress import Reporter, silent
from mosovo_planner.domain.roles import Permission
from mosovo_planner.office.session import Session
from mosovo_planner.store.backup import backup_if_due, backup_workspace
from mosovo_planner.store.checks import VerifyReport
from mosovo_planner.store.checks import verify as verify_workspace
from mosovo_planner.store.restore import RestoreReport, restore_workspace

__all__ = ["VerifyReport", "back_up", "backup_before", "daily_backup", "restore", "verify"]


def verify(session: Session, report: Reporter = silent) -> VerifyReport:
    """Check the database's pages, the chain of the record of use, and every record against it."""
    return verify_workspace(session.workspace, report)


def back_up(session: Session, target: Path | None = None, report: Reporter = silent) -> Path:
    """Copy the workspace to a new folder (by default among its own backups), and open the copy to prove it."""
    session.require(Permission.KEEP_KEYS)
    return backup_workspace(session.workspace, target, report=report)


def daily_backup(session: Session) -> Path | None:
    """Make today's backup of an embedded workspace where there is none yet; None where nothing was to do."""
    return backup_if_due(session.workspace) if session.workspace.folder else None


def backup_before(session: Session, deed: str) -> Path | None:
    """A backup before something that changes much (``import``); None on a server, whose administrator makes them."""
    return backup_workspace(session.workspace, why=f"before-{deed}") if session.workspace.folder else None


def restore(address: str, copy: Path, user: str, passphrase: str, report: Reporter = silent) -> RestoreReport:
    """Bring a backup back in place of a workspace; what stood there is kept in quarantine."""
    return restore_workspace(address, copy, user, passphrase, report=report)
