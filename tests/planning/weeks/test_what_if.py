"""What if: each alternative is searched like the plan as it is, and only what it names is different."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from mosovo_planner.domain.progress import Cancelled, Progress
from mosovo_planner.domain.proposals import Plan
from mosovo_planner.planning.weeks import (
    Alternative,
    AnotherOfficer,
    AsItIs,
    MoreHours,
    OtherBase,
    OtherDays,
    Outlook,
    PlanError,
    PlanRequest,
    look_ahead,
    neediest_base,
    propose_plan,
    what_if_request,
)
from mosovo_planner.planning.weeks.what_if import NEW_OFFICER

from .conftest import Force, StraightLine, make_force

Make = Callable[..., Any]
STEPS = 400


class Table:
    """A force with too much to do, and its plan."""

    def __init__(self) -> None:
        made = make_force(70, 4, 5)
        managers = tuple(replace(each, weekly_hours=37.0, absences=(), trained=True) for each in made.managers)
        self.force: Force = replace(made, managers=managers)
        self.plan: Plan = propose_plan(self.force.request(iterations=STEPS))

    def ask(self, alternative: Alternative) -> PlanRequest:
        return what_if_request(
            self.force.cases(), self.force.managers, self.force.policy, StraightLine(), self.plan, alternative,
            seconds=0.0, iterations=STEPS,
        )  # fmt: skip

    def outlook(self, alternative: Alternative) -> Outlook:
        return look_ahead(self.ask(alternative), self.plan)


@pytest.fixture(scope="module")
def table() -> Table:
    return Table()


@pytest.fixture(scope="module")
def as_it_is(table: Table) -> Outlook:
    return table.outlook(AsItIs())


def test_as_it_is_goes_on_from_the_present_plan(table: Table, as_it_is: Outlook) -> None:
    assert as_it_is.visits_made >= table.plan.visits - 1
    assert as_it_is.due_left <= len(table.plan.unplanned) + 1
    assert sum(as_it_is.visits.values()) == as_it_is.visits_made
    assert as_it_is.worst == 0 or as_it_is.overdue_left


def test_another_officer_brings_visits_and_is_placed_where_most_is_left(table: Table, as_it_is: Outlook) -> None:
    """A fifth officer alone has nobody to go with on most days; so hours are given to all as well."""
    base = neediest_base(table.force.request(), table.plan)
    assert base is not None
    request = table.ask(AnotherOfficer(base))
    made = next(each for each in request.officers if each.id == NEW_OFFICER)
    like = next(each for each in table.force.managers if each.id == base)
    assert (made.base, made.position, made.trained) == (like.base, like.position, True)
    assert len(request.officers) == len(table.force.managers) + 1
    assert look_ahead(request, table.plan).visits_made >= as_it_is.visits_made


def test_ten_more_hours_for_everybody_bring_visits(table: Table, as_it_is: Outlook) -> None:
    more = table.outlook(MoreHours())
    assert more.visits_made > as_it_is.visits_made
    assert more.due_left < as_it_is.due_left
    assert more.rounds > as_it_is.rounds


def test_ten_more_hours_are_a_day_more_and_longer_days(table: Table) -> None:
    officer = table.force.managers[0]
    usual, more = table.ask(AsItIs()).rules, table.ask(MoreHours(officer.id)).rules
    assert more.days_a_week(officer) == usual.days_a_week(officer) + 1
    spread = (more.duty_minutes(officer) - usual.duty_minutes(officer)) * more.days_a_week(officer)
    assert 600 - 444 - more.days_a_week(officer) < spread <= 600 - 444
    other = table.force.managers[1]
    assert (more.days_a_week(other), more.duty_minutes(other)) == (usual.days_a_week(other), usual.duty_minutes(other))


def test_another_base_changes_that_officers_base_only(table: Table) -> None:
    first, second = table.force.managers[:2]
    request = table.ask(OtherBase(first.id, second.id))
    assert request.bases[first.id] == request.bases[second.id]
    assert {each: request.bases[each] for each in request.bases if each != first.id} == {
        each.id: each.position for each in table.force.managers if each.id != first.id
    }
    assert look_ahead(request, table.plan).visits_made


def test_without_evenings_nobody_goes_out_in_the_evening(table: Table) -> None:
    request = table.ask(OtherDays(evenings=False))
    assert request.rules.evening_share == 0
    assert look_ahead(request, table.plan).visits_made


def test_weekends_are_added_and_left_out(table: Table) -> None:
    with_them = table.ask(OtherDays(weekends=True)).rules.working_days
    assert with_them == {1, 2, 3, 4, 5, 6, 7}
    with pytest.raises(PlanError, match="already"):
        table.ask(OtherDays(weekends=False))
    weekly = replace(table.force.with_policy(duty__working_days=[1, 2, 3, 4, 5, 6, 7]))
    without = what_if_request(
        weekly.cases(), weekly.managers, weekly.policy, StraightLine(), table.plan, OtherDays(weekends=False)
    ).rules.working_days
    assert without == {1, 2, 3, 4, 5}


def test_nothing_is_kept_and_the_same_question_has_the_same_answer(table: Table) -> None:
    before = table.plan
    answers = [replace(table.outlook(MoreHours()), seconds=0.0) for _ in range(2)]
    assert answers[0] == answers[1]
    assert table.plan is before


def test_who_is_not_there_is_refused(table: Table) -> None:
    for alternative in (AnotherOfficer("nobody"), MoreHours("nobody"), OtherBase("nobody", table.force.managers[0].id)):
        with pytest.raises(PlanError):
            table.ask(alternative)


def test_a_stop_is_heard(table: Table) -> None:
    def stop(_progress: Progress) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        look_ahead(table.ask(AsItIs()), table.plan, stop)
