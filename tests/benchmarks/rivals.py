"""The engine of rounds and what else one would use, behind one call each; every one solves with a common base and like crews.

OR-Tools' routing and PyVRP search on one core, VROOM and the engine on two. PyVRP is given its second core as a second
search of another seed, the better of which counts; OR-Tools' two settings run beside each other.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from importlib.util import find_spec
from typing import Any

from mosovo_planner.planning.rounds import Objective, VisitsProblem, solve_visits

Orders = list[list[int]]
"""For each crew, the indices of its visits in order."""


@dataclass(frozen=True)
class Told:
    """What a solver answered: the orders, and the bound it gives (None: it gives none)."""

    orders: Orders
    bound: float | None = None


def ours(problem: VisitsProblem, seconds: float, seed: int) -> Told:
    """The engine of rounds, on two cores."""
    answer = solve_visits(problem, seconds=seconds, seed=seed)
    orders = [[problem.visit_index[stop.visit] for stop in route.stops] for route in answer.routes]
    return Told(orders, answer.bound)


def routing_gls(problem: VisitsProblem, seconds: float, _seed: int) -> Told:
    """OR-Tools' routing library with guided local search, one core."""
    from ortools.constraint_solver import pywrapcp, routing_enums_pb2

    parameters = pywrapcp.DefaultRoutingSearchParameters()
    parameters.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    return _routing(problem, seconds, parameters)


def routing_ils(problem: VisitsProblem, seconds: float, _seed: int) -> Told:
    """OR-Tools' routing library with iterated local search: string removals, annealing; one core."""
    from ortools.constraint_solver import pywrapcp

    parameters = pywrapcp.DefaultRoutingSearchParameters()
    parameters.use_iterated_local_search = True
    own = parameters.iterated_local_search_parameters
    sisr = own.ruin_recreate_parameters.ruin_strategies.add().sisr
    sisr.max_removed_sequence_size, sisr.avg_num_removed_visits, sisr.bypass_factor = 10, 10, 0.01
    own.reference_solution_acceptance_strategy.simulated_annealing.automatic_temperatures = True
    return _routing(problem, seconds, parameters)


def _price(problem: VisitsProblem) -> int:
    """What one unit of reward weighs in units of cost, for solvers that know one sum only."""
    return 1 if problem.objective is Objective.COST else 1000


def _routing(problem: VisitsProblem, seconds: float, parameters: Any) -> Told:
    from ortools.constraint_solver import pywrapcp, routing_enums_pb2

    base, crews = problem.crews[0].start, problem.crews
    manager = pywrapcp.RoutingIndexManager(len(problem.locations), len(crews), base)
    model = pywrapcp.RoutingModel(manager)
    model.SetArcCostEvaluatorOfAllVehicles(model.RegisterTransitMatrix(problem.costs.tolist()))
    steps = problem.travel.copy()
    for task in problem.visits:
        steps[task.at] += task.duration
    model.AddDimension(model.RegisterTransitMatrix(steps.tolist()), int(crews[0].until), int(crews[0].until), False, "time")
    time = model.GetDimensionOrDie("time")
    loads = [0] * len(problem.locations)
    for task in problem.visits:
        index = manager.NodeToIndex(task.at)
        time.CumulVar(index).SetRange(*map(int, task.windows[0]))
        loads[task.at] = task.load
        if not task.required:
            model.AddDisjunction([index], task.reward * _price(problem))
    if crews[0].max_load is not None:
        model.AddDimension(model.RegisterUnaryTransitVector(loads), 0, crews[0].max_load, True, "load")
    parameters.first_solution_strategy = routing_enums_pb2.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
    parameters.time_limit.FromMilliseconds(int(1000 * seconds))
    answer = model.SolveWithParameters(parameters)
    number = {task.at: visit for visit, task in enumerate(problem.visits)}
    return Told([] if answer is None else [_followed(model, manager, answer, crew, number) for crew in range(len(crews))])


def _followed(model: Any, manager: Any, answer: Any, crew: int, number: dict[int, int]) -> list[int]:
    index, order = answer.Value(model.NextVar(model.Start(crew))), []
    while not model.IsEnd(index):
        order.append(number[manager.IndexToNode(index)])
        index = answer.Value(model.NextVar(index))
    return order


def pyvrp(problem: VisitsProblem, seconds: float, seed: int) -> Told:
    """PyVRP's iterated local search with prizes; one core."""
    import pyvrp as package
    from pyvrp.stop import MaxRuntime

    model, crew = package.Model(), problem.crews[0]
    places = [model.add_location(0, 0) for _ in problem.locations]
    depot = model.add_depot(places[crew.start])
    limit = [] if crew.max_load is None else [crew.max_load]
    model.add_vehicle_type(len(problem.crews), limit, depot, depot, tw_early=crew.begin, tw_late=crew.until)
    for task in problem.visits:
        first, last = task.windows[0]
        load, prize = [task.load] if limit else [], task.reward * _price(problem)
        model.add_client(
            places[task.at],
            load,
            service_duration=task.duration,
            tw_early=first,
            tw_late=last,
            prize=prize,
            required=task.required,
        )
    for a, out in enumerate(places):
        for b, to in enumerate(places):
            model.add_edge(out, to, int(problem.costs[a, b]), int(problem.travel[a, b]))
    best = model.solve(MaxRuntime(seconds), seed=seed, display=False, collect_stats=False).best
    return Told([_clients(route) for route in best.routes()] if best.is_feasible() else [])


def _clients(route: Any) -> list[int]:
    """The indices of a route's visits; clients stand in the order in which they were added."""
    return [visit.idx for visit in route if visit.is_client()]


def vroom(problem: VisitsProblem, seconds: float, _seed: int) -> Told:
    """VROOM at its deepest exploration, on two cores; it ends by itself, at the latest when the time is over."""
    import numpy as np
    import vroom as package

    model, crew = package.Input(), problem.crews[0]
    model.set_durations_matrix("car", problem.travel.astype(np.uint32))
    model.set_costs_matrix("car", problem.costs.astype(np.uint32))
    limit = [] if crew.max_load is None else [crew.max_load]
    window = package.TimeWindow(crew.begin, crew.until)
    for number in range(len(problem.crews)):
        model.add_vehicle(package.Vehicle(number, crew.start, crew.end, capacity=limit, time_window=window))
    for visit, task in enumerate(problem.visits):
        delivery = package.Amount([task.load] if limit else [])
        windows = [package.TimeWindow(*ends) for ends in task.windows]
        job = package.Job(
            visit,
            task.at,
            default_service=task.duration,
            delivery=delivery,
            priority=100 if task.required else task.reward,
            time_windows=windows,
        )
        model.add_job(job)
    answer = model.solve(exploration_level=5, nb_threads=2, timeout=timedelta(seconds=seconds))
    routes = answer.routes[answer.routes["type"] == "job"]
    return Told([group["id"].astype(int).tolist() for _, group in routes.groupby("vehicle_id")])


@dataclass(frozen=True)
class Rival:
    """A column of the table: its name, what solves, the package it needs, the seeds it runs side by side."""

    name: str
    solve: Callable[[VisitsProblem, float, int], Told]
    package: str
    seeds: tuple[int, ...] = (1,)

    @property
    def installed(self) -> bool:
        """Whether its package is there."""
        return find_spec(self.package) is not None


RIVALS = (
    Rival("OR-Tools GLS", routing_gls, "ortools"),
    Rival("OR-Tools ILS", routing_ils, "ortools"),
    Rival("VROOM", vroom, "vroom"),
    Rival("PyVRP", pyvrp, "pyvrp", (1, 2)),
    Rival("ours", ours, "mosovo_planner"),
)
