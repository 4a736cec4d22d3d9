"""How long the window keeps a person waiting: ``python -m tests.benchmarks.stalls [SIZE] [--stacks]``.

Opens every page of an invented force, filters, sorts and changes something, and prints for each step the longest that the
event loop stood still: by the clock (other work on the machine shows in it), and in CPU time of the GUI thread (it does
not). With ``--stacks`` also where the GUI thread stood. Judges nothing. Every person is invented.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

_PAGES = ("caseload", "outstanding", "workload", "offduty", "performance", "policy", "visor", "allocation", "plan")
_TICK_MS = 10
_LOOKED_AT = 0.08
_SETTLE_MS = 700


@dataclass
class Stalls:
    """Gaps between ticks of the event loop: the longest by the clock and in CPU time of this thread, in ms."""

    clock: float = 0.0
    cpu: float = 0.0
    stacks: Counter[str] = field(default_factory=Counter)


class Probe:
    """Ticks on the GUI thread; a thread beside it looks where that stands when a tick is late."""

    def __init__(self, *, stacks: bool) -> None:
        from PySide6.QtCore import QTimer

        self._timer = QTimer(interval=_TICK_MS)
        self._timer.timeout.connect(self._tick)
        self._gui = threading.get_ident()
        self._stacks = stacks
        self._now = Stalls()
        self._last = self._last_cpu = 0.0
        self._over = threading.Event()

    @contextmanager
    def watching(self) -> Iterator[Stalls]:
        self._now, self._last, self._last_cpu = Stalls(), time.perf_counter(), time.thread_time()
        self._over.clear()
        self._timer.start()
        looker = threading.Thread(target=self._look, daemon=True)
        if self._stacks:
            looker.start()
        yield self._now
        self._tick()
        self._timer.stop()
        self._over.set()

    def _tick(self) -> None:
        now, cpu = time.perf_counter(), time.thread_time()
        self._now.clock = max(self._now.clock, 1000 * (now - self._last))
        self._now.cpu = max(self._now.cpu, 1000 * (cpu - self._last_cpu))
        self._last, self._last_cpu = now, cpu

    def _look(self) -> None:
        while not self._over.wait(0.02):
            if time.perf_counter() - self._last > _LOOKED_AT:
                frames = traceback.extract_stack(sys._current_frames().get(self._gui))
                own = [each for each in frames if "mosovo_planner" in each.filename][-3:]
                self._now.stacks[" < ".join(f"{each.name}:{each.lineno}" for each in reversed(own)) or "Qt or the collector"] += 1


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("size", type=int, nargs="?", default=10_000)
    asked.add_argument("--stacks", action="store_true")
    asked.add_argument("--pages", nargs="*", default=list(_PAGES))
    given = asked.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("XDG_CONFIG_HOME", folder)
        _run(given.size, given.pages, stacks=given.stacks)


def _run(size: int, pages: Sequence[str], *, stacks: bool) -> None:
    from PySide6.QtCore import QEventLoop, Qt, QTimer

    from mosovo_planner.office.demo import demo_session
    from mosovo_planner.ui.app import application
    from mosovo_planner.ui.garbage import GuiCollector
    from mosovo_planner.ui.main_window import MainWindow
    from mosovo_planner.ui.settings import Settings
    from mosovo_planner.ui.theme import Theme

    app = application([])
    collector = GuiCollector(app)  # as the program does
    window = MainWindow(Settings(), Theme(app, "light"))
    window.resize(1366, 768)
    probe = Probe(stacks=stacks)

    def settle() -> None:
        """Until nothing runs any more, and a little longer."""
        quiet = [time.perf_counter()]
        loop, timer = QEventLoop(), QTimer(interval=20)

        def look() -> None:
            if window.tasks.running:
                quiet[0] = time.perf_counter()
            elif time.perf_counter() - quiet[0] > _SETTLE_MS / 1000:
                loop.quit()

        timer.timeout.connect(look)
        timer.start()
        loop.exec()
        timer.stop()

    def step(words: str, act: Callable[[], object]) -> None:
        with probe.watching() as found:
            act()
            settle()
        print(f"{words:<44} {found.clock:7,.0f} ms by the clock {found.cpu:7,.0f} ms CPU", flush=True)
        for where, times in found.stacks.most_common(4):
            print(f"      {times:3} x {where}")

    session = demo_session(size)
    window.show()
    print(f"{size:,} offenders; load {os.getloadavg()[0]:.1f}")
    step("open the workspace", lambda: window.enter(session))
    page = window.page
    for key in pages:
        step(f"{key}: open", lambda key=key: window.show_view(key))
        table = page.table
        if table is None:
            continue
        panel = getattr(page.current, "panel", None)
        if panel is not None and hasattr(panel, "search"):
            step(f"{key}: filter", lambda panel=panel: panel.search.setText("an"))
            step(f"{key}: filter off", lambda panel=panel: panel.search.clear())
        for at, held in enumerate(table.table_model.columns[:4]):
            step(f"{key}: sort by {held.title}", lambda table=table, at=at: table.sortByColumn(at, Qt.SortOrder.DescendingOrder))
        step(f"{key}: after a change", page.desk.records_changed)
    window.show_view("outstanding")
    everything = page.outstanding.kind.findData("*")
    step("outstanding: everything", lambda: page.outstanding.kind.setCurrentIndex(everything))
    by = page.outstanding.by
    for place in range(1, by.count()):
        step(f"outstanding: {by.itemText(place)}", lambda place=place: by.setCurrentIndex(place))
    step("outstanding: waiting", lambda: page.outstanding.tabs.setCurrentIndex(1))
    step("outstanding, everything: after a change", page.desk.records_changed)
    window.close()
    collector.stop()


if __name__ == "__main__":
    main()
