"""Fetching the base map off the window's thread."""

from __future__ import annotations

from mosovo_planner.domain.progress import Reporter
from mosovo_planner.office.ground import Basemap, base_map
from mosovo_planner.ui.map.view import MapView
from mosovo_planner.ui.tasks import Tasks


def load_base_map(view: MapView, tasks: Tasks) -> None:
    """Show land, places and what else was imported on this machine."""

    def read(_report: Reporter) -> Basemap:
        return base_map()

    tasks.run("Reading the map", read, done=view.set_basemap, owner=view, key=f"map-{id(view)}", quiet=True)
