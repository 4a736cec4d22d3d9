"""What stands over the map: bases, scale bar, attribution."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from PySide6.QtCore import QLineF, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QPixmap, QTransform

from mosovo_planner.ui.map.labels import text_picture
from mosovo_planner.ui.map.marks import BaseMark
from mosovo_planner.ui.map.palette import MapColours
from mosovo_planner.ui.map.projection import ground_metres, scene_point
from mosovo_planner.ui.map.symbols import base_pixmap

_BAR_PIXELS = 120
_MARGIN = 8


class BaseLayer:
    """Houses with the names of the bases under them; names that would lie on another's are left out."""

    def __init__(self, bases: Sequence[BaseMark] = ()) -> None:
        self.bases = tuple(bases)
        self._spots = [QPointF(*scene_point(base.lat, base.lon)) for base in bases]

    def box(self) -> QRectF | None:
        """The scene rectangle that holds all bases."""
        if not self._spots:
            return None
        across, down = [spot.x() for spot in self._spots], [spot.y() for spot in self._spots]
        return QRectF(QPointF(min(across), min(down)), QPointF(max(across), max(down)))

    def labels(self, to_device: QTransform, colours: MapColours, ratio: float) -> list[tuple[QRectF, QPixmap]]:
        """Where each name goes, in device pixels, and its picture."""
        placed: list[tuple[QRectF, QPixmap]] = []
        for base, scene in zip(self.bases, self._spots, strict=True):
            spot = to_device.map(scene)
            label = _base_label(base.label, colours.base.name(), colours.halo.name(), ratio)
            wide, high = label.width() / ratio, label.height() / ratio
            box = QRectF(spot.x() - wide / 2, spot.y() + 8, wide, high)
            if not any(box.intersects(other) for other, _ in placed):
                placed.append((box, label))
        return placed

    def paint(self, painter: QPainter, labels: Sequence[tuple[QRectF, QPixmap]], colours: MapColours, ratio: float) -> None:
        to_device = painter.worldTransform()
        painter.save()
        painter.resetTransform()
        house = base_pixmap(colours.base.name(), colours.outline.name(), ratio)
        half = house.width() / ratio / 2
        for spot in self._spots:
            painter.drawPixmap(to_device.map(spot) - QPointF(half, half), house)
        for box, label in labels:
            painter.drawPixmap(box.topLeft(), label)
        painter.restore()


@lru_cache(maxsize=256)
def _base_label(text: str, colour: str, halo: str, ratio: float) -> QPixmap:
    return text_picture(text, 11, QColor(colour), QColor(halo), ratio, bold=True)


def scale_bar(metres_per_pixel: float, scene_y: float) -> tuple[float, str]:
    """Width in pixels and text of a bar of a round length, at most some 120 pixels wide."""
    ground = metres_per_pixel * ground_metres(scene_y)
    longest = ground * _BAR_PIXELS
    length = 1.0
    while length * 10 <= longest:
        length *= 10
    length *= 5 if length * 5 <= longest else 2 if length * 2 <= longest else 1
    return length / ground, f"{length / 1000:g} km" if length >= 1000 else f"{length:g} m"


def paint_scale_bar(
    painter: QPainter, window: QRect, metres_per_pixel: float, scene_y: float, colours: MapColours
) -> None:
    """The bar in the lower left corner, in device pixels."""
    width, text = scale_bar(metres_per_pixel, scene_y)
    font = _small_font()
    painter.setFont(font)
    high = QFontMetricsF(font).height()
    left, bottom = window.left() + _MARGIN + 4, window.bottom() - _MARGIN
    painter.fillRect(QRectF(left - 5, bottom - high - 8, width + 10, high + 12), colours.panel)
    painter.setPen(colours.place)
    painter.drawText(QRectF(left, bottom - high - 6, width, high), Qt.AlignmentFlag.AlignCenter, text)
    painter.setPen(QPen(colours.place, 1.5))
    painter.drawLines([
        QLineF(left, bottom, left + width, bottom),
        QLineF(left, bottom - 4, left, bottom),
        QLineF(left + width, bottom - 4, left + width, bottom),
    ])  # fmt: skip


def paint_attribution(painter: QPainter, window: QRect, text: str, colours: MapColours) -> None:
    """Where the map comes from, in the lower right corner, as its licences ask; broken into lines where long."""
    if not text:
        return
    font = _small_font()
    painter.setFont(font)
    flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom | Qt.TextFlag.TextWordWrap
    room = QRectF(window.left(), window.top(), window.width() * 0.62, 60)
    box = QFontMetricsF(font).boundingRect(room, flags, text)
    box = QRectF(window.right() - box.width() - 9, window.bottom() - box.height() - 5, box.width() + 10, box.height() + 6)
    painter.fillRect(box, colours.panel)
    painter.setPen(colours.place)
    painter.drawText(box.adjusted(5, 3, -5, -3), flags, text)


def paint_cross(painter: QPainter, window: QRect, colours: MapColours) -> None:
    """A cross in the middle, for placing by keyboard."""
    middle = QPointF(window.center())
    for colour, width in ((colours.halo, 5.0), (colours.highlight, 2.0)):
        painter.setPen(QPen(colour, width))
        for across, down in ((1, 0), (-1, 0), (0, 1), (0, -1)):
            way = QPointF(across, down)
            painter.drawLine(middle + way * 5.0, middle + way * 16.0)


def _small_font() -> QFont:
    font = QFont()
    font.setPixelSize(10)
    return font
