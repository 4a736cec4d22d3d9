"""The window on an invented caseload in a real, encrypted workspace."""

from __future__ import annotations

import gc
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mosovo_planner.domain.roles import Permission
from mosovo_planner.office.session import Session, open_session
from mosovo_planner.store.base.names import KdfParameters
from mosovo_planner.store.workspace import create_workspace
from mosovo_planner.ui.desk import Desk
from mosovo_planner.ui.main_window import MainWindow
from mosovo_planner.ui.settings import Settings
from mosovo_planner.ui.tasks import Tasks
from mosovo_planner.ui.theme import Theme
from tests.ui import invented

USER = "Sgt Sample"
PASSPHRASE = "correct horse battery staple"


class _Libraries:
    """What is imported stays: without looking through it a collection takes no time. More is loaded as tests go on."""

    seen = 0

    @classmethod
    def set_aside(cls) -> None:
        if len(sys.modules) > cls.seen + 20:
            gc.collect()
            gc.freeze()
            cls.seen = len(sys.modules)


@pytest.fixture(autouse=True)
def garbage_on_the_gui_thread() -> Iterator[None]:
    """As in the program (ui/garbage.py): widgets of an earlier test are never collected on a worker's thread."""
    _Libraries.set_aside()
    gc.disable()
    yield
    gc.collect()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(tmp_path / "window.ini")


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with sixty invented offenders of four managers, made once and copied for each test."""
    folder = tmp_path_factory.mktemp("template") / "Invented.vp"
    cheap = KdfParameters(8 * 1024, 1, 1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MOSOVO_STATE_DIR", str(folder.parent / "state"))
        made = Session(create_workspace(str(folder), USER, PASSPHRASE, kdf=cheap))
        with made.unit(Permission.RECORD) as unit:
            unit.save_managers(invented.managers(4), reason="invented")
            unit.save_offenders(invented.offenders(60, staff=4), reason="invented")
            for visit in invented.visits("SYN-1"):
                unit.add_visit(visit)
        made.close()
    return folder


@pytest.fixture
def workspace_folder(template: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(template, tmp_path / "Invented.vp"))


@pytest.fixture
def session(workspace_folder: Path) -> Iterator[Session]:
    made = open_session(str(workspace_folder), USER, PASSPHRASE)
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
    qtbot.addWidget(made, before_close_func=lambda _window: _settle(qtbot, made))
    made.resize(1366, 768)
    made.show()
    qtbot.waitUntil(lambda: _becomes_active(made))
    yield made
    theme.deleteLater()


def _becomes_active(window: MainWindow) -> bool:
    """Ask again until it is so: a window that another test left behind may hold the keyboard for a moment."""
    for other in QApplication.topLevelWidgets():
        if other is not window and other.isVisible() and other.parent() is None:
            other.close()
    window.raise_()
    window.activateWindow()
    return window.isActiveWindow()


def _settle(qtbot: QtBot, window: MainWindow) -> None:
    """Nothing may run when the window is closed and deleted, or nobody is left to hear that it ended."""
    window.tasks.cancel_all()
    qtbot.waitUntil(lambda: not window.tasks.running, timeout=60_000)


@pytest.fixture
def open_window(qtbot: QtBot, window: MainWindow, session: Session) -> MainWindow:
    """The main window on the invented caseload."""
    window.enter(session)
    assert window.desk is not None
    with qtbot.waitSignal(window.desk.loaded):
        window.desk.as_of = invented.AS_OF
    qtbot.waitUntil(lambda: not window.tasks.running)
    qtbot.waitUntil(lambda: _becomes_active(window))  # keys go to the active window only
    return window
