"""What the allocation view and the plan view have in common: a proposal on the desk, told in words, undone, approved."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Generic, TypeVar

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeyEvent, QUndoStack
from PySide6.QtWidgets import QWidget

from mosovo_planner.domain.roles import Permission
from mosovo_planner.office.session import Session
from mosovo_planner.office.tables import record_copy
from mosovo_planner.ui.errors import show_error
from mosovo_planner.ui.proposals.approval import ApprovalDialog
from mosovo_planner.ui.proposals.history import History
from mosovo_planner.ui.proposals.running import RunBar
from mosovo_planner.ui.table import Table
from mosovo_planner.ui.tasks import Tasks
from mosovo_planner.ui.widgets import label

Work = TypeVar("Work")


class ProposalPage(QWidget, Generic[Work]):
    """``show_work`` shows a proposal or None; ``standing`` says how one stands, behind what happened last.

    :attr:`workspace_changed` fires when something was saved.
    """

    workspace_changed = Signal()

    def __init__(
        self,
        session: Session,
        tasks: Tasks,
        *,
        start: str,
        show_work: Callable[[Work | None], None],
        effect: Callable[[Work, Work], str],
        standing: Callable[[Work], str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.session, self.tasks = session, tasks
        self.history: History[Work] = History(show_work, self.say, effect, self)
        self.summary = label("", role="heading", wrap=True, selectable=True)
        self.note = label("", role="muted", wrap=True)
        self._words, self._standing = start, standing

    @property
    def undo_stack(self) -> QUndoStack:
        """What the window's Undo and Redo work on."""
        return self.history.stack

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.history.take_key(event):
            super().keyPressEvent(event)

    def say(self, words: str) -> None:
        """Tell what happened last."""
        self._words = words
        self.say_again()

    def say_again(self) -> None:
        """The same words, with how the proposal stands now."""
        work = self.history.work
        self.note.setText(f"{self._words} {self._standing(work)}" if work is not None else self._words)

    def make(self, run: RunBar, title: str, work: Callable[[Any], Work], done: Callable[[Work], object], failed: str) -> None:
        """Have a proposal worked out; what is on the desk stays until it comes."""
        task = self.tasks.run(
            title, work, done=done, failed=lambda error: show_error(self, error, failed),
            cancelled=lambda: self.say("Stopped; nothing was changed."), owner=self,
        )  # fmt: skip
        run.watch(task)

    def ask_approval(self, title: str, facts: Sequence[str], approve: Callable[[str], object]) -> None:
        """Ask for the reason, then ``approve`` with it."""
        dialog = ApprovalDialog(title, facts, self.session.user, parent=self)
        dialog.approved.connect(approve)
        dialog.open()

    def save(self, run: RunBar, title: str, work: Callable[[], Any], done: Callable[[Any], object], failed: str) -> None:
        """Save off the window's thread."""
        task = self.tasks.run(
            title, lambda _report: work(), done=done, failed=lambda error: show_error(self, error, failed), owner=self
        )
        run.watch(task)

    def guard_copies(self, tables: Iterable[Table[Any]]) -> None:
        """Rows may leave by the clipboard only where the user may print."""
        for table in tables:
            table.may_copy = self.session.may(Permission.PRINT)

    def record_copy(self, title: str, refs: list[str]) -> None:
        """Note in the record of use that rows were copied."""
        session = self.session
        self.tasks.run(
            "Noting the copy", lambda _report: record_copy(session, title, refs), done=lambda _none: None, owner=self, quiet=True
        )

    def why_not(self, permission: Permission, deed: str) -> str:
        """Why this user may not do it, for a tip; empty where he may."""
        return "" if self.session.may(permission) else f"Your role may not {deed}; ask a supervisor."
