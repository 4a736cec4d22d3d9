"""Putting a backup in the place of a workspace so that a stop at any moment leaves the old one or the new one.

What is to come is laid ready in a folder of its own inside the workspace, and the present files' place in quarantine
beside it. The folder's last name is the decision: from then on only renames are left, and opening the workspace
finishes them. The folder goes when the record of use holds an entry about it.
"""

from __future__ import annotations

import contextlib
import shutil
from pathlib import Path

from mosovo_planner.store.base.files import beside, private_folder, sync_file, sync_folder
from mosovo_planner.store.embedded.keys import KEY_FILE, KeyFile, write_keys
from mosovo_planner.store.embedded.snapshot import DATABASE, stamped_now

QUARANTINE = "quarantine"
_DECIDED = "restoring-"
_REASON = "reason.txt"
_FILES = (DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm")


def decide(folder: Path, backup: Path, keys: KeyFile, reason: str) -> Path:
    """Lay everything ready and decide; gives the folder that :func:`finish` works off. Until it returns, nothing is changed.

    ``reason`` is what the record of use will say.
    """
    stamp = _free_stamp(folder)
    ready, quarantine = beside(folder / _DECIDED), folder / QUARANTINE / stamp
    try:
        private_folder(ready)
        shutil.copyfile(backup / DATABASE, ready / DATABASE)
        (ready / DATABASE).chmod(0o600)
        write_keys(ready, keys)
        (ready / _REASON).write_text(reason, encoding="utf-8")
        for name in (DATABASE, _REASON):
            sync_file(ready / name)
        sync_folder(ready)
        private_folder(quarantine)
        if (folder / KEY_FILE).exists():
            shutil.copy2(folder / KEY_FILE, quarantine / KEY_FILE)
            sync_file(quarantine / KEY_FILE)
        sync_folder(quarantine)
        sync_folder(quarantine.parent)
        return ready.rename(folder / (_DECIDED + stamp))
    except BaseException:
        shutil.rmtree(ready, ignore_errors=True)
        shutil.rmtree(quarantine, ignore_errors=True)
        with contextlib.suppress(OSError):
            quarantine.parent.rmdir()  # only where it is empty
        raise


def decided(folder: Path) -> Path | None:
    """The decision that waits to be worked off, None where there is none."""
    return next(iter(sorted(folder.glob(_DECIDED + "*"))), None)


def finish(decision: Path) -> Path | None:
    """Move the present files to quarantine and the new ones in their place. Where the old ones lie, None where none were.

    Called again after a stop, it goes on where it was.
    """
    folder, stamp = decision.parent, decision.name.removeprefix(_DECIDED)
    quarantine = folder / QUARANTINE / stamp
    sync_folder(folder)
    if (decision / DATABASE).exists():  # then those in the folder are the old ones
        for name in _FILES:
            if (folder / name).exists():
                (folder / name).rename(quarantine / name)
        sync_folder(quarantine)
        if (decision / KEY_FILE).exists():
            (decision / KEY_FILE).replace(folder / KEY_FILE)
        (decision / DATABASE).rename(folder / DATABASE)
        sync_folder(folder)
    with contextlib.suppress(OSError):
        quarantine.rmdir()  # only where there was nothing to keep
    return quarantine if quarantine.exists() else None


def reason_of(decision: Path) -> str:
    """What the record of use is to say about it."""
    try:
        return (decision / _REASON).read_text(encoding="utf-8")
    except OSError:
        return "restored from a backup"


def forget(decision: Path) -> None:
    """The decision is carried out and recorded."""
    shutil.rmtree(decision, ignore_errors=True)
    sync_folder(decision.parent)


def _free_stamp(folder: Path) -> str:
    stamp = stamped_now()
    names = (stamp if number == 1 else f"{stamp}-{number}" for number in range(1, 1000))
    return next(name for name in names if not (folder / QUARANTINE / name).exists())
