"""An answer counted anew from the problem alone, and the best answer there is, found by trying all (tiny problems)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise, permutations, product

from mosovo_planner.planning.rounds import Objective, VisitsProblem, VisitsSolution

Worth = tuple[int, ...]


def recount(problem: VisitsProblem, solution: VisitsSolution) -> Worth:
    """What the answer is worth, more being better; fails where it breaks a rule of the problem."""
    crews = {crew.id: number for number, crew in enumerate(problem.crews)}
    visits = {visit.id: number for number, visit in enumerate(problem.visits)}
    routes = {crews[route.crew]: [visits[stop.visit] for stop in route.stops] for route in solution.routes}
    assert len(routes) == len(solution.routes), "a crew has two routes"
    assert all(routes.values()), "a route is empty"
    made = [visit for order in routes.values() for visit in order]
    assert len(made) == len(set(made)), "a visit is made twice"
    assert {problem.visits[visit].id for visit in made} ^ set(solution.missed) == set(visits)
    assert resources_hold(problem, routes)
    for route in solution.routes:
        times = [stop.start for stop in route.stops]
        assert holds(problem, crews[route.crew], routes[crews[route.crew]], times), route
    worth = worth_of(problem, routes)
    assert (solution.reward, solution.travel) == (worth[-2], -worth[-1])
    return compared(problem, worth)


def holds(problem: VisitsProblem, crew: int, order: list[int], times: list[int]) -> bool:
    """Whether the crew may and can make these visits at these times."""
    slot, here, now, load = problem.crews[crew], problem.crews[crew].start, problem.crews[crew].begin, 0
    for visit, time in zip(order, times, strict=True):
        task = problem.visits[visit]
        if worth_for(problem, visit, crew) < 0 or time < now + problem.travel[here, task.at]:
            return False
        if not any(first <= time <= last for first, last in task.windows):
            return False
        here, now, load = task.at, time + task.duration, load + task.load
    on_time = not order or now + problem.travel[here, slot.end] <= slot.until
    few = slot.max_stops is None or len(order) <= slot.max_stops
    return on_time and few and (slot.max_load is None or load <= slot.max_load)


def earliest(problem: VisitsProblem, crew: int, order: list[int]) -> list[int] | None:
    here, now, times = problem.crews[crew].start, problem.crews[crew].begin, []
    for visit in order:
        task = problem.visits[visit]
        arrival = now + int(problem.travel[here, task.at])
        starts = [max(arrival, first) for first, last in task.windows if arrival <= last and first <= last]
        if not starts:
            return None
        times.append(min(starts))
        here, now = task.at, times[-1] + task.duration
    return times


def worth_for(problem: VisitsProblem, visit: int, crew: int) -> int:
    task = problem.visits[visit]
    if task.crews is not None and problem.crews[crew].id not in task.crews:
        return -1
    return task.reward if problem.rewards is None else int(problem.rewards[visit, crew])


def worth_of(problem: VisitsProblem, routes: dict[int, list[int]]) -> tuple[int, int, int]:
    """Required visits made, reward, and travel counted negative."""
    costs = problem.travel if problem.cost is None else problem.cost
    required = sum(problem.visits[visit].required for order in routes.values() for visit in order)
    reward = sum(worth_for(problem, visit, crew) for crew, order in routes.items() for visit in order)
    travel = 0
    for crew, order in routes.items():
        path = [problem.crews[crew].start, *(problem.visits[visit].at for visit in order), problem.crews[crew].end]
        travel += sum(int(costs[a, b]) for a, b in pairwise(path)) if order else 0
    return required, reward, -travel


def compared(problem: VisitsProblem, worth: tuple[int, int, int]) -> Worth:
    required, reward, travel = worth
    return worth if problem.objective is Objective.REWARD_THEN_TRAVEL else (required, reward + travel)


def resources_hold(problem: VisitsProblem, routes: dict[int, list[int]]) -> bool:
    used = Counter(name for crew, order in routes.items() if order for name in set(problem.crews[crew].uses))
    return all(count <= problem.resources.get(name, 1) for name, count in used.items())


def best_of_all(problem: VisitsProblem) -> Worth:
    """The worth of the best answer."""
    return max(compared(problem, worth_of(problem, routes)) for routes in _all_routes(problem))


def _all_routes(problem: VisitsProblem) -> Iterator[dict[int, list[int]]]:
    orders: dict[tuple[int, frozenset[int]], list[int] | None] = {}
    for owners in product(range(-1, len(problem.crews)), repeat=len(problem.visits)):
        given = {crew: frozenset(visit for visit, owner in enumerate(owners) if owner == crew) for crew in set(owners) - {-1}}
        for crew, visits in given.items():
            if (crew, visits) not in orders:
                orders[crew, visits] = _cheapest(problem, crew, visits)
        routes = {crew: order for crew, visits in given.items() if (order := orders[crew, visits]) is not None}
        if len(routes) == len(given) and resources_hold(problem, routes):
            yield routes


def _cheapest(problem: VisitsProblem, crew: int, visits: frozenset[int]) -> list[int] | None:
    able = [list(order) for order in permutations(visits)
            if (times := earliest(problem, crew, list(order))) is not None and holds(problem, crew, list(order), times)]
    return max(able, key=lambda order: worth_of(problem, {crew: order})[2], default=None)
