"""An incident brings the visit forward, and only as the force's policy says. All of it is invented."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from mosovo_planner.domain.facts import ReactiveApproval
from mosovo_planner.domain.incidents import (
    acts_when_sure,
    effect_words,
    incident_events,
    waited_too_long,
    waiting_hours,
)
from mosovo_planner.domain.people import Risk
from mosovo_planner.domain.policy import PolicyError
from tests.domain.given import HIM, POLICY, TABLE, clock, events, policy_with

USUAL = date(2027, 3, 1)  # medium risk, last seen on 1 September 2026
ARREST = date(2026, 11, 20)


def test_an_arrest_brings_the_visit_forward() -> None:
    found = clock(events(("arrest", ARREST)), "visit")
    assert found.due == ARREST + timedelta(days=POLICY.whole("incident.visit_days.arrest"))
    assert "Brought forward: arrest on 20 Nov 2026 + 7 days." in found.why


def test_what_the_force_left_unset_brings_nothing_forward() -> None:
    assert clock(events(("arrest", ARREST)), "visit", policy=policy_with(incident__visit_days__arrest="unset")).due == USUAL
    assert clock(events(("change_address", ARREST)), "visit").due == USUAL


def test_a_success_since_answers_it() -> None:
    seen = replace(HIM, last_seen=ARREST)
    assert clock(events(("arrest", ARREST)), "visit", offender=seen).due == date(2027, 5, 20)


def test_the_soonest_of_several_counts_and_a_visit_due_sooner_stays() -> None:
    both = events(("intelligence", ARREST), ("child_concern", ARREST))
    assert clock(both, "visit").due == ARREST + timedelta(days=2)
    late = replace(HIM, last_seen=date(2026, 1, 1))
    assert clock(both, "visit", offender=late).due == date(2026, 7, 1)


def test_a_reactive_case_is_reopened_by_it() -> None:
    low = replace(HIM, risk=Risk.LOW)
    facts = replace(events(("arrest", ARREST)), reactive=ReactiveApproval(date(2026, 1, 1), "DS1"))
    found = clock(facts, "visit", offender=low)
    assert not found.suspended
    assert found.due == ARREST


@given(some.dates(date(2026, 9, 2), date(2026, 11, 23)), some.integers(0, 400))
def test_an_incident_never_puts_a_visit_off(on: date, days: int) -> None:
    found = clock(events(("breach", on)), "visit", policy=policy_with(incident__visit_days__breach=days))
    assert found.due == min(USUAL, on + timedelta(days=days))


def test_judging_or_being_sure_and_nothing_else() -> None:
    assert not acts_when_sure(POLICY)
    assert acts_when_sure(policy_with(incident__act_on="sure"))
    with pytest.raises(PolicyError, match=r"incident\.act_on"):
        acts_when_sure(policy_with(incident__act_on="always"))


def test_the_kinds_offered_are_the_policys_that_the_table_has() -> None:
    kinds = [each.kind for each in incident_events(policy_with(incident__events="arrest, no such kind,breach"), TABLE)]
    assert kinds == ["arrest", "breach"]


def test_the_effect_is_told_before_it_is_made() -> None:
    assert effect_words("arrest", POLICY, TABLE) == (
        "The visit is due within 7 days of it, unless he is seen after it; reactive management is reopened."
    )
    assert "no due date changes" in effect_words("licence_end", POLICY, TABLE)


def test_how_long_a_match_waited() -> None:
    now = datetime(2026, 11, 23, 9)
    assert waiting_hours(now - timedelta(hours=25, minutes=59), now) == 25
    assert waiting_hours(now + timedelta(hours=1), now) == 0
    assert waited_too_long(25, POLICY)
    assert not waited_too_long(24, POLICY)
    assert not waited_too_long(999, policy_with(incident__acknowledge_hours="unset"))
