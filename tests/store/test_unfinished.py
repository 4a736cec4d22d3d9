"""Making a workspace that is killed leaves nothing behind that a next try, or the next opening, does not clear up."""

from __future__ import annotations

import os
import shutil
import signal
from pathlib import Path
from typing import Any

import pytest

from mosovo_planner.store import Workspace, create_workspace, open_workspace
from mosovo_planner.store.base.errors import WorkspaceInUse
from mosovo_planner.store.base.names import KdfParameters
from mosovo_planner.store.embedded import folder as folders
from mosovo_planner.store.embedded import relocate
from mosovo_planner.store.embedded.relocate import copy_workspace
from mosovo_planner.store.embedded.unfinished import making

USER, PASSPHRASE = "Sgt Invented", "correct horse battery"
CHEAP = KdfParameters(8 * 1024, 1, 1)
MOMENTS = ["before anything is in it", "before it gets its name", "between its two files"]


def _die(*_given: object, **_more: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)


def _make_and_die(place: str, moment: str) -> None:
    if moment == MOMENTS[2]:
        rename = Path.rename
        Path.rename = lambda path, target: _die() if path.name == "data.db" else rename(path, target)  # type: ignore[assignment,method-assign,return-value,func-returns-value]
    else:
        name = "write_keys" if moment == MOMENTS[0] else "_put_in_place"
        setattr(folders, name, _die)
    create_workspace(place, USER, PASSPHRASE, kdf=CHEAP)


def _copy_and_die(source: str, target: str) -> None:
    relocate.sync_folder = _die  # type: ignore[assignment]
    copy_workspace(Path(source), Path(target))


def _killed(processes: Any, work: Any, *given: str) -> None:
    made = processes.Process(target=work, args=given)
    made.start()
    made.join(60)
    assert made.exitcode not in (0, None)


@pytest.mark.parametrize(
    ("moment", "there"), [(MOMENTS[0], False), (MOMENTS[1], False), (MOMENTS[0], True), (MOMENTS[1], True), (MOMENTS[2], True)]
)
def test_a_workspace_is_made_where_an_earlier_try_was_killed(folder: Path, processes: Any, moment: str, there: bool) -> None:
    if there:
        folder.mkdir()
    _killed(processes, _make_and_die, str(folder), moment)
    assert list(folder.parent.rglob("*.part")), "so that there is something to clear up"
    create_workspace(str(folder), USER, PASSPHRASE, kdf=CHEAP).close()
    assert list(folder.parent.rglob("*.part")) == []
    open_workspace(str(folder), USER, PASSPHRASE).close()


def test_what_a_killed_try_left_beside_a_workspace_goes_when_that_is_opened(embedded: Workspace, folder: Path) -> None:
    embedded.close()
    left = folder.with_name(f".{folder.name}.0123456789ab.part")
    foreign = folder.with_name(f".{folder.name}.ba9876543210.part")
    for each in (left, foreign):
        each.mkdir()
        shutil.copy(folder / "keys.json", each)
    (foreign / "notes.txt").write_text("somebody's own")
    open_workspace(str(folder), USER, PASSPHRASE).close()
    assert not left.exists()
    assert (foreign / "notes.txt").exists()


def test_a_copy_is_made_where_an_earlier_try_was_killed(embedded: Workspace, folder: Path, processes: Any) -> None:
    embedded.close()
    target = folder.with_name("Copy.vp")
    _killed(processes, _copy_and_die, str(folder), str(target))
    assert list(folder.parent.glob("*.part"))
    copy_workspace(folder, target)
    assert list(folder.parent.glob("*.part")) == []
    open_workspace(str(target), USER, PASSPHRASE).close()


def test_nobody_clears_up_what_another_makes_just_now(folder: Path) -> None:
    going_on = folder.with_name(f".{folder.name}.0123456789ab.part")
    with making(folder):
        going_on.mkdir()
        with pytest.raises(WorkspaceInUse, match="being made"):
            create_workspace(str(folder), USER, PASSPHRASE, kdf=CHEAP)
        assert going_on.exists()
