"""Names keep apart, lines are thinned without losing their shape, and rounds can be hit."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPixmap, QTransform
from pytestqt.qtbot import QtBot

from mosovo_planner.ui.map.base import LineLayer, thinned
from mosovo_planner.ui.map.labels import PlaceLabels, least_population
from mosovo_planner.ui.map.palette import LIGHT
from mosovo_planner.ui.map.projection import scene_point


def painted(labels: PlaceLabels, metres_per_pixel: float, taken: list[QRectF] | None = None) -> list[str]:
    """The names painted on a sheet of 800 × 600 pixels around 51.5° north, 2° west."""
    sheet = QPixmap(800, 600)
    painter = QPainter(sheet)
    x, y = scene_point(51.5, -2.0)
    painter.setWorldTransform(QTransform(1 / metres_per_pixel, 0, 0, 1 / metres_per_pixel, 400 - x / metres_per_pixel,
                                         300 - y / metres_per_pixel))  # fmt: skip
    names = labels.paint(painter, (800, 600), LIGHT, 1.0, taken or [])
    painter.end()
    return names


def test_the_larger_of_two_places_that_would_overlap_is_named(qtbot: QtBot) -> None:
    labels = PlaceLabels([("Hamlet", 51.5, -2.0, 400), ("Town", 51.5003, -2.0, 30_000)])
    assert painted(labels, 10) == ["Town"]


def test_villages_are_named_only_from_close_by(qtbot: QtBot) -> None:
    labels = PlaceLabels([("Village", 51.5, -2.0, 600), ("City", 51.6, -2.0, 300_000)])
    assert painted(labels, 150) == ["City"]
    assert set(painted(labels, 28)) == {"Village"}  # the city lies above the sheet then


def test_no_name_is_written_over_what_is_there(qtbot: QtBot) -> None:
    labels = PlaceLabels([("Town", 51.5, -2.0, 30_000)])
    assert painted(labels, 10, [QRectF(390, 290, 20, 20)]) == []


def test_the_closer_the_smaller_the_places_named() -> None:
    limits = [least_population(1 / metres_per_pixel) for metres_per_pixel in (10, 50, 100, 200, 500, 2000)]
    assert limits == sorted(limits)
    assert limits[0] == 0


@given(st.lists(st.tuples(st.floats(0, 1e5), st.floats(0, 1e5)), min_size=2, max_size=60), st.sampled_from([1.0, 64.0, 1024.0]))
def test_thinning_keeps_the_ends_and_stays_near_every_point(points: list[tuple[float, float]], tolerance: float) -> None:
    line = np.array(points)
    thin = thinned(line, tolerance)
    assert thin[0] == pytest.approx(line[0])
    assert thin[-1] == pytest.approx(line[-1])
    gaps = np.hypot(*(line[:, None, :] - thin[None, :, :]).transpose(2, 0, 1)).min(axis=1)
    assert gaps.max() <= 1.5 * tolerance


def test_only_lines_in_view_are_painted() -> None:
    near, far = np.array([[-2.0, 51.5], [-1.9, 51.5]]), np.array([[1.0, 54.0], [1.1, 54.0]])
    layer = LineLayer([near, far], together=True)
    x, y = scene_point(51.5, -1.95)
    assert len(layer.paths(QRectF(x - 5000, y - 5000, 10_000, 10_000), 0)) == 1
    assert len(layer.paths(QRectF(-2e7, -2e7, 4e7, 4e7), 8)) == 2
