"""The real window, as every journey through it begins."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from mosovo_planner.ui.main_window import MainWindow
from mosovo_planner.ui.settings import Settings
from mosovo_planner.ui.theme import Theme

LONG = 90_000
"""Milliseconds a step of a journey may take where other work goes on beside it."""


@pytest.fixture
def window(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[MainWindow]:
    """The window at the sign-in page, 1366x768; nothing runs in it any more when it is closed."""
    made = MainWindow(Settings(tmp_path / "window.ini"), Theme(qapp, "light"))
    made.resize(1366, 768)

    def settle(_window: QWidget) -> None:
        made.tasks.cancel_all()
        qtbot.waitUntil(lambda: not made.tasks.running, timeout=LONG)

    qtbot.addWidget(made, before_close_func=settle)
    made.show()
    yield made
    made.leave()
