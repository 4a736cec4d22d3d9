"""Papers: choose, look, then print or save, with for whom and why in the record of use."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from PySide6.QtCore import QMarginsF, Qt
from PySide6.QtGui import QPageLayout, QPageSize
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QComboBox, QDialog, QDialogButtonBox, QFileDialog, QFormLayout, QLineEdit, QSizePolicy, QWidget

from mosovo_planner.domain.clocks import in_words
from mosovo_planner.domain.months import Month, month_of
from mosovo_planner.domain.performance import month_name
from mosovo_planner.domain.progress import Reporter
from mosovo_planner.domain.proposals import Plan, Round
from mosovo_planner.office.decisions import AllocationDecision, list_decisions
from mosovo_planner.office.papers import (
    KINDS,
    OFFENDER_KINDS,
    TABLE_KINDS,
    PaperOptions,
    make_offender_paper,
    make_paper,
    paint_on_printer,
    save_pdf,
    save_table,
)
from mosovo_planner.office.previews import Paper, page_pictures
from mosovo_planner.ui.desk import Desk
from mosovo_planner.ui.dialogs.page_preview import DPI, PagePreview
from mosovo_planner.ui.errors import show_error, words_for
from mosovo_planner.ui.widgets import button, button_box, choice, column, holder, label, refill, row

REASONS = ("Visits", "Supervision", "MAPPA meeting", "Review", "Inspection")


_MONTHS_BACK = 24
_OF_ROUNDS = ("day_sheet", "visit_summaries")


def _months(chosen: Month | None, as_of: date) -> list[tuple[str, object]]:
    """The months one can print, the chosen one first; without a choice the month of the day."""
    now = month_of(as_of)
    every = [now.later(-back) for back in range(_MONTHS_BACK)]
    return [(month_name(each), each) for each in sorted(every, key=lambda each: (each != chosen, -each.year, -each.month))]


def _decision_words(decision: AllocationDecision) -> str:
    """``23 Nov 2026 15:02, 41 moves, 2 refused``: when and how much, for choosing one."""
    local = decision.at.astimezone() if decision.at.tzinfo else decision.at
    made = f"{len(decision.moves):,} move{'' if len(decision.moves) == 1 else 's'}"
    return ", ".join(
        [f"{in_words(local.date())} {local:%H:%M}", made, *([f"{len(decision.refused):,} refused"] if decision.refused else [])]
    )


class PrintDialog(QDialog):
    """The paper is made and painted off the GUI thread; nothing leaves without recipient and reason."""

    def __init__(
        self,
        desk: Desk,
        parent: QWidget | None = None,
        *,
        day_sheets: tuple[Plan, Sequence[Round]] | None = None,
        kind: str = "",
        about: tuple[str, int | None] | None = None,
        month: Month | None = None,
        ready: tuple[str, Callable[[], Paper]] | None = None,
    ) -> None:
        """``day_sheets`` opens on the day sheets of these rounds of a plan, ``kind`` on that kind of paper.

        ``about`` is an offender's reference and the version of his plan (None: the newest): papers about him alone.
        ``month`` opens on the figures of a month. ``ready`` is the title of the one paper to print, and what makes it.
        """
        super().__init__(parent)
        self._desk = desk
        self._day_sheets = day_sheets
        self._about = about
        self._ready = ready
        self._listed = False
        self._paper: Paper | None = None
        self.setWindowTitle("Print")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(1040, 680)
        managers = sorted(desk.view.managers, key=lambda each: each.label.casefold()) if desk.view else []
        kinds = {"": ready[0]} if ready else OFFENDER_KINDS if about else KINDS
        self.kind = choice("Paper", [(text, key) for key, text in kinds.items()])
        self.manager = choice("Offender manager", [("All managers", None), *((each.label, each.id) for each in managers)])
        self.month = choice("Month", _months(month, desk.as_of))
        self.decision = choice("Decision", [("The last one", "")])
        self.recipient = QLineEdit()
        self.recipient.setAccessibleName("For whom")
        self.recipient.setPlaceholderText("Name or team")
        self.reason = QComboBox()
        self.reason.setEditable(True)
        self.reason.addItems(REASONS)
        self.reason.setCurrentIndex(-1)
        for part in (self.reason, self.reason.view()):
            part.setAccessibleName("Reason")
        self.error = label("", role="error", wrap=True)
        self.preview = PagePreview()
        self.pdf_button = button("Save as &PDF…", self.save_as_pdf, primary=True)
        self.table_button = button("Save as &table…", self.save_as_table)
        self.print_button = button("P&rint…", self.print_out)
        self._lay_out()
        if month is not None:
            self.kind.setCurrentIndex(self.kind.findData("performance"))
        elif day_sheets is not None:
            self.kind.setCurrentIndex(self.kind.findData("day_sheet"))
        elif kind:
            self.kind.setCurrentIndex(max(0, self.kind.findData(kind)))
        for combo in (self.kind, self.manager, self.month, self.decision):
            combo.currentIndexChanged.connect(lambda _: self.make())
        self.make()

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapAllRows)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow("Pap&er", self.kind)
        form.addRow("&Manager", self.manager)
        form.addRow("M&onth", self.month)
        form.addRow("&Decision", self.decision)
        self._form = form
        form.addRow("&For whom", self.recipient)
        form.addRow("Rea&son", self.reason)
        for field in (self.kind, self.manager, self.month, self.decision, self.reason):
            field.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        note = label(
            "For whom and why go into the record of use. Prints lie in the printer's queue unencrypted for a while.",
            role="muted", wrap=True,
        )  # fmt: skip
        left = holder(column(form, note, self.error, self.pdf_button, self.table_button, self.print_button, None, space=10))
        left.setFixedWidth(330)
        buttons = button_box(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        middle = row(left, self.preview, space=16)
        middle.setStretch(1, 1)
        body = column(middle, buttons, margin=16)
        body.setStretch(0, 1)
        self.setLayout(body)

    # The paper

    def make(self) -> None:
        """Make the chosen paper and show its pages."""
        session, as_of, kind, about = self._desk.session, self._desk.as_of, str(self.kind.currentData()), self._about
        ready = self._ready
        per_round = kind in _OF_ROUNDS
        per_manager = kind == "caseload_manager" or (kind == "visit_summaries" and self._day_sheets is None)
        if kind == "allocation_decision":
            self._list_decisions()
        self._form.setRowVisible(self.manager, per_manager)
        self._form.setRowVisible(self.month, kind == "performance")
        self._form.setRowVisible(self.decision, kind == "allocation_decision")
        plan, rounds = self._day_sheets if self._day_sheets and per_round else (None, None)
        manager = self.manager.currentData() if per_manager else None
        options = PaperOptions(manager, plan, rounds, self.month.currentData(), self.decision.currentData() or "", manager)
        self._show_paper(None)
        self.preview.show_words("Making the paper…")

        def work(report: Reporter) -> tuple[Paper, list[bytes]]:
            if ready:
                paper = ready[1]()
            elif about:
                paper = make_offender_paper(session, kind, *about, as_of)
            else:
                paper = make_paper(session, kind, as_of, options, report)
            return paper, page_pictures(paper, DPI, report)

        self._desk.tasks.run("Making the paper", work, done=self._made, failed=self._not_made, owner=self, key="paper")

    def _list_decisions(self) -> None:
        """Name the decisions there are, once; the record of use has one consultation of the list."""
        if self._listed:
            return
        self._listed = True
        session = self._desk.session
        self._desk.tasks.run(
            "Reading the decisions", lambda _report: list_decisions(session), done=self._name_decisions, owner=self, quiet=True
        )

    def _name_decisions(self, decisions: Sequence[AllocationDecision]) -> None:
        named = [(_decision_words(each), each.id) for each in decisions]
        refill(self.decision, [("The last one", ""), *named])

    def _made(self, made: tuple[Paper, list[bytes]]) -> None:
        paper, pages = made
        self._show_paper(paper)
        self.preview.show_pages(pages)

    def _not_made(self, error: BaseException) -> None:
        words = words_for(error)
        if words is None:
            raise error
        self.preview.show_words(words)

    def _show_paper(self, paper: Paper | None) -> None:
        self._paper = paper
        self.pdf_button.setEnabled(paper is not None)
        self.print_button.setEnabled(paper is not None)
        self.table_button.setEnabled(paper is not None and paper.kind in TABLE_KINDS)

    # Out of the window

    def _given(self) -> tuple[str, str] | None:
        """Recipient and reason; None, with words beside the form, where one is missing."""
        recipient, reason = self.recipient.text().strip(), self.reason.currentText().strip()
        words = "Say for whom this is." if not recipient else "Choose or write the reason." if not reason else ""
        self.error.setText(words)
        if words:
            (self.recipient if not recipient else self.reason).setFocus()
            return None
        return recipient, reason

    def save_as_pdf(self) -> None:
        self._save("PDF (*.pdf)", "pdf", save_pdf)

    def save_as_table(self) -> None:
        self._save("Excel workbook (*.xlsx);;CSV (*.csv)", "xlsx", save_table)

    def _save(self, kinds: str, suffix: str, save: Callable[..., object]) -> None:
        given, paper, session = self._given(), self._paper, self._desk.session
        if given is None or paper is None:
            return
        name, _ = QFileDialog.getSaveFileName(self, "Save", f"{paper.kind}.{suffix}", kinds)
        if name:
            path = Path(name) if Path(name).suffix else Path(f"{name}.{suffix}")
            self._leave("Saving", lambda: save(session, paper, path, *given), "Saved.")

    def print_out(self) -> None:
        """Ask for the printer, then paint on it off the GUI thread."""
        given, paper, session = self._given(), self._paper, self._desk.session
        if given is None or paper is None:
            return
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
        turned = QPageLayout.Orientation.Landscape if paper.landscape else QPageLayout.Orientation.Portrait
        printer.setPageOrientation(turned)
        printer.setPageMargins(QMarginsF(12, 10, 12, 10), QPageLayout.Unit.Millimeter)
        printer.setDocName("MOSOVO Planner")  # the queue shows this name to everybody: nothing of the contents in it
        if QPrintDialog(printer, self).exec() == QDialog.DialogCode.Accepted:
            self._leave("Printing", lambda: paint_on_printer(session, paper, printer, *given), "Sent to the printer.")

    def _leave(self, title: str, work: Callable[[], object], words: str) -> None:
        self._desk.tasks.run(
            title,
            lambda _report: work(),
            done=lambda _: self.preview.words.setText(words),
            failed=lambda error: show_error(self, error, "The paper did not leave the window"),
            owner=self,
        )
