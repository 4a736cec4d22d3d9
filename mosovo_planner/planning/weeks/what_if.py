"""What would it bring: another officer, more hours, another base, other days. Nothing is kept of it.

Each alternative, and the plan as it is, is searched on from the present plan with the same seed and for the same time, so
that what an alternative brings is not what more searching would have brought anyway.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace

from mosovo_planner.domain.clocks import Case
from mosovo_planner.domain.people import OffenderManager, Risk
from mosovo_planner.domain.policy import Policy
from mosovo_planner.domain.progress import Progress, Reporter, silent
from mosovo_planner.domain.proposals import Plan
from mosovo_planner.domain.travel import TravelTimes
from mosovo_planner.domain.visits import Visit
from mosovo_planner.planning.rounds import Route, solve_visits
from mosovo_planner.planning.rounds import Stop as RouteStop
from mosovo_planner.planning.weeks.board import Draft
from mosovo_planner.planning.weeks.legs import place_of
from mosovo_planner.planning.weeks.propose import as_plan, facts_of, finished
from mosovo_planner.planning.weeks.request import PlanError, PlanRequest, plan_request
from mosovo_planner.planning.weeks.rules import FULL_DAY, Rules
from mosovo_planner.planning.weeks.search import AreaProblem, Found, area_problem, visits_problem
from mosovo_planner.planning.weeks.values import COST_PER_MINUTE

NEW_OFFICER = "Another officer"
"""Id and name of the officer whom an alternative adds."""
_FULL_WEEK = 37.0
_WEEKEND = frozenset({6, 7})


@dataclass(frozen=True, slots=True)
class AsItIs:
    """Nothing changes: what others are compared with."""


@dataclass(frozen=True, slots=True)
class AnotherOfficer:
    """A trained full-time officer more, at the base of ``like``."""

    like: str


@dataclass(frozen=True, slots=True)
class MoreHours:
    """More hours a week for visits: for one officer, for each of the team where ``officer`` is None."""

    officer: str | None = None
    hours: float = 10.0


@dataclass(frozen=True, slots=True)
class OtherBase:
    """An officer starts from the base of ``like``."""

    officer: str
    like: str


@dataclass(frozen=True, slots=True)
class OtherDays:
    """With or without weekends and evenings; None leaves as it is."""

    weekends: bool | None = None
    evenings: bool | None = None


Alternative = AsItIs | AnotherOfficer | MoreHours | OtherBase | OtherDays


@dataclass(frozen=True)
class Outlook:
    """What a plan comes to. ``visits`` counts by risk; ``due_left`` and ``overdue_left`` are due or overdue and in no
    round, ``worst`` is the most days overdue among them (0: none)."""

    visits: Mapping[Risk | None, int]
    rounds: int
    drive_minutes: int
    due_left: int
    overdue_left: int
    worst: int
    seconds: float

    @property
    def visits_made(self) -> int:
        return sum(self.visits.values())


@dataclass(frozen=True)
class _MoreTime(Rules):
    """Rules under which some officers have more days out, and longer ones."""

    more: Mapping[str, float] = field(default_factory=dict)

    def days_a_week(self, officer: OffenderManager) -> int:
        usual = super().days_a_week(officer)
        return min(len(self.working_days), usual + int(self._minutes(officer) // FULL_DAY)) if usual else 0

    def duty_minutes(self, officer: OffenderManager) -> int:
        """The hours that make no further day are spread over the days out."""
        days = self.days_a_week(officer)
        more_days = days - super().days_a_week(officer)
        rest = self._minutes(officer) - FULL_DAY * more_days
        return super().duty_minutes(officer) + (int(rest // days) if days else 0)

    def _minutes(self, officer: OffenderManager) -> float:
        return 60 * self.more.get(officer.id, 0.0)


def what_if_request(
    cases: Sequence[Case],
    managers: Sequence[OffenderManager],
    policy: Policy,
    travel: TravelTimes,
    present: Plan,
    alternative: Alternative,
    *,
    visits: Sequence[Visit] = (),
    seconds: float = 6.0,
    iterations: int | None = None,
) -> PlanRequest:
    """The request that the present plan came from, under an alternative; pins of the plan hold.

    Raises:
        PlanError: the alternative names somebody who is not there, or changes nothing.
    """
    weeks = max(1, ((present.end - present.start).days + 1) // 7)
    request = plan_request(
        cases, _staff(managers, alternative), policy, travel, present.start, weeks,
        visits=visits, keep=present, seed=present.seed, seconds=seconds, iterations=iterations,
        also=[stop.ref for each in present.rounds for stop in each.stops],
    )  # fmt: skip
    return replace(request, rules=_rules(request.rules, managers, alternative))


def look_ahead(request: PlanRequest, present: Plan, report: Reporter = silent) -> Outlook:
    """Search on from the present plan under the request; what it comes to. ``report`` may raise to end the work."""
    begun = time.monotonic()
    report(Progress("Collecting visits and crews", 0.0))
    problems = [area_problem(request, area) for area in request.areas]
    whole = sum(len(each.needs) + 1 for each in problems)
    drafts: list[Draft] = []
    answers: list[Found] = []
    done = 0.0
    for problem in problems:
        share = (len(problem.needs) + 1) / whole
        answers.append(_searched(request, problem, present, share, _Step(report, done, share)))
        drafts += finished(request, problem.area, answers[-1].drafts)
        done += share
    plan = as_plan(request, drafts, facts_of(time.monotonic() - begun, answers))
    return outlook(request, plan)


def outlook(request: PlanRequest, plan: Plan) -> Outlook:
    """The figures of a plan."""
    risks = Counter(request.needs[stop.ref].risk for each in plan.rounds for stop in each.stops if stop.ref in request.needs)
    overdue = [each.days_overdue for each in plan.unplanned if each.days_overdue > 0]
    return Outlook(
        dict(risks), sum(bool(each.stops) for each in plan.rounds), plan.drive_minutes, len(plan.unplanned), len(overdue),
        max(overdue, default=0), plan.solver.seconds,
    )  # fmt: skip


def neediest_base(request: PlanRequest, plan: Plan) -> str | None:
    """The officer at whose base most of what is not planned lies nearest; None where nobody has a base."""
    officers = {place_of(spot): officer for officer, spot in sorted(request.bases.items(), reverse=True)}
    spots = [request.bases[officer] for officer in officers.values()]
    left = [position for each in plan.unplanned if (need := request.needs.get(each.ref)) and (position := need.position)]
    if not spots:
        return None
    nearest = request.legs.matrix(spots, left).argmin(axis=0).tolist() if left else [0]
    names = list(officers.values())
    counts = Counter(names[at] for at in nearest)
    return min(counts, key=lambda each: (-counts[each], each))


def _staff(managers: Sequence[OffenderManager], alternative: Alternative) -> list[OffenderManager]:
    known = {each.id: each for each in managers}

    def base_of(like: str) -> OffenderManager:
        if like not in known or known[like].position is None:
            raise PlanError("That base has no position; choose another.")
        return known[like]

    match alternative:
        case AnotherOfficer(like):
            at = base_of(like)
            made = OffenderManager(id=NEW_OFFICER, base=at.base, position=at.position, weekly_hours=_FULL_WEEK, trained=True)
            return [*managers, made]
        case OtherBase(officer, like):
            at = base_of(like)
            if officer not in known:
                raise PlanError("That officer is not known; choose one of the officers.")
            return [
                replace(each, base=at.base, position=at.position) if each.id == officer else each for each in managers
            ]
        case MoreHours(officer) if officer is not None and officer not in known:
            raise PlanError("That officer is not known; choose one of the officers.")
    return list(managers)


def _rules(rules: Rules, managers: Sequence[OffenderManager], alternative: Alternative) -> Rules:
    match alternative:
        case MoreHours(officer, hours):
            more = {each.id: hours for each in managers if officer in (None, each.id)}
            return _MoreTime(**{each.name: getattr(rules, each.name) for each in fields(rules)}, more=more)
        case OtherDays(weekends, evenings):
            days = rules.working_days
            if weekends is not None:
                days = days | _WEEKEND if weekends else days - _WEEKEND
            share = 0.0 if evenings is False else rules.evening_share
            if (days, share) == (rules.working_days, rules.evening_share):
                raise PlanError("That is how it is already: nothing would change.")
            return replace(rules, working_days=days, evening_share=share)
    return rules


class _Step:
    """Passes the engine's progress on, as this area's part of the whole."""

    def __init__(self, report: Reporter, before: float, share: float) -> None:
        self._report, self._before, self._share = report, before, share

    def __call__(self, progress: Progress) -> None:
        self._report(Progress(progress.text, 0.95 * (self._before + self._share * (progress.share or 0.0))))


def _searched(request: PlanRequest, problem: AreaProblem, present: Plan, share: float, report: Reporter) -> Found:
    asked = visits_problem(request, problem)
    seconds = max(0.05, 0.9 * request.seconds * share)
    crews, visits = {each.id for each in asked.crews}, {each.id for each in asked.visits}
    start = [
        Route(each.id, tuple(RouteStop(stop.ref, 0) for stop in each.stops if stop.ref in visits))
        for each in present.rounds if each.id in crews
    ]  # fmt: skip
    answer = solve_visits(
        asked, seconds=seconds, seed=request.seed, report=report, start=start, iterations=request.iterations
    )
    whole = sum(asked.best_reward(visit) for visit in range(len(asked.visits)))
    return Found(_drafts(problem, answer.routes), (whole - answer.objective) / COST_PER_MINUTE, None)


def _drafts(problem: AreaProblem, routes: Sequence[Route]) -> list[Draft]:
    """The rounds found, and the kept ones whatever was found for them."""
    needs = {each.ref: each for each in (*problem.needs, *(need for draft in problem.kept for need in draft.needs))}
    duties = {each.id: each for each in problem.duties}
    kept = {draft.duty.id: draft for draft in problem.kept}
    found = {route.crew: [needs[stop.visit] for stop in route.stops] for route in routes if route.stops}
    free = [Draft(duties[name], several) for name, several in found.items() if name not in kept]
    held = [
        Draft(
            draft.duty, [*found.get(name, []), *(need for need in draft.needs if need not in found.get(name, []))],
            draft.held, draft.fixed,
        )
        for name, draft in kept.items()
    ]  # fmt: skip
    return sorted([*free, *held], key=lambda each: (each.duty.day, each.duty.start, each.duty.id))
