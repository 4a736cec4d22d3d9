"""The force's policy: looked at, changed with reason, and what a change would do before it is made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from mosovo_planner.domain.clock_engine import UnsetRule, unset_rules
from mosovo_planner.domain.clock_table import ClockTable, read_clock_table
from mosovo_planner.domain.impact import PolicyImpact, policy_impact
from mosovo_planner.domain.policy import Policy, PolicyError, PolicyValue
from mosovo_planner.domain.policy_text import check_policy, policy_toml, read_policy_file
from mosovo_planner.domain.progress import Progress, Reporter, silent
from mosovo_planner.domain.record import Operation
from mosovo_planner.domain.roles import Permission
from mosovo_planner.exchange.tables import write_whole
from mosovo_planner.office.session import Session
from mosovo_planner.store.base.errors import StaleRecord
from mosovo_planner.store.base.records import ClockTableVersion, PolicyVersion
from mosovo_planner.store.parts.rules import default_policy


@dataclass(frozen=True)
class PolicyView:
    """The policy in force and the table of clocks, every version of both, and the rules nobody has set."""

    policy: Policy
    default: Policy
    table: ClockTable
    table_text: str
    versions: tuple[PolicyVersion, ...]
    table_versions: tuple[ClockTableVersion, ...]
    unset: tuple[UnsetRule, ...]


def view_policy(session: Session) -> PolicyView:
    """Everything about the rules in force. No personal data is in it."""
    with session.unit(Permission.VIEW) as unit:
        policy, table = unit.policy(), unit.clock_table()
        return PolicyView(
            policy,
            default_policy(),
            table,
            unit.clock_table_text(),
            unit.policy_versions(),
            unit.clock_table_versions(),
            unset_rules(table, policy),
        )


CLOCK_TABLE = "table of clocks and events"
"""By which name the table's text stands among the rules that two people may change at a time."""


def rules_of(view: PolicyView) -> dict[str, PolicyValue | str]:
    """Every rule in force by its name, the table of clocks as one text."""
    return {**view.policy.values, CLOCK_TABLE: view.table_text}


def save_rules(session: Session, stored: PolicyView, rules: Mapping[str, Any], reason: str) -> None:
    """Put rules in force that were put together of two people's changes; raises as :func:`save_policy`."""
    values = {name: value for name, value in rules.items() if name != CLOCK_TABLE}
    text = None if rules[CLOCK_TABLE] == stored.table_text else str(rules[CLOCK_TABLE])
    save_policy(session, stored.policy, Policy(values), reason, text, stored.table_text)


def preview_policy(
    session: Session, policy: Policy, as_of: date, table_text: str | None = None, report: Reporter = silent
) -> PolicyImpact:
    """What a changed policy (and table of clocks) would do to the due dates of everybody, before it is made.

    Raises:
        PolicyError: the policy or the table cannot be used.
    """
    check_policy(policy, default_policy())
    after = read_clock_table(table_text) if table_text is not None else None
    report(Progress("Reading the caseload", 0.0))
    with session.unit(Permission.VIEW) as unit:
        people, facts, before, table = unit.caseload().offenders, unit.facts(), unit.policy(), unit.clock_table()
        unit.record(Operation.CONSULTATION, "caseload", count=len(people), reason="what a change of policy would do")
    report(Progress("Comparing due dates", 0.3))
    return policy_impact(before, policy, people, facts, table, as_of, after)


def save_policy(
    session: Session, read: Policy, policy: Policy, reason: str, table_text: str | None = None, read_table: str | None = None
) -> None:
    """Put a changed policy in force; it becomes a version of its own, with who changed it and why.

    ``read`` is the policy the change began from, ``read_table`` the text of the table of clocks.

    Raises:
        PolicyError: no reason was given, or it cannot be used; nothing was saved.
        StaleRecord: somebody else changed it meanwhile; nothing was saved.
    """
    if not reason.strip():
        raise PolicyError("A change of policy needs its reason; a line is enough.")
    check_policy(policy, default_policy())
    if table_text is not None:
        read_clock_table(table_text)
    with session.unit(Permission.APPROVE) as unit:
        if unit.policy() != read or (table_text is not None and read_table not in (None, unit.clock_table_text())):
            raise StaleRecord("policy", ())
        unit.save_policy(policy, reason.strip())
        if table_text is not None:
            unit.save_clock_table(table_text, reason.strip())


def write_policy(session: Session, policy: Policy, path: Path) -> None:
    """Write the policy as a TOML file, whole or not at all. No personal data is in it."""
    session.require(Permission.VIEW)
    text = policy_toml(policy)
    write_whole(path, lambda target: _write(target, text))


def read_policy_from(session: Session, path: Path) -> Policy:
    """Read a policy file that somebody edited; it is not in force before it is saved.

    Raises:
        PolicyError: it is no policy the program can use; the message names the key and the cure.
    """
    session.require(Permission.VIEW)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise PolicyError("The policy file is not UTF-8 text. Save it as UTF-8.") from None
    return read_policy_file(text, default_policy())


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
