"""The reason for a change, typed by whoever puts it in force."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QPlainTextEdit, QWidget

from mosovo_planner.ui.desk import Desk
from mosovo_planner.ui.dialogs.entry import EntryDialog, words_field
from mosovo_planner.ui.dialogs.reconcile import Merging
from mosovo_planner.ui.widgets import column, label


class ReasonDialog(EntryDialog):
    """What is about to be done, and a line on why."""

    def __init__(
        self, desk: Desk, act: str, what: str, do: Callable[[str], object], parent: QWidget | None = None, *,
        together: Callable[[str], Merging] | None = None,
    ) -> None:  # fmt: skip
        """``together`` says, for a reason, how the change is put together with what somebody else changed meanwhile."""
        super().__init__(desk, act, act, f"&{act}", parent)
        self._do, self._together = do, together
        self.setMinimumSize(640, 320)
        self.what = QPlainTextEdit(what)
        self.what.setReadOnly(True)
        self.what.setTabChangesFocus(True)
        self.what.setAccessibleName("What changes")
        self.reason = words_field("Reason", hint="Order, decision, date: a line is enough")
        body = column(self.what, label("&Reason", buddy=self.reason), self.reason)
        body.setStretch(0, 1)
        self.lay_out(body)
        self.reason.setFocus()

    def wrong(self) -> str:
        return "" if self.reason.text().strip() else "Give the reason; a line is enough."

    def work(self) -> Callable[[], object]:
        words, do = self.reason.text().strip(), self._do
        return lambda: do(words)

    def merging(self) -> Merging | None:
        return self._together(self.reason.text().strip()) if self._together is not None else None
