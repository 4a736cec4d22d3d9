"""Work off the GUI thread: progress, cancel and results that always arrive on the GUI thread.

``tasks.run("Reading the tracker", lambda report: read(path, report), done=self.show)`` starts a thread
and returns at once. ``report`` takes :class:`Progress` and raises :class:`Cancelled` where the user
pressed Cancel. Whatever happens, exactly one of ``done``, ``failed`` and ``cancelled`` is called, on
the GUI thread, unless the ``owner`` has gone by then or a newer run with the same ``key`` replaced it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import shiboken6
from PySide6.QtCore import QEventLoop, QObject, Qt, Signal

from mosovo_planner.domain.progress import Cancelled, Progress, Reporter

Result = TypeVar("Result")


class Task(QObject):
    """One piece of work. ``progress`` is its newest step; ``quiet`` work shows no bar (short reads)."""

    progressed = Signal()
    ended = Signal()
    _step = Signal()
    _end = Signal()

    def __init__(self, title: str, work: Callable[[Reporter], Any], *, quiet: bool, parent: QObject) -> None:
        super().__init__(parent)
        self.title = title
        self.quiet = quiet
        self.progress = Progress(title)
        self.result: Any = None
        self.error: BaseException | None = None
        self._work = work
        self._stop = threading.Event()
        self._told = threading.Event()
        # Queued by name: the emitting thread is not the one this object lives on.
        self._step.connect(self._show_step, Qt.ConnectionType.QueuedConnection)
        self._end.connect(self.ended, Qt.ConnectionType.QueuedConnection)
        self._thread = threading.Thread(target=self._run, name="work", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def cancel(self) -> None:
        """Ask the work to stop; it does so at its next report."""
        self._stop.set()

    @property
    def cancelling(self) -> bool:
        return self._stop.is_set()

    def _run(self) -> None:
        loop = QEventLoop()  # it never runs; with it the thread may lay out text, whose timers want a dispatcher
        try:
            self.result = self._work(self._report)
        except BaseException as error:  # noqa: BLE001 - handed to the GUI thread, which decides
            self.error = error
        self._work = _nothing  # what it held is let go on this thread, not by a later collection
        del loop
        self._emit(self._end)

    def _report(self, progress: Progress) -> None:
        if self._stop.is_set():
            raise Cancelled
        self.progress = progress
        if not self._told.is_set():  # one step waits in the event queue at a time, however fast they come
            self._told.set()
            self._emit(self._step)

    def _show_step(self) -> None:
        self._told.clear()
        self.progressed.emit()

    def _emit(self, signal: Any) -> None:
        if shiboken6.isValid(self):
            signal.emit()


class Tasks(QObject):
    """Everything that runs now. ``changed`` fires with each start, step and end; ``idle`` at the last end."""

    changed = Signal()
    idle = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.unhandled: Callable[[BaseException], None] = _raise
        self._running: list[Task] = []
        self._keyed: dict[str, Task] = {}

    @property
    def running(self) -> tuple[Task, ...]:
        return tuple(self._running)

    def run(
        self,
        title: str,
        work: Callable[[Reporter], Result],
        *,
        done: Callable[[Result], object],
        failed: Callable[[BaseException], object] | None = None,
        cancelled: Callable[[], object] | None = None,
        owner: QObject | None = None,
        key: str | None = None,
        quiet: bool = False,
    ) -> Task:
        """Start ``work`` on a thread of its own.

        Without ``failed``, an error goes to ``unhandled`` (the window shows it). A newer run with the
        same ``key`` cancels the older and throws its result away.
        """
        answer = _Answer(done, failed, cancelled, owner, key)
        task = Task(title, work, quiet=quiet, parent=self)
        task.progressed.connect(self.changed)
        task.ended.connect(lambda: self._end(task, answer))
        self._running.append(task)
        if key is not None:
            if key in self._keyed:
                self._keyed[key].cancel()
            self._keyed[key] = task
        task.start()
        self.changed.emit()
        return task

    def cancel_all(self) -> None:
        for task in self._running:
            task.cancel()
        self.changed.emit()

    def _end(self, task: Task, answer: _Answer) -> None:
        self._running.remove(task)
        newest = answer.key is None or self._keyed.get(answer.key) is task
        if answer.key is not None and newest:
            del self._keyed[answer.key]
        task.deleteLater()
        try:
            if newest and (answer.owner is None or shiboken6.isValid(answer.owner)):
                self._tell(task, answer)
        finally:
            self.changed.emit()
            if not self._running:
                self.idle.emit()

    def _tell(self, task: Task, answer: _Answer) -> None:
        if task.error is None:
            answer.done(task.result)
        elif isinstance(task.error, Cancelled):
            if answer.cancelled is not None:
                answer.cancelled()
        else:
            (answer.failed or self.unhandled)(task.error)


@dataclass(frozen=True)
class _Answer:
    """Whom to tell how a task ended."""

    done: Callable[[Any], object]
    failed: Callable[[BaseException], object] | None
    cancelled: Callable[[], object] | None
    owner: QObject | None
    key: str | None


def _nothing(_report: Reporter) -> None:
    """In place of work that was done."""


def _raise(error: BaseException) -> None:
    raise error
