"""Taking visits out: strings of neighbouring stops (slack induction by string removals), whole rounds, crews.

After J. Christiaens and G. Vanden Berghe, "Slack induction by string removals for vehicle routing problems",
Transportation Science 54 (2020); the crews' moves are this program's own.
"""

from __future__ import annotations

from numba import njit

from mosovo_planner.planning.rounds.model import C_BEGIN, C_END, C_LOAD, C_START, C_STOPS, C_UNTIL, UNLIMITED, V_CANDIDATE, V_CANDIDATE_END, V_DURATION, V_LAST
from mosovo_planner.planning.rounds.state import (
    ABSENT,
    AT_POSITION,
    AT_ROW,
    BLOCKED,
    FREE,
    FREE_LIST,
    FRESH,
    NODE,
    OPEN,
    ROW_CLASS,
    ROW_LENGTH,
    ROW_LIST,
    ROW_LOAD,
    ROW_STAMP,
    SAVED,
    STAMP,
    S_ROW,
    close_row,
    draw,
    earliest,
    empty_row,
    refresh,
    release,
    set_absent,
    take,
    touch,
)

REMOVED = 10.0  # visits taken out an iteration, on average
LONGEST = 10.0  # longest string
SPLIT = 0.5  # share of strings that leave some stops in their middle
GROW = 0.01  # chance that such a middle grows by one more
SAMPLE = 12  # crews tried for a round that changes hands


@njit(cache=True, nogil=True)
def _cut(model, state, row, first, last, hold, held):  # type: ignore[no-untyped-def]
    """Takes the stops ``first`` to ``last`` out of a row, but for ``held`` stops from ``hold`` on."""
    touch(state, row)
    length, goal = state.row[row, ROW_LENGTH], first
    for k in range(first, length + 1):
        visit = state.stop[row, k, NODE]
        if k > last or hold <= k < hold + held:
            state.stop[row, goal, NODE] = visit
            goal += 1
        else:
            set_absent(state, visit)
            state.visit[visit, FRESH] = state.number[STAMP]
    state.row[row, ROW_LENGTH] = goal - 1
    if goal == 1:
        close_row(model, state, row)
    else:
        refresh(model, state, row)


@njit(cache=True, nogil=True)
def _cut_string(model, state, visit, longest):  # type: ignore[no-untyped-def]
    """Takes out a string of stops that holds the visit."""
    row, position = state.visit[visit, AT_ROW], state.visit[visit, AT_POSITION]
    length = state.row[row, ROW_LENGTH]
    size = 1 + int(draw(state) * min(float(length), longest))
    size = min(size, length)
    held = 0
    if size > 1 and size < length and draw(state) < SPLIT:
        held = 1
        while size + held < length and draw(state) < GROW:
            held += 1
    span = size + held
    low, high = max(1, position - span + 1), min(position, length - span + 1)
    first = low + int(draw(state) * (high - low + 1))
    hold = first + 1 + int(draw(state) * (size - 1)) if held else 0
    _cut(model, state, row, first, first + span - 1, hold, held)


@njit(cache=True, nogil=True)
def remove_strings(model, state):  # type: ignore[no-untyped-def]
    """Strings from the rounds around a visit drawn at random (made or missed)."""
    visits, number = len(model.visit), state.number
    mean = (visits - number[ABSENT]) / max(1, number[OPEN])
    longest = min(LONGEST, max(1.0, mean))
    strings = 1 + int(draw(state) * max(1.0, 4.0 * REMOVED / (1.0 + longest) - 1.0))
    seed = int(draw(state) * visits)
    for k in range(-1, model.near.shape[1]):
        if strings == 0:
            return
        visit = seed if k < 0 else model.near[seed, k]
        row = state.visit[visit, AT_ROW]
        if row >= 0 and state.row[row, ROW_STAMP] != number[STAMP]:
            _cut_string(model, state, visit, longest)
            strings -= 1


@njit(cache=True, nogil=True)
def remove_round(model, state):  # type: ignore[no-untyped-def]
    """One whole round, drawn at random."""
    row = state.row[int(draw(state) * state.number[OPEN]), ROW_LIST]
    touch(state, row)
    for k in range(1, state.row[row, ROW_LENGTH] + 1):
        state.visit[state.stop[row, k, NODE], FRESH] = state.number[STAMP]
    empty_row(model, state, row)


@njit(cache=True, nogil=True)
def _fits(model, state, row, crew):  # type: ignore[no-untyped-def]
    """What the row's stops would cost, reward included, with another class of crew; UNLIMITED where they do not fit."""
    own = model.crew[crew]
    length = state.row[row, ROW_LENGTH]
    if state.row[row, ROW_LOAD] > own[C_LOAD] or length > own[C_STOPS]:
        return float(UNLIMITED)
    time, node, cost, reward = own[C_BEGIN], own[C_START], 0, 0
    for k in range(1, length + 1):
        visit = state.stop[row, k, NODE]
        if model.reward[visit, crew] < 0:
            return float(UNLIMITED)
        time += model.travel[node, visit]
        if time > model.visit[visit, V_LAST]:
            return float(UNLIMITED)
        time = earliest(model, visit, time) + model.visit[visit, V_DURATION]
        cost += model.cost[node, visit]
        reward += model.reward[visit, crew]
        node = visit
    if time + model.travel[node, own[C_END]] > own[C_UNTIL]:
        return float(UNLIMITED)
    return cost + model.cost[node, own[C_END]] - model.weight[0] * reward


@njit(cache=True, nogil=True)
def _hand_over(model, state, row):  # type: ignore[no-untyped-def]
    """Gives a row whose crew was released to the best of a sample of the crews that are free."""
    number, free = state.number, state.number[FREE]
    best, chosen = float(UNLIMITED), -1
    visit = state.stop[row, 1 + int(draw(state) * state.row[row, ROW_LENGTH]), NODE]
    begin, able = model.visit[visit, V_CANDIDATE], model.visit[visit, V_CANDIDATE_END] - model.visit[visit, V_CANDIDATE]
    for k in range(min(free, 2 * SAMPLE)):
        if free <= 2 * SAMPLE:
            crew = state.crew[k, FREE_LIST]
        elif k < SAMPLE:
            crew = state.crew[int(draw(state) * free), FREE_LIST]
        else:
            share = draw(state)
            crew = model.links[begin + int(share * share * able)]
            if state.crew[crew, BLOCKED] > 0:
                continue
        value = _fits(model, state, row, crew)
        if value < best:
            best, chosen = value, crew
    if chosen >= 0:
        state.row[row, ROW_CLASS] = chosen
        take(model, state, chosen)
        refresh(model, state, row)
    return chosen >= 0 and number[OPEN] > 0


@njit(cache=True, nogil=True)
def exchange_crews(model, state):  # type: ignore[no-untyped-def]
    """One to three rounds give up their crews and choose anew, one after the other; a round that finds none is lost."""
    number = state.number
    count = min(number[OPEN], 1 + int(draw(state) * 3.0))
    for _ in range(count):
        row = state.row[int(draw(state) * number[OPEN]), ROW_LIST]
        if state.row[row, ROW_STAMP] != number[STAMP]:
            touch(state, row)
            release(model, state, state.row[row, ROW_CLASS])
    for place in range(number[SAVED]):
        row = state.saved[place, S_ROW]
        if not _hand_over(model, state, row):
            _lose(model, state, row)


@njit(cache=True, nogil=True)
def _lose(model, state, row):  # type: ignore[no-untyped-def]
    """Closes a row whose crew was released already."""
    take(model, state, state.row[row, ROW_CLASS])
    for k in range(1, state.row[row, ROW_LENGTH] + 1):
        state.visit[state.stop[row, k, NODE], FRESH] = state.number[STAMP]
    empty_row(model, state, row)
