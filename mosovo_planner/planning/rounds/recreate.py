"""Putting visits back: each where it is cheapest, in an order drawn anew, now and then blind to a place (blinks)."""

from __future__ import annotations

import numpy as np
from numba import njit

from mosovo_planner.planning.rounds.model import (
    C_END,
    C_LOAD,
    C_START,
    C_STOPS,
    UNLIMITED,
    V_CANDIDATE,
    V_CANDIDATE_END,
    V_DURATION,
    V_LAST,
    V_LOAD,
    V_REQUIRED,
    V_VALUE,
    V_WIDTH,
)
from mosovo_planner.planning.rounds.state import (
    ABSENT,
    ABSENT_LIST,
    BLOCKED,
    FREE,
    FREE_LIST,
    FRESH,
    LATEST,
    LEAVE,
    NODE,
    OPEN,
    ROW_CLASS,
    ROW_LENGTH,
    ROW_LIST,
    ROW_LOAD,
    ROW_STAMP,
    STAMP,
    draw,
    earliest,
    insert_at,
    open_row,
)

BLINK = 0.01  # chance to overlook a place
CREWS = 6  # closed crews tried for a visit, of its best and of all that are free


@njit(cache=True, nogil=True)
def order_absent(model, state):  # type: ignore[no-untyped-def]
    """The absent visits in the order in which they are tried: required first, then by a rule drawn at random."""
    count = state.number[ABSENT]
    rule = draw(state)
    for k in range(count):
        visit = state.visit[k, ABSENT_LIST]
        own = model.visit[visit]
        if rule < 0.35:
            key = draw(state)
        elif rule < 0.55:
            key = -float(own[V_VALUE])
        elif rule < 0.7:
            key = -float(own[V_VALUE]) * (0.5 + draw(state))
        elif rule < 0.8:
            key = float(own[V_WIDTH])
        elif rule < 0.9:
            key = float(own[V_LAST])
        elif rule < 0.95:
            key = -float(model.cost[model.crew[0, C_START], visit])
        else:
            key = float(model.cost[model.crew[0, C_START], visit])
        state.key[k] = key - 1e15 * own[V_REQUIRED]
    order = np.argsort(state.key[:count])
    visits = np.empty(count, dtype=np.int64)
    for k in range(count):
        visits[k] = state.visit[order[k], ABSENT_LIST]
    return visits


@njit(cache=True, nogil=True)
def _best_in_row(model, state, row, visit, limit):  # type: ignore[no-untyped-def]
    """The cheapest place for the visit in a row: its price (``limit`` where none is below it) and position."""
    own, crew = state.row[row], state.row[row, ROW_CLASS]
    task = model.visit[visit]
    reward = model.reward[visit, crew]
    if reward < 0 or own[ROW_LOAD] + task[V_LOAD] > model.crew[crew, C_LOAD] or own[ROW_LENGTH] >= model.crew[crew, C_STOPS]:
        return limit, -1
    best, position = limit + model.weight[0] * reward, -1
    duration, last, stop = task[V_DURATION], task[V_LAST], state.stop[row]
    for k in range(own[ROW_LENGTH] + 1):
        leave = stop[k, LEAVE]
        if leave > last:
            break
        latest = stop[k + 1, LATEST]
        if leave + duration > latest:
            continue
        before, after = stop[k, NODE], stop[k + 1, NODE]
        start = earliest(model, visit, leave + model.travel[before, visit])
        if start + duration + model.travel[visit, after] > latest:
            continue
        price = float(model.cost[before, visit] + model.cost[visit, after] - model.cost[before, after])
        if price < best and draw(state) >= BLINK:
            best, position = price, k
    return best - model.weight[0] * reward, position


@njit(cache=True, nogil=True)
def _best_closed(model, state, visit):  # type: ignore[no-untyped-def]
    """The cheapest crew to open a round with for this visit alone, among a sample: price and class (-1: none)."""
    task = model.visit[visit]
    begin, able, free = task[V_CANDIDATE], task[V_CANDIDATE_END] - task[V_CANDIDATE], state.number[FREE]
    best, chosen = float(UNLIMITED), -1
    if able == 0 or free == 0:
        return best, chosen
    for k in range(min(free, 2 * CREWS)):
        if free <= 2 * CREWS or k < CREWS:
            crew = state.crew[k if free <= 2 * CREWS else int(draw(state) * free), FREE_LIST]
            if model.reward[visit, crew] < 0:
                continue
        else:
            share = draw(state)
            crew = model.links[begin + int(share * share * able)]
            if state.crew[crew, BLOCKED] > 0:
                continue
        own = model.crew[crew]
        price = model.cost[own[C_START], visit] + model.cost[visit, own[C_END]] - model.weight[0] * model.reward[visit, crew]
        if price < best:
            best, chosen = price, crew
    return best, chosen


@njit(cache=True, nogil=True)
def recreate(model, state):  # type: ignore[no-untyped-def]
    """Tries every absent visit; one that was absent before only where rounds changed."""
    number = state.number
    for visit in order_absent(model, state):
        fresh = state.visit[visit, FRESH] == number[STAMP]
        required = model.visit[visit, V_REQUIRED] > 0
        best, row, position = float(UNLIMITED) if required else 0.0, -1, -1
        for k in range(number[OPEN]):
            other = state.row[k, ROW_LIST]
            if fresh or state.row[other, ROW_STAMP] == number[STAMP]:
                price, place = _best_in_row(model, state, other, visit, best)
                if place >= 0:
                    best, row, position = price, other, place
        price, crew = _best_closed(model, state, visit)
        if crew >= 0 and price < best and draw(state) >= BLINK:
            row, position = open_row(model, state, crew), 0
        if row >= 0:
            insert_at(model, state, row, position, visit)
