"""Starting the window."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QApplication

import mosovo_planner
from mosovo_planner.office.session import Session
from mosovo_planner.ui.clipboard import guard_clipboard
from mosovo_planner.ui.errors import install_excepthook
from mosovo_planner.ui.garbage import GuiCollector
from mosovo_planner.ui.icons import icon
from mosovo_planner.ui.lock.restart import Locked, start_again, tell, told
from mosovo_planner.ui.lock.system import listen
from mosovo_planner.ui.main_window import MainWindow
from mosovo_planner.ui.settings import Settings
from mosovo_planner.ui.theme import Theme


def application(argv: Sequence[str] = ()) -> QApplication:
    """The one QApplication, named and in British English."""
    existing = QApplication.instance()
    app = existing if isinstance(existing, QApplication) else QApplication([sys.argv[0], *argv])
    app.setApplicationName("MOSOVO Planner")
    app.setOrganizationName("mosovo-planner")
    app.setApplicationVersion(mosovo_planner.__version__)
    QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom))
    return app


def begin_anew(locked: Locked) -> None:
    """Put a fresh process, which asks for the pass phrase, in the place of this one."""
    tell(locked)
    start_again()


def run_demo(size: int) -> int:
    """Open the window on a throw-away invented force of ``size`` offenders."""
    return run(demo_size=size)


def run(
    argv: Sequence[str] = (),
    *,
    session: Session | None = None,
    demo_size: int | None = None,
    address: str = "",
    closed: Callable[[], object] | None = None,
) -> int:
    """Open the window and stay until it closes; returns the exit code.

    ``session`` opens that workspace at once, ``demo_size`` an invented force of that size; ``address`` is put into the
    sign-in page. ``closed`` is called after the window has gone, to throw away what was only for it.
    """
    app = application(argv)
    app.setWindowIcon(icon("app"))
    settings = Settings()
    window = MainWindow(settings, Theme(app, settings.theme))
    window.locker.begin_anew = begin_anew
    install_excepthook(window)
    guard_clipboard()
    listener = listen(window, window.locker.wanted)
    locked = told()
    if locked is not None:
        window.welcome.show_locked(locked)
    if address:
        window.welcome.show_sign_in(address)
    window.show()
    if session is not None:
        window.enter(session)
    elif demo_size is not None:
        window.deeds.open_demo(demo_size)
    collector = GuiCollector(app)
    code = app.exec()
    del listener
    collector.stop()
    if closed is not None:
        closed()
    return code
