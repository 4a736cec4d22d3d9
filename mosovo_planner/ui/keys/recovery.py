"""The recovery code: shown once, to be printed and locked away."""

from __future__ import annotations

from datetime import date

from PySide6.QtGui import QFontDatabase
from PySide6.QtPrintSupport import QPrintDialog
from PySide6.QtWidgets import QCheckBox, QDialog, QDialogButtonBox, QWidget

from mosovo_planner.domain.clocks import in_words
from mosovo_planner.office.members import RecoveryCode, record_code_shown
from mosovo_planner.office.session import screen_rules
from mosovo_planner.ui.desk import Desk
from mosovo_planner.ui.errors import show_error
from mosovo_planner.ui.printed_words import print_words, printer_for_words
from mosovo_planner.ui.widgets import button, column, label


class RecoveryDialog(QDialog):
    """It closes only when it was said that the code is written down; it is never shown again."""

    def __init__(self, desk: Desk, code: RecoveryCode, workspace: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._code = code
        self._workspace = workspace
        self.setWindowTitle("Recovery code")
        self.setModal(True)
        self.setMinimumWidth(620)
        shown = label(code.code, role="title", wrap=True, selectable=True)
        shown.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        shown.setAccessibleName("Recovery code")
        self.safe = QCheckBox("It is printed or written down, and &will be locked away")
        buttons = QDialogButtonBox()
        self.print_button = button("&Print…", self.print_out)
        self.done_button = button("&Done", self.accept, primary=True)
        self.done_button.setEnabled(False)
        self.safe.toggled.connect(self.done_button.setEnabled)
        for each in (self.print_button, self.done_button):
            buttons.addButton(each, QDialogButtonBox.ButtonRole.ActionRole)
        told = (
            f"Sign in as {code.user} with this code where every pass phrase is lost. It opens everything, as a supervisor: "
            "keep it in a sealed envelope in the force's safe, not on a computer. It is shown this once; a new code puts "
            "an end to this one."
        )
        self.setLayout(
            column(label("The recovery code", role="heading"), label(told, wrap=True), shown, self.safe, buttons, margin=16)
        )

    def reject(self) -> None:
        """Not closed by Escape or by the frame before the code is safe."""
        if self.safe.isChecked():
            super().reject()
        else:
            self.safe.setFocus()

    def text(self) -> str:
        """What is printed."""
        return (
            f"MOSOVO Planner: recovery code\n\nWorkspace: {self._workspace}\nSign in as: {self._code.user}\nCode:\n"
            f"\t{self._code.code}\n\nIt opens everything, as a supervisor. Keep it sealed in the force's safe.\n"
            f"Made on {in_words(date.today())} by {self._desk.session.user}; a new code puts an end to this one.\n"
        )

    def print_out(self) -> None:
        printer = printer_for_words()
        if QPrintDialog(printer, self).exec() != QDialog.DialogCode.Accepted:
            return
        session = self._desk.session

        def record(_report: object) -> str:
            record_code_shown(session, "print")
            return screen_rules(session).marking

        self._desk.tasks.run(
            "Writing the record of use", record, owner=self, quiet=True,
            done=lambda marking: print_words(printer, self.text(), marking),
            failed=lambda error: show_error(self, error, "The code was not printed"),
        )  # fmt: skip
