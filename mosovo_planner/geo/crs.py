"""From the National Grid (OSGB36, EPSG:27700) to WGS84 latitude and longitude.

The seven-parameter Helmert transformation of Ordnance Survey's "A guide to coordinate systems in
Great Britain", sections 6 and C: at most 3.4 m from the exact OSTN15 grid on the mainland (5 m in the
Isles of Scilly), where a postcode spans some fifteen addresses.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Degrees = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Ellipsoid:
    a: float
    b: float

    @property
    def e2(self) -> float:
        return 1 - (self.b / self.a) ** 2


_AIRY = _Ellipsoid(6377563.396, 6356256.909)
_WGS84 = _Ellipsoid(6378137.0, 6356752.3142)
_SCALE = 0.9996012717
_LAT0, _LON0 = np.radians(49.0), np.radians(-2.0)
_EAST0, _NORTH0 = 400000.0, -100000.0
_SHIFT = np.array([446.448, -125.157, 542.060])
_ROTATION = np.radians(np.array([0.1502, 0.2470, 0.8421]) / 3600)
_GROWTH = -20.4894e-6


def osgb36_to_wgs84(eastings: ArrayLike, northings: ArrayLike) -> tuple[Degrees, Degrees]:
    """Latitudes and longitudes in degrees of grid references in metres; arrays of the same shape.

    Not for Northern Ireland, whose grid is another.
    """
    lat, lon = _grid_to_airy(np.asarray(eastings, dtype=float), np.asarray(northings, dtype=float))
    x, y, z = _to_wgs84_axes(*_cartesian(lat, lon, _AIRY))
    lat, lon = _geographic(x, y, z, _WGS84)
    return np.degrees(lat), np.degrees(lon)


def on_the_grid(eastings: ArrayLike, northings: ArrayLike) -> NDArray[np.bool_]:
    """Whether references lie in the grid's extent, 0 to 700 km east and 0 to 1,300 km north, off its origin."""
    east, north = np.asarray(eastings, dtype=float), np.asarray(northings, dtype=float)
    return np.asarray((east > 0) & (east < 700_000) & (north > 0) & (north < 1_300_000))


def _meridian_arc(lat: Degrees) -> Degrees:
    n = (_AIRY.a - _AIRY.b) / (_AIRY.a + _AIRY.b)
    less, more = lat - _LAT0, lat + _LAT0
    arc = (1 + n + 5 / 4 * (n**2 + n**3)) * less
    arc = arc - (3 * n + 3 * n**2 + 21 / 8 * n**3) * np.sin(less) * np.cos(more)
    arc = arc + 15 / 8 * (n**2 + n**3) * np.sin(2 * less) * np.cos(2 * more)
    arc = arc - 35 / 24 * n**3 * np.sin(3 * less) * np.cos(3 * more)
    return np.asarray(_AIRY.b * _SCALE * arc)


def _grid_to_airy(east: Degrees, north: Degrees) -> tuple[Degrees, Degrees]:
    a, e2 = _AIRY.a * _SCALE, _AIRY.e2
    lat = _LAT0 + (north - _NORTH0) / a
    for _ in range(6):  # each step divides the error by some thousands
        lat = lat + (north - _NORTH0 - _meridian_arc(lat)) / a
    nu = a / np.sqrt(1 - e2 * np.sin(lat) ** 2)
    rho = a * (1 - e2) / (1 - e2 * np.sin(lat) ** 2) ** 1.5
    eta2 = nu / rho - 1
    tan, sec, d = np.tan(lat), 1 / np.cos(lat), east - _EAST0
    t2, t4 = tan**2, tan**4
    lat = (
        lat
        - tan / (2 * rho * nu) * d**2
        + tan / (24 * rho * nu**3) * (5 + 3 * t2 + eta2 - 9 * t2 * eta2) * d**4
        - tan / (720 * rho * nu**5) * (61 + 90 * t2 + 45 * t4) * d**6
    )
    lon = (
        _LON0
        + sec / nu * d
        - sec / (6 * nu**3) * (nu / rho + 2 * t2) * d**3
        + sec / (120 * nu**5) * (5 + 28 * t2 + 24 * t4) * d**5
        - sec / (5040 * nu**7) * (61 + 662 * t2 + 1320 * t4 + 720 * t2**3) * d**7
    )
    return lat, lon


def _cartesian(lat: Degrees, lon: Degrees, shape: _Ellipsoid) -> tuple[Degrees, Degrees, Degrees]:
    nu = shape.a / np.sqrt(1 - shape.e2 * np.sin(lat) ** 2)
    return nu * np.cos(lat) * np.cos(lon), nu * np.cos(lat) * np.sin(lon), (1 - shape.e2) * nu * np.sin(lat)


def _to_wgs84_axes(x: Degrees, y: Degrees, z: Degrees) -> tuple[Degrees, Degrees, Degrees]:
    (tx, ty, tz), (rx, ry, rz), grown = _SHIFT, _ROTATION, 1 + _GROWTH
    return tx + grown * x - rz * y + ry * z, ty + rz * x + grown * y - rx * z, tz - ry * x + rx * y + grown * z


def _geographic(x: Degrees, y: Degrees, z: Degrees, shape: _Ellipsoid) -> tuple[Degrees, Degrees]:
    p = np.hypot(x, y)
    lat = np.arctan2(z, p * (1 - shape.e2))
    for _ in range(4):
        nu = shape.a / np.sqrt(1 - shape.e2 * np.sin(lat) ** 2)
        lat = np.arctan2(z + shape.e2 * nu * np.sin(lat), p)
    return lat, np.arctan2(y, x)
