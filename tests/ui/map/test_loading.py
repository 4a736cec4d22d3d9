"""The map that the program carries is read off the window's thread and shows the coast."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from mosovo_planner.ui.map.loading import load_base_map
from mosovo_planner.ui.map.palette import LIGHT
from mosovo_planner.ui.map.view import MapView
from mosovo_planner.ui.tasks import Tasks


def test_land_and_sea_of_the_own_base_map_show_after_loading(qtbot: QtBot, map_view: MapView) -> None:
    tasks = Tasks()
    load_base_map(map_view, tasks)
    qtbot.waitUntil(lambda: not tasks.running, timeout=20_000)
    picture = map_view.viewport().grab().toImage()
    assert picture.pixelColor(map_view.spot(52.3, -1.6)) == LIGHT.land  # Warwickshire
    assert picture.pixelColor(map_view.spot(54.0, 2.0)) == LIGHT.sea  # the North Sea
    assert "OpenStreetMap" in map_view._ground.attribution or "GSHHG" in map_view._ground.attribution
