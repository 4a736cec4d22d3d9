"""A plan made again in its course: what is done stays, what nothing touches stays, and what changes is said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from mosovo_planner.domain.people import Position, Risk, Status
from mosovo_planner.domain.progress import Cancelled, Progress
from mosovo_planner.domain.proposals import Plan, Round, Stop
from mosovo_planner.planning.weeks import (
    PROMISES,
    ChangeKind,
    Delayed,
    NoReply,
    OfficerSick,
    PlanError,
    Replanned,
    ReplanRequest,
    Surprise,
    Urgent,
    differences,
    drop_visit,
    move_visit,
    pin_visit,
    promises_changed,
    propose_plan,
    replan,
    replan_request,
)

from .conftest import Force, StraightLine

Make = Callable[..., Any]
MONDAY = date(2026, 11, 23)
FRIDAY = MONDAY + timedelta(days=4)
STEPS = 1500


class Course:
    """A force in the middle of its plan."""

    def __init__(self, force: Force, plan: Plan) -> None:
        self.force, self.plan = force, plan

    def ask(self, now: datetime, *surprises: Surprise, iterations: int = STEPS) -> ReplanRequest:
        return replan_request(
            self.force.cases(), self.force.managers, self.force.policy, StraightLine(), self.plan, now, surprises,
            seconds=0.0, iterations=iterations,
        )  # fmt: skip

    def again(self, now: datetime, *surprises: Surprise) -> tuple[ReplanRequest, Replanned]:
        asked = self.ask(now, *surprises)
        return asked, replan(asked)

    def first(self, *, evening: bool = False, stops: int = 3) -> Round:
        """The first round of the plan with enough visits."""
        return next(each for each in self.plan.rounds if len(each.stops) >= stops and each.evening == evening)


@pytest.fixture(scope="module")
def planned() -> Course:
    from .conftest import make_force

    force = make_force(90, 10, 3)
    managers = tuple(replace(each, weekly_hours=37.0, absences=(), trained=True) for each in force.managers)
    force = replace(force, managers=managers)
    return Course(force, propose_plan(force.request(iterations=1200)))


@pytest.fixture
def course(planned: Course) -> Course:
    return Course(planned.force, planned.plan)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute)


def moment_in(each: Round) -> datetime:
    """A moment at the door of the second stop."""
    return datetime.combine(each.date, each.stops[1].arrive) + timedelta(minutes=2)


def holder(plan: Plan, ref: str) -> tuple[Round, Stop] | None:
    return next(((each, stop) for each in plan.rounds for stop in each.stops if stop.ref == ref), None)


def assert_untouched(before: Plan, after: Plan, changes: Any) -> None:
    """Every round that no change names is the very same, times and crew included."""
    rounds, refs = {change.round for change in changes}, {change.ref for change in changes}
    former = {each.id: each for each in before.rounds if each.id not in rounds}
    untouched = [each for each in after.rounds if each.id in former and not refs & {stop.ref for stop in former[each.id].stops}]
    assert untouched
    for each in untouched:
        assert replace(each, problems=()) == replace(former[each.id], problems=())


def test_without_a_surprise_nothing_changes(course: Course) -> None:
    _, again = course.again(at(MONDAY, 7))
    assert again.changes == ()
    assert again.plan.rounds == course.plan.rounds


def test_a_sick_officer_goes_out_no_more_and_no_rule_is_broken(course: Course, plan_faults: Make) -> None:
    first = course.first()
    sick = first.officers[0]
    now = datetime.combine(first.date, first.start) - timedelta(hours=1)
    asked, again = course.again(now, OfficerSick(sick, FRIDAY))
    assert not any(sick in each.officers for each in again.plan.rounds if each.date >= first.date)
    assert plan_faults(replace(course.force, managers=asked.request.officers), again.plan) == []
    assert not any(each.problems for each in again.plan.rounds)
    assert_untouched(course.plan, again.plan, again.changes)


def test_every_visit_of_a_crew_that_breaks_up_is_accounted_for(course: Course) -> None:
    first = course.first()
    sick = first.officers[0]
    now = datetime.combine(first.date, first.start) - timedelta(hours=1)
    asked, again = course.again(now, OfficerSick(sick, FRIDAY))
    ahead = [each for each in course.plan.rounds if sick in each.officers and each.date >= first.date]
    lost = {stop.ref for each in ahead for stop in each.stops}
    told = {change.ref: change for change in again.changes if change.ref}
    assert lost <= told.keys()
    for ref in lost:
        assert f"{asked.request.label(sick)} is sick until" in told[ref].why
        if told[ref].kind is ChangeKind.LEFT_OUT:
            assert holder(again.plan, ref) is None
        else:
            assert holder(again.plan, ref) is not None
    unplanned = {each.ref for each in again.plan.unplanned}
    due = {ref for ref in lost if asked.request.due(asked.request.needs[ref])}
    assert all((ref in unplanned) != (holder(again.plan, ref) is not None) for ref in due)


def test_fewer_promises_change_than_in_a_plan_made_anew(course: Course) -> None:
    first = course.first()
    sick = first.officers[0]
    now = datetime.combine(first.date, first.start) - timedelta(hours=1)
    asked, again = course.again(now, OfficerSick(sick, FRIDAY))
    anew = propose_plan(replace(asked.request, keep=None, since=None, iterations=400))
    others = differences(asked, replace(anew, start=course.plan.start))
    assert promises_changed(again.changes) * 3 < promises_changed(others) * 2


def test_what_is_done_stays_when_an_officer_goes_home_in_mid_round(course: Course, plan_faults: Make) -> None:
    first = course.first()
    sick, partner = first.officers
    asked, again = course.again(moment_in(first), OfficerSick(sick, FRIDAY))
    ended = next(each for each in again.plan.rounds if each.id == first.id)
    assert [(stop.ref, stop.arrive, stop.leave) for stop in ended.stops] == [
        (stop.ref, stop.arrive, stop.leave) for stop in first.stops[:2]
    ]
    assert any(change.kind is ChangeKind.ROUND_GONE and "ends after 2 visits" in change.words for change in again.changes)
    assert plan_faults(replace(course.force, managers=asked.request.officers), again.plan) == []
    assert not any(each.problems for each in again.plan.rounds)
    later = [each for each in again.plan.rounds if partner in each.officers and each.date == first.date and each.id != first.id]
    assert all(each.start >= ended.end for each in later), "the partner goes out again only after coming back"


def test_a_door_that_stayed_closed_is_tried_later_not_at_once(course: Course, plan_faults: Make) -> None:
    first = course.first()
    failed = first.stops[1]
    now = moment_in(first)
    _, again = course.again(now, NoReply(failed.ref))
    found = holder(again.plan, failed.ref)
    told = next(change for change in again.changes if change.ref == failed.ref)
    assert f"nobody answered at {now:%H:%M}" in told.why
    if found is None:
        assert told.kind is ChangeKind.LEFT_OUT
    elif found[0].date == first.date:
        assert datetime.combine(first.date, found[1].arrive) >= now + timedelta(hours=3)
    same = next(each for each in again.plan.rounds if each.id == first.id)
    assert same.stops[0] == first.stops[0]
    assert all(stop.arrive >= now.time() for stop in same.stops[1:])
    assert plan_faults(course.force, again.plan) == []


def test_a_closed_door_is_tried_again_where_there_is_room(course: Course) -> None:
    """Two full-time officers more, with nothing to do, make room on a later day."""
    extra = tuple(replace(course.force.managers[0], id=f"NEW{number}", name=f"PC New {number}") for number in (1, 2))
    course.force = replace(course.force, managers=(*course.force.managers, *extra))
    first = course.first()
    _, again = course.again(moment_in(first), NoReply(first.stops[1].ref))
    told = next(change for change in again.changes if change.ref == first.stops[1].ref)
    assert told.kind in (ChangeKind.MOVED, ChangeKind.RETIMED)


def test_a_late_crew_shifts_its_visits_and_nobody_elses(course: Course, plan_faults: Make) -> None:
    first = course.first()
    _, again = course.again(moment_in(first), Delayed(first.id, 20))
    same = next(each for each in again.plan.rounds if each.id == first.id)
    assert [stop.ref for stop in same.stops[:2]] == [stop.ref for stop in first.stops[:2]]
    assert same.stops[1].arrive == first.stops[1].arrive
    assert datetime.combine(MONDAY, same.stops[1].leave) - datetime.combine(MONDAY, first.stops[1].leave) == timedelta(minutes=20)
    assert all("20 minutes late" in change.why or "makes room" in change.why or "room in a round" in change.why
               or "comes in" in change.why or "moved away" in change.why for change in again.changes)  # fmt: skip
    wrong = [fault for fault in plan_faults(course.force, again.plan) if same.stops[1].ref not in fault]
    assert wrong == [], "but for the visit that took longer"
    others = {each.id: each for each in course.plan.rounds if each.date < first.date}
    assert all(each == others[each.id] for each in again.plan.rounds if each.id in others)


def test_an_urgent_visit_is_made_by_its_day(course: Course, plan_faults: Make) -> None:
    course.force = course.force.with_offender(ref="INV-U", last_seen=None, position=Position(51.5, -1.85), risk=Risk.VERY_HIGH)
    tuesday = MONDAY + timedelta(days=1)
    _, again = course.again(at(MONDAY, 16), Urgent("INV-U", tuesday))
    found = holder(again.plan, "INV-U")
    assert found is not None
    assert found[0].date == tuesday
    assert found[1].kind == "initial"
    told = next(change for change in again.changes if change.ref == "INV-U")
    assert told.kind is ChangeKind.ADDED
    assert told.words.startswith("Visit INV-U is added on Tue 24 Nov ")
    assert plan_faults(course.force, again.plan) == []
    assert promises_changed(again.changes) * 3 < course.plan.visits


def test_a_planned_visit_is_brought_forward(course: Course) -> None:
    last = max((each for each in course.plan.rounds if each.stops), key=lambda each: each.date)
    tuesday = MONDAY + timedelta(days=1)
    assert last.date > tuesday
    _, again = course.again(at(MONDAY, 16), Urgent(last.stops[0].ref, tuesday))
    found = holder(again.plan, last.stops[0].ref)
    assert found is not None
    assert found[0].date == tuesday


def test_pinned_visits_keep_day_crew_and_time(course: Course) -> None:
    first = course.first()
    others = [each for each in course.plan.rounds if not set(each.officers) & set(first.officers)]
    request = course.force.request()
    for each in others:
        course.plan = pin_visit(request, course.plan, each.stops[0].ref)
    now = datetime.combine(first.date, first.start) - timedelta(hours=1)
    _, again = course.again(now, OfficerSick(first.officers[0], FRIDAY))
    for each in others:
        found = holder(again.plan, each.stops[0].ref)
        assert found is not None
        assert (found[0].id, found[0].officers) == (each.id, each.officers)
        assert found[1].pinned
        late = datetime.combine(MONDAY, found[1].arrive) - datetime.combine(MONDAY, each.stops[0].arrive)
        assert timedelta(0) <= late <= timedelta(minutes=30)


def test_rounds_of_days_behind_stay_as_they_were(course: Course) -> None:
    wednesday = MONDAY + timedelta(days=2)
    behind = [each for each in course.plan.rounds if each.date < wednesday]
    sick = next(each for each in course.plan.rounds if each.date >= wednesday).officers[0]
    _, again = course.again(at(wednesday, 7), OfficerSick(sick, FRIDAY))
    assert [each for each in again.plan.rounds if each.date < wednesday] == behind
    assert (again.plan.start, again.plan.end, again.plan.seed) == (course.plan.start, course.plan.end, course.plan.seed)


def test_the_same_facts_give_the_same_answer(course: Course) -> None:
    first = course.first()
    surprise = OfficerSick(first.officers[0], FRIDAY)
    now = moment_in(first)
    assert replan(course.ask(now, surprise)).changes == replan(course.ask(now, surprise)).changes


def test_several_surprises_at_once(course: Course, plan_faults: Make) -> None:
    first = course.first()
    other = next(each for each in course.plan.rounds if each.date > first.date and not set(each.officers) & set(first.officers))
    asked, again = course.again(moment_in(first), NoReply(first.stops[1].ref), OfficerSick(other.officers[0], FRIDAY))
    assert not any(other.officers[0] in each.officers for each in again.plan.rounds if each.date > first.date)
    assert plan_faults(replace(course.force, managers=asked.request.officers), again.plan) == []


def test_hand_edits_afterwards_leave_what_is_done(course: Course) -> None:
    first = course.first()
    asked, again = course.again(moment_in(first), NoReply(first.stops[1].ref))
    other = next(each for each in again.plan.rounds if each.date > first.date)
    with pytest.raises(PlanError, match="behind already"):
        move_visit(asked.request, again.plan, first.stops[0].ref, other.id)
    moved = move_visit(asked.request, again.plan, other.stops[0].ref, other.id, 99)
    assert not any(each.problems for each in moved.rounds if each.id != other.id)
    dropped = drop_visit(asked.request, again.plan, other.stops[0].ref)
    assert next(each.code for each in dropped.unplanned if each.ref == other.stops[0].ref) == "dropped"


def test_reasons_after_today_name_no_day_that_is_behind(course: Course) -> None:
    wednesday = MONDAY + timedelta(days=2)
    sick = next(each for each in course.plan.rounds if each.date >= wednesday).officers[0]
    _, again = course.again(at(wednesday, 12), OfficerSick(sick, FRIDAY))
    behind = [f"{day.day} Nov 2026 with" for day in (MONDAY, MONDAY + timedelta(days=1), wednesday)]
    assert not any(words in each.reason for each in again.plan.unplanned for words in behind)


def test_what_makes_no_sense_is_refused_in_words(course: Course) -> None:
    first = course.first()
    custody = course.force.with_offender(ref="INV-C", status=Status.CUSTODY)
    course.force = custody
    now = moment_in(first)
    for surprise, words in (
        (OfficerSick("nobody", FRIDAY), "not known"),
        (OfficerSick(first.officers[0], MONDAY - timedelta(days=9)), "in the past"),
        (NoReply("nobody"), "not planned"),
        (Delayed("no round", 10), "Choose a round"),
        (Urgent("nobody", FRIDAY), "not on the caseload"),
        (Urgent("INV-C", FRIDAY), "custody"),
        (Urgent(first.stops[0].ref, FRIDAY + timedelta(days=30)), "Choose a day"),
    ):
        with pytest.raises(PlanError, match=words) as refused:
            course.ask(now, surprise)
        assert "INV" not in str(refused.value)
    with pytest.raises(PlanError, match="ended"):
        course.ask(at(MONDAY + timedelta(days=60), 9), OfficerSick(first.officers[0], MONDAY + timedelta(days=90)))


def test_a_stop_of_the_work_is_heard(course: Course) -> None:
    def stop(_progress: Progress) -> None:
        raise Cancelled

    first = course.first()
    with pytest.raises(Cancelled):
        replan(course.ask(moment_in(first), NoReply(first.stops[1].ref)), stop)


def test_changes_name_crews_by_their_officers(course: Course) -> None:
    first = course.first()
    _, again = course.again(moment_in(first), OfficerSick(first.officers[0], FRIDAY))
    changed = [change for change in again.changes if change.kind in PROMISES]
    assert changed
    names = {each.name for each in course.force.managers}
    assert all(any(name in change.words for name in names) for change in changed)
