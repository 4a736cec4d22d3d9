"""Records of another team and restricted records in the window. All people are invented."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from mosovo_planner.domain.roles import Permission, Role
from mosovo_planner.office.need_to_know import restriction_of
from mosovo_planner.office.session import Session
from mosovo_planner.store.workspace import Workspace
from mosovo_planner.ui.desk import Desk
from mosovo_planner.ui.dialogs.need_to_know import NoticeDialog, OpenDialog, RestrictDialog
from mosovo_planner.ui.dialogs.search import WhoDialog
from mosovo_planner.ui.settings import Settings
from mosovo_planner.ui.tasks import Tasks
from mosovo_planner.ui.views.waiting import WaitingPage
from tests.ui import invented

WHY = "Met him on patrol with a child; need to know what is agreed."


@pytest.fixture
def teams(session: Session) -> Session:
    """Every manager is a team of his own."""
    with session.unit(Permission.RECORD) as unit:
        unit.save_managers([replace(each, team=f"Team {each.id}") for each in unit.managers()])
    return session


@pytest.fixture
def officer(teams: Session, qtbot: QtBot, tasks: Tasks, settings: Settings) -> Desk:
    """The desk of an offender manager of one team."""
    with teams.unit(Permission.KEEP_KEYS) as unit:
        team = unit.managers()[0].team
        account = unit.add_account("PC Team", Role.OFFENDER_MANAGER, team=team)
    inside = teams.workspace.insides
    actor = replace(inside.actor, user=account.name, role=account.role, team=team, signing=None)
    made = Desk(Session(Workspace(inside.place, inside.engine, account, actor)), tasks, settings)
    with qtbot.waitSignal(made.loaded):
        made.as_of = invented.AS_OF
    return made


def _refs(desk: Desk) -> set[str]:
    assert desk.view is not None
    return {case.offender.ref for case in desk.view.cases}


def test_a_record_of_another_team_is_opened_with_a_reason_and_the_supervisor_sees_why(
    officer: Desk, teams: Session, qtbot: QtBot, tasks: Tasks, settings: Settings
) -> None:
    with teams.unit(Permission.VIEW) as unit:
        him = next(each for each in unit.offenders() if each.ref not in _refs(officer))
    dialog = WhoDialog(officer)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.panel.question.setText(him.ref)
    dialog.panel.ask()
    qtbot.waitUntil(lambda: dialog.panel.shown is not None and not tasks.running)
    dialog.open_button.click()
    asking = dialog.findChild(OpenDialog)
    assert asking is not None
    asking.act.click()
    assert asking.error_words == "Say why."
    asking.reason.setPlainText(WHY)
    with qtbot.waitSignal(dialog.offender_wanted) as wanted:
        asking.act.click()
    assert wanted.args == [him.ref]
    assert him.ref in _refs(officer)

    sergeant = Desk(teams, tasks, settings)
    with qtbot.waitSignal(sergeant.loaded):
        sergeant.as_of = invented.AS_OF
    page = WaitingPage(sergeant)
    qtbot.addWidget(page)
    with qtbot.waitSignal(page.counted):
        page.load()
    (notice,) = [each for each in page.table.visible_rows if each.what.startswith("Record of another team")]
    assert (notice.words, notice.who, notice.ref) == (WHY, "PC Team", him.ref)
    page.table.select(notice.key)
    page.act.click()
    shown = page.findChild(NoticeDialog)
    assert shown is not None
    with qtbot.waitSignal(shown.accepted):
        shown.act.click()
    with qtbot.waitSignal(page.counted):
        page.load()
    assert not any(each.key == notice.key for each in page.table.visible_rows)


def test_a_record_is_restricted_to_those_ticked_and_set_free_again(
    officer: Desk, teams: Session, desk: Desk, qtbot: QtBot
) -> None:
    ref = min(_refs(officer))
    him = next(case.offender for case in desk.view.cases if case.offender.ref == ref) if desk.view else None
    assert him is not None
    dialog = RestrictDialog(desk, him, *restriction_of(teams, ref))
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.reason.setPlainText("A relative of his works in the team.")
    assert dialog.ticked == ()
    with qtbot.waitSignal(dialog.accepted):
        dialog.act.click()
    with qtbot.waitSignal(officer.loaded):
        officer.reload()
    assert ref not in _refs(officer)

    again = RestrictDialog(desk, him, *restriction_of(teams, ref))
    qtbot.addWidget(again)
    again.show()
    items = [again.named.item(row) for row in range(again.named.count())]
    next(each for each in items if each.text() == "PC Team").setCheckState(Qt.CheckState.Checked)
    again.reason.setPlainText("He holds the case and has to know.")
    with qtbot.waitSignal(again.accepted):
        again.act.click()
    with qtbot.waitSignal(officer.loaded):
        officer.reload()
    assert ref in _refs(officer)

    last = RestrictDialog(desk, him, *restriction_of(teams, ref))
    qtbot.addWidget(last)
    last.show()
    assert last.ticked == ("PC Team",)
    last.reason.setPlainText("The relative has left the force.")
    with qtbot.waitSignal(last.accepted):
        last.also[0].click()
    assert restriction_of(teams, ref)[0] is None
