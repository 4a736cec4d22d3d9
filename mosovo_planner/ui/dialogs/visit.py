"""Recording what happened at the door, in a few keys."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from uuid import uuid4

from PySide6.QtCore import QDate, Qt, QTime
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLineEdit,
    QPlainTextEdit,
    QSizePolicy,
    QSpinBox,
    QTimeEdit,
    QWidget,
)  # fmt: skip

from mosovo_planner.domain.door import AtTheDoor, visit_problems
from mosovo_planner.domain.people import Offender
from mosovo_planner.domain.roles import Permission
from mosovo_planner.domain.visits import Outcome, Visit, VisitKind
from mosovo_planner.office.door import STATUS_BY_OUTCOME, record_visit
from mosovo_planner.ui.desk import Desk
from mosovo_planner.ui.errors import words_for
from mosovo_planner.ui.widgets import airy, ask, button, button_box, choice, column, date_field, label, line, row, tell

_CHILD: Sequence[tuple[str, object]] = (("Not asked", None), ("No child", False), ("A child lives or stays there", True))
_LONGEST = 500


class VisitDialog(QDialog):
    """The form for one visit. What is wrong is said beside the form; nothing typed is lost by a refusal.

    ``known`` (from a round of the plan) fills in time, officers and kind.
    """

    def __init__(self, desk: Desk, offender: Offender, parent: QWidget | None = None, *, known: Visit | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._offender = offender
        self.about = offender.ref
        self.setWindowTitle("Record a visit")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(820)
        self._make_first_fields()
        self._make_home_fields()
        self._error = label("", role="error", wrap=True)
        self._hint = label("", role="muted", wrap=True)
        self._lay_out()
        if known is not None:
            self._fill_in(known)
        for combo in (self.outcome, self.partner):
            combo.currentIndexChanged.connect(lambda _: self._follow())
        self.announced.toggled.connect(lambda _: self._follow())
        self._follow()
        self.outcome.setFocus()

    # Fields

    def _make_first_fields(self) -> None:
        managers = self._desk.view.managers if self._desk.view else ()
        officers: list[tuple[str, object]] = [(manager.label, manager.id) for manager in managers]
        self.outcome = choice("Outcome", [(each.label, each) for each in Outcome])
        self.day = date_field("Date of the visit", QDate.currentDate())
        self.day.setMaximumDate(QDate.currentDate())
        self.time = airy(QTimeEdit(QTime(datetime.now().hour, 0)))  # noqa: DTZ005 - a visit is in local time without zone
        self.time.setDisplayFormat("HH:mm")
        self.time.setAccessibleName("Time of the visit")
        self.kind = choice("Kind of visit", [(each.label, each) for each in VisitKind])
        self.kind.setCurrentIndex(list(VisitKind).index(VisitKind.ROUTINE))
        self.lead = choice("Lead officer", [("Choose…", None), *officers])
        self.partner = choice("Second officer", [("Choose…", None), ("Nobody: a lone visit", ""), *officers])
        self.lead.setCurrentIndex(max(0, self.lead.findData(self._offender.manager)))
        self.lone_reason = _words("Reason for the lone visit")
        self.approve = QCheckBox("I &approve this lone visit as supervisor")
        self.announced = QCheckBox("The visit was a&nnounced")
        self.announced_reason = _words("Reason for announcing the visit")
        self.status = QCheckBox()
        self.status.setChecked(True)
        for field in (self.outcome, self.kind, self.lead, self.partner):
            field.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def _make_home_fields(self) -> None:
        self.devices = airy(QSpinBox())
        self.devices.setRange(-1, 99)
        self.devices.setValue(-1)
        self.devices.setSpecialValueText("Not looked at")
        self.devices.setAccessibleName("Devices checked")
        self.household = _words("Who else lives there")
        self.child = choice("Child in the household", _CHILD)
        self.child.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.risk_noticed = _words("Risk noticed")
        self.asked = QCheckBox("He asked to c&hoose or put off the time")
        self.entered = QCheckBox("Entered in &ViSOR on")
        self.entered_on = date_field("Entered in ViSOR on", QDate.currentDate())
        self.entered_on.setMaximumDate(QDate.currentDate())
        self.entered_on.setEnabled(False)
        self.entered.toggled.connect(self.entered_on.setEnabled)
        self.note = QPlainTextEdit()
        self.note.setTabChangesFocus(True)
        self.note.setAccessibleName("Note")
        self.note.setFixedHeight(64)

    def _lay_out(self) -> None:
        door, home = _form(), _form()
        self._door = door
        door.addRow("&Outcome", self.outcome)
        door.addRow("", self.status)
        door.addRow(label("&Date", buddy=self.day), row(self.day, label("at"), self.time, None))
        door.addRow("&Kind", self.kind)
        door.addRow("&Lead officer", self.lead)
        door.addRow("&Second officer", self.partner)
        door.addRow("Lone: &why", self.lone_reason)
        door.addRow("", self.approve)
        door.addRow("", self.announced)
        door.addRow("Announced: wh&y", self.announced_reason)
        home.addRow("Devices c&hecked", self.devices)
        home.addRow("Who else lives &there", self.household)
        home.addRow("&Child", self.child)
        home.addRow("Ris&k noticed", self.risk_noticed)
        home.addRow("", self.asked)
        home.addRow("", row(self.entered, self.entered_on, None))
        home.addRow("&Note", self.note)
        buttons = button_box(QDialogButtonBox.StandardButton.Cancel)
        buttons.rejected.connect(self.reject)
        self._record = button("&Record visit", self.record, primary=True)
        self._record.setDefault(True)
        buttons.addButton(self._record, QDialogButtonBox.ButtonRole.ActionRole)
        title = label(self._offender.name, role="heading", wrap=True)
        both = row(
            column(label("At the door", role="section"), door, None),
            column(label("In the home", role="section"), home, None),
            space=24,
        )
        both.setStretch(0, 1)
        both.setStretch(1, 1)
        reference = label(self._offender.ref, role="muted")
        self.setLayout(column(row(title, None, reference), line(), both, self._hint, self._error, buttons, margin=16, space=10))

    def _fill_in(self, known: Visit) -> None:
        self.day.setDate(min(QDate(known.at.year, known.at.month, known.at.day), QDate.currentDate()))
        self.time.setTime(QTime(known.at.hour, known.at.minute))
        self.kind.setCurrentIndex(list(VisitKind).index(known.kind))
        for combo, officer in zip((self.lead, self.partner), known.officers, strict=False):
            combo.setCurrentIndex(max(0, combo.findData(officer)))

    # What the form says

    @property
    def hint_words(self) -> str:
        return self._hint.text()

    @property
    def error_words(self) -> str:
        return self._error.text()

    def _follow(self) -> None:
        """Show the fields that this outcome and crew ask for, and what they mean."""
        outcome, lone = Outcome(self.outcome.currentData()), self.partner.currentData() == ""
        may = self._desk.session.may(Permission.APPROVE)
        status = STATUS_BY_OUTCOME.get(outcome)
        self._door.setRowVisible(self.lone_reason, lone)
        self._door.setRowVisible(self.approve, lone and may)
        self._door.setRowVisible(self.announced_reason, self.announced.isChecked())
        self._door.setRowVisible(self.status, status is not None and status is not self._offender.status)
        self.status.setText(f"Set his status to {status.label.lower()}" if status else "")
        for field in (self.devices, self.household, self.child):
            field.setEnabled(outcome.successful)
        words = "" if outcome.successful else "Only a visit at which he was seen resets the visit clock. "
        if lone:
            words += "Guidance asks for two officers: a lone visit needs its reason and a supervisor's approval."
            words += "" if may else " It waits on the supervisor's screen."
        self._hint.setText(words)

    def wrong(self) -> str:
        """What keeps this visit from being recorded, in words; empty where nothing does."""
        if self.lead.currentData() is None:
            return "Choose the lead officer."
        if self.partner.currentData() is None:
            return "Choose the second officer, or say that it was a lone visit."
        return next(iter(visit_problems(self.visit(), datetime.now())), "")  # noqa: DTZ005

    def visit_at(self) -> datetime:
        clock = self.time.time()
        return datetime.combine(_day(self.day.date()), time(clock.hour(), clock.minute()))

    def visit(self) -> Visit:
        outcome = Outcome(self.outcome.currentData())
        officers = tuple(each for each in (self.lead.currentData(), self.partner.currentData()) if each)
        lone, announced, inside = len(officers) == 1, self.announced.isChecked(), outcome.successful
        return Visit(
            id=uuid4().hex,
            ref=self._offender.ref,
            at=self.visit_at(),
            kind=VisitKind(self.kind.currentData()),
            officers=officers,
            announced=announced,
            outcome=outcome,
            note=self.note.toPlainText().strip(),
            announced_reason=self.announced_reason.text().strip() if announced else "",
            lone_reason=self.lone_reason.text().strip() if lone else "",
            approved_by=self._desk.session.user if lone and self.approve.isChecked() else "",
            devices_checked=self.devices.value() if inside and self.devices.value() >= 0 else None,
            household=self.household.text().strip() if inside else "",
            child_in_household=self.child.currentData() if inside else None,
            risk_noticed=self.risk_noticed.text().strip(),
            visor_entered_on=_day(self.entered_on.date()) if self.entered.isChecked() else None,
            asked_to_choose=self.asked.isChecked(),
        )

    # Recording

    def record(self) -> None:
        words = self.wrong()
        self._error.setText(words)
        if words:
            return
        self._record.setEnabled(False)
        session, visit = self._desk.session, self.visit()
        status = STATUS_BY_OUTCOME.get(visit.outcome) if self.status.isChecked() else None
        self._desk.tasks.run(
            "Recording the visit",
            lambda _report: record_visit(session, visit, status=status),
            done=lambda found: self._recorded(found, visit),
            failed=self._refused,
            owner=self,
        )

    def _recorded(self, found: AtTheDoor, visit: Visit) -> None:
        self._desk.records_changed()
        self.accept()
        words = "\n\n".join(found.words())
        if visit.child_in_household:
            self._offer_notification(visit, words)
        elif words:
            tell(self.parentWidget(), "Recorded", "The visit is recorded. It asks for this:", words)

    def _offer_notification(self, visit: Visit, words: str) -> None:
        """A child was met: the notification can be written at once; nothing is written by itself."""
        from mosovo_planner.office.children import begin_notification
        from mosovo_planner.ui.offender.notification import NotificationDialog

        desk, name, parent = self._desk, self._offender.name, self.parentWidget()
        note = begin_notification(visit.ref, desk.session.user, visit.at, visit)
        ask(
            parent, "Recorded", "The visit is recorded. Write the notification about the child now?", more=words,
            yes="Write the notification", do=lambda: NotificationDialog(desk, name, note, None, parent).open(),
        )  # fmt: skip

    def _refused(self, error: BaseException) -> None:
        self._record.setEnabled(True)
        words = words_for(error)
        if words is None:
            raise error
        self._error.setText(words)


def _form() -> QFormLayout:
    form = QFormLayout()
    form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    return form


def _words(name: str) -> QLineEdit:
    field = QLineEdit()
    field.setAccessibleName(name)
    field.setMaxLength(_LONGEST)
    return field


def _day(day: QDate) -> date:
    return date(day.year(), day.month(), day.day())
