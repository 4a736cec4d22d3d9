"""A fresh installation shows a map; imported layers add to it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from mosovo_planner.domain.progress import Cancelled, Progress
from mosovo_planner.geo.basemap import load_basemap, on_land, town_dots
from mosovo_planner.geo.errors import LayerError
from mosovo_planner.geo.gazetteer import Gazetteer
from mosovo_planner.geo.layer_import import import_layer
from mosovo_planner.geo.layers import layer_path
from mosovo_planner.geo.projection import Bounds

SQUARE = [[[-2.0, 51.0], [-1.0, 51.0], [-1.0, 52.0], [-2.0, 52.0], [-2.0, 51.0]]]


def _geojson(path: Path, geometry: object, **properties: str) -> Path:
    feature = {"type": "Feature", "properties": properties, "geometry": geometry}
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")
    return path


def test_what_a_fresh_installation_shows(tmp_path: Path) -> None:
    shown = load_basemap(folder=tmp_path)
    assert len(shown.land) > 500
    assert all(np.array_equal(ring[0], ring[-1]) for ring in shown.land)
    assert shown.places[0].name == "London"
    assert shown.boundaries == shown.roads == ()
    assert "GSHHG" in shown.attribution
    assert "GeoNames" in shown.attribution


def test_bounds_choose_what_is_shown(tmp_path: Path) -> None:
    wight = load_basemap(Bounds(-1.7, 50.5, -1.0, 50.8), tmp_path)
    assert 1 <= len(wight.land) < 60
    assert {"Newport", "Cowes"} <= {place.name for place in wight.places}
    assert "London" not in {place.name for place in wight.places}
    assert load_basemap(Bounds(-5.5, 58.9, -5.4, 59.0), tmp_path).places == ()


def test_land_and_sea() -> None:
    spots = {"Swindon": (51.56, -1.78), "Cowes": (50.75, -1.3), "Dublin": (53.34, -6.3), "Lerwick": (60.155, -1.15)}
    sea = {"Channel": (50.3, -1.0), "Irish Sea": (53.8, -4.9), "Thames mouth": (51.5, 0.95), "Dogger": (55.0, 2.0)}
    for places, dry in ((spots, True), (sea, False)):
        lat, lon = np.array(list(places.values())).T
        assert on_land(lat, lon).tolist() == [dry] * len(places)


def test_areas_become_boundaries_and_lines_roads(tmp_path: Path) -> None:
    areas = _geojson(tmp_path / "area.geojson", {"type": "Polygon", "coordinates": SQUARE}, PFA23NM="Invented Police")
    lines = _geojson(tmp_path / "m.json", {"type": "LineString", "coordinates": [[-2, 51], [-1.5, 51.4], [-1, 51.4]]}, ref="M99")
    told: list[Progress] = []
    assert import_layer(areas, report=told.append, folder=tmp_path).kind == "boundaries"
    assert import_layer(lines, kind="roads", folder=tmp_path).kind == "roads"
    assert told
    shown = load_basemap(Bounds(-1.6, 51.3, -1.4, 51.5), tmp_path)
    assert [boundary.name for boundary in shown.boundaries] == ["Invented Police"]
    assert shown.boundaries[0].ring.shape == (5, 2)
    assert [(road.kind, road.name) for road in shown.roads] == [("motorway", "M99")]
    assert "area.geojson" in shown.attribution


def test_national_grid_metres_are_understood(tmp_path: Path) -> None:
    grid = {"type": "MultiPolygon", "coordinates": [[[[400000, 200000], [410000, 200000], [410000, 210000], [400000, 200000]]]]}
    import_layer(_geojson(tmp_path / "grid.geojson", grid, name="Grid"), folder=tmp_path)
    ring = load_basemap(folder=tmp_path).boundaries[0].ring
    assert ring[0] == pytest.approx([-2.0, 51.70], abs=0.01)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "is not GeoJSON"),
        ("[1, 2]", "not GeoJSON"),
        ('{"type": "FeatureCollection", "features": []}', "holds no areas and no lines"),
        ('{"type": "Point", "coordinates": [1, 2]}', "holds no areas and no lines"),
        ('{"type": "LineString", "coordinates": [[1, 2], ["x", 3]]}', "feature 1: its coordinates cannot be read"),
        ('{"type": "LineString", "coordinates": [[1, 2], [NaN, 3]]}', "cannot be read"),
        ('{"type": "LineString", "coordinates": [[1, 2], [3, 1e7]]}', "cannot be read"),
        ('{"type": "Polygon", "coordinates": 5}', "cannot be read"),
        ("[" * 100_000, "is not GeoJSON"),
    ],
)
def test_unusable_layers(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "layer.geojson"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(LayerError, match=told):
        import_layer(path, folder=tmp_path / "data")
    assert not (tmp_path / "data").exists()


def test_a_layer_of_the_other_kind_is_refused(tmp_path: Path) -> None:
    areas = _geojson(tmp_path / "area.geojson", {"type": "Polygon", "coordinates": SQUARE}, name="x")
    with pytest.raises(LayerError, match="holds boundaries, not roads"):
        import_layer(areas, kind="roads", folder=tmp_path / "data")


def test_cancelling_leaves_the_layer_before(tmp_path: Path) -> None:
    path = _geojson(tmp_path / "area.geojson", {"type": "Polygon", "coordinates": SQUARE}, name="x")
    import_layer(path, folder=tmp_path)
    before = layer_path(tmp_path, "boundaries").read_bytes()

    def stop(_progress: Progress) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        import_layer(path, report=stop, folder=tmp_path)
    assert layer_path(tmp_path, "boundaries").read_bytes() == before


def test_a_damaged_layer_is_named(tmp_path: Path) -> None:
    layer_path(tmp_path, "boundaries").write_bytes(b"PK nothing")
    with pytest.raises(LayerError, match=r"layer-boundaries\.npz is damaged"):
        load_basemap(folder=tmp_path)


def test_dots_show_where_people_live(gazetteer: Gazetteer) -> None:
    assert town_dots(gazetteer).shape == (0, 3)  # nowhere three live postcodes together in this small one


def test_dots_of_a_real_town(tmp_path: Path) -> None:
    from mosovo_planner.geo.gazetteer import import_gazetteer, load_gazetteer

    rows = "".join(f"SN1 1A{letter},51.5500{at},-1.7801\n" for at, letter in enumerate("ABDEF"))
    (tmp_path / "town.csv").write_text("pcds,lat,long\n" + rows + "SP1 1AA,51.07,-1.79\n", encoding="utf-8")
    import_gazetteer([tmp_path / "town.csv"], folder=tmp_path)
    loaded = load_gazetteer(tmp_path)
    assert loaded is not None
    dots = town_dots(loaded, Bounds(-2, 51, -1.5, 52))
    assert dots.tolist() == [[pytest.approx(-1.7801), pytest.approx(51.55002), 5.0]]


def test_the_forces_and_motorways(tmp_path: Path, shared_file: Callable[[str], Path]) -> None:
    assert import_layer(shared_file("police_force_areas_ew.geojson"), folder=tmp_path).features == 43
    assert import_layer(shared_file("gb_motorways.geojson"), folder=tmp_path).features == 59
    shown = load_basemap(Bounds(-2.4, 50.9, -1.4, 51.7), tmp_path)
    assert "Wiltshire" in {boundary.name for boundary in shown.boundaries}
    assert {road.kind for road in shown.roads} == {"motorway"}
    assert "M4" in {road.name for road in shown.roads}
    assert "OGL" in shown.attribution
