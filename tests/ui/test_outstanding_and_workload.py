"""The supervisor's two screens: what is outstanding, and who carries how much."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from mosovo_planner.domain.clocks import Case, overdue_bands
from mosovo_planner.domain.people import Risk
from mosovo_planner.ui.desk import Desk
from mosovo_planner.ui.views.matrix import ALL
from mosovo_planner.ui.views.outstanding import OutstandingPage, urgency
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
    assert {case.offender.risk for case in shown} == {outstanding.matrix.matrix.rows[row]}


def test_the_keyboard_moves_among_the_cells_and_show_all_brings_everybody_back(
    qtbot: QtBot, outstanding: OutstandingPage, desk: Desk
) -> None:
    outstanding.matrix.setFocus()
    outstanding.matrix.choose(Risk.MEDIUM, ALL)
    narrowed = len(outstanding.table.visible_rows)
    qtbot.keyClick(outstanding.matrix, Qt.Key.Key_Up)
    assert {case.offender.risk for case in outstanding.table.visible_rows} <= {Risk.HIGH}
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
    shown = {case.offender.ref for case in outstanding.table.visible_rows}
    assert {case.offender.ref for case in late_cases(desk)} == shown
    low = next(case for case in desk.view.cases if case.offender.risk is Risk.LOW and case.offender.last_seen)
    later = replace(low, as_of=low.visit.due.replace(year=low.visit.due.year + 2))
    latest = replace(low, as_of=low.visit.due.replace(year=low.visit.due.year + 4))
    assert 0 < urgency(low, desk.view.policy) < urgency(later, desk.view.policy) < urgency(latest, desk.view.policy)


def test_the_list_begins_with_the_most_urgent(outstanding: OutstandingPage, desk: Desk) -> None:
    assert desk.view is not None
    policy = desk.view.policy
    weights = [urgency(case, policy) for case in outstanding.table.visible_rows]
    assert weights == sorted(weights, reverse=True)


def test_return_opens_the_offender(qtbot: QtBot, outstanding: OutstandingPage) -> None:
    outstanding.table.selectRow(0)
    with qtbot.waitSignal(outstanding.offender_wanted) as told:
        qtbot.keyClick(outstanding.table, Qt.Key.Key_Return)
    assert told.args == [outstanding.table.visible_rows[0].offender.ref]


def test_bands_of_lateness_leave_no_gap() -> None:
    assert overdue_bands((7, 28)) == ("1 to 7 days", "8 to 28 days", "Over 28 days")


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
