"""A road network as a graph of junctions, and the file it is kept in."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from mosovo_planner.geo.array_file import packed, read_arrays
from mosovo_planner.geo.errors import RoadsError
from mosovo_planner.geo.roads_read import KINDS, MOTORWAY_KINDS, RoadWays

_JUNCTION_SECONDS = 2.0
_LONGEST_PIECE_METRES = 500.0  # long lanes are cut on the way too, so that a farm is joined to the lane and not to its end
_EARTH_METRES = 6371008.8
_CURE = "Import the road file again (mosovo-planner roads FILE.osm.pbf), or delete it to use the crow-fly formula."


@dataclass(frozen=True, eq=False)
class RoadGraph:
    """Junctions, and points on the way, that can all reach each other, and the drives between neighbours.

    ``lat``/``lon`` degrees, one a junction; ``doors`` whether homes may be joined to the junction (not on a
    motorway); ``seconds`` sparse (junctions x junctions), from row to column.
    """

    lat: NDArray[np.float64]
    lon: NDArray[np.float64]
    doors: NDArray[np.bool_]
    seconds: csr_array
    name: str
    attribution: str


def roads_path(folder: Path) -> Path:
    """Where a data folder keeps its road network."""
    return folder / "roads.npz"


def build_graph(ways: RoadWays, name: str) -> RoadGraph:
    """Cut ways at junctions, time each piece, and keep the largest part in which every drive has a way back.

    Raises:
        RoadsError: no two roads of the file join.
    """
    points = np.concatenate(ways.points)
    ids, first, at = np.unique(points[:, 0], return_index=True, return_inverse=True)
    lon, lat = points[first, 1] / 1e7, points[first, 2] / 1e7
    pieces = _pieces(ways, at, lat, lon)
    size = len(ids)
    both = [
        (pieces.start, pieces.end, pieces.direction >= 0),
        (pieces.end, pieces.start, pieces.direction <= 0),
    ]
    rows = np.concatenate([start[open_] for start, _, open_ in both])
    columns = np.concatenate([end[open_] for _, end, open_ in both])
    seconds = np.concatenate([pieces.seconds[open_] for _, _, open_ in both])
    rows, columns, seconds = _fastest(rows, columns, seconds, size)
    graph = csr_array((seconds, (rows, columns)), shape=(size, size))
    _, part = connected_components(graph, connection="strong")
    used = np.zeros(size, dtype=bool)
    used[rows] = True
    largest = np.bincount(part[used]).argmax() if used.any() else -1
    kept = np.flatnonzero(used & (part == largest))
    if len(kept) < 2:
        raise RoadsError(f"{name}: no roads that join were found; give an extract (.osm.pbf) of your force's area.")
    doors = np.zeros(size, dtype=bool)
    doors[pieces.start[pieces.door]] = doors[pieces.end[pieces.door]] = True
    if not doors[kept].any():
        doors[kept] = True
    inner = csr_array(graph[kept][:, kept], dtype=np.float32)
    return RoadGraph(lat[kept], lon[kept], doors[kept], inner, name, "Roads © OpenStreetMap contributors, ODbL.")


@dataclass(frozen=True, eq=False)
class _Pieces:
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    seconds: NDArray[np.float64]
    direction: NDArray[np.int64]
    door: NDArray[np.bool_]


def _pieces(ways: RoadWays, points: NDArray[np.intp], lat: NDArray[np.float64], lon: NDArray[np.float64]) -> _Pieces:
    """Stretches of way from junction to junction, cut again where long; a junction is a way's end or a point of two ways."""
    way = np.repeat(np.arange(len(ways.points)), [len(each) for each in ways.points])
    first, last = np.append(True, way[1:] != way[:-1]), np.append(way[1:] != way[:-1], True)
    junction = first | last | (np.bincount(points)[points] > 1)
    step = np.append(0.0, _metres(lat[points], lon[points]))
    step[first] = 0
    along = np.cumsum(step)
    on_the_way = np.diff(along // _LONGEST_PIECE_METRES, prepend=0) > 0
    cuts = np.flatnonzero(junction | on_the_way)
    start, end = cuts[:-1], cuts[1:]
    same = (way[start] == way[end]) & (points[start] != points[end])
    start, end = start[same], end[same]
    of_way = way[start]
    speed = np.array(ways.speeds)[of_way] / 3.6
    motorway = np.array([kind in MOTORWAY_KINDS for kind in KINDS])
    return _Pieces(
        points[start],
        points[end],
        (along[end] - along[start]) / speed + _JUNCTION_SECONDS * (junction[start] / 2 + junction[end] / 2),
        np.array(ways.directions)[of_way],
        ~motorway[np.array(ways.kinds)[of_way]],
    )


def _metres(lat: NDArray[np.float64], lon: NDArray[np.float64]) -> NDArray[np.float64]:
    """From each point to the next."""
    y, x = np.radians(lat), np.radians(lon)
    return np.asarray(_EARTH_METRES * np.hypot(np.diff(y), np.diff(x) * np.cos((y[1:] + y[:-1]) / 2)))


def _fastest(
    rows: NDArray[np.int64], columns: NDArray[np.int64], seconds: NDArray[np.float64], size: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """One drive a pair of junctions: a sparse matrix would add up two roads between the same two."""
    order = np.lexsort((seconds, rows * size + columns))
    pair = (rows * size + columns)[order]
    best = order[np.append(True, pair[1:] != pair[:-1])] if len(order) else order
    return rows[best], columns[best], seconds[best]


def packed_graph(graph: RoadGraph) -> bytes:
    """The content of a road network's file."""
    arrays = {
        "lat": np.rint(graph.lat * 1e5).astype(np.int32),
        "lon": np.rint(graph.lon * 1e5).astype(np.int32),
        "doors": graph.doors,
        "indptr": graph.seconds.indptr.astype(np.int32),
        "indices": graph.seconds.indices.astype(np.int32),
        "seconds": graph.seconds.data.astype(np.float32),
    }
    return packed({"name": graph.name, "attribution": graph.attribution}, arrays)


def read_graph(path: Path) -> RoadGraph:
    """Read a stored road network.

    Raises:
        RoadsError: it is damaged or of another version.
    """
    facts, held = read_arrays(path, RoadsError, _CURE)
    size = len(held["lat"])
    seconds = csr_array((held["seconds"], held["indices"], held["indptr"]), shape=(size, size))
    return RoadGraph(held["lat"] / 1e5, held["lon"] / 1e5, held["doors"], seconds, facts["name"], facts["attribution"])
