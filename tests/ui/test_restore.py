"""Backups in the window: listed, tried, and brought back: from the File menu, and where the workspace does not open."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from mosovo_planner.domain.people import Offender
from mosovo_planner.domain.roles import Permission
from mosovo_planner.office.restore import back_up_now
from mosovo_planner.office.session import Session, open_session
from mosovo_planner.ui.main_window import MainWindow
from mosovo_planner.ui.restore.backups import BackupsDialog
from mosovo_planner.ui.restore.dialog import RestoreDialog
from tests.ui.conftest import PASSPHRASE, USER


def _add(session: Session, ref: str) -> None:
    with session.unit(Permission.RECORD) as unit:
        unit.save_offenders([Offender(ref=ref)])


def _refs(window: MainWindow) -> set[str]:
    assert window.desk is not None
    assert window.desk.view is not None
    return {case.offender.ref for case in window.desk.view.cases}


def test_a_backup_is_brought_back_from_the_menu_after_saying_what_is_lost(
    qtbot: QtBot, open_window: MainWindow, workspace_folder: Path
) -> None:
    assert open_window.desk is not None
    back_up_now(open_window.desk.session)
    _add(open_window.desk.session, "SYN-LOST")
    open_window.deeds.show_backups()
    dialog = open_window.findChild(BackupsDialog)
    qtbot.waitUntil(lambda: len(dialog.table.table_model.rows) == 1)
    assert not dialog.restore.isEnabled()
    dialog.table.selectRow(0)
    dialog.check.click()
    qtbot.waitUntil(lambda: "can be brought back whole" in dialog.words.text())
    dialog.restore.click()
    (asked,) = open_window.findChildren(RestoreDialog)
    assert not asked.restore.isEnabled()
    asked.passphrase.setText("not the pass phrase")
    asked.look()
    qtbot.waitUntil(lambda: "not right" in asked.error.text(), timeout=15_000)
    asked.passphrase.setText(PASSPHRASE)
    asked.look()
    qtbot.waitUntil(asked.restore.isEnabled, timeout=15_000)
    assert ("offenders added", 1) in asked.table.table_model.rows
    asked.restore.click()
    qtbot.waitUntil(lambda: open_window.desk is not None and open_window.desk.view is not None, timeout=15_000)
    assert "SYN-LOST" not in _refs(open_window)
    assert list((workspace_folder / "quarantine").glob("*/data.db"))


@pytest.mark.parametrize("harm", ["missing", "truncated", "flipped", "no keys"])
def test_a_workspace_that_does_not_open_is_brought_back_from_the_first_page(
    qtbot: QtBot, window: MainWindow, workspace_folder: Path, session: Session, harm: str
) -> None:
    back_up_now(session)
    session.close()
    database = workspace_folder / "data.db"
    whole = database.read_bytes()
    if harm == "no keys":
        (workspace_folder / "keys.json").unlink()
    elif harm == "missing":
        database.unlink()
    else:
        database.write_bytes(whole[: len(whole) // 2] if harm == "truncated" else bytes([whole[0] ^ 1]) + whole[1:])
    page = window.welcome.sign_in
    window.welcome.show_sign_in(str(workspace_folder))
    assert not page.restore.isVisible()
    page.user.setText(USER)
    page.passphrase.setText(PASSPHRASE)
    page.submit()
    qtbot.waitUntil(page.restore.isVisible, timeout=15_000)
    page.restore.click()
    (asked,) = page.findChildren(RestoreDialog)
    qtbot.waitUntil(asked.restore.isEnabled, timeout=15_000)
    asked.restore.click()
    qtbot.waitUntil(lambda: window.desk is not None and window.desk.view is not None, timeout=15_000)
    assert "SYN-1" in _refs(window)


def test_a_workspace_on_a_network_drive_is_refused_with_a_local_copy_as_the_way_out(
    qtbot: QtBot, window: MainWindow, workspace_folder: Path, session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _add(session, "SYN-NEW")
    session.close()
    share = workspace_folder.parent / "OneDrive - Force"
    share.mkdir()
    workspace_folder.rename(share / "Caseload.vp")
    page = window.welcome.sign_in
    window.welcome.show_sign_in(str(share / "Caseload.vp"))
    assert not page.local.isVisible()
    page.user.setText(USER)
    page.passphrase.setText(PASSPHRASE)
    page.submit()
    qtbot.waitUntil(page.local.isVisible, timeout=15_000)
    assert "OneDrive - Force synchronises" in page.error.text()
    page.copy_to(str(share / "another"))
    qtbot.waitUntil(page.isEnabled, timeout=15_000)
    assert "synchronises" in page.error.text()
    page.copy_to(str(tmp_path / "own" / "Caseload.vp"))
    qtbot.waitUntil(lambda: window.desk is not None and window.desk.view is not None, timeout=15_000)
    assert "SYN-NEW" in _refs(window)
    assert (share / "Caseload.vp" / "data.db").is_file()


def test_damage_in_a_page_that_nobody_reads_is_told_while_one_works_with_the_way_out(
    qtbot: QtBot, window: MainWindow, workspace_folder: Path
) -> None:
    with contextlib.closing(open_session(str(workspace_folder), USER, PASSPHRASE)) as before:
        with before.unit(Permission.RECORD) as unit:
            unit.save_offenders([Offender(ref=f"SYN-GONE-{number}", notes="invented " * 400) for number in range(80)])
        with before.unit(Permission.RECORD) as unit:
            unit.delete_offenders([f"SYN-GONE-{number}" for number in range(80)])
        back_up_now(before)
    database = workspace_folder / "data.db"
    damaged = bytearray(database.read_bytes())
    damaged[-2000] ^= 1
    database.write_bytes(damaged)
    window.enter(open_session(str(workspace_folder), USER, PASSPHRASE))
    qtbot.waitUntil(lambda: window.desk is not None and window.desk.view is not None)
    window._backup_soon.start(0)
    qtbot.waitUntil(lambda: bool(window.findChildren(QMessageBox)), timeout=15_000)
    (box,) = window.findChildren(QMessageBox)
    assert "damaged" in box.text()
    assert "File › Backups" in box.informativeText()
    next(each for each in box.buttons() if "backup" in each.text()).click()
    (asked,) = window.findChildren(RestoreDialog)
    asked.passphrase.setText(PASSPHRASE)
    asked.look()
    qtbot.waitUntil(asked.restore.isEnabled, timeout=15_000)
    asked.reject()


def test_nothing_is_said_of_a_whole_file(qtbot: QtBot, open_window: MainWindow) -> None:
    open_window._backup_soon.start(0)
    qtbot.waitUntil(lambda: "backup was made" in open_window.statusBar().currentMessage(), timeout=15_000)
    open_window._back_up_if_due()
    qtbot.waitUntil(lambda: not open_window.tasks.running)
    assert open_window.findChildren(QMessageBox) == []
