"""A proposed plan keeps every rule, says why each visit is where it is, and tells the truth about what is left out."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mosovo_planner.domain.people import Absence, Position, Risk, Sex, Status
from mosovo_planner.domain.progress import Cancelled, Progress
from mosovo_planner.domain.visits import Visit, VisitKind
from mosovo_planner.planning.weeks import PlanError, add_visit, propose_plan, retime

MONDAY = date(2026, 11, 23)
Make = Callable[..., Any]


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 10**6), st.integers(0, 60), st.integers(1, 9), st.integers(1, 4), st.integers(0, 6))
def test_every_plan_keeps_every_rule(
    force: Make, plan_faults: Make, seed: int, offenders: int, officers: int, weeks: int, late: int
) -> None:
    made = force(offenders, officers, seed)
    request = made.request(MONDAY + timedelta(days=late), weeks, seed=seed, seconds=0.15)
    plan = propose_plan(request)
    assert plan_faults(made, plan) == []
    assert [each.problems for each in plan.rounds if each.problems] == []
    planned = {stop.ref for each in plan.rounds for stop in each.stops}
    left = {each.ref for each in plan.unplanned}
    due = {case.offender.ref for case in made.cases(request.start) if not case.visit.suspended and case.visit.due <= request.end}
    assert due <= planned | left
    assert not planned & left
    assert "fits" not in {each.code for each in plan.unplanned}
    assert (retime(request, plan).rounds, retime(request, plan).unplanned) == (plan.rounds, plan.unplanned)


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 10**6))
def test_what_is_said_not_to_fit_does_not_fit(force: Make, seed: int) -> None:
    """Forced into any round by hand, a visit that was left out for want of room brings problems."""
    request = force(60, 4, seed).request(seed=seed, seconds=0.15)
    plan = propose_plan(request)
    full = [each.ref for each in plan.unplanned if each.code in ("hours", "less_urgent")]
    for ref in full[:4]:
        for each in plan.rounds:
            forced = add_visit(request, plan, ref, each.id)
            assert next(one.problems for one in forced.rounds if one.id == each.id)


def test_the_same_facts_and_seed_give_the_same_plan(force: Make) -> None:
    made = force(15, 4)
    first, second = (propose_plan(made.request(seed=7, iterations=300)) for _ in range(2))
    assert (first.rounds, first.unplanned) == (second.rounds, second.unplanned)
    assert first.seed == 7


def test_another_seed_gives_other_times(force: Make) -> None:
    made = force(30, 5)
    first, second = (propose_plan(made.request(seed=seed)) for seed in (1, 2))
    assert first.rounds != second.rounds


def test_own_manager_leads_and_every_stop_says_why(force: Make) -> None:
    made = force(40, 6)
    plan = propose_plan(made.request(weeks=2))
    people = {each.ref: each for each in made.offenders}
    stops = [(each, stop) for each in plan.rounds for stop in each.stops]
    own = sum(stop.lead == people[stop.ref].manager for _, stop in stops)
    assert own / len(stops) > 0.6
    for each, stop in stops:
        assert stop.lead in each.officers
        assert "overdue" in stop.why or "ue " in stop.why or "first visit" in stop.why
        assert "leads" in stop.why
        assert people[stop.ref].surname not in stop.why


def test_never_seen_come_first_and_take_the_longer_visit(force: Make) -> None:
    made = _pair(force, 60).with_offender(last_seen=None, risk=Risk.LOW)
    plan = propose_plan(made.request())
    stop = next(stop for each in plan.rounds for stop in each.stops if stop.ref == "INV-X")
    assert stop.kind is VisitKind.INITIAL
    assert "first visit" in stop.why


def test_low_risk_long_overdue_goes_before_medium_just_due(force: Make) -> None:
    made = force(0, 2, 3).with_policy(duty__max_visits_per_round=1, duty__visiting_days_per_week=1)
    made = replace(made, managers=tuple(replace(each, weekly_hours=37.0, trained=True, absences=()) for each in made.managers))
    made = made.with_offender(ref="INV-LOW", risk=Risk.LOW, last_seen=MONDAY - timedelta(days=700))
    made = made.with_offender(ref="INV-MEDIUM", risk=Risk.MEDIUM, last_seen=MONDAY - timedelta(days=182))
    plan = propose_plan(made.request())
    assert [stop.ref for each in plan.rounds for stop in each.stops] == ["INV-LOW"]
    assert [(each.ref, each.code) for each in plan.unplanned] == [("INV-MEDIUM", "less_urgent")]
    assert "in place of 1 other" in plan.unplanned[0].reason


def test_a_visit_is_not_drawn_forward_by_a_month_when_it_is_monthly(force: Make) -> None:
    made = force(0, 2, 3).with_offender(risk=Risk.VERY_HIGH, last_seen=MONDAY - timedelta(days=2))
    request = made.request(weeks=4)
    plan = propose_plan(request)
    for each in plan.rounds:
        assert each.date >= date(2026, 12, 21) - timedelta(days=10)


def _pair(force: Make, offenders: int = 0, **facts: object) -> Any:
    """Two full-time officers, a man and a woman, in one town."""
    made = force(offenders, 2, 3)
    usual = {"weekly_hours": 37.0, "trained": True, "absences": (), "position": made.managers[0].position}
    sexes = (Sex.MALE, Sex.FEMALE)
    return replace(
        made, managers=tuple(replace(each, sex=sex, **{**usual, **facts}) for each, sex in zip(made.managers, sexes, strict=True))
    )


@pytest.mark.parametrize(
    ("facts", "code", "words"),
    [
        ({"position": None}, "no_position", "No position"),
        ({"markers": ("not OM01",)}, "no_crew", "PC 1001 must not visit"),
        ({"position": Position(54.9, -1.5)}, "too_far", "minutes' drive"),
    ],
)
def test_a_visit_that_cannot_be_made_says_why(force: Make, facts: dict[str, object], code: str, words: str) -> None:
    plan = propose_plan(_pair(force).with_offender(**facts).request())
    assert [each.code for each in plan.unplanned] == [code]
    assert words in plan.unplanned[0].reason
    assert plan.visits == 0


def test_no_trained_officer_means_no_crew(force: Make) -> None:
    plan = propose_plan(_pair(force, trained=False).with_offender().request())
    assert [each.code for each in plan.unplanned] == ["no_crew"]
    assert "trained" in plan.unplanned[0].reason


def test_absence_through_the_plan_is_the_reason(force: Make) -> None:
    away = (Absence(MONDAY - timedelta(days=5), MONDAY + timedelta(days=20), "leave"),)
    plan = propose_plan(_pair(force, absences=away).with_offender().request())
    assert [each.code for each in plan.unplanned] == ["officers_away"]


def test_full_rounds_of_pinned_visits_leave_no_hours(force: Make) -> None:
    made = _pair(force).with_policy(duty__max_visits_per_round=1, duty__visiting_days_per_week=1)
    first = propose_plan(made.with_offender(ref="INV-A").request())
    pinned = tuple(replace(each, stops=tuple(replace(stop, pinned=True) for stop in each.stops)) for each in first.rounds)
    plan = propose_plan(made.with_offender(ref="INV-A").with_offender(ref="INV-B").request(keep=replace(first, rounds=pinned)))
    assert [(each.ref, each.code) for each in plan.unplanned] == [("INV-B", "hours")]


def test_nobody_in_custody_is_visited_or_listed(force: Make) -> None:
    plan = propose_plan(_pair(force).with_offender(status=Status.CUSTODY).request())
    assert plan.visits == 0
    assert plan.unplanned == ()


def test_a_marker_against_one_officer_brings_another_crew(force: Make) -> None:
    made = force(10, 6, 5)
    made = replace(made, managers=tuple(replace(each, weekly_hours=37.0, trained=True, absences=()) for each in made.managers))
    plan = propose_plan(made.with_offender(manager="OM00", markers=("not OM00", "not OM03")).request())
    crew = next(each.officers for each in plan.rounds if any(stop.ref == "INV-X" for stop in each.stops))
    assert not {"OM00", "OM03"} & set(crew)


def test_the_weekday_of_earlier_visits_is_avoided(force: Make) -> None:
    made = _pair(force).with_offender()
    tuesdays = [Visit(id=str(at), ref="INV-X", at=datetime(2026, 11, 17, 10) - timedelta(days=91 * at)) for at in range(4)]
    days = {propose_plan(made.request(visits=tuesdays, seed=seed)).rounds[0].date.isoweekday() for seed in range(6)}
    assert 2 not in days
    assert len(days) > 1


def test_evening_duties_are_planned_as_policy_asks(force: Make) -> None:
    made = force(80, 9, 4)
    plan = propose_plan(made.request(weeks=2))
    share = sum(each.evening for each in plan.rounds) / len(plan.rounds)
    assert 0 < share <= 0.4
    none = propose_plan(made.with_policy(duty__evening_share_percent=0).request())
    assert not any(each.evening for each in none.rounds)


def test_first_visits_vary_in_their_hour(force: Make) -> None:
    made = force(60, 9, 4)
    plans = [propose_plan(made.request(weeks=2, seed=seed, iterations=2000)) for seed in (1, 4)]
    early = [each for plan in plans for each in plan.rounds if not each.evening]
    assert len({(each.start, each.stops[0].arrive) for each in early}) > len(early) / 3
    assert len({each.start for each in early}) > 3


def test_bank_holidays_are_left_free(force: Make) -> None:
    christmas = {date(2026, 12, 25), date(2026, 12, 28), date(2027, 1, 1)}
    plan = propose_plan(force(80, 6).request(date(2026, 12, 21), 2))
    assert plan.rounds
    assert not christmas & {each.date for each in plan.rounds}


def test_pins_hold_and_dropped_visits_stay_out(force: Make, plan_faults: Make) -> None:
    made = force(50, 6, 2)
    first = propose_plan(made.request(seed=1))
    kept = first.rounds[1]
    stop = kept.stops[-1]
    gone = first.rounds[0].stops[0].ref
    rounds = tuple(
        replace(each, stops=tuple(replace(one, pinned=one == stop) for one in each.stops), pinned=each.id == first.rounds[2].id)
        for each in first.rounds
    )
    keep = replace(first, rounds=rounds, dropped=frozenset({gone}))
    second = propose_plan(made.request(seed=2, keep=keep))
    assert plan_faults(made, second) == []
    held = next(each for each in second.rounds if each.id == kept.id)
    again = next(one for one in held.stops if one.ref == stop.ref)
    assert (held.date, held.officers, again.pinned) == (kept.date, kept.officers, True)
    shift = abs(datetime.combine(MONDAY, again.arrive) - datetime.combine(MONDAY, stop.arrive))
    assert shift <= timedelta(minutes=45)
    assert any(each.pinned and each.officers == first.rounds[2].officers for each in second.rounds)
    assert gone not in {one.ref for each in second.rounds for one in each.stops}
    assert gone in second.dropped


def test_days_already_worked_this_week_count(force: Make) -> None:
    made = _pair(force, 30)
    first = propose_plan(made.request(seconds=0.1))
    assert len(first.rounds) == 2
    moved = tuple(replace(each, date=MONDAY + timedelta(days=at)) for at, each in enumerate(first.rounds))
    later = propose_plan(made.request(MONDAY + timedelta(days=2), keep=replace(first, rounds=moved)))
    assert all(each.date >= MONDAY + timedelta(days=7) for each in later.rounds)


def test_an_impossible_pinned_round_is_kept_with_its_problems(force: Make) -> None:
    made = _pair(force).with_offender()
    first = propose_plan(made.request())
    pinned = tuple(
        replace(each, pinned=True, stops=tuple(replace(one, pinned=True) for one in each.stops)) for each in first.rounds
    )
    away = tuple(replace(each, absences=(Absence(MONDAY, MONDAY + timedelta(days=6)),)) for each in made.managers)
    second = propose_plan(replace(made, managers=away).request(keep=replace(first, rounds=pinned)))
    assert [stop.ref for each in second.rounds for stop in each.stops] == ["INV-X"]
    assert any("is away 23 Nov 2026 to 29 Nov 2026" in problem for problem in second.rounds[0].problems)


def test_a_request_goes_to_a_worker_without_names(force: Make) -> None:
    made = force(20, 4).with_offender(surname="SECRETNAME", notes="SECRETNOTE", address="SECRETSTREET")
    packed = pickle.dumps(made.request())
    assert b"SECRET" not in packed
    assert propose_plan(pickle.loads(packed)).rounds


def test_progress_rises_and_cancelling_ends_the_work(force: Make) -> None:
    shares: list[float] = []
    propose_plan(force(20, 4).request(), lambda step: shares.append(step.share or 0.0))
    assert shares == sorted(shares)

    def stop(step: Progress) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        propose_plan(force(20, 4).request(), stop)


def test_five_weeks_are_refused(force: Make) -> None:
    with pytest.raises(PlanError, match="one to four weeks"):
        force(1, 2).request(weeks=5)


def test_a_large_force_is_planned_in_areas(force: Make, plan_faults: Make) -> None:
    made = force(150, 48, 6)
    request = made.request(seconds=0.5)
    assert len(request.areas) > 1
    assert plan_faults(made, propose_plan(request)) == []
