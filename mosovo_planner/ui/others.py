"""A window on a server's workspace follows what others change, by itself and without haste."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from mosovo_planner.domain.roles import Permission
from mosovo_planner.ui.desk import Desk

_SOON = 2_000
"""Milliseconds from the first word of a change to reading again: what is saved together comes together."""
_SELDOM = 30_000
"""Milliseconds between two readings: each is written in the record of use, and a busy force changes something all the time."""


class Others(QObject):
    """Reads the desk's caseload again after others changed something. ``stop`` it before the session is closed."""

    _heard = Signal()

    def __init__(self, desk: Desk, soon: int = _SOON, seldom: int = _SELDOM) -> None:
        super().__init__(desk)
        self._desk = desk
        self._soon, self._seldom = soon, seldom
        self._again = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._read)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.timeout.connect(self._rested)
        self._heard.connect(self._changed, Qt.ConnectionType.QueuedConnection)  # it comes from a thread of its own
        self._watch = desk.session.watch(lambda _change: self._heard.emit()) if desk.session.may(Permission.VIEW) else None

    def stop(self) -> None:
        """Hear and read nothing more."""
        self._timer.stop()
        self._rest.stop()
        if self._watch is not None:
            self._watch.stop()
            self._watch = None

    def _changed(self) -> None:
        if self._watch is None or self._timer.isActive():
            return
        if self._rest.isActive():
            self._again = True
        else:
            self._timer.start(self._soon)

    def _read(self) -> None:
        self._rest.start(self._seldom)
        self._desk.reload()

    def _rested(self) -> None:
        if self._again:
            self._again = False
            self._timer.start(self._soon)
