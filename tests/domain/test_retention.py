"""When a record is to be reviewed for whether it is still needed, and that two people decide."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from mosovo_planner.domain.clock_engine import full_case
from mosovo_planner.domain.facts import Facts
from mosovo_planner.domain.guard import FinancialDataRefused
from mosovo_planner.domain.outstanding import outstanding
from mosovo_planner.domain.people import Offender
from mosovo_planner.domain.retention import (
    Decision,
    Ground,
    LegalHold,
    Retention,
    RetentionGroup,
    RetentionRefused,
    RetentionReview,
    ReviewState,
    authorised,
    checked_review,
    lifted,
    returned,
)
from mosovo_planner.domain.sentences import ConfirmedEnd
from tests.domain.given import AS_OF, POLICY, TABLE, clocks, policy_with

HELD = date(2020, 5, 4)
NOON = datetime(2026, 11, 23, 12)
REVIEW = RetentionReview(
    id="r1", ref="INV-1", on=date(2026, 11, 20), group=RetentionGroup.PUBLIC_PROTECTION, decision=Decision.RETAIN,
    reason="Still notifies.", reviewer="DS One", at=NOON,
)  # fmt: skip
DONE = replace(REVIEW, state=ReviewState.AUTHORISED, authoriser="DI Two", authorised_at=NOON)
HIM = Offender(ref="INV-1")


def due(facts: Facts, offender: Offender = HIM, **policy: object) -> Any:
    found = clocks(facts, "retention_review", offender, policy_with(**policy))
    return found[0] if found else None


def test_the_first_review_is_due_ten_years_after_the_record_was_first_held_here() -> None:
    clock = due(Facts(retention=Retention(held_since=HELD)))
    assert clock.due == date(2030, 5, 4)
    assert "Held here since 4 May 2020" in clock.why
    assert not clock.law
    assert not clock.confirmed
    assert "confirm with your force" in clock.source


def test_an_authorised_review_starts_the_interval_of_its_group_anew() -> None:
    assert due(Facts(retention=Retention((DONE,), (), HELD))).due == date(2036, 11, 20)
    other = replace(DONE, group=RetentionGroup.OTHER)
    assert due(Facts(retention=Retention((other,), (), HELD))).due == date(2032, 11, 20)
    own = replace(DONE, next_due=date(2027, 2, 1))
    assert due(Facts(retention=Retention((own,), (), HELD))).due == date(2027, 2, 1)


def test_a_review_that_waits_or_was_returned_moves_nothing() -> None:
    waiting = due(Facts(retention=Retention((REVIEW,), (), HELD)))
    assert waiting.due == date(2030, 5, 4)
    assert "waits for a second person" in waiting.why
    assert due(Facts(retention=Retention((replace(REVIEW, state=ReviewState.RETURNED),), (), HELD))).due == date(2030, 5, 4)


def test_a_year_after_notification_ends_the_working_copy_is_reviewed_once() -> None:
    end = ConfirmedEnd(date(2025, 3, 1), "DI Two", date(2025, 1, 1))
    facts = Facts(retention=Retention(held_since=HELD), notification_end=end)
    assert due(facts).due == date(2026, 3, 1)
    assert "Notification ends 1 Mar 2025" in due(facts).why
    assert due(replace(facts, retention=Retention((DONE,), (), HELD))).due == date(2036, 11, 20)
    assert due(facts, retention__after_end_months="unset").due == date(2030, 5, 4)


def test_a_record_is_reviewed_when_its_person_is_a_hundred() -> None:
    old = Offender(ref="INV-1", date_of_birth=date(1927, 2, 3))
    assert due(Facts(retention=Retention(held_since=HELD)), old).due == date(2027, 2, 3)


def test_a_review_past_its_day_is_outstanding_as_a_kind_of_its_own() -> None:
    facts = Facts(retention=Retention(held_since=date(2010, 1, 1)))
    case = full_case(HIM, facts, POLICY, TABLE, AS_OF)
    (item,) = outstanding([case], POLICY, AS_OF, kinds=["retention_review"])
    assert (item.clock.label, item.clock.due) == ("Retention review", date(2020, 1, 1))


@pytest.mark.parametrize("who", ["DS One", "ds one ", "DS ONE"])
def test_nobody_authorises_his_own_review(who: str) -> None:
    with pytest.raises(RetentionRefused, match="Ask another supervisor"):
        authorised(REVIEW, who, NOON)
    assert authorised(REVIEW, "DI Two", NOON).state is ReviewState.AUTHORISED


def test_a_settled_review_stays_as_it_is() -> None:
    for settle in (lambda each: authorised(each, "DI Two", NOON), lambda each: returned(each, "DI Two", NOON, "why")):
        with pytest.raises(RetentionRefused, match="settled already"):
            settle(DONE)
    with pytest.raises(RetentionRefused, match="Say why"):
        returned(REVIEW, "DI Two", NOON, " ")


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"reason": " "}, "needs its reason"),
        ({"on": date(2026, 11, 24)}, "lies ahead"),
        ({"decision": Decision.DISPOSE}, "why the record is to be erased"),
        ({"ground": Ground.DIED}, "Only a disposal"),
        ({"next_due": date(2026, 11, 20)}, "after this one"),
        ({"criteria": ("shoe_size",)}, "not known"),
    ],
)
def test_a_review_that_cannot_be_so_is_refused(changed: dict[str, Any], words: str) -> None:
    with pytest.raises(RetentionRefused, match=words):
        checked_review(replace(REVIEW, **changed), AS_OF)


def test_no_bank_data_gets_in_by_a_reason() -> None:
    with pytest.raises(FinancialDataRefused):
        checked_review(replace(REVIEW, reason="paid with 4111 1111 1111 1111"), AS_OF)


def test_a_hold_is_lifted_once_and_with_a_reason() -> None:
    hold = LegalHold(id="h1", ref="INV-1", reason="Inquiry", set_by="DS One", set_at=NOON)
    assert Retention(holds=(hold,)).hold is hold
    with pytest.raises(RetentionRefused, match="needs its reason"):
        lifted(hold, "DI Two", NOON, "")
    over = lifted(hold, "DI Two", NOON, "Inquiry closed")
    assert Retention(holds=(over,)).hold is None
    with pytest.raises(RetentionRefused, match="already"):
        lifted(over, "DI Two", NOON, "again")
