"""What an incident does to a case: the visit it brings forward, the event it is entered as, and how long a match may wait.

All of it is the force's policy (``incident.…``). A match of a log with a person changes nothing until somebody judged it,
or, where the force wants that, as soon as it is sure; the case is never merged with the log.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from mosovo_planner.domain.clock_table import ClockTable, EventKind
from mosovo_planner.domain.clocks import Clock, in_words
from mosovo_planner.domain.facts import Event, Facts
from mosovo_planner.domain.policy import Policy, PolicyError

_DAYS = "incident.visit_days."
ON_JUDGEMENT, WHEN_SURE = "judged", "sure"


def visit_brought_forward(clock: Clock, facts: Facts, policy: Policy, table: ClockTable) -> Clock:
    """The visit clock, due earlier where something happened since he was last seen.

    ``incident.visit_days.KIND`` gives the days from an event of that kind to the visit; without a value the event
    brings nothing forward. A success on the day of the event or later answers it (rule 1).
    """
    seen = facts.latest(["visit_seen"])
    found: list[tuple[Event, int]] = []
    for kind, days in bringing_forward(policy):
        found += [(event, days) for event in facts.of([kind]) if seen is None or event.on > seen.on]
    if not found:
        return clock
    event, days = min(found, key=lambda each: (each[0].on + timedelta(days=each[1]), each[0].kind))
    due = event.on + timedelta(days=days)
    if due >= clock.due:
        return clock
    words = f"Brought forward: {table.label(event.kind).lower()} on {in_words(event.on)} + {days} day{'' if days == 1 else 's'}."
    return replace(clock, due=due, why=f"{clock.why} {words}")


def bringing_forward(policy: Policy) -> tuple[tuple[str, int], ...]:
    """The kinds of event that bring a visit forward, each with the days it leaves."""
    return policy.once(_bringing_forward)


def _bringing_forward(policy: Policy) -> tuple[tuple[str, int], ...]:
    keys = [key for key in policy.values if key.startswith(_DAYS) and policy.is_set(key)]
    return tuple((key.removeprefix(_DAYS), policy.whole(key)) for key in keys)


def acts_when_sure(policy: Policy) -> bool:
    """Whether a sure match has its effect before anybody judged it.

    Raises:
        PolicyError: ``incident.act_on`` is neither ``judged`` nor ``sure``.
    """
    chosen = policy.text("incident.act_on")
    if chosen not in (ON_JUDGEMENT, WHEN_SURE):
        raise PolicyError(f"incident.act_on in the policy must be {ON_JUDGEMENT} or {WHEN_SURE}, not {chosen!r}.")
    return chosen == WHEN_SURE


def incident_events(policy: Policy, table: ClockTable) -> tuple[EventKind, ...]:
    """The kinds of event that a match can be entered as (``incident.events``); what the table lacks is left out."""
    kinds = (each.strip() for each in policy.text("incident.events").split(","))
    return tuple(table.events[kind] for kind in kinds if kind in table.events)


def effect_words(kind: str, policy: Policy, table: ClockTable) -> str:
    """What entering an event of this kind does, in words for whoever judges."""
    key = _DAYS + kind
    words = []
    if policy.is_set(key):
        days = policy.whole(key)
        words.append(f"the visit is due within {days} day{'' if days == 1 else 's'} of it, unless he is seen after it")
    if kind in table.events and table.events[kind].reopens:
        words.append("reactive management is reopened")
    return f"{'; '.join(words).capitalize()}." if words else "Entered in the history; no due date changes."


def waiting_hours(since: datetime, now: datetime) -> int:
    """Whole hours that a match has waited for its manager; both in local time."""
    return max(0, int((now - since).total_seconds() // 3600))


def waited_too_long(hours: int, policy: Policy) -> bool:
    limit = policy.maybe("incident.acknowledge_hours")
    return limit is not None and hours > limit
