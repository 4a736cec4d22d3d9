"""Performance for leaders: the measures of a month with their year's trend, and the people behind each figure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from mosovo_planner.domain.dip_sample import GradedRecord
from mosovo_planner.domain.errors import UserError
from mosovo_planner.domain.histories import History, histories
from mosovo_planner.domain.measure_ground import Beside
from mosovo_planner.domain.months import Month, month_of
from mosovo_planner.domain.people import Offender, OffenderManager, Position
from mosovo_planner.domain.performance import (
    Course,
    CourseRequest,
    FirstFigures,
    Readings,
    driven_rounds,
    months_to,
    perform_course,
)
from mosovo_planner.domain.policy import Policy
from mosovo_planner.domain.progress import Progress, Reporter, silent
from mosovo_planner.domain.record import Operation
from mosovo_planner.domain.roles import Permission
from mosovo_planner.domain.uncollected import uncollected
from mosovo_planner.office.ground import travel
from mosovo_planner.office.session import Session
from mosovo_planner.planning.worker import run_in_worker
from mosovo_planner.store.parts.rules import default_policy
from mosovo_planner.store.unit import Unit


class NoFigures(UserError):
    """The figures cannot be made as asked; the message says why."""


@dataclass(frozen=True)
class PerformanceView:
    """The figures of a month and its year. ``people`` holds those behind a figure of the month, by reference."""

    course: Course
    managers: tuple[OffenderManager, ...]
    people: Mapping[str, Offender]
    policy: Policy
    graded: tuple[GradedRecord, ...]

    def of(self, team: str = "", manager: str = "") -> Readings:
        """The readings of a team, of a manager, or of the force where neither is named."""
        if manager:
            return self.course.managers[manager]
        return self.course.teams[team] if team else self.course.force


def view_performance(
    session: Session,
    month: Month,
    today: date,
    report: Reporter = silent,
    reason: str = "performance",
    first: Callable[[PerformanceView], None] | None = None,
) -> PerformanceView:
    """Reckon a month's measures and their trend in a worker process. A consultation with the count of everybody.

    ``first`` is given the figures of the month alone as soon as they are there, on the calling thread.

    Raises:
        NoFigures: the month lies ahead.
    """
    if month > month_of(today):
        raise NoFigures(f"{month.first:%B} {month.year} lies ahead of {today:%d %b %Y}. Choose a month that has begun.")
    report(Progress("Reading the records", 0.0))
    with session.unit(Permission.VIEW) as unit:
        request, graded = read_request(unit, month, today), unit.graded()
        unit.record(Operation.CONSULTATION, "performance", count=len(request.histories), reason=reason)

    def view(course: Course) -> PerformanceView:
        behind = course.refs()
        people = {each.offender.ref: each.offender for each in request.histories if each.offender.ref in behind}
        return PerformanceView(course, request.managers, people, request.policy, graded)

    def heard(progress: Progress) -> None:
        nonlocal first
        if isinstance(progress, FirstFigures) and first is not None and progress.course is not None:
            first(view(progress.course))
            first = None
        report(progress)

    return view(run_in_worker(perform_course, request, report=heard))


def read_request(unit: Unit, month: Month, today: date) -> CourseRequest:
    """Everything that the figures of a month and its year stand on."""
    with uncollected():
        caseload, policy = unit.caseload(), unit.policy()
        made = histories(caseload.offenders, unit.visits(), unit.facts())
    since = min((each.created_at.date() for each in unit.users()), default=None)
    beside = Beside(
        rounds=driven_rounds([each.plan for each in unit.plans() if each.approved]),
        legs=_legs(made, caseload.managers, policy, months_to(month)[0].first),
        matches=unit.matches(),
        read_at={each.id: each.at for each in unit.incident_files()},
        now=datetime.now(),  # noqa: DTZ005 - matches are kept in local time
        since=since,
    )
    versions = [(each.at.date(), each.policy) for each in unit.policy_versions()]
    policies = tuple(([(since, default_policy())] if since else []) + versions)
    return CourseRequest(month, today, made, caseload.managers, policy, unit.clock_table(), beside, policies=policies)


def _legs(
    people: Iterable[History], managers: Iterable[OffenderManager], policy: Policy, first: date
) -> dict[tuple[str, str], float]:
    """Minutes by car from the base of a manager to a home and back, by both, for those visited since ``first``.

    Reckoned for whoever held the case on the day of a visit, where both places are known.
    """
    wanted: dict[str, dict[str, Offender]] = {}
    for each in people:
        who = each.offender
        days = [day for visit in each.visits if (day := visit.at.date()) >= first] if who.position is not None else []
        for held_by in {each.manager_on(day) for day in days} if each.changes else {who.manager} if days else ():
            if held_by:
                wanted.setdefault(held_by, {})[who.ref] = who
    times = travel(policy)
    legs: dict[tuple[str, str], float] = {}
    for manager in managers:
        own = wanted.get(manager.id)
        if own and manager.position is not None:  # to his own alone: the whole table of a force has millions of cells
            (there,) = times.minutes([manager.position], [_home(each) for each in own.values()]).tolist()
            legs.update(((manager.id, ref), 2 * minutes) for ref, minutes in zip(own, there, strict=True))
    return legs


def _home(person: Offender) -> Position:
    assert person.position is not None
    return person.position
