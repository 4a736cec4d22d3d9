"""The clipboard for personal data: out of the clipboard history, and emptied after a short while."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial

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
_MARK = "x-kde-passwordManagerHint"


def as_lines(rows: Iterable[Sequence[str]]) -> str:
    """Rows as tab-separated lines. A cell that a spreadsheet would take for a formula gets a quote before it."""
    return "\n".join("\t".join(_cell(cell) for cell in cells) for cells in rows)


def _cell(text: str) -> str:
    flat = " ".join(text.replace("\0", "").split())
    return f"'{flat}" if flat.startswith(("=", "+", "-", "@")) else flat


def copy_rows(rows: Iterable[Sequence[str]]) -> None:
    """Put rows on the clipboard; they go from it after half a minute and when the program ends."""
    copy_text(as_lines(rows))


def copy_text(text: str) -> None:
    """Put text on the clipboard, kept out of its history; it goes from it after half a minute, on lock and at the end."""
    data = QMimeData()
    data.setText(text)
    for kind, mark in _PRIVATE.items():
        data.setData(kind, mark)
    QGuiApplication.clipboard().setMimeData(data)
    _Copied.last = data.text()
    _Copied.number += 1
    QTimer.singleShot(CLEARED_AFTER_SECONDS * 1000, partial(_clear_after, _Copied.number))


def guard_clipboard() -> None:
    """What is copied out of a field or a label, past :func:`copy_rows`, is kept out of the history and goes as well."""
    clipboard = QGuiApplication.clipboard()

    def guard() -> None:
        data = clipboard.mimeData() if clipboard.ownsClipboard() else None
        if data is not None and data.hasText() and not data.hasFormat(_MARK):
            copy_text(data.text())

    clipboard.dataChanged.connect(guard)


class _Copied:
    """What this program put on the clipboard last, and how many copies there were."""

    last = ""
    number = 0


def _clear_after(number: int) -> None:
    """Half a minute went by: a copy made since has its own half minute."""
    if number == _Copied.number:
        clear_copied()


def clear_copied() -> None:
    """Empty the clipboard where it still holds what we put there."""
    if _Copied.last and QGuiApplication.instance() is not None:
        clipboard = QGuiApplication.clipboard()
        if clipboard.text() == _Copied.last:
            clipboard.clear()
    _Copied.last = ""
