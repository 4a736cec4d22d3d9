"""Where people are and how long drives take: the gazetteer, the roads and the map layers of this machine.

These are not personal data; they lie in the user's data folder and are shared by all workspaces.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from mosovo_planner.domain.people import Offender, OffenderManager, Position
from mosovo_planner.domain.policy import Policy
from mosovo_planner.domain.progress import Reporter, silent
from mosovo_planner.domain.travel import TravelTimes
from mosovo_planner.geo.basemap import Basemap, load_basemap
from mosovo_planner.geo.distance import crow_km
from mosovo_planner.geo.finding import find_position
from mosovo_planner.geo.gazetteer import Gazetteer, GazetteerSummary, import_gazetteer, load_gazetteer
from mosovo_planner.geo.projection import Bounds

if TYPE_CHECKING:  # roads and layers load SciPy and osmium, which the window does not wait for
    from mosovo_planner.geo.layer_import import LayerSummary
    from mosovo_planner.geo.roads import RoadsSummary

__all__ = [
    "Basemap",
    "add_gazetteer",
    "add_map_layer",
    "add_roads",
    "base_map",
    "distance_km",
    "gazetteer",
    "locate_manager",
    "locate_offender",
    "travel",
]


def gazetteer() -> Gazetteer | None:
    """The imported gazetteer, or None where none was imported yet."""
    return load_gazetteer()


def add_gazetteer(files: Sequence[Path], report: Reporter = silent) -> GazetteerSummary:
    return import_gazetteer(list(files), report)


def add_roads(file: Path, report: Reporter = silent) -> RoadsSummary:
    from mosovo_planner.geo.roads import import_roads

    return import_roads(file, report)


def add_map_layer(file: Path, report: Reporter = silent) -> LayerSummary:
    """Import boundaries or main roads for the map from GeoJSON."""
    from mosovo_planner.geo.layer_import import import_layer

    return import_layer(file, report=report)


def base_map(bounds: Bounds | None = None) -> Basemap:
    """Map layers from local files, those within ``bounds`` where given."""
    return load_basemap(bounds)


def travel(policy: Policy) -> TravelTimes:
    """Roads where they were imported, else the crow-fly formula of the policy."""
    from mosovo_planner.geo.travel import travel_times

    return travel_times(policy, gazetteer())


def locate_offender(offender: Offender, places: Gazetteer | None) -> Offender:
    """The offender with the best position that postcode or address gives; a None position stays None."""
    return replace(offender, position=find_position(offender.postcode, offender.address, places))


def locate_manager(manager: OffenderManager, places: Gazetteer | None) -> OffenderManager:
    """The manager with the position of the base, by its postcode, else by its name."""
    found: Position | None = find_position(manager.base_postcode, manager.base, places)
    return replace(manager, position=found)


def distance_km(one: Position, other: Position) -> float:
    """Kilometres between two positions as the crow flies."""
    return crow_km([one.lat], [one.lon], [other.lat], [other.lon]).item()
