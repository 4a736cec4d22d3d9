"""The deeds that are cut off: each works on the ground's workspace and says when it is done."""

from __future__ import annotations

import contextlib
import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from mosovo_planner.domain.roles import Role
from mosovo_planner.office.imports import commit_import, preview_import
from mosovo_planner.office.session import Session
from mosovo_planner.store import create_workspace, open_workspace
from mosovo_planner.store.backups.backup import Backup, backup_workspace, backups, restore_workspace
from mosovo_planner.store.base.engines import translated
from mosovo_planner.store.base.errors import NotAWorkspace, WorkspaceError
from mosovo_planner.store.base.files import sync_folder
from mosovo_planner.store.embedded.folder import checkpoint
from mosovo_planner.store.embedded.keys import read_keys
from mosovo_planner.store.members import add_member, change_passphrase, make_recovery_code, remove_member
from mosovo_planner.store.migrations import schema
from tests.faults.ledger import (
    CHEAP,
    OTHER_PASSPHRASE,
    PASSPHRASE,
    USER,
    Ground,
    deeds_held,
    first_schema,
    opens,
    problems,
    told_of,
    write,
)

Tell = Callable[[int], None]
_MEMBER, _FIRST = "PC Other", "a first pass phrase"
_ROWS = 20


@dataclass(frozen=True)
class Deed:
    """``prepare`` makes the ground ready; ``act`` does the deeds from ``first`` to ``last`` and tells the number of each
    that is confirmed; ``check`` says what is wrong afterwards, given how many were confirmed and how many begun."""

    name: str
    act: Callable[[Ground, int, int, Tell], None]
    check: Callable[[Ground, int, int], list[str]] = problems
    prepare: Callable[[Ground], None] = lambda ground: None


def _writes(ground: Ground, first: int, last: int, tell: Tell) -> None:
    with ground.open() as workspace:
        for number in range(first, last + 1):
            with workspace.transaction() as unit:
                write(unit, number)
            tell(number)


def _checkpoints(ground: Ground, first: int, last: int, tell: Tell) -> None:
    with ground.open() as workspace:
        for number in range(first, last + 1):
            with workspace.transaction() as unit:
                write(unit, number)
            tell(number)
            with translated():
                checkpoint(workspace.insides.engine)


def _backups(ground: Ground, first: int, last: int, tell: Tell) -> None:
    with ground.open() as workspace:
        for number in range(first, last + 1):
            with workspace.transaction() as unit:
                write(unit, number)
            made = backup_workspace(workspace)
            made.rename(made.with_name(f"{made.name[:17]}-{'a' * number}"))  # one name for each
            sync_folder(made.parent)
            tell(number)


def _check_backups(ground: Ground, acked: int, begun: int) -> list[str]:
    found = problems(ground, acked, begun) + _backups_that_fail(ground)
    lost = told_of(ground) - {_deeds_in(each) for each in backups(ground.folder)}
    return found + ([f"a confirmed backup is missing: {sorted(lost)}"] if lost else [])


def _backups_that_fail(ground: Ground) -> list[str]:
    found = []
    for each in backups(ground.folder):
        try:
            with open_workspace(str(each.folder), USER, PASSPHRASE) as copy:
                found += deeds_held(copy)[1]
        except WorkspaceError as refused:
            found.append(str(refused))
    return [f"a backup is not whole: {words}" for words in found]


def _deeds_in(backup: Backup) -> int:
    try:
        with open_workspace(str(backup.folder), USER, PASSPHRASE) as copy:
            return deeds_held(copy)[0]
    except WorkspaceError:
        return 0


def _imports(ground: Ground, first: int, last: int, tell: Tell) -> None:
    tracker = ground.root / "tracker.csv"
    with ground.open() as workspace:
        session = Session(workspace)
        for number in range(first, last + 1):
            with workspace.transaction() as unit:
                write(unit, number)
            rows = (f"IMP-{number:04}-{row:02},OAK,Person {row},Low,PC Invented" for row in range(_ROWS))
            tracker.write_text("\n".join(["Ref,Surname,Forename,Risk,Manager", *rows]))
            commit_import(session, preview_import(session, tracker, date(2026, 11, 23)))
            tell(number)


def _check_imports(ground: Ground, acked: int, begun: int) -> list[str]:
    found = problems(ground, acked, begun)
    if found:
        return found
    with ground.open() as workspace, workspace.transaction() as unit:
        rows = Counter(int(each.ref[4:8]) for each in unit.offenders() if each.ref.startswith("IMP-"))
        batches = len(unit.imports())
    if set(rows.values()) - {_ROWS} or len(rows) != batches:
        found.append(f"a part of an import is there: {rows}, {batches} imports")
    if lost := told_of(ground) - rows.keys():
        found.append(f"a confirmed import is missing: {lost}")
    return found + _backups_that_fail(ground)


def _rekeys(ground: Ground, first: int, last: int, tell: Tell) -> None:
    with ground.open() as workspace:
        for number in range(first, last + 1):
            with workspace.transaction() as unit:
                write(unit, number)
            add_member(workspace, f"{_MEMBER} {number}", _FIRST, Role.OFFENDER_MANAGER, kdf=CHEAP)
            remove_member(workspace, f"{_MEMBER} {number}", "moved")
            tell(number)


def _check_rekeys(ground: Ground, acked: int, begun: int) -> list[str]:
    found = problems(ground, acked, begun)
    if found:
        return found
    with ground.open() as workspace, workspace.transaction() as unit:
        accounts = {account.name: account.active for account in unit.users()}
    keys = read_keys(ground.folder / "keys.json")
    slots = {slot.user for slot in keys.slots}
    if any(len(slot.keys) != 1 for slot in keys.slots):
        found.append("the change of keys was not finished on opening")
    if shut_out := {name for name, active in accounts.items() if not active} & slots:
        found.append(f"who was shut out still has a key: {shut_out}")
    if strangers := slots - accounts.keys():
        found.append(f"there are keys without an account: {strangers}")
    if locked_out := {name for name, active in accounts.items() if active} - slots:
        found.append(f"there are accounts without a key: {locked_out}")
    return found


def _passphrases(ground: Ground, first: int, last: int, tell: Tell) -> None:
    for number in range(first, last + 1):
        old, new = _passphrase_now(ground)
        with ground.open(old) as workspace:
            with workspace.transaction() as unit:
                write(unit, number)
            change_passphrase(workspace, old, new, kdf=CHEAP)
            tell(number)


def _passphrase_now(ground: Ground) -> tuple[str, str]:
    """The pass phrase that opens, and the other one; a deed that was cut off may have changed it or not."""
    both = (PASSPHRASE, OTHER_PASSPHRASE)
    return both if opens(ground, PASSPHRASE) else both[::-1]


def _check_passphrases(ground: Ground, acked: int, begun: int) -> list[str]:
    """After one confirmed change the new one opens; after one that was cut off, one of the two."""
    return problems(ground, acked, begun, (OTHER_PASSPHRASE,) if acked == begun else (PASSPHRASE, OTHER_PASSPHRASE))


def _recoveries(ground: Ground, first: int, last: int, tell: Tell) -> None:
    with ground.open() as workspace:
        for number in range(first, last + 1):
            with workspace.transaction() as unit:
                write(unit, number)
            made = make_recovery_code(workspace, kdf=CHEAP)
            (ground.root / f"printed-{number}.txt").write_text(f"{made.user}\n{made.code}")
            tell(number)


def _check_recoveries(ground: Ground, acked: int, begun: int) -> list[str]:
    """The code printed last opens; where a new one was cut off, the one before or a new one made now does."""
    found = problems(ground, acked, begun)
    printed = sorted(ground.root.glob("printed-*.txt"))
    if found or not printed:
        return found
    user, _, code = printed[-1].read_text().partition("\n")
    if not code:  # the test's own note of it was lost by the cut
        return []
    try:
        open_workspace(str(ground.folder), user, code).close()
    except WorkspaceError as wrong:
        if acked == begun:
            return [f"the printed recovery code does not open: {wrong}"]
    with ground.open() as workspace:
        made = make_recovery_code(workspace, kdf=CHEAP)
    try:
        open_workspace(str(ground.folder), made.user, made.code).close()
    except WorkspaceError as wrong:
        return [f"a recovery code made after the cut does not open: {wrong}"]
    return []


def _old_ground(ground: Ground) -> None:
    shutil.rmtree(ground.folder)
    first_schema(ground.folder)


def _migrations(ground: Ground, first: int, last: int, tell: Tell) -> None:
    for number in range(first, last + 1):
        with ground.open() as workspace, workspace.transaction() as unit:
            write(unit, number)
        tell(number)


def _check_migrations(ground: Ground, acked: int, begun: int) -> list[str]:
    found = problems(ground, acked, begun)
    if found:
        return found
    with ground.open() as workspace, workspace.transaction() as unit:
        if schema.revision(unit.connection) != schema.HEAD:
            found.append("the schema is not the newest")
        if len([each for each in unit.offenders() if each.notes == "An invented person"]) != 5:
            found.append("what the old schema held is not there")
    return found


def _with_backup(ground: Ground) -> None:
    with ground.open() as workspace:
        with workspace.transaction() as unit:
            write(unit, 1)
        backup_workspace(workspace, ground.root / "copy")
        with workspace.transaction() as unit:
            write(unit, 2)


def _restores(ground: Ground, first: int, last: int, tell: Tell) -> None:
    for number in range(first, last + 1):
        restore_workspace(str(ground.folder), ground.root / "copy", USER, PASSPHRASE)
        tell(number)


def _check_restores(ground: Ground, acked: int, begun: int) -> list[str]:
    """Either as before (two deeds) or as the backup (one), and then what was there before is kept in quarantine."""
    for _ in range(2):
        found = problems(ground, 1, 1 if acked else 2)
        if found:
            return found
    with ground.open() as workspace:
        count, _ = deeds_held(workspace)
    if count == 1 and not _in_quarantine(ground):
        found.append("what the backup took the place of is not in quarantine")
    return found


def _in_quarantine(ground: Ground) -> bool:
    for each in (ground.folder / "quarantine").glob("*"):
        with contextlib.suppress(WorkspaceError), open_workspace(str(each), USER, PASSPHRASE) as old:
            if deeds_held(old) == (2, []):
                return True
    return False


def _no_ground(ground: Ground) -> None:
    shutil.rmtree(ground.folder)


def _creations(ground: Ground, first: int, last: int, tell: Tell) -> None:
    with create_workspace(str(ground.folder), USER, PASSPHRASE, kdf=CHEAP) as workspace:
        with workspace.transaction() as unit:
            write(unit, 1)
        tell(1)


def _check_creations(ground: Ground, acked: int, begun: int) -> list[str]:
    """It is there, or can be made."""
    try:
        ground.open().close()
    except NotAWorkspace:
        if acked:
            return ["the confirmed workspace is not there"]
        create_workspace(str(ground.folder), USER, PASSPHRASE, kdf=CHEAP).close()
    except WorkspaceError as wrong:
        return [f"does not open: {wrong}"]
    return problems(ground, acked, begun)


ALL = (
    Deed("write", _writes),
    Deed("checkpoint", _checkpoints),
    Deed("import", _imports, _check_imports),
    Deed("backup", _backups, _check_backups),
    Deed("re-key", _rekeys, _check_rekeys),
    Deed("pass phrase", _passphrases, _check_passphrases),
    Deed("recovery code", _recoveries, _check_recoveries),
    Deed("migrate", _migrations, _check_migrations, _old_ground),
    Deed("restore", _restores, _check_restores, _with_backup),
    Deed("create", _creations, _check_creations, _no_ground),
)
