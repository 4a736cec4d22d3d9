"""Events that follow from plans, assessments and notifications, entered with them so that their clocks run from them.

The one mechanism: whoever saves such a record adds its events in the same transaction, as if somebody had entered them
on the file. So clocks, figures and the file itself see them the same way, and nothing is worked out twice.
"""

from __future__ import annotations

from collections.abc import Iterable

from mosovo_planner.domain.facts import Event
from mosovo_planner.store.unit import Unit


def add_events(unit: Unit, ref: str, events: Iterable[Event], reason: str) -> None:
    """Enter events that are not on the file already."""
    wanted = dict.fromkeys(events)
    held = {kept.fact for kept in unit.kept_facts(ref) if isinstance(kept.fact, Event)} if wanted else set()
    unit.add_facts(((ref, event) for event in wanted if event not in held), reason)


def exchange_events(unit: Unit, ref: str, before: Iterable[Event], after: Iterable[Event], reason: str) -> None:
    """Take out the events that followed from a record as it was, and enter those that follow from it as it is now.

    An event that somebody put right or took out by hand meanwhile is left alone.
    """
    old, new = dict.fromkeys(before), dict.fromkeys(after)
    for event in old:
        if event not in new:
            kept = next((each for each in unit.kept_facts(ref) if each.fact == event), None)
            if kept is not None:
                unit.remove_fact(kept, reason)
    add_events(unit, ref, (event for event in new if event not in old), reason)
