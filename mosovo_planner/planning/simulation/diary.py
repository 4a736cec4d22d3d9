"""A week as a team without a planner sees it: what is due, who is there, and how many minutes each has left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from mosovo_planner.domain.clocks import Case, visit_interval
from mosovo_planner.domain.people import OffenderManager
from mosovo_planner.domain.visits import Visit, VisitKind, crew_demands
from mosovo_planner.planning.simulation.force import SimulationRequest
from mosovo_planner.planning.weeks.request import MONTH_DAYS
from mosovo_planner.planning.weeks.rules import Rules, rules_of

HABIT = (2, 4, 3, 1, 5, 6, 7)
"""The visiting days of a team without a planner: always Tuesday and Thursday where it can."""
_PARTNERS_ASKED = 6


@dataclass(frozen=True)
class Week:
    """What every way of working is told on Monday. ``due`` holds the day by which each must be seen."""

    request: SimulationRequest
    number: int
    staff: Sequence[OffenderManager]
    cases: Sequence[Case]
    due: Mapping[str, date]
    history: Sequence[Visit]

    @property
    def monday(self) -> date:
        return self.request.monday(self.number)

    def waiting(self) -> list[Case]:
        """Visits overdue, due, or near enough to be drawn forward as the policy allows; the nearest due first.

        The planner may draw forward by as much, so no way of working has the start of another.
        """
        sunday = self.monday + timedelta(days=6)
        policy = self.request.policy
        ahead = policy.whole("plan.due_ahead_days")
        found = []
        for case in self.cases:
            interval = round(visit_interval(case.offender, policy)[0] * MONTH_DAYS)
            latest = sunday + timedelta(days=min(ahead, interval // 3))
            if not case.visit.suspended and case.offender.position and self.due[case.offender.ref] <= latest:
                found.append(case)
        return sorted(found, key=lambda case: (self.due[case.offender.ref], case.offender.ref))

    def drive(self, officer: OffenderManager, case: Case) -> float:
        """Minutes from the officer's base to the offender."""
        assert officer.position is not None
        assert case.offender.position is not None
        return float(self.request.travel.minutes([officer.position], [case.offender.position])[0, 0])

    def at_door(self, case: Case) -> float:
        """Minutes that a visit takes besides driving: access, the visit, notes."""
        policy = self.request.policy
        kind = VisitKind.INITIAL if case.offender.last_seen is None else VisitKind.ROUTINE
        return policy.visit_minutes(kind) + policy.number("visit.minutes.access") + policy.number("duty.desk_minutes_per_visit")


class Diary:
    """Who has how many minutes left on which visiting day. Visiting days and hours are those the planner has too."""

    def __init__(self, week: Week) -> None:
        self.week = week
        self.rules: Rules = rules_of(week.request.policy)
        self.officers = {each.id: each for each in week.staff}
        days = [day for offset in range(7) if self.rules.works(day := week.monday + timedelta(days=offset))]
        self.used: dict[tuple[str, date], float] = {}
        for each in week.staff:
            there = sorted((day for day in days if not each.away(day)), key=lambda day: HABIT.index(day.isoweekday()))
            self.used |= {(each.id, day): 0.0 for day in sorted(there[: self.rules.days_a_week(each)])}

    @cached_property
    def out(self) -> list[OffenderManager]:
        """Officers with at least one visiting day this week."""
        present = {officer for officer, _ in self.used}
        return [each for each in self.week.staff if each.id in present]

    def length(self, officer: OffenderManager) -> float:
        """Minutes of a visiting day outside the meal break."""
        return float(self.rules.duty_minutes(officer) - self.rules.break_minutes)

    def common_days(self, first: OffenderManager, second: OffenderManager) -> list[date]:
        return [day for officer, day in self.used if officer == first.id and (second.id, day) in self.used]

    def partners(self, lead: OffenderManager, case: Case) -> list[OffenderManager]:
        """Colleagues who may go along, those of the same base first, then who has most time left."""
        demands = crew_demands(case.offender.markers, self.officers.values())
        fit = [
            each
            for each in self.out
            if each.id != lead.id and (each.trained or lead.trained) and demands.objection((lead, each)) is None
        ]
        spent = {each.id: sum(minutes for (officer, _), minutes in self.used.items() if officer == each.id) for each in fit}
        return sorted(fit, key=lambda each: (each.base != lead.base, spent[each.id], each.id))[:_PARTNERS_ASKED]

    def book(self, crew: tuple[OffenderManager, OffenderManager], minutes: float) -> tuple[date, float] | None:
        """Take time on the first day both still have it; the day and the minute it begins, None where there is none."""
        first, second = crew
        for day in self.common_days(first, second):
            begin = max(self.used[first.id, day], self.used[second.id, day])
            if begin + minutes <= min(self.length(first), self.length(second)):
                self.used[first.id, day] = self.used[second.id, day] = begin + minutes
                return day, self.rules.day_start + begin
        return None
