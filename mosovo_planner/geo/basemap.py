"""What the map shows under the caseload: coast, places, and boundaries and roads where they were imported."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mosovo_planner.geo import places as place_names
from mosovo_planner.geo.folders import data_folder
from mosovo_planner.geo.gazetteer import Gazetteer
from mosovo_planner.geo.layers import Layer, layer_path, read_layer
from mosovo_planner.geo.places import Place
from mosovo_planner.geo.projection import Bounds, Line
from mosovo_planner.resources import resource

_DOT_CELL = 0.004  # degrees of latitude, some 450 m: towns show as areas, a lone hamlet's dot is left out
_FEW_UNITS = 3


class Boundary(NamedTuple):
    """One ring of an imported area, named as its file names it."""

    name: str
    ring: Line


class Road(NamedTuple):
    """A stretch of road: ``kind`` is motorway, trunk, primary, secondary or tertiary, ``name`` its number."""

    kind: str
    name: str
    line: Line


@dataclass(frozen=True, eq=False)
class Basemap:
    """Map layers, points as longitude and latitude in degrees. ``land`` rings are closed; places come largest first."""

    land: tuple[Line, ...]
    boundaries: tuple[Boundary, ...]
    roads: tuple[Road, ...]
    places: tuple[Place, ...]
    attribution: str


def load_basemap(bounds: Bounds | None = None, folder: Path | None = None) -> Basemap:
    """The map's layers, whole lines of those that meet ``bounds``.

    Raises:
        LayerError: an imported layer is damaged; the message names the file to import again or delete.
    """
    coast = _coast()
    stored = data_folder(folder)
    boundaries, motorways, network, local = (
        _layer(layer_path(stored, name)) for name in ("boundaries", "roads", "network", "places")
    )
    land = tuple(line for line, _, _ in _within(coast, bounds))
    places = tuple(place for place in _with_local(local) if bounds is None or _inside(bounds, place))
    used = (coast.attribution, boundaries.attribution, motorways.attribution, network.attribution, place_names.ATTRIBUTION)
    return Basemap(
        land=land,
        boundaries=tuple(Boundary(name, line) for line, name, _ in _within(boundaries, bounds)),
        roads=tuple(Road(kind, name, line) for layer in (motorways, network) for line, name, kind in _within(layer, bounds)),
        places=places,
        attribution=" ".join(dict.fromkeys(each for each in used if each)),
    )


def town_dots(gazetteer: Gazetteer, bounds: Bounds | None = None) -> NDArray[np.float64]:
    """Spots where people live, so that towns show without a street map: shape (n, 3).

    Columns are longitude, latitude, and the number of live postcodes within some 450 m; cells of
    fewer than three are left out.
    """
    lat, lon = gazetteer.live_points()
    if bounds is not None:
        inside = bounds.holds(lat, lon)
        lat, lon = lat[inside], lon[inside]
    width = _DOT_CELL * 1.6  # a degree of longitude is 0.62 of one of latitude at 52° north
    rows, columns = np.floor(lat / _DOT_CELL).astype(np.int64), np.floor(lon / width).astype(np.int64) + 100_000
    cells, where, counts = np.unique(rows * 1_000_000 + columns, return_inverse=True, return_counts=True)
    middle_lat = np.bincount(where, lat, len(cells)) / np.maximum(counts, 1)
    middle_lon = np.bincount(where, lon, len(cells)) / np.maximum(counts, 1)
    dots = np.column_stack((middle_lon, middle_lat, counts))
    return np.asarray(dots[counts >= _FEW_UNITS], dtype=np.float64)


def on_land(lat: NDArray[np.float64], lon: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which points the sea does not cover: an odd number of coast lines lies to their east."""
    order = np.argsort(lat)
    y, x = lat[order], lon[order]
    crossings = np.zeros(len(lat), dtype=np.int64)
    coast = _coast()
    about = Bounds(float(x.min()), float(y.min()), 180.0, float(y.max()))
    for ring, near in zip(coast.lines, coast.meeting(about), strict=True):
        if near:
            _count_crossings(ring, x, y, crossings)
    dry = np.zeros(len(lat), dtype=bool)
    dry[order] = crossings % 2 == 1
    return dry


def _count_crossings(ring: Line, x: NDArray[np.float64], y: NDArray[np.float64], crossings: NDArray[np.int64]) -> None:
    """Add, for each point (ascending ``y``), the sides of a ring that lie to its east."""
    start, end = ring[:-1], ring[1:]
    low, high = np.minimum(start[:, 1], end[:, 1]), np.maximum(start[:, 1], end[:, 1])
    first, last = np.searchsorted(y, low), np.searchsorted(y, high)
    for side in np.flatnonzero(last > first).tolist():
        rows = slice(first[side], last[side])
        (x0, y0), (x1, y1) = start[side], end[side]
        crossings[rows] += x0 + (y[rows] - y0) / (y1 - y0) * (x1 - x0) > x[rows]


def _with_local(layer: Layer) -> list[Place]:
    """The built-in places and those of the imported roads' file that are not among them, the largest first."""
    places = list(place_names.all_places())
    known = {(place.name, round(place.lat, 1), round(place.lon, 1)) for place in places}
    for point, name, people in zip(layer.lines, layer.names, layer.kinds, strict=True):
        lon, lat = point[0].tolist()
        near = {(name, round(lat + dy, 1), round(lon + dx, 1)) for dy in (-0.05, 0, 0.05) for dx in (-0.05, 0, 0.05)}
        if not near & known:
            places.append(Place(name, lat, lon, int(people)))
    return sorted(places, key=lambda place: -place.population)


def _inside(bounds: Bounds, place: Place) -> bool:
    return bounds.south <= place.lat <= bounds.north and bounds.west <= place.lon <= bounds.east


@cache
def _coast() -> Layer:
    return read_layer(resource("basemap/coast.npz"))


def _layer(path: Path) -> Layer:
    return read_layer(path) if path.exists() else Layer((), (), (), "")


def _within(layer: Layer, bounds: Bounds | None) -> list[tuple[Line, str, str]]:
    lines = zip(layer.lines, layer.names, layer.kinds, strict=True)
    return [each for each, wanted in zip(lines, layer.meeting(bounds), strict=True) if wanted]
