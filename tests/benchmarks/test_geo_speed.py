"""How fast geography is. Prints figures and judges none: run with ``pytest tests/benchmarks/test_geo_speed.py -s``."""

from __future__ import annotations

import resource as usage
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import block_diag, csr_array

from mosovo_planner.domain.people import Position
from mosovo_planner.domain.policy import Policy, read_policy
from mosovo_planner.geo.basemap import load_basemap, town_dots
from mosovo_planner.geo.finding import find_position
from mosovo_planner.geo.gazetteer import Gazetteer, import_gazetteer, load_gazetteer
from mosovo_planner.geo.road_travel import RoadNetwork, RoadTravel
from mosovo_planner.geo.roads import import_roads
from mosovo_planner.geo.roads_graph import RoadGraph, read_graph, roads_path
from mosovo_planner.geo.synthetic import scatter
from mosovo_planner.geo.travel import crow_fly
from mosovo_planner.resources import resource


@contextmanager
def timed(what: str, count: int = 0) -> Iterator[None]:
    start = time.perf_counter()
    yield
    seconds = time.perf_counter() - start
    rate = f", {count / seconds:,.0f}/s" if count else ""
    peak = usage.getrusage(usage.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{what}: {seconds:.3f} s{rate} (peak {peak:.0f} MB)")


@pytest.fixture(scope="module")
def policy() -> Policy:
    return read_policy(resource("policy/default.toml").read_text(encoding="utf-8"))


def test_gazetteer(shared: Path, tmp_path: Path, policy: Policy) -> None:
    with timed("\ngazetteer import, whole kingdom", 2_690_000):
        summary = import_gazetteer([shared / "data/postcodes_uk_nspl_may2025.csv.gz"], folder=tmp_path)
    print(f"gazetteer file: {summary.path.stat().st_size / 1e6:.1f} MB")
    with timed("gazetteer load"):
        gazetteer = load_gazetteer(tmp_path)
    assert gazetteer is not None
    wanted = ["SN25 4WF", "sp29lu", "SN10 2DN", "M1 1AE", "SN1 1ZZ"] * 20_000
    with timed("geocodes through find_position", len(wanted)):
        for postcode in wanted:
            find_position(postcode, "", gazetteer)
    with timed("town dots of the kingdom"):
        town_dots(gazetteer)
    _formula("gazetteer", gazetteer, policy)


def test_formula(policy: Policy) -> None:
    _formula("towns", None, policy)


def _formula(basis: str, gazetteer: Gazetteer | None, policy: Policy) -> None:
    homes = [home.position for home in scatter(10_000, 1).homes]
    travel = crow_fly(policy, gazetteer)
    for rows, columns in ((900, 900), (10_000, 300)):
        with timed(f"formula, classes by {basis}, {rows} x {columns}, first time", rows * columns):
            travel.minutes(homes[:rows], homes[:columns])
        with timed(f"formula, classes by {basis}, {rows} x {columns}, again", rows * columns):
            travel.minutes(homes[:rows], homes[:columns])


def test_roads(shared: Path, tmp_path: Path, policy: Policy) -> None:
    with timed("\nroads import, Rutland"):
        import_roads(shared / "data/rutland-2018.osm.pbf", folder=tmp_path)
    graph = read_graph(roads_path(tmp_path))
    formula = crow_fly(policy, None)
    for times in (1, 4):
        force = _tiled(graph, times)
        travel = RoadTravel(RoadNetwork(force), formula, 1.1)
        spots = _spots(force, 900)
        with timed(f"roads, {len(force.lat):,} junctions, 900 x 900", 810_000):
            travel.minutes(spots, spots)
        with timed(f"roads, {len(force.lat):,} junctions, 900 x 30", 27_000):
            travel.minutes(spots, spots[:30])


def _tiled(graph: RoadGraph, times: int) -> RoadGraph:
    """The same county ``times`` by ``times`` over, joined at nearest junctions: the size of a force, not its geography."""
    lat_step, lon_step = np.ptp(graph.lat) + 0.002, np.ptp(graph.lon) + 0.002
    offsets = [(row * lat_step, column * lon_step) for row in range(times) for column in range(times)]
    lat = np.concatenate([graph.lat + north for north, _ in offsets])
    lon = np.concatenate([graph.lon + east for _, east in offsets])
    size = len(graph.lat)
    joints = np.random.default_rng(1).choice(size, 40)
    tiles = len(offsets)
    first = np.concatenate([tile * size + joints for tile in range(tiles - 1)]) if tiles > 1 else np.zeros(0, dtype=int)
    links = csr_array((np.full(len(first), 60.0), (first, first + size)), shape=(tiles * size, tiles * size))
    seconds = csr_array(block_diag([graph.seconds] * tiles) + links + links.T)
    return RoadGraph(lat, lon, np.tile(graph.doors, tiles), seconds, graph.name, graph.attribution)


def _spots(graph: RoadGraph, count: int) -> list[Position]:
    chosen = np.random.default_rng(2).choice(len(graph.lat), count, replace=False)
    return [Position(float(graph.lat[at]), float(graph.lon[at])) for at in chosen]


def test_map(tmp_path: Path) -> None:
    with timed("\nbase map"):
        load_basemap(folder=tmp_path)
    for size in (900, 10_000):
        with timed(f"synthetic force of {size}"):
            scatter(size, 1)
