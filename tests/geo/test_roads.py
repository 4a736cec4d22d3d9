"""An imported road network gives driving times over its roads, and the formula where it knows none."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from mosovo_planner.domain.people import Position
from mosovo_planner.domain.policy import Policy
from mosovo_planner.domain.progress import Cancelled, Progress
from mosovo_planner.geo.basemap import load_basemap
from mosovo_planner.geo.projection import Bounds
from mosovo_planner.geo.roads import RoadsError, import_roads
from mosovo_planner.geo.roads_graph import read_graph, roads_path
from mosovo_planner.geo.roads_read import direction_of, drivable, speed_of
from mosovo_planner.geo.travel import RoadTravel, crow_fly, travel_times
from tests.geo.osm_town import POINTS, write_town


def _at(point: int) -> Position:
    lon, lat = POINTS[point]
    return Position(lat, lon)


@pytest.fixture(params=[".osm.pbf", ".osm"])
def town(request: pytest.FixtureRequest, tmp_path: Path, policy: Policy) -> RoadTravel:
    import_roads(write_town(tmp_path / f"town{request.param}"), folder=tmp_path / "roads")
    roads = travel_times(policy, None, tmp_path / "roads")
    assert isinstance(roads, RoadTravel)
    return roads


def test_a_drive_takes_its_roads_time(town: RoadTravel) -> None:
    metres = 6371008.8 * np.radians(0.01) * np.cos(np.radians(51.5))
    seconds = metres / (60 * 1.609344 * 0.8 / 3.6) + 2.0  # one block of High Road at four fifths of its limit, one junction
    drive = town.minutes([_at(2)], [_at(3)])[0, 0]
    assert drive == pytest.approx(seconds / 60 * 1.1, rel=0.01)


def test_a_one_way_street_is_driven_one_way(town: RoadTravel) -> None:
    there, back = town.minutes([_at(5)], [_at(6)])[0, 0], town.minutes([_at(6)], [_at(5)])[0, 0]
    assert back > 2 * there


def test_fewer_origins_or_fewer_destinations_make_no_difference(town: RoadTravel) -> None:
    spots = [_at(number) for number in (1, 2, 3, 4, 5, 6, 7, 8)]
    whole = town.minutes(spots, spots)
    assert np.allclose(whole[:2], town.minutes(spots[:2], spots), atol=1e-4)
    assert np.allclose(whole[:, :2], town.minutes(spots, spots[:2]), atol=1e-4)
    assert (np.diag(whole) == 0).all()
    assert np.isfinite(whole).all()


def test_a_home_along_a_lane_is_joined_to_the_lane(town: RoadTravel) -> None:
    near_far_end = Position(51.4801, -1.7401)
    assert town.covers([near_far_end]).all()
    assert town.minutes([near_far_end], [_at(8)])[0, 0] < 0.2


def test_pieces_that_join_nothing_are_not_used(town: RoadTravel, policy: Policy) -> None:
    alone = [_at(20), _at(21)]
    assert not town.covers(alone).any()
    formula = crow_fly(policy, None)
    assert np.array_equal(town.minutes(alone, [_at(1)]), formula.minutes(alone, [_at(1)]))
    assert np.array_equal(town.minutes([_at(1)], alone), formula.minutes([_at(1)], alone))


def test_the_basis_names_the_roads(town: RoadTravel) -> None:
    assert town.name == "roads of town; beyond them, crow-fly formula"


def test_the_map_shows_the_main_roads_and_the_files_places(town: RoadTravel, tmp_path: Path) -> None:
    shown = load_basemap(Bounds(-1.85, 51.45, -1.7, 51.55), tmp_path / "roads")
    assert town.name
    assert [(road.kind, road.name) for road in shown.roads] == [("primary", "A999")]
    assert ("Inventon", 1234) in [(place.name, place.population) for place in shown.places]
    assert "OpenStreetMap" in shown.attribution


@pytest.mark.parametrize(
    ("tags", "car"),
    [
        ({"highway": "residential"}, True),
        ({"highway": "footway"}, False),
        ({"highway": "residential", "access": "private"}, False),
        ({"highway": "residential", "access": "no", "motor_vehicle": "yes"}, True),
        ({"highway": "service", "service": "parking_aisle"}, False),
        ({"highway": "service", "area": "yes"}, False),
        ({"name": "no road"}, False),
    ],
)
def test_which_ways_cars_may_use(tags: dict[str, str], car: bool) -> None:
    assert drivable(tags) is car


@pytest.mark.parametrize(
    ("tags", "kmh"),
    [
        ({"highway": "residential"}, 28),
        ({"highway": "residential", "maxspeed": "20 mph"}, 20 * 1.609344 * 0.8),
        ({"highway": "unclassified", "maxspeed": "60 mph"}, 54),  # no lane is driven at its limit
        ({"highway": "motorway", "maxspeed": "70 mph"}, 70 * 1.609344 * 0.9),
        ({"highway": "primary", "maxspeed": "national"}, 65),
        ({"highway": "primary", "maxspeed": "0"}, 5),
    ],
)
def test_speeds(tags: dict[str, str], kmh: float) -> None:
    assert speed_of(tags) == pytest.approx(kmh)


def test_directions() -> None:
    assert direction_of({"highway": "residential"}) == 0
    assert direction_of({"highway": "residential", "oneway": "-1"}) == -1
    assert direction_of({"highway": "motorway"}) == 1
    assert direction_of({"highway": "primary", "junction": "roundabout"}) == 1
    assert direction_of({"highway": "motorway", "oneway": "no"}) == 0


def test_cancelling_changes_nothing(tmp_path: Path) -> None:
    def stop(_progress: Progress) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        import_roads(write_town(tmp_path / "town.osm"), stop, tmp_path / "roads")
    assert not (tmp_path / "roads").exists()


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("town.osm.pbf", b"this is no pbf file at all", "cannot be read as an OpenStreetMap file"),
        ("town.osm.pbf", b"", "cannot be read|holds no roads"),
        ("town.osm", b'<?xml version="1.0"?><osm version="0.6"></osm>', "holds no roads"),
        ("town.osm", b"<osm", "cannot be read"),
        ("town.txt", b"hello", "cannot be read"),
    ],
)
def test_unusable_files(tmp_path: Path, name: str, content: bytes, told: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(RoadsError, match=told):
        import_roads(tmp_path / name, folder=tmp_path / "roads")
    assert not (tmp_path / "roads").exists()


def test_an_absent_file(tmp_path: Path) -> None:
    with pytest.raises(RoadsError, match="is not there"):
        import_roads(tmp_path / "no.osm.pbf", folder=tmp_path)


def test_a_damaged_network_is_told_with_its_cure(tmp_path: Path, policy: Policy) -> None:
    import_roads(write_town(tmp_path / "town.osm"), folder=tmp_path)
    path = roads_path(tmp_path)
    whole = path.read_bytes()
    for damaged in (whole[:-40], whole[: len(whole) // 2] + b"\xff\x00\xff" + whole[len(whole) // 2 + 3 :], b"", b"no file"):
        path.write_bytes(damaged)
        with pytest.raises(RoadsError, match="Import the road file again"):
            travel_times(policy, None, tmp_path)


def test_a_full_disk_leaves_roads_and_map_as_they_were(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import_roads(write_town(tmp_path / "town.osm"), folder=tmp_path / "roads")
    before = {path: path.read_bytes() for path in (tmp_path / "roads").iterdir()}
    synced: list[int] = []

    def full(descriptor: int) -> None:
        synced.append(descriptor)
        if len(synced) == 3:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(RoadsError, match="No space left on device"):
        import_roads(write_town(tmp_path / "other.osm"), folder=tmp_path / "roads")
    assert {path: path.read_bytes() for path in (tmp_path / "roads").iterdir()} == before


def test_a_real_county(tmp_path: Path, policy: Policy, shared_file: Callable[[str], Path]) -> None:
    summary = import_roads(shared_file("rutland-2018.osm.pbf"), folder=tmp_path)
    assert summary.junctions > 4000
    assert summary.places > 50
    roads = travel_times(policy, None, tmp_path)
    assert isinstance(roads, RoadTravel)
    oakham, uppingham, cottesmore = Position(52.6700, -0.7300), Position(52.5890, -0.7225), Position(52.7120, -0.6640)
    minutes = roads.minutes([oakham, uppingham], [uppingham, cottesmore])
    assert minutes[0, 0] == pytest.approx(13, abs=4)  # some 10 km of the A6003
    assert minutes[0, 1] == pytest.approx(10, abs=4)
    graph = read_graph(roads_path(tmp_path))
    assert graph.doors.mean() > 0.95
