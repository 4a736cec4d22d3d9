"""Fetching the base map for where the caseload is, off the window's thread."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from mosovo_planner.domain.people import Position
from mosovo_planner.domain.progress import Reporter
from mosovo_planner.office.ground import Basemap, base_map
from mosovo_planner.ui.tasks import Tasks

if TYPE_CHECKING:
    from mosovo_planner.ui.map.view import MapView

_MARGIN_DEGREES = 0.75


def load_base_map(view: MapView, tasks: Tasks, positions: Iterable[Position | None]) -> None:
    """Show the base map around the positions; without any, the whole country."""

    def read(_report: Reporter) -> Basemap:
        return base_map(bounds)

    bounds = bounds_of(positions)
    tasks.run("Reading the map", read, done=view.set_basemap, owner=view, key=f"map-{id(view)}", quiet=True)


def bounds_of(positions: Iterable[Position | None]) -> tuple[float, float, float, float] | None:
    """West, south, east, north in degrees around the positions, with room for a look at the neighbours."""
    known = [position for position in positions if position is not None]
    if not known:
        return None
    longitudes, latitudes = [each.lon for each in known], [each.lat for each in known]
    return (
        min(longitudes) - _MARGIN_DEGREES, min(latitudes) - _MARGIN_DEGREES,
        max(longitudes) + _MARGIN_DEGREES, max(latitudes) + _MARGIN_DEGREES,
    )  # fmt: skip
