"""Invented positions for a synthetic force: towns drawn by population, people about them, police bases.

Nobody real is meant: points are scattered at random about the centres of real towns. Needs nothing
but the built-in place names.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mosovo_planner.domain.people import Position, Precision
from mosovo_planner.geo.distance import crow_km
from mosovo_planner.geo.places import Place, all_places

_CENTRE = (51.35, -1.95)  # Devizes: Swindon, Salisbury and Trowbridge lie around it
_SIDE_KM = 64.0
_PEOPLE_A_CASE = 750  # one registered sex offender to some 750 people (Wiltshire and Swindon: about 900 of 720,000)
_PEOPLE_A_KM2 = 3500.0
_CASES_A_BASE = 180
_LEAST_BASES, _MOST_BASES = 3, 24
_KM_A_DEGREE = 111.195


@dataclass(frozen=True, slots=True)
class Spot:
    """An invented home: its position and the town or village it is counted to."""

    position: Position
    place: str


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
    homes = tuple(
        Spot(Position(round(float(y), 5), round(float(x), 5), Precision.TRACKER), places[at].name)
        for y, x, at in zip(lat, lon, chosen.tolist(), strict=True)
    )
    return Scatter(homes, _bases(places, lat, lon, size), side)


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
    """A point for each chosen place, within the circle its people would fill, thinning outwards."""
    people = np.array([places[at].population for at in chosen.tolist()], dtype=float)
    radius = np.sqrt(people / _PEOPLE_A_KM2 / np.pi) + 0.2
    away = radius * np.sqrt(rng.random(len(chosen))) * rng.uniform(0.6, 1.15, len(chosen))
    angle = rng.uniform(0, 2 * np.pi, len(chosen))
    middle = np.array([(places[at].lat, places[at].lon) for at in chosen.tolist()])
    lat = middle[:, 0] + away * np.sin(angle) / _KM_A_DEGREE
    lon = middle[:, 1] + away * np.cos(angle) / _KM_A_DEGREE / np.cos(np.radians(middle[:, 0]))
    return lat, lon


def _bases(places: list[Place], lat: NDArray[np.float64], lon: NDArray[np.float64], size: int) -> tuple[Base, ...]:
    """Bases in the largest towns, none within some km of a larger one's."""
    wanted = int(np.clip(round(size / _CASES_A_BASE), _LEAST_BASES, _MOST_BASES))
    towns: list[Place] = []
    for place in places:  # largest first
        near = towns and crow_km([place.lat], [place.lon], [t.lat for t in towns], [t.lon for t in towns]).min() < 8
        if not near:
            towns.append(place)
        if len(towns) == wanted:
            break
    nearest = crow_km(lat, lon, [town.lat for town in towns], [town.lon for town in towns]).argmin(axis=1)
    shares = np.bincount(nearest, minlength=len(towns)) / len(nearest)
    return tuple(
        Base(Position(town.lat, town.lon, Precision.TRACKER), town.name, float(share))
        for town, share in zip(towns, shares.tolist(), strict=True)
    )
