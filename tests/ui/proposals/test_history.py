"""Changes to a proposal are told, undone and done again; a refused one changes nothing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from mosovo_planner.domain.errors import UserError
from mosovo_planner.ui.proposals.history import History


class Log:
    """Remembers what was shown and told."""

    def __init__(self) -> None:
        self.shown: list[int | None] = []
        self.told: list[str] = []


@pytest.fixture
def log() -> Log:
    return Log()


@pytest.fixture
def history(log: Log, qapp: object) -> Iterator[History[int]]:
    owner = QObject()
    made: History[int] = History(log.shown.append, log.told.append, lambda old, new: f"{new - old:+d}", owner)
    made.begin(10)
    yield made
    owner.deleteLater()


def test_a_change_is_shown_told_undone_and_done_again(history: History[int], log: Log) -> None:
    assert history.change("add five", lambda work: work + 5)
    history.stack.undo()
    history.stack.redo()
    assert log.shown == [10, 15, 10, 15]
    assert log.told == ["Add five: +5.", "Undone: add five: -5.", "Done again: add five: +5."]
    assert history.work == 15


def test_a_refused_change_leaves_everything_as_it_was(history: History[int], log: Log) -> None:
    def refuse(_work: int) -> int:
        raise UserError("That case does not move.")

    assert not history.change("refuse", refuse)
    assert history.work == 10
    assert log.told == ["That case does not move."]
    assert not history.stack.canUndo()


def test_undo_brings_the_former_proposal_back_after_a_new_one(history: History[int]) -> None:
    history.change("add one", lambda work: work + 1)
    history.replace("new proposal", 99)
    history.stack.undo()
    assert history.work == 11


def test_starting_afresh_forgets_what_was_done(history: History[int]) -> None:
    history.change("add one", lambda work: work + 1)
    history.begin(None)
    assert not history.stack.canUndo()
    assert not history.change("add", lambda work: work + 1), "there is nothing to change"


def test_the_buttons_are_grey_where_there_is_nothing_and_name_the_act(qtbot: QtBot, history: History[int]) -> None:
    undo, redo = history.buttons()
    qtbot.addWidget(undo)
    qtbot.addWidget(redo)
    assert not undo.isEnabled()
    history.change("pin W-1", lambda work: work + 1)
    assert undo.isEnabled()
    assert "pin W-1" in undo.toolTip()
    qtbot.mouseClick(undo, Qt.MouseButton.LeftButton)
    assert history.work == 10
    assert redo.isEnabled()


def test_ctrl_z_in_a_view_undoes(qtbot: QtBot, history: History[int]) -> None:
    class View(QWidget):
        def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's own name
            history.take_key(event)

    view = View()
    qtbot.addWidget(view)
    history.change("add one", lambda work: work + 1)
    qtbot.keyClick(view, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert history.work == 10
