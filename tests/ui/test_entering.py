"""Typing records into the window: offenders and offender managers. All people are invented."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import QDate, Qt
from pytestqt.qtbot import QtBot

from mosovo_planner.office.caseload import view_offender
from mosovo_planner.ui.dialogs.manager import ManagerDialog
from mosovo_planner.ui.dialogs.offender import OffenderDialog
from mosovo_planner.ui.main_window import MainWindow


def found(window: MainWindow, kind: type) -> object:
    return next(each for each in window.findChildren(kind) if each.isVisible())


def test_somebody_new_is_typed_in_and_listed(qtbot: QtBot, open_window: MainWindow) -> None:
    open_window.actions_by_name["add_offender"].trigger()
    dialog = found(open_window, OffenderDialog)
    assert isinstance(dialog, OffenderDialog)
    qtbot.keyClicks(dialog.ref, "SYN-900")
    qtbot.keyClicks(dialog.surname, "NEWCOMER")
    dialog.risk.setCurrentIndex(dialog.risk.findData("high"))
    dialog.born.day = date(1980, 2, 29)
    assert open_window.desk is not None
    with qtbot.waitSignal(dialog.accepted), qtbot.waitSignal(open_window.desk.loaded):
        qtbot.mouseClick(dialog.act, Qt.MouseButton.LeftButton)
    assert open_window.page is not None
    rows = {case.offender.ref: case.offender for case in open_window.page.caseload.table.table_model.rows}
    assert (rows["SYN-900"].surname, rows["SYN-900"].date_of_birth) == ("NEWCOMER", date(1980, 2, 29))


def test_what_was_typed_stays_when_it_is_refused(qtbot: QtBot, open_window: MainWindow) -> None:
    open_window.actions_by_name["add_offender"].trigger()
    dialog = found(open_window, OffenderDialog)
    assert isinstance(dialog, OffenderDialog)
    qtbot.keyClicks(dialog.ref, "SYN-1")
    qtbot.keyClicks(dialog.surname, "NEWCOMER")
    qtbot.mouseClick(dialog.act, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "already" in dialog.error_words)
    assert dialog.isVisible()
    assert dialog.surname.text() == "NEWCOMER"
    assert dialog.act.isEnabled()


def test_a_change_keeps_everything_that_was_not_touched(qtbot: QtBot, open_window: MainWindow) -> None:
    desk, page = open_window.desk, open_window.page
    assert desk is not None
    assert page is not None
    page.caseload.table.select("SYN-7")
    before = view_offender(desk.session, "SYN-7", desk.as_of).case.offender
    open_window.actions_by_name["change_offender"].trigger()
    dialog = found(open_window, OffenderDialog)
    assert isinstance(dialog, OffenderDialog)
    assert dialog.offender() == before
    dialog.status.setCurrentIndex(dialog.status.findData("abroad"))
    with qtbot.waitSignal(dialog.accepted), qtbot.waitSignal(desk.loaded):
        dialog.keep()
    after = view_offender(desk.session, "SYN-7", desk.as_of).case
    assert after.offender.status == "abroad"
    assert after.visit.suspended
    assert (after.offender.position, after.offender.last_seen) == (before.position, before.last_seen)


def test_an_absence_is_added_and_taken_out(qtbot: QtBot, open_window: MainWindow) -> None:
    desk, page = open_window.desk, open_window.page
    assert desk is not None
    assert page is not None
    page.show_view("workload")
    page.workload.table.select("OM01")
    page.workload.change_manager()
    dialog = found(open_window, ManagerDialog)
    assert isinstance(dialog, ManagerDialog)
    held = len(dialog.absences)
    made = dialog.add_absence()
    made.start.setDate(QDate(2026, 12, 24))
    made.end.setDate(QDate(2026, 12, 20))
    dialog.keep()
    assert "before it begins" in dialog.error_words
    made.end.setDate(QDate(2027, 1, 2))
    with qtbot.waitSignal(dialog.accepted), qtbot.waitSignal(desk.loaded):
        dialog.keep()
    assert desk.view is not None
    manager = next(each for each in desk.view.managers if each.id == "OM01")
    assert len(manager.absences) == held + 1
    assert manager.absences[-1].end == date(2027, 1, 2)


@pytest.mark.parametrize("name", ["add_offender", "add_manager"])
def test_forms_fit_the_smallest_screen(open_window: MainWindow, name: str) -> None:
    open_window.actions_by_name[name].trigger()
    dialog = found(open_window, OffenderDialog if name == "add_offender" else ManagerDialog)
    assert isinstance(dialog, OffenderDialog | ManagerDialog)
    hint = dialog.sizeHint()
    assert (hint.width() <= 1366, hint.height() <= 720) == (True, True)
