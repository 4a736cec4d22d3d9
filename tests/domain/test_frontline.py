"""What a frontline officer is told, and what he is not. All people are invented."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from mosovo_planner.domain.facts import Condition, Facts, Order
from mosovo_planner.domain.frontline import FrontlineAnswer, answer_lines, frontline_answer
from mosovo_planner.domain.people import Absence, Offender, OffenderManager, Risk, Sex, Status
from mosovo_planner.domain.policy import Policy
from tests.domain.given import AS_OF, POLICY, policy_with

MANAGER = OffenderManager(id="OM01", name="DC Sample", base="Melksham", reach="ext 1234", sex=Sex.FEMALE)
HIM = Offender(
    ref="INV-1", surname="TESTER", forenames="Alan", date_of_birth=date(1971, 3, 9), risk=Risk.VERY_HIGH, manager="OM01",
    supervisor="DS02", address="1 Sample Street", postcode="ZZ1 1ZZ", markers=("Dog", "Not lone female", "not OM01"),
    orders="SHPO to 1 May 2029", notes="Something only his manager needs.",
)  # fmt: skip


def told(
    him: Offender = HIM, facts: Facts | None = None, policy: Policy = POLICY, who: OffenderManager = MANAGER
) -> FrontlineAnswer:
    return frontline_answer(him, facts or Facts(), [who], policy, AS_OF)


def test_he_is_managed_by_whom_and_how_to_reach_them() -> None:
    answer = told()
    assert (answer.standing, answer.manager) == ("He is managed by this team.", "DC Sample")
    assert answer.reach == ("ext 1234", "Base: Melksham", "Supervisor: DS02")
    assert answer.born == date(1971, 3, 9)


def test_neither_risk_nor_address_nor_notes_are_told_unless_policy_says_so() -> None:
    words = str(told())
    assert not any(each in words for each in ("Very high", "Sample Street", "ZZ1", "only his manager"))
    more = told(policy=policy_with(answer__show_risk="yes", answer__show_address="yes"))
    assert (more.risk, more.address) == ("Very high", "1 Sample Street, ZZ1 1ZZ")
    assert "only his manager" not in str(more)


def test_what_keeps_an_officer_safe_comes_from_the_markers() -> None:
    assert told().safety == ("Dog", "At least one male officer", "Not to be met by DC Sample")


def test_orders_in_force_with_their_conditions() -> None:
    over = Condition("No internet", date(2026, 1, 1))
    orders = (
        Order("SHPO", date(2024, 5, 2), None, (Condition("No contact with children"), over)),
        Order("SRO", date(2020, 1, 1), date(2022, 1, 1)),
    )
    assert told(facts=Facts(orders=orders)).orders == (
        "SHPO to 1 May 2029", "SHPO, until further order", "SHPO: No contact with children",
    )  # fmt: skip


def test_one_who_is_missing_or_should_be_in_custody_is_urgent_news() -> None:
    missing = told(replace(HIM, status=Status.MISSING))
    assert missing.urgent
    assert "whereabouts are not known" in missing.standing
    assert "held to be in custody" in told(replace(HIM, status=Status.CUSTODY)).standing


def test_a_manager_on_leave_and_ways_out_of_hours() -> None:
    away = replace(MANAGER, reach="", base="", absences=(Absence(AS_OF, date(2026, 12, 3)),))
    policy = policy_with(answer__contact_out_of_hours="Control room")
    reach = told(policy=policy, who=away).reach
    assert reach == (
        "Away until 3 Dec 2026: reach the supervisor.", "Supervisor: DS02", "Out of hours: Control room",
    )  # fmt: skip


def test_a_case_without_manager_and_without_anything_entered_says_so() -> None:
    alone = told(replace(HIM, manager=None, supervisor="", orders=""))
    assert "not allocated" in alone.manager
    assert "Ask the control room" in alone.reach[0]
    assert alone.orders == ()


def test_what_to_do_is_the_policys_own_text() -> None:
    assert told(policy=policy_with(answer__on_meeting="One.|Two.| ")).to_do == ("One.", "Two.")
    assert any("child at risk" in each for each in told().to_do)


def test_the_answer_is_read_out_line_by_line() -> None:
    lines = answer_lines(told())
    assert lines[0] == "TESTER, Alan (INV-1), born 9 Mar 1971. He is managed by this team."
    assert {"Offender manager: DC Sample", "For your safety: Dog", "Order: SHPO to 1 May 2029"} <= set(lines)
    assert not any("Risk level" in line or "Address" in line for line in lines)
