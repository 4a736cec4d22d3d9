"""The map answers mouse and keyboard, and says no more of a person than it may."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QPalette, QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mosovo_planner.ui.map.base import Ground
from mosovo_planner.ui.map.markers import MOST_MARKERS
from mosovo_planner.ui.map.marks import BaseMark, Link, Marker, RoundLine
from mosovo_planner.ui.map.palette import DARK, LIGHT, look_of
from mosovo_planner.ui.map.projection import from_scene
from mosovo_planner.ui.map.view import MapView


def click(qtbot: QtBot, view: MapView, at: QPoint) -> None:
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=at)


def place_under(view: MapView, at: QPointF) -> tuple[float, float]:
    where = view.viewportTransform().inverted()[0].map(at)
    return from_scene(where.x(), where.y())


def test_a_click_on_a_marker_tells_whose_it_is(qtbot: QtBot, map_view: MapView, offenders: list[Marker]) -> None:
    map_view.set_markers(offenders)
    for marker in (offenders[0], offenders[7]):
        with qtbot.waitSignal(map_view.marker_chosen) as told:
            click(qtbot, map_view, map_view.spot(marker.lat, marker.lon))
        assert told.args == [marker.key]


def test_a_click_beside_every_marker_chooses_nothing(qtbot: QtBot, map_view: MapView, offenders: list[Marker]) -> None:
    map_view.set_markers(offenders)
    with qtbot.waitSignal(map_view.nothing_chosen):
        click(qtbot, map_view, QPoint(3, 3))


def test_repeated_clicks_reach_everybody_at_one_address(qtbot: QtBot, map_view: MapView, offenders: list[Marker]) -> None:
    neighbours = [replace(offenders[0], key=f"SYN-1{letter}") for letter in "abc"]
    map_view.set_markers([*neighbours, *offenders[4:]])
    reached = set()
    map_view.marker_chosen.connect(lambda key: (reached.add(key), map_view.choose([key])))
    for _ in neighbours:
        click(qtbot, map_view, map_view.spot(neighbours[0].lat, neighbours[0].lon))
    assert reached == {marker.key for marker in neighbours}


def test_hovering_shows_the_text_as_it_is_and_never_as_markup(map_view: MapView, offenders: list[Marker]) -> None:
    sly = replace(offenders[3], tip="SYN-3 <img src=x> & more")
    map_view.set_markers([sly])
    tip = map_view.tip_at(map_view.spot(sly.lat, sly.lon))
    assert "<img" not in tip
    assert "SYN-3 &lt;img src=x&gt; &amp; more" in tip
    assert map_view.tip_at(QPoint(1, 1)) == ""


def test_dragging_moves_the_map_and_chooses_nobody(qtbot: QtBot, map_view: MapView, offenders: list[Marker]) -> None:
    map_view.set_markers(offenders)
    start = map_view.spot(offenders[5].lat, offenders[5].lon)
    told: list[str] = []
    map_view.marker_chosen.connect(told.append)
    qtbot.mousePress(map_view.viewport(), Qt.MouseButton.LeftButton, pos=start)
    for step in range(1, 6):
        qtbot.mouseMove(map_view.viewport(), start + QPoint(8 * step, 0))
    qtbot.mouseRelease(map_view.viewport(), Qt.MouseButton.LeftButton, pos=start + QPoint(40, 0))
    assert told == []
    assert not map_view.shows_whole


def test_the_wheel_zooms_about_the_pointer(map_view: MapView, offenders: list[Marker]) -> None:
    map_view.set_markers(offenders)
    at = QPointF(500, 120)
    before, scale = place_under(map_view, at), map_view.metres_per_pixel()
    turn = QWheelEvent(
        at, map_view.viewport().mapToGlobal(at), QPoint(), QPoint(0, 240), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(map_view.viewport(), turn)
    assert map_view.metres_per_pixel() < scale
    pixel = map_view.metres_per_pixel() / 111_000
    assert place_under(map_view, at) == pytest.approx(before, abs=2 * pixel)


def test_the_keyboard_pans_zooms_and_shows_everything(qtbot: QtBot, map_view: MapView, offenders: list[Marker]) -> None:
    map_view.set_markers(offenders)
    whole, middle = map_view.metres_per_pixel(), QPointF(map_view.viewport().rect().center())
    lat, lon = place_under(map_view, middle)
    qtbot.keyClick(map_view, Qt.Key.Key_Right)
    assert place_under(map_view, middle)[1] > lon
    qtbot.keyClick(map_view, Qt.Key.Key_Up)
    assert place_under(map_view, middle)[0] > lat
    qtbot.keyClick(map_view, Qt.Key.Key_Plus)
    assert map_view.metres_per_pixel() < whole
    qtbot.keyClick(map_view, Qt.Key.Key_Minus)
    qtbot.keyClick(map_view, Qt.Key.Key_Minus)
    assert map_view.metres_per_pixel() > whole
    qtbot.keyClick(map_view, Qt.Key.Key_Home)
    assert map_view.metres_per_pixel() == pytest.approx(whole)
    assert map_view.shows_whole


def test_everything_fitted_stays_in_view_when_the_window_shrinks(
    qtbot: QtBot, map_view: MapView, offenders: list[Marker]
) -> None:
    map_view.set_markers(offenders)
    map_view.set_bases([BaseMark("HQ", "HQ", 51.0, -2.4)])
    map_view.fit()
    map_view.resize(400, 300)
    window = map_view.viewport().rect()
    for lat, lon in [(51.0, -2.4), *((marker.lat, marker.lon) for marker in offenders)]:
        assert window.contains(map_view.spot(lat, lon))


def test_placing_by_hand_gives_the_position_clicked(qtbot: QtBot, map_view: MapView, offenders: list[Marker]) -> None:
    map_view.set_markers(offenders)
    map_view.set_placing(True)
    with qtbot.waitSignal(map_view.place_chosen) as told, qtbot.assertNotEmitted(map_view.marker_chosen):
        click(qtbot, map_view, map_view.spot(offenders[5].lat, offenders[5].lon))
    pixel = map_view.metres_per_pixel() / 111_000
    assert told.args == pytest.approx([offenders[5].lat, offenders[5].lon], abs=2 * pixel)


def test_placing_works_by_keyboard_alone(qtbot: QtBot, map_view: MapView, offenders: list[Marker]) -> None:
    map_view.set_markers(offenders)
    map_view.set_placing(True)
    qtbot.keyClick(map_view, Qt.Key.Key_Left)
    middle = place_under(map_view, QPointF(map_view.viewport().rect().center()))
    with qtbot.waitSignal(map_view.place_chosen) as told:
        qtbot.keyClick(map_view, Qt.Key.Key_Return)
    assert told.args == pytest.approx(list(middle))


def test_a_chosen_offender_out_of_view_is_brought_into_view(map_view: MapView, offenders: list[Marker]) -> None:
    map_view.set_markers(offenders)
    for _ in range(12):
        map_view.zoom_in()
    map_view.choose([offenders[0].key], show=True)
    assert map_view.viewport().rect().contains(map_view.spot(offenders[0].lat, offenders[0].lon))


def test_a_click_on_a_round_tells_which(qtbot: QtBot, map_view: MapView, offenders: list[Marker]) -> None:
    map_view.set_markers([offenders[0], offenders[11]])
    ends = ((offenders[0].lat, offenders[0].lon), (offenders[11].lat, offenders[11].lon))
    map_view.set_rounds([RoundLine("R1", ends, "#0080f8")])
    halfway = map_view.spot((ends[0][0] + ends[1][0]) / 2, (ends[0][1] + ends[1][1]) / 2)
    with qtbot.waitSignal(map_view.round_chosen) as told:
        click(qtbot, map_view, halfway)
    assert told.args == ["R1"]


def test_too_many_markers_become_clusters_and_a_click_opens_them(qtbot: QtBot, map_view: MapView) -> None:
    side = 55
    crowd = [
        Marker(f"SYN-{number}", 51.0 + 0.5 * (number // side) / side, -2.0 + 0.8 * (number % side) / side, look_of(0), "x")
        for number in range(side * side)
    ]
    assert len(crowd) > MOST_MARKERS
    map_view.set_markers(crowd)
    before = map_view.metres_per_pixel()
    middle = crowd[len(crowd) // 2]
    # A cluster sits on the mean of its members: look for one by its words.
    spots = [map_view.spot(marker.lat, marker.lon) + QPoint(dx, dy) for marker in (middle,) for dx in range(-40, 41, 8)
             for dy in range(-40, 41, 8)]  # fmt: skip
    hit = next(spot for spot in spots if "offenders here" in map_view.tip_at(spot))
    with qtbot.assertNotEmitted(map_view.marker_chosen):
        click(qtbot, map_view, hit)
    assert map_view.metres_per_pixel() < before, "the click goes closer to what the cluster holds"


def test_clusters_leave_nobody_out(map_view: MapView) -> None:
    crowd = [Marker(f"SYN-{number}", 51 + number * 1e-4, -2 + number * 1e-4, look_of(0), "x") for number in range(3000)]
    map_view.set_markers(crowd)
    layer, to_device = map_view._markers, map_view.viewportTransform()
    spots = layer.spots(to_device)
    visible = layer.visible(spots, (640, 480))
    clusters = layer.clusters(to_device, (640, 480))
    assert sum(len(cluster.members) for cluster in clusters) == len(visible) == 3000
    for cluster in clusters:
        assert (cluster.x, cluster.y) == pytest.approx(tuple(spots[cluster.members].mean(axis=0)), abs=0.01)


def colour_at(view: MapView, lat: float, lon: float) -> QColor:
    spot = view.spot(lat, lon)
    return view.viewport().grab().toImage().pixelColor(spot)


def test_land_and_sea_are_painted_and_follow_the_theme(qtbot: QtBot, map_view: MapView, island: SimpleNamespace) -> None:
    map_view.set_ground(Ground.of(island))
    map_view.set_markers([Marker("SYN-1", 51.2, -2.9, look_of(0), "x"), Marker("SYN-2", 51.9, -0.5, look_of(0), "x")])
    assert colour_at(map_view, 51.3, -1.5) == LIGHT.land
    assert colour_at(map_view, 51.3, -0.8) == LIGHT.sea
    palette = QPalette()
    palette.setColor(QPalette.ColorRole.Window, QColor("#1e242b"))
    map_view.setPalette(palette)
    assert colour_at(map_view, 51.3, -1.5) == DARK.land
    assert colour_at(map_view, 51.3, -0.8) == DARK.sea


def test_sources_are_named_on_the_map(map_view: MapView, island: SimpleNamespace) -> None:
    map_view.set_ground(Ground.of(island))
    named = map_view.viewport().grab().toImage()
    island.attribution = ""
    map_view.set_ground(Ground.of(island))
    assert map_view.viewport().grab().toImage() != named


def test_links_and_bases_are_painted(map_view: MapView, offenders: list[Marker]) -> None:
    map_view.set_markers(offenders[:2])
    bare = map_view.viewport().grab().toImage()
    map_view.set_links([Link((51.25, -2.1), (offenders[0].lat, offenders[0].lon), "#d87800")])
    linked = map_view.viewport().grab().toImage()
    map_view.set_bases([BaseMark("HQ", "Devizes", 51.28, -2.05)])
    assert bare != linked != map_view.viewport().grab().toImage()


def test_the_map_has_a_name_for_screen_readers(map_view: MapView) -> None:
    assert map_view.accessibleName()
    assert "table" in map_view.accessibleDescription()
