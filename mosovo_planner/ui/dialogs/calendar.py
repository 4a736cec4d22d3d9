"""An officer's rounds out as a calendar file: who, from which plan, and what the file holds."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFileDialog, QFormLayout, QSizePolicy, QWidget

from mosovo_planner.domain.clocks import in_words
from mosovo_planner.domain.proposals import Plan
from mosovo_planner.office.calendars import approved_plan, officers_of, save_calendar
from mosovo_planner.ui.desk import Desk
from mosovo_planner.ui.errors import words_for
from mosovo_planner.ui.widgets import button, button_box, choice, column, label, refill


class CalendarDialog(QDialog):
    """``plan`` is the plan on show; without one the plan last approved is fetched."""

    def __init__(self, desk: Desk, parent: QWidget | None = None, *, plan: Plan | None = None, approved: bool = True) -> None:
        super().__init__(parent)
        self._desk = desk
        self._plan = plan
        self.setWindowTitle("Export an officer's rounds")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(480)
        self.officer = choice("Officer", [("Choose…", None)])
        self.officer.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.source = label("", wrap=True)
        self.error = label("", role="error", wrap=True)
        self.save_button = button("&Save as .ics…", self.save, primary=True)
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow(label("&Officer", buddy=self.officer), self.officer)
        words = (
            "The calendar holds the hours of each round, the number of stops and the base. It names nobody who is "
            "visited, no address and no reason. That it was made goes into the record of use."
        )
        buttons = button_box(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        buttons.addButton(self.save_button, QDialogButtonBox.ButtonRole.ActionRole)
        note = label(words, role="muted", wrap=True)
        self.setLayout(column(self.source, form, note, self.error, buttons, margin=16, space=12))
        if plan is not None:
            self._show(plan, approved)
        else:
            self._fetch()

    def _fetch(self) -> None:
        session = self._desk.session
        self.save_button.setEnabled(False)
        self._desk.tasks.run(
            "Reading the plan",
            lambda _report: approved_plan(session),
            done=lambda plan: self._show(plan, True),
            failed=self._refused,
            owner=self,
            quiet=True,
        )

    def _show(self, plan: Plan, approved: bool) -> None:
        self._plan = plan
        state = "approved" if approved else "not approved yet: times may still change"
        self.source.setText(f"Plan of {in_words(plan.start)} to {in_words(plan.end)}, {state}.")
        names = sorted((self._desk.manager_label(each), each) for each in officers_of(plan))
        refill(self.officer, [("Choose…", None), *names])
        self.save_button.setEnabled(bool(names))

    def save(self) -> None:
        """Ask where, then write."""
        officer, plan, session = self.officer.currentData(), self._plan, self._desk.session
        self.error.setText("" if officer else "Choose the officer.")
        if not officer or plan is None:
            return
        name, _ = QFileDialog.getSaveFileName(self, "Export rounds", f"rounds-{officer}.ics", "Calendar (*.ics)")
        if not name:
            return
        path = Path(name) if Path(name).suffix else Path(f"{name}.ics")
        self._desk.tasks.run(
            "Exporting the calendar",
            lambda _report: save_calendar(session, officer, path, plan),
            done=lambda rounds: self.error.setText(f"Saved: {rounds} round{'' if rounds == 1 else 's'}."),
            failed=self._refused,
            owner=self,
        )

    def _refused(self, error: BaseException) -> None:
        words = words_for(error)
        if words is None:
            raise error
        self.error.setText(words)
