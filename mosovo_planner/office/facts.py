"""Entering the facts that clocks run from: events, stays, orders, trips, sentence, and what a supervisor decides on them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from datetime import date

from mosovo_planner.domain.errors import UserError
from mosovo_planner.domain.facts import Event, Facts, Order, ReactiveApproval, Stay, Trip
from mosovo_planner.domain.guard import refuse_financial_data
from mosovo_planner.domain.kept import SINGLE, Fact, Kept
from mosovo_planner.domain.reactive import approve_reactive
from mosovo_planner.domain.roles import Permission
from mosovo_planner.domain.sentences import ConfirmedEnd, Sentence, too_young
from mosovo_planner.office.caseload import NoSuchOffender
from mosovo_planner.office.session import Session


class FactRefused(UserError):
    """A fact cannot be entered as it is; the message names the cure."""


def fact_problems(fact: Fact) -> tuple[str, ...]:
    """What cannot be so, in words; empty where the fact can be entered."""
    match fact:
        case Event() if fact.ended is not None and fact.ended < fact.on:
            return ("It ends before it begins. Check the dates.",)
        case Stay() if fact.end is not None and fact.end < fact.start:
            return ("It ends before it begins. Check the dates.",)
        case Trip() if fact.back is not None and fact.back < fact.depart:
            return ("He is back before he left. Check the dates.",)
        case Order() if not fact.kind.strip():
            return ("Say which order it is, such as SHPO.",)
        case Order() if any(end is not None and end < fact.start for end in (fact.end, fact.discharged)):
            return ("The order ends before it begins. Check the dates.",)
        case Order() if any(not each.name.strip() for each in fact.conditions):
            return ("A condition has no words. Name it, or take it out.",)
    return ()


def enter_fact(session: Session, ref: str, fact: Fact, *, instead_of: Kept[Fact] | None = None, reason: str = "") -> None:
    """Enter a fact, or put it right where it was entered wrongly (``instead_of``).

    Raises:
        FactRefused: it cannot be so, or it is a decision that :func:`confirm_end` or :func:`decide_reactive` takes.
        FinancialDataRefused: a text looks like it holds a card or account number.
        StaleRecord: somebody else changed it meanwhile.
    """
    if isinstance(fact, ConfirmedEnd | ReactiveApproval):
        raise FactRefused("That is a supervisor's decision; take it on the offender's file.")
    if wrong := fact_problems(fact):
        raise FactRefused(" ".join(wrong))
    refuse_financial_data(dict(_texts(fact)))
    with session.unit(Permission.RECORD) as unit:
        offender = unit.offender(ref)
        if offender is None:
            raise NoSuchOffender("No offender of that reference is on the caseload; it may have been erased meanwhile.")
        if isinstance(fact, Sentence) and too_young(fact, offender.date_of_birth):
            raise FactRefused("He would have been under ten at the sentence. Check its date, and his date of birth.")
        if instead_of is not None:
            unit.change_fact(instead_of, fact, reason)
        elif isinstance(fact, SINGLE):
            unit.set_fact(ref, fact, reason)
        else:
            unit.add_fact(ref, fact, reason)


def take_out_fact(session: Session, kept: Kept[Fact], reason: str) -> None:
    """Take a fact out that was entered wrongly; a supervisor's decisions only by who may approve."""
    decision = isinstance(kept.fact, ConfirmedEnd | ReactiveApproval)
    with session.unit(Permission.APPROVE if decision else Permission.RECORD) as unit:
        unit.remove_fact(kept, reason)


def confirm_end(session: Session, ref: str, last_day: date | None, on: date, reason: str = "") -> None:
    """A named person confirms when the notification requirements end (None: indefinite), practice rule 16."""
    with session.unit(Permission.APPROVE) as unit:
        unit.set_fact(ref, ConfirmedEnd(last_day, session.user, on), reason)


def decide_reactive(session: Session, ref: str, on: date, reason: str = "") -> None:
    """A supervisor approves reactive management (practice rule 8).

    Raises:
        NotEligible: something stands against it; the message says what.
    """
    with session.unit(Permission.APPROVE) as unit:
        offender = unit.offender(ref)
        if offender is None:
            raise NoSuchOffender("No offender of that reference is on the caseload; it may have been erased meanwhile.")
        facts = unit.facts([ref]).get(ref, Facts())
        approval = approve_reactive(offender, facts, unit.policy(), unit.clock_table(), by=session.user, on=on)
        unit.set_fact(ref, approval, reason)


def _texts(fact: Fact) -> Iterator[tuple[str, str]]:
    for each in fields(fact):
        value = getattr(fact, each.name)
        if isinstance(value, str):
            yield each.name.replace("_", " ").capitalize(), value
    if isinstance(fact, Order):
        yield from ((f"Condition {place}", each.name) for place, each in enumerate(fact.conditions, start=1))
