"""Notifications about children in the window: written, completed, marked as sent, exported. All people are invented."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TypeVar
from unittest.mock import PropertyMock, patch

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractButton, QComboBox, QFileDialog, QLineEdit, QMessageBox, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from mosovo_planner.domain.children import ChildNotification
from mosovo_planner.domain.people import Sex
from mosovo_planner.domain.record import Operation, Use
from mosovo_planner.domain.roles import Permission, Role
from mosovo_planner.office.children import begin_notification, open_notification, save_notification, view_notifications
from mosovo_planner.office.session import Session
from mosovo_planner.ui.dialogs.visit import VisitDialog
from mosovo_planner.ui.main_window import MainWindow
from mosovo_planner.ui.offender.children import ChildrenPage
from mosovo_planner.ui.offender.file import FileWindow
from mosovo_planner.ui.offender.notification import ExportDialog, NotificationDialog

REF = "SYN-1"
LEFT = Qt.MouseButton.LeftButton
NOTICED = datetime.combine(date.today(), datetime.min.time()) - timedelta(days=2)
Form = TypeVar("Form", bound=QWidget)


def a_note(**more: object) -> ChildNotification:
    made = replace(
        begin_notification(REF, "Sgt Sample", NOTICED),
        child_name="Invented CHILD", age=9, sex=Sex.FEMALE, address="1 Sample Street", school="Invented Primary",
        ethnicity_why_absent="The mother would not say", relationship="Niece", parental_responsibility="Mother",
        appearance="Well dressed", words="I come every Sunday", activity="Drawing", relationships="Close to her mother",
        environment="Clean kitchen",
    )  # fmt: skip
    return replace(made, **more)  # type: ignore[arg-type]


@contextmanager
def as_user(name: str) -> Iterator[None]:
    with patch.object(Session, "user", PropertyMock(return_value=name)):
        yield


def open_page(qtbot: QtBot, window: MainWindow) -> ChildrenPage:
    assert window.page is not None
    window.page.caseload.table.select(REF)
    window.page.caseload.open_file()
    file = window.findChildren(FileWindow)[-1]
    qtbot.waitUntil(lambda: file.file is not None)
    file.tabs.setCurrentWidget(file.children_page)
    qtbot.waitUntil(lambda: not window.tasks.running)
    return file.children_page


def form_of(parent: QWidget, kind: type[Form]) -> Form:
    return next(each for each in parent.findChildren(kind) if each.isVisible())


def opened(qtbot: QtBot, page: ChildrenPage) -> NotificationDialog:
    page.table.selectRow(0)
    qtbot.mouseClick(page.look, LEFT)
    qtbot.waitUntil(lambda: any(each.isVisible() for each in page.findChildren(NotificationDialog)))
    return form_of(page, NotificationDialog)


def disclosures(session: Session) -> list[Use]:
    with session.unit(Permission.AUDIT) as unit:
        return [use for use in unit.uses(50, ref=REF) if use.operation is Operation.DISCLOSURE]


def test_a_notification_is_written_kept_with_gaps_completed_and_marked_as_sent(
    qtbot: QtBot, open_window: MainWindow, session: Session
) -> None:
    page = open_page(qtbot, open_window)
    qtbot.mouseClick(page.write, LEFT)
    dialog = form_of(page, NotificationDialog)
    assert "Give the child's school, or say why it is missing." in dialog.gap_words.text()
    qtbot.keyClicks(dialog.child.child_name, "Invented CHILD")
    with qtbot.waitSignal(dialog.accepted):
        qtbot.mouseClick(dialog.act, LEFT)
    qtbot.waitUntil(lambda: len(page.table.visible_rows) == 1)
    assert page.table.visible_rows[0].lacks > 5
    assert "Invented CHILD" not in repr(page.table.visible_rows)
    dialog = opened(qtbot, page)
    dialog.after.sent.setChecked(True)
    dialog.after.sent_to.setText("Children's services")
    qtbot.mouseClick(dialog.act, LEFT)
    qtbot.waitUntil(lambda: "school, or say why" in dialog.error_words)
    dialog.child.age.setValue(9)
    dialog.child.sex.setCurrentIndex(1)
    dialog.child.address.setText("1 Sample Street")
    dialog.child.school_why_absent.setText("Taught at home")
    dialog.child.ethnicity_why_absent.setText("The mother would not say")
    dialog.child.relationship.setText("Niece")
    dialog.child.parental_responsibility.setText("Mother")
    dialog.aware.words_why_absent.setText("Asleep")
    assert dialog.gap_words.text().count("AWARE") == 4
    for field in (dialog.aware.appearance, dialog.aware.activity, dialog.aware.relationships, dialog.aware.environment):
        field.setPlainText("Invented words")
    assert dialog.gap_words.text() == "Nothing is missing."
    with qtbot.waitSignal(dialog.accepted):
        qtbot.mouseClick(dialog.act, LEFT)
    qtbot.waitUntil(lambda: page.table.visible_rows[0].state == "Sent")
    (line,) = view_notifications(session, REF)
    assert open_notification(session, REF, line.id).note.sent_to == "Children's services"


def test_each_opening_is_in_the_record_of_use_and_looking_at_other_pages_is_not(
    qtbot: QtBot, open_window: MainWindow, session: Session
) -> None:
    save_notification(session, a_note())
    with session.unit(Permission.AUDIT) as unit:
        before = unit.uses(1)[0].seq
    page = open_page(qtbot, open_window)
    file = next(each for each in open_window.findChildren(FileWindow))
    opened(qtbot, page).reject()
    file.tabs.setCurrentIndex(0)
    with session.unit(Permission.AUDIT) as unit:
        reasons = [use.reason for use in unit.uses(50, ref=REF) if use.seq > before]
    assert reasons.count("notification about a child opened") == 1
    assert reasons.count("list of notifications") == 1
    assert "plans opened" not in reasons


def test_lateness_against_the_forces_limit_is_said_in_the_form(
    qtbot: QtBot, open_window: MainWindow, session: Session
) -> None:
    save_notification(session, a_note())
    dialog = opened(qtbot, open_page(qtbot, open_window))
    assert "The force has set no limit" in dialog.late_words.text()


def test_two_people_writing_at_once_lose_nothing(qtbot: QtBot, open_window: MainWindow, session: Session) -> None:
    kept = save_notification(session, a_note())
    dialog = opened(qtbot, open_page(qtbot, open_window))
    dialog.aware.activity.setPlainText("Mine")
    with as_user("Another"):
        save_notification(session, replace(kept, activity="Theirs"), kept)
    qtbot.mouseClick(dialog.act, LEFT)
    qtbot.waitUntil(lambda: "Somebody else saved this" in dialog.error_words)
    assert "Activity: Theirs" in dialog.theirs.toPlainText()
    assert dialog.aware.activity.toPlainText() == "Mine"
    with qtbot.waitSignal(dialog.accepted):
        qtbot.mouseClick(dialog.act, LEFT)
    assert open_notification(session, REF, kept.id).note.activity == "Mine"


def test_the_export_asks_for_whom_and_says_that_nothing_was_sent(
    qtbot: QtBot, open_window: MainWindow, session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_notification(session, a_note())
    page = open_page(qtbot, open_window)
    dialog = opened(qtbot, page)
    dialog.aware.activity.setPlainText("Not saved yet")
    assert not dialog.export_button.isEnabled(), "what is typed and not saved would not be in the file"
    dialog.aware.activity.setPlainText("Drawing")
    qtbot.mouseClick(dialog.export_button, LEFT)
    export = form_of(dialog, ExportDialog)
    qtbot.mouseClick(export.act, LEFT)
    assert "for whom" in export.error_words
    export.recipient.setText("PPN desk")
    path = tmp_path / "child"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), "JSON (*.json)"))
    with qtbot.waitSignal(export.accepted):
        qtbot.mouseClick(export.act, LEFT)
    body = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    assert (body["child_name"], body["sent_at"]) == ("Invented CHILD", None)
    assert [(use.recipient, use.medium) for use in disclosures(session)] == [("PPN desk", "json export")]
    box = form_of(dialog, QMessageBox)
    assert "sent to nobody" in box.informativeText()
    box.reject()


def test_after_a_visit_at_which_a_child_was_met_the_notification_is_offered(
    qtbot: QtBot, open_window: MainWindow, session: Session
) -> None:
    assert open_window.page is not None
    caseload = open_window.page.caseload
    caseload.table.select(REF)
    caseload.record_visit()
    visit = form_of(caseload, VisitDialog)
    visit.partner.setCurrentIndex(2)
    visit.lead.setCurrentIndex(2)
    visit.child.setCurrentIndex(2)
    visit.day.setDate(visit.day.date().addDays(-1))
    with qtbot.waitSignal(visit.accepted):
        visit.record()
    box = form_of(caseload, QMessageBox)
    assert "child" in box.text()
    with session.unit(Permission.VIEW) as unit:
        assert unit.child_notifications(REF) == (), "nothing is written by itself"
        kept = max(unit.visits(ref=REF), key=lambda each: each.at)
    write = next(each for each in box.findChildren(QAbstractButton) if "Write" in each.text())
    qtbot.mouseClick(write, LEFT)
    dialog = form_of(caseload, NotificationDialog)
    assert (dialog.typed().visit, dialog.typed().noticed_at) == (kept.id, kept.at)
    dialog.child.child_name.setText("Invented CHILD")
    with qtbot.waitSignal(dialog.accepted):
        qtbot.mouseClick(dialog.act, LEFT)
    (line,) = view_notifications(session, REF)
    assert line.noticed_at == kept.at


def test_who_may_only_look_opens_and_changes_nothing(qtbot: QtBot, open_window: MainWindow, session: Session) -> None:
    save_notification(session, a_note())
    with patch.object(Session, "role", PropertyMock(return_value=Role.MANAGER)):
        page = open_page(qtbot, open_window)
        assert not page.write.isEnabled()
        dialog = opened(qtbot, page)
        assert not dialog.act.isEnabled()
        dialog.reject()


def test_every_field_has_a_name_for_a_screen_reader(qtbot: QtBot, open_window: MainWindow) -> None:
    page = open_page(qtbot, open_window)
    qtbot.mouseClick(page.write, LEFT)
    dialog = form_of(page, NotificationDialog)
    for place in range(dialog.tabs.count()):
        dialog.tabs.setCurrentIndex(place)
        for kind in (QAbstractButton, QComboBox, QLineEdit, QPlainTextEdit):
            for widget in dialog.findChildren(kind):
                if widget.isVisible() and not widget.objectName().startswith("qt_"):  # Qt's own inner ones
                    assert QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name), widget
