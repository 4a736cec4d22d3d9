"""Writing a risk management plan: the explicit actions first, then why, how often he is visited, and when it is reviewed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta

from PySide6.QtCore import QDate, Qt
from PySide6.QtWidgets import QCompleter, QDateEdit, QHBoxLayout, QLineEdit, QPushButton, QSpinBox, QVBoxLayout, QWidget

from mosovo_planner.domain.risk_plans import PlanAction, PlanState, RiskPlan, plan_problems
from mosovo_planner.office.risk_plans import PlansView, save_draft, submit_plan, view_plans
from mosovo_planner.ui.desk import Desk
from mosovo_planner.ui.dialogs.entry import MaybeDate, as_date, form, text_field, words_field
from mosovo_planner.ui.dialogs.long_form import LongForm
from mosovo_planner.ui.offender.plan_words import plan_words, review_words
from mosovo_planner.ui.widgets import airy, button, column, date_field, holder, label, row, scrolled

_SOON = timedelta(days=28)
_Line = tuple[QHBoxLayout, QLineEdit, QLineEdit, QDateEdit, QPushButton, date | None]


class ActionsField(QWidget):
    """One line an action: what, who, by when. The day on which one was done stays with it."""

    def __init__(self, actions: Sequence[PlanAction], who: str, on: date, names: Sequence[str] = ()) -> None:
        """``who`` and four weeks from ``on`` are proposed for a new line; ``names`` are offered while somebody types."""
        super().__init__()
        self._names = QCompleter(list(names), self)
        self._names.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self._names.setFilterMode(Qt.MatchFlag.MatchContains)
        self._rows: list[_Line] = []
        self._who, self._by = who, on + _SOON
        self._box = QVBoxLayout()
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(4)
        self.add_button = button("Add an &action", lambda: self.add().setFocus(), role="link")
        self.setLayout(column(self._box, row(self.add_button, None), None, space=4))
        for each in actions or (self._empty(),):
            self.add(each)

    def _empty(self) -> PlanAction:
        return PlanAction("", self._who, self._by)

    def add(self, action: PlanAction | None = None) -> QLineEdit:
        """Another line; the field of what is done."""
        action = action or self._empty()
        what = words_field("What is done", action.what, hint="What is done")
        who = words_field("Who does it", action.who, longest=120, hint="Who")
        who.setCompleter(self._names)
        by = date_field("By when", QDate(action.by.year, action.by.month, action.by.day))
        gone = button("Remove", lambda: self._remove(line), role="link")
        gone.setAccessibleName("Remove this action")
        layout = row(what, who, label("by"), by, gone, space=6)
        layout.setStretch(0, 5)
        layout.setStretch(1, 2)
        line: _Line = (layout, what, who, by, gone, action.done_on)
        self._rows.append(line)
        self._box.addLayout(layout)
        return what

    def _remove(self, line: _Line) -> None:
        self._rows.remove(line)
        while (item := line[0].takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self._box.removeItem(line[0])

    @property
    def fields(self) -> list[tuple[QLineEdit, QLineEdit, QDateEdit, QPushButton]]:
        """What, who, by when and the button that removes it, a line each."""
        return [(what, who, by, gone) for _, what, who, by, gone, _ in self._rows]

    @property
    def written(self) -> tuple[PlanAction, ...]:
        """The lines in which something is said of what is done."""
        return tuple(
            PlanAction(what.text().strip(), who.text().strip(), as_date(by.date()), done)
            for _, what, who, by, _, done in self._rows
            if what.text().strip()
        )


class PlanEditor(LongForm):
    """A draft is kept as it is; it is submitted only when it lacks nothing, and what it lacks is said."""

    before: RiskPlan | None

    def __init__(
        self, desk: Desk, view: PlansView, plan: RiskPlan, before: RiskPlan | None, parent: QWidget | None = None
    ) -> None:
        title = f"Risk management plan, version {plan.version}"
        super().__init__(desk, title, view.offender.name, "&Save the draft", before, parent)
        self._plan = plan
        self._sending = self._was_sending = False
        self.resize(900, 640)
        self.submit = button("Save and s&ubmit", self._submit)
        self.also = (self.submit,)
        who = desk.manager_label(view.offender.manager) if view.offender.manager else ""
        names = sorted(each.label for each in desk.view.managers) if desk.view else []
        self.steps = ActionsField(plan.actions, who, plan.written_on, names)
        hint = "What the plan is for; no offences, victims or finance"
        self.summary = text_field("In short", plan.summary, hint=hint, height=90)
        self.months = airy(QSpinBox())
        self.months.setRange(0, 60)
        self.months.setSpecialValueText("By the force's policy")
        self.months.setSuffix(" months")
        self.months.setAccessibleName("Visit interval in months")
        self.months.setValue(plan.interval_months or 0)
        self.months.setMinimumWidth(180)
        self.reason = words_field("Reason for the interval", plan.interval_reason, hint="Why he is visited at another interval")
        self.months.valueChanged.connect(lambda months: self.reason.setEnabled(months > 0))
        self.reason.setEnabled(self.months.value() > 0)
        self.review = MaybeDate("Next review", plan.review_due)
        self._lay_out(view.offender.ref)
        self.begin()
        self.steps.fields[0][0].setFocus()

    def _lay_out(self, ref: str) -> None:
        fields = form()
        fields.addRow("In s&hort", self.summary)
        interval = row(self.months, self.reason)
        interval.setStretch(1, 1)
        fields.addRow(label("&Visits", buddy=self.months), interval)
        fields.addRow("Next &review", self.review)
        body = column(
            label("Actions: what, who, by when", role="section"), scrolled(self.steps, "Actions"), holder(fields),
            self.theirs_part, space=8,
        )  # fmt: skip
        if self._plan.state is PlanState.RETURNED and self._plan.reviews:
            said = review_words(self._plan.reviews[-1], self.desk.manager_label)
            body.insertWidget(0, label(said, wrap=True, selectable=True))
        body.setStretch(body.count() - 3, 1)
        self.lay_out(body, ref)

    def typed(self) -> RiskPlan:
        months = self.months.value() or None
        return replace(
            self._plan,
            actions=self.steps.written,
            summary=self.summary.toPlainText().strip(),
            interval_months=months,
            interval_reason=self.reason.text().strip() if months else "",
            review_due=self.review.day,
        )

    def wrong(self) -> str:
        return " ".join(plan_problems(self.typed())) if self._sending else ""

    def _submit(self) -> None:
        self._sending = True
        self.keep()
        self._sending = False

    def work(self) -> Callable[[], object]:
        session, plan, before = self.desk.session, self.to_save(), self.before
        self._was_sending = self._sending
        save = submit_plan if self._sending else save_draft
        return lambda: save(session, plan, before)

    def again(self) -> None:
        if self._was_sending:
            self._submit()
        else:
            self.keep()

    def read_stored(self) -> Callable[[], tuple[object, str]]:
        session, plan, as_of, name = self.desk.session, self._plan, self.desk.as_of, self.desk.manager_label

        def read() -> tuple[object, str]:
            found = [each for each in view_plans(session, plan.ref, as_of).plans if each.version == plan.version]
            if not found:
                return None, "Nothing is stored now."
            return found[0], f"{found[0].standing}\n\n{plan_words(found[0], name)}"

        return read
