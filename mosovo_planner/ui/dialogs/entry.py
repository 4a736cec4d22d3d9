"""A form whose record is saved off the GUI thread: what is wrong is said beside it, and nothing typed is lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import QDate, Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QDateEdit,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLayout,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QWidget,
)  # fmt: skip

from mosovo_planner.ui.desk import Desk
from mosovo_planner.ui.errors import words_for
from mosovo_planner.ui.widgets import button, button_box, column, date_field, label, line, row, tell

if TYPE_CHECKING:
    from mosovo_planner.domain.merging import Merge
    from mosovo_planner.ui.dialogs.reconcile import Merging


_GONE = "Somebody else removed this record meanwhile. What you typed stands here still: copy what you need, then close."
_NOT_YET = "Nothing of yours is saved yet. Save again to choose between your change and somebody else's."


class EntryDialog(QDialog):
    """The frame of such a form: heading, body, error line, Cancel and a button that names the act.

    ``work`` gives what is to be done on another thread, made of what was typed. ``also`` are further acts beside it.
    """

    work: Callable[[], Callable[[], object]]

    def __init__(self, desk: Desk, title: str, heading: str, act: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._heading = heading
        self._error = label("", role="error", wrap=True)
        self.act = button(act, self.keep, primary=True)
        self.act.setDefault(True)
        self.also: tuple[QPushButton, ...] = ()

    @property
    def error_words(self) -> str:
        return self._error.text()

    def lay_out(self, body: QLayout, note: str = "") -> None:
        buttons = button_box(QDialogButtonBox.StandardButton.Cancel)
        buttons.rejected.connect(self.reject)
        for each in (*self.also, self.act):
            buttons.addButton(each, QDialogButtonBox.ButtonRole.ActionRole)
        reference = label(note, role="muted")
        head = row(label(self._heading, role="heading", wrap=True), reference)
        head.setStretch(0, 1)
        self.setLayout(
            column(
                head,
                line(), body, self._error, buttons, margin=16, space=10,
            )
        )  # fmt: skip

    def wrong(self) -> str:
        """What is wrong with what was typed, in words; empty where nothing is."""
        return ""

    def keep(self) -> None:
        words = self.wrong()
        self._error.setText(words)
        if words:
            return
        self._wait(True)
        work = self.work()
        self.desk.tasks.run(
            self.windowTitle(), lambda _report: work(), done=self.kept, failed=self._refused, owner=self, quiet=True
        )

    def kept(self, _result: object) -> None:
        """It was saved: everybody is told, and the form closes."""
        self.desk.records_changed()
        self.accept()

    def merging(self) -> Merging | None:
        """How this form's change and somebody else's are put together; None where only a person can."""
        return None

    def _refused(self, error: BaseException) -> None:
        from mosovo_planner.office.editing import StaleRecord  # the store's libraries are loaded by now

        way = self.merging() if isinstance(error, StaleRecord) else None
        if way is None:
            self._say(error)
        else:
            self._put_together(way)

    def _put_together(self, way: Merging) -> None:
        """Somebody else saved meanwhile: read what is stored, ask about what both changed, save both."""
        self.desk.tasks.run(
            "Reading what is stored", lambda _report: way.read(), done=lambda stored: self._compare(way, stored),
            failed=self._say, owner=self, quiet=True,
        )  # fmt: skip

    def _compare(self, way: Merging, stored: object) -> None:
        from mosovo_planner.ui.dialogs.reconcile import MergeDialog

        self._wait(False)
        if stored is None:
            self._error.setText(_GONE)
            return
        found = way.merged(stored)
        if not found.conflicts:
            self._save_together(way, found, dict(found.values), stored)
            return
        question = MergeDialog(found, way.words, self)
        question.agreed.connect(lambda values: self._save_together(way, found, values, stored))
        question.rejected.connect(lambda: self._error.setText(_NOT_YET))
        question.open()

    def _save_together(self, way: Merging, found: Merge, values: dict[str, object], stored: object) -> None:
        from mosovo_planner.office.editing import StaleRecord
        from mosovo_planner.ui.dialogs.reconcile import saved_words

        def again(error: BaseException) -> None:
            if isinstance(error, StaleRecord):  # a third change came in between
                self._put_together(replace(way, before=way.fields(stored), mine=values))
            else:
                self._say(error)

        def done(result: object) -> None:
            parent = self.parentWidget()
            self.kept(result)
            tell(parent, self.windowTitle(), "Saved together with somebody else's change.", saved_words(found))

        self._wait(True)
        self.desk.tasks.run(
            self.windowTitle(), lambda _report: way.save(values, stored), done=done, failed=again, owner=self, quiet=True
        )

    def _say(self, error: BaseException) -> None:
        self._wait(False)
        words = words_for(error)
        if words is None:
            raise error
        self._error.setText(words)

    def _wait(self, waiting: bool) -> None:
        for each in (*self.also, self.act):
            each.setEnabled(not waiting)


class MaybeDate(QWidget):
    """A date that may be unknown: a tick, and the date where it is set."""

    def __init__(self, name: str, day: date | None, *, latest: date | None = None) -> None:
        super().__init__()
        shown = day or date.today()
        self.known = QCheckBox()
        self.known.setAccessibleName(f"{name} is known")
        self.field: QDateEdit = date_field(name, QDate(shown.year, shown.month, shown.day))
        if latest is not None:
            self.field.setMaximumDate(QDate(latest.year, latest.month, latest.day))
        self.known.toggled.connect(self.field.setEnabled)
        self.known.setChecked(day is not None)
        self.field.setEnabled(day is not None)
        layout: QHBoxLayout = row(self.known, self.field, None, space=4)
        self.setLayout(layout)
        self.setFocusProxy(self.known)

    @property
    def day(self) -> date | None:
        return as_date(self.field.date()) if self.known.isChecked() else None

    @day.setter
    def day(self, day: date | None) -> None:
        self.known.setChecked(day is not None)
        if day is not None:
            self.field.setDate(QDate(day.year, day.month, day.day))


def as_date(day: QDate) -> date:
    return date(day.year(), day.month(), day.day())


def form() -> QFormLayout:
    made = QFormLayout()
    made.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    return made


def words_field(name: str, text: str = "", *, longest: int = 500, hint: str = "") -> QLineEdit:
    field = QLineEdit(text)
    field.setAccessibleName(name)
    field.setMaxLength(longest)
    field.setPlaceholderText(hint)
    field.setCursorPosition(0)
    return field


def text_field(name: str, text: str = "", *, height: int = 84, hint: str = "", read_only: bool = False) -> QPlainTextEdit:
    """A field for several lines of plain text; Tab leaves it."""
    field = QPlainTextEdit(text)
    field.setTabChangesFocus(True)
    field.setAccessibleName(name)
    field.setPlaceholderText(hint)
    field.setReadOnly(read_only)
    field.setMinimumHeight(height)
    field.setMaximumHeight(height if not read_only else 16_777_215)
    return field
