"""Paints chips (risk, status, lateness) and bars inside table cells; always with words."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QApplication, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from mosovo_planner.ui.table.columns import Bar
from mosovo_planner.ui.table.header import AIR
from mosovo_planner.ui.table.model import Role
from mosovo_planner.ui.theme import tokens

_PAD = 8
_BAR_WIDTH = 110


class CellDelegate(QStyledItemDelegate):
    """Cells with a tone become chips, cells with a bar get it left of their words."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        tone, bar = index.data(Role.TONE), index.data(Role.BAR)
        if tone is None and bar is None:
            super().paint(painter, option, index)
            return
        cell = QStyleOptionViewItem(option)
        self.initStyleOption(cell, index)
        text, cell.text = cell.text, ""
        style = cell.widget.style() if cell.widget else QApplication.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, cell, painter, cell.widget)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(cell.font)
        area = QRectF(cell.rect)
        if isinstance(bar, Bar):
            area = _paint_bar(painter, area, bar)
        if tone is not None and text:
            _paint_chip(painter, area, text, tone)
        else:
            painter.setPen(QColor(tokens().text))
            painter.drawText(area.adjusted(4, 0, -4, 0), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, text)
        painter.restore()

    def initStyleOption(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        super().initStyleOption(option, index)
        if option.displayAlignment & Qt.AlignmentFlag.AlignRight:
            option.text += AIR

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        size = super().sizeHint(option, index)
        if index.data(Role.BAR) is not None:
            return QSize(size.width() + _BAR_WIDTH, size.height())
        return QSize(size.width() + 2 * _PAD, size.height()) if index.data(Role.TONE) is not None else size


def _paint_chip(painter: QPainter, area: QRectF, text: str, name: str) -> None:
    tone = tokens().tones[name]
    metrics = painter.fontMetrics()
    room = area.adjusted(4, 0, -4, 0)
    width = min(room.width(), metrics.horizontalAdvance(text) + 2 * _PAD)
    height = min(room.height() - 2, metrics.height() + 4)
    chip = QRectF(room.left(), room.center().y() - height / 2, width, height)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(tone.ground))
    painter.drawRoundedRect(chip, 4, 4)
    painter.setPen(QColor(tone.text))
    shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, int(width - _PAD))
    painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, shown)


def _paint_bar(painter: QPainter, area: QRectF, bar: Bar) -> QRectF:
    """Paint the bar at the left of ``area``; returns what is left for the words."""
    look = tokens()
    width = max(40.0, area.width() - 74)
    whole = QRectF(area.left() + 6, area.center().y() - 5, width - 6, 10)
    reach = max(bar.limit * 1.3, 0.01)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(look.border))
    painter.drawRoundedRect(whole, 3, 3)
    filled = QRectF(whole)
    filled.setWidth(whole.width() * min(1.0, max(0.0, bar.share / reach)))
    painter.setBrush(QColor({"good": look.accent, "warn": "#c98a10", "bad": "#c8322a"}[bar.tone]))
    painter.drawRoundedRect(filled, 3, 3)
    mark = whole.left() + whole.width() * bar.limit / reach
    painter.setPen(QPen(QColor(look.text), 1.5))
    painter.drawLine(int(mark), int(whole.top() - 3), int(mark), int(whole.bottom() + 3))
    return area.adjusted(width, 0, 0, 0)
