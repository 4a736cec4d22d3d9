"""The measures of a month side by side; beside the chosen one its definition, its trend, and the people behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QWidget

from mosovo_planner.domain.measures import Measure, Reading
from mosovo_planner.domain.people import Offender, risk_label
from mosovo_planner.domain.performance import detail_text, met_text, month_name, target_text, value_text
from mosovo_planner.office.performance import PerformanceView
from mosovo_planner.ui.chip import Chip
from mosovo_planner.ui.desk import Desk
from mosovo_planner.ui.performance.trend import TrendChart, TrendDelegate, trend_words
from mosovo_planner.ui.table import Column, Table, TablePanel
from mosovo_planner.ui.widgets import clear_layout, column, holder, label

MET_TONES = {True: "good", False: "bad", None: "none"}


@dataclass(frozen=True)
class Line:
    """One measure with its readings of the year, the last one the month's."""

    readings: tuple[Reading, ...]

    @property
    def now(self) -> Reading:
        return self.readings[-1]

    @property
    def measure(self) -> Measure:
        return self.now.measure


class MeasuresTab(QWidget):
    """``offender_wanted`` asks to see somebody behind a figure on the caseload."""

    offender_wanted = Signal(str)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._people: Mapping[str, Offender] = {}
        self._sources: Mapping[str, str] = {}
        self.table: Table[Line] = Table(
            "performance", "Performance", _columns(), lambda each: each.measure.key, settings=desk.settings
        )
        trend = [each.key for each in self.table.table_model.columns].index("trend")
        self.table.setItemDelegateForColumn(trend, TrendDelegate(self.table))
        self.table.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 19)
        self.table.chosen.connect(self._choose)
        self.table.opened.connect(lambda _: self.people.setFocus())
        self.name = label("", role="section", wrap=True)
        self.value = label("", role="figure")
        self.chips = QHBoxLayout()
        self.definition = label("", wrap=True, selectable=True)
        self.target = label("", role="muted", wrap=True, selectable=True)
        self.chart = TrendChart()
        self.people: Table[Offender] = Table(
            "performance-people", "People behind the figure", self._people_columns(), lambda each: each.ref,
            settings=desk.settings,
        )  # fmt: skip
        self.people.opened.connect(lambda each: self.offender_wanted.emit(each.ref))
        self._lay_out()

    def _lay_out(self) -> None:
        self.behind = TablePanel(self.people, hint="Search these people", empty="Nobody is behind this figure.")
        words = column(self.name, self.value, self.chips, self.definition, self.target, self.chart, self.behind, margin=8)
        words.setStretch(6, 1)
        beside = holder(words)
        beside.setMinimumWidth(330)
        self.panel = TablePanel(self.table, hint="Search measures  (Ctrl+F)", empty="The figures are being reckoned…")
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(self.panel)
        split.addWidget(beside)
        split.setChildrenCollapsible(False)
        split.setStretchFactor(0, 3)
        split.setStretchFactor(1, 1)
        split.setHandleWidth(8)
        split.setSizes([800, 380])
        body = column(split, margin=8)
        self.setLayout(body)

    def _people_columns(self) -> tuple[Column[Offender], ...]:
        def tone(each: Offender) -> str:
            return each.risk.value if each.risk else "none"

        return (
            Column("name", "Name", lambda each: each.name, width=18),
            Column("ref", "Reference", lambda each: each.ref, width=12),
            Column("risk", "Risk", lambda each: risk_label(each.risk), width=12, tone=tone,
                   sort=lambda each: each.risk.rank if each.risk else -1),
            Column("manager", "Manager", lambda each: self._desk.manager_label(each.manager), width=16),
            Column("seen", "Last seen", lambda each: each.last_seen, width=12, search=False),
        )  # fmt: skip

    def show_readings(self, view: PerformanceView, readings: Mapping[str, tuple[Reading, ...]]) -> None:
        """The figures of the force, a team or a manager."""
        self._people = view.people
        keys = {row[-1].measure.target for row in readings.values()}
        self._sources = {key: view.policy.source(key) for key in keys if view.policy.is_set(key)}
        self.table.set_rows([Line(row) for row in readings.values() if row])
        if self.table.current is None and self.table.visible_rows:
            self.table.selectRow(0)
        self._choose(self.table.current)

    def _choose(self, chosen: Line | None) -> None:
        clear_layout(self.chips)
        if chosen is None:
            return
        now, measure = chosen.now, chosen.measure
        self.name.setText(f"{measure.label}, {month_name(now.month)}")
        self.value.setText(value_text(measure, now.value))
        self.chips.addWidget(Chip(met_text(now), MET_TONES[now.met], "Target"))
        self.chips.addWidget(label(detail_text(now), wrap=True), 1)
        self.definition.setText(measure.definition)
        source = self._sources.get(measure.target)
        self.target.setText(f"Target: {target_text(now)}. {f'Source: {source}.' if source else 'Set it on the Policy page.'}")
        self.chart.show_trend(chosen.readings)
        self.people.set_rows([self._people[ref] for ref in now.refs if ref in self._people])


def _columns() -> tuple[Column[Line], ...]:
    return (
        Column("measure", "Measure", lambda each: each.measure.label, width=27),
        Column("now", "This month", lambda each: each.now.value, text=lambda each: value_text(each.measure, each.now.value),
               width=11, right=True),
        Column("met", "Target met?", lambda each: met_text(each.now), width=12, tone=lambda each: MET_TONES[each.now.met]),
        Column("target", "Target", lambda each: target_text(each.now), width=14),
        Column("trend", "12 months", lambda each: trend_words(each.readings), width=18, search=False, painted=True,
               tip="Each bar a month, from nought; the dashed line is the target"),
        Column("before", "Month before", lambda each: each.readings[-2].value if len(each.readings) > 1 else None,
               text=lambda each: value_text(each.measure, each.readings[-2].value) if len(each.readings) > 1 else "",
               width=13, right=True),
        Column("detail", "In detail", lambda each: detail_text(each.now), width=30),
        Column("definition", "What it means", lambda each: each.measure.definition, width=90),
    )  # fmt: skip
