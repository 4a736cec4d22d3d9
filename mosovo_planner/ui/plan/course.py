"""A plan in its course: made again when something came up, and set beside alternatives."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDialog, QWidget

from mosovo_planner.domain.progress import Reporter
from mosovo_planner.domain.roles import Permission
from mosovo_planner.office import surprise as office
from mosovo_planner.office.plans import PlanWork
from mosovo_planner.office.surprise import NoReply, Surprise
from mosovo_planner.ui.plan.came_up import LATE, NO_REPLY, SICK, CameUpDialog
from mosovo_planner.ui.plan.figures import counted
from mosovo_planner.ui.plan.what_if import WhatIfDialog
from mosovo_planner.ui.widgets import button, holder, label, row

if TYPE_CHECKING:
    from mosovo_planner.ui.plan.view import PlanView


class PlanCourse:
    """What the plan view does when something came up: asks, has the plan made again, shows what changes."""

    def __init__(self, view: PlanView) -> None:
        self._view = view
        self.dialog: QDialog | None = None
        self.words = label("", wrap=True, selectable=True)
        self.approve_button = button("Appro&ve…", view.approve, primary=True, tip="Make this the team's plan")
        self.discard_button = button("&Discard", self.discard, tip="Back to the plan as it was before")
        line = row(self.words, self.approve_button, self.discard_button)
        line.setStretch(0, 1)
        self.banner: QWidget = holder(line)
        self.banner.setVisible(False)

    def ask(self) -> None:
        """Ask what came up; a visit looked at suggests that nobody answered, a round that it is late."""
        work, focus = self._view.history.work, self._view.focus
        if work is None:
            return
        kind = NO_REPLY if focus.ref and focus.round_id else LATE if focus.round_id else SICK
        dialog = CameUpDialog(work, focus, kind=kind, parent=self._view)
        dialog.told.connect(self.replan)
        self._open(dialog)

    def replan(self, now: datetime, surprise: Surprise, record: bool) -> None:
        """Have the plan made again from now on; what is on the desk stays until it comes."""
        view, work = self._view, self._view.history.work
        if work is None:
            return
        session = view.session
        record = record and isinstance(surprise, NoReply) and session.may(Permission.RECORD)

        noted: list[bool] = []

        def make(report: Reporter) -> PlanWork:
            if record and isinstance(surprise, NoReply):
                noted.append(office.record_no_reply(session, work, surprise.ref, now))
            return office.replan(session, work, now, [surprise], report)

        view.make(
            view.run, "Planning again from now on", make, lambda made: self._take(made, noted=any(noted)),
            "The plan was not made again",
        )  # fmt: skip
        view.judge()

    def _take(self, work: PlanWork, *, noted: bool) -> None:
        view = self._view
        view.history.replace("plan again from now on", work)
        view.say("The plan was made again from now on." + (" The attempt is recorded." if noted else ""))
        view.lists.setCurrentWidget(view.lists.changes_panel)
        view.lists.changes.setFocus()
        if noted:
            view.workspace_changed.emit()

    def show(self, work: PlanWork | None) -> None:
        """The changes of the plan on the desk, and the rounds they touch."""
        view, course = self._view, work.course if work else None
        former = {each.id: each for each in course.asked.plan.rounds} if course else {}
        changed = [each.id for each in work.plan.rounds if each != former.get(each.id)] if work and course else []
        view.timeline.changed = view.weeks.changed = frozenset(changed)
        view.timeline.done = work.request.done if work else frozenset()
        days = {each.id: each.date for each in (*former.values(), *(work.plan.rounds if work else ()))}
        view.lists.show_changes(work.changes if work else (), days, shown=course is not None)
        self.banner.setVisible(course is not None and not (work and work.approved_by))
        if course is not None:
            verb = "comes" if course.promises_changed == 1 else "come"
            self.words.setText(
                f"Made again as of {course.asked.now:%a %H:%M}: {counted(course.promises_changed, 'promised visit')} {verb} "
                f"out otherwise, {counted(len(changed), 'round')} changed. A proposal until it is approved."
            )

    def judge(self, *, may_approve: bool, idle: bool) -> None:
        self.approve_button.setEnabled(may_approve)
        self.approve_button.setToolTip(self._view.approve_button.toolTip())
        self.discard_button.setEnabled(idle)

    def discard(self) -> None:
        """Back to the plan before it was made again, whatever was changed by hand since; Redo brings it back."""
        history = self._view.history
        while history.work is not None and history.work.course is not None and history.stack.canUndo():
            history.stack.undo()

    def what_if(self) -> None:
        """Open the window of alternatives."""
        work = self._view.history.work
        if work is not None:
            self._open(WhatIfDialog(self._view.session, self._view.tasks, work, self._view))

    def _open(self, dialog: QDialog) -> None:
        self.dialog = dialog
        dialog.open()
