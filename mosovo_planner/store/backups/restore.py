"""Bringing a backup back, with the present files kept in quarantine."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from mosovo_planner.domain.progress import Progress, Reporter, silent
from mosovo_planner.store.base.engines import file_engine, files_translated, translated
from mosovo_planner.store.base.errors import DamagedWorkspace, NotAWorkspace, WorkspaceError, WrongPassphrase
from mosovo_planner.store.base.files import beside, private_folder
from mosovo_planner.store.embedded.attempts import attempt
from mosovo_planner.store.embedded.folder import actor_of, checkpoint, fitting_key, recovery_users
from mosovo_planner.store.embedded.keys import KEY_FILE, KeyFile, Unlocked, read_keys, unlock, write_keys
from mosovo_planner.store.embedded.lock import FolderLock
from mosovo_planner.store.embedded.restoring import decide, decided, finish, forget
from mosovo_planner.store.embedded.snapshot import BACKUPS, DATABASE, file_problems
from mosovo_planner.store.migrations import schema
from mosovo_planner.store.record.chain import Head
from mosovo_planner.store.record.lost import Lost, held_in, lost_after
from mosovo_planner.store.record.watermark import Watermark
from mosovo_planner.store.unit import Unit
from mosovo_planner.store.workspace import open_workspace


@dataclass(frozen=True, slots=True)
class RestoreReport:
    """What bringing a backup back does: entries lost (None: the old state cannot be read), and where the old files lie.

    ``no_recovery``: the recovery code printed last opens nothing any more, which shows once it is done.
    ``changes`` are what would be lost by its kind, (what, how many). ``seen_since`` is how many entries more than the backup
    holds this user had seen, where the old state cannot be read. ``erased`` counts those erased since, who are erased again.
    """

    backup: Path
    entries: int
    lost_entries: int | None
    last_entry: datetime | None
    lost_until: datetime | None
    quarantine: Path | None = None
    changes: tuple[tuple[str, int], ...] = ()
    seen_since: int = 0
    erased: int = 0
    follows: bool = True
    no_recovery: bool = False

    @property
    def text(self) -> str:
        """The report in some sentences, with what is lost by its kind."""
        kinds = f" That is: {', '.join(f'{count:,} {what}' for what, count in self.changes)}." if self.changes else ""
        return f"{self.head}{kinds}"

    @property
    def head(self) -> str:
        """The report without the kinds of what is lost, for whoever shows those beside it."""
        upto = f"{self.last_entry.astimezone():%d %b %Y %H:%M}" if self.last_entry else "its beginning"
        return f"The backup holds everything up to {upto}; {self._lost}.{self._more}"

    @property
    def _lost(self) -> str:
        if self.lost_entries is None:
            lost = "what came after it cannot be told, for the present database cannot be read"
            return f"{lost}; you had seen {self.seen_since:,} entries more" if self.seen_since else lost
        if self.lost_entries == 0:
            return "nothing was recorded after it"
        assert self.lost_until is not None
        return f"{self.lost_entries} entries made after it, up to {self.lost_until.astimezone():%d %b %Y %H:%M}, are lost"

    @property
    def _more(self) -> str:
        parts = []
        if self.erased:
            people = "1 person" if self.erased == 1 else f"{self.erased} people"
            parts.append(f" {people} erased since the backup {'is' if self.erased == 1 else 'are'} erased again.")
        if not self.follows:
            parts.append(" The backup is no earlier state of this workspace: its record of use is another one.")
        if self.no_recovery:
            parts.append(" The recovery code printed last is newer than the backup and opens nothing any more: print a new one.")
        return "".join(parts)


def restore_workspace(
    address: str, backup: Path, user: str, passphrase: str, *, only_say: bool = False, report: Reporter = silent
) -> RestoreReport:
    """Put a backup in the place of a workspace; the present files go to ``quarantine``. With ``only_say`` nothing moves.

    The present key file stays in force where it opens the backup, so that nobody comes back in who was shut out.

    Raises:
        NotAWorkspace: ``backup`` is no backup, or ``address`` is on a server.
        WrongPassphrase: user and pass phrase open neither key file.
        DamagedWorkspace: the backup fails its checks.
        WorkspaceInUse: the workspace is open somewhere.
    """
    folder, backup = Path(address).expanduser().absolute(), backup.expanduser().absolute()
    backup = _checked(backup)
    report(Progress("Checking the backup", 0.0))
    if only_say:
        with files_translated(), attempt(str(folder), user):
            return _looked_at(folder, backup, user, passphrase)[0]
    lock = FolderLock(folder)
    with files_translated():
        private_folder(folder)
        lock.take()
    try:
        printed = _recovery_users(folder)
        with files_translated():
            _finish_earlier(folder)
        with files_translated(), attempt(str(folder), user):
            told, keys, unlocked, key, lost = _looked_at(folder, backup, user, passphrase)
        report(Progress("Putting the backup in place", 0.6))
        with files_translated(), _without(lost, backup, keys, unlocked, key) as coming:
            decision = decide(folder, coming, keys, f"restored from a backup by {unlocked.user}. {told.text}")
            done = replace(told, quarantine=finish(decision))
    finally:
        lock.release()
    open_workspace(str(folder), user, passphrase).close()  # which records it, and lets keys go that the backup does not know
    return replace(done, no_recovery=bool(printed - _recovery_users(folder)))


def _recovery_users(folder: Path) -> set[str]:
    """The recovery codes that the key file of a folder knows; none where it cannot be read."""
    with contextlib.suppress(WorkspaceError, OSError):
        return recovery_users(read_keys(folder / KEY_FILE).slots)
    return set()


def newest_sound(address: str, user: str, passphrase: str, report: Reporter = silent) -> RestoreReport:
    """What bringing back the newest backup that is whole would do; nothing moves.

    Raises:
        NotAWorkspace: there is no backup in the workspace's folder.
        WrongPassphrase, DamagedWorkspace: none opens; as the last one tried says.
    """
    folder = Path(address).expanduser().absolute()
    refused: WorkspaceError = NotAWorkspace("There is no backup in this workspace's folder. Choose one kept elsewhere.")
    with files_translated(), attempt(str(folder), user):  # one guess, however many backups there are
        for each in sorted((folder / BACKUPS).glob("[0-9]*"), reverse=True):
            report(Progress("Checking the backups", None))
            try:
                return _looked_at(folder, _checked(each), user, passphrase)[0]
            except WorkspaceError as wrong:
                refused = wrong
        raise refused


def _checked(backup: Path) -> Path:
    if backup.name == DATABASE and backup.is_file():
        backup = backup.parent
    if not (backup / DATABASE).is_file() or not (backup / KEY_FILE).is_file():
        raise NotAWorkspace("There is no backup in this place. Choose a folder that holds data.db and keys.json.")
    return backup


Looked = tuple[RestoreReport, KeyFile, Unlocked, bytes, Lost | None]


def _looked_at(folder: Path, backup: Path, user: str, passphrase: str) -> Looked:
    """What a restore would do, the keys that open the backup, and what came after it."""
    keys, unlocked, key = _sound_backup(folder, backup, user, passphrase)
    held = held_in(backup / DATABASE, key)
    told = RestoreReport(backup, held.head.seq, 0, held.last, None)
    lost = _lost(folder, user, passphrase, unlocked, held.head)
    if lost is None:
        return _unreadable(folder, told, keys, unlocked), keys, unlocked, key, None
    told = replace(told, lost_entries=lost.entries, lost_until=lost.until, changes=lost.changes)
    return replace(told, erased=len(lost.erased), follows=lost.follows), keys, unlocked, key, lost


def _lost(folder: Path, user: str, passphrase: str, unlocked: Unlocked, kept: Head) -> Lost | None:
    """What the present database holds beyond the backup, by its own key file or the backup's; None where it cannot be read."""
    for place in (folder, None):
        with contextlib.suppress(WorkspaceError, OSError), translated():
            own = unlock(read_keys(place / KEY_FILE), user, passphrase) if place else unlocked
            return lost_after(folder / DATABASE, fitting_key(folder / DATABASE, own)[1], kept)
    return None


def _unreadable(folder: Path, told: RestoreReport, keys: KeyFile, unlocked: Unlocked) -> RestoreReport:
    """The present state is missing or damaged: what this user last saw of it is known still, unless there never was one."""
    seen = Watermark(keys.file, folder, actor_of(unlocked)).seen
    if seen is None and not any((folder / name).exists() for name in (DATABASE, KEY_FILE)):
        return told
    return replace(told, lost_entries=None, seen_since=max(0, (seen.seq if seen else 0) - told.entries))


@contextlib.contextmanager
def _without(lost: Lost | None, backup: Path, keys: KeyFile, unlocked: Unlocked, key: bytes) -> Iterator[Path]:
    """The backup to bring back: itself, or a copy in which those erased since are erased again.

    What two people had decided holds; a restore does not bring anybody back whom they had erased.
    """
    if lost is None or not (lost.erased or lost.certificates):
        yield backup
        return
    copy = beside(backup)
    try:
        private_folder(copy)
        shutil.copyfile(backup / DATABASE, copy / DATABASE)
        write_keys(copy, keys)
        engine = file_engine(copy / DATABASE, lambda: key)
        try:
            with engine.begin() as connection:
                schema.bring_up(connection, before=lambda: None)
                unit = Unit(connection, actor_of(unlocked))
                unit.erase_offenders(lost.erased, "erased again, for the restored backup is older", despite_hold=True)
                unit.keep_certificates(lost.certificates)
                unit.seal()
            checkpoint(engine)
        finally:
            engine.dispose()
        yield copy
    finally:
        shutil.rmtree(copy, ignore_errors=True)


def _sound_backup(folder: Path, backup: Path, user: str, passphrase: str) -> tuple[KeyFile, Unlocked, bytes]:
    """The keys that open the backup, which is whole; damage may show at opening or only at the check."""
    cure = "Choose another backup."
    try:
        with files_translated():
            keys, unlocked, key = _keys_that_open(folder, backup, user, passphrase)
            problems = file_problems(backup / DATABASE, key)
    except DamagedWorkspace as wrong:
        raise DamagedWorkspace("This backup is damaged.", cure) from wrong
    if problems:
        raise DamagedWorkspace(f"This backup is damaged: {problems[0]}.", cure)
    return keys, unlocked, key


def _keys_that_open(folder: Path, backup: Path, user: str, passphrase: str) -> tuple[KeyFile, Unlocked, bytes]:
    refused: WorkspaceError = WrongPassphrase()
    for place in (folder, backup):
        try:
            keys = read_keys(place / KEY_FILE)
            unlocked = unlock(keys, user, passphrase)
            return keys, unlocked, fitting_key(backup / DATABASE, unlocked)[1]
        except FileNotFoundError:
            continue
        except WorkspaceError as wrong:
            refused = wrong
    raise refused


def _finish_earlier(folder: Path) -> None:
    """A restore that was cut off after its decision comes first; this one's entry then speaks for both."""
    while earlier := decided(folder):
        finish(earlier)
        forget(earlier)
