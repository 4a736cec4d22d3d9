"""What a new workspace holds before anybody works in it."""

from __future__ import annotations

from sqlalchemy import Connection, insert

import mosovo_planner
from mosovo_planner.store import tables
from mosovo_planner.store.migrations import schema
from mosovo_planner.store.parts.part import now
from mosovo_planner.store.parts.rules import default_policy
from mosovo_planner.store.record.chain import Actor
from mosovo_planner.store.unit import Unit


def begin(connection: Connection, actor: Actor, workspace_id: str, signing_key: str, verifier: str) -> None:
    """Make the tables, the first account and the policy, and begin the record of use."""
    schema.upgrade(connection)
    about = {"id": workspace_id, "created_at": now(), "created_by": actor.user, "app_version": mosovo_planner.__version__}
    connection.execute(insert(tables.about), [about])
    unit = Unit(connection, actor)
    unit.add_account(actor.user, actor.role, signing_key, verifier)
    unit.save_policy(default_policy(), "The policy that the program brings along")
    unit.seal()
