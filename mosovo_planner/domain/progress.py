"""How long work tells what it is doing and learns that it should stop."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Progress:
    """A moment of long work: what it does, the share done (0 to 1, None where unknown), the best so far."""

    text: str
    share: float | None = None
    best: float | None = None


Reporter = Callable[[Progress], None]
"""Called with each step. It raises :class:`Cancelled` where the user asked to stop."""


class Cancelled(Exception):
    """The user stopped the work; nothing was changed."""


def silent(progress: Progress) -> None:
    """A reporter for callers that show no progress."""
