"""Putting visits back: each where it is cheapest, in an order drawn anew, now and then blind to a place (blinks)."""

from __future__ import annotations

import numpy as np

from mosovo_planner.planning.rounds.compiled import inlined, kernel
from mosovo_planner.planning.rounds.model import (
    C_BEGIN,
    C_END,
    C_LOAD,
    C_START,
    C_STOPS,
    C_UNTIL,
    UNLIMITED,
    V_CANDIDATE,
    V_CANDIDATE_END,
    V_DURATION,
    V_FIRST,
    V_IN,
    V_LAST,
    V_LOAD,
    V_OUT,
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
    ROW_AT,
    ROW_CLASS,
    ROW_GAP,
    ROW_LENGTH,
    ROW_LIST,
    ROW_LOAD,
    S_ROW,
    SAVED,
    STAMP,
    draw,
    earliest,
    insert_at,
    open_row,
)

TRIED = 150.0  # absent visits tried in an iteration, about
BLINK = 0.01  # chance to overlook a place
CREW_BLINK = 0.15  # chance to overlook a crew: many are alike for one visit, and must take turns
DENSE = 0.4  # share of iterations that put back what brings most for its time first, where reward goes before cost
STEEP = 1.5  # largest power of the time in that order
DENSITY_NOISE = 0.3  # share by which it errs
CREWS = 6  # closed crews tried for a visit, of its best and of all that are free


@kernel
def order_absent(model, state):  # type: ignore[no-untyped-def]
    """The absent visits in the order in which they are tried: required first, then by a rule drawn at random."""
    dense = model.weight[2] > 0.0 and draw(state.random) < DENSE
    power = STEEP * draw(state.random) if dense else 0.0
    rule, count = draw(state.random), 0
    tried = TRIED / max(TRIED, state.number[ABSENT])
    for place in range(state.number[ABSENT]):
        visit = state.visit[place, ABSENT_LIST]
        own = model.visit[visit]
        if state.visit[visit, FRESH] != state.number[STAMP] and own[V_REQUIRED] == 0 and draw(state.random) >= tried:
            continue
        key = _by_density(own, power, state.random) if dense else _by_rule(model, visit, rule, state.random)
        state.key[count] = key - 1e15 * own[V_REQUIRED]
        state.order[count] = visit
        count += 1
    _sort(state.key, state.order, count)
    return count


@kernel
def _by_density(own, power, random):  # type: ignore[no-untyped-def]
    """What brings most for the time it takes comes first, about; ``power`` says how much time counts."""
    spell = 1.0 + own[V_DURATION] + 0.5 * (own[V_IN] + own[V_OUT])
    return -float(own[V_VALUE]) / spell**power * (1.0 + DENSITY_NOISE * (2.0 * draw(random) - 1.0))


@kernel
def _by_rule(model, visit, rule, random):  # type: ignore[no-untyped-def]
    """By chance, value, width or end of the windows, or the way from the base."""
    own = model.visit[visit]
    if rule < 0.35:
        return draw(random)
    if rule < 0.55:
        return -float(own[V_VALUE])
    if rule < 0.7:
        return -float(own[V_VALUE]) * (0.5 + draw(random))
    if rule < 0.8:
        return float(own[V_WIDTH])
    if rule < 0.9:
        return float(own[V_LAST])
    away = float(model.cost[model.crew[0, C_START], visit])
    return -away if rule < 0.95 else away


@kernel
def _sort(keys, items, count):  # type: ignore[no-untyped-def]
    """Sorts both by key, in place (Shell's sort)."""
    gap = 1
    while gap < count // 3:
        gap = 3 * gap + 1
    while gap > 0:
        for k in range(gap, count):
            key, item = keys[k], items[k]
            j = k
            while j >= gap and keys[j - gap] > key:
                keys[j], items[j] = keys[j - gap], items[j - gap]
                j -= gap
            keys[j], items[j] = key, item
        gap //= 3


@inlined
def _best_in_row(model, state, row, visit, limit):  # type: ignore[no-untyped-def]
    """The cheapest place for the visit in a row: its price (``limit`` where none is below it) and position."""
    crew = state.row[row, ROW_CLASS]
    reward = model.reward[visit, crew]
    into = model.visit[visit, V_IN]
    spell = model.visit[visit, V_DURATION] + model.visit[visit, V_OUT]
    if reward < 0 or spell + into > state.row[row, ROW_GAP]:
        return limit, -1
    if state.row[row, ROW_LOAD] + model.visit[visit, V_LOAD] > model.crew[crew, C_LOAD]:
        return limit, -1
    length = state.row[row, ROW_LENGTH]
    if length >= model.crew[crew, C_STOPS]:
        return limit, -1
    best, position = limit + model.weight[0] * reward, -1
    duration, first, last = model.visit[visit, V_DURATION], model.visit[visit, V_FIRST], model.visit[visit, V_LAST] - into
    for k in range(length + 1):
        leave, end = state.stop[row, LEAVE, k], state.stop[row, LATEST, k]
        if leave > last:
            break
        if max(leave + into, first) + spell > end:
            continue
        before, after = state.stop[row, NODE, k], state.stop[row, NODE, k + 1]
        start = earliest(model, visit, leave + model.travel[before, visit])
        if start + duration + model.travel[visit, after] > end:
            continue
        price = float(model.cost[before, visit] + model.cost[visit, after] - model.cost[before, after])
        if price < best and draw(state.random) >= BLINK:
            best, position = price, k
    return best - model.weight[0] * reward, position


@kernel
def _best_closed(model, state, visit):  # type: ignore[no-untyped-def]
    """The cheapest crew to open a round with for this visit alone, among a sample: price and class (-1: none)."""
    begin, free = model.visit[visit, V_CANDIDATE], state.number[FREE]
    able = model.visit[visit, V_CANDIDATE_END] - begin
    best, chosen = float(UNLIMITED), -1
    if able == 0 or free == 0:
        return best, chosen
    for k in range(min(free, 2 * CREWS)):
        if free <= 2 * CREWS or k < CREWS:
            crew = state.crew[k if free <= 2 * CREWS else int(draw(state.random) * free), FREE_LIST]
            if model.reward[visit, crew] < 0:
                continue
        else:
            share = draw(state.random)
            crew = model.links[begin + int(share * share * able)]
            if state.crew[crew, BLOCKED] > 0:
                continue
        start, end = model.crew[crew, C_START], model.crew[crew, C_END]
        leave = earliest(model, visit, model.crew[crew, C_BEGIN] + model.travel[start, visit]) + model.visit[visit, V_DURATION]
        if leave + model.travel[visit, end] > model.crew[crew, C_UNTIL]:
            continue
        price = model.cost[start, visit] + model.cost[visit, end] - model.weight[0] * model.reward[visit, crew]
        if price < best and draw(state.random) >= CREW_BLINK:
            best, chosen = price, crew
    return best, chosen


@kernel
def recreate(model, state, heat):  # type: ignore[no-untyped-def]
    """Tries every absent visit; one that was absent before only where rounds changed.

    Where reward and cost are weighed against each other, a visit may cost a little more than it brings (by ``heat``):
    two together may pay for a way that neither pays for alone.
    """
    number = state.number
    for turn in range(order_absent(model, state)):
        visit = state.order[turn]
        fresh = state.visit[visit, FRESH] == number[STAMP]
        required = model.visit[visit, V_REQUIRED] > 0
        any_price = required or (model.weight[2] > 0.0 and model.visit[visit, V_VALUE] > 0)
        limit = float(UNLIMITED) if any_price else 0.0
        if model.weight[2] == 0.0 and not required and model.visit[visit, V_VALUE] > 0:
            limit = -heat * np.log(max(draw(state.random), 1e-12))
        best, row, position = limit, -1, -1
        for k in range(number[OPEN] if fresh else number[SAVED]):
            other = state.row[k, ROW_LIST] if fresh else state.saved[k, S_ROW]
            if state.row[other, ROW_AT] < number[OPEN]:
                price, place = _best_in_row(model, state, other, visit, best)
                if place >= 0:
                    best, row, position = price, other, place
        if number[FREE] > 0:
            price, crew = _best_closed(model, state, visit)
            if crew >= 0 and price < best and (required or price < 0.0 or model.reward[visit, crew] > 0):
                best, row, position = price, open_row(model, state, crew), 0
        if row >= 0 and (required or best < 0.0 or model.reward[visit, state.row[row, ROW_CLASS]] > 0):
            insert_at(model, state, row, position, visit)
