"""Approving a proposal: says what will happen and asks for the reason (UK GDPR: a named person decides)."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPlainTextEdit, QPushButton, QWidget

from mosovo_planner.ui.widgets import column, label


class ApprovalDialog(QDialog):
    """Emits :attr:`approved` with the reason. Approve stays disabled while there is none."""

    approved = Signal(str)

    def __init__(
        self, title: str, facts: Sequence[str], user: str, *, verb: str = "&Approve", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(True)
        self.setMinimumWidth(520)
        self.reason = QPlainTextEdit()
        self.reason.setAccessibleName("Reason")
        self.reason.setPlaceholderText("For example: fewer miles and fairer workloads after the move of two officers")
        self.reason.setTabChangesFocus(True)
        self.reason.setFixedHeight(90)
        buttons = QDialogButtonBox()
        self.approve: QPushButton = buttons.addButton(verb, QDialogButtonBox.ButtonRole.AcceptRole)
        self.approve.setProperty("primary", True)
        buttons.addButton("Cancel", QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self._accept)
        buttons.rejected.connect(self.reject)
        self.reason.textChanged.connect(self._judge)
        parts: list[QWidget] = [label(fact, wrap=True) for fact in facts]
        signed = label(f"It will be recorded as decided by {user}, with this reason.", role="muted", wrap=True)
        question = label("&Reason (required)", buddy=self.reason)
        self.setLayout(column(*parts, question, self.reason, signed, buttons, margin=16))
        self._judge()

    def _judge(self) -> None:
        self.approve.setEnabled(bool(self.reason.toPlainText().strip()))

    def _accept(self) -> None:
        reason = " ".join(self.reason.toPlainText().split())
        if reason:
            self.accept()
            self.approved.emit(reason)
