"""Files that were damaged or put back: every byte, every length, the write-ahead log, single old pages."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as sqlcipher

from mosovo_planner.domain.errors import UserError
from mosovo_planner.store.backups.backup import backup_workspace, restore_workspace, verify
from mosovo_planner.store.base.errors import DamagedWorkspace, WorkspaceError
from mosovo_planner.store.embedded.keys import read_keys
from mosovo_planner.store.embedded.snapshot import DATABASE, file_problems
from tests.faults.ledger import PASSPHRASE, USER, Ground, deeds_held, write
from tests.faults.trials import Count

PAGE = 4096


def filled(ground: Ground, deeds: int = 6) -> bytes:
    """A closed workspace with some deeds in it; gives its data key."""
    with ground.open() as workspace:
        for number in range(1, deeds + 1):
            with workspace.transaction() as unit:
                write(unit, number)
        return bytes(workspace.insides.place.data_key)  # type: ignore[union-attr]


def every_byte(ground: Ground, key: bytes, count: Count, rng: random.Random, share: float = 1.0) -> None:
    """A bit of each byte of the database: one byte of every page at a time, the first page by itself."""
    database = ground.folder / DATABASE
    whole = database.read_bytes()
    pages = len(whole) // PAGE
    for at in _some(range(PAGE), share, rng):
        damaged = bytearray(whole)
        for page in range(1, pages):
            damaged[page * PAGE + at] ^= 1 << rng.randrange(8)
        database.write_bytes(damaged)
        missed = set(range(2, pages + 1)) - _failing_pages(database, key)
        count.tried += pages - 1
        count.found += [f"byte {at} of page {page} was not missed" for page in sorted(missed)]
    for at in _some(range(PAGE), share, rng):
        database.write_bytes(_flipped(whole, at, rng))
        count.take(f"byte {at} of page 1", [] if file_problems(database, key) else ["was not found"])
    database.write_bytes(whole)


def _failing_pages(database: Path, key: bytes) -> set[int]:
    with contextlib.closing(sqlcipher.connect(str(database), isolation_level=None)) as connection:
        connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        connection.execute("PRAGMA cipher_log_level = NONE")
        return {int(row[0].rsplit(" ", 1)[1]) for row in connection.execute("PRAGMA cipher_integrity_check")}


def told_to_the_user(ground: Ground, count: Count, rng: random.Random, times: int) -> None:
    """One flipped byte or a truncation, met by who opens, works in and verifies the workspace."""
    database = ground.folder / DATABASE
    whole = database.read_bytes()
    for number in range(times):
        at = rng.randrange(len(whole))
        damaged = whole[:at] if number % 3 == 0 else _flipped(whole, at, rng)
        database.write_bytes(damaged)
        for name in ("-wal", "-shm"):
            database.with_name(DATABASE + name).unlink(missing_ok=True)
        count.take(f"{'cut' if number % 3 == 0 else 'flip'} at {at} of {len(whole)}", _unnoticed(ground))
    database.write_bytes(whole)


def _unnoticed(ground: Ground) -> list[str]:
    try:
        with ground.open() as workspace:
            deeds_held(workspace)
            return [] if verify(workspace).problems else ["opened, read and verified without a word"]
    except DamagedWorkspace:
        return []
    except UserError as other:
        return [f"told as {type(other).__name__}: {other}"]


def backups_damaged(ground: Ground, count: Count, rng: random.Random, times: int) -> None:
    """A backup with a flipped byte, in database or key file, or cut short, is never brought back."""
    with ground.open() as workspace:
        copy = backup_workspace(workspace, ground.root / "copy")
    (ground.folder / "keys.json").rename(ground.root / "keys-away.json")  # so that the backup's own keys count
    try:
        for number in range(times):
            name = "keys.json" if number % 4 == 0 else DATABASE
            whole = (copy / name).read_bytes()
            at = rng.randrange(len(whole))
            (copy / name).write_bytes(whole[:at] if number % 5 == 0 else _flipped(whole, at, rng))
            count.take(f"backup's {name} at {at}", _brought_back(ground, copy))
            (copy / name).write_bytes(whole)
        count.take("backup as it was", [] if _brought_back(ground, copy) else ["is refused"])
    finally:
        (ground.root / "keys-away.json").rename(ground.folder / "keys.json")


def _brought_back(ground: Ground, copy: Path) -> list[str]:
    try:
        restore_workspace(str(ground.folder), copy, USER, PASSPHRASE, only_say=True)
    except WorkspaceError:
        return []
    return ["was taken for whole"]


def key_files(ground: Ground, count: Count, share: float, rng: random.Random) -> None:
    """Every bit of the key file and every length of it: refused, or the very same keys."""
    path = ground.folder / "keys.json"
    whole, keys = path.read_bytes(), read_keys(path)
    trials = [(at, 1 << bit) for at in range(len(whole)) for bit in range(8)] + [(at, 0) for at in range(len(whole))]
    for at, mask in _some(trials, share, rng):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ mask]) + whole[at + 1 :] if mask else whole[:at])
        try:
            wrong = [] if read_keys(path) == keys else ["gave other keys"]
        except DamagedWorkspace:
            wrong = []
        count.take(f"keys.json at {at}", wrong)
    path.write_bytes(whole)


def log_damaged(ground: Ground, count: Count, rng: random.Random, times: int) -> None:
    """The write-ahead log flipped or cut after a crash: what is missing is said, for the mark outside knows of it."""
    for _ in _with_log(ground):
        log = ground.folder / f"{DATABASE}-wal"
        whole = log.read_bytes()
        ground.keep()
        for number in range(times):
            ground.again()
            at = rng.randrange(len(whole))
            log.write_bytes(whole[:at] if number % 4 == 0 else _flipped(whole, at, rng))
            count.take(f"log {'cut' if number % 4 == 0 else 'flipped'} at {at} of {len(whole)}", _loss_unsaid(ground))


def _with_log(ground: Ground) -> Iterator[None]:
    """The ground as a crash leaves it: the last deeds are in the log only, the mark knows them."""
    workspace = ground.open()
    for number in (7, 8, 9):
        with workspace.transaction() as unit:
            write(unit, number)
    workspace.insides.place._write_mark()  # type: ignore[union-attr]
    ground.keep()
    workspace.close()
    ground.again()
    yield


def _loss_unsaid(ground: Ground) -> list[str]:
    try:
        with ground.open() as workspace:
            held, wrong = deeds_held(workspace)
            said = bool(workspace.warnings) and not verify(workspace).ok
    except DamagedWorkspace:
        return []
    if wrong:
        return wrong
    return [] if said or held == 9 else [f"only {held} of 9 deeds are there, and nobody is told"]


def old_pages(ground: Ground, count: Count) -> None:
    """Single pages put back to an older state, each valid by itself: found, or nothing that is held is another."""
    database = ground.folder / DATABASE
    old = database.read_bytes()
    with ground.open() as workspace, workspace.transaction() as unit:
        changed = [each for each in unit.offenders() if each.ref.endswith("a")]
        unit.save_offenders([_renamed(each) for each in changed])
    new = database.read_bytes()
    content = _content(ground)
    for page in range(1, min(len(old), len(new)) // PAGE):
        part = slice(page * PAGE, (page + 1) * PAGE)
        if old[part] == new[part]:
            continue
        database.write_bytes(new[: part.start] + old[part] + new[part.stop :])
        count.take(f"page {page + 1} put back", _put_back_unnoticed(ground, content))
    database.write_bytes(new)


def _renamed(offender: Any) -> Any:
    from dataclasses import replace

    return replace(offender, surname="Otherwise")


def _put_back_unnoticed(ground: Ground, content: object) -> list[str]:
    mark = _state(ground)
    try:
        with ground.open() as workspace:
            if workspace.warnings or verify(workspace).problems:
                return []
        return [] if _content(ground) == content else ["what is held is another, and nobody is told"]
    except DamagedWorkspace:
        return []
    finally:
        _state(ground, mark)


def _content(ground: Ground) -> object:
    with ground.open() as workspace, workspace.transaction() as unit:
        return unit.caseload(), unit.visits(), unit.policy(), unit.users(), len(list(unit.chained()))


def _state(ground: Ground, marks: dict[Path, bytes] | None = None) -> dict[Path, bytes]:
    """The marks as they are; with ``marks`` they are put back."""
    folder = ground.root / "state"
    for path, content in (marks or {}).items():
        path.write_bytes(content)
    return {path: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def _some(all_of_them: Any, share: float, rng: random.Random) -> list[Any]:
    every = list(all_of_them)
    return every if share >= 1 else rng.sample(every, max(1, int(len(every) * share)))


def _flipped(whole: bytes, at: int, rng: random.Random) -> bytes:
    return whole[:at] + bytes([whole[at] ^ (1 << rng.randrange(8))]) + whole[at + 1 :]
