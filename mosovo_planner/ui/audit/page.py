"""The record of use for auditors, managers and supervisors: questions, what is unusual, verifying and the anchor."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from PySide6.QtCore import QDate, Qt
from PySide6.QtWidgets import QDateEdit, QFileDialog, QLineEdit, QSplitter, QTabWidget, QWidget

from mosovo_planner.domain.record import Operation, Use
from mosovo_planner.domain.unusual import Finding, Unusual
from mosovo_planner.ui.audit.export import ExportDialog
from mosovo_planner.ui.audit.rows import ENTRY_COLUMNS, FINDING_COLUMNS, entry_words
from mosovo_planner.ui.audit.whole import WholePage
from mosovo_planner.ui.desk import Desk
from mosovo_planner.ui.dialogs.entry import as_date
from mosovo_planner.ui.errors import show_error
from mosovo_planner.ui.proposals.tools import two_lines
from mosovo_planner.ui.table import Table, TablePanel
from mosovo_planner.ui.widgets import button, choice, column, date_field, label, refill, row

_DAYS_BACK = 30


class AuditPage(QWidget):
    """What it shows are references and names of fields, never what the records hold."""

    title = "Record of use"

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.more = False
        self._make_question()
        self.entries = _entries("audit", "Record of use", desk)
        self.panel = TablePanel(self.entries, hint="Search these entries  (Ctrl+F)", empty="No entry answers this.")
        self.detail = two_lines("The entry under the cursor in full")
        self.entries.chosen.connect(lambda use: self.detail.setText(entry_words(use) if use else ""))
        self.export_button = button("&Export…", self.export)
        self.unusual = UnusualPage(desk)
        self.whole = WholePage(desk)
        self._lay_out()
        self.start_search = self.panel.start_search
        self.ask()

    def _make_question(self) -> None:
        self.ref = QLineEdit()
        self.ref.setAccessibleName("Reference of the offender")
        self.ref.setPlaceholderText("Any offender")
        self.ref.setFixedWidth(150)
        self.ref.returnPressed.connect(self.ask)
        self.actor = choice("Who did it", [("Anybody", "")])
        self.operation = choice("Operation", [("Any operation", None), *((each.value.capitalize(), each) for each in Operation)])
        self.since, self.until = _days()
        self.ask_button = button("&Show", self.ask, primary=True)

    def _lay_out(self) -> None:
        question = row(
            label("&Looked at", buddy=self.ref), self.ref, label("b&y", buddy=self.actor), self.actor, self.operation,
            label("f&rom", buddy=self.since), self.since, label("to", buddy=self.until), self.until, self.ask_button, None,
        )  # fmt: skip
        below = row(self.detail, self.export_button)
        below.setStretch(0, 1)
        first = column(question, self.panel, below, margin=8)
        first.setStretch(1, 1)
        entries = QWidget()
        entries.setLayout(first)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.setAccessibleName("Parts of the record of use")
        for page, title in ((entries, "&Entries"), (self.unusual, "&Unusual use"), (self.whole, "&Verify and anchor")):
            self.tabs.addTab(page, title)
        self.setLayout(column(self.tabs, margin=12))

    @property
    def table(self) -> Table[Any]:
        """The list on top, for the window's Find."""
        return self.unusual.table if self.tabs.currentWidget() is self.unusual else self.entries

    def ask(self) -> None:
        """Read the entries that answer the question."""
        from mosovo_planner.office.audit import Question, view_record

        session, operation = self._desk.session, self.operation.currentData()
        question = Question(
            self.ref.text().strip(), str(self.actor.currentData() or ""), Operation(operation) if operation else None,
            as_date(self.since.date()), as_date(self.until.date()),
        )  # fmt: skip
        self._desk.tasks.run(
            "Reading the record of use", lambda _report: view_record(session, question), done=self._show, owner=self,
            key=f"audit-{id(self)}", failed=lambda error: show_error(self, error, "The record of use was not read"),
        )  # fmt: skip

    def _show(self, view: Any) -> None:
        refill(self.actor, [("Anybody", ""), *((each, each) for each in view.actors)])
        self.more = view.more
        self.entries.set_rows(view.uses)
        self.entries.sort_by("seq", descending=True)
        self.whole.show_anchor(view.anchor)
        newest = f"The newest {len(view.uses):,} are shown; narrow the question for those before." if view.more else ""
        self.detail.setText(newest)

    def export(self) -> None:
        """The entries on show, with the anchor."""
        headers, rows, _refs = self.entries.export_rows()
        export_rows(self, self._desk, "Record of use", headers, rows)


class UnusualPage(QWidget):
    """What somebody should be asked about: findings above, the entries of the one under the cursor below."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._norms: Any = None
        self._every: tuple[Finding, ...] = ()
        self.since, self.until = _days()
        self.kind = choice("Why listed", [("Every kind", None), *((each.label, each) for each in Unusual)])
        self.kind.currentIndexChanged.connect(lambda _: self._narrow())
        self.look_button = button("&Look for it", self.look, primary=True)
        self.definition = label(
            "Four kinds of use that somebody should be asked about. None of them proves anything.", role="muted", wrap=True
        )
        self.table: Table[Finding] = Table(
            "audit-unusual", "Unusual use", FINDING_COLUMNS, lambda each: f"{each.kind}{each.actor}{each.uses[0].seq}",
            settings=desk.settings,
        )  # fmt: skip
        self.table.chosen.connect(self._choose)
        self.entries = _entries("audit-unusual-entries", "Entries of the finding", desk)
        self.detail = two_lines("The entry under the cursor in full")
        self.entries.chosen.connect(lambda use: self.detail.setText(entry_words(use) if use else ""))
        self.export_button = button("&Export…", self.export)
        self._lay_out()

    def _lay_out(self) -> None:
        found = TablePanel(
            self.table, hint="Search findings", empty="Choose the days and look for it.", extras=(self.kind,)
        )
        self._found = found
        below = column(self.entries, self.detail, space=4)
        below.setStretch(0, 1)
        lower = QWidget()
        lower.setLayout(below)
        body = QSplitter(Qt.Orientation.Vertical)
        body.addWidget(found)
        body.addWidget(lower)
        body.setSizes([300, 220])
        top = row(
            label("F&rom", buddy=self.since), self.since, label("to", buddy=self.until), self.until, self.look_button, None,
            self.export_button,
        )  # fmt: skip
        layout = column(top, self.definition, body, margin=8)
        layout.setStretch(2, 1)
        self.setLayout(layout)

    def look(self) -> None:
        """Look through the entries of these days."""
        from mosovo_planner.office.audit import view_unusual

        session, since, until = self._desk.session, as_date(self.since.date()), as_date(self.until.date())
        self._desk.tasks.run(
            "Looking for unusual use", lambda _report: view_unusual(session, since, until), done=self._show, owner=self,
            key=f"unusual-{id(self)}", failed=lambda error: show_error(self, error, "The record of use was not read"),
        )  # fmt: skip

    def _show(self, view: Any) -> None:
        self._norms, self._every = view.norms, view.findings
        self._found.show_empty_words(f"Nothing unusual in {view.entries:,} entries.")
        self._narrow()

    def _narrow(self) -> None:
        kind = self.kind.currentData()
        if self._norms is not None:
            kinds = [Unusual(kind)] if kind else list(Unusual)
            self.definition.setText("  ".join(f"{each.label}: {self._norms.definition(each)}" for each in kinds))
        self.table.set_rows([each for each in self._every if kind in (None, each.kind)])
        self._choose(self.table.current)

    def _choose(self, finding: Finding | None) -> None:
        self.entries.set_rows(finding.uses if finding else ())
        self.detail.setText("")

    def export(self) -> None:
        headers, rows, _refs = self.table.export_rows()
        export_rows(self, self._desk, "Unusual use", headers, rows)


def export_rows(
    page: QWidget, desk: Desk, title: str, headers: Sequence[str], rows: Sequence[Sequence[object]]
) -> None:
    """Ask for whom and why, then for the file, and write it."""

    def save(recipient: str, reason: str) -> None:
        from mosovo_planner.office.audit import export_record

        kinds = "Excel workbook (*.xlsx);;CSV (*.csv)"
        name, _ = QFileDialog.getSaveFileName(page, f"Export {title.lower()}", f"{title}.xlsx", kinds)
        if name:
            path = Path(name) if Path(name).suffix else Path(f"{name}.xlsx")
            desk.tasks.run(
                "Exporting", lambda _report: export_record(desk.session, path, title, headers, rows, recipient, reason),
                done=lambda _anchor: None, failed=lambda error: show_error(page, error, "It was not exported"), owner=page,
            )  # fmt: skip

    dialog = ExportDialog(page, "Giving the record of use out is recorded as a disclosure, with both.")
    dialog.given.connect(save)
    dialog.open()


def _entries(key: str, title: str, desk: Desk) -> Table[Use]:
    made: Table[Use] = Table(key, title, ENTRY_COLUMNS, lambda use: str(use.seq), settings=desk.settings)
    made.may_copy = False  # what leaves this page leaves by Export, with its recipient
    return made


def _days() -> tuple[QDateEdit, QDateEdit]:
    today = date.today()
    first = today - timedelta(days=_DAYS_BACK)
    since = date_field("From", QDate(first.year, first.month, first.day))
    return since, date_field("To", QDate(today.year, today.month, today.day))
