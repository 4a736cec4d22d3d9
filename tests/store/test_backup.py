"""Backups are whole or absent; bringing one back says what is lost and keeps the present files."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mosovo_planner.domain.people import Offender, OffenderManager
from mosovo_planner.domain.progress import Cancelled, Progress
from mosovo_planner.domain.record import Operation
from mosovo_planner.domain.retention import Decision, Ground, LegalHold, RetentionGroup, RetentionReview
from mosovo_planner.domain.visits import Visit
from mosovo_planner.store import Workspace, open_workspace
from mosovo_planner.store.backups import restore as restore_module
from mosovo_planner.store.backups.backup import (
    Backup,
    Keep,
    backup_if_due,
    backup_workspace,
    backups,
    expired,
    last_days,
    restore_workspace,
    verify,
)
from mosovo_planner.store.backups.restore import newest_sound
from mosovo_planner.store.base.engines import connect_file
from mosovo_planner.store.base.errors import (
    AlreadyThere,
    DamagedWorkspace,
    NotAWorkspace,
    WorkspaceError,
    WorkspaceInUse,
    WrongPassphrase,
)
from mosovo_planner.store.embedded.attempts import TooManyAttempts
from mosovo_planner.store.embedded.folder import FolderPlace

HOLD = LegalHold(id="h1", ref="SYN-1", reason="Inquiry", set_by="DI Other", set_at=datetime(2026, 11, 1))
USER, PASSPHRASE = "Sgt Invented", "correct horse battery"


def _add(workspace: Workspace, *refs: str) -> None:
    with workspace.transaction() as unit:
        unit.save_offenders([Offender(ref=ref) for ref in refs])


def _refs(folder: Path) -> list[str]:
    with open_workspace(str(folder), USER, PASSPHRASE) as workspace, workspace.transaction() as unit:
        return [each.ref for each in unit.offenders()]


def test_a_backup_beside_somebody_who_writes_holds_what_was_committed(embedded: Workspace) -> None:
    _add(embedded, "SYN-1")
    place = embedded.insides.place
    assert isinstance(place, FolderPlace)
    writing = connect_file(place.database, place.data_key)
    try:
        writing.execute("BEGIN IMMEDIATE")
        writing.execute("DELETE FROM offender")
        copy = backup_workspace(embedded)
        writing.execute("ROLLBACK")
    finally:
        writing.close()
    assert _refs(copy) == ["SYN-1"]


def test_a_backup_while_offenders_are_added_is_one_state_of_them(embedded: Workspace) -> None:
    refs = [f"SYN-{number}" for number in range(100, 160)]

    def add_one_by_one() -> None:
        for ref in refs:
            _add(embedded, ref)

    with ThreadPoolExecutor(1) as beside:
        adding = beside.submit(add_one_by_one)
        copies = [backup_workspace(embedded, why="hand") for _ in range(3)]
        adding.result()
    for each in copies:
        held = _refs(each)
        assert held == refs[: len(held)]
        with open_workspace(str(each), USER, PASSPHRASE) as opened:
            assert verify(opened).ok


def test_a_backup_is_a_workspace_of_its_own(embedded: Workspace, tmp_path: Path) -> None:
    _add(embedded, "SYN-1")
    copy = backup_workspace(embedded, tmp_path / "stick" / "copy")
    _add(embedded, "SYN-2")
    assert _refs(copy) == ["SYN-1"]
    assert verify(embedded).ok
    with pytest.raises(AlreadyThere):
        backup_workspace(embedded, copy)
    with embedded.transaction() as unit:
        assert unit.uses(10)[1].medium == "backup"


def test_a_backup_that_fails_its_check_is_not_kept(embedded: Workspace, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mosovo_planner.store.embedded.snapshot.file_problems", lambda *anything: ["1 page fails its seal"])
    with pytest.raises(DamagedWorkspace, match="copy failed its check"):
        backup_workspace(embedded)
    assert list((folder / "backups").iterdir()) == []


def test_a_day_has_one_backup_and_old_ones_go(embedded: Workspace, folder: Path) -> None:
    made = backup_if_due(embedded)
    assert made
    assert backup_if_due(embedded) is None
    now = datetime.now().astimezone()
    for days in range(1, 500):
        (folder / "backups" / f"{now - timedelta(days=days):%Y-%m-%dT%H%M%S}-daily").mkdir()
    kept_by_hand = folder / "backups" / "2020-01-01T000000-hand"
    kept_by_hand.mkdir()
    made.rename(folder / "backups" / f"{now - timedelta(days=500):%Y-%m-%dT%H%M%S}-before-update")
    backup_if_due(embedded)
    left = backups(folder)
    daily = [each for each in left if each.why == "daily"]
    assert 7 + 12 <= len(daily) <= 7 + 4 + 12
    assert max(each.at for each in daily) - min(each.at for each in daily) > timedelta(days=300)
    assert {each.why for each in left} == {"daily", "hand"}


def test_what_expires_never_includes_the_newest() -> None:
    start = datetime(2026, 11, 22, 8)
    days = [Backup(Path(str(number)), start - timedelta(days=number), "daily") for number in range(40)]
    gone = {each.folder.name for each in expired(days)}
    assert not gone & {str(number) for number in range(7)}
    assert expired(days[:7]) == []
    assert expired([replace(each, why="hand") for each in days]) == []


def test_every_backup_of_the_last_days_stays_also_those_before_a_change() -> None:
    start = datetime(2026, 11, 22, 8)
    days = [Backup(Path(f"{number}"), start - timedelta(hours=5 * number), f"before-{number % 3}") for number in range(30)]
    assert expired(days, Keep(7, 1, 1)) == []
    gone = {each.at.date() for each in expired(days, Keep(3, 1, 1))}
    assert gone == {start.date() - timedelta(days=back) for back in (3, 4, 5, 6)}


@given(st.lists(st.datetimes(datetime(2026, 1, 1), datetime(2026, 11, 23)), max_size=12), st.integers(1, 9))
@settings(max_examples=8, deadline=None)
def test_the_day_told_for_a_backup_is_the_day_on_which_it_goes(moments: list[datetime], daily: int) -> None:
    keep = Keep(daily, 2, 3)
    held = [Backup(Path(f"b{number}"), at, "daily") for number, at in enumerate(moments)]
    told = last_days(held, date(2026, 11, 23), keep)
    went: dict[Path, date] = {}
    for back in range(1, 150):
        day = date(2026, 11, 23) + timedelta(days=back)
        held.append(Backup(Path(f"day {day}"), datetime.combine(day, time(9)), "daily"))
        gone = {each.folder for each in expired(held, keep)}
        went |= dict.fromkeys(gone & told.keys(), day)
        held = [each for each in held if each.folder not in gone]
    assert went == told


def test_restoring_says_what_is_lost_and_keeps_the_old(
    embedded: Workspace, folder: Path, reopen: Callable[[], Workspace]
) -> None:
    _add(embedded, "SYN-1")
    copy = backup_workspace(embedded)
    _add(embedded, "SYN-2", "SYN-3")
    with pytest.raises(WorkspaceInUse):
        restore_workspace(str(folder), copy, USER, PASSPHRASE)
    embedded.close()
    told = restore_workspace(str(folder), copy, USER, PASSPHRASE, only_say=True)
    assert told.lost_entries == 2
    assert "2 entries" in told.text
    assert _refs(folder) == ["SYN-1", "SYN-2", "SYN-3"]
    done = restore_workspace(str(folder), copy, USER, PASSPHRASE)
    assert _refs(folder) == ["SYN-1"]
    assert done.quarantine
    assert _refs(done.quarantine) == ["SYN-1", "SYN-2", "SYN-3"]
    with reopen() as workspace, workspace.transaction() as unit:
        assert workspace.warnings == ()
        assert "restored from a backup" in unit.uses(1)[0].reason
    with reopen() as workspace:
        assert verify(workspace).ok


def test_what_would_be_lost_is_counted_by_its_kind_while_the_workspace_is_open(embedded: Workspace, folder: Path) -> None:
    _add(embedded, "SYN-1")
    copy = backup_workspace(embedded)
    with embedded.transaction() as unit:
        unit.add_visits(Visit(id=f"v{number}", ref="SYN-1", at=datetime(2026, 11, 1, 10)) for number in range(3))
        unit.record(Operation.CONSULTATION, "caseload")
        unit.save_managers([OffenderManager(id="OM1")])
    told = restore_workspace(str(folder), copy, USER, PASSPHRASE, only_say=True)
    assert told.changes == (("visits added", 3), ("offender managers added", 1), ("looks at records", 1))
    assert told.follows
    assert "3 visits added, 1 offender managers added" in told.text


@pytest.mark.parametrize("harm", ["missing", "truncated", "flipped"])
def test_what_this_user_had_seen_is_told_where_the_database_cannot_be_read(embedded: Workspace, folder: Path, harm: str) -> None:
    copy = backup_workspace(embedded)
    _add(embedded, "SYN-1", "SYN-2")
    embedded.close()
    database = folder / "data.db"
    whole = database.read_bytes()
    database.write_bytes(whole[:5000] if harm == "truncated" else whole[:20] + bytes([whole[20] ^ 1]) + whole[21:])
    if harm == "missing":
        database.unlink()
    told = newest_sound(str(folder), USER, PASSPHRASE)
    assert (told.backup, told.lost_entries, told.seen_since) == (copy, None, 2)
    assert "you had seen 2 entries more" in told.text
    done = restore_workspace(str(folder), told.backup, USER, PASSPHRASE)
    assert _refs(folder) == []
    if harm != "missing":
        assert done.quarantine is not None
        assert (done.quarantine / "data.db").is_file()


def test_a_damaged_backup_is_passed_over_for_the_next(embedded: Workspace, folder: Path) -> None:
    older = backup_workspace(embedded, why="daily")
    newer = backup_workspace(embedded, why="daily")
    embedded.close()
    (newer / "data.db").write_bytes((newer / "data.db").read_bytes()[:-100])
    assert newest_sound(str(folder), USER, PASSPHRASE).backup == older
    shutil.rmtree(folder / "backups")
    with pytest.raises(NotAWorkspace, match="Choose one kept elsewhere"):
        newest_sound(str(folder), USER, PASSPHRASE)


def test_bringing_back_is_no_place_to_guess_pass_phrases(embedded: Workspace, folder: Path) -> None:
    copies = [backup_workspace(embedded) for _ in range(2)]
    embedded.close()
    for _ in range(3):
        with pytest.raises(WrongPassphrase):
            newest_sound(str(folder), USER, "a wrong pass phrase")
    with pytest.raises(TooManyAttempts):
        newest_sound(str(folder), USER, PASSPHRASE)
    with pytest.raises(TooManyAttempts):
        restore_workspace(str(folder), copies[0], USER, PASSPHRASE)


def test_nobody_erased_since_comes_back_with_an_older_backup(embedded: Workspace, folder: Path) -> None:
    review = RetentionReview(
        id="r1", ref="SYN-1", on=date(2026, 11, 1), group=RetentionGroup.OTHER, decision=Decision.DISPOSE, reason="Old.",
        reviewer="DI Other", at=datetime(2026, 11, 1), ground=Ground.DIED,
    )  # fmt: skip
    _add(embedded, "SYN-1", "SYN-2", "SYN-3")
    with embedded.transaction() as unit:
        unit.save_legal_hold(HOLD)
    copy = backup_workspace(embedded)
    with embedded.transaction() as unit:
        unit.save_legal_hold(replace(HOLD, lifted_by="DI Other", lifted_at=datetime(2026, 11, 2), lift_reason="Over"), HOLD)
        unit.save_retention_review(review)
        made = unit.approve_erasure(review, datetime(2026, 11, 2), ())
        unit.delete_offenders(["SYN-3"])  # as an import that is undone does
    embedded.close()
    told = restore_workspace(str(folder), copy, USER, PASSPHRASE)
    assert told.erased == 1
    assert "1 person erased since the backup is erased again" in told.text
    assert _refs(folder) == ["SYN-2", "SYN-3"]
    with open_workspace(str(folder), USER, PASSPHRASE) as workspace:
        with workspace.transaction() as unit:
            assert [each.id for each in unit.certificates()] == [made.id]
            assert unit.erased_before(["SYN-1", "SYN-2", "SYN-3"]).keys() == {"SYN-1"}
            unit.save_offenders([Offender(ref=f"SYN-{number}") for number in range(10, 40)])  # past the certificate's number
        assert verify(workspace).problems == ()
    again = restore_workspace(str(folder), copy, USER, PASSPHRASE)
    assert (again.erased, _refs(folder)) == (1, ["SYN-2", "SYN-3"])
    assert list(folder.glob("backups/.*")) == []


@pytest.mark.parametrize("harm", ["database", "keys", "both missing"])
def test_a_damaged_workspace_is_brought_back(embedded: Workspace, folder: Path, harm: str) -> None:
    _add(embedded, "SYN-1")
    copy = backup_workspace(embedded, folder.with_name("copy"))
    embedded.close()
    if harm == "database":
        (folder / "data.db").write_bytes(b"\x01" * 9000)
    elif harm == "keys":
        (folder / "keys.json").write_bytes(b"{}")
    else:
        shutil.rmtree(folder)
    done = restore_workspace(str(folder), copy, USER, PASSPHRASE)
    assert (done.lost_entries is None) == (harm != "keys")  # with the backup's keys the present database is read
    assert _refs(folder) == ["SYN-1"]


def test_a_restore_that_fails_leaves_the_present_files(
    embedded: Workspace, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = backup_workspace(embedded)
    _add(embedded, "SYN-2")
    embedded.close()
    rename = Path.rename

    def fails(self: Path, target: Path) -> Path:
        if self.name.endswith(".part"):
            raise OSError(errno.EIO, "Input/output error")
        return rename(self, target)

    with monkeypatch.context() as broken:
        broken.setattr(restore_module.Path, "rename", fails)
        with pytest.raises(WorkspaceError, match="Input/output error"):
            restore_workspace(str(folder), copy, USER, PASSPHRASE)
    assert _refs(folder) == ["SYN-2"]


def test_a_bad_backup_or_pass_phrase_moves_nothing(embedded: Workspace, folder: Path, tmp_path: Path) -> None:
    copy = backup_workspace(embedded)
    _add(embedded, "SYN-2")
    embedded.close()
    with pytest.raises(NotAWorkspace):
        restore_workspace(str(folder), tmp_path, USER, PASSPHRASE)
    with pytest.raises(WrongPassphrase):
        restore_workspace(str(folder), copy, USER, PASSPHRASE + "x")
    damaged = bytearray((copy / "data.db").read_bytes())
    damaged[len(damaged) // 2] ^= 1
    (copy / "data.db").write_bytes(damaged)
    with pytest.raises(DamagedWorkspace, match="Choose another backup"):
        restore_workspace(str(folder), copy, USER, PASSPHRASE)
    assert _refs(folder) == ["SYN-2"]
    assert not (folder / "quarantine").exists()


def test_checking_can_be_stopped(embedded: Workspace) -> None:
    def stop(step: Progress) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        verify(embedded, stop)
    assert verify(embedded).ok


def test_a_server_says_who_makes_its_backups(workspace: Workspace) -> None:
    if workspace.folder:
        assert backup_workspace(workspace).is_dir()
    else:
        with pytest.raises(WorkspaceError, match="pg_dump"):
            backup_workspace(workspace)
