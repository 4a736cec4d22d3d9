"""Plays the weeks: each way of working meets the same surprises, and the clocks move by what it achieved."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from mosovo_planner.domain.clocks import Case
from mosovo_planner.domain.people import Offender, Risk
from mosovo_planner.domain.progress import Progress, Reporter, silent
from mosovo_planner.domain.visits import Outcome, Visit
from mosovo_planner.planning.simulation.force import SimulationRequest, cases_of
from mosovo_planner.planning.simulation.ways import WAYS, Attempt, Way, WeekWork

_NOON, _EVENING = 12 * 60, 17 * 60
Slot = tuple[int, str]


@dataclass
class _Score:
    """What a year is judged by."""

    in_time: int = 0
    fell_due: int = 0
    late_days: list[int] = field(default_factory=list)
    worst: int = 0
    attempts: int = 0
    rounds: int = 0
    drive: float = 0.0
    guesses: int = 0
    hits: int = 0
    slots: Counter[Slot] = field(default_factory=Counter)


def simulate(request: SimulationRequest, report: Reporter = silent) -> list[dict[str, Any]]:
    """The scenarios of ``mosovo-simulation/1``, one for each way of working."""
    scenarios = []
    for number, (name, way) in enumerate(WAYS.items()):

        def told(week: int, number: int = number, name: str = name) -> None:
            share = (number + week / request.weeks) / len(WAYS)
            report(Progress(f"Playing {name.replace('_', ' ')}, week {week + 1}", share))

        scenarios.append(_Year(request, name, way).play(told))
    return scenarios


class _Year:
    """One way of working through all weeks."""

    def __init__(self, request: SimulationRequest, name: str, way: Way) -> None:
        self.request, self.name, self.way = request, name, way
        self.by_location = name != "by_demand"
        self.held: dict[str, Offender] = {each.ref: self._given(each) for each in request.offenders}
        self.history: list[Visit] = []
        self.known: dict[str, Counter[Slot]] = defaultdict(Counter)
        self.score = _Score()

    def play(self, told: Any) -> dict[str, Any]:
        weeks = []
        for week in range(self.request.weeks):
            told(week)
            weeks.append(self._week(week))
        return {"name": self.name, "weeks": weeks, "summary": self._summary()}

    def _given(self, offender: Offender) -> Offender:
        """The offender with the manager this way of working gives: by demand the emptiest, else by location."""
        if offender.ref in self.request.by_location and self.by_location:
            return replace(offender, manager=self.request.by_location[offender.ref])
        if offender.manager is not None:
            return offender
        counts = Counter(each.manager for each in getattr(self, "held", {}).values())
        managers = self.request.managers
        if not self.by_location:
            return replace(offender, manager=min(managers, key=lambda each: (counts[each.id], each.id)).id)
        placed = [each for each in managers if each.position]
        if not placed or offender.position is None:
            return offender
        drives = self.request.travel.minutes([offender.position], [each.position for each in placed if each.position])[0]
        near = [each for each, drive in zip(placed, drives.tolist(), strict=True) if drive <= drives.min() + 5]
        return replace(offender, manager=min(near, key=lambda each: (counts[each.id] / max(1.0, each.weekly_hours), each.id)).id)

    def _week(self, week: int) -> dict[str, Any]:
        request = self.request
        monday = request.start + timedelta(weeks=week)
        sunday = monday + timedelta(days=6)
        for newcomer in request.arriving.get(week, ()):
            self.held[newcomer.ref] = self._given(replace(newcomer))
        before = cases_of(self.held, request.policy, monday)
        due = [case for case in before if not case.visit.suspended and case.visit.due <= sunday]
        self.score.fell_due += sum(case.visit.due >= monday for case in due)
        work = self.way(request, week, request.staff(week), before, self.history)
        done = self._knock(week, work, {case.offender.ref: case for case in before})
        after = cases_of(self.held, request.policy, sunday)
        late = [case for case in after if case.days_overdue]
        self._count(work, late)
        return {
            "week": week + 1,
            "due": len(due),
            "done": done,
            "overdue_by_risk": _by_risk(late),
            "drive_minutes": round(work.drive_minutes, 1),
            "officer_hours": round(work.officer_minutes / 60, 1),
        }

    def _knock(self, week: int, work: WeekWork, cases: dict[str, Case]) -> int:
        """Draw what happened at each door; only a successful visit resets the clock."""
        done = 0
        for attempt in work.attempts:
            outcome = self.request.outcome(week, attempt.ref)
            self._guess(attempt)
            at = datetime.combine(attempt.day, time(*divmod(min(attempt.minute, 24 * 60 - 1), 60)))
            self.history.append(
                Visit(id=f"{week}-{attempt.ref}", ref=attempt.ref, at=at, officers=attempt.officers, outcome=outcome)
            )
            if outcome is not Outcome.SEEN:
                continue
            done += 1
            due = cases[attempt.ref].visit.due
            self.score.in_time += attempt.day <= due and self._counts(week, due)
            self.held[attempt.ref] = replace(self.held[attempt.ref], last_seen=attempt.day)
        return done

    def _counts(self, week: int, due: date) -> bool:
        """A visit made before its due date is in time; one due after this week must be counted as fallen due now."""
        if due > self.request.start + timedelta(weeks=week, days=6):
            self.score.fell_due += 1
        return True

    def _guess(self, attempt: Attempt) -> None:
        """Would someone who knows all his past visits have guessed weekday and part of the day?"""
        slot = (attempt.day.isoweekday(), _part(attempt.minute))
        past = self.known[attempt.ref]
        if past:
            self.score.guesses += 1
            self.score.hits += max(past, key=lambda each: (past[each], each)) == slot
        past[slot] += 1
        self.score.slots[slot] += 1

    def _count(self, work: WeekWork, late: list[Case]) -> None:
        score = self.score
        days = [case.days_overdue for case in late]
        score.late_days += days
        score.worst = max([score.worst, *days])
        score.attempts += len(work.attempts)
        score.rounds += work.rounds
        score.drive += work.drive_minutes

    def _summary(self) -> dict[str, Any]:
        score = self.score
        total = sum(score.slots.values())
        return {
            "done_in_time_share": _share(score.in_time, score.fell_due),
            "mean_days_overdue": round(sum(score.late_days) / max(1, len(score.late_days)), 2),
            "worst_days_overdue": score.worst,
            "drive_minutes_per_visit": _share(score.drive, score.attempts),
            "visits_per_round": _share(score.attempts, score.rounds),
            "slot_guess_rate": _share(score.hits, score.guesses),
            "blind_guess_rate": round(sum((count / total) ** 2 for count in score.slots.values()), 4) if total else None,
        }


def _by_risk(late: list[Case]) -> dict[str, int]:
    counts = Counter(case.offender.risk for case in late)
    return {risk.value: counts[risk] for risk in Risk} | {"unassessed": counts[None]}


def _share(part: float, whole: float) -> float | None:
    return round(part / whole, 4) if whole else None


def _part(minute: int) -> str:
    if minute < _NOON:
        return "morning"
    return "afternoon" if minute < _EVENING else "evening"
