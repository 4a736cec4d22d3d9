"""A map with its buttons: what to show on the left, zoom on the right."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QToolButton, QWidget

from mosovo_planner.ui.map.view import MapView
from mosovo_planner.ui.widgets import column, plain_tip, row


class MapPanel(QWidget):
    """``modes`` are (key, text, tip) of pictures to choose from; :attr:`mode_chosen` tells the key."""

    mode_chosen = Signal(str)

    def __init__(
        self, modes: Sequence[tuple[str, str, str]], *, extras: Sequence[QWidget] = (), parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.map = MapView()
        self._modes: dict[str, QToolButton] = {}
        group = QButtonGroup(self)
        for key, text, tip in modes:
            choice = _tool(text, tip)
            choice.setCheckable(True)
            choice.setProperty("role", "mode")
            choice.setAccessibleName(f"{text}: {tip}")
            choice.clicked.connect(lambda _checked=False, key=key: self.mode_chosen.emit(key))
            group.addButton(choice)
            self._modes[key] = choice
        closer, wider, whole = _tool("+", "Closer (+)"), _tool("−", "Wider (−)"), _tool("Fit", "Show everything (Home)")
        closer.clicked.connect(self.map.zoom_in)
        wider.clicked.connect(self.map.zoom_out)
        whole.clicked.connect(self._fit)
        bar = row(*self._modes.values(), *extras, None, closer, wider, whole, space=4)
        body = column(bar, self.map, space=4)
        body.setStretch(1, 1)
        self.setLayout(body)

    @property
    def mode(self) -> str:
        return next((key for key, choice in self._modes.items() if choice.isChecked()), "")

    def _fit(self) -> None:
        self.map.fit()

    def set_mode(self, key: str) -> None:
        """Check a mode without telling."""
        self._modes[key].setChecked(True)

    def enable_mode(self, key: str, on: bool) -> None:
        self._modes[key].setEnabled(on)


def _tool(text: str, tip: str) -> QToolButton:
    made = QToolButton()
    made.setText(text)
    made.setToolTip(plain_tip(tip))
    made.setAccessibleName(tip)
    return made
