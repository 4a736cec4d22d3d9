"""The base map: sea, land, boundaries and roads, painted behind everything else.

Lines are gathered in cells of some kilometres, thinned to the pixel for each doubling of the scale, and
kept, so that panning paints only what comes into view.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF

from mosovo_planner.ui.map.palette import MapColours
from mosovo_planner.ui.map.projection import Points, to_scene

_CELL_METRES = 16_000.0
_MINOR_ROADS_BELOW = 90.0
"""Metres a pixel under which roads other than motorways are drawn."""


class BaseMap(Protocol):
    """What ``office.map.basemap`` gives: lines as arrays of (lon, lat) in degrees, shape (n, 2)."""

    @property
    def land(self) -> Sequence[NDArray[np.float64]]: ...
    @property
    def boundaries(self) -> Sequence[NDArray[np.float64]]: ...
    @property
    def motorways(self) -> Sequence[NDArray[np.float64]]: ...
    @property
    def roads(self) -> Sequence[NDArray[np.float64]]: ...
    @property
    def places(self) -> Sequence[tuple[str, float, float, int]]: ...
    @property
    def attribution(self) -> str: ...


class _Cell:
    """Some lines that lie near each other, with their paths by level of detail."""

    def __init__(self, lines: list[Points]) -> None:
        self.lines = lines
        self._paths: dict[int, QPainterPath] = {}

    def box(self) -> tuple[float, float, float, float]:
        low = np.min([line.min(axis=0) for line in self.lines], axis=0)
        high = np.max([line.max(axis=0) for line in self.lines], axis=0)
        return float(low[0]), float(low[1]), float(high[0]), float(high[1])

    def path(self, level: int) -> QPainterPath:
        if level not in self._paths:
            path = QPainterPath()
            path.setFillRule(Qt.FillRule.WindingFill)
            for line in self.lines:
                thin = thinned(line, 2.0**level)
                path.addPolygon(QPolygonF([QPointF(x, y) for x, y in thin.tolist()]))
            self._paths[level] = path
        return self._paths[level]


class LineLayer:
    """Lines or areas of one kind."""

    def __init__(self, lines: Iterable[NDArray[np.float64]], *, together: bool) -> None:
        scene = [to_scene(line) for line in lines if len(line) > 1]
        self._cells = [_Cell(group) for group in (_by_cell(scene) if together else [[line] for line in scene])]
        self._boxes = np.array([cell.box() for cell in self._cells]).reshape(-1, 4)

    def __len__(self) -> int:
        return len(self._cells)

    def paths(self, view: QRectF, level: int) -> list[QPainterPath]:
        """The paths that touch ``view`` (scene metres), thinned to ``2**level`` metres."""
        if not self._cells:
            return []
        west, north, east, south = view.left(), view.top(), view.right(), view.bottom()
        boxes = self._boxes
        seen = (boxes[:, 0] <= east) & (boxes[:, 2] >= west) & (boxes[:, 1] <= south) & (boxes[:, 3] >= north)
        return [self._cells[index].path(level) for index in np.flatnonzero(seen)]


def thinned(line: Points, tolerance: float) -> Points:
    """The line without points that fall on the same ``tolerance`` grid square as the one before; ends stay."""
    if len(line) < 3:
        return line
    grid = np.round(line / tolerance)
    keep = np.ones(len(line), dtype=bool)
    keep[1:-1] = (grid[1:-1] != grid[:-2]).any(axis=1)
    return line[keep]


def _by_cell(lines: list[Points]) -> list[list[Points]]:
    cells: dict[tuple[int, int], list[Points]] = {}
    for line in lines:
        x, y = (line.min(axis=0) + line.max(axis=0)) / 2 // _CELL_METRES
        cells.setdefault((int(x), int(y)), []).append(line)
    return list(cells.values())


class BasePainter:
    """Paints a base map behind the marks."""

    def __init__(self, base: BaseMap | None = None) -> None:
        self._land = LineLayer(base.land if base else (), together=False)
        self._boundaries = LineLayer(base.boundaries if base else (), together=True)
        self._roads = LineLayer(base.roads if base else (), together=True)
        self._motorways = LineLayer(base.motorways if base else (), together=True)

    def paint(self, painter: QPainter, view: QRectF, metres_per_pixel: float, colours: MapColours) -> None:
        """Paint what lies in ``view``; where no land is known, everything counts as land."""
        level = max(0, math.floor(math.log2(max(1.0, metres_per_pixel))))
        painter.fillRect(view, colours.sea if len(self._land) else colours.land)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(_pen(colours.coast, 1.0))
        painter.setBrush(colours.land)
        for path in self._land.paths(view, level):
            painter.drawPath(path)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if metres_per_pixel < _MINOR_ROADS_BELOW:
            wide = 1.0 if metres_per_pixel > 25 else 2.0
            self._stroke(painter, self._roads, view, level, _pen(colours.minor_road, wide))
        wide = 1.4 if metres_per_pixel > 150 else 2.4
        self._stroke(painter, self._motorways, view, level, _pen(colours.major_road, wide))
        border = _pen(colours.boundary, 1.2)
        border.setStyle(Qt.PenStyle.DashLine)
        self._stroke(painter, self._boundaries, view, level, border)

    @staticmethod
    def _stroke(painter: QPainter, layer: LineLayer, view: QRectF, level: int, pen: QPen) -> None:
        painter.setPen(pen)
        for path in layer.paths(view, level):
            painter.drawPath(path)


def _pen(colour: QColor, width: float) -> QPen:
    pen = QPen(colour, width)
    pen.setCosmetic(True)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    return pen
