"""Something came up: the dialogue asks, the plan is made again, what changes is listed; and alternatives are compared."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from PySide6.QtCore import QDate, QTime
from pytestqt.qtbot import QtBot

from mosovo_planner.domain.people import Risk
from mosovo_planner.domain.progress import Progress, Reporter
from mosovo_planner.domain.roles import Permission
from mosovo_planner.office import surprise as office
from mosovo_planner.office.ground import travel
from mosovo_planner.office.plans import Course, PlanError, PlanWork
from mosovo_planner.office.session import Session
from mosovo_planner.office.surprise import (
    AnotherOfficer,
    AsItIs,
    Delayed,
    MoreHours,
    NoReply,
    OfficerSick,
    OtherDays,
    Outlook,
    Prospect,
    Surprise,
    Urgent,
)
from mosovo_planner.planning.weeks import replan as replan_by_steps
from mosovo_planner.planning.weeks import replan_request
from mosovo_planner.ui.plan.came_up import LATE, NO_REPLY, SICK, URGENT, CameUpDialog
from mosovo_planner.ui.plan.focus import Focus
from mosovo_planner.ui.plan.view import PlanView
from mosovo_planner.ui.plan.what_if import WhatIfDialog
from tests.ui.proposals.common import AS_OF as MONDAY
from tests.ui.proposals.common import click, dialog_of, without_name

TEN = datetime(MONDAY.year, MONDAY.month, MONDAY.day, 10, 0)


def work_of(view: PlanView) -> PlanWork:
    assert view.history.work is not None
    return view.history.work


def set_now(dialog: CameUpDialog, now: datetime) -> None:
    dialog.day.setDate(QDate(now.year, now.month, now.day))
    dialog.time.setTime(QTime(now.hour, now.minute))


def choose(dialog: CameUpDialog, kind: str) -> None:
    dialog.kind.setCurrentIndex(dialog.kind.findData(kind))


@pytest.fixture
def by_steps(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Surprise, ...]]:
    """Plans are made again on this process by a number of steps: the worker process has its own tests."""
    asked: list[tuple[Surprise, ...]] = []

    def replan(_session: Session, work: PlanWork, now: datetime, surprises: list[Surprise], _report: Reporter) -> PlanWork:
        asked.append(tuple(surprises))
        view = work.view
        request = replan_request(
            view.cases, view.managers, view.policy, travel(view.policy), work.plan, now, surprises, seconds=0, iterations=300
        )
        answer = replan_by_steps(request)
        return PlanWork(view, request.request, answer.plan, course=Course(request, answer.changes, {}))

    monkeypatch.setattr(office, "replan", replan)
    return asked


@pytest.fixture
def sick(qtbot: QtBot, view: PlanView, by_steps: list[tuple[Surprise, ...]]) -> PlanView:
    """The view after an officer of Monday's first round went home at ten."""
    each = next(each for each in work_of(view).plan.rounds if each.date == MONDAY)
    with qtbot.waitSignal(view.run.ended):
        view.course.replan(TEN, OfficerSick(each.officers[0], MONDAY + timedelta(days=4)), False)
    return view


def test_the_dialogue_is_opened_by_button_menu_and_key_and_every_field_has_a_name(qtbot: QtBot, view: PlanView) -> None:
    assert view.tools.came_up in view.actions()
    view.tools.came_up.trigger()
    dialog = dialog_of(view, CameUpDialog)
    for kind in (SICK, NO_REPLY, LATE, URGENT):
        choose(dialog, kind)
        assert without_name(dialog) == []
        assert dialog.hint.text()
    dialog.reject()


def test_what_is_looked_at_is_suggested(view: PlanView) -> None:
    each = next(each for each in work_of(view).plan.rounds if each.date == MONDAY)
    view.look_at(Focus(MONDAY, each.id, each.stops[1].ref))
    view.course.ask()
    dialog = dialog_of(view, CameUpDialog)
    set_now(dialog, TEN)
    assert dialog.kind.currentData() == NO_REPLY
    assert dialog.surprise == NoReply(each.stops[1].ref)
    choose(dialog, LATE)
    dialog.minutes.setValue(45)
    assert dialog.surprise == Delayed(each.id, 45)
    dialog.reject()


def test_somebody_to_be_seen_is_found_by_typing(view: PlanView) -> None:
    view.look_at(Focus(MONDAY))
    view.course.ask()
    dialog = dialog_of(view, CameUpDialog)
    set_now(dialog, TEN)
    choose(dialog, URGENT)
    assert not dialog.agree.isEnabled()
    assert "Choose who" in dialog.hint.text()
    dialog.person.setEditText(dialog.person.itemText(3))
    assert dialog.agree.isEnabled()
    assert dialog.surprise == Urgent(dialog.person.itemData(3), dialog.moment.date())
    dialog.reject()


def test_on_a_day_without_rounds_nobody_failed_to_answer(view: PlanView) -> None:
    view.course.ask()
    dialog = dialog_of(view, CameUpDialog)
    set_now(dialog, TEN + timedelta(days=4))
    choose(dialog, NO_REPLY)
    assert not dialog.agree.isEnabled()
    assert "No round goes out" in dialog.hint.text()
    dialog.reject()


def test_the_choice_reaches_the_planner(qtbot: QtBot, view: PlanView, by_steps: list[tuple[Surprise, ...]]) -> None:
    each = next(each for each in work_of(view).plan.rounds if each.date == MONDAY)
    view.look_at(Focus(MONDAY, each.id))
    view.course.ask()
    dialog = dialog_of(view, CameUpDialog)
    set_now(dialog, TEN)
    dialog.minutes.setValue(20)
    with qtbot.waitSignal(view.run.ended):
        click(qtbot, dialog.agree)
    assert by_steps == [(Delayed(each.id, 20),)]


def test_changes_are_listed_and_lead_to_their_rounds(sick: PlanView) -> None:
    changes = work_of(sick).changes
    assert changes
    assert sick.lists.isTabVisible(2)
    assert sick.lists.tabText(2) == f"What changes ({len(changes)})"
    assert [row.words for row in sick.lists.changes.visible_rows] == [change.words for change in changes]
    row = next(at for at, change in enumerate(changes) if change.ref)
    sick.lists.changes.selectRow(row)
    assert sick.focus.ref == changes[row].ref
    assert changes[row].words in sick.detail.text()
    assert sick.lists.currentIndex() == 2, "the list of changes stays on top"


def test_changed_rounds_say_so_in_words(sick: PlanView) -> None:
    work = work_of(sick)
    changed = sick.timeline.changed
    assert changed
    each = next(each for each in work.plan.rounds if each.id in changed)
    sick.look_at(Focus(each.date, each.id))
    lane = next(lane for lane in sick.timeline.lanes().lanes if lane.round.id == each.id)
    assert "Changed." in sick.timeline.tip_at(lane.box.topLeft())
    officers = [manager.id for manager in work.view.managers]
    cell = sick.weeks.model().index(officers.index(each.officers[0]), sick.days().index(each.date))
    assert "Δ" in cell.data()


def test_what_is_done_cannot_be_dragged_or_moved(sick: PlanView) -> None:
    work = work_of(sick)
    assert work.request.done
    ref = sorted(work.request.done)[0]
    each = next(each for each in work.plan.rounds if any(stop.ref == ref for stop in each.stops))
    before = work.plan
    sick.edits.move(ref, next(other.id for other in work.plan.rounds if other.id != each.id))
    assert work_of(sick).plan is before
    assert "behind already" in sick.note.text()


def test_discard_brings_the_plan_before_back_and_redo_the_new_one(qtbot: QtBot, sick: PlanView, work: PlanWork) -> None:
    assert sick.course.banner.isVisible()
    assert "come out otherwise" in sick.course.words.text()
    made = work_of(sick).plan
    click(qtbot, sick.course.discard_button)
    assert work_of(sick).plan is work.plan
    assert not sick.course.banner.isVisible()
    assert not sick.lists.isTabVisible(2)
    sick.undo_stack.redo()
    assert work_of(sick).plan is made


def test_a_cancelled_plan_leaves_the_desk_as_it_was(
    qtbot: QtBot, view: PlanView, monkeypatch: pytest.MonkeyPatch
) -> None:
    pause = threading.Event()

    def slow(_session: Session, _work: PlanWork, _now: datetime, _surprises: list[Surprise], report: Reporter) -> PlanWork:
        while True:
            report(Progress("Searching", 0.3))
            pause.wait(0.01)

    monkeypatch.setattr(office, "replan", slow)
    before = work_of(view)
    view.course.replan(TEN, Delayed(before.plan.rounds[0].id, 20), False)
    assert not view.tools.came_up.isEnabled()
    with qtbot.waitSignal(view.run.ended):
        click(qtbot, view.run.cancel)
    assert work_of(view) is before


def test_who_may_not_plan_may_not_plan_again(view: PlanView, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Session, "may", lambda _self, permission: permission is not Permission.PLAN)
    view.look_at(view.focus)
    assert not view.tools.came_up.isEnabled()
    assert not view.tools.what_if.isEnabled()


def test_the_best_order_is_one_act_that_can_be_undone(view: PlanView) -> None:
    each = next(each for each in work_of(view).plan.rounds if each.date == MONDAY)
    view.look_at(Focus(MONDAY, each.id))
    view.tools.order.trigger()
    after = next(other for other in work_of(view).plan.rounds if other.id == each.id)
    assert {stop.ref for stop in after.stops} == {stop.ref for stop in each.stops}
    assert after.drive_minutes <= each.drive_minutes + 5
    assert "best order" in view.undo_stack.undoText()
    view.tools.retime.trigger()
    assert "all times anew" in view.undo_stack.undoText()


# What if


def outlook(visits: int, overdue: int = 10) -> Outlook:
    return Outlook({Risk.HIGH: visits - 10, Risk.LOW: 10}, 5, 600, overdue, overdue, 30, 1.0)


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> list[tuple[object, Outlook | None]]:
    """Alternatives answered at once; what was asked is kept."""
    asked: list[tuple[object, Outlook | None]] = []

    def what_if(
        _session: Session, _work: PlanWork, alternative: object, _report: Reporter, *, as_it_is: Outlook | None = None
    ) -> Prospect:
        asked.append((alternative, as_it_is))
        if alternative == OtherDays(weekends=False):
            raise PlanError("That is how it is already: nothing would change.")
        return Prospect(AsItIs(), as_it_is or outlook(40), outlook(45, 6))

    monkeypatch.setattr(office, "what_if", what_if)
    return asked


@pytest.fixture
def what_if(view: PlanView) -> WhatIfDialog:
    view.tools.what_if.trigger()
    return dialog_of(view, WhatIfDialog)


def test_alternatives_stand_beside_the_plan_as_it_is(
    qtbot: QtBot, what_if: WhatIfDialog, answers: list[tuple[object, Outlook | None]]
) -> None:
    assert without_name(what_if) == []
    for kind in ("officer", "team_hours"):
        what_if.kind.setCurrentIndex(what_if.kind.findData(kind))
        with qtbot.waitSignal(what_if.run.ended):
            click(qtbot, what_if.run.start)
    first, second = answers
    assert isinstance(first[0], AnotherOfficer)
    assert first[0].like == what_if.base.currentData()
    assert first[1] is None
    assert second == (MoreHours(), outlook(40)), "the plan as it is is searched once"
    rows = what_if.table.visible_rows
    assert rows[0].name == "As it is"
    assert len(rows) == 3
    texts = [what_if.table.model().index(2, column).data() for column in range(8)]
    assert "45 (+5)" in texts
    assert "6 (-4)" in texts
    assert "+5 visits (+5 high), -4 overdue" in what_if.summary.text()


def test_an_alternative_that_changes_nothing_is_told(
    qtbot: QtBot, what_if: WhatIfDialog, answers: list[tuple[object, Outlook | None]]
) -> None:
    what_if.kind.setCurrentIndex(what_if.kind.findData("no_weekends"))
    with qtbot.waitSignal(what_if.run.ended):
        click(qtbot, what_if.run.start)
    assert "already" in what_if.error.text()
    assert what_if.error.isVisible()
    assert answers


def test_closing_the_window_stops_the_search(
    qtbot: QtBot, view: PlanView, what_if: WhatIfDialog, monkeypatch: pytest.MonkeyPatch
) -> None:
    pause = threading.Event()

    def slow(_s: Session, _w: PlanWork, _a: object, report: Reporter, *, as_it_is: Outlook | None = None) -> Prospect:
        while True:
            report(Progress("Searching", 0.3))
            pause.wait(0.01)

    monkeypatch.setattr(office, "what_if", slow)
    before = work_of(view)
    click(qtbot, what_if.run.start)
    with qtbot.waitSignal(what_if.finished):
        what_if.reject()
    assert not view.tasks.running
    assert work_of(view) is before


def test_every_kind_of_question_has_its_words(what_if: WhatIfDialog, show: Callable[[Session], PlanView]) -> None:
    names = set()
    for at in range(what_if.kind.count()):
        what_if.kind.setCurrentIndex(at)
        assert what_if.words.text()
        names.add((what_if.name, repr(what_if.alternative)))
    assert len(names) == what_if.kind.count()
    assert replace(outlook(12)).visits_made == 12
