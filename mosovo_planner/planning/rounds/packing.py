"""Choosing among all rounds that were met: each visit once, each crew once, no resource beyond its limit (set packing)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from mosovo_planner.planning.rounds.anneal import alternatives
from mosovo_planner.planning.rounds.model import C_COUNT, C_USE, C_USE_END, R_LIMIT, V_REQUIRED, V_VALUE, Model
from mosovo_planner.planning.rounds.problem import Whole
from mosovo_planner.planning.rounds.state import P_CLASS, P_HASH, P_LENGTH, State

COLUMNS = 3000  # rounds given to the solver at most
OTHER_CREWS = 5  # crews tried for each of the best rounds, besides its own


@dataclass(frozen=True, slots=True)
class Column:
    """A round that could be made: a class of crews, visits in order, what it is worth."""

    crew: int
    visits: tuple[int, ...]
    cost: int
    reward: int
    required: int


def column(model: Model, crew: int, visits: Sequence[int]) -> Column:
    """The column of a round, its sums counted from the model."""
    path = [int(model.crew[crew, 0]), *visits, int(model.crew[crew, 1])]
    cost = sum(int(model.cost[a, b]) for a, b in zip(path, path[1:], strict=False))
    reward = sum(int(model.reward[visit, crew]) for visit in visits)
    return Column(crew, tuple(visits), cost, reward, sum(int(model.visit[visit, V_REQUIRED]) for visit in visits))


def gather(model: Model, states: Iterable[State], always: Iterable[Column]) -> list[Column]:
    """The most promising rounds of the pools (those that were part of the best answers), with other crews for the best of them."""
    chosen: dict[tuple[int, frozenset[int]], Column] = {(own.crew, frozenset(own.visits)): own for own in always}
    met = [(float(score), int(entry[P_HASH]), state, int(place)) for state in states
           for place in np.flatnonzero(state.pool[:, P_LENGTH]) for score, entry in [(state.pool_score[place], state.pool[place])]]
    met.sort(key=lambda item: item[:2])
    for _, _, state, place in met[: 2 * COLUMNS]:
        if len(chosen) >= COLUMNS:
            break
        entry = state.pool[place]
        own = column(model, int(entry[P_CLASS]), state.pool_stops[place, : entry[P_LENGTH]].tolist())
        key = (own.crew, frozenset(own.visits))
        if key not in chosen or own.cost < chosen[key].cost:
            chosen[key] = own
    if len(model.crew) > 1:
        _other_crews(model, chosen)
    return list(chosen.values())


def _other_crews(model: Model, chosen: dict[tuple[int, frozenset[int]], Column]) -> None:
    crews: Whole = np.zeros(OTHER_CREWS, dtype=np.int64)
    values = np.empty(OTHER_CREWS, dtype=np.float64)
    for own in list(chosen.values())[: COLUMNS // 3]:
        visits = np.array(own.visits, dtype=np.int64)
        for crew in crews[: alternatives(model, visits, crews, values)].tolist():
            chosen.setdefault((crew, frozenset(own.visits)), column(model, crew, own.visits))


class Packing:
    """One set packing for CP-SAT; ``solve`` may run on its own thread and be stopped from another."""

    def __init__(self, model: Model, columns: Sequence[Column], hint: Iterable[Column]) -> None:
        from ortools.sat.python import cp_model

        self._columns = columns
        self._program = cp_model.CpModel()
        self._solver = cp_model.CpSolver()
        self._picks = [self._program.new_bool_var("") for _ in columns]
        self._limit(model)
        best = {(own.crew, frozenset(own.visits)) for own in hint}
        for pick, own in zip(self._picks, columns, strict=True):
            self._program.add_hint(pick, (own.crew, frozenset(own.visits)) in best)
        self._program.maximize(self._worth(model))

    def _limit(self, model: Model) -> None:
        visits: dict[int, list[Any]] = {}
        crews: dict[int, list[Any]] = {}
        resources: dict[int, list[Any]] = {}
        for pick, own in zip(self._picks, self._columns, strict=True):
            crews.setdefault(own.crew, []).append(pick)
            for visit in own.visits:
                visits.setdefault(visit, []).append(pick)
            for name in model.links[model.crew[own.crew, C_USE]:model.crew[own.crew, C_USE_END]].tolist():
                resources.setdefault(name, []).append(pick)
        for picks in visits.values():
            self._program.add_at_most_one(picks)
        for crew, picks in crews.items():
            self._program.add(sum(picks) <= int(model.crew[crew, C_COUNT]))
        for name, picks in resources.items():
            self._program.add(sum(picks) <= int(model.resource[name, R_LIMIT]))

    def _worth(self, model: Model) -> Any:
        """Required visits before reward, and reward before cost where the problem says so."""
        dearest = max((abs(own.cost) for own in self._columns), default=0) * (int(model.crew[:, C_COUNT].sum()) if len(model.crew) < 50 else len(model.visit))
        price = dearest + 1 if model.weight[2] else 1
        must = dearest + 1 + price * int(model.visit[:, V_VALUE].sum())
        return sum((must * own.required + price * own.reward - own.cost) * pick for pick, own in zip(self._picks, self._columns, strict=True))

    def solve(self, seconds: float | None, threads: int, seed: int) -> list[Column] | None:
        """The best choice found; ``seconds`` None: a fixed amount of work on one thread, so that it can be repeated exactly."""
        from ortools.sat.python import cp_model

        parameters = self._solver.parameters
        parameters.random_seed = seed % 2**31
        if seconds is None:
            parameters.num_workers, parameters.max_deterministic_time = 1, 1.0
        else:
            parameters.num_workers, parameters.max_time_in_seconds = threads, seconds
        status = self._solver.solve(self._program)
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return None
        return [own for pick, own in zip(self._picks, self._columns, strict=True) if self._solver.boolean_value(pick)]

    def stop(self) -> None:
        """Makes ``solve`` come back as soon as it can."""
        self._solver.stop_search()
