"""What a supervisor decides on an offender's file: when notification ends, and reactive management; what the door tells."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import QDate
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from mosovo_planner.domain.clocks import in_words
from mosovo_planner.domain.notification import end_of_notification, indefinite_review
from mosovo_planner.domain.reactive import reactive_objections, reactive_state
from mosovo_planner.domain.roles import Permission
from mosovo_planner.office.caseload import OffenderFile
from mosovo_planner.office.facts import confirm_end, decide_reactive
from mosovo_planner.ui.desk import Desk
from mosovo_planner.ui.dialogs.entry import as_date
from mosovo_planner.ui.errors import words_for
from mosovo_planner.ui.widgets import button, column, date_field, label, row, scrolled


class Decisions(QWidget):
    """Three groups, each with the facts it rests on in words and one button."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._file: OffenderFile | None = None
        self.door_words = label("", wrap=True, selectable=True)
        self.end_words = label("", wrap=True, selectable=True)
        self.indefinite = QCheckBox("&Indefinite")
        self.last_day = date_field("Last day of notification", QDate.currentDate())
        self.indefinite.toggled.connect(lambda on: self.last_day.setEnabled(not on))
        self.confirm = button("Con&firm the end", self._confirm)
        self.reactive_words = label("", wrap=True, selectable=True)
        self.reactive = button("&Approve reactive management", self._approve)
        self.error = label("", role="error", wrap=True)
        inside = QWidget()
        body: QVBoxLayout = column(
            label("At the door", role="section"), self.door_words,
            label("End of the notification requirements", role="section"), self.end_words,
            row(label("Last day"), self.last_day, self.indefinite, self.confirm, None),
            label("Reactive management", role="section"), self.reactive_words, row(self.reactive, None),
            self.error, None, margin=12, space=10,
        )  # fmt: skip
        inside.setLayout(body)
        self.setLayout(column(scrolled(inside, "Decisions")))

    def show_file(self, file: OffenderFile) -> None:
        self._file = file
        may = self._desk.session.may(Permission.APPROVE)
        offender, as_of = file.case.offender, file.case.as_of
        self.door_words.setText("\n".join(file.door.words()) or "The visits on record ask for nothing.")
        end = end_of_notification(offender, file.facts)
        if end is None:
            words = "Neither a sentence nor a confirmed end is entered. Enter the sentence under Facts to have it worked out."
        else:
            last = "indefinite" if end.last_day is None else f"last day {in_words(end.last_day)}"
            words = "\n".join([f"{last.capitalize()}. {end.why}", *end.doubts])
            self.indefinite.setChecked(end.last_day is None)
            if end.last_day is not None:
                self.last_day.setDate(QDate(end.last_day.year, end.last_day.month, end.last_day.day))
        review = indefinite_review(offender, file.facts)
        if review is not None:
            words += f"\nReview may be asked for from {in_words(review.on)}: {review.fact}, {review.rule}."
        self.end_words.setText(words)
        self._show_reactive(file, as_of)
        for each in (self.confirm, self.reactive):
            each.setToolTip("" if may else "A supervisor decides this.")
        self.confirm.setEnabled(may)
        self.error.setText("")

    def _show_reactive(self, file: OffenderFile, as_of: date) -> None:
        state = reactive_state(file.facts, file.table)
        against = reactive_objections(file.case.offender, file.facts, file.policy, file.table, as_of)
        if state.reactive and state.approval:
            words = f"Managed reactively since {in_words(state.approval.on)}, approved by {state.approval.by}."
        elif state.trigger is not None:
            words = f"Reopened: {file.table.label(state.trigger.kind)} on {in_words(state.trigger.on)}. He is visited again."
        else:
            words = "Managed actively."
        if against and not state.reactive:
            words += "\nNot open to reactive management: " + " ".join(against)
        self.reactive_words.setText(words)
        self.reactive.setEnabled(self._desk.session.may(Permission.APPROVE) and not state.reactive and not against)

    def _confirm(self) -> None:
        if self._file is not None:
            session, ref = self._desk.session, self._file.case.offender.ref
            last = None if self.indefinite.isChecked() else as_date(self.last_day.date())
            self._do("Confirming the end", lambda: confirm_end(session, ref, last, date.today()))

    def _approve(self) -> None:
        if self._file is not None:
            session, ref = self._desk.session, self._file.case.offender.ref
            self._do("Approving reactive management", lambda: decide_reactive(session, ref, date.today()))

    def _do(self, title: str, work: Callable[[], object]) -> None:
        self._desk.tasks.run(
            title, lambda _report: work(), done=lambda _: self._desk.records_changed(), failed=self._refused,
            owner=self, quiet=True,
        )  # fmt: skip

    def _refused(self, error: BaseException) -> None:
        words = words_for(error)
        if words is None:
            raise error
        self.error.setText(words)
