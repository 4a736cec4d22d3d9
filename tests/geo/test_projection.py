"""The flat map and thinned lines stay true to the ground."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from mosovo_planner.geo.projection import Bounds, from_map, ground_scale, simplify, to_local, to_map


@given(st.floats(-84, 84), st.floats(-180, 180))
def test_there_and_back(lat: float, lon: float) -> None:
    back = from_map(*to_map([lat], [lon]))
    assert (back[0][0], back[1][0]) == (pytest.approx(lat, abs=1e-9), pytest.approx(lon, abs=1e-9))


def test_known_map_metres() -> None:
    x, y = to_map([51.5], [-1.0])
    assert (x[0], y[0]) == (pytest.approx(-111319.49, abs=0.01), pytest.approx(6710219.08, abs=0.01))
    assert ground_scale(60.0) == pytest.approx(0.5)


def test_local_metres() -> None:
    x, y = to_local([51.0, 51.1], [-2.0, -1.9], 51.05)
    assert x[1] - x[0] == pytest.approx(7008, abs=20)  # Vincenty on WGS84
    assert y[1] - y[0] == pytest.approx(11126, abs=30)


@given(arrays(float, st.tuples(st.integers(2, 30), st.just(2)), elements=st.floats(-0.1, 0.1)), st.floats(1, 5000))
def test_a_thinned_line_stays_within_its_tolerance(offsets: np.ndarray, metres: float) -> None:
    line = offsets + np.array([-2.0, 51.0])
    thin = simplify(line, metres)
    assert np.array_equal(thin[[0, -1]], line[[0, -1]])
    points = np.column_stack(to_local(line[:, 1], line[:, 0], float(line[:, 1].mean())))
    kept = np.column_stack(to_local(thin[:, 1], thin[:, 0], float(line[:, 1].mean())))
    for point in points:
        assert min(_to_stretch(point, a, b) for a, b in pairwise(kept)) <= metres + 1e-6


def _to_stretch(point: np.ndarray, start: np.ndarray, end: np.ndarray) -> float:
    along = end - start
    length = float(along @ along)
    share = min(1.0, max(0.0, float((point - start) @ along) / length)) if length else 0.0
    return float(np.hypot(*(point - start - share * along)))


def test_straight_lines_lose_their_middle_and_rings_stay_closed() -> None:
    straight = np.column_stack((np.linspace(-2, -1, 50), np.full(50, 51.0)))
    assert len(simplify(straight, 1)) == 2
    angle = np.linspace(0, 2 * np.pi, 400)
    ring = simplify(np.column_stack((np.cos(angle), 51 + np.sin(angle))), 500)
    assert np.allclose(ring[0], ring[-1])
    assert 10 < len(ring) < 100


def test_bounds_hold_their_points() -> None:
    assert Bounds(-2, 51, -1, 52).holds([51.5, 50, 51.5], [-1.5, -1.5, 0]).tolist() == [True, False, False]
