"""The actions of the plan, their buttons, and the row that goes from day to day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QToolButton

from mosovo_planner.domain.proposals import Plan
from mosovo_planner.domain.roles import Permission
from mosovo_planner.ui.plan.figures import counted, day_words
from mosovo_planner.ui.plan.focus import Focus, round_by_id
from mosovo_planner.ui.proposals.tools import menu_tool, tool, view_action
from mosovo_planner.ui.widgets import choice, label, refill, row

if TYPE_CHECKING:
    from mosovo_planner.ui.plan.view import PlanView


class PlanTools:
    """Actions on the visit and the round looked at; the view tells them what can be done."""

    def __init__(self, view: PlanView) -> None:
        self._view, edits = view, view.edits
        self.earlier = view_action(view, "&Earlier", "Alt+Up", lambda: edits.shift(-1), "Earlier in the round")
        self.later = view_action(view, "&Later", "Alt+Down", lambda: edits.shift(1), "Later in the round")
        self.move = view_action(view, "&Move to round…", "Ctrl+Shift+M", edits.choose_round, "Choose the round that visits")
        self.pin = view_action(view, "&Pin visit", "Ctrl+Shift+P", edits.pin, "Keep the visit when the plan is made again")
        self.drop = view_action(view, "&Drop visit", "Del", edits.drop, "Take the visit off the plan")
        self.add = view_action(view, "&Add visit…", "Ctrl+Shift+A", edits.choose_visit, "Search for somebody to visit besides")
        self.add_crew = view_action(view, "Add &crew…", "Ctrl+Shift+N", edits.add_crew, "Send two more officers out")
        self.change_crew = view_action(view, "C&hange crew…", "Ctrl+Shift+C", edits.change_crew, "Send other officers")
        self.pin_crew = view_action(view, "P&in crew", "Ctrl+Shift+Y", edits.pin_crew, "Keep crew and day in the next plan")
        self.drop_crew = view_action(view, "D&rop crew", "Ctrl+Shift+D", edits.drop_crew, "Take the round out of the plan")
        self.order = view_action(view, "&Best order", "Ctrl+Shift+B", edits.reorder, "Drive the round in its best order")
        self.retime = view_action(view, "Work out &times anew", "", edits.retime, "Times and reasons of the whole plan")
        self.record = view_action(
            view, "Rec&ord visit…", "", view.record_visit, "What happened at this door; time and crew are filled in (Ctrl+R)"
        )
        self.came_up = view_action(
            view, "&Something came up…", "Ctrl+Shift+G", view.course.ask,
            "Somebody is sick, nobody answered, a crew is late, somebody must be seen: plan again from now on",
        )  # fmt: skip
        self.what_if = view_action(
            view, "&What if…", "Ctrl+Shift+W", view.course.what_if, "What another officer, more hours or another base would bring"
        )
        self.visit_actions = (self.earlier, self.later, self.move, self.pin, self.drop, self.add)
        self.crew_actions = (self.add_crew, self.change_crew, self.pin_crew, self.drop_crew, self.order, self.retime)
        self.crew: QToolButton = menu_tool("&Crew", "Crew: add, change, pin, drop, order", self.crew_actions)
        self.back = view_action(view, "◀", "Ctrl+PgUp", lambda: self._step(-1), "The day before")
        self.forth = view_action(view, "▶", "Ctrl+PgDown", lambda: self._step(1), "The day after")
        self.day: QComboBox = choice("Day looked at", [])
        self.day.setMinimumContentsLength(34)
        self.day.activated.connect(lambda _index: view.look_at(Focus(self.day.currentData())))

    def bar(self) -> QHBoxLayout:
        """The buttons under the lists."""
        return row(*map(tool, self.visit_actions), self.crew, None, space=4)

    def day_bar(self) -> QHBoxLayout:
        """From day to day."""
        back, forth = tool(self.back), tool(self.forth)
        back.setAccessibleName("The day before")
        forth.setAccessibleName("The day after")
        return row(
            label("&Day", buddy=self.day), back, self.day, forth, None,
            tool(self.record), tool(self.came_up), tool(self.what_if), space=4,
        )  # fmt: skip

    def show_day(self, days: Sequence[date], day: date | None) -> None:
        """The days to choose from, each with what it holds."""
        work = self._view.history.work
        refill(self.day, [(_day_text(work.plan, each), each) for each in days] if work else [])
        self.day.setCurrentIndex(list(days).index(day) if day is not None and day in days else -1)
        place = self.day.currentIndex()
        self.day.setEnabled(bool(days))
        self.back.setEnabled(place > 0)
        self.forth.setEnabled(place < len(days) - 1)

    def judge(self, plan: Plan | None, focus: Focus, may_edit: bool) -> None:
        """Enable what fits the visit and the round looked at; pin actions name what they would do."""
        each = round_by_id(plan, focus.round_id) if plan else None
        refs = [stop.ref for stop in each.stops] if each else []
        planned = focus.ref in refs
        place = refs.index(focus.ref) if focus.ref in refs else -1
        self.earlier.setEnabled(may_edit and place > 0)
        self.later.setEnabled(may_edit and planned and place < len(refs) - 1)
        self.pin.setEnabled(may_edit and planned)
        self.drop.setEnabled(may_edit and planned)
        self.move.setEnabled(may_edit and plan is not None and bool(plan.rounds) and focus.ref is not None)
        self.move.setText("&Move to round…" if planned or focus.ref is None else "&Add to round…")
        for action in (self.add, self.change_crew, self.pin_crew, self.drop_crew, self.order):
            action.setEnabled(may_edit and each is not None)
        self.record.setEnabled(planned and self._view.session.may(Permission.RECORD))
        for action in (self.retime, self.came_up, self.what_if):
            action.setEnabled(may_edit and plan is not None and bool(plan.rounds))
        self.add_crew.setEnabled(may_edit and plan is not None)
        self.crew.setEnabled(any(action.isEnabled() for action in self.crew_actions))
        pinned = planned and each is not None and each.stops[place].pinned
        self.pin.setText("Un&pin visit" if pinned else "&Pin visit")
        self.pin_crew.setText("Unp&in crew" if each and each.pinned else "P&in crew")

    def _step(self, by: int) -> None:
        place = self.day.currentIndex() + by
        if 0 <= place < self.day.count():
            self._view.look_at(Focus(self.day.itemData(place)))


def _day_text(plan: Plan, day: date) -> str:
    rounds = [each for each in plan.rounds if each.date == day]
    visits = sum(len(each.stops) for each in rounds)
    broken = sum(bool(each.problems) for each in rounds)
    return f"{day_words(day)} · {counted(len(rounds), 'round')}, {counted(visits, 'visit')}" + (
        f" · {broken} to mend" if broken else ""
    )
