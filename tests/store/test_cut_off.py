"""What was cut off half way is put right on opening: a restore, a change of keys, a new user, unfinished files."""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from mosovo_planner.domain.people import Offender
from mosovo_planner.domain.roles import Role
from mosovo_planner.store import KdfParameters, Workspace, members, open_workspace
from mosovo_planner.store.backups import restore as restore_module
from mosovo_planner.store.backups.backup import backup_workspace, restore_workspace, verify
from mosovo_planner.store.base import engines
from mosovo_planner.store.base.errors import DiskFailed, WorkspaceBusy, WorkspaceError, WorkspaceFull, WrongPassphrase
from mosovo_planner.store.embedded import folder as folder_module
from mosovo_planner.store.embedded.keys import new_slot, read_keys, write_keys
from mosovo_planner.store.embedded.snapshot import file_problems
from mosovo_planner.store.members import add_member, change_passphrase, make_recovery_code, remove_member

USER, PASSPHRASE = "Sgt Invented", "correct horse battery"
OTHER, FIRST = "PC Other", "a first pass phrase"
CHEAP = KdfParameters(8 * 1024, 1, 1)


class _CutOff(BaseException):
    """As if the machine had stopped."""


def _stops(*anything: object, **named: object) -> Any:
    raise _CutOff


def _slots(folder: Path) -> set[str]:
    return {slot.user for slot in read_keys(folder / "keys.json").slots}


@pytest.mark.parametrize("at", ["data.db", "keys.json", "the end"])
def test_a_restore_that_was_decided_is_finished_on_opening(
    embedded: Workspace, folder: Path, at: str, monkeypatch: pytest.MonkeyPatch, reopen: Callable[[], Workspace]
) -> None:
    copy = backup_workspace(embedded)
    with embedded.transaction() as unit:
        unit.save_offenders([Offender(ref="SYN-2")])
    embedded.close()
    real = Path.rename

    def rename(self: Path, target: Path) -> Path:
        if at == "data.db" and self == folder / "data.db":
            raise _CutOff
        moved = real(self, target)
        if at == "keys.json" and self == folder / "data.db":
            raise _CutOff
        return moved

    with monkeypatch.context() as cut, contextlib.suppress(_CutOff):
        cut.setattr(Path, "rename", rename)
        if at == "the end":
            cut.setattr(restore_module, "open_workspace", _stops)
        restore_workspace(str(folder), copy, USER, PASSPHRASE)
    for _ in range(2):
        with reopen() as workspace, workspace.transaction() as unit:
            assert unit.offenders() == ()
            assert workspace.warnings == ()
            assert [use.reason[:22] for use in unit.uses(10) if "restored" in use.reason] == ["restored from a backup"]
    (quarantine,) = (folder / "quarantine").iterdir()
    with open_workspace(str(quarantine), USER, PASSPHRASE) as old, old.transaction() as unit:
        assert [each.ref for each in unit.offenders()] == ["SYN-2"]
    assert {each.name for each in folder.iterdir()} == {"data.db", "keys.json", "lock", "backups", "quarantine"}


def test_unfinished_files_of_a_stopped_process_are_taken_away(
    embedded: Workspace, folder: Path, reopen: Callable[[], Workspace]
) -> None:
    backup_workspace(embedded)
    embedded.close()
    left = folder / "backups" / ".2026-11-23T040000-hand.0123456789ab.part"
    left.mkdir()
    (left / "data.db").write_bytes(b"half")
    (folder / ".keys.json.0123456789ab.part").write_bytes(b"half")
    (folder / ".mine.part").write_bytes(b"somebody's own")
    reopen().close()
    assert {each.name for each in folder.glob(".*")} == {".mine.part"}
    assert len(list((folder / "backups").iterdir())) == 1


def test_who_was_shut_out_has_no_key_although_the_change_of_keys_never_began(
    embedded: Workspace, folder: Path, monkeypatch: pytest.MonkeyPatch, reopen: Callable[[], Workspace]
) -> None:
    add_member(embedded, OTHER, FIRST, Role.OFFENDER_MANAGER, kdf=CHEAP)
    old = embedded.insides.place.data_key
    with monkeypatch.context() as cut, contextlib.suppress(_CutOff):
        cut.setattr(members, "_encrypt_anew", _stops)
        remove_member(embedded, OTHER, "moved")
    embedded.close()
    assert OTHER in _slots(folder)
    with pytest.raises(WorkspaceError, match="may no longer open"):
        open_workspace(str(folder), OTHER, FIRST)
    with reopen() as workspace:
        assert _slots(folder) == {USER}
        assert workspace.insides.place.data_key != old
        assert verify(workspace).ok
    with pytest.raises(WrongPassphrase):
        open_workspace(str(folder), OTHER, FIRST)


def test_a_change_of_keys_that_did_not_happen_is_not_taken_for_done(
    embedded: Workspace, folder: Path, monkeypatch: pytest.MonkeyPatch, reopen: Callable[[], Workspace]
) -> None:
    """SQLCipher's pragma fails without a word; the old key must stay until the new one opens the file."""
    add_member(embedded, OTHER, FIRST, Role.OFFENDER_MANAGER, kdf=CHEAP)
    real = folder_module.connect_file

    class Deaf:
        def __init__(self, connection: Any) -> None:
            self.connection = connection

        def execute(self, statement: str) -> Any:
            return self.connection.execute("SELECT 1" if "rekey" in statement else statement)

        def close(self) -> None:
            self.connection.close()

    with monkeypatch.context() as broken:
        broken.setattr(folder_module, "connect_file", lambda path, key: Deaf(real(path, key)))
        with pytest.raises(WorkspaceError, match="open it again"):
            remove_member(embedded, OTHER, "moved")
    with embedded.transaction() as unit:
        unit.save_offenders([Offender(ref="SYN-1")])
    with pytest.raises(WorkspaceError, match="not finished"):
        add_member(embedded, "PC Third", FIRST, Role.MANAGER, kdf=CHEAP)
    embedded.close()
    with reopen() as workspace, workspace.transaction() as unit:
        assert unit.offender("SYN-1")
        assert [len(slot.keys) for slot in read_keys(folder / "keys.json").slots] == [1]


def _no_room(monkeypatch: pytest.MonkeyPatch) -> None:
    real = folder_module.shutil.disk_usage
    monkeypatch.setattr(folder_module.shutil, "disk_usage", lambda path: real(path)._replace(free=10_000))


def test_a_full_disk_is_told_before_anybody_is_shut_out(embedded: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    add_member(embedded, OTHER, FIRST, Role.OFFENDER_MANAGER, kdf=CHEAP)
    _no_room(monkeypatch)
    with pytest.raises(WorkspaceFull):
        remove_member(embedded, OTHER, "moved")
    with embedded.transaction() as unit:
        assert next(each for each in unit.users() if each.name == OTHER).active


def test_without_room_to_finish_a_change_of_keys_the_workspace_opens_and_says_so(
    embedded: Workspace, folder: Path, monkeypatch: pytest.MonkeyPatch, reopen: Callable[[], Workspace]
) -> None:
    add_member(embedded, OTHER, FIRST, Role.OFFENDER_MANAGER, kdf=CHEAP)
    with embedded.transaction() as unit:
        unit.set_active(OTHER, False, "moved")
    embedded.close()
    with monkeypatch.context() as full:
        _no_room(full)
        with reopen() as workspace:
            assert "still has a key" in workspace.warnings[0]
            assert OTHER in _slots(folder)
    reopen().close()
    assert OTHER not in _slots(folder)


def test_keys_that_another_window_changed_meanwhile_are_not_written_over(
    embedded: Workspace, folder: Path, monkeypatch: pytest.MonkeyPatch, reopen: Callable[[], Workspace]
) -> None:
    """It read them, worked on the pass phrase for a while, and the other window closed just then."""
    embedded.close()
    real = folder_module.unlock

    def slowly(*anything: Any) -> Any:
        unlocked = real(*anything)
        monkeypatch.setattr(folder_module, "unlock", real)
        with reopen() as other:
            add_member(other, OTHER, FIRST, Role.OFFENDER_MANAGER, kdf=CHEAP)
        return unlocked

    monkeypatch.setattr(folder_module, "unlock", slowly)
    with pytest.raises(WorkspaceBusy):
        folder_module.open_(folder, USER, PASSPHRASE)
    assert _slots(folder) == {USER, OTHER}
    reopen().close()


def _stale(folder: Path, name: str) -> None:
    """A key that was written, and its account was not."""
    keys = read_keys(folder / "keys.json")
    slot = new_slot(keys.file, name, "nobody was told", ("0" * 32, bytes(32)), CHEAP)
    slot = replace(slot, keys=(replace(slot.keys[0], id=keys.slots[0].keys[0].id),))
    write_keys(folder, replace(keys, slots=(*keys.slots, slot)))


def test_a_key_whose_account_was_never_written_is_in_nobodys_way(
    embedded: Workspace, folder: Path, reopen: Callable[[], Workspace]
) -> None:
    _stale(folder, OTHER)
    _stale(folder, "recovery-1")
    add_member(embedded, OTHER, FIRST, Role.OFFENDER_MANAGER, kdf=CHEAP)
    made = make_recovery_code(embedded, kdf=CHEAP)
    _stale(folder, "PC Third")
    embedded.close()
    open_workspace(str(folder), OTHER, FIRST).close()
    open_workspace(str(folder), made.user, made.code).close()
    reopen().close()
    assert _slots(folder) == {USER, OTHER, made.user}


@pytest.mark.parametrize("change", ["pass phrase", "new user"])
def test_a_change_that_cannot_be_recorded_does_not_happen(
    embedded: Workspace, folder: Path, change: str, monkeypatch: pytest.MonkeyPatch, reopen: Callable[[], Workspace]
) -> None:
    engine = embedded.insides.engine
    with monkeypatch.context() as full:
        full.setattr(engine.dialect, "do_commit", lambda connection: _raise(OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))))
        with pytest.raises((WorkspaceError, OSError)):
            _change(embedded, change)
    if change == "new user":
        add_member(embedded, OTHER, FIRST, Role.OFFENDER_MANAGER, kdf=CHEAP)
    embedded.close()
    with reopen() as workspace:
        assert verify(workspace).ok
    if change == "new user":
        open_workspace(str(folder), OTHER, FIRST).close()


def _change(workspace: Workspace, change: str) -> None:
    if change == "pass phrase":
        change_passphrase(workspace, PASSPHRASE, "another pass phrase", kdf=CHEAP)
    else:
        add_member(workspace, OTHER, FIRST, Role.OFFENDER_MANAGER, kdf=CHEAP)


def _raise(error: Exception) -> None:
    raise error


def test_a_check_without_room_says_nothing_about_the_file(
    embedded: Workspace, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mosovo_planner.store.embedded import snapshot

    def full(*anything: object) -> Any:
        raise snapshot.DriverError("database or disk is full")

    monkeypatch.setattr(snapshot, "connect_file", full)
    with pytest.raises(WorkspaceFull):
        file_problems(folder / "data.db", bytes(32))


def test_a_disk_that_fails_is_not_called_damage_of_the_database(embedded: Workspace) -> None:
    """Who restores a backup because of a loose plug loses his work."""
    refused = OperationalError("statement", {}, engines.DriverError("disk I/O error"))
    with pytest.raises(DiskFailed) as told, embedded.transaction():
        raise refused
    assert "not sure" in str(told.value)
    assert "Nothing was changed" not in str(told.value)
    with embedded.transaction() as unit:
        assert unit.offenders() == ()
