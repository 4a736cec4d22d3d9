"""What the tests of allocation and plan share."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TypeVar

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QComboBox, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from mosovo_planner.ui.actions import ACTIONS, keys_of

Kind = TypeVar("Kind", bound=QWidget)

NO_COAST = SimpleNamespace(land=(), boundaries=(), roads=(), places=(), attribution="")
"""A base map that takes no time to read; ``tests/ui/map`` reads the real one."""


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
