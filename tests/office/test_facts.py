"""Facts entered, put right and taken out; what a supervisor decides on them. All people are invented."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from unittest.mock import PropertyMock, patch

import pytest

from mosovo_planner.domain.errors import NotPermitted
from mosovo_planner.domain.facts import Condition, Event, NoFixedHome, Order, RiskSince, Stay, Trip
from mosovo_planner.domain.guard import FinancialDataRefused
from mosovo_planner.domain.kept import Fact
from mosovo_planner.domain.people import Risk, Status
from mosovo_planner.domain.reactive import NotEligible
from mosovo_planner.domain.roles import Permission, Role
from mosovo_planner.domain.sentences import ConfirmedEnd, Disposal, Sentence, Term
from mosovo_planner.office.caseload import view_caseload, view_offender
from mosovo_planner.office.facts import FactRefused, confirm_end, decide_reactive, enter_fact, take_out_fact
from mosovo_planner.office.session import Session

AS_OF = date(2026, 11, 23)


def kinds(session: Session, ref: str) -> list[str]:
    return [clock.kind for clock in view_offender(session, ref, AS_OF).case.clocks]


def enter(session: Session, ref: str, facts: Sequence[Fact]) -> None:
    for fact in facts:
        enter_fact(session, ref, fact)


def test_a_notification_gives_the_yearly_clock_everywhere(team: Session) -> None:
    enter_fact(team, "INV-1", Event("periodic_notification", date(2026, 2, 1)))
    assert "periodic_notification" in kinds(team, "INV-1")
    listed = next(case for case in view_caseload(team, AS_OF).cases if case.offender.ref == "INV-1")
    due = next(clock.due for clock in listed.clocks if clock.kind == "periodic_notification")
    assert due == date(2027, 2, 1)


def test_without_a_fixed_home_he_notifies_weekly_until_it_is_taken_back(team: Session) -> None:
    enter(team, "INV-1", [Event("periodic_notification", date(2026, 11, 20)), NoFixedHome(date(2026, 11, 1))])

    def due() -> date:
        clocks = view_offender(team, "INV-1", AS_OF).case.clocks
        return next(clock.due for clock in clocks if clock.kind == "periodic_notification")

    assert due() == date(2026, 11, 27)
    kept = next(each for each in view_offender(team, "INV-1", AS_OF).kept if isinstance(each.fact, NoFixedHome))
    take_out_fact(team, kept, "housed")
    assert due() == date(2027, 11, 20)


def test_a_fact_is_put_right_and_the_clock_follows(team: Session) -> None:
    enter_fact(team, "INV-1", Order("SHPO", date(2024, 5, 2), date(2029, 5, 1), (Condition("No devices", date(2027, 5, 1)),)))
    (kept,) = (each for each in view_offender(team, "INV-1", AS_OF).kept if isinstance(each.fact, Order))
    assert isinstance(kept.fact, Order)
    enter_fact(team, "INV-1", replace(kept.fact, end=date(2030, 5, 1)), instead_of=kept, reason="misread")
    clocks = view_offender(team, "INV-1", AS_OF).case.clocks
    assert {(clock.kind, clock.due) for clock in clocks} >= {
        ("order_end", date(2030, 5, 1)),
        ("order_end", date(2027, 5, 1)),
    }


@pytest.mark.parametrize(
    "wrong",
    [
        Event("intelligence", date(2026, 5, 2), ended=date(2026, 5, 1)),
        Stay(Status.CUSTODY, date(2026, 5, 2), date(2026, 5, 1)),
        Trip(date(2026, 5, 2), date(2026, 5, 1)),
        Order("", date(2026, 5, 2)),
        Order("SHPO", date(2026, 5, 2), date(2026, 5, 1)),
        Order("SHPO", date(2026, 5, 2), conditions=(Condition(" "),)),
        ConfirmedEnd(None, "OM01", AS_OF),
    ],
)
def test_what_cannot_be_so_is_refused_and_nothing_is_kept(team: Session, wrong: Fact) -> None:
    before = view_offender(team, "INV-1", AS_OF).kept
    with pytest.raises(FactRefused):
        enter_fact(team, "INV-1", wrong)
    assert view_offender(team, "INV-1", AS_OF).kept == before


def test_rule_27_a_card_number_in_a_condition_is_refused(team: Session) -> None:
    with pytest.raises(FinancialDataRefused, match="Condition 1"):
        enter_fact(team, "INV-1", Order("SHPO", AS_OF, conditions=(Condition("card 4111 1111 1111 1111"),)))


def test_rule_16_the_end_is_worked_out_and_a_named_person_confirms(team: Session) -> None:
    enter_fact(team, "INV-1", Sentence(date(2019, 5, 2), Disposal.IMPRISONMENT, Term(years=1)))
    assert "Worked out, not yet confirmed" in next(
        clock.why for clock in view_offender(team, "INV-1", AS_OF).case.clocks if clock.kind == "notification_end"
    )
    confirm_end(team, "INV-1", date(2029, 5, 1), AS_OF)
    why = next(clock.why for clock in view_offender(team, "INV-1", AS_OF).case.clocks if clock.kind == "notification_end")
    assert "Confirmed by sgt" in why


def test_rule_08_reactive_management_is_approved_where_nothing_stands_against_it_and_a_trigger_reopens(team: Session) -> None:
    low = next(case.offender for case in view_caseload(team, AS_OF).cases if case.offender.risk is Risk.LOW)
    with pytest.raises(NotEligible, match="low since"):
        decide_reactive(team, low.ref, AS_OF)
    enter_fact(team, low.ref, RiskSince(Risk.LOW, date(2020, 1, 1)))
    decide_reactive(team, low.ref, AS_OF)
    reactive = view_offender(team, low.ref, AS_OF).case
    assert reactive.visit.suspended
    enter_fact(team, low.ref, Event("intelligence", date(2026, 11, 23)))
    assert not view_offender(team, low.ref, AS_OF).case.visit.suspended


def test_an_offender_manager_enters_facts_and_decides_nothing(team: Session) -> None:
    with patch.object(Session, "role", PropertyMock(return_value=Role.OFFENDER_MANAGER)):
        enter_fact(team, "INV-1", Event("mappa_meeting", AS_OF))
        with pytest.raises(NotPermitted):
            confirm_end(team, "INV-1", None, AS_OF)
        with pytest.raises(NotPermitted):
            decide_reactive(team, "INV-1", AS_OF)


def test_what_was_entered_is_in_the_record_of_use(team: Session) -> None:
    enter_fact(team, "INV-1", Event("mappa_meeting", AS_OF))
    with team.unit(Permission.AUDIT) as unit:
        newest = unit.uses(1, ref="INV-1")[0]
    assert newest.actor == "sgt"
    assert "mappa" not in repr(newest), "names of fields, never contents"
