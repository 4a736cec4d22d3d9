"""What can go wrong with a workspace, each with its own message and cure.

No message holds a pass phrase, a password or anything about an offender.
"""

from __future__ import annotations

from mosovo_planner.domain.errors import UserError


class WorkspaceError(UserError):
    """The workspace could not do what was asked; ``str()`` is written for the user."""


class NotAWorkspace(WorkspaceError):
    """There is no workspace at the address."""


class AlreadyThere(WorkspaceError):
    """A new workspace would overwrite something."""


class RefusedLocation(WorkspaceError):
    """The folder lies where an encrypted database is not safe (network drive, synchronised folder)."""


class WrongPassphrase(WorkspaceError):
    """User name or pass phrase is not right; which of them is not told."""

    def __init__(self) -> None:
        super().__init__("The user name or the pass phrase is not right. Nothing was opened; try again.")


class WeakPassphrase(WorkspaceError):
    """The pass phrase is too short to protect a caseload."""


class DamagedWorkspace(WorkspaceError):
    """A file of the workspace is damaged or missing."""

    def __init__(self, what: str, cure: str = "Restore the newest backup: mosovo-planner restore.") -> None:
        super().__init__(f"{what} Nothing was changed. {cure}")


class DiskFailed(DamagedWorkspace):
    """The disk reported an error; what is on it may be whole, and whether the last change is there is not sure."""

    def __init__(self) -> None:
        WorkspaceError.__init__(
            self,
            "The disk of this workspace reported an error. Whether the last change was kept is not sure: close the workspace, "
            "open it again and look. If this comes again, make a backup on another disk and work from there.",
        )


class NewerSchema(WorkspaceError):
    """The workspace was written by a newer version of the program."""

    def __init__(self) -> None:
        super().__init__(
            "This workspace was last used with a newer version of MOSOVO Planner, which this version cannot read "
            "without loss. Nothing was changed. Install the newer version, or restore a backup made before the update."
        )


class WorkspaceInUse(WorkspaceError):
    """Another window or command has the workspace open."""


class WorkspaceBusy(WorkspaceError):
    """Another process kept the database locked for too long."""

    def __init__(self) -> None:
        super().__init__("The workspace is busy with another change. Nothing was changed; try again in a moment.")


class WorkspaceFull(WorkspaceError):
    """The disk is full."""

    def __init__(self) -> None:
        super().__init__("The disk of the workspace is full. Nothing was changed; free some space and try again.")


class ServerUnreachable(WorkspaceError):
    """The PostgreSQL server does not answer, or refuses the login's connection."""


class UntrustedServer(ServerUnreachable):
    """Whatever answers at the address could not prove that it is the server, or does not encrypt."""

    def __init__(self) -> None:
        super().__init__(
            "What answers at this address could not prove that it is your force's server, so nothing was sent to it. Check the "
            "server's name in the address, and that its certificate comes from an authority that this computer trusts "
            "(sslrootcert). Tell your administrator if it worked before."
        )


class StaleRecord(WorkspaceError):
    """Somebody else changed a record since it was read."""

    def __init__(self, kind: str, refs: tuple[str, ...]) -> None:
        self.kind = kind
        self.refs = refs
        count = f"{len(refs)} {kind} records were" if len(refs) > 1 else f"One {kind} record was" if refs else f"The {kind} was"
        super().__init__(
            f"{count} changed by somebody else meanwhile. Nothing of yours was saved; look at the new state and try again."
        )


class StillNeeded(WorkspaceError):
    """A record cannot be deleted because others rest on it."""


class BadRecord(WorkspaceError):
    """A record holds something that no database can keep."""


class RecordOfUseFailed(WorkspaceError):
    """The record of use could not be written, so the change was not made."""

    def __init__(self) -> None:
        super().__init__(
            "The record of use could not be written, so nothing was changed or shown. "
            "Close the workspace and run: mosovo-planner verify."
        )


class NotAllowed(WorkspaceError):
    """The user's account may not do this."""
