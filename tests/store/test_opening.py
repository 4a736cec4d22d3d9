"""Making and opening a workspace: each way it can go wrong has its own message."""

from __future__ import annotations

import json
import shutil
import stat
import sys
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from mosovo_planner.domain.people import Offender
from mosovo_planner.domain.roles import Role
from mosovo_planner.store import KdfParameters, Workspace, create_workspace, open_workspace
from mosovo_planner.store.backups.backup import verify
from mosovo_planner.store.base.errors import (
    AlreadyThere,
    DamagedWorkspace,
    NotAWorkspace,
    RefusedLocation,
    ServerUnreachable,
    StaleRecord,
    WeakPassphrase,
    WorkspaceError,
    WorkspaceInUse,
    WrongPassphrase,
)
from mosovo_planner.store.embedded import keys as key_module
from mosovo_planner.store.embedded.places import _linux_file_system, refuse_unsafe

USER, PASSPHRASE = "Sgt Invented", "correct horse battery"
CHEAP = KdfParameters(8 * 1024, 1, 1)


def test_a_new_workspace_opens_again(address: str) -> None:
    with create_workspace(address, USER, PASSPHRASE, kdf=CHEAP) as made, made.transaction() as unit:
        assert (made.user, made.role) == (USER, Role.SUPERVISOR)
        unit.save_offenders([Offender(ref="SYN-1")])
    with open_workspace(address, " sgt INVENTED ", PASSPHRASE) as opened, opened.transaction() as unit:
        assert opened.user == USER
        assert unit.offender("SYN-1")
        assert "@" not in opened.location
    with pytest.raises(AlreadyThere):
        create_workspace(address, USER, PASSPHRASE, kdf=CHEAP)


def test_wrong_user_or_pass_phrase_is_one_message(workspace_address: str) -> None:
    said = set()
    for user, passphrase in ((USER, PASSPHRASE + "x"), ("Nobody", PASSPHRASE), (USER, ""), ("", "")):
        with pytest.raises(WrongPassphrase) as refused:
            open_workspace(workspace_address, user, passphrase)
        said.add(str(refused.value))
    assert len(said) == 1


def test_an_unknown_user_costs_the_same_work(embedded: Workspace, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    embedded.close()
    work: list[Any] = []
    derive = key_module.hash_secret_raw
    monkeypatch.setattr(key_module, "hash_secret_raw", lambda *args, **named: work.append(named) or derive(*args, **named))
    for user in (USER, "Nobody"):
        with pytest.raises(WrongPassphrase):
            open_workspace(str(folder), user, "something else")
    assert len(work) == 2
    assert work[0] == work[1]


def test_accents_typed_in_either_way_open_the_workspace(address: str) -> None:
    composed = unicodedata.normalize("NFC", "Zoë’s çafé 👮🏽")
    decomposed = unicodedata.normalize("NFD", composed)
    assert composed != decomposed
    create_workspace(address, unicodedata.normalize("NFD", "Zoë"), decomposed, kdf=CHEAP).close()
    open_workspace(address, "Zoë", composed).close()


def test_a_short_pass_phrase_and_a_nameless_user_are_refused(folder: Path) -> None:
    with pytest.raises(WeakPassphrase):
        create_workspace(str(folder), USER, "short", kdf=CHEAP)
    with pytest.raises(WorkspaceError):
        create_workspace(str(folder), "  ", PASSPHRASE, kdf=CHEAP)
    assert not folder.exists()


def test_a_folder_with_anything_in_it_is_left_alone(folder: Path) -> None:
    folder.mkdir()
    (folder / "letter.txt").write_text("mine")
    with pytest.raises(AlreadyThere):
        create_workspace(str(folder), USER, PASSPHRASE, kdf=CHEAP)
    assert [each.name for each in folder.iterdir()] == ["letter.txt"]
    with pytest.raises(NotAWorkspace):
        open_workspace(str(folder), USER, PASSPHRASE)


def test_an_empty_folder_that_is_there_becomes_the_workspace(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.mkdir()
    monkeypatch.chdir(folder)
    create_workspace(".", USER, PASSPHRASE, kdf=CHEAP).close()
    open_workspace(".", USER, PASSPHRASE).close()
    assert {each.name for each in folder.iterdir()} == {"data.db", "keys.json", "lock"}


def test_a_workspace_that_could_not_be_finished_leaves_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*anything: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("mosovo_planner.store.embedded.folder.begin", fails)
    with pytest.raises(ZeroDivisionError):
        create_workspace(str(folder), USER, PASSPHRASE, kdf=CHEAP)
    assert list(folder.parent.glob("*aseload*")) == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_only_the_owner_can_read_it(embedded: Workspace, folder: Path) -> None:
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(each.stat().st_mode) for each in folder.iterdir()} == {0o600}


def test_one_window_at_a_time(embedded: Workspace, reopen: Callable[[], Workspace]) -> None:
    with pytest.raises(WorkspaceInUse) as refused:
        reopen()
    assert "process" in str(refused.value)
    embedded.close()
    embedded.close()
    reopen().close()


def _hold(address: str, ready: Any) -> None:
    open_workspace(address, USER, PASSPHRASE)
    ready.send(True)
    ready.recv()


def test_the_lock_of_a_dead_process_is_free(
    embedded: Workspace, folder: Path, reopen: Callable[[], Workspace], processes: Any
) -> None:
    embedded.close()
    here, there = processes.Pipe()
    holder = processes.Process(target=_hold, args=(str(folder), there))
    holder.start()
    assert here.recv()
    with pytest.raises(WorkspaceInUse, match=f"process {holder.pid}"):
        reopen()
    holder.kill()
    holder.join()
    reopen().close()


def test_threads_take_turns(workspace: Workspace) -> None:
    def add(first: int) -> None:
        for number in range(first, first + 5):
            with workspace.transaction() as unit:
                count = len(unit.offenders())
                unit.save_offenders([Offender(ref=f"SYN-{number}", notes=str(count))])

    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(add, first) for first in range(0, 20, 5)]:
            done.result()
    with workspace.transaction() as unit:
        assert sorted(int(each.notes) for each in unit.offenders()) == list(range(20))
    assert verify(workspace).ok


def test_a_folder_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(WorkspaceError):
        create_workspace(str(tmp_path / "file" / "team.vp"), USER, PASSPHRASE, kdf=CHEAP)
    with pytest.raises(AlreadyThere):
        create_workspace(str(tmp_path / "file"), USER, PASSPHRASE, kdf=CHEAP)


def test_a_closed_workspace_says_so(embedded: Workspace) -> None:
    embedded.close()
    with pytest.raises(WorkspaceError, match="closed"), embedded.transaction():
        pass


def test_two_clients_of_a_server_do_not_overwrite_each_other(server: Any, fresh_database: str) -> None:
    address = server.url(server.new_database(fresh_database))
    with open_workspace(address, USER, PASSPHRASE) as one, open_workspace(address, USER, PASSPHRASE) as two:
        with one.transaction() as unit:
            unit.save_offenders([Offender(ref="SYN-1")])
        with two.transaction() as unit:
            assert unit.offender("SYN-1")
        with pytest.raises(StaleRecord), two.transaction() as unit:
            unit.save_offenders([Offender(ref="SYN-1", surname="Other")])


def test_the_record_of_use_is_one_chain_whoever_writes(server: Any, fresh_database: str) -> None:
    address = server.url(server.new_database(fresh_database))

    def work(name: str) -> None:
        with open_workspace(address, USER, PASSPHRASE) as client:
            for number in range(10):
                with client.transaction() as unit:
                    unit.save_offenders([Offender(ref=f"{name}-{number}")])

    with ThreadPoolExecutor(3) as pool:
        for done in [pool.submit(work, name) for name in "ABC"]:
            done.result()
    with open_workspace(address, USER, PASSPHRASE) as workspace:
        report = verify(workspace)
    assert (report.problems, report.entries) == ((), 2 + 30)


def test_a_login_of_ones_own_is_checked_by_the_server(server: Any, fresh_database: str) -> None:
    database = server.new_database(fresh_database)
    server.new_login("sgt of one", "the login's pass phrase")
    server.execute('GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO "sgt of one"', database)
    with open_workspace(server.url(database), USER, PASSPHRASE) as workspace, workspace.transaction() as unit:
        unit.add_account("sgt of one", Role.SUPERVISOR)
    own = f"postgresql+psycopg://127.0.0.1:{server.port}/{database}"
    with open_workspace(own, "sgt of one", "the login's pass phrase") as workspace:
        assert workspace.user == "sgt of one"
    with pytest.raises(WrongPassphrase):
        open_workspace(own, "sgt of one", "another pass phrase")


def test_a_server_that_is_not_there(server: Any) -> None:
    with pytest.raises(NotAWorkspace):
        open_workspace(server.url("mosovo_absent"), USER, PASSPHRASE)
    with pytest.raises(NotAWorkspace):
        open_workspace(server.url(server.new_database()), USER, PASSPHRASE)
    for address in ("postgresql+psycopg://x:secret@127.0.0.1:1/db", "postgresql+psycopg://x:secret@127.0.0.1:port/db"):
        with pytest.raises((ServerUnreachable, NotAWorkspace)) as refused:
            open_workspace(address, USER, PASSPHRASE)
        assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    "place", ["//server/share/team", "\\\\server\\share\\team", "/home/x/OneDrive - Police/team", "/home/x/Dropbox/team.vp"]
)
def test_network_and_synchronised_folders_are_refused_with_a_way_out(place: str) -> None:
    with pytest.raises(RefusedLocation, match="PostgreSQL"):
        refuse_unsafe(Path(place))


def test_a_folder_that_a_service_synchronises_by_its_own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "home"
    (home / ".dropbox").mkdir(parents=True)
    (home / ".dropbox" / "info.json").write_text(json.dumps({"personal": {"path": str(tmp_path / "box")}}))
    monkeypatch.setattr(Path, "home", lambda: home)
    monkeypatch.setenv("OneDrive", str(tmp_path / "cloud"))
    for name in ("box", "cloud"):
        with pytest.raises(RefusedLocation):
            refuse_unsafe(tmp_path / name / "team.vp")
    refuse_unsafe(tmp_path / "own" / "team.vp")


def test_the_file_system_is_told_from_the_mounts(tmp_path: Path) -> None:
    mounts = tmp_path / "mountinfo"
    mounts.write_text(
        "1 0 8:1 / / rw - ext4 /dev/sda rw\n2 1 0:4 / /mnt/my\\040share rw,noexec shared:1 - cifs //server/x rw\n"
        "3 2 8:2 / /mnt/my\\040share/local rw - ext4 /dev/sdb rw\n"
    )
    assert _linux_file_system(Path("/mnt/my share/team"), mounts) == "cifs"
    assert _linux_file_system(Path("/mnt/my share/local/team"), mounts) == "ext4"
    assert _linux_file_system(Path("/home/x"), mounts) == ""
    assert _linux_file_system(Path("/mnt/my share two"), mounts) == ""


def test_missing_parts_are_named(embedded: Workspace, folder: Path, reopen: Callable[[], Workspace]) -> None:
    embedded.close()
    copy = folder.with_name("copy")
    shutil.copytree(folder, copy)
    (folder / "keys.json").unlink()
    with pytest.raises(DamagedWorkspace, match=r"keys\.json is missing"):
        reopen()
    (copy / "data.db").unlink()
    with pytest.raises(DamagedWorkspace, match=r"data\.db of this workspace is missing"):
        open_workspace(str(copy), USER, PASSPHRASE)
    assert not (copy / "data.db").exists()
