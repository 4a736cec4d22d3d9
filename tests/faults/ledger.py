"""What a child writes into a workspace, deed by deed, and how it is told afterwards whether all of it is there.

A deed is whole or absent. Deed ``n`` leaves two offenders and a visit, so that a part of it would show. All invented.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

from mosovo_planner.domain.people import Offender
from mosovo_planner.domain.visits import Visit
from mosovo_planner.store import KdfParameters, Unit, Workspace, create_workspace, open_workspace
from mosovo_planner.store.backups.backup import verify
from mosovo_planner.store.base.engines import connect_file
from mosovo_planner.store.base.errors import WorkspaceError, WrongPassphrase
from mosovo_planner.store.embedded.keys import read_keys, unlock
from mosovo_planner.store.embedded.snapshot import DATABASE

USER, PASSPHRASE, OTHER_PASSPHRASE = "Sgt Invented", "correct horse battery", "battery horse correct"
CHEAP = KdfParameters(8 * 1024, 1, 1)
SURNAME = "Quetzalcoatlsson"


@dataclass(frozen=True)
class Ground:
    """A place of one's own with a workspace and a folder of state below ``root``."""

    root: Path

    @property
    def folder(self) -> Path:
        return self.root / "team.vp"

    @property
    def spare(self) -> Path:
        """Where the ground is kept as it was before a trial."""
        return self.root.with_name(self.root.name + ".before")

    def keep(self) -> None:
        shutil.rmtree(self.spare, ignore_errors=True)
        shutil.copytree(self.root, self.spare)

    def again(self) -> None:
        """As it was when it was kept."""
        shutil.rmtree(self.root, ignore_errors=True)
        shutil.copytree(self.spare, self.root)

    def open(self, passphrase: str = PASSPHRASE) -> Workspace:
        return open_workspace(str(self.folder), USER, passphrase)


@contextlib.contextmanager
def ground(base: Path | None = None) -> Iterator[Ground]:
    """A ground with a fresh workspace in memory (or below ``base``), and the program's folders moved there."""
    memory = Path("/dev/shm")
    roomy = base or (memory if os.access(memory, os.W_OK) else None)
    above = Path(tempfile.mkdtemp(prefix="mosovo-faults-", dir=roomy))
    made = Ground(above / "ground")
    before = {name: os.environ.get(name) for name in ("MOSOVO_STATE_DIR", "MOSOVO_DATA_DIR")}
    os.environ["MOSOVO_STATE_DIR"], os.environ["MOSOVO_DATA_DIR"] = str(made.root / "state"), str(made.root / "data")
    try:
        (made.root / "state").mkdir(parents=True)
        _fresh(made.folder)
        yield made
    finally:
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.__setitem__(name, value)
        shutil.rmtree(above, ignore_errors=True)


@cache
def _files_of_a_fresh_one() -> dict[str, bytes]:
    """A new workspace's files, made once."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "fresh.vp"
        create_workspace(str(place), USER, PASSPHRASE, kdf=CHEAP).close()
        return {path.name: path.read_bytes() for path in place.iterdir()}


def _fresh(folder: Path) -> None:
    folder.mkdir(mode=0o700)
    for name, content in _files_of_a_fresh_one().items():
        (folder / name).write_bytes(content)


def write(unit: Unit, number: int) -> None:
    """The records of one deed."""
    pair = [Offender(ref=f"DEED-{number:05}-{half}", surname=SURNAME, notes="An invented person. " * 20) for half in "ab"]
    unit.save_offenders(pair)
    unit.add_visit(Visit(id=f"V-{number:05}", ref=pair[0].ref, at=datetime(2026, 11, 1, 10), note="An invented visit"))


def deeds_held(workspace: Workspace) -> tuple[int, list[str]]:
    """How many deeds a workspace holds, and what is wrong with them."""
    with workspace.transaction() as unit:
        refs = {each.ref for each in unit.offenders() if each.ref.startswith("DEED-")}
        visits = {each.id for each in unit.visits() if each.id.startswith("V-")}
    count = max((int(ref[5:10]) for ref in refs), default=0)
    whole = {f"DEED-{number:05}-{half}" for number in range(1, count + 1) for half in "ab"}
    wrong = [] if refs == whole else [f"a part of a deed is missing: {sorted(refs ^ whole)[:3]}"]
    if visits != {f"V-{number:05}" for number in range(1, count + 1)}:
        wrong.append("visits are missing or too many")
    return count, wrong


def problems(ground: Ground, acked: int, begun: int, passphrases: tuple[str, ...] = (PASSPHRASE,)) -> list[str]:
    """Open the workspace as a user would and say what is not as it must be after ``acked`` of ``begun`` deeds."""
    fitting = [each for each in passphrases if opens(ground, each)]
    try:
        with ground.open(fitting[0] if fitting else passphrases[0]) as workspace:
            count, found = deeds_held(workspace)
            found += workspace.warnings
            if not acked <= count <= begun:
                found.append(f"{count} deeds are there, {acked} were confirmed of {begun} begun")
            return found + list(verify(workspace).problems) + loose_ends(ground)
    except WorkspaceError as wrong:
        return [f"does not open: {wrong}"]


def opens(ground: Ground, passphrase: str) -> bool:
    """Whether a pass phrase opens the key file; tried past the program, which makes the next guess wait."""
    try:
        unlock(read_keys(ground.folder / "keys.json"), USER, passphrase)
    except WrongPassphrase:
        return False
    except (WorkspaceError, OSError):
        return True  # the opening will tell
    return True


def write_told(ground: Ground, told: Iterable[int]) -> None:
    """Keep which deeds were confirmed, beside the workspace, for its check."""
    (ground.root / "told.txt").write_text(" ".join(map(str, told)))


def told_of(ground: Ground) -> set[int]:
    """The deeds that were confirmed."""
    return {int(each) for each in (ground.root / "told.txt").read_text().split()}


def loose_ends(ground: Ground) -> list[str]:
    """Half-made things that stayed in the folder although the workspace was opened since."""
    parts = [path.name for path in ground.folder.rglob("*") if path.name.endswith(".part")]
    return [f"unfinished things were left: {parts[:3]}"] if parts else []


def first_schema(folder: Path) -> None:
    """A workspace as the first version of the program wrote it, with five offenders and two users."""
    folder.mkdir(mode=0o700)
    here = Path(__file__).parent
    shutil.copyfile(here / "first_keys.json", folder / "keys.json")
    key = unlock(read_keys(folder / "keys.json"), USER, PASSPHRASE).data_keys[0][1]
    with contextlib.closing(connect_file(folder / DATABASE, key, create=True)) as connection:
        connection.executescript("BEGIN;" + (here / "first_schema.sql").read_text(encoding="utf-8") + "COMMIT;")
