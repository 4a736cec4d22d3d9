"""Performance for leaders: a month's measures with target, trend and the people behind them; and the dip sample."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QTabWidget, QWidget

from mosovo_planner.domain.months import Month, month_of
from mosovo_planner.domain.performance import Readings, month_name
from mosovo_planner.domain.roles import Permission
from mosovo_planner.office.performance import PerformanceView, view_performance
from mosovo_planner.ui.desk import Desk
from mosovo_planner.ui.errors import words_for
from mosovo_planner.ui.performance.dip import DipTab
from mosovo_planner.ui.performance.measures import MeasuresTab
from mosovo_planner.ui.table import Table
from mosovo_planner.ui.tasks import Task
from mosovo_planner.ui.widgets import button, choice, column, label, refill, row

_MONTHS_BACK = 24
_FORCE, _TEAM, _MANAGER = "", "team ", "manager "


class PerformancePage(QWidget):
    """``offender_wanted`` asks to see somebody on the caseload, ``print_wanted`` for the monthly paper."""

    title = "Performance"
    offender_wanted = Signal(str)
    print_wanted = Signal(object)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.view: PerformanceView | None = None
        self._task: Task | None = None
        self._stale = True
        self.heading = label("", role="heading", wrap=True)
        self.state = label("", role="muted", wrap=True)
        self.month = choice("Month", self._months())
        self.scope = choice("Of whom", [("The force", _FORCE)])
        self.month.currentIndexChanged.connect(lambda _: self.refresh())
        self.scope.currentIndexChanged.connect(lambda _: self._show_scope())
        self.stop_button = button("Sto&p", self.stop)
        self.stop_button.hide()
        self.print_button = button("P&rint the month…", lambda: self.print_wanted.emit(self.chosen_month))
        self.print_button.setEnabled(desk.session.may(Permission.PRINT))
        self.measures = MeasuresTab(desk)
        self.measures.offender_wanted.connect(self.offender_wanted)
        self.dip = DipTab(desk)
        self.dip.offender_wanted.connect(self.offender_wanted)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.setAccessibleName("Measures and dip sample")
        self.tabs.addTab(self.measures, "&Measures")
        self.tabs.addTab(self.dip, "&Dip sample")
        self.tabs.currentChanged.connect(lambda _: self._load())
        top = row(column(self.heading, self.state, space=2), self.stop_button, self.month, self.scope, self.print_button)
        top.setStretch(0, 1)
        body = column(top, self.tabs, margin=12)
        body.setStretch(1, 1)
        self.setLayout(body)
        desk.as_of_changed.connect(lambda _: self._new_day())

    @property
    def table(self) -> Table:  # type: ignore[type-arg]  # either tab's
        """The table on show, for copying and exporting."""
        return self.dip.table if self.tabs.currentWidget() is self.dip else self.measures.table

    @property
    def chosen_month(self) -> Month:
        month: Month = self.month.currentData()
        return month

    def start_search(self) -> None:
        (self.dip if self.tabs.currentWidget() is self.dip else self.measures).panel.start_search()

    def _months(self) -> list[tuple[str, object]]:
        now = month_of(self._desk.as_of)
        return [(month_name(now.later(-back)), now.later(-back)) for back in range(_MONTHS_BACK)]

    def _new_day(self) -> None:
        refill(self.month, self._months())
        self.refresh()

    # Reckoning

    def refresh(self) -> None:
        """Reckon again; while nobody sees the page nothing is read, and no consultation recorded."""
        self._stale = True
        self.dip.choose_month(self.chosen_month, self._scope)
        self._load()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._load()

    def _load(self) -> None:
        if not self.isVisible():
            return
        if self.tabs.currentWidget() is self.dip:
            self.dip.load()
        if not self._stale:
            return
        self._stale = False
        if self._task is not None:
            self._task.cancel()
        session, month, day = self._desk.session, self.chosen_month, self._desk.as_of
        self._first: list[PerformanceView] = []
        keep_first = self._first.append
        self.state.setText(f"Reckoning {month_name(month)} and the year before it…")
        self.stop_button.show()
        self._task = self._desk.tasks.run(
            "Reckoning performance", lambda report: view_performance(session, month, day, report, first=keep_first),
            done=self._show,
            failed=self._failed, cancelled=self._stopped, owner=self, key=f"performance-{id(self)}",
        )  # fmt: skip
        self._task.progressed.connect(self._tell)

    def _tell(self) -> None:
        if self._task is None:
            return
        if self._first:
            self._show_figures(self._first.pop())
        shown = "The months before follow. " if self.view is not None and self.view.course.month == self.chosen_month else ""
        self.state.setText(f"{shown}{self._task.progress.text}…")

    def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()

    def _ended(self, words: str) -> None:
        self._task = None
        self.stop_button.hide()
        self.state.setText(words)

    def _stopped(self) -> None:
        self._ended("Stopped; F5 reckons again.")

    def _failed(self, error: BaseException) -> None:
        words = words_for(error)
        self._ended(words or "")
        if words is None:
            raise error

    def _show(self, view: PerformanceView) -> None:
        day, month = view.course.day, view.course.month
        until = "" if day >= month.last else f"Counted up to {day.day} {day:%b %Y}. "
        self._ended(f"{until}From what is on record now; what is entered late changes the month it belongs to.")
        self._show_figures(view)

    def _show_figures(self, view: PerformanceView) -> None:
        """The figures, of the month alone as long as the months before are reckoned."""
        self.view = view
        teams = [(f"Team {team}", _TEAM + team) for team in view.course.teams]
        managers = sorted((each.label, _MANAGER + each.id) for each in view.managers)
        refill(self.scope, [("The force", _FORCE), *teams, *managers])
        self._show_scope()

    @property
    def _scope(self) -> tuple[str, str]:
        """Team and manager's id; both empty for the force."""
        chosen = str(self.scope.currentData() or _FORCE)
        team = chosen.removeprefix(_TEAM) if chosen.startswith(_TEAM) else ""
        return team, chosen.removeprefix(_MANAGER) if chosen.startswith(_MANAGER) else ""

    def _show_scope(self) -> None:
        team, manager = self._scope
        self.dip.choose_month(self.chosen_month, self._scope)
        if self.view is None:
            return
        readings = self.view.of(team, manager)
        self.heading.setText(_heading(month_name(self.view.course.month), self.scope.currentText(), readings))
        self.measures.show_readings(self.view, readings)


def _heading(month: str, whom: str, readings: Readings) -> str:
    judged = [row[-1].met for row in readings.values() if row]
    met, missed, open_ = judged.count(True), judged.count(False), judged.count(None)
    rest = f"; {open_} without target or figure" if open_ else ""
    return f"{whom}, {month}: {met} of {met + missed} targets met{rest}."
