"""The state of one search: its open rounds, what is absent, which crews could still be opened; and how these change."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mosovo_planner.planning.rounds.compiled import kernel
from mosovo_planner.planning.rounds.model import (
    C_BEGIN,
    C_COUNT,
    C_END,
    C_LOAD,
    C_START,
    C_STOPS,
    C_UNTIL,
    C_USE,
    C_USE_END,
    R_LIMIT,
    R_USER,
    R_USER_END,
    UNLIMITED,
    V_DURATION,
    V_LAST,
    V_LOAD,
    V_REQUIRED,
    V_WINDOW,
    V_WINDOW_END,
    Layout,
    Model,
)
from mosovo_planner.planning.rounds.problem import Whole

# columns of State.row: a round. LIST is no property of the row: the first OPEN entries of that column list the open rows.
ROW_CLASS, ROW_LENGTH, ROW_LOAD, ROW_COST, ROW_REWARD, ROW_REQUIRED = range(6)
ROW_HASH, ROW_STAMP, ROW_AT, ROW_LIST, ROW_GAP, ROW_COLUMNS = range(6, 12)
# planes of State.stop, per row and position (0 is the start, length + 1 the end); LATEST is that of the position after
NODE, LEAVE, LATEST = range(3)
# columns of State.visit: where it is (row -1: absent), and its place in the list of the absent
AT_ROW, AT_POSITION, ABSENT_AT, ABSENT_LIST, FRESH, AT_COLUMNS = range(6)
# columns of State.crew: open rounds of the class, reasons why it cannot open one more, its place in the list of those that can
USED, BLOCKED, FREE_AT, FREE_LIST, CREW_COLUMNS = range(5)
# State.number
OPEN, ABSENT, FREE, STAMP, COST, REWARD, REQUIRED, SAVED, ITERATION = range(9)
BEST_OPEN, BEST_COST, BEST_REWARD, BEST_REQUIRED, NUMBERS = range(9, 14)
# columns of State.saved (rows as they were before this iteration) and State.best
S_ROW, S_CLASS, S_LENGTH, S_COLUMNS = range(4)
# columns of State.pool
P_HASH, P_CLASS, P_LENGTH, P_COST, P_REWARD, P_REQUIRED, P_COLUMNS = range(7)

POOL_BITS = 15


class State(NamedTuple):
    """Arrays over rows (open rounds) R, stops L, visits V, classes of crews K."""

    row: Whole  # (R, ROW_COLUMNS)
    stop: Whole  # (R, 3, L + 2)
    visit: Whole  # (V, AT_COLUMNS)
    crew: Whole  # (K, CREW_COLUMNS)
    used: Whole  # (resources,)
    number: Whole  # (NUMBERS,)
    saved: Whole  # (R, S_COLUMNS)
    saved_stops: Whole  # (R, L)
    best: Whole  # (R, S_COLUMNS)
    best_stops: Whole  # (R, L)
    key: NDArray[np.float64]  # (V,) scratch: the order of insertion
    order: Whole  # (V,) scratch likewise
    mark: NDArray[np.uint64]  # (V + K,) random words, to tell rounds apart
    random: NDArray[np.uint64]  # (1,)
    pool: Whole  # (2**POOL_BITS, P_COLUMNS)
    pool_stops: Whole  # (2**POOL_BITS, L)
    pool_score: NDArray[np.float64]  # (2**POOL_BITS,) the best answer that the round was met in


def new_state(model: Model, layout: Layout, seed: int) -> State:
    """An empty state: no round open, every visit absent. ``seed`` decides all that the search draws."""
    visits, classes, rows, stops = len(model.visit), len(model.crew), layout.rows, layout.stops
    source = np.random.default_rng(seed)
    state = State(
        row=np.zeros((rows, ROW_COLUMNS), dtype=np.int64),
        stop=np.zeros((rows, 3, stops + 2), dtype=np.int64),
        visit=np.zeros((visits, AT_COLUMNS), dtype=np.int64),
        crew=np.zeros((classes, CREW_COLUMNS), dtype=np.int64),
        used=np.zeros(len(model.resource) + 1, dtype=np.int64),
        number=np.zeros(NUMBERS, dtype=np.int64),
        saved=np.zeros((rows, S_COLUMNS), dtype=np.int64),
        saved_stops=np.zeros((rows, stops), dtype=np.int64),
        best=np.zeros((rows, S_COLUMNS), dtype=np.int64),
        best_stops=np.zeros((rows, stops), dtype=np.int64),
        key=np.zeros(visits, dtype=np.float64),
        order=np.zeros(visits, dtype=np.int64),
        mark=np.random.default_rng(0).integers(1, 2**63, visits + classes, dtype=np.uint64),  # alike in all searches
        random=source.integers(1, 2**63, 1, dtype=np.uint64),
        pool=np.zeros((1 << POOL_BITS, P_COLUMNS), dtype=np.int64),
        pool_stops=np.zeros((1 << POOL_BITS, stops), dtype=np.int64),
        pool_score=np.full(1 << POOL_BITS, np.inf, dtype=np.float64),
    )
    state.row[:, ROW_LIST] = np.arange(rows)
    state.row[:, ROW_AT] = np.arange(rows)
    state.visit[:, AT_ROW] = -1
    state.visit[:, ABSENT_AT] = np.arange(visits)
    state.visit[:, ABSENT_LIST] = np.arange(visits)
    state.number[ABSENT] = visits
    state.number[STAMP] = 1
    state.number[BEST_REQUIRED] = -1
    _free_classes(model, state)
    return state


def _free_classes(model: Model, state: State) -> None:
    for index, crew in enumerate(model.crew):
        state.crew[index, BLOCKED] = sum(model.resource[name, R_LIMIT] <= 0 for name in model.links[crew[C_USE]:crew[C_USE_END]])
    free = np.flatnonzero(state.crew[:, BLOCKED] == 0)
    rest = np.flatnonzero(state.crew[:, BLOCKED] > 0)
    order = np.concatenate([free, rest])
    state.crew[:, FREE_LIST] = order
    state.crew[order, FREE_AT] = np.arange(len(order))
    state.number[FREE] = len(free)


@kernel
def draw(random):  # type: ignore[no-untyped-def]
    """The next random word (xorshift*), as a share in [0, 1)."""
    x = random[0]
    x ^= x >> np.uint64(12)
    x ^= x << np.uint64(25)
    x ^= x >> np.uint64(27)
    random[0] = x
    return np.float64((x * np.uint64(2685821657736338717)) >> np.uint64(11)) * 1.1102230246251565e-16


@kernel
def earliest(model, visit, arrival):  # type: ignore[no-untyped-def]
    """The first moment from ``arrival`` on at which the visit may start, UNLIMITED where there is none."""
    for k in range(model.visit[visit, V_WINDOW], model.visit[visit, V_WINDOW_END]):
        if arrival <= model.windows[k, 1]:
            return max(arrival, model.windows[k, 0])
    return UNLIMITED


@kernel
def latest(model, visit, moment):  # type: ignore[no-untyped-def]
    """The last moment up to ``moment`` at which the visit may start, -UNLIMITED where there is none."""
    for k in range(model.visit[visit, V_WINDOW_END] - 1, model.visit[visit, V_WINDOW] - 1, -1):
        if moment >= model.windows[k, 0]:
            return min(moment, model.windows[k, 1])
    return -UNLIMITED


@kernel
def route_value(model, visits, crew):  # type: ignore[no-untyped-def]
    """What these visits in this order cost a class of crews, less their reward; UNLIMITED where they do not fit."""
    if len(visits) > model.crew[crew, C_STOPS]:
        return float(UNLIMITED)
    time, node, cost, reward, load = model.crew[crew, C_BEGIN], model.crew[crew, C_START], 0, 0, 0
    for visit in visits:
        time += model.travel[node, visit]
        if model.reward[visit, crew] < 0 or time > model.visit[visit, V_LAST]:
            return float(UNLIMITED)
        time = earliest(model, visit, time) + model.visit[visit, V_DURATION]
        cost += model.cost[node, visit]
        reward += model.reward[visit, crew]
        load += model.visit[visit, V_LOAD]
        node = visit
    end = model.crew[crew, C_END]
    if load > model.crew[crew, C_LOAD] or time + model.travel[node, end] > model.crew[crew, C_UNTIL]:
        return float(UNLIMITED)
    return cost + model.cost[node, end] - model.weight[0] * reward


@kernel
def refresh(model, state, row):  # type: ignore[no-untyped-def]
    """Times, sums and hash of a row anew, after its stops changed; the state's sums move with it."""
    number, stop, own = state.number, state.stop, state.row[row]
    number[COST] -= own[ROW_COST]
    number[REWARD] -= own[ROW_REWARD]
    number[REQUIRED] -= own[ROW_REQUIRED]
    crew = own[ROW_CLASS]
    length = own[ROW_LENGTH]
    load, cost, reward, required, total = 0, 0, 0, 0, state.mark[len(model.visit) + crew]
    time = model.crew[crew, C_BEGIN]
    node = model.crew[crew, C_START]
    stop[row, NODE, 0] = node
    stop[row, LEAVE, 0] = time
    for k in range(1, length + 1):
        visit = stop[row, NODE, k]
        time = earliest(model, visit, time + model.travel[node, visit]) + model.visit[visit, V_DURATION]
        stop[row, LEAVE, k] = time
        cost += model.cost[node, visit]
        load += model.visit[visit, V_LOAD]
        reward += model.reward[visit, crew]
        required += model.visit[visit, V_REQUIRED]
        total += state.mark[visit]
        state.visit[visit, AT_ROW] = row
        state.visit[visit, AT_POSITION] = k
        node = visit
    end = model.crew[crew, C_END]
    cost += model.cost[node, end]
    stop[row, NODE, length + 1] = end
    moment = model.crew[crew, C_UNTIL]
    stop[row, LATEST, length] = moment
    after = end
    gap = moment - stop[row, LEAVE, length]
    for k in range(length, 0, -1):
        visit = stop[row, NODE, k]
        moment = latest(model, visit, moment - model.travel[visit, after] - model.visit[visit, V_DURATION])
        stop[row, LATEST, k - 1] = moment
        gap = max(gap, moment - stop[row, LEAVE, k - 1])
        after = visit
    own[ROW_GAP] = gap
    own[ROW_LOAD], own[ROW_COST], own[ROW_REWARD], own[ROW_REQUIRED] = load, cost, reward, required
    own[ROW_HASH] = np.int64(total)
    number[COST] += cost
    number[REWARD] += reward
    number[REQUIRED] += required


@kernel
def _block(state, crew, change):  # type: ignore[no-untyped-def]
    """One reason more (or fewer) why the class cannot open a round; keeps the list of those that can."""
    table, number = state.crew, state.number
    before = table[crew, BLOCKED]
    table[crew, BLOCKED] = before + change
    if before == 0:
        number[FREE] -= 1
        goal = number[FREE]
    elif before + change == 0:
        goal = number[FREE]
        number[FREE] += 1
    else:
        return
    place, other = table[crew, FREE_AT], table[goal, FREE_LIST]
    table[goal, FREE_LIST], table[place, FREE_LIST] = crew, other
    table[crew, FREE_AT], table[other, FREE_AT] = goal, place


@kernel
def take(model, state, crew):  # type: ignore[no-untyped-def]
    """Counts one more open round of the class, and its resources."""
    state.crew[crew, USED] += 1
    if state.crew[crew, USED] == model.crew[crew, C_COUNT]:
        _block(state, crew, 1)
    for k in range(model.crew[crew, C_USE], model.crew[crew, C_USE_END]):
        name = model.links[k]
        state.used[name] += 1
        if state.used[name] == model.resource[name, R_LIMIT]:
            for j in range(model.resource[name, R_USER], model.resource[name, R_USER_END]):
                _block(state, model.links[j], 1)


@kernel
def release(model, state, crew):  # type: ignore[no-untyped-def]
    """Counts one open round of the class fewer, and returns its resources."""
    if state.crew[crew, USED] == model.crew[crew, C_COUNT]:
        _block(state, crew, -1)
    state.crew[crew, USED] -= 1
    for k in range(model.crew[crew, C_USE], model.crew[crew, C_USE_END]):
        name = model.links[k]
        if state.used[name] == model.resource[name, R_LIMIT]:
            for j in range(model.resource[name, R_USER], model.resource[name, R_USER_END]):
                _block(state, model.links[j], -1)
        state.used[name] -= 1


@kernel
def open_row(model, state, crew):  # type: ignore[no-untyped-def]
    """A new row for a round of the class; its stops are the caller's to write, then refresh. It counts as touched."""
    number = state.number
    row = state.row[number[OPEN], ROW_LIST]
    number[OPEN] += 1
    if state.row[row, ROW_STAMP] != number[STAMP]:
        keep(state, row, -1)
    state.row[row, ROW_CLASS] = crew
    state.row[row, ROW_LENGTH] = 0
    take(model, state, crew)
    return row


@kernel
def close_row(model, state, row):  # type: ignore[no-untyped-def]
    """Gives up a row that has no stops left."""
    number, table = state.number, state.row
    number[COST] -= table[row, ROW_COST]
    number[REWARD] -= table[row, ROW_REWARD]
    number[REQUIRED] -= table[row, ROW_REQUIRED]
    table[row, ROW_COST] = table[row, ROW_REWARD] = table[row, ROW_REQUIRED] = 0
    table[row, ROW_LENGTH] = 0
    number[OPEN] -= 1
    goal, place = number[OPEN], table[row, ROW_AT]
    other = table[goal, ROW_LIST]
    table[goal, ROW_LIST], table[place, ROW_LIST] = row, other
    table[row, ROW_AT], table[other, ROW_AT] = goal, place
    release(model, state, table[row, ROW_CLASS])


@kernel
def keep(state, row, crew):  # type: ignore[no-untyped-def]
    """Notes a row as it is before its first change in this iteration (class -1: it was not open)."""
    number = state.number
    state.row[row, ROW_STAMP] = number[STAMP]
    place = number[SAVED]
    number[SAVED] = place + 1
    length = state.row[row, ROW_LENGTH] if crew >= 0 else 0
    state.saved[place, S_ROW], state.saved[place, S_CLASS], state.saved[place, S_LENGTH] = row, crew, length
    for k in range(length):
        state.saved_stops[place, k] = state.stop[row, NODE, k + 1]


@kernel
def touch(state, row):  # type: ignore[no-untyped-def]
    """Notes an open row before it is changed."""
    if state.row[row, ROW_STAMP] != state.number[STAMP]:
        keep(state, row, state.row[row, ROW_CLASS])


@kernel
def set_absent(state, visit):  # type: ignore[no-untyped-def]
    """Lists the visit as absent (its stop is the caller's to take out)."""
    number, table = state.number, state.visit
    goal = number[ABSENT]
    number[ABSENT] += 1
    _swap(table, visit, goal)
    table[visit, AT_ROW] = -1


@kernel
def set_present(state, visit):  # type: ignore[no-untyped-def]
    """Lists the visit as made (its stop is the caller's to write)."""
    number, table = state.number, state.visit
    number[ABSENT] -= 1
    _swap(table, visit, number[ABSENT])


@kernel
def _swap(table, visit, goal):  # type: ignore[no-untyped-def]
    place, other = table[visit, ABSENT_AT], table[goal, ABSENT_LIST]
    table[goal, ABSENT_LIST], table[place, ABSENT_LIST] = visit, other
    table[visit, ABSENT_AT], table[other, ABSENT_AT] = goal, place


@kernel
def insert_at(model, state, row, position, visit):  # type: ignore[no-untyped-def]
    """Puts an absent visit into an open row behind ``position``."""
    touch(state, row)
    length = state.row[row, ROW_LENGTH]
    for k in range(length, position, -1):
        state.stop[row, NODE, k + 1] = state.stop[row, NODE, k]
    state.stop[row, NODE, position + 1] = visit
    state.row[row, ROW_LENGTH] = length + 1
    set_present(state, visit)
    refresh(model, state, row)


@kernel
def empty_row(model, state, row):  # type: ignore[no-untyped-def]
    """Takes every stop out of an open row and closes it."""
    for k in range(1, state.row[row, ROW_LENGTH] + 1):
        set_absent(state, state.stop[row, NODE, k])
    close_row(model, state, row)


@kernel
def undo(model, state):  # type: ignore[no-untyped-def]
    """Every touched row as it was when this iteration began."""
    number = state.number
    for place in range(number[SAVED]):
        row = state.saved[place, S_ROW]
        if state.row[row, ROW_AT] < number[OPEN]:
            empty_row(model, state, row)
    for place in range(number[SAVED]):
        if state.saved[place, S_CLASS] >= 0:
            restore(model, state, state.saved[place], state.saved_stops[place])


@kernel
def restore(model, state, kept, stops):  # type: ignore[no-untyped-def]
    """Opens a row for a kept round: its class, its stops."""
    number = state.number
    row = state.row[number[OPEN], ROW_LIST]
    number[OPEN] += 1
    state.row[row, ROW_CLASS] = kept[S_CLASS]
    state.row[row, ROW_LENGTH] = kept[S_LENGTH]
    for k in range(kept[S_LENGTH]):
        state.stop[row, NODE, k + 1] = stops[k]
        set_present(state, stops[k])
    take(model, state, kept[S_CLASS])
    refresh(model, state, row)


@kernel
def begin_iteration(state):  # type: ignore[no-untyped-def]
    """From here on, undo comes back to the present state."""
    state.number[STAMP] += 1
    state.number[SAVED] = 0
