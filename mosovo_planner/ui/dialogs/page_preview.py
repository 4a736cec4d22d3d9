"""Pages of a paper, looked at one by one."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QWidget

from mosovo_planner.ui.theme import tokens
from mosovo_planner.ui.widgets import button, column, label, row

DPI = 110
_MARGINS_MM = (12, 10)
"""Left and right, top and bottom, as the printed page has them; a picture holds what lies within."""


class _Sheet(QWidget):
    """One page, as wide as there is room."""

    def __init__(self) -> None:
        super().__init__()
        self._image = QImage()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_image(self, image: QImage) -> None:
        self._image = image
        self.updateGeometry()
        self._fit()
        self.update()

    def _fit(self) -> None:
        if not self._image.isNull():
            around = self._margins()
            wide = self.width() - 16
            self.setFixedHeight(round(wide * (self._image.height() + 2 * around[1]) / (self._image.width() + 2 * around[0])) + 16)

    @staticmethod
    def _margins() -> tuple[float, float]:
        """The paper's margins in the picture's pixels."""
        return _MARGINS_MM[0] / 25.4 * DPI, _MARGINS_MM[1] / 25.4 * DPI

    def resizeEvent(self, _event: object) -> None:
        self._fit()

    def sizeHint(self) -> QSize:
        return QSize(480, 400)

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._image.isNull():
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        area = self.rect().adjusted(8, 8, -8, -8)
        painter.fillRect(area, Qt.GlobalColor.white)
        scale = area.width() / (self._image.width() + 2 * self._margins()[0])
        across, down = (round(side * scale) for side in self._margins())
        painter.drawImage(area.adjusted(across, down, -across, -down), self._image)
        painter.setPen(QColor(tokens().frame))
        painter.drawRect(area)


class PagePreview(QWidget):
    """Pages with their number and two buttons; Page Up and Page Down turn them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pages: Sequence[bytes] = ()
        self._number = 0
        self.sheet = _Sheet()
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(self.sheet)
        area.setAccessibleName("Preview of the paper")
        self.words = label("", role="muted")
        self.before = button("◀ Pre&vious page", lambda: self.turn_to(self._number - 1))
        self.after = button("Ne&xt page ▶", lambda: self.turn_to(self._number + 1))
        body = column(area, row(self.before, self.words, self.after, None))
        body.setStretch(0, 1)
        self.setLayout(body)
        self.show_words("")

    @property
    def page_count(self) -> int:
        return len(self._pages)

    def show_words(self, words: str) -> None:
        """No pages; only words in their place."""
        self._pages = ()
        self.sheet.show_image(QImage())
        self.words.setText(words)
        self.before.setEnabled(False)
        self.after.setEnabled(False)

    def show_pages(self, pages: Sequence[bytes]) -> None:
        self._pages = pages
        self.turn_to(0)

    def turn_to(self, number: int) -> None:
        if not 0 <= number < len(self._pages):
            return
        self._number = number
        self.sheet.show_image(QImage.fromData(self._pages[number]))
        self.sheet.setAccessibleName(f"Page {number + 1}")
        self.words.setText(f"Page {number + 1} of {len(self._pages)}")
        self.before.setEnabled(number > 0)
        self.after.setEnabled(number + 1 < len(self._pages))
