"""A contracted road graph is smaller and keeps every drive between the junctions asked for."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from mosovo_planner.geo import road_travel
from mosovo_planner.geo.contraction import contracted
from mosovo_planner.geo.road_travel import RoadNetwork
from mosovo_planner.geo.roads_graph import RoadGraph


def _random_graph(size: int, edges: int, seed: int) -> csr_array:
    rng = np.random.default_rng(seed)
    dense = np.zeros((size, size), dtype=np.float32)
    start, end = rng.integers(0, size, edges), rng.integers(0, size, edges)
    dense[start, end] = rng.uniform(1, 50, edges)
    np.fill_diagonal(dense, 0)
    return csr_array(dense)


def _streets(side: int) -> csr_array:
    """A grid of streets, each way its own time, some of them one-way."""
    rng = np.random.default_rng(5)
    at = np.arange(side * side).reshape(side, side)
    pairs = np.concatenate(
        [np.column_stack((at[:, :-1].ravel(), at[:, 1:].ravel())), np.column_stack((at[:-1].ravel(), at[1:].ravel()))]
    )
    back = pairs[rng.random(len(pairs)) > 0.1][:, ::-1]
    both = np.concatenate((pairs, back))
    return csr_array((rng.uniform(5, 60, len(both)).astype(np.float32), tuple(both.T)), shape=(side * side, side * side))


@given(st.integers(2, 40), st.integers(0, 160), st.integers(0, 10_000), st.integers(1, 8))
def test_every_drive_between_the_kept_is_unchanged(size: int, edges: int, seed: int, kept: int) -> None:
    graph = _random_graph(size, edges, seed)
    chosen = np.unique(np.random.default_rng(seed).integers(0, size, kept))
    smaller, numbers = contracted(graph, chosen)
    assert (numbers[chosen] >= 0).all()
    expected = dijkstra(graph, indices=chosen)[:, chosen]
    found = dijkstra(smaller, indices=numbers[chosen])[:, numbers[chosen]]
    assert np.allclose(found, expected, rtol=1e-6)


def test_streets_that_nobody_asks_for_are_taken_out() -> None:
    graph = _streets(60)
    chosen = np.arange(0, 3600, 91)
    smaller, numbers = contracted(graph, chosen)
    assert smaller.shape[0] < 0.6 * graph.shape[0]
    expected = dijkstra(graph, indices=chosen)[:, chosen]
    assert np.allclose(dijkstra(smaller, indices=numbers[chosen])[:, numbers[chosen]], expected, rtol=1e-6)


@pytest.mark.parametrize(("origins", "destinations"), [(40, 25), (25, 40), (3, 50), (50, 3)])
def test_the_network_answers_the_same_however_it_searches(
    origins: int, destinations: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    graph = _streets(25)
    rng = np.random.default_rng(3)
    lat, lon = rng.uniform(51, 52, 625), rng.uniform(-2, -1, 625)
    first, last = rng.integers(0, 625, origins), rng.integers(0, 625, destinations)
    road_graph = RoadGraph(lat, lon, np.ones(625, dtype=bool), graph, "streets", "")
    found = RoadNetwork(road_graph).seconds(first, last)
    expected = dijkstra(graph, indices=first)[:, last]
    assert np.allclose(found, expected, rtol=1e-6)
    monkeypatch.setattr(road_travel, "_FEW_SEARCHES", 1000)
    assert np.allclose(RoadNetwork(road_graph).seconds(first, last), expected, rtol=1e-6)


def test_a_matrix_asked_for_again_is_kept_and_old_ones_are_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    searches: list[int] = []
    search = road_travel._searched

    def counted(graph: csr_array, first: np.ndarray, last: np.ndarray) -> np.ndarray:
        searches.append(len(first))
        return search(graph, first, last)

    monkeypatch.setattr(road_travel, "_searched", counted)
    monkeypatch.setattr(road_travel, "_CELLS_KEPT", 20)
    size = 100
    network = RoadNetwork(
        RoadGraph(np.linspace(51, 52, size), np.zeros(size), np.ones(size, dtype=bool), _streets(10), "streets", "")
    )
    one, other = np.array([1, 2, 3]), np.array([4, 5, 6])
    for pair in ((one, other), (one, other), (other, one), (one, other)):
        network.seconds(*pair)
    assert len(searches) == 2
    network.seconds(np.arange(5), np.arange(5))
    network.seconds(one, other)
    assert len(searches) == 4
