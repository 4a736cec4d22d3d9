"""The supervisor's two screens: what is outstanding, and who carries how much."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from mosovo_planner.domain.clocks import Case, overdue_bands
from mosovo_planner.domain.facts import Event
from mosovo_planner.domain.outstanding import outstanding as outstanding_items
from mosovo_planner.domain.people import Risk
from mosovo_planner.domain.visits import Visit
from mosovo_planner.office.caseload import view_offender
from mosovo_planner.office.door import record_visit
from mosovo_planner.office.facts import enter_fact
from mosovo_planner.ui.desk import Desk
from mosovo_planner.ui.dialogs.supervision import AnswerDialog, ApproveLoneDialog, AskDialog, AssignDialog
from mosovo_planner.ui.views.matrix import ALL
from mosovo_planner.ui.views.outstanding import OutstandingPage
from mosovo_planner.ui.views.workload import WorkloadPage, share_words, state_words


@pytest.fixture
def outstanding(qtbot: QtBot, desk: Desk) -> OutstandingPage:
    made = OutstandingPage(desk)
    qtbot.addWidget(made)
    made.resize(1200, 700)
    made.show()
    with qtbot.waitSignal(desk.loaded):
        desk.reload()
    return made


@pytest.fixture
def workload(qtbot: QtBot, desk: Desk) -> WorkloadPage:
    made = WorkloadPage(desk)
    qtbot.addWidget(made)
    made.show()
    with qtbot.waitSignal(desk.loaded):
        desk.reload()
    return made


def late_cases(desk: Desk) -> list[Case]:
    assert desk.view is not None
    return [case for case in desk.view.cases if case.days_overdue]


def counts(page: OutstandingPage) -> list[list[int]]:
    model = page.matrix.matrix
    return [
        [int(model.index(row, column).data().replace(",", "")) for column in range(model.columnCount())]
        for row in range(model.rowCount())
    ]


def test_the_counts_add_up_to_everybody_overdue(outstanding: OutstandingPage, desk: Desk) -> None:
    table = counts(outstanding)
    assert table[-1][-1] == len(late_cases(desk)) > 0
    assert all(sum(row[:-1]) == row[-1] for row in table)
    assert [sum(row[column] for row in table[:-1]) for column in range(len(table[0]))] == table[-1]


def test_a_cell_narrows_the_list_to_what_it_counts(qtbot: QtBot, outstanding: OutstandingPage) -> None:
    table = counts(outstanding)
    row, column = next((r, c) for r in range(5) for c in range(5) if table[r][c])
    cell = outstanding.matrix.visualRect(outstanding.matrix.matrix.index(row, column)).center()
    qtbot.mouseClick(outstanding.matrix.viewport(), Qt.MouseButton.LeftButton, pos=cell)
    shown = outstanding.table.visible_rows
    assert len(shown) == table[row][column]
    assert {late.item.risk for late in shown} == {outstanding.matrix.matrix.rows[row]}


def test_the_keyboard_moves_among_the_cells_and_show_all_brings_everybody_back(
    qtbot: QtBot, outstanding: OutstandingPage, desk: Desk
) -> None:
    outstanding.matrix.setFocus()
    outstanding.matrix.choose(Risk.MEDIUM, ALL)
    narrowed = len(outstanding.table.visible_rows)
    qtbot.keyClick(outstanding.matrix, Qt.Key.Key_Up)
    assert {late.item.risk for late in outstanding.table.visible_rows} <= {Risk.HIGH}
    outstanding.all_button.click()
    assert len(outstanding.table.visible_rows) == len(late_cases(desk)) > narrowed


def test_the_words_name_size_risk_and_worst_case(outstanding: OutstandingPage, desk: Desk) -> None:
    late = late_cases(desk)
    worst = max(late, key=lambda case: case.days_overdue)
    assert outstanding.heading.text().startswith(f"{len(late)} of ")
    assert worst.offender.name in outstanding.worst.text()
    assert f"{worst.days_overdue} days overdue" in outstanding.worst.text()


def test_one_managers_backlog(outstanding: OutstandingPage, desk: Desk) -> None:
    outstanding.manager.setCurrentIndex(outstanding.manager.findData("OM02"))
    own = [case for case in late_cases(desk) if case.offender.manager == "OM02"]
    assert counts(outstanding)[-1][-1] == len(own) == len(outstanding.table.visible_rows)


def test_low_and_medium_risk_stay_on_the_list_and_rise_with_lateness(outstanding: OutstandingPage, desk: Desk) -> None:
    assert desk.view is not None
    shown = {late.offender.ref for late in outstanding.table.visible_rows}
    assert {case.offender.ref for case in late_cases(desk)} == shown
    low = next(case for case in desk.view.cases if case.offender.risk is Risk.LOW and case.offender.last_seen)
    later = replace(low, as_of=low.visit.due.replace(year=low.visit.due.year + 2))
    latest = replace(low, as_of=low.visit.due.replace(year=low.visit.due.year + 4))
    weights = [outstanding_items([case], desk.view.policy, case.as_of)[0].weight for case in (later, latest)]
    assert 0 < weights[0] < weights[1]


def test_the_list_begins_with_the_most_urgent(outstanding: OutstandingPage, desk: Desk) -> None:
    weights = [late.item.weight for late in outstanding.table.visible_rows]
    assert weights == sorted(weights, reverse=True)


def test_return_opens_the_offender(qtbot: QtBot, outstanding: OutstandingPage) -> None:
    outstanding.table.selectRow(0)
    with qtbot.waitSignal(outstanding.offender_wanted) as told:
        qtbot.keyClick(outstanding.table, Qt.Key.Key_Return)
    assert told.args == [outstanding.table.visible_rows[0].offender.ref]


def test_bands_of_lateness_leave_no_gap() -> None:
    assert overdue_bands((7, 28)) == ("1 to 7 days", "8 to 28 days", "Over 28 days")


def test_the_gravest_row_never_scrolls_out_of_sight(outstanding: OutstandingPage) -> None:
    matrix = outstanding.matrix
    rows = matrix.matrix.rowCount()
    matrix.choose(ALL, ALL)
    for height in (200, 700):
        outstanding.resize(1200, height)
        assert matrix.rowAt(1) == 0
    assert matrix.visualRect(matrix.matrix.index(rows - 1, 0)).bottom() <= matrix.viewport().height()


def test_a_matrix_cell_can_be_heard(outstanding: OutstandingPage) -> None:
    words = outstanding.matrix.matrix.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert words.endswith("overdue, risk Very high, 1 to 7 days")


def test_every_manager_is_listed_with_load_in_words(workload: WorkloadPage, desk: Desk) -> None:
    assert desk.view is not None
    assert len(workload.table.visible_rows) == 4
    model = workload.table.table_model
    column = model.column_of("share")
    shown = [model.index(row, column).data() for row in range(4)]
    assert shown == [share_words(load) for load in workload.table.visible_rows]
    assert all(word.endswith("%") for word in shown)


def test_a_manager_at_or_over_capacity_is_called_so(workload: WorkloadPage) -> None:
    load = workload.table.visible_rows[0]
    assert state_words(replace(load, load_hours=100, capacity_hours=100)) == "Over capacity"
    assert state_words(replace(load, load_hours=95, capacity_hours=100)) == "Nearly full"
    assert state_words(replace(load, load_hours=50, capacity_hours=100)) == "Has room"
    assert share_words(replace(load, load_hours=50, capacity_hours=0)) == "no hours"


def test_the_figures_name_the_inspections_nine_and_where_it_is_from(workload: WorkloadPage) -> None:
    words = " ".join(figure.accessibleName() for figure in workload.figures)
    assert "9 a manager make 36" in words
    assert "HMICFRS" in workload.footnote.text()


def test_visits_done_are_shown_against_nine(workload: WorkloadPage) -> None:
    model = workload.table.table_model
    bar = model.columns[model.column_of("done")].bar
    assert bar is not None
    load = replace(workload.table.visible_rows[0], visits_done_month=9)
    assert (bar(load).limit, bar(load).tone) == (9, "good")
    assert bar(replace(load, visits_done_month=8)).tone == "warn"


def test_return_asks_for_the_managers_cases(qtbot: QtBot, workload: WorkloadPage) -> None:
    workload.table.selectRow(0)
    with qtbot.waitSignal(workload.manager_wanted) as told:
        qtbot.keyClick(workload.table, Qt.Key.Key_Return)
    assert told.args == [workload.table.visible_rows[0].manager.id]


# Every kind of clock, figures by group, and what waits


def test_reviews_and_notifications_stand_beside_visits(
    qtbot: QtBot, outstanding: OutstandingPage, desk: Desk
) -> None:
    enter_fact(desk.session, "SYN-2", Event("periodic_notification", date(2025, 1, 1)))
    with qtbot.waitSignal(desk.loaded):
        desk.reload()
    outstanding.kind.setCurrentIndex(outstanding.kind.findData("*"))
    assert desk.view is not None
    late = outstanding_items(desk.view.cases, desk.view.policy, desk.view.as_of)
    assert len(outstanding.table.visible_rows) == len(late)
    assert {row.item.clock.kind for row in outstanding.table.visible_rows} > {"visit"}
    assert f"({len(late):,})" in outstanding.kind.currentText()


@pytest.mark.parametrize("grouping", ["kind", "team", "manager", "risk", "band"])
def test_from_each_figure_one_click_to_the_people_behind_it(outstanding: OutstandingPage, grouping: str) -> None:
    outstanding.kind.setCurrentIndex(outstanding.kind.findData("*"))
    everybody = len(outstanding.table.visible_rows)
    outstanding.by.setCurrentIndex(outstanding.by.findData(grouping))
    rows = outstanding.figures.table_model.rows
    assert sum(figure.size for figure in rows) == everybody
    for place, figure in enumerate(rows):
        outstanding.figures.selectRow(place)
        shown = outstanding.table.visible_rows
        assert len(shown) == figure.size
        assert max(row.item.days_overdue for row in shown) == figure.worst.days_overdue
    outstanding.all_button.click()
    assert len(outstanding.table.visible_rows) == everybody


def form_of(page: QWidget, kind: type) -> Any:
    return next(each for each in page.findChildren(kind) if each.isVisible())


def test_a_case_is_assigned_with_its_reason(qtbot: QtBot, outstanding: OutstandingPage, desk: Desk) -> None:
    outstanding.table.selectRow(0)
    late = outstanding.table.current
    assert late is not None
    qtbot.mouseClick(outstanding.assign_button, Qt.MouseButton.LeftButton)
    dialog = form_of(outstanding, AssignDialog)
    other = next(each.id for each in desk.view.managers if each.id != late.offender.manager) if desk.view else ""
    dialog.manager.setCurrentIndex(dialog.manager.findData(other))
    dialog.keep()
    assert "needs its reason" in dialog.error_words
    dialog.text.setPlainText("Nearer to the new base")
    with qtbot.waitSignal(dialog.accepted), qtbot.waitSignal(desk.loaded):
        dialog.keep()
    file = view_offender(desk.session, late.offender.ref, desk.as_of)
    assert file.case.offender.manager == other
    assert file.moves[-1].reason == "Given by hand: Nearer to the new base"


def test_a_question_is_asked_answered_and_closed(qtbot: QtBot, outstanding: OutstandingPage, desk: Desk) -> None:
    outstanding.manager.setCurrentIndex(outstanding.manager.findData("OM01"))
    outstanding.table.selectRow(0)
    qtbot.mouseClick(outstanding.ask_button, Qt.MouseButton.LeftButton)
    dialog = form_of(outstanding, AskDialog)
    dialog.text.setPlainText("Why was he not seen?")
    with qtbot.waitSignal(dialog.accepted):
        dialog.keep()
    table = outstanding.waiting.table
    qtbot.waitUntil(lambda: len(table.table_model.rows) == 1)
    assert outstanding.tabs.tabText(1) == "&Waiting (1)"
    outstanding.tabs.setCurrentIndex(1)
    table.selectRow(0)
    qtbot.mouseClick(outstanding.waiting.act, Qt.MouseButton.LeftButton)
    reply = form_of(outstanding.waiting, AnswerDialog)
    reply.text.setPlainText("In hospital until Friday")
    with qtbot.waitSignal(reply.accepted):
        reply.keep()
    qtbot.waitUntil(lambda: "In hospital" in table.table_model.rows[0].words)
    table.selectRow(0)
    qtbot.mouseClick(outstanding.waiting.close_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not table.table_model.rows)
    assert outstanding.tabs.tabText(1) == "&Waiting"


def test_rule_03_a_lone_visit_waits_until_a_supervisor_approves(qtbot: QtBot, outstanding: OutstandingPage, desk: Desk) -> None:
    at = datetime(2026, 11, 20, 10)
    record_visit(desk.session, Visit(id="lone", ref="SYN-9", at=at, officers=("OM01",), lone_reason="Partner fell ill"))
    desk.records_changed()
    table = outstanding.waiting.table
    qtbot.waitUntil(lambda: len(table.table_model.rows) == 1)
    outstanding.tabs.setCurrentIndex(1)
    table.selectRow(0)
    assert "Partner fell ill" in table.visible_rows[0].words
    qtbot.mouseClick(outstanding.waiting.act, Qt.MouseButton.LeftButton)
    dialog = form_of(outstanding.waiting, ApproveLoneDialog)
    dialog.text.setPlainText("Known to be calm; called in before and after")
    with qtbot.waitSignal(dialog.accepted):
        dialog.keep()
    qtbot.waitUntil(lambda: not table.table_model.rows)
    kept = next(each for each in view_offender(desk.session, "SYN-9", desk.as_of).visits if each.id == "lone")
    assert kept.approved_by == desk.session.user
