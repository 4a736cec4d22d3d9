"""Damage is found, crashes lose nothing that was confirmed, and nothing readable reaches the disk."""

from __future__ import annotations

import contextlib
import json
import os
import random
import shutil
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mosovo_planner.domain.people import Offender
from mosovo_planner.store import Workspace, open_workspace
from mosovo_planner.store.backups.backup import verify
from mosovo_planner.store.base.engines import connect_file
from mosovo_planner.store.base.errors import DamagedWorkspace, WorkspaceError, WorkspaceFull
from mosovo_planner.store.embedded.keys import read_keys
from mosovo_planner.store.embedded.snapshot import file_problems

USER, PASSPHRASE = "Sgt Invented", "correct horse battery"
CANARY = "Quetzalcoatlsson"


def _write_until_killed(address: str, told: Any) -> None:
    workspace = open_workspace(address, USER, PASSPHRASE)
    number = 0
    while True:
        with workspace.transaction() as unit:
            number = len(unit.offenders()) + 1
            unit.save_offenders([Offender(ref=f"SYN-{number:05}", surname=CANARY)])
        told.send(number)


def test_killed_ten_times_nothing_confirmed_is_lost(
    embedded: Workspace, folder: Path, reopen: Callable[[], Workspace], processes: Any
) -> None:
    embedded.close()
    rng = random.Random(5)
    for _ in range(10):
        here, there = processes.Pipe(duplex=False)
        writer = processes.Process(target=_write_until_killed, args=(str(folder), there))
        writer.start()
        there.close()
        confirmed = _kill_after(writer, here, rng.randint(1, 12))
        with reopen() as workspace, workspace.transaction() as unit:
            kept = len(unit.offenders())
            assert confirmed <= kept <= confirmed + 1
            assert workspace.warnings == ()
    with reopen() as workspace:
        assert verify(workspace).problems == ()


def _kill_after(writer: Any, pipe: Any, number: int) -> int:
    confirmed = 0
    for _ in range(number):
        confirmed = pipe.recv()
    writer.kill()
    writer.join()
    with contextlib.suppress(EOFError):
        while True:
            confirmed = pipe.recv()
    return int(confirmed)


@pytest.fixture
def filled(embedded: Workspace, folder: Path) -> Path:
    """A closed workspace with some people in it."""
    with embedded.transaction() as unit:
        unit.save_offenders([Offender(ref=f"SYN-{number}", surname=CANARY, notes=CANARY * 5) for number in range(60)])
    embedded.close()
    return folder


def _data_key(folder: Path) -> bytes:
    with open_workspace(str(folder), USER, PASSPHRASE) as workspace:
        return bytes(workspace.insides.place.data_key)


def test_flipped_bytes_are_found_wherever_they_are(filled: Path) -> None:
    key, database = _data_key(filled), filled / "data.db"
    whole = database.read_bytes()
    assert file_problems(database, key) == []
    rng = random.Random(7)
    for at in [0, 15, 16, 4095, 4096, len(whole) - 1, *(rng.randrange(len(whole)) for _ in range(40))]:
        damaged = bytearray(whole)
        damaged[at] ^= 1 << rng.randrange(8)
        database.write_bytes(damaged)
        assert file_problems(database, key), f"byte {at} of {len(whole)}"


def test_wherever_a_byte_is_flipped_the_user_hears_of_damage(filled: Path) -> None:
    database = filled / "data.db"
    whole = database.read_bytes()
    for page in random.Random(11).sample(range(1, len(whole) // 4096), 12):
        damaged = bytearray(whole)
        damaged[page * 4096 + 1000] ^= 1
        database.write_bytes(damaged)
        try:
            with open_workspace(str(filled), USER, PASSPHRASE) as workspace:
                assert verify(workspace).problems
        except DamagedWorkspace:
            continue


def test_a_damaged_first_page_is_told_from_a_wrong_pass_phrase(filled: Path) -> None:
    database = filled / "data.db"
    damaged = bytearray(database.read_bytes())
    damaged[100] ^= 1
    database.write_bytes(damaged)
    with pytest.raises(DamagedWorkspace, match="pass phrase is right"):
        open_workspace(str(filled), USER, PASSPHRASE)


def test_damage_found_while_working_is_damage_not_an_empty_list(filled: Path) -> None:
    database = filled / "data.db"
    whole = bytearray(database.read_bytes())
    for page in range(4096 * 8, len(whole), 4096):
        whole[page + 50] ^= 1
    database.write_bytes(whole)
    with pytest.raises(DamagedWorkspace):
        _read_all(filled)


def _read_all(folder: Path) -> None:
    with open_workspace(str(folder), USER, PASSPHRASE) as workspace, workspace.transaction() as unit:
        unit.caseload()
        list(unit.chained())


@pytest.mark.parametrize("share", [0.0, 0.001, 0.3, 0.99])
def test_a_truncated_database_is_damage(filled: Path, share: float) -> None:
    key, database = _data_key(filled), filled / "data.db"
    os.truncate(database, int(database.stat().st_size * share))
    with pytest.raises(DamagedWorkspace):
        _read_all(filled)
    if share:
        assert file_problems(database, key)


def test_an_unencrypted_database_in_its_place_is_refused(filled: Path) -> None:
    (filled / "data.db").write_bytes(b"SQLite format 3\0" + bytes(4080))
    with pytest.raises(DamagedWorkspace, match="not encrypted"):
        open_workspace(str(filled), USER, PASSPHRASE)


def test_a_lost_write_ahead_log_is_noticed(embedded: Workspace, folder: Path, reopen: Callable[[], Workspace]) -> None:
    """SQLite drops a damaged log's tail without a word; the mark outside the folder shows it."""
    before = folder.with_name("before")
    embedded.close()
    shutil.copytree(folder, before)
    with reopen() as workspace, workspace.transaction() as unit:
        unit.save_offenders([Offender(ref="SYN-1")])
    shutil.rmtree(folder)
    before.rename(folder)
    with reopen() as workspace:
        assert "older than when you last used it" in workspace.warnings[0]
        assert not verify(workspace).ok
    with reopen() as workspace:
        assert workspace.warnings


def test_an_altered_mark_is_noticed(embedded: Workspace, reopen: Callable[[], Workspace]) -> None:
    embedded.close()
    (mark,) = Path(os.environ["MOSOVO_STATE_DIR"]).glob("*.json")
    told = json.loads(mark.read_bytes())
    mark.write_text(json.dumps(told | {"seq": 1}))
    with reopen() as workspace:
        assert "altered" in workspace.warnings[0]


def _damaged_key_files(whole: bytes) -> Iterator[bytes]:
    rng = random.Random(3)
    yield b""
    yield b"\xff\xfe\x00"
    yield whole[: len(whole) // 2]
    yield b"[" * 100_000
    yield b'{"format": 1}'
    for _ in range(40):
        damaged = bytearray(whole)
        damaged[rng.randrange(len(whole))] ^= 1 << rng.randrange(7)
        yield bytes(damaged)


def test_a_damaged_key_file_is_damage_and_never_another_key(filled: Path) -> None:
    path = filled / "keys.json"
    whole = path.read_bytes()
    for damaged in _damaged_key_files(whole):
        path.write_bytes(damaged)
        with pytest.raises(DamagedWorkspace, match="key file"):
            open_workspace(str(filled), USER, PASSPHRASE)
    path.write_bytes(whole)
    open_workspace(str(filled), USER, PASSPHRASE).close()


@pytest.mark.parametrize("doctored", [{"memory_kib": 4 * 1024 * 1024}, {"passes": 1000}, {"lanes": 0}, {"memory_kib": 8}])
def test_key_derivation_out_of_bounds_is_refused_before_it_is_tried(filled: Path, doctored: dict[str, int]) -> None:
    from mosovo_planner.store.embedded.keys import write_keys

    keys = read_keys(filled / "keys.json")
    (slot,) = keys.slots
    write_keys(filled, replace(keys, slots=(replace(slot, kdf=replace(slot.kdf, **doctored)),)))
    began = time.monotonic()
    with pytest.raises(DamagedWorkspace, match="key file"):
        open_workspace(str(filled), USER, PASSPHRASE)
    assert time.monotonic() - began < 60  # tried, it would take hours


def test_no_name_reaches_the_disk_or_an_error_text(embedded: Workspace, folder: Path) -> None:
    people = [Offender(ref=f"SYN-{number}", surname=CANARY, notes=CANARY * 50) for number in range(200)]
    with embedded.transaction() as unit:
        unit.save_offenders(people)
    assert (folder / "data.db-wal").stat().st_size > 0
    texts = [_text_of(lambda unit: unit.save_offenders(people), embedded)]
    texts.append(_text_of(lambda unit: unit.save_offenders([replace(people[0], ref="SYN-X", mappa_level=1 << 80)]), embedded))
    texts.append(_text_of(lambda unit: unit.save_offenders([replace(people[0], ref="SYN-X", status=CANARY)]), embedded))
    assert all(CANARY not in text for text in texts)
    embedded.close()
    for state in (folder, Path(os.environ["MOSOVO_STATE_DIR"])):
        for file in (each for each in state.rglob("*") if each.is_file()):
            assert CANARY.encode() not in file.read_bytes(), file.name


def _text_of(act: Callable[[Any], object], workspace: Workspace) -> str:
    with pytest.raises((WorkspaceError, OverflowError, AttributeError)) as refused, workspace.transaction() as unit:
        act(unit)
    return "".join(traceback.format_exception(refused.value))


def test_the_database_is_useless_without_its_key(filled: Path) -> None:
    with pytest.raises(Exception, match="not a database"):
        connect_file(filled / "data.db", bytes(32))


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs a small file system of its own")
def test_a_full_disk_changes_nothing(embedded: Workspace, folder: Path) -> None:
    embedded.close()
    small = folder.with_name("small")
    small.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", small], check=False, capture_output=True)
    if mounted.returncode:
        pytest.skip("no right to mount a small file system here")
    try:
        place = small / "team.vp"
        shutil.copytree(folder, place)
        with open_workspace(str(place), USER, PASSPHRASE) as workspace:
            with workspace.transaction() as unit:
                unit.save_offenders([Offender(ref="SYN-1", surname="kept")])
            with pytest.raises(WorkspaceFull), workspace.transaction() as unit:
                unit.save_offenders([Offender(ref=f"BIG-{number}", notes="x" * 5000) for number in range(2000)])
            with workspace.transaction() as unit:
                assert [each.ref for each in unit.offenders()] == ["SYN-1"]
        with open_workspace(str(place), USER, PASSPHRASE) as workspace:
            assert verify(workspace).problems == ()
    finally:
        subprocess.run(["umount", small], check=True)


def test_a_program_error_inside_a_transaction_is_no_workspace_error(embedded: Workspace) -> None:
    with pytest.raises(RuntimeError), embedded.transaction(), embedded.transaction():
        pass
    with embedded.transaction() as unit:
        assert unit.offenders() == ()
    assert not issubclass(RuntimeError, WorkspaceError)
