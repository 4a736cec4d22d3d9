"""The columns of a tracker as they were understood, each with a choice of what it holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QLineEdit, QWidget

from mosovo_planner.office.mapping import DateOrder, Profile, TableKind, TableReading, mappable_fields, mapping
from mosovo_planner.ui.widgets import button, choice, clear_layout, column, label, line, row, scrolled

TRACKER = {TableKind.OFFENDERS: "Offenders", TableKind.MANAGERS: "Offender managers", TableKind.OTHER: "Not read"}
LOGS = {TableKind.LOGS: "Incident logs", TableKind.OTHER: "Not read"}
VISOR = {TableKind.OFFENDERS: "People", TableKind.OTHER: "Not read"}
"""What the tables of a file may hold; the first is what one that was not recognised is offered as."""


class MappingTab(QWidget):
    """``read_again`` brings the Profile chosen here; ``remember`` the same with a name, to be saved."""

    read_again = Signal(object)
    remember = Signal(object)

    def __init__(self, parent: QWidget | None = None, *, kinds: Mapping[TableKind, str] = TRACKER) -> None:
        super().__init__(parent)
        self._offered = kinds
        self._tables: tuple[TableReading, ...] = ()
        self._fields: dict[tuple[str, int, int], QComboBox] = {}
        self._kinds: dict[tuple[str, int], QComboBox] = {}
        self._date_order: DateOrder | None = None
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(14)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(3, 1)
        inside = QWidget()
        inside.setLayout(column(self._grid, None, margin=4))
        self.name = QLineEdit()
        self.name.setPlaceholderText("Name, to use this mapping again")
        self.name.setAccessibleName("Name of the mapping")
        self.remember_button = button("Re&member mapping", self._remember)
        bottom = row(
            button("&Read again with this mapping", lambda: self.read_again.emit(self.profile())),
            None,
            self.name,
            self.remember_button,
        )
        body = column(
            label("Each column and what it is taken for. Change what is wrong, then read again.", role="muted", wrap=True),
            scrolled(inside, "Columns of the file"),
            bottom,
            margin=10,
        )
        body.setStretch(1, 1)
        self.setLayout(body)

    def show_tables(self, tables: Sequence[TableReading], used: Profile | None) -> None:
        clear_layout(self._grid)
        self._tables, self._fields, self._kinds = tuple(tables), {}, {}
        self._date_order = used.date_order if used else None
        self.name.setText(used.name if used else "")
        for table in self._tables:
            self._add_table(table)

    def _add_table(self, table: TableReading) -> None:
        place = (table.sheet, table.header_row)
        at = self._grid.rowCount()
        self._grid.addWidget(label(f"Sheet {table.sheet}, headings in row {table.header_row}", role="heading"), at, 0, 1, 2)
        kind = choice(f"What sheet {table.sheet} holds", [(text, each.value) for each, text in self._offered.items()])
        kind.setCurrentIndex(max(0, kind.findData(table.kind.value if table.kind in self._offered else TableKind.OTHER.value)))
        self._kinds[place] = kind
        self._grid.addWidget(kind, at, 2)
        for note in table.notes:
            at += 1
            self._grid.addWidget(label(note, role="muted", wrap=True), at, 0, 1, 4)
        for each in table.columns:
            at += 1
            self._grid.addWidget(label(each.header or f"Column {each.index + 1}"), at, 0)
            field = self._field_choice(table.kind, each.header, each.field)
            self._fields[*place, each.index] = field
            field.activated.connect(lambda _index, kind=kind: self._is_read(kind))
            state = "recognised" if each.field else "not recognised"
            self._grid.addWidget(label(state, role="muted" if each.field else "section"), at, 1)
            self._grid.addWidget(field, at, 2)
            self._grid.addWidget(label(", ".join(each.examples)[:80], role="muted"), at, 3)
        self._grid.addWidget(line(), at + 1, 0, 1, 4)

    def field_choice(self, header: str) -> QComboBox:
        """The choice for the first column of that heading."""
        places = ((table, each) for table in self._tables for each in table.columns)
        table, found = next((table, each) for table, each in places if each.header == header)
        return self._fields[table.sheet, table.header_row, found.index]

    def _is_read(self, kind: QComboBox) -> None:
        """Whoever says what a column holds wants its table read."""
        if kind.currentData() == TableKind.OTHER:
            kind.setCurrentIndex(0)

    def _field_choice(self, kind: TableKind, header: str, chosen: str | None) -> QComboBox:
        offered = mappable_fields(next(iter(self._offered)) if kind is TableKind.OTHER else kind)
        made = choice(f"What column {header} holds", [("Not read", None), *((text, name) for name, text in offered)])
        made.setCurrentIndex(max(0, made.findData(chosen)))
        made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # the wheel scrolls the list, it changes no mapping
        return made

    def profile(self) -> Profile:
        """The mapping as it is chosen now."""
        fields = {place: combo.currentData() for place, combo in self._fields.items()}
        kinds = {place: TableKind(combo.currentData()) for place, combo in self._kinds.items()}
        return mapping(self.name.text().strip(), self._tables, fields, kinds, self._date_order)

    def _remember(self) -> None:
        if self.name.text().strip():
            self.remember.emit(self.profile())
        else:
            self.name.setFocus()
