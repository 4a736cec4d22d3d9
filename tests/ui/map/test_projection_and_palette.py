"""Where things lie on the map, and that managers can be told apart on it."""

from __future__ import annotations

from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mosovo_planner.ui.map.furniture import scale_bar
from mosovo_planner.ui.map.palette import DARK, LIGHT, MANAGER_COLOURS, look_of, looks
from mosovo_planner.ui.map.projection import from_scene, ground_metres, scene_point, to_scene
from mosovo_planner.ui.theme import contrast


@given(st.floats(-80, 80), st.floats(-179, 179))
def test_a_position_comes_back_from_the_scene(lat: float, lon: float) -> None:
    back = from_scene(*scene_point(lat, lon))
    assert back == pytest.approx((lat, lon), abs=1e-9)


def test_north_is_up_and_east_is_right() -> None:
    (west, south), (east, north) = to_scene(np.array([[-2.0, 51.0], [-1.0, 52.0]]))
    assert east > west
    assert north < south, "Qt's y grows downward"


def test_a_kilometre_on_the_ground_is_a_kilometre_on_the_scale_bar() -> None:
    lat = 51.5
    _, y = scene_point(lat, -1.8)
    _, y_north = scene_point(lat + 1 / 111.2, -1.8)  # a degree of latitude is some 111.2 km
    assert (y - y_north) * ground_metres(y) == pytest.approx(1000, rel=0.01)


@given(st.floats(0.5, 4000))
def test_the_scale_bar_has_a_round_length_and_fits(metres_per_pixel: float) -> None:
    _, y = scene_point(51.5, -1.8)
    width, text = scale_bar(metres_per_pixel, y)
    assert 20 <= width <= 121
    digits = text.split()[0].replace(".", "").strip("0")
    assert digits in {"1", "2", "5"}


def test_at_least_twenty_colours_stand_out_on_light_and_dark_land() -> None:
    assert len(set(MANAGER_COLOURS)) >= 20
    for colour in MANAGER_COLOURS:
        for land in (LIGHT.land, DARK.land):
            assert contrast(colour, land.name()) >= 2.4, f"{colour} is lost on {land.name()}"


def test_no_two_of_168_managers_look_alike_and_neighbours_differ_in_shape() -> None:
    made = [look_of(number) for number in range(168)]
    assert len(set(made)) == 168
    assert all(one.shape is not other.shape for one, other in pairwise(made))


def test_a_manager_looks_the_same_in_whatever_order_managers_come() -> None:
    assert looks(["OM02", "OM01", "OM03"]) == looks(["OM03", "OM01", "OM02"])


def test_colours_of_a_team_are_far_apart() -> None:
    for one, other in combinations(MANAGER_COLOURS, 2):
        channels = [abs(int(one[at : at + 2], 16) - int(other[at : at + 2], 16)) for at in (1, 3, 5)]
        assert max(channels) >= 24, f"{one} and {other} are hard to tell apart"
