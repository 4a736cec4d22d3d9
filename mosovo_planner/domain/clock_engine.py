"""All clocks of an offender from the table, and the rules for which the force has set no number."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase

from mosovo_planner.domain.clock_strategies import STRATEGIES, applies
from mosovo_planner.domain.clock_table import ClockTable
from mosovo_planner.domain.clocks import Case, Clock
from mosovo_planner.domain.facts import Facts, facts_of
from mosovo_planner.domain.people import Offender
from mosovo_planner.domain.policy import Policy
from mosovo_planner.domain.reckoning import Context
from mosovo_planner.domain.visits import Visit


@dataclass(frozen=True, slots=True)
class UnsetRule:
    """A rule that gives no date because the force has not said its number: the key to set, and what is known of it."""

    kind: str
    label: str
    key: str
    source: str


def clocks_of(offender: Offender, facts: Facts, policy: Policy, table: ClockTable, as_of: date) -> tuple[Clock, ...]:
    """Every clock that the table gives this offender on a day: the visit clock first, then by due date."""
    context = Context(offender, facts, policy, table, as_of)
    found = [clock for rule in table.rules if applies(rule, context) for clock in STRATEGIES[rule.strategy](rule, context)]
    return tuple(sorted(found, key=lambda clock: (clock.kind != "visit", clock.due, clock.kind, clock.subject)))


def full_case(
    offender: Offender, facts: Facts, policy: Policy, table: ClockTable, as_of: date, visits: Iterable[Visit] = ()
) -> Case:
    """The offender with all clocks; what the offender's own record and ``visits`` tell is added to ``facts``."""
    known = facts_of(offender, facts, visits, as_of)
    return Case(offender, clocks_of(offender, known, policy, table, as_of), as_of)


def unset_rules(table: ClockTable, policy: Policy) -> tuple[UnsetRule, ...]:
    """The clocks that cannot run until somebody sets their number, one line a key."""
    return tuple(
        UnsetRule(rule.kind, rule.label, key, policy.values[key].source if key in policy.values else rule.source)
        for rule in table.rules
        if rule.policy
        for key in _keys(rule.policy, policy)
        if not policy.is_set(key)
    )


def _keys(pattern: str, policy: Policy) -> list[str]:
    if "{" not in pattern:
        return [pattern]
    wanted = pattern.replace("{mappa_level}", "*").replace("{risk}", "*")
    return sorted(key for key in policy.values if fnmatchcase(key, wanted)) or [pattern]
