"""One area's weeks as a problem for the engine of rounds, and its answer as drafts."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from mosovo_planner.domain.people import Position
from mosovo_planner.domain.progress import Progress, Reporter
from mosovo_planner.domain.proposals import Round
from mosovo_planner.planning.rounds import CrewSlot, Objective, Route, VisitsProblem, VisitTask, solve_visits
from mosovo_planner.planning.weeks.areas import Area
from mosovo_planner.planning.weeks.board import Draft
from mosovo_planner.planning.weeks.crews import (
    Duty,
    Pair,
    likely_pairs,
    limits,
    on_duty,
    possible_duties,
    round_duty,
    together,
    trained,
    uses,
    week_of,
)
from mosovo_planner.planning.weeks.making import as_it_was, need_of
from mosovo_planner.planning.weeks.neighbourhood import Effort, Parts, worth_of
from mosovo_planner.planning.weeks.partners import apart, first_pairs
from mosovo_planner.planning.weeks.request import PlanRequest, VisitNeed, held_rounds
from mosovo_planner.planning.weeks.timetable import best_order, fits, timetable
from mosovo_planner.planning.weeks.values import COST_PER_MINUTE, rewards

FIXED_FIRST = 0.25
"""Share of the search's effort for the plan with pairs fixed first, from which the joint search goes on."""
TOGETHER = 0.6
"""Share of the effort after which parts of the plan are chosen anew one by one."""
PART_SECONDS, PARTS = 0.6, 4
"""Seconds for one part; how many parts where steps are counted."""


@dataclass(frozen=True)
class AreaProblem:
    """What one area's plan is chosen from: visits, pairs, duties (those of kept rounds last) and limits.

    ``first`` holds for each week the pairs that the search begins with.
    """

    area: Area
    needs: tuple[VisitNeed, ...]
    pairs: tuple[tuple[Pair, str], ...]
    duties: tuple[Duty, ...]
    kept: tuple[Draft, ...]
    limits: dict[str, int]
    first: Mapping[str, frozenset[Pair]]


def area_problem(request: PlanRequest, area: Area) -> AreaProblem:
    """Collect what may be planned, and set apart what the officer keeps."""
    members = set(area.officers)
    kept = [_kept(request, each) for each in kept_rounds(request) if members & set(each.officers)]
    held = {need.ref for draft in kept for need in draft.needs}
    dropped = request.keep.dropped if request.keep else frozenset()
    needs = [
        need
        for ref in area.refs
        if ref not in held and ref not in dropped and request.worth_proposing(need := request.needs[ref]) and need.position
    ]
    distance = apart(request, area, needs)
    pairs = likely_pairs(request, distance, needs)
    taken: dict[date, set[str]] = defaultdict(set)
    for each in kept_rounds(request):
        taken[each.date] |= set(each.officers)
    names = {draft.duty.id for draft in kept}
    free = [replace(each, id=f"{each.id} (2)") if each.id in names else each for each in possible_duties(request, pairs, taken)]
    duties = [*free, *(draft.duty for draft in kept if not draft.fixed)]
    bound = limits(request, area, [*request.behind, *(draft.held for draft in kept if draft.held)], [pair for pair, _ in pairs])
    first = first_pairs(request, {pair: distance[pair] for pair, _ in pairs})
    return AreaProblem(area, tuple(needs), tuple(pairs), tuple(duties), tuple(kept), bound, first)


def kept_rounds(request: PlanRequest) -> tuple[Round, ...]:
    """Rounds of the earlier plan that stay, as far as they lie within this one."""
    return tuple(each for each in held_rounds(request.keep) if request.start <= each.date <= request.end)


def _kept(request: PlanRequest, each: Round) -> Draft:
    """A kept round with its pinned visits; open to more where crew and pins go together."""
    former = {stop.ref: stop for stop in each.stops if stop.pinned}
    needs = [as_it_was(need, former) for ref in former if (need := need_of(request, ref))]
    crew = round_duty(request, each)
    ordered = best_order(request, crew, needs)
    if not fits(request, crew, ordered):  # a time that cannot be kept is promised anew, so that it does not bar the rest
        times = timetable(request, crew, ordered).arrive
        ordered = [replace(need, not_before=arrive) for need, arrive in zip(ordered, times, strict=True)]
    sound = len(set(each.officers)) > 1 and trained(request, each.officers)
    sound = sound and all(on_duty(request, officer, each.date) and officer in request.bases for officer in each.officers)
    sound = sound and all(need.position is not None for need in needs) and fits(request, crew, ordered)
    return Draft(crew, ordered, each, not sound)


@dataclass(frozen=True, slots=True)
class Found:
    """One area's answer: drafts, kept rounds included, and how good it is in minutes of driving.

    ``net`` is the worth of the visits made less the driving and the sending out; ``bound`` is what no plan can pass.
    """

    drafts: list[Draft]
    net: float
    bound: float | None


def solve_area(request: PlanRequest, problem: AreaProblem, seconds: float, report: Reporter) -> Found:
    """The best drafts found for the area within ``seconds``.

    A part of the effort goes to the plan with the best pairs fixed first, which is a small problem and soon good; from
    there crews and visits are chosen together, first all at once, then a few neighbouring rounds at a time. So the
    answer is never worse than with those pairs fixed.
    """
    asked = visits_problem(request, problem)
    begun = time.monotonic()
    start = _with_first_pairs(request, problem, asked, seconds * FIXED_FIRST, report)
    at_once = 1.0 if request.crews is not None else TOGETHER
    until = begun + seconds * at_once
    steps = _steps(request, at_once - FIXED_FIRST)
    part = _Part(report, FIXED_FIRST if start else 0.0, at_once)
    left = max(0.02, until - time.monotonic())
    answer = solve_visits(asked, seconds=left, seed=request.seed, report=part, start=start, iterations=steps)
    routes = answer.routes
    if at_once < 1:
        parts = Parts(asked, routes, frozenset(draft.duty.id for draft in problem.kept), request.seed)
        routes = _part_by_part(request, parts, begun + seconds, _Part(report, at_once, 1.0))
    whole = sum(asked.best_reward(visit) for visit in range(len(asked.visits)))
    bound = None if answer.bound is None else (whole - answer.bound) / COST_PER_MINUTE
    return Found(_drafts(problem, routes), worth_of(asked, routes) / COST_PER_MINUTE, bound)


def _part_by_part(request: PlanRequest, parts: Parts, until: float, report: Reporter) -> tuple[Route, ...]:
    """Parts of the plan made better until the time, or the steps, are used up."""
    if request.iterations is not None:
        for number in range(PARTS):
            report(Progress("Pairing officers anew", number / PARTS))
            parts.improve(Effort(0.0, max(1, (_steps(request, 1 - TOGETHER) or 0) // PARTS)), _Still(report, number / PARTS))
        return tuple(parts.routes)
    begun = time.monotonic()
    while (left := until - time.monotonic()) > PART_SECONDS / 2:
        share = 1 - left / max(1e-9, until - begun)
        report(Progress("Pairing officers anew", share))
        parts.improve(Effort(min(left, PART_SECONDS)), _Still(report, share))
    return tuple(parts.routes)


def _steps(request: PlanRequest, share: float) -> int | None:
    return None if request.iterations is None else max(1, round(request.iterations * share))


def _with_first_pairs(
    request: PlanRequest, problem: AreaProblem, asked: VisitsProblem, seconds: float, report: Reporter
) -> tuple[Route, ...]:
    """The rounds of the problem's first pairs; none where there is nothing to choose between."""
    held = {draft.duty.id for draft in problem.kept}
    chosen = [
        at for at, each in enumerate(problem.duties) if each.id in held or each.officers in problem.first[week_of(each.day)]
    ]
    if len(chosen) in (0, len(problem.duties)) or asked.rewards is None:
        return ()
    fixed = replace(asked, crews=tuple(asked.crews[at] for at in chosen), rewards=np.ascontiguousarray(asked.rewards[:, chosen]))
    part, steps = _Part(report, 0.0, FIXED_FIRST), _steps(request, FIXED_FIRST)
    return solve_visits(fixed, seconds=seconds, seed=request.seed, report=part, iterations=steps).routes


class _Part:
    """Passes on the progress of one of the search's two parts."""

    def __init__(self, report: Reporter, begins: float, ends: float) -> None:
        self._report, self._begins, self._ends = report, begins, ends

    def __call__(self, progress: Progress) -> None:
        share = self._begins + (self._ends - self._begins) * (progress.share or 0.0)
        self._report(replace(progress, share=share))


class _Still:
    """Keeps a part's reports from moving the share; what the report raises still ends the work."""

    def __init__(self, report: Reporter, share: float) -> None:
        self._report, self._share = report, share

    def __call__(self, _: Progress) -> None:
        self._report(Progress("Pairing officers anew", self._share))


def visits_problem(request: PlanRequest, problem: AreaProblem) -> VisitsProblem:
    """The area's weeks in the engine's words: minutes for times, tenths of minutes of driving for costs.

    Notes are counted with each visit and the meal break is taken off the end of the duty, so whatever the engine
    finds feasible is feasible wherever the break falls. Promised times of pinned visits are kept afterwards.
    """
    rules = request.rules
    kept = [draft for draft in problem.kept if not draft.fixed]
    required = {need.ref: draft for draft in kept for need in draft.needs}
    needs = [*problem.needs, *(need for draft in kept for need in draft.needs)]
    value = rewards(request, needs, problem.duties)
    at, spots, travel, cost = _places(request, needs, problem.duties)
    held = {draft.duty.id for draft in kept}
    crews = [_slot(request, each, spots[_spot(request, each)], each.id in held) for each in problem.duties]
    column = {each.id: index for index, each in enumerate(problem.duties)}
    tasks = []
    for row, need in enumerate(needs):
        door = rules.door_minutes[need.kind]
        latest = max(rules.visit_earliest, rules.visit_latest - door - rules.break_minutes)
        draft = required.get(need.ref)
        tasks.append(
            VisitTask(
                id=need.ref,
                at=at[row],
                duration=door + rules.desk_minutes,
                windows=((rules.visit_earliest, latest),),
                required=draft is not None,
                crews=(draft.duty.id,) if draft else None,
            )
        )
        if draft:
            value[row, column[draft.duty.id]] = max(1, value[row, column[draft.duty.id]])
    names = tuple(str(index) for index in range(len(travel)))
    return VisitsProblem(names, travel, tuple(crews), tuple(tasks), Objective.COST, cost, value, problem.limits)


def price_of(request: PlanRequest, each: Duty) -> int:
    """What sending this crew out costs in minutes of driving, besides the driving of the day."""
    return request.rules.send_out + round(request.rules.repeat_partner * request.together.get(each.officers, 0))


def _slot(request: PlanRequest, each: Duty, spot: int, held: bool) -> CrewSlot:
    """Kept rounds use nothing: their share is already off the limits."""
    taken = () if held else (*uses(each.officers, each.day, each.evening), together(each.officers))
    until = max(each.start, each.until - request.rules.break_minutes)
    return CrewSlot(each.id, spot, spot, each.start, until, uses=taken, max_stops=request.rules.max_visits)


def _spot(request: PlanRequest, each: Duty) -> tuple[float, float, int]:
    """Duties that start at one place at the same price share a location of the problem; the price in minutes is its last part."""
    return (each.base.lat, each.base.lon, price_of(request, each) + 2 * each.base_drive)


def _places(
    request: PlanRequest, needs: Sequence[VisitNeed], duties: Sequence[Duty]
) -> tuple[list[int], dict[tuple[float, float, int], int], np.ndarray, np.ndarray]:
    """Locations: the stops, then the bases; what sends a crew out is priced half on the way out, half on the way home."""
    bases = {_spot(request, each): each.base for each in duties}
    spots = {spot: len(needs) + index for index, spot in enumerate(bases)}
    positions: list[Position] = [need.position for need in needs if need.position] + list(bases.values())
    travel = request.legs.matrix(positions, positions)
    cost = travel * COST_PER_MINUTE
    for (_, _, price), index in spots.items():
        out = COST_PER_MINUTE * price // 2
        cost[index, : len(needs)] += out
        cost[: len(needs), index] += out
    return list(range(len(needs))), spots, travel, cost


def _drafts(problem: AreaProblem, routes: Sequence[Route]) -> list[Draft]:
    known = {each.ref: each for each in [*problem.needs, *(need for draft in problem.kept for need in draft.needs)]}
    kept = {draft.duty.id: draft for draft in problem.kept}
    by_id = {each.id: each for each in problem.duties}
    found = {route.crew: [known[stop.visit] for stop in route.stops] for route in routes}
    drafts = [Draft(by_id[crew], needs) for crew, needs in found.items() if crew not in kept and needs]
    for name, draft in kept.items():
        unmet = [need for need in draft.needs if need not in found.get(name, [])]
        drafts.append(Draft(draft.duty, [*found.get(name, []), *unmet], draft.held, draft.fixed))
    return sorted(drafts, key=lambda each: (each.duty.day, each.duty.start, each.duty.id))
