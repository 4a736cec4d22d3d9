"""Bringing a backup back: what would be lost is told first, by its kind; what stands there now is kept aside."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFileDialog, QLineEdit, QWidget

from mosovo_planner.domain.clocks import in_words
from mosovo_planner.office.restore import RestoreReport, look_before_restore
from mosovo_planner.ui.dialogs.entry import form, words_field
from mosovo_planner.ui.errors import words_for
from mosovo_planner.ui.table import Column, Table, TablePanel
from mosovo_planner.ui.tasks import Tasks
from mosovo_planner.ui.widgets import button, button_box, column, label, line, row

Change = tuple[str, int]

_COLUMNS: tuple[Column[Change], ...] = (
    Column("count", "How many", lambda each: each[1], width=10, right=True),
    Column("what", "What would be lost", lambda each: each[0], width=44),
)


class RestoreDialog(QDialog):
    """``agreed`` brings the backup's folder and the pass phrase once the user wants it brought back.

    ``backup`` is the one chosen, None for the newest that is whole. With a ``passphrase`` it is looked at at once.
    """

    agreed = Signal(object, str)

    def __init__(
        self, tasks: Tasks, address: str, user: str, parent: QWidget | None = None, *, backup: Path | None = None,
        passphrase: str = "",
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._tasks, self._address, self._user, self._backup = tasks, address, user, backup
        self.report: RestoreReport | None = None
        self.setWindowTitle("Bring back a backup")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumSize(640, 480)
        self.passphrase = words_field("Pass phrase", longest=500)
        self.passphrase.setEchoMode(QLineEdit.EchoMode.Password)
        self.passphrase.setText(passphrase)
        self.passphrase.returnPressed.connect(self.look)
        self.which = label(self._which_words(), role="heading", wrap=True)
        self.told = label("", wrap=True, selectable=True)
        self.error = label("", role="error", wrap=True)
        self.table: Table[Change] = Table("restore", "What would be lost", _COLUMNS, lambda each: each[0])
        self.panel = TablePanel(self.table, hint="Search", empty="Nothing was recorded after it.")
        self.look_button = button("&Look what would be lost", self.look)
        self.other = button("Choose &another backup…", self._choose)
        self.restore = button("&Bring it back", self._agree, primary=True)
        self._lay_out()
        self._show(None)
        if passphrase:
            self.look()
        else:
            self.passphrase.setFocus()

    def _lay_out(self) -> None:
        fields = form()
        fields.addRow(label("Pass p&hrase", buddy=self.passphrase), row(self.passphrase, self.look_button))
        kept = label(
            "What stands there now is not deleted: it is kept aside in the folder quarantine of the workspace, as it is.",
            role="muted", wrap=True,
        )  # fmt: skip
        buttons = button_box(QDialogButtonBox.StandardButton.Cancel)
        buttons.rejected.connect(self.reject)
        for each in (self.other, self.restore):
            buttons.addButton(each, QDialogButtonBox.ButtonRole.ActionRole)
        body = column(self.which, fields, line(), self.told, self.panel, self.error, kept, buttons, margin=16, space=10)
        body.setStretch(4, 1)
        self.setLayout(body)

    def _which_words(self) -> str:
        if self.report is not None:
            return f"The backup of {_made(self.report.backup)}"
        return f"The backup of {_made(self._backup)}" if self._backup else "The newest backup that is whole"

    def _choose(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, "Choose the folder of a backup", self._address)
        if chosen:
            self._backup = Path(chosen)
            self._show(None)
            if self.passphrase.text():
                self.look()

    # Looking

    def look(self) -> None:
        """Check the backup and count what it lacks, off the GUI thread."""
        passphrase = self.passphrase.text()
        if not passphrase:
            self.error.setText("Give your pass phrase.")
            return
        self._show(None)
        self.told.setText("Looking…")
        self.look_button.setEnabled(False)
        address, user, backup = self._address, self._user, self._backup
        self._tasks.run(
            "Looking at the backup", lambda report: look_before_restore(address, user, passphrase, backup, report),
            done=self._show, failed=self._failed, owner=self, quiet=True,
        )  # fmt: skip

    def _show(self, report: RestoreReport | None) -> None:
        self.report = report
        self.error.setText("")
        self.look_button.setEnabled(True)
        self.which.setText(self._which_words())
        self.told.setText(report.head if report else "")
        self.panel.setVisible(report is not None and bool(report.changes))
        self.table.set_rows(report.changes if report else ())
        self.restore.setEnabled(report is not None)

    def _failed(self, error: BaseException) -> None:
        self._show(None)
        words = words_for(error)
        if words is None:
            raise error
        self.error.setText(words)

    def _agree(self) -> None:
        if self.report is not None:
            backup, passphrase = self.report.backup, self.passphrase.text()
            self.passphrase.clear()
            self.accept()
            self.agreed.emit(backup, passphrase)


def _made(backup: Path) -> str:
    """When a backup was made, as its name tells; the folder's name where it has another one."""
    try:
        at = datetime.strptime(backup.name[:17], "%Y-%m-%dT%H%M%S")
    except ValueError:
        return backup.name
    return f"{in_words(at.date())}, {at:%H:%M}"
