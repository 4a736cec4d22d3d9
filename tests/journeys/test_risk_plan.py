"""A visit at which a child was met, the notification, the plan that follows, its two reviews and its paper, in the real window.

Three people work one after the other on one workspace: the offender manager, a sergeant, an inspector. All are invented.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QMessageBox, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from mosovo_planner.domain.clocks import add_months
from mosovo_planner.domain.people import Offender, OffenderManager, Risk, Sex
from mosovo_planner.domain.policy import Policy
from mosovo_planner.domain.record import Operation
from mosovo_planner.domain.roles import Permission, Role
from mosovo_planner.office.caseload import view_offender
from mosovo_planner.office.session import Session, open_session
from mosovo_planner.store.base.names import KdfParameters
from mosovo_planner.store.members import add_member
from mosovo_planner.store.workspace import create_workspace
from mosovo_planner.ui.dialogs.print_dialog import PrintDialog
from mosovo_planner.ui.dialogs.visit import VisitDialog
from mosovo_planner.ui.main_window import MainWindow
from mosovo_planner.ui.offender.file import FileWindow
from mosovo_planner.ui.offender.notification import NotificationDialog
from mosovo_planner.ui.offender.plan_editor import PlanEditor
from mosovo_planner.ui.offender.plan_review import ReviewDialog
from tests.journeys.conftest import LONG

LEFT = Qt.MouseButton.LeftButton
TODAY = date.today()
HIM = Offender(
    ref="INV-1", surname="INVENTED", forenames="Jonathan", date_of_birth=date(1971, 5, 3), sex=Sex.MALE, risk=Risk.MEDIUM,
    address="1 Sample Street", postcode="ZZ1 1ZZ", last_seen=TODAY - timedelta(days=40), manager="OM01",
)  # fmt: skip
Form = TypeVar("Form", bound=QWidget)
WORDS = "three random words"
TEAM = (("DC Sample", Role.OFFENDER_MANAGER), ("Sgt Sample", Role.SUPERVISOR), ("Insp Sample", Role.SUPERVISOR))


@pytest.fixture
def workspace(tmp_path: Path) -> str:
    """A workspace of three people, with one offender and a force that has set its limits."""
    folder = str(tmp_path / "team.vp")
    cheap = KdfParameters(8192, 1, 1)
    made = create_workspace(folder, "Keeper", WORDS, kdf=cheap)
    for name, role in TEAM:
        add_member(made, name, WORDS, role, kdf=cheap)
    session = Session(made)
    with session.unit(Permission.APPROVE) as unit:
        held = dict(unit.policy().values)
        for key, number in (("deadline.rmp_signoff_days", 7), ("deadline.child_notification_days", 1)):
            held[key] = replace(held[key], value=number)
        unit.save_policy(Policy(held), "the force's numbers")
        unit.save_managers([OffenderManager(id="OM01", name="DC Sample"), OffenderManager(id="OM02", name="DC Other")])
        unit.save_offenders([HIM])
    session.close()
    return folder


def sign_in(qtbot: QtBot, window: MainWindow, folder: str, name: str) -> Session:
    """The next person at the desk."""
    qtbot.waitUntil(lambda: not window.tasks.running, timeout=LONG)
    window.leave()
    session = open_session(folder, name, WORDS)
    window.enter(session)
    qtbot.waitUntil(lambda: window.desk is not None and window.desk.view is not None, timeout=LONG)
    qtbot.waitUntil(lambda: not window.tasks.running, timeout=LONG)
    return session


def shown(qtbot: QtBot, parent: QWidget, kind: type[Form]) -> Form:
    qtbot.waitUntil(lambda: any(each.isVisible() for each in parent.findChildren(kind)), timeout=LONG)
    return next(each for each in parent.findChildren(kind) if each.isVisible())


def clocks(session: Session) -> dict[str, date]:
    return {clock.kind: clock.due for clock in view_offender(session, "INV-1", TODAY).case.clocks}


def test_from_a_child_met_at_the_door_to_a_plan_signed_by_two(
    qtbot: QtBot, window: MainWindow, workspace: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = sign_in(qtbot, window, workspace, "DC Sample")
    visited = a_visit_with_a_child(qtbot, window)
    the_notification(qtbot, window)
    assert clocks(session)["child_notification"] == visited + timedelta(days=1), "written is not sent"
    write_plan(qtbot, window)
    assert clocks(session)["rmp_signoff"] == TODAY + timedelta(days=7)

    session = sign_in(qtbot, window, workspace, "Sgt Sample")
    review(qtbot, window, "inspector")
    session = sign_in(qtbot, window, workspace, "Insp Sample")
    file = review(qtbot, window, "signed off")
    found = clocks(session)
    assert "rmp_signoff" not in found
    assert found["rmp_review"] == TODAY + timedelta(days=180)
    him = view_offender(session, "INV-1", TODAY).case.offender
    assert him.interval_months == 2
    assert him.last_seen == visited
    assert found["visit"] <= add_months(visited, 2)
    front_sheet(qtbot, file, tmp_path, monkeypatch)
    with session.unit(Permission.AUDIT) as unit:
        uses = unit.uses(300)
    assert any(use.operation is Operation.DISCLOSURE and use.recipient == "Inspector" for use in uses)
    assert {"DC Sample", "Sgt Sample", "Insp Sample"} <= {use.actor for use in uses}


def a_visit_with_a_child(qtbot: QtBot, window: MainWindow) -> date:
    assert window.page is not None
    caseload = window.page.caseload
    caseload.table.selectRow(0)
    caseload.record_visit()
    form = shown(qtbot, caseload, VisitDialog)
    form.lead.setCurrentIndex(form.lead.findData("OM01"))
    form.partner.setCurrentIndex(form.partner.findData("OM02"))
    form.child.setCurrentIndex(form.child.findData(True))
    form.day.setDate(form.day.date().addDays(-1))
    visited = form.visit_at().date()
    with qtbot.waitSignal(form.accepted, timeout=LONG):
        form.record()
    box = shown(qtbot, caseload, QMessageBox)
    qtbot.mouseClick(next(each for each in box.findChildren(QPushButton) if "Write" in each.text()), LEFT)
    return visited


def the_notification(qtbot: QtBot, window: MainWindow) -> None:
    assert window.page is not None
    form = shown(qtbot, window.page.caseload, NotificationDialog)
    form.child.child_name.setText("Invented CHILD")
    form.aware.words.setPlainText("I come every Sunday")
    assert "school" in form.gap_words.text()
    with qtbot.waitSignal(form.accepted, timeout=LONG):
        qtbot.mouseClick(form.act, LEFT)


def write_plan(qtbot: QtBot, window: MainWindow) -> None:
    assert window.page is not None
    window.page.caseload.open_file()
    file = shown(qtbot, window, FileWindow)
    qtbot.waitUntil(lambda: file.file is not None, timeout=LONG)
    file.tabs.setCurrentWidget(file.plans)
    qtbot.waitUntil(lambda: file.plans.view is not None, timeout=LONG)
    qtbot.mouseClick(file.plans.write, LEFT)
    editor = shown(qtbot, file.plans, PlanEditor)
    editor.steps.fields[0][0].setText("Agree with children's services who sees the child")
    editor.months.setValue(2)
    editor.reason.setText("A child comes every week")
    editor.review.day = TODAY + timedelta(days=180)
    with qtbot.waitSignal(editor.accepted, timeout=LONG):
        qtbot.mouseClick(editor.submit, LEFT)
    qtbot.waitUntil(lambda: "with sergeant" in file.plans.standing.text(), timeout=LONG)
    file.close()


def review(qtbot: QtBot, window: MainWindow, after: str) -> FileWindow:
    """From what waits to the review, signed; the standing then holds ``after``."""
    assert window.page is not None
    waiting = window.page.outstanding.waiting
    qtbot.waitUntil(lambda: len(waiting.table.table_model.rows) == 1, timeout=LONG)
    window.page.show_view("outstanding")
    waiting.table.selectRow(0)
    qtbot.mouseClick(waiting.act, LEFT)
    file = shown(qtbot, window, FileWindow)
    dialog = shown(qtbot, file.plans, ReviewDialog)
    assert "Agree with children's services" in dialog.words.toPlainText()
    with qtbot.waitSignal(dialog.accepted, timeout=LONG):
        qtbot.mouseClick(dialog.act, LEFT)
    qtbot.waitUntil(lambda: after in file.plans.standing.text(), timeout=LONG)
    return file


def front_sheet(qtbot: QtBot, file: FileWindow, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    qtbot.mouseClick(file.plans.sheet, LEFT)
    dialog = shown(qtbot, file.plans, PrintDialog)
    qtbot.waitUntil(dialog.pdf_button.isEnabled, timeout=LONG)
    dialog.recipient.setText("Inspector")
    dialog.reason.setCurrentText("Review")
    path = folder / "sheet.pdf"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    qtbot.mouseClick(dialog.pdf_button, LEFT)
    qtbot.waitUntil(lambda: dialog.preview.words.text() == "Saved.", timeout=LONG)
    assert path.read_bytes().startswith(b"%PDF")
    dialog.reject()
