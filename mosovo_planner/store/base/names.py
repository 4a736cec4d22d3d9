"""Names of users, what a pass phrase must be and what a guess at it costs, and ids: the same in a folder and on a server."""

from __future__ import annotations

import os
import unicodedata
import uuid
from dataclasses import dataclass

from mosovo_planner.store.base.errors import WeakPassphrase

SHORTEST_PASSPHRASE = 8


@dataclass(frozen=True, slots=True)
class KdfParameters:
    """How dear a guess at the pass phrase is: Argon2id memory in KiB, passes, lanes."""

    memory_kib: int = 64 * 1024
    passes: int = 3
    lanes: int = 4

    @property
    def bounded(self) -> bool:
        """Whether these can be used at all: a doctored file must not exhaust the memory."""
        return 8 * 1024 <= self.memory_kib <= 1024 * 1024 and 1 <= self.passes <= 10 and 1 <= self.lanes <= 16


def nfc(text: str) -> str:
    """Text in one form, however the keyboard composed its accents."""
    return unicodedata.normalize("NFC", text)


def clean_name(user: str) -> str:
    """A user name as it is kept: NFC, without blanks around it."""
    return nfc(user).strip()


def folded(user: str) -> str:
    """A user name as it is compared: capitals do not matter."""
    return clean_name(user).casefold()


def check_passphrase(passphrase: str) -> None:
    """Refuse a pass phrase that Argon2 cannot save from guessing.

    Raises:
        WeakPassphrase: shorter than eight characters.
    """
    if len(nfc(passphrase)) < SHORTEST_PASSPHRASE:
        raise WeakPassphrase(
            f"The pass phrase is too short. Use at least {SHORTEST_PASSPHRASE} characters; three or four random words are best."
        )


def random_id() -> str:
    """An id that nobody guesses or repeats."""
    return uuid.UUID(bytes=os.urandom(16), version=4).hex
