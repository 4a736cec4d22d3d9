"""Plays the weeks: each way of working meets the same surprises, and the clocks move by what it achieved."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from mosovo_planner.domain.clocks import Case
from mosovo_planner.domain.people import Offender
from mosovo_planner.domain.progress import Progress, Reporter, silent
from mosovo_planner.domain.visits import Outcome, Visit
from mosovo_planner.planning.simulation.diary import Week
from mosovo_planner.planning.simulation.force import SimulationRequest, cases_of
from mosovo_planner.planning.simulation.score import LEVELS, Score, days_late
from mosovo_planner.planning.simulation.ways import WAYS, WeekWork

_NEARLY_AS_NEAR = 5  # minutes


def play(request: SimulationRequest, name: str, report: Reporter = silent) -> dict[str, Any]:
    """One scenario: the weeks under one way of working, week by week, and the year's summary."""
    year = _Year(request, name)
    weeks = []
    for week in range(request.weeks):
        report(Progress(f"Playing {name.replace('_', ' ')}, week {week + 1}", week / request.weeks))
        weeks.append(year.week(week))
    settled = min(request.assumptions.settling_weeks, request.weeks // 4)
    return {"name": name, "weeks": weeks, "summary": year.score.summary(settled, year.late)}


class _Year:
    """One way of working through all weeks. ``late`` holds by risk the days late of what is overdue now.

    ``floor`` is the first day a visit can be asked for: a first visit some days after he came on the caseload, a shorter
    interval no earlier than some days after his risk changed.
    """

    def __init__(self, request: SimulationRequest, name: str) -> None:
        self.request, self.way = request, WAYS[name]
        self.by_location = name != "by_demand"
        self.counts: Counter[str | None] = Counter()
        self.held: dict[str, Offender] = {}
        self.floor: dict[str, date] = {}
        for each in request.offenders:
            self._take(each, request.start)
        self.history: list[Visit] = []
        self.tried: set[str] = set()
        self.score = Score()
        self.late: dict[str, list[int]] = {}

    def week(self, week: int) -> dict[str, Any]:
        """Play one week; its line of the answer."""
        self._change(week)
        monday = self.request.monday(week)
        sunday = monday + timedelta(days=6)
        cases = cases_of(self.held, self.request.policy, monday)
        due = {case.offender.ref: self._due(case) for case in cases}
        open_now = [case for case in cases if not case.visit.suspended and due[case.offender.ref] <= sunday]
        work = self.way(Week(self.request, week, self.request.staff(week), cases, due, self.history))
        seen = self._knock(week, work, due)
        self._judge(week, open_now, due)
        self.tried -= seen
        self.late = self._overdue(sunday)
        self.score.count(work, len(seen), self.late)
        return {
            "week": week + 1,
            "due": len(open_now),
            "tried": len(work.attempts),
            "done": len(seen),
            "overdue_by_risk": {risk: len(self.late.get(risk, ())) for risk in LEVELS},
            "worst_by_risk": {risk: max(self.late.get(risk, ()), default=0) for risk in LEVELS},
            "drive_minutes": round(work.drive_minutes, 1),
            "officer_hours": round(work.officer_minutes / 60, 1),
        }

    def _take(self, offender: Offender, first_due: date) -> None:
        given = self._given(offender)
        self.counts[given.manager] += 1
        self.held[offender.ref] = given
        if offender.last_seen is None:
            self.floor[offender.ref] = first_due

    def _given(self, offender: Offender) -> Offender:
        """The offender with the manager this way of working gives: by demand the emptiest, else by location."""
        if offender.ref in self.request.by_location and self.by_location:
            return replace(offender, manager=self.request.by_location[offender.ref])
        managers = self.request.managers
        known = {each.id for each in managers}
        if offender.manager in known:
            return offender
        if not self.by_location:
            return replace(offender, manager=min(managers, key=lambda each: (self.counts[each.id], each.id)).id)
        bases = {each.id: each.position for each in managers if each.position}
        if not bases or offender.position is None:
            return replace(offender, manager=None)
        drives = self.request.travel.minutes([offender.position], list(bases.values()))[0]
        near = {name for name, drive in zip(bases, drives.tolist(), strict=True) if drive <= drives.min() + _NEARLY_AS_NEAR}
        able = [each for each in managers if each.id in near]
        return replace(
            offender, manager=min(able, key=lambda each: (self.counts[each.id] / max(1.0, each.weekly_hours), each.id)).id
        )

    def _change(self, week: int) -> None:
        """Who comes, who leaves, whose risk changes as the week begins."""
        request, monday = self.request, self.request.monday(week)
        for newcomer in request.arriving.get(week, ()):
            self._take(newcomer, monday + timedelta(days=request.assumptions.first_visit_days))
        for ref, offender in list(self.held.items()):
            if week and request.leaves(week, ref):
                self.counts[offender.manager] -= 1
                del self.held[ref]
            elif week and (risk := request.new_risk(week, offender)):
                self.held[ref] = replace(offender, risk=risk, interval_months=None)
                self.floor[ref] = max(monday + timedelta(days=request.assumptions.shortened_days), self.floor.get(ref, monday))

    def _due(self, case: Case) -> date:
        floor = self.floor.get(case.offender.ref)
        if case.offender.last_seen is None and floor is not None:
            return floor
        return max(case.visit.due, floor) if floor else case.visit.due

    def _knock(self, week: int, work: WeekWork, due: dict[str, date]) -> set[str]:
        """Draw what happened at each door; who was seen, and only his clock is reset."""
        seen: set[str] = set()
        for attempt in work.attempts:
            ref = attempt.ref
            outcome = self.request.outcome(week, ref)
            self.score.guesser.see(attempt)
            at = datetime.combine(attempt.day, time(*divmod(min(attempt.minute, 24 * 60 - 1), 60)))
            self.history.append(Visit(id=f"{week}-{ref}", ref=ref, at=at, officers=attempt.officers, outcome=outcome))
            if outcome is not Outcome.SEEN:
                self.tried.add(ref)
                continue
            seen.add(ref)
            if attempt.day <= due[ref]:
                self.score.duties.add(week, self._risk(ref), in_time=True)
                del due[ref]
            self.floor.pop(ref, None)
            self.held[ref] = replace(self.held[ref], last_seen=attempt.day)
        return seen

    def _judge(self, week: int, open_now: list[Case], due: dict[str, date]) -> None:
        """What fell due this week and was not made in time is late, once; what was late before was counted then."""
        monday = self.request.monday(week)
        for case in open_now:
            ref = case.offender.ref
            if ref in due and due[ref] >= monday:
                self.score.duties.add(week, self._risk(ref), in_time=False, tried=ref in self.tried)

    def _overdue(self, day: date) -> dict[str, list[int]]:
        late: dict[str, list[int]] = defaultdict(list)
        for case in cases_of(self.held, self.request.policy, day):
            days = 0 if case.visit.suspended else days_late(self._due(case), day)
            if days:
                late[self._risk(case.offender.ref)].append(days)
        return dict(late)

    def _risk(self, ref: str) -> str:
        risk = self.held[ref].risk
        return risk.value if risk else "unassessed"
