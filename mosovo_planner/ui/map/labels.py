"""Names of places: the larger first, and none over another."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen, QPixmap

from mosovo_planner.ui.map.palette import MapColours
from mosovo_planner.ui.map.projection import Points, to_scene

_MOST_LABELS = 60
_GAP = 8.0


class PlaceLabels:
    """Chooses and paints the names that fit."""

    def __init__(self, places: Sequence[tuple[str, float, float, int]] = ()) -> None:
        ranked = sorted(places, key=lambda place: -place[3])
        self.names = [place[0] for place in ranked]
        self.populations = np.array([place[3] for place in ranked])
        self._scene: Points = to_scene(np.array([(place[2], place[1]) for place in ranked], dtype=np.float64).reshape(-1, 2))
        self._pictures: dict[tuple[str, int, bool, float], QPixmap] = {}

    def paint(
        self, painter: QPainter, size: tuple[float, float], colours: MapColours, ratio: float, taken: Iterable[QRectF] = ()
    ) -> list[str]:
        """Paint in device pixels over a window of ``size``, not over what is ``taken``; tell which names were painted.

        ``painter`` carries the scene's transform when called and again after.
        """
        if not self.names:
            return []
        to_device = painter.worldTransform()
        spots = self._scene * (to_device.m11(), to_device.m22()) + (to_device.dx(), to_device.dy())
        width, height = size
        inside = (spots[:, 0] > 0) & (spots[:, 0] < width) & (spots[:, 1] > 0) & (spots[:, 1] < height)
        inside &= self.populations >= least_population(abs(to_device.m11()))
        boxes = list(taken)
        painted: list[str] = []
        painter.save()
        painter.resetTransform()
        for index in np.flatnonzero(inside):
            if len(painted) >= _MOST_LABELS:
                break
            picture = self._picture(self.names[index], _text_size(int(self.populations[index])), colours, ratio)
            x, y = spots[index]
            box = QRectF(x - picture.width() / ratio / 2, y - picture.height() / ratio / 2,
                         picture.width() / ratio, picture.height() / ratio)  # fmt: skip
            if any(box.intersects(other) for other in boxes):
                continue
            boxes.append(box.adjusted(-_GAP, -_GAP, _GAP, _GAP))
            painter.drawPixmap(box.topLeft(), picture)
            painted.append(self.names[index])
        painter.restore()
        return painted

    def _picture(self, name: str, pixels: int, colours: MapColours, ratio: float) -> QPixmap:
        key = (name, pixels, colours.dark, ratio)
        if key not in self._pictures:
            self._pictures[key] = text_picture(name, pixels, colours.place, colours.halo, ratio)
        return self._pictures[key]


def least_population(pixels_per_metre: float) -> int:
    """The smallest place worth a name at a scale: villages close by, cities from afar."""
    metres_per_pixel = 1 / pixels_per_metre
    for upper, population in ((30, 0), (60, 1_500), (120, 5_000), (250, 15_000), (600, 60_000)):
        if metres_per_pixel < upper:
            return population
    return 200_000


def text_picture(text: str, pixels: int, colour: QColor, halo: QColor, ratio: float, *, bold: bool = False) -> QPixmap:
    """Text with a halo that keeps it readable on anything."""
    font = QFont()
    font.setPixelSize(pixels)
    font.setBold(bold)
    metrics = QFontMetricsF(font)
    width, height = metrics.horizontalAdvance(text) + 6, metrics.height() + 4
    picture = QPixmap(round(width * ratio), round(height * ratio))
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    path = QPainterPath()
    path.addText(QPointF(3, metrics.ascent() + 2), font, text)
    painter.strokePath(path, QPen(halo, 3.0, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
    painter.fillPath(path, colour)
    painter.end()
    return picture


def _text_size(population: int) -> int:
    return 14 if population >= 75_000 else 12 if population >= 12_000 else 11
