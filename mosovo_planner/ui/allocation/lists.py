"""The three lists under the map, kept in step with each other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QTabWidget, QWidget

from mosovo_planner.ui.allocation.rows import EVERYBODY, MOVES, NOTES, CaseRow, NoteRow, note_rows
from mosovo_planner.ui.proposals.tools import offer_menu
from mosovo_planner.ui.settings import Settings
from mosovo_planner.ui.table import Table, TablePanel


class AllocationLists(QTabWidget):
    """Moves, everybody, and who needs a look. :attr:`ref_chosen` tells the offender under the cursor."""

    ref_chosen = Signal(str)
    copied = Signal(str, object)

    def __init__(self, settings: Settings | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._quiet = False
        self.moves: Table[CaseRow] = Table("allocation-moves", "Moves", MOVES, lambda row: row.ref, settings=settings)
        self.everybody: Table[CaseRow] = Table(
            "allocation-everybody", "Everybody", EVERYBODY, lambda row: row.ref, settings=settings
        )
        self.notes: Table[NoteRow] = Table(
            "allocation-notes", "Needs a look", NOTES, lambda note: f"{note.row.ref}/{note.what}", settings=settings
        )
        self.moves_panel = TablePanel(
            self.moves, hint="Search the moves", empty="No moves. Press Propose to have an allocation worked out."
        )
        everybody = TablePanel(self.everybody, hint="Search everybody", empty="There is nobody on the caseload yet.")
        notes = TablePanel(self.notes, hint="Search", empty="Everybody has a manager and a position.")
        for panel, title in ((self.moves_panel, "Moves"), (everybody, "Everybody"), (notes, "Needs a look")):
            self.addTab(panel, title)
        self.moves.sort_by("saved", descending=True)
        self.everybody.sort_by("ref")
        self.notes.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
        for table in (self.moves, self.everybody):
            table.chosen.connect(lambda row: self._tell(row.ref if row else None))
            table.copied.connect(lambda refs, table=table: self.copied.emit(table.title, refs))
        self.notes.chosen.connect(lambda note: self._tell(note.row.ref if note else None))
        self.notes.copied.connect(lambda keys: self.copied.emit("Needs a look", [key.rsplit("/", 1)[0] for key in keys]))

    def set_rows(self, rows: Sequence[CaseRow]) -> None:
        notes = note_rows(list(rows))
        moves = [row for row in rows if row.moves and row.manager_after is not None]
        self._quiet = True
        self.everybody.set_rows(rows)
        self.moves.set_rows(moves)
        self.notes.set_rows(notes)
        self._quiet = False
        for index, (title, count) in enumerate((("Moves", len(moves)), ("Everybody", len(rows)), ("Needs a look", len(notes)))):
            self.setTabText(index, f"{title} ({count:,})")

    def keep_manager(self, manager: str) -> None:
        """Show only cases that a manager holds before or after; an empty id shows all."""

        def holds(row: CaseRow) -> bool:
            return manager in (row.manager_before, row.manager_after)

        self.moves.table_model.keep(holds if manager else None)
        self.everybody.table_model.keep(holds if manager else None)
        self.notes.table_model.keep((lambda note: holds(note.row)) if manager else None)

    @property
    def chosen_refs(self) -> list[str]:
        """The references selected in the list on top."""
        page = self.currentIndex()
        if page == 2:
            return list(dict.fromkeys(note.row.ref for note in self.notes.selected_rows))
        return [row.ref for row in (self.moves, self.everybody)[page].selected_rows]

    def choose(self, ref: str) -> None:
        """Put the cursor on an offender: in the list on top where it is there, else among everybody."""
        table = (self.moves, self.everybody)[self.currentIndex()] if self.currentIndex() < 2 else self.everybody
        if not table.select(ref) and self.everybody.select(ref):
            self.setCurrentIndex(1)

    def offer(self, actions: Sequence[QAction]) -> None:
        """The same actions in the context menu of each list."""
        for table in (self.moves, self.everybody, self.notes):
            offer_menu(table, actions)

    @property
    def table(self) -> Table[Any]:
        """The list on top."""
        return self.tables[self.currentIndex()]

    @property
    def tables(self) -> tuple[Table[Any], ...]:
        return self.moves, self.everybody, self.notes

    def _tell(self, ref: str | None) -> None:
        if not self._quiet:
            self.ref_chosen.emit(ref or "")
