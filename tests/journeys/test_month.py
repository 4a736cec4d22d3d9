"""A leader's look at a month, from the figure to the people behind it, the graded record and the printed report.

Through the real window on an invented force; figures and pages are made in worker processes, as in the program.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from mosovo_planner.domain.dip_sample import Grade
from mosovo_planner.domain.record import Operation
from mosovo_planner.domain.roles import Permission
from mosovo_planner.office.demo import DemoSession, demo_session
from mosovo_planner.ui.dialogs.print_dialog import PrintDialog
from mosovo_planner.ui.main_window import MainWindow
from mosovo_planner.ui.performance.grading import GradeDialog
from mosovo_planner.ui.performance.page import PerformancePage
from tests.journeys.conftest import LONG


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[DemoSession]:
    monkeypatch.setenv("MOSOVO_STATE_DIR", str(tmp_path / "state"))
    made = demo_session(80, date.today())
    yield made
    made.close()


@pytest.mark.timeout(300)
def test_from_a_figure_to_the_person_the_graded_record_and_the_printed_month(
    qtbot: QtBot, window: MainWindow, session: DemoSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window.enter(session)
    assert window.page is not None
    qtbot.waitUntil(lambda: not window.tasks.running, timeout=LONG)
    window.actions_by_name["show_performance"].trigger()
    page = window.page.views["performance"]
    assert isinstance(page, PerformancePage)
    page.month.setCurrentIndex(1)
    qtbot.waitUntil(lambda: page.view is not None and page.view.course.month == page.chosen_month, timeout=LONG)

    # From what is overdue to who it is.
    page.measures.table.select("visits_overdue")
    late = page.measures.people.visible_rows
    assert late
    page.measures.people.selectRow(0)
    qtbot.keyClick(page.measures.people, Qt.Key.Key_Return)
    assert window.page.current_key == "caseload"
    shown = window.page.caseload.table.current
    assert shown is not None
    assert shown.offender.ref == page.measures.people.visible_rows[0].ref

    # A record that chance chose is graded.
    window.actions_by_name["show_performance"].trigger()
    page.month.setCurrentIndex(0)
    page.tabs.setCurrentWidget(page.dip)
    qtbot.waitUntil(page.dip.draw_button.isEnabled, timeout=LONG)
    page.dip.draw()
    qtbot.waitUntil(lambda: bool(page.dip.table.visible_rows), timeout=LONG)
    page.dip.grade(page.dip.table.visible_rows[0])
    grading = page.dip.findChildren(GradeDialog)[-1]
    grading.choices[Grade.INADEQUATE].setChecked(True)
    grading.comment.setPlainText("No visit for a year")
    with qtbot.waitSignal(grading.graded, timeout=LONG):
        grading.keep()
    qtbot.waitUntil(lambda: "1 graded" in page.dip.words.text() and not window.tasks.running, timeout=LONG)

    # The month goes to the superintendent.
    target = tmp_path / "month.pdf"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    qtbot.mouseClick(page.print_button, Qt.MouseButton.LeftButton)
    dialog = window.findChildren(PrintDialog)[-1]
    qtbot.waitUntil(lambda: dialog.preview.page_count > 0, timeout=LONG)
    dialog.recipient.setText("Superintendent Sample")
    dialog.reason.setEditText("Monthly review")
    dialog.save_as_pdf()
    qtbot.waitUntil(lambda: dialog.preview.words.text() == "Saved.", timeout=LONG)
    assert target.read_bytes().startswith(b"%PDF")
    dialog.reject()
    with session.unit(Permission.AUDIT) as unit:
        uses = unit.uses(60)
        graded = unit.graded(month=page.chosen_month)
    out = next(use for use in uses if use.operation is Operation.DISCLOSURE)
    assert (out.subject, out.recipient, out.reason) == ("paper performance", "Superintendent Sample", "Monthly review")
    assert any(use.subject == "performance" and use.operation is Operation.CONSULTATION for use in uses)
    assert [(each.grade, each.comment) for each in graded] == [(Grade.INADEQUATE, "No visit for a year")]
