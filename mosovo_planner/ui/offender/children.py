"""Notifications about children in an offender's file: how each stands. A child is named only in one that is opened."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtWidgets import QWidget

from mosovo_planner.domain.roles import Permission
from mosovo_planner.office.children import (
    NOT_FOR_ALL,
    NotificationLine,
    OpenedNotification,
    begin_notification,
    open_notification,
    view_notifications,
)
from mosovo_planner.ui.desk import Desk
from mosovo_planner.ui.errors import show_error
from mosovo_planner.ui.offender.notification import NotificationDialog
from mosovo_planner.ui.offender.page import FilePage
from mosovo_planner.ui.table import Column, Table, TablePanel
from mosovo_planner.ui.widgets import button, column, label

_WORDS = (
    "Each opening of a notification is written to the record of use. The force's own system keeps the original; this program "
    "helps to write it completely and in time, and sends nothing. What it says is for the case's manager, its author and "
    "supervisors."
)


class ChildrenPage(FilePage):
    """``offender_name`` is set by the file, for the form's heading."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.offender_name = ""
        self.table: Table[NotificationLine] = Table(
            "file-children", "Notifications about children", _COLUMNS, lambda line: line.id, settings=desk.settings
        )
        self.write = button("&Write a notification…", self.begin, primary=True)
        self.look = button("&Open…", self.open_chosen, tip="Each opening is written to the record of use")
        panel = TablePanel(
            self.table, hint="Search notifications  (Ctrl+F)", empty="No notification about a child is written.",
            extras=(self.write, self.look),
        )  # fmt: skip
        body = column(panel, label(_WORDS, role="muted", wrap=True), margin=12)
        body.setStretch(0, 1)
        self.setLayout(body)
        self.table.sort_by("noticed", descending=True)
        self.table.chosen.connect(lambda _: self._enable())
        self.table.opened.connect(lambda _: self.open_chosen())
        self._enable()

    def read(self) -> Callable[[], object]:
        session, ref = self.desk.session, self.ref
        return lambda: view_notifications(session, ref)

    def show_read(self, found: object) -> None:
        assert isinstance(found, tuple)
        self.table.set_rows(found)
        self._enable()

    def _enable(self) -> None:
        self.write.setEnabled(self.desk.session.may(Permission.RECORD) and bool(self.ref))
        line = self.table.current
        self.look.setEnabled(line is not None)
        closed = line is not None and not line.may_open
        self.look.setToolTip(NOT_FOR_ALL if closed else "Each opening is written to the record of use")

    def begin(self) -> None:
        """Write a new one."""
        now = datetime.now().replace(second=0, microsecond=0)  # noqa: DTZ005 - local, as visits are
        note = begin_notification(self.ref, self.desk.session.user, now)
        NotificationDialog(self.desk, self.offender_name, note, None, self).open()

    def open_chosen(self) -> None:
        """Open the chosen one, off the GUI thread; a consultation."""
        line, session = self.table.current, self.desk.session
        if line is not None:
            self.desk.tasks.run(
                "Opening a notification", lambda _report: open_notification(session, line.ref, line.id), done=self._show,
                failed=lambda error: show_error(self, error, "The notification was not opened"), owner=self, quiet=True,
            )  # fmt: skip

    def _show(self, opened: OpenedNotification) -> None:
        NotificationDialog(self.desk, opened.offender_name, opened.note, opened.note, self).open()


_TONES = {"Sent": "good", "Sent late": "warn", "Not sent": "info", "Not sent, late": "bad"}
_COLUMNS: tuple[Column[NotificationLine], ...] = (
    Column("noticed", "Noticed", lambda line: line.noticed_at, width=18),
    Column("state", "State", lambda line: line.state, width=14, tone=lambda line: _TONES[line.state]),
    Column("late", "Against the limit", lambda line: line.lateness.words, width=54),
    Column("lacks", "Missing", lambda line: line.lacks, text=lambda line: str(line.lacks or "nothing"), width=9, right=True),
    Column("meeting", "Strategy meeting", lambda line: line.strategy_meeting, width=15),
    Column("by", "By", lambda line: line.by, width=18),
    Column("read", "You may read it", lambda line: "Yes" if line.may_open else "No: ask the manager or a supervisor", width=34),
)
