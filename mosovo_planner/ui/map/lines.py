"""Lines over the ground: links from bases to offenders, and rounds as they are driven.

Wide antialiased lines are what costs a frame, so links are hair lines and rounds are only as wide as
their number allows.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF, QTransform

from mosovo_planner.ui.map.markers import MOST_MARKERS
from mosovo_planner.ui.map.marks import Link, RoundLine
from mosovo_planner.ui.map.palette import MapColours
from mosovo_planner.ui.map.projection import Points, to_scene

_MANY_ROUNDS = 12
_MANY_LINKS = 400
_HIT_PIXELS = 6.0


class LinkLayer:
    """Hair lines, painted by colour; none where more are in view than an eye can follow (the markers are clusters then)."""

    def __init__(self, links: Sequence[Link] = ()) -> None:
        degrees = np.array([(*link.start, *link.end) for link in links], dtype=np.float64).reshape(-1, 2, 2)
        self._scene = to_scene(degrees[:, :, ::-1].reshape(-1, 2)).reshape(-1, 2, 2)
        groups: dict[tuple[str, bool], list[int]] = {}
        for place, link in enumerate(links):
            groups.setdefault((link.colour, link.faint), []).append(place)
        self._groups = {look: np.array(places) for look, places in groups.items()}

    def paint(self, painter: QPainter, size: tuple[float, float]) -> None:
        """Paint those of which something may be seen in a window of ``size`` device pixels."""
        seen = self._in_view(painter.worldTransform(), size)
        count = int(seen.sum())
        if count > MOST_MARKERS:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for (name, faint), places in self._groups.items():
            colour = QColor(name)
            colour.setAlpha(60 if faint else 150 if count < _MANY_LINKS else 80)
            pen = QPen(colour, 1.0, Qt.PenStyle.DashLine if faint else Qt.PenStyle.SolidLine)
            pen.setCosmetic(True)
            painter.setPen(pen)
            painter.drawLines([QLineF(*ends) for ends in self._scene[places[seen[places]]].reshape(-1, 4).tolist()])

    def _in_view(self, to_device: QTransform, size: tuple[float, float]) -> NDArray[np.bool_]:
        spots = self._scene * (to_device.m11(), to_device.m22()) + (to_device.dx(), to_device.dy())
        inside: NDArray[np.bool_] = (spots.max(axis=1) >= 0).all(axis=1) & (spots.min(axis=1) <= size).all(axis=1)
        return inside


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
