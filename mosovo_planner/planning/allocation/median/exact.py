"""The whole model for HiGHS, over what the bound leaves open: proof on small problems, polish on parts of large ones."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from mosovo_planner.planning.allocation.median.bound import Kinds
from mosovo_planner.planning.allocation.median.problem import Flags, Floats, Ints

_OPTIMAL, _LIMIT = 0, 1


@dataclass(frozen=True, eq=False)
class Exact:
    """What HiGHS found: kind and centre of each offender where it found any, and its bound."""

    kind: Ints | None
    centre: Ints | None
    bound: float
    optimal: bool


@dataclass(frozen=True, eq=False)
class _Columns:
    """Variables: offender i to centre j in a territory of a kind; where i is j, the territory is open."""

    kind: Ints
    i: Ints
    j: Ints

    @property
    def opens(self) -> Flags:
        same: Flags = self.i == self.j
        return same


def solve_exactly(apart: Floats, load: Floats, kinds: Kinds, may: Flags, seconds: float) -> Exact:
    """Solve the capacitated p-median with kinds of managers over the triples in ``may`` (K, n, n)."""
    kind, i, j = np.nonzero(may)
    opened = np.zeros((len(kinds.many), len(load)), dtype=bool)
    opened[kind[i == j], j[i == j]] = True
    keep = opened[kind, j]
    columns = _Columns(kind[keep], i[keep], j[keep])
    cost = apart[columns.i, columns.j] + kinds.extra[columns.kind, columns.i]
    cost = cost + np.where(columns.opens, kinds.opening[columns.kind, columns.j], 0.0)
    found = milp(
        cost,
        integrality=np.ones(len(cost)),
        bounds=Bounds(0, 1),
        constraints=_rules(columns, load, kinds),
        options={"time_limit": max(0.1, seconds), "mip_rel_gap": 1e-7},
    )
    bound = float(found.mip_dual_bound) if found.mip_dual_bound is not None else -np.inf
    if found.x is None:
        return Exact(None, None, bound, False)
    taken = found.x > 0.5
    chosen_kind, centre = np.zeros(len(load), dtype=np.int64), np.zeros(len(load), dtype=np.int64)
    chosen_kind[columns.i[taken]] = columns.kind[taken]
    centre[columns.i[taken]] = columns.j[taken]
    return Exact(chosen_kind, centre, bound, found.status == _OPTIMAL)


def _rules(columns: _Columns, load: Floats, kinds: Kinds) -> LinearConstraint:
    """Everybody once; only to open centres; within capacity; no more territories of a kind than managers."""
    n, total = len(load), len(columns.i)
    each = np.arange(total)
    opens = np.flatnonzero(columns.opens)
    place = np.full((len(kinds.many), n), -1)
    place[columns.kind[opens], columns.j[opens]] = np.arange(len(opens))
    own = place[columns.kind, columns.j]
    joins = np.flatnonzero(~columns.opens)
    links = np.arange(len(joins))
    once = sparse.csr_array((np.ones(total), (columns.i, each)), shape=(n, total))
    weight = np.where(columns.opens, load[columns.i] - kinds.capacity[columns.kind], load[columns.i])
    within = sparse.csr_array((weight, (own, each)), shape=(len(opens), total))
    link = sparse.csr_array(
        (np.concatenate([np.ones(len(joins)), -np.ones(len(joins))]),
         (np.concatenate([links, links]), np.concatenate([joins, opens[own[joins]]]))),
        shape=(len(joins), total),
    )
    many = sparse.csr_array((np.ones(len(opens)), (columns.kind[opens], opens)), shape=(len(kinds.many), total))
    rows = sparse.vstack([once, within, link, many])
    low = np.concatenate([np.ones(n), np.full(len(opens) + len(joins) + len(kinds.many), -np.inf)])
    high = np.concatenate([np.ones(n), np.zeros(len(opens) + len(joins)), kinds.many.astype(float)])
    return LinearConstraint(rows, low, high)
