"""Retention in the window: a review filed, settled by a second person, a hold, an erasure with its certificate."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from pytestqt.qtbot import QtBot

from mosovo_planner.domain.retention import Decision, Ground, RetentionGroup
from mosovo_planner.domain.roles import Role
from mosovo_planner.office import retention
from mosovo_planner.office.session import Session
from mosovo_planner.ui.main_window import MainWindow
from mosovo_planner.ui.offender.file import FileWindow
from mosovo_planner.ui.retention.certificates import ErasuresDialog
from mosovo_planner.ui.retention.dialogs import HoldDialog, LiftDialog, ReviewDialog
from mosovo_planner.ui.retention.second import EraseDialog, TakeBackDialog
from tests.office.signed_in import signed_in_as

DISPOSE = retention.Draft(
    "SYN-1", date.today(), RetentionGroup.PUBLIC_PROTECTION, Decision.DISPOSE, "Moved away.", (), Ground.TRANSFERRED
)


@pytest.fixture
def inspector(open_window: MainWindow) -> Session:
    assert open_window.desk is not None
    return signed_in_as(open_window.desk.session, "Insp Other", Role.MANAGER)


@pytest.fixture
def opened(qtbot: QtBot, open_window: MainWindow) -> Iterator[FileWindow]:
    page = open_window.page
    assert page is not None
    page.caseload.table.select("SYN-1")
    page.caseload.open_file()
    made = next(each for each in open_window.findChildren(FileWindow))
    qtbot.waitUntil(lambda: made.file is not None)
    made.tabs.setCurrentWidget(made.retention)
    qtbot.waitUntil(lambda: made.retention.view is not None)
    return made


def rows(window: FileWindow) -> list[tuple[str, str]]:
    return [(line.what, line.state) for line in window.retention.table.table_model.rows]


def test_a_review_is_filed_and_waits_for_another_person(qtbot: QtBot, opened: FileWindow) -> None:
    assert "10 years after, group 1" in opened.retention.why.text()
    opened.retention.review.click()
    dialog = opened.findChild(ReviewDialog)
    dialog.keep()
    assert "needs its reason" in dialog.error_words
    dialog.reason.setPlainText("Still notifies.")
    dialog.criteria["children"].setChecked(True)
    dialog.keep()
    qtbot.waitUntil(lambda: rows(opened) == [("Retain as it is", "Waits for a second person")])
    assert not opened.retention.review.isEnabled()
    assert "Take the review back" in opened.retention.settle.text().replace("&", "")
    opened.retention.settle.click()
    back = opened.findChild(TakeBackDialog)
    back.keep()
    assert "why the review is returned" in back.error_words
    back.remarks.setPlainText("The wrong person.")
    back.keep()
    qtbot.waitUntil(lambda: rows(opened) == [("Retain as it is", "Returned")])


def test_a_hold_is_set_shown_and_lifted(qtbot: QtBot, opened: FileWindow) -> None:
    opened.retention.hold.click()
    dialog = opened.findChild(HoldDialog)
    dialog.keep()
    assert "who asked for it" in dialog.error_words
    dialog.reason.setPlainText("Inquiry 7")
    dialog.keep()
    qtbot.waitUntil(lambda: rows(opened) == [("Legal hold", "In force")])
    opened.retention.begin_review()
    review = opened.findChild(ReviewDialog)
    review.decision.setCurrentIndex(review.decision.findData(Decision.DISPOSE))
    review.keep()
    assert "Lift the hold first" in review.error_words
    review.reject()
    opened.retention.hold.click()
    lift = opened.findChild(LiftDialog)
    lift.reason.setPlainText("Closed")
    lift.keep()
    qtbot.waitUntil(lambda: rows(opened)[0][1].startswith("Lifted"))


def test_an_erasure_that_waits_is_approved_from_the_outstanding_screen(
    qtbot: QtBot, open_window: MainWindow, inspector: Session
) -> None:
    page, desk = open_window.page, open_window.desk
    assert page is not None
    assert desk is not None
    retention.file_review(inspector, DISPOSE)
    waiting = page.outstanding.waiting
    waiting.load()
    qtbot.waitUntil(lambda: any(each.what == "Erasure to approve" for each in waiting.table.table_model.rows))
    (line,) = [each for each in waiting.table.table_model.rows if each.what == "Erasure to approve"]
    waiting.table.select(line.key)
    assert waiting.act.isEnabled()
    waiting.act.click()
    qtbot.waitUntil(lambda: bool(page.outstanding.findChildren(EraseDialog)))
    (dialog,) = page.outstanding.findChildren(EraseDialog)
    dialog.keep()
    assert "Type the reference" in dialog.error_words
    dialog.typed.setText("SYN-1")
    assert desk.view is not None
    people = len(desk.view.cases)
    dialog.keep()
    qtbot.waitUntil(lambda: desk.view is not None and len(desk.view.cases) == people - 1)
    qtbot.waitUntil(lambda: not page.outstanding.findChildren(FileWindow))
    open_window.deeds.show_erasures()
    erasures = open_window.findChild(ErasuresDialog)
    qtbot.waitUntil(lambda: len(erasures.table.table_model.rows) == 1)
    assert not erasures.compact_button.isVisible()
