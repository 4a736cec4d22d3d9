"""What the tests of allocation and plan share."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from types import SimpleNamespace
from typing import TypeVar

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QComboBox, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from mosovo_planner.office.demo import demo_session
from mosovo_planner.office.session import Session
from mosovo_planner.ui.actions import ACTIONS, keys_of

Kind = TypeVar("Kind", bound=QWidget)

AS_OF = date(2026, 11, 23)
"""A Monday."""


@pytest.fixture(autouse=True)
def no_coast(monkeypatch: pytest.MonkeyPatch) -> None:
    """These tests look at offenders, not at the coast, which takes a while to read; ``tests/ui/map`` reads it."""
    nothing = SimpleNamespace(land=(), boundaries=(), roads=(), places=(), attribution="")
    monkeypatch.setattr("mosovo_planner.ui.map.loading.base_map", lambda: nothing)


@pytest.fixture(scope="module")
def session() -> Iterator[Session]:
    """Eighty invented offenders held by demand, and their managers. Tests that save ask for ``own_session``."""
    made = demo_session(80, AS_OF)
    yield made
    made.close()


@pytest.fixture
def own_session() -> Iterator[Session]:
    made = demo_session(80, AS_OF)
    yield made
    made.close()


def click(qtbot: QtBot, widget: QWidget, at: QPoint | None = None) -> None:
    qtbot.mouseClick(widget, Qt.MouseButton.LeftButton, pos=at or widget.rect().center())


def dialog_of(view: QWidget, kind: type[Kind]) -> Kind:
    """The dialogue of that kind that is open."""
    return next(child for child in view.findChildren(kind) if child.isVisible())


def without_name(view: QWidget) -> list[QWidget]:
    """What takes the focus and has no name for a screen reader."""
    nameless = []
    for widget in view.findChildren(QWidget):
        focusable = isinstance(widget, QAbstractButton | QAbstractItemView | QComboBox | QLineEdit)
        inside = widget.objectName().startswith("qt_")  # parts of Qt's own widgets, named by the whole
        if focusable and not inside and widget.isVisible() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            face = QAccessible.queryAccessibleInterface(widget)
            if not face.text(QAccessible.Text.Name):
                nameless.append(widget)
    return nameless


def clashing_keys(view: QWidget) -> set[str]:
    """Keys of the view's own actions that another action of view or window has too."""
    window = {key.toString() for spec in ACTIONS for key in keys_of(spec)}
    own = [action.shortcut().toString() for action in view.actions() if not action.shortcut().isEmpty()]
    assert own
    return {key for key in own if key in window or own.count(key) > 1}
