"""The pages of the import dialog: choose a file, what was found, what was done."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFileDialog, QFormLayout, QHBoxLayout, QLineEdit, QTabWidget, QWidget

from mosovo_planner.domain.people import Precision
from mosovo_planner.office.imports import ImportPreview
from mosovo_planner.office.mapping import DateOrder, Finding, Profile, Severity, TableReading
from mosovo_planner.office.merge import FieldChange
from mosovo_planner.ui.desk import Desk
from mosovo_planner.ui.dialogs.mapping_tab import MappingTab
from mosovo_planner.ui.table import Column, Table, TablePanel
from mosovo_planner.ui.widgets import button, choice, column, label, row

FindingColumn = Column[tuple[int, Finding]]
ChangeColumn = Column[tuple[int, FieldChange]]

_TRACKERS = "Trackers (*.xlsx *.xlsm *.csv *.txt *.tsv);;All files (*)"
_NOTHING_YET = "Nothing is stored until you have seen what would change, and an import can be undone whole."
_DATE_ORDERS: list[tuple[str, object]] = [
    ("As each column shows", None),
    ("Day first, 31/12/2026", DateOrder.DAY_FIRST.value),
    ("Month first, 12/31/2026", DateOrder.MONTH_FIRST.value),
]


class ChoosePage(QWidget):
    """Which file (``what`` names it, ``kinds`` are its endings), with which remembered mapping."""

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        what: str = "tracker",
        kinds: str = _TRACKERS,
        hint: str = "Workbook (.xlsx, .xlsm) or list (.csv, .txt)",
        words: str = _NOTHING_YET,
    ) -> None:
        super().__init__(parent)
        self._what, self._kinds = what, kinds
        self.path = QLineEdit()
        self.path.setAccessibleName(f"{what[0].upper()}{what[1:]} file")
        self.path.setPlaceholderText(hint)
        self.mapping = choice("Remembered mapping", [("Recognise the columns", None)])
        self.dates = choice("Order of dates", _DATE_ORDERS)
        for combo in (self.mapping, self.dates):
            combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.error = label("", role="error", wrap=True)
        form = QFormLayout()
        form.setVerticalSpacing(10)
        form.addRow(label("&File", buddy=self.path), _file_row(self.path, button("&Browse…", self._browse)))
        form.addRow("&Mapping", self.mapping)
        form.addRow("&Dates", self.dates)
        self.setLayout(column(label(words, role="muted", wrap=True), form, self.error, None, margin=4, space=14))
        self._profiles: tuple[Profile, ...] = ()

    def show_profiles(self, profiles: Sequence[Profile], used: str = "") -> None:
        """The mappings to choose from; the one of the name ``used`` is chosen."""
        self._profiles = tuple(profiles)
        self.mapping.clear()
        self.mapping.addItem("Recognise the columns", None)
        chosen = next((number for number, each in enumerate(self._profiles) if each.name == used), None)
        for number, profile in enumerate(self._profiles):
            self.mapping.addItem(profile.name, number)
        if chosen is not None:
            self.mapping.setCurrentIndex(chosen + 1)

    def profile(self) -> Profile | None:
        """The mapping and date order chosen, None where everything is left to the reader."""
        number, order = self.mapping.currentData(), self.dates.currentData()
        known = self._profiles[number] if number is not None else Profile("")
        if order is None:
            return known if number is not None else None
        return Profile(known.name, known.columns, known.sheets, DateOrder(order))

    def _browse(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, f"Choose a {self._what}", str(Path(self.path.text()).parent), self._kinds)
        if name:
            self.path.setText(name)


class FindingsPanel(QWidget):
    """What was doubtful in a file, with place and cure; the message of the one chosen stands below in full."""

    def __init__(self, desk: Desk, extras: Sequence[QWidget] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.table: Table[tuple[int, Finding]] = Table(
            "findings", "Findings", _FINDING_COLUMNS, lambda each: str(each[0]), settings=desk.settings
        )
        self.severity = choice(
            "Severity", [("All findings", None), ("Rejected rows", Severity.REJECTED.value), ("Warnings", Severity.WARNING.value)]
        )
        self.severity.currentIndexChanged.connect(lambda _: self._narrow())
        panel = TablePanel(
            self.table, hint="Search findings", empty="Nothing doubtful was found.", extras=(self.severity, *extras)
        )
        self.whole = label("", wrap=True, selectable=True)
        self.whole.setMinimumHeight(2 * self.whole.fontMetrics().height() + 2)
        self.table.chosen.connect(lambda each: self.whole.setText(each[1].message if each else ""))
        body = column(panel, self.whole)
        body.setStretch(0, 1)
        self.setLayout(body)

    @property
    def count(self) -> int:
        return len(self.table.table_model.rows)

    def show_findings(self, findings: Sequence[Finding]) -> None:
        self.table.set_rows(list(enumerate(findings)))

    def _narrow(self) -> None:
        wanted = self.severity.currentData()
        self.table.table_model.keep(lambda each: wanted is None or each[1].severity == wanted)


class PreviewPage(QWidget):
    """What was found and what would change; ``export_wanted`` asks to save the findings."""

    export_wanted = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.summary = label("", role="heading", wrap=True)
        self.positions = label("", role="muted", wrap=True)
        self._findings_panel = FindingsPanel(desk, (button("&Export findings…", self.export_wanted.emit),))
        self.findings, self.severity = self._findings_panel.table, self._findings_panel.severity
        self.changes: Table[tuple[int, FieldChange]] = Table(
            "changes", "Changes", _CHANGE_COLUMNS, lambda each: str(each[0]), settings=desk.settings
        )
        self._changes_panel = TablePanel(
            self.changes, hint="Search changes", empty="No record that is held already would change."
        )
        self.mapping = MappingTab()
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        for page in (self._findings_panel, self._changes_panel, self.mapping):
            self.tabs.addTab(_padded(page), "")
        body = column(self.summary, self.positions, self.tabs)
        body.setStretch(2, 1)
        self.setLayout(body)

    def show_preview(self, preview: ImportPreview, used: Profile | None) -> None:
        self.summary.setText(summary(preview))
        self.positions.setText(position_words(preview))
        self._findings_panel.show_findings(preview.findings)
        self.changes.set_rows(list(enumerate(preview.changes)))
        self.mapping.show_tables(preview.tracker.tables, used)
        self._name_tabs()
        self.tabs.setCurrentIndex(0 if preview.findings else 1)

    def show_mapping_only(self, words: str, tables: Sequence[TableReading], used: Profile | None) -> None:
        """Nothing was recognised: only the columns can be shown, to be mapped by hand."""
        self.summary.setText(words)
        self.positions.setText("")
        self._findings_panel.show_findings(())
        self.changes.set_rows([])
        self.mapping.show_tables(tables, used)
        self._name_tabs()
        self.tabs.setCurrentIndex(2)

    def _name_tabs(self) -> None:
        self.tabs.setTabText(0, f"&Findings ({len(self.findings.table_model.rows):,})")
        self.tabs.setTabText(1, f"C&hanges ({len(self.changes.table_model.rows):,})")
        self.tabs.setTabText(2, "C&olumns")


class ResultPage(QWidget):
    """What was done; ``undo_wanted`` takes it back."""

    undo_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.words = label("", role="heading", wrap=True)
        self.more = label("", wrap=True)
        self.undo = button("&Undo this import", self.undo_wanted.emit)
        self.setLayout(column(self.words, self.more, row(self.undo, None), None, space=14))


def summary(preview: ImportPreview) -> str:
    """What the import would do, in a sentence or two."""
    offenders, managers = preview.offenders, preview.managers
    rejected = sum(each.severity is Severity.REJECTED for each in preview.findings)
    words = (
        f"{preview.tracker.rows_read:,} rows read. Offenders: {offenders.added:,} new, {offenders.updated:,} changed, "
        f"{offenders.unchanged:,} as they are. Managers: {managers.added:,} new, {managers.updated:,} changed."
    )
    return words + (f" {rejected:,} row{'s were' if rejected > 1 else ' was'} not taken." if rejected else "")


def position_words(preview: ImportPreview) -> str:
    """How well people could be placed."""
    parts = [
        f"{count:,} {each.label[0].lower()}{each.label[1:]}" if each else f"{count:,} without a position"
        for each in (*Precision, None)
        if (count := preview.positions[each])
    ]
    return f"Positions: {', '.join(parts)}." if parts else ""


def _severity_tone(each: tuple[int, Finding]) -> str:
    return "bad" if each[1].severity is Severity.REJECTED else "warn"


_FINDING_COLUMNS = (
    FindingColumn("sheet", "Sheet", lambda each: each[1].sheet, width=14),
    FindingColumn("row", "Row", lambda each: each[1].row, width=7, right=True),
    FindingColumn("column", "Column", lambda each: each[1].column, width=16),
    FindingColumn("severity", "Severity", lambda each: each[1].severity.value.capitalize(), width=11, tone=_severity_tone),
    FindingColumn("value", "Found", lambda each: each[1].value, width=18),
    FindingColumn("message", "What it means and what to do", lambda each: each[1].message, width=54),
    FindingColumn("code", "Code", lambda each: each[1].code, width=16, visible=False),
)
_CHANGE_COLUMNS = (
    ChangeColumn("ref", "Reference", lambda each: each[1].ref, width=14),
    ChangeColumn("kind", "Record", lambda each: each[1].kind.capitalize(), width=11),
    ChangeColumn("field", "Field", lambda each: each[1].field.replace("_", " ").capitalize(), width=18),
    ChangeColumn("before", "Before", lambda each: each[1].before, width=30),
    ChangeColumn("after", "After", lambda each: each[1].after, width=30),
)


def _file_row(first: QLineEdit, second: QWidget) -> QHBoxLayout:
    made = row(first, second)
    made.setStretch(0, 1)
    return made


def _padded(inside: QWidget) -> QWidget:
    made = QWidget()
    made.setLayout(column(inside, margin=6))
    return made
