"""The best rounds of one class of crews under prices on the visits: quickly some good ones, and exactly the best value."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mosovo_planner.planning.rounds.bounding.labels import (
    LEFT_OUT,
    Labels,
    Values,
    completions_of,
    grow,
    new_labels,
)
from mosovo_planner.planning.rounds.bounding.network import BEGIN, UNTIL, Network, network, remembering, reverse, visits_of
from mosovo_planner.planning.rounds.model import Model
from mosovo_planner.planning.rounds.problem import Whole

MEMORY, SHORT_MEMORY = 8, 4  # visits remembered by the exact search, and by the one that bounds completions
BUCKETS = 256  # spans that the day is cut into
ROOM = 2_500_000  # labels at most
ANYTHING = 1e300


@dataclass(frozen=True, slots=True)
class Found:
    """A round that was found: the model's visits in order, and its value."""

    visits: tuple[int, ...]
    value: float


class Workspace:
    """Room for labels, shared by all classes of crews that are priced one after the other; ``stop`` ends a search."""

    def __init__(self, visits: int) -> None:
        self.labels = new_labels(ROOM, visits, BUCKETS)
        self.stop: Whole = np.zeros(1, dtype=np.int64)

    def of(self, visits: int) -> Labels:
        """The same room, for a network of so many visits."""
        own = self.labels
        return own._replace(head=own.head[:visits], ending=own.ending[:visits], closing=own.closing[:visits])


class Pricer:
    """One class of crews."""

    def __init__(self, net: Network, workspace: Workspace) -> None:
        self._net, self._workspace = net, workspace
        self._back = remembering(reverse(net), SHORT_MEMORY)
        self._labels = workspace.of(len(net.visits))
        width = int(net.limit[UNTIL] - net.limit[BEGIN]) // BUCKETS + 1
        self._grid = np.array([net.limit[BEGIN], width], dtype=np.int64)
        self._grid_back = np.array([-net.limit[UNTIL], width], dtype=np.int64)
        self._free = np.full((len(net.visits), BUCKETS), ANYTHING)
        self._profit: Values = np.zeros(len(net.visits))
        self.best = 0.0  # the most that was found under the present prices; no round at all is worth 0

    def quick(self, prices: Values, most: int) -> list[Found]:
        """Good rounds under these ``prices`` of the model's visits, one for each last visit, best first."""
        profit = self._net.reward - prices[self._net.visits]
        self._profit = np.where(profit <= 0.0, LEFT_OUT, profit) if self._net.skips else profit
        self._grow(self._net, self._grid, self._free, -ANYTHING, True)
        self.best = max(0.0, float(self._labels.closing.max()))
        return self._taken(most)

    def exact(self, most: int, slack: float) -> tuple[float, list[Found]] | None:
        """What no round is worth more than under the prices of the last ``quick``, and rounds within ``slack`` of the best.

        None where there was no room or no time to be sure of it.
        """
        table = self._free
        worth = ANYTHING
        if self._grow(self._back, self._grid_back, self._free, -ANYTHING, False):
            worth = max(self.best, float(self._labels.closing.max()))
            if worth <= self.best + 1e-9:
                return self.best, []
            table = self.tabulate()
        if self._workspace.stop[0] == 0 and self._grow(self._net, self._grid, table, self.best - 1e-7 - slack, False):
            self.best = max(self.best, float(self._labels.closing.max()))
            return self.best, self._taken(most)
        return None if worth >= ANYTHING else (worth, [])

    def tabulate(self) -> Values:
        """Bounds on what can follow each visit at each time, from the labels of a search backwards that has ended."""
        table = np.empty_like(self._free)
        completions_of(self._labels, self._profit, self._grid, table)
        return table

    def stop(self) -> None:
        """Ends a search of this workspace; from another thread."""
        self._workspace.stop[0] = 1

    def _grow(self, net: Network, grid: Whole, completions: Values, threshold: float, loose: bool) -> bool:
        return bool(grow(net, self._labels, self._profit, completions, grid, threshold, loose, self._workspace.stop))

    def _taken(self, most: int) -> list[Found]:
        labels, found = self._labels, []
        for last in np.argsort(-labels.closing, kind="stable")[:most].tolist():
            if labels.closing[last] <= 0.0:
                break
            label, order = int(labels.ending[last]), []
            while label >= 0:
                order.append(int(self._net.visits[labels.visit[label]]))
                label = int(labels.parent[label])
            found.append(Found(tuple(reversed(order)), float(labels.closing[last])))
        return found


def pricers(model: Model) -> dict[int, Pricer] | None:
    """A pricer for each class of crews that may make any visit; None where rounds cannot be searched by time."""
    workspace: Workspace | None = None
    found: dict[int, Pricer] = {}
    for crew in range(len(model.crew)):
        if not len(visits_of(model, crew)):
            continue
        net = network(model, crew, MEMORY)
        if net is None:
            return None
        workspace = workspace or Workspace(len(model.visit))
        found[crew] = Pricer(net, workspace)
    return found


def compile_pricing(model: Model) -> None:
    """Calls what is compiled once, to no effect."""
    for pricer in (pricers(model) or {}).values():
        pricer.stop()
        pricer.quick(np.zeros(len(model.visit)), 0)
        pricer.exact(0, 0.0)
        pricer.tabulate()
        break
