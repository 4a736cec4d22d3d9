"""Looking after the workspace: verify, back up, restore."""

from __future__ import annotations

from pathlib import Path

from mosovo_planner.domain.roles import Permission
from mosovo_planner.office.session import Session
from mosovo_planner.store import backup

__all__ = ["back_up", "restore", "verify"]


def verify(session: Session) -> backup.VerifyReport:
    """Check the database's pages, its structure and the chain of the record of use."""
    return backup.verify(session.workspace)


def back_up(session: Session, folder: Path | None = None) -> Path:
    """Copy the workspace, open the copy to prove it, and return where it lies."""
    session.require(Permission.KEEP_KEYS)
    return backup.backup_workspace(session.workspace, folder)


def restore(address: str, copy: Path, user: str, passphrase: str) -> backup.RestoreReport:
    """Bring a backup back in place of a workspace; what stood there is kept in quarantine."""
    return backup.restore_workspace(address, copy, user, passphrase)
