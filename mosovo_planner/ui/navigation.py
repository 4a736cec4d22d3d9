"""The navigation at the left: the views, one chosen."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QToolButton, QWidget

from mosovo_planner.ui.actions import VIEWS
from mosovo_planner.ui.widgets import column


class Navigation(QWidget):
    """Buttons of the actions ``show_…``; arrow keys move among them."""

    def __init__(
        self, actions: Mapping[str, QAction], allowed: Collection[str] | None = None, parent: QWidget | None = None
    ) -> None:
        """``allowed`` are the keys of the views that the role may go to; the others are not shown."""
        super().__init__(parent)
        self.setObjectName("nav")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName("Views")
        self._badges: dict[str, int] = {}
        self.buttons: dict[str, QToolButton] = {}
        for key, title in VIEWS:
            self.buttons[key] = self._button(key, actions[f"show_{key}"], title)
            self.buttons[key].setVisible(allowed is None or key in allowed)
            # A method of this widget, not a lambda: the actions outlive it where another person signs in.
            actions[f"show_{key}"].changed.connect(self._name_all)
        inside = column(*self.buttons.values(), None, space=0)
        inside.setContentsMargins(0, 8, 0, 8)
        self.setLayout(inside)

    def showEvent(self, event: QShowEvent) -> None:
        """As wide as its longest name; only in a window the buttons have their style, and so their size."""
        super().showEvent(event)
        self.setFixedWidth(max(150, max(each.sizeHint().width() for each in self.buttons.values()) + 12))

    def set_badge(self, key: str, count: int) -> None:
        """How many things wait behind a view; shown beside its name, and not where there are none."""
        self._badges[key] = count
        self._name(key, self.buttons[key], dict(VIEWS)[key])

    def _name_all(self) -> None:
        """The menu's text has a mnemonic, these have not."""
        titles = dict(VIEWS)
        for key, each in self.buttons.items():
            self._name(key, each, titles[key])

    def _name(self, key: str, button: QToolButton, title: str) -> None:
        count = self._badges.get(key, 0)
        button.setText(f"{title} ({count:,})" if count else title)
        button.setAccessibleName(f"{title}, {count:,} waiting" if count else title)

    def _button(self, key: str, action: QAction, title: str) -> QToolButton:
        made = QToolButton()
        made.setDefaultAction(action)
        self._name(key, made, title)
        made.setToolTip(f"{title} ({action.shortcut().toString()})")
        made.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        made.setIconSize(QSize(20, 20))
        made.setAutoExclusive(True)
        made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        made.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        return made
