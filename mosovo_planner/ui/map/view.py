"""The map widget: layers over a base map, moved by mouse or keyboard, that tells what was chosen."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from html import escape

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QResizeEvent, QTransform, QWheelEvent
from PySide6.QtWidgets import QFrame, QGraphicsScene, QGraphicsView, QToolTip, QWidget

from mosovo_planner.ui.map.base import BasePainter, Ground
from mosovo_planner.ui.map.furniture import BaseLayer, paint_attribution, paint_cross, paint_scale_bar
from mosovo_planner.ui.map.labels import PlaceLabels
from mosovo_planner.ui.map.lines import LinkLayer, RoundLayer
from mosovo_planner.ui.map.markers import MarkerLayer
from mosovo_planner.ui.map.marks import BaseMark, Link, Marker, RoundLine
from mosovo_planner.ui.map.palette import colours_for
from mosovo_planner.ui.map.projection import from_scene, scene_point

_CLOSEST, _FARTHEST = 0.5, 4_000.0
_STEP = 1.25
_WORLD = QRectF(-2.1e7, -2.1e7, 4.2e7, 4.2e7)
_HOME = QRectF(-650_000, -8_000_000, 850_000, 1_600_000)
"""Great Britain, shown while there is nothing else to fit."""
_SMALLEST_FIT = 2_000.0
_FRAME, _FOOT = 16, 38
"""Pixels kept free around what is fitted: for markers, and at the foot for names, scale bar and attribution."""


class MapView(QGraphicsView):
    """Markers, bases, links and rounds over land, roads and names.

    Arrow keys pan, ``+`` and ``-`` zoom, Home shows everything. With :meth:`set_placing` the next click
    gives a position instead of choosing, and so does Enter for the spot under the cross in the middle.
    """

    marker_chosen = Signal(str)
    round_chosen = Signal(str)
    nothing_chosen = Signal()
    place_chosen = Signal(float, float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setScene(QGraphicsScene(_WORLD, self))
        self._ground = Ground(BasePainter(), PlaceLabels())
        self._markers, self._links, self._rounds = MarkerLayer(), LinkLayer(), RoundLayer()
        self._bases = BaseLayer()
        self._chosen: frozenset[str] = frozenset()
        self._chosen_rounds: frozenset[str] = frozenset()
        self._pressed: QPoint | None = None
        self._placing = self._fitted = self._whole = False
        self._set_up()

    def _set_up(self) -> None:
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setResizeAnchor(QGraphicsView.ViewportAnchor.AnchorViewCenter)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.FullViewportUpdate)
        self.setCacheMode(QGraphicsView.CacheModeFlag.CacheBackground)
        self.setDragMode(QGraphicsView.DragMode.ScrollHandDrag)
        self.viewport().setMouseTracking(True)
        self.viewport().setCursor(Qt.CursorShape.ArrowCursor)
        self.setMinimumSize(240, 180)
        self.setAccessibleName(self.tr("Map"))
        self.setAccessibleDescription(self.tr("A picture of what the tables beside it list and can do."))
        self._show(_HOME)

    # What is shown

    def set_ground(self, ground: Ground) -> None:
        """Show land, roads and names behind everything else."""
        self._ground = ground
        self._repaint_all()

    def set_markers(self, markers: Sequence[Marker]) -> None:
        self._markers = MarkerLayer(markers)
        if not self._fitted and markers:
            self.fit()
        self.viewport().update()

    def set_faint(self, keys: Iterable[str]) -> None:
        """Let these markers step back."""
        self._markers.faint = frozenset(keys)
        self.viewport().update()

    def set_bases(self, bases: Sequence[BaseMark]) -> None:
        self._bases = BaseLayer(bases)
        self.viewport().update()

    def set_links(self, links: Sequence[Link]) -> None:
        self._links = LinkLayer(links)
        self.viewport().update()

    def set_rounds(self, rounds: Sequence[RoundLine]) -> None:
        self._rounds = RoundLayer(rounds)
        self.viewport().update()

    def choose(self, markers: Collection[str], rounds: Collection[str] = (), *, show: bool = False) -> None:
        """Highlight markers and rounds; with ``show``, bring them into view where they are not."""
        self._chosen, self._chosen_rounds = frozenset(markers), frozenset(rounds)
        box = self._markers.box(self._chosen) if show else None
        if box is not None and not self._scene_window().contains(box.center()):
            self.centerOn(box.center())
            self._whole = False
        self.viewport().update()

    @property
    def shows_whole(self) -> bool:
        """Whether everything was fitted and nobody moved the map since."""
        return self._whole

    @property
    def chosen(self) -> frozenset[str]:
        return self._chosen

    @property
    def chosen_rounds(self) -> frozenset[str]:
        return self._chosen_rounds

    def set_placing(self, on: bool) -> None:
        """Whether the next click gives a position (:attr:`place_chosen`) instead of choosing."""
        self._placing = on
        self.viewport().update()
        self.viewport().setCursor(Qt.CursorShape.CrossCursor if on else Qt.CursorShape.ArrowCursor)

    # Moving about

    def fit(self, keys: Collection[str] | None = None) -> None:
        """Show the markers named, or all markers and bases."""
        box = self._markers.box(keys)
        bases = self._bases.box() if keys is None else None
        if bases is not None:
            box = bases if box is None else _united(box, bases)
        if box is None:
            return
        room = max(_SMALLEST_FIT, 0.03 * max(box.width(), box.height()))
        self._show(box.adjusted(-room, -room, room, room))
        self._fitted, self._whole = True, keys is None

    def zoom_in(self) -> None:
        self._zoom(_STEP, QPointF(self.viewport().rect().center()))

    def zoom_out(self) -> None:
        self._zoom(1 / _STEP, QPointF(self.viewport().rect().center()))

    def metres_per_pixel(self) -> float:
        """Scene metres that one pixel stands for."""
        return 1 / self.transform().m11()

    def spot(self, lat: float, lon: float) -> QPoint:
        """The pixel of the viewport where a position lies."""
        return self.mapFromScene(QPointF(*scene_point(lat, lon)))

    def _show(self, box: QRectF) -> None:
        window = self.viewport().rect()
        across, down = window.width() - 2 * _FRAME, window.height() - _FRAME - _FOOT
        scale = min(max(40, across) / max(1.0, box.width()), max(40, down) / max(1.0, box.height()))
        scale = min(1 / _CLOSEST, max(1 / _FARTHEST, scale))
        self.setTransform(QTransform.fromScale(scale, scale))
        self.centerOn(box.center() + QPointF(0, (_FOOT - _FRAME) / 2 / scale))

    def _zoom(self, factor: float, anchor: QPointF) -> None:
        scale = self.transform().m11()
        wanted = min(1 / _CLOSEST, max(1 / _FARTHEST, scale * factor))
        if wanted == scale:
            return
        self._whole = False
        held = self.viewportTransform().inverted()[0].map(anchor)
        middle = QPointF(self.viewport().rect().center())
        self.setTransform(QTransform.fromScale(wanted, wanted))
        self.centerOn(held + (middle - anchor) / wanted)

    def _scene_window(self) -> QRectF:
        return self.mapToScene(self.viewport().rect()).boundingRect()

    def _repaint_all(self) -> None:
        self.resetCachedContent()
        self.viewport().update()

    # Painting

    def drawBackground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        self._ground.painter.paint(painter, QRectF(rect), self.metres_per_pixel(), colours_for(self.palette()))

    def drawForeground(self, painter: QPainter, _rect: QRectF | QRect) -> None:
        colours, ratio = colours_for(self.palette()), self.devicePixelRatioF()
        window = self.viewport().rect()
        size = (float(window.width()), float(window.height()))
        self._links.paint(painter, size)
        self._rounds.paint(painter, colours, self._chosen_rounds)
        base_labels = self._bases.labels(painter.worldTransform(), colours, ratio)
        self._ground.labels.paint(painter, size, colours, ratio, [box for box, _ in base_labels])
        if self._markers.numbered:
            self._bases.paint(painter, base_labels, colours, ratio)
        self._markers.paint(painter, size, colours, ratio, self._chosen)
        if not self._markers.numbered:
            self._bases.paint(painter, base_labels, colours, ratio)
        painter.save()
        painter.resetTransform()
        middle = self._scene_window().center().y()
        paint_scale_bar(painter, window, self.metres_per_pixel(), middle, colours)
        if self._placing:
            paint_cross(painter, window, colours)
        paint_attribution(painter, window, self._ground.attribution, colours)
        painter.restore()

    # Keyboard and mouse

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom_in()
        elif key in (Qt.Key.Key_Minus, Qt.Key.Key_Underscore):
            self.zoom_out()
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_0):
            self.fit()
        elif self._placing and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._click(QPointF(self.viewport().rect().center()))
        elif key in _PAN:
            across, down = _PAN[key]
            self._whole = False
            horizontal, vertical = self.horizontalScrollBar(), self.verticalScrollBar()
            horizontal.setValue(horizontal.value() + across * self.viewport().width() // 8)
            vertical.setValue(vertical.value() + down * self.viewport().height() // 8)
        else:
            event.ignore()
            return
        event.accept()

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._zoom(1.0016 ** event.angleDelta().y(), event.position())
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self._pressed = event.position().toPoint()
            self._whole = False
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        if not event.buttons() and not self._placing:
            hit = self._hits(event.position())
            self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if hit else Qt.CursorShape.ArrowCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        pressed, self._pressed = self._pressed, None
        self.set_placing(self._placing)
        if event.button() is not Qt.MouseButton.LeftButton or pressed is None:
            return
        if (event.position().toPoint() - pressed).manhattanLength() < 5:
            self._click(event.position())

    def _click(self, at: QPointF) -> None:
        if self._placing:
            where = self.viewportTransform().inverted()[0].map(at)
            self.place_chosen.emit(*from_scene(where.x(), where.y()))
            return
        hits = self._hits(at)
        line = None if hits else self._rounds.hit(at.x(), at.y(), self.viewportTransform())
        if len(hits) > 1 and self._spread(hits):
            self._zoom(2.0, at)
        elif hits:
            self.marker_chosen.emit(self._after_chosen(hits))
        elif line is not None:
            self.round_chosen.emit(line)
        else:
            self.nothing_chosen.emit()

    def _after_chosen(self, hits: list[str]) -> str:
        """The next of several markers at one spot, so that repeated clicks reach each of them."""
        for number, key in enumerate(hits):
            if key in self._chosen:
                return hits[(number + 1) % len(hits)]
        return hits[0]

    def _spread(self, hits: list[str]) -> bool:
        """Whether markers that were hit together lie apart on the ground, as in a cluster."""
        box = self._markers.box(hits)
        pixels = 22 * self.metres_per_pixel()
        return box is not None and max(box.width(), box.height()) > pixels and self.metres_per_pixel() > _CLOSEST

    def _hits(self, at: QPointF) -> list[str]:
        window = self.viewport().rect()
        return self._markers.hit(at.x(), at.y(), self.viewportTransform(), (window.width(), window.height()))

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            text = self.tip_at(event.pos())
            if text:
                QToolTip.showText(event.globalPos(), text, self.viewport())
            else:
                QToolTip.hideText()
            return True
        return super().viewportEvent(event)

    def tip_at(self, at: QPoint) -> str:
        """What hovering says, as escaped text: the markers at a pixel, or their number where they are many."""
        hits = self._hits(QPointF(at))
        if len(hits) > 8:
            return escape(self.tr("%n offenders here; zoom in or click", "", len(hits)))
        tips = [self._markers.markers[self._markers.index[key]].tip for key in hits]
        return "<br>".join(escape(tip) for tip in tips)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange) and hasattr(self, "_ground"):
            self._repaint_all()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._whole:
            self.fit()
        elif not self._fitted:
            self._show(_HOME)


_PAN = {
    int(Qt.Key.Key_Left): (-1, 0),
    int(Qt.Key.Key_Right): (1, 0),
    int(Qt.Key.Key_Up): (0, -1),
    int(Qt.Key.Key_Down): (0, 1),
}


def _united(box: QRectF, other: QRectF) -> QRectF:
    """The rectangle around both; Qt's own union leaves out empty rectangles."""
    left, top = min(box.left(), other.left()), min(box.top(), other.top())
    right, bottom = max(box.right(), other.right()), max(box.bottom(), other.bottom())
    return QRectF(left, top, right - left, bottom - top)
