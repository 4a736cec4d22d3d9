"""Recording what happened at the door, in a few keys."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from uuid import uuid4

from PySide6.QtCore import QDate, Qt, QTime
from PySide6.QtWidgets import QCheckBox, QDialog, QDialogButtonBox, QFormLayout, QPlainTextEdit, QSizePolicy, QTimeEdit, QWidget

from mosovo_planner.domain.people import Offender
from mosovo_planner.domain.visits import Outcome, Visit, VisitKind
from mosovo_planner.office.caseload import record_visit
from mosovo_planner.ui.desk import Desk
from mosovo_planner.ui.errors import words_for
from mosovo_planner.ui.widgets import button, choice, column, date_field, label, row


class VisitDialog(QDialog):
    """The form for one visit. What is wrong is said beside the form; nothing typed is lost by a refusal."""

    def __init__(self, desk: Desk, offender: Offender, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._offender = offender
        self.setWindowTitle("Record a visit")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(460)
        managers = desk.view.managers if desk.view else ()
        officers: list[tuple[str, object]] = [(manager.label, manager.id) for manager in managers]
        self.day = date_field("Date of the visit", QDate.currentDate())
        self.day.setMaximumDate(QDate.currentDate())
        self.time = QTimeEdit(QTime(datetime.now().hour, 0))  # noqa: DTZ005 - a visit is in local time without zone
        self.time.setDisplayFormat("HH:mm")
        self.time.setAccessibleName("Time of the visit")
        self.outcome = choice("Outcome", [(each.label, each) for each in Outcome])
        self.kind = choice("Kind of visit", [(each.label, each) for each in VisitKind])
        self.kind.setCurrentIndex(list(VisitKind).index(VisitKind.ROUTINE))
        self.lead = choice("Lead officer", [("Choose…", None), *officers])
        self.partner = choice("Second officer", [("Choose…", None), ("Nobody: a lone visit", ""), *officers])
        self.lead.setCurrentIndex(max(0, self.lead.findData(offender.manager)))
        self.announced = QCheckBox("The visit was &announced")
        self.note = QPlainTextEdit()
        self.note.setTabChangesFocus(True)
        self.note.setAccessibleName("Note")
        self.note.setFixedHeight(72)
        self._error = label("", role="error", wrap=True)
        self._hint = label("", role="muted", wrap=True)
        self.outcome.currentIndexChanged.connect(lambda _: self._show_hint())
        self.partner.currentIndexChanged.connect(lambda _: self._show_hint())
        for field in (self.outcome, self.kind, self.lead, self.partner):
            field.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._lay_out()
        self._show_hint()

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow("&Date", self.day)
        form.addRow("&Time", self.time)
        form.addRow("&Outcome", self.outcome)
        form.addRow("&Kind", self.kind)
        form.addRow("&Lead officer", self.lead)
        form.addRow("&Second officer", self.partner)
        form.addRow("", self.announced)
        form.addRow("&Note", self.note)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        buttons.rejected.connect(self.reject)
        self._record = button("&Record visit", self.record, primary=True)
        self._record.setDefault(True)
        buttons.addButton(self._record, QDialogButtonBox.ButtonRole.ActionRole)
        title = label(self._offender.name, role="heading", wrap=True)
        reference = label(self._offender.ref, role="muted")
        self.setLayout(column(row(title, None, reference), form, self._hint, self._error, buttons, margin=16, space=10))

    @property
    def hint_words(self) -> str:
        return self._hint.text()

    @property
    def error_words(self) -> str:
        return self._error.text()

    def _show_hint(self) -> None:
        seen = Outcome(self.outcome.currentData()).successful
        words = "" if seen else "Only a visit at which he was seen resets the visit clock. "
        if self.partner.currentData() == "":
            words += "Guidance asks for two officers: a lone visit needs its reason in the note."
        self._hint.setText(words)

    def wrong(self) -> str:
        """What keeps this visit from being recorded, in words; empty where nothing does."""
        lead, partner = self.lead.currentData(), self.partner.currentData()
        rules: tuple[tuple[bool, str], ...] = (
            (lead is None, "Choose the lead officer."),
            (partner is None, "Choose the second officer, or say that it was a lone visit."),
            (bool(partner) and partner == lead, "The two officers must be two people."),
            (partner == "" and not self.note.toPlainText().strip(), "Give the reason for the lone visit in the note."),
            (self.visit_at() > datetime.now(), "The time lies ahead; record the visit once it has been made."),  # noqa: DTZ005
        )
        return next((words for broken, words in rules if broken), "")

    def visit_at(self) -> datetime:
        day, clock = self.day.date(), self.time.time()
        return datetime.combine(date(day.year(), day.month(), day.day()), time(clock.hour(), clock.minute()))

    def visit(self) -> Visit:
        return Visit(
            id=uuid4().hex,
            ref=self._offender.ref,
            at=self.visit_at(),
            kind=VisitKind(self.kind.currentData()),
            officers=tuple(each for each in (self.lead.currentData(), self.partner.currentData()) if each),
            announced=self.announced.isChecked(),
            outcome=Outcome(self.outcome.currentData()),
            note=self.note.toPlainText().strip(),
        )

    def record(self) -> None:
        words = self.wrong()
        self._error.setText(words)
        if words:
            return
        self._record.setEnabled(False)
        session, visit = self._desk.session, self.visit()
        work: Callable[[object], None] = lambda _report: record_visit(session, visit)  # noqa: E731
        self._desk.tasks.run("Recording the visit", work, done=lambda _: self._recorded(), failed=self._refused, owner=self)

    def _recorded(self) -> None:
        self._desk.records_changed()
        self.accept()

    def _refused(self, error: BaseException) -> None:
        self._record.setEnabled(True)
        words = words_for(error)
        if words is None:
            raise error
        self._error.setText(words)
