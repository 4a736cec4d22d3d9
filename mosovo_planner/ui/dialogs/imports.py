"""The imports of this workspace, newest first; each can be undone whole."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QWidget

from mosovo_planner.office.imports import UndoResult, list_imports, undo_import
from mosovo_planner.office.mapping import ImportBatch
from mosovo_planner.ui.desk import Desk
from mosovo_planner.ui.dialogs.import_dialog import undone_words
from mosovo_planner.ui.errors import show_error
from mosovo_planner.ui.table import Column, Table, TablePanel
from mosovo_planner.ui.widgets import ask, button, button_box, column, label

BatchColumn = Column[ImportBatch]


def _state(batch: ImportBatch) -> str:
    return f"Undone by {batch.undone_by}" if batch.undone_at else "In force"


_COLUMNS = (
    BatchColumn("at", "When", lambda batch: batch.at, width=18),
    BatchColumn("by", "By", lambda batch: batch.by, width=16),
    BatchColumn("file", "File", lambda batch: batch.file_name, width=28),
    BatchColumn("added", "Added", lambda batch: batch.added, width=8, right=True),
    BatchColumn("updated", "Changed", lambda batch: batch.updated, width=9, right=True),
    BatchColumn("state", "State", _state, width=18, tone=lambda batch: "none" if batch.undone_at else "good"),
)


class ImportsDialog(QDialog):
    """A table and an Undo button."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.question: QDialog | None = None
        self.setWindowTitle("Imports")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(820, 420)
        self.table: Table[ImportBatch] = Table("imports", "Imports", _COLUMNS, lambda batch: batch.id, settings=desk.settings)
        self.table.chosen.connect(self._choose)
        self.undo = button("&Undo this import…", self._ask)
        self.words = label("", wrap=True)
        buttons = button_box(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        buttons.addButton(self.undo, QDialogButtonBox.ButtonRole.ActionRole)
        panel = TablePanel(self.table, hint="Search imports", empty="Nothing was imported yet.")
        body = column(panel, self.words, buttons, margin=16)
        body.setStretch(0, 1)
        self.setLayout(body)
        self.table.sort_by("at", descending=True)
        self._choose(None)
        self._load()

    def _load(self) -> None:
        session = self._desk.session
        self._desk.tasks.run(
            "Reading the imports", lambda _report: list_imports(session), done=self._show_imports, owner=self, quiet=True
        )

    def _show_imports(self, batches: tuple[ImportBatch, ...]) -> None:
        self.table.set_rows(batches)

    def _choose(self, batch: ImportBatch | None) -> None:
        self.undo.setEnabled(batch is not None and batch.undone_at is None)

    def _ask(self) -> None:
        batch = self.table.current
        if batch is not None:
            self.question = ask(
                self,
                "Undo an import",
                "Take this import back whole?",
                more="What it added is removed, what it changed is as before. Records changed since stay as they are.",
                yes="Undo import",
                do=lambda: self._undo(batch),
            )

    def _undo(self, batch: ImportBatch) -> None:
        session = self._desk.session
        self.undo.setEnabled(False)
        self._desk.tasks.run(
            "Undoing the import",
            lambda _report: undo_import(session, batch.id),
            done=self._undone,
            failed=lambda error: show_error(self, error, "The import was not undone"),
            owner=self,
        )

    def _undone(self, result: UndoResult) -> None:
        self.words.setText(f"The import was undone. {undone_words(result)}")
        self._load()
        self._desk.records_changed()
