"""Solving a visits problem: searches side by side on their own threads, which share what they found."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from threading import Event

import numpy as np

from mosovo_planner.domain.progress import Progress, Reporter, silent
from mosovo_planner.planning.rounds.anneal import search
from mosovo_planner.planning.rounds.model import Layout, Model, build_model
from mosovo_planner.planning.rounds.problem import Objective, Route, Stop, VisitsProblem, VisitsSolution
from mosovo_planner.planning.rounds.state import BEST_OPEN, S_CLASS, S_LENGTH, State, new_state
from mosovo_planner.planning.rounds.timing import time_route

CHUNK = 0.05  # seconds of search between two looks at the clock
POLL = 0.05  # seconds between two reports


def solve_visits(
    problem: VisitsProblem,
    *,
    seconds: float,
    seed: int,
    report: Reporter = silent,
    start: Iterable[Route] | None = None,
    threads: int = 2,
    iterations: int | None = None,
) -> VisitsSolution:
    """The best rounds found within ``seconds``."""
    begun = time.monotonic()
    if not problem.visits or not problem.crews:
        return _answer(problem, [], begun, 0)
    model, layout = build_model(problem)
    report(Progress("Preparing the search (first use)"))
    states = [new_state(model, layout, seed * 1000 + k) for k in range(max(1, threads))]
    stop = Event()
    with ThreadPoolExecutor(len(states)) as pool:
        futures = [pool.submit(_anneal, model, state, begun, seconds, stop) for state in states]
        try:
            _watch(futures, begun, seconds, report)
        finally:
            stop.set()
    best = min(states, key=lambda state: (-state.number[12], -state.number[11], state.number[10]))
    return _answer(problem, _routes(problem, layout, best), begun, sum(f.result() for f in futures))


def _watch(futures: Sequence[Future[int]], begun: float, seconds: float, report: Reporter) -> None:
    while wait(futures, POLL).not_done:
        report(Progress("Searching for rounds", min(1.0, (time.monotonic() - begun) / max(seconds, 1e-9))))


def _anneal(model: Model, state: State, begun: float, seconds: float, stop: Event) -> int:
    count = len(model.visit)
    step = float(np.sort(model.cost[:count, :count], axis=1)[:, :8].mean()) + 1e-6
    done, size = 0, 64
    while not stop.is_set() and (share := (time.monotonic() - begun) / max(seconds, 1e-9)) < 1:
        before = time.monotonic()
        heat = step * 0.01**share
        search(model, state, size, heat, heat)
        done += size
        size = max(16, int(size * min(4.0, CHUNK / max(1e-4, time.monotonic() - before))))
    return done


def _routes(problem: VisitsProblem, layout: Layout, state: State) -> list[tuple[int, list[int]]]:
    members = [list(group) for group in layout.members]
    return [(members[kept[S_CLASS]].pop(0), [int(v) for v in stops[: kept[S_LENGTH]]])
            for kept, stops in zip(state.best[: state.number[BEST_OPEN]], state.best_stops, strict=False)]


def _answer(problem: VisitsProblem, routes: list[tuple[int, list[int]]], begun: float, iterations: int) -> VisitsSolution:
    made: dict[int, int] = {}
    travel = 0
    found = []
    for crew, visits in sorted(routes):
        timing = time_route(problem, crew, visits)
        travel += timing.cost
        made.update(dict.fromkeys(visits, crew))
        found.append(Route(problem.crews[crew].id, tuple(Stop(problem.visits[v].id, s) for v, s in zip(visits, timing.starts, strict=True))))
    reward = sum(problem.reward(visit, crew) for visit, crew in made.items())
    missed = [v for v in range(len(problem.visits)) if v not in made]
    objective = reward if problem.objective is Objective.REWARD_THEN_TRAVEL else travel + sum(problem.best_reward(v) for v in missed)
    return VisitsSolution(tuple(found), tuple(problem.visits[v].id for v in missed), reward, travel, objective, None, time.monotonic() - begun, iterations,
                          tuple(problem.visits[v].id for v in missed if problem.visits[v].required))
