"""Something came up: an officer is sick, nobody answered, a crew is late, somebody must be seen at once."""

from __future__ import annotations

from datetime import date, datetime, time

from PySide6.QtCore import QDate, Qt, QTime, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QCompleter,
    QFormLayout,
    QLabel,
    QLayout,
    QSizePolicy,
    QSpinBox,
    QTimeEdit,
    QWidget,
)  # fmt: skip

from mosovo_planner.domain.clocks import in_words
from mosovo_planner.domain.proposals import Plan
from mosovo_planner.office.plans import PlanWork
from mosovo_planner.office.surprise import Delayed, NoReply, OfficerSick, Surprise, Urgent
from mosovo_planner.ui.plan.focus import Focus
from mosovo_planner.ui.plan.rows import People
from mosovo_planner.ui.proposals.dialog import Question
from mosovo_planner.ui.widgets import airy, choice, column, date_field, label, refill, row

SICK, NO_REPLY, LATE, URGENT = "sick", "no_reply", "late", "urgent"
KINDS = (
    ("An officer is sick", SICK),
    ("Nobody answered the door", NO_REPLY),
    ("A crew is late", LATE),
    ("Somebody must be seen soon", URGENT),
)
_HINTS = {
    SICK: "The officer goes home now. Visits already made stay; the absence is noted when the new plan is approved.",
    NO_REPLY: "The visit is tried again later, at another time of day where that can be.",
    LATE: "The rest of the round comes later; what no longer fits goes to others.",
    URGENT: "The visit goes before everything else that is not pinned.",
}
_TEN = 10


class CameUpDialog(Question):
    """Asks what came up. :attr:`told` brings the moment, the surprise, and whether to record the attempt at the door."""

    told = Signal(object, object, bool)

    def __init__(
        self, work: PlanWork, focus: Focus, *, kind: str = SICK, now: datetime | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__("Something came up", "&Plan again from now on", parent)
        self._work, self._people, self._focus = work, People(work), focus
        self._make_fields(_moment(work.plan, now or datetime.now()))  # noqa: DTZ005 - officers' local time without zone
        self.now = row(self.day, label("at", buddy=self.time), self.time, None)
        self.form = QFormLayout()
        self.form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        fields: tuple[tuple[str, QWidget | QLayout], ...] = (
            ("&What", self.kind), ("&Now it is", self.now), ("&Officer", self.officer), ("&Back after", self.until),
            ("&Visit", self.visit), ("", self.record), ("&Round", self.round), ("&Minutes late", self.minutes),
            ("Who&m", self.person), ("&By the end of", self.by),
        )  # fmt: skip
        for text, field in fields:
            self.form.addRow(text, field)
        here = self.form.labelForField(self.now)
        if isinstance(here, QLabel):
            here.setBuddy(self.day)
        self.hint = label("", role="muted", wrap=True)
        self.hint.setMinimumHeight(self.fontMetrics().height() * 3)
        self.setMinimumWidth(560)
        self.setLayout(column(self.form, self.hint, self.buttons, margin=16))
        self.kind.setCurrentIndex([each for _, each in KINDS].index(kind))
        self.kind.currentIndexChanged.connect(lambda _: self._follow())
        self.day.dateChanged.connect(lambda _: self._fill_today())
        self.visit.currentIndexChanged.connect(lambda _: self._judge())
        self.person.currentTextChanged.connect(lambda _: self._judge())
        self._fill_today()
        self._follow()

    def _make_fields(self, now: datetime) -> None:
        plan, focus = self._work.plan, self._focus
        first, last = _qdate(plan.start), _qdate(plan.end)
        self.kind = choice("What came up", KINDS)
        self.day = date_field("Day it is", _qdate(now.date()))
        self.day.setMaximumDate(last)
        self.time = airy(QTimeEdit(QTime(now.hour, now.minute)))
        self.time.setDisplayFormat("HH:mm")
        self.time.setAccessibleName("Time it is")
        officers = [(each.label, each.id) for each in self._work.view.managers]
        self.officer = choice("Officer who is sick", officers)
        crew = next((each.officers for each in plan.rounds if each.id == focus.round_id), None)
        if crew:
            self.officer.setCurrentIndex(max(0, self.officer.findData(crew[0])))
        self.until = date_field("Last day away", min(_qdate(now.date()), last))
        self.until.setMinimumDate(_qdate(now.date()))
        self.visit, self.round = choice("Visit that failed", []), choice("Round that is late", [])
        self.record = QCheckBox("Record the a&ttempt: nobody answered")
        self.record.setChecked(True)
        self.minutes = airy(QSpinBox())
        self.minutes.setRange(5, 480)
        self.minutes.setSingleStep(5)
        self.minutes.setValue(30)
        self.minutes.setAccessibleName("Minutes late")
        self.person = self._people_box()
        self.by = date_field("Last day for the visit", min(max(_qdate(now.date()), first), last))
        self.by.setDateRange(max(_qdate(now.date()), first), last)
        for box in (self.kind, self.officer, self.visit, self.round, self.person):
            box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            box.setMinimumContentsLength(30)

    def _people_box(self) -> QComboBox:
        """Everybody who can be visited; typing any part of reference or name finds him."""
        cases = [case for case in self._work.view.cases if not case.visit.suspended and case.offender.position]
        box = choice("Who must be seen", [(f"{case.offender.ref} · {case.offender.name}", case.offender.ref) for case in cases])
        box.setEditable(True)
        box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        line = box.lineEdit()
        if line is not None:
            line.setAccessibleName("Who must be seen: type to search")
        completer = QCompleter(box.model(), box)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        box.setCompleter(completer)
        box.setCurrentIndex(box.findData(self._focus.ref) if self._focus.ref else -1)
        return box

    @property
    def moment(self) -> datetime:
        day, clock = self.day.date(), self.time.time()
        return datetime.combine(_date(day), time(clock.hour(), clock.minute()))

    @property
    def surprise(self) -> Surprise | None:
        """What was chosen; None where something is missing."""
        match self.kind.currentData():
            case "sick":
                return OfficerSick(self.officer.currentData(), _date(self.until.date()))
            case "no_reply":
                return NoReply(self.visit.currentData()) if self.visit.currentData() else None
            case "late":
                return Delayed(self.round.currentData(), self.minutes.value()) if self.round.currentData() else None
        at = self.person.findText(self.person.currentText())
        return Urgent(self.person.itemData(at), _date(self.by.date())) if at >= 0 else None

    def _fill_today(self) -> None:
        """Visits and rounds of the day it is, those already due to be made first; what is looked at is chosen."""
        moment = self.moment
        rounds = sorted((each for each in self._work.plan.rounds if each.date == moment.date()), key=lambda each: each.start)
        visits = [
            (f"{stop.arrive:%H:%M}  {stop.ref} · {self._name(stop.ref)}", stop.ref) for each in rounds for stop in each.stops
        ]
        refill(self.visit, visits)
        refill(self.round, [(f"{self._people.crew(each)}, from {each.start:%H:%M}", each.id) for each in rounds])
        for box, wanted in ((self.visit, self._focus.ref), (self.round, self._focus.round_id)):
            if wanted is not None and box.findData(wanted) >= 0:
                box.setCurrentIndex(box.findData(wanted))
        self.until.setMinimumDate(self.day.date())
        self.by.setMinimumDate(max(self.day.date(), _qdate(self._work.plan.start)))
        self._judge()

    def _name(self, ref: str) -> str:
        offender = self._people.offender(ref)
        return offender.name if offender else ""

    def _follow(self) -> None:
        kind = self.kind.currentData()
        for field, own in (
            (self.officer, SICK), (self.until, SICK), (self.visit, NO_REPLY), (self.record, NO_REPLY), (self.round, LATE),
            (self.minutes, LATE), (self.person, URGENT), (self.by, URGENT),
        ):  # fmt: skip
            self.form.setRowVisible(field, kind == own)
        self._judge()

    def _judge(self) -> None:
        """Say what will happen, or what is missing."""
        kind, missing = self.kind.currentData(), self.surprise is None
        words = _HINTS[kind]
        if missing:
            day = in_words(self.moment.date())
            words = "Choose who must be seen: type a part of the reference or the name." if kind == URGENT else (
                f"No round goes out on {day}; set the day it is."
            )  # fmt: skip
        self.hint.setText(words)
        self.agree.setEnabled(not missing)

    def take(self) -> None:
        surprise, moment = self.surprise, self.moment
        if surprise is None:
            return
        record = isinstance(surprise, NoReply) and self.record.isChecked()
        self.accept()
        self.told.emit(moment, surprise, record)


def _moment(plan: Plan, now: datetime) -> datetime:
    """Now where the plan runs; the first morning of a plan to come; the last of one that is over."""
    if plan.start <= now.date() <= plan.end:
        return now
    return datetime.combine(plan.start if now.date() < plan.start else plan.end, time(_TEN))


def _qdate(day: date) -> QDate:
    return QDate(day.year, day.month, day.day)


def _date(day: QDate) -> date:
    return date(day.year(), day.month(), day.day())
