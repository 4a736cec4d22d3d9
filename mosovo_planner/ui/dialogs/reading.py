"""What dialogues that read a file have in common: pages, the way on and back, progress, and Cancel that stops the work."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QProgressBar, QStackedWidget, QWidget

from mosovo_planner.ui.desk import Desk
from mosovo_planner.ui.tasks import Task
from mosovo_planner.ui.widgets import button, column, holder, label, line, row

CHOOSE, BUSY, PREVIEW = range(3)


class ReadingDialog(QDialog):
    """A file is chosen, read off the GUI thread, and looked at before anything is kept.

    Whoever derives from it gives ``go_on`` (what the button of the page does) and may add to :meth:`turn_to`. Closing it
    at any time before the last step leaves everything as it was.
    """

    def __init__(
        self, desk: Desk, title: str, pages: Sequence[QWidget], parent: QWidget | None = None, *, what: str
    ) -> None:
        """``pages`` are the one to choose on, the one to look at, and any that follow; ``what`` names the work."""
        super().__init__(parent)
        self._desk = desk
        self._task: Task | None = None
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(980, 640)
        self.busy_text, self.busy_bar = label(""), QProgressBar()
        self.busy_bar.setTextVisible(False)
        self.busy_bar.setAccessibleName(f"Progress of the {what}")
        busy = holder(column(None, self.busy_text, self.busy_bar, None))
        self.pages = QStackedWidget()
        for page in (pages[0], busy, *pages[1:]):
            self.pages.addWidget(page)
        self.back = button("&Back", lambda: self.turn_to(CHOOSE))
        self.forward = button("&Read", self.go_on, primary=True)
        self.stop = button("Cancel", self.reject)
        body = column(self.pages, line(), row(self.back, None, self.forward, self.stop), margin=16, space=12)
        body.setStretch(0, 1)
        self.setLayout(body)

    def go_on(self) -> None:
        """What the button at the bottom does on the page on show."""

    def turn_to(self, page: int) -> None:
        """Show a page with its buttons."""
        self.pages.setCurrentIndex(page)
        self.back.setVisible(page == PREVIEW)
        self.forward.setVisible(page in (CHOOSE, PREVIEW))
        self.forward.setDefault(True)

    # While something runs

    def busy(self, words: str) -> None:
        self.busy_text.setText(words)
        self.busy_bar.setRange(0, 0)
        self.turn_to(BUSY)

    def follow(self, task: Task) -> None:
        """Show the steps of the work; Cancel stops it."""
        self._task = task
        task.progressed.connect(lambda: self._show_step(task))

    def _show_step(self, task: Task) -> None:
        step = task.progress
        self.busy_text.setText(step.text)
        self.busy_bar.setRange(0, 0 if step.share is None else 1000)
        self.busy_bar.setValue(round((step.share or 0) * 1000))

    def reject(self) -> None:
        """Cancel what runs; with nothing running, close."""
        if self.pages.currentIndex() == BUSY and self._task is not None:
            self._task.cancel()
            self.busy_text.setText("Stopping…")
        else:
            super().reject()
