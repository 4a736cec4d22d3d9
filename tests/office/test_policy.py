"""The force's rules: changed with reason, previewed, kept as versions, written and read as a file. All people are invented."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from unittest.mock import PropertyMock, patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mosovo_planner.domain.errors import NotPermitted
from mosovo_planner.domain.facts import Event
from mosovo_planner.domain.policy import Policy, PolicyError, read_policy
from mosovo_planner.domain.policy_text import check_policy, policy_toml, typed, words_of
from mosovo_planner.domain.roles import Role
from mosovo_planner.office.caseload import view_caseload, view_offender
from mosovo_planner.office.editing import StaleRecord
from mosovo_planner.office.facts import enter_fact
from mosovo_planner.office.policy import preview_policy, read_policy_from, save_policy, view_policy, write_policy
from mosovo_planner.office.session import Session
from mosovo_planner.store.parts.rules import default_policy

AS_OF = date(2026, 11, 23)


def with_value(policy: Policy, key: str, value: object) -> Policy:
    return Policy({**policy.values, key: replace(policy.values[key], value=value, source="Force order 7", confirmed=True)})  # type: ignore[arg-type]


def test_a_change_says_what_it_would_do_before_it_is_made(team: Session) -> None:
    policy = view_policy(team).policy
    shorter = with_value(policy, "visit.interval_months.low", 3)
    impact = preview_policy(team, shorter, AS_OF)
    visits = next(kind for kind in impact.kinds if kind.kind == "visit")
    late = {case.offender.ref for case in view_caseload(team, AS_OF).cases if case.days_overdue}
    assert visits.become_overdue
    assert not late & set(visits.become_overdue)
    assert view_policy(team).policy == policy, "nothing is in force before it is saved"
    save_policy(team, policy, shorter, "Order 7 of the force")
    after = {case.offender.ref for case in view_caseload(team, AS_OF).cases if case.days_overdue}
    assert after == late | set(visits.become_overdue)


def test_each_change_is_a_version_with_who_and_why(team: Session) -> None:
    policy = view_policy(team).policy
    save_policy(team, policy, with_value(policy, "deadline.initial_visit_days", 15), "Confirmed by the superintendent")
    newest = view_policy(team).versions[-1]
    assert (newest.by, newest.reason) == ("sgt", "Confirmed by the superintendent")
    assert newest.policy.number("deadline.initial_visit_days") == 15
    assert not any(rule.key == "deadline.initial_visit_days" for rule in view_policy(team).unset)


def test_two_who_change_at_once_do_not_overwrite_each_other(team: Session) -> None:
    policy = view_policy(team).policy
    save_policy(team, policy, with_value(policy, "visit.interval_months.low", 10), "first")
    with pytest.raises(StaleRecord, match="The policy was changed by somebody else"):
        save_policy(team, policy, with_value(policy, "visit.interval_months.high", 2), "second")
    assert view_policy(team).policy.whole("visit.interval_months.high") == policy.whole("visit.interval_months.high")


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("door.warrant_prompt_attempts", 1, "2 or more"),
        ("visit.interval_months.low", -3, "0 or more"),
        ("visit.interval_months.low", "often", "is a number"),
        ("duty.day_start", "soon", "a time such as 08:30"),
        ("duty.working_days", "weekdays", "list of whole numbers"),
    ],
)
def test_rule_07_what_the_law_or_sense_forbids_is_refused(team: Session, key: str, value: object, words: str) -> None:
    policy = view_policy(team).policy
    with pytest.raises(PolicyError, match=words):
        save_policy(team, policy, with_value(policy, key, value), "a try")
    assert view_policy(team).policy == policy


def test_a_reason_is_needed_and_only_who_approves_may(team: Session) -> None:
    policy = view_policy(team).policy
    other = with_value(policy, "visit.interval_months.low", 10)
    with pytest.raises(PolicyError, match="reason"):
        save_policy(team, policy, other, " ")
    with patch.object(Session, "role", PropertyMock(return_value=Role.OFFENDER_MANAGER)), pytest.raises(NotPermitted):
        save_policy(team, policy, other, "mine")


def test_rule_29_a_new_kind_of_event_and_its_clock_need_no_code(team: Session) -> None:
    view = view_policy(team)
    text = view.table_text + (
        '\n[event.absence_notice]\nlabel = "Absence over five days notified"\n'
        '\n[clock.absence_check]\nlabel = "Check after an absence"\nstarts = ["absence_notice"]\n'
        'interval = "7 days"\nsource = "Invented Act 2027, s.1"\nlaw = true\nconfirmed = true\n'
    )
    save_policy(team, view.policy, view.policy, "Invented Act 2027 in force", text)
    enter_fact(team, "INV-1", Event("absence_notice", date(2026, 11, 20)))
    clock = next(each for each in view_offender(team, "INV-1", AS_OF).case.clocks if each.kind == "absence_check")
    assert (clock.due, clock.law, clock.source) == (date(2026, 11, 27), True, "Invented Act 2027, s.1")
    listed = next(each for each in view_caseload(team, AS_OF).cases if each.offender.ref == "INV-1")
    assert clock in listed.clocks
    assert view_policy(team).table_versions[-1].reason == "Invented Act 2027 in force"


def test_a_wrong_table_of_clocks_changes_nothing(team: Session) -> None:
    view = view_policy(team)
    with pytest.raises(PolicyError):
        save_policy(team, view.policy, with_value(view.policy, "visit.interval_months.low", 9), "x", "[clock.odd]\nlabel = 1")
    assert view_policy(team).policy == view.policy


def test_the_file_written_is_the_policy_read(team: Session, tmp_path: Path) -> None:
    policy = with_value(view_policy(team).policy, "visit.interval_months.low", 7)
    write_policy(team, policy, tmp_path / "policy.toml")
    assert read_policy_from(team, tmp_path / "policy.toml") == policy


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda text: text.replace("[print", "[prints"), "lacks"),
        (lambda text: text + '\n[more.key]\nvalue = 1\nsource = "x"\ndate = 2026-01-01\nconfirmed = true\n', "does not know"),
        (lambda text: text[: len(text) // 2] + "=", "TOML|lacks"),
        (lambda text: text.encode("utf-16").decode("latin-1"), "TOML"),
    ],
)
def test_a_wrong_file_is_refused_with_the_place(team: Session, tmp_path: Path, damage: object, words: str) -> None:
    path = tmp_path / "policy.toml"
    path.write_text(damage(policy_toml(default_policy())), encoding="utf-8")  # type: ignore[operator]
    with pytest.raises(PolicyError, match=words):
        read_policy_from(team, path)


@given(st.data())
def test_whatever_is_typed_is_taken_as_its_kind_or_refused_in_words(data: st.DataObject) -> None:
    known = default_policy()
    key = data.draw(st.sampled_from(sorted(known.values)))
    like = known.values[key].value
    numbers = st.floats(allow_nan=False, allow_infinity=False) | st.integers()
    text = data.draw(st.text(max_size=20) | numbers.map(str))
    try:
        value = typed(key, text, like)
    except PolicyError:
        return
    assert typed(key, words_of(value), like) == value


def test_the_default_is_a_policy_and_comes_back_from_its_text() -> None:
    check_policy(default_policy(), default_policy())
    assert read_policy(policy_toml(default_policy())) == default_policy()
