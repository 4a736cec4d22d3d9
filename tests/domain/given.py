"""What the tests of the rules start from: the policy and the table as shipped, and short ways to change them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from mosovo_planner.domain.clock_engine import clocks_of
from mosovo_planner.domain.clock_table import ClockTable, read_clock_table
from mosovo_planner.domain.clocks import Clock
from mosovo_planner.domain.facts import Event, Facts, facts_of
from mosovo_planner.domain.people import Offender, Risk
from mosovo_planner.domain.policy import Policy, Setting, read_policy
from mosovo_planner.domain.visits import Outcome, Visit
from mosovo_planner.resources import resource

POLICY: Policy = read_policy(resource("policy/default.toml").read_text(encoding="utf-8"))
TABLE_TEXT = resource("policy/clocks.toml").read_text(encoding="utf-8")
TABLE: ClockTable = read_clock_table(TABLE_TEXT)
AS_OF = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 20)
HIM = Offender(ref="INV-1", risk=Risk.MEDIUM, last_seen=date(2026, 9, 1), manager="OM1")


def policy_with(**values: Setting) -> Policy:
    """The shipped policy with other values; ``__`` in a name stands for the dot."""
    changed = {name.replace("__", "."): value for name, value in values.items()}
    return Policy({**POLICY.values, **{key: replace(POLICY.values[key], value=value) for key, value in changed.items()}})


def clocks(
    facts: Facts, kind: str, offender: Offender = HIM, policy: Policy = POLICY, table: ClockTable = TABLE, as_of: date = AS_OF
) -> list[Clock]:
    """The clocks of one kind that the table gives."""
    known = facts_of(offender, facts, as_of=as_of)
    return [clock for clock in clocks_of(offender, known, policy, table, as_of) if clock.kind == kind]


def clock(facts: Facts, kind: str, offender: Offender = HIM, policy: Policy = POLICY, as_of: date = AS_OF) -> Clock:
    """The only clock of a kind."""
    (found,) = clocks(facts, kind, offender, policy, as_of=as_of)
    return found


def events(*pairs: tuple[str, date]) -> Facts:
    return Facts(events=tuple(Event(kind, on) for kind, on in pairs))


def visit(at: datetime, outcome: Outcome = Outcome.SEEN, **more: object) -> Visit:
    """A paired, unannounced visit of the invented offender."""
    made = Visit(id=f"V{at:%Y%m%d%H%M}", ref="INV-1", at=at, officers=("OM1", "OM2"), outcome=outcome)
    return replace(made, **more)  # type: ignore[arg-type]
