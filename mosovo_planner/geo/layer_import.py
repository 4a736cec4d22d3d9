"""Importing map layers from GeoJSON: force boundaries from polygons, motorways and main roads from lines."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from mosovo_planner.domain.progress import Progress, Reporter, silent
from mosovo_planner.geo.array_file import store
from mosovo_planner.geo.crs import on_the_grid, osgb36_to_wgs84
from mosovo_planner.geo.errors import LayerError
from mosovo_planner.geo.folders import data_folder
from mosovo_planner.geo.layers import Layer, layer_path, packed_layer
from mosovo_planner.geo.projection import Line, simplify

_MAX_BYTES = 300 << 20
_TOLERANCE_METRES = 15.0
_NAME_KEYS = ("name", "ref", "roadnumber", "road_number", "road_classification_number", "label")
_KIND_KEYS = ("highway", "road_classification", "class", "function", "kind")
_KINDS = {"a road": "primary", "b road": "secondary", "motorway": "motorway", "trunk": "trunk"}
_AREAS = frozenset({"Polygon", "MultiPolygon"})
_LINES = frozenset({"LineString", "MultiLineString"})


@dataclass(frozen=True)
class LayerSummary:
    """What an import stored: ``kind`` is ``boundaries`` or ``roads``; how many named features, lines and points."""

    kind: str
    features: int
    lines: int
    points: int
    attribution: str
    path: Path


def import_layer(path: Path, kind: str | None = None, report: Reporter = silent, folder: Path | None = None) -> LayerSummary:
    """Read a GeoJSON file (WGS84, or National Grid metres) and store it as a map layer, in place of the one before.

    Args:
        kind: ``boundaries`` or ``roads``; by default told by the file: polygons are boundaries, lines are roads.

    Raises:
        LayerError: the file is no such GeoJSON, or cannot be stored; the layer is as it was.
    """
    path = Path(path)
    report(Progress(f"Reading {path.name}", 0.0))
    tree = _parse(path)
    features = list(_features(tree, path.name))
    found = "boundaries" if any(shape in _AREAS for _, shape, _ in features) else "roads"
    if kind is not None and kind != found:
        raise LayerError(f"{path.name} holds {found}, not {kind}.")
    layer = _gather(path.name, features, tree, report)
    target = layer_path(data_folder(folder), found)
    report(Progress("Storing the layer", 1.0))
    store({target: packed_layer(layer)}, LayerError)
    points = sum(map(len, layer.lines))
    return LayerSummary(found, len(features), len(layer.lines), points, layer.attribution, target)


def _parse(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise LayerError(f"{path.name} is larger than {_MAX_BYTES >> 20} MB; simplify it first.")
        tree = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as wrong:
        raise LayerError(f"{path.name} could not be read: {wrong.strerror or wrong}.") from wrong
    except (ValueError, RecursionError) as wrong:
        raise LayerError(f"{path.name} is not GeoJSON; export the layer as GeoJSON in WGS84 and import that.") from wrong
    if not isinstance(tree, dict) or "type" not in tree:
        raise LayerError(f"{path.name} is JSON but not GeoJSON: it has no type.")
    return tree


def _features(tree: Mapping[str, Any], name: str) -> Iterator[tuple[Mapping[str, Any], str, Any]]:
    """Properties, geometry type and coordinates of every area and line."""
    found = False
    listed = tree.get("features") if tree["type"] == "FeatureCollection" else [tree]
    for feature in listed if isinstance(listed, list) else []:
        whole = isinstance(feature, dict) and feature.get("type") == "Feature"
        geometry = feature.get("geometry") if whole else feature
        shape = geometry.get("type") if isinstance(geometry, dict) else None
        if shape in _AREAS | _LINES:
            found = True
            yield (feature.get("properties") or {} if whole else {}), shape, geometry.get("coordinates")
    if not found:
        raise LayerError(f"{name} holds no areas and no lines; expected polygons (boundaries) or lines (roads).")


def _gather(name: str, features: list[tuple[Mapping[str, Any], str, Any]], tree: Mapping[str, Any], report: Reporter) -> Layer:
    lines, names, kinds = [], [], []
    for number, (properties, shape, coordinates) in enumerate(features):
        if number % 20 == 0:
            report(Progress(f"Reading {name}", number / len(features)))
        label = _property(properties, _NAME_KEYS, ending="nm")
        kind = "boundary" if shape in _AREAS else _road_kind(properties, label)
        for line in _lines(shape, coordinates, name, number + 1):
            lines.append(simplify(line, _TOLERANCE_METRES))
            names.append(label)
            kinds.append(kind)
    return Layer(tuple(lines), tuple(names), tuple(kinds), _attribution(tree, name))


def _lines(shape: str, coordinates: Any, name: str, number: int) -> Iterator[Line]:
    depth = {"LineString": 0, "MultiLineString": 1, "Polygon": 1, "MultiPolygon": 2}[shape]
    nested = [coordinates]
    try:
        for _ in range(depth):
            nested = [inner for outer in nested for inner in outer]
        for points in nested:
            line = np.array([point[:2] for point in points], dtype=float).reshape(-1, 2)
            if len(line) > 1:
                yield _degrees(line)
    except (TypeError, ValueError, IndexError, KeyError) as wrong:
        raise LayerError(f"{name}, feature {number}: its coordinates cannot be read; export the layer again.") from wrong


def _degrees(line: Line) -> Line:
    """As longitude and latitude, from National Grid metres where the numbers are those."""
    if not np.isfinite(line).all():
        raise ValueError("a coordinate is not finite")
    if np.abs(line).max() > 180 and on_the_grid(*line.T).all():
        lat, lon = osgb36_to_wgs84(*line.T)
        return np.column_stack((lon, lat))
    if np.abs(line[:, 0]).max() > 180 or np.abs(line[:, 1]).max() > 90:
        raise ValueError("a coordinate is not on the earth")
    return line


def _property(properties: Mapping[str, Any], keys: tuple[str, ...], ending: str = "") -> str:
    lowered = {str(key).lower(): value for key, value in properties.items() if isinstance(value, str) and value.strip()}
    named = [lowered[key] for key in keys if key in lowered]
    named += [value for key, value in lowered.items() if ending and key.endswith(ending)]
    return named[0].strip() if named else ""


def _road_kind(properties: Mapping[str, Any], label: str) -> str:
    told = _property(properties, _KIND_KEYS).lower()
    if told:
        return _KINDS.get(told, told.removesuffix("_link"))
    if re.fullmatch(r"M[0-9]+|A[0-9]+\(M\)", label):
        return "motorway"
    return "secondary" if label.startswith("B") else "primary"


def _attribution(tree: Mapping[str, Any], name: str) -> str:
    """The licence's own words where the file carries them."""
    facts = tree.get("metadata")
    told = _property(facts if isinstance(facts, dict) else tree, ("attribution", "licence", "license", "copyright"))
    return told.rstrip(".") + "." if told else f"Layer from {name}."
