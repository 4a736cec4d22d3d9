"""Whether an offender's record is still needed: when the next review is due and why, reviews, holds, erasure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from mosovo_planner.domain.clocks import in_words
from mosovo_planner.domain.retention import Decision, LegalHold, RetentionReview, ReviewState, same_person
from mosovo_planner.domain.roles import Permission
from mosovo_planner.office.retention import RetentionView, view_retention
from mosovo_planner.ui.chip import Chip
from mosovo_planner.ui.desk import Desk
from mosovo_planner.ui.offender.page import FilePage
from mosovo_planner.ui.retention.dialogs import HoldDialog, LiftDialog, ReviewDialog
from mosovo_planner.ui.retention.second import EraseDialog, settle_dialog
from mosovo_planner.ui.table import Column, Table, TablePanel
from mosovo_planner.ui.widgets import button, clear_layout, column, label, row

_WORDS = (
    "Nothing is ever erased by itself. One person reviews and another authorises; one asks for an erasure and another approves."
)


@dataclass(frozen=True)
class Line:
    """One thing that was decided: a review or a legal hold."""

    thing: RetentionReview | LegalHold
    on: date
    what: str
    state: str
    tone: str
    reason: str
    by: str
    second: str


class RetentionPage(FilePage):
    """``offender_name`` is set by the file, for the headings of forms; ``erased`` brings the Erasure that was carried out."""

    erased = Signal(object)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.offender_name = ""
        self.view: RetentionView | None = None
        self._settle_wanted = False
        self.due = label("", role="heading", wrap=True, selectable=True)
        self.why = label("", wrap=True, selectable=True)
        self.chips = row()
        self.table: Table[Line] = Table(
            "file-retention", "Retention", _COLUMNS, lambda line: line.thing.id, settings=desk.settings
        )
        self.review = button("&Review…", self.begin_review, primary=True, tip="Retain, amend, or ask for the record to be erased")
        self.settle = button("&Settle the review…", self.settle_review, tip="As the second person: authorise, erase or return")
        self.hold = button("Set a legal &hold…", self.change_hold)
        panel = TablePanel(
            self.table, hint="Search reviews and holds  (Ctrl+F)", empty="No review and no legal hold is recorded.",
            extras=(self.review, self.settle, self.hold),
        )  # fmt: skip
        top = row(column(self.due, self.why, space=2), self.chips)
        top.setStretch(0, 1)
        body = column(top, panel, label(_WORDS, role="muted", wrap=True), margin=12)
        body.setStretch(1, 1)
        self.setLayout(body)
        self.table.sort_by("on", descending=True)
        self._enable()

    def read(self) -> Callable[[], object]:
        session, ref, day = self.desk.session, self.ref, self.desk.as_of
        return lambda: view_retention(session, ref, day)

    def show_read(self, found: object) -> None:
        assert isinstance(found, RetentionView)
        self.view = found
        clock, retention = found.clock, found.retention
        late = clock.days_overdue(self.desk.as_of) if clock else 0
        self.due.setText(f"Next retention review {in_words(clock.due)}" if clock else "No retention review is due")
        basis = "" if clock is None or clock.confirmed else " The force's numbers are not confirmed yet (Policy screen)."
        self.why.setText(f"{clock.why}{basis} {found.group.label}." if clock else _NO_CLOCK)
        clear_layout(self.chips)
        if late:
            self.chips.addWidget(Chip(f"{late:,} days overdue", "bad", "Retention review"))
        if retention.waiting is not None:
            self.chips.addWidget(Chip(_waiting_words(retention.waiting), "warn", "Retention review"))
        if retention.hold is not None:
            self.chips.addWidget(Chip("Legal hold: must not be erased", "info", "Legal hold"))
        self.table.set_rows([*map(_review_line, retention.reviews), *map(_hold_line, retention.holds)])
        self._enable()
        if self._settle_wanted:
            self._settle_wanted = False
            self.settle_review()

    def settle_when_read(self) -> None:
        """Open what waits once it is read: whoever settles comes from the list of what waits."""
        self._settle_wanted = True

    def _enable(self) -> None:
        session, found = self.desk.session, self.view
        may = session.may(Permission.RETENTION)
        waiting = found.retention.waiting if found else None
        held = found.retention.hold if found else None
        self.review.setEnabled(found is not None and waiting is None and (may or session.may(Permission.RECORD)))
        own = waiting is not None and same_person(waiting.reviewer, session.user)
        self.settle.setVisible(waiting is not None)
        self.settle.setEnabled(own or may)
        self.settle.setText("&Take the review back…" if own else "&Settle the review…")
        self.hold.setText("L&ift the legal hold…" if held else "Set a legal &hold…")
        self.hold.setEnabled(found is not None and may)
        self.hold.setToolTip("" if may else "A supervisor or manager sets and lifts legal holds.")

    # Acts

    def begin_review(self) -> None:
        if self.view is not None:
            ReviewDialog(self.desk, self.view, self.offender_name, self).open()

    def settle_review(self) -> None:
        if self.view is not None and self.view.retention.waiting is not None and self.settle.isEnabled():
            dialog = settle_dialog(self.desk, self.view, self.view.retention.waiting, self.offender_name, self)
            if isinstance(dialog, EraseDialog):
                dialog.erased.connect(self.erased)
            dialog.open()

    def change_hold(self) -> None:
        if self.view is None:
            return
        held = self.view.retention.hold
        if held is None:
            HoldDialog(self.desk, self.ref, self.offender_name, self).open()
        else:
            LiftDialog(self.desk, held, self.offender_name, self).open()


_NO_CLOCK = "No day is known from which it could be counted: record his risk or a fact, or the force's policy is unset."


def _waiting_words(review: RetentionReview) -> str:
    return "Erasure asked for" if review.decision is Decision.DISPOSE else "Review waits for a second person"


def _review_line(review: RetentionReview) -> Line:
    tone = {ReviewState.WAITING: "warn", ReviewState.AUTHORISED: "good", ReviewState.RETURNED: "none"}[review.state]
    second = f"{review.authoriser}: {review.remarks}" if review.remarks else review.authoriser
    reason = f"{review.ground.label}. {review.reason}" if review.ground else review.reason
    return Line(review, review.on, review.decision.label, review.state.label, tone, reason, review.reviewer, second)


def _hold_line(hold: LegalHold) -> Line:
    on, what = hold.set_at.date(), "Legal hold"
    if hold.lifted_at is None:
        return Line(hold, on, what, "In force", "info", hold.reason, hold.set_by, "")
    state, second = f"Lifted {in_words(hold.lifted_at.date())}", f"{hold.lifted_by}: {hold.lift_reason}"
    return Line(hold, on, what, state, "none", hold.reason, hold.set_by, second)


_COLUMNS: tuple[Column[Line], ...] = (
    Column("on", "Day", lambda line: line.on, width=12),
    Column("what", "Decision", lambda line: line.what, width=25),
    Column("state", "State", lambda line: line.state, width=24, tone=lambda line: line.tone),
    Column("reason", "Reason", lambda line: line.reason, width=48),
    Column("by", "By", lambda line: line.by, width=18),
    Column("second", "Second person", lambda line: line.second, width=34),
)
