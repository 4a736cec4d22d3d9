"""The formula gives the minutes that the policy's parameters say, by the class of area at both ends."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from geopy.distance import geodesic
from hypothesis import given
from hypothesis import strategies as st

from mosovo_planner.domain.people import Position
from mosovo_planner.domain.policy import Policy
from mosovo_planner.domain.travel import TravelTimes
from mosovo_planner.geo import travel
from mosovo_planner.geo.density import AreaClass, AreaClasses
from mosovo_planner.geo.distance import crow_km
from mosovo_planner.geo.gazetteer import import_gazetteer, load_gazetteer
from mosovo_planner.geo.travel import TravelFormula, crow_fly, travel_times

DOWNS = Position(51.22, -1.90)  # Salisbury Plain, far from any town
_KM_NORTH = 1 / 111.195


def _north(km: float) -> Position:
    return Position(DOWNS.lat + km * _KM_NORTH, DOWNS.lon)


def _with(policy: Policy, **values: float) -> Policy:
    changed = {f"travel.{key}": replace(policy.values[f"travel.{key}"], value=value) for key, value in values.items()}
    return Policy({**policy.values, **changed})


@given(st.floats(50, 58), st.floats(-5, 1), st.floats(50, 58), st.floats(-5, 1))
def test_distances_are_geopys(lat: float, lon: float, other_lat: float, other_lon: float) -> None:
    km = crow_km([lat], [lon], [other_lat], [other_lon])[0, 0]
    assert km == pytest.approx(geodesic((lat, lon), (other_lat, other_lon)).km, rel=0.006, abs=0.001)


@pytest.mark.parametrize("km", [0.5, 2.0, 8.0])
def test_the_rural_formula(policy: Policy, km: float) -> None:
    minutes = crow_fly(_with(policy, work_hours_percent=100), None).minutes([DOWNS], [_north(km)])
    assert minutes[0, 0] == pytest.approx(1.0 + 1.73 * km**0.9, rel=0.002)


def test_far_legs_grow_by_the_far_factor(policy: Policy) -> None:
    formula = TravelFormula.of(_with(policy, work_hours_percent=100))
    rural = np.zeros(1, dtype=np.int8)
    ten, thirty = (formula.minutes(np.array([[km]]), rural, rural)[0, 0] for km in (10.0, 30.0))
    assert thirty - ten == pytest.approx(20.0, rel=1e-4)


@pytest.mark.parametrize(
    ("first", "second", "minutes"),
    [
        (AreaClass.TOWN, AreaClass.TOWN, 2.0 + 2.45 * 4),
        (AreaClass.CITY, AreaClass.CITY, 2.5 + 4.05 * 4),
        (AreaClass.CITY, AreaClass.TOWN, 2.25 + 3.25 * 4),
        (AreaClass.RURAL, AreaClass.TOWN, 1.5 + (1.73 * 4**0.9 + 2.45 * 4) / 2),
    ],
)
def test_both_ends_count_by_half(policy: Policy, first: AreaClass, second: AreaClass, minutes: float) -> None:
    formula = TravelFormula.of(_with(policy, work_hours_percent=100))
    told = formula.minutes(np.array([[4.0]]), np.array([first], np.int8), np.array([second], np.int8))
    assert told[0, 0] == pytest.approx(minutes, rel=1e-5)


def test_working_hours_stretch_every_drive(policy: Policy) -> None:
    usual = crow_fly(_with(policy, work_hours_percent=100), None).minutes([DOWNS], [_north(5)])
    slow = crow_fly(_with(policy, work_hours_percent=130), None).minutes([DOWNS], [_north(5)])
    assert slow[0, 0] == pytest.approx(1.3 * usual[0, 0], rel=1e-5)


def test_the_matrix_is_symmetric_with_nothing_on_its_diagonal(policy: Policy) -> None:
    rng = np.random.default_rng(1)
    spots = [
        Position(float(lat), float(lon)) for lat, lon in zip(rng.uniform(51, 51.7, 60), rng.uniform(-2.3, -1.5, 60), strict=True)
    ]
    minutes = crow_fly(policy, None).minutes(spots, spots)
    assert minutes.dtype == np.float32
    assert np.allclose(minutes, minutes.T, atol=1e-3)
    assert (np.diag(minutes) == 0).all()
    assert (minutes[~np.eye(60, dtype=bool)] > 1).all()


def test_blocks_do_not_show(policy: Policy, monkeypatch: pytest.MonkeyPatch) -> None:
    spots = [_north(km) for km in range(23)]
    whole = crow_fly(policy, None).minutes(spots, spots[:7])
    monkeypatch.setattr(travel, "_CELLS_A_BLOCK", 30)
    assert np.array_equal(crow_fly(policy, None).minutes(spots, spots[:7]), whole)


def test_nobody_goes_nowhere(policy: Policy) -> None:
    formula = crow_fly(policy, None)
    assert formula.minutes([], [DOWNS]).shape == (0, 1)
    assert formula.minutes([DOWNS], []).shape == (1, 0)


def test_classes_from_towns_without_a_gazetteer() -> None:
    spots = [DOWNS, Position(51.0693, -1.7957), Position(51.5155, -0.0922), Position(53.4794, -2.2453)]
    assert AreaClasses(None).of(spots).tolist() == [AreaClass.RURAL, AreaClass.TOWN, AreaClass.CITY, AreaClass.CITY]


def test_classes_from_the_postcodes_within_a_kilometre(tmp_path: Path) -> None:
    letters = "ABDEFGHJLNPQRSTUWXYZ"
    units = [f"{sector}{first}{second}" for sector in range(2) for first in letters for second in letters]

    def rows(district: str, count: int, lat: float, live: int = 1) -> str:
        return "".join(f"{district} {unit},{lat + 0.00001 * n},-1.9,{live}\n" for n, unit in enumerate(units[:count]))

    path = tmp_path / "dense.csv"
    text = rows("SN1", 410, 51.0) + rows("SN2", 160, 51.1) + rows("SN3", 100, 51.2) + rows("SN4", 500, 51.3, live=0)
    path.write_text("pcds,lat,long,live\n" + text, encoding="utf-8")
    import_gazetteer([path], folder=tmp_path)
    birmingham = Position(52.5, -1.9)  # where this gazetteer has nothing, towns tell
    spots = [*(Position(lat, -1.9) for lat in (51.0, 51.1, 51.2, 51.3, 51.02)), birmingham]
    told = AreaClasses(load_gazetteer(tmp_path)).of(spots)
    assert told.tolist() == [AreaClass.CITY, AreaClass.TOWN, AreaClass.RURAL, AreaClass.RURAL, AreaClass.RURAL, AreaClass.CITY]


def test_without_roads_the_formula_is_used_and_named(policy: Policy, tmp_path: Path) -> None:
    basis: TravelTimes = travel_times(policy, None, tmp_path)
    assert basis.name == "crow-fly formula"


def test_a_whole_force(policy: Policy, shared_file: Callable[[str], Path]) -> None:
    with shared_file("wiltshire_clean.csv").open(encoding="utf-8") as lines:
        homes = [Position(float(row["lat"]), float(row["lon"])) for row in csv.DictReader(lines)]
    minutes = crow_fly(policy, None).minutes(homes, homes)
    assert np.isfinite(minutes).all()
    assert 30 < minutes.mean() < 60
    assert minutes.max() < 130
