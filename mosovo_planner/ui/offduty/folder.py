"""Which folder is watched for incident logs."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFileDialog, QLineEdit, QWidget

from mosovo_planner.ui.desk import Desk
from mosovo_planner.ui.widgets import button, button_box, column, label, row


class FolderDialog(QDialog):
    """``chosen`` fires when the folder was set, changed or let go."""

    chosen = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.setWindowTitle("Watched folder")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(560)
        self.path = QLineEdit(desk.settings.watched_folder)
        self.path.setAccessibleName("Folder to watch")
        self.path.setPlaceholderText("No folder is watched")
        self.path.setClearButtonEnabled(True)
        self.error = label("", role="error", wrap=True)
        words = (
            "New files of incident logs in this folder are read when the workspace is opened and every few minutes after "
            "(how many the Policy page says). Each file is read once. Nothing in the folder is moved, changed or deleted. "
            "Clear the line to stop."
        )
        self.save_button = button("&Save", self.save, primary=True)
        buttons = button_box(QDialogButtonBox.StandardButton.Cancel)
        buttons.rejected.connect(self.reject)
        buttons.addButton(self.save_button, QDialogButtonBox.ButtonRole.ActionRole)
        line = row(self.path, button("&Browse…", self._browse))
        line.setStretch(0, 1)
        self.setLayout(column(label("&Folder", buddy=self.path), line, label(words, role="muted", wrap=True), self.error, buttons,
                              margin=16, space=10))  # fmt: skip

    def _browse(self) -> None:
        name = QFileDialog.getExistingDirectory(self, "Folder to watch", self.path.text())
        if name:
            self.path.setText(name)

    def save(self) -> None:
        folder = self.path.text().strip()
        if folder and not Path(folder).is_dir():
            self.error.setText("There is no such folder. Choose another one, or clear the line.")
            return
        self._desk.settings.watched_folder = folder
        self.chosen.emit()
        self.accept()
