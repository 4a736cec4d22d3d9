"""Taking visits out: strings of neighbouring stops (slack induction by string removals), whole rounds, crews.

After J. Christiaens and G. Vanden Berghe, "Slack induction by string removals for vehicle routing problems",
Transportation Science 54 (2020); the crews' moves are this program's own.
"""

from __future__ import annotations

from mosovo_planner.planning.rounds.compiled import kernel
from mosovo_planner.planning.rounds.model import (
    UNLIMITED,
    V_CANDIDATE,
    V_CANDIDATE_END,
)
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
    ROW_STAMP,
    S_ROW,
    SAVED,
    STAMP,
    close_row,
    draw,
    empty_row,
    refresh,
    release,
    route_value,
    set_absent,
    take,
    touch,
)

REMOVED = 10.0  # visits taken out an iteration, on average
LONGEST = 10.0  # longest string
SPLIT = 0.5  # share of strings that leave some stops in their middle
GROW = 0.01  # chance that such a middle grows by one more
BLINK = 0.15  # chance to overlook a crew: crews that are alike take turns
SAMPLE = 12  # crews tried for a round that changes hands


@kernel
def _cut(model, state, row, first, last, hold, held):  # type: ignore[no-untyped-def]
    """Takes the stops ``first`` to ``last`` out of a row, but for ``held`` stops from ``hold`` on."""
    touch(state, row)
    length, goal = state.row[row, ROW_LENGTH], first
    for k in range(first, length + 1):
        visit = state.stop[row, NODE, k]
        if k > last or hold <= k < hold + held:
            state.stop[row, NODE, goal] = visit
            goal += 1
        else:
            set_absent(state, visit)
            state.visit[visit, FRESH] = state.number[STAMP]
    state.row[row, ROW_LENGTH] = goal - 1
    if goal == 1:
        close_row(model, state, row)
    else:
        refresh(model, state, row)


@kernel
def _cut_string(model, state, visit, longest):  # type: ignore[no-untyped-def]
    """Takes out a string of stops that holds the visit."""
    row, position = state.visit[visit, AT_ROW], state.visit[visit, AT_POSITION]
    length = state.row[row, ROW_LENGTH]
    size = 1 + int(draw(state.random) * min(float(length), longest))
    size = min(size, length)
    held = 0
    if size > 1 and size < length and draw(state.random) < SPLIT:
        held = 1
        while size + held < length and draw(state.random) < GROW:
            held += 1
    span = size + held
    low, high = max(1, position - span + 1), min(position, length - span + 1)
    first = low + int(draw(state.random) * (high - low + 1))
    hold = first + 1 + int(draw(state.random) * (size - 1)) if held else 0
    _cut(model, state, row, first, first + span - 1, hold, held)


@kernel
def remove_strings(model, state):  # type: ignore[no-untyped-def]
    """Strings from the rounds around a visit drawn at random (made or missed)."""
    visits, number = len(model.visit), state.number
    mean = (visits - number[ABSENT]) / max(1, number[OPEN])
    longest = min(LONGEST, max(1.0, mean))
    strings = 1 + int(draw(state.random) * max(1.0, 4.0 * REMOVED / (1.0 + longest) - 1.0))
    seed = int(draw(state.random) * visits)
    for k in range(-1, model.near.shape[1]):
        if strings == 0:
            return
        visit = seed if k < 0 else model.near[seed, k]
        row = state.visit[visit, AT_ROW]
        if row >= 0 and state.row[row, ROW_STAMP] != number[STAMP]:
            _cut_string(model, state, visit, longest)
            strings -= 1


@kernel
def remove_round(model, state):  # type: ignore[no-untyped-def]
    """One whole round, drawn at random."""
    row = state.row[int(draw(state.random) * state.number[OPEN]), ROW_LIST]
    touch(state, row)
    for k in range(1, state.row[row, ROW_LENGTH] + 1):
        state.visit[state.stop[row, NODE, k], FRESH] = state.number[STAMP]
    empty_row(model, state, row)


@kernel
def _hand_over(model, state, row):  # type: ignore[no-untyped-def]
    """Gives a row whose crew was released to the best of a sample of the crews that are free."""
    number, free = state.number, state.number[FREE]
    best, chosen = float(UNLIMITED), -1
    visit = state.stop[row, NODE, 1 + int(draw(state.random) * state.row[row, ROW_LENGTH])]
    begin, able = model.visit[visit, V_CANDIDATE], model.visit[visit, V_CANDIDATE_END] - model.visit[visit, V_CANDIDATE]
    for k in range(min(free, 2 * SAMPLE)):
        if free <= 2 * SAMPLE:
            crew = state.crew[k, FREE_LIST]
        elif k < SAMPLE:
            crew = state.crew[int(draw(state.random) * free), FREE_LIST]
        else:
            share = draw(state.random)
            crew = model.links[begin + int(share * share * able)]
            if state.crew[crew, BLOCKED] > 0:
                continue
        value = route_value(model, state.stop[row, NODE, 1 : state.row[row, ROW_LENGTH] + 1], crew)
        if value < best and draw(state.random) >= BLINK:
            best, chosen = value, crew
    if chosen >= 0:
        state.row[row, ROW_CLASS] = chosen
        take(model, state, chosen)
        refresh(model, state, row)
    return chosen >= 0 and number[OPEN] > 0


@kernel
def exchange_crews(model, state):  # type: ignore[no-untyped-def]
    """One to three rounds give up their crews and choose anew, one after the other; a round that finds none is lost."""
    number = state.number
    count = min(number[OPEN], 1 + int(draw(state.random) * 3.0))
    for _ in range(count):
        row = state.row[int(draw(state.random) * number[OPEN]), ROW_LIST]
        if state.row[row, ROW_STAMP] != number[STAMP]:
            touch(state, row)
            release(model, state, state.row[row, ROW_CLASS])
    for place in range(number[SAVED]):
        row = state.saved[place, S_ROW]
        if not _hand_over(model, state, row):
            _lose(model, state, row)


@kernel
def _lose(model, state, row):  # type: ignore[no-untyped-def]
    """Closes a row whose crew was released already."""
    take(model, state, state.row[row, ROW_CLASS])
    for k in range(1, state.row[row, ROW_LENGTH] + 1):
        state.visit[state.stop[row, NODE, k], FRESH] = state.number[STAMP]
    empty_row(model, state, row)
