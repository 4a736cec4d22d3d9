"""The program begins anew in a process that never held a key."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
from collections.abc import MutableMapping, Sequence
from dataclasses import dataclass

_WHY, _ADDRESS, _USER, _LOST = "MOSOVO_LOCKED", "MOSOVO_LOCKED_ADDRESS", "MOSOVO_LOCKED_USER", "MOSOVO_LOCKED_LOST"
_WORDS = {
    "idle": "Locked, since nobody used the window.",
    "session": "Locked together with the desktop.",
    "sleep": "Locked, since the computer slept.",
    "asked": "Locked.",
}
_KEPT = "What you had not finished is kept encrypted; sign in to go on."
_NOT_KEPT = "What you had not finished could not be kept: the disk refused it. What you had saved is safe."


@dataclass(frozen=True)
class Locked:
    """What the new process is told: why, which workspace and user to ask for, and whether unfinished work was lost."""

    why: str
    address: str
    user: str
    lost: bool = False
    unfinished: bool = False

    @property
    def words(self) -> str:
        more = _NOT_KEPT if self.lost else _KEPT if self.unfinished else ""
        return f"{_WORDS.get(self.why, _WORDS['asked'])} {more}".strip()


def tell(locked: Locked, environment: MutableMapping[str, str] = os.environ) -> None:
    """Leave word for the new process; nothing in it is about a person on the caseload."""
    environment[_WHY] = locked.why + ("+" if locked.unfinished else "")
    environment[_ADDRESS], environment[_USER] = locked.address, locked.user
    environment[_LOST] = "1" if locked.lost else ""


def told(environment: MutableMapping[str, str] = os.environ) -> Locked | None:
    """The word left by the process before, taken away; None where this is no return from a lock."""
    why, address, user, lost = (environment.pop(name, "") for name in (_WHY, _ADDRESS, _USER, _LOST))
    return Locked(why.rstrip("+"), address, user, bool(lost), why.endswith("+")) if why else None


def command() -> list[str]:
    """How this program was started, without what it was told to open."""
    return [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-m", "mosovo_planner"]


def start_again(words: Sequence[str] = ()) -> None:
    """Put a fresh process in the place of this one; it does not return.

    Where the system cannot replace a process (Windows) or a program with windows should not (macOS), a second one is
    started and this one ends at once.
    """
    for child in multiprocessing.active_children():
        child.kill()
    arguments = list(words) or command()
    try:
        if sys.platform not in ("win32", "darwin"):
            os.execv(arguments[0], arguments)  # noqa: S606  our own program
        subprocess.Popen(arguments, close_fds=True)  # noqa: S603  our own program
    finally:
        os._exit(0)  # also where the program is gone from the disk: nothing may stay in memory behind a hidden window
