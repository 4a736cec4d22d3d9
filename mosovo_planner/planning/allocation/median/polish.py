"""Polish: neighbouring territories by the dozen are shared out anew, each time at the least cost there is.

Of the territories that prices leave worth having in a part of the map, HiGHS packs the cheapest set that covers
everybody once (set partitioning). Large problems take the prices of the whole map's bound, and two threads work on
parts that do not touch. Where territories are few, each part gets a bound of its own: most parts are then proved
to be as good as they can be without HiGHS, and what is left to list is little.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from mosovo_planner.planning.allocation.median.bound import Bound, lower_bound, thresholds
from mosovo_planner.planning.allocation.median.model import Model
from mosovo_planner.planning.allocation.median.problem import Ints
from mosovo_planner.planning.allocation.median.search import best_centre, territory_cost
from mosovo_planner.planning.allocation.median.territories import Listed, Region, list_territories

_FIRST_SIZE, _LEAST_SIZE, _MOST_SIZE = 60, 4, 120
_MOST_COLUMNS = 8_000
_OWN_FIRST_SIZE, _OWN_GROWTH, _OWN_COLUMNS, _OWN_TURNS = 4, 1.3, 1_500, 8
_LONG = 2.0
_MOST_REACH = 2.5
_TIMES_SMALLER = 8
_GAIN = 1e-7


@dataclass(frozen=True, eq=False)
class _Part:
    """Managers whose territories are shared out anew, their offenders, and how far above the prices to look."""

    managers: Ints
    offenders: Ints
    limit: float


class Polish:
    """Improves one assignment; ``holder`` is the best so far, ``better`` is called with each that is cheaper.

    With ``own_bounds`` each part is bounded by itself, and the work ends when the whole map was one part.
    """

    def __init__(
        self, model: Model, bound: Bound, holder: Ints, better: Callable[[Ints], None], seed: int, *, own_bounds: bool = False
    ) -> None:
        self.model, self.bound, self.better = model, bound, better
        self.own_bounds = own_bounds
        self.holder = holder.copy()
        self.threshold = np.zeros(0) if own_bounds else thresholds(model, bound)
        self.rng = np.random.default_rng(seed)
        self.lock = threading.Lock()
        self.busy = np.zeros(len(model.capacity), dtype=bool)
        self.tries = np.zeros(len(model.capacity), dtype=np.int64)
        self.size = float(_OWN_FIRST_SIZE if own_bounds else _FIRST_SIZE)
        self.reach = 1.0
        self.solved = 0
        self.seen: set[bytes] = set()
        self.finished = False

    def run(self, until: float, stop: Callable[[], bool]) -> None:
        """Share out part after part until ``time.perf_counter()`` is ``until`` or nothing is left to try."""
        while time.perf_counter() < until and not stop():
            with self.lock:
                part = self._choose()
                if part is None:
                    return
                self.busy[part.managers] = True
            began = time.perf_counter()
            try:
                found = self._solve(part, until)
            finally:
                with self.lock:
                    self.busy[part.managers] = False
            with self.lock:
                self._learn(part, found, time.perf_counter() - began)

    def solve_once(self) -> None:
        """One part, whatever comes of it: compiles what is needed."""
        part = self._choose()
        if part is not None:
            self._solve(part, time.perf_counter() + 1.0)

    def _choose(self) -> _Part | None:
        """A part around an offender whose territory was tried least; None where there is nothing more to try."""
        if self.finished:
            return None
        tried = self.tries[self.holder]
        seeds = np.flatnonzero((tried == tried[~self.busy[self.holder]].min(initial=10**9)) & ~self.busy[self.holder])
        if not len(seeds):
            seeds = np.flatnonzero(~self.busy[self.holder])
        if not len(seeds):
            return None
        seed = int(self.rng.choice(seeds))
        nearest = self.holder[np.argsort(self.model.apart[seed], kind="stable")]
        _, first = np.unique(nearest, return_index=True)
        order = nearest[np.sort(first)]
        managers = order[~self.busy[order]][: max(2, round(self.size))]
        offenders = np.flatnonzero(np.isin(self.holder, managers))
        closed = np.setdiff1d(np.flatnonzero(~self.busy), self.holder)
        managers = np.concatenate([managers, closed])
        return _Part(managers, offenders, self.reach * self._usual())

    def _usual(self) -> float:
        """What an offender usually costs: the scale of reduced costs."""
        return float(self.bound.value) / len(self.holder)

    def _solve(self, part: _Part, until: float) -> Ints | None:
        """The cheapest way to share out a part, as managers of its offenders; None where it is as it was."""
        kind_of = self.bound.kind_of[part.managers]
        if not self.own_bounds:
            return self._improve(part, self._region(part), self._present(part, kind_of), part.limit, kind_of, until)
        key = part.offenders.tobytes() + self.holder[part.offenders].tobytes()
        if key in self.seen:
            return None
        self.seen.add(key)
        bound, model = self._bounded(part)
        now = self._present(part, bound.kind_of)
        limit = float(now.cost.sum()) - bound.value
        if limit <= _GAIN * max(1.0, bound.value):
            return None
        kinds = bound.kinds
        region = Region(
            model.apart, model.load, bound.prices, kinds.extra, kinds.opening, kinds.capacity, kinds.weight, kinds.room,
            thresholds(model, bound),
        )
        return self._improve(part, region, now, limit, bound.kind_of, until)

    def _improve(self, part: _Part, region: Region, now: Listed, limit: float, kind_of: Ints, until: float) -> Ints | None:
        """List the territories within the limit, or within a lower one where they are too many, and pack them."""
        for _ in range(_TIMES_SMALLER):
            listed = list_territories(region, limit, _OWN_COLUMNS if self.own_bounds else _MOST_COLUMNS)
            if listed.full:
                break
            limit *= 0.6
        chosen = self._pack(part, _joined(now, listed), kind_of, len(region.threshold), until)
        if chosen is None or chosen[0] > now.cost.sum() - _GAIN * max(1.0, float(now.cost.sum())):
            return None
        return chosen[1]

    def _bounded(self, part: _Part) -> tuple[Bound, Model]:
        """A bound for a part by itself, climbing from the prices of the whole map; and the part as a problem."""
        at, managers, model = part.offenders, part.managers, self.model
        own = model._replace(
            apart=np.ascontiguousarray(model.apart[np.ix_(at, at)]),
            load=model.load[at],
            capacity=model.capacity[managers],
            extra=model.extra if model.plain else np.ascontiguousarray(model.extra[np.ix_(at, managers)]),
            opening=np.ascontiguousarray(model.opening[np.ix_(managers, at)]) if model.based else model.opening,
        )
        turns = iter(range(_OWN_TURNS))
        upper = float(self._present(part, np.zeros(len(managers), dtype=np.int64)).cost.sum())
        found = lower_bound(own, upper, self.bound.prices[at], keep_on=lambda _: next(turns, None) is not None)
        return found, own

    def _region(self, part: _Part) -> Region:
        kinds, at = self.bound.kinds, part.offenders
        return Region(
            apart=np.ascontiguousarray(self.model.apart[np.ix_(at, at)]),
            load=self.model.load[at],
            price=self.bound.prices[at],
            extra=np.ascontiguousarray(kinds.extra[:, at]),
            opening=np.ascontiguousarray(kinds.opening[:, at]),
            capacity=kinds.capacity,
            weight=kinds.weight[at],
            room=kinds.room,
            threshold=self.threshold,
        )

    def _present(self, part: _Part, kind_of: Ints) -> Listed:
        """The territories as they are, members numbered within the part; ``kind_of`` by manager of the part."""
        members, sizes, kinds, costs = [], [0], [], []
        for kind, manager in zip(kind_of, part.managers, strict=True):
            own = part.offenders[self.holder[part.offenders] == manager]
            if not len(own):
                continue
            centre = best_centre(self.model, own, len(own), manager, -1)
            costs.append(territory_cost(self.model, own, len(own), manager, centre))
            members.append(np.searchsorted(part.offenders, own))
            sizes.append(len(own))
            kinds.append(kind)
        return Listed(np.concatenate(members), np.cumsum(sizes), np.array(kinds), np.array(costs), True)

    def _pack(self, part: _Part, pool: Listed, kind_of: Ints, kinds: int, until: float) -> tuple[float, Ints] | None:
        """The cheapest territories of the pool that cover everybody once, with their cost."""
        count, size = len(pool.cost), len(part.offenders)
        covers = sparse.csc_array((np.ones(pool.start[-1]), pool.member[: pool.start[-1]], pool.start), shape=(size, count))
        many = np.bincount(kind_of, minlength=kinds).astype(float)
        limit = sparse.csr_array((np.ones(count), (pool.kind, np.arange(count))), shape=(kinds, count))
        rows = sparse.vstack([covers, limit])
        low, high = np.concatenate([np.ones(size), np.zeros(kinds)]), np.concatenate([np.ones(size), many])
        found = milp(
            pool.cost,
            integrality=np.ones(count),
            bounds=Bounds(0, 1),
            constraints=LinearConstraint(rows, low, high),
            options={"time_limit": max(0.05, min(3 * _LONG, until - time.perf_counter())), "mip_rel_gap": 1e-6},
        )
        if found.x is None:
            return None
        return float(found.fun), self._managers(part, pool, np.flatnonzero(found.x > 0.5), kind_of)

    def _managers(self, part: _Part, pool: Listed, chosen: Ints, kind_of: Ints) -> Ints:
        """A manager of the right kind for each chosen territory, by offender of the part."""
        spare = {kind: list(part.managers[kind_of == kind]) for kind in set(kind_of.tolist())}
        holder = np.empty(len(part.offenders), dtype=np.int64)
        for each in chosen:
            holder[pool.member[pool.start[each] : pool.start[each + 1]]] = spare[int(pool.kind[each])].pop(0)
        return holder

    def _learn(self, part: _Part, found: Ints | None, took: float) -> None:
        """Take what was found, and choose the size of the next parts by the time it took."""
        self.solved += 1
        self.tries[part.managers] += 1
        if took > _LONG:
            self.size, self.reach = max(_LEAST_SIZE, self.size * 0.85), self.reach * 0.9
        if found is not None:
            self.holder[part.offenders] = found
            self.tries[part.managers] = 0
            self.better(self.holder.copy())
        elif took < _LONG / 2 and self.tries[self.holder].min() >= 1:
            self.finished = self.own_bounds and self.size >= min(len(self.tries), _MOST_SIZE)
            self.size = min(self.size * (_OWN_GROWTH if self.own_bounds else 1.15), _MOST_SIZE)
            self.reach = min(self.reach * 1.25, _MOST_REACH)
            self.tries[:] = 0


def _joined(one: Listed, other: Listed) -> Listed:
    """Both lists in one."""
    end = one.start[-1]
    return Listed(
        np.concatenate([one.member[:end], other.member[: other.start[-1]]]),
        np.concatenate([one.start, end + other.start[1:]]),
        np.concatenate([one.kind, other.kind]),
        np.concatenate([one.cost, other.cost]),
        other.full,
    )

