"""What a person is told when something goes wrong: the user's own mistakes in words, ours as a scrubbed report.

A crash report names types, files, lines and functions of this program, and nothing that was in their
variables or messages: those can hold names and addresses.
"""

from __future__ import annotations

import platform
import sys
import traceback
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QTimer, qVersion
from PySide6.QtWidgets import QApplication, QDialog, QDialogButtonBox, QFileDialog, QPlainTextEdit, QWidget

import mosovo_planner
from mosovo_planner.domain.errors import UserError
from mosovo_planner.ui.widgets import button, button_box, column, label, tell

_PACKAGE = Path(mosovo_planner.__file__).parent.parent


def show_error(parent: QWidget | None, error: BaseException, deed: str = "That could not be done") -> None:
    """Tell the user: a mistake or a fault of the surroundings in its own words, a bug in the crash dialog."""
    words = words_for(error)
    if words is not None:
        tell(parent, "MOSOVO Planner", f"{deed}.", words, bad=True)
    else:
        CrashDialog(scrubbed(error), parent).open()


def words_for(error: BaseException) -> str | None:
    """The message where it was written for the user; None for a bug, whose text may hold anything."""
    if isinstance(error, UserError):
        return str(error)
    if isinstance(error, PermissionError):
        return "The file may not be read or written. It may be open in another program, or the folder is protected."
    if isinstance(error, FileNotFoundError):
        return "The file or folder is not there any more."
    if isinstance(error, OSError):
        return f"The computer refused: {error.strerror or 'the disk or drive cannot be used'}."
    return None


def scrubbed(error: BaseException) -> str:
    """A report of a bug without a single value: kinds of error, places in the program, versions."""
    lines = [
        f"MOSOVO Planner {mosovo_planner.__version__}, Python {platform.python_version()}, Qt {qVersion()}, "
        f"{platform.system()} {platform.release()}",
        "",
    ]
    chain: list[BaseException] = []
    each: BaseException | None = error
    while each is not None and each not in chain:
        chain.append(each)
        each = each.__cause__ or each.__context__
    for link in reversed(chain):
        lines += [f"  {_place(frame)}, in {frame.name}" for frame in traceback.extract_tb(link.__traceback__)]
        lines.append(type(link).__name__)
    return "\n".join(lines)


def _place(frame: traceback.FrameSummary) -> str:
    """File and line, without the user's own folders in it."""
    file = Path(frame.filename)
    try:
        shown = file.relative_to(_PACKAGE).as_posix()
    except ValueError:
        shown = file.name
    return f"{shown}:{frame.lineno}"


class CrashDialog(QDialog):
    """Shows a scrubbed report that the user may copy or save; nothing is sent anywhere."""

    def __init__(self, report: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Something went wrong in the program")
        self.setMinimumSize(560, 360)
        self.report = report
        text = QPlainTextEdit(report)
        text.setReadOnly(True)
        text.setAccessibleName("Report of the fault")
        text.setTabChangesFocus(True)
        buttons = button_box(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        buttons.addButton(button("&Copy", self._copy), QDialogButtonBox.ButtonRole.ActionRole)
        buttons.addButton(button("&Save report…", self._save), QDialogButtonBox.ButtonRole.ActionRole)
        self.setLayout(
            column(
                label("This is a fault of the program, not of yours.", role="heading"),
                label(
                    "What was saved is safe. The report below holds no names, references or addresses: only places in "
                    "the program. Give it to whoever looks after the program; nothing is sent from here.",
                    wrap=True,
                ),
                text,
                buttons,
                margin=16,
            )
        )

    def _copy(self) -> None:
        QApplication.clipboard().setText(self.report)

    def _save(self) -> None:
        name, _ = QFileDialog.getSaveFileName(self, "Save report", "mosovo-planner-report.txt", "Text (*.txt)")
        if name:
            try:
                Path(name).write_text(self.report, encoding="utf-8")
            except OSError as error:
                tell(self, "MOSOVO Planner", "The report was not saved.", words_for(error) or "", bad=True)


def install_excepthook(parent: QWidget | None) -> None:
    """From now on an exception nobody caught opens the crash dialog in place of a traceback on a console."""

    def hook(_kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
        # Later, not now: Qt may be in the middle of painting or of an event when Python gives up.
        QTimer.singleShot(0, lambda: show_error(parent, error))

    sys.excepthook = hook
