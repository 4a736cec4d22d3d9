"""Crews and visits of a few neighbouring rounds chosen anew together, while the rest of the plan stands still.

Re-pairing officers takes several rounds at once: no single exchange of visits between two crews gains by it. So a few
rounds near each other are taken out, and the engine seeks the best crews and visits for the officers who are then free,
from what these rounds held and the nearest visits that nobody makes (a large-neighbourhood search, Shaw 1998, with the
engine of rounds as its repair). The answer is never worse than before.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from mosovo_planner.domain.progress import Reporter
from mosovo_planner.planning.rounds import Route, VisitsProblem, solve_visits

ROUNDS = 12
"""Rounds taken out at once: enough for several officers to change partners, few enough to be solved in a moment."""
WAITING = 100
"""Visits nobody makes that a part may take in, the nearest ones."""

Whole = NDArray[np.int64]


@dataclass(frozen=True)
class Effort:
    """What one part is given: seconds, or steps where the search is to be repeatable."""

    seconds: float
    iterations: int | None = None


class Parts:
    """One problem's rounds, made better part by part. ``routes`` holds the plan as it stands."""

    def __init__(self, problem: VisitsProblem, routes: Iterable[Route], held: frozenset[str], seed: int) -> None:
        """``held`` names crews whose rounds are never taken out."""
        self.problem, self.routes, self._held = problem, list(routes), held
        self._chance = np.random.default_rng([seed, 5])
        self._at = np.array([task.at for task in problem.visits], dtype=np.int64)
        self._number = 0
        self._seed = seed

    def improve(self, effort: Effort, report: Reporter) -> None:
        """Choose one part anew."""
        self._number += 1
        free = self._taken_out()
        crews, visits = self._open_to(free), self._within(free)
        if not free or len(crews) == 0:
            return
        asked = self._part(crews, visits, free)
        start = [self.routes[at] for at in free]
        answer = solve_visits(
            asked,
            seconds=effort.seconds,
            seed=self._seed + self._number,
            report=report,
            start=start,
            iterations=effort.iterations,
        )
        self.routes = [each for at, each in enumerate(self.routes) if at not in free] + list(answer.routes)

    def _taken_out(self) -> frozenset[int]:
        """A round that chance picks and those nearest to it, by the least drive from visit to visit on average."""
        open_to = [at for at, each in enumerate(self.routes) if each.crew not in self._held and each.stops]
        if not open_to:
            return frozenset()
        stops = [self._stops(self.routes[at]) for at in open_to]
        first = stops[int(self._chance.integers(len(open_to)))]
        apart = [float(self.problem.travel[np.ix_(first, each)].min(axis=0).mean()) for each in stops]
        shaken = np.array(apart) * self._chance.uniform(0.7, 1.3, len(apart))
        return frozenset(open_to[at] for at in np.argsort(shaken, kind="stable")[:ROUNDS])

    def _open_to(self, free: frozenset[int]) -> list[int]:
        """Crews whose officers are free while all other rounds stand."""
        left = self._left(free)
        return [
            at
            for at, each in enumerate(self.problem.crews)
            if each.id not in self._held and all(left[name] > 0 for name in each.uses)
        ]

    def _left(self, free: frozenset[int]) -> dict[str, int]:
        used: Counter[str] = Counter()
        for at, each in enumerate(self.routes):
            if at not in free:
                used.update(self.problem.crews[self.problem.crew_index[each.crew]].uses)
        names = {name for each in self.problem.crews for name in each.uses}
        return {name: self.problem.resources.get(name, 1) - used[name] for name in names}

    def _within(self, free: frozenset[int]) -> list[int]:
        """The visits of these rounds, and the nearest of those that nobody makes."""
        made = {stop.visit for each in self.routes for stop in each.stops}
        own = sorted(self.problem.visit_index[stop.visit] for at in free for stop in self.routes[at].stops)
        waiting = [at for at, task in enumerate(self.problem.visits) if task.id not in made and not task.required]
        if not own or not waiting:
            return own
        away = self.problem.travel[np.ix_(self._at[own], self._at[waiting])].min(axis=0)
        return own + [waiting[at] for at in np.argsort(away, kind="stable")[:WAITING]]

    def _part(self, crews: Sequence[int], visits: Sequence[int], free: frozenset[int]) -> VisitsProblem:
        whole = self.problem
        rewards = None if whole.rewards is None else np.ascontiguousarray(whole.rewards[np.ix_(visits, crews)])
        return replace(
            whole,
            crews=tuple(whole.crews[at] for at in crews),
            visits=tuple(whole.visits[at] for at in visits),
            rewards=rewards,
            resources=self._left(free),
        )

    def _stops(self, route: Route) -> Whole:
        return self._at[[self.problem.visit_index[stop.visit] for stop in route.stops]]


def worth_of(problem: VisitsProblem, routes: Iterable[Route]) -> float:
    """Rewards of the visits made less the cost of the ways, in the problem's units."""
    total = 0
    for each in routes:
        at = problem.crew_index[each.crew]
        visits = [problem.visit_index[stop.visit] for stop in each.stops]
        path = [problem.crews[at].start, *(problem.visits[visit].at for visit in visits), problem.crews[at].end]
        total += sum(problem.reward(visit, at) for visit in visits)
        total -= sum(int(problem.costs[a, b]) for a, b in pairwise(path))
    return float(total)
