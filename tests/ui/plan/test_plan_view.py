"""Map, timetable and day sheet stay in step; what an officer changes takes effect at once and can be undone."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from pytestqt.qtbot import QtBot

from mosovo_planner.domain.progress import Progress, Reporter
from mosovo_planner.domain.proposals import Plan, Round
from mosovo_planner.domain.roles import Permission
from mosovo_planner.domain.visits import Visit
from mosovo_planner.office import plans as office
from mosovo_planner.office.caseload import view_caseload
from mosovo_planner.office.plans import PlanWork, latest_plan
from mosovo_planner.office.session import Session
from mosovo_planner.ui.plan.crew import CrewDialog
from mosovo_planner.ui.plan.focus import Focus, round_by_id
from mosovo_planner.ui.plan.view import PlanView
from mosovo_planner.ui.proposals.approval import ApprovalDialog
from mosovo_planner.ui.proposals.choosing import ChoiceDialog
from mosovo_planner.ui.tasks import Tasks
from tests.ui.proposals.common import AS_OF as MONDAY
from tests.ui.proposals.common import clashing_keys, click, dialog_of, without_name

from .conftest import plan_for


def plan_of(view: PlanView) -> Plan:
    assert view.history.work is not None
    return view.history.work.plan


def monday_rounds(view: PlanView) -> list[Round]:
    return [each for each in plan_of(view).rounds if each.date == MONDAY]


def refs_of(view: PlanView, round_id: str) -> list[str]:
    each = round_by_id(plan_of(view), round_id)
    assert each is not None
    return [stop.ref for stop in each.stops]


def block_centre(view: PlanView, ref: str) -> QPoint:
    blocks = [block for lane in view.timeline.lanes().lanes for block in lane.blocks]
    return next(block.box.center().toPoint() for block in blocks if block.stop.ref == ref)


# Before a plan


def test_an_empty_desk_says_what_to_do(empty_desk: PlanView) -> None:
    assert "press Propose" in empty_desk.note.text()
    assert not empty_desk.approve_button.isEnabled()
    assert not empty_desk.print_button.isEnabled()
    assert not empty_desk.tools.add_crew.isEnabled()


# In step


def test_before_there_is_a_plan_the_map_looks_at_the_forces_bases_and_no_crew_can_be_changed(
    empty_desk: PlanView, session: Session
) -> None:
    managers = view_caseload(session, MONDAY).managers
    empty_desk.show_bases(managers)
    room = empty_desk.map.viewport().rect()
    spots = [empty_desk.map.spot(each.position.lat, each.position.lon) for each in managers if each.position]
    assert all(room.contains(spot) for spot in spots)
    assert max(spot.y() for spot in spots) - min(spot.y() for spot in spots) > room.height() / 4, "not the whole country"
    assert not empty_desk.tools.crew.isEnabled()


def test_a_stop_chosen_in_the_day_sheet_shows_on_map_and_timetable(view: PlanView) -> None:
    each = monday_rounds(view)[0]
    view.look_at(Focus(MONDAY, each.id))
    view.lists.sheet.selectRow(1)
    ref = each.stops[1].ref
    assert view.map.chosen == {ref}
    assert view.map.chosen_rounds == {each.id}
    assert view.timeline._focus.ref == ref
    assert each.stops[1].why in view.detail.text()


def test_a_block_clicked_on_the_timetable_shows_in_the_day_sheet(qtbot: QtBot, view: PlanView) -> None:
    each = monday_rounds(view)[1]
    ref = each.stops[0].ref
    click(qtbot, view.timeline, block_centre(view, ref))
    assert view.lists.sheet.current is not None
    assert view.lists.sheet.current.ref == ref
    assert [row.ref for row in view.lists.sheet.visible_rows] == [stop.ref for stop in each.stops]
    assert view.map.chosen == {ref}


def test_a_stop_clicked_on_the_map_shows_in_the_day_sheet(qtbot: QtBot, view: PlanView) -> None:
    marker = next(marker for marker in view.map._markers.markers if marker.number is not None)
    with qtbot.waitSignal(view.map.marker_chosen) as told:
        click(qtbot, view.map.viewport(), view.map.spot(marker.lat, marker.lon))
    assert view.focus.ref == told.args[0]
    assert view.lists.sheet.current is not None
    assert view.lists.sheet.current.ref == told.args[0]


def test_a_cell_of_the_weeks_brings_its_day_and_round(view: PlanView) -> None:
    tuesday = next(each for each in plan_of(view).rounds if each.date > MONDAY)
    weeks = view.weeks.model()
    officers = [manager.id for manager in view.history.work.view.managers]  # type: ignore[union-attr]
    row, column = officers.index(tuesday.officers[0]), view.days().index(tuesday.date)
    assert "2 ·" in weeks.index(row, column).data()
    view.weeks.setCurrentIndex(weeks.index(row, column))
    assert view.focus == Focus(tuesday.date, tuesday.id)
    assert {row.round.id for row in view.lists.sheet.visible_rows} == {tuesday.id}
    assert {line.key for line in view.map._rounds.rounds} == {tuesday.id}


def test_the_days_are_gone_through_one_by_one(view: PlanView) -> None:
    days = view.days()
    view.look_at(Focus(days[0]))
    assert not view.tools.back.isEnabled()
    assert view.tools.day.currentText().startswith("Mon 23 Nov 2026 · 2 rounds, 4 visits")
    view.tools.forth.trigger()
    view.tools.forth.trigger()
    assert view.focus.day == days[2]
    assert view.tools.day.currentText().startswith("Wed 25 Nov 2026 · 0 rounds")
    assert "No rounds on this day" in view.lists._nothing.text()
    view.tools.back.trigger()
    assert view.focus.day == days[1]


def test_arrows_go_through_the_timetable(qtbot: QtBot, view: PlanView) -> None:
    first, second = view.timeline._rounds[:2]
    view.look_at(Focus(MONDAY, first.id, first.stops[0].ref))
    qtbot.keyClick(view.timeline, Qt.Key.Key_Right)
    assert view.focus.ref == first.stops[1].ref
    qtbot.keyClick(view.timeline, Qt.Key.Key_Down)
    assert view.focus.round_id == second.id


# Changes by hand


def test_a_visit_dragged_to_another_round_moves_there(qtbot: QtBot, view: PlanView) -> None:
    source, target = view.timeline._rounds[:2]
    ref = source.stops[0].ref
    start, end = block_centre(view, ref), block_centre(view, target.stops[-1].ref) + QPoint(40, 0)
    qtbot.mousePress(view.timeline, Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(view.timeline, start + QPoint(12, 4))
    qtbot.mouseMove(view.timeline, end)
    qtbot.mouseRelease(view.timeline, Qt.MouseButton.LeftButton, pos=end)
    assert ref not in refs_of(view, source.id)
    assert refs_of(view, target.id)[-1] == ref
    assert view.focus == Focus(MONDAY, target.id, ref), "what was moved stays in view"
    assert "driving" in view.note.text()
    view.undo_stack.undo()
    assert refs_of(view, source.id)[0] == ref


def test_the_round_looked_at_scrolls_into_view(view: PlanView) -> None:
    for crew in (("OM01", "OM02"), ("OM01", "OM03"), ("OM02", "OM04"), ("OM03", "OM04")):
        view.edits.add_round(MONDAY, crew, False)
    area = view.day_page
    last = view.timeline._rounds[-1]
    view.look_at(Focus(MONDAY, last.id))
    lane = view.timeline.lanes().lanes[-1].box
    top = area.verticalScrollBar().value()
    assert top <= lane.center().y() <= top + area.viewport().height()


def test_a_click_without_a_drag_moves_nothing(qtbot: QtBot, view: PlanView) -> None:
    before = plan_of(view)
    click(qtbot, view.timeline, block_centre(view, monday_rounds(view)[0].stops[0].ref))
    assert plan_of(view) is before


def test_earlier_and_later_reorder_the_round_with_new_times(view: PlanView) -> None:
    each = monday_rounds(view)[0]
    first, second = refs_of(view, each.id)
    view.look_at(Focus(MONDAY, each.id, second))
    assert not view.tools.later.isEnabled()
    view.tools.earlier.trigger()
    assert refs_of(view, each.id) == [second, first]
    stops = round_by_id(plan_of(view), each.id).stops  # type: ignore[union-attr]
    assert stops[0].arrive < stops[0].leave <= stops[1].arrive
    view.tools.later.trigger()
    assert refs_of(view, each.id) == [first, second]


def test_a_visit_is_moved_by_the_menu_to_a_chosen_round(qtbot: QtBot, view: PlanView) -> None:
    source = monday_rounds(view)[0]
    tuesday = next(each for each in plan_of(view).rounds if each.date > MONDAY)
    ref = source.stops[0].ref
    view.look_at(Focus(MONDAY, source.id, ref))
    view.tools.move.trigger()
    dialog = dialog_of(view, ChoiceDialog)
    distances = [choice.km for choice in dialog.table.visible_rows]
    assert distances == sorted(distances), "the round that passes nearest comes first"
    dialog.table.select(tuesday.id)
    click(qtbot, dialog.agree)
    assert ref in refs_of(view, tuesday.id)
    assert view.focus.day == tuesday.date


def test_a_dropped_visit_is_listed_with_its_reason_and_can_be_put_back(qtbot: QtBot, view: PlanView) -> None:
    each = monday_rounds(view)[0]
    due = {case.offender.ref for case in view.history.work.view.cases if case.visit.due <= plan_of(view).end}  # type: ignore[union-attr]
    ref = next((stop.ref for stop in each.stops if stop.ref in due), each.stops[0].ref)
    view.look_at(Focus(MONDAY, each.id, ref))
    view.tools.drop.trigger()
    assert ref not in refs_of(view, each.id)
    assert ref in plan_of(view).dropped
    view.edits.move(ref, each.id)
    assert ref in refs_of(view, each.id)
    view.undo_stack.undo()
    view.undo_stack.undo()
    assert ref in refs_of(view, each.id)
    assert ref not in plan_of(view).dropped


def test_what_cannot_be_done_is_listed_with_its_reason_and_added_by_hand(qtbot: QtBot, view: PlanView) -> None:
    left = plan_of(view).unplanned
    assert left, "the small plan of this test leaves visits out"
    shown = {row.ref: row for row in view.lists.out.visible_rows}
    assert shown.keys() == {visit.ref for visit in left}
    assert all(row.visit.reason for row in shown.values())
    view.lists.setCurrentIndex(1)
    view.lists.out.selectRow(0)
    row = view.lists.out.visible_rows[0]
    assert row.visit.reason in view.detail.text()
    assert view.map.chosen == {row.ref}
    view.tools.move.trigger()
    dialog = dialog_of(view, ChoiceDialog)
    target = dialog.table.visible_rows[0].round.id
    click(qtbot, dialog.agree)
    assert row.ref in refs_of(view, target)


def test_a_grey_marker_on_the_map_brings_the_list_of_what_is_not_planned(qtbot: QtBot, view: PlanView) -> None:
    click(qtbot, view.panel._modes["rest"])
    left = {visit.ref for visit in plan_of(view).unplanned}
    assert {marker.key for marker in view.map._markers.markers} >= {ref for ref in left if view._people.position(ref)}  # type: ignore[union-attr]
    ref = plan_of(view).unplanned[0].ref
    view.map.marker_chosen.emit(ref)
    assert view.lists.currentIndex() == 1
    assert view.lists.out.current is not None
    assert view.lists.out.current.ref == ref
    stop = monday_rounds(view)[0].stops[0].ref
    view.map.marker_chosen.emit(stop)
    assert view.lists.currentIndex() == 0


def test_who_may_not_print_may_not_copy(
    session: Session, show: Callable[[Session], PlanView], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Session, "may", lambda _self, permission: permission is not Permission.PRINT)
    view = show(session)
    view._take(plan_for(session))
    view.lists.sheet.selectAll()
    assert view.lists.sheet.copy() == 0
    assert not view.print_button.isEnabled()


def test_somebody_is_added_by_searching(qtbot: QtBot, view: PlanView) -> None:
    each = monday_rounds(view)[0]
    view.look_at(Focus(MONDAY, each.id))
    view.tools.add.trigger()
    dialog = dialog_of(view, ChoiceDialog)
    wanted = dialog.table.visible_rows[-1].offender.ref
    qtbot.keyClicks(dialog.panel.search, wanted)
    qtbot.keyClick(dialog.panel.search, Qt.Key.Key_Return)
    assert wanted in refs_of(view, each.id)


def test_a_pinned_visit_and_crew_say_so_and_can_be_let_go(view: PlanView) -> None:
    each = monday_rounds(view)[0]
    view.look_at(Focus(MONDAY, each.id, each.stops[0].ref))
    view.tools.pin.trigger()
    view.tools.pin_crew.trigger()
    assert round_by_id(plan_of(view), each.id).stops[0].pinned  # type: ignore[union-attr]
    assert round_by_id(plan_of(view), each.id).pinned  # type: ignore[union-attr]
    assert "pinned" in view.lists.heading.text()
    assert view.tools.pin.text() == "Un&pin visit"
    view.tools.pin.trigger()
    assert not round_by_id(plan_of(view), each.id).stops[0].pinned  # type: ignore[union-attr]


def test_a_crew_is_added_changed_and_dropped(qtbot: QtBot, view: PlanView) -> None:
    count = len(plan_of(view).rounds)
    view.look_at(Focus(view.days()[1]))
    view.tools.add_crew.trigger()
    dialog = dialog_of(view, CrewDialog)
    assert dialog.day.currentData() == view.days()[1], "the day looked at is offered"
    dialog.day.setCurrentIndex(3)
    day = dialog.day.currentData()
    dialog.second.setCurrentIndex(dialog.first.currentIndex())
    assert not dialog.agree.isEnabled(), "a crew is two different officers"
    dialog.second.setCurrentIndex(dialog.first.currentIndex() + 1)
    first, second = dialog.crew
    click(qtbot, dialog.agree)
    assert len(plan_of(view).rounds) == count + 1
    made = round_by_id(plan_of(view), view.focus.round_id)
    assert made is not None
    assert (made.date, set(made.officers)) == (day, {first, second})
    assert "no visits yet" in view.lists._nothing.text()
    view.tools.change_crew.trigger()
    change = dialog_of(view, CrewDialog)
    other = next(officer.id for officer in view.history.work.view.managers if officer.id not in made.officers)  # type: ignore[union-attr]
    change.second.setCurrentIndex(change.second.findData(other))
    click(qtbot, change.agree)
    assert other in round_by_id(plan_of(view), made.id).officers  # type: ignore[union-attr]
    view.tools.drop_crew.trigger()
    assert len(plan_of(view).rounds) == count
    for _ in range(3):
        view.undo_stack.undo()
    assert len(plan_of(view).rounds) == count


def test_a_crew_that_goes_out_twice_is_told_at_once_and_shown_in_words(view: PlanView) -> None:
    each = monday_rounds(view)[0]
    view.edits.add_round(MONDAY, each.officers, False)
    problems = [problem for other in monday_rounds(view) for problem in other.problems]
    assert problems
    assert problems[0] in view.lists.problems.text()
    assert problems[0] in view.timeline.tip_at(view.timeline.lanes().lanes[0].box.center()) or any(
        problems[0] in lane.round.problems for lane in view.timeline.lanes().lanes
    )
    assert "to mend" in view.tools.day.currentText()
    assert not view.approve_button.isEnabled()
    assert "cannot be driven" in view.approve_button.toolTip()


# Proposing


def test_replanning_hands_on_what_is_pinned_and_cancel_changes_nothing(
    qtbot: QtBot, view: PlanView, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: list[Plan | None] = []
    before, pause = plan_of(view), threading.Event()

    def slow(
        _session: Session, _start: date, _weeks: int, report: Reporter, *, keep: Plan | None = None
    ) -> PlanWork:
        kept.append(keep)
        while True:
            report(Progress("Searching", 0.3, 12.0))
            pause.wait(0.01)

    monkeypatch.setattr(office, "propose_plan", slow)
    for keep, expected in ((True, before), (False, None)):
        view.keep.setChecked(keep)
        click(qtbot, view.run.start)
        qtbot.waitUntil(lambda: "best so far 12" in view.run.words.text())
        assert not view.tools.drop.isEnabled(), "no change by hand while a plan is being made"
        with qtbot.waitSignal(view.run.ended):
            click(qtbot, view.run.cancel)
        assert kept[-1] is expected
    assert plan_of(view) is before


def test_first_day_and_weeks_are_those_asked_for(
    qtbot: QtBot, view: PlanView, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[date, int]] = []
    made = plan_for(session)

    def propose(_session: Session, start: date, weeks: int, _report: Reporter, *, keep: Plan | None = None) -> PlanWork:
        asked.append((start, weeks))
        return made

    monkeypatch.setattr(office, "propose_plan", propose)
    view.start.setDate(view.start.date().addDays(1))
    view.weeks_wanted.setCurrentIndex(3)
    with qtbot.waitSignal(view.run.ended):
        click(qtbot, view.run.start)
    chosen = view.start.date()
    assert asked == [(date(chosen.year(), chosen.month(), chosen.day()), 4)]
    assert plan_of(view) is made.plan


# Approving and printing


def test_an_approved_plan_is_saved_and_opened_again(
    qtbot: QtBot, own_session: Session, show: Callable[[Session], PlanView], tasks: Tasks
) -> None:
    view = show(own_session)
    view._take(plan_for(own_session))
    assert not [each.problems for each in plan_of(view).rounds if each.problems], "the plan of this test can be driven"
    click(qtbot, view.approve_button)
    dialog = dialog_of(view, ApprovalDialog)
    assert not dialog.agree.isEnabled()
    qtbot.keyClicks(dialog.reason, "covers the overdue")
    with qtbot.waitSignal(view.workspace_changed):
        click(qtbot, dialog.agree)
    qtbot.waitUntil(lambda: not tasks.running)
    assert f"Approved by {own_session.user}" in view.note.text()
    stored = latest_plan(own_session)
    assert stored is not None
    assert [each.id for each in stored.plan.rounds] == [each.id for each in plan_of(view).rounds]
    again = show(own_session)
    assert plan_of(again).visits == plan_of(view).visits
    assert not again.approve_button.isEnabled()


def test_who_may_not_approve_sees_why(view: PlanView, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Session, "may", lambda _self, permission: permission is not Permission.APPROVE)
    view.look_at(view.focus)
    assert not view.approve_button.isEnabled()
    assert "supervisor" in view.approve_button.toolTip()


def test_printing_asks_for_the_day_sheet_of_the_round_looked_at(qtbot: QtBot, view: PlanView) -> None:
    each = monday_rounds(view)[1]
    view.look_at(Focus(MONDAY, each.id))
    with qtbot.waitSignal(view.print_requested) as told:
        click(qtbot, view.print_button)
    assert told.args == ["day_sheet", each.id]


# For everybody


def test_the_timetables_tips_show_text_as_it_is(view: PlanView) -> None:
    each = monday_rounds(view)[0]
    at = QPointF(block_centre(view, each.stops[0].ref))
    tip = view.timeline.tip_at(at)
    assert each.stops[0].ref in tip
    assert view.timeline.tip_at(QPointF(5000, 5000)) == ""


def test_a_round_keeps_its_colour_when_others_come(view: PlanView) -> None:
    before = view.looks.of(monday_rounds(view))
    view.edits.add_round(MONDAY, ("OM01", "OM03"), False)
    after = view.looks.of(monday_rounds(view))
    assert all(after[key] == look for key, look in before.items())
    assert len(set(after.values())) == len(after)


def test_everything_that_takes_the_focus_has_a_name(view: PlanView) -> None:
    assert not without_name(view)


def test_the_views_own_keys_do_not_clash_with_the_windows(view: PlanView) -> None:
    assert not clashing_keys(view)


def test_refreshing_never_takes_away_what_is_on_the_desk(qtbot: QtBot, view: PlanView, tasks: Tasks) -> None:
    before = plan_of(view)
    view.refresh()
    qtbot.waitUntil(lambda: not tasks.running)
    assert plan_of(view) is before
    assert timedelta(days=6) == before.end - before.start


def test_a_visit_of_the_plan_is_handed_over_to_be_recorded_with_its_time_and_crew(view: PlanView) -> None:
    work = view.history.work
    assert work is not None
    first = next(each for each in work.plan.rounds if each.stops)
    stop = first.stops[-1]
    told: list[Visit] = []
    view.visit_wanted.connect(told.append)
    view.look_at(Focus(first.date, first.id, stop.ref))
    view.tools.record.trigger()
    (visit,) = told
    assert (visit.ref, visit.at, visit.kind) == (stop.ref, datetime.combine(first.date, stop.arrive), stop.kind)
    assert visit.officers[0] == stop.lead
    assert set(visit.officers) == set(first.officers)
