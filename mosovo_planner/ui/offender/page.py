"""A page of an offender's file that reads its own part of the record when it is looked at, and not before."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from mosovo_planner.ui.desk import Desk
from mosovo_planner.ui.errors import show_error


class FilePage(QWidget):
    """``read`` gives what is to be read off the GUI thread, ``show_read`` shows it.

    What nobody looks at is not read, so that the record of use tells what was really opened.
    """

    read: Callable[[], Callable[[], object]]
    show_read: Callable[[object], None]

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.ref = ""
        self._stale = False

    def show_offender(self, ref: str) -> None:
        """The offender's file was read (again)."""
        self.ref = ref
        self._stale = True
        if self.isVisible():
            self.load()

    def load(self) -> None:
        self._stale = False
        work = self.read()
        self.desk.tasks.run(
            "Reading the file", lambda _report: work(), done=self.show_read,
            failed=lambda error: show_error(self, error, "This part of the file was not read"), owner=self,
            key=f"page-{id(self)}", quiet=True,
        )  # fmt: skip

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self.load()
