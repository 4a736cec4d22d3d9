"""Choosing among all rounds that were met: each visit once, each crew once, no resource beyond its limit (set packing)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from mosovo_planner.planning.rounds.anneal import alternatives
from mosovo_planner.planning.rounds.model import C_COUNT, C_END, C_START, C_USE, C_USE_END, R_LIMIT, V_REQUIRED, V_VALUE, Model
from mosovo_planner.planning.rounds.problem import Whole
from mosovo_planner.planning.rounds.state import P_CLASS, P_LENGTH, State

EXACT = 2**61
Key = tuple[int, frozenset[int]]  # what tells columns apart: class of crews and visits, in whatever order
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
    path = [int(model.crew[crew, C_START]), *visits, int(model.crew[crew, C_END])]
    cost = sum(int(model.cost[a, b]) for a, b in pairwise(path))
    reward = sum(int(model.reward[visit, crew]) for visit in visits)
    return Column(crew, tuple(visits), cost, reward, sum(int(model.visit[visit, V_REQUIRED]) for visit in visits))


def gather(model: Model, states: Sequence[State], always: Iterable[Column], most: int) -> list[Column]:
    """The ``most`` promising rounds met (part of the best answers), and other crews for the best of them."""
    chosen: dict[Key, Column] = {_key(own): own for own in always}
    for state, place in _by_promise(states):
        if len(chosen) >= most:
            break
        entry = state.pool[place]
        own = column(model, int(entry[P_CLASS]), state.pool_stops[place, : entry[P_LENGTH]].tolist())
        if _key(own) not in chosen or own.cost < chosen[_key(own)].cost:
            chosen[_key(own)] = own
    if len(model.crew) > 1:
        _other_crews(model, chosen, most // 3)
    return list(chosen.values())


def _key(own: Column) -> Key:
    return own.crew, frozenset(own.visits)


def _by_promise(states: Sequence[State]) -> Iterator[tuple[State, int]]:
    """Places in the pools, those first that were part of the best answers; in an order that threads cannot change."""
    places = [np.flatnonzero(state.pool[:, P_LENGTH]) for state in states]
    source = np.repeat(np.arange(len(states)), [len(own) for own in places])
    place = np.concatenate(places)
    score = np.concatenate([state.pool_score[own] for state, own in zip(states, places, strict=True)])
    for index in np.lexsort((place, source, score)):
        yield states[source[index]], int(place[index])


def _other_crews(model: Model, chosen: dict[Key, Column], count: int) -> None:
    crews: Whole = np.zeros(OTHER_CREWS, dtype=np.int64)
    values = np.empty(OTHER_CREWS, dtype=np.float64)
    for own in list(chosen.values())[:count]:
        visits = np.array(own.visits, dtype=np.int64)
        for crew in crews[: alternatives(model, visits, crews, values)].tolist():
            other = column(model, crew, own.visits)
            chosen.setdefault(_key(other), other)


class Packing:
    """One set packing for CP-SAT; ``solve`` may run on its own thread and be stopped from another."""

    def __init__(self, model: Model, columns: Sequence[Column], hint: Iterable[Column]) -> None:
        from ortools.sat.python import cp_model

        self._columns = columns
        self._program = cp_model.CpModel()
        self._solver = cp_model.CpSolver()
        self._picks = [self._program.new_bool_var("") for _ in columns]
        self._limit(model)
        best = {_key(own) for own in hint}
        for pick, own in zip(self._picks, columns, strict=True):
            self._program.add_hint(pick, _key(own) in best)
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
        dearest = sum(sorted((own.cost for own in self._columns), reverse=True)[: len(model.visit)]) + 1
        price = dearest if model.weight[2] else 1
        must = dearest + price * int(model.visit[:, V_VALUE].sum())
        if must * (1 + int(model.visit[:, V_REQUIRED].sum())) >= EXACT:
            must, price = 0, 1  # beyond what the solver can count: all in one
        worth = (must * own.required + price * own.reward - own.cost for own in self._columns)
        return sum(value * pick for value, pick in zip(worth, self._picks, strict=True))

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
