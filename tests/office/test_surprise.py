"""Something came up, through the office: from a worker process, kept with its reason, earlier plans on record."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from mosovo_planner.domain.errors import NotPermitted
from mosovo_planner.domain.people import Offender, OffenderManager, Position, Risk, Sex
from mosovo_planner.domain.roles import Permission
from mosovo_planner.domain.visits import Outcome
from mosovo_planner.office.plans import (
    PlanError,
    PlanWork,
    approve_plan,
    latest_plan,
    move_visit,
    propose_plan,
    reorder,
    retime,
)
from mosovo_planner.office.session import Session
from mosovo_planner.office.surprise import (
    AnotherOfficer,
    ChangeKind,
    NoReply,
    OfficerSick,
    OtherDays,
    neediest_base,
    record_no_reply,
    replan,
    what_if,
)

START = date(2026, 11, 23)
SUNDAY = START + timedelta(days=6)


@pytest.fixture
def crowd(session: Session) -> Session:
    """Four officers of one base and twenty overdue offenders around it; all invented."""
    home = Position(51.5, -2.0)
    managers = [
        OffenderManager(
            id=f"OM{number:02}", name=f"PC Invented {number}", base="Northtown", position=home, trained=True,
            sex=(Sex.FEMALE, Sex.MALE)[number % 2],
        )
        for number in range(1, 5)
    ]  # fmt: skip
    offenders = [
        Offender(
            ref=f"INV-{number}", surname="INVENTED", forenames=f"Person {number}", risk=(Risk.LOW, Risk.HIGH)[number % 2],
            position=Position(51.5 + 0.02 * (number % 5), -2.0 + 0.02 * (number // 5)), manager=f"OM0{1 + number % 4}",
            last_seen=date(2025, 10, 1 + number),
        )
        for number in range(1, 21)
    ]  # fmt: skip
    with session.unit(Permission.IMPORT) as unit:
        unit.save_managers(managers)
        unit.save_offenders(offenders)
    return session


@pytest.fixture
def work(crowd: Session) -> PlanWork:
    proposed = propose_plan(crowd, START, 1, seed=3, seconds=1)
    return approve_plan(crowd, proposed, "agreed")


def refs(work: PlanWork) -> list[str]:
    return sorted(stop.ref for each in work.plan.rounds for stop in each.stops)


def test_sickness_makes_a_proposal_that_is_approved_and_noted(crowd: Session, work: PlanWork) -> None:
    first = work.plan.rounds[0]
    sick = first.officers[0]
    now = datetime.combine(first.date, first.start) - timedelta(hours=1)
    again = replan(crowd, work, now, [OfficerSick(sick, SUNDAY)], seconds=0.3)
    assert again.approved_by is None
    assert again.changes
    assert not any(sick in each.officers for each in again.plan.rounds)
    opened = latest_plan(crowd)
    assert opened is not None
    assert opened.plan == work.plan, "a proposal changes nothing until somebody approves it"
    approve_plan(crowd, again, "sickness")
    opened = latest_plan(crowd)
    assert opened is not None
    assert opened.plan == again.plan
    with crowd.unit(Permission.VIEW) as unit:
        assert len(unit.plans()) >= 2, "earlier versions stay on record"
        away = {each.id: each.absences for each in unit.managers()}
    assert [(each.start, each.end) for each in away[sick]] == [(first.date, SUNDAY)]
    assert all(not absences for officer, absences in away.items() if officer != sick)


def test_hand_changes_afterwards_keep_the_list_of_changes_true(crowd: Session, work: PlanWork) -> None:
    first = work.plan.rounds[0]
    failed = first.stops[0]
    now = datetime.combine(first.date, failed.arrive) + timedelta(minutes=3)
    again = replan(crowd, work, now, [NoReply(failed.ref)], seconds=0.3)
    changed = {one.ref for one in again.changes}
    later = [each for each in again.plan.rounds if each.date > first.date]
    kept = next(stop.ref for each in reversed(later) for stop in each.stops if stop.ref not in changed)
    other = next(each for each in later if kept not in {stop.ref for stop in each.stops})
    moved = move_visit(again, kept, other.id)
    told = {change.ref: change.kind for change in moved.changes}
    assert told[kept] in (ChangeKind.MOVED, ChangeKind.CREW)


def test_nobody_answered_is_recorded_once_and_tried_again(crowd: Session, work: PlanWork) -> None:
    first = work.plan.rounds[0]
    stop = first.stops[0]
    now = datetime.combine(first.date, stop.arrive) + timedelta(minutes=3)
    assert record_no_reply(crowd, work, stop.ref, now)
    assert not record_no_reply(crowd, work, stop.ref, now)
    with crowd.unit(Permission.VIEW) as unit:
        attempts = unit.visits(ref=stop.ref)
    assert [(each.outcome, each.at, each.officers[0]) for each in attempts] == [(Outcome.NO_REPLY, now, stop.lead)]
    again = replan(crowd, work, now, [NoReply(stop.ref)], seconds=0.3)
    assert any(change.ref == stop.ref and "nobody answered" in change.why for change in again.changes)
    with pytest.raises(PlanError):
        record_no_reply(crowd, work, "nobody", now)


def test_order_and_times_are_changed_through_the_office_too(work: PlanWork) -> None:
    each = max(work.plan.rounds, key=lambda one: len(one.stops))
    ordered = reorder(work, each.id)
    assert refs(ordered) == refs(work)
    assert ordered.approved_by is None
    assert refs(retime(work)) == refs(work)


def test_an_alternative_is_compared_and_nothing_is_stored(crowd: Session, work: PlanWork) -> None:
    like = neediest_base(work)
    assert like is not None
    found = what_if(crowd, work, AnotherOfficer(like.id), seconds=0.3)
    assert found.then.visits_made >= 1
    assert found.as_it_is.visits_made >= work.plan.visits - 1
    with crowd.unit(Permission.VIEW) as unit:
        assert len(unit.managers()) == 4
    opened = latest_plan(crowd)
    assert opened is not None
    assert opened.plan == work.plan
    again = what_if(crowd, work, OtherDays(evenings=False), as_it_is=found.as_it_is, seconds=0.3)
    assert again.as_it_is is found.as_it_is


def test_who_may_not_plan_may_neither_plan_again_nor_ask(
    crowd: Session, work: PlanWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Session, "may", lambda _self, permission: permission is not Permission.PLAN)
    first = work.plan.rounds[0]
    now = datetime.combine(first.date, first.start)
    with pytest.raises(NotPermitted):
        replan(crowd, work, now, [OfficerSick(first.officers[0], SUNDAY)])
    with pytest.raises(NotPermitted):
        what_if(crowd, work, OtherDays(weekends=True))
    assert replace(work) == work
