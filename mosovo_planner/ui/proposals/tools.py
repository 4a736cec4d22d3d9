"""Actions with keys and the buttons that show them; the keys hold inside the view that owns them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QLabel, QMenu, QToolButton, QWidget

from mosovo_planner.ui.widgets import label, plain_tip


def view_action(owner: QWidget, text: str, keys: str, do: Callable[[], object], tip: str = "") -> QAction:
    """An action of a view. The tip says what it does and by which keys."""
    action = QAction(text, owner)
    action.setIconText(text.replace("&", ""))  # Qt's own would lose the ellipsis
    if keys:
        action.setShortcut(QKeySequence(keys))
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
    shown = QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)
    words = tip or text.replace("&", "").rstrip("…")
    action.setToolTip(plain_tip(f"{words} ({shown})" if keys else words))
    action.triggered.connect(lambda _checked=False: do())
    owner.addAction(action)
    return action


def tool(action: QAction) -> QToolButton:
    """A button for an action that the Tab key reaches."""
    made = QToolButton()
    made.setDefaultAction(action)
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return made


def menu_tool(text: str, name: str, actions: Sequence[QAction]) -> QToolButton:
    """A button that opens a menu of actions."""
    made = QToolButton()
    made.setText(f"{text} \N{BLACK DOWN-POINTING SMALL TRIANGLE}")
    made.setAccessibleName(name)
    made.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    menu = QMenu(made)
    menu.addActions(list(actions))
    made.setMenu(menu)
    return made


def two_lines(name: str) -> QLabel:
    """Words under a list that keep their place, so that nothing jumps while the cursor moves."""
    made = label("", wrap=True, selectable=True)
    made.setAccessibleName(name)
    made.setAlignment(Qt.AlignmentFlag.AlignTop)
    made.setMinimumHeight(2 * made.fontMetrics().lineSpacing())
    return made


def offer_menu(widget: QWidget, actions: Sequence[QAction]) -> None:
    """The actions as the widget's context menu, by right click or the menu key."""

    def show(at: QPoint) -> None:
        menu = QMenu(widget)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addActions(list(actions))
        menu.popup(widget.mapToGlobal(at))

    widget.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
    widget.customContextMenuRequested.connect(show)
