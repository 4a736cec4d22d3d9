"""Changes by hand to a proposal, each of which can be undone.

Proposals are immutable, so a change is the proposal before and the proposal after: undoing shows the
former again, exactly.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence, QUndoCommand, QUndoStack

from mosovo_planner.domain.errors import UserError

Work = TypeVar("Work")


class _Change(QUndoCommand, Generic[Work]):
    def __init__(self, text: str, before: Work, after: Work, show: Callable[[Work], None]) -> None:
        super().__init__(text)
        self._before, self._after, self._show = before, after, show

    def undo(self) -> None:
        self._show(self._before)

    def redo(self) -> None:
        self._show(self._after)


class History(Generic[Work]):
    """The proposal as it stands and how it came about; ``show`` is called with each new one."""

    def __init__(
        self, show: Callable[[Work | None], None], refuse: Callable[[str], None], parent: QObject
    ) -> None:
        self.stack = QUndoStack(parent)
        self._show, self._refuse = show, refuse
        self._work: Work | None = None

    @property
    def work(self) -> Work | None:
        return self._work

    def begin(self, work: Work | None) -> None:
        """Start afresh from a proposal; what was done to the former one is gone."""
        self.stack.clear()
        self._put(work)

    def change(self, text: str, edit: Callable[[Work], Work]) -> bool:
        """Edit the proposal; ``text`` names the act in the menu. A change that is refused leaves it as it was."""
        before = self._work
        if before is None:
            return False
        try:
            after = edit(before)
        except UserError as refused:
            self._refuse(str(refused))
            return False
        self.stack.push(_Change(text, before, after, self._put))
        return True

    def replace(self, text: str, work: Work) -> None:
        """Put a newly made proposal in the place of the present one, so that undo brings that one back."""
        if self._work is None:
            self.begin(work)
        else:
            self.stack.push(_Change(text, self._work, work, self._put))

    def actions(self, parent: QObject) -> tuple[QAction, QAction]:
        """Undo and Redo, named after the act; their keys are the window's, or :meth:`take_key`."""
        return self.stack.createUndoAction(parent, "&Undo"), self.stack.createRedoAction(parent, "&Redo")

    def take_key(self, event: QKeyEvent) -> bool:
        """Undo and redo by the platform's keys where no menu of the window took them; whether this was one."""
        if event.matches(QKeySequence.StandardKey.Undo):
            self.stack.undo()
        elif event.matches(QKeySequence.StandardKey.Redo):
            self.stack.redo()
        else:
            return False
        return True

    def _put(self, work: Work | None) -> None:
        self._work = work
        self._show(work)
