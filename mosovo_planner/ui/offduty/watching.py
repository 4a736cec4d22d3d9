"""The watched folder and the matches that wait: looked at when a workspace opens and every few minutes after."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from mosovo_planner.domain.progress import Reporter
from mosovo_planner.domain.roles import Permission
from mosovo_planner.office.caseload import CaseloadView
from mosovo_planner.office.off_duty import DutyCounts, count_waiting
from mosovo_planner.ui.desk import Desk
from mosovo_planner.ui.errors import words_for

if TYPE_CHECKING:  # reading files loads the spreadsheet libraries
    from mosovo_planner.office.incidents import FolderReading

_MINUTE_MS = 60_000


class DutyWatch(QObject):
    """``counted`` brings DutyCounts; ``read`` says in words what new files gave; ``failed`` what could not be read.
    ``doubted`` brings the doubtful cells of files that were read.

    A file is read once, by its contents. One that cannot be read is not tried again until the workspace is opened anew.
    """

    counted = Signal(object)
    read = Signal(str, int)
    failed = Signal(str)
    doubted = Signal(object)

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._desk = desk
        self._unreadable: dict[str, str] = {}
        self._looked = False
        self.settled = False
        """Whether the first look at the folder is over: what is found from then on came while somebody worked."""
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.look)
        desk.loaded.connect(self._follow)

    def _follow(self, view: CaseloadView) -> None:
        self._timer.start(max(1, view.policy.whole("incident.watch_minutes")) * _MINUTE_MS)
        if not self._looked:
            self._looked = True
            self.look()
        self.count()

    def count(self) -> None:
        """Count the matches that wait."""
        session = self._desk.session
        self._desk.tasks.run(
            "Counting matches",
            lambda _report: count_waiting(session, _now()),
            done=self._counted,
            owner=self,
            key="duty counts",
            quiet=True,
        )

    def _counted(self, counts: DutyCounts) -> None:
        self.counted.emit(counts)

    def look(self) -> None:
        """Read what is new in the watched folder, if one is set and the role may."""
        folder, session = self._desk.settings.watched_folder, self._desk.session
        if not folder or not session.may(Permission.RECORD):
            self.settled = True
            return
        skip = frozenset(self._unreadable)

        def work(report: Reporter) -> FolderReading:
            from mosovo_planner.office.incidents import read_folder

            return read_folder(session, Path(folder), _now(), skip=skip, report=report)

        self._desk.tasks.run(
            "Reading incident logs", work, done=self._took, failed=self._refused, cancelled=self._settle, owner=self,
            key="watched folder",
        )  # fmt: skip

    def _took(self, reading: FolderReading) -> None:
        self._unreadable.update(reading.problems)
        if reading.files:
            names = ", ".join(file.name for file in reading.files[:3])
            more = f" and {len(reading.files) - 3} more" if len(reading.files) > 3 else ""
            self.read.emit(f"Read {names}{more}: {reading.new:,} new match{'' if reading.new == 1 else 'es'}.", reading.new)
            self.count()
        if reading.findings:
            self.doubted.emit(reading.findings)
        self._settle()
        if self._unreadable:
            self.failed.emit(" ".join(self._unreadable.values()))

    def _settle(self) -> None:
        if not self.settled:
            self.settled = True
            self.count()

    def _refused(self, error: BaseException) -> None:
        self._settle()
        words = words_for(error)
        if words is None:
            raise error
        self.failed.emit(words)


def _now() -> datetime:
    return datetime.now()  # noqa: DTZ005 - logs and matches are kept in local time
