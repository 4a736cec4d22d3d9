"""The base map: sea, land, boundaries and roads, painted behind everything else.

Lines are gathered in cells of some kilometres, thinned to the pixel for each doubling of the scale, and
kept, so that panning paints only what comes into view.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF

from mosovo_planner.ui.map.labels import PlaceLabels
from mosovo_planner.ui.map.palette import MapColours
from mosovo_planner.ui.map.projection import Points, to_scene

if TYPE_CHECKING:
    from mosovo_planner.office.ground import Basemap

_CELL_METRES = 16_000.0
_ROADS = (
    (("tertiary",), 45.0, False, 1.0),
    (("secondary",), 110.0, False, 1.5),
    (("trunk", "primary"), 300.0, True, 1.4),
    (("motorway",), 5_000.0, True, 2.4),
)
"""Kinds of road from the least: metres a pixel under which they are drawn, whether major, width in pixels close by."""


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

    def __init__(self, base: Basemap | None = None) -> None:
        self._land = LineLayer(base.land if base else (), together=False)
        self._boundaries = LineLayer([each.ring for each in base.boundaries] if base else (), together=True)
        roads = base.roads if base else ()
        self._roads = [
            LineLayer([road.line for road in roads if road.kind in kinds], together=True) for kinds, *_ in _ROADS
        ]

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
        for layer, (_, below, major, wide) in zip(self._roads, _ROADS, strict=True):
            if metres_per_pixel < below:
                colour = colours.major_road if major else colours.minor_road
                self._stroke(painter, layer, view, level, _pen(colour, wide if metres_per_pixel < below / 3 else wide / 1.6))
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


@dataclass(frozen=True)
class Ground:
    """A base map ready to paint; making it uses no Qt object of the window, so it may be done on any thread."""

    painter: BasePainter
    labels: PlaceLabels
    attribution: str = ""

    @classmethod
    def of(cls, base: Basemap) -> Ground:
        """Land, roads and names as :func:`mosovo_planner.office.ground.base_map` reads them."""
        return cls(BasePainter(base), PlaceLabels(base.places), base.attribution)
