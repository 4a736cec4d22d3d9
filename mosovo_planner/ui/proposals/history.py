"""Changes by hand to a proposal, each of which can be undone.

Proposals are immutable, so a change is the proposal before and the proposal after: undoing shows the
former again, exactly.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from PySide6.QtCore import QObject
from PySide6.QtGui import QKeyEvent, QKeySequence, QUndoCommand, QUndoStack
from PySide6.QtWidgets import QPushButton

from mosovo_planner.domain.errors import UserError
from mosovo_planner.ui.widgets import plain_tip

Work = TypeVar("Work")


class _Change(QUndoCommand, Generic[Work]):
    def __init__(self, text: str, before: Work, after: Work, put: Callable[[str, Work], None]) -> None:
        super().__init__(text)
        self._before, self._after, self._put = before, after, put
        self._how = text[:1].upper() + text[1:]

    def undo(self) -> None:
        self._put(f"Undone: {self.text()}", self._before)

    def redo(self) -> None:
        self._put(self._how, self._after)
        self._how = f"Done again: {self.text()}"


class _StackButton(QPushButton):
    """Undo or Redo: grey while there is nothing, with the act in its tip."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.setAutoDefault(False)
        self.setEnabled(False)

    def name_act(self, act: str) -> None:
        self.setToolTip(plain_tip(f"{self.text().replace('&', '')} {act}".strip()))


class History(Generic[Work]):
    """The proposal as it stands and how it came about.

    ``show`` is called with each new state; ``tell`` with what was done and its ``effect`` in words, or with
    why a change was refused.
    """

    def __init__(
        self,
        show: Callable[[Work | None], None],
        tell: Callable[[str], None],
        effect: Callable[[Work, Work], str],
        parent: QObject,
    ) -> None:
        self.stack = QUndoStack(parent)
        self._show, self._tell, self._effect = show, tell, effect
        self._work: Work | None = None

    @property
    def work(self) -> Work | None:
        return self._work

    def begin(self, work: Work | None) -> None:
        """Start afresh from a proposal; what was done to the former one is gone."""
        self.stack.clear()
        self._work = work
        self._show(work)

    def change(self, text: str, edit: Callable[[Work], Work]) -> bool:
        """Edit the proposal; ``text`` names the act for undo. A change that is refused leaves it as it was."""
        before = self._work
        if before is None:
            return False
        try:
            after = edit(before)
        except UserError as refused:
            self._tell(str(refused))
            return False
        self.stack.push(_Change(text, before, after, self._put))
        return True

    def replace(self, text: str, work: Work) -> None:
        """Put a newly made proposal in the place of the present one, so that undo brings that one back."""
        if self._work is None:
            self.begin(work)
        else:
            self.stack.push(_Change(text, self._work, work, self._put))

    def buttons(self) -> tuple[QPushButton, QPushButton]:
        """Undo and Redo, whose tips name the act; their keys are the window's, or :meth:`take_key`."""
        undo, redo = _StackButton("&Undo"), _StackButton("Red&o")
        undo.clicked.connect(self.stack.undo)
        redo.clicked.connect(self.stack.redo)
        self.stack.canUndoChanged.connect(undo.setEnabled)
        self.stack.canRedoChanged.connect(redo.setEnabled)
        self.stack.undoTextChanged.connect(undo.name_act)
        self.stack.redoTextChanged.connect(redo.name_act)
        return undo, redo

    def take_key(self, event: QKeyEvent) -> bool:
        """Undo and redo by the platform's keys where no menu of the window took them; whether this was one."""
        if event.matches(QKeySequence.StandardKey.Undo):
            self.stack.undo()
        elif event.matches(QKeySequence.StandardKey.Redo):
            self.stack.redo()
        else:
            return False
        return True

    def _put(self, how: str, work: Work) -> None:
        before, self._work = self._work, work
        self._show(work)
        words = self._effect(before, work) if before is not None else ""
        self._tell(f"{how}: {words}." if words else f"{how}.")
