"""What all views share: who is signed in, the day looked at, and the caseload as of that day."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QObject, QTimer, Signal

from mosovo_planner.domain.roles import Permission
from mosovo_planner.office.caseload import CaseloadView, view_caseload
from mosovo_planner.office.session import Session
from mosovo_planner.ui.garbage import set_aside
from mosovo_planner.ui.settings import Settings
from mosovo_planner.ui.tasks import Tasks


class Desk(QObject):
    """``loaded`` brings each CaseloadView that was read; ``changed`` says that records were changed from this window."""

    loaded = Signal(object)
    changed = Signal()
    as_of_changed = Signal(object)

    def __init__(self, session: Session, tasks: Tasks, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.tasks = tasks
        self.settings = settings
        self._as_of = date.today()
        self.view: CaseloadView | None = None
        self._labels: dict[str, str] = {}

    @property
    def as_of(self) -> date:
        return self._as_of

    @as_of.setter
    def as_of(self, day: date) -> None:
        """Look at the caseload as of another day."""
        if day != self._as_of:
            self._as_of = day
            self.as_of_changed.emit(day)
            self.reload()

    def records_changed(self) -> None:
        """Something was saved: tell everybody, and read the caseload again."""
        self.changed.emit()
        self.reload()

    def reload(self) -> None:
        """Read the caseload again, off the GUI thread; nothing for a role that may not see it."""
        if not self.session.may(Permission.VIEW):
            return
        session, day = self.session, self._as_of
        self.tasks.run(
            "Reading the caseload",
            lambda _report: view_caseload(session, day).made_ready(),
            done=self._show,
            owner=self,
            key="caseload",
            quiet=True,
        )

    def manager_label(self, manager_id: str | None) -> str:
        """A manager's name, the id where the name is not known, ``Not allocated`` for none."""
        return self._labels.get(manager_id, manager_id) if manager_id else "Not allocated"

    def _show(self, view: CaseloadView) -> None:
        set_aside()
        before, self.view = self.view, view
        self._labels = {manager.id: manager.label for manager in view.managers}
        self.loaded.emit(view)
        QTimer.singleShot(0, self, [before].clear)  # its million objects go in a turn of their own
