"""A problem as arrays for the compiled search, and the check that nothing in it is impossible from the start."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from mosovo_planner.planning.allocation.median.problem import AllocationProblem, Flags, Floats, Ints
from mosovo_planner.planning.problem_items import InfeasibleProblem

_NEAR = 60
_SLACK = 1e-9


class Model(NamedTuple):
    """Offenders n, managers m. Where ``plain`` there are no extras, where not ``based`` no openings.

    ``apart`` (n, n) is the distance from an offender to a centre; ``extra`` (n, m) the price of a move, inf where
    forbidden; ``opening`` (m, n) the distance from a base to a centre; ``near`` (n, k) each offender's nearest,
    itself first. ``over`` is the price of a unit of load beyond capacity during the search.
    """

    apart: Floats
    load: Floats
    capacity: Floats
    extra: Floats
    opening: Floats
    plain: bool
    based: bool
    near: Ints
    over: float


def model_of(problem: AllocationProblem) -> Model:
    """The problem as arrays."""
    at = np.array([each.at for each in problem.offenders], dtype=np.int64)
    apart = np.ascontiguousarray(problem.distance[np.ix_(at, at)], dtype=float)
    load = np.array([each.workload for each in problem.offenders], dtype=float)
    extra, opening = _extras(problem), _openings(problem, at)
    near = min(_NEAR, len(at))
    both = apart + apart.T
    np.fill_diagonal(both, -1.0)
    order = np.argpartition(both, near - 1, axis=1)[:, :near] if near < len(at) else np.tile(np.arange(len(at)), (len(at), 1))
    order = np.take_along_axis(order, np.argsort(np.take_along_axis(both, order, axis=1), axis=1, kind="stable"), axis=1)
    positive = load[load > 0]
    reach = float(np.take_along_axis(apart, order, axis=1).mean()) if len(at) else 0.0
    return Model(
        apart=apart,
        load=load,
        capacity=np.array([each.capacity for each in problem.managers], dtype=float) * (1 + _SLACK),
        extra=extra if extra.any() else np.zeros((1, 1)),
        opening=opening if opening.any() else np.zeros((1, 1)),
        plain=not extra.any(),
        based=bool(opening.any()),
        near=np.ascontiguousarray(order, dtype=np.int64),
        over=4 * (reach + problem.move_cost) / float(positive.mean()) if len(positive) else 0.0,
    )


def _extras(problem: AllocationProblem) -> Floats:
    manager = {each.id: k for k, each in enumerate(problem.managers)}
    place = {each.id: i for i, each in enumerate(problem.offenders)}
    extra = np.zeros((len(place), len(manager)))
    for offender, holder in problem.current.items():
        extra[place[offender]] = problem.move_cost
        extra[place[offender], manager[holder]] = 0.0
    for offender, barred in problem.forbidden:
        extra[place[offender], manager[barred]] = np.inf
    return extra


def _openings(problem: AllocationProblem, at: Ints) -> Floats:
    opening = np.zeros((len(problem.managers), len(at)))
    for k, manager in enumerate(problem.managers):
        if manager.base is not None:
            opening[k] = problem.distance[manager.base, at]
    return opening


def allowed(model: Model) -> Flags:
    """Who may hold whom, (n, m)."""
    shape = (len(model.load), len(model.capacity))
    return np.ones(shape, dtype=bool) if model.plain else np.isfinite(model.extra)


def refuse_impossible(problem: AllocationProblem, model: Model) -> None:
    """Say at once what no answer could keep.

    Raises:
        InfeasibleProblem: naming offender or totals.
    """
    may = allowed(model)
    room = np.where(may, model.capacity, -np.inf).max(axis=1, initial=-np.inf)
    for i, offender in enumerate(problem.offenders):
        if not may[i].any():
            cure = "allow one" if problem.managers else "add a manager"
            raise InfeasibleProblem(f"Offender {offender.id} may go to no manager: all are forbidden; {cure}.")
        if model.load[i] > room[i]:
            raise InfeasibleProblem(
                f"Offender {offender.id} asks {offender.workload:g}, more than the capacity of any manager allowed "
                f"for this offender ({room[i]:g}); raise a capacity."
            )
    total, capacity = float(model.load.sum()), float(model.capacity.sum())
    if total > capacity:
        raise InfeasibleProblem(
            f"The workloads add up to {total:g} and the capacities to {capacity:g}, {total - capacity:g} too little; "
            "raise capacities or take offenders out."
        )
