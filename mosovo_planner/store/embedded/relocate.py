"""A workspace that lies where none may: copied to the computer's own disk, whole or not at all."""

from __future__ import annotations

import shutil
from pathlib import Path

from mosovo_planner.store.base.engines import files_translated
from mosovo_planner.store.base.errors import AlreadyThere, NotAWorkspace
from mosovo_planner.store.base.files import beside, private_folder, sync_file, sync_folder
from mosovo_planner.store.embedded.keys import KEY_FILE
from mosovo_planner.store.embedded.places import refuse_unsafe
from mosovo_planner.store.embedded.snapshot import DATABASE
from mosovo_planner.store.embedded.unfinished import making

_LOG = f"{DATABASE}-wal"


def copy_workspace(source: Path, target: Path) -> Path:
    """Copy database, its log of newest changes and the key file to the new folder ``target``; where that is.

    Nobody should have the source open: what is written to it meanwhile is not in the copy, and a torn copy is told as
    damage when it is opened.

    Raises:
        NotAWorkspace: there is none at ``source``.
        AlreadyThere: there is something at ``target``.
        RefusedLocation: a workspace may not lie at ``target`` either.
    """
    source, target = source.absolute(), target.absolute()
    if not (source / DATABASE).is_file() or not (source / KEY_FILE).is_file():
        raise NotAWorkspace("There is no whole workspace in this place. Check the address.")
    refuse_unsafe(target)
    with files_translated(), making(target):
        if target.exists() and (not target.is_dir() or any(target.iterdir())):
            raise AlreadyThere("There is something in this place already. Choose a new or empty folder.")
        unfinished = beside(target)
        try:
            private_folder(unfinished)
            for name in (DATABASE, _LOG, KEY_FILE):
                if (source / name).is_file():
                    shutil.copyfile(source / name, unfinished / name)
                    (unfinished / name).chmod(0o600)
                    sync_file(unfinished / name)
            sync_folder(unfinished)
            if target.exists():
                target.rmdir()
            unfinished.rename(target)
            sync_folder(target.parent)
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)
    return target


def take_copy_away(copied: Path) -> None:
    """Remove a copy that did not open."""
    shutil.rmtree(copied, ignore_errors=True)
