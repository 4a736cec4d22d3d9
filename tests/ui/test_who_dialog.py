"""Who manages him? asked in the window. All people are invented."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFocusEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mosovo_planner.domain.record import Use
from mosovo_planner.domain.roles import Permission, Role
from mosovo_planner.office.session import Session
from mosovo_planner.ui.dialogs.print_dialog import PrintDialog
from mosovo_planner.ui.dialogs.search import WhoDialog
from mosovo_planner.ui.main_window import MainWindow


def opened(qtbot: QtBot, window: MainWindow) -> WhoDialog:
    assert window.page is not None
    qtbot.keyClick(window.page, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: bool(window.findChildren(WhoDialog)))
    return window.findChildren(WhoDialog)[-1]


def ask(qtbot: QtBot, window: MainWindow, dialog: WhoDialog, question: str) -> None:
    dialog.panel.question.clear()
    QTest.keyClicks(dialog.panel.question, question)
    QTest.keyClick(dialog.panel.question, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: dialog.panel.words.text() != "Searching…" and not window.tasks.running)


def uses(window: MainWindow, limit: int) -> tuple[Use, ...]:
    assert window.desk is not None
    with window.desk.session.unit(Permission.AUDIT) as unit:
        return unit.uses(limit)


def test_a_reference_is_answered_on_one_screen(qtbot: QtBot, open_window: MainWindow) -> None:
    dialog = opened(qtbot, open_window)
    ask(qtbot, open_window, dialog, "SYN-7")
    qtbot.waitUntil(lambda: dialog.panel.shown is not None)
    said = dialog.panel.said()
    assert any(each.startswith("He is managed") for each in said)
    assert "On meeting him" in said
    assert any("child at risk" in each for each in said)
    assert uses(open_window, 1)[0].subject == "offender SYN-7"
    dialog.close()


def test_who_asked_by_telephone_is_written_down(qtbot: QtBot, open_window: MainWindow) -> None:
    dialog = opened(qtbot, open_window)
    dialog.panel.asker.setText("PC 1234 Invented")
    ask(qtbot, open_window, dialog, "SYN-7")
    qtbot.waitUntil(lambda: dialog.panel.shown is not None)
    assert [each.recipient for each in uses(open_window, 2)] == ["PC 1234 Invented"] * 2
    dialog.close()


def test_of_many_nobody_is_opened_before_one_is_chosen(qtbot: QtBot, open_window: MainWindow) -> None:
    dialog = opened(qtbot, open_window)
    ask(qtbot, open_window, dialog, "sample street")
    assert len(dialog.panel.table.visible_rows) == 20
    assert "Say more" in dialog.panel.words.text()
    QApplication.sendEvent(dialog.panel.table, QFocusEvent(QEvent.Type.FocusIn))  # the list has the keyboard
    qtbot.waitUntil(lambda: not open_window.tasks.running)
    assert dialog.panel.shown is None
    assert uses(open_window, 1)[0].subject == "who manages him"
    qtbot.keyClick(dialog.panel.table, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: dialog.panel.shown is not None)
    assert uses(open_window, 1)[0].subject.startswith("offender ")
    dialog.close()


def test_nobody_found_is_no_proof_and_too_short_a_question_is_refused(qtbot: QtBot, open_window: MainWindow) -> None:
    dialog = opened(qtbot, open_window)
    ask(qtbot, open_window, dialog, "zzyzx qwerty")
    assert dialog.panel.words.text() == "Nobody found."
    assert any("another force may manage him" in each for each in dialog.panel.said())
    ask(qtbot, open_window, dialog, "jo")
    assert "three letters" in dialog.panel.words.text()
    dialog.close()


def test_from_the_answer_to_the_caseload(qtbot: QtBot, open_window: MainWindow) -> None:
    dialog = opened(qtbot, open_window)
    ask(qtbot, open_window, dialog, "SYN-7")
    qtbot.waitUntil(lambda: dialog.panel.shown is not None)
    qtbot.mouseClick(dialog.open_button, Qt.MouseButton.LeftButton)
    page = open_window.page
    assert page is not None
    assert page.current_key == "caseload"
    assert page.caseload.table.current is not None
    assert page.caseload.table.current.offender.ref == "SYN-7"
    qtbot.waitUntil(lambda: not open_window.tasks.running)


def test_what_mosovo_does_can_be_printed_from_there(qtbot: QtBot, open_window: MainWindow) -> None:
    dialog = opened(qtbot, open_window)
    qtbot.mouseClick(dialog.briefing_button, Qt.MouseButton.LeftButton)
    printing = open_window.findChildren(PrintDialog)[-1]
    assert printing.kind.currentData() == "briefing"
    qtbot.waitUntil(lambda: printing.pdf_button.isEnabled() and not open_window.tasks.running)
    assert not printing.table_button.isEnabled()
    printing.close()
    dialog.close()


def test_the_caseload_is_made_searchable_once_and_again_after_a_change(qtbot: QtBot, open_window: MainWindow) -> None:
    desk = open_window.desk
    assert desk is not None
    dialog = opened(qtbot, open_window)
    ask(qtbot, open_window, dialog, "SYN-7")
    first = dialog.panel._keeper.finder
    ask(qtbot, open_window, dialog, "SYN-8")
    assert dialog.panel._keeper.finder is first
    with qtbot.waitSignal(desk.loaded):
        desk.records_changed()
    assert dialog.panel._keeper.finder is None
    dialog.close()


def test_a_frontline_officer_gets_his_question_and_no_caseload(
    qtbot: QtBot, window: MainWindow, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Session, "role", Role.FRONTLINE)
    window.enter(session)
    dialog = window.findChildren(WhoDialog)[-1]
    ask(qtbot, window, dialog, "SYN-7")
    qtbot.waitUntil(lambda: dialog.panel.shown is not None)
    assert not dialog.open_button.isVisibleTo(dialog)
    assert not dialog.briefing_button.isVisibleTo(dialog)
    assert window.page is not None
    assert window.page.caseload.table.visible_rows == []
    assert "Ask who manages somebody" in window.page.caseload.panel.empty_words
    dialog.close()
