"""Policy is data with its source; a broken file says what is wrong and where."""

from __future__ import annotations

import pytest

from mosovo_planner.domain.people import Risk
from mosovo_planner.domain.policy import PolicyError, read_policy
from mosovo_planner.domain.policy_text import title_of
from mosovo_planner.resources import resource

DEFAULT = resource("policy/default.toml").read_text(encoding="utf-8")


def test_every_default_carries_its_source() -> None:
    policy = read_policy(DEFAULT)
    assert all(value.source and value.date for value in policy.values.values())
    assert [policy.interval_months(risk) for risk in Risk] == [12, 6, 3, 1]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("visit = ", "not valid TOML"),
        ("visit = 3", "visit in the policy must be a table"),
        ("[visit]\na = { value = 3 }", "visit.a in the policy lacks confirmed, date, source"),
    ],
)
def test_a_broken_policy_names_the_place(text: str, words: str) -> None:
    with pytest.raises(PolicyError, match=words):
        read_policy(text)


def test_a_missing_key_and_a_wrong_kind_are_named() -> None:
    policy = read_policy('[duty]\nday_start = { value = "half eight", source = "x", date = 2026-01-01, confirmed = false }')
    with pytest.raises(PolicyError, match=r"no value visit\.minutes\.access"):
        policy.number("visit.minutes.access")
    with pytest.raises(PolicyError, match=r"duty\.day_start in the policy must be a time"):
        policy.clock_time("duty.day_start")
    with pytest.raises(PolicyError, match=r"duty\.day_start in the policy must be a number"):
        policy.number("duty.day_start")


def test_abbreviations_are_written_as_the_field_writes_them() -> None:
    assert title_of("visit.minutes.arms") == ("Visit, minutes", "ARMS")
    assert title_of("deadline.visor_entry_days") == ("Deadline", "ViSOR entry days")
    assert title_of("visit.interval_months.very_high") == ("Visit, interval months", "Very high")
