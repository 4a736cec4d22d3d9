"""What no answer can better: assignment relaxations of the rounds, with a price on time where reward is sought."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mosovo_planner.planning.rounds.model import (
    C_BEGIN,
    C_COUNT,
    C_END,
    C_START,
    C_UNTIL,
    V_DURATION,
    V_FIRST,
    V_LAST,
    V_REQUIRED,
    V_VALUE,
    Layout,
    Model,
)
from mosovo_planner.planning.rounds.problem import Objective, VisitsProblem, Whole

Costs = NDArray[np.float64]

NEVER = 1e12  # a link that no round can have
LARGEST = 450  # visits up to which the assignment is solved; beyond, only what is trivial is told
ROUNDED = 1e-5  # what sums of prices may be off by
TRIALS = 18  # prices of time tried


def tighter(problem: VisitsProblem, one: float | None, worth: float | None) -> float | None:
    """The better of a bound and what no choice of rounds is worth more than (reward, or reward less cost)."""
    if worth is None:
        return one
    if problem.objective is Objective.REWARD_THEN_TRAVEL:
        other = float(np.floor(worth + ROUNDED))
        return other if one is None else min(one, other)
    whole = sum(problem.best_reward(visit) for visit in range(len(problem.visits)))
    other = float(np.ceil(whole - worth - ROUNDED))
    return other if one is None else max(one, other)


def best_possible(problem: VisitsProblem, model: Model, layout: Layout) -> float | None:
    """An upper bound on the reward, or a lower bound on the cost."""
    able = model.reward.max(axis=1) >= 0
    if problem.objective is Objective.COST:
        return _least_cost(model, layout, able)
    values = np.sort(model.visit[able, V_VALUE])[::-1]
    most = float(values[: layout.rows * layout.stops].sum())
    if not able.any() or len(able) > LARGEST:
        return most
    return min(most, _most_reward(model, layout, able))


def _links(model: Model, lengths: Whole, extra: Whole) -> tuple[Costs, Costs, Costs]:
    """Visit to visit, start to visit, visit to end, at their least over the crews; links that come too late are never made."""
    count = len(model.visit)
    first, last, duration = model.visit[:, V_FIRST], model.visit[:, V_LAST], model.visit[:, V_DURATION]
    between = (lengths[:count, :count] + extra[None, :]).astype(np.float64)
    between[first[:, None] + duration[:, None] + model.travel[:count, :count] > last[None, :]] = NEVER
    starts = model.crew[:, C_START]
    ends = model.crew[:, C_END]
    out = (lengths[np.unique(starts)][:, :count].min(axis=0) + extra).astype(np.float64)
    home = lengths[:count][:, np.unique(ends)].min(axis=1).astype(np.float64)
    return between, out, home


def _relaxation(between: Costs, out: Costs, home: Costs, missed: Costs, rounds: int) -> float:
    """The cheapest way to give each visit one before and one after it, or to miss it, with so many rounds at most."""
    from scipy.optimize import linear_sum_assignment

    count = len(out)
    table = np.zeros((count + rounds, count + rounds))
    table[:count, :count] = between
    table[np.arange(count), np.arange(count)] = missed
    table[:count, count:] = home[:, None]
    table[count:, :count] = out[None, :]
    chosen = linear_sum_assignment(table)
    return float(table[chosen].sum())


def _least_cost(model: Model, layout: Layout, able: NDArray[np.bool_]) -> float | None:
    if int(able.sum()) > LARGEST or (model.cost < 0).any():
        return None
    keep = np.flatnonzero(able)
    between, out, home = _links(model, model.cost, np.zeros(len(model.visit), dtype=np.int64))
    missed = np.where(model.visit[keep, V_REQUIRED] > 0, NEVER, model.visit[keep, V_VALUE].astype(np.float64))
    value = _relaxation(between[np.ix_(keep, keep)], out[keep], home[keep], missed, min(layout.rows, len(keep)))
    forgone = float(model.visit[~able, V_VALUE].sum())
    return float(np.ceil(value + forgone - 1e-6)) if value < NEVER else None


def _most_reward(model: Model, layout: Layout, able: NDArray[np.bool_]) -> float:
    """Lagrangian bound: time costs a price, all crews' time together is given; the best price is searched (it is convex)."""
    keep = np.flatnonzero(able)
    between, out, home = _links(model, model.travel, model.visit[:, V_DURATION])
    between, out, home = between[np.ix_(keep, keep)], out[keep], home[keep]
    values = model.visit[keep, V_VALUE].astype(np.float64)
    spans = np.repeat(model.crew[:, C_UNTIL] - model.crew[:, C_BEGIN], np.minimum(model.crew[:, C_COUNT], layout.rows))
    time = float(np.sort(spans)[::-1][: layout.rows].sum())

    def bound(price: float) -> float:
        priced = np.where(between >= NEVER, NEVER, between * price)
        return price * time + float(values.sum()) - _relaxation(priced, out * price, home * price, values, layout.rows)

    low, high = 0.0, float((values / np.maximum(1.0, model.visit[keep, V_DURATION] + home)).max())
    ratio = (5**0.5 - 1) / 2
    tried: dict[float, float] = {}
    a, b = high - ratio * (high - low), low + ratio * (high - low)
    for _ in range(TRIALS):
        for price in (a, b):
            if price not in tried:
                tried[price] = bound(price)
        if tried[a] <= tried[b]:
            high, b = b, a
            a = high - ratio * (high - low)
        else:
            low, a = a, b
            b = low + ratio * (high - low)
    return float(np.floor(min(tried.values()) + 1e-6))
