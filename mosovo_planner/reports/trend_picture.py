"""A trend drawn as bars: grey for the months before, black for the last, the target as a dashed line.

Told apart by black and grey, height and place, so that it reads the same on a printer without colour.
"""

from __future__ import annotations

from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPen

from mosovo_planner.reports.markup import TREND_HEIGHT, TREND_WIDTH
from mosovo_planner.reports.paper import Trend

_SHARP = 5
"""Dots to a pixel of the page: 480 to the inch."""
_NAMES = 10.0
_BEFORE = QColor("#9aa2ab")


def trend_picture(trend: Trend, font: QFont) -> QImage:
    """The picture of a trend, ``TREND_WIDTH`` by ``TREND_HEIGHT`` page pixels large."""
    image = QImage(TREND_WIDTH * _SHARP, TREND_HEIGHT * _SHARP, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    try:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(_SHARP, _SHARP)
        _draw(trend, painter, font)
    finally:
        painter.end()
    return image


def _draw(trend: Trend, painter: QPainter, font: QFont) -> None:
    floor = TREND_HEIGHT - _NAMES - 1
    known = [value for value in (*trend.values, trend.target) if value is not None]
    top = max((*known, 0.0)) or 1.0
    step = TREND_WIDTH / max(1, len(trend.values))
    painter.setFont(font)
    for place, (value, name) in enumerate(zip(trend.values, trend.names, strict=True)):
        column = QRectF(place * step, 0, step, floor)
        painter.setPen(Qt.GlobalColor.black)
        painter.drawText(QRectF(column.left(), floor + 1, step, _NAMES), Qt.AlignmentFlag.AlignCenter, name)
        if value is not None:
            height = max(0.8, (floor - 2) * value / top)
            bar = QRectF(column.left() + step * 0.18, floor - height, step * 0.64, height)
            painter.fillRect(bar, Qt.GlobalColor.black if place == len(trend.values) - 1 else _BEFORE)
    painter.setPen(QPen(Qt.GlobalColor.black, 0.7))
    painter.drawLine(QLineF(0, floor, TREND_WIDTH, floor))
    if trend.target is not None:
        level = floor - (floor - 2) * trend.target / top
        painter.setPen(QPen(Qt.GlobalColor.black, 0.9, Qt.PenStyle.DashLine))
        painter.drawLine(QLineF(0, level, TREND_WIDTH, level))
