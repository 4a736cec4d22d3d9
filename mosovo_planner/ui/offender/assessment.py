"""Recording an assessment with ARMS or another tool, or putting one right."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from PySide6.QtCore import QDate
from PySide6.QtWidgets import QCheckBox, QWidget

from mosovo_planner.domain.assessment import Assessment, Tool, assessment_problems
from mosovo_planner.domain.merging import record_fields, with_fields
from mosovo_planner.domain.people import Risk
from mosovo_planner.office.assessments import add_assessment, correct_assessment, new_assessment
from mosovo_planner.office.risk_plans import PlansView
from mosovo_planner.ui.desk import Desk
from mosovo_planner.ui.dialogs.entry import EntryDialog, as_date, form, words_field
from mosovo_planner.ui.dialogs.reconcile import Merging
from mosovo_planner.ui.widgets import choice, column, date_field, label


class AssessmentDialog(EntryDialog):
    """The tool that fits him is proposed, and why ARMS does not fit is said. No answers and no narrative are asked for."""

    def __init__(self, desk: Desk, view: PlansView, before: Assessment | None = None, parent: QWidget | None = None) -> None:
        title = "Correct an assessment" if before else "Add an assessment"
        super().__init__(desk, title, view.offender.name, "&Save" if before else "&Add", parent)
        self._view, self._before = view, before
        self.setMinimumWidth(560)
        managers = desk.view.managers if desk.view else ()
        shown = before.done_on if before else date.today()
        self.tool = choice("Tool", [(each.label, each) for each in Tool])
        self.tool.setCurrentIndex(list(Tool).index(before.tool if before else view.tool))
        self.day = date_field("Done on", QDate(shown.year, shown.month, shown.day))
        self.day.setMaximumDate(QDate.currentDate())
        named: list[tuple[str, object]] = sorted((each.label, each.id) for each in managers)
        self.by = choice("Made by", [("Choose…", ""), *named, ("Somebody else", "*")])
        self.other = words_field("Name of whoever made it", longest=120, hint="Name")
        self._set_by(before.by if before else view.offender.manager or "")
        self.priority = choice("Priority", [("None given", None), *((each.label, each) for each in Risk)])
        self.priority.setCurrentIndex(max(0, self.priority.findData(before.priority if before else None)))
        self.set_risk = QCheckBox()
        self.reason = words_field("Reason for the correction", hint="What was wrong")
        self._lay_out()
        for combo in (self.priority, self.by):
            combo.currentIndexChanged.connect(lambda _: self._follow())
        self._follow()

    def _set_by(self, person: str) -> None:
        place = self.by.findData(person)
        self.by.setCurrentIndex(place if place >= 0 else self.by.findData("*"))
        if place < 0:
            self.other.setText(person)

    def _lay_out(self) -> None:
        self._form = form()
        self._form.addRow("&Tool", self.tool)
        self._form.addRow("&Done on", self.day)
        self._form.addRow("Made &by", self.by)
        self._form.addRow("", self.other)
        self._form.addRow("&Priority it gives", self.priority)
        self._form.addRow("", self.set_risk)
        self._form.addRow("&Reason", self.reason)
        self._form.setRowVisible(self.reason, self._before is not None)
        about = label(self._view.objection, wrap=True)
        about.setVisible(bool(self._view.objection))
        self.lay_out(column(about, self._form, space=10), self._view.offender.ref)

    def _follow(self) -> None:
        priority = self.priority.currentData()
        differs = self._before is None and priority is not None and priority != self._view.offender.risk
        self._form.setRowVisible(self.set_risk, differs)
        self.set_risk.setText(f"Set his risk level to {Risk(priority).label.lower()}" if differs else "")
        self._form.setRowVisible(self.other, self.by.currentData() == "*")

    def assessment(self) -> Assessment:
        by = self.other.text().strip() if self.by.currentData() == "*" else self.by.currentData()
        tool, day = Tool(self.tool.currentData()), as_date(self.day.date())
        priority = Risk(self.priority.currentData()) if self.priority.currentData() else None
        if self._before is not None:
            return replace(self._before, tool=tool, done_on=day, by=by, priority=priority)
        return new_assessment(self._view.offender.ref, tool, day, by, priority)

    def wrong(self) -> str:
        if self._before is not None and not self.reason.text().strip():
            return "Say why it is corrected; a line is enough."
        return " ".join(assessment_problems(self.assessment(), self._view.offender, date.today()))

    def work(self) -> Callable[[], object]:
        session, made, before, reason = self.desk.session, self.assessment(), self._before, self.reason.text()
        if before is not None:
            return lambda: correct_assessment(session, before, made, reason)
        set_risk = self.set_risk.isChecked() and not self.set_risk.isHidden()
        return lambda: add_assessment(session, made, set_risk=set_risk)

    def merging(self) -> Merging | None:
        from mosovo_planner.office.editing import stored_assessment, value_words

        session, before, reason = self.desk.session, self._before, self.reason.text()
        if before is None:
            return None
        return Merging(
            record_fields(before), record_fields(self.assessment()), lambda: stored_assessment(session, before), record_fields,
            lambda values, stored: correct_assessment(session, stored, with_fields(stored, values), reason),
            lambda _, value: value_words(value),
        )  # fmt: skip
