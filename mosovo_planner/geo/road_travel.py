"""Minutes by car over an imported road network."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import cKDTree

from mosovo_planner.domain.people import Position
from mosovo_planner.domain.travel import Minutes, TravelTimes
from mosovo_planner.geo.contraction import contracted
from mosovo_planner.geo.distance import chord_of_km, km_between, unit_vectors
from mosovo_planner.geo.roads_graph import RoadGraph, read_graph

_COVERED_KM = 1.0  # farther than this from any road, the network does not know the place
_DOOR_MINUTES_A_KM = 1.3 * 60 / 30  # from door to junction, by lanes at 30 km/h
_EARTH_KM = 6371.0088
_SAME_SPOT_KM = 0.001
_CELLS_A_BLOCK = 5_000_000
_CELLS_KEPT = 4_000_000
_FEW_SEARCHES = 10  # as long as this many take about as long as making the graph smaller


class RoadNetwork:
    """A road graph ready for questions: the junction next to a point, and seconds between junctions.

    The matrices asked for last are kept, in memory only: where offenders live is never written here.
    """

    def __init__(self, graph: RoadGraph) -> None:
        self.name = graph.name
        self._seconds = graph.seconds
        self._doors = np.flatnonzero(graph.doors)
        self._tree = cKDTree(unit_vectors(graph.lat[self._doors], graph.lon[self._doors]))
        self._kept: OrderedDict[tuple[bytes, bytes], Minutes] = OrderedDict()

    def snap(self, vectors: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """The nearest junction of each point, and the minutes to it; nan where it is too far to be told."""
        chords, nearest = self._tree.query(vectors, distance_upper_bound=chord_of_km(_COVERED_KM))
        far = np.isinf(chords)
        km = np.where(far, np.nan, chords) * _EARTH_KM
        return self._doors[np.where(far, 0, nearest)], km * _DOOR_MINUTES_A_KM

    def seconds(self, origins: NDArray[np.int64], destinations: NDArray[np.int64]) -> Minutes:
        """Seconds between junctions (Dijkstra 1959), searched from whichever side has fewer."""
        first, row = np.unique(origins, return_inverse=True)
        last, column = np.unique(destinations, return_inverse=True)
        key = (first.tobytes(), last.tobytes())
        found = self._kept.pop(key, None)
        if found is None:
            found = self._found(first, last)
        self._kept[key] = found
        while len(self._kept) > 1 and sum(matrix.size for matrix in self._kept.values()) > _CELLS_KEPT:
            self._kept.popitem(last=False)
        return np.asarray(found[np.ix_(row, column)])

    def _found(self, first: NDArray[np.int64], last: NDArray[np.int64]) -> Minutes:
        """Searched on a graph without the junctions nobody asks for, where the searches are many."""
        graph = self._seconds
        if min(len(first), len(last)) > _FEW_SEARCHES:
            graph, numbers = contracted(graph, np.union1d(first, last))
            first, last = numbers[first], numbers[last]
        return _searched(graph, first, last) if len(first) <= len(last) else _searched(csr_array(graph.T), last, first).T


def load_network(path: Path) -> RoadNetwork:
    """The stored network, read once for as long as its file stays the same.

    Raises:
        RoadsError: it is damaged or of another version.
    """
    facts = path.stat()
    return _network(path, (facts.st_ino, facts.st_mtime_ns, facts.st_size))


@lru_cache(maxsize=1)
def _network(path: Path, _state: tuple[int, int, int]) -> RoadNetwork:
    return RoadNetwork(read_graph(path))


class RoadTravel:
    """Shortest driving times between the junctions next to the positions.

    Positions that the network does not cover are given to ``beyond``. ``work_hours`` stretches
    free-flow times to those of working hours.
    """

    def __init__(self, network: RoadNetwork, beyond: TravelTimes, work_hours: float) -> None:
        self._network = network
        self._beyond = beyond
        self._work_hours = work_hours

    @property
    def name(self) -> str:
        return f"roads of {self._network.name}; beyond them, {self._beyond.name}"

    def minutes(self, origins: Sequence[Position], destinations: Sequence[Position]) -> Minutes:
        """Minutes by car, shape (origins, destinations); 0 between positions that are the same."""
        if not origins or not destinations:
            return np.zeros((len(origins), len(destinations)), dtype=np.float32)
        starts, ends = _vectors(origins), _vectors(destinations)
        (from_at, from_door), (to_at, to_door) = self._network.snap(starts), self._network.snap(ends)
        known_rows, known_columns = ~np.isnan(from_door), ~np.isnan(to_door)
        result = np.zeros((len(origins), len(destinations)), dtype=np.float32)
        if known_rows.any() and known_columns.any():
            driven = self._network.seconds(from_at[known_rows], to_at[known_columns]) / np.float32(60)
            driven += (from_door[known_rows][:, None] + to_door[known_columns][None, :]).astype(np.float32)
            driven *= np.float32(self._work_hours)
            result[np.ix_(known_rows, known_columns)] = driven
        self._fill(result, origins, destinations, known_rows, known_columns)
        _nothing_at_home(result, starts, ends)
        return result

    def covers(self, positions: Sequence[Position]) -> NDArray[np.bool_]:
        """Which positions the network knows."""
        if not positions:
            return np.zeros(0, dtype=bool)
        return ~np.isnan(self._network.snap(_vectors(positions))[1])

    def _fill(
        self,
        result: Minutes,
        origins: Sequence[Position],
        destinations: Sequence[Position],
        rows: NDArray[np.bool_],
        columns: NDArray[np.bool_],
    ) -> None:
        """Ask the other basis for the rows and columns that the network does not know."""
        if not rows.all():
            at = np.flatnonzero(~rows).tolist()
            result[at] = self._beyond.minutes([origins[index] for index in at], destinations)
        if not columns.all():
            at = np.flatnonzero(~columns).tolist()
            result[:, at] = self._beyond.minutes(origins, [destinations[index] for index in at])


def _searched(graph: csr_array, first: NDArray[np.int64], last: NDArray[np.int64]) -> Minutes:
    """Seconds from each of the first junctions to each of the last, some at a time to spare memory."""
    result = np.empty((len(first), len(last)), dtype=np.float32)
    rows = max(1, _CELLS_A_BLOCK // graph.shape[0])
    for start in range(0, len(first), rows):
        block = slice(start, start + rows)
        result[block] = dijkstra(graph, indices=first[block])[:, last]
    return result


def _vectors(positions: Sequence[Position]) -> NDArray[np.float64]:
    return unit_vectors([position.lat for position in positions], [position.lon for position in positions])


def _nothing_at_home(result: Minutes, starts: NDArray[np.float64], ends: NDArray[np.float64]) -> None:
    """No drive between positions that are the same."""
    rows = max(1, _CELLS_A_BLOCK // len(ends))
    for start in range(0, len(starts), rows):
        block = slice(start, start + rows)
        result[block][km_between(starts[block], ends) < _SAME_SPOT_KM] = 0
