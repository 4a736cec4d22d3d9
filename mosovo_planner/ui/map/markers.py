"""The layer of offenders: shared pictures, clusters with counts where there are too many, and hits."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPen, QTransform

from mosovo_planner.ui.map.marks import Marker
from mosovo_planner.ui.map.palette import MapColours
from mosovo_planner.ui.map.projection import Points, to_scene
from mosovo_planner.ui.map.symbols import cluster_pixmap, marker_pixmap, stop_pixmap

MOST_MARKERS = 2_500
"""More markers than this in view are drawn as clusters."""
_CLUSTER_PIXELS = 48
_REACH = 11.0


@dataclass(frozen=True, slots=True)
class Cluster:
    """Markers that lie together on the screen: where (device pixels) and which (indices)."""

    x: float
    y: float
    members: NDArray[np.intp]


class MarkerLayer:
    """Markers in the order given; later ones lie on top."""

    def __init__(self, markers: Sequence[Marker] = ()) -> None:
        self.markers = tuple(markers)
        self.index = {marker.key: number for number, marker in enumerate(self.markers)}
        degrees = np.array([(marker.lon, marker.lat) for marker in self.markers], dtype=np.float64).reshape(-1, 2)
        self.scene: Points = to_scene(degrees)
        self.numbered = any(marker.number is not None for marker in self.markers)
        self._grouped: tuple[float, list[NDArray[np.intp]], Points] | None = None
        self.faint: frozenset[str] = frozenset()

    def spots(self, to_device: QTransform) -> Points:
        """Where each marker is in device pixels, shape (n, 2)."""
        return self.scene * (to_device.m11(), to_device.m22()) + (to_device.dx(), to_device.dy())

    def visible(self, spots: Points, size: tuple[float, float], margin: float = 20.0) -> NDArray[np.intp]:
        inside = (spots > -margin).all(axis=1) & (spots[:, 0] < size[0] + margin) & (spots[:, 1] < size[1] + margin)
        return np.flatnonzero(inside)

    def clusters(self, to_device: QTransform, size: tuple[float, float]) -> list[Cluster]:
        """Groups in view, by a grid that moves with the ground: they keep still, and are kept, while the map is panned."""
        members, middles = self._groups(to_device.m11())
        spots = middles * (to_device.m11(), to_device.m22()) + (to_device.dx(), to_device.dy())
        seen = self.visible(spots, size).tolist()
        places = spots.tolist()
        return [Cluster(places[group][0], places[group][1], members[group]) for group in seen]

    def _groups(self, scale: float) -> tuple[list[NDArray[np.intp]], Points]:
        """Members and middles (scene metres) of every group at a scale, worked out once a scale."""
        if self._grouped is None or self._grouped[0] != scale:
            cells = np.floor(self.scene * scale / _CLUSTER_PIXELS).astype(np.int64)
            _, group = np.unique(cells, axis=0, return_inverse=True)
            order = np.argsort(group.ravel(), kind="stable")
            starts = np.flatnonzero(np.diff(group.ravel()[order], prepend=-1))
            members = np.split(order, starts[1:])
            sums = np.add.reduceat(self.scene[order], starts, axis=0)
            middles = sums / np.diff(starts, append=len(order))[:, None]
            self._grouped = (scale, members, middles)
        return self._grouped[1], self._grouped[2]

    def paint(
        self, painter: QPainter, size: tuple[float, float], colours: MapColours, ratio: float, chosen: Collection[str]
    ) -> None:
        """Paint in device pixels over a window of ``size``; chosen markers come last, ringed."""
        if not self.markers:
            return
        to_device = painter.worldTransform()
        spots = self.spots(to_device)
        visible = self.visible(spots, size)
        painter.save()
        painter.resetTransform()
        if len(visible) > MOST_MARKERS:
            for cluster in self.clusters(to_device, size):
                self._paint_cluster(painter, cluster, colours, ratio)
        else:
            for index, at in zip(visible.tolist(), spots[visible].tolist(), strict=True):
                self._paint_marker(painter, index, at, colours, ratio)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for index in [self.index[key] for key in chosen if key in self.index]:
            at = spots[index].tolist()
            self._paint_ring(painter, index, at, colours)
            self._paint_marker(painter, index, at, colours, ratio)
        painter.restore()

    def _paint_marker(self, painter: QPainter, index: int, at: list[float], colours: MapColours, ratio: float) -> None:
        marker = self.markers[index]
        outline, faint = colours.outline.name(), marker.key in self.faint
        if marker.number is None:
            picture = marker_pixmap(marker.look, outline, ratio, faint)
        else:
            picture = stop_pixmap(marker.look, marker.number, outline, ratio, faint)
        half = picture.width() / ratio / 2
        painter.drawPixmap(QPointF(at[0] - half, at[1] - half), picture)

    def _paint_cluster(self, painter: QPainter, cluster: Cluster, colours: MapColours, ratio: float) -> None:
        count = len(cluster.members)
        if count == 1:
            self._paint_marker(painter, int(cluster.members[0]), [cluster.x, cluster.y], colours, ratio)
            return
        names = (colours.cluster.name(), colours.cluster_text.name(), colours.outline.name())
        picture = cluster_pixmap(count, *names, ratio)
        half = picture.width() / ratio / 2
        painter.drawPixmap(QPointF(cluster.x - half, cluster.y - half), picture)

    def _paint_ring(self, painter: QPainter, index: int, at: list[float], colours: MapColours) -> None:
        reach = 15.0 if self.markers[index].number is not None else 11.0
        for colour, width in ((colours.outline, 5.0), (colours.highlight, 2.4)):
            painter.setPen(QPen(colour, width))
            painter.drawEllipse(QPointF(at[0], at[1]), reach, reach)

    def hit(self, x: float, y: float, to_device: QTransform, size: tuple[float, float]) -> list[str]:
        """Keys of the markers at a device pixel, nearest first; every member where a cluster is hit."""
        if not self.markers:
            return []
        spots = self.spots(to_device)
        visible = self.visible(spots, size)
        if len(visible) > MOST_MARKERS:
            for cluster in self.clusters(to_device, size):
                if (cluster.x - x) ** 2 + (cluster.y - y) ** 2 <= 16.0**2:
                    return [self.markers[index].key for index in cluster.members]
            return []
        away = np.hypot(spots[:, 0] - x, spots[:, 1] - y)
        near = np.flatnonzero(away <= _REACH)
        return [self.markers[index].key for index in near[np.lexsort((-near, away[near].round()))]]

    def box(self, keys: Collection[str] | None = None) -> QRectF | None:
        """The scene rectangle that holds the markers named, or all; None where there are none."""
        points = self.scene if keys is None else self.scene[[self.index[key] for key in keys if key in self.index]]
        if not len(points):
            return None
        (west, north), (east, south) = points.min(axis=0), points.max(axis=0)
        return QRectF(west, north, east - west, south - north)
