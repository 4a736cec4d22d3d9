"""Recording what happened at the door takes under 20 seconds: here the keys and clicks are counted. All people are invented.

At a deliberate two seconds a press, ten presses are 20 seconds: no way may need more.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from mosovo_planner.domain.visits import Outcome, Visit, VisitKind
from mosovo_planner.ui.dialogs.visit import VisitDialog
from mosovo_planner.ui.main_window import MainWindow
from tests.ui.conftest import desk as desk  # noqa: PLC0414 - the fixtures of the window's tests
from tests.ui.conftest import open_window as open_window  # noqa: PLC0414
from tests.ui.conftest import session as session  # noqa: PLC0414
from tests.ui.conftest import settings as settings  # noqa: PLC0414
from tests.ui.conftest import template as template  # noqa: PLC0414
from tests.ui.conftest import window as window  # noqa: PLC0414
from tests.ui.conftest import workspace_folder as workspace_folder  # noqa: PLC0414

MODIFIERS = (Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_Shift)


class Presses(QObject):
    """Counts keys (a chord is one) and clicks that reach a window."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        if isinstance(watched, QWidget):
            return False  # what the window system brought is counted once, before any widget hands it on
        clicked = event.type() is QEvent.Type.MouseButtonPress
        pressed = event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.key() not in MODIFIERS
        self.count += clicked or pressed
        return False


@contextmanager
def counting() -> Iterator[Presses]:
    presses = Presses()
    QApplication.instance().installEventFilter(presses)  # type: ignore[union-attr]
    yield presses
    QApplication.instance().removeEventFilter(presses)  # type: ignore[union-attr]


def form(window: MainWindow) -> VisitDialog:
    (dialog,) = [each for each in window.findChildren(VisitDialog) if each.isVisible()]
    return dialog


def kept(window: MainWindow, ref: str) -> list[Visit]:
    from mosovo_planner.domain.roles import Permission

    with window.desk.session.unit(Permission.VIEW) as unit:  # type: ignore[union-attr]
        return list(unit.visits(ref=ref))


def press(window: QWidget, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """A key as the window system brings it, to whatever has the focus."""
    QTest.keyClick(window.windowHandle(), key, modifier)


def test_from_the_round_it_was_planned_in_an_outcome_is_two_or_three_presses(qtbot: QtBot, open_window: MainWindow) -> None:
    window = open_window
    ref = window.page.caseload.table.visible_rows[0].offender.ref
    before = len(kept(window, ref))
    at = datetime.combine(date(2026, 1, 5), time(10, 15))
    planned = Visit(id="", ref=ref, at=at, kind=VisitKind.ROUTINE, officers=("OM01", "OM02"))
    with counting() as presses:
        window.page.record_planned(planned)  # the click on "Record visit…" beside the round looked at
        presses.count += 1
        dialog = form(window)
        press(dialog, Qt.Key.Key_N)  # "No reply", in the list that has the focus
        press(dialog, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: len(kept(window, ref)) == before + 1)
    (visit,) = [each for each in kept(window, ref) if each.at == at]
    assert (visit.outcome, visit.officers) == (Outcome.NO_REPLY, ("OM01", "OM02"))
    assert presses.count == 3


def test_from_the_offender_an_outcome_is_six_presses(qtbot: QtBot, open_window: MainWindow) -> None:
    window = open_window
    window.page.caseload.table.selectRow(0)
    ref = window.page.caseload.table.visible_rows[0].offender.ref
    before = len(kept(window, ref))
    with counting() as presses:
        press(window, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
        dialog = form(window)
        press(dialog, Qt.Key.Key_S, Qt.KeyboardModifier.AltModifier)
        assert dialog.partner.hasFocus()
        for _ in range(dialog.partner.count()):
            if dialog.partner.currentData() not in (None, "", dialog.lead.currentData()):
                break
            press(dialog, Qt.Key.Key_Down)
        press(dialog, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: len(kept(window, ref)) == before + 1)
    assert presses.count <= 6, "Ctrl+R, Alt+S, down to the second officer, Return"
