"""Lines over the ground: links from bases to offenders, and rounds as they are driven.

Wide antialiased lines are what costs a frame, so links are hair lines and rounds are only as wide as
their number allows.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
from PySide6.QtCore import QLineF, QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF, QTransform

from mosovo_planner.ui.map.marks import Link, RoundLine
from mosovo_planner.ui.map.palette import MapColours
from mosovo_planner.ui.map.projection import Points, to_scene

_MANY_ROUNDS = 12
_MANY_LINKS = 400
_HIT_PIXELS = 6.0


class LinkLayer:
    """Hair lines, painted by colour."""

    def __init__(self, links: Sequence[Link] = ()) -> None:
        groups: dict[tuple[str, bool], list[QLineF]] = {}
        degrees = np.array([(*link.start, *link.end) for link in links], dtype=np.float64).reshape(-1, 2, 2)
        scene = to_scene(degrees[:, :, ::-1].reshape(-1, 2)).reshape(-1, 4)
        for link, (x1, y1, x2, y2) in zip(links, scene.tolist(), strict=True):
            groups.setdefault((link.colour, link.faint), []).append(QLineF(x1, y1, x2, y2))
        self._groups = groups

    def paint(self, painter: QPainter) -> None:
        count = sum(map(len, self._groups.values()))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, count < 4_000)
        for (name, faint), lines in self._groups.items():
            colour = QColor(name)
            colour.setAlpha(60 if faint else 150 if count < _MANY_LINKS else 80)
            pen = QPen(colour, 1.0, Qt.PenStyle.DashLine if faint else Qt.PenStyle.SolidLine)
            pen.setCosmetic(True)
            painter.setPen(pen)
            painter.drawLines(lines)


class RoundLayer:
    """Rounds as lines from base to base; the chosen one stands out, the others step back."""

    def __init__(self, rounds: Sequence[RoundLine] = ()) -> None:
        self.rounds = tuple(rounds)
        self._scene: list[Points] = [to_scene(np.array([(lon, lat) for lat, lon in line.points])) for line in rounds]

    def paint(self, painter: QPainter, colours: MapColours, chosen: Collection[str]) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        many = len(self.rounds) > _MANY_ROUNDS
        for stand_out in (False, True):
            for line, points in zip(self.rounds, self._scene, strict=True):
                if (line.key in chosen) is not stand_out:
                    continue
                colour = QColor(line.colour)
                shape = QPolygonF([QPointF(x, y) for x, y in points.tolist()])
                if stand_out:
                    _stroke(painter, shape, colours.halo, 6.0)
                elif chosen:
                    colour.setAlpha(110)
                _stroke(painter, shape, colour, 3.2 if stand_out else 1.2 if many or chosen else 2.2)

    def hit(self, x: float, y: float, to_device: QTransform) -> str | None:
        """The round whose line passes within some pixels of a device pixel, or None."""
        best, found = _HIT_PIXELS, None
        for line, points in zip(self.rounds, self._scene, strict=True):
            spots = points * (to_device.m11(), to_device.m22()) + (to_device.dx(), to_device.dy())
            away = _distance_to_line(np.array([x, y]), spots)
            if away < best:
                best, found = away, line.key
        return found


def _stroke(painter: QPainter, shape: QPolygonF, colour: QColor, width: float) -> None:
    pen = QPen(colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
    pen.setCosmetic(True)
    painter.setPen(pen)
    painter.drawPolyline(shape)


def _distance_to_line(point: Points, line: Points) -> float:
    if len(line) < 2:
        return float("inf")
    starts, along = line[:-1], np.diff(line, axis=0)
    length = np.maximum((along**2).sum(axis=1), 1e-9)
    share = np.clip(((point - starts) * along).sum(axis=1) / length, 0, 1)
    return float(np.hypot(*(starts + share[:, None] * along - point).T).min())
