"""Territories that searches met, and the cheapest answer that can be put together from them.

Annealing from different seeds shares out different towns best. Packing what all of them met (set partitioning by
HiGHS) takes from each what it did well, as route pools do for vehicle routing (Rochat & Taillard 1995).
"""

from __future__ import annotations

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from mosovo_planner.planning.allocation.median import search
from mosovo_planner.planning.allocation.median.model import Model
from mosovo_planner.planning.allocation.median.problem import Ints

_MOST = 6_000


class Pool:
    """Territories within capacity, by kind of manager and members, each with its least cost met.

    ``kind_of`` (m) maps managers to kinds that are alike.
    """

    def __init__(self, model: Model, kind_of: Ints) -> None:
        self.model, self.kind_of = model, kind_of
        self.costs: dict[tuple[int, bytes], float] = {}

    def add(self, state: search.State) -> None:
        """Take every territory of a state that keeps its capacity."""
        for k in np.flatnonzero((state.size > 0) & (state.load <= self.model.capacity)):
            own = np.sort(state.member[k, : state.size[k]])
            self._keep(int(self.kind_of[k]), own, float(state.cost[k]))

    def add_answer(self, holder: Ints) -> None:
        """Take every territory of an assignment that keeps the capacities."""
        self.add(search.new_state(self.model, holder))

    def _keep(self, kind: int, own: Ints, cost: float) -> None:
        key = kind, own.tobytes()
        # The newest stand last, so that the oldest go first where there are too many.
        cost = min(cost, self.costs.pop(key, np.inf))
        self.costs[key] = cost

    def best(self, seconds: float) -> Ints | None:
        """The cheapest answer from the newest territories, by offender; None where none was found."""
        for key in list(self.costs)[: max(0, len(self.costs) - _MOST)]:
            del self.costs[key]
        if not self.costs:
            return None
        members = [np.frombuffer(own, dtype=np.int64) for _, own in self.costs]
        kinds = np.array([kind for kind, _ in self.costs])
        count, size = len(members), len(self.model.load)
        start = np.concatenate([[0], np.cumsum([len(own) for own in members])])
        covers = sparse.csc_array((np.ones(start[-1]), np.concatenate(members), start), shape=(size, count))
        many = np.bincount(self.kind_of).astype(float)
        uses = sparse.csr_array((np.ones(count), (kinds, np.arange(count))), shape=(len(many), count))
        low = np.concatenate([np.ones(size), np.zeros(len(many))])
        found = milp(
            np.array(list(self.costs.values())),
            integrality=np.ones(count),
            bounds=Bounds(0, 1),
            constraints=LinearConstraint(sparse.vstack([covers, uses]), low, np.concatenate([np.ones(size), many])),
            options={"time_limit": max(0.05, seconds), "mip_rel_gap": 1e-6},
        )
        if found.x is None:
            return None
        spare = {kind: list(np.flatnonzero(self.kind_of == kind)) for kind in set(self.kind_of.tolist())}
        holder = np.zeros(size, dtype=np.int64)
        for each in np.flatnonzero(found.x > 0.5):
            holder[members[each]] = spare[int(kinds[each])].pop()
        return holder
