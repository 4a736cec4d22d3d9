"""The parts of the allocation engine: territories listed, parts packed at least cost, answers found where room is tight."""

from __future__ import annotations

import itertools
import math
import time

import numpy as np
import pytest

from mosovo_planner.planning.allocation.median import search
from mosovo_planner.planning.allocation.median.bound import lower_bound
from mosovo_planner.planning.allocation.median.engine import solve_allocation
from mosovo_planner.planning.allocation.median.model import Model, allowed, model_of
from mosovo_planner.planning.allocation.median.packing import first_answer
from mosovo_planner.planning.allocation.median.polish import Polish
from mosovo_planner.planning.allocation.median.pool import Pool
from mosovo_planner.planning.allocation.median.problem import AllocationProblem, PlacedOffender, TerritoryManager
from mosovo_planner.planning.allocation.median.territories import Region, list_territories


def scattered(size: int, managers: int, filled: float, seed: int, *, whole: bool = True) -> AllocationProblem:
    """Offenders at random, of whom single ones weigh much; capacities all alike."""
    rng = np.random.default_rng(seed)
    at = rng.random((size, 2)) * 100
    work = np.minimum(np.ceil(rng.gamma(1.2, 20, size)), 100) if whole else rng.random(size) * 7 + 0.01
    capacity = float(work.sum() / managers / filled)
    apart = np.hypot(*(at[:, None] - at[None]).transpose(2, 0, 1))
    offenders = tuple(PlacedOffender(f"o{i}", i, float(each)) for i, each in enumerate(work))
    room = max(float(work.max()), math.ceil(capacity) if whole else capacity)
    return AllocationProblem(apart, offenders, tuple(TerritoryManager(f"m{k}", room) for k in range(managers)))


def cost_of(problem: AllocationProblem, holder: dict[str, str]) -> float:
    """The least cost with these territories; fails where one passes its capacity."""
    at = {each.id: each for each in problem.offenders}
    assert holder.keys() == at.keys()
    total = 0.0
    for manager in problem.managers:
        own = [at[each] for each, name in holder.items() if name == manager.id]
        assert sum(each.workload for each in own) <= manager.capacity * (1 + 1e-8)
        if own:
            total += min(sum(float(problem.distance[each.at, centre.at]) for each in own) for centre in own)
    return total


def region_of(size: int, capacity: float, threshold: float, seed: int) -> Region:
    rng = np.random.default_rng(seed)
    at = rng.random((size, 2)) * 10
    apart = np.hypot(*(at[:, None] - at[None]).transpose(2, 0, 1))
    work = rng.integers(1, 5, size)
    none = np.zeros((1, size))
    return Region(
        apart, work.astype(float), rng.random(size) * 8, none, none, np.array([capacity]), work, np.array([int(capacity)]),
        np.array([threshold]),
    )


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize(("threshold", "limit"), [(0.0, 2.0), (-15.0, 6.0), (-25.0, 1.0)])
def test_every_territory_within_the_limit_is_listed_once(seed: int, threshold: float, limit: float):
    region = region_of(8, 14.0, threshold, seed)
    found = list_territories(region, limit, 10_000)
    listed = [frozenset(each.tolist()) for each in np.split(found.member[: found.start[-1]], found.start[1:-1]) if len(each)]
    centres = found.member[found.start[:-1]].tolist()
    expected = {}
    for size in range(1, 9):
        for own in map(list, itertools.combinations(range(8), size)):
            for centre in own:
                cost = float(region.apart[own, centre].sum())
                if region.load[own].sum() <= 14 and cost - region.price[own].sum() - threshold <= limit:
                    expected[frozenset(own), centre] = cost
    assert found.full
    pairs = list(zip(listed, centres, strict=True))
    assert len(pairs) == len(set(pairs))
    assert dict(zip(pairs, found.cost.tolist(), strict=True)) == pytest.approx(expected)


def searched(model: Model, steps: int, seed: int) -> search.State:
    """A short search at no temperature: it ends where its own moves gain nothing more."""
    state = search.new_state(model, first_answer(model, allowed(model), seed))
    search.anneal(model, state, np.zeros(len(model.capacity), dtype=np.int64), -1, steps, 0.0, seed)
    return state


def polished(model: Model, state: search.State, seed: int) -> float:
    """The cost after every part, up to the whole map, was shared out anew."""
    n, cost = len(model.load), float(state.totals[search.BEST])
    turns = iter(range(4))
    bound = lower_bound(model, cost, np.full(n, 1.3 * cost / n), keep_on=lambda _: next(turns, None) is not None)
    after = search.new_state(model, state.best_holder)
    polish = Polish(model, bound, state.best_holder, lambda holder: search.restart(model, after, holder), seed, own_bounds=True)
    polish.run(time.perf_counter() + 60, lambda: False)
    return float(after.totals[search.BEST])


def test_polish_finds_the_optimum_where_search_alone_is_stuck():
    problem = scattered(30, 6, 0.93, 4)
    model = model_of(problem)
    best = solve_allocation(problem, seconds=20)
    assert best.gap < 1e-6
    stuck = searched(model, 3, 1)
    assert stuck.totals[search.BEST] > best.cost * 1.0005
    assert polished(model, stuck, 1) == pytest.approx(best.cost)


def test_the_pool_joins_what_two_answers_did_well():
    """Two towns, two managers each; each answer has one town right."""
    places = np.array([0.0, 1.0, 10.0, 11.0, 100.0, 101.0, 110.0, 111.0])
    offenders = tuple(PlacedOffender(f"o{i}", i, 1.0) for i in range(8))
    managers = tuple(TerritoryManager(f"m{k}", 2.0) for k in range(4))
    model = model_of(AllocationProblem(np.abs(places[:, None] - places), offenders, managers))
    pool = Pool(model, np.zeros(4, dtype=np.int64))
    pool.add_answer(np.array([0, 0, 1, 1, 2, 3, 2, 3]))
    pool.add_answer(np.array([0, 1, 0, 1, 2, 2, 3, 3]))
    joined = pool.best(10.0)
    assert joined is not None
    assert search.new_state(model, joined).totals[search.COST] == pytest.approx(4.0)


@pytest.mark.parametrize("managers", [5, 12, 40])
@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize("seed", [1, 2])
def test_an_answer_is_found_where_capacities_are_98_per_cent_filled(managers: int, whole: bool, seed: int):
    problem = scattered(managers * 6, managers, 0.98, seed, whole=whole)
    found = solve_allocation(problem, seconds=0.6, seed=seed)
    assert cost_of(problem, found.assignment) == pytest.approx(found.cost)
    assert found.bound <= found.cost
