"""The backups of the workspace: made when and why, kept until when; made, tried, removed, brought back from here."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QWidget

from mosovo_planner.domain.clocks import in_words
from mosovo_planner.domain.progress import Reporter
from mosovo_planner.domain.roles import Permission
from mosovo_planner.office.restore import BackupLine, Trial, back_up_now, list_backups, remove_one, try_one, why_words
from mosovo_planner.office.session import Session
from mosovo_planner.ui.desk import Desk
from mosovo_planner.ui.errors import show_error
from mosovo_planner.ui.table import Column, Table, TablePanel
from mosovo_planner.ui.widgets import ask, button, button_box, column, label

_MB = 1_000_000
_COLUMNS: tuple[Column[BackupLine], ...] = (
    Column("at", "Made", lambda each: each.at, width=18),
    Column("why", "Why", lambda each: why_words(each.why), width=18),
    Column("until", "Goes on", lambda each: each.goes_on,
           text=lambda each: in_words(each.goes_on) if each.goes_on else "stays", width=14),
    Column("size", "Size", lambda each: each.size, text=lambda each: f"{each.size / _MB:,.1f} MB", width=11, right=True),
    Column("name", "Folder", lambda each: each.folder.name, width=30),
)  # fmt: skip
_SERVER = "This workspace lies on a server: its administrator makes the backups and brings them back."
_WORDS = (
    "Each day one is made and checked; the newest is tried once a week. How many stay is the force's policy (Policy screen, "
    "Backup). One made by hand stays until somebody removes it. Somebody who was erased stays in older backups until they go."
)


class BackupsDialog(QDialog):
    """``restore_wanted`` brings the folder of the backup to be brought back."""

    restore_wanted = Signal(object)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.question: QDialog | None = None
        self.setWindowTitle("Backups")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(900, 480)
        self.table: Table[BackupLine] = Table("backups", "Backups", _COLUMNS, _name, settings=desk.settings)
        self.make = button("&Back up now", self._make)
        self.check = button("&Try it", self._try, tip="Open a copy and check it to its last entry")
        self.remove = button("Re&move…", self._ask_remove)
        self.restore = button("Bring it bac&k…", self._restore, primary=True, tip="You are told first what would be lost")
        on_server = desk.session.workspace.folder is None
        panel = TablePanel(
            self.table, hint="Search backups", empty=_SERVER if on_server else "No backup was made yet.",
            extras=(self.make, self.check, self.remove, self.restore),
        )  # fmt: skip
        self.words = label("" if on_server else _WORDS, role="muted", wrap=True)
        buttons = button_box(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        body = column(panel, self.words, buttons, margin=16)
        body.setStretch(0, 1)
        self.setLayout(body)
        self.table.chosen.connect(lambda _: self._enable())
        self.table.sort_by("at", descending=True)
        self._enable()
        self.load()

    def _enable(self) -> None:
        may = self._desk.session.may(Permission.KEEP_KEYS) and self._desk.session.workspace.folder is not None
        self.make.setEnabled(may)
        for each in (self.check, self.remove, self.restore):
            each.setEnabled(may and self.table.current is not None)
        if not self._desk.session.comes_back:  # an invented force is thrown away, and nobody knows its pass phrase
            self.restore.setEnabled(False)

    def load(self) -> None:
        session = self._desk.session
        self._run("Reading the backups", lambda _report: list_backups(session), self._show, "The backups were not read")

    def _show(self, found: tuple[BackupLine, ...]) -> None:
        self.table.set_rows(found)
        self._enable()

    def _run(self, title: str, work: Callable[[Reporter], object], done: Callable[..., object], deed: str) -> None:
        self._desk.tasks.run(
            title, work, done=done, failed=lambda error: show_error(self, error, deed), owner=self,
            quiet=title.startswith("Reading"),
        )  # fmt: skip

    def _make(self) -> None:
        session = self._desk.session
        self._run("Backing up", lambda report: back_up_now(session, report), self._made, "The backup was not made")

    def _made(self, folder: Path) -> None:
        self.words.setText(f"The backup {folder.name} was made and checked.")
        self.load()

    def _try(self) -> None:
        session, chosen = self._desk.session, self.table.current
        if chosen is not None:
            self._run("Trying the backup", lambda report: try_one(session, chosen, report), self._tried, "It was not tried")

    def _tried(self, trial: Trial) -> None:
        name = trial.backup.folder.name
        if trial.ok:
            self.words.setText(f"{name} can be brought back whole: {trial.entries:,} entries, each checked.")
        else:
            self.words.setText(f"{name} could not be brought back whole: {'; '.join(trial.problems)}.")

    def _ask_remove(self) -> None:
        chosen, session = self.table.current, self._desk.session
        if chosen is not None:
            self.question = ask(
                self, "Remove a backup", f"Remove the backup of {in_words(chosen.at.date())}, {chosen.at:%H:%M}?",
                more="It is gone for good. The record of use keeps that it was removed.", yes="Remove",
                do=lambda: self._remove(session, chosen),
            )  # fmt: skip

    def _remove(self, session: Session, chosen: BackupLine) -> None:
        self._run("Removing it", lambda _report: remove_one(session, chosen), lambda _: self.load(), "It was not removed")

    def _restore(self) -> None:
        if self.table.current is not None:
            self.restore_wanted.emit(self.table.current.folder)


def _name(line: BackupLine) -> str:
    return line.folder.name
