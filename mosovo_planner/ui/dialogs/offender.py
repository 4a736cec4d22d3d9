"""Adding an offender, or changing one by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import TypeVar

from PySide6.QtWidgets import QCheckBox, QPlainTextEdit, QSizePolicy, QSpinBox, QWidget

from mosovo_planner.domain.entering import offender_problems
from mosovo_planner.domain.merging import record_fields, with_fields
from mosovo_planner.domain.people import Offender, Risk, Sex, Status, risk_label
from mosovo_planner.domain.roles import Permission
from mosovo_planner.office.entering import save_offender
from mosovo_planner.ui.desk import Desk
from mosovo_planner.ui.dialogs.entry import EntryDialog, MaybeDate, form, words_field
from mosovo_planner.ui.dialogs.reconcile import Merging
from mosovo_planner.ui.widgets import airy, choice, column, label, row

Kind = TypeVar("Kind")


class OffenderDialog(EntryDialog):
    """One offender's record. No field takes offences in detail, victims or bank data, on purpose."""

    def __init__(self, desk: Desk, offender: Offender | None = None, parent: QWidget | None = None) -> None:
        title = "Change an offender" if offender else "Add an offender"
        heading = offender.name if offender else "A new offender"
        super().__init__(desk, title, heading, "&Save" if offender else "&Add", parent)
        self._before = offender or Offender(ref="")
        self.about = self._before.ref
        self.setMinimumWidth(860)
        self._make_identity()
        self._make_management()
        self._lay_out()
        (self.surname if offender else self.ref).setFocus()

    def _make_identity(self) -> None:
        held = self._before
        self.ref = words_field("Reference", held.ref, longest=60)
        self.ref.setReadOnly(bool(held.ref))
        self.visor = words_field("ViSOR reference", held.visor_ref, longest=60)
        self.surname = words_field("Surname", held.surname)
        self.forenames = words_field("Forenames", held.forenames)
        self.born = MaybeDate("Date of birth", held.date_of_birth, latest=date.today())
        self.sex = choice("Sex", [("Not recorded", None), *((each.name.capitalize(), each) for each in Sex)])
        self.sex.setCurrentIndex(self.sex.findData(held.sex))
        self.address = words_field("Address", held.address)
        self.postcode = words_field("Postcode", held.postcode, longest=12)
        self.markers = words_field("Markers", ", ".join(held.markers), hint="Dog, two officers, not OM03 …")
        self.orders = words_field("Orders", held.orders)
        self.notes = QPlainTextEdit(held.notes)
        self.notes.setTabChangesFocus(True)
        self.notes.setAccessibleName("Notes")
        self.notes.setFixedHeight(64)

    def _make_management(self) -> None:
        held, view = self._before, self.desk.view
        officers = sorted((manager.label, manager.id) for manager in (view.managers if view else ()))
        self.status = choice("Status", [(each.label, each) for each in Status])
        self.status.setCurrentIndex(self.status.findData(held.status))
        self.risk = choice("Risk", [("Not assessed", None), *((risk_label(each), each) for each in Risk)])
        self.risk.setCurrentIndex(self.risk.findData(held.risk))
        self.interval = airy(QSpinBox())
        self.interval.setRange(0, 24)
        self.interval.setSpecialValueText("By policy for the risk")
        self.interval.setSuffix(" months")
        self.interval.setValue(held.interval_months or 0)
        self.interval.setAccessibleName("Own visit interval")
        self.mappa = choice("MAPPA level", [("None", None), ("1", 1), ("2", 2), ("3", 3)])
        self.mappa.setCurrentIndex(self.mappa.findData(held.mappa_level))
        self.seen = MaybeDate("Last successful visit", held.last_seen, latest=date.today())
        self.arms = MaybeDate("ARMS done", held.arms_done, latest=date.today())
        self.review = MaybeDate("RMP review due", held.rmp_review_due)
        self.manager = choice("Offender manager", [("Not allocated", None), *officers])
        self.manager.setCurrentIndex(max(0, self.manager.findData(held.manager)))
        self.pinned = QCheckBox("The case stays with this manager (&pinned)")
        self.pinned.setChecked(held.pinned_manager)
        may = self.desk.session.may(Permission.APPROVE)
        for widget in (self.manager, self.pinned):
            widget.setEnabled(may)
            widget.setToolTip("" if may else "A supervisor decides whose case it is.")
        self.supervisor = words_field("Supervisor", held.supervisor, longest=80)
        for combo in (self.sex, self.status, self.risk, self.mappa, self.manager):
            combo.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def _lay_out(self) -> None:
        person, case = form(), form()
        person.addRow("&Reference", self.ref)
        person.addRow("&ViSOR reference", self.visor)
        person.addRow("S&urname", self.surname)
        person.addRow("&Forenames", self.forenames)
        person.addRow("Date of &birth", self.born)
        person.addRow("Se&x", self.sex)
        person.addRow("A&ddress", self.address)
        person.addRow("Post&code", self.postcode)
        person.addRow("Mar&kers", self.markers)
        case.addRow("S&tatus", self.status)
        case.addRow("R&isk", self.risk)
        case.addRow("Own inter&val", self.interval)
        case.addRow("&Last seen", self.seen)
        case.addRow("ARMS d&one", self.arms)
        case.addRow("RMP revie&w due", self.review)
        case.addRow("MAPPA &level", self.mappa)
        case.addRow("&Manager", self.manager)
        case.addRow("", self.pinned)
        case.addRow("Su&pervisor", self.supervisor)
        both = row(
            column(label("The person", role="section"), person, None),
            column(label("Management", role="section"), case, None),
            space=24,
        )
        both.setStretch(0, 1)
        both.setStretch(1, 1)
        below = form()
        below.addRow("Or&ders", self.orders)
        below.addRow("&Notes", self.notes)
        self.lay_out(column(both, below, space=10))

    def offender(self) -> Offender:
        """The record as typed; position and version are those that were read."""
        markers = [each.strip() for each in self.markers.text().split(",")]
        return replace(
            self._before,
            ref=self.ref.text().strip(),
            visor_ref=self.visor.text().strip(),
            surname=self.surname.text().strip(),
            forenames=self.forenames.text().strip(),
            date_of_birth=self.born.day,
            sex=_maybe(Sex, self.sex.currentData()),
            address=self.address.text().strip(),
            postcode=self.postcode.text().strip(),
            status=Status(self.status.currentData()),
            risk=_maybe(Risk, self.risk.currentData()),
            interval_months=self.interval.value() or None,
            last_seen=self.seen.day,
            manager=self.manager.currentData(),
            pinned_manager=self.pinned.isChecked(),
            supervisor=self.supervisor.text().strip(),
            arms_done=self.arms.day,
            rmp_review_due=self.review.day,
            mappa_level=self.mappa.currentData(),
            orders=self.orders.text().strip(),
            markers=tuple(each for each in markers if each),
            notes=self.notes.toPlainText().strip(),
        )

    def wrong(self) -> str:
        return next(iter(offender_problems(self.offender(), date.today())), "")

    def work(self) -> Callable[[], object]:
        session, wanted = self.desk.session, self.offender()
        return lambda: save_offender(session, wanted)

    def merging(self) -> Merging | None:
        from mosovo_planner.office.editing import TOGETHER, stored_offender

        session, ref = self.desk.session, self._before.ref
        if not ref:
            return None
        return Merging(
            record_fields(self._before), record_fields(self.offender()), lambda: stored_offender(session, ref), record_fields,
            lambda values, stored: save_offender(session, with_fields(stored, values)), self._in_words, TOGETHER,
        )  # fmt: skip

    def _in_words(self, name: str, value: object) -> str:
        from mosovo_planner.office.editing import value_words

        return self.desk.manager_label(str(value) if value else None) if name == "manager" else value_words(value)


def _maybe(kind: Callable[[str], Kind], value: str | None) -> Kind | None:
    return None if value is None else kind(value)
