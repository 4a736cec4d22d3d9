"""Performance for leaders: the measures of a month with their year's trend, and the people behind each figure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from mosovo_planner.domain.dip_sample import GradedRecord
from mosovo_planner.domain.errors import UserError
from mosovo_planner.domain.histories import histories
from mosovo_planner.domain.measure_ground import Beside
from mosovo_planner.domain.months import Month, month_of
from mosovo_planner.domain.people import Offender, OffenderManager
from mosovo_planner.domain.performance import Course, CourseRequest, Readings, driven_rounds, perform_course
from mosovo_planner.domain.policy import Policy
from mosovo_planner.domain.progress import Progress, Reporter, silent
from mosovo_planner.domain.record import Operation
from mosovo_planner.domain.roles import Permission
from mosovo_planner.office.ground import travel
from mosovo_planner.office.session import Session
from mosovo_planner.planning.worker import run_in_worker
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
    session: Session, month: Month, today: date, report: Reporter = silent, reason: str = "performance"
) -> PerformanceView:
    """Reckon a month's measures and their trend in a worker process. A consultation with the count of everybody.

    Raises:
        NoFigures: the month lies ahead.
    """
    if month > month_of(today):
        raise NoFigures(f"{month.first:%B} {month.year} lies ahead of {today:%d %b %Y}. Choose a month that has begun.")
    report(Progress("Reading the records", 0.0))
    with session.unit(Permission.VIEW) as unit:
        request, graded = _request(unit, month, today), unit.graded()
        unit.record(Operation.CONSULTATION, "performance", count=len(request.histories), reason=reason)
    course = run_in_worker(perform_course, request, report=report)
    behind = course.refs()
    people = {each.offender.ref: each.offender for each in request.histories if each.offender.ref in behind}
    return PerformanceView(course, request.managers, people, request.policy, graded)


def _request(unit: Unit, month: Month, today: date) -> CourseRequest:
    caseload, policy = unit.caseload(), unit.policy()
    beside = Beside(
        rounds=driven_rounds([each.plan for each in unit.plans() if each.approved]),
        legs=_legs(caseload.offenders, caseload.managers, policy),
        matches=unit.matches(),
        read_at={each.id: each.at for each in unit.incident_files()},
        now=datetime.now(),  # noqa: DTZ005 - matches are kept in local time
    )
    made = histories(caseload.offenders, unit.visits(), unit.facts())
    return CourseRequest(month, today, made, caseload.managers, policy, unit.clock_table(), beside)


def _legs(offenders: Iterable[Offender], managers: Iterable[OffenderManager], policy: Policy) -> dict[str, float]:
    """Minutes by car from the base of everybody's manager to his home and back, where both places are known."""
    held: dict[str, list[Offender]] = {}
    for each in offenders:
        if each.manager and each.position is not None:
            held.setdefault(each.manager, []).append(each)
    legs: dict[str, float] = {}
    times = travel(policy)
    for manager in managers:
        own = held.get(manager.id, [])
        if manager.position is None or not own:
            continue
        there = times.minutes([manager.position], [each.position for each in own if each.position is not None])[0]
        legs |= {each.ref: 2 * float(minutes) for each, minutes in zip(own, there, strict=True)}
    return legs
