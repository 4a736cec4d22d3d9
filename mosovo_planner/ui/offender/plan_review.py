"""What supervisors do with a plan: sign it, return it, review it unchanged; and the ticking off of its actions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtWidgets import QCheckBox, QWidget

from mosovo_planner.domain.clocks import add_months
from mosovo_planner.domain.risk_plans import PlanState, Rank, RiskPlan
from mosovo_planner.office.risk_plans import return_plan, review_unchanged, sign_plan, tick_action
from mosovo_planner.ui.desk import Desk
from mosovo_planner.ui.dialogs.entry import EntryDialog, MaybeDate, form, text_field
from mosovo_planner.ui.offender.plan_words import plan_words
from mosovo_planner.ui.widgets import button, choice, column, label

_FLAG = "I verified the settings of the local &flag and its notifications today"


class ReviewDialog(EntryDialog):
    """A supervisor reads the version, says in whose capacity, and signs it or sends it back."""

    def __init__(self, desk: Desk, plan: RiskPlan, name: str, parent: QWidget | None = None) -> None:
        super().__init__(desk, "Review a risk management plan", name, "&Sign off", parent)
        self._plan = plan
        self._returning = False
        self.resize(760, 600)
        self.give_back = button("&Return with comments", self._return)
        self.also = (self.give_back,)
        self.words = text_field("The plan", plan_words(plan, desk.manager_label), read_only=True, height=200)
        self.rank = choice("In whose capacity", [(each.value.capitalize(), each) for each in Rank])
        self.rank.setCurrentIndex(1 if plan.state is PlanState.WITH_INSPECTOR else 0)
        self.comments = text_field("Comments", hint="Needed where the plan goes back")
        self.flag = QCheckBox(_FLAG)
        fields = form()
        fields.addRow("As", self.rank)
        fields.addRow("&Comments", self.comments)
        fields.addRow("", self.flag)
        body = column(label(f"{plan.standing}.", wrap=True), self.words, fields, space=10)
        body.setStretch(1, 1)
        self.lay_out(body, f"{plan.ref}, version {plan.version}")
        self.comments.setFocus()

    def wrong(self) -> str:
        missing = self._returning and not self.comments.toPlainText().strip()
        return "Say in the comments what is to be changed." if missing else ""

    def _return(self) -> None:
        self._returning = True
        self.keep()
        self._returning = False

    def work(self) -> Callable[[], object]:
        session, plan, rank = self.desk.session, self._plan, Rank(self.rank.currentData())
        comments, flag = self.comments.toPlainText(), self.flag.isChecked()
        if self._returning:
            return lambda: return_plan(session, plan, rank, comments)
        return lambda: sign_plan(session, plan, rank, comments, flag_checked=flag)


class UnchangedDialog(EntryDialog):
    """A signed plan was reviewed and stays as it is; the next review is set."""

    def __init__(self, desk: Desk, plan: RiskPlan, name: str, parent: QWidget | None = None) -> None:
        super().__init__(desk, "Reviewed, stays as it is", name, "&Reviewed", parent)
        self._plan = plan
        self.setMinimumWidth(560)
        self.later = MaybeDate("Next review", add_months(date.today(), 12))
        self.flag = QCheckBox(_FLAG)
        fields = form()
        fields.addRow("&Next review", self.later)
        fields.addRow("", self.flag)
        words = "The plan was reviewed today and needs no change. The year to the next review is only proposed: set the day."
        self.lay_out(column(label(words, wrap=True), fields, space=10), f"{plan.ref}, version {plan.version}")

    def work(self) -> Callable[[], object]:
        session, plan, day, flag = self.desk.session, self._plan, self.later.day, self.flag.isChecked()
        return lambda: review_unchanged(session, plan, day, flag_checked=flag)


class DoneDialog(EntryDialog):
    """On which day an action was done; without a day it is open again."""

    def __init__(self, desk: Desk, plan: RiskPlan, place: int, name: str, parent: QWidget | None = None) -> None:
        super().__init__(desk, "Tick off an action", name, "&Keep", parent)
        self._plan, self._place = plan, place
        self.setMinimumWidth(520)
        action = plan.actions[place]
        self.when = MaybeDate("Done on", action.done_on or date.today(), latest=date.today())
        fields = form()
        fields.addRow("&Done on", self.when)
        self.lay_out(column(label(action.what, wrap=True, selectable=True), fields, space=10), plan.ref)

    def work(self) -> Callable[[], object]:
        session, plan, place, day = self.desk.session, self._plan, self._place, self.when.day
        return lambda: tick_action(session, plan, place, day)
