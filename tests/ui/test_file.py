"""The offender's file in its own window. All people are invented."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from mosovo_planner.domain.facts import Order
from mosovo_planner.domain.kept import Fact, Kept
from mosovo_planner.ui.desk import Desk
from mosovo_planner.ui.main_window import MainWindow
from mosovo_planner.ui.offender.fact_dialog import FactDialog
from mosovo_planner.ui.offender.file import FileWindow


@pytest.fixture
def opened(qtbot: QtBot, open_window: MainWindow) -> FileWindow:
    page = open_window.page
    assert page is not None
    page.caseload.table.select("SYN-1")
    page.caseload.open_file()
    made = next(each for each in open_window.findChildren(FileWindow))
    qtbot.waitUntil(lambda: made.file is not None)
    return made


def the_desk(window: FileWindow) -> Desk:
    return window.desk


def dialog_of(window: FileWindow) -> FactDialog:
    return next(each for each in window.findChildren(FactDialog) if each.isVisible())


def kept_now(window: FileWindow) -> Kept[Fact]:
    return next(each for each in window.facts.table_model.rows if isinstance(each.fact, Order))


def test_no_name_stands_in_the_title_and_all_clocks_and_visits_are_shown(opened: FileWindow) -> None:
    assert opened.file is not None
    assert opened.file.case.offender.surname not in opened.windowTitle()
    assert len(opened.clocks.table_model.rows) == len(opened.file.case.clocks) > 0
    assert len(opened.visits.table_model.rows) == 3


def test_a_clock_chosen_says_fact_rule_and_source(opened: FileWindow) -> None:
    opened.clocks.selectRow(0)
    clock = opened.clocks.current
    assert clock is not None
    assert clock.why in opened.why.text()
    assert clock.source in opened.why.text()


def test_an_event_typed_in_runs_its_clock_and_is_seen_on_the_caseload(qtbot: QtBot, opened: FileWindow) -> None:
    qtbot.mouseClick(opened.enter, Qt.MouseButton.LeftButton)
    dialog = dialog_of(opened)
    kind = dialog.widget("kind")
    kind.setCurrentIndex(kind.findData("periodic_notification"))
    with qtbot.waitSignal(dialog.accepted), qtbot.waitSignal(the_desk(opened).loaded):
        dialog.keep()
    qtbot.waitUntil(lambda: opened.file is not None and bool(opened.file.kept))
    view = the_desk(opened).view
    assert view is not None
    case = next(case for case in view.cases if case.offender.ref == "SYN-1")
    assert "periodic_notification" in [clock.kind for clock in case.clocks]


def test_an_order_with_conditions_is_put_right_and_taken_out(qtbot: QtBot, opened: FileWindow) -> None:
    opened.enter_fact()
    dialog = dialog_of(opened)
    dialog.kind.setCurrentIndex(2)
    dialog.widget("kind").setText("SHPO")
    conditions = dialog.widget("conditions")
    qtbot.mouseClick(conditions.add_button, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(conditions.add_button, Qt.MouseButton.LeftButton)
    dialog.keep()
    assert "condition has no words" in dialog.error_words
    for place, (_, name, _, _) in enumerate(conditions._rows):
        name.setText(f"Condition {place}")
    with qtbot.waitSignal(dialog.accepted):
        dialog.keep()
    qtbot.waitUntil(lambda: any(isinstance(each.fact, Order) for each in opened.facts.table_model.rows))
    kept = next(each for each in opened.facts.table_model.rows if isinstance(each.fact, Order))
    assert isinstance(kept.fact, Order)
    assert [each.name for each in kept.fact.conditions] == ["Condition 0", "Condition 1"]
    opened.facts.select(kept.id)
    opened._put_right(opened.facts.current)
    again = dialog_of(opened)
    assert not again.kind.isEnabled()
    again.widget("end").day = date(2030, 1, 1)
    with qtbot.waitSignal(again.accepted):
        again.keep()
    qtbot.waitUntil(lambda: "order_end" in [clock.kind for clock in opened.clocks.table_model.rows])
    opened.facts.select(kept.id)
    opened._take_out(kept_now(opened))
    qtbot.waitUntil(lambda: not any(isinstance(each.fact, Order) for each in opened.facts.table_model.rows))


def test_every_kind_of_fact_has_a_form_that_can_be_kept(qtbot: QtBot, opened: FileWindow) -> None:
    opened.enter_fact()
    dialog = dialog_of(opened)
    for place in range(dialog.kind.count()):
        dialog.kind.setCurrentIndex(place)
        assert dialog.fact() is not None
    dialog.reject()


def test_the_supervisor_confirms_when_notification_ends(qtbot: QtBot, opened: FileWindow) -> None:
    opened.decisions.indefinite.setChecked(True)
    qtbot.mouseClick(opened.decisions.confirm, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "Confirmed by" in opened.decisions.end_words.text())
    assert opened.decisions.end_words.text().startswith("Indefinite.")


def test_the_door_asks_are_said_beside_the_list(qtbot: QtBot, open_window: MainWindow) -> None:
    page, desk = open_window.page, open_window.desk
    assert page is not None
    assert desk is not None
    page.caseload.table.select("SYN-1")
    qtbot.waitUntil(lambda: page.caseload.detail.file is not None)
    file = page.caseload.detail.file
    assert file is not None
    words = " ".join(page.caseload.detail.words())
    assert all(each in words for each in file.door.words())
