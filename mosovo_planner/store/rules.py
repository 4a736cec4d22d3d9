"""The force's policy, every version of it, and how its trackers are read."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from sqlalchemy import delete, func, insert, select
from sqlalchemy.exc import IntegrityError

from mosovo_planner.domain.policy import Policy, PolicyValue, read_policy
from mosovo_planner.domain.record import Operation
from mosovo_planner.resources import resource
from mosovo_planner.store import tables
from mosovo_planner.store.documents import decode, dumps, encode
from mosovo_planner.store.errors import StaleRecord
from mosovo_planner.store.part import Part, check_storable, now
from mosovo_planner.store.records import PolicyVersion, StoredProfile


class RulesPart(Part):
    """Policy and import profiles of a unit of work."""

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
        newest = self._connection.execute(select(func.max(tables.policy.c.number))).scalar() or 0
        if not keys and newest:
            return
        row = {"number": newest + 1, "at": now(), "by": self._actor.user, "reason": reason, "body": dumps(encode(policy.values))}
        check_storable("policy", row)
        try:
            self._connection.execute(insert(tables.policy), [row])
        except IntegrityError:
            raise StaleRecord("policy", ()) from None
        self._log.note(Operation.ALTERATION, "policy", keys, reason=reason)

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


@cache
def default_policy() -> Policy:
    """The policy that a new workspace starts with."""
    return read_policy(resource("policy/default.toml").read_text(encoding="utf-8"))


def _with_defaults(body: str) -> Policy:
    stored: dict[str, Any] = json.loads(body)
    return Policy({**default_policy().values, **{key: decode(PolicyValue, value) for key, value in stored.items()}})
