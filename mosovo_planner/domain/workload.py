"""Workload: what a case asks of its manager in a year, and what a manager has to give.

Weighted hours, not headcount, scaled by contracted hours less absences (practice rule 19, after HMPPS's
Manage a Workforce); the raw count is shown beside it against the reference of 50.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from mosovo_planner.domain.clocks import Case, add_months, visit_interval
from mosovo_planner.domain.people import Offender, OffenderManager, Risk
from mosovo_planner.domain.policy import Policy
from mosovo_planner.domain.visits import Visit, VisitKind

_YEAR = 365


def visits_per_year(offender: Offender, policy: Policy) -> float:
    """Successful visits due in a year; 0 while visits are suspended."""
    if offender.status.suspends_visits:
        return 0.0
    return 12 / visit_interval(offender, policy)[0]


def case_hours(offender: Offender, policy: Policy) -> float:
    """Hours a year this case asks of its manager, travel not counted.

    Visits with access and write-up, as many visits again as the second officer of a colleague's, and
    casework by risk. While visits are suspended only a share of the casework remains.
    """
    casework = policy.casework_hours(offender.risk)
    if offender.status.suspends_visits:
        return casework * policy.share("workload.suspended_share_percent")
    at_door = (policy.visit_minutes(VisitKind.ROUTINE) + policy.number("visit.minutes.access")) / 60
    leading = at_door + policy.number("visit.minutes.write_up") / 60
    partnering = at_door * policy.share("workload.partner_visits_share_percent")
    return casework + visits_per_year(offender, policy) * (leading + partnering)


def hours_worked(manager: OffenderManager, as_of: date) -> float:
    """Contracted hours in the year from ``as_of``, less planned absences in that year."""
    days = (as_of + timedelta(offset) for offset in range(_YEAR))
    away = sum(manager.away(day) is not None for day in days) if manager.absences else 0
    return manager.weekly_hours * 52 * (1 - away / _YEAR)


def capacity_hours(manager: OffenderManager, policy: Policy, as_of: date) -> float:
    """Hours of the coming year that a manager has for the caseload."""
    return hours_worked(manager, as_of) * policy.share("workload.available_share_percent")


@dataclass(frozen=True, slots=True)
class ManagerWorkload:
    """One manager's line in the workload view; hours are a year's."""

    manager: OffenderManager
    cases: int
    suspended: int
    by_risk: dict[Risk | None, int]
    load_hours: float
    capacity_hours: float
    overdue: int
    worst_overdue_days: int
    visits_due_month: int
    visits_done_month: int
    visits_per_month: float

    @property
    def share(self) -> float:
        """Load over capacity; infinity where there is load and no capacity."""
        if self.capacity_hours > 0:
            return self.load_hours / self.capacity_hours
        return float("inf") if self.load_hours else 0.0


def manager_workload(
    manager: OffenderManager, cases: Iterable[Case], visits: Iterable[Visit], policy: Policy, as_of: date
) -> ManagerWorkload:
    """Count what a manager holds.

    ``visits_due_month`` counts visits due up to a month ahead, overdue ones included;
    ``visits_done_month`` counts successful visits of the past month that the manager led or joined, or
    where no visit is recorded, offenders last seen in that month.
    """
    own = [case for case in cases if case.offender.manager == manager.id]
    month_ago, month_ahead = add_months(as_of, -1), add_months(as_of, 1)
    recorded = {
        visit.ref
        for visit in visits
        if visit.outcome.successful and month_ago < visit.at.date() <= as_of and manager.id in visit.officers
    }
    from_tracker = {
        case.offender.ref for case in own if case.offender.last_seen and month_ago < case.offender.last_seen <= as_of
    }
    overdue = [case.days_overdue for case in own if case.days_overdue]
    return ManagerWorkload(
        manager=manager,
        cases=len(own),
        suspended=sum(case.visit.suspended for case in own),
        by_risk=dict(Counter(case.offender.risk for case in own)),
        load_hours=sum(case_hours(case.offender, policy) for case in own),
        capacity_hours=capacity_hours(manager, policy, as_of),
        overdue=len(overdue),
        worst_overdue_days=max(overdue, default=0),
        visits_due_month=sum(not case.visit.suspended and case.visit.due <= month_ahead for case in own),
        visits_done_month=len(recorded | from_tracker),
        visits_per_month=sum(visits_per_year(case.offender, policy) for case in own) / 12,
    )
