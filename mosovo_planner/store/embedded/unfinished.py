"""Making a workspace in a place where nobody else makes one, without what an earlier try left there when it was killed."""

from __future__ import annotations

import contextlib
import glob
import hashlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from mosovo_planner.store.base.errors import WorkspaceInUse
from mosovo_planner.store.base.files import UNFINISHED, private_folder
from mosovo_planner.store.embedded.keys import KEY_FILE
from mosovo_planner.store.embedded.lock import LOCK_FILE, try_lock
from mosovo_planner.store.embedded.snapshot import DATABASE
from mosovo_planner.store.record.watermark import state_folder

_OURS = {KEY_FILE, LOCK_FILE, DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm"}


@contextlib.contextmanager
def making(path: Path) -> Iterator[None]:
    """Around the making of a workspace at ``path``, in place of any that was begun there and not finished.

    Raises:
        WorkspaceInUse: another process makes one there just now.
    """
    name = hashlib.sha256(f"making\0{os.path.normcase(path.resolve())}".encode("utf-8", "surrogatepass")).hexdigest()[:32]
    folder = state_folder() / "making"
    try:
        private_folder(folder)
        descriptor = os.open(folder / name, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError:
        yield  # whether another one makes it cannot be known, so what lies there is left
        return
    try:
        try:
            try_lock(descriptor)
        except OSError:
            raise WorkspaceInUse("A workspace is being made in this place just now. Wait until that is done.") from None
        sweep_unfinished(path)
        yield
    finally:
        os.close(descriptor)


def sweep_unfinished(path: Path) -> None:
    """Take away the halves of workspaces that were to be at ``path`` (beside it, or in it where it was there).

    Only where nobody makes one there: with the lock of :func:`making`, or that of the workspace that is there.
    """
    for folder, name in ((path.parent, path.name), (path, DATABASE)):
        for left in folder.glob(f".{glob.escape(name)}.*.part"):
            with contextlib.suppress(OSError):
                held = {each.name for each in left.iterdir()} if UNFINISHED.fullmatch(left.name) else {""}
                if held <= _OURS:
                    _take_away(path, left, held)


def _take_away(path: Path, left: Path, held: set[str]) -> None:
    """Stopped between the two renames into a folder that was there, the key file lies in it and the database does not yet."""
    if left.parent == path and DATABASE in held and KEY_FILE not in held and not (path / DATABASE).exists():
        (path / KEY_FILE).unlink(missing_ok=True)
    shutil.rmtree(left, ignore_errors=True)
