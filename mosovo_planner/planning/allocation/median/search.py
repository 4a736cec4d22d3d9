"""Ruin and recreate over neighbouring territories, under annealing; compiled with numba.

One step closes a few territories that lie next to each other, opens centres anew among their offenders, shares
the offenders out again, and settles by exchanges and re-centring (the idea of Christiaens & Vanden Berghe's ruin
and recreate, 2020, applied to territories).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from mosovo_planner.planning.allocation.median.model import Model
from mosovo_planner.planning.allocation.median.problem import Floats, Ints

_LEAST = 1e-9
FITS = 1e-7
_MOST_TERRITORIES = 6
_TURNS = 4


class State(NamedTuple):
    """One search: who holds whom, centres (-1: no territory), members of each territory, loads, costs, the best met.

    ``totals`` holds cost, excess over capacity, best cost, steps.
    """

    holder: Ints
    centre: Ints
    member: Ints
    size: Ints
    load: Floats
    cost: Floats
    best_holder: Ints
    best_centre: Ints
    totals: Floats


COST, EXCESS, BEST, STEPS = range(4)


@njit(cache=True, nogil=True)
def territory_cost(model, own, size, manager, centre):  # type: ignore[no-untyped-def]
    """Distances to a centre, extras and opening of a territory."""
    cost = model.opening[manager, centre] if model.based else 0.0
    for a in range(size):
        cost += model.apart[own[a], centre]
        if not model.plain:
            cost += model.extra[own[a], manager]
    return cost


@njit(cache=True, nogil=True)
def best_centre(model, own, size, manager, present):  # type: ignore[no-untyped-def]
    """The own offender who makes the cheapest centre; the present one where it is as good."""
    if size == 0:
        return -1
    best, at = np.inf, -1
    for a in range(size):
        j = own[a]
        cost = model.opening[manager, j] if model.based else 0.0
        for b in range(size):
            cost += model.apart[own[b], j]
            if cost >= best:
                break
        if cost < best - _LEAST or (cost <= best and j == present):
            best, at = cost, j
    return at


@njit(cache=True, nogil=True)
def load_state(model, holder, state):  # type: ignore[no-untyped-def]
    """Set a state to an assignment, with the best centres for it."""
    state.size[:] = 0
    state.load[:] = 0.0
    for i in range(len(holder)):
        k = holder[i]
        state.holder[i] = k
        state.member[k, state.size[k]] = i
        state.size[k] += 1
        state.load[k] += model.load[i]
    state.totals[COST] = 0.0
    state.totals[EXCESS] = 0.0
    for k in range(len(state.size)):
        state.centre[k] = best_centre(model, state.member[k], state.size[k], k, -1)
        state.cost[k] = territory_cost(model, state.member[k], state.size[k], k, state.centre[k]) if state.size[k] else 0.0
        state.totals[COST] += state.cost[k]
        state.totals[EXCESS] += max(0.0, state.load[k] - model.capacity[k])


@njit(cache=True, nogil=True)
def _remember(state):  # type: ignore[no-untyped-def]
    state.best_holder[:] = state.holder
    state.best_centre[:] = state.centre
    state.totals[BEST] = state.totals[COST]


@njit(cache=True, nogil=True)
def _among(chosen, r, k):  # type: ignore[no-untyped-def]
    known = False
    for b in range(r):
        known = known or chosen[b] == k
    return known


@njit(cache=True, nogil=True)
def _choose(model, state, zone, mine, chosen):  # type: ignore[no-untyped-def]
    """Neighbouring territories around a random offender, now and then one that is closed; how many.

    Where ``mine`` is not negative, only territories of that zone: another thread works on the others.
    """
    seed = np.random.randint(len(state.holder))
    want = 2 + np.random.randint(_MOST_TERRITORIES - 1)
    r = 0
    for a in range(model.near.shape[1]):
        k = state.holder[model.near[seed, a]]
        if (mine < 0 or zone[k] == mine) and not _among(chosen, r, k):
            chosen[r] = k
            r += 1
            if r == want:
                break
    if r and np.random.random() < 0.2:
        k = np.random.randint(len(state.size))
        worth = state.size[k] == 0 or not model.plain or model.based
        if worth and (mine < 0 or zone[k] == mine) and not _among(chosen, r, k):
            r = min(r, want - 1)
            chosen[r] = k
            r += 1
    return r


@njit(cache=True, nogil=True)
def _reopen(model, state, chosen, r, own, s, centres):  # type: ignore[no-untyped-def]
    """New centres for the chosen territories, among their offenders."""
    for b in range(r):
        centres[b] = state.centre[chosen[b]]
        if centres[b] < 0:
            centres[b] = own[np.random.randint(s)]
    way = np.random.random()
    if way < 0.55:
        for _ in range(1 + np.random.randint(2)):
            centres[np.random.randint(r)] = own[np.random.randint(s)]
    elif way < 0.75:
        for b in range(r):
            centres[b] = own[np.random.randint(s)]
    elif way < 0.9:
        for b in range(r):
            old = centres[b]
            centres[b] = model.near[old, np.random.randint(min(8, model.near.shape[1]))]
    else:
        b, c = np.random.randint(r), np.random.randint(r)
        centres[b], centres[c] = centres[c], centres[b]


@njit(cache=True, nogil=True)
def _prices(model, chosen, r, own, s, centres, price):  # type: ignore[no-untyped-def]
    for a in range(s):
        for b in range(r):
            price[a, b] = model.apart[own[a], centres[b]]
            if not model.plain:
                price[a, b] += model.extra[own[a], chosen[b]]


@njit(cache=True, nogil=True)
def _share_out(model, chosen, r, own, s, price, to, load, regret):  # type: ignore[no-untyped-def]
    """Offenders with most to lose choose first; who finds no room goes where it strains least."""
    for a in range(s):
        first, second = np.inf, np.inf
        for b in range(r):
            if price[a, b] < first:
                first, second = price[a, b], first
            elif price[a, b] < second:
                second = price[a, b]
        regret[a] = -(min(second, 1e12) - min(first, 1e12)) * (0.7 + 0.6 * np.random.random())
    order = np.argsort(regret[:s])
    load[:r] = 0.0
    for a in order:
        need = model.load[own[a]]
        best, at = np.inf, 0
        for b in range(r):
            cost = price[a, b] + model.over * max(0.0, load[b] + need - model.capacity[chosen[b]]) * 2
            if cost < best:
                best, at = cost, b
        to[a] = at
        load[at] += need


@njit(cache=True, nogil=True)
def _exchange(model, chosen, r, own, s, price, to, load):  # type: ignore[no-untyped-def]
    """Shift offenders and swap pairs within the chosen territories until nothing is gained; whether anything was."""
    any_gain = False
    over = model.over
    again = True
    while again:
        again = False
        for a in range(s):
            x, need = to[a], model.load[own[a]]
            cap = model.capacity[chosen[x]]
            relief = over * (max(0.0, load[x] - cap) - max(0.0, load[x] - need - cap))
            for y in range(r):
                if y == x or price[a, y] - price[a, x] - relief >= -_LEAST:
                    continue
                room = model.capacity[chosen[y]]
                strain = over * (max(0.0, load[y] + need - room) - max(0.0, load[y] - room))
                if price[a, y] - price[a, x] - relief + strain < -_LEAST:
                    load[x] -= need
                    load[y] += need
                    to[a] = y
                    again = True
                    break
        for a in range(s):
            for c in range(a + 1, s):
                x, y = to[a], to[c]
                if x == y:
                    continue
                gain = price[a, y] + price[c, x] - price[a, x] - price[c, y]
                cap, room = model.capacity[chosen[x]], model.capacity[chosen[y]]
                now = max(0.0, load[x] - cap) + max(0.0, load[y] - room)
                if gain - over * now >= -_LEAST:
                    continue
                shift = model.load[own[c]] - model.load[own[a]]
                then = max(0.0, load[x] + shift - cap) + max(0.0, load[y] - shift - room)
                if gain + over * (then - now) < -_LEAST:
                    load[x] += shift
                    load[y] -= shift
                    to[a], to[c] = y, x
                    again = True
        any_gain = any_gain or again
    return any_gain


@njit(cache=True, nogil=True)
def _gather(own, s, to, b, group):  # type: ignore[no-untyped-def]
    """The offenders of one of the chosen territories; how many."""
    size = 0
    for a in range(s):
        if to[a] == b:
            group[size] = own[a]
            size += 1
    return size


@njit(cache=True, nogil=True)
def _recentre(model, chosen, r, own, s, to, centres, group):  # type: ignore[no-untyped-def]
    """Put each centre where its territory now wants it; whether any moved."""
    moved = False
    for b in range(r):
        size = _gather(own, s, to, b, group)
        if size:
            j = best_centre(model, group, size, chosen[b], centres[b])
            moved = moved or j != centres[b]
            centres[b] = j
    return moved


@njit(cache=True, nogil=True)
def _judge(model, chosen, r, own, s, to, centres, load, group, new_cost):  # type: ignore[no-untyped-def]
    """Cost and excess of the chosen territories as they would be."""
    total, excess = 0.0, 0.0
    for b in range(r):
        size = _gather(own, s, to, b, group)
        new_cost[b] = 0.0
        if size:
            new_cost[b] = territory_cost(model, group, size, chosen[b], centres[b])
        else:
            centres[b] = -1
        total += new_cost[b]
        excess += max(0.0, load[b] - model.capacity[chosen[b]])
    return total, excess


@njit(cache=True, nogil=True)
def _apply(state, chosen, r, own, s, to, centres, load, new_cost):  # type: ignore[no-untyped-def]
    for b in range(r):
        k = chosen[b]
        state.size[k] = 0
        state.centre[k] = centres[b]
        state.load[k] = load[b]
        state.cost[k] = new_cost[b]
    for a in range(s):
        i, k = own[a], chosen[to[a]]
        state.holder[i] = k
        state.member[k, state.size[k]] = i
        state.size[k] += 1


@njit(cache=True, nogil=True)
def anneal(model, state, zone, mine, steps, heat, seed):  # type: ignore[no-untyped-def]
    """Make steps at one temperature; ``seed`` >= 0 seeds this thread's numbers first.

    Two threads may share all of a state but its totals, each in its own zone of territories (``zone`` by manager,
    ``mine`` not negative); the best is then not kept, see :func:`settle`.
    """
    if seed >= 0:
        np.random.seed(seed)
    n = len(state.holder)
    chosen, centres = np.empty(_MOST_TERRITORIES, np.int64), np.empty(_MOST_TERRITORIES, np.int64)
    own, to, group = np.empty(n, np.int64), np.empty(n, np.int64), np.empty(n, np.int64)
    price, regret = np.empty((n, _MOST_TERRITORIES)), np.empty(n)
    load, new_cost = np.empty(_MOST_TERRITORIES), np.empty(_MOST_TERRITORIES)
    for _ in range(steps):
        r = _choose(model, state, zone, mine, chosen)
        if r == 0:
            continue
        s, old, old_excess = 0, 0.0, 0.0
        for b in range(r):
            k = chosen[b]
            old += state.cost[k]
            old_excess += max(0.0, state.load[k] - model.capacity[k])
            for a in range(state.size[k]):
                own[s] = state.member[k, a]
                s += 1
        _reopen(model, state, chosen, r, own, s, centres)
        _prices(model, chosen, r, own, s, centres, price)
        _share_out(model, chosen, r, own, s, price, to, load, regret)
        for _turn in range(_TURNS):
            _exchange(model, chosen, r, own, s, price, to, load)
            if not _recentre(model, chosen, r, own, s, to, centres, group):
                break
            _prices(model, chosen, r, own, s, centres, price)
        new, excess = _judge(model, chosen, r, own, s, to, centres, load, group, new_cost)
        change = new - old + model.over * (excess - old_excess)
        if change < 0 or change < -heat * np.log(np.random.random()):
            _apply(state, chosen, r, own, s, to, centres, load, new_cost)
            state.totals[COST] += new - old
            state.totals[EXCESS] += excess - old_excess
            if mine < 0 and state.totals[EXCESS] < FITS and state.totals[COST] < state.totals[BEST] - _LEAST:
                _remember(state)
    state.totals[STEPS] += steps


def new_state(model: Model, holder: Ints) -> State:
    """A state that starts from an assignment, which may pass capacities."""
    n, m = len(holder), len(model.capacity)
    state = State(
        holder=np.zeros(n, np.int64),
        centre=np.full(m, -1, np.int64),
        member=np.zeros((m, n), np.int64),
        size=np.zeros(m, np.int64),
        load=np.zeros(m),
        cost=np.zeros(m),
        best_holder=np.zeros(n, np.int64),
        best_centre=np.full(m, -1, np.int64),
        totals=np.array([0.0, 0.0, np.inf, 0.0]),
    )
    restart(model, state, holder)
    return state


def restart(model: Model, state: State, holder: Ints) -> None:
    """Go on from another assignment; the best met is kept where it is better."""
    load_state(model, holder, state)
    if state.totals[EXCESS] < FITS and state.totals[COST] < state.totals[BEST]:
        _remember(state)


def settle(model: Model, state: State, steps: float) -> None:
    """Add a state up anew after threads worked on its zones, and keep it where it is the best."""
    state.totals[COST] = state.cost.sum()
    state.totals[EXCESS] = np.maximum(state.load - model.capacity, 0).sum()
    state.totals[STEPS] += steps
    if state.totals[EXCESS] < FITS and state.totals[COST] < state.totals[BEST]:
        _remember(state)


def split(model: Model, state: State, rng: np.random.Generator) -> Ints:
    """Two zones of territories with a border that runs another way each time."""
    n = len(state.holder)
    one = int(rng.integers(n))
    other = int(np.argmax(model.apart[one] * rng.random(n)))
    centre = np.where(state.centre >= 0, state.centre, rng.integers(n, size=len(state.centre)))
    lean = model.apart[centre, one] - model.apart[centre, other]
    zone: Ints = (lean > np.median(lean)).astype(np.int64)
    return zone
