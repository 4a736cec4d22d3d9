"""Work off the GUI thread: progress, cancel and results that always arrive on the GUI thread.

``tasks.run("Reading the tracker", lambda report: read(path, report), done=self.show)`` starts a thread
and returns at once. ``report`` takes :class:`Progress` and raises :class:`Cancelled` where the user
pressed Cancel. Whatever happens, exactly one of ``done``, ``failed`` and ``cancelled`` is called, on
the GUI thread, unless the ``owner`` has gone by then or a newer run with the same ``key`` replaced it.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import shiboken6
from PySide6.QtCore import QObject, QTimer, Signal

from mosovo_planner.domain.progress import Cancelled, Progress, Reporter

Result = TypeVar("Result")

_LOOK_EVERY_MS = 15
"""How often the GUI thread looks at running work. No Qt signal crosses threads: Python's side of one can be
collected while its event still waits, which ends the process."""


_TURN_S = 0.001
"""How long work may hold the interpreter while the GUI thread wants it. With Python's own 5 ms a table that asks for it many
times in one painting stood still for three times as long as it had to do, while the caseload was read."""


class _Job:
    """What the thread runs. It knows no Qt object: those may be touched, and let go, on the GUI thread only."""

    def __init__(self, work: Callable[[Reporter], Any], progress: Progress) -> None:
        self.work: Callable[[Reporter], Any] = work
        self.progress = progress
        self.result: Any = None
        self.error: BaseException | None = None
        self.stop = threading.Event()
        self.finished = threading.Event()

    def run(self) -> None:
        try:
            self.result = self.work(self._report)
        except BaseException as error:  # noqa: BLE001 - handed to the GUI thread, which decides
            self.error = error
        self.finished.set()

    def _report(self, progress: Progress) -> None:
        if self.stop.is_set():
            raise Cancelled
        self.progress = progress


class Task(QObject):
    """One piece of work. ``progress`` is its newest step; ``quiet`` work shows no bar (short reads)."""

    progressed = Signal()
    ended = Signal()

    def __init__(self, title: str, work: Callable[[Reporter], Any], *, quiet: bool, parent: QObject) -> None:
        super().__init__(parent)
        self.title = title
        self.quiet = quiet
        self._job = _Job(work, Progress(title))
        self._shown = self._job.progress

    @property
    def progress(self) -> Progress:
        return self._job.progress

    @property
    def cancelling(self) -> bool:
        return self._job.stop.is_set()

    @property
    def stopped(self) -> bool:
        """Whether it ended because it was cancelled; told while ``ended`` is."""
        return isinstance(self._job.error, Cancelled)

    def start(self) -> None:
        threading.Thread(target=self._job.run, name="work", daemon=True).start()

    def cancel(self) -> None:
        """Ask the work to stop; it does so at its next report."""
        self._job.stop.set()

    def look(self) -> bool:
        """Tell of a new step; whether the work has ended."""
        if self._job.finished.is_set():
            return True
        if self._job.progress is not self._shown:
            self._shown = self._job.progress
            self.progressed.emit()
        return False

    def take(self) -> tuple[Any, BaseException | None]:
        """Result and error; what the work held is let go here, on the GUI thread."""
        job, self._job = self._job, _Job(_nothing, self._job.progress)
        return job.result, job.error


class Tasks(QObject):
    """Everything that runs now. ``changed`` fires with each start, step and end; ``idle`` at the last end."""

    changed = Signal()
    idle = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        sys.setswitchinterval(_TURN_S)
        self.unhandled: Callable[[BaseException], None] = _raise
        self._running: list[Task] = []
        self._keyed: dict[str, Task] = {}
        self._answers: dict[Task, _Answer] = {}
        self._watch = QTimer(self, interval=_LOOK_EVERY_MS)
        self._watch.timeout.connect(self._look)

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
        answer = _Answer(done, failed or self._unhandled, cancelled, owner, key)
        task = Task(title, work, quiet=quiet, parent=self)
        task.progressed.connect(self.changed)
        self._running.append(task)
        self._answers[task] = answer
        self._watch.start()
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

    def _look(self) -> None:
        for task in self.running:
            if task.look():
                self._end(task, self._answers.pop(task))

    def _end(self, task: Task, answer: _Answer) -> None:
        self._running.remove(task)
        if not self._running:
            self._watch.stop()
        newest = answer.key is None or self._keyed.get(answer.key) is task
        if answer.key is not None and newest:
            del self._keyed[answer.key]
        task.ended.emit()
        task.deleteLater()
        try:
            if newest and (answer.owner is None or shiboken6.isValid(answer.owner)):
                self._tell(task, answer)
        finally:
            self.changed.emit()
            if not self._running:
                self.idle.emit()

    def _unhandled(self, error: BaseException) -> None:
        self.unhandled(error)

    @staticmethod
    def _tell(task: Task, answer: _Answer) -> None:
        result, error = task.take()
        if error is None:
            answer.done(result)
        elif not isinstance(error, Cancelled):
            answer.failed(error)
        elif answer.cancelled is not None:
            answer.cancelled()


@dataclass(frozen=True)
class _Answer:
    """Whom to tell how a task ended."""

    done: Callable[[Any], object]
    failed: Callable[[BaseException], object]
    cancelled: Callable[[], object] | None
    owner: QObject | None
    key: str | None


def _nothing(_report: Reporter) -> None:
    """In place of work that was done."""


def _raise(error: BaseException) -> None:
    raise error
