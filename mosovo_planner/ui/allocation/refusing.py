"""Why a move is refused: asked at once, while whoever refuses knows it; the decision keeps it beside the move."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from mosovo_planner.ui.proposals.dialog import Question
from mosovo_planner.ui.widgets import column, label


class RefusalDialog(Question):
    """Emits :attr:`refused` with the words; Enter refuses without any."""

    refused = Signal(str)

    def __init__(self, count: int, parent: QWidget | None = None) -> None:
        many = f"{count:,} moves" if count > 1 else "this move"
        super().__init__(f"Refuse {many}", "&Refuse", parent)
        self.setMinimumWidth(480)
        self.why = QLineEdit()
        self.why.setAccessibleName("Why")
        self.why.setPlaceholderText("For example: handed over last month, and he has begun to talk to her")
        stays = "The cases stay with their present managers." if count > 1 else "The case stays with its present manager."
        told = label(
            "The decision will say that you refused it, and why. Leave it empty to give no reason.", role="muted", wrap=True
        )
        self.setLayout(column(label(stays, wrap=True), label("&Why", buddy=self.why), self.why, told, self.buttons, margin=16))
        self.agree.setDefault(True)
        self.why.setFocus()

    def take(self) -> None:
        words = " ".join(self.why.text().split())
        self.accept()
        self.refused.emit(words)
