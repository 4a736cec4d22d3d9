"""What waits for somebody's act: lone visits to approve, plans to sign off, retention reviews, questions and answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from mosovo_planner.domain.need_to_know import BreakGlass
from mosovo_planner.domain.requests import Request
from mosovo_planner.domain.retention import Decision, RetentionReview
from mosovo_planner.domain.risk_plans import RiskPlan
from mosovo_planner.domain.roles import Permission
from mosovo_planner.domain.visits import Visit
from mosovo_planner.office.supervision import Waiting, settle, view_waiting
from mosovo_planner.ui.desk import Desk
from mosovo_planner.ui.errors import show_error
from mosovo_planner.ui.table import Column, Table, TablePanel
from mosovo_planner.ui.widgets import button, column


@dataclass(frozen=True)
class Wait:
    """One thing that waits; ``act`` is the name on the button."""

    key: str
    what: str
    ref: str
    since: date
    words: str
    who: str
    act: str
    thing: Visit | RiskPlan | Request | RetentionReview | BreakGlass


class WaitingPage(QWidget):
    """``counted`` tells how many wait; ``plan_wanted`` and ``retention_wanted`` ask for that part of an offender's file."""

    offender_wanted = Signal(str)
    plan_wanted = Signal(str)
    retention_wanted = Signal(str)
    counted = Signal(int)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.table: Table[Wait] = Table("waiting", "Waiting", self._columns(), lambda each: each.key, settings=desk.settings)
        self.act = button("&Approve…", self._act, primary=True)
        self.close_button = button("&Close the question", self._settle)
        self.open_button = button("&Go to the offender", self._open)
        panel = TablePanel(
            self.table,
            hint="Search  (Ctrl+F)",
            empty="Nothing waits: no lone visit to approve, no plan to sign off, no retention review, no open question.",
            extras=(self.act, self.close_button, self.open_button),
        )
        self.start_search = panel.start_search
        self.setLayout(column(panel, margin=12))
        self.table.chosen.connect(self._choose)
        self.table.opened.connect(lambda _: self._act())
        self.table.sort_by("since")
        self._choose(None)
        desk.loaded.connect(lambda _: self.load())

    def _columns(self) -> tuple[Column[Wait], ...]:
        return (
            Column("since", "Since", lambda each: each.since, width=12),
            Column("what", "What", lambda each: each.what, width=38),
            Column("name", "Name", lambda each: self._name(each.ref), width=20),
            Column("ref", "Reference", lambda each: each.ref, width=14),
            Column("who", "By", lambda each: each.who, width=22),
            Column("words", "More", lambda each: each.words, width=60),
        )

    def _name(self, ref: str) -> str:
        view = self._desk.view
        case = view.by_ref.get(ref) if view else None
        return case.offender.name if case else ref

    def load(self) -> None:
        """Read what waits, off the GUI thread."""
        session = self._desk.session
        self._desk.tasks.run(
            "Reading what waits", lambda _report: view_waiting(session), done=self._show, owner=self,
            key=f"waiting-{id(self)}", quiet=True,
        )  # fmt: skip

    def _show(self, waiting: Waiting) -> None:
        label_of = self._desk.manager_label
        rows = [_lone(each, " and ".join(label_of(one) for one in each.officers)) for each in waiting.lone]
        rows += [_plan(each, label_of(each.author)) for each in waiting.plans]
        rows += [_request(each, label_of(each.to)) for each in waiting.requests]
        rows += [_retention(each) for each in waiting.reviews]
        rows += [_opened(each) for each in waiting.opened]
        self.table.set_rows(rows)
        self.counted.emit(len(rows))

    def _choose(self, chosen: Wait | None) -> None:
        may = self._desk.session.may(Permission.APPROVE)
        question = chosen is not None and isinstance(chosen.thing, Request)
        self.act.setText(chosen.act if chosen else "&Approve…")
        answering = question and self._desk.session.may(Permission.RECORD)
        review = chosen is not None and isinstance(chosen.thing, RetentionReview)
        allowed = self._desk.session.may(Permission.RETENTION) if review else may or answering
        self.act.setEnabled(chosen is not None and allowed)
        self.close_button.setVisible(question and may)
        self.open_button.setEnabled(chosen is not None)

    def _open(self) -> None:
        if self.table.current is not None:
            self.offender_wanted.emit(self.table.current.ref)

    def _act(self) -> None:
        from mosovo_planner.ui.dialogs.supervision import AnswerDialog, ApproveLoneDialog

        chosen = self.table.current
        if chosen is None or not self.act.isEnabled():
            return
        if isinstance(chosen.thing, Visit):
            ApproveLoneDialog(self._desk, chosen.thing, self._name(chosen.ref), self).open()
        elif isinstance(chosen.thing, Request):
            AnswerDialog(self._desk, chosen.thing, self._name(chosen.ref), self).open()
        elif isinstance(chosen.thing, BreakGlass):
            self._show_notice(chosen, chosen.thing)
        elif isinstance(chosen.thing, RetentionReview):
            self.retention_wanted.emit(chosen.ref)
        else:
            self.plan_wanted.emit(chosen.ref)

    def _show_notice(self, chosen: Wait, notice: BreakGlass) -> None:
        from mosovo_planner.ui.dialogs.need_to_know import NoticeDialog

        NoticeDialog(self._desk, notice, self._name(chosen.ref), self).open()

    def _settle(self) -> None:
        chosen = self.table.current
        if chosen is not None and isinstance(chosen.thing, Request):
            session, thing = self._desk.session, chosen.thing
            self._desk.tasks.run(
                "Closing the question", lambda _report: settle(session, thing), done=lambda _: self.load(),
                failed=lambda error: show_error(self, error, "The question was not closed"), owner=self, quiet=True,
            )  # fmt: skip


def _lone(visit: Visit, officers: str) -> Wait:
    return Wait(
        f"visit {visit.id}", "Lone visit to approve", visit.ref, visit.at.date(), visit.lone_reason, officers, "&Approve…", visit
    )  # fmt: skip


def _plan(plan: RiskPlan, author: str) -> Wait:
    since = plan.submitted_at.date() if plan.submitted_at else plan.written_on
    what = f"Risk management plan, {plan.state.label.lower()}"
    return Wait(f"plan {plan.ref} {plan.version}", what, plan.ref, since, plan.summary, author, "&Review the plan…", plan)


def _retention(review: RetentionReview) -> Wait:
    erase = review.decision is Decision.DISPOSE
    what = "Erasure to approve" if erase else "Retention review to authorise"
    words = f"{review.decision.label}: {review.reason}"
    return Wait(f"review {review.id}", what, review.ref, review.at.date(), words, review.reviewer, "&Settle the review…", review)


def _opened(notice: BreakGlass) -> Wait:
    what = "Record of another team, opened"
    return Wait(f"opened {notice.id}", what, notice.ref, notice.at.date(), notice.reason, notice.by, "&Look at it…", notice)


def _request(request: Request, to: str) -> Wait:
    words = f"{request.text} — {request.answer}" if request.answer else request.text
    what = "Question, answered" if request.answer else "Question, not answered yet"
    who = f"{request.by} to {to}"
    return Wait(f"request {request.id}", what, request.ref, request.at.date(), words, who, "Ans&wer…", request)
