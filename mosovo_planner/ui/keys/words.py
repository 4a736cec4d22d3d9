"""Roles and states in words, and what each role may do."""

from __future__ import annotations

from mosovo_planner.domain.roles import Role

ROLES: dict[Role, tuple[str, str]] = {
    Role.OFFENDER_MANAGER: ("Offender manager", "sees the caseload, records visits and facts, plans, prints"),
    Role.SUPERVISOR: ("Supervisor", "everything, with approvals, users and keys and the record of use"),
    Role.MANAGER: ("Manager", "sees the caseload and figures, prints, reads the record of use; changes nothing"),
    Role.ADMINISTRATOR: ("Administrator", "users, keys and backups; nothing of the caseload"),
    Role.AUDITOR: ("Auditor", "the record of use; nothing of the caseload"),
    Role.FRONTLINE: ("Frontline officer", "asks who manages somebody, and gets that answer only"),
}


def role_name(role: Role) -> str:
    return ROLES[role][0]


def role_choices() -> list[tuple[str, object]]:
    return [(name, role) for role, (name, _what) in ROLES.items()]


def what_it_may(role: Role) -> str:
    return f"{ROLES[role][0]}: {ROLES[role][1]}."
