"""The clipboard for personal data: out of the clipboard history, and emptied after a short while."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QMimeData, QTimer
from PySide6.QtGui import QGuiApplication

CLEARED_AFTER_SECONDS = 30

# Windows and KDE leave out of their histories what carries these formats.
_PRIVATE = {
    'application/x-qt-windows-mime;value="ExcludeClipboardContentFromMonitorProcessing"': b"\x01",
    'application/x-qt-windows-mime;value="CanIncludeInClipboardHistory"': b"\x00\x00\x00\x00",
    'application/x-qt-windows-mime;value="CanUploadToCloudClipboard"': b"\x00\x00\x00\x00",
    "x-kde-passwordManagerHint": b"secret",
}


def as_lines(rows: Iterable[Sequence[str]]) -> str:
    """Rows as tab-separated lines. A cell that a spreadsheet would take for a formula gets a quote before it."""
    return "\n".join("\t".join(_cell(cell) for cell in cells) for cells in rows)


def _cell(text: str) -> str:
    flat = " ".join(text.replace("\0", "").split())
    return f"'{flat}" if flat.startswith(("=", "+", "-", "@")) else flat


def copy_rows(rows: Iterable[Sequence[str]]) -> None:
    """Put rows on the clipboard; they go from it after half a minute and when the program ends."""
    data = QMimeData()
    data.setText(as_lines(rows))
    for kind, mark in _PRIVATE.items():
        data.setData(kind, mark)
    QGuiApplication.clipboard().setMimeData(data)
    _copied.append(data.text())
    QTimer.singleShot(CLEARED_AFTER_SECONDS * 1000, clear_copied)


_copied: list[str] = []


def clear_copied() -> None:
    """Empty the clipboard where it still holds what we put there."""
    if _copied and QGuiApplication.instance() is not None:
        clipboard = QGuiApplication.clipboard()
        if clipboard.text() == _copied[-1]:
            clipboard.clear()
    _copied.clear()
