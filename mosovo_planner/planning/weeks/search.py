"""One area's weeks as a problem for the engine of rounds, and its answer as drafts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from mosovo_planner.domain.people import Position
from mosovo_planner.domain.progress import Reporter
from mosovo_planner.domain.proposals import Round
from mosovo_planner.planning.rounds import CrewSlot, Objective, VisitsProblem, VisitsSolution, VisitTask, solve_visits
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
    trained,
    uses,
)
from mosovo_planner.planning.weeks.making import as_it_was, need_of
from mosovo_planner.planning.weeks.request import PlanRequest, VisitNeed, held_rounds
from mosovo_planner.planning.weeks.timetable import best_order, fits, timetable
from mosovo_planner.planning.weeks.values import COST_PER_MINUTE, rewards

DUTY_MINUTES = 60
"""Minutes of driving that it must be worth to send a crew out at all."""


@dataclass(frozen=True)
class AreaProblem:
    """What one area's plan is chosen from: visits, pairs, duties (those of kept rounds last) and limits."""

    area: Area
    needs: tuple[VisitNeed, ...]
    pairs: tuple[tuple[Pair, str], ...]
    duties: tuple[Duty, ...]
    kept: tuple[Draft, ...]
    limits: dict[str, int]


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
    pairs = likely_pairs(request, area, needs)
    taken: dict[date, set[str]] = defaultdict(set)
    for each in kept_rounds(request):
        taken[each.date] |= set(each.officers)
    names = {draft.duty.id for draft in kept}
    free = [replace(each, id=f"{each.id} (2)") if each.id in names else each for each in possible_duties(request, pairs, taken)]
    duties = [*free, *(draft.duty for draft in kept if not draft.fixed)]
    bound = limits(request, area, [*request.behind, *(draft.held for draft in kept if draft.held)])
    return AreaProblem(area, tuple(needs), tuple(pairs), tuple(duties), tuple(kept), bound)


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
    """The best drafts found for the area within ``seconds``."""
    asked = visits_problem(request, problem)
    answer = solve_visits(asked, seconds=seconds, seed=request.seed, report=report, iterations=request.iterations)
    whole = sum(asked.best_reward(visit) for visit in range(len(asked.visits)))
    bound = None if answer.bound is None else (whole - answer.bound) / COST_PER_MINUTE
    return Found(_drafts(problem, answer), (whole - answer.objective) / COST_PER_MINUTE, bound)


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
    crews = [_slot(request, each, spots[_spot(each)], each.id in held) for each in problem.duties]
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


def _slot(request: PlanRequest, each: Duty, spot: int, held: bool) -> CrewSlot:
    """Kept rounds use nothing: their share is already off the limits."""
    taken = () if held else uses(each.officers, each.day, each.evening)
    until = max(each.start, each.until - request.rules.break_minutes)
    return CrewSlot(each.id, spot, spot, each.start, until, uses=taken, max_stops=request.rules.max_visits)


def _spot(each: Duty) -> tuple[float, float, int]:
    """Duties that start at one place after the same drive between bases share a location of the problem."""
    return (each.base.lat, each.base.lon, each.base_drive)


def _places(
    request: PlanRequest, needs: Sequence[VisitNeed], duties: Sequence[Duty]
) -> tuple[list[int], dict[tuple[float, float, int], int], np.ndarray, np.ndarray]:
    """Locations: the stops, then the bases; what sends a crew out is priced half on the way out, half on the way home."""
    bases = {_spot(each): each.base for each in duties}
    spots = {spot: len(needs) + index for index, spot in enumerate(bases)}
    positions: list[Position] = [need.position for need in needs if need.position] + list(bases.values())
    travel = request.legs.matrix(positions, positions)
    cost = travel * COST_PER_MINUTE
    for (_, _, base_drive), index in spots.items():
        out = COST_PER_MINUTE * (DUTY_MINUTES + 2 * base_drive) // 2
        cost[index, : len(needs)] += out
        cost[: len(needs), index] += out
    return list(range(len(needs))), spots, travel, cost


def _drafts(problem: AreaProblem, answer: VisitsSolution) -> list[Draft]:
    known = {each.ref: each for each in [*problem.needs, *(need for draft in problem.kept for need in draft.needs)]}
    kept = {draft.duty.id: draft for draft in problem.kept}
    by_id = {each.id: each for each in problem.duties}
    found = {route.crew: [known[stop.visit] for stop in route.stops] for route in answer.routes}
    drafts = [Draft(by_id[crew], needs) for crew, needs in found.items() if crew not in kept and needs]
    for name, draft in kept.items():
        unmet = [need for need in draft.needs if need not in found.get(name, [])]
        drafts.append(Draft(draft.duty, [*found.get(name, []), *unmet], draft.held, draft.fixed))
    return sorted(drafts, key=lambda each: (each.duty.day, each.duty.start, each.duty.id))
