"""A public protection notification: what it lacks, when it is late, and what leaves for the force's system. All invented."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mosovo_planner.domain.children import (
    AWARE,
    ChildNotification,
    aware_gaps,
    checked,
    lateness,
    notification_export,
    notification_problems,
)
from mosovo_planner.domain.facts import Event, Facts
from mosovo_planner.domain.guard import FinancialDataRefused
from mosovo_planner.domain.people import Sex
from tests.domain.given import AS_OF, NOW, POLICY, clocks, policy_with

NOTE = ChildNotification(
    id="1",
    ref="INV-1",
    noticed_at=NOW - timedelta(hours=30),
    written_at=NOW,
    by="OM1",
    child_name="Invented Child",
    date_of_birth=date(2017, 5, 1),
    sex=Sex.FEMALE,
    address="1 Sample Street",
    school="Invented Primary",
    ethnicity="As the mother says",
    relationship="Niece",
    parental_responsibility="Mother",
    appearance="Well dressed, tired",
    words="I come here every Sunday",
    activity="Drawing",
    relationships="Close to her mother",
    environment="Clean kitchen",
)
LIMITED = policy_with(deadline__child_notification_days=1)


def test_a_complete_notification_lacks_nothing() -> None:
    assert notification_problems(NOTE, AS_OF) == ()
    assert aware_gaps(NOTE) == ()


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ("child_name", "name"),
        ("address", "address"),
        ("school", "school, or say why"),
        ("ethnicity", "ethnicity, or say why"),
        ("relationship", "related"),
        ("parental_responsibility", "parental"),
        ("words", "what the child said"),
        ("by", "who writes"),
    ],
)
def test_what_other_agencies_need_is_asked_for(field: str, words: str) -> None:
    (problem,) = notification_problems(replace(NOTE, **{field: "  "}), AS_OF)
    assert words in problem


def test_the_absence_of_school_ethnicity_and_words_is_justified() -> None:
    bare = replace(NOTE, school="", ethnicity="", words="")
    assert len(notification_problems(bare, AS_OF)) == 3
    why = replace(bare, school_why_absent="not of age", ethnicity_why_absent="mother refused", words_why_absent="asleep")
    assert notification_problems(why, AS_OF) == ()


def test_a_child_is_under_18_and_has_an_age() -> None:
    assert notification_problems(replace(NOTE, date_of_birth=None), AS_OF) == ("Give the child's date of birth, or the age.",)
    assert notification_problems(replace(NOTE, date_of_birth=None, age=17), AS_OF) == ()
    assert "adult" in notification_problems(replace(NOTE, date_of_birth=None, age=18), AS_OF)[0]
    assert notification_problems(replace(NOTE, date_of_birth=date(2008, 11, 24)), AS_OF) == ()
    assert "adult" in notification_problems(replace(NOTE, date_of_birth=date(2008, 11, 23)), AS_OF)[0]
    assert "lies ahead" in notification_problems(replace(NOTE, date_of_birth=date(2026, 11, 24)), AS_OF)[0]


@pytest.mark.parametrize("prompt", AWARE)
def test_each_aware_prompt_that_says_nothing_is_named(prompt: str) -> None:
    assert aware_gaps(replace(NOTE, **{prompt: " "})) == (prompt,)


def test_a_child_nobody_spoke_to_leaves_no_gap_in_words_once_it_is_said_why() -> None:
    assert aware_gaps(replace(NOTE, words="", words_why_absent="asleep")) == ()


def test_lateness_is_told_against_the_force_s_limit_and_unset_until_it_has_one() -> None:
    unset = lateness(NOTE, POLICY, NOW)
    assert (unset.due, unset.late, unset.took) == (None, False, timedelta(hours=30))
    assert "no limit" in unset.words
    late = lateness(NOTE, LIMITED, NOW)
    assert (late.due, late.late) == (NOTE.noticed_at + timedelta(days=1), True)
    assert "6 hours late" in late.words
    in_time = lateness(replace(NOTE, sent_at=NOTE.noticed_at + timedelta(hours=20), sent_to="MASH"), LIMITED, NOW)
    assert (in_time.late, in_time.took) == (False, timedelta(hours=20))
    assert in_time.words.startswith("Sent ")


@given(st.integers(0, 10_000), st.integers(0, 10_000), st.integers(0, 30))
def test_once_late_it_stays_late_until_sent_and_sending_stops_the_clock(hours: int, later: int, limit: int) -> None:
    policy = policy_with(deadline__child_notification_days=limit)
    now = NOTE.noticed_at + timedelta(hours=hours)
    then = now + timedelta(hours=later)
    assert lateness(NOTE, policy, now).late <= lateness(NOTE, policy, then).late
    sent = replace(NOTE, sent_at=now)
    assert lateness(sent, policy, then) == lateness(sent, policy, now)


def test_the_export_holds_every_field_in_plain_values() -> None:
    body = notification_export(replace(NOTE, sent_at=datetime(2026, 11, 23, 9)), "SYNTHETIC, Alan")
    assert json.loads(json.dumps(body)) == body
    assert {each.name for each in fields(ChildNotification)} < body.keys()
    assert (body["date_of_birth"], body["sex"], body["sent_at"]) == ("2017-05-01", "F", "2026-11-23T09:00:00")
    assert body["format"] == "mosovo-child-notification/1"


def test_rule_27_no_card_numbers_in_a_notification() -> None:
    assert checked(NOTE) is NOTE
    with pytest.raises(FinancialDataRefused, match="Environment"):
        checked(replace(NOTE, environment="card 4111 1111 1111 1111 on the table"))


def test_what_was_sent_for_one_day_meets_the_concern_of_that_day_only() -> None:
    first, second = date(2026, 11, 20), date(2026, 11, 21)
    concerns = (Event("child_concern", first), Event("child_concern", second))
    sent = Event("child_notification_sent", date(2026, 11, 22), expected=second)
    assert [each.due for each in clocks(Facts((*concerns, sent)), "child_notification", policy=LIMITED)] == [date(2026, 11, 21)]
    assert clocks(Facts((*concerns, replace(sent, expected=None))), "child_notification", policy=LIMITED) == []


def test_a_clock_of_law_is_met_whatever_day_a_notification_names() -> None:
    moved, told = Event("change_address", date(2026, 11, 20)), Event("notification_change", date(2026, 11, 21))
    for day in (None, date(2026, 11, 19)):
        assert clocks(Facts((moved, replace(told, expected=day))), "change") == []
