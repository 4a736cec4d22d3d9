"""The policy page. All people are invented."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from mosovo_planner.office.policy import view_policy
from mosovo_planner.ui.desk import Desk
from mosovo_planner.ui.policy.page import PolicyPage
from mosovo_planner.ui.policy.reason_dialog import ReasonDialog
from mosovo_planner.ui.policy.value_dialog import ValueDialog

LOW = "visit.interval_months.low"


@pytest.fixture
def page(qtbot: QtBot, desk: Desk) -> PolicyPage:
    made = PolicyPage(desk)
    qtbot.addWidget(made)
    made.resize(1200, 700)
    made.show()
    qtbot.waitUntil(lambda: made.view is not None)
    return made


def form_of(page: QWidget, kind: type) -> Any:
    return next(each for each in page.findChildren(kind) if each.isVisible())


def change(page: PolicyPage, key: str, value: str) -> None:
    page.table.select(key)
    page.change(page.table.current)
    dialog = form_of(page, ValueDialog)
    dialog.value.setText(value)
    dialog.source.setText("Force order 7")
    dialog.take()


def test_every_value_is_shown_with_its_source_and_what_is_open_can_be_listed(page: PolicyPage) -> None:
    assert page.view is not None
    assert len(page.table.table_model.rows) == len(page.view.policy.values)
    assert all(line.value.source for line in page.table.table_model.rows)
    page.show_only.setCurrentIndex(1)
    assert all(line.state in ("Unset", "To be confirmed") for line in page.table.visible_rows)
    assert page.table.visible_rows


def test_a_change_is_previewed_put_in_force_and_becomes_a_version(qtbot: QtBot, page: PolicyPage, desk: Desk) -> None:
    change(page, LOW, "2")
    assert "1 change not in force yet" in page.heading.text()
    qtbot.mouseClick(page.preview_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.impact is not None)
    assert "overdue" in page.effect.text()
    qtbot.mouseClick(page.save_button, Qt.MouseButton.LeftButton)
    dialog = form_of(page, ReasonDialog)
    assert "Low 12 to 2 (Force order 7)" in dialog.what.toPlainText()
    dialog.keep()
    assert "Give the reason" in dialog.error_words
    dialog.reason.setText("Superintendent's order")
    with qtbot.waitSignal(dialog.accepted), qtbot.waitSignal(desk.loaded):
        dialog.keep()
    qtbot.waitUntil(lambda: bool(page.versions.table_model.rows) and "not in force" not in page.heading.text())
    assert view_policy(desk.session).policy.whole(LOW) == 2
    assert page.versions.table_model.rows[-1].reason == "Superintendent's order"


def test_what_cannot_be_taken_is_said_at_the_field(page: PolicyPage) -> None:
    page.table.select(LOW)
    page.change(page.table.current)
    dialog = form_of(page, ValueDialog)
    dialog.value.setText("often")
    dialog.take()
    assert "is a number" in dialog.error_words
    assert dialog.isVisible()
    assert not page.save_button.isEnabled()
    dialog.reject()


def test_changes_can_be_discarded(page: PolicyPage) -> None:
    change(page, LOW, "2")
    page.clocks.setPlainText("nonsense =")
    assert "not valid TOML" in page.clock_words.text()
    assert "2 changes" in page.heading.text()
    page.discard()
    assert "not in force" not in page.heading.text()
    assert not page.save_button.isEnabled()
    assert "kinds of event" in page.clock_words.text()


def test_a_file_is_written_changed_and_read_back_as_a_change(qtbot: QtBot, page: PolicyPage, tmp_path: Path) -> None:
    path = tmp_path / "policy.toml"
    page.write_to(path)
    qtbot.waitUntil(lambda: "written" in page.effect.text())
    text = path.read_text(encoding="utf-8")
    table = "[visit.interval_months.low]\nvalue = "
    path.write_text(text.replace(f"{table}12", f"{table}9"), encoding="utf-8")
    page.read_from(path)
    qtbot.waitUntil(lambda: "1 change not in force yet" in page.heading.text())
    page.show_only.setCurrentIndex(2)
    assert [line.key for line in page.table.visible_rows] == [LOW]
