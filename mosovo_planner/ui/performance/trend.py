"""A year's trend painted as bars: small in a table's cell, larger beside its measure. Always with the same in words."""

from __future__ import annotations

from collections.abc import Sequence
from math import floor

from PySide6.QtCore import QLineF, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QHelpEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractItemView, QSizePolicy, QStyleOptionViewItem, QToolTip, QWidget

from mosovo_planner.domain.measures import Reading
from mosovo_planner.domain.performance import MONTHS, month_name, value_text
from mosovo_planner.ui.table.delegate import CellDelegate
from mosovo_planner.ui.table.model import TableModel
from mosovo_planner.ui.theme import tokens
from mosovo_planner.ui.widgets import plain_tip

_BAR = 0.66
"""The share of its place that a bar fills."""


def trend_words(row: Sequence[Reading]) -> str:
    """The bars in words: ``Dec 62, Jan 70, …``; months without a figure say so."""
    shown = (f"{each.month.first:%b} {'none' if each.value is None else f'{each.value:,.0f}'}" for each in row)
    return ", ".join(shown)


def paint_trend(painter: QPainter, area: QRectF, row: Sequence[Reading]) -> None:
    """Bars from nought, the last month's in the accent colour, the target as a dashed line."""
    look = tokens()
    target = row[-1].target if row else None
    known = [each.value for each in row if each.value is not None]
    top = max((*known, target or 0.0, 0.0)) or 1.0
    step, first = _slots(area.width(), row)
    for place, each in enumerate(row, first):
        if each.value is None:
            continue
        height = max(1.5, area.height() * each.value / top)
        bar = QRectF(area.left() + step * (place + (1 - _BAR) / 2), area.bottom() - height, step * _BAR, height)
        painter.fillRect(bar, QColor(look.accent if each is row[-1] else look.frame))
    painter.setPen(QPen(QColor(look.border), 1))
    painter.drawLine(QLineF(area.bottomLeft(), area.bottomRight()))
    if target is not None:
        level = area.bottom() - area.height() * target / top
        painter.setPen(QPen(QColor(look.text), 1.2, Qt.PenStyle.DashLine))
        painter.drawLine(QLineF(area.left(), level, area.right(), level))


def _slots(width: float, row: Sequence[Reading]) -> tuple[float, int]:
    """The width of a month's place, and the place of the first; a month alone stands where the year's last will."""
    count = len(row) if len(row) > 1 else MONTHS
    return width / count, count - len(row)


class TrendDelegate(CellDelegate):
    """Paints the trend of a row of measures; the words stay for tooltips, screen readers and export."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        model = index.model()
        view = option.widget
        cell = QStyleOptionViewItem(option)
        self.initStyleOption(cell, index)
        cell.text = ""
        if isinstance(view, QAbstractItemView) and isinstance(model, TableModel):
            style = view.style()
            style.drawControl(style.ControlElement.CE_ItemViewItem, cell, painter, view)
            painter.save()
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            area = QRectF(option.rect).adjusted(6, 5, -6, -4)
            paint_trend(painter, area, model.row_at(index.row()).readings)
            painter.restore()


class TrendChart(QWidget):
    """The trend large enough to read a month: names below, the figure of a month in its tip."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.readings: tuple[Reading, ...] = ()
        self.setMinimumHeight(110)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def sizeHint(self) -> QSize:
        return QSize(300, 110)

    def show_trend(self, row: tuple[Reading, ...]) -> None:
        self.readings = row
        name = row[-1].measure.label if row else ""
        self.setAccessibleName(f"Trend of {name}: {trend_words(row)}")
        self.update()

    def _area(self) -> QRectF:
        return QRectF(self.rect()).adjusted(1, 6, -1, -self.fontMetrics().height() - 4)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = self._area()
        paint_trend(painter, area, self.readings)
        painter.setPen(QColor(tokens().muted))
        step, first = _slots(area.width(), self.readings)
        for place, each in enumerate(self.readings, first):
            below = QRectF(area.left() + place * step, area.bottom() + 3, step, self.fontMetrics().height())
            painter.drawText(below, Qt.AlignmentFlag.AlignCenter, f"{each.month.first:%b}")
        if self.hasFocus():
            painter.setPen(QPen(QColor(tokens().accent), 1.5))
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))

    def tip_at(self, x: float) -> str:
        """The month under a place and its figure, in words."""
        area = self._area()
        step, first = _slots(max(1.0, area.width()), self.readings)
        place = floor((x - area.left()) / step) - first
        if not 0 <= place < len(self.readings):
            return ""
        each = self.readings[place]
        return f"{month_name(each.month)}: {value_text(each.measure, each.value)}"

    def event(self, event: object) -> bool:
        if isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), plain_tip(self.tip_at(event.pos().x())), self)
            return True
        return super().event(event)  # type: ignore[arg-type]
