"""Territories worth having, listed: every set of offenders around a centre whose reduced cost is small.

The bound's prices say what an offender may cost and what a territory must save. A territory that lies far above
those prices is in no good answer, and what is left is few enough to list (column enumeration, as in Baldacci,
Christofides & Mingozzi 2008, "An exact algorithm for the vehicle routing problem based on set partitioning").
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from mosovo_planner.planning.allocation.median.problem import Floats, Ints

MOST_MEMBERS = 60


class Region(NamedTuple):
    """A part of the map, k offenders: distances (k, k), loads, prices; extras and openings by kind (K, k).

    ``weight`` and ``room`` are loads and capacities in whole numbers, ``threshold`` what a territory of each kind
    has to be worth at these prices.
    """

    apart: Floats
    load: Floats
    price: Floats
    extra: Floats
    opening: Floats
    capacity: Floats
    weight: Ints
    room: Ints
    threshold: Floats


class Listed(NamedTuple):
    """Territories: ``member[start[c]:start[c + 1]]`` are its offenders, the centre first; whether all are listed."""

    member: Ints
    start: Ints
    kind: Ints
    cost: Floats
    full: bool


@njit(cache=True, nogil=True)
def _fillings(region, kind, centre, room, best):  # type: ignore[no-untyped-def]
    """``best[q]``: the least sum of gains that offenders other than the centre bring within weight q."""
    best[: room + 1] = 0.0
    for i in range(len(region.load)):
        gain = region.apart[i, centre] + region.extra[kind, i] - region.price[i]
        w = region.weight[i]
        if i != centre and gain < 0:
            for q in range(room, w - 1, -1):
                best[q] = min(best[q], best[q - w] + gain)


@njit(cache=True, nogil=True)
def _candidates(region, kind, centre, room, left, best, candidate, gain):  # type: ignore[no-untyped-def]
    """Offenders with whom the others in the room they leave may stay within ``left``, best first; how many."""
    count = 0
    for i in range(len(region.load)):
        own = region.apart[i, centre] + region.extra[kind, i] - region.price[i]
        w = region.weight[i]
        if i != centre and w <= room and own + best[room - w] <= left:
            place = count
            while place > 0 and gain[place - 1] > own:
                gain[place], candidate[place] = gain[place - 1], candidate[place - 1]
                place -= 1
            gain[place], candidate[place] = own, i
            count += 1
    return count


@njit(cache=True, nogil=True)
def _completions(region, candidate, gain, count, room, table):  # type: ignore[no-untyped-def]
    """``table[a, q]``: the least sum of gains from candidate a on within weight q."""
    table[count, : room + 1] = 0.0
    for a in range(count - 1, -1, -1):
        w = region.weight[candidate[a]]
        for q in range(room + 1):
            best = table[a + 1, q]
            if q >= w:
                best = min(best, table[a + 1, q - w] + gain[a])
            table[a, q] = best


@njit(cache=True, nogil=True)
def list_territories(region, limit, most):  # type: ignore[no-untyped-def]
    """Every territory whose reduced cost is at most ``limit``, or the first ``most`` of them."""
    n, kinds = len(region.load), len(region.capacity)
    start, kind_of, cost = np.zeros(most + 1, np.int64), np.empty(most, np.int64), np.empty(most)
    member = np.empty(most * 8 + MOST_MEMBERS, np.int64)
    candidate, gain = np.empty(n, np.int64), np.empty(n)
    taken, table = np.empty(MOST_MEMBERS, np.int64), np.empty((n + 1, region.room.max() + 1))
    best = np.empty(region.room.max() + 1)
    found = 0
    for kind in range(kinds):
        for centre in range(n):
            room = region.room[kind] - region.weight[centre]
            own = region.apart[centre, centre] + region.extra[kind, centre] - region.price[centre]
            own += region.opening[kind, centre] - region.threshold[kind]
            if room < 0 or region.load[centre] > region.capacity[kind] or own == np.inf:
                continue
            _fillings(region, kind, centre, room, best)
            if own + best[room] > limit:
                continue
            count = _candidates(region, kind, centre, room, limit - own, best, candidate, gain)
            _completions(region, candidate, gain, count, room, table)
            depth, a, value, load = 0, 0, own, region.load[centre]
            while True:
                if a < count and value + table[a, room] <= limit:
                    i = candidate[a]
                    fits = region.weight[i] <= room and load + region.load[i] <= region.capacity[kind]
                    if fits and depth + 2 < MOST_MEMBERS:
                        taken[depth] = a
                        depth += 1
                        value += gain[a]
                        room -= region.weight[i]
                        load += region.load[i]
                    a += 1
                    continue
                if a == count and value <= limit:
                    at = start[found]
                    if found + 1 >= most or at + depth + 1 > len(member):
                        return Listed(member, start[: found + 1], kind_of[:found], cost[:found], False)
                    member[at] = centre
                    total = value + region.threshold[kind] + region.price[centre]
                    for b in range(depth):
                        member[at + 1 + b] = candidate[taken[b]]
                        total += region.price[candidate[taken[b]]]
                    kind_of[found], cost[found] = kind, total
                    found += 1
                    start[found] = at + depth + 1
                if depth == 0:
                    break
                depth -= 1
                a = taken[depth]
                value -= gain[a]
                room += region.weight[candidate[a]]
                load -= region.load[candidate[a]]
                a += 1
    return Listed(member, start[: found + 1], kind_of[:found], cost[:found], True)
