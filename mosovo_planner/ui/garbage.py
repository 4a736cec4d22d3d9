"""Python's cyclic garbage is collected on the GUI thread only.

A collection may run on whichever thread allocates next. On a worker's it could destroy widgets, which Qt forbids and
which ends the process now and then. So the automatic collection is off while a window is open, and a timer does it.

A caseload of 10,000 is a million objects, through which a full collection looks for a quarter of a second. They live
long and hold no cycles, so they are set aside (:func:`set_aside`) as soon as they are read, and looked through only
while nobody uses the window.
"""

from __future__ import annotations

import gc
import time

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication

_EVERY_MS = 500
_WHOLE_EVERY_S = 300.0
_BURST = 10_000
"""New objects between two looks from which on they are something being read, a caseload or a library; some milliseconds to
look through."""

_aside = [False]  # gc.get_freeze_count() counts them one by one: 30 ms of every half second with 10,000 offenders


def set_aside() -> None:
    """Leave everything there is out of the collections to come, until nobody uses the window: what was read is no garbage."""
    gc.freeze()
    _aside[0] = True


class GuiCollector(QObject):
    """Collects as often as the thresholds ask, always on the thread it was made on."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thresholds = gc.get_threshold()
        self._was_on = gc.isenabled()
        gc.disable()
        self._whole_at = time.monotonic()
        self._timer = QTimer(self, interval=_EVERY_MS)
        self._timer.timeout.connect(self.collect)
        self._timer.start()

    def collect(self) -> None:
        """Collect the oldest generation whose count has passed its threshold; all, now and then, while the window is idle.

        What is just being read on another thread is set aside in the middle of it.
        """
        if _aside[0] and self._idle() and time.monotonic() - self._whole_at > _WHOLE_EVERY_S:
            self._whole_at = time.monotonic()
            gc.unfreeze()
            gc.collect()
            gc.freeze()
            return
        counts = gc.get_count()
        if counts[0] > _BURST:
            set_aside()
            return
        for generation in (2, 1, 0):
            if counts[generation] > self._thresholds[generation]:
                gc.collect(generation)
                return

    @staticmethod
    def _idle() -> bool:
        return QGuiApplication.applicationState() != Qt.ApplicationState.ApplicationActive

    def stop(self) -> None:
        """Leave it to Python again."""
        self._timer.stop()
        if self._was_on:
            gc.enable()
