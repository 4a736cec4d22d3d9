"""Whether the record of use is whole, and its anchor."""

from __future__ import annotations

from typing import Any

from PySide6.QtPrintSupport import QPrintDialog
from PySide6.QtWidgets import QDialog, QWidget

from mosovo_planner.office.session import screen_rules
from mosovo_planner.ui.clipboard import copy_text
from mosovo_planner.ui.desk import Desk
from mosovo_planner.ui.errors import show_error
from mosovo_planner.ui.printed_words import print_words, printer_for_words
from mosovo_planner.ui.proposals.running import RunBar
from mosovo_planner.ui.widgets import button, card, column, label, row


class WholePage(QWidget):
    """Verifying with its answer, and the anchor, to be kept elsewhere."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._anchor: Any = None
        self.run = RunBar("&Verify", "Check every entry, and every record against the entries", self.verify)
        self.answer = label(
            "Each entry holds the hash of the one before, so an entry that was altered, removed, swapped or forged is found, and "
            "so is a record that was changed past the program.", wrap=True, selectable=True,
        )  # fmt: skip
        self.anchor_words = label("", wrap=True, selectable=True)
        self.copy_button = button("&Copy", self.copy)
        self.print_button = button("&Print…", self.print_out)
        told = label(
            "What the chain alone cannot show is that its newest entries were cut off, or that all of it was written anew. Keep "
            "this line elsewhere (print it, send it to the force's log): the entry of that number must have that hash for ever.",
            role="muted", wrap=True,
        )  # fmt: skip
        first = card(column(label("Verify", role="heading"), self.run, self.answer, margin=16))
        acts = row(self.copy_button, self.print_button, None)
        second = card(column(label("Anchor", role="heading"), self.anchor_words, told, acts, margin=16))
        self.setLayout(column(first, second, None, margin=8, space=12))
        self._enable()

    def show_anchor(self, anchor: Any) -> None:
        self._anchor = anchor
        self.anchor_words.setText(f"{anchor.words[:1].upper()}{anchor.words[1:]}")
        self._enable()

    def _enable(self) -> None:
        for each in (self.copy_button, self.print_button):
            each.setEnabled(self._anchor is not None)

    def verify(self) -> None:
        from mosovo_planner.office.audit import anchor, check_record

        session = self._desk.session

        def work(report: Any) -> tuple[Any, Any]:
            return check_record(session, report), anchor(session)

        task = self._desk.tasks.run(
            "Verifying", work, done=self._verified, owner=self,
            failed=lambda error: show_error(self, error, "It was not verified"),
        )  # fmt: skip
        self.run.watch(task)

    def _verified(self, found: tuple[Any, Any]) -> None:
        report, newest = found
        self.show_anchor(newest)
        if report.ok:
            self.answer.setText(f"Whole. {report.words}")
        else:
            problems = "; ".join(report.problems)
            self.answer.setText(f"NOT whole: {problems}. Tell the supervisor and the force's security. {report.words}")

    def words(self) -> str:
        """The anchor with what it belongs to, as it is copied and printed."""
        return f"MOSOVO Planner, workspace {self._desk.session.title}: {self._anchor.words}"

    def copy(self) -> None:
        copy_text(self.words())

    def print_out(self) -> None:
        printer, session = printer_for_words(), self._desk.session
        if QPrintDialog(printer, self).exec() == QDialog.DialogCode.Accepted:
            self._desk.tasks.run(
                "Printing", lambda _report: screen_rules(session), owner=self, quiet=True,
                done=lambda rules: print_words(printer, self.words(), rules.marking),
            )  # fmt: skip
