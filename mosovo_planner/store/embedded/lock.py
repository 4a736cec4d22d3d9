"""One window at a time: a lock on a file of the workspace, which the system lets go when its process dies."""

from __future__ import annotations

import getpass
import json
import os
import platform
import sys
from pathlib import Path

from mosovo_planner.store.base.errors import WorkspaceInUse

LOCK_FILE = "lock"
_FAR = 1 << 30  # Windows locks bytes against reading too, so the locked byte stands behind the text

if sys.platform == "win32":
    import msvcrt

    def try_lock(descriptor: int) -> None:
        """Lock an open file for this process alone, or raise OSError at once."""
        os.lseek(descriptor, _FAR, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def try_lock(descriptor: int) -> None:
        """Lock an open file for this process alone, or raise OSError at once."""
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


class FolderLock:
    """Held from :meth:`take` to :meth:`release`, or to the end of the process."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / LOCK_FILE
        self._descriptor: int | None = None

    def take(self) -> None:
        """Take the lock; one that a dead process left is free.

        Raises:
            WorkspaceInUse: another process holds it; the message names host, user and process.
            OSError: the folder cannot be written.
        """
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            try_lock(descriptor)
        except OSError:
            holder = self._holder(descriptor)
            os.close(descriptor)
            raise WorkspaceInUse(
                f"The workspace is open already{holder}. Close it there first; one window at a time can use it. "
                "To work together, keep the workspace on a PostgreSQL server."
            ) from None
        self._descriptor = descriptor
        self._write({"host": platform.node(), "user": _login_name(), "pid": os.getpid()})

    def release(self) -> None:
        """Let go; the file stays, empty."""
        if self._descriptor is not None:
            os.ftruncate(self._descriptor, 0)
            os.close(self._descriptor)
            self._descriptor = None

    def _write(self, who: dict[str, object]) -> None:
        assert self._descriptor is not None
        os.ftruncate(self._descriptor, 0)
        os.lseek(self._descriptor, 0, os.SEEK_SET)
        os.write(self._descriptor, json.dumps(who).encode())

    @staticmethod
    def _holder(descriptor: int) -> str:
        try:
            os.lseek(descriptor, 0, os.SEEK_SET)
            who = json.loads(os.read(descriptor, 4096))
            return f" on {who['host']} by {who['user']} (process {who['pid']})"
        except (OSError, ValueError, KeyError, TypeError):
            return ""


def _login_name() -> str:
    try:
        return getpass.getuser()
    except (KeyError, ImportError, OSError):
        return "somebody"
