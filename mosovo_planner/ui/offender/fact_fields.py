"""The form of each kind of fact, as data: which fields, in which words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from PySide6.QtCore import QDate
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QPushButton, QSpinBox, QVBoxLayout, QWidget

from mosovo_planner.domain.clock_table import ClockTable
from mosovo_planner.domain.facts import Condition, Event, NoFixedHome, Order, RiskSince, Stay, Trip
from mosovo_planner.domain.identity import Alias, EarlierAddress, OtherReference, Vehicle
from mosovo_planner.domain.kept import Fact
from mosovo_planner.domain.people import Risk, Status, risk_label
from mosovo_planner.domain.sentences import Disposal, Sentence, Term
from mosovo_planner.ui.dialogs.entry import MaybeDate, as_date, words_field
from mosovo_planner.ui.widgets import airy, button, choice, column, date_field, row


@dataclass(frozen=True)
class Field:
    """One line of a form: the label, the widget for a value (None: a new fact), and how its value is read."""

    name: str
    label: str
    make: Callable[[Any], QWidget]
    read: Callable[[Any], Any]


def day(name: str, label: str) -> Field:
    """A day that must be known."""

    def make(value: date | None) -> QWidget:
        shown = value or date.today()
        return date_field(label.replace("&", ""), QDate(shown.year, shown.month, shown.day))

    return Field(name, label, make, lambda widget: as_date(widget.date()))


def maybe_day(name: str, label: str) -> Field:
    return Field(name, label, lambda value: MaybeDate(label.replace("&", ""), value), lambda widget: widget.day)


def words(name: str, label: str, hint: str = "") -> Field:
    plain = label.replace("&", "")
    return Field(name, label, lambda value: words_field(plain, value or "", hint=hint), lambda widget: widget.text().strip())


def one_of(name: str, label: str, options: Sequence[tuple[str, object]], kind: Callable[[Any], object] = str) -> Field:
    def make(value: object) -> QComboBox:
        combo = choice(label.replace("&", ""), options)
        combo.setMinimumContentsLength(28)
        combo.setCurrentIndex(max(0, combo.findData(value)))
        return combo

    return Field(name, label, make, lambda widget: kind(widget.currentData()))


def tick(name: str, label: str) -> Field:
    def make(value: bool | None) -> QCheckBox:
        box = QCheckBox(label)
        box.setChecked(bool(value))
        return box

    return Field(name, "", make, lambda widget: widget.isChecked())


class TermField(QWidget):
    """A length in years, months, weeks and days."""

    def __init__(self, term: Term | None) -> None:
        super().__init__()
        self._spins: dict[str, QSpinBox] = {}
        for unit, most in (("years", 99), ("months", 99), ("weeks", 520), ("days", 999)):
            spin = airy(QSpinBox())
            spin.setRange(0, most)
            spin.setValue(getattr(term or Term(), unit))
            spin.setSuffix(f" {unit}")
            spin.setAccessibleName(f"Term, {unit}")
            self._spins[unit] = spin
        self.setLayout(row(*self._spins.values(), None, space=4))

    @property
    def term(self) -> Term:
        return Term(**{unit: spin.value() for unit, spin in self._spins.items()})


class ConditionsField(QWidget):
    """The conditions of an order, each with its own end where the court set one."""

    def __init__(self, conditions: Sequence[Condition] | None) -> None:
        super().__init__()
        self._rows: list[tuple[QHBoxLayout, Any, MaybeDate, QPushButton]] = []
        self._box = QVBoxLayout()
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(4)
        self.add_button = button("Add a con&dition", lambda: self.add(Condition("")), role="link")
        self.setLayout(column(self._box, row(self.add_button, None), space=2))
        for each in conditions or ():
            self.add(each)

    def add(self, condition: Condition) -> None:
        name = words_field("Condition", condition.name, hint="In a few words")
        end = MaybeDate("End of the condition", condition.end)
        gone = button("Remove", lambda: self._remove(line), role="link")
        layout = row(name, end, gone, space=4)
        layout.setStretch(0, 1)
        line = (layout, name, end, gone)
        self._rows.append(line)
        self._box.addLayout(layout)
        name.setFocus()

    def _remove(self, line: tuple[QHBoxLayout, Any, MaybeDate, QPushButton]) -> None:
        self._rows.remove(line)
        for widget in line[1:]:
            widget.hide()
            widget.deleteLater()
        self._box.removeItem(line[0])

    @property
    def conditions(self) -> tuple[Condition, ...]:
        return tuple(Condition(name.text().strip(), end.day) for _, name, end, _ in self._rows)


_AWAY = [(each.label, each) for each in (Status.CUSTODY, Status.HOSPITAL, Status.ABROAD)]
_TERM = Field("term", "&Term", TermField, lambda widget: widget.term)
_CONDITIONS = Field("conditions", "Conditions", ConditionsField, lambda widget: widget.conditions)

_FIELDS: Mapping[type, tuple[Field, ...]] = {
    Stay: (one_of("status", "&Where", _AWAY, Status), day("start", "&From"), maybe_day("end", "&Released or back")),
    Order: (
        words("kind", "&Order", "SHPO, SRO, notification order …"),
        day("start", "&Made on"),
        maybe_day("end", "&Ends"),
        maybe_day("discharged", "Dis&charged"),
        _CONDITIONS,
    ),
    Trip: (
        day("depart", "&Leaves"),
        maybe_day("back", "&Back"),
        maybe_day("notified", "&Notified"),
        maybe_day("back_notified", "&Return notified"),
        tick("return_given", "Day and &point of arrival were given before he left"),
    ),
    RiskSince: (one_of("risk", "&Risk", [(risk_label(each), each) for each in Risk], Risk), day("since", "&Set on")),
    Sentence: (
        day("relevant_date", "&Relevant date"),
        one_of("disposal", "&Disposal", [(each.label, each) for each in Disposal], Disposal),
        _TERM,
    ),
    NoFixedHome: (maybe_day("since", "&Since"),),
    Alias: (words("name", "&Name"), words("words", "&Where it comes from")),
    EarlierAddress: (words("address", "&Address"), words("postcode", "&Postcode"), maybe_day("until", "&Last known there")),
    Vehicle: (words("registration", "&Registration"), words("words", "&Make and colour")),
    OtherReference: (words("system", "&System", "Custody, nominal, PNC …"), words("number", "&Number")),
}

KINDS: tuple[tuple[str, type], ...] = (
    ("Event", Event),
    ("Stay in custody, hospital or abroad", Stay),
    ("Order", Order),
    ("Travel abroad", Trip),
    ("Sentence (for the end of notification)", Sentence),
    ("Risk level of an earlier day", RiskSince),
    ("No fixed home", NoFixedHome),
    ("Also known as", Alias),
    ("Other address", EarlierAddress),
    ("Vehicle", Vehicle),
    ("Reference of another system", OtherReference),
)
"""What can be entered, by name. What a supervisor decides has buttons of its own."""


def fields_of(kind: type, table: ClockTable) -> tuple[Field, ...]:
    """The fields of a kind of fact; those of an event name the force's own kinds of event."""
    if kind is not Event:
        return _FIELDS[kind]
    events = sorted((each.label, each.kind) for each in table.events.values() if not each.kind.startswith("visit_"))
    changes = sorted((each.label, each.kind) for each in table.events.values() if each.advance)
    return (
        one_of("kind", "&What", events),
        day("on", "&On"),
        maybe_day("expected", "&For the day"),
        maybe_day("ended", "&Ended"),
        one_of("matter", "Of &matter", [("All that was open", ""), *changes]),
    )


def made(kind: type, values: Mapping[str, Any]) -> Fact:
    """The fact of the values read from its form."""
    fact: Fact = kind(**values)
    return fact
