"""Approving a proposal: says what will happen and asks for the reason (practice rule 24: a named person decides)."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from mosovo_planner.ui.proposals.dialog import Question
from mosovo_planner.ui.widgets import column, label


class ApprovalDialog(Question):
    """Emits :attr:`approved` with the reason. Approve stays disabled while there is none."""

    approved = Signal(str)

    def __init__(self, title: str, facts: Sequence[str], user: str, parent: QWidget | None = None) -> None:
        super().__init__(title, "&Approve", parent)
        self.setMinimumWidth(520)
        self.reason = QPlainTextEdit()
        self.reason.setAccessibleName("Reason")
        self.reason.setPlaceholderText("For example: less driving and fairer workloads since two officers joined")
        self.reason.setTabChangesFocus(True)
        self.reason.setFixedHeight(90)
        self.reason.textChanged.connect(self._judge)
        parts: list[QWidget] = [label(fact, wrap=True) for fact in facts]
        signed = label(f"It will be recorded as decided by {user}, with this reason.", role="muted", wrap=True)
        question = label("&Reason (required)", buddy=self.reason)
        self.setLayout(column(*parts, question, self.reason, signed, self.buttons, margin=16))
        self._judge()

    def take(self) -> None:
        reason = " ".join(self.reason.toPlainText().split())
        if reason:
            self.accept()
            self.approved.emit(reason)

    def _judge(self) -> None:
        self.agree.setEnabled(bool(self.reason.toPlainText().strip()))
