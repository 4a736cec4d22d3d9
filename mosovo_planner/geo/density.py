"""How built-up a spot is: rural, town or city, which tells how slowly one drives there."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from mosovo_planner.domain.people import Position
from mosovo_planner.geo.distance import chord_of_km, km_between, unit_vectors
from mosovo_planner.geo.gazetteer import Gazetteer
from mosovo_planner.geo.places import all_places

Classes = NDArray[np.int8]
_TOWN_UNITS, _CITY_UNITS = 150, 400  # live postcodes within 1 km; medians: Wiltshire 132, Greater Manchester 296, Met 495
_WITHIN_KM = 1.0
_PEOPLE_A_KM2 = 4000.0  # of English built-up areas, ONS Built-up Areas 2021: 3,000 to 5,500
_TOWN_PEOPLE, _CITY_PEOPLE = 15_000, 150_000
_CITY_CORE = 0.6  # a city's outer streets, beyond this share of its radius, drive like a town's
_MARGIN = 0.1  # degrees about the points asked for


class AreaClass(IntEnum):
    """The three kinds of area that the travel formula tells apart."""

    RURAL = 0
    TOWN = 1
    CITY = 2


class AreaClasses:
    """Tells the class of spots; remembers those it has told."""

    def __init__(self, gazetteer: Gazetteer | None) -> None:
        self._gazetteer = gazetteer
        self._told: dict[tuple[float, float], int] = {}

    def of(self, positions: Sequence[Position]) -> Classes:
        """The class of each position."""
        spots = [(position.lat, position.lon) for position in positions]
        new = list({spot for spot in spots if spot not in self._told})
        if new:
            points = np.array(new)
            classes = _by_postcodes(points, self._gazetteer) if self._gazetteer else _by_places(points)
            self._told.update(zip(new, classes.tolist(), strict=True))
        return np.array([self._told[spot] for spot in spots], dtype=np.int8)


def _by_postcodes(spots: NDArray[np.float64], gazetteer: Gazetteer) -> Classes:
    """From the number of live postcodes within a kilometre; from the towns where the gazetteer has none about."""
    lat, lon = gazetteer.live_points()
    (south, west), (north, east) = spots.min(axis=0) - _MARGIN, spots.max(axis=0) + _MARGIN
    near = (lat > south) & (lat < north) & (lon > west) & (lon < east)
    if not near.any():
        return _by_places(spots)
    tree = cKDTree(unit_vectors(lat[near], lon[near]), balanced_tree=False, compact_nodes=False)
    counts = tree.query_ball_point(unit_vectors(*spots.T), chord_of_km(_WITHIN_KM), return_length=True)
    return np.where(counts == 0, _by_places(spots), np.digitize(counts, (_TOWN_UNITS, _CITY_UNITS))).astype(np.int8)


def _by_places(spots: NDArray[np.float64]) -> Classes:
    """From the towns about: within the radius that a town's people would fill at an English town's density."""
    towns = [place for place in all_places() if place.population >= _TOWN_PEOPLE]
    people = np.array([place.population for place in towns], dtype=float)
    radius = np.sqrt(people / _PEOPLE_A_KM2 / np.pi)
    km = km_between(unit_vectors(*spots.T), unit_vectors([place.lat for place in towns], [place.lon for place in towns]))
    town = (km <= radius).any(axis=1)
    city = ((km <= _CITY_CORE * radius) & (people >= _CITY_PEOPLE)).any(axis=1)
    return np.asarray(np.where(city, AreaClass.CITY, np.where(town, AreaClass.TOWN, AreaClass.RURAL)), dtype=np.int8)
