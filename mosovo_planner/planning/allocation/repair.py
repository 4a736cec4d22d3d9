"""Local search on an assignment: single cases shifted, pairs of cases exchanged, until nothing is gained.

Compiled with numba. The last column of the cost matrix stands for "with nobody" and has room for all.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from mosovo_planner.planning.allocation.figures import Floats, Ints

_LEAST = 1e-7
_BEYOND = 1000.0


class Frame(NamedTuple):
    """What the search may not change.

    ``cost`` is (n, m + 1), inf where a manager may not have the case; ``low``, ``high`` and ``capacity`` are
    hours (m + 1); ``strain`` is the price of an hour outside the band, a thousandth of that of an hour beyond capacity.
    """

    cost: Floats
    load: Floats
    low: Floats
    high: Floats
    capacity: Floats
    strain: float


@njit(cache=True, nogil=True)
def _strain(frame, manager, load):  # type: ignore[no-untyped-def]
    """Price of a manager's load where it lies outside the band or beyond capacity."""
    over = max(0.0, load - frame.high[manager]) + max(0.0, frame.low[manager] - load)
    return frame.strain * (over + _BEYOND * max(0.0, load - frame.capacity[manager]))


@njit(cache=True, nogil=True)
def _shift_all(frame, holder, loads):  # type: ignore[no-untyped-def]
    """Give each case in turn to the manager who gains most by it; what was gained."""
    gained = 0.0
    n, m = frame.cost.shape
    for i in range(n):
        a, load = holder[i], frame.load[i]
        out = _strain(frame, a, loads[a] - load) - _strain(frame, a, loads[a]) - frame.cost[i, a]
        best, to = -_LEAST, -1
        for b in range(m):
            if b == a:
                continue
            gain = out + frame.cost[i, b] + _strain(frame, b, loads[b] + load) - _strain(frame, b, loads[b])
            if gain < best:
                best, to = gain, b
        if to >= 0:
            loads[a] -= load
            loads[to] += load
            holder[i] = to
            gained -= best
    return gained


@njit(cache=True, nogil=True)
def _swap_all(frame, holder, loads):  # type: ignore[no-untyped-def]
    """Exchange the managers of each pair of cases where that gains; what was gained."""
    gained = 0.0
    cost = frame.cost
    for i in range(cost.shape[0]):
        for k in range(i + 1, cost.shape[0]):
            a, b = holder[i], holder[k]
            if a == b:
                continue
            now = _strain(frame, a, loads[a]) + _strain(frame, b, loads[b])
            gain = cost[i, b] + cost[k, a] - cost[i, a] - cost[k, b] - now
            if gain >= -_LEAST:
                continue
            shift = frame.load[k] - frame.load[i]
            gain += _strain(frame, a, loads[a] + shift) + _strain(frame, b, loads[b] - shift)
            if gain < -_LEAST:
                loads[a] += shift
                loads[b] -= shift
                holder[i], holder[k] = b, a
                gained -= gain
    return gained


def improve(frame: Frame, holder: Ints, held: Floats) -> Ints:
    """Shift and exchange cases until no single step gains anything; ``held`` are hours taken by fixed cases (m + 1)."""
    holder = holder.copy()
    loads = held + np.bincount(holder, weights=frame.load, minlength=len(held))
    gained = 1.0
    while gained > 0:
        gained = _shift_all(frame, holder, loads) + _swap_all(frame, holder, loads)
    return holder
