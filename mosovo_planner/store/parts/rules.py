"""The force's policy and table of clocks, every version of them, and how its trackers are read."""

from __future__ import annotations

import json
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import Table, delete, func, insert, select
from sqlalchemy.exc import IntegrityError

from mosovo_planner.domain.clock_table import ClockTable, read_clock_table
from mosovo_planner.domain.policy import Policy, PolicyValue, read_policy
from mosovo_planner.domain.record import Operation
from mosovo_planner.resources import resource
from mosovo_planner.store import tables
from mosovo_planner.store.base.documents import decode, dumps, encode
from mosovo_planner.store.base.errors import StaleRecord
from mosovo_planner.store.base.records import ClockTableVersion, PolicyVersion, StoredProfile
from mosovo_planner.store.parts.part import Part, check_storable, now


class RulesPart(Part):
    """Policy, table of clocks and import profiles of a unit of work."""

    def policy(self) -> Policy:
        """The policy in force. Values that a newer program asks for and nobody set yet are the default's."""
        newest = select(tables.policy.c.body).order_by(tables.policy.c.number.desc()).limit(1)
        body = self._connection.execute(newest).scalar()
        return _with_defaults(body) if body else default_policy()

    def policy_versions(self) -> tuple[PolicyVersion, ...]:
        """Every state the policy was in, oldest first, with who set it and why."""
        rows = self._connection.execute(select(tables.policy).order_by(tables.policy.c.number))
        return tuple(PolicyVersion(row.number, row.at, row.by, row.reason, _with_defaults(row.body)) for row in rows)

    def save_policy(self, policy: Policy, reason: str) -> None:
        """Put a changed policy in force; the entry names the changed keys.

        Raises:
            StaleRecord: another client set a policy at the same moment.
        """
        before = self.policy().values
        keys = sorted(key for key in before.keys() | policy.values.keys() if before.get(key) != policy.values.get(key))
        if not keys and self._connection.execute(select(func.max(tables.policy.c.number))).scalar():
            return
        self._next_version(tables.policy, "policy", dumps(encode(policy.values)), reason)
        self._log.note(Operation.ALTERATION, "policy", keys, reason=reason)

    def clock_table(self) -> ClockTable:
        """The table of clocks and kinds of event in force: the newest kept, else the one that the program brings along."""
        return _read_clocks(self.clock_table_text())

    def clock_table_text(self) -> str:
        """The same as its TOML text."""
        newest = select(tables.clock_table.c.body).order_by(tables.clock_table.c.number.desc()).limit(1)
        return self._connection.execute(newest).scalar() or default_clock_table_text()

    def clock_table_versions(self) -> tuple[ClockTableVersion, ...]:
        """Every table that was put in force, oldest first, with who set it and why; empty while it is the program's own."""
        rows = self._connection.execute(select(tables.clock_table).order_by(tables.clock_table.c.number))
        return tuple(ClockTableVersion(row.number, row.at, row.by, row.reason, row.body) for row in rows)

    def save_clock_table(self, text: str, reason: str) -> ClockTable:
        """Put a changed table in force, given as TOML; the entry names the changed clocks and kinds of event.

        Raises:
            PolicyError: the text is no table of clocks; the message names the place. The old one stays in force.
            StaleRecord: another client set a table at the same moment.
        """
        before, after = self.clock_table(), read_clock_table(text)
        changed = {rule.kind for rule in {*before.rules} ^ {*after.rules}}
        changed |= {event.kind for event in {*before.events.values()} ^ {*after.events.values()}}
        if text != self.clock_table_text():
            self._next_version(tables.clock_table, "clock table", text, reason)
            self._log.note(Operation.ALTERATION, "clock table", sorted(changed), reason=reason)
        return after

    def _next_version(self, table: Table, word: str, body: str, reason: str) -> None:
        newest = self._connection.execute(select(func.max(table.c.number))).scalar() or 0
        row = {"number": newest + 1, "at": now(), "by": self._actor.user, "reason": reason, "body": body}
        check_storable(word, row)
        try:
            self._connection.execute(insert(table), [row])
        except IntegrityError:
            raise StaleRecord(word, ()) from None

    def profiles(self) -> tuple[StoredProfile, ...]:
        """How trackers are read, by name."""
        rows = self._connection.execute(select(tables.import_profile).order_by(tables.import_profile.c.name))
        return tuple(StoredProfile(row.name, row.body, row.at, row.by) for row in rows)

    def save_profile(self, name: str, body: str) -> None:
        """Keep a profile (JSON text from the exchange) under a name, instead of one of the same name."""
        row = {"name": name, "at": now(), "by": self._actor.user, "body": body}
        check_storable("profile", row)
        self._connection.execute(delete(tables.import_profile).where(tables.import_profile.c.name == name))
        self._connection.execute(insert(tables.import_profile), [row])
        self._log.note(Operation.ALTERATION, "import profile", count=0)


@lru_cache(maxsize=4)
def _read_clocks(text: str) -> ClockTable:
    return read_clock_table(text)


@cache
def default_clock_table_text() -> str:
    """The table of clocks that the program brings along."""
    return resource("policy/clocks.toml").read_text(encoding="utf-8")


@cache
def default_policy() -> Policy:
    """The policy that a new workspace starts with."""
    return read_policy(resource("policy/default.toml").read_text(encoding="utf-8"))


def _with_defaults(body: str) -> Policy:
    stored: dict[str, Any] = json.loads(body)
    return Policy({**default_policy().values, **{key: decode(PolicyValue, value) for key, value in stored.items()}})
