"""The open workspace: navigation at the left, the five views beside it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QStackedWidget, QWidget

from mosovo_planner.ui.actions import VIEWS
from mosovo_planner.ui.desk import Desk
from mosovo_planner.ui.navigation import Navigation
from mosovo_planner.ui.table import Table
from mosovo_planner.ui.views.caseload import CaseloadPage
from mosovo_planner.ui.views.outstanding import OutstandingPage
from mosovo_planner.ui.views.workload import WorkloadPage
from mosovo_planner.ui.widgets import row


class WorkspacePage(QWidget):
    """Builds the heavier views (with a map) when they are first shown."""

    def __init__(self, desk: Desk, actions: Mapping[str, QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self._actions = actions
        self.caseload = CaseloadPage(desk)
        self.outstanding = OutstandingPage(desk)
        self.workload = WorkloadPage(desk)
        self.views: dict[str, QWidget] = {
            "caseload": self.caseload, "outstanding": self.outstanding, "workload": self.workload
        }  # fmt: skip
        self._stack = QStackedWidget()
        for view in self.views.values():
            self._stack.addWidget(view)
        self.navigation = Navigation(actions)
        body = row(self.navigation, self._stack, space=0)
        body.setStretch(1, 1)
        self.setLayout(body)
        self.outstanding.offender_wanted.connect(self.open_offender)
        self.workload.manager_wanted.connect(self.open_manager)
        desk.loaded.connect(lambda _view: self._tell_heavy_views())

    @property
    def current_key(self) -> str:
        return next(key for key, view in self.views.items() if view is self._stack.currentWidget())

    @property
    def current(self) -> QWidget:
        return self.views[self.current_key]

    @property
    def table(self) -> Table[Any] | None:
        """The table of the view on show, for copying, exporting and choosing columns."""
        table = getattr(self.current, "table", None)
        return table if isinstance(table, Table) else None

    def show_view(self, key: str) -> None:
        if key not in self.views:
            self.views[key] = self._heavy_view(key)
            self._stack.addWidget(self.views[key])
        self._stack.setCurrentWidget(self.views[key])
        self._actions[f"show_{key}"].setChecked(True)

    def open_offender(self, ref: str) -> None:
        """Go to an offender on the caseload."""
        self.show_view("caseload")
        self.caseload.show_offender(ref)

    def open_manager(self, manager_id: str) -> None:
        """Show one manager's cases."""
        self.show_view("caseload")
        self.caseload.show_manager(manager_id)

    def _heavy_view(self, key: str) -> QWidget:
        if key == "allocation":
            from mosovo_planner.ui.allocation.view import AllocationView

            allocation: QWidget = AllocationView(self.desk.session, self.desk.tasks, self)
            return allocation
        from mosovo_planner.ui.plan.view import PlanView

        plan: QWidget = PlanView(self.desk.session, self.desk.tasks, self)
        return plan

    def _tell_heavy_views(self) -> None:
        for key in {key for key, _ in VIEWS} - {"caseload", "outstanding", "workload"}:
            view = self.views.get(key)
            refresh = getattr(view, "refresh", None)
            if callable(refresh):
                refresh()
