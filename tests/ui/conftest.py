"""The window on an invented caseload in a real, encrypted workspace."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mosovo_planner.domain.roles import Permission
from mosovo_planner.office.session import Session, new_workspace
from mosovo_planner.ui.desk import Desk
from mosovo_planner.ui.main_window import MainWindow
from mosovo_planner.ui.settings import Settings
from mosovo_planner.ui.tasks import Tasks
from mosovo_planner.ui.theme import Theme
from tests.ui import invented

PASSPHRASE = "correct horse battery staple"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(tmp_path / "window.ini")


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    """A workspace with sixty invented offenders of four managers."""
    made = new_workspace(str(tmp_path / "Invented.vp"), "Sgt Sample", PASSPHRASE)
    with made.unit(Permission.RECORD) as unit:
        unit.save_managers(invented.managers(4), reason="invented")
        unit.save_offenders(invented.offenders(60, staff=4), reason="invented")
        for visit in invented.visits("SYN-1"):
            unit.add_visit(visit)
    yield made
    made.close()


@pytest.fixture
def tasks(qtbot: QtBot) -> Iterator[Tasks]:
    made = Tasks()
    yield made
    made.cancel_all()
    qtbot.waitUntil(lambda: not made.running)


@pytest.fixture
def desk(qtbot: QtBot, session: Session, tasks: Tasks, settings: Settings) -> Desk:
    """A desk whose caseload was read, as of the invented day."""
    made = Desk(session, tasks, settings)
    with qtbot.waitSignal(made.loaded):
        made.as_of = invented.AS_OF
    return made


@pytest.fixture
def window(qtbot: QtBot, qapp: QApplication, settings: Settings) -> Iterator[MainWindow]:
    """The main window at the sign-in page."""
    theme = Theme(qapp, "light")
    made = MainWindow(settings, theme)
    qtbot.addWidget(made)
    made.resize(1366, 768)
    made.show()
    qtbot.waitExposed(made)
    yield made
    made.tasks.cancel_all()
    qtbot.waitUntil(lambda: not made.tasks.running)
    theme.deleteLater()


@pytest.fixture
def open_window(qtbot: QtBot, window: MainWindow, session: Session) -> MainWindow:
    """The main window on the invented caseload."""
    window.enter(session)
    assert window.desk is not None
    with qtbot.waitSignal(window.desk.loaded):
        window.desk.as_of = invented.AS_OF
    qtbot.waitUntil(lambda: not window.tasks.running)
    return window
