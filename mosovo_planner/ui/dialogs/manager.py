"""Adding an offender manager, or changing base, hours, training and absences."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from PySide6.QtCore import QDate
from PySide6.QtWidgets import QCheckBox, QDateEdit, QDoubleSpinBox, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from mosovo_planner.domain.entering import manager_problems
from mosovo_planner.domain.merging import record_fields, with_fields
from mosovo_planner.domain.people import Absence, OffenderManager, Sex
from mosovo_planner.office.entering import save_manager
from mosovo_planner.ui.desk import Desk
from mosovo_planner.ui.dialogs.entry import EntryDialog, as_date, form, words_field
from mosovo_planner.ui.dialogs.reconcile import Merging
from mosovo_planner.ui.widgets import airy, button, choice, column, date_field, holder, label, row, scrolled


class ManagerDialog(EntryDialog):
    """One offender manager's record."""

    def __init__(self, desk: Desk, manager: OffenderManager | None = None, parent: QWidget | None = None) -> None:
        title = "Change an offender manager" if manager else "Add an offender manager"
        heading = manager.label if manager else "A new offender manager"
        super().__init__(desk, title, heading, "&Save" if manager else "&Add", parent)
        self._before = held = manager or OffenderManager(id="")
        self.setMinimumWidth(860)
        self.about = held.id
        self.id = words_field("Id", held.id, longest=60, hint="OM07, or a collar number")
        self.id.setReadOnly(bool(held.id))
        self.name = words_field("Name", held.name)
        self.rank = words_field("Rank", held.rank, longest=60)
        self.team = words_field("Team", held.team, longest=80)
        self.reach = words_field("How to reach", held.reach, hint="Extension, e-mail")
        self.base = words_field("Base", held.base)
        self.postcode = words_field("Postcode of the base", held.base_postcode, longest=12)
        self.hours = airy(QDoubleSpinBox())
        self.hours.setRange(0.5, 60)
        self.hours.setDecimals(1)
        self.hours.setSuffix(" h a week")
        self.hours.setValue(held.weekly_hours)
        self.hours.setAccessibleName("Weekly hours")
        self.trained = QCheckBox("MOSOVO &trained")
        self.trained.setChecked(held.trained)
        self.arms = QCheckBox("&ARMS trained")
        self.arms.setChecked(held.arms_trained)
        self.sex = choice("Sex", [("Not recorded", None), *((each.name.capitalize(), each) for each in Sex)])
        self.sex.setCurrentIndex(self.sex.findData(held.sex))
        self.sex.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.absences: list[AbsenceRow] = []
        self._rows = QVBoxLayout()
        self._rows.setContentsMargins(0, 0, 8, 0)
        self._rows.addStretch(1)
        for each in held.absences:
            self._add(each)
        self._lay_out()
        (self.name if manager else self.id).setFocus()

    def _lay_out(self) -> None:
        who, where = form(), form()
        who.addRow("&Id", self.id)
        who.addRow("&Name", self.name)
        who.addRow("Ran&k", self.rank)
        who.addRow("T&eam", self.team)
        who.addRow("&Reach", self.reach)
        where.addRow("&Base", self.base)
        where.addRow("&Postcode", self.postcode)
        where.addRow("&Hours", self.hours)
        where.addRow("Se&x", self.sex)
        where.addRow("", row(self.trained, self.arms, None))
        both = row(column(who, None), column(where, None), space=24)
        both.setStretch(0, 1)
        both.setStretch(1, 1)
        area = scrolled(holder(self._rows), "Absences")
        area.setMinimumHeight(110)
        head = row(label("Absences", role="section"), None, button("A&dd absence", self.add_absence))
        self.lay_out(column(both, head, area, space=10))

    def add_absence(self) -> AbsenceRow:
        """One more, from today; a week unless changed."""
        today = date.today()
        made = self._add(Absence(today, today + timedelta(days=6)))
        made.start.setFocus()
        return made

    def _add(self, absence: Absence) -> AbsenceRow:
        made = AbsenceRow(absence, self._take_out)
        self.absences.append(made)
        self._rows.insertWidget(self._rows.count() - 1, made)
        return made

    def _take_out(self, gone: AbsenceRow) -> None:
        self.absences.remove(gone)
        self._rows.removeWidget(gone)
        gone.deleteLater()

    def manager(self) -> OffenderManager:
        """The record as typed; position and version are those that were read."""
        sex = self.sex.currentData()
        return replace(
            self._before,
            id=self.id.text().strip(),
            name=self.name.text().strip(),
            rank=self.rank.text().strip(),
            team=self.team.text().strip(),
            reach=self.reach.text().strip(),
            base=self.base.text().strip(),
            base_postcode=self.postcode.text().strip(),
            weekly_hours=self.hours.value(),
            trained=self.trained.isChecked(),
            arms_trained=self.arms.isChecked(),
            sex=None if sex is None else Sex(sex),
            absences=tuple(sorted((each.absence() for each in self.absences), key=lambda each: each.start)),
        )

    def wrong(self) -> str:
        return next(iter(manager_problems(self.manager())), "")

    def work(self) -> Callable[[], object]:
        session, wanted = self.desk.session, self.manager()
        return lambda: save_manager(session, wanted)

    def merging(self) -> Merging | None:
        from mosovo_planner.office.editing import TOGETHER, stored_manager, value_words

        session, held = self.desk.session, self._before.id
        if not held:
            return None
        return Merging(
            record_fields(self._before), record_fields(self.manager()), lambda: stored_manager(session, held), record_fields,
            lambda values, stored: save_manager(session, with_fields(stored, values)), lambda _, value: value_words(value),
            TOGETHER,
        )  # fmt: skip


class AbsenceRow(QWidget):
    """First and last day, and why."""

    def __init__(self, absence: Absence, take_out: Callable[[AbsenceRow], None]) -> None:
        super().__init__()
        self.start: QDateEdit = date_field("First day away", _qdate(absence.start))
        self.end: QDateEdit = date_field("Last day away", _qdate(absence.end))
        self.reason: QLineEdit = words_field("Reason of the absence", absence.reason, longest=120, hint="Leave, course …")
        remove = button("Remove", lambda: take_out(self), role="link")
        self.setLayout(row(self.start, label("to"), self.end, self.reason, remove))

    def absence(self) -> Absence:
        return Absence(as_date(self.start.date()), as_date(self.end.date()), self.reason.text().strip())


def _qdate(day: date) -> QDate:
    return QDate(day.year, day.month, day.day)
