"""Risk plans and assessments from draft to clock. All people and plans are invented."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from unittest.mock import PropertyMock, patch

import pytest

from mosovo_planner.domain.assessment import Tool
from mosovo_planner.domain.clocks import Clock
from mosovo_planner.domain.errors import NotPermitted
from mosovo_planner.domain.guard import FinancialDataRefused
from mosovo_planner.domain.people import Risk, Sex
from mosovo_planner.domain.policy import Policy
from mosovo_planner.domain.risk_plans import PlanAction, PlanRefused, PlanState, Rank, RiskPlan
from mosovo_planner.domain.roles import Permission, Role
from mosovo_planner.office.assessments import AssessmentRefused, add_assessment, correct_assessment, new_assessment
from mosovo_planner.office.caseload import view_caseload, view_offender
from mosovo_planner.office.editing import StaleRecord
from mosovo_planner.office.papers import PaperError, make_offender_paper
from mosovo_planner.office.risk_plans import (
    PlansView,
    begin_plan,
    return_plan,
    review_unchanged,
    save_draft,
    sign_plan,
    submit_plan,
    tick_action,
    view_plans,
)
from mosovo_planner.office.session import Session
from mosovo_planner.office.supervision import view_waiting

TODAY = date(2026, 11, 20)
NOON = datetime(2026, 11, 20, 12)
REF = "INV-1"


@contextmanager
def as_user(name: str, role: Role = Role.SUPERVISOR) -> Iterator[None]:
    """The same workspace as another person."""
    with (
        patch.object(Session, "user", PropertyMock(return_value=name)),
        patch.object(Session, "role", PropertyMock(return_value=role)),
    ):
        yield


def plans(session: Session) -> PlansView:
    return view_plans(session, REF, TODAY)


def written(**more: object) -> RiskPlan:
    plan = RiskPlan(
        ref=REF,
        author="",
        written_on=TODAY,
        summary="Invented summary",
        actions=(PlanAction("Check the tablet", "OM01", date(2026, 12, 1)), PlanAction("Tell the school", "OM02", TODAY)),
        review_due=date(2027, 5, 20),
    )
    return replace(plan, **more)  # type: ignore[arg-type]


def submitted(session: Session, at: datetime = NOON, **more: object) -> RiskPlan:
    with as_user("dc", Role.OFFENDER_MANAGER):
        return submit_plan(session, written(**more), None, at)


def signed(session: Session, at: datetime = NOON, **more: object) -> RiskPlan:
    plan = submitted(session, at, **more)
    with as_user("sgt"):
        plan = sign_plan(session, plan, Rank.SERGEANT, now=at)
    with as_user("insp"):
        return sign_plan(session, plan, Rank.INSPECTOR, now=at)


def set_policy(session: Session, **values: float) -> None:
    with session.unit(Permission.APPROVE) as unit:
        policy = unit.policy()
        held = dict(policy.values)
        for name, value in values.items():
            key = name.replace("__", ".")
            held[key] = replace(held[key], value=value)
        unit.save_policy(Policy(held), "the force's number")


def clock(session: Session, kind: str, on: date = TODAY) -> Clock | None:
    return next((each for each in view_offender(session, REF, on).case.clocks if each.kind == kind), None)


def test_rule_12_a_plan_is_incomplete_until_sergeant_and_inspector_signed_it(team: Session) -> None:
    assert plans(team).standing == "No plan is written yet."
    plan = submitted(team)
    assert plans(team).standing.startswith("Incomplete: version 1 is with sergeant")
    assert [each.ref for each in view_waiting(team).plans] == [REF]
    with as_user("sgt"):
        plan = sign_plan(team, plan, Rank.SERGEANT, now=NOON)
        assert plans(team).standing.startswith("Incomplete: version 1 is with inspector")
        with pytest.raises(PlanRefused, match="two people"):
            sign_plan(team, plan, Rank.INSPECTOR, now=NOON)
    with as_user("insp"):
        sign_plan(team, plan, Rank.INSPECTOR, "Good.", now=NOON)
    assert plans(team).standing == "Version 1, signed off 20 Nov 2026"
    assert view_waiting(team).plans == ()


def test_rule_02_the_plans_interval_becomes_the_offenders_own_with_the_sign_off_and_not_before(team: Session) -> None:
    plan = submitted(team, interval_months=2, interval_reason="A new household")
    assert plans(team).offender.interval_months is None
    with as_user("sgt"):
        plan = sign_plan(team, plan, Rank.SERGEANT, now=NOON)
    with as_user("insp"):
        plan = sign_plan(team, plan, Rank.INSPECTOR, now=NOON)
    him = plans(team).offender
    assert (him.interval_months, him.rmp_review_due) == (2, date(2027, 5, 20))
    visit = clock(team, "visit")
    assert visit is not None
    assert him.last_seen is not None
    assert visit.due == date(2026, 3, 11)
    following = begin_plan(plans(team), "dc", TODAY + timedelta(days=1))
    assert (following.version, following.interval_months) == (2, 2)
    day = NOON + timedelta(days=1)
    with as_user("dc"):
        later = replace(following, interval_months=None, interval_reason="", review_due=date(2027, 6, 1))
        later = submit_plan(team, later, None, day)
    with as_user("sgt"):
        later = sign_plan(team, later, Rank.SERGEANT, now=day)
    with as_user("insp"):
        sign_plan(team, later, Rank.INSPECTOR, now=day)
    assert plans(team).offender.interval_months is None, "the next plan goes back to the force's interval"


def test_an_interval_from_the_tracker_is_not_taken_away_by_a_plan_that_says_nothing_of_it(team: Session) -> None:
    with team.unit(Permission.RECORD) as unit:
        him = unit.offender(REF)
        assert him is not None
        unit.save_offenders([replace(him, interval_months=5)], "from the tracker")
    signed(team)
    assert plans(team).offender.interval_months == 5


def test_rule_10_the_clock_of_the_sign_off_runs_from_submission_and_stops_with_sign_off_or_return(team: Session) -> None:
    assert clock(team, "rmp_signoff") is None
    set_policy(team, deadline__rmp_signoff_days=7)
    plan = submitted(team)
    running = clock(team, "rmp_signoff")
    assert running is not None
    assert running.due == TODAY + timedelta(days=7)
    with as_user("sgt"):
        returned = return_plan(team, plan, Rank.SERGEANT, "Say who tells the school", NOON)
    assert clock(team, "rmp_signoff") is None
    with as_user("dc", Role.OFFENDER_MANAGER):
        again = submit_plan(team, replace(returned, summary="Now with names"), returned, NOON)
    assert clock(team, "rmp_signoff") is not None, "sent again on the same day"
    with as_user("sgt"):
        again = sign_plan(team, again, Rank.SERGEANT, now=NOON)
    assert clock(team, "rmp_signoff") is not None, "the inspector's signature is still missing"
    with as_user("insp"):
        sign_plan(team, again, Rank.INSPECTOR, now=NOON)
    assert clock(team, "rmp_signoff") is None


def test_the_clock_runs_for_a_new_version_submitted_on_the_day_the_last_one_was_signed(team: Session) -> None:
    set_policy(team, deadline__rmp_signoff_days=7)
    plan = submitted(team, NOON - timedelta(days=3))
    with as_user("sgt"):
        plan = sign_plan(team, plan, Rank.SERGEANT, now=NOON)
    with as_user("insp"):
        sign_plan(team, plan, Rank.INSPECTOR, now=NOON)
    with as_user("dc", Role.OFFENDER_MANAGER):
        fresh = replace(begin_plan(plans(team), "dc", TODAY), review_due=date(2027, 6, 1))
        submit_plan(team, fresh, None, NOON)
    running = clock(team, "rmp_signoff")
    assert running is not None
    assert running.due == TODAY + timedelta(days=7)


def test_the_clock_runs_where_one_version_is_sent_and_signed_and_the_next_sent_all_on_one_day(team: Session) -> None:
    set_policy(team, deadline__rmp_signoff_days=7)
    plan = submitted(team, NOON - timedelta(hours=2))
    with as_user("sgt"):
        plan = sign_plan(team, plan, Rank.SERGEANT, now=NOON - timedelta(hours=1))
    with as_user("insp"):
        sign_plan(team, plan, Rank.INSPECTOR, now=NOON)
    assert clock(team, "rmp_signoff") is None
    with as_user("dc", Role.OFFENDER_MANAGER):
        fresh = replace(begin_plan(plans(team), "dc", TODAY), review_due=date(2027, 6, 1))
        sent = submit_plan(team, fresh, None, NOON + timedelta(hours=1))
    running = clock(team, "rmp_signoff")
    assert running is not None, "the sign-off of version 1 is not that of version 2"
    assert running.due == TODAY + timedelta(days=7)
    with as_user("sgt"):
        return_plan(team, sent, Rank.SERGEANT, "Say by when", NOON + timedelta(hours=2))
    assert clock(team, "rmp_signoff") is None


def test_the_review_and_the_local_flag_clocks_run_from_the_signed_plan(team: Session) -> None:
    plan = signed(team)
    review, flag = clock(team, "rmp_review"), clock(team, "local_flag")
    assert review is not None
    assert review.due == date(2027, 5, 20)
    assert flag is not None
    assert flag.due == TODAY, "verified at each review, and nobody has said so"
    set_policy(team, deadline__rmp_review_months=12)
    with as_user("sgt"):
        review_unchanged(team, plan, date(2027, 9, 1), flag_checked=True, today=TODAY + timedelta(days=2))
    later = clock(team, "rmp_review")
    assert later is not None
    assert later.due == date(2027, 9, 1)
    flag = clock(team, "local_flag", TODAY + timedelta(days=2))
    assert flag is not None
    assert flag.due == date(2027, 9, 1), "checked with this review, due with the next"


def test_only_a_signed_plan_is_reviewed_unchanged_and_only_with_a_later_date(team: Session) -> None:
    plan = submitted(team)
    with pytest.raises(PlanRefused, match="signed off"):
        review_unchanged(team, plan, date(2027, 9, 1), today=TODAY)
    complete = replace(plan, state=PlanState.SIGNED)
    for day in (None, TODAY):
        with pytest.raises(PlanRefused, match="after today"):
            review_unchanged(team, complete, day, today=TODAY)


def test_rule_27_financial_numbers_are_refused_with_an_explanation_and_nothing_is_kept(team: Session) -> None:
    with pytest.raises(FinancialDataRefused, match="The summary"):
        save_draft(team, written(summary="Card 4111 1111 1111 1111"))
    plan = submitted(team)
    with as_user("sgt"), pytest.raises(FinancialDataRefused, match="Comment 1"):
        return_plan(team, plan, Rank.SERGEANT, "pays with 4111 1111 1111 1111", NOON)
    assert plans(team).current == plan


def test_two_people_writing_one_draft_are_told_and_nothing_is_overwritten(team: Session) -> None:
    first = save_draft(team, written())
    save_draft(team, replace(first, summary="Theirs"), first)
    with pytest.raises(StaleRecord, match="somebody else"):
        save_draft(team, replace(first, summary="Mine"), first)
    current = plans(team).current
    assert current is not None
    assert current.summary == "Theirs"
    with pytest.raises(StaleRecord):
        save_draft(team, written())


def test_whoever_changed_the_words_last_cannot_sign_them(team: Session) -> None:
    with as_user("dc", Role.OFFENDER_MANAGER):
        draft = save_draft(team, written())
    with as_user("sgt"):
        changed = save_draft(team, replace(draft, summary="The sergeant's words"), draft)
    assert changed.author == "sgt"
    with as_user("dc", Role.OFFENDER_MANAGER):
        sent = submit_plan(team, changed, changed, NOON)
    assert sent.author == "sgt", "sending what another wrote makes nobody its author"
    with as_user("sgt"), pytest.raises(PlanRefused, match="author"):
        sign_plan(team, sent, Rank.SERGEANT, now=NOON)


def test_an_offender_manager_writes_and_does_not_sign(team: Session) -> None:
    plan = submitted(team)
    with as_user("other", Role.OFFENDER_MANAGER):
        for act in (
            lambda: sign_plan(team, plan, Rank.SERGEANT),
            lambda: return_plan(team, plan, Rank.SERGEANT, "No"),
        ):
            with pytest.raises(NotPermitted):
                act()


def test_what_is_on_its_way_or_signed_is_not_changed(team: Session) -> None:
    plan = submitted(team)
    with pytest.raises(PlanRefused, match="with sergeant already"):
        save_draft(team, replace(plan, state=PlanState.DRAFT, summary="Other"), plan)
    with pytest.raises(PlanRefused, match="not signed off yet"):
        begin_plan(plans(team), "dc", TODAY)


def test_a_plan_that_lacks_something_is_kept_as_draft_and_not_submitted(team: Session) -> None:
    draft = save_draft(team, written(review_due=None, actions=()))
    with pytest.raises(PlanRefused, match="at least one action"):
        submit_plan(team, draft, draft, NOON)
    assert plans(team).current == draft


def test_actions_are_ticked_off_in_a_signed_plan_and_open_ones_go_into_the_next_version(team: Session) -> None:
    plan = signed(team)
    with pytest.raises(PlanRefused, match="lies ahead"):
        tick_action(team, plan, 1, TODAY + timedelta(days=1), TODAY)
    ticked = tick_action(team, plan, 1, TODAY, TODAY)
    current = plans(team).current
    assert current == ticked
    assert [action.what for action in ticked.open_actions()] == ["Check the tablet"]
    assert [action.what for action in begin_plan(plans(team), "dc", TODAY).actions] == ["Check the tablet"]
    reopened = tick_action(team, ticked, 1, None, TODAY)
    assert len(reopened.open_actions()) == 2


def test_each_step_stands_in_the_record_of_use_without_its_words(team: Session) -> None:
    signed(team)
    with team.unit(Permission.AUDIT) as unit:
        uses = unit.uses(200, ref=REF)
    reasons = {use.reason for use in uses}
    assert {"risk management plan submitted", "approved as sergeant", "approved as inspector"} <= reasons
    assert "Invented summary" not in repr(uses)
    plans(team)
    with team.unit(Permission.AUDIT) as unit:
        assert unit.uses(1, ref=REF)[0].reason == "plans opened"


# Assessments


def make_adult_man(session: Session, sex: Sex | None = Sex.MALE) -> None:
    with session.unit(Permission.RECORD) as unit:
        him = unit.offender(REF)
        assert him is not None
        unit.save_offenders([replace(him, sex=sex, date_of_birth=date(1970, 1, 1))], "invented")


def test_an_arms_assessment_moves_the_clock_of_the_next(team: Session) -> None:
    make_adult_man(team)
    set_policy(team, deadline__arms_review_months=12)
    add_assessment(team, new_assessment(REF, Tool.ARMS, date(2026, 3, 1), "OM01", Risk.HIGH), today=TODAY)
    add_assessment(team, new_assessment(REF, Tool.ARMS, date(2025, 3, 1), "OM01", Risk.LOW), today=TODAY)
    assert plans(team).offender.arms_done == date(2026, 3, 1)
    due = clock(team, "arms_review")
    assert due is not None
    assert due.due == date(2027, 3, 1)
    assert plans(team).offender.risk is Risk.MEDIUM, "nothing is changed by itself"


def test_rule_11_arms_is_for_adult_men_and_the_other_tool_has_a_clock_of_its_own(team: Session) -> None:
    make_adult_man(team, Sex.FEMALE)
    set_policy(team, deadline__other_assessment_months=6)
    view = plans(team)
    assert view.tool is Tool.OTHER
    assert "adult men" in view.objection
    with pytest.raises(AssessmentRefused, match="adult men"):
        add_assessment(team, new_assessment(REF, Tool.ARMS, TODAY, "OM01", None), today=TODAY)
    add_assessment(team, new_assessment(REF, Tool.OTHER, TODAY, "OM01", Risk.HIGH), set_risk=True, today=TODAY)
    due = clock(team, "other_assessment")
    assert due is not None
    assert due.due == date(2027, 5, 20)
    assert (plans(team).offender.risk, plans(team).offender.arms_done) == (Risk.HIGH, None)


def test_an_assessment_is_corrected_with_a_reason_and_the_clock_follows(team: Session) -> None:
    make_adult_man(team)
    set_policy(team, deadline__arms_review_months=12)
    wrong = new_assessment(REF, Tool.ARMS, date(2026, 9, 1), "OM01", Risk.HIGH)
    add_assessment(team, wrong, today=TODAY)
    right = replace(wrong, done_on=date(2026, 6, 1))
    with pytest.raises(AssessmentRefused, match="Say why"):
        correct_assessment(team, wrong, right, " ", TODAY)
    correct_assessment(team, wrong, right, "misread", TODAY)
    assert plans(team).assessments == (right,)
    assert plans(team).offender.arms_done == date(2026, 6, 1)
    due = clock(team, "arms_review")
    assert due is not None
    assert due.due == date(2027, 6, 1)
    with pytest.raises(StaleRecord):
        correct_assessment(team, wrong, replace(wrong, priority=None), "again", TODAY)


def test_an_assessment_of_a_day_ahead_or_by_nobody_is_refused(team: Session) -> None:
    for wrong in (
        new_assessment(REF, Tool.ARMS, TODAY + timedelta(days=1), "OM01", None),
        new_assessment(REF, Tool.ARMS, TODAY, "", None),
    ):
        with pytest.raises(AssessmentRefused):
            add_assessment(team, wrong, today=TODAY)
    assert plans(team).assessments == ()


def test_everything_is_seen_in_the_caseload_as_in_the_file(team: Session) -> None:
    signed(team)
    listed = next(case for case in view_caseload(team, TODAY).cases if case.offender.ref == REF)
    assert {each.kind for each in listed.clocks} >= {"rmp_review", "local_flag"}


# On paper


def test_rule_12_the_front_sheet_says_incomplete_until_signed_and_shows_earlier_versions(team: Session) -> None:
    with pytest.raises(PaperError, match="Write one"):
        make_offender_paper(team, "risk_plan", REF, None, TODAY)
    submitted(team)
    assert make_offender_paper(team, "risk_plan", REF, None, TODAY).notice.startswith("INCOMPLETE")
    plan = plans(team).current
    assert plan is not None
    for name, rank in (("sgt", Rank.SERGEANT), ("insp", Rank.INSPECTOR)):
        with as_user(name):
            plan = sign_plan(team, plan, rank, now=NOON)
    assert make_offender_paper(team, "risk_plan", REF, None, TODAY).notice == ""
    save_draft(team, begin_plan(plans(team), "dc", TODAY))
    assert make_offender_paper(team, "risk_plan", REF, None, TODAY).notice.startswith("INCOMPLETE")
    assert "Version 1" in make_offender_paper(team, "risk_plan", REF, 1, TODAY).subtitle
    with team.unit(Permission.AUDIT) as unit:
        assert unit.uses(1, ref=REF)[0].reason == "paper made"
    with pytest.raises(PaperError, match="no paper"):
        make_offender_paper(team, "novel", REF, None, TODAY)
