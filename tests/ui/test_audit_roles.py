"""What each role sees: a table of roles and pages, and a walk of those who may see no case content through everything."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QDialog,
    QFileDialog,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from mosovo_planner.domain.roles import Permission, Role
from mosovo_planner.office.session import Session, open_session
from mosovo_planner.store.base.names import KdfParameters
from mosovo_planner.store.members import add_member, change_passphrase
from mosovo_planner.ui.actions import ACTIONS, VIEWS
from mosovo_planner.ui.main_window import MainWindow
from tests.ui.conftest import PASSPHRASE, USER

CASE = ("caseload", "outstanding", "workload", "allocation", "plan", "offduty", "visor", "policy", "performance")
PAGES = {
    Role.OFFENDER_MANAGER: CASE,
    Role.SUPERVISOR: (*CASE, "users", "audit"),
    Role.MANAGER: (*CASE, "audit"),
    Role.ADMINISTRATOR: ("users",),
    Role.AUDITOR: ("audit",),
    Role.FRONTLINE: (),
}
CHEAP = KdfParameters(8 * 1024, 1, 1)


@pytest.fixture(scope="module")
def peopled(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The invented workspace with a user of each role, who has chosen his own pass phrase."""
    folder = Path(shutil.copytree(template, tmp_path_factory.mktemp("peopled") / "Invented.vp"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MOSOVO_STATE_DIR", str(folder.parent / "state"))
        session = open_session(str(folder), USER, PASSPHRASE)
        for role in Role:
            add_member(session.workspace, f"User {role.value}", "first phrase given", role, kdf=CHEAP)
        session.close()
        for role in Role:
            own = open_session(str(folder), f"User {role.value}", "first phrase given")
            change_passphrase(own.workspace, "first phrase given", PASSPHRASE, kdf=CHEAP)
            own.close()
    return folder


def enter_as(qtbot: QtBot, window: MainWindow, peopled: Path, tmp_path: Path, role: Role) -> Session:
    folder = Path(shutil.copytree(peopled, tmp_path / "Peopled.vp"))
    session = open_session(str(folder), f"User {role.value}", PASSPHRASE)
    window.enter(session)
    qtbot.waitUntil(lambda: not window.tasks.running)
    return session


@pytest.mark.parametrize("role", list(Role))
def test_each_role_has_its_pages_and_its_actions(
    role: Role, qtbot: QtBot, window: MainWindow, peopled: Path, tmp_path: Path
) -> None:
    session = enter_as(qtbot, window, peopled, tmp_path, role)
    page = window.page
    assert page is not None
    assert page.keys == PAGES[role]
    offered = tuple(key for key, each in page.navigation.buttons.items() if not each.isHidden())
    assert offered == PAGES[role]
    for spec in ACTIONS:
        allowed = spec.needs is None or session.may(spec.needs)
        assert window.actions_by_name[spec.name].isEnabled() is allowed, spec.name
    if PAGES[role]:
        assert page.current_key == PAGES[role][0]
    if role is Role.SUPERVISOR:
        assert any("SAMPLE" in each for each in words()), "who may see names sees them, so that this look would find them"


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.AUDITOR])
def test_who_may_see_no_case_content_sees_none_anywhere(
    role: Role, qtbot: QtBot, window: MainWindow, peopled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every page, the forbidden ones too as if a way had been found to them, and every action whether enabled or not."""
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_given: ("", ""))
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_given: ([], ""))
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_given: (str(tmp_path / "leak.csv"), ""))
    supervisor = open_session(str(shutil.copytree(peopled, tmp_path / "Looked.vp")), USER, PASSPHRASE)
    with supervisor.unit(Permission.VIEW) as unit:
        offenders = unit.caseload().offenders
    supervisor.close()
    secrets = {each.surname for each in offenders} | {each.address for each in offenders} | {each.postcode for each in offenders}
    if role is Role.ADMINISTRATOR:
        secrets |= {each.ref for each in offenders}
    session = enter_as(qtbot, window, peopled, tmp_path, role)
    assert window.page is not None
    for key, _title in VIEWS:
        window.page.show_view(key)
        qtbot.waitUntil(lambda: not window.tasks.running)
        assert_none(secrets, key)
    window.page.show_view("users" if role is Role.ADMINISTRATOR else "audit")
    skipped = {"quit", "new_workspace", "open_workspace", "lock"}
    for spec in ACTIONS:
        if spec.name not in skipped and not spec.checkable:
            getattr(window.deeds, spec.name)()
            qtbot.waitUntil(lambda: not window.tasks.running)
            assert_none(secrets, spec.name)
    if role is Role.AUDITOR:
        look = window.page.views["audit"].unusual  # type: ignore[attr-defined]
        look.look()
        qtbot.waitUntil(lambda: not window.tasks.running)
        assert_none(secrets, "unusual use")
    written = [path for path in (tmp_path / "leak.csv", tmp_path / "leak.xlsx") if path.exists()]
    assert not any(secret and secret in path.read_text(encoding="utf-8-sig") for path in written for secret in secrets)
    with session.workspace.transaction() as unit:
        mine = [use for use in unit.uses(None, actor=session.user) if use.ref or use.subject == "caseload"]
    assert mine == [], "nothing of the caseload was even read"


def assert_none(secrets: set[str], where: str) -> None:
    shown = "\n".join(words())
    found = sorted(each for each in secrets if each and each in shown)
    assert found == [], f"{where} shows {found[:3]}"
    for each in QApplication.topLevelWidgets():
        if isinstance(each, QDialog) and each.isVisible():
            each.done(0)


def words() -> Iterator[str]:
    """Every word in any widget of the program, hidden ones too; of long lists the first lines."""
    for top in QApplication.topLevelWidgets():
        yield top.windowTitle()
        for widget in top.findChildren(QWidget):
            yield widget.toolTip()
            yield widget.accessibleName()
            if isinstance(widget, (QLabel, QLineEdit, QAbstractButton)):
                yield widget.text()
            elif isinstance(widget, QPlainTextEdit):
                yield widget.toPlainText()
            elif isinstance(widget, QAbstractItemView) and widget.model() is not None:
                model = widget.model()
                for line in range(min(70, model.rowCount())):
                    for column in range(model.columnCount()):
                        yield str(model.index(line, column).data(Qt.ItemDataRole.DisplayRole) or "")
