"""The map: drawn by ourselves from local data, never from a tile server.

:class:`~mosovo_planner.ui.map.view.MapView` shows marks (:mod:`~mosovo_planner.ui.map.marks`) over a base
map. It is opaque to screen readers, so each view that has a map has a table that does all the map does.
"""
