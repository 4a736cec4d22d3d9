"""Making a road graph smaller without changing any drive between the junctions that are asked for.

Junctions that nobody asks for and that have few neighbours are taken out, and each way through them
becomes one edge: the node contraction of Geisberger, Sanders, Schultes and Delling (2008), here on whole
arrays, an independent set of junctions at a time.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

_MOST_EDGES = 6  # a junction with more ways in or out than this is kept: taking it out would add more edges than it saves
_LEAST_SHARE = 0.01
_ROUNDS = 60
Nodes = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class _Edges:
    start: Nodes
    end: Nodes
    cost: NDArray[np.float64]

    def where(self, chosen: NDArray[np.bool_]) -> _Edges:
        return _Edges(self.start[chosen], self.end[chosen], self.cost[chosen])

    def with_(self, other: _Edges) -> _Edges:
        return _Edges(
            np.concatenate((self.start, other.start)),
            np.concatenate((self.end, other.end)),
            np.concatenate((self.cost, other.cost)),
        )


def contracted(graph: csr_array, kept: Nodes) -> tuple[csr_array, Nodes]:
    """A smaller graph with the same shortest drives between the nodes of ``kept``.

    Returns:
        The graph, and for each old node its number in it (-1 where it was taken out).
    """
    size = graph.shape[0]
    entries = graph.tocoo()
    edges = _Edges(entries.row.astype(np.int64), entries.col.astype(np.int64), entries.data.astype(np.float64))
    open_ = np.ones(size, dtype=bool)
    open_[kept] = False
    alive = np.ones(size, dtype=bool)
    rng = np.random.default_rng(1)
    for _ in range(_ROUNDS):
        chosen = _independent(edges, open_ & alive, size, rng)
        if chosen.sum() < _LEAST_SHARE * alive.sum():
            break
        alive &= ~chosen
        around = ~(chosen[edges.start] | chosen[edges.end])
        edges = _cheapest(edges.where(around).with_(_through(edges, chosen, size)), size)
    numbers = np.where(alive, np.cumsum(alive) - 1, -1)
    left = int(alive.sum())
    return csr_array((edges.cost, (numbers[edges.start], numbers[edges.end])), shape=(left, left)), numbers


def _independent(edges: _Edges, wanted: NDArray[np.bool_], size: int, rng: np.random.Generator) -> NDArray[np.bool_]:
    """Nodes of few edges, no two of them neighbours; those whose removal adds least go first."""
    ways_in, ways_out = np.bincount(edges.end, minlength=size), np.bincount(edges.start, minlength=size)
    candidate = wanted & (ways_in <= _MOST_EDGES) & (ways_out <= _MOST_EDGES)
    rank = ways_in * ways_out + rng.random(size)
    rival = candidate[edges.start] & candidate[edges.end]
    start, end = edges.start[rival], edges.end[rival]
    candidate[np.where(rank[start] > rank[end], start, end)] = False
    return candidate


def _through(edges: _Edges, chosen: NDArray[np.bool_], size: int) -> _Edges:
    """Every way in joined to every way out of the chosen nodes."""
    into, out = edges.where(chosen[edges.end]), edges.where(chosen[edges.start])
    order = np.argsort(out.start, kind="stable")
    counts = np.bincount(out.start, minlength=size)
    first = np.cumsum(counts) - counts
    repeats = counts[into.end]
    entry = np.repeat(np.arange(len(into.end)), repeats)
    within = np.arange(len(entry)) - np.repeat(np.cumsum(repeats) - repeats, repeats)
    exit_ = order[first[into.end[entry]] + within]
    joined = _Edges(into.start[entry], out.end[exit_], into.cost[entry] + out.cost[exit_])
    return joined.where(joined.start != joined.end)


def _cheapest(edges: _Edges, size: int) -> _Edges:
    """One edge a pair of nodes."""
    pair = edges.start * size + edges.end
    order = np.lexsort((edges.cost, pair))
    first = np.append(True, np.diff(pair[order]) != 0)
    best = order[first] if len(order) else order
    return _Edges(edges.start[best], edges.end[best], edges.cost[best])
