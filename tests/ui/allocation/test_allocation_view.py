"""The supervisor sees before and after, changes moves with the effect at once, and approves with a reason."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from mosovo_planner.domain.people import Precision
from mosovo_planner.domain.progress import Progress, Reporter
from mosovo_planner.domain.roles import Permission
from mosovo_planner.office import allocation as office
from mosovo_planner.office.allocation import AllocationWork
from mosovo_planner.office.caseload import view_caseload
from mosovo_planner.office.session import Session
from mosovo_planner.ui.allocation.refusing import RefusalDialog
from mosovo_planner.ui.allocation.view import AllocationView
from mosovo_planner.ui.proposals.approval import ApprovalDialog
from mosovo_planner.ui.proposals.choosing import ChoiceDialog
from mosovo_planner.ui.tasks import Tasks
from tests.ui.proposals.common import AS_OF, clashing_keys, click, dialog_of, without_name

from .conftest import proposal_for, shown


def work_of(view: AllocationView) -> AllocationWork:
    assert view.history.work is not None
    return view.history.work


# Before anything is proposed


def test_the_caseload_as_it_is_shows_before_anything_is_proposed(empty_desk: AllocationView, session: Session) -> None:
    assert len(empty_desk.lists.everybody.visible_rows) == 80
    assert "Press Propose" in empty_desk.note.text()
    assert empty_desk.panel.mode == "before"
    assert not empty_desk.approve_button.isEnabled()
    assert not empty_desk.refuse_action.isEnabled()


# The proposal


def test_every_move_is_listed_with_its_reason_and_what_it_saves(view: AllocationView) -> None:
    proposal = work_of(view).proposal
    rows = {row.ref: row for row in view.lists.moves.visible_rows}
    assert rows.keys() == {move.ref for move in proposal.moves}
    for move in proposal.moves:
        assert rows[move.ref].reason == move.reason
        assert rows[move.ref].saved == move.minutes_saved_per_year
    saved = [round(row.saved or 0) for row in view.lists.moves.visible_rows]
    assert saved == sorted(saved, reverse=True), "what saves most comes first"


def test_totals_say_travel_moves_and_spread(view: AllocationView) -> None:
    proposal = work_of(view).proposal
    text = view.summary.text()
    assert f"{proposal.travel_before / 60:,.0f} → {proposal.travel_after / 60:,.0f} hours a year" in text
    assert f"{len(proposal.moves)} of 80 cases would move" in text
    assert "% of capacity" in text


def test_bars_tell_each_managers_workload_before_and_after_in_words(view: AllocationView) -> None:
    loads = {load.id: load for load in work_of(view).proposal.managers}
    model = view.bars.model()
    words = [model.index(row, 0).data(Qt.ItemDataRole.AccessibleTextRole) for row in range(model.rowCount())]
    assert len(words) == len(loads)
    some = loads["OM01"]
    expected = f"{100 * some.workload_before / some.capacity:.0f}% → {100 * some.workload_after / some.capacity:.0f}%"
    assert expected in words[0]
    assert f"cases {some.cases_before} → {some.cases_after}" in words[0]


def test_the_map_shows_who_holds_whom_before_and_after(qtbot: QtBot, view: AllocationView) -> None:
    move = work_of(view).proposal.moves[0]

    def colour() -> str:
        layer = view.map._markers
        return layer.markers[layer.index[move.ref]].look.colour

    after = colour()
    click(qtbot, view.panel._modes["before"])
    assert colour() != after
    click(qtbot, view.panel._modes["both"])
    stays = {row.ref for row in view.lists.everybody.table_model.rows if not row.moves}
    assert view.map._markers.faint >= {ref for ref in stays if ref in view.map._markers.index}
    assert move.ref not in view.map._markers.faint


# In step


def test_choosing_in_the_list_highlights_on_the_map_and_shows_the_reason(view: AllocationView) -> None:
    view.lists.moves.selectRow(2)
    row = view.lists.moves.visible_rows[2]
    assert view.map.chosen == {row.ref}
    assert row.reason in view.detail.text()


def test_a_click_on_the_map_chooses_in_the_list(qtbot: QtBot, view: AllocationView) -> None:
    row = view.lists.moves.visible_rows[-1]
    at = row.offender.position
    assert at is not None
    view.map.choose([])
    for _ in range(9):  # go close, so that nobody lies beneath the same pixel
        view.map.zoom_in()
    view.map.centerOn(*_scene(at.lat, at.lon))
    for _ in range(60):
        click(qtbot, view.map.viewport(), view.map.spot(at.lat, at.lon))
        if view.lists.chosen_refs == [row.ref]:
            break
    assert view.lists.chosen_refs == [row.ref]


def _scene(lat: float, lon: float) -> tuple[float, float]:
    from mosovo_planner.ui.map.projection import scene_point

    return scene_point(lat, lon)


def test_a_managers_bar_filters_lists_and_map(qtbot: QtBot, view: AllocationView) -> None:
    view.bars.choose("OM02")
    rows = view.lists.everybody.visible_rows
    assert rows
    assert all("OM02" in (row.manager_before, row.manager_after) for row in rows)
    assert view.map._markers.faint
    qtbot.keyClick(view.bars, Qt.Key.Key_Escape)
    assert len(view.lists.everybody.visible_rows) == 80


# Changes by hand


def test_refusing_a_move_keeps_the_case_where_it_is_and_undo_brings_the_move_back(qtbot: QtBot, view: AllocationView) -> None:
    view.lists.moves.selectRow(0)
    row = view.lists.moves.visible_rows[0]
    before = work_of(view)
    refuse(view, "Handed over last month.")
    after = work_of(view).proposal
    assert after.assignment[row.ref] == row.manager_before
    assert row.ref not in {each.ref for each in view.lists.moves.visible_rows}
    assert after.travel_after > before.proposal.travel_after
    assert "hours a year" in view.note.text(), "the effect is told at once"
    qtbot.keyClick(view, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert work_of(view) is before
    assert row.ref in {each.ref for each in view.lists.moves.visible_rows}


def refuse(view: AllocationView, why: str) -> None:
    """Trigger the act and answer its question."""
    view.refuse_action.trigger()
    (dialog,) = [each for each in view.findChildren(RefusalDialog) if each.isVisible()]
    dialog.why.setText(why)
    dialog.agree.click()
    assert view.history.work is not None
    assert why in view.history.work.whys.values()


def test_several_moves_are_refused_as_one_act(view: AllocationView) -> None:
    view.lists.moves.selectAll()
    refuse(view, "Handed over last month.")
    assert not work_of(view).proposal.moves
    view.undo_stack.undo()
    assert work_of(view).proposal.moves


def test_giving_a_case_asks_for_the_manager_nearest_first(qtbot: QtBot, view: AllocationView) -> None:
    view.lists.moves.selectRow(0)
    ref = view.lists.moves.visible_rows[0].ref
    view.give_action.trigger()
    dialog = dialog_of(view, ChoiceDialog)
    minutes = [row.minutes for row in dialog.table.visible_rows if row.minutes is not None]
    assert minutes == sorted(minutes)
    wanted = dialog.table.visible_rows[-1]
    dialog.table.select(wanted.id)
    click(qtbot, dialog.agree)
    assert work_of(view).proposal.assignment[ref] == wanted.id
    assert ref in work_of(view).proposal.pinned


def test_a_pinned_case_says_so(view: AllocationView) -> None:
    view.lists.moves.selectRow(1)
    ref = view.lists.moves.visible_rows[1].ref
    view.pin_action.trigger()
    assert ref in work_of(view).proposal.pinned
    row = next(each for each in view.lists.moves.visible_rows if each.ref == ref)
    assert row.pinned
    assert not view.pin_action.isEnabled(), "what is pinned cannot be pinned again"


# Proposing


def test_proposing_shows_progress_and_cancel_leaves_what_was_there(
    qtbot: QtBot, view: AllocationView, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, pause = work_of(view), threading.Event()

    def slow(_session: Session, _as_of: date, report: Reporter, _seconds: float) -> AllocationWork:
        while True:
            report(Progress("Trying new territories", 0.5, 77.0))
            pause.wait(0.01)

    monkeypatch.setattr(office, "propose_allocation", slow)
    click(qtbot, view.run.start)
    qtbot.waitUntil(lambda: "best so far 77" in view.run.words.text())
    assert not view.approve_button.isEnabled()
    with qtbot.waitSignal(view.run.ended):
        click(qtbot, view.run.cancel)
    assert work_of(view) is before
    assert "nothing was changed" in view.note.text()


def test_a_new_proposal_replaces_the_old_and_undo_brings_it_back(
    qtbot: QtBot, view: AllocationView, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, asked = work_of(view), []
    made = proposal_for(session)
    monkeypatch.setattr(office, "propose_allocation", lambda *args: (asked.append(args), made)[1])
    view.day.setDate(view.day.date().addDays(3))
    with qtbot.waitSignal(view.run.ended):
        click(qtbot, view.run.start)
    assert work_of(view) is made
    assert asked[0][1] == date(view.day.date().year(), view.day.date().month(), view.day.date().day())
    view.undo_stack.undo()
    assert work_of(view) is old


# Approving


def test_approving_with_a_reason_makes_the_proposal_the_allocation(qtbot: QtBot, own_session: Session, tasks: Tasks) -> None:
    view = shown(qtbot, own_session, tasks)
    work = proposal_for(own_session)
    view._take(work)
    click(qtbot, view.approve_button)
    dialog = dialog_of(view, ApprovalDialog)
    assert not dialog.agree.isEnabled()
    qtbot.keyClicks(dialog.reason, "less driving")
    with qtbot.waitSignal(view.workspace_changed):
        click(qtbot, dialog.agree)
    qtbot.waitUntil(lambda: not tasks.running)
    held = {case.offender.ref: case.offender.manager for case in view_caseload(own_session, AS_OF).cases}
    assert all(held[move.ref] == move.to_manager for move in work.proposal.moves)
    assert view.history.work is None
    assert not view.lists.moves.visible_rows


def test_who_may_not_approve_sees_why(view: AllocationView, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Session, "may", lambda _self, permission: permission is not Permission.APPROVE)
    view._judge()
    assert not view.approve_button.isEnabled()
    assert "supervisor" in view.approve_button.toolTip()


# Placing by hand


def test_an_offender_is_placed_by_a_click_on_the_map(qtbot: QtBot, own_session: Session, tasks: Tasks) -> None:
    view = shown(qtbot, own_session, tasks)
    view.lists.setCurrentIndex(1)
    view.lists.everybody.selectRow(0)
    ref = view.lists.everybody.visible_rows[0].ref
    view.place_action.trigger()
    with qtbot.waitSignal(view.workspace_changed):
        click(qtbot, view.map.viewport(), QPoint(40, 40))
    qtbot.waitUntil(lambda: not tasks.running)
    case = next(case for case in view_caseload(own_session, AS_OF).cases if case.offender.ref == ref)
    assert case.offender.position is not None
    assert case.offender.position.precision is Precision.HAND


def test_escape_stops_placing_and_nothing_is_saved(qtbot: QtBot, view: AllocationView) -> None:
    view.lists.setCurrentIndex(1)
    view.lists.everybody.selectRow(0)
    view.place_action.trigger()
    assert "Escape stops" in view.note.text()
    with qtbot.assertNotEmitted(view.workspace_changed), qtbot.assertNotEmitted(view.map.place_chosen):
        qtbot.keyClick(view.map, Qt.Key.Key_Escape)
        click(qtbot, view.map.viewport(), QPoint(40, 40))
    assert "Nothing was placed" in view.note.text()


def test_a_caseload_that_changed_meanwhile_is_told_but_the_proposal_stays(view: AllocationView) -> None:
    work = work_of(view)
    view.show_caseload(work.view)
    assert "has changed" not in view.note.text(), "reading the same again is no change"
    view.show_caseload(replace(work.view, cases=work.view.cases[1:]))
    assert "has changed" in view.note.text()
    assert work_of(view) is work


# For everybody


def test_everything_that_takes_the_focus_has_a_name(view: AllocationView) -> None:
    assert not without_name(view)


def test_the_views_own_keys_do_not_clash_with_the_windows(view: AllocationView) -> None:
    assert not clashing_keys(view)
