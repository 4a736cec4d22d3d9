"""Distances as the crow flies, whole matrices at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
_EARTH_KM = 6371.0088  # mean radius, IUGG


def unit_vectors(lat: ArrayLike, lon: ArrayLike) -> Floats:
    """Points on the unit sphere of degrees, shape (n, 3)."""
    lats, lons = np.radians(np.asarray(lat, dtype=float)), np.radians(np.asarray(lon, dtype=float))
    return np.column_stack((np.cos(lats) * np.cos(lons), np.cos(lats) * np.sin(lons), np.sin(lats)))


def crow_km(lat_a: ArrayLike, lon_a: ArrayLike, lat_b: ArrayLike, lon_b: ArrayLike) -> Floats:
    """Kilometres between each of the first points and each of the second, shape (a, b).

    On the sphere: at most 0.5 % from the ellipsoid.
    """
    return km_between(unit_vectors(lat_a, lon_a), unit_vectors(lat_b, lon_b))


def km_between(first: Floats, second: Floats) -> Floats:
    """As :func:`crow_km`, of unit vectors. From the chord, which keeps its precision at short range."""
    half_chord2 = np.clip((1 - first @ second.T) / 2, 0, 1)
    return np.asarray(2 * _EARTH_KM * np.arcsin(np.sqrt(half_chord2)))


def chord_of_km(km: float) -> float:
    """The straight line through the sphere, in radii, that an arc of ``km`` spans."""
    return float(2 * np.sin(km / _EARTH_KM / 2))
