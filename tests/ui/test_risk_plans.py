"""The risk plan in the window: written, submitted, reviewed from what waits, ticked off, printed. All people are invented."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from typing import TypeVar
from unittest.mock import PropertyMock, patch

import pytest
from PySide6.QtCore import QDate, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLineEdit, QPlainTextEdit, QTableView, QWidget
from pytestqt.qtbot import QtBot

from mosovo_planner.domain.assessment import Tool
from mosovo_planner.domain.people import Risk, Sex
from mosovo_planner.domain.risk_plans import PlanAction, PlanState, Rank, RiskPlan
from mosovo_planner.domain.roles import Permission, Role
from mosovo_planner.office.risk_plans import save_draft, sign_plan, submit_plan, view_plans
from mosovo_planner.office.session import Session
from mosovo_planner.ui.dialogs.print_dialog import PrintDialog
from mosovo_planner.ui.main_window import MainWindow
from mosovo_planner.ui.offender.assessment import AssessmentDialog
from mosovo_planner.ui.offender.file import FileWindow
from mosovo_planner.ui.offender.plan_editor import PlanEditor
from mosovo_planner.ui.offender.plan_review import DoneDialog, ReviewDialog, UnchangedDialog
from mosovo_planner.ui.offender.plans import PlansPage

REF = "SYN-1"
TODAY = date.today()
LEFT = Qt.MouseButton.LeftButton
Form = TypeVar("Form", bound=QWidget)


@contextmanager
def as_user(name: str, role: Role = Role.SUPERVISOR) -> Iterator[None]:
    with (
        patch.object(Session, "user", PropertyMock(return_value=name)),
        patch.object(Session, "role", PropertyMock(return_value=role)),
    ):
        yield


def a_plan(**more: object) -> RiskPlan:
    made = RiskPlan(
        ref=REF, author="", written_on=TODAY, summary="Invented summary", review_due=TODAY + timedelta(days=200),
        actions=(
            PlanAction("Tell the school", "OM02", TODAY + timedelta(days=20)),
            PlanAction("Check the tablet", "OM01", TODAY - timedelta(days=400)),
        ),
    )  # fmt: skip
    return replace(made, **more)  # type: ignore[arg-type]


def file_of(window: MainWindow) -> FileWindow:
    return window.findChildren(FileWindow)[-1]


def open_page(qtbot: QtBot, window: MainWindow) -> PlansPage:
    page = window.page
    assert page is not None
    page.caseload.table.select(REF)
    page.caseload.open_file()
    file = file_of(window)
    qtbot.waitUntil(lambda: file.file is not None)
    assert file.plans.view is None, "what nobody looks at is not read"
    file.tabs.setCurrentWidget(file.plans)
    qtbot.waitUntil(lambda: file.plans.view is not None)
    return file.plans


def form_of(parent: QWidget, kind: type[Form]) -> Form:
    return next(each for each in parent.findChildren(kind) if each.isVisible())


def current(page: PlansPage) -> RiskPlan | None:
    return page.view.current if page.view else None


def stored(session: Session) -> RiskPlan | None:
    return view_plans(session, REF, TODAY).current


def test_a_plan_is_written_actions_first_kept_as_draft_and_submitted(
    qtbot: QtBot, open_window: MainWindow, session: Session
) -> None:
    page = open_page(qtbot, open_window)
    assert page.standing.text() == "No plan is written yet."
    qtbot.mouseClick(page.write, LEFT)
    editor = form_of(page, PlanEditor)
    assert editor.focusWidget() is editor.steps.fields[0][0]
    qtbot.mouseClick(editor.submit, LEFT)
    assert "at least one action" in editor.error_words
    what, who, by, _ = editor.steps.fields[0]
    qtbot.keyClicks(what, "Tell the school")
    who.setText("OM02")
    by.setDate(QDate(TODAY.year, TODAY.month, TODAY.day).addDays(20))
    qtbot.mouseClick(editor.steps.add_button, LEFT)
    editor.steps.fields[1][0].setText("Check the tablet")
    editor.summary.setPlainText("Invented summary")
    with qtbot.waitSignal(editor.accepted):
        qtbot.mouseClick(editor.act, LEFT)
    qtbot.waitUntil(lambda: current(page) is not None)
    assert page.standing.text().startswith("Incomplete: version 1 is draft")
    assert {each[1].what for each in page.steps.visible_rows} == {"Tell the school", "Check the tablet"}
    qtbot.mouseClick(page.write, LEFT)
    editor = form_of(page, PlanEditor)
    qtbot.mouseClick(editor.submit, LEFT)
    assert "next review" in editor.error_words
    editor.review.day = TODAY + timedelta(days=200)
    with qtbot.waitSignal(editor.accepted):
        qtbot.mouseClick(editor.submit, LEFT)
    qtbot.waitUntil(lambda: "with sergeant" in page.standing.text())
    assert not page.write.isEnabled()
    plan = stored(session)
    assert plan is not None
    assert plan.state is PlanState.WITH_SERGEANT
    assert plan.actions[0].who == "OM02"


def test_rule_27_a_card_number_is_refused_in_the_form_and_nothing_typed_is_lost(qtbot: QtBot, open_window: MainWindow) -> None:
    page = open_page(qtbot, open_window)
    qtbot.mouseClick(page.write, LEFT)
    editor = form_of(page, PlanEditor)
    editor.summary.setPlainText("Card 4111 1111 1111 1111")
    qtbot.mouseClick(editor.act, LEFT)
    qtbot.waitUntil(lambda: "card or bank account number" in editor.error_words)
    assert editor.summary.toPlainText() == "Card 4111 1111 1111 1111"
    assert editor.act.isEnabled()
    editor.reject()
    assert editor.isVisible(), "words typed are not thrown away unasked"
    assert editor.question is not None
    leave = next(each for each in editor.question.findChildren(QAbstractButton) if "Leave" in each.text())
    with qtbot.waitSignal(editor.rejected):
        qtbot.mouseClick(leave, LEFT)


def test_two_people_writing_at_once_see_each_others_words_and_lose_none(
    qtbot: QtBot, open_window: MainWindow, session: Session
) -> None:
    draft = save_draft(session, a_plan())
    page = open_page(qtbot, open_window)
    qtbot.mouseClick(page.write, LEFT)
    editor = form_of(page, PlanEditor)
    editor.summary.setPlainText("Mine")
    with as_user("Another"):
        save_draft(session, replace(draft, summary="Theirs"), draft)
    qtbot.mouseClick(editor.act, LEFT)
    qtbot.waitUntil(lambda: "Somebody else saved this" in editor.error_words)
    assert "Theirs" in editor.theirs.toPlainText()
    assert editor.summary.toPlainText() == "Mine"
    with qtbot.waitSignal(editor.accepted):
        qtbot.mouseClick(editor.act, LEFT)
    kept = stored(session)
    assert kept is not None
    assert kept.summary == "Mine"


def test_from_what_waits_to_the_review_returned_with_comments_and_signed(
    qtbot: QtBot, open_window: MainWindow, session: Session
) -> None:
    with as_user("dc", Role.OFFENDER_MANAGER):
        submit_plan(session, a_plan(), None)
    assert open_window.desk is not None
    with qtbot.waitSignal(open_window.desk.loaded):
        open_window.desk.reload()
    assert open_window.page is not None
    waiting = open_window.page.outstanding.waiting
    qtbot.waitUntil(lambda: len(waiting.table.table_model.rows) == 1)
    open_window.page.show_view("outstanding")
    waiting.table.selectRow(0)
    waiting._act()
    file = file_of(open_window)
    qtbot.waitUntil(lambda: bool(file.plans.findChildren(ReviewDialog)))
    review = form_of(file.plans, ReviewDialog)
    assert review.words.toPlainText().startswith("ACTIONS\n1. Tell the school")
    assert review.rank.currentData() == Rank.SERGEANT
    qtbot.mouseClick(review.give_back, LEFT)
    assert "Say in the comments" in review.error_words
    review.comments.setPlainText("Name the school's officer")
    with qtbot.waitSignal(review.accepted):
        qtbot.mouseClick(review.give_back, LEFT)
    qtbot.waitUntil(lambda: "returned by sergeant" in file.plans.standing.text())
    assert "Name the school's officer" in file.plans.words.text()
    returned = stored(session)
    assert returned is not None
    with as_user("dc", Role.OFFENDER_MANAGER):
        again = submit_plan(session, replace(returned, summary="Named"), returned)
    with as_user("sgt"):
        sign_plan(session, again, Rank.SERGEANT)
    open_window.desk.records_changed()
    qtbot.waitUntil(lambda: "with inspector" in file.plans.standing.text())
    file.plans.review()
    review = form_of(file.plans, ReviewDialog)
    assert review.rank.currentData() == Rank.INSPECTOR
    review.rank.setCurrentIndex(0)
    qtbot.mouseClick(review.act, LEFT)
    qtbot.waitUntil(lambda: "not for the sergeant now" in review.error_words)
    review.rank.setCurrentIndex(1)
    with qtbot.waitSignal(review.accepted):
        qtbot.mouseClick(review.act, LEFT)
    qtbot.waitUntil(lambda: "signed off" in file.plans.standing.text())
    qtbot.waitUntil(lambda: waiting.table.table_model.rows == [])


def test_rule_12_an_unsigned_plan_says_so_in_the_file_beside_the_list_and_on_paper(
    qtbot: QtBot, open_window: MainWindow, session: Session
) -> None:
    save_draft(session, a_plan())
    assert open_window.desk is not None
    with qtbot.waitSignal(open_window.desk.loaded):
        open_window.desk.reload()
    page = open_page(qtbot, open_window)
    qtbot.waitUntil(lambda: page.standing.text().startswith("Incomplete"))
    chips = [each.accessibleName() for each in file_of(open_window).findChildren(QWidget)]
    assert "Risk management plan: Plan incomplete" in chips
    assert open_window.page is not None
    detail = open_window.page.caseload.detail
    qtbot.waitUntil(lambda: detail.file is not None)
    assert any(words.startswith("Incomplete: version 1") for words in detail.words())
    assert "Risk management plan: Plan incomplete: draft" in [each.accessibleName() for each in detail.findChildren(QWidget)]
    model = open_window.page.caseload.table.table_model
    row = next(number for number, case in enumerate(model.visible) if case.offender.ref == REF)
    assert model.index(row, model.column_of("plan")).data() == "Incomplete: draft"
    qtbot.mouseClick(page.sheet, LEFT)
    dialog = form_of(page, PrintDialog)
    qtbot.waitUntil(dialog.pdf_button.isEnabled, timeout=60_000)
    assert dialog._paper is not None
    assert "INCOMPLETE" in dialog._paper.notice
    dialog.reject()


def test_an_action_is_ticked_off_and_a_signed_plan_reviewed_unchanged(
    qtbot: QtBot, open_window: MainWindow, session: Session
) -> None:
    with as_user("dc", Role.OFFENDER_MANAGER):
        plan = submit_plan(session, a_plan(), None)
    for name, rank in (("sgt", Rank.SERGEANT), ("insp", Rank.INSPECTOR)):
        with as_user(name):
            plan = sign_plan(session, plan, rank)
    page = open_page(qtbot, open_window)
    assert [each[1].what for each in page.steps.visible_rows] == ["Check the tablet", "Tell the school"], "earliest first"
    page.steps.selectRow(0)
    qtbot.mouseClick(page.tick, LEFT)
    done = form_of(page, DoneDialog)
    with qtbot.waitSignal(done.accepted):
        qtbot.mouseClick(done.act, LEFT)
    qtbot.waitUntil(lambda: page.steps.visible_rows[-1][1].done_on == TODAY)
    qtbot.mouseClick(page.keep_as_is, LEFT)
    unchanged = form_of(page, UnchangedDialog)
    unchanged.later.day = None
    qtbot.mouseClick(unchanged.act, LEFT)
    qtbot.waitUntil(lambda: "after today" in unchanged.error_words)
    unchanged.later.day = TODAY + timedelta(days=300)
    with qtbot.waitSignal(unchanged.accepted):
        qtbot.mouseClick(unchanged.act, LEFT)
    assert view_plans(session, REF, TODAY).offender.rmp_review_due == TODAY + timedelta(days=300)
    qtbot.mouseClick(page.write, LEFT)
    editor = form_of(page, PlanEditor)
    assert [what.text() for what, *_ in editor.steps.fields] == ["Tell the school"], "what is done is not carried over"
    editor.reject()


@pytest.mark.parametrize(("sex", "tool"), [(Sex.MALE, Tool.ARMS), (Sex.FEMALE, Tool.OTHER)])
def test_rule_11_the_tool_that_fits_is_proposed_and_the_other_explained(
    qtbot: QtBot, open_window: MainWindow, session: Session, sex: Sex, tool: Tool
) -> None:
    with session.unit(Permission.RECORD) as unit:
        him = unit.offender(REF)
        assert him is not None
        unit.save_offenders([replace(him, sex=sex, risk=Risk.LOW)], "invented")
    page = open_page(qtbot, open_window)
    qtbot.mouseClick(page.add, LEFT)
    dialog = form_of(page, AssessmentDialog)
    assert dialog.tool.currentData() == tool
    dialog.priority.setCurrentIndex(dialog.priority.findData(Risk.HIGH))
    dialog.set_risk.setChecked(True)
    dialog.tool.setCurrentIndex(0)
    if tool is Tool.OTHER:
        qtbot.mouseClick(dialog.act, LEFT)
        assert "adult men" in dialog.error_words
        dialog.tool.setCurrentIndex(1)
    dialog.by.setCurrentIndex(dialog.by.findData("*"))
    qtbot.mouseClick(dialog.act, LEFT)
    assert "Say who" in dialog.error_words
    dialog.other.setText("DC Somebody")
    with qtbot.waitSignal(dialog.accepted):
        qtbot.mouseClick(dialog.act, LEFT)
    qtbot.waitUntil(lambda: len(page.assessments.visible_rows) == 1)
    view = view_plans(session, REF, TODAY)
    assert (view.offender.risk, view.offender.arms_done) == (Risk.HIGH, TODAY if tool is Tool.ARMS else None)
    page.assessments.selectRow(0)
    qtbot.mouseClick(page.right, LEFT)
    dialog = form_of(page, AssessmentDialog)
    dialog.priority.setCurrentIndex(dialog.priority.findData(Risk.MEDIUM))
    qtbot.mouseClick(dialog.act, LEFT)
    assert "Say why" in dialog.error_words
    dialog.reason.setText("Read wrongly")
    with qtbot.waitSignal(dialog.accepted):
        qtbot.mouseClick(dialog.act, LEFT)
    assert view_plans(session, REF, TODAY).assessments[0].priority is Risk.MEDIUM


def test_every_field_and_table_has_a_name_for_a_screen_reader(qtbot: QtBot, open_window: MainWindow, session: Session) -> None:
    with as_user("dc", Role.OFFENDER_MANAGER):
        submit_plan(session, a_plan(), None)
    page = open_page(qtbot, open_window)
    qtbot.waitUntil(lambda: current(page) is not None)
    page.review()
    page.assess()
    for inside in (page, form_of(page, ReviewDialog), form_of(page, AssessmentDialog)):
        for kind in (QAbstractButton, QComboBox, QLineEdit, QPlainTextEdit, QTableView):
            for widget in inside.findChildren(kind):
                if widget.isVisible() and not widget.objectName().startswith("qt_"):  # Qt's own inner ones
                    told = QAccessible.queryAccessibleInterface(widget)
                    assert told.text(QAccessible.Text.Name), widget
