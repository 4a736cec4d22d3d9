"""The measures of the force, of each team and of each manager over some months, for leaders (HMICFRS on Wiltshire, 2023)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from mosovo_planner.domain.clock_table import ClockTable
from mosovo_planner.domain.histories import History, Policies
from mosovo_planner.domain.measure_ground import Beside, Ground
from mosovo_planner.domain.measures import MEASURES, Measure, Reading, read_ground
from mosovo_planner.domain.months import Month, month_of
from mosovo_planner.domain.outstanding import Item
from mosovo_planner.domain.past import Past
from mosovo_planner.domain.people import OffenderManager
from mosovo_planner.domain.policy import Policy
from mosovo_planner.domain.progress import Progress, Reporter, silent
from mosovo_planner.domain.proposals import Plan, Round
from mosovo_planner.domain.uncollected import uncollected

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
    """What a course is reckoned from. ``policies`` are those of earlier days, each with its day, oldest first."""

    month: Month
    today: date
    histories: tuple[History, ...]
    managers: tuple[OffenderManager, ...]
    policy: Policy
    table: ClockTable
    beside: Beside = field(default_factory=Beside)
    months: int = MONTHS
    policies: tuple[tuple[date, Policy], ...] = ()


def months_to(last: Month, count: int = MONTHS) -> tuple[Month, ...]:
    """``count`` months, the last one given."""
    return tuple(last.later(back) for back in range(1 - count, 1))


@dataclass(frozen=True, slots=True)
class FirstFigures(Progress):
    """The figures of the month asked for, while those of the months before are still reckoned."""

    course: Course | None = None


def perform_course(request: CourseRequest, report: Reporter = silent) -> Course:
    """Every measure for everybody, the month asked for first (:class:`FirstFigures`), then back month by month.

    A month that ended before records began has no figures.
    """
    with uncollected():
        return _course(request, report)


def _course(request: CourseRequest, report: Reporter) -> Course:
    months = months_to(request.month, request.months)
    past = Past(request.histories, Policies(request.policy, request.policies), request.table)
    since = min((visit.at.date() for each in request.histories for visit in each.visits), default=None)
    course = Course((), min(request.month.last, request.today), {}, {}, {}, ())
    for done, month in enumerate(reversed(months)):
        words, share = f"Reckoning {month.first:%B} {month.year}", done / len(months)
        report(FirstFigures(words, share, course=course) if done == 1 else Progress(words, share))
        known = month == month_of(request.today) or (since is not None and since <= month.last)
        course = _with_month(course, month, _ground(request, month, past), known=known)
    return course


def _ground(request: CourseRequest, month: Month, past: Past) -> Ground:
    day = min(month.last, request.today)
    return Ground(month, day, request.histories, request.managers, request.policy, request.table, request.beside, past=past)


def _with_month(course: Course, month: Month, ground: Ground, *, known: bool) -> Course:
    """The course with one month more before those it has."""
    by_team: dict[str, list[OffenderManager]] = {}
    for each in ground.managers:
        by_team.setdefault(each.team, []).append(each)
    teams = {team: _read(ground.part(by_team[team]), known=known) for team in sorted(by_team) if team}
    managers = {each.id: _read(ground.part([each]), known=known) for each in ground.managers}
    newest = not course.months
    return replace(
        course,
        months=(month, *course.months),
        force=_before(course.force, _read(ground, known=known), newest),
        teams={team: _before(course.teams.get(team, {}), rows, newest) for team, rows in teams.items()},
        managers={name: _before(course.managers.get(name, {}), rows, newest) for name, rows in managers.items()},
        late=(ground.late if known else ()) if newest else course.late,
    )


def _read(ground: Ground, *, known: bool) -> tuple[Reading, ...]:
    if known:
        return read_ground(ground)
    maybe = ground.policy.maybe
    return tuple(Reading(each, ground.month, None, None, (), NO_RECORD, maybe(each.target)) for each in MEASURES)


def _before(later: Readings, row: Sequence[Reading], newest: bool) -> Readings:
    """The readings with those of the month before. Only the newest keeps the people: nobody opens those of a trend."""
    own = row if newest else [replace(each, refs=()) for each in row]
    return {each.measure.key: (each, *later.get(each.measure.key, ())) for each in own}


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
    if measure.unit == "%":
        return f"{number}%"
    return f"{number}\N{NO-BREAK SPACE}{measure.unit}" if measure.unit else number


def detail_text(reading: Reading) -> str:
    """What the value is a part of, and what else is to be known of it."""
    of = f"of {reading.of:,}" if reading.of is not None and reading.measure.unit in ("%", "") else ""
    return "; ".join(part for part in (of, reading.words) if part)


def target_text(reading: Reading) -> str:
    """``at most 0%``; ``not set`` where the force set no target."""
    if reading.target is None:
        return "not set"
    side = "at most" if reading.measure.lower else "at least"
    return f"{side} {value_text(reading.measure, reading.target)}"


def met_text(reading: Reading) -> str:
    """Whether the target is met, in words, for printers and readers without colour."""
    return {True: "Met", False: "Not met", None: "Not judged"}[reading.met]
