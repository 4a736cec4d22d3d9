"""Pictures of markers, painted once and shared: ten thousand markers cost a frame, not a second."""

from __future__ import annotations

import math
from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QIcon, QPainter, QPainterPath, QPen, QPixmap, QPolygonF

from mosovo_planner.ui.map.marks import Look, Shape

MARKER_SIZE = 13
STOP_SIZE = 21


def shape_path(shape: Shape, radius: float) -> QPainterPath:
    """The outline of a shape around the origin."""
    path = QPainterPath()
    if shape is Shape.CIRCLE:
        path.addEllipse(QPointF(), radius * 0.92, radius * 0.92)
    elif shape is Shape.SQUARE:
        side = radius * 0.82
        path.addRect(QRectF(-side, -side, 2 * side, 2 * side))
    elif shape is Shape.PLUS:
        arm, half = radius, radius * 0.38
        path.addRect(QRectF(-arm, -half, 2 * arm, 2 * half))
        upright = QPainterPath()
        upright.addRect(QRectF(-half, -arm, 2 * half, 2 * arm))
        path = path.united(upright)
    else:
        path.addPolygon(QPolygonF([QPointF(x * radius, y * radius) for x, y in _CORNERS[shape]]))
        path.closeSubpath()
    return path


def _star() -> list[tuple[float, float]]:
    corners = []
    for step in range(10):
        reach = 1.12 if step % 2 == 0 else 0.5
        angle = math.pi * (step / 5 - 0.5)
        corners.append((reach * math.cos(angle), reach * math.sin(angle)))
    return corners


_CORNERS: dict[Shape, list[tuple[float, float]]] = {
    Shape.TRIANGLE: [(0, -1.05), (1.02, 0.8), (-1.02, 0.8)],
    Shape.WEDGE: [(0, 1.05), (1.02, -0.8), (-1.02, -0.8)],
    Shape.DIAMOND: [(0, -1.1), (1.1, 0), (0, 1.1), (-1.1, 0)],
    Shape.STAR: _star(),
}


@lru_cache(maxsize=1024)
def marker_pixmap(look: Look, outline: str, ratio: float, faint: bool = False) -> QPixmap:
    """The picture of one manager's offenders; ``ratio`` is the screen's device pixel ratio."""
    pixmap, painter = _canvas(MARKER_SIZE + 4, ratio)
    painter.setOpacity(0.35 if faint else 1.0)
    _draw_shape(painter, look, outline, MARKER_SIZE / 2 - 1)
    painter.end()
    return pixmap


@lru_cache(maxsize=2048)
def stop_pixmap(look: Look, number: int, outline: str, ratio: float, faint: bool = False) -> QPixmap:
    """A stop of a round: the number in a disc of the round's colour."""
    pixmap, painter = _canvas(STOP_SIZE + 4, ratio)
    painter.setOpacity(0.4 if faint else 1.0)
    _draw_shape(painter, Look(look.colour, Shape.CIRCLE), outline, STOP_SIZE / 2)
    painter.setPen(QColor("white"))
    painter.setFont(_bold(11))
    half = STOP_SIZE / 2
    painter.drawText(QRectF(-half, -half, STOP_SIZE, STOP_SIZE), Qt.AlignmentFlag.AlignCenter, str(number))
    painter.end()
    return pixmap


@lru_cache(maxsize=256)
def cluster_pixmap(count: int, fill: str, text: str, outline: str, ratio: float) -> QPixmap:
    """Many markers as one disc with their number."""
    size = round(22 + 6 * min(3.0, math.log10(max(1, count))))
    pixmap, painter = _canvas(size + 4, ratio)
    painter.setPen(QPen(QColor(outline), 1.5))
    painter.setBrush(QColor(fill))
    painter.drawEllipse(QPointF(), size / 2, size / 2)
    painter.setPen(QColor(text))
    painter.setFont(_bold(11 if count < 1000 else 10))
    painter.drawText(QRectF(-size / 2, -size / 2, size, size), Qt.AlignmentFlag.AlignCenter, str(count))
    painter.end()
    return pixmap


@lru_cache(maxsize=16)
def base_pixmap(fill: str, outline: str, ratio: float) -> QPixmap:
    """A police base: a house in the colour of text."""
    pixmap, painter = _canvas(20, ratio)
    painter.setPen(QPen(QColor(outline), 1.4))
    painter.setBrush(QColor(fill))
    outline_of_house = [(-7, 7), (-7, -1), (0, -8), (7, -1), (7, 7)]
    painter.drawPolygon(QPolygonF([QPointF(x, y) for x, y in outline_of_house]))
    painter.end()
    return pixmap


def look_icon(look: Look, outline: str = "#808080") -> QIcon:
    """The same sign for lists and menus, so that the list is the map's legend."""
    return QIcon(marker_pixmap(look, outline, 2.0))


def _canvas(size: int, ratio: float) -> tuple[QPixmap, QPainter]:
    pixmap = QPixmap(math.ceil(size * ratio), math.ceil(size * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(size / 2, size / 2)
    return pixmap, painter


def _draw_shape(painter: QPainter, look: Look, outline: str, radius: float) -> None:
    painter.setPen(QPen(QColor(outline), 1.2))
    painter.setBrush(QBrush(QColor(look.colour)))
    painter.drawPath(shape_path(look.shape, radius))


def _bold(pixels: int) -> QFont:
    font = QFont()
    font.setPixelSize(pixels)
    font.setBold(True)
    return font
