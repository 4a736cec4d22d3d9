"""Workload: what each manager holds against what the hours allow, and visits against the inspection's figure."""

from __future__ import annotations

import math

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from mosovo_planner.domain.people import Risk, risk_label
from mosovo_planner.domain.roles import Permission
from mosovo_planner.domain.workload import ManagerWorkload
from mosovo_planner.office.caseload import CaseloadView
from mosovo_planner.ui.desk import Desk
from mosovo_planner.ui.table import Column, Table, TablePanel
from mosovo_planner.ui.table.columns import Bar
from mosovo_planner.ui.widgets import button, card, column, label, row

WorkColumn = Column[ManagerWorkload]
_NEAR_FULL = 0.9


class Figure(QWidget):
    """A figure with what it counts below, and a note."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = title
        self.value = label("–", role="figure")
        self.note = label("", role="muted", wrap=True)
        box = column(label(title, role="section"), self.value, self.note, margin=10, space=2)
        self.setLayout(column(card(box)))

    def show_value(self, value: str, note: str) -> None:
        self.value.setText(value)
        self.note.setText(note)
        self.setAccessibleName(f"{self._title}: {value}. {note}")


class WorkloadPage(QWidget):
    """``manager_wanted`` asks to see one manager's cases."""

    title = "Workload"
    manager_wanted = Signal(str)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._reference_visits = 9.0
        self._reference_cases = 50.0
        self.figures = [Figure(title) for title in ("Cases", "Load of the team", "Visits this month", "Overdue")]
        self.table: Table[ManagerWorkload] = Table(
            "workload", "Offender managers", self._columns(), lambda load: load.manager.id, settings=desk.settings
        )
        self.table.opened.connect(self._open)
        self.change_button = button("Chan&ge manager…", self.change_manager, tip="Base, hours, training, absences")
        self.change_button.setEnabled(desk.session.may(Permission.APPROVE))
        self.panel = TablePanel(
            self.table,
            hint="Search managers and bases  (Ctrl+F)",
            empty="No offender manager is known yet. They come with the tracker: File › Import tracker… (Ctrl+I).",
            extras=(
                button("Show &cases", self._open_current, tip="This manager's cases on the caseload (Enter)"),
                self.change_button,
            ),
        )
        self.footnote = label("", role="muted", wrap=True)
        figures = row(*self.figures)
        for index in range(len(self.figures)):
            figures.setStretch(index, 1)
        body = column(figures, self.panel, self.footnote, margin=12)
        body.setStretch(1, 1)
        self.setLayout(body)
        desk.loaded.connect(self._load)
        self.table.sort_by("share", descending=True)

    def _columns(self) -> tuple[WorkColumn, ...]:
        def held(risk: Risk | None) -> WorkColumn:
            return WorkColumn(
                risk.value if risk else "unassessed", risk_label(risk), lambda load: load.by_risk.get(risk, 0),
                width=10, right=True, search=False,
            )  # fmt: skip

        return (
            WorkColumn("name", "Offender manager", lambda load: load.manager.label, width=20),
            WorkColumn("id", "Id", lambda load: load.manager.id, width=8, visible=False),
            WorkColumn("base", "Base", lambda load: load.manager.base, width=18),
            WorkColumn("hours", "Hours a week", lambda load: load.manager.weekly_hours,
                       text=lambda load: f"{load.manager.weekly_hours:g}", width=10, right=True, visible=False),
            WorkColumn("cases", "Cases", lambda load: load.cases, width=7, right=True, search=False,
                       tip="All cases held; inspectors call about 50 reasonable"),
            WorkColumn("share", "Load against capacity", _share_value, text=share_words, sort=lambda load: load.share, width=26,
                       bar=lambda load: Bar(min(load.share, 99), 1.0, _share_tone(load)), search=False,
                       tip="Weighted hours of the cases against the hours the manager has; the mark is 100%"),
            WorkColumn("state", "State", state_words, width=14, tone=_share_tone,
                       sort=lambda load: load.share, tip="Over capacity at 100% and above"),
            WorkColumn("load", "Load, h a year", lambda load: round(load.load_hours), width=12, right=True,
                       visible=False),
            WorkColumn("capacity", "Capacity, h a year", lambda load: round(load.capacity_hours), width=14, right=True,
                       visible=False),
            WorkColumn("due", "Due in a month", lambda load: load.visits_due_month, width=13, right=True, search=False,
                       tip="Visits due up to a month ahead, overdue ones included"),
            WorkColumn("done", "Done in a month", lambda load: load.visits_done_month, width=22, search=False,
                       bar=self._visits_bar, tip="Successful visits of the past month; the mark is the inspection's figure"),
            WorkColumn("rate", "Visits a month", lambda load: round(load.visits_per_month, 1), width=12, right=True,
                       visible=False, tip="What the caseload asks for in an average month"),
            WorkColumn("overdue", "Overdue", lambda load: load.overdue, width=9, right=True, search=False),
            WorkColumn("worst", "Worst, days", lambda load: load.worst_overdue_days or None, width=11, right=True, search=False),
            held(Risk.VERY_HIGH), held(Risk.HIGH), held(Risk.MEDIUM), held(Risk.LOW), held(None),
            WorkColumn("suspended", "Suspended", lambda load: load.suspended, width=10, right=True, search=False,
                       tip="In custody, hospital or abroad"),
        )  # fmt: skip

    def change_manager(self) -> None:
        """Open the chosen manager's record: base, hours, training, absences."""
        from mosovo_planner.ui.dialogs.manager import ManagerDialog

        if self.table.current is not None:
            ManagerDialog(self._desk, self.table.current.manager, self).open()

    def start_search(self) -> None:
        self.panel.start_search()

    def _visits_bar(self, load: ManagerWorkload) -> Bar:
        done, nine = load.visits_done_month, self._reference_visits
        return Bar(done, nine, "good" if done >= nine else "warn")

    def _open(self, load: ManagerWorkload) -> None:
        self.manager_wanted.emit(load.manager.id)

    def _open_current(self) -> None:
        if self.table.current is not None:
            self._open(self.table.current)

    def _load(self, view: CaseloadView) -> None:
        self._reference_visits = view.policy.number("workload.reference_visits_per_month")
        self._reference_cases = view.policy.number("workload.reference_cases")
        self.table.set_rows(view.workloads)
        self._show_figures(view)
        source = view.policy.source("workload.reference_visits_per_month")
        self.footnote.setText(
            f"Load is weighted hours a year by risk and visits, capacity the contracted hours less absences and other duty. "
            f"The mark at {self._reference_visits:g} visits a month: {source}."
        )

    def _show_figures(self, view: CaseloadView) -> None:
        loads = view.workloads
        cases, team, visits, overdue = self.figures
        unheld = len(view.cases) - sum(load.cases for load in loads)
        mean = sum(load.cases for load in loads) / max(1, len(loads))
        each = f"{mean:.0f} a manager, reference {self._reference_cases:g}"
        cases.show_value(f"{len(view.cases):,}", each + (f"; {unheld:,} not allocated" if unheld else ""))
        capacity = sum(load.capacity_hours for load in loads)
        over = sum(load.share >= 1 for load in loads)
        share = f"{sum(load.load_hours for load in loads) / capacity:.0%}" if capacity else "–"
        team.show_value(share, f"{over} of {len(loads)} managers over capacity")
        done = sum(load.visits_done_month for load in loads)
        target = self._reference_visits * len(loads)
        due = sum(load.visits_due_month for load in loads)
        visits.show_value(f"{done:,} done", f"{due:,} due; {self._reference_visits:g} a manager make {target:,.0f}")
        late, longest = view.overdue_visits
        overdue.show_value(f"{late:,}", f"the longest for {longest:,} days" if late else "none")


def share_words(load: ManagerWorkload) -> str:
    return "no hours" if math.isinf(load.share) else f"{load.share:.0%}"


def state_words(load: ManagerWorkload) -> str:
    return {"bad": "Over capacity", "warn": "Nearly full", "good": "Has room"}[_share_tone(load)]


def _share_value(load: ManagerWorkload) -> object:
    return share_words(load)


def _share_tone(load: ManagerWorkload) -> str:
    return "bad" if load.share >= 1 else "warn" if load.share >= _NEAR_FULL else "good"
