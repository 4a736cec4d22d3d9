"""The performance page in the window. All people are invented."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mosovo_planner.domain.dip_sample import Grade
from mosovo_planner.domain.errors import UserError
from mosovo_planner.domain.months import month_of
from mosovo_planner.domain.performance import FirstFigures, perform_course
from mosovo_planner.domain.progress import Progress, Reporter
from mosovo_planner.domain.roles import Permission, Role
from mosovo_planner.office import performance
from mosovo_planner.ui.desk import Desk
from mosovo_planner.ui.main_window import MainWindow
from mosovo_planner.ui.offender.file import FileWindow
from mosovo_planner.ui.performance import page as page_module
from mosovo_planner.ui.performance.grading import GradeDialog
from mosovo_planner.ui.performance.page import PerformancePage
from mosovo_planner.ui.theme import Theme
from tests.ui import invented

LONE = "lone"


@pytest.fixture(autouse=True)
def in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reckoning in a worker process is tried in tests/office."""
    monkeypatch.setattr(performance, "run_in_worker", lambda function, *args, **more: function(*args, **more))


@pytest.fixture
def page(qtbot: QtBot, desk: Desk) -> PerformancePage:
    made = PerformancePage(desk)
    qtbot.addWidget(made)
    made.resize(1200, 700)
    made.show()
    qtbot.waitUntil(lambda: made.view is not None and not desk.tasks.running, timeout=30_000)
    return made


def test_each_figure_has_its_target_its_trend_and_its_meaning(qtbot: QtBot, page: PerformancePage) -> None:
    assert page.heading.text().startswith("The force, November 2026")
    table = page.measures.table
    assert len(table.visible_rows) == len(page.view.of()) if page.view else False
    assert table.select(LONE)
    headers, rows, _ = table.export_rows()
    shown = {name: str(cell) for name, cell in zip(headers, rows[table.currentIndex().row()], strict=True)}
    assert shown["Target met?"] == "Not met"
    assert shown["Target"] == "at most 0%"
    assert shown["12 months"].count(",") == 11
    assert "share made by one officer" in page.measures.definition.text()
    assert "HMICFRS" in page.measures.target.text()
    assert page.measures.chart.accessibleName().startswith("Trend of Lone visits: ")
    assert "November 2026: 100" in page.measures.chart.tip_at(page.measures.chart.width() - 3)
    assert page.measures.chart.tip_at(-5) == ""


def test_from_a_figure_one_goes_to_the_people_behind_it(qtbot: QtBot, page: PerformancePage) -> None:
    page.measures.table.select(LONE)
    behind = page.measures.people
    assert [each.ref for each in behind.visible_rows] == ["SYN-1"]
    with qtbot.waitSignal(page.offender_wanted) as asked:
        behind.selectRow(0)
        qtbot.keyClick(behind, Qt.Key.Key_Return)
    assert asked.args == ["SYN-1"]


def test_another_month_and_one_manager(qtbot: QtBot, page: PerformancePage) -> None:
    page.month.setCurrentIndex(1)
    before = month_of(invented.AS_OF).later(-1)
    qtbot.waitUntil(lambda: page.view is not None and page.view.course.month == before, timeout=30_000)
    assert "October 2026" in page.heading.text()
    held = page.measures.table
    held.select("visits_overdue")
    whole = held.current.now.of if held.current else 0
    page.scope.setCurrentIndex(page.scope.findData("manager OM01"))
    assert page.heading.text().startswith(page.scope.currentText())
    mine = held.current.now.of if held.current else 0
    assert 0 < (mine or 0) < (whole or 0)


def test_the_trend_is_painted_in_either_look(qtbot: QtBot, qapp: QApplication, page: PerformancePage) -> None:
    page.measures.table.select(LONE)
    for look in ("light", "dark"):
        theme = Theme(qapp, look)
        picture = page.measures.chart.grab().toImage()
        colours = {picture.pixelColor(x, y).name() for x in range(0, picture.width(), 2) for y in range(0, picture.height(), 2)}
        assert theme.tokens.accent in colours
        assert not page.measures.table.grab().isNull()
        theme.deleteLater()


def test_work_can_be_stopped_and_taken_up_again(qtbot: QtBot, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def endless(_session: object, _month: object, _day: object, report: Reporter, **_more: object) -> None:
        while True:
            report(Progress("Reckoning without end"))

    made = PerformancePage(desk)
    qtbot.addWidget(made)
    with monkeypatch.context() as patch:
        patch.setattr(page_module, "view_performance", endless)
        made.show()
        qtbot.waitUntil(lambda: "without end" in made.state.text())
        qtbot.mouseClick(made.stop_button, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: made.state.text().startswith("Stopped"))
    assert made.stop_button.isHidden()
    made.refresh()
    qtbot.waitUntil(lambda: made.view is not None, timeout=30_000)


def test_the_month_is_shown_while_the_months_before_are_reckoned(
    qtbot: QtBot, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = threading.Event()

    def slow(*given: object, report: Reporter, **more: object) -> object:
        def hold(step: Progress) -> None:
            report(step)
            while isinstance(step, FirstFigures) and not go_on.wait(0.01):
                report(Progress("Reckoning the year"))

        return perform_course(*given, report=hold, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(performance, "run_in_worker", lambda _function, *args, **more: slow(*args, **more))
    made = PerformancePage(desk)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitUntil(lambda: made.view is not None)
    line = made.measures.table.visible_rows[0]
    assert (len(line.readings), line.now.month) == (1, month_of(invented.AS_OF))
    assert not made.measures.grab().isNull()
    qtbot.waitUntil(lambda: made.state.text().startswith("The months before follow."))
    go_on.set()
    qtbot.waitUntil(lambda: made.view is not None and len(made.view.course.months) == 12)
    assert made.measures.table.visible_rows[0].now == line.now


def test_what_cannot_be_reckoned_is_said(qtbot: QtBot, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **_more: object) -> None:
        raise UserError("The roads are damaged; import them again.")

    monkeypatch.setattr(page_module, "view_performance", refuse)
    made = PerformancePage(desk)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitUntil(lambda: made.state.text() == "The roads are damaged; import them again.")


def test_a_page_nobody_sees_reads_nothing(qtbot: QtBot, desk: Desk) -> None:
    made = PerformancePage(desk)
    qtbot.addWidget(made)
    made.refresh()
    qtbot.waitUntil(lambda: not desk.tasks.running)
    with desk.session.unit(Permission.AUDIT) as unit:
        assert not [use for use in unit.uses(50) if use.subject == "performance"]


def test_a_sample_is_drawn_opened_and_graded(qtbot: QtBot, page: PerformancePage, desk: Desk) -> None:
    page.tabs.setCurrentWidget(page.dip)
    qtbot.waitUntil(page.dip.draw_button.isEnabled, timeout=30_000)
    assert "No record was drawn" in page.dip.panel.empty_words
    qtbot.mouseClick(page.dip.draw_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(page.dip.table.visible_rows) == 8, timeout=30_000)
    assert not page.dip.draw_button.isEnabled()
    page.dip.table.selectRow(0)
    page.dip.open_record()
    file = page.dip.findChildren(FileWindow)[-1]
    qtbot.waitUntil(lambda: file.file is not None and not desk.tasks.running, timeout=30_000)
    file.reject()
    qtbot.mouseClick(page.dip.grade_button, Qt.MouseButton.LeftButton)
    dialog = page.dip.findChildren(GradeDialog)[-1]
    dialog.keep()
    assert dialog.error_words == "Choose a grade."
    dialog.choices[Grade.REQUIRES_IMPROVEMENT].setChecked(True)
    dialog.keep()
    qtbot.waitUntil(lambda: "what is to be better" in dialog.error_words)
    dialog.comment.setPlainText("No devices were checked")
    with qtbot.waitSignal(dialog.graded):
        dialog.keep()
    qtbot.waitUntil(lambda: "1 graded" in page.dip.words.text(), timeout=30_000)
    assert [row.counts for row in page.dip.trend.visible_rows] == [{Grade.REQUIRES_IMPROVEMENT: 1}]
    page.scope.setCurrentIndex(page.scope.findData("manager OM04"))
    assert {each.drawn.manager for each in page.dip.table.visible_rows} == {"OM04"}


def test_who_may_not_grade_sees_no_record(qtbot: QtBot, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(desk.session.workspace), "role", property(lambda _self: Role.MANAGER))
    made = PerformancePage(desk)
    qtbot.addWidget(made)
    made.show()
    made.tabs.setCurrentWidget(made.dip)
    qtbot.waitUntil(lambda: "Your role" in made.dip.words.text())
    assert not made.dip.draw_button.isEnabled()
    qtbot.waitUntil(lambda: made.view is not None, timeout=30_000)


def test_the_month_on_show_is_the_one_that_is_printed(qtbot: QtBot, open_window: MainWindow) -> None:
    from mosovo_planner.ui.dialogs.print_dialog import PrintDialog

    open_window.actions_by_name["show_performance"].trigger()
    assert open_window.page is not None
    page = open_window.page.views["performance"]
    assert isinstance(page, PerformancePage)
    qtbot.waitUntil(lambda: page.view is not None, timeout=30_000)
    page.month.setCurrentIndex(2)
    qtbot.mouseClick(page.print_button, Qt.MouseButton.LeftButton)
    dialog = open_window.findChildren(PrintDialog)[-1]
    assert (dialog.kind.currentData(), dialog.month.currentData()) == ("performance", page.chosen_month)
    assert dialog.month.isVisible()
    assert not dialog.manager.isVisible()
    qtbot.waitUntil(lambda: dialog.preview.page_count > 0, timeout=60_000)
    dialog.reject()
