"""Fetching the base map, and making it ready to paint, off the window's thread."""

from __future__ import annotations

from mosovo_planner.domain.progress import Reporter
from mosovo_planner.office.ground import base_map
from mosovo_planner.ui.map.base import Ground
from mosovo_planner.ui.map.view import MapView
from mosovo_planner.ui.tasks import Tasks


def load_base_map(view: MapView, tasks: Tasks) -> None:
    """Show land, places and what else was imported on this machine."""

    def read(_report: Reporter) -> Ground:
        return Ground.of(base_map())

    tasks.run("Reading the map", read, done=view.set_ground, owner=view, key=f"map-{id(view)}", quiet=True)
