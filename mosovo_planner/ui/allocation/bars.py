"""Workload bars: before and after against capacity, one manager a row; choosing one filters the view.

A list with painted rows, so that keyboard and screen reader have what the eye has.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from mosovo_planner.ui.allocation.figures import ManagerLine, per_cent
from mosovo_planner.ui.map.marks import Look
from mosovo_planner.ui.map.palette import NOBODY
from mosovo_planner.ui.map.symbols import marker_pixmap
from mosovo_planner.ui.theme import tokens
from mosovo_planner.ui.widgets import plain_tip

Index = QModelIndex | QPersistentModelIndex

_ROW_PIXELS = 30


class _Lines(QAbstractListModel):
    """The managers' lines."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.lines: list[ManagerLine] = []
        self.looks: Mapping[str, Look] = {}

    def set_lines(self, lines: Sequence[ManagerLine], looks: Mapping[str, Look]) -> None:
        self.beginResetModel()
        self.lines, self.looks = list(lines), looks
        self.endResetModel()

    @property
    def most(self) -> float:
        """The largest share of capacity that a bar must show, at least a little over the whole."""
        shares = [max(line.before, line.after or 0) / line.capacity for line in self.lines if line.capacity > 0]
        return max(1.15, min(2.0, max(shares, default=1.0)))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.lines)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        line = self.lines[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return line.words
        return plain_tip(f"{line.words}. Base: {line.base or 'not known'}.") if role == Qt.ItemDataRole.ToolTipRole else None


class _BarPainter(QStyledItemDelegate):
    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(200, _ROW_PIXELS)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        lines = index.model()
        if not isinstance(lines, _Lines):
            return
        line = lines.lines[index.row()]
        cell = QStyleOptionViewItem(option)
        self.initStyleOption(cell, index)
        area, state = QRectF(cell.rect), cell.state
        look = tokens()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(area, QColor(look.selection))
        sign = marker_pixmap(lines.looks.get(line.id, NOBODY), look.base, cell.widget.devicePixelRatioF())
        painter.drawPixmap(QPointF(area.left() + 4, area.center().y() - 8), sign)
        named = QRectF(area.left() + 24, area.top(), min(150.0, area.width() * 0.36), area.height())
        words = QRectF(area.right() - 92, area.top(), 88, area.height())
        painter.setPen(QColor(look.selection_text if state & QStyle.StateFlag.State_Selected else look.text))
        name = painter.fontMetrics().elidedText(line.label, Qt.TextElideMode.ElideRight, int(named.width()))
        painter.drawText(named, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, name)
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, short_words(line))
        bars = QRectF(named.right() + 8, area.top() + 5, max(20.0, words.left() - named.right() - 16), area.height() - 10)
        _paint_bars(painter, bars, line, lines.most)
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(QColor(look.accent), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(area.adjusted(0.5, 0.5, -1, -1))
        painter.restore()


def short_words(line: ManagerLine) -> str:
    before = per_cent(line.before, line.capacity)
    return before if line.after is None else f"{before} → {per_cent(line.after, line.capacity)}"


def _paint_bars(painter: QPainter, area: QRectF, line: ManagerLine, most: float) -> None:
    look = tokens()
    painter.setPen(Qt.PenStyle.NoPen)
    if line.capacity > 0:
        high = area.height() / 2 - 1
        upper = QRectF(area.left(), area.top(), area.width() * min(1.0, line.before / line.capacity / most), high)
        lower = QRectF(area.left(), area.top() + high + 2, 0, high)
        painter.setBrush(QColor(look.frame))
        painter.drawRect(upper)
        if line.after is not None:
            over = line.after > line.capacity * 1.005
            lower.setWidth(area.width() * min(1.0, line.after / line.capacity / most))
            painter.setBrush(QColor("#c8322a" if over else look.accent))
            painter.drawRect(lower)
        limit = area.left() + area.width() / most
        painter.setPen(QPen(QColor(look.text), 1.5))
        painter.drawLine(QPointF(limit, area.top() - 2), QPointF(limit, area.bottom() + 2))
    else:
        painter.setPen(QColor(look.muted))
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, "no hours for the caseload")


class WorkloadBars(QListView):
    """Emits :attr:`manager_chosen` with a manager's id, or an empty text when the choice is lifted."""

    manager_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines = _Lines(self)
        self.setModel(self._lines)
        self.setItemDelegate(_BarPainter(self))
        self.setUniformItemSizes(True)
        self.setAccessibleName("Workload of each manager, before and after")
        self.setMinimumWidth(260)
        self.selectionModel().selectionChanged.connect(lambda *_: self.manager_chosen.emit(self.manager))

    @property
    def manager(self) -> str:
        """The id of the manager chosen, empty where none is."""
        chosen = self.selectionModel().selectedIndexes()
        return self._lines.lines[chosen[0].row()].id if chosen else ""

    def set_lines(self, lines: Sequence[ManagerLine], looks: Mapping[str, Look]) -> None:
        """New figures; the manager chosen stays chosen."""
        kept = self.manager
        blocked = self.blockSignals(True)
        self._lines.set_lines(lines, looks)
        self.choose(kept)
        self.blockSignals(blocked)

    def choose(self, manager: str) -> None:
        for number, line in enumerate(self._lines.lines):
            if line.id == manager:
                self.setCurrentIndex(self._lines.index(number))
                return
        self.clearSelection()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape lifts the choice."""
        if event.key() == Qt.Key.Key_Escape and self.manager:
            self.clearSelection()
        else:
            super().keyPressEvent(event)
