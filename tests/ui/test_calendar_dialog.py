"""Exporting an officer's rounds from the window. All people are invented."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from mosovo_planner.domain.roles import Permission
from mosovo_planner.ui.dialogs.calendar import CalendarDialog
from mosovo_planner.ui.main_window import MainWindow
from tests.office.test_calendars import plan


def opened(qtbot: QtBot, window: MainWindow) -> CalendarDialog:
    window.actions_by_name["export_calendar"].trigger()
    qtbot.waitUntil(lambda: bool(window.findChildren(CalendarDialog)) and not window.tasks.running)
    return window.findChildren(CalendarDialog)[-1]


def test_an_officers_rounds_are_saved(
    qtbot: QtBot, open_window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = open_window.desk
    assert desk is not None
    with desk.session.unit(Permission.APPROVE) as unit:
        unit.save_plan(plan(), approved_by=desk.session.user, reason="agreed")
    dialog = opened(qtbot, open_window)
    assert "approved" in dialog.source.text()
    qtbot.mouseClick(dialog.save_button, Qt.MouseButton.LeftButton)
    assert dialog.error.text() == "Choose the officer."
    dialog.officer.setCurrentIndex(dialog.officer.findData("OM02"))
    target = tmp_path / "rounds"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    qtbot.mouseClick(dialog.save_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: dialog.error.text().startswith("Saved"))
    assert dialog.error.text() == "Saved: 1 round."
    assert b"BEGIN:VEVENT" in target.with_suffix(".ics").read_bytes()
    dialog.close()


def test_without_an_approved_plan_it_says_what_to_do(qtbot: QtBot, open_window: MainWindow) -> None:
    dialog = opened(qtbot, open_window)
    assert "propose one on the Week plan screen" in dialog.error.text()
    assert not dialog.save_button.isEnabled()
    dialog.close()
