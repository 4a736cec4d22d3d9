"""A proven lower bound by Lagrangian relaxation, and what its reduced costs rule out.

The rule "every offender in one territory" is priced instead of enforced. What is left falls apart into one
knapsack for every kind of manager and possible centre, solved in whole numbers, its centre included; each kind
takes its cheapest centres. The prices are improved by subgradient steps. After Lorena and Senne (2004),
"A column generation approach to capacitated p-median problems", whose master problem has the same value.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from mosovo_planner.planning.allocation.median.model import Model
from mosovo_planner.planning.allocation.median.problem import Floats, Ints

_MOST_WORK = 5e7
_MOST_ROOM = 2000
_MOMENTUM, _PATIENCE, _SLOWER, _AIM = 0.7, 20, 0.7, 1.003
_ROUNDING = 1e-11
Keep = Callable[[float], bool]
Whole = NDArray[np.int32]


class Kinds(NamedTuple):
    """Managers who are alike, K kinds: how many, capacity, extras (K, n) and openings (K, n).

    ``weight`` and ``room`` are loads and capacities as whole numbers, rounded down where they are none already:
    whatever fits the real ones fits these. ``order`` (n, n) has the offenders nearest to each centre first.
    """

    many: Ints
    capacity: Floats
    extra: Floats
    opening: Floats
    weight: Ints
    room: Ints
    order: Whole


@dataclass(frozen=True, eq=False)
class Bound:
    """A lower bound with the prices (n) that prove it; ``kinds`` were used, ``kind_of`` maps managers to them."""

    value: float
    prices: Floats
    kinds: Kinds
    kind_of: Ints
    merged: bool


def kinds_of(model: Model) -> tuple[Kinds, Ints, bool]:
    """Group managers who are alike; where there are too many kinds, one that is better than any (still a bound)."""
    n, m = len(model.load), len(model.capacity)
    extra = np.zeros((m, n)) if model.plain else np.ascontiguousarray(model.extra.T)
    opening = model.opening if model.based else np.zeros((m, n))
    keys: dict[tuple[float, bytes, bytes], int] = {}
    named = ((model.capacity[k], extra[k].tobytes(), opening[k].tobytes()) for k in range(m))
    kind_of = np.array([keys.setdefault(name, len(keys)) for name in named], dtype=np.int64)
    merged = len(keys) > 1 and len(keys) * n * n > _MOST_WORK
    if merged:
        kind_of[:] = 0
        many, capacity = np.array([m]), model.capacity.max(keepdims=True)
        extra, opening = extra.min(axis=0)[None], opening.min(axis=0)[None]
    else:
        first = np.array([int(np.flatnonzero(kind_of == kind)[0]) for kind in range(len(keys))])
        many, capacity, extra, opening = np.bincount(kind_of), model.capacity[first], extra[first], opening[first]
    weight, room = _whole(model.load, capacity)
    order = np.ascontiguousarray(np.argsort(model.apart, axis=0, kind="stable").T.astype(np.int32))
    return Kinds(many, capacity, extra.copy(), opening.copy(), weight, room, order), kind_of, merged


def _whole(load: Floats, capacity: Floats) -> tuple[Ints, Ints]:
    """Loads and capacities on a grid of whole numbers small enough to count through."""
    whole = np.rint(load).astype(np.int64)
    grid = float(np.gcd.reduce(whole)) if (whole == load).all() and whole.any() else 0.0
    finest = float(capacity.max(initial=0.0)) / _MOST_ROOM
    grid = max(grid, finest) if grid >= finest or not grid else finest
    if not grid:
        return np.zeros(len(load), dtype=np.int64), np.zeros(len(capacity), dtype=np.int64)
    return np.floor(load / grid).astype(np.int64), np.floor(np.minimum(capacity, load.sum()) / grid).astype(np.int64)


@njit(cache=True, nogil=True)
def _table(apart, order, weight, extra, prices, room, centre, best):  # type: ignore[no-untyped-def]
    """Whole-number knapsack of one centre: ``best[q]`` is the least sum within weight q, of offenders worth taking."""
    best[: room + 1] = 0.0
    dearest = prices.max()
    for i in order[centre]:
        if apart[i, centre] >= dearest:
            break
        gain = apart[i, centre] + extra[i] - prices[i]
        if gain >= 0 or i == centre or weight[i] > room:
            continue
        w = weight[i]
        if w == 0:
            best[: room + 1] += gain
            continue
        for q in range(room, w - 1, -1):
            best[q] = min(best[q], best[q - w] + gain)


@njit(cache=True, nogil=True)
def _values(apart, kinds, prices, value, best):  # type: ignore[no-untyped-def]
    """What a territory of each kind around each centre is worth at these prices, (K, n); inf where it cannot be."""
    for kind in range(len(kinds.many)):
        for j in range(len(prices)):
            value[kind, j] = np.inf
            room = kinds.room[kind] - kinds.weight[j]
            if room >= 0 and kinds.extra[kind, j] < np.inf:
                _table(apart, kinds.order, kinds.weight, kinds.extra[kind], prices, room, j, best)
                own = apart[j, j] + kinds.extra[kind, j] - prices[j]
                value[kind, j] = best[room] + own + kinds.opening[kind, j]


@njit(cache=True, nogil=True)
def _worth(toward, kinds, prices, dearest, kind, centre, item, ratio):  # type: ignore[no-untyped-def]
    """List who is worth taking around a centre, best by weight first; how many, and a least value with parts taken.

    The least value is that of the knapsack whose last item may be cut: never above the true one.
    """
    weight, extra = kinds.weight, kinds.extra[kind]
    room = kinds.room[kind] - weight[centre]
    count = 0
    for i in kinds.order[centre]:
        if toward[centre, i] >= dearest:
            break
        gain = toward[centre, i] + extra[i] - prices[i]
        if gain >= 0 or i == centre or weight[i] > room:
            continue
        each = gain / weight[i] if weight[i] else -np.inf
        place = count
        while place > 0 and ratio[place - 1] > each:
            ratio[place], item[place] = ratio[place - 1], item[place - 1]
            place -= 1
        ratio[place], item[place] = each, i
        count += 1
    value = toward[centre, centre] + extra[centre] - prices[centre] + kinds.opening[kind, centre]
    for a in range(count):
        i = item[a]
        if weight[i] > room:
            value += ratio[a] * room
            break
        room -= weight[i]
        value += toward[centre, i] + extra[i] - prices[i]
    return count, value


@njit(cache=True, nogil=True)
def _fill(toward, kinds, prices, kind, centre, item, count, table):  # type: ignore[no-untyped-def]
    """The knapsack of one centre in whole numbers: a row of ``table`` for each item; the value."""
    room, extra = kinds.room[kind] - kinds.weight[centre], kinds.extra[kind]
    table[0, : room + 1] = 0.0
    for a in range(count):
        i = item[a]
        w, gain = kinds.weight[i], toward[centre, i] + extra[i] - prices[i]
        before, after = table[a], table[a + 1]
        for q in range(w):
            after[q] = before[q]
        for q in range(w, room + 1):
            after[q] = min(before[q], before[q - w] + gain)
    own = toward[centre, centre] + extra[centre] - prices[centre]
    return table[count, room] + own + kinds.opening[kind, centre]


@njit(cache=True, nogil=True)
def _members(kinds, kind, centre, item, count, table, member):  # type: ignore[no-untyped-def]
    """Read from a filled table whom the territory takes; how many."""
    q = kinds.room[kind] - kinds.weight[centre]
    member[0], size = centre, 1
    for a in range(count - 1, -1, -1):
        if table[a + 1, q] < table[a, q]:
            member[size] = item[a]
            size += 1
            q -= kinds.weight[item[a]]
    return size


@njit(cache=True, nogil=True)
def _step(toward, kinds, prices, cover, scratch):  # type: ignore[no-untyped-def]
    """Bound at these prices; ``cover`` gets how often each offender is covered.

    Only centres whose cut knapsack promises to be among the cheapest are counted through in whole numbers.
    """
    least, item, ratio, table, member, size = scratch
    cover[:] = 0.0
    total, dearest = prices.sum(), prices.max()
    for kind in range(len(kinds.many)):
        most = min(kinds.many[kind], len(prices))
        for j in range(len(prices)):
            least[j] = np.inf
            if kinds.room[kind] >= kinds.weight[j] and kinds.extra[kind, j] < np.inf:
                _, least[j] = _worth(toward, kinds, prices, dearest, kind, j, item, ratio)
        value, worst = np.zeros(most), 0
        size[:most] = 0
        for j in np.argsort(least):
            if least[j] >= value[worst]:
                break
            count, _ = _worth(toward, kinds, prices, dearest, kind, j, item, ratio)
            own = _fill(toward, kinds, prices, kind, j, item, count, table)
            if own < value[worst]:
                value[worst] = own
                size[worst] = _members(kinds, kind, j, item, count, table, member[worst])
                worst = int(np.argmax(value))
        total += value.sum()
        for b in range(most):
            for a in range(size[b]):
                cover[member[b, a]] += 1.0
    return total


@njit(cache=True, nogil=True)
def ascend(toward, kinds, prices, best_prices, best, upper, pace, idle, steps):  # type: ignore[no-untyped-def]
    """Subgradient steps with momentum; the best bound, and the pace and idle steps they end with. Changes both prices."""
    n, room = len(prices), kinds.room.max() + 1
    most = min(kinds.many.max(), n)
    cover, way = np.empty(n), np.zeros(n)
    scratch = (
        np.empty(n), np.empty(n, np.int64), np.empty(n), np.empty((n + 1, room)),
        np.empty((most, n + 1), np.int32), np.zeros(most, np.int64),
    )
    for _ in range(steps):
        bound = _step(toward, kinds, prices, cover, scratch)
        if bound > best + 1e-9 * abs(best):
            best = bound
            best_prices[:] = prices
            idle = 0
        else:
            idle += 1
            if idle >= _PATIENCE:
                pace *= _SLOWER
                idle = 0
                prices[:] = best_prices
                way[:] = 0.0
                continue
        if (cover == 1.0).all():
            return best, 0.0, idle  # what the prices choose is an answer: no prices bound better
        way *= _MOMENTUM
        way += 1.0 - cover
        # Momentum may all but cancel; a step never takes it for less than one offender too many.
        norm = max(1.0, (way * way).sum())
        prices += pace * (_AIM * upper - bound) / norm * way
    return best, pace, idle


def lower_bound(model: Model, upper: float, prices: Floats, *, keep_on: Keep) -> Bound:
    """Improve the prices while ``keep_on(bound)`` says so, until the steps become tiny."""
    kinds, kind_of, merged = kinds_of(model)
    now, best_prices = prices.copy(), prices.copy()
    best, pace, idle = 0.0, 1.5, 0
    toward = np.ascontiguousarray(model.apart.T)
    steps = max(1, min(50, int(3e8 / (len(kinds.many) * len(prices) ** 2 + 1))))
    while pace > 1e-3 and upper - best > 1e-9 * abs(upper) and keep_on(best):
        best, pace, idle = ascend(toward, kinds, now, best_prices, best, upper, pace, idle, steps)
    best -= _ROUNDING * float(np.abs(best_prices).sum() + abs(best))
    return Bound(best, best_prices, kinds, kind_of, merged)


def thresholds(model: Model, bound: Bound) -> Floats:
    """What the dearest territory that the prices would open is worth, by kind (K); never above 0."""
    kinds, n = bound.kinds, len(model.load)
    value, best = np.empty((len(kinds.many), n)), np.empty(kinds.room.max() + 1)
    _values(model.apart, kinds, bound.prices, value, best)
    last = np.minimum(kinds.many, n) - 1
    ranked = np.sort(value, axis=1)[np.arange(len(last)), last]
    worth: Floats = np.minimum(ranked, 0.0)
    return worth


@njit(cache=True, nogil=True)
def _least_with(apart, kinds, prices, base, forced):  # type: ignore[no-untyped-def]
    """Least bound of an answer in which a territory of a kind around a centre holds an offender, (K, n, n).

    With offender i forced in, the territory is worth at least i's own gain and the best of the room it leaves.
    """
    n = len(prices)
    value, best = np.empty((len(kinds.many), n)), np.empty(kinds.room.max() + 1)
    _values(apart, kinds, prices, value, best)
    for kind in range(len(kinds.many)):
        ranked = np.sort(value[kind])
        q = min(kinds.many[kind], n) - 1
        threshold = min(0.0, ranked[q])
        forced[kind] = np.inf
        for j in range(n):
            if value[kind, j] == np.inf:
                continue
            kept = min(value[kind, j], threshold) if value[kind, j] <= ranked[q] else threshold
            room = kinds.room[kind] - kinds.weight[j]
            _table(apart, kinds.order, kinds.weight, kinds.extra[kind], prices, room, j, best)
            own = apart[j, j] + kinds.extra[kind, j] - prices[j] + kinds.opening[kind, j]
            for i in range(n):
                left = room - kinds.weight[i]
                if i == j:
                    forced[kind, j, j] = base + value[kind, j] - kept
                elif left >= 0:
                    gain = apart[i, j] + kinds.extra[kind, i] - prices[i]
                    forced[kind, i, j] = base + max(value[kind, j], own + gain + best[left]) - kept


def least_with(model: Model, bound: Bound) -> Floats:
    """For each kind, offender and centre: a bound on every answer that has them together, (K, n, n)."""
    n = len(model.load)
    forced = np.full((len(bound.kinds.many), n, n), np.inf)
    _least_with(model.apart, bound.kinds, bound.prices, bound.value, forced)
    return forced
