"""Column generation: rounds are added to a linear programme as long as some would pay under its prices.

At any time, for any prices, no choice of rounds is worth more than the sum of the prices (each visit is made once at
most) and what the best rounds under these prices bring, as far as crews and resources go round (a Lagrangian bound).
So a search that time cuts short has a valid bound as well. Prices are drawn towards the best ones so far, which
steadies them (Wentges 1997). Where no round pays any more, the bound is the optimum of the linear programme.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from math import floor

import numpy as np

from mosovo_planner.planning.rounds.anneal import alternatives
from mosovo_planner.planning.rounds.bounding.labels import Values
from mosovo_planner.planning.rounds.bounding.master import Master, Relaxed, best_choice
from mosovo_planner.planning.rounds.bounding.pricing import Found, Pricer, pricers
from mosovo_planner.planning.rounds.model import Model
from mosovo_planner.planning.rounds.packing import Column, column

DRAWN = 0.5  # share of the best prices so far in those tried next
NEAR = 0.03  # share of the value within which the bound is searched exactly
PATIENCE = 0.15  # of the time, after which it is in any case
FIRST = 1  # the round of generation that first searches exactly, so that there is a bound soon
COLUMNS = 300  # added at a time, over all classes of crews
SMALLEST = 1e-6  # what sums of prices are rounded by
OFFERED = 400  # rounds handed to the set packing


class Generation:
    """One run; ``bound`` holds what no choice of rounds is worth more than (None: nothing is known yet)."""

    def __init__(self, model: Model, known: Iterable[Column]) -> None:
        self._model = model
        self._pricers: dict[int, Pricer] = {}
        self._known = tuple(known)
        self._columns: list[Column] = []
        self._seen: set[tuple[int, tuple[int, ...]]] = set()
        self._master = Master(model)
        self._centre: tuple[float, Values] | None = None  # the least estimate, and its prices
        self._relaxed: Relaxed | None = None
        self._stopped = False
        self.bound: float | None = None
        self.offered: list[Column] = []  # rounds that could be made and that the programme would soonest choose

    def stop(self) -> None:
        """Ends the run as soon as may be; from another thread."""
        self._stopped = True
        for pricer in self._pricers.values():
            pricer.stop()

    def run(self, until: float) -> float | None:
        """Generates until nothing pays any more, or the clock (``time.monotonic``) says ``until``; the bound."""
        self._begin()
        drawn, exact_took, last, turn = DRAWN, 0.0, time.monotonic(), 0
        patience = PATIENCE * (until - last)
        while self._pricers and not self._stopped and time.monotonic() < until:
            relaxed = self._master.solve()
            if relaxed is None:
                break
            self._relaxed = relaxed
            prices = relaxed.prices
            if self._centre is not None and drawn > 0.0:
                prices = drawn * self._centre[1] + (1.0 - drawn) * prices
            fresh, estimate = self._quick(prices)
            turn += 1
            close = turn == FIRST or estimate - relaxed.value <= NEAR * abs(relaxed.value)
            late = time.monotonic() + 3.0 * exact_took > until
            if close or late or not fresh or time.monotonic() - last > patience + 4.0 * exact_took:
                begun = time.monotonic()
                more, estimate = self._exact(prices, estimate)
                fresh, exact_took = fresh + more, max(exact_took, time.monotonic() - begun)
                self.offered, last = self._promising(), time.monotonic()
                if self.closed:
                    break
            if self._centre is None or estimate < self._centre[0]:
                self._centre = estimate, prices
            elif not fresh and drawn == 0.0:
                break
            drawn = DRAWN if fresh else 0.0
        return self.bound

    def _begin(self) -> None:
        """Sets up what takes some time, on the thread that runs."""
        self._pricers = pricers(self._model) or {}
        for own in self._known:
            self._add(own)

    @property
    def closed(self) -> bool:
        """Whether more columns could not lower the bound to another whole number."""
        if self.bound is None or self._relaxed is None:
            return False
        return floor(self.bound + SMALLEST) <= floor(self._relaxed.value + SMALLEST)

    def _promising(self) -> list[Column]:
        if self._relaxed is None:
            return []
        soonest = np.argsort(-self._relaxed.gains, kind="stable")[: 2 * OFFERED]
        able = [self._columns[at] for at in soonest.tolist()]
        return [own for own in able if self._can_be_made(own)][:OFFERED]

    def _quick(self, prices: Values) -> tuple[int, float]:
        """Adds good rounds; how many were new, and what the bound seems to be."""
        fresh, values, most = 0, {}, 2 + COLUMNS // len(self._pricers)
        for crew, pricer in self._pricers.items():
            fresh += self._take(crew, pricer.quick(prices, most))
            values[crew] = pricer.best
        return fresh, self._at(prices, values)

    def _exact(self, prices: Values, estimate: float) -> tuple[int, float]:
        """Adds rounds of the exact search, and sets the bound where it ends for every class of crews."""
        fresh, values, most = 0, {}, 2 + COLUMNS // len(self._pricers)
        slack = abs(estimate - (self._relaxed.value if self._relaxed else estimate)) / 10.0 / len(self._pricers)
        for crew, pricer in self._pricers.items():
            if len(self._pricers) > 1:
                pricer.quick(prices, 0)  # prices of this class, and room that the others have used since
            answer = pricer.exact(most, slack)
            if answer is None or self._stopped:
                return fresh, estimate
            values[crew], found = answer
            fresh += self._take(crew, found)
        bound = self._at(prices, values)
        self.bound = bound if self.bound is None else min(self.bound, bound)
        return fresh, bound

    def _at(self, prices: Values, values: dict[int, float]) -> float:
        return float(prices.sum()) + best_choice(self._model, values)

    def _take(self, crew: int, found: list[Found]) -> int:
        return sum(self._add(column(self._model, crew, own.visits)) for own in found)

    def _add(self, own: Column) -> bool:
        key = own.crew, own.visits
        if key in self._seen:
            return False
        self._seen.add(key)
        self._columns.append(own)
        self._master.add(own)
        return True

    def _can_be_made(self, own: Column) -> bool:
        if len(set(own.visits)) < len(own.visits):
            return False
        crews = np.zeros(len(self._model.crew), dtype=np.int64)
        count = alternatives(self._model, np.array(own.visits, dtype=np.int64), crews, np.empty(len(crews)))
        return own.crew in crews[:count]
