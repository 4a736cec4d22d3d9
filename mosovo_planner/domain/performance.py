"""The measures of the force, of each team and of each manager over some months, for leaders (HMICFRS on Wiltshire, 2023)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from mosovo_planner.domain.clock_table import ClockTable
from mosovo_planner.domain.histories import History
from mosovo_planner.domain.measure_ground import Beside, Ground
from mosovo_planner.domain.measures import MEASURES, Measure, Reading, read_ground
from mosovo_planner.domain.months import Month, month_of
from mosovo_planner.domain.outstanding import Item
from mosovo_planner.domain.people import OffenderManager
from mosovo_planner.domain.policy import Policy
from mosovo_planner.domain.progress import Progress, Reporter, silent
from mosovo_planner.domain.proposals import Plan, Round

Readings = Mapping[str, tuple[Reading, ...]]
"""Each measure's readings over the months, oldest first, by the measure's key."""

MONTHS = 12
"""How far a trend goes back: a year, so that each season is in it once."""

NO_RECORD = "before the first visit on record"


@dataclass(frozen=True)
class Course:
    """Readings of the force, of its teams by name and of its managers by id; ``late`` is what was overdue at the end."""

    months: tuple[Month, ...]
    day: date
    force: Readings
    teams: Mapping[str, Readings]
    managers: Mapping[str, Readings]
    late: tuple[Item, ...]

    @property
    def month(self) -> Month:
        return self.months[-1]

    def refs(self) -> frozenset[str]:
        """Everybody behind a figure of the last month."""
        return frozenset(ref for row in self.force.values() for ref in row[-1].refs)


@dataclass(frozen=True)
class CourseRequest:
    """What a course is reckoned from."""

    month: Month
    today: date
    histories: tuple[History, ...]
    managers: tuple[OffenderManager, ...]
    policy: Policy
    table: ClockTable
    beside: Beside = field(default_factory=Beside)
    months: int = MONTHS


def months_to(last: Month, count: int = MONTHS) -> tuple[Month, ...]:
    """``count`` months, the last one given."""
    return tuple(last.later(back) for back in range(1 - count, 1))


def perform_course(request: CourseRequest, report: Reporter = silent) -> Course:
    """Every measure for everybody, month by month. A month that ended before records began has no figures."""
    months = months_to(request.month, request.months)
    since = min((visit.at.date() for each in request.histories for visit in each.visits), default=None)
    teams = sorted({each.team for each in request.managers if each.team})
    force: list[tuple[Reading, ...]] = []
    by_team: dict[str, list[tuple[Reading, ...]]] = {team: [] for team in teams}
    by_manager: dict[str, list[tuple[Reading, ...]]] = {each.id: [] for each in request.managers}
    late: tuple[Item, ...] = ()
    for place, month in enumerate(months):
        report(Progress(f"Reckoning {month.first:%B} {month.year}", place / len(months)))
        day = min(month.last, request.today)
        ground = Ground(month, day, request.histories, request.managers, request.policy, request.table, request.beside)
        known = month == month_of(request.today) or (since is not None and since <= month.last)
        force.append(_read(ground, known=known))
        for team, rows in by_team.items():
            rows.append(_read(ground.part(each for each in request.managers if each.team == team), known=known))
        for manager in request.managers:
            by_manager[manager.id].append(_read(ground.part([manager]), known=known))
        late = ground.late if known else ()
    return Course(
        months,
        min(request.month.last, request.today),
        _by_measure(force),
        {team: _by_measure(rows) for team, rows in by_team.items()},
        {name: _by_measure(rows) for name, rows in by_manager.items()},
        late,
    )


def _read(ground: Ground, *, known: bool) -> tuple[Reading, ...]:
    if known:
        return read_ground(ground)
    maybe = ground.policy.maybe
    return tuple(Reading(each, ground.month, None, None, (), NO_RECORD, maybe(each.target)) for each in MEASURES)


def _by_measure(rows: Sequence[tuple[Reading, ...]]) -> dict[str, tuple[Reading, ...]]:
    """Only the last month keeps the people behind it: nobody opens those of a trend."""
    last = len(rows) - 1
    return {
        measure.key: tuple(row[place] if at == last else replace(row[place], refs=()) for at, row in enumerate(rows))
        for place, measure in enumerate(MEASURES)
    }


def driven_rounds(plans: Sequence[Plan]) -> tuple[Round, ...]:
    """The rounds that counted: for each day those of the newest approved plan, the plans given newest first."""
    taken: set[date] = set()
    rounds: list[Round] = []
    for plan in plans:
        own = [each for each in plan.rounds if each.date not in taken]
        rounds += own
        taken |= {date.fromordinal(day) for day in range(plan.start.toordinal(), plan.end.toordinal() + 1)}
    return tuple(sorted(rounds, key=lambda each: (each.date, each.id)))


def month_name(month: Month) -> str:
    """``November 2026``."""
    return f"{month.first:%B} {month.year}"


def value_text(measure: Measure, value: float | None) -> str:
    """A figure as it is shown: whole where it counts people or minutes, one place where it is an average."""
    if value is None:
        return "no figure"
    number = f"{value:,.0f}" if value == round(value) or measure.unit == "min" else f"{value:,.1f}"
    return f"{number}\N{NO-BREAK SPACE}{measure.unit}" if measure.unit else number


def detail_text(reading: Reading) -> str:
    """What the value is a part of, and what else is to be known of it."""
    of = f"of {reading.of:,}" if reading.of is not None and reading.measure.unit in ("%", "") else ""
    return "; ".join(part for part in (of, reading.words) if part)


def target_text(reading: Reading) -> str:
    """``at most 0 %``; ``not set`` where the force set no target."""
    if reading.target is None:
        return "not set"
    side = "at most" if reading.measure.lower else "at least"
    return f"{side} {value_text(reading.measure, reading.target)}"


def met_text(reading: Reading) -> str:
    """Whether the target is met, in words, for printers and readers without colour."""
    return {True: "Met", False: "NOT MET", None: "not judged"}[reading.met]
