"""Forms of retention: a review, a legal hold set and lifted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import QDate
from PySide6.QtWidgets import QCheckBox, QGridLayout, QWidget

from mosovo_planner.domain.clocks import add_months, in_words
from mosovo_planner.domain.retention import CRITERIA, Decision, Ground, LegalHold, RetentionGroup
from mosovo_planner.domain.retention_clock import interval_key
from mosovo_planner.domain.roles import Permission
from mosovo_planner.office.retention import Draft, RetentionView, file_review, lift_hold, set_hold
from mosovo_planner.ui.desk import Desk
from mosovo_planner.ui.dialogs.entry import EntryDialog, MaybeDate, as_date, form, text_field
from mosovo_planner.ui.widgets import choice, column, date_field, label, row


class ReviewDialog(EntryDialog):
    """Retain, amend or dispose, with the reason; it waits for a second person then."""

    def __init__(self, desk: Desk, view: RetentionView, name: str, parent: QWidget | None = None) -> None:
        super().__init__(desk, "Retention review", name, "&File the review", parent)
        self._view = view
        self.about = view.ref
        self.setMinimumWidth(760)
        today = date.today()
        self.on = date_field("Day of the review", QDate(today.year, today.month, today.day))
        self.on.setMaximumDate(QDate(today.year, today.month, today.day))
        self.group = choice("Review group", [(each.label, each) for each in RetentionGroup])
        self.group.setCurrentIndex(list(RetentionGroup).index(view.group))
        decisions = [each for each in Decision if each is not Decision.DISPOSE or desk.session.may(Permission.RETENTION)]
        self.decision = choice("Decision", [(each.label, each) for each in decisions])
        self.ground = choice("Why it is to be erased", [("Choose…", None), *((each.label, each) for each in Ground)])
        self.reason = text_field("Reason", hint="Why keeping it is necessary and proportionate, or why it no longer is")
        self.next_due = MaybeDate("An earlier next review", None)
        self.criteria = {key: QCheckBox(words) for key, words in CRITERIA.items()}
        self.note = label("", role="muted", wrap=True)
        for combo in (self.group, self.decision, self.ground):
            combo.setMinimumContentsLength(38)
        self._lay_out()
        for combo in (self.group, self.decision):
            combo.currentIndexChanged.connect(lambda _: self._follow())
        self.on.dateChanged.connect(lambda _: self._follow())
        self._follow()
        self.decision.setFocus()

    def _lay_out(self) -> None:
        self._fields = form()
        self._fields.addRow("&Decision", self.decision)
        self._fields.addRow("&Why it is to be erased", self.ground)
        self._fields.addRow("&Reason", self.reason)
        self._fields.addRow(label("Da&y of the review", buddy=self.on), row(self.on, None))
        self._fields.addRow("Review &group", self.group)
        self._fields.addRow("&Next review sooner, on", self.next_due)
        grid = QGridLayout()
        grid.setHorizontalSpacing(24)
        for place, box in enumerate(self.criteria.values()):
            grid.addWidget(box, place // 2, place % 2)
        heading = label("National Retention Assessment Criteria: tick what holds (wording to be confirmed)", role="section")
        self.lay_out(column(self._fields, heading, grid, self.note, space=10), self._view.ref)

    def _follow(self) -> None:
        """Show what this decision asks for, and what it leads to."""
        dispose = self.decision.currentData() == Decision.DISPOSE
        self._fields.setRowVisible(self.ground, dispose)
        self._fields.setRowVisible(self.next_due, not dispose)
        self.act.setText("&Ask for the erasure" if dispose else "&File the review")
        held = self._view.retention.hold
        if dispose and held is not None:
            words = f"Legal hold since {in_words(held.set_at.date())} by {held.set_by}: the record cannot be erased."
        elif dispose:
            words = (
                "Another supervisor or manager has to approve. The record is then erased for good, with everything kept about "
                "him here; a certificate without its contents stays."
            )
        else:
            words = f"Another supervisor or manager has to authorise it.{self._next_words()}"
        self.note.setText(words)

    def _next_words(self) -> str:
        months = self._view.policy.maybe(interval_key(RetentionGroup(self.group.currentData())))
        if months is None:
            return " The force has set no interval for this group."
        return f" The next review is then due by {in_words(add_months(as_date(self.on.date()), round(months)))}, or sooner."

    def draft(self) -> Draft:
        dispose = self.decision.currentData() == Decision.DISPOSE
        ground = self.ground.currentData()
        return Draft(
            self._view.ref,
            as_date(self.on.date()),
            RetentionGroup(self.group.currentData()),
            Decision(self.decision.currentData()),
            self.reason.toPlainText().strip(),
            tuple(key for key, box in self.criteria.items() if box.isChecked()),
            Ground(ground) if dispose and ground is not None else None,
            None if dispose else self.next_due.day,
        )

    def wrong(self) -> str:
        draft = self.draft()
        if draft.decision is Decision.DISPOSE and self._view.retention.hold is not None:
            return "A legal hold is in force on this record, so it cannot be erased. Lift the hold first."
        if draft.decision is Decision.DISPOSE and draft.ground is None:
            return "Choose why the record is to be erased."
        return "" if draft.reason else "A review needs its reason: the decision to keep or erase a record is itself recorded."

    def work(self) -> Callable[[], object]:
        session, draft = self.desk.session, self.draft()
        return lambda: file_review(session, draft)


class _ReasonDialog(EntryDialog):
    """What it is about, and a reason."""

    def __init__(self, desk: Desk, title: str, name: str, act: str, about: str, ref: str, parent: QWidget | None) -> None:
        super().__init__(desk, title, name, act, parent)
        self.about = ref
        self.setMinimumWidth(560)
        self.reason = text_field("Reason")
        fields = form()
        fields.addRow("&Reason", self.reason)
        self.lay_out(column(label(about, wrap=True, selectable=True), fields, space=10), ref)
        self.reason.setFocus()

    @property
    def words(self) -> str:
        return self.reason.toPlainText().strip()


class HoldDialog(_ReasonDialog):
    """Set a legal hold."""

    def __init__(self, desk: Desk, ref: str, name: str, parent: QWidget | None = None) -> None:
        about = "While a legal hold is in force nobody can erase this record: an inquiry, a court or a complaint needs it."
        super().__init__(desk, "Legal hold", name, "&Set the hold", about, ref, parent)
        self.reason.setPlaceholderText("Who asked for it, and for what")
        self._ref = ref

    def wrong(self) -> str:
        return "" if self.words else "A legal hold needs its reason: who asked for it, and for what."

    def work(self) -> Callable[[], object]:
        session, ref, words = self.desk.session, self._ref, self.words
        return lambda: set_hold(session, ref, words)


class LiftDialog(_ReasonDialog):
    """Lift a legal hold."""

    def __init__(self, desk: Desk, hold: LegalHold, name: str, parent: QWidget | None = None) -> None:
        about = f"{hold.set_by} set it on {in_words(hold.set_at.date())}: {hold.reason}"
        super().__init__(desk, "Lift a legal hold", name, "&Lift the hold", about, hold.ref, parent)
        self._hold = hold

    def wrong(self) -> str:
        return "" if self.words else "Lifting a legal hold needs its reason."

    def work(self) -> Callable[[], object]:
        session, hold, words = self.desk.session, self._hold, self.words
        return lambda: lift_hold(session, hold, words)
