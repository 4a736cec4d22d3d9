"""The caseload: everybody in a table, one offender beside it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QComboBox, QSplitter, QWidget

from mosovo_planner.domain.clocks import Case
from mosovo_planner.domain.people import Risk, Status, risk_label
from mosovo_planner.domain.risk_plans import PlanState
from mosovo_planner.office.caseload import CaseloadView, OffenderFile, view_offender
from mosovo_planner.ui.desk import Desk
from mosovo_planner.ui.dialogs.visit import VisitDialog
from mosovo_planner.ui.table import Table, TablePanel
from mosovo_planner.ui.views.case_columns import case_columns, case_id
from mosovo_planner.ui.views.detail import DetailPanel
from mosovo_planner.ui.widgets import choice, column, refill

_OPEN_PAUSE_MS = 180
_ANY = "*"


class CaseloadPage(QWidget):
    """Table, filters and detail. Opening an offender waits a moment, so that arrowing past records nobody."""

    title = "Caseload"

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._wanted: Case | None = None
        self._narrowed: tuple[object, ...] = ()
        self._opened: Case | None = None
        self.manager = choice("Offender manager", [("All managers", _ANY)])
        self.risk = choice("Risk", _risks())
        self.status = choice("Status", [("Any status", _ANY), *((each.label, each) for each in Status)])
        self.position = choice("Position", _POSITIONS)
        for combo in self.filters:
            combo.currentIndexChanged.connect(lambda _: self._narrow())
        self.table: Table[Case] = Table(
            "caseload", "Caseload", case_columns(desk.manager_label, self._plan_state), case_id, settings=desk.settings
        )
        self.panel = TablePanel(
            self.table,
            hint="Search  (Ctrl+F)",
            empty="The caseload is empty. Import the team's tracker: File › Import tracker… (Ctrl+I).",
            extras=self.filters,
        )
        self.detail = DetailPanel(desk)
        self._lay_out()
        self._pause = QTimer(self, singleShot=True, interval=_OPEN_PAUSE_MS)
        self._pause.timeout.connect(self._open)
        self.table.chosen.connect(self._choose)
        self.table.opened.connect(self._open_now)
        self.detail.visit_wanted.connect(self.record_visit)
        self.detail.place_wanted.connect(self._place)
        self.detail.change_wanted.connect(self.change_offender)
        self.detail.file_wanted.connect(self.open_file)
        desk.loaded.connect(self._load)
        self.table.sort_by("due")  # who is latest stands first

    def _plan_state(self, ref: str) -> PlanState | None:
        return self._desk.view.plans.get(ref) if self._desk.view else None

    @property
    def filters(self) -> tuple[QComboBox, ...]:
        return self.manager, self.risk, self.status, self.position

    def _lay_out(self) -> None:
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.addWidget(self.panel)
        self.splitter.addWidget(self.detail)
        self.splitter.setCollapsible(0, False)
        self.splitter.setStretchFactor(0, 1)
        self.splitter.setHandleWidth(8)
        self.detail.setMinimumWidth(250)
        self.splitter.setSizes([900, 262])
        state = self._desk.settings.state("caseload/splitter/1")
        if state is not None:
            self.splitter.restoreState(state)
        self.splitter.splitterMoved.connect(
            lambda *_: self._desk.settings.save_state("caseload/splitter/1", self.splitter.saveState())
        )
        self.setLayout(column(self.splitter, margin=12))

    def start_search(self) -> None:
        self.panel.start_search()

    def show_offender(self, ref: str) -> None:
        """Go to an offender, past any filter that hides him."""
        if not self.table.select(ref):
            self.panel.search.clear()
            for combo in self.filters:
                combo.setCurrentIndex(0)
            self.panel.apply_search()
            self.table.select(ref)

    def show_manager(self, manager_id: str | None) -> None:
        """Narrow the list to one manager's cases."""
        self.panel.search.clear()
        self.panel.apply_search()
        for combo in self.filters:
            combo.setCurrentIndex(0)
        self.manager.setCurrentIndex(max(0, self.manager.findData(manager_id)))

    def show_without_position(self) -> None:
        """Narrow the list to those without a position."""
        self.show_manager(_ANY)
        self.position.setCurrentIndex(self.position.findData("none"))

    def _load(self, view: CaseloadView) -> None:
        managers = sorted(view.managers, key=lambda manager: manager.label.casefold())
        refill(
            self.manager,
            [("All managers", _ANY), ("Not allocated", None), *((manager.label, manager.id) for manager in managers)],
        )
        self._narrow()
        self.table.set_rows(view.cases)

    def _narrow(self) -> None:
        wanted = tuple(combo.currentData() for combo in self.filters)
        if wanted != self._narrowed:
            self._narrowed = wanted
            self.table.table_model.keep(partial(_fits, *wanted))

    # One offender

    def _choose(self, case: Case | None) -> None:
        if case is self._wanted:
            return
        self._wanted = case
        if case is None:
            self._pause.stop()
            self.detail.show_nothing()
        elif self.isVisible():
            self._pause.start()

    def showEvent(self, event: QShowEvent) -> None:
        """What was chosen while another view was in front is opened now: nobody looked at it before."""
        super().showEvent(event)
        if self._wanted is not None and self._wanted is not self._opened:
            self._pause.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nothing is read, and no consultation recorded, for a page that nobody sees."""
        self._pause.stop()
        super().hideEvent(event)

    def _open_now(self, case: Case) -> None:
        self._wanted = case
        self._pause.stop()
        self._open()

    def _open(self) -> None:
        if self._wanted is None:
            return
        self._opened = self._wanted
        desk, ref = self._desk, self._wanted.offender.ref
        day, session = desk.as_of, desk.session
        desk.tasks.run(
            "Opening an offender",
            lambda _report: view_offender(session, ref, day),
            done=self._show,
            owner=self,
            key="offender",
            quiet=True,
        )

    def _show(self, file: OffenderFile) -> None:
        if self._wanted is not None and self._wanted.offender.ref == file.case.offender.ref:
            self.detail.show_file(file)

    def record_visit(self, case: Case | None = None) -> None:
        """Open the form for a visit to ``case``, or to the offender under the cursor."""
        chosen = case or self.table.current
        if chosen is not None and self._desk.view is not None:
            VisitDialog(self._desk, chosen.offender, self).open()

    def change_offender(self, case: Case | None = None) -> None:
        """Open the record of ``case``, or of the offender under the cursor, for changing."""
        from mosovo_planner.ui.dialogs.offender import OffenderDialog

        chosen = case or self.table.current
        if chosen is not None and self._desk.view is not None:
            OffenderDialog(self._desk, chosen.offender, self).open()

    def open_file(self, case: Case | None = None) -> None:
        """Open the whole file of ``case``, or of the offender under the cursor, in a window of its own."""
        from mosovo_planner.ui.offender.file import FileWindow

        chosen = case or self.table.current
        if chosen is not None and self._desk.view is not None:
            FileWindow(self._desk, chosen.offender.ref, self).show()

    def _place(self, case: Case) -> None:
        from mosovo_planner.ui.dialogs.place import PlaceDialog

        PlaceDialog(self._desk, case.offender, self).open()


_POSITIONS: list[tuple[str, object]] = [("Any position", _ANY), ("No position", "none"), ("Position to check", "check")]


def _risks() -> list[tuple[str, object]]:
    levels: list[Risk | None] = [*reversed(Risk), None]
    return [("Any risk", _ANY), *((risk_label(level), level) for level in levels)]


_ON_MAP: dict[str, Callable[[Case], bool]] = {
    _ANY: lambda _case: True,
    "none": lambda case: case.offender.position is None,
    "check": lambda case: case.offender.position is not None and case.offender.position.precision.needs_checking,
}


def _fits(manager: str | None, risk: object, status: object, position: str, case: Case) -> bool:
    offender = case.offender
    return (
        manager in (_ANY, offender.manager)
        and risk in (_ANY, offender.risk)
        and status in (_ANY, offender.status)
        and _ON_MAP[position](case)
    )
