"""Approving needs a reason; choosing works by typing alone; long work shows itself and can be stopped."""

from __future__ import annotations

import threading

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from mosovo_planner.domain.progress import Progress, Reporter
from mosovo_planner.ui.proposals.approval import ApprovalDialog
from mosovo_planner.ui.proposals.choosing import ChoiceDialog
from mosovo_planner.ui.proposals.running import RunBar
from mosovo_planner.ui.table import Column
from mosovo_planner.ui.tasks import Tasks


def test_approve_stays_grey_until_there_is_a_reason(qtbot: QtBot) -> None:
    dialog = ApprovalDialog("Approve", ["This is a proposal."], "DS Sample")
    qtbot.addWidget(dialog)
    dialog.open()
    assert not dialog.agree.isEnabled()
    qtbot.keyClicks(dialog.reason, "   ")
    assert not dialog.agree.isEnabled(), "blanks are no reason"
    qtbot.keyClicks(dialog.reason, "fair  shares")
    assert dialog.agree.isEnabled()
    with qtbot.waitSignal(dialog.approved) as told:
        qtbot.mouseClick(dialog.agree, Qt.MouseButton.LeftButton)
    assert told.args == ["fair shares"]


def test_typing_and_return_choose_from_a_list(qtbot: QtBot) -> None:
    taken: list[str] = []
    columns = [Column[str]("name", "Name", lambda row: row)]
    dialog = ChoiceDialog("Choose", "Who?", columns, ["Brown", "Green", "Gray"], lambda row: row, taken.append)
    qtbot.addWidget(dialog)
    dialog.open()
    assert dialog.table.visible_rows == ["Brown", "Green", "Gray"], "in the order given, the best first"
    qtbot.keyClicks(dialog.panel.search, "gra")
    qtbot.keyClick(dialog.panel.search, Qt.Key.Key_Return)
    assert taken == ["Gray"]


def test_leaving_a_list_takes_nothing(qtbot: QtBot) -> None:
    taken: list[str] = []
    columns = [Column[str]("name", "Name", lambda row: row)]
    dialog = ChoiceDialog("Choose", "Who?", columns, ["Brown"], lambda row: row, taken.append)
    qtbot.addWidget(dialog)
    dialog.open()
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert taken == []


def test_long_work_shows_how_far_it_is_and_stops_when_asked(qtbot: QtBot) -> None:
    tasks, told = Tasks(), threading.Event()
    outcome: list[str] = []

    def work(report: Reporter) -> None:
        while True:
            report(Progress("Searching", 0.4, 1234.0))
            told.wait(0.01)

    def start() -> None:
        bar.watch(tasks.run("Planning", work, done=lambda _: outcome.append("done"), cancelled=lambda: outcome.append("stopped")))

    bar = RunBar("&Propose", "Work it out", start)
    qtbot.addWidget(bar)
    bar.show()
    qtbot.mouseClick(bar.start, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "best so far 1,234" in bar.words.text())
    assert bar.bar.value() == 40
    assert not bar.start.isEnabled()
    with qtbot.waitSignal(bar.ended):
        qtbot.mouseClick(bar.cancel, Qt.MouseButton.LeftButton)
    assert outcome == ["stopped"]
    assert bar.start.isEnabled()
    assert not bar.cancel.isVisible()
