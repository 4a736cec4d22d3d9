"""Bringing a backup back, with the present files kept in quarantine."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select

from mosovo_planner.domain.progress import Progress, Reporter, silent
from mosovo_planner.store.engines import file_engine, files_translated, translated
from mosovo_planner.store.errors import DamagedWorkspace, NotAWorkspace, WorkspaceError, WrongPassphrase
from mosovo_planner.store.files import private_folder
from mosovo_planner.store.folder import fitting_key
from mosovo_planner.store.keys import KEY_FILE, KeyFile, Unlocked, read_keys, unlock
from mosovo_planner.store.lock import FolderLock
from mosovo_planner.store.restoring import decide, decided, finish, forget
from mosovo_planner.store.snapshot import DATABASE, file_problems
from mosovo_planner.store.tables import record_of_use
from mosovo_planner.store.workspace import open_workspace


@dataclass(frozen=True, slots=True)
class RestoreReport:
    """What bringing a backup back does: entries lost (None: the old state cannot be read), and where the old files lie."""

    backup: Path
    entries: int
    lost_entries: int | None
    last_entry: datetime | None
    lost_until: datetime | None
    quarantine: Path | None = None

    @property
    def text(self) -> str:
        """The report in a sentence."""
        upto = f"{self.last_entry.astimezone():%d %b %Y %H:%M}" if self.last_entry else "its beginning"
        if self.lost_entries is None:
            lost = "what came after it cannot be told, for the present database cannot be read"
        elif self.lost_entries == 0:
            lost = "nothing was recorded after it"
        else:
            assert self.lost_until is not None
            lost = f"{self.lost_entries} entries made after it, up to {self.lost_until.astimezone():%d %b %Y %H:%M}, are lost"
        return f"The backup holds everything up to {upto}; {lost}."


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
    if backup.name == DATABASE and backup.is_file():
        backup = backup.parent
    if not (backup / DATABASE).is_file() or not (backup / KEY_FILE).is_file():
        raise NotAWorkspace("There is no backup in this place. Choose a folder that holds data.db and keys.json.")
    report(Progress("Checking the backup", 0.0))
    lock = FolderLock(folder)
    with files_translated():
        private_folder(folder)
        lock.take()
    try:
        with files_translated():
            _finish_earlier(folder)
        keys, unlocked, key = _sound_backup(folder, backup, user, passphrase)
        with files_translated():
            told = _what_is_lost(folder, backup, key, user, passphrase)
        if only_say:
            return told
        report(Progress("Putting the backup in place", 0.6))
        with files_translated():
            decision = decide(folder, backup, keys, f"restored from a backup by {unlocked.user}. {told.text}")
            done = replace(told, quarantine=finish(decision))
    finally:
        lock.release()
    open_workspace(str(folder), user, passphrase).close()  # which records it
    return done


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


def _what_is_lost(folder: Path, backup: Path, key: bytes, user: str, passphrase: str) -> RestoreReport:
    kept, last = _newest_entry(backup / DATABASE, key)
    told = RestoreReport(backup, kept, 0, last, None)
    if not (folder / DATABASE).exists():
        return told
    try:
        present = fitting_key(folder / DATABASE, unlock(read_keys(folder / KEY_FILE), user, passphrase))[1]
        with translated():
            count, until = _newest_entry(folder / DATABASE, present)
    except (WorkspaceError, OSError):
        return replace(told, lost_entries=None)
    return replace(told, lost_entries=max(0, count - kept), lost_until=until)


def _newest_entry(database: Path, key: bytes) -> tuple[int, datetime | None]:
    engine = file_engine(database, lambda: key)
    try:
        with engine.connect() as connection:
            count, last = connection.execute(select(func.max(record_of_use.c.seq), func.max(record_of_use.c.at))).one()
        return count or 0, last
    finally:
        engine.dispose()


def _finish_earlier(folder: Path) -> None:
    """A restore that was cut off after its decision comes first; this one's entry then speaks for both."""
    while earlier := decided(folder):
        finish(earlier)
        forget(earlier)
