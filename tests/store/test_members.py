"""Users are let in and shut out; pass phrases change; a recovery code opens what nobody else can."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from mosovo_planner.domain.people import Offender
from mosovo_planner.domain.roles import Role
from mosovo_planner.store import KdfParameters, Workspace, open_workspace
from mosovo_planner.store.backups import restore as restore_module
from mosovo_planner.store.backups.backup import backup_workspace, restore_workspace, verify
from mosovo_planner.store.base.errors import AlreadyThere, BadRecord, NotAllowed, WeakPassphrase, WrongPassphrase
from mosovo_planner.store.embedded import folder as folder_module
from mosovo_planner.store.embedded.keys import add_data_key, new_data_key, read_keys, write_keys
from mosovo_planner.store.members import add_member, change_passphrase, make_recovery_code, remove_member

USER, PASSPHRASE = "Sgt Invented", "correct horse battery"
OTHER, FIRST = "PC Other", "a first pass phrase"
CHEAP = KdfParameters(8 * 1024, 1, 1)


def _refs(address: Path | str, user: str, passphrase: str) -> list[str]:
    with open_workspace(str(address), user, passphrase) as workspace, workspace.transaction() as unit:
        return [each.ref for each in unit.offenders()]


@pytest.fixture
def shared(embedded: Workspace) -> Workspace:
    """A workspace of a supervisor and an offender manager, with one offender."""
    with embedded.transaction() as unit:
        unit.save_offenders([Offender(ref="SYN-1")])
    add_member(embedded, OTHER, FIRST, Role.OFFENDER_MANAGER, kdf=CHEAP)
    return embedded


def test_a_member_opens_with_his_own_pass_phrase(workspace: Workspace, workspace_address: str) -> None:
    add_member(workspace, OTHER, FIRST, Role.OFFENDER_MANAGER, kdf=CHEAP)
    with pytest.raises(AlreadyThere):
        add_member(workspace, OTHER.upper(), FIRST, Role.MANAGER, kdf=CHEAP)
    with pytest.raises(WeakPassphrase):
        add_member(workspace, "PC Third", "short", Role.MANAGER, kdf=CHEAP)
    workspace.close()
    with open_workspace(workspace_address, OTHER, FIRST) as opened:
        assert (opened.user, opened.role) == (OTHER, Role.OFFENDER_MANAGER)
        with opened.transaction() as unit:
            unit.save_offenders([Offender(ref="SYN-1")])
            assert unit.uses(1)[0].actor == OTHER
        with pytest.raises(NotAllowed):
            add_member(opened, "PC Third", FIRST, Role.SUPERVISOR, kdf=CHEAP)
        assert verify(opened).problems == ()
    with pytest.raises(WrongPassphrase):
        open_workspace(workspace_address, OTHER, PASSPHRASE)


def test_a_pass_phrase_is_changed_by_who_knows_it(shared: Workspace, folder: Path) -> None:
    with pytest.raises(WrongPassphrase):
        change_passphrase(shared, "not the old one", "a new pass phrase", kdf=CHEAP)
    change_passphrase(shared, PASSPHRASE, "a new pass phrase", kdf=CHEAP)
    shared.close()
    with pytest.raises(WrongPassphrase):
        open_workspace(str(folder), USER, PASSPHRASE)
    assert _refs(folder, USER, "a new pass phrase") == ["SYN-1"]
    assert _refs(folder, OTHER, FIRST) == ["SYN-1"]


def test_who_is_shut_out_cannot_come_back_with_an_old_key(shared: Workspace, folder: Path) -> None:
    old_keys = (folder / "keys.json").read_bytes()
    backup_workspace(shared)
    warned = remove_member(shared, OTHER, "moved to another force")
    assert len(warned) == 1
    with shared.transaction() as unit:
        unit.save_offenders([Offender(ref="SYN-2")])
    assert verify(shared).problems == ()
    shared.close()
    with pytest.raises(WrongPassphrase):
        open_workspace(str(folder), OTHER, FIRST)
    assert _refs(folder, USER, PASSPHRASE) == ["SYN-1", "SYN-2"]
    new_keys = (folder / "keys.json").read_bytes()
    (folder / "keys.json").write_bytes(old_keys)
    with pytest.raises(Exception, match="does not open with its key"):
        open_workspace(str(folder), OTHER, FIRST)
    (folder / "keys.json").write_bytes(new_keys)


def test_on_a_server_who_is_shut_out_is_refused(workspace: Workspace, workspace_address: str) -> None:
    add_member(workspace, OTHER, FIRST, Role.MANAGER, kdf=CHEAP)
    remove_member(workspace, OTHER, "retired")
    workspace.close()
    with pytest.raises((NotAllowed, WrongPassphrase)):
        open_workspace(workspace_address, OTHER, FIRST)


def test_nobody_shuts_out_himself_or_a_stranger(shared: Workspace) -> None:
    with pytest.raises(NotAllowed):
        remove_member(shared, USER, "")
    with pytest.raises(BadRecord):
        remove_member(shared, "Nobody", "")
    make_recovery_code(shared, kdf=CHEAP)
    with pytest.raises(NotAllowed), shared.transaction() as unit:
        unit.set_role(USER, Role.AUDITOR)


class _CutOff(BaseException):
    """As if the machine had stopped."""


@pytest.mark.parametrize("at", ["connect_file", "_forget_old_keys"])
def test_a_change_of_keys_that_is_cut_off_is_finished_on_opening(
    shared: Workspace, folder: Path, at: str, monkeypatch: pytest.MonkeyPatch, reopen: Callable[[], Workspace]
) -> None:
    old, keys, new = shared.insides.place.data_key, read_keys(folder / "keys.json"), new_data_key()
    shared.close()
    both = replace(keys, slots=tuple(add_data_key(keys.file, slot, new) for slot in keys.slots))

    def stops(*anything: object) -> None:
        raise _CutOff

    with monkeypatch.context() as cut, contextlib.suppress(_CutOff):
        cut.setattr(folder_module, at, stops)
        folder_module.change_data_key(folder, both, old, new)
    assert _refs(folder, OTHER, FIRST) == ["SYN-1"]
    assert {key.id for slot in read_keys(folder / "keys.json").slots for key in slot.keys} == {new[0]}
    with reopen() as workspace:
        assert workspace.insides.place.data_key == new[1]
        assert verify(workspace).ok


def test_a_recovery_code_opens_and_an_older_one_does_not(shared: Workspace, folder: Path) -> None:
    first = make_recovery_code(shared, kdf=CHEAP)
    second = make_recovery_code(shared, kdf=CHEAP)
    shared.close()
    with pytest.raises(WrongPassphrase):
        open_workspace(str(folder), first.user, first.code)
    with open_workspace(str(folder), second.user, second.code) as recovered:
        add_member(recovered, "Sgt New", "another pass phrase", Role.SUPERVISOR, kdf=CHEAP)
        assert verify(recovered).problems == ()
    assert _refs(folder, "Sgt New", "another pass phrase") == ["SYN-1"]


@pytest.mark.parametrize("old_code", [False, True], ids=["none before", "an older code before"])
def test_after_a_backup_older_than_the_recovery_code_one_is_told_to_print_a_new_one(
    shared: Workspace, folder: Path, old_code: bool
) -> None:
    if old_code:
        make_recovery_code(shared, kdf=CHEAP)
    copy = backup_workspace(shared)
    newest = make_recovery_code(shared, kdf=CHEAP)
    shared.close()
    done = restore_workspace(str(folder), copy, USER, PASSPHRASE)
    assert "print a new one" in done.text
    with pytest.raises(WrongPassphrase):
        open_workspace(str(folder), newest.user, newest.code)
    with open_workspace(str(folder), USER, PASSPHRASE) as workspace:
        newer = make_recovery_code(workspace, kdf=CHEAP)
    open_workspace(str(folder), newer.user, newer.code).close()


def test_after_a_backup_that_knows_the_recovery_code_nothing_is_said_of_it(shared: Workspace, folder: Path) -> None:
    code = make_recovery_code(shared, kdf=CHEAP)
    copy = backup_workspace(shared)
    shared.close()
    assert "recovery" not in restore_workspace(str(folder), copy, USER, PASSPHRASE).text
    open_workspace(str(folder), code.user, code.code).close()


def test_a_restore_that_was_cut_off_tells_of_the_recovery_code_at_the_next_opening(
    shared: Workspace, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = backup_workspace(shared)
    make_recovery_code(shared, kdf=CHEAP)
    shared.close()
    with monkeypatch.context() as patched:
        patched.setattr(restore_module, "finish", _cut_off)
        with pytest.raises(KeyboardInterrupt):
            restore_workspace(str(folder), copy, USER, PASSPHRASE)
    with open_workspace(str(folder), USER, PASSPHRASE) as workspace:
        assert any("print a new one" in each for each in workspace.warnings)


def _cut_off(_decision: Path) -> None:
    raise KeyboardInterrupt


def test_a_slot_cannot_be_given_another_name(shared: Workspace, folder: Path) -> None:
    """A user who knows his own pass phrase cannot rename his slot to open as the supervisor."""
    shared.close()
    keys = read_keys(folder / "keys.json")
    own = keys.slot(OTHER)
    assert own
    write_keys(folder, replace(keys, slots=(replace(own, user=USER),)))
    with pytest.raises(WrongPassphrase):
        open_workspace(str(folder), USER, FIRST)
