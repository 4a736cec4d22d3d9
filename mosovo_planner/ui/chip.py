"""A chip outside tables: words on a coloured ground."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from mosovo_planner.ui.theme import tokens

_PAD = 8


class Chip(QWidget):
    """``tone`` is a name in the theme's table; ``about`` says to a screen reader what the words are about."""

    def __init__(self, text: str, tone: str, about: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.text = text
        self.tone = tone
        self.setAccessibleName(f"{about}: {text}")
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        return QSize(metrics.horizontalAdvance(self.text) + 2 * _PAD, metrics.height() + 6)

    def minimumSizeHint(self) -> QSize:
        return QSize(3 * _PAD, self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        tone = tokens().tones[self.tone]
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tone.ground))
        painter.drawRoundedRect(self.rect(), 4, 4)
        painter.setPen(QColor(tone.text))
        shown = self.fontMetrics().elidedText(self.text, Qt.TextElideMode.ElideRight, self.width() - _PAD)
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, shown)
