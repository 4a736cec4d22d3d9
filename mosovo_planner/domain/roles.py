"""What each role may do. In the embedded store this is a control of the interface (security, section 4)."""

from __future__ import annotations

from enum import StrEnum


class Permission(StrEnum):
    """``ASK`` is to ask who manages somebody, and to get the frontline answer: far less than ``VIEW``.

    ``RETENTION`` is to be one of the two people who decide on keeping or erasing a record.
    """

    VIEW = "view"
    RECORD = "record"
    IMPORT = "import"
    PLAN = "plan"
    APPROVE = "approve"
    PRINT = "print"
    KEEP_KEYS = "keep_keys"
    AUDIT = "audit"
    ASK = "ask"
    RETENTION = "retention"


class Role(StrEnum):
    OFFENDER_MANAGER = "offender_manager"
    SUPERVISOR = "supervisor"
    MANAGER = "manager"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"
    FRONTLINE = "frontline"

    @property
    def permissions(self) -> frozenset[Permission]:
        return _PERMISSIONS[self]


_PERMISSIONS = {
    Role.OFFENDER_MANAGER: frozenset(
        {Permission.VIEW, Permission.RECORD, Permission.PLAN, Permission.PRINT, Permission.ASK}
    ),
    Role.SUPERVISOR: frozenset(Permission),
    Role.MANAGER: frozenset({Permission.VIEW, Permission.PRINT, Permission.AUDIT, Permission.ASK, Permission.RETENTION}),
    Role.ADMINISTRATOR: frozenset({Permission.KEEP_KEYS}),
    Role.AUDITOR: frozenset({Permission.AUDIT}),
    Role.FRONTLINE: frozenset({Permission.ASK}),
}
