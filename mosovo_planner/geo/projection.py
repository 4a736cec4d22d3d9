"""From degrees to the flat map, and lines thinned to what an eye can tell apart."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Line = NDArray[np.float64]
"""Points of a line or ring, shape (n, 2): longitude, latitude in degrees."""

_EARTH = 6378137.0
_METRES_A_DEGREE = 111_195.0


class Bounds(NamedTuple):
    """A part of the map, degrees."""

    west: float
    south: float
    east: float
    north: float

    def holds(self, lat: ArrayLike, lon: ArrayLike) -> NDArray[np.bool_]:
        """Which points lie inside."""
        lats, lons = np.asarray(lat), np.asarray(lon)
        return np.asarray((lons >= self.west) & (lons <= self.east) & (lats >= self.south) & (lats <= self.north))


def to_map(lat: ArrayLike, lon: ArrayLike) -> tuple[Floats, Floats]:
    """Web Mercator (EPSG:3857) metres east and north; at 51° north a map metre is 0.63 m on the ground."""
    lats = np.radians(np.asarray(lat, dtype=float))
    x = _EARTH * np.radians(np.asarray(lon, dtype=float))
    return x, _EARTH * np.arctanh(np.sin(lats))


def from_map(x: ArrayLike, y: ArrayLike) -> tuple[Floats, Floats]:
    """Latitude and longitude in degrees of map metres: the inverse of :func:`to_map`."""
    lat = np.degrees(np.arctan(np.sinh(np.asarray(y, dtype=float) / _EARTH)))
    return lat, np.degrees(np.asarray(x, dtype=float) / _EARTH)


def ground_scale(lat: float) -> float:
    """Metres on the ground that one map metre stands for at a latitude."""
    return float(np.cos(np.radians(lat)))


def to_local(lat: ArrayLike, lon: ArrayLike, middle: float) -> tuple[Floats, Floats]:
    """Metres east and north on a plane true at latitude ``middle``; within 0.5 % across a force's area."""
    x = np.asarray(lon, dtype=float) * _METRES_A_DEGREE * np.cos(np.radians(middle))
    return x, np.asarray(lat, dtype=float) * _METRES_A_DEGREE


def simplify(line: Line, metres: float) -> Line:
    """The line with points left out that lie within ``metres`` of it (Douglas and Peucker 1973). Ends stay."""
    if len(line) < 3:
        return line
    points = np.column_stack(to_local(line[:, 1], line[:, 0], float(line[:, 1].mean())))
    keep = np.zeros(len(line), dtype=bool)
    keep[[0, -1]] = True
    spans = [(0, len(line) - 1)]
    while spans:
        first, last = spans.pop()
        if last - first < 2:
            continue
        away = _distances(points[first + 1 : last], points[first], points[last])
        farthest = int(away.argmax())
        if away[farthest] > metres:
            middle = first + 1 + farthest
            keep[middle] = True
            spans += [(first, middle), (middle, last)]
    return line[keep]


def _distances(points: Floats, start: Floats, end: Floats) -> Floats:
    """From points to the stretch between start and end, metres."""
    along = end - start
    length2 = float(along @ along)
    offset = points - start
    share = np.clip(offset @ along / length2, 0, 1) if length2 else np.zeros(len(points))
    return np.asarray(np.linalg.norm(offset - share[:, None] * along, axis=1))
