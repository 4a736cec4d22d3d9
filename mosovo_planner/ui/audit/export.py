"""For whom and why a table leaves the window."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from mosovo_planner.ui.dialogs.entry import form, words_field
from mosovo_planner.ui.proposals.dialog import Question
from mosovo_planner.ui.widgets import column, label


class ExportDialog(Question):
    """:attr:`given` brings recipient and reason; without both nothing leaves."""

    given = Signal(str, str)

    def __init__(self, parent: QWidget | None = None, told: str = "Both go into the record of use.") -> None:
        super().__init__("Export", "&Export…", parent)
        self.setMinimumWidth(460)
        self.recipient = words_field("For whom", longest=120, hint="Name, team or body")
        self.reason = words_field("Reason", longest=200, hint="Supervision, MAPPA meeting, inspection, complaint")
        for field in (self.recipient, self.reason):
            field.textChanged.connect(lambda _: self._judge())
        fields = form()
        fields.addRow("&For whom", self.recipient)
        fields.addRow("Rea&son", self.reason)
        self.setLayout(column(fields, label(told, role="muted", wrap=True), self.buttons, margin=16))
        self._judge()

    def take(self) -> None:
        self.accept()
        self.given.emit(self.recipient.text().strip(), self.reason.text().strip())

    def _judge(self) -> None:
        self.agree.setEnabled(bool(self.recipient.text().strip() and self.reason.text().strip()))
