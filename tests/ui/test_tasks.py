"""Work runs off the GUI thread, tells its progress, stops when asked, and answers on the GUI thread."""

from __future__ import annotations

import threading

from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from mosovo_planner.domain.errors import UserError
from mosovo_planner.domain.progress import Progress, Reporter
from mosovo_planner.ui.statusbar import WorkBar
from mosovo_planner.ui.tasks import Tasks


def test_the_result_arrives_on_the_gui_thread(qtbot: QtBot, tasks: Tasks) -> None:
    threads: list[int] = []

    def work(_report: Reporter) -> int:
        threads.append(threading.get_ident())
        return 42

    results: list[int] = []
    tasks.run("Counting", work, done=lambda value: (results.append(value), threads.append(threading.get_ident())))
    qtbot.waitUntil(lambda: results == [42])
    assert threads[0] != threading.get_ident() == threads[1]
    assert tasks.running == ()


def test_an_error_goes_to_its_handler_or_to_the_windows(qtbot: QtBot, tasks: Tasks) -> None:
    def work(_report: Reporter) -> None:
        raise UserError("The file is empty.")

    told: list[BaseException] = []
    tasks.unhandled = told.append
    tasks.run("Reading", work, done=lambda _: None, failed=told.append)
    tasks.run("Reading", work, done=lambda _: None)
    qtbot.waitUntil(lambda: len(told) == 2)
    assert [str(error) for error in told] == ["The file is empty."] * 2


def test_cancel_reaches_the_work_at_its_next_report(qtbot: QtBot, tasks: Tasks) -> None:
    ready = threading.Event()

    def work(report: Reporter) -> None:
        while True:
            report(Progress("Searching", 0.5))
            ready.set()

    said: list[str] = []
    task = tasks.run("Searching", work, done=lambda _: said.append("done"), cancelled=lambda: said.append("cancelled"))
    assert ready.wait(10)
    task.cancel()
    qtbot.waitUntil(lambda: said == ["cancelled"])


def test_fast_reports_are_told_as_fast_as_the_window_can_show_them(qtbot: QtBot, tasks: Tasks) -> None:
    steps: list[Progress] = []
    reports: list[int] = []
    enough = threading.Event()

    def work(report: Reporter) -> int:
        count = 0
        while not enough.is_set():
            report(Progress("Counting", count))
            count += 1
        return count

    task = tasks.run("Counting", work, done=reports.append)
    task.progressed.connect(lambda: (steps.append(task.progress), len(steps) >= 3 and enough.set()))
    qtbot.waitUntil(lambda: bool(reports), timeout=10_000)
    assert 3 <= len(steps) < reports[0]


def test_a_newer_run_with_the_same_key_replaces_the_older(qtbot: QtBot, tasks: Tasks) -> None:
    gate = threading.Event()
    results: list[str] = []
    tasks.run("Old", lambda _report: gate.wait(10) and "old", done=results.append, key="list")
    tasks.run("New", lambda _report: "new", done=results.append, key="list")
    gate.set()
    qtbot.waitUntil(lambda: not tasks.running)
    assert results == ["new"]


def test_nobody_is_told_after_the_owner_has_gone(qtbot: QtBot, tasks: Tasks) -> None:
    gate = threading.Event()
    owner = QObject()
    results: list[object] = []
    tasks.run("Reading", lambda _report: gate.wait(10), done=results.append, owner=owner)
    with qtbot.waitSignal(owner.destroyed):
        owner.deleteLater()
    gate.set()
    qtbot.waitUntil(lambda: not tasks.running)
    assert results == []


def test_the_status_bar_shows_the_work_and_cancels_it(qtbot: QtBot, tasks: Tasks) -> None:
    bar = WorkBar(tasks)
    qtbot.addWidget(bar)
    proceed = threading.Event()

    def work(report: Reporter) -> None:
        report(Progress("Row 5 of 10", 0.5))
        while not proceed.is_set():
            report(Progress("Row 5 of 10", 0.5))

    said: list[str] = []
    tasks.run("Reading", work, done=lambda _: said.append("done"), cancelled=lambda: said.append("cancelled"))
    try:
        qtbot.waitUntil(lambda: not bar.isHidden())
        assert bar.text.text() == "Row 5 of 10"
        assert bar.bar.value() == 500
        bar.stop.click()
        qtbot.waitUntil(lambda: said == ["cancelled"])
        assert bar.isHidden()
    finally:
        proceed.set()


def test_quiet_work_shows_no_bar(qtbot: QtBot, tasks: Tasks) -> None:
    bar = WorkBar(tasks)
    qtbot.addWidget(bar)
    gate = threading.Event()
    tasks.run("Peeking", lambda _report: gate.wait(10), done=lambda _: None, quiet=True)
    assert bar.isHidden()
    gate.set()
    qtbot.waitUntil(lambda: not tasks.running)
