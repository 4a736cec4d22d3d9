"""The record of use: who did what with personal data, when (Data Protection Act 2018, s.62)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Operation(StrEnum):
    """The six operations that s.62 names."""

    COLLECTION = "collection"
    ALTERATION = "alteration"
    CONSULTATION = "consultation"
    DISCLOSURE = "disclosure"
    COMBINATION = "combination"
    ERASURE = "erasure"


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """One entry: an operation on one subject (``offender SYN-1``) or on a list of them.

    ``fields`` are names, never contents. ``count`` is how many people a list showed. ``recipient`` and
    ``medium`` belong to disclosures: prints, exports, copies. ``role`` is the actor's at that time, ``outcome``
    ``denied`` where it was refused.
    """

    seq: int
    at: datetime
    actor: str
    operation: Operation
    subject: str
    fields: tuple[str, ...] = ()
    count: int = 1
    reason: str = ""
    recipient: str = ""
    medium: str = ""
    role: str = ""
    outcome: str = "done"
    session: str = ""
    device: str = ""

    @property
    def ref(self) -> str:
        """The offender it is about; empty for a list or anything else."""
        kind, _, name = self.subject.partition(" ")
        return name if kind == "offender" else ""
