"""The monthly performance report: each figure with its target, its trend and what it means (HMICFRS on Wiltshire, 2023).

The force first, then the teams side by side, what is overdue by risk and age, the dip sample, and each team on a
page of its own. Nobody is named: the people behind a figure are opened in the window.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from mosovo_planner.domain.clocks import in_words, overdue_bands
from mosovo_planner.domain.dip_sample import Grade
from mosovo_planner.domain.measures import Reading, overdue_table
from mosovo_planner.domain.months import Month
from mosovo_planner.domain.outstanding import Item
from mosovo_planner.domain.people import Risk, risk_label
from mosovo_planner.domain.performance import Readings, detail_text, met_text, month_name, target_text, value_text
from mosovo_planner.domain.policy import Policy
from mosovo_planner.reports.paper import LEAST_TEXT, Cell, Column, Marking, Paper, Passage, Sheet, Table, Trend

_TEAMS_ABREAST = 6
_LEVELS: tuple[Risk | None, ...] = (*reversed(Risk), None)
_MEASURES = (
    Column("Measure", 18, strong=True),
    Column("This month", 12, strong=True),
    Column("In detail", 33),
    Column("Month before", 10),
    Column("Target", 16),
    Column("Met?", 10),
    Column("Trend", 24),
    Column("What the figure means", 61),
)
_HEADERS = (
    "Team",
    "Measure",
    "Month",
    "Value",
    "Unit",
    "Out of",
    "Target",
    "Met",
    "Better is",
    "Remark",
    "What the figure means",
)
_MADE = (
    "Every figure is worked out from the visits, assessments, plans and dates on record at the moment of printing; "
    "nothing is typed in by hand. What is entered late changes the figures of the month it belongs to.",
    "A month not yet over is counted up to the day printed above. Offenders are counted in the team of their present manager.",
    "Only a successful visit counts as seen. Visits that fall in custody, hospital or time abroad are not due.",
    "Targets are the force's own, from its policy. Where it set none, the paper says so and judges nothing.",
    "In the small charts each bar is a month, the black one is the month of this report, and the dashed line is the "
    "target. Each chart has its own scale, which begins at nought.",
)


@dataclass(frozen=True)
class Performance:
    """All that the report is made of.

    ``force`` and each of ``teams`` hold readings of the same months, the last of which is ``month``; ``late`` is
    what was overdue at its end (``Ground.late``); ``grades`` come from ``dip_sample.grade_trend``.
    """

    month: Month
    day: date
    force: Readings
    policy: Policy
    teams: Mapping[str, Readings] = field(default_factory=dict)
    late: Sequence[Item] = ()
    grades: Mapping[Month, Mapping[Grade, int]] = field(default_factory=dict)


def performance_paper(figures: Performance, marking: Marking) -> Paper:
    """The report of one month."""
    judged = [row[-1].met for row in figures.force.values() if row]
    until = "" if figures.day >= figures.month.last else f", counted up to {in_words(figures.day)}"
    teams = sorted(figures.teams)
    return Paper(
        kind="performance",
        title="Monthly performance",
        subtitle=f"{month_name(figures.month)}{until}",
        facts=(
            ("Targets met", f"{judged.count(True)} of {len(judged) - judged.count(None)}"),
            ("Without target or figure", str(judged.count(None))),
        ),
        parts=(
            _measures("The force" if teams else "Measures", figures.force),
            *_abreast(figures, teams),
            _overdue(figures),
            _grades(figures.grades),
            *(_measures(team, figures.teams[team], new_page=True) for team in teams),
            Passage("How these figures are made", _MADE, points=True),
        ),
        sheet=performance_table(figures),
        marking=marking,
        text_size=LEAST_TEXT,
    )


def performance_table(figures: Performance) -> Sheet:
    """Every reading of every month, force and teams, one a row, with numbers as numbers."""
    whole: list[tuple[str, Readings]] = [("The force", figures.force), *sorted(figures.teams.items())]
    rows = [_sheet_row(team, reading) for team, readings in whole for row in readings.values() for reading in row]
    return Sheet(_HEADERS, tuple(rows))


def _sheet_row(team: str, reading: Reading) -> tuple[object, ...]:
    measure = reading.measure
    met = {True: "Yes", False: "No", None: ""}[reading.met]
    value = None if reading.value is None else round(reading.value, 2)
    better = "lower" if measure.lower else "higher"
    month = reading.month.first
    texts = (met, better, reading.words, measure.definition)
    return (team, measure.label, month, value, measure.unit, reading.of, reading.target, *texts)


def _measures(heading: str, readings: Readings, *, new_page: bool = False) -> Table:
    rows = tuple(_measure_row(row) for row in readings.values() if row)
    return Table(heading, _MEASURES, rows, empty="No figures for this month.", new_page=new_page)


def _measure_row(row: Sequence[Reading]) -> tuple[Cell, ...]:
    now, measure = row[-1], row[-1].measure
    before = value_text(measure, row[-2].value) if len(row) > 1 else "none"
    trend = Trend(tuple(each.value for each in row), tuple(f"{each.month.first:%b}"[0] for each in row), now.target)
    value = value_text(measure, now.value)
    return (measure.label, value, detail_text(now), before, target_text(now), met_text(now), trend, measure.definition)


def _abreast(figures: Performance, teams: Sequence[str]) -> list[Table]:
    """The teams side by side for the month, some to a table."""
    tables = []
    for start in range(0, len(teams), _TEAMS_ABREAST):
        chosen = teams[start : start + _TEAMS_ABREAST]
        columns = (Column("Measure", 20, strong=True), Column("The force", 13), *(Column(team, 13) for team in chosen))
        rows = []
        for key, row in figures.force.items():
            every = [row, *(figures.teams[team].get(key, ()) for team in chosen)]
            rows.append((row[-1].measure.label, *(_short(each[-1] if each else None) for each in every)))
        heading = "Teams side by side" if start == 0 else "Teams side by side, continued"
        tables.append(Table(heading, columns, tuple(rows)))
    return tables


def _short(reading: Reading | None) -> str:
    if reading is None:
        return "no figure"
    missed = " (not met)" if reading.met is False else ""
    return f"{value_text(reading.measure, reading.value)}{missed}"


def _overdue(figures: Performance) -> Table:
    bands = overdue_bands(figures.policy.numbers("overdue.band_days"))
    counted = overdue_table(figures.late)
    rows = []
    for level in _LEVELS:
        row = counted.get(level.value if level else "unassessed", {})
        rows.append(
            (risk_label(level), *(str(row.get(band, 0)) for band in bands), str(sum(row.values())), _worst(figures, level))
        )
    sums = [str(sum(row.get(band, 0) for row in counted.values())) for band in bands]
    visits = [item for item in figures.late if item.clock.kind == "visit"]
    rows.append(("All", *sums, str(len(visits)), str(max((item.days_overdue for item in visits), default=0))))
    columns = (
        Column("Risk", 16, strong=True),
        *(Column(band, 11, right=True) for band in bands),
        Column("All", 9, right=True, strong=True),
        Column("Worst case, days", 12, right=True),
    )
    return Table("Visits overdue, by risk and age", columns, tuple(rows), summed=True)


def _worst(figures: Performance, level: Risk | None) -> str:
    days = [item.days_overdue for item in figures.late if item.clock.kind == "visit" and item.risk is level]
    return str(max(days, default=0))


def _grades(grades: Mapping[Month, Mapping[Grade, int]]) -> Table:
    columns = (
        Column("Month", 16, strong=True),
        *(Column(grade.label, 14, right=True) for grade in Grade),
        Column("Graded", 10, right=True, strong=True),
        Column("Share good", 12, right=True, strong=True),
    )
    rows = []
    for month, counted in sorted(grades.items(), reverse=True):
        every = sum(counted.values())
        share = f"{100 * counted.get(Grade.GOOD, 0) / every:.0f}%" if every else "none"
        rows.append((month_name(month), *(str(counted.get(grade, 0)) for grade in Grade), str(every), share))
    note = "Records drawn at random from each manager's, with a stored seed, and graded by a supervisor; the latest month first."
    return Table("Dip sample", columns, tuple(rows), note=note if rows else "", empty="No record has been graded yet.")
