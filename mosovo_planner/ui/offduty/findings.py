"""What could not be understood in files of logs that were read by themselves."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QWidget

from mosovo_planner.office.mapping import Finding
from mosovo_planner.ui.desk import Desk
from mosovo_planner.ui.dialogs.import_pages import FindingsPanel
from mosovo_planner.ui.widgets import button_box, column, label


class FindingsDialog(QDialog):
    """Each doubtful cell with its place and cure; the logs were matched by what was understood of them."""

    def __init__(self, desk: Desk, findings: Sequence[Finding], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Doubtful cells of incident logs")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(900, 520)
        self.panel = FindingsPanel(desk)
        self.panel.show_findings(findings)
        buttons = button_box(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        words = label("The logs were matched by all that was understood of them; these cells were left out.", wrap=True)
        body = column(words, self.panel, buttons, margin=16, space=10)
        body.setStretch(1, 1)
        self.setLayout(body)
