"""When a crew is where: the times of a round in whole minutes, and the best order of its visits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import permutations
from typing import NamedTuple
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
_MOVED = 20  # price of a minute by which a pinned visit comes later than is rough
ROUGH = 30
"""Minutes by which a visit may come otherwise without being another promise."""
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
    order = np.arange(len(needs))[None, :]
    run = _run(request, duty, _facts(request, duty, needs), order)
    legs = tuple(int(each) for each in run.legs[0]) if needs else (0,)
    return Timetable(tuple(map(int, run.arrive[0])), tuple(map(int, run.leave[0])), legs, int(run.back[0]), int(run.end[0]))


def best_order(request: PlanRequest, duty: Duty, needs: Sequence[VisitNeed]) -> list[VisitNeed]:
    """The order that fits the duty, keeps promised times roughly, drives least and repeats fewest of the
    offenders' usual hours; among near equals chance decides, by the request's seed."""
    if len(needs) < 2:
        return list(needs)
    price = _Price(request, duty, needs)
    if len(needs) <= _ALL_ORDERS:
        orders = _orders(len(needs))
        return [needs[at] for at in orders[int(np.argmin(price(orders)))]]
    return [needs[at] for at in _stepwise(price, len(needs))]


def fits(request: PlanRequest, duty: Duty, needs: Sequence[VisitNeed]) -> bool:
    """Whether these visits in this order keep to the duty, the visiting hours, the number of visits and, roughly,
    the times promised."""
    if len(needs) > request.rules.max_visits:
        return False
    order = np.arange(len(needs))[None, :]
    return bool(_run(request, duty, _facts(request, duty, needs), order).feasible(request, duty)[0])


def insertion(request: PlanRequest, duty: Duty, needs: Sequence[VisitNeed], added: VisitNeed) -> tuple[int, int] | None:
    """Where one more visit fits with the least driving: minutes more and index; None where it fits nowhere.

    It may not make a pinned visit later than it is.
    """
    if len(needs) >= request.rules.max_visits:
        return None
    runs, extra = _inserted(request, duty, needs, added)
    feasible = (runs.late(request, duty) == 0) & ~_delayed(request, duty, needs, runs)
    if not feasible.any():
        return None
    at = int(np.argmin(np.where(feasible, extra, np.iinfo(np.int64).max)))
    return int(extra[at]), at


def overrun(request: PlanRequest, duty: Duty, needs: Sequence[VisitNeed], added: VisitNeed) -> tuple[int, int] | None:
    """How far one more visit would run over where it does so least, the number of visits set aside: minutes past the end
    of the duty, minutes past the last visiting time. None where a promised visit would come later wherever it goes in."""
    runs, _ = _inserted(request, duty, needs, added)
    last = runs.leave.max(axis=1, initial=0)
    ends, windows = np.maximum(0, runs.end - duty.until), np.maximum(0, last - request.rules.visit_latest)
    delayed = _delayed(request, duty, needs, runs)
    if delayed.all():
        return None
    at = int(np.argmin(np.where(delayed, np.iinfo(np.int64).max, ends + windows)))
    return int(ends[at]), int(windows[at])


def _delayed(request: PlanRequest, duty: Duty, needs: Sequence[VisitNeed], runs: _Runs) -> NDArray[np.bool_]:
    """Which of the insertions make a pinned visit later."""
    if not any(need.not_before for need in needs):
        return np.zeros(len(runs.end), dtype=bool)
    count = len(needs)
    now = np.array([*timetable(request, duty, needs).arrive, 24 * 60], dtype=np.int64)[_insertions(count)]
    return np.asarray(((runs.promised > 0) & (runs.arrive > now)).any(axis=1))


def least_harm(request: PlanRequest, duty: Duty, needs: Sequence[VisitNeed], added: VisitNeed) -> int:
    """The index at which one more visit does least harm, whether it fits or not."""
    runs, extra = _inserted(request, duty, needs, added)
    return int(np.argmin(extra + _LATE * runs.late(request, duty)))


def _inserted(request: PlanRequest, duty: Duty, needs: Sequence[VisitNeed], added: VisitNeed) -> tuple[_Runs, Whole]:
    """For every index at which the visit could go in: the times, and the minutes of driving more."""
    count = len(needs)
    facts = _facts(request, duty, [*needs, added])
    runs = _run(request, duty, facts, _insertions(count))
    before = int(_drives(facts.drives, np.arange(count)[None, :]).sum()) if count else 0
    return runs, np.asarray(runs.legs.sum(axis=1)) - before


class _Facts(NamedTuple):
    """Minutes between base (last row and column) and stops, minutes at each stop, and the times promised (0: none)."""

    drives: Whole
    minutes: Whole
    promised: Whole


class _Runs(NamedTuple):
    """Orders driven: legs (orders, visits + 1), arrivals, departures and times promised (orders, visits), back at base
    and end of work (orders)."""

    legs: Whole
    arrive: Whole
    leave: Whole
    promised: Whole
    back: Whole
    end: Whole

    def late(self, request: PlanRequest, duty: Duty) -> Whole:
        """Minutes past the end of the duty and past the last visiting time."""
        last = self.leave.max(axis=1, initial=0)
        return np.asarray(np.maximum(0, self.end - duty.until) + np.maximum(0, last - request.rules.visit_latest))

    def moved(self) -> Whole:
        """Minutes by which promised visits come later than is rough, shape (orders, visits)."""
        return np.where(self.promised > 0, np.maximum(0, self.arrive - self.promised - ROUGH), 0)

    def feasible(self, request: PlanRequest, duty: Duty) -> NDArray[np.bool_]:
        kept: NDArray[np.bool_] = (self.late(request, duty) == 0) & (self.moved().sum(axis=1) == 0)
        return kept


def _facts(request: PlanRequest, duty: Duty, needs: Sequence[VisitNeed]) -> _Facts:
    """A stop whose position is not known is reckoned at the base; the round's problems say so."""
    places: list[Position] = [need.position or duty.base for need in needs] + [duty.base]
    minutes = np.array([request.rules.door_minutes[need.kind] + need.longer for need in needs], dtype=np.int64)
    promised = np.array([need.not_before for need in needs], dtype=np.int64)
    return _Facts(request.legs.matrix(places, places), minutes, promised)


def _drives(drives: Whole, orders: Whole) -> Whole:
    """Legs of each order, shape (orders, visits + 1)."""
    base = np.full((len(orders), 1), len(drives) - 1)
    legs: Whole = drives[np.hstack([base, orders]), np.hstack([orders, base])]
    return legs


def _run(request: PlanRequest, duty: Duty, facts: _Facts, orders: Whole) -> _Runs:
    """The times of each order, as early as they can be; a promised visit is not made before its time.

    The meal break is taken at the stop that the crew leaves about the middle of the duty, unless the crew waits as long
    anyway or sets out no earlier; notes are written at the base, so the end counts desk minutes for each visit.
    """
    rules = request.rules
    legs, minutes, promised = _drives(facts.drives, orders), facts.minutes[orders], facts.promised[orders]
    earliest = np.maximum(promised, rules.visit_earliest)
    now = np.full(len(orders), duty.start, dtype=np.int64)
    rested = np.zeros(len(orders), dtype=bool)
    middle = (rules.duty_start(duty.evening) + duty.until - rules.break_minutes) // 2
    arrive, leave = np.empty_like(minutes), np.empty_like(minutes)
    for at in range(orders.shape[1]):
        arrive[:, at] = np.maximum(now + legs[:, at], earliest[:, at])
        setting_out = arrive[:, at] - legs[:, at]
        rested |= (setting_out >= middle) if at == 0 else (setting_out - now >= rules.break_minutes)
        leave[:, at] = arrive[:, at] + minutes[:, at]
        rest_now = ~rested & (leave[:, at] >= middle)
        now = leave[:, at] + rules.break_minutes * rest_now
        rested |= rest_now
    back = now + (legs[:, -1] if orders.shape[1] else 0)
    return _Runs(legs, arrive, leave, promised, back, back + rules.desk_minutes * orders.shape[1])


class _Price:
    """What an order costs, in minutes of driving."""

    def __init__(self, request: PlanRequest, duty: Duty, needs: Sequence[VisitNeed]) -> None:
        self._request, self._duty, self._facts = request, duty, _facts(request, duty, needs)
        weekday = duty.day.isoweekday()
        price = request.rules.repeat_slot * self._facts.minutes
        self._repeat = np.array(
            [
                [own * repeat_share(need.before, weekday, (part,)) for part in _PARTS]
                for own, need in zip(price, needs, strict=True)
            ]
        )
        seeds = [request.seed, duty.day.toordinal(), crc32(duty.id.encode())]
        self._chance = np.random.default_rng(seeds).random((len(needs), len(needs))) * _CHANCE / len(needs)

    def __call__(self, orders: Whole) -> NDArray[np.float64]:
        runs = _run(self._request, self._duty, self._facts, orders)
        late = _LATE * runs.late(self._request, self._duty) + _MOVED * runs.moved().sum(axis=1)
        part = (runs.arrive >= _NOON).astype(np.int64) + (runs.arrive >= _EVENING)
        place = np.arange(orders.shape[1])[None, :]
        priced = self._repeat[orders, part].sum(axis=1) + self._chance[orders, place].sum(axis=1)
        whole: NDArray[np.float64] = runs.legs.sum(axis=1) + late + priced
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
