"""Any answer at all: a quick first one for the search to start from, and HiGHS where capacities are very tight."""

from __future__ import annotations

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from mosovo_planner.planning.allocation.median.model import Model, allowed
from mosovo_planner.planning.allocation.median.problem import AllocationProblem, Flags, Ints
from mosovo_planner.planning.problem_items import InfeasibleProblem

_MOST_PAIRS = 200_000
_INFEASIBLE = 2


def first_answer(model: Model, may: Flags, seed: int) -> Ints:
    """Centres spread by chance, far ones preferred; then the largest loads first to the nearest with room.

    Nobody goes to a forbidden manager; capacities may be passed where nothing better is found.
    """
    rng = np.random.default_rng(seed)
    n, m = may.shape
    centres = [int(rng.integers(n))]
    away = model.apart[:, centres[0]].copy()
    while len(centres) < min(n, m):
        chance = away / away.sum() if away.sum() > 0 else np.full(n, 1 / n)
        centres.append(int(rng.choice(n, p=chance)))
        away = np.minimum(away, model.apart[:, centres[-1]])
    order = np.argsort(-model.capacity, kind="stable")[: len(centres)]
    cost = np.full((n, m), np.inf)
    cost[:, order] = model.apart[:, centres]
    cost = np.where(np.isfinite(cost), cost, model.apart.max() + 1.0)
    if not model.plain:
        cost = cost + model.extra
    room = model.capacity.copy()
    holder = np.zeros(n, dtype=np.int64)
    for i in np.argsort(-model.load, kind="stable"):
        fits = may[i] & (room >= model.load[i])
        holder[i] = int(np.where(fits, cost[i], np.inf).argmin()) if fits.any() else int(np.where(may[i], room, -np.inf).argmax())
        room[holder[i]] -= model.load[i]
    return holder


def pack(problem: AllocationProblem, model: Model, seconds: float) -> Ints:
    """An assignment that keeps capacities and prohibitions, whatever it costs.

    Raises:
        InfeasibleProblem: there is none, or none was found.
    """
    n, m = len(model.load), len(model.capacity)
    fill = 100 * model.load.sum() / model.capacity.sum()
    who = f"{n} offenders fill {fill:.1f} % of all capacities"
    if n * m <= _MOST_PAIRS:
        i, k = np.nonzero(allowed(model))
        each = np.arange(len(i))
        rows = sparse.vstack(
            [
                sparse.csr_array((np.ones(len(i)), (i, each)), shape=(n, len(i))),
                sparse.csr_array((model.load[i], (k, each)), shape=(m, len(i))),
            ]
        )
        limits = np.concatenate([np.ones(n), np.full(m, -np.inf)]), np.concatenate([np.ones(n), model.capacity])
        found = milp(
            np.zeros(len(i)), integrality=np.ones(len(i)), bounds=Bounds(0, 1), constraints=LinearConstraint(rows, *limits),
            options={"time_limit": seconds},
        )
        if found.x is not None:
            holder = np.zeros(n, dtype=np.int64)
            holder[i[found.x > 0.5]] = k[found.x > 0.5]
            return holder
        if found.status == _INFEASIBLE:
            raise InfeasibleProblem(
                f"The workloads cannot be shared out so that nobody passes capacity: {who}, and no combination fits "
                f"the {len(problem.forbidden)} prohibitions and single capacities; raise a capacity."
            )
    raise InfeasibleProblem(f"No way to keep all capacities was found in the time: {who}; raise capacities or give more time.")
