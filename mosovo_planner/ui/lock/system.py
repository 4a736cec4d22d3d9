"""The desktop's own word that the session was locked or that the machine goes to sleep.

Where nothing is heard, idleness and a tick that comes late lock (``idle``).
"""

from __future__ import annotations

import sys
from collections.abc import Callable

from PySide6.QtWidgets import QWidget


def listen(window: QWidget, tell: Callable[[str], object]) -> object:
    """Call ``tell`` with ``session`` or ``sleep`` when the system says so; keep what is returned (None: nothing is heard)."""
    try:
        return _listen(window, tell)
    except Exception:  # noqa: BLE001  a desktop that says nothing must not keep the program from starting
        return None


def _listen(window: QWidget, tell: Callable[[str], object]) -> object:
    if sys.platform == "win32":
        from mosovo_planner.ui.lock import windows

        return windows.listen(int(window.winId()), tell)
    if sys.platform == "darwin":
        from mosovo_planner.ui.lock import macos

        return macos.listen(tell)
    from mosovo_planner.ui.lock import linux

    return linux.listen(tell, window)
