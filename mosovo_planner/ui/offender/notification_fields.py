"""The fields of a notification about a child: who the child is, the AWARE prompts, and what came of it."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from PySide6.QtCore import QDate, QTime
from PySide6.QtWidgets import QCheckBox, QFormLayout, QLineEdit, QPlainTextEdit, QSpinBox, QTimeEdit, QWidget

from mosovo_planner.domain.children import ChildNotification
from mosovo_planner.domain.people import Sex
from mosovo_planner.ui.dialogs.entry import MaybeDate, as_date, form, text_field, words_field
from mosovo_planner.ui.widgets import airy, choice, column, date_field, label, row

NOT_KNOWN = -1


class MomentField(QWidget):
    """A day and a time."""

    def __init__(self, name: str, moment: datetime) -> None:
        super().__init__()
        self.day = date_field(name, QDate(moment.year, moment.month, moment.day))
        self.time = airy(QTimeEdit(QTime(moment.hour, moment.minute)))
        self.time.setDisplayFormat("HH:mm")
        self.time.setAccessibleName(f"{name}, time")
        self.setLayout(row(self.day, label("at"), self.time, None, space=6))
        self.setFocusProxy(self.day)

    @property
    def moment(self) -> datetime:
        clock = self.time.time()
        return datetime.combine(as_date(self.day.date()), time(clock.hour(), clock.minute()))


class ChildPart(QWidget):
    """Who the child is: what other agencies need; school and ethnicity, or why one is missing."""

    def __init__(self, note: ChildNotification) -> None:
        super().__init__()
        self.noticed = MomentField("Noticed on", note.noticed_at)
        self.child_name = words_field("Name of the child", note.child_name)
        self.born = MaybeDate("Date of birth of the child", note.date_of_birth, latest=date.today())
        self.age = airy(QSpinBox())
        self.age.setRange(NOT_KNOWN, 17)
        self.age.setSpecialValueText("Not known")
        self.age.setAccessibleName("Age of the child, where the date of birth is not known")
        self.age.setValue(NOT_KNOWN if note.age is None else note.age)
        self.age.setMinimumWidth(110)
        self.sex = choice("Sex of the child", [("Choose…", None), ("Female", Sex.FEMALE), ("Male", Sex.MALE)])
        self.sex.setCurrentIndex(max(0, self.sex.findData(note.sex)))
        self.address = words_field("Address where the child lives", note.address)
        self.school = words_field("School", note.school)
        why = "Why, where it is missing"
        self.school_why_absent = words_field("Why the school is missing", note.school_why_absent, hint=why)
        self.ethnicity = words_field("Ethnicity", note.ethnicity)
        self.ethnicity_why_absent = words_field("Why the ethnicity is missing", note.ethnicity_why_absent, hint=why)
        self.relationship = words_field("How the child is related to the offender", note.relationship)
        self.parental_responsibility = words_field("Who has parental responsibility", note.parental_responsibility)
        self.setLayout(self._form())

    def _form(self) -> QFormLayout:
        fields = form()
        fields.addRow(label("&Noticed on", buddy=self.noticed.day), self.noticed)
        fields.addRow("Na&me", self.child_name)
        fields.addRow(label("&Born", buddy=self.born), row(self.born, label("or age"), self.age, label("sex"), self.sex, None))
        fields.addRow("A&ddress", self.address)
        fields.addRow(label("S&chool", buddy=self.school), row(self.school, self.school_why_absent))
        fields.addRow(label("&Ethnicity", buddy=self.ethnicity), row(self.ethnicity, self.ethnicity_why_absent))
        fields.addRow("Related to &him", self.relationship)
        fields.addRow("&Parental responsibility", self.parental_responsibility)
        fields.setContentsMargins(12, 12, 12, 12)
        return fields

    def values(self) -> dict[str, Any]:
        age = self.age.value()
        return {
            "noticed_at": self.noticed.moment,
            "date_of_birth": self.born.day,
            "age": None if age == NOT_KNOWN or self.born.day is not None else age,
            "sex": Sex(self.sex.currentData()) if self.sex.currentData() else None,
            **texts(self, _CHILD),
        }


class AwarePart(QWidget):
    """Appearance, words, activity, relationships, environment; what the child said stands in the child's own words."""

    def __init__(self, note: ChildNotification) -> None:
        super().__init__()
        looks, with_others = "How the child looked: clothes, health, injuries", "How the child was with those around"
        self.appearance = text_field("Appearance", note.appearance, height=58, hint=looks)
        self.words = text_field("Words", note.words, height=76, hint="What the child said, in the child's own words")
        self.words_why_absent = words_field(
            "Why nobody spoke to the child", note.words_why_absent, hint="Or why nobody spoke to the child"
        )
        self.activity = text_field("Activity", note.activity, height=58, hint="What the child was doing")
        self.relationships = text_field("Relationships", note.relationships, height=58, hint=with_others)
        self.environment = text_field("Environment", note.environment, height=58, hint="The home: food, sleep, warmth, hazards")
        fields = form()
        fields.addRow("&Appearance", self.appearance)
        fields.addRow("&Words", self.words)
        fields.addRow("", self.words_why_absent)
        fields.addRow("Ac&tivity", self.activity)
        fields.addRow("&Relationships", self.relationships)
        fields.addRow("En&vironment", self.environment)
        fields.setContentsMargins(12, 12, 12, 12)
        self.setLayout(fields)

    def values(self) -> dict[str, Any]:
        return texts(self, _AWARE)


class SentPart(QWidget):
    """When and to whom a person sent it, and what came of it. The program sends nothing."""

    def __init__(self, note: ChildNotification) -> None:
        super().__init__()
        self.sent = QCheckBox("It &was sent, by a person, through the force's own system")
        self.sent_at = MomentField("Sent on", note.sent_at or datetime.now())  # noqa: DTZ005 - local, as visits are
        self.sent_to = words_field("Sent to", note.sent_to, hint="Children's services, the force's protection desk …")
        self.agency_reference = words_field("Reference of the agency", note.agency_reference)
        self.strategy_meeting = MaybeDate("Day of the strategy meeting", note.strategy_meeting)
        self.strategy_outcome = text_field("Outcome of the strategy meeting", note.strategy_outcome, height=84)
        self.sent.toggled.connect(self.follow)
        self.sent.setChecked(note.sent)
        self.follow()
        fields = form()
        fields.addRow("", self.sent)
        fields.addRow(label("Sent &on", buddy=self.sent_at.day), self.sent_at)
        fields.addRow("Sent t&o", self.sent_to)
        fields.addRow("&Reference there", self.agency_reference)
        fields.addRow("Strate&gy meeting", self.strategy_meeting)
        fields.addRow("O&utcome", self.strategy_outcome)
        words = "This program sends nothing. Send it through the force's own system, then say here when and to whom."
        self.setLayout(column(label(words, role="muted", wrap=True), fields, None, margin=12, space=10))

    def follow(self) -> None:
        for field in (self.sent_at, self.sent_to, self.agency_reference):
            field.setEnabled(self.sent.isChecked())

    def values(self) -> dict[str, Any]:
        sent = self.sent.isChecked()
        return {
            "sent_at": self.sent_at.moment if sent else None,
            "sent_to": self.sent_to.text().strip() if sent else "",
            "agency_reference": self.agency_reference.text().strip() if sent else "",
            "strategy_meeting": self.strategy_meeting.day,
            "strategy_outcome": self.strategy_outcome.toPlainText().strip(),
        }


_CHILD = (
    "child_name", "address", "school", "school_why_absent", "ethnicity", "ethnicity_why_absent", "relationship",
    "parental_responsibility",
)  # fmt: skip
_AWARE = ("appearance", "words", "words_why_absent", "activity", "relationships", "environment")


def texts(part: QWidget, names: tuple[str, ...]) -> dict[str, str]:
    """What stands in the text fields of these names."""
    found = {}
    for name in names:
        field = getattr(part, name)
        text = field.toPlainText() if isinstance(field, QPlainTextEdit) else field.text() if isinstance(field, QLineEdit) else ""
        found[name] = text.strip()
    return found
