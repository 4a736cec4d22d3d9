"""Locking the window: hide everything, let saves end, seal what is unfinished, close the store, begin anew."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from mosovo_planner.domain.drafts import Draft
from mosovo_planner.office.session import Session
from mosovo_planner.ui.clipboard import clear_copied
from mosovo_planner.ui.lock.idle import IdleWatch
from mosovo_planner.ui.lock.keeping import Keeping
from mosovo_planner.ui.lock.restart import Locked
from mosovo_planner.ui.settings import without_password
from mosovo_planner.ui.tasks import Task

if TYPE_CHECKING:
    from mosovo_planner.ui.main_window import MainWindow

_LOOK_MS = 25
_PATIENCE_MS = 3000
"""How long saves that run may take to end, the window hidden; what takes longer is cut off, and the store undoes it."""


class Locker(QObject):
    """``begin_anew`` puts a fresh process in the place of this one. Without it (tests, an invented force) the window
    goes back to its sign-in page in the same process."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.begin_anew: Callable[[Locked], object] | None = None
        self.keeping = Keeping(window)
        self.watch = IdleWatch(self)
        self.watch.lock_wanted.connect(self.wanted)
        self.watch.ticked.connect(self.keeping.look)
        self.watch.soon.connect(self._warn)
        self._why = ""
        self._waited = 0
        self._stopped: list[str] = []
        self._wait = QTimer(self, interval=_LOOK_MS)
        self._wait.timeout.connect(self._look)

    @property
    def locking(self) -> bool:
        return bool(self._why)

    def guard(self, session: Session) -> None:
        """A workspace was opened: from now on it locks."""
        self.keeping.clear()
        if session.comes_back:
            self.watch.start()
            self.keeping.bring_back()

    def rest(self) -> None:
        """The workspace was left."""
        self.watch.stop()
        self._wait.stop()
        self._why = ""
        self.keeping.clear()

    def _warn(self, seconds: int) -> None:
        self._window.statusBar().showMessage(f"The window locks in {seconds} seconds unless it is used.", seconds * 1000)

    def wanted(self, why: str) -> None:
        """Idleness, the desktop or somebody's keys ask for a lock; an invented force locks only when asked by keys."""
        desk = self._window.desk
        if desk is not None and (desk.session.comes_back or why == "asked"):
            self.lock(why)

    def lock(self, why: str) -> None:
        """Lock now. The window and all it opened are gone when this returns; the rest follows at once."""
        desk = self._window.desk
        if desk is None or self._why:
            return
        self._why, self._waited, self._stopped = why, 0, []
        self.keeping.freeze()
        hide_all()
        clear_copied()
        self._window.remember_place()
        for task in self._window.tasks.running:
            if not task.quiet:
                task.ended.connect(partial(self._note_end, task))
        self._window.tasks.cancel_all()
        self._wait.start()
        self._look()

    def _note_end(self, task: Task) -> None:
        if task.stopped:
            self._stopped.append(task.title)

    def _look(self) -> None:
        """Wait for saves that run: a form whose record was saved must not come back as if it had not been."""
        hide_all()  # what a task's end brings up stays hidden too
        self._waited += _LOOK_MS
        if not self._window.tasks.running or self._waited > _PATIENCE_MS:
            self._wait.stop()
            self._finish()

    def _finish(self) -> None:
        desk = self._window.desk
        assert desk is not None
        session, why = desk.session, self._why
        cut_off = [task.title for task in self._window.tasks.running if not task.quiet]
        unfinished, kept = self._keep(session, (*self._stopped, *cut_off))
        locked = Locked(why, without_password(session.address), session.user, unfinished and not kept, unfinished and kept)
        anew = self.begin_anew if session.comes_back else None
        try:
            self._window.leave(keeping=True)
        finally:
            if anew is not None:
                anew(locked)
        if anew is None:
            if session.comes_back:
                self._window.welcome.show_locked(locked)
            else:
                self._window.welcome.show_thrown_away()
            self._window.show()
            QGuiApplication.setQuitOnLastWindowClosed(True)

    def _keep(self, session: Session, stopped: tuple[str, ...]) -> tuple[bool, bool]:
        """Whether anything is unfinished, and whether it could be kept. A fault in a form must not keep the window open."""
        try:
            draft = self.keeping.draft(stopped)
        except Exception:  # noqa: BLE001  the lock goes on, and says that something was lost
            return True, False
        return draft.unfinished, keep(session, draft)

    def leave_behind(self) -> None:
        """The workspace is left by choice: proposals that were not approved are kept, a finished desk leaves nothing."""
        desk = self._window.desk
        if desk is None or not desk.session.comes_back:
            return
        from mosovo_planner.office.drafts import forget_draft  # its libraries are not needed to show the window

        self.keeping.freeze()
        unfinished, _kept = self._keep(desk.session, ())
        if not unfinished:
            with contextlib.suppress(OSError):  # it is written over by the next one
                forget_draft(desk.session)


def keep(session: Session, draft: Draft) -> bool:
    """Seal the draft; whether it could be."""
    from mosovo_planner.office.drafts import keep_draft

    try:
        return keep_draft(session, draft) if session.comes_back else False
    except (OSError, TypeError):
        return False


def hide_all() -> None:
    """Every window, dialog, menu and tooltip of the program."""
    QGuiApplication.setQuitOnLastWindowClosed(False)
    while (popup := QApplication.activePopupWidget()) is not None and popup.isVisible():
        popup.hide()
    for widget in QApplication.topLevelWidgets():
        if widget.isVisible():
            widget.hide()
    for window in QGuiApplication.topLevelWindows():
        if window.isVisible():
            window.hide()
