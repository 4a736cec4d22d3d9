"""The start of duty: what the night's logs may have to do with one's own people, looked at one by one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QHideEvent, QShowEvent, QUndoCommand, QUndoStack
from PySide6.QtWidgets import QCheckBox, QSplitter, QWidget

from mosovo_planner.domain.clocks import in_words
from mosovo_planner.domain.off_duty import LoggedMatch, OffDutyMatch, Verdict
from mosovo_planner.domain.roles import Permission
from mosovo_planner.office.caseload import CaseloadView
from mosovo_planner.office.off_duty import (
    DutyCounts,
    DutyRow,
    DutyView,
    acknowledge,
    judge,
    open_match,
    own_manager,
    take_back,
    view_duty,
)
from mosovo_planner.ui.desk import Desk
from mosovo_planner.ui.errors import words_for
from mosovo_planner.ui.offduty.detail import DutyDetail
from mosovo_planner.ui.offduty.rows import duty_columns, hours_words
from mosovo_planner.ui.offduty.watching import DutyWatch
from mosovo_planner.ui.table import Table, TablePanel
from mosovo_planner.ui.widgets import button, choice, column, label, refill, row

if TYPE_CHECKING:  # reading files loads the spreadsheet libraries
    from mosovo_planner.office.mapping import Finding

_ALL = ""
_OPEN_PAUSE_MS = 180
_EMPTY = (
    "No match waits. Read the force's incident logs: File › Read incident logs…, drag a file here, or let a folder be watched."
)


class OffDutyPage(QWidget):
    """``offender_wanted`` asks to see somebody on the caseload; ``logs_wanted`` to read a file ('' to choose one).

    ``badge_changed`` brings how many matches wait; ``own_waiting`` fires once, where some of the user's own do at opening.
    """

    title = "Off duty"
    offender_wanted = Signal(str)
    logs_wanted = Signal(str)
    folder_wanted = Signal()
    badge_changed = Signal(int)
    own_waiting = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._view: DutyView | None = None
        self._counts = DutyCounts({}, 0)
        self._met = self._greeted = False
        self._place = 0
        self.setAcceptDrops(True)
        self.heading = label("", role="heading", wrap=True)
        self.covers = label("", role="muted", wrap=True)
        self.problems = label("", role="error", wrap=True)
        self.problems.hide()
        self._findings: list[Finding] = []
        self.doubts = button("", self._show_findings, role="link", tip="Place and cure of each")
        self.doubts.hide()
        self.manager = choice("I am", [("All managers", _ALL)])
        self.manager.activated.connect(lambda _: self._say_who())
        self.judged = QCheckBox("&Judged ones too")
        self.judged.toggled.connect(lambda _: self.refresh())
        self.read_button = button("&Read logs…", lambda: self.logs_wanted.emit(""), tip="Incident logs: .csv, .xlsx, .json")
        self.folder_button = button("&Watched folder…", self.folder_wanted.emit, tip="A folder that is looked at by itself")
        self.table: Table[DutyRow] = Table(
            "off duty", "Off-duty matches", duty_columns(desk.manager_label), lambda each: each.match.id, settings=desk.settings
        )
        self.panel = TablePanel(self.table, hint="Search matches  (Ctrl+F)", empty=_EMPTY, extras=(self.judged,))
        self.detail = DutyDetail()
        self.watch = DutyWatch(desk)
        self.undo_stack = QUndoStack(self)
        self._lay_out()
        self._pause = QTimer(self, singleShot=True, interval=_OPEN_PAUSE_MS)
        self._pause.timeout.connect(self._note_opened)
        self._connect()
        self.table.sort_by("sureness")

    def _lay_out(self) -> None:
        who = row(label("I &am", buddy=self.manager), self.manager, self.read_button, self.folder_button)
        top = row(column(self.heading, self.covers, space=2), who)
        top.setStretch(0, 1)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.addWidget(self.panel)
        self.splitter.addWidget(self.detail)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setStretchFactor(0, 1)
        self.splitter.setHandleWidth(8)
        self.detail.setMinimumWidth(300)
        self.splitter.setSizes([820, 380])
        body = column(top, self.problems, row(self.doubts, None), self.splitter, margin=12)
        body.setStretch(3, 1)
        self.setLayout(body)
        may_record = self._desk.session.may(Permission.RECORD)
        self.read_button.setEnabled(may_record)
        self.folder_button.setEnabled(may_record)

    def _connect(self) -> None:
        self._desk.loaded.connect(self._load)
        self.watch.counted.connect(self._count)
        self.watch.read.connect(self._took)
        self.watch.failed.connect(self._show_problems)
        self.watch.doubted.connect(self._doubt)
        self.table.chosen.connect(self._choose)
        self.table.opened.connect(lambda each: self.offender_wanted.emit(each.offender.ref))
        self.detail.offender_wanted.connect(self.offender_wanted)
        self.detail.judged.connect(self._judge)
        self.detail.seen.connect(self._acknowledge)
        self.detail.taken_back.connect(self._take_back)

    def start_search(self) -> None:
        self.panel.start_search()

    # Who one is

    def _load(self, view: CaseloadView) -> None:
        managers = sorted((each.label, each.id) for each in view.managers)
        refill(self.manager, [("All managers", _ALL), *managers])
        if not self._met:
            self._met = True
            session = self._desk.session
            said = self._desk.settings.own_manager(session.workspace.location, session.user)
            mine = own_manager(view.managers, session.user) if said is None else said
            self.manager.setCurrentIndex(max(0, self.manager.findData(mine or _ALL)))
        self.refresh()

    def _say_who(self) -> None:
        session = self._desk.session
        self._desk.settings.save_own_manager(session.workspace.location, session.user, self.manager.currentData())
        self._count(self._counts)
        self.refresh()

    @property
    def own(self) -> str:
        """The id of the manager whose matches are shown; '' for all."""
        return str(self.manager.currentData() or _ALL)

    def _count(self, counts: DutyCounts) -> None:
        self._counts = counts
        mine = counts.by_manager.get(self.own, 0) if self.own else counts.all
        self.badge_changed.emit(mine)
        self.heading.setText(heading_words(counts, mine, own=bool(self.own)))
        if not self._greeted:
            self._greeted = bool(self.own and mine) or self.watch.settled
            if self.own and mine:
                self.own_waiting.emit()

    # The list

    def refresh(self) -> None:
        """Read the matches again; while nobody sees the page nothing is read, and no consultation recorded."""
        if not self.isVisible() or self._desk.view is None:
            return
        session, manager, judged = self._desk.session, self.own or None, self.judged.isChecked()
        self._desk.tasks.run(
            "Reading matches",
            lambda _report: view_duty(session, _now(), manager, judged=judged),
            done=self._show,
            failed=self._refused,
            owner=self,
            key="duty",
            quiet=True,
        )

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        self._pause.stop()
        super().hideEvent(event)

    def _show(self, view: DutyView) -> None:
        self._view = view
        at = view.covers_to
        until = f"Logs read up to {in_words(at.date())} {at:%H:%M}." if at else "No logs were read yet."
        folder = self._desk.settings.watched_folder
        self.covers.setText(f"{until} {f'Watched folder: {folder}' if folder else 'No folder is watched.'}")
        self.table.set_rows(view.rows)
        if self.table.current is None and self.table.visible_rows:
            self.table.selectRow(min(self._place, len(self.table.visible_rows) - 1))
        self._choose(self.table.current)

    def _choose(self, chosen: DutyRow | None) -> None:
        if chosen is None or self._view is None:
            self._pause.stop()
            self.detail.show_nothing("" if not self.table.visible_rows else "Choose a match to read its log.")
            return
        self._place = max(0, self.table.currentIndex().row())
        before = self.detail.row
        self.detail.show_row(chosen, self._view, may_say=self._desk.session.may(Permission.RECORD))
        if (before is None or before.match.id != chosen.match.id) and self.isVisible():
            self._pause.start()

    def _note_opened(self) -> None:
        shown, session = self.detail.row, self._desk.session
        if shown is not None:
            match = shown.match
            self._desk.tasks.run(
                "Writing the record of use",
                lambda _report: open_match(session, match),
                done=lambda _: None,
                owner=self,
                quiet=True,
            )

    # What is said to a match

    def _judge(self, chosen: DutyRow, verdict: Verdict, kind: str, comment: str) -> None:
        session, log = self._desk.session, chosen.logged.log

        def say(match: OffDutyMatch) -> OffDutyMatch:
            return judge(session, LoggedMatch(match, log), verdict, kind=kind, comment=comment)

        def unsay(match: OffDutyMatch) -> OffDutyMatch:
            return take_back(session, LoggedMatch(match, log), "Undone.")

        self.undo_stack.push(_Judgement(f"judgement of {log.number or 'a log'}", chosen.match, say, unsay, self._save))

    def _acknowledge(self, chosen: DutyRow, comment: str) -> None:
        self._save(partial(acknowledge, self._desk.session, chosen.logged, comment), _ignore)

    def _take_back(self, chosen: DutyRow, reason: str) -> None:
        self._save(partial(take_back, self._desk.session, chosen.logged, reason), _ignore)

    def _save(self, work: Callable[[], OffDutyMatch], then: Callable[[OffDutyMatch], None]) -> None:
        self.table.setFocus()  # not the search line, where Ctrl+Z would be the line's own
        self.detail.answer.setEnabled(False)
        self._desk.tasks.run(
            "Saving the judgement",
            lambda _report: work(),
            done=lambda match: self._saved(match, then),
            failed=self._refused,
            owner=self,
            quiet=True,
        )

    def _saved(self, match: OffDutyMatch, then: Callable[[OffDutyMatch], None]) -> None:
        then(match)
        self.detail.answer.setEnabled(True)
        if match.triggered:  # the clocks may have changed
            self._desk.records_changed()
        else:
            self.watch.count()
            self.refresh()

    def _refused(self, error: BaseException) -> None:
        self.undo_stack.clear()  # what was not done is not undone
        self.detail.answer.setEnabled(True)
        words = words_for(error)
        if words is None:
            raise error
        self.detail.error.setText(words)
        self._show_problems("" if self.detail.row is not None else words)

    # Files

    def look_into_folder(self) -> None:
        """The watched folder was set, changed or let go."""
        self._show_problems("")
        self.watch.look()
        self.refresh()

    def _took(self, words: str, new: int) -> None:
        self._show_problems("")
        self.covers.setText(words)
        if new:
            self.refresh()

    def _doubt(self, findings: Sequence[Finding]) -> None:
        self._findings += findings
        count = len(self._findings)
        self.doubts.setText(f"{count:,} cell{'' if count == 1 else 's'} of the logs read could not be understood…")
        self.doubts.show()

    def _show_findings(self) -> None:
        from mosovo_planner.ui.offduty.findings import FindingsDialog

        FindingsDialog(self._desk, self._findings, self).open()

    def _show_problems(self, words: str) -> None:
        self.problems.setText(words)
        self.problems.setVisible(bool(words))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """A file of logs may be dropped on the page."""
        if self.read_button.isEnabled() and any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            event.acceptProposedAction()
            self.logs_wanted.emit(str(Path(paths[0])))


class _Judgement(QUndoCommand):
    """A judgement that Ctrl+Z takes back; each step goes on from the match as the one before left it."""

    def __init__(
        self,
        words: str,
        match: OffDutyMatch,
        say: Callable[[OffDutyMatch], OffDutyMatch],
        unsay: Callable[[OffDutyMatch], OffDutyMatch],
        save: Callable[[Callable[[], OffDutyMatch], Callable[[OffDutyMatch], None]], None],
    ) -> None:
        super().__init__(words)
        self._match, self._say, self._unsay, self._save = match, say, unsay, save

    def _keep(self, match: OffDutyMatch) -> None:
        self._match = match

    def redo(self) -> None:
        self._save(partial(self._say, self._match), self._keep)

    def undo(self) -> None:
        self._save(partial(self._unsay, self._match), self._keep)


def _ignore(_match: OffDutyMatch) -> None:
    """Nothing follows."""


def heading_words(counts: DutyCounts, mine: int, *, own: bool) -> str:
    """What waits, in a sentence: one's own; for whoever looks at all, with the age of the oldest."""
    if own:
        if not mine:
            return "No log waits for you."
        return f"{mine:,} match{'' if mine == 1 else 'es'} of your people with the logs wait{'s' if mine == 1 else ''} for you."
    if not mine:
        return "No match waits for anybody."
    return f"{mine:,} match{'' if mine == 1 else 'es'} nobody has looked at, the oldest for {hours_words(counts.oldest_hours)}."


def _now() -> datetime:
    return datetime.now()  # noqa: DTZ005 - logs and matches are kept in local time
