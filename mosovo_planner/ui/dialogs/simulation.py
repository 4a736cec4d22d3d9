"""A year played with the force's own caseload: ways of working side by side, and how many officers a force needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QDialog, QDoubleSpinBox, QFileDialog, QHBoxLayout, QSpinBox, QTabWidget, QWidget

from mosovo_planner.domain.people import Risk
from mosovo_planner.domain.roles import Permission
from mosovo_planner.office.simulation import MOST_RUNS, simulate_workspace
from mosovo_planner.office.tables import export_table
from mosovo_planner.ui.desk import Desk
from mosovo_planner.ui.errors import show_error, words_for
from mosovo_planner.ui.proposals.running import RunBar
from mosovo_planner.ui.table import Column, Table
from mosovo_planner.ui.widgets import airy, button, column, label, row

WAYS = (
    ("by_demand", "As today, by demand", "Present managers, the nearest due date first, one visit a trip"),
    (
        "by_location_greedy",
        "By location, nearest next",
        "Managers by location, fixed pairs, the most overdue and then whoever is nearest",
    ),
    ("planner", "This planner", "Managers by location, crews and rounds chosen together each week"),
)
Summary = Mapping[str, Any]


@dataclass(frozen=True)
class Figure:
    """One line of the comparison: what is counted, in words, and how it is told."""

    key: str
    title: str
    meaning: str
    tell: Callable[[Summary], str]


def _share(key: str) -> Callable[[Summary], str]:
    return lambda said: _with_spread(said, key, lambda value: f"{value:.1%}")


def _number(key: str, unit: str = "", places: int = 0) -> Callable[[Summary], str]:
    return lambda said: _with_spread(said, key, lambda value: f"{value:,.{places}f}{unit}")


def _with_spread(said: Summary, key: str, tell: Callable[[float], str]) -> str:
    """A figure, and the least and the most of several years of chance."""
    if said.get(key) is None:
        return "–"
    spread = said["spread"].get(key)
    return tell(said[key]) + (f"  ({tell(spread['least'])} to {tell(spread['most'])})" if spread else "")


def _in_time(risk: Risk) -> Callable[[Summary], str]:
    def tell(said: Summary) -> str:
        value = said["in_time_by_risk"].get(risk.value)
        return "–" if value is None else f"{value:.1%}"

    return tell


def _left(said: Summary) -> str:
    late: Mapping[str, int] = said["overdue_at_end_by_risk"]
    return f"{sum(late.values()):,} ({late.get('high', 0) + late.get('very_high', 0):,} high or very high)"


FIGURES = (
    Figure(
        "in_time", "Visits made in time", "Of the visits that had to be made by a day of the year", _share("done_in_time_share")
    ),
    Figure(
        "settled",
        "… after the backlog is worked off",
        "The same, of what falls due after the first weeks",
        _share("settled_in_time_share"),
    ),
    *(
        Figure(risk.value, f"… {risk.label.lower()} risk", "The same, of this risk level", _in_time(risk))
        for risk in reversed(Risk)
    ),
    Figure(
        "worst", "Worst case", "Most days that anybody was overdue at the end of a week", _number("worst_days_overdue", " days")
    ),
    Figure("left", "Overdue at the end", "People overdue on the last day", _left),
    Figure(
        "tried",
        "Late although tried",
        "Share of late visits that were tried in time behind shut doors",
        _share("late_though_tried_share"),
    ),
    Figure("done", "Visits made", "Doors at which he was seen", _number("visits_done")),
    Figure("hours", "Officer hours", "Both officers' hours out, a year", _number("officer_hours", " h")),
    Figure(
        "drive",
        "Driving for each visit",
        "Minutes of driving by the number of visits tried",
        _number("drive_minutes_per_visit", " min", 1),
    ),
    Figure(
        "crew", "Visits a crew day", "Visits tried for each day that two officers are out", _number("visits_per_crew_day", "", 1)
    ),
    Figure(
        "guess",
        "Slot guessed by habit",
        "How often one who knows all his own visits guesses weekday and half-day of the next",
        _share("slot_guess_rate"),
    ),
    Figure(
        "blind",
        "Slot guessed blindly",
        "The same by blind chance; the figure above should not be much more",
        _share("blind_guess_rate"),
    ),
)


@dataclass(frozen=True)
class Stated:
    """One assumption with its value and what it rests on."""

    key: str
    value: str
    source: str


POINTS: tuple[Column[Mapping[str, Any]], ...] = (
    Column("officers", "Officers", lambda point: point["officers"], width=9, right=True),
    Column(
        "settled",
        "In time",
        lambda point: point["settled_in_time_share"],
        right=True,
        text=lambda point: f"{point['settled_in_time_share']:.1%}",
        tip="Of what falls due after the first weeks",
    ),
    Column(
        "worst",
        "Worst, days",
        lambda point: point["worst_days_overdue"],
        right=True,
        text=lambda point: f"{point['worst_days_overdue']:,.0f}",
    ),
    Column(
        "hours",
        "Officer hours",
        lambda point: point["officer_hours"],
        width=14,
        right=True,
        text=lambda point: f"{point['officer_hours']:,.0f}",
    ),
    Column("bases", "Where", lambda point: ", ".join(f"{base} {count}" for base, count in point["by_base"].items()), width=60),
)
ASSUMED: tuple[Column[Stated], ...] = (
    Column("key", "Assumption", lambda each: each.key, width=30),
    Column("value", "Value", lambda each: each.value, width=14, right=True),
    Column("source", "What it rests on", lambda each: each.source, width=90),
)


class SimulationDialog(QDialog):
    """Asks, plays in worker processes, and shows what came of it. Nothing is stored and nobody is named."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.answer: dict[str, Any] = {}
        self.setWindowTitle("Play a year")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(1280, 660)
        self.run = RunBar("&Play", "Play the weeks under each way of working", self.play)
        self.run.ended.connect(self._enable)
        self.error = label("", role="error", wrap=True)
        self.summary = label(
            "Press Play. A year of some 900 people takes several minutes; the window can be used meanwhile.",
            wrap=True,
            selectable=True,
        )
        self.comparison: Table[Figure] = Table("year", "Ways of working", self._columns(), lambda each: each.key)
        self.comparison.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
        self.curve: Table[Mapping[str, Any]] = Table(
            "year-officers", "Strengths tried", POINTS, lambda point: str(point["officers"])
        )
        self.assumed: Table[Stated] = Table("year-assumed", "Assumptions", ASSUMED, lambda each: each.key)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.addTab(self.comparison, "&Ways of working")
        self.tabs.addTab(self.curve, "&Officers needed")
        self.tabs.addTab(self.assumed, "&Assumptions")
        self.save_button = button("&Save…", self.save, tip="The figures and their assumptions as a workbook or table")
        note = label(
            "The same chance meets every way of working. It is a model: it rests on the assumptions listed, and compares ways "
            "rather than foretells a year. Nothing is stored.",
            role="muted",
            wrap=True,
        )
        close = button("&Close", self.reject)
        body = column(
            self._fields(), self.run, self.error, self.summary, self.tabs, note, row(None, self.save_button, close), margin=16
        )
        body.setStretch(4, 1)
        self.setLayout(body)
        self.error.hide()
        self._enable()

    def _fields(self) -> QHBoxLayout:
        self.weeks, self.years = airy(QSpinBox()), airy(QSpinBox())
        self.weeks.setRange(1, 260)
        self.weeks.setValue(52)
        self.weeks.setSuffix(" weeks")
        self.years.setRange(1, MOST_RUNS)
        self.years.setToolTip("Several give every figure a spread, and take as many times as long")
        self.seek = QCheckBox("Also find how many &officers make")
        self.target = airy(QDoubleSpinBox())
        self.target.setRange(50, 99.9)
        self.target.setDecimals(1)
        self.target.setValue(98)
        self.target.setSuffix("% in time")
        self.target.setAccessibleName("Share in time that is wanted")
        self.target.setEnabled(False)
        self.seek.toggled.connect(self.target.setEnabled)
        return row(
            label("&How long", buddy=self.weeks),
            self.weeks,
            label("&Years of chance", buddy=self.years),
            self.years,
            self.seek,
            self.target,
            None,
            space=12,
        )

    def _columns(self) -> tuple[Column[Figure], ...]:
        def told(name: str) -> Callable[[Figure], str]:
            return lambda figure: figure.tell(self._summaries[name]) if name in self._summaries else ""

        ways = (Column(key, title, told(key), width=21, right=True, tip=tip) for key, title, tip in WAYS)
        return (
            Column("title", "Figure", lambda figure: figure.title, width=31),
            *ways,
            Column("meaning", "What it counts", lambda figure: figure.meaning, width=48),
        )

    @property
    def _summaries(self) -> dict[str, Summary]:
        return summaries_in(self.answer)

    def play(self) -> None:
        session, weeks, runs = self._desk.session, self.weeks.value(), self.years.value()
        target = self.target.value() / 100 if self.seek.isChecked() else None
        self.error.hide()
        task = self._desk.tasks.run(
            "Playing a year",
            lambda report: simulate_workspace(session, None, weeks, 1, report, runs=runs, target=target),
            done=self._take,
            failed=self._failed,
            cancelled=lambda: self.summary.setText("Stopped; nothing is kept of it."),
            owner=self,
        )
        self.run.watch(task)
        self._enable()

    def _take(self, answer: dict[str, Any]) -> None:
        self.answer = answer
        strength = answer.get("strength")
        self.comparison.set_rows(FIGURES)
        self.curve.set_rows(strength["curve"] if strength else [])
        self.tabs.setTabVisible(1, bool(strength))
        self.assumed.set_rows(assumptions_in(answer))
        words = [f"{title}: {_share('done_in_time_share')(self._summaries[key])} in time" for key, title, _ in WAYS]
        self.summary.setText("; ".join(words) + "." + (f" {strength['why']}" if strength else ""))
        self._enable()

    def _failed(self, error: BaseException) -> None:
        words = words_for(error)
        if words is None:
            show_error(self, error, "The year was not played")
            return
        self.error.setText(words)
        self.error.show()

    def _enable(self) -> None:
        self.save_button.setEnabled(bool(self.answer) and not self.run.running and self._desk.session.may(Permission.PRINT))
        if not self.answer:
            self.tabs.setTabVisible(1, False)

    def save(self) -> None:
        """Write the comparison, the strengths tried and the assumptions as one table."""
        name, _ = QFileDialog.getSaveFileName(self, "Save the figures", "year.xlsx", "Workbook (*.xlsx);;Table (*.csv)")
        if not name:
            return
        path, session = Path(name), self._desk.session
        headers, rows = as_table(self.answer)
        self._desk.tasks.run(
            "Saving the figures",
            lambda _report: export_table(session, path, "A year played", headers, rows, ()),
            done=lambda _: self.summary.setText("Saved."),
            failed=self._failed,
            owner=self,
        )

    def reject(self) -> None:
        """Closing stops what is still being played, and is done when that has ended."""
        self.run.close_after(super().reject)


def _in_words(key: str) -> str:
    part, _, name = key.partition(".")
    return f"{part.capitalize()}: {name.replace('_percent', ', %').replace('_', ' ')}"


def _listed(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def summaries_in(answer: Mapping[str, Any]) -> dict[str, Summary]:
    """The figures of each way of working, with their spread where several years were played."""
    return {each["name"]: {**each["summary"], "spread": each.get("spread", {})} for each in answer.get("scenarios", ())}


def assumptions_in(answer: Mapping[str, Any]) -> list[Stated]:
    """Every assumption of an answer with its source."""
    told = answer["assumptions"]
    stated = [Stated(_in_words(key), _listed(each["value"]), each["source"]) for key, each in told["table"].items()]
    return [*stated, Stated("Driving times", "", told["travel"])]


def as_table(answer: Mapping[str, Any]) -> tuple[list[str], list[list[object]]]:
    """Headers and rows of everything shown, for a spreadsheet."""
    summaries = summaries_in(answer)
    rows: list[list[object]] = [[each.title, *(each.tell(summaries[key]) for key, *_ in WAYS), each.meaning] for each in FIGURES]
    for point in answer.get("strength", {}).get("curve", ()):
        rows.append(
            [
                f"With {point['officers']} officers",
                "",
                "",
                f"{point['settled_in_time_share']:.1%}",
                "In time after the first weeks",
            ]
        )
    rows += [[f"Assumption: {each.key}", "", "", each.value, each.source] for each in assumptions_in(answer)]
    return ["Figure", *(title for _, title, _ in WAYS), "What it counts or rests on"], rows
