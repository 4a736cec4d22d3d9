"""A row that starts long work, shows how far it is and what is best so far, and stops it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QProgressBar, QSizePolicy, QWidget

from mosovo_planner.ui.tasks import Task
from mosovo_planner.ui.widgets import button, label, plain_tip, row


class RunBar(QWidget):
    """``start`` is pressed to begin; hand the task to :meth:`watch`. :attr:`ended` fires when it is over."""

    ended = Signal()

    def __init__(self, text: str, tip: str, start: Callable[[], object], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._task: Task | None = None
        self.start = button(text, start, primary=True, tip=tip)
        self.cancel = button("&Cancel", self._cancel, tip="Stop now; nothing is changed")
        self.bar = QProgressBar()
        self.bar.setAccessibleName("Progress")
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(120)
        self.words = label("", role="muted")
        self.words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)  # never widens the window
        line = row(self.start, self.bar, self.cancel, self.words)
        line.setStretch(3, 1)
        self.setLayout(line)
        self._show(running=False)

    @property
    def running(self) -> bool:
        return self._task is not None

    def watch(self, task: Task) -> None:
        self._task = task
        task.progressed.connect(lambda: self._step(task))
        task.ended.connect(lambda: self._end(task))
        self._show(running=True)
        self._step(task)
        self.cancel.setFocus()

    def close_after(self, close: Callable[[], object]) -> None:
        """Close what holds this row: now, or once what runs was stopped and has ended."""
        if not self.running:
            close()
        elif self.cancel.isEnabled():
            self.ended.connect(close)
            self.cancel.click()

    def _step(self, task: Task) -> None:
        progress = task.progress
        self.bar.setRange(0, 0 if progress.share is None else 100)
        if progress.share is not None:
            self.bar.setValue(round(100 * progress.share))
        best = "" if progress.best is None else f" · best so far {progress.best:,.0f}"
        self.words.setText(progress.text + best)
        self.words.setToolTip(plain_tip(progress.text + best))

    def _cancel(self) -> None:
        if self._task is not None:
            self._task.cancel()
            self.cancel.setEnabled(False)
            self.words.setText("Stopping …")

    def _end(self, task: Task) -> None:
        if task is self._task:
            self._task = None
            self._show(running=False)
            self.ended.emit()

    def _show(self, *, running: bool) -> None:
        had_focus = self.cancel.hasFocus()
        self.start.setEnabled(not running)
        self.cancel.setEnabled(running)
        for part in (self.bar, self.cancel):
            part.setVisible(running)
        if not running:
            self.words.setText("")
        if had_focus and not running:
            self.start.setFocus()
