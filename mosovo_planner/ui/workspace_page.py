"""The open workspace: navigation at the left, the five views beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QDate, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QStackedWidget, QWidget

from mosovo_planner.domain.roles import Permission
from mosovo_planner.domain.visits import Visit
from mosovo_planner.office.tables import record_copy
from mosovo_planner.ui.actions import VIEW_NEEDS, VIEWS
from mosovo_planner.ui.desk import Desk
from mosovo_planner.ui.navigation import Navigation
from mosovo_planner.ui.table import Table
from mosovo_planner.ui.views.caseload import CaseloadPage
from mosovo_planner.ui.views.outstanding import OutstandingPage
from mosovo_planner.ui.views.workload import WorkloadPage
from mosovo_planner.ui.widgets import label, row

if TYPE_CHECKING:
    from mosovo_planner.ui.allocation.view import AllocationView
    from mosovo_planner.ui.offduty.page import OffDutyPage
    from mosovo_planner.ui.plan.view import PlanView


class WorkspacePage(QWidget):
    """Builds the heavier views (with a map) when they are first shown.

    ``rounds_wanted`` asks for the day sheets of some rounds of a plan, ``month_wanted`` for a month's performance.
    """

    rounds_wanted = Signal(object, object)
    month_wanted = Signal(object)

    def __init__(self, desk: Desk, actions: Mapping[str, QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self._actions = actions
        self._saving: QWidget | None = None
        self._stale: set[QWidget] = set()
        self._loaded: bool | None = None  # None: what the heavier views need is not even being loaded yet
        self._wanted = ""
        self._opening = label("Opening…", role="muted")
        self._opening.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.caseload = CaseloadPage(desk)
        self.outstanding = OutstandingPage(desk)
        self.workload = WorkloadPage(desk)
        self.offduty = self._off_duty(desk)
        self.views: dict[str, QWidget] = {
            "caseload": self.caseload, "outstanding": self.outstanding, "workload": self.workload, "offduty": self.offduty
        }  # fmt: skip
        self._stack = QStackedWidget()
        for view in (*self.views.values(), self._opening):
            self._stack.addWidget(view)
        self.navigation = Navigation(actions, self.keys)
        self.offduty.badge_changed.connect(partial(self.navigation.set_badge, "offduty"))
        body = row(self.navigation, self._stack, space=0)
        body.setStretch(1, 1)
        self.setLayout(body)
        self.outstanding.offender_wanted.connect(self.open_offender)
        self.workload.manager_wanted.connect(self.open_manager)
        desk.changed.connect(self._refresh_heavy_views)
        desk.loaded.connect(self._get_ready)
        for view in (self.caseload, self.outstanding, self.workload, self.offduty):
            view.table.may_copy = desk.session.may(Permission.PRINT)
            view.table.copied.connect(partial(self._record_copy, view.table.title))

    def _get_ready(self, _view: object = None) -> None:
        """What the heavier views and forms need is loaded beside the window, which stands still for none of it."""
        if self._loaded is None:
            self._loaded = False
            modules = [module for key in self.keys for module in _MODULES.get(key, ())]
            self.desk.tasks.run(
                "Getting ready", lambda _report: _load([*modules, *_FORMS]), done=self._got_ready, owner=self, quiet=True
            )

    def _got_ready(self, _none: None) -> None:
        self._loaded = True
        if self._wanted:
            self.show_view(self._wanted)

    @property
    def current_key(self) -> str:
        """The view on show, or about to be."""
        return self._wanted or next(key for key, view in self.views.items() if view is self._stack.currentWidget())

    @property
    def keys(self) -> tuple[str, ...]:
        """The views that the user's role may go to."""
        may = self.desk.session.may
        return tuple(key for key, _title in VIEWS if may(VIEW_NEEDS.get(key, Permission.VIEW)))

    @property
    def current(self) -> QWidget:
        return self._stack.currentWidget() or self.caseload

    @property
    def table(self) -> Table[Any] | None:
        """The table of the view on show, for copying, exporting and choosing columns."""
        table = getattr(self.current, "table", None)
        return table if isinstance(table, Table) else None

    def make_view(self, key: str) -> QWidget:
        """A view, made where it is not there yet; it is not gone to."""
        if key not in self.views:
            self.views[key] = self._heavy_view(key)
            self._stack.addWidget(self.views[key])
        return self.views[key]

    def show_view(self, key: str) -> None:
        """Go to a view; to one that is not there yet, and whose libraries are still being loaded, as soon as they are."""
        self._actions[f"show_{key}"].setChecked(True)
        waits = key not in self.views and not self._loaded and self.desk.session.may(Permission.VIEW)
        self._wanted = key if waits else ""
        self._stack.setCurrentWidget(self._opening if waits else self.make_view(key))
        if waits:
            self._get_ready()

    def open_offender(self, ref: str) -> None:
        """Go to an offender on the caseload."""
        self.show_view("caseload")
        self.caseload.show_offender(ref)

    def open_manager(self, manager_id: str) -> None:
        """Show one manager's cases."""
        self.show_view("caseload")
        self.caseload.show_manager(manager_id)

    def _off_duty(self, desk: Desk) -> OffDutyPage:
        from mosovo_planner.ui.offduty.page import OffDutyPage

        page = OffDutyPage(desk)
        page.offender_wanted.connect(self.open_offender)
        page.own_waiting.connect(self._greet)
        return page

    def _visor(self) -> QWidget:
        from mosovo_planner.ui.views.visor import VisorPage

        page = VisorPage(self.desk)
        page.offender_wanted.connect(self.open_offender)
        page.list_wanted.connect(self._actions["compare_visor"].trigger)
        page.table.may_copy = self.desk.session.may(Permission.PRINT)
        page.table.copied.connect(partial(self._record_copy, page.table.title))
        return page

    def _performance(self) -> QWidget:
        from mosovo_planner.ui.performance.page import PerformancePage

        page = PerformancePage(self.desk)
        page.offender_wanted.connect(self.open_offender)
        page.print_wanted.connect(self.month_wanted)
        for table in (page.measures.table, page.measures.people, page.dip.table, page.dip.trend):
            table.may_copy = self.desk.session.may(Permission.PRINT)
            table.copied.connect(partial(self._record_copy, table.title))
        return page

    def _greet(self) -> None:
        """At the start of duty one's own matches are in front, unless something else was gone to already."""
        if self.current_key == "caseload" and not self.caseload.panel.search.text():
            self.show_view("offduty")

    def show_visor(self, work: object) -> None:
        """A list was compared: show what is to be worked off."""
        page = self.make_view("visor")
        self.show_view("visor")
        page.show_work(work)  # type: ignore[attr-defined]

    def show_new_matches(self) -> None:
        """Matches were kept: count them and show them."""
        self.show_view("offduty")
        self.offduty.watch.count()
        self.offduty.refresh()

    def _heavy_view(self, key: str) -> QWidget:
        if key == "allocation":
            from mosovo_planner.ui.allocation.view import AllocationView

            allocation = AllocationView(self.desk.session, self.desk.tasks, self, settings=self.desk.settings)
            self._follow_day(allocation)
            allocation.workspace_changed.connect(lambda: self._changed_by(allocation))
            return allocation
        if key == "visor":
            return self._visor()
        if key == "policy":
            from mosovo_planner.ui.policy.page import PolicyPage

            return PolicyPage(self.desk)
        if key == "performance":
            return self._performance()
        if key == "users":
            from mosovo_planner.ui.keys.page import UsersPage

            return UsersPage(self.desk)
        if key == "audit":
            from mosovo_planner.ui.audit.page import AuditPage

            return AuditPage(self.desk)
        from mosovo_planner.ui.plan.view import PlanView

        plan = PlanView(self.desk.session, self.desk.tasks, self, settings=self.desk.settings)
        plan.workspace_changed.connect(lambda: self._changed_by(plan))
        plan.show_bases(self.desk.view.managers if self.desk.view else ())
        self.desk.loaded.connect(lambda view: plan.show_bases(view.managers))
        plan.visit_wanted.connect(self.record_planned)
        plan.print_requested.connect(lambda _kind, round_id: self._print_round(plan, round_id))
        return plan

    def record_planned(self, planned: Visit) -> None:
        """Open the form for a visit of the plan, with its time and crew filled in."""
        from mosovo_planner.ui.dialogs.visit import VisitDialog

        cases = self.desk.view.cases if self.desk.view else ()
        offender = next((case.offender for case in cases if case.offender.ref == planned.ref), None)
        if offender is not None:
            VisitDialog(self.desk, offender, self, known=planned).open()

    def _follow_day(self, view: AllocationView) -> None:
        """The view has a date of its own; it goes with the window's."""

        def show(day: date) -> None:
            view.day.setDate(QDate(day.year, day.month, day.day))

        show(self.desk.as_of)
        self.desk.as_of_changed.connect(show)

    def _print_round(self, plan: PlanView, round_id: str) -> None:
        work = plan.history.work
        if work is not None:
            self.rounds_wanted.emit(work.plan, [each for each in work.plan.rounds if each.id == round_id])

    # When records change

    def refresh(self) -> None:
        """Read everything again, as F5 does."""
        self.desk.reload()
        self._refresh_heavy_views()

    def _changed_by(self, view: QWidget) -> None:
        """A view saved something: the others are told, it knows itself."""
        self._saving = view
        self.desk.records_changed()
        self._saving = None

    def _refresh_heavy_views(self) -> None:
        """Those on show read again at once, the others when they are next shown: nobody waits for what nobody sees."""
        self._stale |= {view for view in self.views.values() if view is not self._saving}
        self._refresh_shown()

    def _refresh_shown(self) -> None:
        view = self.current
        if view in self._stale:
            self._stale.discard(view)
            refresh = getattr(view, "refresh", None)
            if callable(refresh):
                refresh()

    def _record_copy(self, title: str, refs: list[str]) -> None:
        session = self.desk.session
        self.desk.tasks.run(
            "Writing the record of use",
            lambda _report: record_copy(session, title, refs),
            done=lambda _: None,
            owner=self,
            quiet=True,
        )


_MODULES = {
    "allocation": ("office.allocation", "ui.allocation.view"),
    "plan": ("office.plans", "ui.plan.view"),
    "performance": ("ui.performance.page",),
    "policy": ("ui.policy.page",),
    "visor": ("ui.views.visor",),
    "users": ("ui.keys.page",),
    "audit": ("ui.audit.page",),
}
_FORMS = ("ui.offender.file", "ui.dialogs.offender", "ui.dialogs.search", "ui.dialogs.print_dialog")


def _load(names: Iterable[str]) -> None:
    for name in names:
        import_module(f"mosovo_planner.{name}")
