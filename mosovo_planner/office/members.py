"""Who may use the workspace: let in, given a role, shut out; pass phrases and the recovery code."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from mosovo_planner.domain.errors import UserError
from mosovo_planner.domain.progress import Progress, Reporter, silent
from mosovo_planner.domain.record import Operation
from mosovo_planner.domain.roles import Permission, Role
from mosovo_planner.office.drafts import seal_anew
from mosovo_planner.office.session import Session
from mosovo_planner.store import members as store
from mosovo_planner.store.base.names import folded
from mosovo_planner.store.embedded.attempts import TooManyAttempts
from mosovo_planner.store.members import RecoveryCode
from mosovo_planner.store.parts.accounts import RECOVERY

__all__ = [
    "ON_SERVER", "KeysView", "Member", "MemberError", "RecoveryCode", "ShutOut", "TooManyAttempts", "change_own_passphrase",
    "give_role", "let_in", "must_change_passphrase", "new_recovery_code", "record_code_shown", "take_access", "view_members",
]  # fmt: skip


ON_SERVER = (
    "This workspace is on a server, where each person has a login. The server's administrator lets people in and shuts "
    "them out, gives roles, teams and passwords, by these commands: mosovo-planner server add-user, change-user, "
    "remove-user, password. No recovery code is needed there."
)


class MemberError(UserError):
    """Something about a user cannot be done as asked."""


@dataclass(frozen=True, slots=True)
class Member:
    """One user. ``first``: his pass phrase was given to him and he has not signed in with one of his own yet."""

    name: str
    role: Role
    active: bool
    created_at: datetime
    created_by: str
    team: str = ""
    login: str = ""
    first: bool = False
    recovery: bool = False

    @property
    def state(self) -> str:
        if not self.active:
            return "No access"
        return "First pass phrase" if self.first else "Active"


@dataclass(frozen=True, slots=True)
class KeysView:
    """Every user, those without access too, in order of name; ``on_server`` where logins are the server's."""

    members: tuple[Member, ...]
    on_server: bool
    user: str

    @property
    def has_recovery(self) -> bool:
        return any(each.recovery and each.active for each in self.members)


@dataclass(frozen=True, slots=True)
class ShutOut:
    """What shutting somebody out left: the backups that his pass phrase still opens, oldest first."""

    name: str
    backups: tuple[tuple[datetime, str, Path], ...]


def view_members(session: Session) -> KeysView:
    """Every user of the workspace. No personal data of the caseload is in it."""
    with session.unit(Permission.KEEP_KEYS) as unit:
        accounts = unit.users()
    first = store.first_passphrases(session.workspace)
    members = tuple(
        Member(
            each.name, each.role, each.active, each.created_at, each.created_by, each.team, each.login,
            first=folded(each.name) in first and each.active, recovery=each.name.startswith(RECOVERY),
        )
        for each in accounts
    )  # fmt: skip
    return KeysView(members, session.workspace.folder is None, session.user)


def let_in(session: Session, name: str, passphrase: str, role: Role) -> None:
    """Add a user with a first pass phrase, which he must change when he first signs in.

    Raises:
        MemberError: on a server, where its administrator does it.
        WorkspaceError: there is such a user, or the pass phrase is too short.
    """
    session.require(Permission.KEEP_KEYS)
    _only_embedded(session)
    store.add_member(session.workspace, name, passphrase, role)


def give_role(session: Session, name: str, role: Role, reason: str) -> None:
    """Give a user another role; it holds from his next signing in.

    Raises:
        MemberError: no reason, his own role, or on a server.
        NotAllowed: it is the last supervisor's.
    """
    _reasoned(reason)
    session.require(Permission.KEEP_KEYS)
    _only_embedded(session)
    if folded(name) == folded(session.user):
        raise MemberError("Nobody changes his own role. Ask another keeper of keys.")
    with session.unit(Permission.KEEP_KEYS) as unit:
        unit.set_role(name, role, reason.strip())


def take_access(session: Session, name: str, reason: str, report: Reporter = silent) -> ShutOut:
    """Shut a user out for good: the workspace is encrypted anew, for he may have kept its key.

    Raises:
        MemberError: no reason, or on a server.
        NotAllowed: it is himself, or the last supervisor.
    """
    _reasoned(reason)
    session.require(Permission.KEEP_KEYS)
    _only_embedded(session)
    report(Progress("Making a backup, then encrypting the workspace anew"))
    left = store.remove_member(session.workspace, name, reason.strip())
    return ShutOut(name, tuple((each.at, each.why, each.folder) for each in left))


def new_recovery_code(session: Session) -> RecoveryCode:
    """A new recovery code, to be printed and locked away; it is shown once, and the one before no longer opens anything."""
    session.require(Permission.KEEP_KEYS)
    _only_embedded(session)
    return store.make_recovery_code(session.workspace)


def record_code_shown(session: Session, medium: str) -> None:
    """Note that the recovery code left the screen (``print``): whoever has it has everything."""
    with session.unit(Permission.KEEP_KEYS) as unit:
        unit.record(Operation.DISCLOSURE, "recovery code", count=0, recipient="printer", medium=medium)


def must_change_passphrase(session: Session) -> bool:
    """Whether the user signed in with a pass phrase that somebody else chose."""
    return folded(session.user) in store.first_passphrases(session.workspace)


def change_own_passphrase(session: Session, old: str, new: str) -> None:
    """Give oneself another pass phrase.

    Raises:
        WrongPassphrase: ``old`` is not right.
        TooManyAttempts: it was wrong before.
        WeakPassphrase: ``new`` is too short, or the old one.
        WorkspaceError: on a server that is not prepared, where the login's is changed.
    """
    store.change_passphrase(session.workspace, old, new)
    seal_anew(session, new)


def _only_embedded(session: Session) -> None:
    if session.workspace.folder is None:
        raise MemberError(ON_SERVER)


def _reasoned(reason: str) -> None:
    if not reason.strip():
        raise MemberError("Give the reason; a line is enough.")
