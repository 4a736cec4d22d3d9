"""Web Mercator: degrees to the scene's metres and back. Scene y grows southward, as Qt draws."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

EARTH_RADIUS = 6_378_137.0
MAX_LATITUDE = 85.0

Points = NDArray[np.float64]
"""Points, shape (n, 2)."""


def to_scene(lon_lat: Points) -> Points:
    """Longitude and latitude in degrees, shape (n, 2), to scene metres (x, y), shape (n, 2)."""
    degrees = np.radians(np.asarray(lon_lat, dtype=np.float64).reshape(-1, 2))
    limit = math.radians(MAX_LATITUDE)
    latitude = np.clip(degrees[:, 1], -limit, limit)
    return np.column_stack((EARTH_RADIUS * degrees[:, 0], -EARTH_RADIUS * np.arctanh(np.sin(latitude))))


def scene_point(lat: float, lon: float) -> tuple[float, float]:
    """One position to scene metres (x, y)."""
    x, y = to_scene(np.array([[lon, lat]]))[0]
    return float(x), float(y)


def from_scene(x: float, y: float) -> tuple[float, float]:
    """Scene metres to (latitude, longitude) in degrees."""
    latitude = math.degrees(math.atan(math.sinh(-y / EARTH_RADIUS)))
    return latitude, math.degrees(x / EARTH_RADIUS)


def ground_metres(y: float) -> float:
    """Metres on the ground that one scene metre stands for at scene height ``y``."""
    return 1 / math.cosh(y / EARTH_RADIUS)
