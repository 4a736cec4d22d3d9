"""From a request to a plan: search area by area, place what still fits, set times, explain."""

from __future__ import annotations

import time
from collections.abc import Sequence

from mosovo_planner.domain.progress import Progress, Reporter, silent
from mosovo_planner.domain.proposals import Plan, Round, SolverFacts
from mosovo_planner.planning.weeks.areas import Area
from mosovo_planner.planning.weeks.board import Draft
from mosovo_planner.planning.weeks.checks import with_problems
from mosovo_planner.planning.weeks.making import better_base, departure, make_round
from mosovo_planner.planning.weeks.reasons import unplanned_visits
from mosovo_planner.planning.weeks.repair import place_what_fits
from mosovo_planner.planning.weeks.request import PlanRequest
from mosovo_planner.planning.weeks.search import Found, area_problem, solve_area
from mosovo_planner.planning.weeks.timetable import best_order, fits
from mosovo_planner.planning.weeks.values import COST_PER_MINUTE, worth

_SEARCH = (0.05, 0.9)


def propose_plan(request: PlanRequest, report: Reporter = silent) -> Plan:
    """A plan for the request's weeks; every due visit is in a round or has its reason.

    ``report`` is called with the share done and the net worth of the best found so far; what it raises ends the work.
    """
    begun = time.monotonic()
    report(Progress("Collecting visits and crews", 0.0))
    problems = [area_problem(request, area) for area in request.areas]
    whole = sum(len(each.needs) + 1 for each in problems)
    drafts: list[Draft] = []
    answers: list[Found] = []
    done = 0
    left = request.seconds * _SEARCH[1] - (time.monotonic() - begun)
    for at, problem in enumerate(problems):
        share = (len(problem.needs) + 1) / whole
        where = f" in area {at + 1} of {len(problems)}" if len(problems) > 1 else ""
        found = solve_area(request, problem, max(0.05, left * share), _Step(report, done / whole, share, where))
        drafts += finished(request, problem.area, found.drafts)
        answers.append(found)
        done += len(problem.needs) + 1
    report(Progress("Setting times and reasons", _SEARCH[1], sum(each.net for each in answers)))
    return as_plan(request, drafts, facts_of(time.monotonic() - begun, answers))


class _Step:
    """Passes the engine's progress on, as this area's part of the whole."""

    def __init__(self, report: Reporter, before: float, share: float, where: str) -> None:
        self._report, self._before, self._share, self._where = report, before, share, where

    def __call__(self, progress: Progress) -> None:
        low, high = _SEARCH
        part = self._before + self._share * (progress.share or 0.0)
        best = None if progress.best is None else progress.best / COST_PER_MINUTE
        self._report(Progress(progress.text + self._where, low + (high - low) * part, best))


def finished(request: PlanRequest, area: Area, drafts: list[Draft]) -> list[Draft]:
    """The area's drafts, each in its best order from its better base, with whatever due visit still fits.

    What is placed last stays where it was put, so that nothing is said to be left out that would fit.
    """
    for draft in drafts:
        if draft.held is None:
            crew = better_base(request, draft.duty, draft.needs)
            draft.duty = crew if fits(request, crew, draft.needs) else draft.duty
        elif not draft.fixed:
            _make_room(request, draft)
    for _ in range(2):
        for draft in drafts:
            draft.needs = best_order(request, draft.duty, draft.needs)
        drafts = place_what_fits(request, area, drafts)
    return drafts


def _make_room(request: PlanRequest, draft: Draft) -> None:
    """Visits that keep pinned ones from their times leave the round again, the least worth first."""
    free = sorted((need for need in draft.needs if need.ref not in draft.pinned), key=lambda need: worth(request, need))
    draft.needs = best_order(request, draft.duty, draft.needs)
    while free and not fits(request, draft.duty, draft.needs):
        gone = free.pop(0)
        draft.needs = best_order(request, draft.duty, [need for need in draft.needs if need is not gone])


def as_plan(request: PlanRequest, drafts: Sequence[Draft], facts: SolverFacts) -> Plan:
    """The plan of these drafts: times, who leads, reasons, problems, and what is left out."""
    rounds = with_problems(request, sorted((_round(request, each) for each in drafts), key=_when))
    dropped = request.keep.dropped if request.keep else frozenset()
    return Plan(
        start=request.start,
        end=request.end,
        seed=request.seed,
        rounds=rounds,
        unplanned=unplanned_visits(request, rounds, dropped),
        solver=facts,
        travel_basis=request.legs.name,
        dropped=dropped,
    )


def _round(request: PlanRequest, draft: Draft) -> Round:
    former = {stop.ref: stop for stop in draft.held.stops if stop.pinned} if draft.held else {}
    depart = None if draft.held else departure(request, draft.duty, draft.needs)  # pinned visits keep their time
    return make_round(request, draft.duty, draft.needs, former, pinned=bool(draft.held and draft.held.pinned), depart=depart)


def _when(each: Round) -> tuple[object, ...]:
    return (each.date, each.start, each.id)


def facts_of(seconds: float, answers: Sequence[Found]) -> SolverFacts:
    """Net worth in minutes of driving: that of the visits made, less the driving and the sending out of crews."""
    objective = sum(each.net for each in answers)
    known = [each.bound for each in answers if each.bound is not None]
    if not answers or len(known) < len(answers):
        return SolverFacts(round(seconds, 2), objective)
    bound = max(objective, sum(known))
    return SolverFacts(round(seconds, 2), objective, bound, (bound - objective) / max(1.0, abs(bound)))
