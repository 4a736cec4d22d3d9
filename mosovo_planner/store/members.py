"""Who has keys: users let in and shut out, pass phrases changed, a recovery code printed.

Shutting somebody out of an embedded workspace encrypts it anew, for he may have kept the old data key.
The new key is sealed to each remaining user, whose pass phrase is not needed for that.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from mosovo_planner.domain.roles import Permission, Role
from mosovo_planner.store.backups.backup import Backup, backup_workspace, backups, remove_backup
from mosovo_planner.store.base.engines import files_translated
from mosovo_planner.store.base.errors import BadRecord, NotAllowed, WeakPassphrase, WorkspaceError, WorkspaceFull
from mosovo_planner.store.base.names import KdfParameters, check_passphrase, clean_name, folded, nfc
from mosovo_planner.store.embedded.attempts import attempt
from mosovo_planner.store.embedded.folder import FolderPlace
from mosovo_planner.store.embedded.keys import (
    KEY_FILE,
    KeyFile,
    Slot,
    keys_to_come,
    new_slot,
    read_keys,
    recovery_code,
    relocked,
    unlock,
    write_keys,
)
from mosovo_planner.store.parts.accounts import RECOVERY
from mosovo_planner.store.server import verifier_of
from mosovo_planner.store.server.logins import change_own_password
from mosovo_planner.store.workspace import Workspace

_ROOM = 3.5
"""Encrypting anew writes the whole database a second time before the first is let go; a backup lies beside it."""


@dataclass(frozen=True, slots=True)
class RecoveryCode:
    """What is printed and locked away: the user name and the code that stands for his pass phrase."""

    user: str
    code: str


def add_member(workspace: Workspace, name: str, passphrase: str, role: Role, *, kdf: KdfParameters | None = None) -> None:
    """Let a user in, with a first pass phrase to be changed.

    Raises:
        NotAllowed: the acting user keeps no keys.
        AlreadyThere: there is a user of this name.
        WeakPassphrase: the pass phrase is too short.
    """
    _may_keep_keys(workspace)
    check_passphrase(passphrase)
    if not clean_name(name) or folded(name).startswith(RECOVERY):
        raise BadRecord("This name cannot be used. Choose another one.")
    place = workspace.insides.place
    if not isinstance(place, FolderPlace):
        if place.guarded:
            raise NotAllowed("On this server its administrator lets people in: mosovo-planner server add-user.")
        with workspace.transaction() as unit:
            unit.add_account(name, role, verifier=verifier_of(passphrase, kdf or KdfParameters()))
        return
    keys = read_keys(place.folder / KEY_FILE)
    slot, signing_key = _slot(place, keys, name, passphrase, kdf)
    slot = replace(slot, first=True)
    with workspace.transaction() as unit, files_translated():
        unit.add_account(name, role, signing_key)
        unit.seal()
        write_keys(place.folder, replace(keys, slots=(*_without(keys, name), slot)))


def change_passphrase(workspace: Workspace, old: str, new: str, *, kdf: KdfParameters | None = None) -> None:
    """Give the acting user another pass phrase.

    Raises:
        WrongPassphrase: ``old`` is not his pass phrase.
        TooManyAttempts: it was wrong before; the next try has to wait.
        WeakPassphrase: ``new`` is too short, or the old one.
        WorkspaceError: on a server the login's password is changed there.
    """
    check_passphrase(new)
    if nfc(new) == nfc(old):
        raise WeakPassphrase("The new pass phrase is the old one. Choose another.")
    place = workspace.insides.place
    if not isinstance(place, FolderPlace):
        if not place.guarded:
            raise WorkspaceError("On a server the pass phrase is the login's. Ask its administrator to change it.")
        with attempt(place.location, workspace.user):
            change_own_password(workspace, old, new)
        return
    keys = read_keys(place.folder / KEY_FILE)
    slot = keys.slot(workspace.user)
    if slot is None:
        raise BadRecord("There is no key for this user. Nothing was changed.")
    with attempt(str(place.folder), workspace.user):  # an unlocked screen is no place to guess either
        changed = relocked(keys.file, slot, old, new, kdf or KdfParameters())
    with files_translated(), keys_to_come(place.folder, _with(keys, changed)), workspace.transaction() as unit:
        unit.note_account_change(workspace.user, "pass phrase")


def first_passphrases(workspace: Workspace) -> frozenset[str]:
    """The names of users whose pass phrase was chosen by somebody else and not changed yet, in the form for comparing.

    None on a server, whose logins are its administrator's.
    """
    place = workspace.insides.place
    if not isinstance(place, FolderPlace):
        return frozenset()
    return frozenset(folded(slot.user) for slot in read_keys(place.folder / KEY_FILE).slots if slot.first)


def remove_member(workspace: Workspace, name: str, reason: str) -> tuple[Backup, ...]:
    """Shut a user out. An embedded workspace is encrypted anew. Gives the backups that his pass phrase still opens.

    Raises:
        NotAllowed: the acting user keeps no keys, or wants to shut out himself or the last supervisor.
        BadRecord: there is no such user.
    """
    _may_keep_keys(workspace)
    if folded(name) == folded(workspace.user):
        raise NotAllowed("Nobody can take away his own access. Ask another supervisor.")
    place = workspace.insides.place
    if isinstance(place, FolderPlace) and not place.has_room():
        raise WorkspaceFull  # before anything is changed
    if not isinstance(place, FolderPlace):
        with workspace.transaction() as unit:
            unit.set_active(name, False, reason)
        return ()
    before = backup_workspace(workspace, why="before-new-key")
    try:
        with workspace.transaction() as unit:
            unit.set_active(name, False, reason)
    except WorkspaceError:
        remove_backup(before)
        raise
    _encrypt_anew(workspace, place, without=name)
    old = backups(place.folder)
    try:
        backup_workspace(workspace, why="under-new-key")
    except WorkspaceError:  # he is shut out all the same; the backup with the old key stays, and is named with the others
        return old
    remove_backup(before)  # it opens with the old key, and is not needed beside one that opens with the new
    return tuple(each for each in old if each.folder != before)


def make_recovery_code(workspace: Workspace, *, kdf: KdfParameters | None = None) -> RecoveryCode:
    """A new recovery code, which opens the workspace as a user of its own; one made before no longer works.

    Raises:
        NotAllowed: the acting user keeps no keys.
        WorkspaceError: a server needs none.
    """
    _may_keep_keys(workspace)
    place = workspace.insides.place
    if not isinstance(place, FolderPlace):
        raise WorkspaceError("A workspace on a server needs no recovery code: its administrator can give new passwords.")
    keys, code = read_keys(place.folder / KEY_FILE), recovery_code()
    with workspace.transaction() as unit:
        earlier = [account.name for account in unit.users() if account.name.startswith(RECOVERY)]
        name = f"{RECOVERY}-{len(earlier) + 1}"  # a name of its own, for its signatures must stay checkable
        slot, signing_key = _slot(place, keys, name, code, kdf)
        unit.add_account(name, Role.SUPERVISOR, signing_key)
        for old in earlier:
            unit.set_active(old, False, "a new recovery code was made")
        unit.seal()
        with files_translated():  # with the old code, which must open should this stop before its end
            write_keys(place.folder, replace(keys, slots=(*_without(keys, name), slot)))
    with files_translated():
        write_keys(place.folder, replace(keys, slots=(*_without(keys, name, *earlier), slot)))
    return RecoveryCode(name, code)


def _may_keep_keys(workspace: Workspace) -> None:
    if Permission.KEEP_KEYS not in workspace.role.permissions:
        raise NotAllowed("Only a keeper of keys may do this. Ask your supervisor.")


def _encrypt_anew(workspace: Workspace, place: FolderPlace, without: str) -> None:
    keys = read_keys(place.folder / KEY_FILE)
    with workspace.alone(), files_translated():
        place.encrypt_anew(workspace.insides.engine, replace(keys, slots=_without(keys, without)))


def _slot(place: FolderPlace, keys: KeyFile, name: str, passphrase: str, kdf: KdfParameters | None) -> tuple[Slot, str]:
    if any(len(slot.keys) != 1 for slot in keys.slots):
        raise WorkspaceError("A change of keys is not finished. Close the workspace and open it again, which finishes it.")
    present = keys.slots[0].keys[0].id
    slot = new_slot(keys.file, name, passphrase, (present, place.data_key), kdf or KdfParameters())
    return slot, unlock(KeyFile(keys.file, (slot,)), name, passphrase).public_signing_key


def _without(keys: KeyFile, *names: str) -> tuple[Slot, ...]:
    gone = {folded(name) for name in names}
    return tuple(slot for slot in keys.slots if folded(slot.user) not in gone)


def _with(keys: KeyFile, changed: Slot) -> KeyFile:
    return replace(keys, slots=tuple(changed if slot.id == changed.id else slot for slot in keys.slots))
