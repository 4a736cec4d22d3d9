"""Grading one record of the dip sample."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QPlainTextEdit, QRadioButton, QWidget

from mosovo_planner.domain.dip_sample import Grade
from mosovo_planner.domain.performance import month_name
from mosovo_planner.office.dip_sample import Sampled, grade_record
from mosovo_planner.ui.desk import Desk
from mosovo_planner.ui.dialogs.entry import EntryDialog
from mosovo_planner.ui.widgets import column, label


class GradeDialog(EntryDialog):
    """Good, requires improvement or inadequate, and what was found. ``graded`` fires once it is kept."""

    graded = Signal()

    def __init__(self, desk: Desk, sampled: Sampled, parent: QWidget | None = None) -> None:
        name = sampled.offender.name if sampled.offender else ""
        super().__init__(desk, "Grade a record", name, "&Keep the grade", parent)
        self.setMinimumWidth(520)
        self._sampled = sampled
        self._grades = QButtonGroup(self)
        self.choices = {grade: QRadioButton(text) for grade, text in _WORDS.items()}
        for each in self.choices.values():
            self._grades.addButton(each)
        if sampled.grade is not None:
            self.choices[sampled.grade.grade].setChecked(True)
        self.comment = QPlainTextEdit(sampled.grade.comment if sampled.grade else "")
        self.comment.setTabChangesFocus(True)
        self.comment.setAccessibleName("What was found")
        self.comment.setFixedHeight(90)
        about = f"Drawn for {month_name(sampled.drawn.month)}, {desk.manager_label(sampled.drawn.manager)}'s record."
        told = label("&What was found", buddy=self.comment)
        self.lay_out(column(label(about, wrap=True), *self.choices.values(), told, self.comment), sampled.drawn.ref)
        self.choices[Grade.GOOD].setFocus()

    @property
    def chosen(self) -> Grade | None:
        return next((grade for grade, each in self.choices.items() if each.isChecked()), None)

    def wrong(self) -> str:
        return "" if self.chosen else "Choose a grade."

    def work(self) -> Callable[[], object]:
        session, sampled, grade, words, day = (
            self.desk.session, self._sampled, self.chosen, self.comment.toPlainText(), self.desk.as_of
        )  # fmt: skip
        assert grade is not None
        return lambda: grade_record(session, sampled, grade, words, day)

    def kept(self, _result: object) -> None:
        """A grade changes no record of an offender, so only the sample is read again."""
        self.graded.emit()
        self.accept()


_WORDS = {
    Grade.GOOD: "&Good",
    Grade.REQUIRES_IMPROVEMENT: "&Requires improvement",
    Grade.INADEQUATE: "&Inadequate",
}
