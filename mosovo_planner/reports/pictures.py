"""Pages of a paper, as pictures for a preview or as PDF, made in a process of its own.

Laying out a long paper takes seconds and holds Python's lock, so a thread would let the window stand still.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, Qt
from PySide6.QtGui import QGuiApplication, QImage, QImageWriter

from mosovo_planner.domain.progress import Progress, Reporter, silent
from mosovo_planner.reports.paper import Paper
from mosovo_planner.reports.printing import page_layout, paint, write_pdf

_QUICK = 10  # speed counts in a preview, size does not


class _PageImage(QImage):
    """The printable area of a page that takes a whole paper: each new page puts the one before into ``pages``."""

    def __init__(self, paper: Paper, dpi: int, report: Reporter) -> None:
        size = page_layout(paper).paintRectPixels(dpi).size()
        super().__init__(size, QImage.Format.Format_RGB32)
        self.setDotsPerMeterX(round(dpi / 0.0254))
        self.setDotsPerMeterY(round(dpi / 0.0254))
        self.fill(Qt.GlobalColor.white)
        self._report = report
        self.pages: list[bytes] = []

    def newPage(self) -> bool:  # noqa: N802 - Qt calls it so
        """Keep the page and begin a clean one; Qt's name, as papers call it on every device."""
        data = QByteArray()
        buffer = QBuffer(data)
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        writer = QImageWriter(buffer, QByteArray(b"png"))
        writer.setCompression(_QUICK)
        writer.write(self.copy())
        self.pages.append(bytes(data.data()))
        self.fill(Qt.GlobalColor.white)
        self._report(Progress(f"Page {len(self.pages)}"))
        return True


def page_pictures(paper: Paper, dpi: int = 110, report: Reporter = silent) -> list[bytes]:
    """The printable area of every page as a PNG of ``dpi`` dots an inch."""
    _have_fonts()
    image = _PageImage(paper, dpi, report)
    paint(paper, image)  # type: ignore[arg-type]
    image.newPage()
    return image.pages


def pdf_file(paper: Paper, path: Path, report: Reporter = silent) -> int:
    """Write the paper as PDF, as :func:`write_pdf` does, from a process without a window; how many pages."""
    report(Progress("Laying out the pages"))
    _have_fonts()
    return write_pdf(paper, path)


def _have_fonts() -> None:
    """Text needs an application object, which a worker has not yet."""
    if QGuiApplication.instance() is None:
        if sys.platform.startswith("linux"):
            os.environ["QT_QPA_PLATFORM"] = "offscreen"  # the worker shows nothing
        _kept.append(QGuiApplication([]))


_kept: list[QGuiApplication] = []
