"""Locking: everything hidden at once, whatever is open; nothing typed or proposed is lost; one comes back where one was."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog
from pytestqt.qtbot import QtBot

from mosovo_planner.domain.roles import Role
from mosovo_planner.office import drafts
from mosovo_planner.office.session import Session, open_session
from mosovo_planner.store.drafts import DraftBox
from mosovo_planner.ui.dialogs.offender import OffenderDialog
from mosovo_planner.ui.dialogs.supervision import AssignDialog
from mosovo_planner.ui.dialogs.visit import VisitDialog
from mosovo_planner.ui.lock.forms import open_file
from mosovo_planner.ui.lock.idle import IdleWatch
from mosovo_planner.ui.lock.keeping import Keeping, KeptWords
from mosovo_planner.ui.lock.locker import hide_all
from mosovo_planner.ui.lock.restart import Locked
from mosovo_planner.ui.main_window import MainWindow
from tests.ui.conftest import PASSPHRASE, USER

TYPED = "Curtains drawn; the neighbour at 14 says he left on Sunday"


@pytest.fixture
def anew(open_window: MainWindow) -> Iterator[list[Locked]]:
    """What the fresh process would be told; no process is started."""
    told: list[Locked] = []
    open_window.locker.begin_anew = told.append
    yield told
    QGuiApplication.setQuitOnLastWindowClosed(True)


def shown() -> list[str]:
    return [type(each).__name__ for each in QApplication.topLevelWidgets() if each.isVisible()]


def wait_until_anew(qtbot: QtBot, told: list[Locked]) -> Locked:
    qtbot.waitUntil(lambda: bool(told))
    return told[-1]


def come_back(qtbot: QtBot, window: MainWindow, folder: Path) -> Session:
    """Sign in again, as the fresh process would, and wait until what was kept is there."""
    session = open_session(str(folder), USER, PASSPHRASE)
    window.show()
    window.enter(session)
    assert window.desk is not None
    qtbot.waitUntil(lambda: window.desk is not None and window.desk.view is not None)
    qtbot.waitUntil(lambda: not window.tasks.running)
    window.locker.keeping.look()
    return session


def open_visit(qtbot: QtBot, window: MainWindow, ref: str = "SYN-2") -> VisitDialog:
    """The form for a visit, open long enough to be known."""
    assert window.page is not None
    window.page.caseload.table.select(ref)
    window.page.caseload.record_visit()
    window.locker.keeping.look()
    return next(each for each in window.page.findChildren(VisitDialog) if each.isVisible())


# Hidden at once, under whatever is open


def test_locking_hides_everything_and_closes_the_workspace(qtbot: QtBot, open_window: MainWindow, anew: list[Locked]) -> None:
    session = open_window.desk.session if open_window.desk else None
    assert open_window.page is not None
    open_window.page.caseload.table.select("SYN-2")
    open_window.deeds.copy()
    assert "SYN-2" in QGuiApplication.clipboard().text()
    open_window.deeds.lock()
    assert shown() == []
    assert QGuiApplication.clipboard().text() == ""
    open_window.locker.lock("sleep")
    locked = wait_until_anew(qtbot, anew)
    assert (locked.why, locked.user, locked.lost) == ("asked", USER, False)
    assert len(anew) == 1, "another lock meanwhile changes nothing"
    assert open_window.desk is None
    assert session is not None
    assert session.workspace._closed
    assert shown() == []


def test_control_l_locks_under_a_form(qtbot: QtBot, open_window: MainWindow, anew: list[Locked]) -> None:
    """The menu's key does not work under a modal form; the keys are heard all the same."""
    form = open_visit(qtbot, open_window)
    open_window.locker.watch.tick()
    window = form.windowHandle()
    qtbot.waitUntil(lambda: QGuiApplication.focusWindow() is window)
    QTest.keyClick(window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert shown() == []
    wait_until_anew(qtbot, anew)


@pytest.mark.parametrize("kind", ["menu", "file dialog", "modal loop"])
def test_idleness_locks_under_whatever_is_open(
    kind: str, qtbot: QtBot, open_window: MainWindow, anew: list[Locked], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[list[str]] = []
    openers: dict[str, Callable[[], Any]] = {
        "menu": lambda: open_window.menuBar().actions()[0].menu().popup(open_window.pos()),  # type: ignore[attr-defined]
        "file dialog": lambda: QFileDialog(open_window).open(),
        "modal loop": lambda: None,
    }
    openers[kind]()
    if kind == "modal loop":
        dialog = QDialog(open_window)
        QTimer.singleShot(0, lambda: (seen.append(shown()), open_window.locker.watch.lock_wanted.emit("idle")))
        dialog.exec()
    else:
        seen.append(shown())
        open_window.locker.watch.lock_wanted.emit("idle")
    assert len(seen[0]) >= 2, "something was open besides the window"
    assert shown() == []
    assert wait_until_anew(qtbot, anew).why == "idle"


def test_what_a_tasks_end_brings_up_stays_hidden(qtbot: QtBot, open_window: MainWindow, anew: list[Locked]) -> None:
    """A save that fails while the window is being locked tells so in a box; nobody sees it."""

    def work(_report: object) -> None:
        raise OSError(28, "full")

    open_window.tasks.run("Saving", work, done=lambda _: None)
    open_window.deeds.lock()
    wait_until_anew(qtbot, anew)
    assert shown() == []


def test_without_a_workspace_nothing_locks(window: MainWindow) -> None:
    window.locker.lock("idle")
    assert window.isVisible()


def test_an_invented_force_does_not_lock_by_itself(
    qtbot: QtBot, open_window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody knows its pass phrase, and nobody real is in it; asked for, it goes to the sign-in page."""
    monkeypatch.setattr(Session, "comes_back", False)
    open_window.locker.watch.lock_wanted.emit("idle")
    assert open_window.isVisible()
    open_window.locker.watch.lock_wanted.emit("asked")
    qtbot.waitUntil(lambda: open_window.page is None)
    assert open_window.isVisible()
    form = open_window.welcome.sign_in
    assert "thrown away" in form.locked.text()
    assert "disk" not in form.locked.text()
    assert not form.address.currentText(), "nobody is asked to sign in to what is gone"


# When


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def watch() -> tuple[IdleWatch, Clock, Clock, list[str]]:
    steady, wall, told = Clock(), Clock(), []
    made = IdleWatch(steady=steady, wall=wall)
    made.lock_wanted.connect(told.append)
    made.start()
    made.stop()
    return made, steady, wall, told


def test_it_locks_after_the_minutes_of_the_policy_and_warns_before(qtbot: QtBot) -> None:
    made, steady, _wall, told = watch()
    warned: list[int] = []
    made.soon.connect(warned.append)
    made.minutes = 2
    for moment in (89.0, 95.0, 119.5):
        steady.now = 1000 + moment
        made.tick()
    assert (told, warned) == ([], [25])
    steady.now = 1120
    made.tick()
    assert told == ["idle"]


def test_a_key_or_the_mouse_in_any_window_counts_as_use(qtbot: QtBot, open_window: MainWindow) -> None:
    made, steady, _wall, told = watch()
    made.minutes = 1
    made.tick()
    steady.now += 59
    qtbot.waitUntil(lambda: QGuiApplication.focusWindow() is open_window.windowHandle())
    QTest.keyClick(open_window.windowHandle(), Qt.Key.Key_Shift)
    steady.now += 59
    made.tick()
    assert told == []
    QTest.mouseMove(open_window.windowHandle(), open_window.rect().center())
    steady.now += 59
    made.tick()
    assert told == []
    steady.now += 2
    made.tick()
    assert told == ["idle"]


@pytest.mark.parametrize("jump", [400.0, -400.0])
def test_a_tick_that_comes_late_means_that_the_machine_slept(jump: float, qtbot: QtBot) -> None:
    """The count of seconds stands still in sleep on some systems, so that idleness alone would notice nothing."""
    made, _steady, wall, told = watch()
    wall.now += jump
    made.tick()
    assert told == ["sleep"]


def test_the_policy_says_after_how_many_minutes(qtbot: QtBot, open_window: MainWindow) -> None:
    assert open_window.locker.watch.minutes == 5


# Nothing is lost


def test_a_visit_half_written_comes_back_in_its_form(
    qtbot: QtBot, open_window: MainWindow, anew: list[Locked], workspace_folder: Path
) -> None:
    form = open_visit(qtbot, open_window)
    form.note.setPlainText(TYPED)
    form.outcome.setCurrentIndex(2)
    form.devices.setValue(3)
    outcome = form.outcome.currentText()
    open_window.deeds.lock()
    assert wait_until_anew(qtbot, anew).unfinished
    session = come_back(qtbot, open_window, workspace_folder)
    assert open_window.page is not None
    again = next(each for each in open_window.page.findChildren(VisitDialog) if each.isVisible())
    assert again.about == "SYN-2"
    assert (again.note.toPlainText(), again.outcome.currentText(), again.devices.value()) == (TYPED, outcome, 3)
    again.close()
    session.close()


def assign(window: MainWindow) -> AssignDialog:
    """A form that no action of the window opens by itself."""
    assert window.desk is not None
    assert window.desk.view is not None
    offender = next(case.offender for case in window.desk.view.cases if case.offender.ref == "SYN-7")
    AssignDialog(window.desk, offender, window).open()
    window.locker.keeping.look()
    return next(each for each in window.findChildren(AssignDialog) if each.isVisible())


def test_a_form_that_is_not_opened_by_itself_is_filled_when_somebody_opens_it(
    qtbot: QtBot, open_window: MainWindow, anew: list[Locked], workspace_folder: Path
) -> None:
    """However often it locks in between."""
    assign(open_window).text.setPlainText(TYPED)
    for number in range(2):
        open_window.deeds.lock()
        qtbot.waitUntil(lambda number=number: len(anew) > number)
        session = come_back(qtbot, open_window, workspace_folder)
    told = next(each for each in open_window.findChildren(KeptWords) if each.isVisible())
    assert TYPED in told.words.toPlainText()
    told.close()
    assert open_window.locker.keeping.pending != []
    again = assign(open_window)
    assert again.words == TYPED
    assert open_window.locker.keeping.pending == []
    again.close()
    session.close()


def test_what_comes_back_can_be_thrown_away(
    qtbot: QtBot, open_window: MainWindow, anew: list[Locked], workspace_folder: Path
) -> None:
    assign(open_window).text.setPlainText(TYPED)
    open_window.deeds.lock()
    wait_until_anew(qtbot, anew)
    session = come_back(qtbot, open_window, workspace_folder)
    next(each for each in open_window.findChildren(KeptWords) if each.isVisible()).throw.click()
    assert open_window.locker.keeping.pending == []
    open_window.leave()
    assert list((workspace_folder / "drafts").iterdir()) == []
    session.close()


def test_a_new_offender_half_entered_comes_back(
    qtbot: QtBot, open_window: MainWindow, anew: list[Locked], workspace_folder: Path
) -> None:
    open_window.deeds.add_offender()
    open_window.locker.keeping.look()
    form = open_window.findChildren(OffenderDialog)[0]
    form.surname.setText("CANARYBIRD")
    form.notes.setPlainText(TYPED)
    open_window.deeds.lock()
    wait_until_anew(qtbot, anew)
    session = come_back(qtbot, open_window, workspace_folder)
    again = next(each for each in open_window.findChildren(OffenderDialog) if each.isVisible())
    assert (again.surname.text(), again.notes.toPlainText()) == ("CANARYBIRD", TYPED)
    again.close()
    session.close()


def test_a_form_in_which_nothing_was_typed_is_not_kept(qtbot: QtBot, open_window: MainWindow, anew: list[Locked]) -> None:
    open_visit(qtbot, open_window)
    open_window.deeds.lock()
    assert not wait_until_anew(qtbot, anew).unfinished


def test_a_form_that_was_being_saved_does_not_come_back(
    qtbot: QtBot, open_window: MainWindow, anew: list[Locked], workspace_folder: Path
) -> None:
    """Else the visit would be recorded twice."""
    form = open_visit(qtbot, open_window)
    form.note.setPlainText(TYPED)
    form.lead.setCurrentIndex(1)
    form.partner.setCurrentIndex(3)
    form.record()
    assert form.error_words == ""
    open_window.deeds.lock()
    assert not wait_until_anew(qtbot, anew).unfinished
    session = come_back(qtbot, open_window, workspace_folder)
    assert [each for each in open_window.findChildren(VisitDialog) if each.isVisible()] == []
    session.close()


def test_one_comes_back_to_the_page_the_offender_and_his_open_file(
    qtbot: QtBot, open_window: MainWindow, anew: list[Locked], workspace_folder: Path
) -> None:
    page = open_window.page
    assert page is not None
    page.caseload.table.select("SYN-9")
    page.caseload.open_file()
    qtbot.waitUntil(lambda: not open_window.tasks.running)
    page.show_view("workload")
    open_window.deeds.lock()
    wait_until_anew(qtbot, anew)
    session = come_back(qtbot, open_window, workspace_folder)
    page = open_window.page
    assert page is not None
    assert page.current_key == "workload"
    assert page.caseload.table.current is not None
    assert page.caseload.table.current.offender.ref == "SYN-9"
    assert open_file() == "SYN-9"
    session.close()


def test_work_that_was_stopped_is_named(
    qtbot: QtBot, open_window: MainWindow, anew: list[Locked], workspace_folder: Path
) -> None:
    from mosovo_planner.domain.progress import Progress, Reporter

    def search(report: Reporter) -> None:
        while True:
            report(Progress("Searching"))

    open_window.tasks.run("Proposing an allocation", search, done=lambda _: None)
    open_window.deeds.lock()
    assert wait_until_anew(qtbot, anew).unfinished
    session = come_back(qtbot, open_window, workspace_folder)
    boxes = [each for each in QApplication.topLevelWidgets() if type(each).__name__ == "QMessageBox" and each.isVisible()]
    assert "Proposing an allocation" in boxes[0].informativeText()  # type: ignore[attr-defined]
    for each in boxes:
        each.close()
    session.close()


def test_policy_changes_not_in_force_come_back(
    qtbot: QtBot, open_window: MainWindow, anew: list[Locked], workspace_folder: Path
) -> None:
    from dataclasses import replace

    page = open_window.page
    assert page is not None
    page.show_view("policy")
    policy: Any = page.views["policy"]
    qtbot.waitUntil(lambda: policy.view is not None)
    policy._draft["plan.due_ahead_days"] = replace(policy.view.policy.values["plan.due_ahead_days"], value=21)
    policy._draft_changed()
    open_window.deeds.lock()
    assert wait_until_anew(qtbot, anew).unfinished
    session = come_back(qtbot, open_window, workspace_folder)
    page = open_window.page
    assert page is not None
    again: Any = page.views["policy"]
    qtbot.waitUntil(lambda: again.view is not None)
    assert again.policy().whole("plan.due_ahead_days") == 21
    assert again.save_button.isEnabled()
    for each in QApplication.topLevelWidgets():
        if type(each).__name__ == "QMessageBox":
            each.close()
    session.close()


@pytest.mark.parametrize("fault", ["disk", "form"])
def test_where_something_fails_the_lock_goes_on_and_says_so(
    fault: str, qtbot: QtBot, open_window: MainWindow, anew: list[Locked], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_given: object) -> None:
        raise OSError(28, "No space left on device") if fault == "disk" else KeyError("a fault of a form")

    if fault == "disk":
        monkeypatch.setattr(DraftBox, "keep", refused)
    else:
        monkeypatch.setattr(Keeping, "draft", refused)
    form = open_visit(qtbot, open_window)
    form.note.setPlainText(TYPED)
    open_window.deeds.lock()
    assert shown() == []
    locked = wait_until_anew(qtbot, anew)
    assert locked.lost
    open_window.welcome.show_locked(locked)
    assert "could not be kept" in open_window.welcome.sign_in.locked.text()


def test_only_who_typed_it_can_read_it(
    qtbot: QtBot, open_window: MainWindow, anew: list[Locked], workspace_folder: Path, tmp_path: Path
) -> None:
    """Not in any file, not by another user; and not where it is about somebody who was erased since."""
    from mosovo_planner.store.base.names import KdfParameters
    from mosovo_planner.store.members import add_member

    assert open_window.desk is not None
    add_member(
        open_window.desk.session.workspace, "PC Other", "another long phrase", Role.SUPERVISOR, kdf=KdfParameters(8192, 1, 1)
    )
    form = open_visit(qtbot, open_window)
    form.note.setPlainText(TYPED)
    open_window.deeds.lock()
    wait_until_anew(qtbot, anew)
    assert list((workspace_folder / "drafts").iterdir())
    bodies = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert not any(secret in body for body in bodies for secret in (b"SYN-2", TYPED.encode()))
    other = open_session(str(workspace_folder), "PC Other", "another long phrase")
    assert drafts.kept_draft(other) is None
    other.close()
    own = open_session(str(workspace_folder), USER, PASSPHRASE)
    kept = drafts.kept_draft(own)
    assert kept is not None
    assert kept.forms[0].about == "SYN-2"
    with own.workspace.transaction() as unit:
        unit.delete_offenders(["SYN-2"], reason="invented for this test")
    less = drafts.kept_draft(own)
    assert less is not None
    assert (less.forms, less.ref) == ((), ""), "what is about somebody who is gone does not come back"
    own.close()


def test_leaving_with_nothing_unfinished_leaves_nothing_behind(
    qtbot: QtBot, open_window: MainWindow, anew: list[Locked], workspace_folder: Path
) -> None:
    open_window.deeds.lock()
    wait_until_anew(qtbot, anew)
    come_back(qtbot, open_window, workspace_folder)
    open_window.leave()
    assert list((workspace_folder / "drafts").iterdir()) == []


def test_hiding_can_be_asked_for_with_nothing_open(qtbot: QtBot, qapp: QApplication) -> None:
    hide_all()
    QGuiApplication.setQuitOnLastWindowClosed(True)


def test_the_next_sign_in_page_names_the_workspace_and_the_reason(window: MainWindow) -> None:
    window.welcome.show_locked(Locked("idle", "/data/Team.vp", "Sgt Sample", unfinished=True))
    form = window.welcome.sign_in
    assert (form.address.currentText(), form.user.text()) == ("/data/Team.vp", "Sgt Sample")
    assert "nobody used the window" in form.locked.text()
    assert "kept encrypted" in form.locked.text()
    assert form.passphrase.hasFocus()
