"""Reactive management: who may be considered for it, who approved it, and what takes a case out of it (rules 8 and 9)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from mosovo_planner.domain.clock_table import ClockTable
from mosovo_planner.domain.clocks import in_words
from mosovo_planner.domain.dates import add_months
from mosovo_planner.domain.errors import UserError
from mosovo_planner.domain.facts import Event, Facts, ReactiveApproval
from mosovo_planner.domain.people import Offender, Risk
from mosovo_planner.domain.policy import Policy


class NotEligible(UserError):
    """The case does not fulfil what policy asks of reactive management; the message says what."""


@dataclass(frozen=True, slots=True)
class Reactive:
    """How a case is managed. ``trigger`` is the event that took it out of reactive management."""

    reactive: bool
    approval: ReactiveApproval | None = None
    trigger: Event | None = None


def reactive_state(facts: Facts, table: ClockTable) -> Reactive:
    """Active, reactive, or reopened by the first trigger since the approval or since the last review of it."""
    if facts.reactive is None:
        return Reactive(reactive=False)
    reviewed = [event.on for event in facts.of(["reactive_review"]) if event.on >= facts.reactive.on]
    kept_at = max(reviewed, default=None)
    trigger = next(
        (
            event
            for event in facts.of(triggers(table))
            if event.on >= facts.reactive.on and (kept_at is None or event.on > kept_at)
        ),
        None,
    )
    return Reactive(trigger is None, facts.reactive, trigger)


def triggers(table: ClockTable) -> tuple[str, ...]:
    """The kinds of event that reopen a case."""
    return tuple(event.kind for event in table.events.values() if event.reopens)


def reactive_objections(offender: Offender, facts: Facts, policy: Policy, table: ClockTable, as_of: date) -> tuple[str, ...]:
    """What stands against reactive management, in words; empty where a supervisor may approve it.

    Sources: low risk for at least three years (press report, 2017); not recently come to notice (HMICFRS glossary).
    """
    found = []
    months = policy.whole("reactive.low_for_months")
    since = facts.low_since()
    if offender.risk is not Risk.LOW:
        found.append("The risk level is not low.")
    elif since is None:
        found.append("No history of the risk level is held, so nothing shows how long it has been low.")
    elif (free := add_months(since, months)) > as_of:
        found.append(f"The risk has been low since {in_words(since)}; {months} months are over on {in_words(free)}.")
    recent = add_months(as_of, -policy.whole("reactive.no_intelligence_months"))
    known = [event for event in facts.of(triggers(table)) if recent < event.on <= as_of]
    if known:
        found.append(f"{table.label(known[-1].kind)} on {in_words(known[-1].on)}.")
    return tuple(found)


def approve_reactive(
    offender: Offender, facts: Facts, policy: Policy, table: ClockTable, *, by: str, on: date
) -> ReactiveApproval:
    """A supervisor's approval.

    Raises:
        NotEligible: something stands against it.
    """
    objections = reactive_objections(offender, facts, policy, table, on)
    if objections:
        raise NotEligible(" ".join(objections))
    if not by or by == offender.manager:
        raise NotEligible("Reactive management is approved by a supervisor, not by the case's own manager.")
    return ReactiveApproval(on, by)
