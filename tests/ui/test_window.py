"""The main window: sign in, move about by keyboard, close cleanly, give nothing away."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox, QScrollBar, QWidget
from pytestqt.qtbot import QtBot

from mosovo_planner.domain.record import Operation
from mosovo_planner.domain.roles import Permission, Role
from mosovo_planner.office.session import Session
from mosovo_planner.ui.actions import ACTIONS, VIEWS, keys_of
from mosovo_planner.ui.audit.export import ExportDialog
from mosovo_planner.ui.deeds import Deeds
from mosovo_planner.ui.dialogs.import_dialog import ImportDialog
from mosovo_planner.ui.dialogs.visit import VisitDialog
from mosovo_planner.ui.main_window import MainWindow
from mosovo_planner.ui.sign_in_form import strength
from tests.ui.conftest import PASSPHRASE, USER


def sign_in(window: MainWindow, address: Path, passphrase: str = PASSPHRASE) -> None:
    form = window.welcome.sign_in
    form.address.setEditText(str(address))
    form.user.setText(USER)
    QTest.keyClicks(form.passphrase, passphrase)
    QTest.keyClick(form.passphrase, Qt.Key.Key_Return)


# Signing in


def test_signing_in_opens_the_caseload(qtbot: QtBot, window: MainWindow, workspace_folder: Path) -> None:
    sign_in(window, workspace_folder)
    qtbot.waitUntil(lambda: window.page is not None and len(window.page.caseload.table.visible_rows) == 60)
    assert window.windowTitle().startswith("Invented.vp")
    assert window.welcome.sign_in.passphrase.text() == ""
    window.deeds.lock()
    qtbot.waitUntil(lambda: window.page is None)
    qtbot.waitUntil(lambda: not window.tasks.running)


def test_a_wrong_pass_phrase_is_told_in_the_form(qtbot: QtBot, window: MainWindow, workspace_folder: Path) -> None:
    sign_in(window, workspace_folder, "not the pass phrase")
    form = window.welcome.sign_in
    qtbot.waitUntil(lambda: form.error.text() != "")
    assert "pass phrase is not right" in form.error.text()
    assert form.isEnabled()
    assert window.page is None


@pytest.mark.parametrize(
    ("field", "words"), [("address", "Choose the workspace"), ("user", "Give the name"), ("passphrase", "pass phrase")]
)
def test_what_is_missing_is_said(window: MainWindow, field: str, words: str) -> None:
    form = window.welcome.sign_in
    form.address.setEditText("/somewhere")
    form.user.setText(USER)
    form.passphrase.setText("x")
    if field == "address":
        form.address.setEditText("")
    else:
        getattr(form, field).clear()
    form.submit()
    assert words in form.error.text()


def test_a_new_workspace_is_made_and_opened(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    window.deeds.new_workspace()
    form = window.welcome.create_form
    form.folder.setText(str(tmp_path / "Team.vp"))
    form.user.setText(USER)
    form.passphrase.setText(PASSPHRASE)
    form.again.setText("something else entirely")
    form.submit()
    assert "differ" in form.error.text()
    form.again.setText(PASSPHRASE)
    form.submit()
    qtbot.waitUntil(lambda: window.page is not None, timeout=10_000)
    qtbot.waitUntil(lambda: window.desk is not None and window.desk.view is not None)
    assert "Import the team's tracker" in window.page.caseload.panel.empty_words  # type: ignore[union-attr]
    window.deeds.lock()


def test_a_pass_phrase_is_judged_by_length_and_variety() -> None:
    assert strength("short") == "Too short: 7 more."
    assert strength("aaaaaaaaaaaaaaa").startswith("Weak")
    assert strength("plainwordword") == "Fair. Another word makes it strong."
    assert strength(PASSPHRASE) == "Strong."


def test_the_pass_phrase_is_kept_nowhere(
    qtbot: QtBot, window: MainWindow, workspace_folder: Path, tmp_path: Path
) -> None:
    sign_in(window, workspace_folder)
    qtbot.waitUntil(lambda: window.page is not None)
    window.deeds.lock()
    qtbot.waitUntil(lambda: window.page is None)
    qtbot.waitUntil(lambda: not window.tasks.running)
    for path in tmp_path.rglob("*"):
        if path.is_file():
            assert PASSPHRASE.encode() not in path.read_bytes(), path.name


# Moving about


def test_control_and_a_number_goes_to_each_view(qtbot: QtBot, open_window: MainWindow) -> None:
    page = open_window.page
    assert page is not None
    for number, (key, title) in enumerate(VIEWS[:10], start=1):
        qtbot.keyClick(open_window, Qt.Key(Qt.Key.Key_0 + number % 10), Qt.KeyboardModifier.ControlModifier)
        assert page.current_key == key, title
        assert open_window.actions_by_name[f"show_{key}"].isChecked()
    qtbot.waitUntil(lambda: not open_window.tasks.running)


def test_control_f_goes_to_the_search_line(qtbot: QtBot, open_window: MainWindow) -> None:
    page = open_window.page
    assert page is not None
    for key in ("caseload", "outstanding", "workload"):
        page.show_view(key)
        qtbot.keyClick(open_window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
        assert page.current.panel.search.hasFocus()  # type: ignore[attr-defined]


def test_every_action_stands_in_a_menu_and_has_its_deed(window: MainWindow) -> None:
    in_menus = {
        action for menu in window.menuBar().actions() for action in (menu.menu().actions() if menu.menu() else [])
    }
    for spec in ACTIONS:
        assert window.actions_by_name[spec.name] in in_menus
        assert spec.checkable or callable(getattr(Deeds, spec.name))


def test_no_two_actions_share_a_key(qapp: QApplication) -> None:
    keys = [key.toString() for spec in ACTIONS for key in keys_of(spec)]
    assert len(keys) == len(set(keys))


def test_without_a_workspace_only_what_needs_none_can_be_done(window: MainWindow) -> None:
    enabled = {spec.name for spec in ACTIONS if window.actions_by_name[spec.name].isEnabled()}
    assert enabled == {spec.name for spec in ACTIONS if not spec.workspace}


def test_a_role_that_may_not_import_finds_it_disabled_with_the_reason(
    open_window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Session, "role", Role.MANAGER)
    open_window.refresh_permissions()
    action = open_window.actions_by_name["import_tracker"]
    assert not action.isEnabled()
    assert "role" in action.statusTip()


def test_the_number_without_position_leads_to_them(open_window: MainWindow) -> None:
    page = open_window.page
    assert page is not None
    missing = sum(case.offender.position is None for case in page.caseload.table.table_model.rows)
    assert open_window.status_bar.missing.text() == f"{missing} without a position"
    open_window.status_bar.missing.click()
    assert len(page.caseload.table.visible_rows) == missing


def test_an_overdue_offender_opens_on_the_caseload(qtbot: QtBot, open_window: MainWindow) -> None:
    page = open_window.page
    assert page is not None
    page.show_view("outstanding")
    page.outstanding.table.selectRow(0)
    wanted = page.outstanding.table.current
    qtbot.keyClick(page.outstanding.table, Qt.Key.Key_Return)
    assert page.current_key == "caseload"
    assert wanted is not None
    assert page.caseload.table.current is not None
    assert page.caseload.table.current.offender.ref == wanted.offender.ref


def test_a_managers_cases_open_from_the_workload(open_window: MainWindow) -> None:
    page = open_window.page
    assert page is not None
    page.open_manager("OM03")
    assert {case.offender.manager for case in page.caseload.table.visible_rows} == {"OM03"}


def test_the_columns_menu_has_those_of_the_view_on_show(open_window: MainWindow) -> None:
    page = open_window.page
    assert page is not None
    page.show_view("workload")
    menu = open_window.columns_menu
    menu.aboutToShow.emit()
    assert "Load against capacity" in [action.text() for action in menu.actions()]


def test_the_look_can_be_switched(open_window: MainWindow) -> None:
    open_window.choose_look("dark")
    assert open_window.settings.theme == "dark"
    assert open_window.palette().window().color().lightness() < 80
    open_window.choose_look("light")


# Out of the window


def test_exporting_writes_what_is_on_show_and_records_it(
    qtbot: QtBot, open_window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = open_window.page
    assert page is not None
    target = tmp_path / "out.csv"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    page.open_manager("OM01")
    open_window.deeds.export_table()
    dialog = open_window.findChildren(ExportDialog)[-1]
    dialog.recipient.setText("DI Sample")
    dialog.reason.setText("Supervision")
    dialog.take()
    qtbot.waitUntil(lambda: target.exists() and not open_window.tasks.running)
    text = target.read_text(encoding="utf-8-sig")
    assert "OFFICIAL-SENSITIVE" in text
    assert text.count("SYN-") == len(page.caseload.table.visible_rows)
    assert open_window.desk is not None
    with open_window.desk.session.unit(Permission.AUDIT) as unit:
        told = [(use.recipient, use.reason) for use in unit.uses(limit=5) if use.operation is Operation.DISCLOSURE]
    assert told == [("DI Sample", "Supervision")]


def test_copying_is_recorded(qtbot: QtBot, open_window: MainWindow) -> None:
    page = open_window.page
    assert page is not None
    assert open_window.desk is not None
    page.caseload.table.select("SYN-2")
    open_window.deeds.copy()
    qtbot.waitUntil(lambda: not open_window.tasks.running)
    with open_window.desk.session.unit(Permission.AUDIT) as unit:
        assert any(use.medium == "copy" for use in unit.uses(limit=5))


# Giving nothing away


def names_of_everybody(window: MainWindow) -> Iterator[str]:
    assert window.page is not None
    for case in window.page.caseload.table.table_model.rows:
        yield from (case.offender.surname, case.offender.ref, case.offender.postcode)


def test_no_window_title_holds_anything_about_a_person(qtbot: QtBot, qapp: QApplication, open_window: MainWindow) -> None:
    page, desk = open_window.page, open_window.desk
    assert page is not None
    assert desk is not None
    page.caseload.table.select("SYN-1")
    qtbot.waitUntil(lambda: page.caseload.detail.file is not None)
    case = page.caseload.table.current
    assert case is not None
    dialogs = [VisitDialog(desk, case.offender, open_window), ImportDialog(desk, open_window)]
    for dialog in dialogs:
        dialog.open()
    titles = " ".join(widget.windowTitle() for widget in qapp.topLevelWidgets())
    assert not any(word in titles for word in set(names_of_everybody(open_window)))
    for dialog in dialogs:
        dialog.close()
    qtbot.waitUntil(lambda: not open_window.tasks.running)


def test_settings_hold_nothing_about_a_person(qtbot: QtBot, open_window: MainWindow, tmp_path: Path) -> None:
    page = open_window.page
    assert page is not None
    page.caseload.panel.search.setText("TESTER")
    page.caseload.panel.apply_search()
    page.caseload.table.horizontalHeader().resizeSection(1, 222)
    open_window.close()
    text = (tmp_path / "window.ini").read_text(encoding="utf-8")
    assert not any(word in text for word in ("TESTER", "SYN-", "ZZ"))


def test_everything_that_takes_the_keyboard_has_a_name(qtbot: QtBot, open_window: MainWindow) -> None:
    page = open_window.page
    assert page is not None
    page.caseload.table.select("SYN-1")
    qtbot.waitUntil(lambda: page.caseload.detail.file is not None)
    for key in ("caseload", "outstanding", "workload", "offduty", "visor"):
        page.show_view(key)
    nameless = [widget for widget in open_window.findChildren(QWidget) if _takes_keyboard(widget) and not _spoken(widget)]
    assert [f"{type(widget).__name__} in {type(widget.parentWidget()).__name__}" for widget in nameless] == []


def _takes_keyboard(widget: QWidget) -> bool:
    own = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus) and widget.focusProxy() is None
    inner = widget.objectName().startswith("qt_") or isinstance(widget, QScrollBar)
    return own and not inner and widget.isEnabled() and not widget.isHidden()


def _spoken(widget: QWidget) -> str:
    interface = QAccessible.queryAccessibleInterface(widget)
    return str(interface.text(QAccessible.Text.Name)) if interface else ""


# Closing


def test_closing_while_work_runs_stops_it_first(qtbot: QtBot, open_window: MainWindow) -> None:
    from mosovo_planner.domain.progress import Progress, Reporter

    running = threading.Event()

    def work(report: Reporter) -> None:
        while True:
            report(Progress("Searching"))
            running.set()

    said: list[str] = []
    open_window.tasks.run("Searching", work, done=lambda _: said.append("done"), cancelled=lambda: said.append("cancelled"))
    assert running.wait(10)
    open_window.close()
    qtbot.waitUntil(lambda: not open_window.isVisible())
    assert said == ["cancelled"]
    assert open_window.page is None


def test_an_error_nobody_foresaw_is_shown_without_its_words(qtbot: QtBot, qapp: QApplication, open_window: MainWindow) -> None:
    from mosovo_planner.ui.errors import CrashDialog

    def work(_report: object) -> None:
        raise RuntimeError("TESTER of 1 Secret Street")

    open_window.tasks.run("Failing", work, done=lambda _: None)
    qtbot.waitUntil(lambda: bool(open_window.findChildren(CrashDialog)))
    dialog = open_window.findChildren(CrashDialog)[0]
    assert "TESTER" not in dialog.report
    dialog.close()


def test_a_refusal_is_shown_as_plain_text(qtbot: QtBot, open_window: MainWindow) -> None:
    from mosovo_planner.domain.errors import UserError

    def work(_report: object) -> None:
        raise UserError("The sheet <b>Staff</b> is empty.")

    open_window.tasks.run("Failing", work, done=lambda _: None)
    qtbot.waitUntil(lambda: bool(open_window.findChildren(QMessageBox)))
    box = open_window.findChildren(QMessageBox)[0]
    assert box.textFormat() is Qt.TextFormat.PlainText
    assert box.informativeText() == "The sheet <b>Staff</b> is empty."
    box.close()


def test_todays_backup_is_made_once_the_window_is_quiet(qtbot: QtBot, open_window: MainWindow) -> None:
    desk = open_window.desk
    assert desk is not None
    folder = desk.session.workspace.folder
    assert folder is not None
    open_window._backup_soon.start(0)
    qtbot.waitUntil(lambda: "backup was made" in open_window.statusBar().currentMessage())
    made = list((folder / "backups").iterdir())
    assert len(made) == 1
    assert made[0].name.endswith("-daily")
    open_window._back_up_if_due()
    qtbot.waitUntil(lambda: not open_window.tasks.running)
    assert list((folder / "backups").iterdir()) == made, "one a day is enough"
