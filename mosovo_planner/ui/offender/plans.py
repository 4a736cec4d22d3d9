"""The risk plan in an offender's file: its actions first, how it stands, its versions, and the assessments."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLayout, QScrollArea, QWidget

from mosovo_planner.domain.assessment import Assessment
from mosovo_planner.domain.people import risk_label
from mosovo_planner.domain.risk_plans import PlanAction, PlanState, RiskPlan
from mosovo_planner.domain.roles import Permission
from mosovo_planner.office.risk_plans import PlansView, begin_plan, submit_plan, view_plans
from mosovo_planner.ui.desk import Desk
from mosovo_planner.ui.errors import show_error
from mosovo_planner.ui.offender.assessment import AssessmentDialog
from mosovo_planner.ui.offender.page import FilePage
from mosovo_planner.ui.offender.plan_editor import PlanEditor
from mosovo_planner.ui.offender.plan_review import DoneDialog, ReviewDialog, UnchangedDialog
from mosovo_planner.ui.offender.plan_words import rest_words
from mosovo_planner.ui.table import Column, Table
from mosovo_planner.ui.widgets import button, column, holder, label, row, scrolled

_WAITING = (PlanState.WITH_SERGEANT, PlanState.WITH_INSPECTOR)
_OPEN = (PlanState.DRAFT, PlanState.RETURNED)
Placed = tuple[int, PlanAction]


class PlansPage(FilePage):
    """A plan that is not signed off says so in words above everything. ``view`` is what is on show."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.view: PlansView | None = None
        self._review_next = False
        self.standing = label("", role="section", wrap=True, selectable=True)
        self.words = label("", wrap=True, selectable=True)
        self.words.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.steps: Table[Placed] = Table(
            "plan-actions", "Actions of the plan", self._action_columns(), lambda each: str(each[0]), settings=desk.settings
        )
        self.versions: Table[RiskPlan] = Table(
            "plan-versions", "Versions", self._version_columns(), lambda plan: str(plan.version), settings=desk.settings
        )
        self.assessments: Table[Assessment] = Table(
            "plan-assessments", "Assessments", self._assessment_columns(), lambda each: each.id, settings=desk.settings
        )
        self._make_buttons()
        self._lay_out()
        self.steps.chosen.connect(lambda _: self._enable())
        self.steps.opened.connect(lambda _: self.tick_off())
        self.versions.chosen.connect(lambda _: self._show_version())
        self.assessments.chosen.connect(lambda _: self._enable())
        self.assessments.opened.connect(lambda _: self.correct())
        self._enable()

    def _make_buttons(self) -> None:
        self.write = button("&Write a plan…", self.edit, primary=True)
        self.send = button("S&ubmit", self.submit, tip="Send it to the sergeant")
        self.look = button("R&eview…", self.review)
        self.keep_as_is = button("Reviewed, u&nchanged…", self.review_unchanged)
        self.sheet = button("Fr&ont sheet…", self.print_sheet, tip="Look at the front sheet, print it or save it as PDF")
        self.tick = button("&Tick off…", self.tick_off, tip="Say when this action was done")
        self.add = button("&Add an assessment…", self.assess)
        self.right = button("Put ri&ght…", self.correct)

    def _lay_out(self) -> None:
        top = row(self.standing, self.write, self.send, self.look, self.keep_as_is, self.sheet)
        top.setStretch(0, 1)
        below = row(
            _part("Versions", self.versions), _part("Assessments", self.assessments, self.add, self.right), space=16
        )  # fmt: skip
        below.setStretch(0, 1)
        below.setStretch(1, 1)
        words: QScrollArea = scrolled(holder(column(self.words, None, margin=8)), "The plan in words")
        body = column(
            top, row(label("Actions: what, who, by when", role="section"), None, self.tick), self.steps, words, below, margin=12
        )  # fmt: skip
        for place, stretch in ((2, 4), (3, 3), (4, 4)):
            body.setStretch(place, stretch)
        self.setLayout(body)

    # Columns

    def _action_columns(self) -> tuple[Column[Placed], ...]:
        return (
            Column("what", "What", lambda each: each[1].what, width=52),
            Column("who", "Who", lambda each: self.desk.manager_label(each[1].who), width=22),
            Column("by", "By when", lambda each: each[1].by, width=12),
            Column("state", "State", lambda each: action_state(each[1], self.desk.as_of), width=20,
                   tone=lambda each: _action_tone(each[1], self.desk.as_of)),
            Column("done", "Done on", lambda each: each[1].done_on, width=12),
        )  # fmt: skip

    def _version_columns(self) -> tuple[Column[RiskPlan], ...]:
        return (
            Column("version", "Version", lambda plan: plan.version, width=8, right=True),
            Column("standing", "Standing", lambda plan: plan.standing, width=42),
            Column("written", "Written", lambda plan: plan.written_on, width=12, visible=False),
            Column("author", "Author", lambda plan: self.desk.manager_label(plan.author), width=18, visible=False),
        )

    def _assessment_columns(self) -> tuple[Column[Assessment], ...]:
        return (
            Column("day", "Done on", lambda each: each.done_on, width=12),
            Column("tool", "Tool", lambda each: each.tool.label, width=11),
            Column("priority", "Priority", lambda each: risk_label(each.priority) if each.priority else "none given", width=12,
                   tone=lambda each: each.priority.value if each.priority else None),
            Column("by", "By", lambda each: self.desk.manager_label(each.by), width=20),
        )  # fmt: skip

    # Reading

    def read(self) -> Callable[[], object]:
        session, ref, as_of = self.desk.session, self.ref, self.desk.as_of
        return lambda: view_plans(session, ref, as_of)

    def show_read(self, found: object) -> None:
        assert isinstance(found, PlansView)
        self.view = found
        self.versions.set_rows(found.plans)
        self.assessments.set_rows(found.assessments)
        if found.plans and not (self.versions.current and self._shown_is_older()):
            self.versions.select(str(found.plans[0].version))
        self._show_version()
        if self._review_next:
            self._review_next = False
            self.review()

    def _shown_is_older(self) -> bool:
        return self.versions.current is not None and self.versions.hasFocus()

    @property
    def shown(self) -> RiskPlan | None:
        """The version on show: the one chosen, else the newest."""
        return self.versions.current or (self.view.current if self.view else None)

    def _show_version(self) -> None:
        plan, view = self.shown, self.view
        if view is not None:
            older = " An earlier version is shown." if plan is not None and plan != view.current else ""
            self.standing.setText(f"{view.standing.rstrip('.')}.{older}")
        self.words.setText(rest_words(plan, self.desk.manager_label) if plan else "")
        actions = list(enumerate(plan.actions)) if plan else []
        self.steps.set_rows(sorted(actions, key=lambda each: (each[1].done_on is not None, each[1].by)))
        self._enable()

    def _enable(self) -> None:
        session, view = self.desk.session, self.view
        plan = view.current if view else None
        record = session.may(Permission.RECORD) and view is not None
        approve = session.may(Permission.APPROVE) and plan is not None
        open_ = plan is not None and plan.state in _OPEN
        waiting = plan is not None and plan.state in _WAITING
        self.write.setText("&Write a plan…" if plan is None else "&Write a new version…" if plan.complete else "&Write on…")
        self.write.setEnabled(record and not waiting)
        self.write.setToolTip("A supervisor has it; it can be changed once it comes back or is signed off." if waiting else "")
        self.send.setEnabled(record and open_)
        self.look.setEnabled(approve and waiting)
        self.look.setToolTip("" if session.may(Permission.APPROVE) else "A supervisor reviews it.")
        self.keep_as_is.setEnabled(approve and plan is not None and plan.complete)
        self.sheet.setEnabled(session.may(Permission.PRINT) and plan is not None)
        self.tick.setEnabled(record and self.steps.current is not None and self.shown == plan)
        self.add.setEnabled(record)
        self.right.setEnabled(record and self.assessments.current is not None)

    # Acts

    def edit(self) -> None:
        """Write the first plan, go on with the draft or the returned one, or begin a new version."""
        view = self.view
        if view is None or not self.write.isEnabled():
            return
        going_on = view.current is not None and view.current.state in _OPEN
        plan = view.current if going_on else begin_plan(view, self.desk.session.user, date.today())
        assert plan is not None
        PlanEditor(self.desk, view, plan, view.current if going_on else None, self).open()

    def submit(self) -> None:
        """Send the draft as it is stored."""
        plan, session = self.view.current if self.view else None, self.desk.session
        if plan is not None:
            self.desk.tasks.run(
                "Submitting the plan", lambda _report: submit_plan(session, plan, plan),
                done=lambda _: self.desk.records_changed(),
                failed=lambda error: show_error(self, error, "The plan was not submitted"), owner=self, quiet=True,
            )  # fmt: skip

    def review_when_read(self) -> None:
        """Open the review as soon as the plans have been read."""
        if self.view is None:
            self._review_next = True
        else:
            self.review()

    def review(self) -> None:
        view = self.view
        if view is not None and view.current is not None and self.look.isEnabled():
            ReviewDialog(self.desk, view.current, view.offender.name, self).open()

    def review_unchanged(self) -> None:
        view = self.view
        if view is not None and view.current is not None:
            UnchangedDialog(self.desk, view.current, view.offender.name, self).open()

    def tick_off(self) -> None:
        chosen, view = self.steps.current, self.view
        if chosen is not None and view is not None and view.current is not None and self.tick.isEnabled():
            DoneDialog(self.desk, view.current, chosen[0], view.offender.name, self).open()

    def print_sheet(self) -> None:
        from mosovo_planner.ui.dialogs.print_dialog import PrintDialog

        if self.shown is not None:
            PrintDialog(self.desk, self, kind="risk_plan", about=(self.ref, self.shown.version)).open()

    def assess(self) -> None:
        if self.view is not None:
            AssessmentDialog(self.desk, self.view, None, self).open()

    def correct(self) -> None:
        if self.view is not None and self.assessments.current is not None and self.right.isEnabled():
            AssessmentDialog(self.desk, self.view, self.assessments.current, self).open()


def action_state(action: PlanAction, as_of: date) -> str:
    """``Done``, ``12 days late``, ``Open``."""
    if action.done_on:
        return "Done"
    late = (as_of - action.by).days
    return f"{late:,} day{'s' if late > 1 else ''} late" if late > 0 else "Open"


def _action_tone(action: PlanAction, as_of: date) -> str | None:
    if action.done_on:
        return "good"
    return "bad" if action.by < as_of else None


def _part(title: str, inside: QWidget, *buttons: QWidget) -> QLayout:
    made = column(row(label(title, role="section"), None, *buttons), inside, space=4)
    made.setStretch(1, 1)
    return made
