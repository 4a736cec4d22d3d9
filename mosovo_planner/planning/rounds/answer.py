"""From the search's rounds to the problem's words, and back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from mosovo_planner.planning.rounds.model import C_COUNT, C_USE, C_USE_END, R_LIMIT, Layout, Model
from mosovo_planner.planning.rounds.packing import Column, column
from mosovo_planner.planning.rounds.problem import Objective, Route, Stop, VisitsProblem, VisitsSolution
from mosovo_planner.planning.rounds.state import BEST_OPEN, S_CLASS, S_LENGTH, State
from mosovo_planner.planning.rounds.timing import time_route


def best_columns(model: Model, state: State) -> list[Column]:
    """The best rounds a search has met together."""
    kept = zip(state.best[: state.number[BEST_OPEN]], state.best_stops, strict=False)
    return [column(model, int(row[S_CLASS]), stops[: row[S_LENGTH]].tolist()) for row, stops in kept]


def start_columns(problem: VisitsProblem, model: Model, layout: Layout, routes: Iterable[Route]) -> list[Column]:
    """Given routes as far as they still hold: what is unknown, double, or does not fit (any more) is left out."""
    group = {member: index for index, members in enumerate(layout.members) for member in members}
    count, used = [0] * len(model.crew), [0] * len(model.resource)
    seen: set[int] = set()
    found: list[Column] = []
    for route in routes:
        if route.crew not in problem.crew_index or len(found) == layout.rows:
            continue
        crew = group[problem.crew_index[route.crew]]
        names = model.links[model.crew[crew, C_USE]:model.crew[crew, C_USE_END]].tolist()
        if count[crew] == model.crew[crew, C_COUNT] or any(used[name] >= model.resource[name, R_LIMIT] for name in names):
            continue
        known = [problem.visit_index[stop.visit] for stop in route.stops if stop.visit in problem.visit_index]
        visits = _holding(problem, problem.crew_index[route.crew], known, seen)
        if visits:
            found.append(column(model, crew, visits))
            count[crew] += 1
            for name in names:
                used[name] += 1
    return found


def _holding(problem: VisitsProblem, crew: int, visits: Sequence[int], seen: set[int]) -> list[int]:
    """The visits, one after the other, as far as they are not made yet and the round holds with them."""
    kept: list[int] = []
    for visit in visits:
        if visit not in seen and time_route(problem, crew, [*kept, visit]).feasible:
            kept.append(visit)
            seen.add(visit)
    return kept


def solution(
    problem: VisitsProblem, layout: Layout, columns: Sequence[Column], *, bound: float | None, seconds: float, iterations: int
) -> VisitsSolution:
    """The answer in the problem's words; each class's rounds go to its members in their order."""
    members = [list(group) for group in layout.members]
    routes: list[Route] = []
    made: dict[int, int] = {}
    travel = 0
    for crew, own in sorted((members[own.crew].pop(0), own) for own in sorted(columns, key=lambda own: own.visits)):
        timing = time_route(problem, crew, own.visits)
        travel += timing.cost
        made.update(dict.fromkeys(own.visits, crew))
        stops = (Stop(problem.visits[visit].id, start) for visit, start in zip(own.visits, timing.starts, strict=True))
        routes.append(Route(problem.crews[crew].id, tuple(stops)))
    missed = [visit for visit in range(len(problem.visits)) if visit not in made]
    reward = sum(problem.reward(visit, crew) for visit, crew in made.items())
    cost = travel + sum(problem.best_reward(visit) for visit in range(len(problem.visits))) - reward
    return VisitsSolution(
        routes=tuple(routes),
        missed=tuple(problem.visits[visit].id for visit in missed),
        reward=reward,
        travel=travel,
        objective=reward if problem.objective is Objective.REWARD_THEN_TRAVEL else cost,
        bound=bound,
        seconds=seconds,
        iterations=iterations,
        unmet_required=tuple(problem.visits[visit].id for visit in missed if problem.visits[visit].required),
    )
