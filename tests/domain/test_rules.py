"""The business rules of practice, one test or more named after each. All people are invented.

Rules of other rooms: 18 (planning, allocation), 24 (office: a named person approves), 25 and 26 (store: record of
use and erasure), 30 (screens, papers and exports). Their tests are there.
"""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mosovo_planner.domain import risk_plans
from mosovo_planner.domain.assessment import Assessment, Tool, arms_objection, assessment_problems, tool_for
from mosovo_planner.domain.clock_engine import full_case, unset_rules
from mosovo_planner.domain.clocks import case_of, visit_clock
from mosovo_planner.domain.door import (
    dictates_his_visits,
    escalation,
    failed_attempts,
    never_in_the_evening,
    repeated_slot,
    unentered_visits,
    visit_problems,
    warrant_review,
)
from mosovo_planner.domain.facts import Condition, Event, Facts, Order, RiskSince, Stay
from mosovo_planner.domain.guard import FinancialDataRefused, holds_financial_data, refuse_financial_data
from mosovo_planner.domain.outstanding import Grouping, figures, outstanding, ranking_weight, shortlist
from mosovo_planner.domain.people import Absence, Offender, OffenderManager, Risk, Sex, Status
from mosovo_planner.domain.reactive import NotEligible, approve_reactive, reactive_objections, reactive_state
from mosovo_planner.domain.sentences import ConfirmedEnd, Disposal, Sentence, Term, notification_period
from mosovo_planner.domain.visits import Outcome, Visit, crew_demands
from mosovo_planner.domain.workload import ManagerWorkload, capacity_hours, manager_workload
from tests.domain.given import AS_OF, HIM, NOW, POLICY, TABLE, clock, clocks, events, policy_with, visit

LOW = replace(HIM, risk=Risk.LOW)
LOW_FOR_YEARS = Facts(risks=(RiskSince(Risk.MEDIUM, date(2018, 1, 1)), RiskSince(Risk.LOW, date(2021, 3, 1))))


def test_rule_01_only_a_success_resets_the_visit_clock() -> None:
    attempts = [visit(datetime(2026, 11, day, 10), how) for day, how in enumerate(Outcome, 2) if how is not Outcome.SEEN]
    tried = full_case(HIM, Facts(), POLICY, TABLE, AS_OF, attempts).visit
    assert tried.due == visit_clock(HIM, POLICY, AS_OF).due
    seen = full_case(HIM, Facts(), POLICY, TABLE, AS_OF, [*attempts, visit(datetime(2026, 11, 10, 18))]).visit
    assert seen.due == date(2027, 5, 10)


def test_rule_02_interval_by_risk_or_by_the_plan_with_its_reason() -> None:
    assert visit_clock(HIM, POLICY, AS_OF).due == date(2027, 3, 1)
    assert visit_clock(replace(HIM, interval_months=2), POLICY, AS_OF).due == date(2026, 11, 1)
    plan = risk_plans.RiskPlan(ref="INV-1", author="OM1", written_on=AS_OF, interval_months=2)
    assert any("needs its reason" in words for words in risk_plans.plan_problems(plan))


def test_rule_03_a_lone_visit_needs_a_reason_and_a_supervisor_who_was_not_there() -> None:
    lone = visit(datetime(2026, 11, 20, 10), officers=("OM1",))
    assert visit_problems(lone, NOW) == ("Give the reason for the lone visit.",)
    assert replace(lone, lone_reason="partner ill").awaits_approval
    assert not replace(lone, lone_reason="partner ill", approved_by="DS02").awaits_approval
    by_himself = replace(lone, lone_reason="partner ill", approved_by="OM1")
    assert visit_problems(by_himself, NOW) == ("A lone visit is approved by a supervisor who did not make it.",)
    assert visit_problems(replace(by_himself, approved_by="DS02"), NOW) == ()
    assert visit_problems(visit(datetime(2026, 11, 20, 10)), NOW) == ()


def test_rule_04_an_announced_visit_needs_a_reason() -> None:
    assert not Visit(id="1", ref="INV-1", at=NOW).announced
    announced = visit(datetime(2026, 11, 20, 10), announced=True)
    for empty in (announced, replace(announced, announced_reason="  ")):
        assert visit_problems(empty, NOW) == ("Give the reason why the visit was announced.",)
    assert visit_problems(replace(announced, announced_reason="interpreter booked"), NOW) == ()


def test_rule_05_the_same_weekday_and_part_of_day_is_warned_of() -> None:
    earlier = [visit(datetime(2026, 9, 1, 10)), visit(datetime(2026, 10, 5, 14)), visit(datetime(2026, 11, 3, 9))]
    assert "Tuesday morning on 3 Nov 2026" in repeated_slot(earlier, datetime(2026, 11, 24, 11), POLICY)
    assert repeated_slot(earlier, datetime(2026, 11, 24, 18), POLICY) == ""
    assert repeated_slot(earlier, datetime(2026, 11, 26, 9), POLICY) == ""
    assert never_in_the_evening(earlier, POLICY)
    assert not never_in_the_evening([*earlier, visit(datetime(2026, 11, 9, 19))], POLICY)


def test_rule_06_who_asks_to_choose_his_visits_is_shown_with_advice() -> None:
    asked = [visit(datetime(2026, month, 5, 10), asked_to_choose=True, announced=month == 9) for month in (2, 9)]
    pattern = dictates_his_visits(asked, POLICY, AS_OF)
    assert pattern is not None
    assert (pattern.requests, pattern.announced) == (2, 1)
    assert "unannounced" in pattern.advice
    assert dictates_his_visits(asked[:1], POLICY, AS_OF) is None
    assert dictates_his_visits(asked, POLICY, AS_OF + timedelta(days=300)) is None


def test_rule_07_two_failed_attempts_prompt_a_warrant_review() -> None:
    no_reply, refused = visit(datetime(2026, 10, 1, 10), Outcome.NO_REPLY), visit(datetime(2026, 11, 1, 18), Outcome.REFUSED)
    found = warrant_review(HIM, [refused, no_reply], POLICY)
    assert found is not None
    assert (found.attempts, found.days) == (2, (date(2026, 10, 1), date(2026, 11, 1)))
    assert "s.96B" in found.source
    between = visit(datetime(2026, 10, 15, 10))
    assert warrant_review(HIM, [no_reply, between, refused], POLICY) is None
    assert failed_attempts([no_reply, between, refused]) == 1
    assert warrant_review(HIM, [no_reply, replace(refused, outcome=Outcome.MOVED)], POLICY) is None
    assert warrant_review(HIM, [no_reply], policy_with(door__warrant_prompt_attempts=1)) is None


@pytest.mark.parametrize("status", [Status.CUSTODY, Status.HOSPITAL, Status.ABROAD])
def test_rule_07_no_warrant_review_while_he_is_away(status: Status) -> None:
    failed = [visit(datetime(2026, 11, day, 10), Outcome.NO_REPLY) for day in (1, 2, 3)]
    assert warrant_review(replace(HIM, status=status), failed, POLICY) is None
    assert escalation(replace(HIM, status=status, last_seen=date(2017, 1, 1)), POLICY, AS_OF) is None


def test_rule_07_the_age_of_the_last_success_escalates() -> None:
    last_seen = (date(2026, 9, 1), date(2026, 2, 1), date(2017, 5, 1), None)
    told = [escalation(replace(HIM, last_seen=seen), POLICY, AS_OF) for seen in last_seen]
    assert [each and (each.level, each.to) for each in told] == [None, (1, "sergeant"), (3, "head of unit"), (3, "head of unit")]
    attempts = [visit(datetime(2026, 11, 1, 10), Outcome.NO_REPLY)]
    seen_2017 = replace(HIM, last_seen=date(2017, 5, 1))
    assert full_case(seen_2017, Facts(), POLICY, TABLE, AS_OF, attempts).days_overdue > 3000


@given(st.dates(date(2010, 1, 1), AS_OF), st.integers(0, 400))
def test_rule_07_escalation_never_falls_while_he_is_not_seen(seen: date, later: int) -> None:
    him = replace(HIM, last_seen=seen)
    levels = [found.level if (found := escalation(him, POLICY, day)) else 0 for day in (AS_OF, AS_OF + timedelta(days=later))]
    assert levels[0] <= levels[1]


def test_rule_08_reactive_only_if_low_for_three_years_and_quiet_and_approved() -> None:
    assert reactive_objections(LOW, LOW_FOR_YEARS, POLICY, TABLE, AS_OF) == ()
    approval = approve_reactive(LOW, LOW_FOR_YEARS, POLICY, TABLE, by="DS02", on=AS_OF)
    reactive = replace(LOW_FOR_YEARS, reactive=approval)
    suspended = full_case(LOW, reactive, POLICY, TABLE, AS_OF).visit
    assert suspended.suspended
    assert "Reactive management approved" in suspended.why
    with pytest.raises(NotEligible, match="not by the case's own manager"):
        approve_reactive(LOW, LOW_FOR_YEARS, POLICY, TABLE, by="OM1", on=AS_OF)


@pytest.mark.parametrize(
    ("offender", "facts", "words"),
    [
        (HIM, LOW_FOR_YEARS, "not low"),
        (LOW, Facts(), "No history"),
        (LOW, Facts(risks=(RiskSince(Risk.LOW, date(2024, 2, 29)),)), "over on 28 Feb 2027"),
        (LOW, replace(LOW_FOR_YEARS, events=(Event("intelligence", date(2026, 3, 1)),)), "Intelligence received on 1 Mar 2026"),
        (
            LOW,
            Facts(risks=(*LOW_FOR_YEARS.risks, RiskSince(Risk.MEDIUM, date(2024, 1, 1)), RiskSince(Risk.LOW, date(2025, 1, 1)))),
            "over on 1 Jan 2028",
        ),
    ],
)
def test_rule_08_what_stands_against_reactive_management_is_said(offender: Offender, facts: Facts, words: str) -> None:
    assert words in " ".join(reactive_objections(offender, facts, POLICY, TABLE, AS_OF))
    with pytest.raises(NotEligible):
        approve_reactive(offender, facts, POLICY, TABLE, by="DS02", on=AS_OF)


def test_rule_08_a_trigger_reopens_and_asks_for_a_review() -> None:
    approval = approve_reactive(LOW, LOW_FOR_YEARS, POLICY, TABLE, by="DS02", on=date(2026, 2, 1))
    reopened = replace(LOW_FOR_YEARS, reactive=approval, events=(Event("arrest", date(2026, 11, 10)),))
    state = reactive_state(reopened, TABLE)
    assert (state.reactive, state.trigger) == (False, Event("arrest", date(2026, 11, 10)))
    case = full_case(LOW, reopened, POLICY, TABLE, AS_OF)
    assert (case.visit.due, case.days_overdue) == (date(2026, 11, 10), 13)
    asked = clock(reopened, "reactive_review", LOW, policy_with(deadline__reactive_review_days=7))
    assert asked.due == date(2026, 11, 17)
    kept = replace(reopened, events=(*reopened.events, Event("reactive_review", date(2026, 11, 20))))
    assert reactive_state(kept, TABLE).reactive


def test_rule_09_reactive_cases_still_notify_every_year() -> None:
    approval = approve_reactive(LOW, LOW_FOR_YEARS, POLICY, TABLE, by="DS02", on=AS_OF)
    facts = replace(LOW_FOR_YEARS, reactive=approval, events=(Event("periodic_notification", date(2025, 10, 1)),))
    found = clock(facts, "periodic_notification", LOW)
    assert (found.due, found.suspended, found.days_overdue(AS_OF)) == (date(2026, 10, 1), False, 53)


def test_rule_10_deadlines_known_from_memory_are_unset_until_the_force_confirms() -> None:
    keys = {rule.key for rule in unset_rules(TABLE, POLICY)}
    asked = {"initial_visit_days", "arms_first_working_days", "arms_review_months", "rmp_review_months", "visor_entry_days"}
    assert {f"deadline.{name}" for name in asked} <= keys
    assert all(rule.source for rule in unset_rules(TABLE, POLICY))
    assert not any(POLICY.values[key].confirmed for key in keys)


def test_rule_11_arms_is_for_adult_men_and_others_get_the_other_tool() -> None:
    man = replace(HIM, sex=Sex.MALE, date_of_birth=date(2008, 11, 24))
    assert [tool_for(man, day) for day in (date(2026, 11, 23), date(2026, 11, 24))] == [Tool.OTHER, Tool.ARMS]
    woman = Offender(ref="INV-2", sex=Sex.FEMALE, date_of_birth=date(1980, 1, 1))
    assert "adult men" in arms_objection(woman, AS_OF)
    done = Assessment(id="1", ref="INV-2", tool=Tool.ARMS, done_on=AS_OF, by="OM1")
    assert assessment_problems(done, woman, AS_OF) == ("ARMS is for adult men; use the other tool.",)
    assert assessment_problems(replace(done, tool=Tool.OTHER), woman, AS_OF) == ()
    policy = policy_with(deadline__arms_review_months=12, deadline__other_assessment_months=12)
    assessed = events(("arms", date(2026, 1, 5)), ("other_assessment", date(2026, 1, 5)))
    clocks = full_case(woman, assessed, policy, TABLE, AS_OF).clocks[1:]
    assert [each.kind for each in clocks if each.kind != "retention_review"] == ["other_assessment"]
    assert [each.kind for each in full_case(HIM, assessed, policy, TABLE, AS_OF).clocks[1:]] == ["arms_review"]


def _plan() -> risk_plans.RiskPlan:
    action = risk_plans.PlanAction("Check devices at each visit", "OM1", date(2027, 2, 1))
    return risk_plans.RiskPlan(
        ref="INV-1", author="OM1", written_on=AS_OF, summary="Weekly contact.", actions=(action,), review_due=date(2027, 11, 23)
    )


def test_rule_12_a_plan_is_incomplete_until_sergeant_and_inspector_sign() -> None:
    submitted = risk_plans.submit(_plan(), NOW)
    assert submitted.standing == "Incomplete: version 1 is with sergeant since 23 Nov 2026"
    first = risk_plans.sign_off(submitted, risk_plans.Rank.SERGEANT, "DS02", NOW)
    assert not first.complete
    signed = risk_plans.sign_off(first, risk_plans.Rank.INSPECTOR, "DI01", NOW + timedelta(days=1))
    assert (signed.complete, signed.standing) == (True, "Version 1, signed off 24 Nov 2026")
    second = risk_plans.new_version(signed, "OM1", date(2027, 1, 5))
    assert (second.version, second.complete, second.actions, second.reviews) == (2, False, signed.actions, ())


def test_rule_12_a_plan_is_returned_with_comments_and_starts_with_the_sergeant_again() -> None:
    first = risk_plans.sign_off(risk_plans.submit(_plan(), NOW), risk_plans.Rank.SERGEANT, "DS02", NOW)
    with pytest.raises(risk_plans.PlanRefused, match="Say in the comments"):
        risk_plans.return_plan(first, risk_plans.Rank.INSPECTOR, "DI01", NOW, " ")
    back = risk_plans.return_plan(first, risk_plans.Rank.INSPECTOR, "DI01", NOW, "Say who checks the devices.")
    assert back.standing == "Incomplete: version 1 returned by inspector on 23 Nov 2026"
    again = risk_plans.submit(back, NOW + timedelta(days=1))
    assert (again.state, len(again.reviews)) == (risk_plans.PlanState.WITH_SERGEANT, 2)


def test_rule_12_nobody_reviews_out_of_turn_or_his_own_plan() -> None:
    plan = risk_plans.submit(_plan(), NOW)
    for rank, by, words in (
        (risk_plans.Rank.INSPECTOR, "DI01", "not for the inspector now"),
        (risk_plans.Rank.SERGEANT, "OM1", "own plan"),
    ):
        with pytest.raises(risk_plans.PlanRefused, match=words):
            risk_plans.sign_off(plan, rank, by, NOW)
    first = risk_plans.sign_off(plan, risk_plans.Rank.SERGEANT, "DS02", NOW)
    with pytest.raises(risk_plans.PlanRefused, match="two people"):
        risk_plans.sign_off(first, risk_plans.Rank.INSPECTOR, "DS02", NOW)
    with pytest.raises(risk_plans.PlanRefused, match="Start a new version"):
        risk_plans.submit(first, NOW)
    with pytest.raises(risk_plans.PlanRefused, match="at least one action"):
        risk_plans.submit(replace(_plan(), actions=()), NOW)
    with pytest.raises(risk_plans.PlanRefused, match="not signed off yet"):
        risk_plans.new_version(first, "OM1", AS_OF)


def test_rule_12_the_review_of_the_plan_is_a_clock_of_its_own() -> None:
    facts = events(("rmp_review", date(2025, 8, 31)))
    assert clocks(facts, "rmp_review") == []
    assert clock(facts, "rmp_review", policy=policy_with(deadline__rmp_review_months=6)).due == date(2026, 2, 28)
    assert clock(Facts(), "rmp_review", replace(HIM, rmp_review_due=date(2026, 11, 1))).days_overdue(AS_OF) == 22
    waiting = events(("rmp_submitted", date(2026, 11, 2)))
    policy = policy_with(deadline__rmp_signoff_days=14)
    assert clock(waiting, "rmp_signoff", policy=policy).days_overdue(AS_OF) == 7
    answered = events(("rmp_submitted", date(2026, 11, 2)), ("rmp_returned", date(2026, 11, 5)))
    assert clocks(answered, "rmp_signoff", policy=policy) == []


def test_rule_13_three_days_begin_with_the_day_itself() -> None:
    assert clock(events(("relevant_date", date(2026, 11, 23))), "initial_notification").due == date(2026, 11, 25)
    moved = clock(events(("change_address", date(2028, 2, 28))), "change")
    assert (moved.due, moved.law, moved.subject) == (date(2028, 3, 1), True, "Change of home address")


def test_rule_13_time_in_custody_hospital_and_abroad_is_not_counted() -> None:
    stays = (
        Stay(Status.CUSTODY, date(2026, 9, 1), date(2026, 10, 1)),
        Stay(Status.HOSPITAL, date(2026, 10, 1), date(2026, 10, 11)),
        Stay(Status.ABROAD, date(2026, 10, 12), date(2026, 10, 20)),
    )
    found = clock(Facts(events=(Event("relevant_date", date(2026, 9, 1)),), stays=stays), "initial_notification")
    assert (found.due, found.paused_days, found.suspended) == (date(2026, 10, 21), 48, False)
    assert "48 days in custody, hospital or abroad not counted" in found.why
    inside = Facts(events=(Event("relevant_date", date(2026, 9, 1)),), stays=(Stay(Status.CUSTODY, date(2026, 9, 1)),))
    waiting = clock(inside, "initial_notification")
    assert (waiting.due, waiting.suspended, waiting.days_overdue(AS_OF)) == (date(2026, 9, 3), True, 0)


def test_rule_13_what_was_due_before_he_went_inside_stays_due() -> None:
    late = Facts(events=(Event("change_name", date(2026, 9, 1)),), stays=(Stay(Status.CUSTODY, date(2026, 9, 10)),))
    assert clock(late, "change").days_overdue(AS_OF) == (AS_OF - date(2026, 9, 3)).days


def test_rule_13_each_change_runs_its_own_clock_until_it_is_notified() -> None:
    made = (Event("change_name", date(2026, 11, 1)), Event("change_address", date(2026, 11, 5)))
    told = Event("notification_change", date(2026, 11, 6), matter="change_address")
    assert [each.subject for each in clocks(Facts(events=(*made, told)), "change")] == ["Use of a new name"]
    assert clocks(Facts(events=(*made, replace(told, matter=""))), "change") == []


@pytest.mark.parametrize(("moved", "open_clocks"), [(7, 1), (8, 0), (10, 0), (12, 0), (13, 1)])
def test_rule_13_notice_in_advance_holds_from_two_days_before_to_the_third_day(moved: int, open_clocks: int) -> None:
    notice = Event("advance_notice", date(2026, 11, 1), expected=date(2026, 11, 10), matter="change_address")
    facts = Facts(events=(notice, Event("change_address", date(2026, 11, moved))))
    assert len(clocks(facts, "change")) == open_clocks


def test_rule_13_a_change_that_did_not_happen_is_notified_within_six_days() -> None:
    notice = Event("advance_notice", date(2026, 11, 1), expected=date(2026, 11, 10), matter="change_address")
    assert clocks(Facts(events=(notice,)), "non_event", as_of=date(2026, 11, 12)) == []
    assert clock(Facts(events=(notice,)), "non_event").due == date(2026, 11, 15)
    told = Event("non_event_notification", date(2026, 11, 14))
    assert clocks(Facts(events=(notice, told)), "non_event") == []


@given(
    st.dates(date(2015, 1, 1), date(2026, 1, 1)),
    st.lists(st.tuples(st.integers(0, 60), st.integers(1, 60)), max_size=5),
)
def test_rule_13_exactly_three_days_at_liberty_are_given(day: date, spans: list[tuple[int, int]]) -> None:
    stays, start = [], day
    for gap, length in spans:
        stays.append(Stay(Status.CUSTODY, start + timedelta(days=gap), start + timedelta(days=gap + length)))
        start = stays[-1].end or start
    due = clock(Facts(events=(Event("relevant_date", day),), stays=tuple(stays)), "initial_notification").due
    days = [day + timedelta(days=offset) for offset in range((due - day).days + 1)]
    assert sum(not any(stay.covers(each) for stay in stays) for each in days) == 3
    assert not any(stay.covers(due) for stay in stays)


def test_rule_14_the_year_starts_again_with_a_change_but_not_with_the_matters_of_2012() -> None:
    first, change = ("initial_notification", date(2012, 3, 1)), ("notification_change", date(2012, 6, 1))
    extra = ("notification_2012_matters", date(2012, 9, 1))
    assert clock(events(first), "periodic_notification").due == date(2013, 3, 1)
    assert clock(events(first, change), "periodic_notification").due == date(2013, 6, 1)
    assert clock(events(first, change, extra), "periodic_notification").due == date(2013, 6, 1)
    assert clock(events(("periodic_notification", date(2024, 2, 29))), "periodic_notification").due == date(2025, 2, 28)


def test_rule_14_a_year_that_ends_inside_runs_to_the_third_day_after() -> None:
    told = Event("periodic_notification", date(2025, 6, 1))
    stay = Stay(Status.CUSTODY, date(2026, 5, 1), date(2026, 7, 10))
    found = clock(Facts(events=(told,), stays=(stay,)), "periodic_notification")
    assert (found.due, found.paused_days) == (date(2026, 7, 12), 41)
    still = clock(Facts(events=(told,), stays=(replace(stay, end=None),)), "periodic_notification")
    assert (still.due, still.suspended) == (date(2026, 6, 1), True)
    out_in_time = replace(stay, end=date(2026, 5, 30))
    assert clock(Facts(events=(told,), stays=(out_in_time,)), "periodic_notification").due == date(2026, 6, 1)
    on_to_hospital = (stay, Stay(Status.HOSPITAL, date(2026, 7, 10), date(2026, 8, 1)))
    assert clock(Facts(events=(told,), stays=on_to_hospital), "periodic_notification").due == date(2026, 8, 3)


def test_rule_14_no_notification_is_due_after_the_confirmed_end() -> None:
    told = Event("periodic_notification", date(2026, 6, 1))
    ended = ConfirmedEnd(date(2027, 5, 1), "DS02", AS_OF)
    assert clocks(Facts(events=(told,), notification_end=ended), "periodic_notification") == []
    later = ConfirmedEnd(date(2027, 7, 1), "DS02", AS_OF)
    assert clock(Facts(events=(told,), notification_end=later), "periodic_notification").due == date(2027, 6, 1)


def test_rule_15_without_a_fixed_home_he_notifies_weekly() -> None:
    facts = replace(events(("periodic_notification", date(2026, 11, 20))), no_fixed_home=True)
    found = clock(facts, "periodic_notification")
    assert (found.due, found.law) == (date(2026, 11, 27), True)
    assert "no fixed home" in found.why


def test_rule_16_the_end_is_worked_out_and_a_person_confirms_it() -> None:
    him = replace(HIM, date_of_birth=date(2002, 1, 1))
    sentence = Sentence(date(2019, 5, 2), Disposal.IMPRISONMENT, Term(months=12))
    worked_out = clock(Facts(sentence=sentence), "notification_end", him)
    assert (worked_out.due, worked_out.confirmed, worked_out.milestone) == (date(2024, 5, 1), False, True)
    assert "halved" in worked_out.why
    assert "not yet confirmed" in worked_out.why
    confirmed = Facts(sentence=sentence, notification_end=ConfirmedEnd(date(2024, 5, 1), "DS02", AS_OF))
    assert clock(confirmed, "notification_end", him).confirmed


@pytest.mark.parametrize(
    ("term", "last"),
    [
        (Term(months=6), date(2026, 5, 1)),
        (Term(months=6, days=1), date(2029, 5, 1)),
        (Term(months=29), date(2029, 5, 1)),
        (Term(months=30), None),
    ],
)
def test_rule_16_the_thresholds_of_section_82_are_six_and_thirty_months(term: Term, last: date | None) -> None:
    period = notification_period(Sentence(date(2019, 5, 2), Disposal.IMPRISONMENT, term, date(1970, 1, 1)))
    assert (period.last_day, period.indefinite) == (last, last is None)


@pytest.mark.parametrize("kind", ["SHPO", "Interim SOPO", "Sexual Harm Prevention Order (Crown Court)"])
def test_rule_16_a_harm_prevention_order_keeps_notification_running(kind: str) -> None:
    ended = ConfirmedEnd(date(2026, 5, 1), "DS02", AS_OF)
    order = Order(kind, date(2019, 5, 2), date(2030, 5, 1))
    assert clock(Facts(notification_end=ended, orders=(order,)), "notification_end").due == date(2030, 5, 1)
    assert clocks(Facts(notification_end=ended, orders=(replace(order, end=None),)), "notification_end") == []
    for end in (order.end, None):
        discharged = replace(order, end=end, discharged=date(2025, 1, 1))
        assert clock(Facts(notification_end=ended, orders=(discharged,)), "notification_end").due == date(2026, 5, 1)


@pytest.mark.parametrize(("born", "due"), [(date(1970, 1, 1), date(2027, 3, 1)), (date(1996, 1, 1), date(2020, 2, 29))])
def test_rule_16_review_of_indefinite_notification(born: date, due: date) -> None:
    him = replace(HIM, date_of_birth=born)
    sentence = Sentence(date(2011, 2, 1), Disposal.IMPRISONMENT, Term(years=4))
    facts = Facts(events=(Event("relevant_notification", date(2012, 2, 29)),), sentence=sentence)
    assert clock(facts, "indefinite_review", him).due == due
    refused = replace(facts, events=(*facts.events, Event("review_refused", date(2027, 6, 1))))
    assert clock(refused, "indefinite_review", him).due == date(2035, 6, 1)
    under_order = replace(facts, orders=(Order("Interim SHPO", date(2020, 1, 1)),))
    assert clock(under_order, "indefinite_review", him).suspended
    fixed = replace(facts, sentence=replace(sentence, term=Term(months=12)))
    assert clocks(fixed, "indefinite_review", him) == []


def test_rule_17_every_order_and_every_condition_has_its_own_end() -> None:
    orders = (
        Order("SHPO", date(2019, 5, 2), date(2029, 5, 1), (Condition("travel ban", date(2027, 5, 1)), Condition("devices"))),
        Order("SRO", date(2026, 1, 1), date(2028, 1, 1)),
        Order("Non-molestation order", date(2010, 1, 1), date(2012, 1, 1)),
    )
    found = clocks(Facts(orders=orders), "order_end")
    assert [(each.subject, each.due) for each in found] == [
        ("SHPO: travel ban", date(2027, 5, 1)),
        ("SRO", date(2028, 1, 1)),
        ("SHPO", date(2029, 5, 1)),
    ]


def _workload(manager: OffenderManager, cases: int) -> ManagerWorkload:
    held = [case_of(Offender(ref=f"INV-{place}", risk=Risk.MEDIUM, manager="OM1"), POLICY, AS_OF) for place in range(cases)]
    return manager_workload(manager, held, (), POLICY, AS_OF)


def test_rule_19_workload_is_weighted_scaled_by_hours_and_shown_beside_the_count() -> None:
    full, part = _workload(OffenderManager(id="OM1"), 50), _workload(OffenderManager(id="OM1", weekly_hours=18.5), 50)
    assert (full.cases, part.share) == (50, pytest.approx(2 * full.share))
    away = OffenderManager(id="OM1", absences=(Absence(AS_OF, AS_OF + timedelta(days=90)),))
    assert capacity_hours(away, POLICY, AS_OF) < capacity_hours(OffenderManager(id="OM1"), POLICY, AS_OF)
    assert POLICY.number("workload.reference_cases") == 50


def test_rule_20_markers_bar_officers() -> None:
    officers = [OffenderManager(id="OM1", sex=Sex.FEMALE), OffenderManager(id="OM3", sex=Sex.MALE)]
    assert crew_demands(["not OM03", "Dog"], [replace(officers[1], id="OM03")]).excluded == {"OM03"}
    assert crew_demands(["not lone female"], officers).objection(officers[:1]) is not None
    woman = crew_demands(["female officer required"], officers)
    assert woman.objection(officers[1:]) is not None
    assert woman.objection(officers) is None
    barred = crew_demands(["not OM3"], officers)
    assert "must not visit" in (barred.objection(officers) or "")
    assert barred.objection(officers[:1]) is None


def _late(*risks_and_days: tuple[Risk | None, int]) -> list[Offender]:
    monthly, seen = Offender(ref="", interval_months=1), date(2026, 10, 23)
    return [
        replace(monthly, ref=f"INV-{place}", risk=risk, last_seen=seen - timedelta(days=days), manager=f"OM{place % 2}")
        for place, (risk, days) in enumerate(risks_and_days)
    ]


def test_rule_21_overdue_by_size_age_risk_and_worst_case_for_manager_and_team() -> None:
    people = _late((Risk.LOW, 200), (Risk.HIGH, 5), (Risk.LOW, 30), (Risk.HIGH, 0))
    cases = [case_of(each, POLICY, AS_OF) for each in people]
    items = outstanding(cases, POLICY, AS_OF, kinds=["visit"], teams={"OM0": "North", "OM1": "North"})
    (team,) = figures(items, Grouping.TEAM)
    assert (team.group, team.size, team.by_risk) == ("North", 3, {Risk.LOW: 2, Risk.HIGH: 1})
    assert (team.worst.ref, team.worst.days_overdue) == ("INV-0", cases[0].days_overdue)
    assert set(team.refs) == {"INV-0", "INV-1", "INV-2"}
    assert {figure.group: figure.size for figure in figures(items, Grouping.MANAGER)} == {"OM0": 2, "OM1": 1}
    assert {figure.group: figure.size for figure in figures(items, Grouping.RISK)} == {"low": 2, "high": 1}
    assert [figure.size for figure in figures(items, Grouping.BAND)] == [1, 1, 1], "5, 30 and 200 days late are of three ages"
    some = outstanding([case_of(each, POLICY, AS_OF) for each in _late((Risk.VERY_HIGH, 100), (Risk.LOW, 150))], POLICY, AS_OF)
    (all_of_them,) = figures(some, Grouping.TEAM)
    assert (some[0].ref, all_of_them.worst.ref) == ("INV-0", "INV-1"), "the worst case is the latest, not the heaviest"


@given(st.lists(st.tuples(st.sampled_from([*Risk, None]), st.integers(1, 2000)), min_size=1, max_size=30), st.integers(1, 10))
def test_rule_22_every_risk_level_stays_in_sight(late: list[tuple[Risk | None, int]], size: int) -> None:
    cases = [case_of(each, POLICY, AS_OF) for each in _late(*late)]
    items = outstanding(cases, POLICY, AS_OF)
    shown = shortlist(items, size)
    assert {item.risk for item in shown} == {item.risk for item in items}
    assert len(shown) == min(len(items), max(size, len({item.risk for item in items})))
    for risk in {item.risk for item in items}:
        worst = max(item.days_overdue for item in items if item.risk is risk)
        assert worst in [item.days_overdue for item in shown if item.risk is risk]


def test_rule_22_a_low_case_passes_a_fresh_very_high_one_once_it_is_late_enough() -> None:
    fresh = ranking_weight(Risk.VERY_HIGH, 1, POLICY)
    assert ranking_weight(Risk.LOW, 7, POLICY) < fresh < ranking_weight(Risk.LOW, 300, POLICY)
    assert ranking_weight(Risk.HIGH, 30, POLICY) > ranking_weight(Risk.LOW, 30, POLICY)


@pytest.mark.parametrize("status", [Status.CUSTODY, Status.HOSPITAL, Status.ABROAD])
def test_rule_23_visits_are_suspended_with_their_date_and_run_again(status: Status) -> None:
    him = replace(HIM, last_seen=date(2025, 1, 31))
    away, back = (full_case(replace(him, status=each), Facts(), POLICY, TABLE, AS_OF) for each in (status, Status.COMMUNITY))
    assert (away.visit.due, away.visit.suspended, away.days_overdue) == (date(2025, 7, 31), True, 0)
    assert (back.visit.due, back.days_overdue) == (away.visit.due, (AS_OF - date(2025, 7, 31)).days)
    assert outstanding([away], POLICY, AS_OF) == ()


@pytest.mark.parametrize(
    "text",
    [
        "card 4111 1111 1111 1111",
        "pays with 5500-0000-0000-0004 now",
        "Amex 378282246310005",
        "sort code 12-34-56",
        "Barclays 20-30-40 12345678",
        "GB29 NWBK 6016 1331 9268 19",
        "account no 12345678",
    ],
)
def test_rule_27_card_and_account_numbers_are_refused_and_never_repeated(text: str) -> None:
    assert holds_financial_data(text)
    with pytest.raises(FinancialDataRefused) as refused:
        refuse_financial_data({"The note": text})
    assert not any(character.isdigit() for character in str(refused.value))
    seen = visit(datetime(2026, 11, 20, 10), note=text)
    assert any("card or account number" in words for words in visit_problems(seen, NOW))
    with pytest.raises(FinancialDataRefused):
        risk_plans.submit(replace(_plan(), summary=text), NOW)


@pytest.mark.parametrize(
    "text",
    ["", "phone 01793 123456", "07700 900123", "IMEI 490154203237518", "seen 01-02-26, crime 12345678", "4111 1111 1111 1112"],
)
def test_rule_27_other_numbers_are_let_through(text: str) -> None:
    assert not holds_financial_data(text)


@pytest.mark.parametrize("field", ["note", "announced_reason", "lone_reason", "household", "risk_noticed"])
def test_rule_27_no_text_of_a_visit_takes_a_card_number(field: str) -> None:
    told = visit_problems(replace(visit(datetime(2026, 11, 20, 10)), **{field: "pays with 4111 1111 1111 1111"}), NOW)
    assert [words for words in told if "card or account number" in words]


def test_rule_27_no_record_has_a_field_for_offences_victims_or_finance() -> None:
    names = {each.name for kind in (Offender, Visit, risk_plans.RiskPlan, Assessment, Facts, Sentence) for each in fields(kind)}
    assert not any(word in name for name in names for word in ("victim", "offence", "bank", "card", "account", "passport"))


def test_rule_28_the_local_flag_is_checked_at_each_review() -> None:
    reviewed = events(("rmp_review", date(2026, 11, 2)))
    assert clock(reviewed, "local_flag").days_overdue(AS_OF) == 21
    before = events(("rmp_review", date(2026, 11, 2)), ("local_flag_check", date(2026, 11, 1)))
    assert clock(before, "local_flag").days_overdue(AS_OF) == 21, "a check of the time before is not one of this review"
    checked = events(("rmp_review", date(2026, 11, 2)), ("local_flag_check", date(2026, 11, 2)))
    assert clock(checked, "local_flag", replace(HIM, rmp_review_due=date(2027, 11, 2))).due == date(2027, 11, 2)


def test_rule_29_kinds_of_notification_event_are_rows_of_a_table() -> None:
    assert {"change_name", "child_household", "prescribed_change"} <= set(TABLE.events)
    assert set(TABLE.rule("change").starts) <= set(TABLE.events)


def test_rule_31_visits_not_entered_in_visor_are_listed_with_a_deadline_once_set() -> None:
    entered = visit(datetime(2026, 11, 2, 10), visor_entered_on=date(2026, 11, 3))
    not_entered = visit(datetime(2026, 11, 9, 18))
    (line,) = unentered_visits([entered, not_entered], POLICY, AS_OF)
    assert (line.visit, line.due, line.days_late) == (not_entered, None, 0)
    (line,) = unentered_visits([entered, not_entered], policy_with(deadline__visor_entry_days=5), AS_OF)
    assert (line.due, line.days_late) == (date(2026, 11, 14), 9)
    backwards = replace(entered, visor_entered_on=date(2026, 11, 1))
    assert visit_problems(backwards, NOW) == ("The day of entry in ViSOR lies before the visit or ahead.",)
    case = full_case(HIM, Facts(), policy_with(deadline__visor_entry_days=5), TABLE, AS_OF, [entered, not_entered])
    assert [each.due for each in case.clocks if each.kind == "visor_entry"] == [date(2026, 11, 14)]


def test_a_visit_at_an_hour_that_never_was_is_refused() -> None:
    gap = visit(datetime.combine(date(2026, 3, 29), time(1, 30)))
    assert any("clocks went forward" in words for words in visit_problems(gap, NOW))
