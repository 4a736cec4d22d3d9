"""The weeks at a glance: one row an officer, one column a day, in each cell with whom and how many visits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor, QFont
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from mosovo_planner.domain.people import OffenderManager
from mosovo_planner.domain.proposals import Plan, Round
from mosovo_planner.ui.plan.figures import counted, day_words
from mosovo_planner.ui.plan.focus import Focus
from mosovo_planner.ui.plan.rows import People
from mosovo_planner.ui.theme import tokens
from mosovo_planner.ui.widgets import plain_tip

Index = QModelIndex | QPersistentModelIndex


class _Weeks(QAbstractTableModel):
    """Officers by days."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.officers: Sequence[OffenderManager] = ()
        self.changed: frozenset[str] = frozenset()
        self.days: Sequence[date] = ()
        self._people: People | None = None
        self._cells: dict[tuple[str, date], list[Round]] = {}

    def show(self, plan: Plan | None, officers: Sequence[OffenderManager], days: Sequence[date], people: People | None) -> None:
        self.beginResetModel()
        self.officers, self.days, self._people = officers, days, people
        self._cells = {}
        for each in plan.rounds if plan else ():
            for officer in each.officers:
                self._cells.setdefault((officer, each.date), []).append(each)
        self.endResetModel()

    def rounds(self, index: Index) -> list[Round]:
        return self._cells.get((self.officers[index.row()].id, self.days[index.column()]), [])

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.officers)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.days)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        if orientation is Qt.Orientation.Horizontal:
            day = self.days[section]
            return f"{day:%a}\n{day.day} {day:%b}"
        return self.officers[section].label

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        officer, day, rounds = self.officers[index.row()], self.days[index.column()], self.rounds(index)
        if role == Qt.ItemDataRole.DisplayRole:
            return " / ".join(self._cell(officer.id, each) for each in rounds) or self._away(officer, day)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{officer.label}, {day_words(day)}: {self._words(officer, day, rounds)}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(self._words(officer, day, rounds))
        if role == Qt.ItemDataRole.ForegroundRole:
            broken = any(each.problems for each in rounds)
            return QColor(tokens().danger) if broken else None if rounds else QColor(tokens().muted)
        return _bold() if role == Qt.ItemDataRole.FontRole and any(each.pinned for each in rounds) else None

    def _cell(self, officer: str, each: Round) -> str:
        partner = next((other for other in each.officers if other != officer), officer)
        name = self._people.officer(partner) if self._people else partner
        mark = "! " if each.problems else "Δ " if each.id in self.changed else ""
        return f"{mark}{len(each.stops)} · {name}"

    @staticmethod
    def _away(officer: OffenderManager, day: date) -> str:
        absence = officer.away(day)
        return (absence.reason or "Away") if absence else ""

    def _words(self, officer: OffenderManager, day: date, rounds: Sequence[Round]) -> str:
        if not rounds or self._people is None:
            return self._away(officer, day) or "No round"
        lines = []
        for each in rounds:
            visits = counted(len(each.stops), "visit")
            lines.append(f"{self._people.crew(each)}, {visits}, {each.start:%H:%M} to {each.end:%H:%M}")
            lines += ["Changed"] if each.id in self.changed else []
            lines += each.problems
        return ". ".join(lines)


class WeeksTable(QTableView):
    """Emits :attr:`pointed` with the focus that a cell stands for."""

    pointed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._weeks = _Weeks(self)
        self.setModel(self._weeks)
        self.setAccessibleName("Weeks: officers by days")
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 9)
        self.horizontalHeader().setDefaultSectionSize(112)
        self.horizontalHeader().setHighlightSections(True)
        self._quiet = False
        self.selectionModel().currentChanged.connect(lambda now, _before: self._tell(now))

    @property
    def changed(self) -> frozenset[str]:
        """Rounds that come out otherwise in a plan made again; marked with Δ, and in words for screen readers."""
        return self._weeks.changed

    @changed.setter
    def changed(self, rounds: frozenset[str]) -> None:
        self._weeks.changed = rounds

    def show_plan(
        self, plan: Plan | None, officers: Sequence[OffenderManager], days: Sequence[date], people: People | None
    ) -> None:
        self._quiet = True
        self._weeks.show(plan, officers, days, people)
        self._quiet = False

    def point_at(self, focus: Focus) -> None:
        """Put the cursor on the round or the day looked at, without telling."""
        if focus.day is None or focus.day not in self._weeks.days:
            return
        column = list(self._weeks.days).index(focus.day)
        rows = range(len(self._weeks.officers))
        here = self.currentIndex()
        fitting = [row for row in rows if self._is_round(row, column, focus.round_id)]
        row = here.row() if here.row() in fitting or not fitting else fitting[0]
        self._quiet = True
        index = self._weeks.index(max(0, row), column)
        self.setCurrentIndex(index)
        self.scrollTo(index)
        self._quiet = False

    def _is_round(self, row: int, column: int, round_id: str | None) -> bool:
        return round_id is not None and any(each.id == round_id for each in self._weeks.rounds(self._weeks.index(row, column)))

    def _tell(self, index: QModelIndex) -> None:
        if index.isValid() and not self._quiet:
            rounds = self._weeks.rounds(index)
            self.pointed.emit(Focus(self._weeks.days[index.column()], rounds[0].id if rounds else None))


def _bold() -> QFont:
    font = QFont()
    font.setBold(True)
    return font
