"""Two people at one record in the window: both changes are kept, only what both changed is asked, nothing typed is lost."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtWidgets import QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from mosovo_planner.domain.facts import Event
from mosovo_planner.domain.people import Offender, OffenderManager, Risk
from mosovo_planner.domain.policy import Policy
from mosovo_planner.domain.roles import Permission
from mosovo_planner.office.policy import save_policy, view_policy
from mosovo_planner.ui.desk import Desk
from mosovo_planner.ui.dialogs.entry import EntryDialog
from mosovo_planner.ui.dialogs.manager import ManagerDialog
from mosovo_planner.ui.dialogs.offender import OffenderDialog
from mosovo_planner.ui.dialogs.reconcile import MergeDialog
from mosovo_planner.ui.policy.page import PolicyPage
from mosovo_planner.ui.policy.reason_dialog import ReasonDialog


def stored(desk: Desk) -> Offender:
    with desk.session.unit(Permission.VIEW) as unit:
        found = unit.offender("SYN-2")
    assert found is not None
    return found


def save_elsewhere(desk: Desk, **changes: Any) -> None:
    """What a second window does meanwhile."""
    with desk.session.unit(Permission.RECORD) as unit:
        unit.save_offenders([replace(offender, **changes) for offender in unit.offenders(["SYN-2"])])


@pytest.fixture
def parent(qtbot: QtBot) -> QWidget:
    """What forms are opened from; they delete themselves when they close."""
    made = QWidget()
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def form(desk: Desk, parent: QWidget) -> OffenderDialog:
    made = OffenderDialog(desk, stored(desk), parent)
    made.show()
    return made


def question_of(qtbot: QtBot, dialog: EntryDialog) -> MergeDialog:
    qtbot.waitUntil(lambda: any(each.isVisible() for each in dialog.findChildren(MergeDialog)))
    return next(each for each in dialog.findChildren(MergeDialog) if each.isVisible())


def test_what_each_changed_is_saved_together_without_a_question(
    qtbot: QtBot, desk: Desk, form: OffenderDialog, parent: QWidget
) -> None:
    save_elsewhere(desk, orders="SHPO to 2030")
    form.notes.setPlainText("Typed for long.")
    with qtbot.waitSignal(form.accepted):
        form.keep()
    assert (stored(desk).orders, stored(desk).notes) == ("SHPO to 2030", "Typed for long.")
    (told,) = parent.findChildren(QMessageBox)
    assert "changed orders while you changed notes" in told.informativeText()


def test_only_what_both_changed_is_asked_and_the_answer_is_saved(qtbot: QtBot, desk: Desk, form: OffenderDialog) -> None:
    other = Risk.HIGH if stored(desk).risk is not Risk.HIGH else Risk.LOW
    save_elsewhere(desk, risk=other, orders="SHPO")
    form.risk.setCurrentIndex(form.risk.findData(Risk.VERY_HIGH))
    form.notes.setPlainText("Typed.")
    form.keep()
    question = question_of(qtbot, form)
    (asked,) = question.questions
    assert asked.title == "Risk"
    question.save.click()
    assert "Choose for risk" in question.error.text()
    asked.mine.setChecked(True)
    with qtbot.waitSignal(form.accepted):
        question.save.click()
    now = stored(desk)
    assert (now.risk, now.notes, now.orders) == (Risk.VERY_HIGH, "Typed.", "SHPO")


def test_whoever_does_not_choose_loses_nothing_and_can_save_again(qtbot: QtBot, desk: Desk, form: OffenderDialog) -> None:
    save_elsewhere(desk, surname="Theirs")
    form.surname.setText("Mine")
    form.keep()
    question_of(qtbot, form).reject()
    assert form.surname.text() == "Mine"
    assert "Nothing of yours is saved yet" in form.error_words
    save_elsewhere(desk, orders="a third change")
    form.keep()
    question = question_of(qtbot, form)
    question.questions[0].theirs.setChecked(True)
    with qtbot.waitSignal(form.accepted):
        question.save.click()
    assert (stored(desk).surname, stored(desk).orders) == ("Theirs", "a third change")


def test_two_long_texts_can_be_put_together_by_hand(qtbot: QtBot, desk: Desk, form: OffenderDialog) -> None:
    save_elsewhere(desk, notes="Their first line.\nTheir second line.")
    form.notes.setPlainText("My line.")
    form.keep()
    question = question_of(qtbot, form)
    text = question.questions[0].text
    assert text is not None
    assert "Their second line.\nMy line." in text.toPlainText()
    text.setPlainText("Both lines.")
    with qtbot.waitSignal(form.accepted):
        question.save.click()
    assert stored(desk).notes == "Both lines."


def test_a_change_that_comes_while_one_chooses_is_kept_as_well(qtbot: QtBot, desk: Desk, form: OffenderDialog) -> None:
    save_elsewhere(desk, surname="Theirs")
    form.surname.setText("Mine")
    form.keep()
    question = question_of(qtbot, form)
    save_elsewhere(desk, orders="in between")
    question.questions[0].mine.setChecked(True)
    with qtbot.waitSignal(form.accepted):
        question.save.click()
    assert (stored(desk).surname, stored(desk).orders) == ("Mine", "in between")


def test_a_record_that_is_gone_leaves_what_was_typed_on_the_screen(qtbot: QtBot, desk: Desk, form: OffenderDialog) -> None:
    with desk.session.unit(Permission.RECORD) as unit:
        unit.delete_offenders(["SYN-2"], with_visits=True)
    form.surname.setText("Mine")
    form.keep()
    qtbot.waitUntil(lambda: "removed this record" in form.error_words)
    assert form.surname.text() == "Mine"


def test_two_changes_of_one_manager(qtbot: QtBot, desk: Desk, parent: QWidget) -> None:
    assert desk.view is not None
    manager = desk.view.managers[0]
    dialog = ManagerDialog(desk, manager, parent)
    with desk.session.unit(Permission.APPROVE) as unit:
        unit.save_managers([replace(manager, team="North")])
    dialog.reach.setText("ext. 7")
    with qtbot.waitSignal(dialog.accepted):
        dialog.keep()
    with desk.session.unit(Permission.VIEW) as unit:
        now = unit.manager(manager.id)
    assert isinstance(now, OffenderManager)
    assert (now.team, now.reach) == ("North", "ext. 7")


def test_two_changes_of_the_policy(qtbot: QtBot, desk: Desk) -> None:
    page = PolicyPage(desk)
    qtbot.addWidget(page)
    page.show()
    qtbot.waitUntil(lambda: page.view is not None)
    first, second = "visit.interval_months.low", "door.requests_months"
    assert page.view is not None
    values = page.view.policy.values
    page._draft = {first: replace(values[first], value=9)}
    page._draft_changed()
    page.save()
    save_policy(desk.session, page.view.policy, Policy({**values, second: replace(values[second], value=6)}), "elsewhere")
    dialog = page.findChild(ReasonDialog)
    dialog.reason.setText("decided")
    with qtbot.waitSignal(dialog.accepted):
        dialog.keep()
    now = view_policy(desk.session).policy
    assert (now.number(first), now.number(second)) == (9, 6)


def test_two_changes_of_the_table_of_clocks_are_not_lost(desk: Desk) -> None:
    from mosovo_planner.office.editing import StaleRecord

    view = view_policy(desk.session)
    save_policy(desk.session, view.policy, view.policy, "elsewhere", view.table_text + "\n# elsewhere\n", view.table_text)
    with pytest.raises(StaleRecord):
        save_policy(desk.session, view.policy, view.policy, "mine", view.table_text + "\n# mine\n", view.table_text)
    assert "# elsewhere" in view_policy(desk.session).table_text


def test_two_corrections_of_one_fact(qtbot: QtBot, desk: Desk, parent: QWidget) -> None:
    from datetime import date

    from mosovo_planner.office.caseload import view_offender
    from mosovo_planner.ui.offender.fact_dialog import FactDialog

    with desk.session.unit(Permission.RECORD) as unit:
        kept = unit.add_fact("SYN-2", Event("arrest", date(2026, 1, 5)))
    dialog = FactDialog(desk, view_offender(desk.session, "SYN-2", desk.as_of), kept, parent)
    with desk.session.unit(Permission.RECORD) as unit:
        unit.change_fact(kept, replace(kept.fact, ended=date(2026, 2, 1)))
    kind = dialog.widget("kind")
    kind.setCurrentIndex(kind.findData("breach"))
    with qtbot.waitSignal(dialog.accepted):
        dialog.keep()
    with desk.session.unit(Permission.VIEW) as unit:
        (now,) = [each.fact for each in unit.kept_facts("SYN-2") if isinstance(each.fact, Event)]
    assert (now.kind, now.ended) == ("breach", date(2026, 2, 1))
