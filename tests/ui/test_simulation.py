"""A leader plays some weeks from the window, reads the figures and saves them. All people are invented."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from mosovo_planner.planning.pool import IN_TURN
from mosovo_planner.ui.desk import Desk
from mosovo_planner.ui.dialogs.simulation import SimulationDialog
from mosovo_planner.ui.main_window import MainWindow

SLOWLY = 120_000


@pytest.fixture
def dialog(qtbot: QtBot, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> SimulationDialog:
    monkeypatch.setattr("mosovo_planner.office.simulation.workers_of", lambda *_: IN_TURN)  # processes are tested in planning
    made = SimulationDialog(desk)
    qtbot.addWidget(made)
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)  # qtbot lets it go
    made.weeks.setValue(2)
    made.open()
    return made


def cell(dialog: SimulationDialog, figure: str, title: str) -> str:
    columns = dialog.comparison.shown_columns()
    line = next(each for each in dialog.comparison.visible_rows if each.title == figure)
    return next(each for each in columns if each.title == title).shown(line)


def test_weeks_are_played_compared_and_saved(
    qtbot: QtBot, dialog: SimulationDialog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not dialog.save_button.isEnabled()
    with qtbot.waitSignal(dialog.run.ended, timeout=SLOWLY):
        dialog.run.start.click()
    qtbot.waitUntil(lambda: bool(dialog.answer))
    said = {each["name"]: each["summary"] for each in dialog.answer["scenarios"]}
    for name, title in (("by_demand", "As today, by demand"), ("planner", "This planner")):
        assert cell(dialog, "Visits made", title) == f"{said[name]['visits_done']:,}"
        assert cell(dialog, "Visits made in time", title) == f"{said[name]['done_in_time_share']:.1%}"
        assert cell(dialog, "Visits made in time", title) in dialog.summary.text()
    assert not dialog.tabs.isTabVisible(1)
    assert any("Assumption" in each.source for each in dialog.assumed.visible_rows)
    target = tmp_path / "year.xlsx"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, **__: (str(target), ""))
    dialog.save_button.click()
    qtbot.waitUntil(lambda: dialog.summary.text() == "Saved.")
    cells = [str(value) for line in openpyxl.load_workbook(target).active.iter_rows(values_only=True) for value in line]
    assert "Officer hours" in cells
    assert any(value.startswith("Assumption: ") for value in cells)


def test_the_officers_a_target_needs_are_told_with_every_strength_tried(qtbot: QtBot, dialog: SimulationDialog) -> None:
    dialog.weeks.setValue(1)
    dialog.seek.setChecked(True)
    dialog.target.setValue(50)
    with qtbot.waitSignal(dialog.run.ended, timeout=SLOWLY):
        dialog.run.start.click()
    qtbot.waitUntil(lambda: bool(dialog.answer))
    strength = dialog.answer["strength"]
    assert dialog.tabs.isTabVisible(1)
    assert [point["officers"] for point in dialog.curve.visible_rows] == [point["officers"] for point in strength["curve"]]
    assert strength["why"] in dialog.summary.text()


def test_closing_stops_what_is_being_played(qtbot: QtBot, dialog: SimulationDialog) -> None:
    dialog.weeks.setValue(260)
    dialog.run.start.click()
    with qtbot.waitSignal(dialog.finished, timeout=SLOWLY):
        dialog.reject()
    assert not dialog.answer


def test_the_menu_opens_it(open_window: MainWindow) -> None:
    open_window.actions_by_name["play_year"].trigger()
    assert open_window.findChildren(SimulationDialog)
