"""Importing a road network for real driving times, and the main roads and places for the map."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from mosovo_planner.domain.progress import Progress, Reporter, silent
from mosovo_planner.geo.array_file import store
from mosovo_planner.geo.errors import RoadsError
from mosovo_planner.geo.folders import data_folder
from mosovo_planner.geo.layers import Layer, layer_path, packed_layer
from mosovo_planner.geo.places import Place
from mosovo_planner.geo.projection import simplify
from mosovo_planner.geo.roads_graph import RoadGraph, build_graph, packed_graph, roads_path
from mosovo_planner.geo.roads_read import KINDS, MAP_KINDS, RoadWays, read_places, read_ways

__all__ = ["RoadsError", "RoadsSummary", "import_roads"]

_MAP_TOLERANCE_METRES = 15.0


@dataclass(frozen=True)
class RoadsSummary:
    """What an import stored: junctions and drives between them, lines and places for the map."""

    name: str
    ways: int
    junctions: int
    drives: int
    map_lines: int
    places: int
    attribution: str
    path: Path


def import_roads(path: Path, report: Reporter = silent, folder: Path | None = None) -> RoadsSummary:
    """Read an OpenStreetMap extract and store its roads, in place of those before.

    Args:
        path: an .osm.pbf file of the force's area, as Geofabrik gives them by county.
        report: called often; may raise Cancelled, which leaves everything as it was.
        folder: the data folder; by default the user's own.

    Raises:
        RoadsError: the file cannot be used, or nothing could be stored; the roads are as they were.
    """
    path, stored = Path(path), data_folder(folder)
    if not path.is_file():
        raise RoadsError(f"{path} is not there; check its name.")
    ways = read_ways(path, report)
    places = read_places(path, report)
    report(Progress("Joining the roads", 0.9))
    graph = build_graph(ways, path.name.removesuffix(".pbf").removesuffix(".osm"))
    layer = _map_layer(ways, graph)
    report(Progress("Storing the roads", 1.0))
    contents = {
        roads_path(stored): packed_graph(graph),
        layer_path(stored, "network"): packed_layer(layer),
        layer_path(stored, "places"): packed_layer(_places_layer(places, graph)),
    }
    store(contents, RoadsError)
    return RoadsSummary(
        graph.name,
        len(ways.kinds),
        len(graph.lat),
        graph.seconds.nnz,
        len(layer.lines),
        len(places),
        graph.attribution,
        roads_path(stored),
    )


def _map_layer(ways: RoadWays, graph: RoadGraph) -> Layer:
    """Motorways to minor main roads, thinned for drawing."""
    lines, names, kinds = [], [], []
    for points, code, name in zip(ways.points, ways.kinds, ways.names, strict=True):
        kind = KINDS[code].removesuffix("_link")
        if kind in MAP_KINDS:
            lines.append(simplify(points[:, 1:] / 1e7, _MAP_TOLERANCE_METRES))
            names.append(name)
            kinds.append(kind)
    return Layer(tuple(lines), tuple(names), tuple(kinds), graph.attribution)


def _places_layer(places: list[Place], graph: RoadGraph) -> Layer:
    """Places as points; the kind holds the number of people."""
    points = tuple(np.array([[place.lon, place.lat]]) for place in places)
    names, people = tuple(place.name for place in places), tuple(str(place.population) for place in places)
    return Layer(points, names, people, graph.attribution)
