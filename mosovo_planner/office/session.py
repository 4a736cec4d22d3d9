"""Signing in to a workspace: who works, with which role, on which store."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mosovo_planner.domain.errors import NotPermitted
from mosovo_planner.domain.roles import Permission, Role

if TYPE_CHECKING:  # the sign-in page stands before the database's libraries are loaded
    from mosovo_planner.store.server.listen import Change
    from mosovo_planner.store.unit import Unit
    from mosovo_planner.store.workspace import Watch, Workspace

_DEEDS = {
    Permission.VIEW: "see the caseload",
    Permission.RECORD: "record visits and change offenders",
    Permission.IMPORT: "import trackers",
    Permission.PLAN: "make plans",
    Permission.APPROVE: "approve",
    Permission.PRINT: "print or export",
    Permission.KEEP_KEYS: "look after keys and backups",
    Permission.AUDIT: "read the record of use",
    Permission.RETENTION: "authorise retention reviews, set legal holds or erase",
    Permission.ASK: "ask who manages somebody",
}


@dataclass
class DraftKey:
    """What seals a user's drafts where the workspace has no key file to take a key from; it goes with his pass phrase."""

    value: bytes = field(default=b"", repr=False)

    def follow(self, workspace: Workspace, passphrase: str) -> None:
        """Take the key of a pass phrase."""
        from mosovo_planner.store.drafts import key_from_passphrase

        if workspace.folder is None:
            self.value = key_from_passphrase(workspace.location, workspace.user, passphrase)


@dataclass(frozen=True)
class Session:
    """One person signed in to one workspace. Use cases take it first and go through :meth:`unit`.

    ``draft_key`` seals what he leaves unfinished.
    """

    workspace: Workspace
    draft_key: DraftKey = field(default_factory=DraftKey, kw_only=True, repr=False, compare=False)

    @property
    def user(self) -> str:
        return self.workspace.user

    @property
    def role(self) -> Role:
        return self.workspace.role

    @property
    def address(self) -> str:
        """Where the workspace is: its folder, or its server without login and password."""
        return self.workspace.location

    @property
    def title(self) -> str:
        """The workspace's own name, for window titles: no personal data in it."""
        return self.workspace.location.rstrip("/\\").replace("\\", "/").rsplit("/", 1)[-1]

    @property
    def warnings(self) -> tuple[str, ...]:
        """What was doubtful when the workspace was opened, in words: that it was put back to an older state."""
        return self.workspace.warnings

    @property
    def comes_back(self) -> bool:
        """Whether its user can sign in to it again, so that the screen may be locked; not with an invented force."""
        return True

    def may(self, permission: Permission) -> bool:
        return permission in self.role.permissions

    @contextmanager
    def unit(self, permission: Permission) -> Iterator[Unit]:
        """One transaction for a use case that needs ``permission``.

        Raises:
            NotPermitted: the user's role does not allow it; nothing was read.
        """
        self.require(permission)
        with self.workspace.transaction() as unit:
            yield unit

    def require(self, permission: Permission) -> None:
        if not self.may(permission):
            role = self.role.value.replace("_", " ")
            raise NotPermitted(f"The role {role} may not {_DEEDS[permission]}; ask a supervisor.")

    def watch(self, heard: Callable[[Change], object]) -> Watch:
        """Be told on another thread when others change something, until the watch is stopped (``stop``)."""
        return self.workspace.watch(heard)

    def close(self) -> None:
        self.workspace.close()


def new_workspace(address: str, user: str, passphrase: str) -> Session:
    """Make a workspace whose first supervisor and keeper of keys is ``user``."""
    from mosovo_planner.store.base.process import harden_process
    from mosovo_planner.store.workspace import create_workspace

    harden_process()
    return _session(create_workspace(address, user, passphrase), passphrase)


def open_session(address: str, user: str, passphrase: str) -> Session:
    """Sign in to a workspace that exists."""
    from mosovo_planner.store.base.process import harden_process
    from mosovo_planner.store.workspace import open_workspace

    harden_process()
    return _session(open_workspace(address, user, passphrase), passphrase)


def _session(workspace: Workspace, passphrase: str) -> Session:
    session = Session(workspace)
    session.draft_key.follow(workspace, passphrase)
    return session


@dataclass(frozen=True)
class ScreenRules:
    """What the policy says about the screen itself; everybody may know it."""

    marking: str
    lock_minutes: int


def screen_rules(session: Session) -> ScreenRules:
    """The marking of the window and the minutes without use after which it locks, one to fifteen."""
    with session.workspace.transaction() as unit:
        policy = unit.policy()
    return ScreenRules(policy.text("print.classification"), min(15, max(1, policy.whole("screen.lock_minutes"))))


def wait_before_signing_in(address: str, user: str) -> float:
    """Seconds this user has to wait at this address after wrong pass phrases; 0 where he may try now."""
    from mosovo_planner.store.embedded.attempts import waiting

    return waiting(address, user)
