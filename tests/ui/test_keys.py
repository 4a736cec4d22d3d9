"""Users and keys: letting in, first pass phrases, roles, taking access away, the recovery code."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from mosovo_planner.domain.errors import UserError
from mosovo_planner.domain.roles import Permission, Role
from mosovo_planner.office import members as office
from mosovo_planner.office.session import Session, open_session
from mosovo_planner.store import members as store_members
from mosovo_planner.store.base.errors import NotAllowed, WeakPassphrase, WrongPassphrase
from mosovo_planner.store.base.names import KdfParameters
from mosovo_planner.ui.desk import Desk
from mosovo_planner.ui.keys.dialogs import LetInDialog, PassphraseDialog, RoleDialog, TakeAccessDialog
from mosovo_planner.ui.keys.page import LeftBackups, UsersPage
from mosovo_planner.ui.keys.recovery import RecoveryDialog
from mosovo_planner.ui.main_window import MainWindow
from tests.ui.conftest import PASSPHRASE, USER

FIRST, OWN = "first phrase handed over", "my very own long phrase"


@pytest.fixture(autouse=True)
def cheap_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2id as dear as in earnest would make these tests slow and prove nothing more."""
    monkeypatch.setattr(store_members, "KdfParameters", lambda: KdfParameters(8 * 1024, 1, 1))


@pytest.fixture
def page(qtbot: QtBot, desk: Desk) -> UsersPage:
    made = UsersPage(desk)
    qtbot.addWidget(made)
    qtbot.waitUntil(lambda: made.view is not None)
    return made


def settled(qtbot: QtBot, page: UsersPage) -> None:
    qtbot.waitUntil(lambda: not page._desk.tasks.running)


def let_in(qtbot: QtBot, page: UsersPage, name: str = "PC New 77", role: Role = Role.OFFENDER_MANAGER) -> None:
    page.let_in()
    dialog = page.findChildren(LetInDialog)[-1]
    dialog.name.setText(name)
    dialog.role.setCurrentIndex(dialog.role.findData(role))
    dialog.first.setText(FIRST)
    dialog.again.setText(FIRST)
    dialog.keep()
    settled(qtbot, page)
    assert name in states(page)


def states(page: UsersPage) -> dict[str, str]:
    return {each.name: each.state for each in page.table.table_model.rows}


def test_everybody_is_listed_with_role_and_state(qtbot: QtBot, page: UsersPage) -> None:
    assert states(page) == {USER: "Active"}
    assert "1 user with access" in page.heading.text()
    assert "No recovery code was made" in page.note.text()
    page.table.select(USER)
    assert not page.take_button.isEnabled(), "nobody shuts himself out"
    assert not page.role_button.isEnabled()


def test_somebody_let_in_changes_his_first_pass_phrase_before_anything_is_shown(
    qtbot: QtBot, window: MainWindow, workspace_folder: Path
) -> None:
    session = open_session(str(workspace_folder), USER, PASSPHRASE)
    office.let_in(session, "PC New 77", FIRST, Role.OFFENDER_MANAGER)
    assert {each.name: each.state for each in office.view_members(session).members}["PC New 77"] == "First pass phrase"
    session.close()
    form = window.welcome.sign_in
    form.address.setEditText(str(workspace_folder))
    form.user.setText("PC New 77")
    form.passphrase.setText(FIRST)
    form.submit()
    change = window.welcome.first_change
    qtbot.waitUntil(change.isVisible)
    assert window.page is None
    change.old.setText(FIRST)
    for new, again, words in ((FIRST, FIRST, "is the old one"), ("short", "short", "at least"), (OWN, "else", "differ")):
        change.passphrase.setText(new)
        change.again.setText(again)
        change.submit()
        assert words in change.error.text()
    change.again.setText(OWN)
    change.submit()
    qtbot.waitUntil(lambda: window.page is not None)
    qtbot.waitUntil(lambda: not window.tasks.running)
    window.leave()
    qtbot.waitUntil(lambda: not window.tasks.running)
    again_in = open_session(str(workspace_folder), "PC New 77", OWN)
    assert not office.must_change_passphrase(again_in)
    again_in.close()


def test_going_back_from_the_first_change_closes_the_workspace(qtbot: QtBot, window: MainWindow, workspace_folder: Path) -> None:
    session = open_session(str(workspace_folder), USER, PASSPHRASE)
    office.let_in(session, "PC New 77", FIRST, Role.OFFENDER_MANAGER)
    session.close()
    form = window.welcome.sign_in
    form.address.setEditText(str(workspace_folder))
    form.user.setText("PC New 77")
    form.passphrase.setText(FIRST)
    form.submit()
    qtbot.waitUntil(window.welcome.first_change.isVisible)
    window.welcome.first_change.back.click()
    open_session(str(workspace_folder), USER, PASSPHRASE).close()


def test_letting_in_from_the_page(qtbot: QtBot, page: UsersPage) -> None:
    let_in(qtbot, page)
    assert states(page) == {USER: "Active", "PC New 77": "First pass phrase"}


@pytest.mark.parametrize(
    ("name", "first", "again", "words"),
    [("", FIRST, FIRST, "Give the name"), ("PC New", "short", "short", "at least"), ("PC New", FIRST, OWN, "differ")],
)
def test_what_is_wrong_with_a_new_user_is_said(
    qtbot: QtBot, page: UsersPage, name: str, first: str, again: str, words: str
) -> None:
    page.let_in()
    dialog = page.findChildren(LetInDialog)[-1]
    dialog.name.setText(name)
    dialog.first.setText(first)
    dialog.again.setText(again)
    dialog.keep()
    assert words in dialog.error_words


def test_a_first_pass_phrase_made_by_chance_is_strong_and_shown(qtbot: QtBot, page: UsersPage) -> None:
    page.let_in()
    dialog = page.findChildren(LetInDialog)[-1]
    dialog.make_one()
    phrase = dialog.first.text()
    assert phrase == dialog.again.text()
    assert len(phrase) >= 16
    assert phrase in dialog.made.text()
    dialog.make_one()
    assert dialog.first.text() != phrase


def test_a_role_is_given_with_a_reason_and_never_ones_own(qtbot: QtBot, page: UsersPage) -> None:
    let_in(qtbot, page)
    page.table.select("PC New 77")
    page.give_role()
    dialog = page.findChildren(RoleDialog)[-1]
    dialog.role.setCurrentIndex(dialog.role.findData(Role.FRONTLINE))
    dialog.keep()
    assert "Give the reason" in dialog.error_words
    dialog.reason.setText("back to response")
    dialog.keep()
    settled(qtbot, page)
    assert {each.name: each.role for each in page.table.table_model.rows}["PC New 77"] is Role.FRONTLINE
    session = page._desk.session
    with pytest.raises(UserError, match="his own role"):
        office.give_role(session, USER, Role.AUDITOR, "for a rest")
    with session.unit(Permission.AUDIT) as unit:
        (entry,) = [use for use in unit.uses(50) if use.reason == "back to response"]
    assert entry.subject == "account PC New 77"


def test_taking_access_away_lists_the_backups_he_still_opens(qtbot: QtBot, page: UsersPage, workspace_folder: Path) -> None:
    from mosovo_planner.office.care import back_up

    let_in(qtbot, page)
    back_up(page._desk.session)
    page.table.select("PC New 77")
    page.take_access()
    dialog = page.findChildren(TakeAccessDialog)[-1]
    dialog.keep()
    assert "Give the reason" in dialog.error_words
    dialog.reason.setText("left the team")
    dialog.keep()
    settled(qtbot, page)
    left = page.findChildren(LeftBackups)[-1]
    assert len(left.list.toPlainText().splitlines()) == 1
    assert states(page)["PC New 77"] == "No access"
    page._desk.session.close()
    with pytest.raises((WrongPassphrase, NotAllowed)):
        open_session(str(workspace_folder), "PC New 77", FIRST)
    open_session(str(workspace_folder), USER, PASSPHRASE).close()


def test_ones_own_pass_phrase_is_changed_by_who_knows_it(qtbot: QtBot, page: UsersPage, workspace_folder: Path) -> None:
    page.change_own()
    dialog = page.findChildren(PassphraseDialog)[-1]
    dialog.old.setText("not the pass phrase")
    dialog.new.setText(OWN)
    dialog.again.setText(OWN)
    dialog.keep()
    settled(qtbot, page)
    assert "not right" in dialog.error_words
    dialog.old.setText(PASSPHRASE)
    dialog.keep()
    settled(qtbot, page)
    page._desk.session.close()
    open_session(str(workspace_folder), USER, OWN).close()


def test_the_recovery_code_is_shown_once_and_opens_the_workspace(qtbot: QtBot, page: UsersPage, workspace_folder: Path) -> None:
    page.ask_for_code()
    box = page.findChildren(QMessageBox)[-1]
    next(each for each in box.buttons() if "Make" in each.text()).click()
    qtbot.waitUntil(lambda: bool(page.findChildren(RecoveryDialog)))
    dialog = page.findChildren(RecoveryDialog)[-1]
    code = dialog._code
    dialog.reject()
    assert dialog.isVisible(), "it does not go by Escape"
    assert not dialog.done_button.isEnabled()
    assert f"\n\t{code.code}\n" in dialog.text(), "on a line of its own, which is printed large"
    assert f"by {USER}" in dialog.text()
    dialog.safe.setChecked(True)
    dialog.done_button.click()
    assert not dialog.isVisible()
    settled(qtbot, page)
    assert "A recovery code was made" in page.note.text()
    assert not any(name.startswith("recovery") for name in states(page))
    page._desk.session.close()
    by_code = open_session(str(workspace_folder), code.user, code.code)
    assert by_code.role is Role.SUPERVISOR
    by_code.close()


def test_on_a_server_the_page_says_what_is_done_there(qtbot: QtBot, page: UsersPage) -> None:
    from dataclasses import replace

    assert page.view is not None
    page._show(replace(page.view, on_server=True))
    assert "mosovo-planner server add-user" in page.note.text()
    acts = (page.add_button, page.role_button, page.take_button, page.own_button, page.code_button)
    assert not any(each.isEnabled() for each in acts)


@pytest.mark.parametrize(
    "deed",
    [
        office.view_members,
        lambda session: office.let_in(session, "X", FIRST, Role.AUDITOR),
        lambda session: office.give_role(session, "X", Role.AUDITOR, "why"),
        lambda session: office.take_access(session, "X", "why"),
        office.new_recovery_code,
    ],
)
def test_who_keeps_no_keys_can_do_none_of_it(
    deed: Callable[[Session], object], session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Session, "role", Role.OFFENDER_MANAGER)
    with pytest.raises(UserError):
        deed(session)


def test_a_new_pass_phrase_that_is_the_old_one_is_refused(session: Session) -> None:
    with pytest.raises(WeakPassphrase):
        office.change_own_passphrase(session, PASSPHRASE, PASSPHRASE)
