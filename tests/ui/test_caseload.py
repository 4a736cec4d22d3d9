"""The caseload: find somebody, see why a date is what it is, record a visit."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from PySide6.QtCore import QDate, Qt, QTime
from pytestqt.qtbot import QtBot

from mosovo_planner.domain.clocks import Case
from mosovo_planner.domain.facts import RiskSince
from mosovo_planner.domain.people import Position, Risk
from mosovo_planner.domain.record import Operation
from mosovo_planner.domain.roles import Permission
from mosovo_planner.domain.visits import Outcome
from mosovo_planner.office.caseload import view_offender
from mosovo_planner.ui.chip import Chip
from mosovo_planner.ui.desk import Desk
from mosovo_planner.ui.dialogs.place import PlaceDialog
from mosovo_planner.ui.dialogs.visit import VisitDialog
from mosovo_planner.ui.views.caseload import CaseloadPage
from tests.ui import invented


@pytest.fixture
def page(qtbot: QtBot, desk: Desk) -> CaseloadPage:
    made = CaseloadPage(desk)
    qtbot.addWidget(made)
    made.resize(1200, 700)
    made.show()
    with qtbot.waitSignal(desk.loaded):
        desk.reload()
    return made


def case_of(page: CaseloadPage, ref: str) -> Case:
    return next(case for case in page.table.table_model.rows if case.offender.ref == ref)


def test_who_is_latest_stands_first_and_who_is_not_due_last(page: CaseloadPage) -> None:
    dues = [None if case.visit.suspended else case.visit.due for case in page.table.visible_rows]
    dated = [due for due in dues if due is not None]
    assert dues == sorted(dated) + [None] * (len(dues) - len(dated))


def test_typing_a_postcode_finds_the_offender(qtbot: QtBot, page: CaseloadPage) -> None:
    wanted = page.table.visible_rows[7].offender
    qtbot.keyClicks(page.panel.search, f"{wanted.postcode.lower()} {wanted.surname.lower()} {wanted.ref.lower()}")
    qtbot.waitUntil(lambda: len(page.table.visible_rows) < 20)
    assert wanted.ref in [case.offender.ref for case in page.table.visible_rows]
    assert page.panel.count.text().endswith("of 60")


def test_the_boxes_narrow_by_manager_risk_status_and_position(page: CaseloadPage) -> None:
    everybody = page.table.table_model.rows
    for combo, value, fits in (
        (page.manager, "OM02", lambda case: case.offender.manager == "OM02"),
        (page.manager, None, lambda case: case.offender.manager is None),
        (page.risk, Risk.LOW.value, lambda case: case.offender.risk is Risk.LOW),
        (page.risk, None, lambda case: case.offender.risk is None),
        (page.status, "custody", lambda case: case.offender.status == "custody"),
        (page.position, "none", lambda case: case.offender.position is None),
        (page.position, "check", lambda case: case.offender.position and case.offender.position.precision.needs_checking),
    ):
        combo.setCurrentIndex([combo.itemData(index) for index in range(combo.count())].index(value))
        shown = {case.offender.ref for case in page.table.visible_rows}
        assert shown == {case.offender.ref for case in everybody if fits(case)}
        combo.setCurrentIndex(0)


def test_choosing_an_offender_shows_clock_and_reason_and_is_recorded(qtbot: QtBot, page: CaseloadPage, desk: Desk) -> None:
    page.table.select("SYN-1")
    qtbot.waitUntil(lambda: page.detail.file is not None)
    assert page.detail.file is not None
    assert page.detail.file.case.offender.ref == "SYN-1"
    assert len(page.detail.file.visits) == 3
    words = " ".join(page.detail.words())
    assert page.detail.file.case.visit.why in words
    assert "lone visit" in words
    with desk.session.unit(Permission.AUDIT) as unit:
        uses = unit.uses(limit=20)
    assert any(use.operation is Operation.CONSULTATION and use.subject == "offender SYN-1" for use in uses)


def test_arrowing_past_opens_only_the_one_where_the_cursor_rests(qtbot: QtBot, page: CaseloadPage, desk: Desk) -> None:
    page.table.setFocus()
    page.table.selectRow(0)
    for _ in range(6):
        qtbot.keyClick(page.table, Qt.Key.Key_Down)
    current = page.table.current
    assert current is not None
    qtbot.waitUntil(lambda: page.detail.file is not None)
    with desk.session.unit(Permission.AUDIT) as unit:
        opened = [use.subject for use in unit.uses(limit=20) if use.subject.startswith("offender ") and use.reason == "opened"]
    assert opened == [f"offender {current.offender.ref}"]


def test_a_page_behind_another_opens_nobody_until_it_is_seen(qtbot: QtBot, page: CaseloadPage, desk: Desk) -> None:
    page.hide()
    page.table.select("SYN-1")
    with qtbot.waitSignal(desk.loaded):
        desk.reload()
    assert not page._pause.isActive()
    page.show()
    qtbot.waitUntil(lambda: page.detail.file is not None)
    with desk.session.unit(Permission.AUDIT) as unit:
        assert [use.subject for use in unit.uses(limit=20) if use.reason == "opened"] == ["offender SYN-1"]


def test_every_chip_says_what_it_is_about(qtbot: QtBot, page: CaseloadPage) -> None:
    page.table.select("SYN-1")
    qtbot.waitUntil(lambda: page.detail.file is not None)
    names = [chip.accessibleName() for chip in page.detail.findChildren(Chip)]
    assert any(name.startswith("Risk: ") for name in names)


def test_a_filter_does_not_keep_one_from_going_to_an_offender(page: CaseloadPage) -> None:
    page.panel.search.setText("nobody at all")
    page.panel.apply_search()
    page.show_offender("SYN-9")
    assert page.table.current is not None
    assert page.table.current.offender.ref == "SYN-9"


def test_markup_in_a_name_is_shown_as_it_is(qtbot: QtBot, page: CaseloadPage, desk: Desk) -> None:
    from dataclasses import replace

    file = view_offender(desk.session, "SYN-1", desk.as_of)
    offender = replace(file.case.offender, surname="<b>X</b>", notes="<img src='//evil/x'>")
    page.detail.show_file(replace(file, case=replace(file.case, offender=offender)))
    assert "<b>X</b>, " + offender.forenames in page.detail.words()
    assert "<img src='//evil/x'>" in page.detail.words()


# Recording a visit


def test_a_milestone_that_went_by_is_past_and_not_overdue(qtbot: QtBot, page: CaseloadPage, desk: Desk) -> None:
    low = next(case.offender.ref for case in page.table.table_model.rows if case.offender.risk is Risk.LOW)
    with desk.session.unit(Permission.RECORD) as unit:
        unit.add_fact(low, RiskSince(Risk.LOW, date(2020, 1, 2)))
    page.table.select(low)
    qtbot.waitUntil(lambda: page.detail.file is not None and page.detail.file.case.offender.ref == low)
    assert "Clock: Past" in [chip.accessibleName() for chip in page.detail.findChildren(Chip)]


@pytest.fixture
def dialog(qtbot: QtBot, page: CaseloadPage, desk: Desk) -> VisitDialog:
    made = VisitDialog(desk, case_of(page, "SYN-3").offender)
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(made)
    made.show()
    yesterday = QDate.currentDate().addDays(-1)
    made.day.setDate(yesterday)
    made.time.setTime(QTime(14, 30))
    return made


def choose(dialog: VisitDialog, lead: str, partner: str) -> None:
    dialog.lead.setCurrentIndex(dialog.lead.findData(lead))
    dialog.partner.setCurrentIndex([dialog.partner.itemData(index) for index in range(dialog.partner.count())].index(partner))


def test_a_successful_visit_moves_the_clock(qtbot: QtBot, page: CaseloadPage, desk: Desk, dialog: VisitDialog) -> None:
    choose(dialog, "OM01", "OM02")
    with qtbot.waitSignal(dialog.accepted), qtbot.waitSignal(desk.loaded):
        dialog.record()
    file = view_offender(desk.session, "SYN-3", desk.as_of)
    assert file.visits[-1].officers == ("OM01", "OM02")
    assert file.case.offender.last_seen == file.visits[-1].at.date()
    assert case_of(page, "SYN-3").offender.last_seen == file.case.offender.last_seen


def test_an_attempt_does_not_move_the_clock(qtbot: QtBot, desk: Desk, dialog: VisitDialog) -> None:
    before = view_offender(desk.session, "SYN-3", desk.as_of).case.visit
    dialog.outcome.setCurrentIndex(dialog.outcome.findData(Outcome.NO_REPLY.value))
    assert "Only a visit at which he was seen" in dialog.hint_words
    choose(dialog, "OM01", "OM02")
    with qtbot.waitSignal(dialog.accepted):
        dialog.record()
    file = view_offender(desk.session, "SYN-3", desk.as_of)
    assert file.case.visit == before
    assert file.visits[-1].outcome is Outcome.NO_REPLY


@pytest.mark.parametrize(
    ("lead", "partner", "words"),
    [
        ("OM01", "OM01", "different people"),
        ("OM01", "", "reason for the lone visit"),
        ("OM01", None, "Choose the second officer"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_recorded(
    desk: Desk, dialog: VisitDialog, lead: str, partner: str, words: str
) -> None:
    choose(dialog, lead, partner)
    dialog.record()
    assert words in dialog.error_words
    assert dialog.isVisible()
    assert view_offender(desk.session, "SYN-3", desk.as_of).visits == ()


def test_a_visit_cannot_lie_ahead(dialog: VisitDialog) -> None:
    choose(dialog, "OM01", "OM02")
    dialog.day.setMaximumDate(QDate.currentDate().addDays(5))
    dialog.day.setDate(QDate.currentDate().addDays(2))
    assert "lies ahead" in dialog.wrong()


def test_a_lone_visit_with_its_reason_is_taken(qtbot: QtBot, desk: Desk, dialog: VisitDialog) -> None:
    choose(dialog, "OM01", "")
    dialog.lone_reason.setText("Colleague fell ill on the way.")
    with qtbot.waitSignal(dialog.accepted):
        dialog.record()
    kept = view_offender(desk.session, "SYN-3", desk.as_of).visits[-1]
    assert kept.lone
    assert kept.awaits_approval


def test_a_supervisor_approves_the_lone_visit_with_his_own_name(qtbot: QtBot, desk: Desk, dialog: VisitDialog) -> None:
    choose(dialog, "OM01", "")
    assert not dialog.approve.isHidden()
    dialog.lone_reason.setText("Colleague fell ill on the way.")
    dialog.approve.setChecked(True)
    with qtbot.waitSignal(dialog.accepted):
        dialog.record()
    assert view_offender(desk.session, "SYN-3", desk.as_of).visits[-1].approved_by == desk.session.user


def test_rule_04_the_form_begins_unannounced_and_asks_for_the_reason_of_an_announced_visit(dialog: VisitDialog) -> None:
    choose(dialog, "OM01", "OM02")
    assert (dialog.visit().announced, dialog.wrong()) == (False, "")
    dialog.announced.setChecked(True)
    assert dialog.visit().announced
    assert "why the visit was announced" in dialog.wrong()


def test_what_was_found_in_the_home_is_kept(qtbot: QtBot, desk: Desk, dialog: VisitDialog) -> None:
    choose(dialog, "OM01", "OM02")
    dialog.announced.setChecked(True)
    dialog.announced_reason.setText("Interpreter booked")
    dialog.devices.setValue(2)
    dialog.household.setText("His mother")
    dialog.child.setCurrentIndex(2)
    dialog.risk_noticed.setText("New laptop not declared")
    dialog.asked.setChecked(True)
    dialog.entered.setChecked(True)
    dialog.entered_on.setDate(dialog.day.date())
    with qtbot.waitSignal(dialog.accepted):
        dialog.record()
    kept = view_offender(desk.session, "SYN-3", desk.as_of).visits[-1]
    assert (kept.announced_reason, kept.devices_checked, kept.household) == ("Interpreter booked", 2, "His mother")
    assert kept.child_in_household is True
    assert (kept.risk_noticed, kept.asked_to_choose) == ("New laptop not declared", True)
    assert kept.visor_entered_on == kept.at.date()


def test_found_in_custody_his_status_follows_where_the_officer_says_so(qtbot: QtBot, desk: Desk, dialog: VisitDialog) -> None:
    choose(dialog, "OM01", "OM02")
    dialog.outcome.setCurrentIndex(dialog.outcome.findData(Outcome.IN_CUSTODY.value))
    assert dialog.status.text() == "Set his status to custody"
    with qtbot.waitSignal(dialog.accepted):
        dialog.record()
    assert view_offender(desk.session, "SYN-3", desk.as_of).case.offender.status == "custody"


def test_a_card_number_is_refused_with_its_reason(desk: Desk, dialog: VisitDialog) -> None:
    choose(dialog, "OM01", "OM02")
    dialog.note.setPlainText("Paid with 4111 1111 1111 1111")
    dialog.record()
    assert "held in ViSOR only" in dialog.error_words
    assert "4111" not in dialog.error_words
    assert view_offender(desk.session, "SYN-3", desk.as_of).visits == ()


def test_the_second_failed_attempt_prompts_the_review_of_a_warrant(
    qtbot: QtBot, page: CaseloadPage, desk: Desk, dialog: VisitDialog
) -> None:
    from mosovo_planner.office.door import record_visit

    choose(dialog, "OM01", "OM02")
    dialog.outcome.setCurrentIndex(dialog.outcome.findData(Outcome.REFUSED.value))
    record_visit(desk.session, dialog.visit())
    second = record_visit(desk.session, dialog.visit())
    assert any("s.96B" in words for words in second.words())


# Placing by hand


def test_typed_coordinates_become_his_position(qtbot: QtBot, page: CaseloadPage, desk: Desk) -> None:
    dialog = PlaceDialog(desk, case_of(page, "SYN-4").offender)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(dialog)
    dialog.take(51.35, -1.99)
    with qtbot.waitSignal(dialog.accepted), qtbot.waitSignal(desk.loaded):
        dialog.keep()
    at = case_of(page, "SYN-4").offender.position
    assert isinstance(at, Position)
    assert (at.lat, at.lon, at.precision.value) == (51.35, -1.99, "hand")


def test_another_day_shows_the_clocks_of_that_day(qtbot: QtBot, page: CaseloadPage, desk: Desk) -> None:
    late = sum(case.days_overdue > 0 for case in page.table.table_model.rows)
    with qtbot.waitSignal(desk.loaded):
        desk.as_of = invented.AS_OF + timedelta(days=365)
    assert sum(case.days_overdue > 0 for case in page.table.table_model.rows) > late
