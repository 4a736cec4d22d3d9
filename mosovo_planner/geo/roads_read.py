"""Reading roads out of an OpenStreetMap extract: which ways cars may use, how fast, and where their points are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import numpy as np
from numpy.typing import NDArray

from mosovo_planner.domain.progress import Progress, Reporter
from mosovo_planner.geo.errors import RoadsError
from mosovo_planner.geo.places import Place

_SPEEDS = {
    "motorway": 100, "motorway_link": 60, "trunk": 80, "trunk_link": 50, "primary": 65, "primary_link": 45,
    "secondary": 58, "secondary_link": 42, "tertiary": 52, "tertiary_link": 40, "unclassified": 45, "residential": 28,
    "living_street": 12, "service": 15, "road": 35,
}  # fmt: skip
"""Km/h that cars make on each class without traffic, after OSRM's car profile and DfT's free-flow speeds."""

KINDS = tuple(_SPEEDS)
MAP_KINDS = ("motorway", "trunk", "primary", "secondary", "tertiary")
MOTORWAY_KINDS = frozenset({"motorway", "motorway_link"})
_LIMIT_SHARE = 0.8  # of a signed limit that cars make along a road with bends and junctions
_FAST_LIMIT_SHARE = 0.9
_ABOVE_CLASS = 1.2  # a limit alone makes no lane fast
_CLOSED = frozenset({"no", "private", "agricultural", "forestry", "delivery"})
_SERVICE_PARTS = frozenset({"parking_aisle", "driveway", "drive-through", "emergency_access"})
_ONE_WAY = frozenset({"yes", "true", "1"})
_LIMIT = re.compile(r"([0-9]{1,3}) ?(mph)?")
_TOLD_EVERY = 2000
_NOWHERE = 2**31 - 1  # osmium's coordinate of a node that the file lacks
_PEOPLE = {"city": 200_000, "town": 15_000, "suburb": 6_000, "village": 1_200, "hamlet": 100}


@dataclass
class RoadWays:
    """Ways in the file's order: their points one way after another, and one entry a way for the rest.

    Each of ``points`` has shape (n, 3): node id, longitude and latitude in ten-millionths of a degree,
    nodes of unknown place left out. ``directions`` is 0 for both ways, 1 along the points, -1 against them.
    """

    points: list[NDArray[np.int64]] = field(default_factory=list)
    kinds: list[int] = field(default_factory=list)
    speeds: list[float] = field(default_factory=list)
    directions: list[int] = field(default_factory=list)
    names: list[str] = field(default_factory=list)


def read_ways(path: Path, report: Reporter) -> RoadWays:
    """The ways that cars may use.

    Raises:
        RoadsError: the file is no OpenStreetMap file, or holds no roads.
    """
    import osmium

    report(Progress(f"Reading the points of {path.name}"))
    ways = RoadWays()
    with told_plainly(path):
        source = osmium.FileProcessor(str(path)).with_locations()
        source.with_filter(osmium.filter.EntityFilter(osmium.osm.WAY)).with_filter(osmium.filter.KeyFilter("highway"))
        for number, way in enumerate(cast("Iterable[osmium.osm.Way]", source)):
            if number % _TOLD_EVERY == 0:
                report(Progress(f"Reading the roads of {path.name}: {number:,} ways"))
            tags = dict(way.tags)
            if drivable(tags):
                points = np.array([(node.ref, node.x, node.y) for node in way.nodes], dtype=np.int64).reshape(-1, 3)
                _add(ways, tags, points[points[:, 1] != _NOWHERE])
    if not ways.kinds:
        raise RoadsError(f"{path.name} holds no roads; give an OpenStreetMap extract (.osm.pbf) of your force's area.")
    return ways


def read_places(path: Path, report: Reporter) -> list[Place]:
    """Named towns, villages and suburbs; people as the file tells, else as is usual for their kind."""
    import osmium

    report(Progress(f"Reading the places of {path.name}"))
    places = []
    with told_plainly(path):
        source = osmium.FileProcessor(str(path), osmium.osm.NODE).with_filter(osmium.filter.KeyFilter("place"))
        for node in cast("Iterable[osmium.osm.Node]", source):
            tags = dict(node.tags)
            name, kind = tags.get("name"), tags.get("place")
            if name and kind in _PEOPLE and node.location.valid():
                told = tags.get("population", "").replace(",", "")
                people = int(told) if told.isascii() and told.isdigit() else _PEOPLE[kind]
                places.append(Place(name, node.location.lat, node.location.lon, people))
    return places


def drivable(tags: Mapping[str, str]) -> bool:
    """Whether a way is a road that an officer's car may use."""
    if tags.get("highway") not in _SPEEDS or tags.get("area") == "yes":
        return False
    if tags.get("highway") == "service" and tags.get("service") in _SERVICE_PARTS:
        return False
    permission = next((tags[key] for key in ("motorcar", "motor_vehicle", "vehicle", "access") if key in tags), "yes")
    return permission not in _CLOSED


def speed_of(tags: Mapping[str, str]) -> float:
    """Km/h that cars make: the class's, held down by a signed limit or raised a little by a fast one."""
    kind = tags["highway"]
    usual = _SPEEDS[kind]
    match = _LIMIT.fullmatch(tags.get("maxspeed", ""))
    if not match:
        return float(usual)
    limit = int(match[1]) * (1.609344 if match[2] else 1.0)
    share = _FAST_LIMIT_SHARE if kind.startswith(("motorway", "trunk")) else _LIMIT_SHARE
    return max(5.0, min(usual * _ABOVE_CLASS, limit * share))


def direction_of(tags: Mapping[str, str]) -> int:
    """0 where cars go both ways, 1 along the way's nodes only, -1 against them only."""
    told = tags.get("oneway")
    if told in ("-1", "reverse"):
        return -1
    if told in _ONE_WAY:
        return 1
    implied = tags.get("junction") in ("roundabout", "circular") or tags["highway"] == "motorway"
    return 1 if implied and told is None else 0


@contextmanager
def told_plainly(path: Path) -> Iterator[None]:
    """Turn osmium's errors into one that tells the user what to do."""
    try:
        yield
    except (RuntimeError, OSError) as wrong:
        raise RoadsError(f"{path.name} cannot be read as an OpenStreetMap file (.osm.pbf): it is absent or damaged.") from wrong


def _add(ways: RoadWays, tags: Mapping[str, str], points: NDArray[np.int64]) -> None:
    if len(points) < 2:
        return
    ways.points.append(points)
    ways.kinds.append(KINDS.index(tags["highway"]))
    ways.speeds.append(speed_of(tags))
    ways.directions.append(direction_of(tags))
    ways.names.append(tags.get("ref") or tags.get("name", ""))
