"""The day sheet and the list of what is not planned: everything that map and timetable show, as tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QTabWidget, QWidget

from mosovo_planner.domain.proposals import Plan, Round
from mosovo_planner.office.surprise import Change
from mosovo_planner.ui.plan.figures import day_words, round_words
from mosovo_planner.ui.plan.focus import Focus
from mosovo_planner.ui.plan.rows import CHANGES, LEFT_OUT, SHEET, LeftOut, People, StopRow, left_out, stop_rows
from mosovo_planner.ui.settings import Settings
from mosovo_planner.ui.table import Table, TablePanel
from mosovo_planner.ui.widgets import column, holder, label

_NO_PLAN = "The visits of the day stand here once there is a plan."
_EMPTY_ROUND = "This round has no visits yet. Add one from the list of what is not planned, or with Add visit."
_EMPTY_DAY = "No rounds on this day. Add a crew, or choose another day."

_CHANGES = 2  # the tab of what changes


class PlanLists(QTabWidget):
    """Emits :attr:`pointed` with the focus of the row under the cursor; :attr:`copied` with title and references."""

    pointed = Signal(object)
    copied = Signal(str, object)

    def __init__(self, settings: Settings | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._quiet = False
        self._days: Mapping[str, date] = {}
        self.sheet: Table[StopRow] = Table(
            "plan-sheet", "Day sheet", SHEET, lambda row: f"{row.round.id}/{row.ref}", settings=settings
        )
        self.out: Table[LeftOut] = Table("plan-left-out", "Not planned", LEFT_OUT, lambda row: row.ref, settings=settings)
        self.heading = label("", wrap=True, selectable=True)
        self.problems = label("", role="error", wrap=True)
        self._nothing = label("", role="muted", wrap=True)
        for table in (self.sheet, self.out):
            table.sortByColumn(-1, Qt.SortOrder.AscendingOrder)  # as driven, and the most overdue first
        sheet = column(self.heading, self.problems, self._nothing, self.sheet, space=4, margin=4)
        sheet.setStretch(3, 1)
        sheet.addStretch(0)
        self.out_panel = TablePanel(self.out, hint="Search what is not planned", empty="Every visit that is due is planned.")
        self.addTab(holder(sheet), "Day sheet")
        self.addTab(self.out_panel, "Not planned")
        self.changes: Table[Change] = Table("plan-changes", "What changes", CHANGES, _change_key, settings=settings)
        self.changes.sortByColumn(-1, Qt.SortOrder.AscendingOrder)  # rounds first, then visits by day and time
        self.changes_panel = TablePanel(self.changes, hint="Search what changes", empty="Nothing that was promised changes.")
        self.addTab(self.changes_panel, "What changes")
        self.setTabVisible(_CHANGES, False)
        self.sheet.chosen.connect(self._tell_stop)
        self.sheet.copied.connect(lambda keys: self.copied.emit("Day sheet", [key.rsplit("/", 1)[-1] for key in keys]))
        self.out.chosen.connect(self._tell_left_out)
        self.out.copied.connect(lambda refs: self.copied.emit("Not planned", refs))
        self.changes.chosen.connect(self._tell_change)
        self.changes.copied.connect(lambda keys: self.copied.emit("What changes", _refs(keys)))

    @property
    def table(self) -> Table[Any]:
        """The list on top."""
        return self.tables[self.currentIndex()]

    @property
    def tables(self) -> tuple[Table[Any], ...]:
        return self.sheet, self.out, self.changes

    @property
    def change(self) -> Change | None:
        """The change under the cursor where that list is on top."""
        return self.changes.current if self.currentIndex() == _CHANGES else None

    def turn_to(self, focus: Focus) -> None:
        """Bring the list on top that holds the visit looked at; what changes stays on top while one goes through it."""
        if focus.ref is not None and self.currentIndex() != _CHANGES:
            self.setCurrentIndex(0 if focus.round_id is not None else 1)

    def show_plan(self, plan: Plan | None, rounds: Sequence[Round], people: People | None, focus: Focus) -> None:
        """The stops of the round looked at, or of the whole day; and what the plan leaves out."""
        chosen = [each for each in rounds if each.id == focus.round_id] or list(rounds)
        self._quiet = True
        self.sheet.set_rows(stop_rows(chosen, people) if people else [])
        self.out.set_rows(left_out(plan, people) if plan and people else [])
        self._quiet = False
        self._show_heading(chosen, people, focus)
        self.setTabText(1, f"Not planned ({len(plan.unplanned):,})" if plan else "Not planned")
        self.point_at(focus)

    def show_changes(self, changes: Sequence[Change], days: Mapping[str, date], *, shown: bool) -> None:
        """What a plan made again in its course changes; ``days`` holds the day of each round before and now, ``shown``
        whether it is such a plan."""
        self._days = days
        if not shown and self.currentIndex() == _CHANGES:
            self.setCurrentIndex(0)
        if list(changes) != self.changes.table_model.rows:
            self._quiet = True
            self.changes.set_rows(changes)
            self._quiet = False
        self.setTabText(_CHANGES, f"What changes ({len(changes):,})")
        self.setTabVisible(_CHANGES, shown)

    def point_at(self, focus: Focus) -> None:
        """Put the cursor on the visit looked at, without telling."""
        self._quiet = True
        if focus.ref is None:
            self.sheet.clearSelection()
        else:
            self.sheet.select(f"{focus.round_id}/{focus.ref}")
            if focus.round_id is None:
                self.out.select(focus.ref)
        self._quiet = False

    def _show_heading(self, chosen: Sequence[Round], people: People | None, focus: Focus) -> None:
        problems: list[str] = []
        if people is None:
            heading, nothing = "", _NO_PLAN
        elif len(chosen) == 1:
            heading, problems = round_words(chosen[0], people.crew(chosen[0])), list(chosen[0].problems)
            nothing = "" if chosen[0].stops else _EMPTY_ROUND
        else:
            heading = f"{day_words(focus.day)}: all {len(chosen)} rounds" if chosen and focus.day else ""
            nothing = "" if chosen else _EMPTY_DAY
            problems = [f"{people.crew(each)}: {problem}" for each in chosen for problem in each.problems]
        for part, text in ((self.heading, heading), (self.problems, "\n".join(problems)), (self._nothing, nothing)):
            part.setText(text)
            part.setVisible(bool(text))
        self.sheet.setVisible(bool(self.sheet.visible_rows))

    def _tell_stop(self, row: StopRow | None) -> None:
        if row is not None and not self._quiet:
            self.pointed.emit(Focus(row.round.date, row.round.id, row.ref))

    def _tell_left_out(self, row: LeftOut | None) -> None:
        if row is not None and not self._quiet:
            self.pointed.emit(Focus(None, None, row.ref))

    def _tell_change(self, change: Change | None) -> None:
        """A visit that is in no round any more brings the day it was planned for."""
        if change is not None and not self._quiet:
            self.pointed.emit(Focus(self._days.get(change.round), change.round or None, change.ref or None))


def _change_key(change: Change) -> str:
    return f"{change.kind}/{change.round}/{change.ref}"


def _refs(keys: Sequence[str]) -> list[str]:
    """The references of what was copied; a round has none."""
    return [ref for key in keys if (ref := key.rsplit("/", 1)[-1])]
