"""Small widgets that everybody uses. Text that comes from data is always plain text here, never rich text."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from PySide6.QtCore import QDate, Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QBoxLayout,
    QComboBox,
    QDateEdit,
    QDialogButtonBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLayout,
    QMessageBox,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)  # fmt: skip

Box = TypeVar("Box", bound=QBoxLayout)
_Spin = TypeVar("_Spin", bound=QAbstractSpinBox)

SPACE = 8
"""The distance between neighbours; margins are 12, groups 16 apart."""


def label(text: str, *, role: str = "", wrap: bool = False, selectable: bool = False, buddy: QWidget | None = None) -> QLabel:
    """A label of plain text. Roles: title, heading, section, figure, muted, error, banner."""
    made = QLabel()
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setText(text)
    made.setWordWrap(wrap)
    if role:
        made.setProperty("role", role)
    if selectable:
        made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    if buddy is not None:
        made.setBuddy(buddy)
    return made


def plain_tip(text: str) -> str:
    """Text for a tooltip that shows as it is, whatever it holds: Qt guesses rich text in tooltips."""
    return f"<qt>{html.escape(text)}</qt>" if text else ""


def button(text: str, do: Callable[[], object], *, primary: bool = False, role: str = "", tip: str = "") -> QPushButton:
    made = QPushButton(text)
    made.setProperty("primary", primary)
    if role:
        made.setProperty("role", role)
        made.setCursor(Qt.CursorShape.PointingHandCursor)
    if tip:
        made.setToolTip(plain_tip(tip))
    made.setAutoDefault(primary)
    made.clicked.connect(lambda _checked=False: do())
    return made


def named(widget: QWidget, name: str) -> QWidget:
    """Give a widget the name a screen reader says."""
    widget.setAccessibleName(name)
    return widget


def column(*parts: QWidget | QLayout | None, margin: int = 0, space: int = SPACE) -> QVBoxLayout:
    """A column of widgets and layouts; ``None`` is a stretch."""
    return _fill(QVBoxLayout(), parts, margin, space)


def row(*parts: QWidget | QLayout | None, margin: int = 0, space: int = SPACE) -> QHBoxLayout:
    """A row of widgets and layouts; ``None`` is a stretch."""
    return _fill(QHBoxLayout(), parts, margin, space)


def _fill(box: Box, parts: Iterable[QWidget | QLayout | None], margin: int, space: int) -> Box:
    box.setContentsMargins(margin, margin, margin, margin)
    box.setSpacing(space)
    for part in parts:
        if part is None:
            box.addStretch(1)
        elif isinstance(part, QWidget):
            box.addWidget(part)
        else:
            box.addLayout(part)
    return box


def holder(layout: QLayout) -> QWidget:
    """A widget around a layout."""
    made = QWidget()
    made.setLayout(layout)
    return made


def card(layout: QLayout) -> QFrame:
    """A framed group on the base colour."""
    made = QFrame()
    made.setProperty("role", "card")
    made.setLayout(layout)
    return made


def line() -> QFrame:
    made = QFrame()
    made.setProperty("role", "line")
    return made


def scrolled(inside: QWidget, name: str) -> QScrollArea:
    """``inside`` in a vertical scroll area that the keyboard can reach."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(inside)
    area.setAccessibleName(name)
    area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return area


def facts(pairs: Sequence[tuple[str, str]]) -> QGridLayout:
    """Names on the left, values on the right; values can be selected."""
    grid = QGridLayout()
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(12)
    grid.setVerticalSpacing(4)
    for index, (name, value) in enumerate(pairs):
        left = label(name, role="muted")
        left.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        grid.addWidget(left, index, 0)
        grid.addWidget(label(value or "–", wrap=True, selectable=True), index, 1)
    grid.setColumnStretch(1, 1)
    return grid


def choice(name: str, options: Sequence[tuple[str, object]]) -> QComboBox:
    """A combo box of (text, value) with an accessible name; it shrinks before it pushes others out."""
    made = QComboBox()
    made.setAccessibleName(name)
    made.view().setAccessibleName(name)
    for text, value in options:
        made.addItem(text, value)
    made.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    made.setMinimumContentsLength(min(13, max((len(text) for text, _ in options), default=8)))
    made.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
    return made


def refill(combo: QComboBox, options: Sequence[tuple[str, object]]) -> None:
    """New options for a combo box; the value chosen stays chosen where it is still there. No signal."""
    chosen = combo.currentData()
    combo.blockSignals(True)
    combo.clear()
    for text, value in options:
        combo.addItem(text, value)
    values = [value for _, value in options]
    combo.setCurrentIndex(values.index(chosen) if chosen in values else 0)
    combo.blockSignals(False)


def date_field(name: str, day: QDate) -> QDateEdit:
    """A date with a calendar, written ``22 Nov 2026``."""
    made = QDateEdit(day)
    made.setDisplayFormat("d MMM yyyy")
    made.setCalendarPopup(True)
    made.setAccessibleName(name)
    made.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
    return made


def airy(field: _Spin) -> _Spin:
    """A number or a time whose words do not touch the frame: Qt takes no padding for these fields from a style sheet."""
    field.lineEdit().setTextMargins(5, 0, 0, 0)
    return field


def button_box(standard: QDialogButtonBox.StandardButton) -> QDialogButtonBox:
    """A row of buttons without the pictures that some desktops put on Close and Cancel: words say it, alike everywhere."""
    made = QDialogButtonBox(standard)
    for each in made.buttons():
        each.setIcon(QIcon())
    return made


def clear_layout(layout: QLayout) -> None:
    """Take everything out of a layout and delete it."""
    while (item := layout.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.setParent(None)
            widget.deleteLater()
        elif (inner := item.layout()) is not None:
            clear_layout(inner)
            inner.deleteLater()


def tell(parent: QWidget | None, title: str, text: str, more: str = "", *, bad: bool = False) -> None:
    """Show a message that needs no answer; the window goes on behind it."""
    box = _box(parent, title, text, more)
    box.setIcon(QMessageBox.Icon.Warning if bad else QMessageBox.Icon.Information)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.open()


def ask(parent: QWidget | None, title: str, text: str, *, more: str, yes: str, do: Callable[[], object]) -> QMessageBox:
    """Ask before something that matters; ``yes`` names the act on its button, Cancel is the default."""
    box = _box(parent, title, text, more)
    box.setIcon(QMessageBox.Icon.Question)
    agree = box.addButton(yes, QMessageBox.ButtonRole.AcceptRole)
    box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    agree.clicked.connect(lambda _checked=False: do())
    box.open()
    return box


def _box(parent: QWidget | None, title: str, text: str, more: str) -> QMessageBox:
    box = QMessageBox(parent)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setWindowTitle(title)
    box.setText(text)
    box.setInformativeText(more)
    return box
