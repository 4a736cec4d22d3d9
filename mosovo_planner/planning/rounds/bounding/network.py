"""One class of crews as a network for the labels: steps in time, prices, windows, memories; and the same from its end."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mosovo_planner.planning.rounds.model import (
    C_BEGIN,
    C_END,
    C_LOAD,
    C_START,
    C_STOPS,
    C_UNTIL,
    V_DURATION,
    V_LOAD,
    V_WINDOW,
    V_WINDOW_END,
    Model,
)
from mosovo_planner.planning.rounds.problem import Whole

Prices = NDArray[np.float64]

# places in Network.limit
BEGIN, UNTIL, LOAD, STOPS, LOAD_BINDS, STOPS_BIND, LIMITS = range(7)


class Network(NamedTuple):
    """Arrays over the n visits that a class of crews may make; reversed, the same seen from the end of the day."""

    visits: Whole  # (n,) their numbers in the model
    step: Whole  # (n, n) from the start of one to the earliest start of the next: duration and travel
    out: Whole  # (n,) from the crew's begin to a first visit
    home: Whole  # (n,) from the start of a last visit to the crew's end: duration and travel
    windows: Whole  # (windows, 2), each visit's in order
    first: Whole  # (n + 1,) where each visit's windows begin
    price: Prices  # (n, n) cost of a leg, 0 where reward is sought
    out_price: Prices  # (n,)
    home_price: Prices  # (n,)
    reward: Prices  # (n,)
    load: Whole  # (n,)
    after: Whole  # visits that can follow, one list after the other
    after_at: Whole  # (n + 1,) where each visit's list begins
    near: Whole  # (n, memory) visits that a label at this one remembers: itself and those nearest
    place: Whole  # (n, n) where the second stands in the first's memory, -1 where it is forgotten
    limit: Whole  # (LIMITS,)
    skips: bool  # a visit that does not pay can be left out of any round at no loss


def visits_of(model: Model, crew: int) -> Whole:
    """The visits that a class of crews may make."""
    return np.flatnonzero((model.reward[:, crew] >= 0) & (model.visit[:, V_WINDOW_END] > model.visit[:, V_WINDOW]))


def network(model: Model, crew: int, memory: int) -> Network | None:
    """The network of a class of crews; None where a visit and the way to the next may take no time at all."""
    own, visits = model.crew[crew], visits_of(model, crew)
    start, end, duration = own[C_START], own[C_END], model.visit[visits, V_DURATION]
    between, out, home = _legs(model.travel, visits, start, end)
    costs = [np.asarray(legs, dtype=np.float64) for legs in _legs(model.cost, visits, start, end)]
    if model.weight[2]:
        between, out, home = _shortest(between, out, home)
        costs = [0.0 * legs for legs in costs]
        skips = True
    else:
        skips = all(map(_shortest_already, ((between, out, home), tuple(costs))))
    step = between + duration[:, None]
    if len(visits) > 1 and step[~np.eye(len(visits), dtype=bool)].min() <= 0:
        return None
    spans = [model.windows[model.visit[visit, V_WINDOW]:model.visit[visit, V_WINDOW_END]] for visit in visits]
    load = model.visit[visits, V_LOAD]
    limit = np.array([own[C_BEGIN], own[C_UNTIL], own[C_LOAD], own[C_STOPS],
                      load.sum() > own[C_LOAD], own[C_STOPS] < len(visits)], dtype=np.int64)
    opens, closes = np.array([span[0, 0] for span in spans]), np.array([span[-1, 1] for span in spans])
    able = np.maximum(opens, own[C_BEGIN] + out)[:, None] + step <= closes[None, :]
    near = np.argsort(step + step.T - np.diag(np.full(len(visits), 4 * step.max() + 1)), axis=1, kind="stable")[:, :memory]
    near = np.ascontiguousarray(near)
    place = np.full(step.shape, -1, dtype=np.int64)
    place[np.arange(len(visits))[:, None], near] = np.arange(near.shape[1])
    after, after_at = _lists(able)
    return Network(
        visits=visits, step=step, out=out, home=home + duration,
        windows=np.concatenate(spans), first=_starts([len(span) for span in spans]),
        price=costs[0], out_price=costs[1], home_price=costs[2], reward=model.reward[visits, crew].astype(np.float64),
        load=load, after=after, after_at=after_at, near=near, place=place, limit=limit, skips=skips,
    )


def reverse(net: Network) -> Network:
    """The same rounds walked backwards: a time t is now -t, the start of a visit at the latest is its time."""
    spans = [-net.windows[a:b][::-1, ::-1] for a, b in zip(net.first[:-1], net.first[1:], strict=True)]
    limit = net.limit.copy()
    limit[BEGIN], limit[UNTIL] = -net.limit[UNTIL], -net.limit[BEGIN]
    able = np.zeros(net.step.shape, dtype=bool)
    able[np.repeat(np.arange(len(net.visits)), np.diff(net.after_at)), net.after] = True
    after, after_at = _lists(able.T)
    return net._replace(
        step=np.ascontiguousarray(net.step.T), out=net.home, home=net.out, windows=np.ascontiguousarray(np.concatenate(spans)),
        price=np.ascontiguousarray(net.price.T), out_price=net.home_price, home_price=net.out_price,
        after=after, after_at=after_at, limit=limit,
    )


def remembering(net: Network, memory: int) -> Network:
    """The same network with shorter memories: more rounds that no crew could make, found faster."""
    near = np.ascontiguousarray(net.near[:, :memory])
    return net._replace(near=near, place=np.where(net.place < memory, net.place, -1))


def _legs(table: Whole, visits: Whole, start: int, end: int) -> tuple[Whole, Whole, Whole]:
    return np.ascontiguousarray(table[np.ix_(visits, visits)]), table[start, visits], np.ascontiguousarray(table[visits, end])


def _shortest(between: Whole, out: Whole, home: Whole) -> tuple[Whole, Whole, Whole]:
    """No leg longer than a way round by other visits: then leaving a visit out of a round never makes it late."""
    for via in range(len(between)):
        between = np.minimum(between, between[:, [via]] + between[[via]])
    return between, np.minimum(out, (out[:, None] + between).min(axis=0)), np.minimum(home, (between + home).min(axis=1))


def _shortest_already(legs: tuple[NDArray[np.generic], ...]) -> bool:
    between, out, home = (np.asarray(part, dtype=np.int64) for part in legs)
    shortest = _shortest(between, out, home)
    off = ~np.eye(len(between), dtype=bool)
    return bool((shortest[0] == between)[off].all() and (shortest[1] == out).all() and (shortest[2] == home).all())


def _starts(lengths: list[int]) -> Whole:
    return np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)


def _lists(able: NDArray[np.bool_]) -> tuple[Whole, Whole]:
    lists = [np.flatnonzero(row & (np.arange(len(row)) != at)) for at, row in enumerate(able)]
    return np.concatenate(lists).astype(np.int64), _starts([len(own) for own in lists])
