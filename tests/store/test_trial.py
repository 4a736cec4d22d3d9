"""Once a week the newest backup is opened and checked as a restore would need it, and that is written down."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from mosovo_planner.domain.people import Offender
from mosovo_planner.domain.roles import Role
from mosovo_planner.store import Workspace
from mosovo_planner.store.backups.backup import backup_workspace, backups, verify
from mosovo_planner.store.backups.trial import try_if_due
from mosovo_planner.store.base.engines import connect_file
from mosovo_planner.store.base.names import KdfParameters
from mosovo_planner.store.members import add_member, remove_member

NOW = datetime.now().astimezone()


def _try(workspace: Workspace, now: datetime = NOW) -> tuple[str, ...] | None:
    trial = try_if_due(workspace, 7, now)
    return None if trial is None else trial.problems


def test_the_newest_backup_is_tried_once_a_week_and_that_is_recorded(embedded: Workspace, folder: Path) -> None:
    assert _try(embedded) is None
    with embedded.transaction() as unit:
        unit.save_offenders([Offender(ref="SYN-1")])
    backup_workspace(embedded)
    assert _try(embedded) == ()
    with embedded.transaction() as unit:
        (entry, *_) = unit.uses(1)
    assert (entry.subject, entry.reason.endswith("was tried: whole")) == ("backup", True)
    assert _try(embedded) is None
    assert _try(embedded, NOW + timedelta(days=8)) == ()
    assert list((folder / "backups").glob(".*")) == []
    assert verify(embedded).ok


def _flip(backup: Path, key: bytes) -> None:
    content = bytearray((backup / "data.db").read_bytes())
    content[len(content) // 2] ^= 1
    (backup / "data.db").write_bytes(content)


def _forge(backup: Path, key: bytes) -> None:
    connection = connect_file(backup / "data.db", key)
    connection.execute("UPDATE offender SET notes = 'never'")
    connection.close()


def _lose_keys(backup: Path, key: bytes) -> None:
    (backup / "keys.json").unlink()


@pytest.mark.parametrize("harm", [_flip, _forge, _lose_keys])
def test_a_backup_that_could_not_be_brought_back_whole_is_found(embedded: Workspace, harm: Callable[[Path, bytes], None]) -> None:
    with embedded.transaction() as unit:
        unit.save_offenders([Offender(ref="SYN-1")])
    harm(backup_workspace(embedded), embedded.insides.place.data_key)
    assert _try(embedded)


def test_a_backup_stands_before_a_change_of_keys_and_one_under_the_new_key_after_it(
    embedded: Workspace, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_member(embedded, "PC Other", "four random words here", Role.MANAGER, kdf=KdfParameters(8 * 1024, 1, 1))
    made: list[str] = []
    original = backup_workspace

    def noted(workspace: Workspace, why: str) -> Path:
        made.append(why)
        return original(workspace, why=why)

    monkeypatch.setattr("mosovo_planner.store.members.backup_workspace", noted)
    assert remove_member(embedded, "PC Other", "left") == ()
    assert made == ["before-new-key", "under-new-key"]
    assert [each.why for each in backups(folder)] == ["under-new-key"]
    assert _try(embedded) == ()
