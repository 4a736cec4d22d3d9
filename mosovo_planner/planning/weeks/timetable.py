"""When a crew is where: the times of a round in whole minutes, and the best order of its visits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import permutations
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from mosovo_planner.domain.people import Position
from mosovo_planner.planning.weeks.crews import Duty
from mosovo_planner.planning.weeks.request import PlanRequest, VisitNeed, part_of_day
from mosovo_planner.planning.weeks.values import repeat_share

Whole = NDArray[np.int64]

_ALL_ORDERS = 7  # 5,040 orders are weighed in a few milliseconds; longer rounds are improved step by step
_LATE = 1000  # price of a minute past the end of the duty or the last visiting time
_MOVED = 2  # price of a minute by which a pinned visit moves beyond what is rough
_ROUGH = 30
_CHANCE = 4.0  # minutes of driving that chance may cost, so that the same round is not driven the same way


@dataclass(frozen=True, slots=True)
class Timetable:
    """A round's times, minutes since midnight; ``drives`` has a leg to each stop and the way home at its end."""

    arrive: tuple[int, ...]
    leave: tuple[int, ...]
    drives: tuple[int, ...]
    back: int
    end: int


def timetable(request: PlanRequest, duty: Duty, needs: Sequence[VisitNeed]) -> Timetable:
    """Times of the visits in this order, as early as they can be; whether they fit is the reader's to judge."""
    drives, minutes = _legs(request, duty, needs)
    order = np.arange(len(needs))[None, :]
    arrive, leave, back, end = _run(request, duty, _drives(drives, order), minutes[order])
    legs = tuple(int(each) for each in _drives(drives, order)[0]) if needs else (0,)
    return Timetable(tuple(map(int, arrive[0])), tuple(map(int, leave[0])), legs, int(back[0]), int(end[0]))


def best_order(
    request: PlanRequest, duty: Duty, needs: Sequence[VisitNeed], promised: Mapping[str, int] | None = None
) -> list[VisitNeed]:
    """The order that fits the duty, keeps promised times roughly, drives least and repeats fewest of the
    offenders' usual hours; among near equals chance decides, by the request's seed.

    Args:
        promised: arrival of visits that are pinned, minutes since midnight.
    """
    if len(needs) < 2:
        return list(needs)
    drives, minutes = _legs(request, duty, needs)
    price = _Price(request, duty, needs, drives, minutes, promised or {})
    if len(needs) <= _ALL_ORDERS:
        orders = _orders(len(needs))
        return [needs[at] for at in orders[int(np.argmin(price(orders)))]]
    return [needs[at] for at in _stepwise(price, len(needs))]


def fits(request: PlanRequest, duty: Duty, needs: Sequence[VisitNeed]) -> bool:
    """Whether these visits in this order keep to the duty, the visiting hours and the number of visits."""
    if len(needs) > request.rules.max_visits:
        return False
    times = timetable(request, duty, needs)
    return times.end <= duty.until and max(times.leave, default=0) <= request.rules.visit_latest


def insertion(request: PlanRequest, duty: Duty, needs: Sequence[VisitNeed], added: VisitNeed) -> tuple[int, int] | None:
    """Where one more visit fits with the least driving: minutes more and index; None where it fits nowhere."""
    if len(needs) >= request.rules.max_visits:
        return None
    latest, end, extra = _inserted(request, duty, needs, added)
    feasible = (end <= duty.until) & (latest <= request.rules.visit_latest)
    if not feasible.any():
        return None
    at = int(np.argmin(np.where(feasible, extra, np.iinfo(np.int64).max)))
    return int(extra[at]), at


def least_harm(request: PlanRequest, duty: Duty, needs: Sequence[VisitNeed], added: VisitNeed) -> int:
    """The index at which one more visit does least harm, whether it fits or not."""
    latest, end, extra = _inserted(request, duty, needs, added)
    late = np.maximum(0, end - duty.until) + np.maximum(0, latest - request.rules.visit_latest)
    return int(np.argmin(extra + _LATE * late))


def _inserted(request: PlanRequest, duty: Duty, needs: Sequence[VisitNeed], added: VisitNeed) -> tuple[Whole, Whole, Whole]:
    """Latest leaving of a visit, end and driving added, for every index at which the visit could go in."""
    count = len(needs)
    drives, minutes = _legs(request, duty, [*needs, added])
    orders = _insertions(count)
    legs = _drives(drives, orders)
    _, leave, _, end = _run(request, duty, legs, minutes[orders])
    before = int(_drives(drives, np.arange(count)[None, :]).sum()) if count else 0
    return np.asarray(leave.max(axis=1)), end, np.asarray(legs.sum(axis=1)) - before


def _legs(request: PlanRequest, duty: Duty, needs: Sequence[VisitNeed]) -> tuple[Whole, Whole]:
    """Minutes between base (last row and column) and stops, and the minutes at each stop.

    A stop whose position is not known is reckoned at the base; the round's problems say so.
    """
    places: list[Position] = [need.position or duty.base for need in needs] + [duty.base]
    return request.legs.matrix(places, places), np.array(
        [request.rules.door_minutes[need.kind] for need in needs], dtype=np.int64
    )


def _drives(drives: Whole, orders: Whole) -> Whole:
    """Legs of each order, shape (orders, visits + 1)."""
    base = np.full((len(orders), 1), len(drives) - 1)
    legs: Whole = drives[np.hstack([base, orders]), np.hstack([orders, base])]
    return legs


def _run(request: PlanRequest, duty: Duty, legs: Whole, minutes: Whole) -> tuple[Whole, Whole, Whole, Whole]:
    """Arrivals and departures (orders, visits), back at base and end of work (orders).

    The meal break is taken at the stop that the crew leaves about the middle of the duty; notes are written at the
    base, so the end counts desk minutes for each visit.
    """
    rules = request.rules
    now = np.full(len(legs), duty.start, dtype=np.int64)
    rested = np.zeros(len(legs), dtype=bool)
    middle = (duty.start + duty.until - rules.break_minutes) // 2
    arrive, leave = np.empty_like(minutes), np.empty_like(minutes)
    for at in range(minutes.shape[1]):
        arrive[:, at] = np.maximum(now + legs[:, at], rules.visit_earliest)
        leave[:, at] = arrive[:, at] + minutes[:, at]
        rest_now = ~rested & (leave[:, at] >= middle)
        now = leave[:, at] + rules.break_minutes * rest_now
        rested |= rest_now
    back = now + (legs[:, -1] if minutes.shape[1] else 0)
    return arrive, leave, back, back + rules.desk_minutes * minutes.shape[1]


class _Price:
    """What an order costs, in minutes of driving."""

    def __init__(
        self,
        request: PlanRequest,
        duty: Duty,
        needs: Sequence[VisitNeed],
        drives: Whole,
        minutes: Whole,
        promised: Mapping[str, int],
    ) -> None:
        self._request, self._duty, self._drives, self._minutes = request, duty, drives, minutes
        weekday = duty.day.isoweekday()
        price = [request.rules.repeat_slot * request.rules.door_minutes[need.kind] for need in needs]
        self._repeat = np.array(
            [
                [own * repeat_share(need.before, weekday, (part,)) for part in _PARTS]
                for own, need in zip(price, needs, strict=True)
            ]
        )
        self._promised = np.array([promised.get(need.ref, -1) for need in needs])
        seeds = [request.seed, duty.day.toordinal(), crc32(duty.id.encode())]
        self._chance = np.random.default_rng(seeds).random((len(needs), len(needs))) * _CHANCE / len(needs)

    def __call__(self, orders: Whole) -> NDArray[np.float64]:
        legs = _drives(self._drives, orders)
        arrive, leave, _, end = _run(self._request, self._duty, legs, self._minutes[orders])
        late = np.maximum(0, end - self._duty.until) + np.maximum(0, leave.max(axis=1) - self._request.rules.visit_latest)
        part = (arrive >= _NOON).astype(np.int64) + (arrive >= _EVENING)
        moved = np.where(self._promised[orders] >= 0, np.maximum(0, np.abs(arrive - self._promised[orders]) - _ROUGH), 0)
        place = np.arange(orders.shape[1])[None, :]
        priced = self._repeat[orders, part].sum(axis=1) + self._chance[orders, place].sum(axis=1)
        whole: NDArray[np.float64] = legs.sum(axis=1) + _LATE * late + _MOVED * moved.sum(axis=1) + priced
        return whole


_PARTS = ("morning", "afternoon", "evening")
_NOON, _EVENING = (next(at for at in range(24 * 60) if part_of_day(at) == part) for part in _PARTS[1:])


@lru_cache(maxsize=64)
def _insertions(count: int) -> Whole:
    """The orders that put visit ``count`` among the earlier ones, one for each index."""
    return np.array([[*range(at), count, *range(at, count)] for at in range(count + 1)], dtype=np.int64)


@lru_cache(maxsize=16)
def _orders(count: int) -> Whole:
    return np.array(list(permutations(range(count))), dtype=np.int64)


def _stepwise(price: _Price, count: int) -> Whole:
    """Moves single visits while that helps; rounds longer than proposals make are short work all the same."""
    order = np.arange(count)
    cost = float(price(order[None, :])[0])
    while True:
        moves = [np.insert(np.delete(order, at), to, order[at]) for at in range(count) for to in range(count) if at != to]
        moves += [
            np.concatenate([order[:at], order[at:to][::-1], order[to:]]) for at in range(count) for to in range(at + 2, count + 1)
        ]
        costs = price(np.array(moves))
        best = int(np.argmin(costs))
        if costs[best] >= cost - 1e-9:
            return order
        order, cost = moves[best], float(costs[best])
