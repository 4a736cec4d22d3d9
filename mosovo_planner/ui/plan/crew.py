"""Who goes out: the day and the two officers of a round."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QFormLayout, QWidget

from mosovo_planner.domain.people import OffenderManager
from mosovo_planner.domain.proposals import Plan
from mosovo_planner.ui.plan.figures import day_words
from mosovo_planner.ui.proposals.dialog import Question
from mosovo_planner.ui.widgets import choice, column, label


class CrewDialog(Question):
    """Asks for a crew. :attr:`chosen` brings (date, (officer, officer), evening)."""

    chosen = Signal(object, object, bool)

    def __init__(
        self,
        title: str,
        plan: Plan,
        officers: Sequence[OffenderManager],
        days: Sequence[date],
        *,
        crew: tuple[str, str] | None = None,
        fixed: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(title, "&Choose", parent)
        self._plan, self._officers = plan, {officer.id: officer for officer in officers}
        self.day = choice("Day", [(day_words(day), day) for day in days])
        names = [(_named(officer), officer.id) for officer in officers]
        self.first, self.second = choice("First officer", names), choice("Second officer", names)
        for box in (self.first, self.second):
            box.setMinimumContentsLength(36)
        self.evening = QCheckBox("&Evening round")
        self.words = label("", role="muted", wrap=True)
        self.words.setMinimumHeight(self.fontMetrics().height() * 3)
        for box, officer in zip((self.first, self.second), crew or (), strict=False):
            box.setCurrentIndex(max(0, box.findData(officer)))
        if crew is None and len(names) > 1:
            self.second.setCurrentIndex(1)
        form = QFormLayout()
        if not fixed:
            form.addRow("&Day", self.day)
        form.addRow("&First officer", self.first)
        form.addRow("&Second officer", self.second)
        if not fixed:
            form.addRow("", self.evening)
        for box in (self.day, self.first, self.second):
            box.currentIndexChanged.connect(lambda _index: self._judge())
        self.setMinimumWidth(420)
        self.setLayout(column(form, self.words, self.buttons, margin=16))
        self._judge()

    @property
    def crew(self) -> tuple[str, str]:
        return self.first.currentData(), self.second.currentData()

    def _judge(self) -> None:
        """Say at once what stands against the crew; only two different officers are a must."""
        first, second = self.crew
        words = "A crew is two different officers." if first == second else " ".join(self._concerns())
        self.words.setText(words or "Both are on duty and free that day.")
        self.agree.setEnabled(first != second)

    def _concerns(self) -> list[str]:
        day, concerns = self.day.currentData(), []
        for officer in map(self._officers.__getitem__, self.crew):
            absence = officer.away(day) if day else None
            if absence:
                concerns.append(f"{officer.label} is away that day ({absence.reason or 'absence'}).")
            if any(officer.id in each.officers and each.date == day for each in self._plan.rounds):
                concerns.append(f"{officer.label} already goes out that day.")
            if not officer.trained:
                concerns.append(f"{officer.label} is not noted as trained.")
        return concerns

    def take(self) -> None:
        day, crew, evening = self.day.currentData(), self.crew, self.evening.isChecked()
        self.accept()
        self.chosen.emit(day, crew, evening)


def _named(officer: OffenderManager) -> str:
    return f"{officer.label} · {officer.base}" if officer.base else officer.label


def select_day(box: QComboBox, day: date | None) -> None:
    """Choose a day in a box where it is offered."""
    days = [box.itemData(index) for index in range(box.count())]  # findData knows no Python dates
    if day in days:
        box.setCurrentIndex(days.index(day))
