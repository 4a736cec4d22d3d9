"""Invented positions for a synthetic force: towns drawn by population, people about them, police bases.

Nobody real is meant: points are scattered at random about the centres of real towns. Needs nothing
but the built-in place names.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mosovo_planner.domain.people import Position, Precision
from mosovo_planner.geo.basemap import on_land
from mosovo_planner.geo.distance import crow_km
from mosovo_planner.geo.places import Place, all_places

_CENTRE = (51.35, -1.95)  # Devizes: Swindon, Salisbury and Trowbridge lie around it
_SIDE_KM = 64.0
_PEOPLE_A_CASE = 750  # one registered sex offender to some 750 people (Wiltshire and Swindon: about 900 of 720,000)
_PEOPLE_A_KM2 = 3500.0
_CASES_A_BASE = 180
_LEAST_BASES, _MOST_BASES = 3, 24
_BASES_APART_KM = 8.0
_KM_A_DEGREE = 111.195


@dataclass(frozen=True, slots=True)
class Spot:
    """An invented home: its position, its town or village, and its area, named after the nearest base's town."""

    position: Position
    place: str
    area: str


@dataclass(frozen=True, slots=True)
class Base:
    """An invented police base in a real town; ``share`` is the part of the homes nearest to it."""

    position: Position
    place: str
    share: float


@dataclass(frozen=True, slots=True)
class Scatter:
    """The invented homes and bases of a synthetic force, and the side of its square in km."""

    homes: tuple[Spot, ...]
    bases: tuple[Base, ...]
    side_km: float


def scatter(size: int, seed: int, centre: tuple[float, float] = _CENTRE) -> Scatter:
    """Invent positions; the same arguments always give the same ones.

    Args:
        size: how many homes, at least 1. A large force covers a larger square, so that homes stay as thinly
            spread among people as in life.
        seed: any whole number.
        centre: latitude and longitude about which the force lies.
    """
    if size < 1:
        raise ValueError("a synthetic force has at least one offender")
    rng = np.random.default_rng(seed)
    places, side = _places_about(centre, size)
    people = np.array([place.population for place in places], dtype=float)
    chosen = rng.choice(len(places), size, p=people / people.sum())
    lat, lon = _about(places, chosen, rng)
    towns = _base_towns(places, size)
    nearest = crow_km(lat, lon, [town.lat for town in towns], [town.lon for town in towns]).argmin(axis=1)
    homes = tuple(
        Spot(Position(round(y, 5), round(x, 5), Precision.TRACKER), places[at].name, towns[town].name)
        for y, x, at, town in zip(lat.tolist(), lon.tolist(), chosen.tolist(), nearest.tolist(), strict=True)
    )
    shares = np.bincount(nearest, minlength=len(towns)) / size
    bases = tuple(
        Base(Position(town.lat, town.lon, Precision.TRACKER), town.name, share)
        for town, share in zip(towns, shares.tolist(), strict=True)
    )
    return Scatter(homes, bases, side)


def _places_about(centre: tuple[float, float], size: int) -> tuple[list[Place], float]:
    """The places of a square about ``centre``, grown until it has people enough for ``size`` cases."""
    side = _SIDE_KM
    while True:
        half_lat = side / 2 / _KM_A_DEGREE
        half_lon = half_lat / np.cos(np.radians(centre[0]))
        inside = [
            place
            for place in all_places()
            if place.population > 0 and abs(place.lat - centre[0]) <= half_lat and abs(place.lon - centre[1]) <= half_lon
        ]
        people = sum(place.population for place in inside)
        if inside and (people >= size * _PEOPLE_A_CASE or side > 1000):
            return inside, side
        side *= 1.15


def _about(
    places: list[Place], chosen: NDArray[np.int64], rng: np.random.Generator
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """A point for each chosen place, within the circle its people would fill, thinning outwards; none in the sea."""
    people = np.array([places[at].population for at in chosen.tolist()], dtype=float)
    radius = np.sqrt(people / _PEOPLE_A_KM2 / np.pi) + 0.2
    away = radius * np.sqrt(rng.random(len(chosen))) * rng.uniform(0.6, 1.15, len(chosen))
    angle = rng.uniform(0, 2 * np.pi, len(chosen))
    middle = np.array([(places[at].lat, places[at].lon) for at in chosen.tolist()])
    lat = middle[:, 0] + away * np.sin(angle) / _KM_A_DEGREE
    lon = middle[:, 1] + away * np.cos(angle) / _KM_A_DEGREE / np.cos(np.radians(middle[:, 0]))
    dry = on_land(lat, lon)
    return np.where(dry, lat, middle[:, 0]), np.where(dry, lon, middle[:, 1])


def _base_towns(places: list[Place], size: int) -> list[Place]:
    """The largest towns, none within some km of a larger one."""
    wanted = int(np.clip(round(size / _CASES_A_BASE), _LEAST_BASES, _MOST_BASES))
    towns: list[Place] = []
    for place in places:  # largest first
        if not towns or _km_to_nearest(place, towns) >= _BASES_APART_KM:
            towns.append(place)
        if len(towns) == wanted:
            break
    return towns


def _km_to_nearest(place: Place, towns: list[Place]) -> float:
    return float(crow_km([place.lat], [place.lon], [town.lat for town in towns], [town.lon for town in towns]).min())
