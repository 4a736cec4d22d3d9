"""Every list sorts, filters as you type, keeps what is chosen, and copies."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QItemSelectionModel, QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QMenu, QStyleOptionHeader
from pytestqt.qtbot import QtBot

from mosovo_planner.ui.clipboard import as_lines, clear_copied
from mosovo_planner.ui.settings import Settings
from mosovo_planner.ui.table import Column, Table, TableModel, TablePanel
from mosovo_planner.ui.table.columns import in_cell
from mosovo_planner.ui.table.model import Role


@dataclass(frozen=True)
class Thing:
    id: str
    name: str
    size: int | None = None
    day: date | None = None


COLUMNS = (
    Column[Thing]("id", "Id", lambda thing: thing.id),
    Column[Thing]("name", "Name", lambda thing: thing.name),
    Column[Thing]("size", "Size", lambda thing: thing.size, right=True, tone=lambda thing: "bad" if thing.size else None),
    Column[Thing]("day", "Day", lambda thing: thing.day, visible=False),
)
THINGS = (
    Thing("W-10", "O'Brien", 3, date(2026, 6, 4)),
    Thing("W-9", "Zoë Ash"),
    Thing("W-100", "ash, Carl", 1),
    Thing("W-2", "=cmd|'/c calc'!A1", 3),
)


@pytest.fixture
def table(qtbot: QtBot, settings: Settings) -> Table[Thing]:
    made: Table[Thing] = Table("things", "Things", COLUMNS, lambda thing: thing.id, settings=settings)
    qtbot.addWidget(made)
    made.set_rows(THINGS)
    made.show()
    return made


def shown(table: Table[Thing]) -> list[str]:
    return [thing.id for thing in table.visible_rows]


def test_the_model_keeps_qts_rules_through_sorting_and_filtering(qtbot: QtBot) -> None:
    model: TableModel[Thing] = TableModel(COLUMNS, lambda thing: thing.id)
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.set_rows(THINGS)
    model.sort(2, Qt.SortOrder.DescendingOrder)
    model.search("ash")
    model.search("")
    model.set_rows([])
    assert tester.model() is model


def test_references_sort_by_number(table: Table[Thing]) -> None:
    table.sort_by("id")
    assert shown(table) == ["W-2", "W-9", "W-10", "W-100"]


def test_empty_cells_come_last_both_ways_and_equals_keep_their_order(table: Table[Thing]) -> None:
    table.sort_by("size")
    assert shown(table) == ["W-100", "W-10", "W-2", "W-9"]
    table.sort_by("size", descending=True)
    assert shown(table) == ["W-10", "W-2", "W-100", "W-9"]


def test_search_wants_every_word_whatever_the_case(table: Table[Thing]) -> None:
    table.table_model.search("ASH w-1")
    assert shown(table) == ["W-100"]


def test_search_and_choice_narrow_together(table: Table[Thing]) -> None:
    table.table_model.keep(lambda thing: thing.size is not None)
    table.table_model.search("ash")
    assert shown(table) == ["W-100"]


def test_what_is_chosen_stays_chosen_through_sorting_filtering_and_new_rows(table: Table[Thing]) -> None:
    table.select("W-9")
    table.sort_by("id", descending=True)
    table.set_rows([Thing("W-1", "New"), *THINGS])
    assert [thing.id for thing in table.selected_rows] == ["W-9"]
    assert table.current is not None
    assert table.current.id == "W-9"


def test_several_rows_stay_chosen(table: Table[Thing]) -> None:
    for row in (0, 2, 3):
        table.selectionModel().select(
            table.table_model.index(row, 0), QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
        )
    table.sort_by("name")
    assert {thing.id for thing in table.selected_rows} == {"W-10", "W-100", "W-2"}


def test_a_row_that_is_filtered_away_is_no_longer_chosen(table: Table[Thing]) -> None:
    table.select("W-9")
    table.table_model.search("brien")
    assert table.current is None
    assert table.selected_rows == []


def test_copying_gives_tab_separated_rows_of_the_columns_on_show(table: Table[Thing], qtbot: QtBot) -> None:
    table.selectAll()
    with qtbot.waitSignal(table.copied) as told:
        qtbot.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    lines = QGuiApplication.clipboard().text().split("\n")
    assert lines[0] == "Id\tName\tSize"
    assert lines[1] == "W-10\tO'Brien\t3"
    assert lines[4].startswith("W-2\t'=cmd")
    assert told.args == [["W-10", "W-9", "W-100", "W-2"]]
    clear_copied()
    assert QGuiApplication.clipboard().text() == ""


def test_nothing_is_copied_where_the_role_forbids_it(table: Table[Thing]) -> None:
    QGuiApplication.clipboard().setText("there before")
    table.may_copy = False
    table.selectAll()
    assert table.copy() == 0
    assert QGuiApplication.clipboard().text() == "there before"


@given(st.lists(st.lists(st.text(max_size=20), min_size=1, max_size=4), min_size=1, max_size=4))
def test_no_copied_cell_breaks_its_row_or_starts_a_formula(rows: list[list[str]]) -> None:
    lines = as_lines(rows).split("\n")
    assert len(lines) == len(rows)
    for line, row in zip(lines, rows, strict=True):
        cells = line.split("\t")
        assert len(cells) == len(row)
        assert not any(cell.startswith(("=", "+", "-", "@")) for cell in cells)


def test_columns_are_chosen_remembered_and_reset(table: Table[Thing], settings: Settings, qtbot: QtBot) -> None:
    actions = {action.text(): action for action in table.column_actions(table)}
    actions["Day"].setChecked(True)
    actions["Name"].setChecked(False)
    assert [column.key for column in table.shown_columns()] == ["id", "size", "day"]
    again: Table[Thing] = Table("things", "Things", COLUMNS, lambda thing: thing.id, settings=settings)
    qtbot.addWidget(again)
    assert [column.key for column in again.shown_columns()] == ["id", "size", "day"]
    again.reset_columns()
    assert [column.key for column in again.shown_columns()] == ["id", "name", "size"]


def test_a_layout_of_other_columns_is_not_taken_for_this_ones(table: Table[Thing], settings: Settings, qtbot: QtBot) -> None:
    next(action for action in table.column_actions(table) if action.text() == "Name").setChecked(False)
    newer = (COLUMNS[1], COLUMNS[0], *COLUMNS[2:])
    again: Table[Thing] = Table("things", "Things", newer, lambda thing: thing.id, settings=settings)
    qtbot.addWidget(again)
    assert [column.key for column in again.shown_columns()] == ["name", "id", "size"]


def test_columns_keep_the_order_they_were_dragged_to(table: Table[Thing]) -> None:
    table.horizontalHeader().moveSection(2, 0)
    assert [column.key for column in table.shown_columns()] == ["size", "id", "name"]
    assert table.export_rows()[0] == ["Size", "Id", "Name"]


def test_the_last_column_cannot_be_hidden(table: Table[Thing]) -> None:
    for action in table.column_actions(table):
        if action.isCheckable():
            action.setChecked(False)
    assert len(table.shown_columns()) == 1


def test_the_headers_menu_offers_the_columns(table: Table[Thing], qtbot: QtBot) -> None:
    table.horizontalHeader().customContextMenuRequested.emit(QPoint(5, 5))
    menu = table.findChild(QMenu)
    assert menu is not None
    assert [action.text() for action in menu.actions()][:2] == ["Id", "Name"]
    menu.close()


def test_export_keeps_numbers_and_dates_as_such(table: Table[Thing]) -> None:
    table.setColumnHidden(3, False)
    table.sort_by("id")
    headers, rows, ids = table.export_rows()
    assert headers == ["Id", "Name", "Size", "Day"]
    assert rows[2] == ["W-10", "O'Brien", 3, date(2026, 6, 4)]
    assert ids == ["W-2", "W-9", "W-10", "W-100"]


def test_a_screen_reader_hears_what_the_cell_is_about(table: Table[Thing]) -> None:
    index = table.table_model.index(0, 2)
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "Size: 3"
    assert index.data(Role.TONE) == "bad"


def test_tooltips_show_text_from_data_as_text() -> None:
    model: TableModel[Thing] = TableModel(COLUMNS, lambda thing: thing.id)
    model.set_rows([Thing("1", "<img src=//evil/x>")])
    assert "<img" not in model.index(0, 1).data(Qt.ItemDataRole.ToolTipRole)


def test_typing_filters_and_down_goes_into_the_list(qtbot: QtBot, table: Table[Thing]) -> None:
    panel = TablePanel(table, hint="Search", empty="Nothing here yet.")
    qtbot.addWidget(panel)
    panel.show()
    qtbot.keyClicks(panel.search, "ash")
    qtbot.waitUntil(lambda: sorted(shown(table)) == ["W-100", "W-9"])
    assert panel.count.text() == "2 of 4"
    qtbot.keyClick(panel.search, Qt.Key.Key_Down)
    assert table.current is not None
    with qtbot.waitSignal(table.opened):
        qtbot.keyClick(table, Qt.Key.Key_Return)
    qtbot.keyClick(panel.search, Qt.Key.Key_Escape)
    assert panel.search.text() == ""


def test_an_empty_list_says_what_to_do(qtbot: QtBot, table: Table[Thing]) -> None:
    panel = TablePanel(table, hint="Search", empty="Import the tracker.")
    qtbot.addWidget(panel)
    table.set_rows([])
    assert panel.empty_words == "Import the tracker."
    table.set_rows(THINGS)
    table.table_model.search("nobody")
    assert panel.empty_words == "Nothing fits this search and these choices."


def test_tab_leaves_the_table(table: Table[Thing]) -> None:
    assert not table.tabKeyNavigation()


def test_dates_are_written_as_on_papers() -> None:
    assert in_cell(date(2026, 6, 4)) == "4 Jun 2026"
    assert in_cell(None) == ""


SENTENCE = "Last successful visit 3 Apr 2026 + 1 month (the offender's own interval)."
WIDE = (
    Column[Thing]("id", "Id", lambda thing: thing.id, width=30),
    Column[Thing]("day", "Day", lambda thing: thing.day, width=5),
    Column[Thing]("why", "Why", lambda thing: SENTENCE if thing.size else "", width=60),
)


def wide(qtbot: QtBot, settings: Settings, width: int) -> Table[Thing]:
    made: Table[Thing] = Table("wide", "Wide", WIDE, lambda thing: thing.id, settings=settings)
    qtbot.addWidget(made)
    made.resize(width, 300)
    made.show()
    made.set_rows(THINGS)
    return made


def test_in_a_narrow_window_the_list_gives_up_air_then_sentences_but_no_date(qtbot: QtBot, settings: Settings) -> None:
    table = wide(qtbot, settings, 360)
    assert table.horizontalHeader().length() <= table.viewport().width()
    day = table.fontMetrics().horizontalAdvance("4 Jun 2026")
    assert day < table.columnWidth(1) < table.columnWidth(2)
    table.resize(900, 300)
    assert table.horizontalHeader().length() <= table.viewport().width()
    assert table.columnWidth(2) > table.fontMetrics().horizontalAdvance(SENTENCE)


def test_a_width_that_the_user_chose_stays_through_resizing_and_the_next_start(qtbot: QtBot, settings: Settings) -> None:
    table = wide(qtbot, settings, 900)
    table.resize(800, 300)
    again = wide(qtbot, settings, 500)
    assert again.columnWidth(0) < 111, "a change of the window's size is not the user's choice of widths"
    again.setColumnWidth(0, 111)
    again.resize(700, 300)
    again.set_rows(THINGS[:2])
    assert again.columnWidth(0) == 111
    third = wide(qtbot, settings, 400)
    assert third.columnWidth(0) == 111
    third.reset_columns()
    assert third.columnWidth(0) < 111


def test_what_sorts_the_list_says_so_beside_its_title(table: Table[Thing]) -> None:
    def titles() -> list[str]:
        header = table.horizontalHeader()
        options = [QStyleOptionHeader() for _ in range(3)]
        for index, option in enumerate(options):
            header.initStyleOption(option)
            header.initStyleOptionForIndex(option, index)
        return [option.text.replace("\N{NO-BREAK SPACE}", "") for option in options]

    table.sort_by("name")
    assert titles() == ["Id", "Name ▴", "Size"]
    table.sort_by("size", descending=True)
    assert titles() == ["Id", "Name", "▾ Size"]
