"""Whether anybody uses the window: keys and the mouse in any of its windows, dialogs and menus, and sleep noticed late.

Windows are looked at, not widgets: an event filter on the application would run Python for every event of every widget.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from itertools import count

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent

TICK_MS = 500
_SLEPT_SECONDS = 60.0
"""A tick that comes so late means that the machine slept (or its clock was set: locking then harms nobody)."""
_WARN_SECONDS = 30.0
_USES = frozenset(
    {
        QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.MouseMove, QEvent.Type.Wheel, QEvent.Type.TouchBegin,
        QEvent.Type.TouchUpdate, QEvent.Type.TabletPress, QEvent.Type.TabletMove,
    }
)  # fmt: skip
_numbers = count()
_LOCK_KEYS = Qt.KeyboardModifier.ControlModifier


class IdleWatch(QObject):
    """``lock_wanted`` says why: ``idle``, ``sleep`` or ``asked``. ``ticked`` fires twice a second, ``soon`` before the end."""

    lock_wanted = Signal(str)
    ticked = Signal()
    soon = Signal(int)

    def __init__(
        self,
        parent: QObject | None = None,
        *,
        steady: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(parent)
        self.minutes = 5
        self._steady, self._wall = steady, wall
        self._used = steady()
        self._ticked_at = wall()
        self._warned = False
        self._mark = f"use_watched_{next(_numbers)}"
        self._timer = QTimer(self, interval=TICK_MS)
        self._timer.timeout.connect(self.tick)

    def start(self) -> None:
        """Begin to count; what was before does not count."""
        self._used, self._ticked_at, self._warned = self._steady(), self._wall(), False
        self._timer.start()

    def stop(self) -> None:
        self._timer.stop()

    def tick(self) -> None:
        """Look at the time and at windows that have come."""
        late, self._ticked_at = self._wall() - self._ticked_at, self._wall()
        for window in QGuiApplication.topLevelWindows():
            if not window.property(self._mark):
                window.setProperty(self._mark, True)
                window.installEventFilter(self)
        self.ticked.emit()
        left = self.minutes * 60 - (self._steady() - self._used)
        if abs(late) > _SLEPT_SECONDS:
            self.lock_wanted.emit("sleep")
        elif left <= 0:
            self.lock_wanted.emit("idle")
        elif left <= _WARN_SECONDS and not self._warned:
            self._warned = True
            self.soon.emit(round(left))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Note a use. Ctrl+L locks under a dialog too, which keeps the menu's own key from working."""
        if event.type() in _USES:
            self._used, self._warned = self._steady(), False
            if isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_L and event.modifiers() == _LOCK_KEYS:
                self.lock_wanted.emit("asked")
                return True
        return super().eventFilter(watched, event)
