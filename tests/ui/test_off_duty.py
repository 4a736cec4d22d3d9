"""The page at the start of duty. All people and logs are invented."""

from __future__ import annotations

import os
import time
from datetime import date, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from mosovo_planner.domain.people import Offender
from mosovo_planner.domain.record import Use
from mosovo_planner.domain.roles import Permission
from mosovo_planner.office import incidents
from mosovo_planner.office.session import Session
from mosovo_planner.ui.main_window import MainWindow
from mosovo_planner.ui.offduty.findings import FindingsDialog
from mosovo_planner.ui.offduty.folder import FolderDialog
from mosovo_planner.ui.offduty.page import OffDutyPage
from mosovo_planner.ui.offduty.reading import ReadLogsDialog
from mosovo_planner.ui.settings import Settings
from tests.ui import invented
from tests.ui.conftest import _settle

HEADERS = "Log number,Date,Time,Type,Surname,Forename,DOB,Text"
HIM = next(each for each in invented.offenders(60, staff=4) if each.manager == "OM01")


@pytest.fixture(autouse=True)
def in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the worker process does is tried in the journey; here each test would wait for one to start."""
    monkeypatch.setattr(incidents, "run_in_worker", lambda function, *args, report: function(*args, report=report))


def log_file(folder: Path, him: Offender = HIM, number: str = "L-1", headers: str = HEADERS) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / f"{number}.csv"
    yesterday = date.today() - timedelta(days=1)
    born = him.date_of_birth
    row = f"{number},{yesterday:%d/%m/%Y},01:20,Disturbance,{him.surname},{him.forenames},{born:%d/%m/%Y},Seen near the park."
    path.write_text(f"{headers}\n{row}\n", encoding="utf-8")
    os.utime(path, (time.time() - 60, time.time() - 60))
    return path


def keep(session: Session, path: Path) -> None:
    incidents.keep_logs(session, incidents.read_logs(session, path, date.today()))


def page_of(qtbot: QtBot, window: MainWindow) -> OffDutyPage:
    assert window.page is not None
    window.show_view("offduty")
    qtbot.waitUntil(lambda: not window.tasks.running)
    return window.page.offduty


def badge(window: MainWindow) -> str:
    assert window.page is not None
    return window.page.navigation.buttons["offduty"].text()


def newest(window: MainWindow) -> Use:
    assert window.desk is not None
    with window.desk.session.unit(Permission.AUDIT) as unit:
        return unit.uses(1)[0]


def test_a_dropped_file_is_read_shown_and_kept(qtbot: QtBot, open_window: MainWindow, tmp_path: Path) -> None:
    page = page_of(qtbot, open_window)
    assert "No match waits" in page.panel.empty_words
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(log_file(tmp_path / "logs")))])
    page.dropEvent(
        QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    )
    dialog = open_window.findChildren(ReadLogsDialog)[-1]
    qtbot.waitUntil(lambda: dialog.forward.isEnabled() and dialog.found_page.summary.text() != "")
    assert dialog.found_page.summary.text() == "1 log read. Matches: 1 sure, 0 likely, 0 possible."
    assert [row.match.ref for row in dialog.found_page.found.visible_rows] == [HIM.ref]
    qtbot.mouseClick(dialog.forward, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(page.table.visible_rows) == 1 and not open_window.tasks.running)
    assert badge(open_window) == "Off duty (1)"
    assert page.heading.text() == "1 match nobody has looked at, the oldest for under an hour."


def test_the_log_is_read_beside_the_list_and_that_is_recorded(
    qtbot: QtBot, open_window: MainWindow, session: Session, tmp_path: Path
) -> None:
    keep(session, log_file(tmp_path / "logs"))
    page = page_of(qtbot, open_window)
    assert "Seen near the park." in page.detail.words()
    assert any(each.startswith("Sure: same name, same date of birth") for each in page.detail.words())
    qtbot.waitUntil(lambda: newest(open_window).reason == "off duty match opened")
    assert newest(open_window).subject == f"offender {HIM.ref}"


def test_is_him_brings_the_visit_forward_and_take_back_puts_it_as_it_was(
    qtbot: QtBot, open_window: MainWindow, session: Session, tmp_path: Path
) -> None:
    keep(session, log_file(tmp_path / "logs"))
    page = page_of(qtbot, open_window)
    detail = page.detail
    detail.kind.setCurrentIndex(detail.kind.findData("arrest"))
    assert "within 7 days" in detail.effect.text()
    qtbot.mouseClick(detail.him, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.table.visible_rows == [] and not open_window.tasks.running)
    assert badge(open_window) == "Off duty"
    page.judged.setChecked(True)
    qtbot.waitUntil(lambda: len(page.table.visible_rows) == 1)
    assert any(each.startswith("Arrest entered for") for each in detail.words())
    qtbot.mouseClick(detail.back, Qt.MouseButton.LeftButton)
    assert "Give the reason" in detail.error.text()
    detail.comment.setText("His brother.")
    qtbot.mouseClick(detail.back, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.table.visible_rows[0].match.verdict == "open" and not open_window.tasks.running)
    with session.unit(Permission.VIEW) as unit:
        assert HIM.ref not in unit.facts([HIM.ref]) or not unit.facts([HIM.ref])[HIM.ref].of(["arrest"])


def test_a_judgement_is_undone_and_done_again(qtbot: QtBot, open_window: MainWindow, session: Session, tmp_path: Path) -> None:
    keep(session, log_file(tmp_path / "logs"))
    page = page_of(qtbot, open_window)
    qtbot.mouseClick(page.detail.him, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.table.visible_rows == [] and not open_window.tasks.running)
    assert not isinstance(open_window.focusWidget(), QLineEdit), "Ctrl+Z there would be the line's own"
    open_window.actions_by_name["undo"].trigger()
    qtbot.waitUntil(lambda: len(page.table.visible_rows) == 1 and not open_window.tasks.running)
    assert page.table.visible_rows[0].match.comment == "Undone."
    open_window.deeds.redo()
    qtbot.waitUntil(lambda: page.table.visible_rows == [] and not open_window.tasks.running)


def test_doubtful_cells_of_the_watched_folder_are_told_with_place_and_cure(
    qtbot: QtBot, open_window: MainWindow, settings: Settings, tmp_path: Path
) -> None:
    path = log_file(tmp_path / "logs")
    path.write_text(path.read_text(encoding="utf-8") + "L-7,23/13/2026,01:20,Theft,NOBODY,Known,,Left.\n", encoding="utf-8")
    os.utime(path, (time.time() - 60, time.time() - 60))
    page = page_of(qtbot, open_window)
    settings.watched_folder = str(tmp_path / "logs")
    page.watch.look()
    qtbot.waitUntil(lambda: not page.doubts.isHidden() and not open_window.tasks.running)
    assert page.doubts.text() == "1 cell of the logs read could not be understood…"
    qtbot.mouseClick(page.doubts, Qt.MouseButton.LeftButton)
    dialog = open_window.findChildren(FindingsDialog)[-1]
    ((_, finding),) = dialog.panel.table.visible_rows
    assert (finding.sheet.split()[0], finding.row, finding.column) == ("L-1.csv", 3, "Date")
    dialog.close()


def test_is_not_him_and_seen_are_said_with_one_press(
    qtbot: QtBot, open_window: MainWindow, session: Session, tmp_path: Path
) -> None:
    keep(session, log_file(tmp_path / "logs"))
    keep(session, log_file(tmp_path / "logs", number="L-2"))
    page = page_of(qtbot, open_window)
    qtbot.mouseClick(page.detail.seen_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: badge(open_window) == "Off duty (1)" and not open_window.tasks.running)
    page.table.selectRow(0)
    qtbot.mouseClick(page.detail.not_him, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(page.table.visible_rows) == 1 and not open_window.tasks.running)
    page.table.selectRow(0)
    qtbot.mouseClick(page.detail.not_him, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.table.visible_rows == [] and not open_window.tasks.running)


def test_a_manager_finds_his_matches_in_front_and_is_remembered(
    qtbot: QtBot, window: MainWindow, session: Session, settings: Settings, tmp_path: Path
) -> None:
    keep(session, log_file(tmp_path / "logs"))
    settings.save_own_manager(session.workspace.location, session.user, "OM01")
    window.enter(session)
    qtbot.waitUntil(lambda: window.page is not None and window.page.current_key == "offduty" and not window.tasks.running)
    assert window.page is not None
    page = window.page.offduty
    assert page.heading.text() == "1 match of your people with the logs waits for you."
    page.manager.setCurrentIndex(page.manager.findData("OM02"))
    page.manager.activated.emit(page.manager.currentIndex())
    qtbot.waitUntil(lambda: page.table.visible_rows == [])
    assert settings.own_manager(session.workspace.location, session.user) == "OM02"
    assert badge(window) == "Off duty"


def test_a_supervisor_is_not_sent_there(qtbot: QtBot, window: MainWindow, session: Session, tmp_path: Path) -> None:
    keep(session, log_file(tmp_path / "logs"))
    window.enter(session)
    qtbot.waitUntil(lambda: window.page is not None and badge(window) == "Off duty (1)" and not window.tasks.running)
    assert window.page is not None
    assert window.page.current_key == "caseload"


def test_the_watched_folder_is_read_at_opening_and_what_is_wrong_is_told(
    qtbot: QtBot, window: MainWindow, session: Session, settings: Settings, tmp_path: Path
) -> None:
    folder = tmp_path / "logs"
    log_file(folder)
    log_file(folder, number="L-9", headers="a,b,c,d,e,f,g,h")
    settings.watched_folder = str(folder)
    window.enter(session)
    qtbot.waitUntil(lambda: window.page is not None and badge(window) == "Off duty (1)" and not window.tasks.running)
    assert window.page is not None
    page = window.page.offduty
    assert page.problems.text().startswith("L-9.csv: No table of incident logs was recognised.")
    assert window.page.current_key == "caseload"
    page.manager.setCurrentIndex(page.manager.findData("OM01"))
    page.manager.activated.emit(page.manager.currentIndex())
    log_file(folder, number="L-3")
    page.watch.look()
    qtbot.waitUntil(lambda: badge(window) == "Off duty (2)" and not window.tasks.running)
    page.watch.look()
    _settle(qtbot, window)
    assert badge(window) == "Off duty (2)"
    assert window.page.current_key == "caseload", "nobody is taken away from his work"


def test_the_folder_is_chosen_and_let_go(qtbot: QtBot, open_window: MainWindow, settings: Settings, tmp_path: Path) -> None:
    page = page_of(qtbot, open_window)
    qtbot.mouseClick(page.folder_button, Qt.MouseButton.LeftButton)
    dialog = open_window.findChildren(FolderDialog)[-1]
    dialog.path.setText(str(tmp_path / "gone"))
    dialog.save()
    assert "no such folder" in dialog.error.text()
    log_file(tmp_path / "logs")
    dialog.path.setText(str(tmp_path / "logs"))
    dialog.save()
    qtbot.waitUntil(lambda: badge(open_window) == "Off duty (1)" and not open_window.tasks.running)
    assert settings.watched_folder == str(tmp_path / "logs")


def test_unknown_columns_are_mapped_by_hand(qtbot: QtBot, open_window: MainWindow, tmp_path: Path) -> None:
    strange = log_file(tmp_path / "logs", headers="Alpha,Beta,Gamma,Delta,Epsilon,Zeta,Eta,Theta")
    open_window.deeds.read_logs(str(strange))
    dialog = open_window.findChildren(ReadLogsDialog)[-1]
    mapping = dialog.found_page.mapping
    qtbot.waitUntil(lambda: "Map the columns by hand" in dialog.found_page.summary.text())
    assert not dialog.forward.isEnabled()
    wanted = {"Alpha": "number", "Beta": "at", "Epsilon": "surname", "Zeta": "forenames", "Eta": "date_of_birth"}
    for header, field in wanted.items():
        choice = mapping.field_choice(header)
        choice.setCurrentIndex(choice.findData(field))
        choice.activated.emit(choice.currentIndex())
    mapping.name.setText("Strange logs")
    mapping.remember.emit(mapping.profile())
    mapping.read_again.emit(mapping.profile())
    qtbot.waitUntil(lambda: "1 sure" in dialog.found_page.summary.text() and not open_window.tasks.running)
    assert [each.name for each in incidents.log_profiles(open_window.desk.session)] == ["Strange logs"]  # type: ignore[union-attr]
    dialog.reject()


def test_reading_can_be_stopped(qtbot: QtBot, open_window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def endless(_function: object, *_args: object, report: object) -> None:
        from mosovo_planner.domain.progress import Progress

        while True:
            report(Progress("Matching log 1 of 5,000", 0.5))  # type: ignore[operator]

    monkeypatch.setattr(incidents, "run_in_worker", endless)
    open_window.deeds.read_logs(str(log_file(tmp_path / "logs")))
    dialog = open_window.findChildren(ReadLogsDialog)[-1]
    qtbot.waitUntil(lambda: dialog.busy_text.text().startswith("Matching"))
    qtbot.mouseClick(dialog.stop, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: dialog.forward.isVisible() and not open_window.tasks.running)
    assert incidents.incident_files(open_window.desk.session) == ()  # type: ignore[union-attr]
    dialog.reject()


def test_what_is_remembered_of_the_page_names_nobody(settings: Settings, tmp_path: Path) -> None:
    settings.save_own_manager("/some/where.vp", "Sgt Sample", "OM01")
    settings.watched_folder = "/logs"
    assert settings.own_manager("/some/where.vp", "Sgt Sample") == "OM01"
    assert settings.own_manager("/other.vp", "Sgt Sample") is None
    settings._store.sync()
    assert "Sgt Sample" not in (tmp_path / "window.ini").read_text(encoding="utf-8")
