"""A form of many words: it is not left with words unsaved unasked, and two people who write at once lose nothing."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QDialog, QWidget

from mosovo_planner.office.editing import StaleRecord
from mosovo_planner.ui.desk import Desk
from mosovo_planner.ui.dialogs.entry import EntryDialog, text_field
from mosovo_planner.ui.errors import words_for
from mosovo_planner.ui.widgets import ask, column, label

_THEIRS = (
    "Somebody else saved this while you wrote. What is stored now stands above the buttons; nothing you typed is lost. "
    "Take over what you want to keep of it, then save again: yours then stands in its place."
)


class LongForm(EntryDialog):
    """``typed`` gives the record as typed; ``read_stored`` reads, off the GUI thread, what is stored now and its words.

    ``before`` is the record as it was read, which the next saving replaces; None for a new one.
    """

    typed: Callable[[], object]
    read_stored: Callable[[], Callable[[], tuple[object, str]]]

    def __init__(self, desk: Desk, title: str, heading: str, act: str, before: object, parent: QWidget | None = None) -> None:
        super().__init__(desk, title, heading, act, parent)
        self.before = before
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

    @property
    def changed(self) -> bool:
        return self.typed() != self._at_first

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
            "Reading what is stored", lambda _report: read(), done=self._show_theirs, failed=self._not_read, owner=self,
            quiet=True,
        )  # fmt: skip

    def _show_theirs(self, stored: tuple[object, str]) -> None:
        self._wait(False)
        self.before, words = stored
        self.theirs.setPlainText(words)
        self.theirs_part.show()
        self._error.setText(_THEIRS)

    def _not_read(self, error: BaseException) -> None:
        self._wait(False)
        words = words_for(error)
        if words is None:
            raise error
        self._error.setText(words)
