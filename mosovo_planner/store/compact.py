"""Rewriting a database without what was freed, after an erasure."""

from __future__ import annotations

from datetime import datetime

from mosovo_planner.store.base.engines import translated
from mosovo_planner.store.embedded.folder import FolderPlace
from mosovo_planner.store.workspace import Workspace


def compact(workspace: Workspace, at: datetime) -> bool:
    """Rewrite an embedded database, empty its write-ahead log, and say so on the certificates; whether it was done.

    ``secure_delete`` has overwritten the freed pages already; what is rewritten here has no room left for remains. On a
    server only its administrator can (``VACUUM FULL``, and the server's own logs and backups), so nothing is done.

    Raises:
        WorkspaceFull, WorkspaceBusy: it could not be rewritten now; the erasure itself stands.
    """
    if not isinstance(workspace.insides.place, FolderPlace):
        return False
    with workspace.alone(), translated():
        raw = workspace.insides.engine.raw_connection()
        try:
            cursor = raw.cursor()
            for statement in ("PRAGMA wal_checkpoint(TRUNCATE)", "VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"):
                cursor.execute(statement).fetchall()
        finally:
            raw.close()
    with workspace.transaction() as unit:
        unit.mark_compacted(at)
    return True
