"""Nothing of geography opens a socket, and geopy's network geocoders are named nowhere."""

from __future__ import annotations

import ast
import pkgutil
import socket
from pathlib import Path

import geopy.geocoders
import pytest

import mosovo_planner
from mosovo_planner.domain.people import Position
from mosovo_planner.domain.policy import Policy
from mosovo_planner.geo.basemap import load_basemap
from mosovo_planner.geo.gazetteer import import_gazetteer, load_gazetteer
from mosovo_planner.geo.geocode import OfflineGeocoder, find_position
from mosovo_planner.geo.roads import import_roads
from mosovo_planner.geo.synthetic import scatter
from mosovo_planner.geo.travel import travel_times
from tests.geo.osm_town import write_town

_PACKAGE = Path(mosovo_planner.__file__).parent
_ALLOWED = {"geopy.geocoders.base": {"Geocoder"}, "geopy.location": {"Location"}, "geopy.distance": {"geodesic"}}
_NETWORK = frozenset({"socket", "ssl", "http", "urllib", "requests", "aiohttp", "httpx", "ftplib", "smtplib", "urllib3"})


def test_import_geocode_travel_and_map_without_a_socket(tmp_path: Path, policy: Policy, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object, **_named: object) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    source = tmp_path / "plain.csv"
    source.write_text("pcds,lat,long\nSN1 1AA,51.56,-1.78\n", encoding="utf-8")
    import_gazetteer([source], folder=tmp_path)
    import_roads(write_town(tmp_path / "town.osm"), folder=tmp_path)
    gazetteer = load_gazetteer(tmp_path)
    assert OfflineGeocoder(gazetteer).geocode("1 Invented Road, Swindon SN1 1AA").raw["precision"] == "postcode"
    assert find_position("", "Salisbury", gazetteer) is not None
    spots = [Position(51.50, -1.79), Position(51.0, -1.8)]
    assert travel_times(policy, gazetteer, tmp_path).minutes(spots, spots).shape == (2, 2)
    assert load_basemap(folder=tmp_path).land
    assert scatter(10, 1).homes


def _imports(path: Path) -> list[tuple[str, set[str]]]:
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            found.append((node.module, {alias.name for alias in node.names}))
        elif isinstance(node, ast.Import):
            found += [(alias.name, set()) for alias in node.names]
    return found


def test_of_geopy_only_the_harmless_parts_are_imported_anywhere() -> None:
    wrong = [
        (str(path.relative_to(_PACKAGE)), module, sorted(names))
        for path in _PACKAGE.rglob("*.py")
        for module, names in _imports(path)
        if module.split(".")[0] == "geopy" and not (names and names <= _ALLOWED.get(module, set()))
    ]
    assert wrong == []


def test_no_network_geocoder_is_named_in_the_package() -> None:
    modules = {module.name for module in pkgutil.iter_modules(geopy.geocoders.__path__)} - {"base"}
    classes = {name for name in geopy.geocoders.__all__ if name[0].isupper()}
    assert {"Nominatim", "Photon", "GoogleV3"} <= classes
    assert "nominatim" in modules
    named = [
        (path.name, node.id if isinstance(node, ast.Name) else node.attr)
        for path in _PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if (isinstance(node, ast.Name) and node.id in classes) or (isinstance(node, ast.Attribute) and node.attr in classes)
    ]
    assert named == []


def test_geography_imports_no_network_library() -> None:
    wrong = [
        (path.name, module)
        for path in (_PACKAGE / "geo").rglob("*.py")
        for module, _ in _imports(path)
        if module.split(".")[0] in _NETWORK
    ]
    assert wrong == []
