"""Pages of a paper as pictures: painted off the GUI thread, looked at one by one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QColor, QImage, QImageWriter, QPainter, QPaintEvent
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QWidget

from mosovo_planner.office.papers import paint_preview
from mosovo_planner.ui.theme import tokens
from mosovo_planner.ui.widgets import button, column, label, row

_DPI = 110
_A4_MM = (210, 297)


class _PageImage(QImage):
    """An image that takes a whole paper: each new page puts the one before into ``pages`` as PNG."""

    def __init__(self, landscape: bool) -> None:
        sides = [round(side / 25.4 * _DPI) for side in _A4_MM]
        width, height = reversed(sides) if landscape else sides
        super().__init__(width, height, QImage.Format.Format_RGB32)
        self.setDotsPerMeterX(round(_DPI / 0.0254))
        self.setDotsPerMeterY(round(_DPI / 0.0254))
        self.fill(Qt.GlobalColor.white)
        self.pages: list[QByteArray] = []

    def newPage(self) -> bool:
        data = QByteArray()
        buffer = QBuffer(data)
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        QImageWriter(buffer, QByteArray(b"png")).write(self.copy())
        self.pages.append(data)
        self.fill(Qt.GlobalColor.white)
        return True


def page_pictures(paper: Any) -> list[QByteArray]:
    """Every page as a PNG; runs on any thread."""
    image = _PageImage(paper.landscape)
    paint_preview(paper, image)
    image.newPage()
    return image.pages


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
            self.setFixedHeight(round((self.width() - 16) * self._image.height() / self._image.width()) + 16)

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
        painter.drawImage(area, self._image)
        painter.setPen(QColor(tokens().frame))
        painter.drawRect(area)


class PagePreview(QWidget):
    """Pages with their number and two buttons; Page Up and Page Down turn them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pages: Sequence[QByteArray] = ()
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

    def show_pages(self, pages: Sequence[QByteArray]) -> None:
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
