"""Somebody else at the same workspace, without the minute that a second window would take."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from mosovo_planner.domain.roles import Role
from mosovo_planner.office.session import Session
from mosovo_planner.store.workspace import Workspace

SERVERS: dict[str, Callable[[str, Role, str], Session]] = {}
"""How somebody signs in to a prepared database of the tests, by its address."""


def signed_in_as(session: Session, user: str, role: Role, team: str = "") -> Session:
    """Another account of the workspace that is open, without a key to sign with; on a server with a login of his own."""
    if session.workspace.location in SERVERS:
        return SERVERS[session.workspace.location](user, role, team)
    inside = session.workspace.insides
    with session.workspace.transaction() as unit:
        account = unit.user(user) or unit.add_account(user, role, team=team)
    actor = replace(inside.actor, user=user, role=role, team=team, signing=None)
    return Session(Workspace(inside.place, inside.engine, account, actor))
