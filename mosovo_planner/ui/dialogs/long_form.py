"""A form of many words: it is not left with words unsaved unasked, and two people who write at once lose nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QDialog, QWidget

from mosovo_planner.domain.merging import Merge, merge, record_fields, with_fields
from mosovo_planner.office.editing import StaleRecord
from mosovo_planner.ui.desk import Desk
from mosovo_planner.ui.dialogs.entry import EntryDialog, text_field
from mosovo_planner.ui.widgets import ask, column, label

_THEIRS = (
    "Somebody else saved this while you wrote, and both of you changed: {}. What is stored now stands above the buttons; nothing "
    "you typed is lost. Take over what you want to keep of it, then save again. What only the other changed is kept."
)


class LongForm(EntryDialog):
    """``typed`` gives the record as typed; ``read_stored`` reads, off the GUI thread, what is stored now and its words.

    ``before`` is the record as it was read, which the next saving replaces; None for a new one. What is saved is
    ``to_save``: where somebody else saved meanwhile, what only he changed is kept.
    """

    typed: Callable[[], Any]
    read_stored: Callable[[], Callable[[], tuple[object, str]]]

    def __init__(self, desk: Desk, title: str, heading: str, act: str, before: object, parent: QWidget | None = None) -> None:
        super().__init__(desk, title, heading, act, parent)
        self.before = self._base = before
        self.question: QDialog | None = None
        self._at_first: object = None
        self.theirs = text_field("What somebody else saved meanwhile", read_only=True, height=110)
        self.theirs.setMaximumHeight(130)
        self.theirs_part = QWidget()
        self.theirs_part.setLayout(column(label("Stored now, by somebody else", role="section"), self.theirs, space=4))
        self.theirs_part.hide()

    def begin(self) -> None:
        """The form stands: from now on what is typed counts as changed."""
        self._at_first = self.typed()

    def again(self) -> None:
        """Do once more what was asked for."""
        self.keep()

    def to_save(self) -> Any:
        """What was typed, with what somebody else changed since in fields that were left alone here."""
        typed = self.typed()
        if self._base is None or self.before is None or self.before is self._base:
            return typed
        return with_fields(self.before, self._merged(typed).all_mine)

    def _merged(self, typed: Any) -> Merge:
        return merge(record_fields(self._base), record_fields(typed), record_fields(self.before))

    @property
    def changed(self) -> bool:
        return bool(self.typed() != self._at_first)

    def reject(self) -> None:
        """Leave; with words unsaved only after asking."""
        if not self.changed:
            super().reject()
            return
        self.question = ask(
            self, self.windowTitle(), "Leave without saving?", more="What you typed is then gone.", yes="Leave",
            do=super().reject,
        )  # fmt: skip

    def _refused(self, error: BaseException) -> None:
        if not isinstance(error, StaleRecord):
            super()._refused(error)
            return
        read = self.read_stored()
        self.desk.tasks.run(
            "Reading what is stored", lambda _report: read(), done=self._show_theirs, failed=self._say, owner=self, quiet=True
        )

    def _show_theirs(self, stored: tuple[object, str]) -> None:
        """Where each changed something else both are saved; else what is stored is shown beside what was typed."""
        self._wait(False)
        self.before, words = stored
        both = self._merged(self.typed()).conflicts if self._base is not None and self.before is not None else ()
        if self._base is not None and self.before is not None and not both:
            self.again()
            return
        self.theirs.setPlainText(words)
        self.theirs_part.show()
        names = ", ".join(name.replace("_", " ") for each in both for name in each.names)
        self._error.setText(_THEIRS.format(names or "the whole record"))
