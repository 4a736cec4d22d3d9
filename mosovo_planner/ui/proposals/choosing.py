"""Choosing one from a list that can be searched: a manager, an offender, a round."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Generic

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from mosovo_planner.ui.proposals.dialog import Question
from mosovo_planner.ui.table import Column, Table, TablePanel
from mosovo_planner.ui.table.columns import Row
from mosovo_planner.ui.widgets import column, label


class ChoiceDialog(Question, Generic[Row]):
    """Shows ``rows`` and calls ``take`` with the one chosen. Type to search, Return chooses."""

    def __init__(
        self,
        title: str,
        question: str,
        columns: Sequence[Column[Row]],
        rows: Sequence[Row],
        identify: Callable[[Row], str],
        take: Callable[[Row], object],
        *,
        verb: str = "&Choose",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(title, verb, parent)
        self.resize(640, 460)
        self._give = take
        self.table: Table[Row] = Table("choice", title, columns, identify)
        self.table.setSelectionMode(Table.SelectionMode.SingleSelection)
        self.table.sortByColumn(-1, Qt.SortOrder.AscendingOrder)  # in the order given, the best first
        self.panel = TablePanel(self.table, hint="Type to search", empty="There is nothing to choose from.")
        self.panel.search.returnPressed.connect(self.take)
        self.table.opened.connect(lambda _row: self.take())
        self.table.chosen.connect(self._judge)
        self.table.set_rows(rows)
        self.table.selectRow(0)
        self.setLayout(column(label(question, wrap=True), self.panel, self.buttons, margin=16))
        self.panel.search.setFocus()

    def _judge(self, row: Any) -> None:
        self.agree.setEnabled(row is not None)

    def take(self) -> None:
        self.panel.apply_search()
        row = self.table.current
        if row is None and self.table.visible_rows:
            row = self.table.visible_rows[0]  # what was typed left the row under the cursor out: the best that fits
        if row is not None:
            self.accept()
            self._give(row)
