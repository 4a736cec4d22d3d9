"""Changes by hand: times, problems and what is left out follow at once, and nothing else changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mosovo_planner.domain.people import Absence, Position, Risk, Sex, Status
from mosovo_planner.domain.proposals import Plan, Round, SolverFacts
from mosovo_planner.domain.visits import Outcome, Visit, VisitKind
from mosovo_planner.planning.weeks import (
    PlanError,
    PlanRequest,
    add_round,
    add_visit,
    breaks,
    change_crew,
    drop_round,
    drop_visit,
    duty_end,
    legs_home,
    move_visit,
    pin_round,
    pin_visit,
    reorder,
    retime,
)

MONDAY = date(2026, 11, 23)
TUESDAY = MONDAY + timedelta(days=1)
Make = Callable[..., Any]


class Desk:
    """Four full-time officers in one town, people in reach, and a plan made by hand."""

    def __init__(self, force: Make, people: int = 12) -> None:
        made = force(0, 4, 3)
        town = made.managers[0].position
        managers = [
            replace(
                each, weekly_hours=37.0, trained=number < 2, absences=(), position=town, sex=(Sex.MALE, Sex.FEMALE)[number % 2]
            )
            for number, each in enumerate(made.managers)
        ]
        self.force = replace(made, managers=tuple(managers))
        for number in range(people):
            self.force = self.force.with_offender(
                ref=f"INV-{number:02}",
                position=Position(51.57 + 0.01 * number, -1.77),
                last_seen=MONDAY - timedelta(days=120 + number),
            )
        self.request: PlanRequest = self.force.request()
        self.plan = retime(self.request, Plan(MONDAY, MONDAY + timedelta(days=6), 1, (), (), SolverFacts(0.0, 0.0)))

    def with_round(
        self, *refs: str, day: date = MONDAY, officers: tuple[str, str] = ("OM00", "OM01"), evening: bool = False
    ) -> str:
        self.plan = add_round(self.request, self.plan, day, officers, evening)
        name = next(each.id for each in self.plan.rounds if each.date == day and each.officers == officers)
        for ref in refs:
            self.plan = add_visit(self.request, self.plan, ref, name, 99)
        return name

    def problems(self, name: str, plan: Plan | None = None) -> str:
        return "; ".join(found(plan or self.plan, name).problems)


def found(plan: Plan, name: str) -> Round:
    return next(each for each in plan.rounds if each.id == name)


def refs(plan: Plan, name: str) -> list[str]:
    return [stop.ref for stop in found(plan, name).stops]


@pytest.fixture
def desk(force: Make) -> Desk:
    return Desk(force)


def test_an_empty_plan_lists_everybody_due_with_room_for_each(desk: Desk) -> None:
    assert {each.code for each in desk.plan.unplanned} == {"fits"}
    assert len(desk.plan.unplanned) == 12
    assert "a new round" in desk.plan.unplanned[0].reason


def test_a_round_made_by_hand_keeps_every_rule(desk: Desk, plan_faults: Make) -> None:
    name = desk.with_round("INV-03", "INV-01", "INV-07", "INV-05", "INV-04")
    assert refs(desk.plan, name) == ["INV-03", "INV-01", "INV-07", "INV-05", "INV-04"]
    assert desk.problems(name) == ""
    assert plan_faults(desk.force, desk.plan) == []
    assert all(stop.why.startswith("Added by hand.") for stop in found(desk.plan, name).stops)
    assert not {each.ref for each in desk.plan.unplanned} & set(refs(desk.plan, name))
    assert found(desk.plan, name).pinned
    assert [minutes for _, minutes in breaks(found(desk.plan, name))] == [30]
    assert legs_home(found(desk.plan, name)) > 0


def test_best_place_is_found_and_reorder_shortens_the_drive(desk: Desk) -> None:
    name = desk.with_round("INV-00", "INV-04", "INV-08")
    drives = [found(add_visit(desk.request, desk.plan, "INV-02", name, at), name).drive_minutes for at in range(4)]
    assert found(add_visit(desk.request, desk.plan, "INV-02", name), name).drive_minutes == min(drives) < max(drives)
    name = desk.with_round("INV-09", "INV-01", "INV-11", "INV-03", day=TUESDAY)
    better = reorder(desk.request, desk.plan, name)
    assert found(better, name).drive_minutes < found(desk.plan, name).drive_minutes


def test_the_best_order_varies_the_time_of_day(desk: Desk) -> None:
    """Whoever was always seen in the morning is seen later, at hardly more driving."""
    refs_there = [f"INV-{number:02}" for number in range(5)]
    for early in refs_there:
        mornings = [
            Visit(id=str(at), ref=early, at=datetime(2026, 11, 19, 9) - timedelta(days=91 * at), outcome=Outcome.SEEN)
            for at in range(4)
        ]
        desk.request = desk.force.request(visits=mornings)
        desk.plan = replace(desk.plan, rounds=())
        name = desk.with_round(*refs_there)
        plan = reorder(desk.request, desk.plan, name)
        stop = next(stop for stop in found(plan, name).stops if stop.ref == early)
        assert stop.arrive >= time(12)
        assert "last visit was on a Thursday morning, this is Monday afternoon" in stop.why


def test_too_many_visits_run_past_the_duty(desk: Desk) -> None:
    name = desk.with_round(*(f"INV-{number:02}" for number in range(8)))
    assert "after the duty ends at 15:54" in desk.problems(name)
    assert "notes until" in desk.problems(name)
    assert "8 visits; 7 a round are allowed" in desk.problems(name)
    assert duty_end(desk.request, found(desk.plan, name)) == time(15, 54)


def test_moving_brings_times_and_room_up_to_date(desk: Desk) -> None:
    first = desk.with_round("INV-00", "INV-01")
    second = desk.with_round("INV-10", day=TUESDAY)
    moved = move_visit(desk.request, desk.plan, "INV-01", second, 0)
    assert refs(moved, first) == ["INV-00"]
    assert refs(moved, second) == ["INV-01", "INV-10"]
    assert found(moved, second).stops[0].why.startswith("Moved by hand.")
    assert found(moved, second).stops[1].arrive > found(desk.plan, second).stops[0].arrive
    assert refs(desk.plan, first) == ["INV-00", "INV-01"]
    swapped = move_visit(desk.request, desk.plan, "INV-01", first, 0)
    assert refs(swapped, first) == ["INV-01", "INV-00"]


def test_dropped_visits_say_so_until_added_again(desk: Desk) -> None:
    name = desk.with_round("INV-00", "INV-01")
    plan = drop_visit(desk.request, desk.plan, "INV-00")
    assert refs(plan, name) == ["INV-01"]
    assert next(each.code for each in plan.unplanned if each.ref == "INV-00") == "dropped"
    assert plan.dropped == {"INV-00"}
    again = add_visit(desk.request, plan, "INV-00", name)
    assert again.dropped == frozenset()
    assert "INV-00" not in {each.ref for each in again.unplanned}


def test_a_dropped_round_frees_its_visits_and_officers(desk: Desk) -> None:
    name = desk.with_round("INV-00", "INV-01")
    plan = drop_round(desk.request, desk.plan, name)
    assert plan.rounds == ()
    assert {each.code for each in plan.unplanned if each.ref in ("INV-00", "INV-01")} == {"fits"}


def test_pins_are_kept_with_stop_and_round(desk: Desk) -> None:
    name = desk.with_round("INV-00", "INV-01")
    plan = pin_visit(desk.request, desk.plan, "INV-01")
    assert [stop.pinned for stop in found(plan, name).stops] == [False, True]
    plan = move_visit(desk.request, plan, "INV-01", name, 0)
    assert [stop.pinned for stop in found(plan, name).stops] == [True, False]
    assert not any(stop.pinned for stop in found(pin_visit(desk.request, plan, "INV-01", False), name).stops)
    assert not found(pin_round(desk.request, plan, name, False), name).pinned


def test_two_untrained_officers_are_named_as_the_problem(desk: Desk) -> None:
    name = desk.with_round("INV-00")
    assert "No trained officer" in desk.problems(name, change_crew(desk.request, desk.plan, name, ("OM02", "OM03")))
    assert "Two different officers" in desk.problems(name, change_crew(desk.request, desk.plan, name, ("OM00", "OM00")))
    assert "not among the officers" in desk.problems(name, change_crew(desk.request, desk.plan, name, ("OM00", "OM99")))


def test_change_of_crew_changes_who_leads(desk: Desk) -> None:
    name = desk.with_round("INV-00")
    assert found(desk.plan, name).stops[0].lead == "OM00"
    plan = change_crew(desk.request, desk.plan, name, ("OM01", "OM02"))
    assert found(plan, name).stops[0].lead == "OM01"
    assert "PC 1001 leads for PC 1000" in found(plan, name).stops[0].why
    assert desk.problems(name, plan) == ""


def test_an_officer_cannot_be_in_two_rounds_or_out_three_days(desk: Desk) -> None:
    first = desk.with_round("INV-00")
    second = desk.with_round("INV-01", officers=("OM00", "OM02"))
    assert "PC 1000 already goes out that day with PC 1002" in desk.problems(first)
    assert "PC 1000 already goes out that day with PC 1001" in desk.problems(second)
    desk.with_round(day=TUESDAY, officers=("OM00", "OM03"))
    third = desk.with_round(day=MONDAY + timedelta(days=2), officers=("OM00", "OM03"))
    assert "PC 1000 goes out on 3 days of that week; 2 are allowed" in desk.problems(third)


def test_absence_weekend_holiday_and_days_outside_the_plan(desk: Desk) -> None:
    away = (Absence(date(2026, 11, 28), date(2026, 12, 6), "leave"),)
    desk.force = replace(desk.force, managers=(replace(desk.force.managers[0], absences=away), *desk.force.managers[1:]))
    desk.request = desk.force.request(weeks=4)
    name = desk.with_round("INV-00", day=date(2026, 11, 28))
    assert "PC 1000 is away 28 Nov 2026 to 6 Dec 2026" in desk.problems(name)
    assert "Saturday 28 Nov 2026 is no working day" in desk.problems(name)
    assert "outside the plan" in desk.problems(desk.with_round(day=date(2027, 2, 1)))
    assert "Christmas Day" in desk.problems(desk.with_round(day=date(2026, 12, 25)))


def test_markers_custody_and_missing_positions_are_said_at_the_stop(desk: Desk) -> None:
    for ref, facts in {
        "INV-M": {"markers": ("not OM01",)},
        "INV-C": {"status": Status.CUSTODY},
        "INV-P": {"position": None},
    }.items():
        desk.force = desk.force.with_offender(ref=ref, **facts)
    desk.request = desk.force.request()
    name = desk.with_round("INV-M", "INV-C", "INV-P")
    assert "Stop 1: PC 1001 must not visit this offender (marker)" in desk.problems(name)
    assert "Stop 2: home visits are suspended (custody)" in desk.problems(name)
    assert "Stop 3 has no position" in desk.problems(name)


def test_an_evening_that_ends_too_late_says_so(desk: Desk) -> None:
    desk.force = desk.force.with_policy(duty__evening_start="17:00")
    desk.request = desk.force.request()
    name = desk.with_round("INV-00", "INV-01", "INV-02", "INV-03", "INV-04", evening=True)
    assert "visits end by 20:30" in desk.problems(name)


def test_somebody_who_is_not_due_can_be_added_by_hand(desk: Desk) -> None:
    desk.force = desk.force.with_offender(ref="INV-N", risk=Risk.LOW, last_seen=MONDAY - timedelta(days=20))
    desk.request = desk.force.request()
    name = desk.with_round("INV-N")
    stop = found(desk.plan, name).stops[0]
    assert stop.kind is VisitKind.AD_HOC
    assert "Not due before" in stop.why
    assert desk.problems(name) == ""
    assert "INV-N" not in {each.ref for each in drop_visit(desk.request, desk.plan, "INV-N").unplanned}


def test_what_is_not_there_is_refused_in_words(desk: Desk) -> None:
    name = desk.with_round("INV-00")
    for wrong in (
        lambda: add_visit(desk.request, desk.plan, "INV-00", name),
        lambda: add_visit(desk.request, desk.plan, "nobody", name),
        lambda: drop_visit(desk.request, desk.plan, "INV-05"),
        lambda: drop_round(desk.request, desk.plan, "no such round"),
    ):
        with pytest.raises(PlanError) as refused:
            wrong()
        assert "INV" not in str(refused.value)


def test_a_later_look_finds_what_has_changed(desk: Desk) -> None:
    name = desk.with_round("INV-00", "INV-01")
    away = replace(desk.force.managers[0], absences=(Absence(MONDAY, MONDAY),))
    gone = tuple(each for each in desk.force.offenders if each.ref != "INV-01")
    later = replace(desk.force, managers=(away, *desk.force.managers[1:]), offenders=gone)
    plan = retime(later.request(), desk.plan)
    assert "PC 1000 is away" in desk.problems(name, plan)
    assert refs(plan, name) == ["INV-00"]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 10**6))
def test_whatever_is_done_by_hand_faults_are_said(force: Make, plan_faults: Make, seed: int) -> None:
    """After any changes, a plan in which the checker finds a fault says a problem, and one without says none."""
    chance = Random(seed)
    made = force(25, 5, seed)
    request = made.request(weeks=2)
    plan = retime(request, Plan(request.start, request.end, 1, (), (), SolverFacts(0.0, 0.0)))
    officers = [each.id for each in made.managers]
    for _ in range(3):
        plan = add_round(request, plan, MONDAY + timedelta(days=chance.randrange(12)), tuple(sorted(chance.sample(officers, 2))))
    able = [each.ref for each in made.offenders if each.position]
    for _ in range(12):
        names = [each.id for each in plan.rounds]
        planned = [stop.ref for each in plan.rounds for stop in each.stops]
        ref, name = chance.choice(able), chance.choice(names)
        if ref not in planned:
            plan = add_visit(request, plan, ref, name)
        elif chance.random() < 0.5:
            plan = move_visit(request, plan, ref, name, chance.randrange(4))
        else:
            plan = change_crew(request, drop_visit(request, plan, ref), name, tuple(sorted(chance.sample(officers, 2))))
    wrong = plan_faults(made, plan)
    said = [problem for each in plan.rounds for problem in each.problems]
    assert bool(wrong) == bool(said), (wrong, said)


