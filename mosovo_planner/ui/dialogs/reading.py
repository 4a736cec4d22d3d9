"""What dialogues that read a file have in common: pages, the way on and back, progress, and Cancel that stops the work."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Protocol

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QProgressBar, QStackedWidget, QWidget

from mosovo_planner.domain.progress import Reporter
from mosovo_planner.office.mapping import Profile, TableReading, UnrecognisedTracker
from mosovo_planner.office.session import Session
from mosovo_planner.ui.desk import Desk
from mosovo_planner.ui.dialogs.import_pages import ChoosePage
from mosovo_planner.ui.dialogs.mapping_tab import MappingTab
from mosovo_planner.ui.errors import show_error, words_for
from mosovo_planner.ui.tasks import Task
from mosovo_planner.ui.widgets import button, column, holder, label, line, row

CHOOSE, BUSY, PREVIEW = range(3)


class ReadingDialog(QDialog):
    """A file is chosen, read off the GUI thread, and looked at before anything is kept.

    Whoever derives from it gives ``go_on`` (what the button of the page does) and may add to :meth:`turn_to`. Closing it
    at any time before the last step leaves everything as it was.
    """

    def __init__(self, desk: Desk, title: str, pages: Sequence[QWidget], parent: QWidget | None = None, *, what: str) -> None:
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


class Looked(Protocol):
    """The page to look at what was read: it shows the columns too, also where nothing else could be made of them."""

    mapping: MappingTab

    def show_mapping_only(self, words: str, tables: Sequence[TableReading], used: Profile | None) -> None: ...


@dataclass(frozen=True)
class Source:
    """What is read, and how: the office's own functions. ``title`` is what the work is called while it runs."""

    title: str
    missing: str
    read: Callable[[Session, Path, date, Profile | None, Reporter], Any]
    profiles: Callable[[Session], Sequence[Profile]]
    save_profile: Callable[[Session, Profile], None]


class MappedDialog(ReadingDialog):
    """Reads a table whose columns may have to be mapped by hand; mappings are remembered by name.

    Whoever derives from it gives ``show_read`` (what was read, to be looked at) and ``forget_read``.
    """

    def __init__(
        self,
        desk: Desk,
        title: str,
        source: Source,
        pages: tuple[ChoosePage, Any, *tuple[QWidget, ...]],
        parent: QWidget | None = None,
        *,
        what: str,
    ) -> None:
        """``pages`` are the one to choose on, the one to look at (:class:`Looked`), and any that follow."""
        self.choose, self._source = pages[0], source
        self._looked: Looked = pages[1]
        self._profile: Profile | None = None
        super().__init__(desk, title, pages, parent, what=what)
        self._looked.mapping.read_again.connect(self.read)
        self._looked.mapping.remember.connect(self._remember)
        self.choose.path.returnPressed.connect(self.go_on)
        self._fetch_profiles()
        self.turn_to(CHOOSE)

    @property
    def as_of(self) -> date:
        """The day after which nothing in the file can lie."""
        return self._desk.as_of

    @property
    def used_profile(self) -> str:
        """The name of the mapping that is chosen to begin with."""
        return ""

    @abstractmethod
    def show_read(self, result: Any, used: Profile | None) -> None:
        """Show what was read."""

    @abstractmethod
    def forget_read(self) -> None:
        """What was read before is no longer what the file says."""

    def turn_to(self, page: int) -> None:
        super().turn_to(page)
        if page == CHOOSE:
            self.choose.path.setFocus()

    def _fetch_profiles(self) -> None:
        session, source = self._desk.session, self._source
        self._desk.tasks.run(
            "Reading the mappings",
            lambda _report: source.profiles(session),
            done=lambda found: self.choose.show_profiles(found, self.used_profile),
            owner=self,
            quiet=True,
        )

    def read(self, profile: Profile | None) -> None:
        """Read the chosen file with a mapping, off the GUI thread."""
        if not self.choose.path.text().strip():
            self.choose.error.setText(self._source.missing)
            return
        session, as_of, source = self._desk.session, self.as_of, self._source
        path = Path(self.choose.path.text().strip())
        self._profile = profile
        self.choose.error.setText("")
        self.busy(source.title)
        self.follow(
            self._desk.tasks.run(
                source.title,
                lambda report: source.read(session, path, as_of, profile, report),
                done=self._was_read,
                failed=self._not_read,
                cancelled=lambda: self.turn_to(CHOOSE),
                owner=self,
            )
        )

    def _was_read(self, result: Any) -> None:
        self.show_read(result, self._profile)

    def _not_read(self, error: BaseException) -> None:
        self.forget_read()
        if isinstance(error, UnrecognisedTracker) and error.tables:
            self._looked.show_mapping_only(str(error), error.tables, self._profile)
            self.turn_to(PREVIEW)
            return
        self.turn_to(CHOOSE)
        words = words_for(error)
        self.choose.error.setText(words or "")
        if words is None:
            show_error(self, error)

    def _remember(self, profile: Profile) -> None:
        session, source = self._desk.session, self._source
        self._desk.tasks.run(
            "Remembering the mapping",
            lambda _report: source.save_profile(session, profile),
            done=lambda _: self._fetch_profiles(),
            failed=lambda error: show_error(self, error, "The mapping was not remembered"),
            owner=self,
            quiet=True,
        )
