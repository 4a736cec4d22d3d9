"""The day sheet and the list of what is not planned: everything that map and timetable show, as tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QTabWidget, QWidget

from mosovo_planner.domain.proposals import Plan, Round
from mosovo_planner.ui.plan.figures import day_words, round_words
from mosovo_planner.ui.plan.focus import Focus
from mosovo_planner.ui.plan.rows import LEFT_OUT, SHEET, LeftOut, People, StopRow, left_out, stop_rows
from mosovo_planner.ui.settings import Settings
from mosovo_planner.ui.table import Table, TablePanel
from mosovo_planner.ui.widgets import column, holder, label

_NO_PLAN = "There is no plan on the desk yet. Choose the first day and the number of weeks above, then press Propose."
_EMPTY_ROUND = "This round has no visits yet. Add one from the list of what is not planned, or with Add visit."
_EMPTY_DAY = "No rounds on this day. Add a crew, or choose another day."


class PlanLists(QTabWidget):
    """Emits :attr:`pointed` with the focus of the row under the cursor; :attr:`copied` with title and references."""

    pointed = Signal(object)
    copied = Signal(str, object)

    def __init__(self, settings: Settings | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._quiet = False
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
        self.sheet.chosen.connect(self._tell_stop)
        self.sheet.copied.connect(lambda keys: self.copied.emit("Day sheet", [key.rsplit("/", 1)[-1] for key in keys]))
        self.out.chosen.connect(self._tell_left_out)
        self.out.copied.connect(lambda refs: self.copied.emit("Not planned", refs))

    @property
    def table(self) -> Table[Any]:
        """The list on top."""
        return self.tables[self.currentIndex()]

    @property
    def tables(self) -> tuple[Table[Any], ...]:
        return self.sheet, self.out

    def turn_to(self, focus: Focus) -> None:
        """Bring the list on top that holds the visit looked at."""
        if focus.ref is not None:
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
