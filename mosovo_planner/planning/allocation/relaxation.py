"""The assignment with given centres as a linear programme: rounded it is an answer, unrounded a bound.

A generalised assignment with a band on every manager's load. Columns (case, manager) are added as their
reduced costs ask for them, so that thousands of cases and hundreds of managers stay small. HiGHS solves both
the relaxation and, for the cases that reduced costs leave open, the whole-number programme.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

from mosovo_planner.planning.allocation.figures import Floats, Ints
from mosovo_planner.planning.allocation.repair import Frame, improve

_FIRST_COLUMNS = 6
_MORE_COLUMNS = 3
_MOST_ROUNDS = 20
_EXACT = 1e-5
_EPSILON = 1e-6


@dataclass(frozen=True, eq=False)
class Shares:
    """Free cases to share out. ``cost`` is (n, m + 1), its last column the price of leaving a case with nobody.

    ``held`` are the hours fixed cases take of each manager; ``strain`` is the price of an hour outside the band.
    """

    cost: Floats
    load: Floats
    held: Floats
    low: Floats
    high: Floats
    capacity: Floats
    strain: float

    @property
    def managers(self) -> int:
        return int(self.cost.shape[1]) - 1

    def total(self, holder: Ints) -> float:
        """Cost of an assignment, the price of an uneven load included."""
        loads = self.held + np.bincount(holder, weights=self.load, minlength=self.managers + 1)[: self.managers]
        outside = np.maximum(self.low - loads, 0) + np.maximum(loads - np.maximum(self.high, self.held), 0)
        beyond = np.maximum(loads - np.maximum(self.capacity, self.held), 0)
        strained = self.strain * (outside.sum() + 1000 * beyond.sum())
        return float(self.cost[np.arange(len(holder)), holder].sum() + strained)

    def improved(self, holder: Ints) -> Ints:
        """The assignment after local search."""
        frame = Frame(
            cost=self.cost,
            load=self.load,
            low=np.append(self.low, -np.inf),
            high=np.append(np.maximum(self.high, self.held), np.inf),
            capacity=np.append(np.maximum(self.capacity, self.held), np.inf),
            strain=self.strain,
        )
        return improve(frame, holder, np.append(self.held, 0.0))


@dataclass(frozen=True, eq=False)
class Relaxed:
    """The relaxation solved: its value bounds every assignment from below; ``reduced`` are reduced costs (n, m + 1)."""

    value: float
    holder: Ints
    reduced: Floats


def relax(shares: Shares) -> Relaxed:
    """Solve the relaxation, and take for every case the manager with the largest part of it."""
    n, m = len(shares.load), shares.managers
    wanted = np.zeros((n, m + 1), dtype=bool)
    nearest = np.argpartition(shares.cost, min(_FIRST_COLUMNS, m), axis=1)[:, : _FIRST_COLUMNS + 1]
    np.put_along_axis(wanted, nearest, True, axis=1)
    wanted[:, m] = True
    wanted &= np.isfinite(shares.cost)
    for _ in range(_MOST_ROUNDS):
        case, manager = np.nonzero(wanted)
        part, duals, value = _linear(shares, case, manager)
        reduced = shares.cost - duals[:n, None] - shares.load[:, None] * np.append(duals[n:], 0.0)
        lacking = np.where(wanted, 0.0, np.minimum(reduced, 0.0))
        lagging = float(lacking.min(axis=1).sum())
        if lagging >= -_EXACT * max(1.0, abs(value)):
            break
        best = np.argpartition(lacking, min(_MORE_COLUMNS, m), axis=1)[:, :_MORE_COLUMNS]
        np.put_along_axis(wanted, best, True, axis=1)
        wanted &= np.isfinite(shares.cost)
    parts = np.zeros((n, m + 1))
    parts[case, manager] = part
    return Relaxed(value + lagging, parts.argmax(axis=1).astype(np.int64), reduced)


def _linear(shares: Shares, case: Ints, manager: Ints) -> tuple[Floats, Floats, float]:
    """One linear programme over the given columns: parts, duals (cases, then managers) and value."""
    cost, rows, limits, most = _programme(shares, case, manager)
    n, m = len(shares.load), shares.managers
    found = linprog(
        cost,
        A_ub=sparse.vstack([rows[n:], -rows[n:]]),
        b_ub=np.concatenate([limits[1][n:], -limits[0][n:]]),
        A_eq=rows[:n],
        b_eq=np.ones(n),
        bounds=np.column_stack([np.zeros(len(cost)), most]),
        method="highs-ds",
    )
    if found.status != 0:
        raise RuntimeError(f"The relaxation was not solved: {found.message}")
    over = found.ineqlin.marginals
    return found.x[: len(case)], np.concatenate([found.eqlin.marginals, over[:m] - over[m:]]), float(found.fun)


def _programme(
    shares: Shares, case: Ints, manager: Ints
) -> tuple[Floats, sparse.csr_array, tuple[Floats, Floats], Floats]:
    """Cost, rows, row limits and column limits. Columns: (case, manager), hours over the band, hours under it."""
    n, m, k = len(shares.load), shares.managers, len(case)
    real = np.flatnonzero(manager < m)
    each = np.arange(m)
    band_high = np.maximum(shares.high, shares.held)
    rows = sparse.csr_array(
        (
            np.concatenate([np.ones(k), shares.load[case[real]], -np.ones(m), np.ones(m)]),
            (
                np.concatenate([case, n + manager[real], n + each, n + each]),
                np.concatenate([np.arange(k), real, k + each, k + m + each]),
            ),
        ),
        shape=(n + m, k + 2 * m),
    )
    cost = np.concatenate([shares.cost[case, manager], np.full(2 * m, shares.strain)])
    low = np.concatenate([np.ones(n), shares.low - shares.held])
    high = np.concatenate([np.ones(n), band_high - shares.held])
    room = np.maximum(np.maximum(shares.capacity, shares.held) - band_high, 0)
    return cost, rows, (low, high), np.concatenate([np.ones(k), room, np.full(m, np.inf)])


def prove(shares: Shares, relaxed: Relaxed, holder: Ints, *, nodes: int, seconds: float) -> tuple[Ints, float]:
    """Search the whole-number programme over what reduced costs leave open; a better assignment, and its bound.

    Columns whose reduced cost exceeds the gap cannot be part of anything better (reduced-cost fixing).
    """
    best = shares.total(holder)
    gap = best - relaxed.value
    if gap <= _EPSILON * max(1.0, abs(best)):
        return holder, relaxed.value
    open_columns = (relaxed.reduced <= gap) & np.isfinite(shares.cost)
    open_columns[np.arange(len(holder)), holder] = True
    case, manager = np.nonzero(open_columns)
    cost, rows, limits, most = _programme(shares, case, manager)
    found, least = _whole(len(case), cost, rows, limits, most, nodes=nodes, seconds=seconds)
    bound = max(relaxed.value, min(least, best))
    if found is None:
        return holder, bound
    chosen = found[: len(case)] > 0.5
    better = holder.copy()
    better[case[chosen]] = manager[chosen]
    return (better, bound) if shares.total(better) < best else (holder, bound)


def _whole(
    wholes: int,
    cost: Floats,
    rows: sparse.csr_array,
    limits: tuple[Floats, Floats],
    most: Floats,
    *,
    nodes: int,
    seconds: float,
) -> tuple[Floats | None, float]:
    """The whole-number programme by HiGHS within OR-Tools: the answer (None where none was found) and a lower bound.

    The first ``wholes`` columns are whole numbers; ``nodes`` bounds the search alike on every machine.
    """
    from ortools.linear_solver.python import model_builder

    model = model_builder.Model()  # type: ignore[no-untyped-call]  # OR-Tools leaves it so
    columns = [model.new_var(0.0, float(top), at < wholes, None) for at, top in enumerate(most)]
    for row, (low, high) in enumerate(zip(*limits, strict=True)):
        part = slice(rows.indptr[row], rows.indptr[row + 1])
        terms = [columns[at] for at in rows.indices[part]]
        load = model_builder.LinearExpr.weighted_sum(terms, rows.data[part].tolist())
        model.add_linear_constraint(load, float(low), float(high))
    model.minimize(model_builder.LinearExpr.weighted_sum(columns, cost.tolist()))
    solver = model_builder.Solver("HIGHS")
    solver.enable_output(False)
    solver.set_time_limit_in_seconds(seconds)
    solver.set_solver_specific_parameters(f"mip_max_nodes={nodes}\nmip_rel_gap=1e-5\noutput_flag=false")
    status = solver.solve(model)
    known = status in (model_builder.SolveStatus.OPTIMAL, model_builder.SolveStatus.FEASIBLE)
    least = solver.best_objective_bound  # no number where time ran out before any bound was found
    answer = np.array([solver.value(column) for column in columns]) if known else None
    return answer, float(least) if isinstance(least, float) and np.isfinite(least) else -np.inf
