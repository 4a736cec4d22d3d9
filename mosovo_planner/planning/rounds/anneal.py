"""The compiled search itself: ruin, recreate, accept by annealing, remember the best and every good round."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mosovo_planner.planning.rounds.compiled import VERSION, entry, kernel
from mosovo_planner.planning.rounds.model import UNLIMITED, Model
from mosovo_planner.planning.rounds.problem import Whole
from mosovo_planner.planning.rounds.recreate import recreate
from mosovo_planner.planning.rounds.ruin import exchange_crews, remove_round, remove_strings
from mosovo_planner.planning.rounds.state import (
    BEST_COST,
    BEST_OPEN,
    BEST_REQUIRED,
    BEST_REWARD,
    COST,
    ITERATION,
    NODE,
    OPEN,
    P_CLASS,
    P_COST,
    P_HASH,
    P_LENGTH,
    P_REQUIRED,
    P_REWARD,
    REQUIRED,
    REWARD,
    ROW_AT,
    ROW_CLASS,
    ROW_COST,
    ROW_HASH,
    ROW_LENGTH,
    ROW_LIST,
    ROW_REQUIRED,
    ROW_REWARD,
    S_CLASS,
    S_LENGTH,
    S_ROW,
    SAVED,
    State,
    begin_iteration,
    draw,
    empty_row,
    restore,
    route_value,
    touch,
    undo,
)

WHOLE_ROUND = 0.03  # share of iterations that take out a whole round
EXCHANGE = 0.1  # share of iterations that exchange crews, where crews differ
PROBES = 8


@kernel
def _score(model, state):  # type: ignore[no-untyped-def]
    number = state.number
    return number[COST] - model.weight[0] * number[REWARD] - model.weight[1] * number[REQUIRED]


@kernel
def _remember(state):  # type: ignore[no-untyped-def]
    """Keeps the present state as the best, if it is: more required visits, then more worth."""
    number = state.number
    for k in range(number[OPEN]):
        row = state.row[k, ROW_LIST]
        length = state.row[row, ROW_LENGTH]
        state.best[k, S_ROW], state.best[k, S_CLASS], state.best[k, S_LENGTH] = row, state.row[row, ROW_CLASS], length
        for j in range(length):
            state.best_stops[k, j] = state.stop[row, NODE, j + 1]
    number[BEST_OPEN], number[BEST_COST] = number[OPEN], number[COST]
    number[BEST_REWARD], number[BEST_REQUIRED] = number[REWARD], number[REQUIRED]


@kernel
def _better(model, state):  # type: ignore[no-untyped-def]
    number = state.number
    if number[REQUIRED] != number[BEST_REQUIRED]:
        return number[REQUIRED] > number[BEST_REQUIRED]
    if model.weight[2] > 0.0 and number[REWARD] != number[BEST_REWARD]:
        return number[REWARD] > number[BEST_REWARD]
    return number[COST] - model.weight[0] * number[REWARD] < number[BEST_COST] - model.weight[0] * number[BEST_REWARD]


@kernel
def _pool_place(state, own):  # type: ignore[no-untyped-def]
    """Where in the pool a round of this hash is or may go: its own place, else the worst of some."""
    mask = state.pool.shape[0] - 1
    first = (own[ROW_HASH] ^ (own[ROW_HASH] >> 17)) & mask
    place = first
    for k in range(PROBES):
        here = (first + k) & mask
        if state.pool[here, P_LENGTH] == 0 or state.pool[here, P_HASH] == own[ROW_HASH]:
            return here
        if state.pool_score[here] > state.pool_score[place]:
            place = here
    return place


@kernel
def _pool_touched(state, score):  # type: ignore[no-untyped-def]
    """Keeps the rounds that this iteration changed, with the best answer they were part of."""
    number = state.number
    for k in range(number[SAVED]):
        row = state.saved[k, S_ROW]
        own = state.row[row]
        if own[ROW_AT] >= number[OPEN]:
            continue
        place = _pool_place(state, own)
        kept, length = state.pool[place], own[ROW_LENGTH]
        same = kept[P_LENGTH] > 0 and kept[P_HASH] == own[ROW_HASH]
        if same:
            state.pool_score[place] = min(score, state.pool_score[place])
        elif kept[P_LENGTH] == 0 or score < state.pool_score[place]:
            state.pool_score[place] = score
        else:
            continue
        if not same or own[ROW_COST] < kept[P_COST]:
            kept[P_HASH], kept[P_CLASS], kept[P_LENGTH] = own[ROW_HASH], own[ROW_CLASS], length
            kept[P_COST], kept[P_REWARD], kept[P_REQUIRED] = own[ROW_COST], own[ROW_REWARD], own[ROW_REQUIRED]
            for j in range(length):
                state.pool_stops[place, j] = state.stop[row, NODE, j + 1]


@kernel
def _disturb(model, state, heat):  # type: ignore[no-untyped-def]
    share = draw(state.random)
    if state.number[OPEN] > 0:
        if share < WHOLE_ROUND:
            remove_round(model, state)
        elif len(model.crew) > 1 and share < WHOLE_ROUND + EXCHANGE:
            exchange_crews(model, state)
        else:
            remove_strings(model, state)
    recreate(model, state, heat)


@kernel
def _search(model, state, iterations, hot, cold):  # type: ignore[no-untyped-def]
    number = state.number
    score, improved, heat = _score(model, state), 0, hot
    fall = (cold / hot) ** (1.0 / max(1, iterations))
    for _ in range(iterations):
        begin_iteration(state)
        _disturb(model, state, heat)
        new = _score(model, state)
        better = _better(model, state)
        if better or new < score - heat * np.log(max(draw(state.random), 1e-12)):
            if new != score:
                _pool_touched(state, new)
            score = new
            if better:
                _remember(state)
                improved += 1
        else:
            undo(model, state)
        heat *= fall
    number[ITERATION] += iterations
    return improved


@kernel
def _load(model, state, rounds, stops):  # type: ignore[no-untyped-def]
    begin_iteration(state)
    while state.number[OPEN] > 0:
        row = state.row[0, ROW_LIST]
        touch(state, row)
        empty_row(model, state, row)
    for k in range(len(rounds)):
        restore(model, state, rounds[k], stops[k])
    if _better(model, state):
        _remember(state)
    return len(rounds)


@kernel
def _alternatives(model, visits, crews, values):  # type: ignore[no-untyped-def]
    count = 0
    for crew in range(len(model.crew)):
        value = route_value(model, visits, crew)
        if value >= float(UNLIMITED) or (count == len(crews) and value >= values[count - 1]):
            continue
        if count < len(crews):
            count += 1
        place = count - 1
        while place > 0 and values[place - 1] > value:
            values[place], crews[place] = values[place - 1], crews[place - 1]
            place -= 1
        values[place], crews[place] = value, crew
    return count


def _entries(version: int) -> tuple[Any, Any, Any]:
    """The three functions that Python calls; holding the version, what is kept of them goes stale with any of our files."""

    @entry
    def run(model, state, iterations, hot, cold):  # type: ignore[no-untyped-def]
        return _search(model, state, iterations, hot, cold) + 0 * version

    @entry
    def put(model, state, rounds, stops):  # type: ignore[no-untyped-def]
        return _load(model, state, rounds, stops) + 0 * version

    @entry
    def rank(model, visits, crews, values):  # type: ignore[no-untyped-def]
        return _alternatives(model, visits, crews, values) + 0 * version

    return run, put, rank


_RUN, _PUT, _RANK = _entries(VERSION)


def search(model: Model, state: State, iterations: int, hot: float, cold: float) -> int:
    """Runs that many iterations while the temperature falls from ``hot`` to ``cold``; how many improved the best."""
    return int(_RUN(model, state, iterations, hot, cold))


def load(model: Model, state: State, rounds: Whole, stops: Whole) -> None:
    """Replaces the present rounds by the given ones (columns as in ``State.best``), which must be feasible."""
    _PUT(model, state, rounds, stops)


def alternatives(model: Model, visits: Whole, crews: Whole, values: NDArray[np.float64]) -> int:
    """Writes the classes that make these visits in this order best, best first, and their values; how many there are."""
    return int(_RANK(model, visits, crews, values))
