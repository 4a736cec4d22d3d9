"""The day's anchor: the newest entry of the record of use, kept once a day outside the workspace.

Whoever rewrites the whole record, or cuts off its end, cannot rewrite what was kept elsewhere: in each user's own folder
for state, in the footers of papers, and where an auditor wrote it down.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from sqlalchemy import Connection, select

from mosovo_planner.store.base.files import private_folder, write_atomically
from mosovo_planner.store.record.chain import Actor, Head
from mosovo_planner.store.tables import record_of_use

_MOST = 400
_SHORTEST = 12
"""Fewest characters of a hash that a person may copy from a footer."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """An entry's number and its hash, or the beginning of it; ``at`` is when it was the newest."""

    seq: int
    hash: str
    at: datetime | None = None

    @property
    def words(self) -> str:
        """As a footer has it: ``record of use 1297:772ba8e708cb4052``."""
        return f"record of use {self.seq}:{self.hash[:16]}"


def read_anchor(text: str) -> Anchor:
    """An anchor as somebody copied it from a footer: ``1297:772ba8e708cb4052``.

    Raises:
        ValueError: it is none.
    """
    number, _, digits = text.strip().rpartition(" ")[2].partition(":")
    digits = digits.strip().lower()
    if not number.isdecimal() or len(digits) < _SHORTEST or set(digits) - set("0123456789abcdef"):
        raise ValueError("an anchor is a number, a colon and at least twelve digits of a hash, such as 1297:772ba8e708cb4052")
    return Anchor(int(number), digits)


class Anchors:
    """The anchors that one user's computer keeps of one workspace (``binding``) in the file ``path``."""

    def __init__(self, path: Path, binding: str, actor: Actor) -> None:
        self._path, self._binding, self._actor = path, binding, actor

    def keep(self, head: Head) -> None:
        """Keep the newest entry, once a day. That the folder cannot be written must not stop the work."""
        now = datetime.now(UTC)
        held = [(each, signature) for each, signature in self._lines()]
        if head.seq == 0 or any(each.at is not None and each.at.date() == now.date() for each, _ in held):
            return
        made = Anchor(head.seq, head.hash, now.replace(microsecond=0))
        signing = self._actor.signing
        held.append((made, signing.sign(self._signed(made)).hex() if signing else ""))
        lines = [json.dumps(_line(each) | {"signature": signature}) for each, signature in held[-_MOST:]]
        try:
            private_folder(self._path.parent)
            write_atomically(self._path, "\n".join(lines).encode())
        except OSError:
            return

    def all(self) -> tuple[Anchor, ...]:
        """The anchors kept, oldest first."""
        return tuple(each for each, _ in self._lines())

    @property
    def altered(self) -> bool:
        """Whether one of them was not written by this user. Without a key (on a server) that cannot be told."""
        signing = self._actor.signing
        if signing is None:
            return False
        for each, signature in self._lines():
            try:
                signing.public_key().verify(bytes.fromhex(signature), self._signed(each))
            except (InvalidSignature, ValueError):
                return True
        return False

    def forget(self) -> None:
        """Begin anew, after a backup was restored."""
        self._path.unlink(missing_ok=True)

    def _lines(self) -> list[tuple[Anchor, str]]:
        try:
            told = [json.loads(line) for line in self._path.read_text(encoding="utf-8").splitlines() if line]
            return [
                (Anchor(int(each["seq"]), str(each["hash"]), datetime.fromisoformat(each["at"])), str(each["signature"]))
                for each in told
            ]
        except (OSError, ValueError, KeyError, TypeError):
            return []

    def _signed(self, anchor: Anchor) -> bytes:
        return f"mosovo-planner anchor {self._binding} {json.dumps(_line(anchor))}".encode()


def _line(anchor: Anchor) -> dict[str, object]:
    return {"seq": anchor.seq, "hash": anchor.hash, "at": anchor.at.isoformat() if anchor.at else ""}


def anchor_problems(connection: Connection, anchors: Iterable[Anchor]) -> list[str]:
    """Which anchors the record of use does not hold any more, in words."""
    entry = record_of_use.c
    found = []
    for each in anchors:
        stored = connection.execute(select(entry.hash).where(entry.seq == each.seq)).scalar()
        when = f" of {each.at.astimezone():%d %b %Y}" if each.at else ""
        if stored is None:
            found.append(f"the anchor{when} names entry {each.seq}, which is missing: the end of the record was cut off")
        elif not stored.startswith(each.hash):
            found.append(f"entry {each.seq} is not the one that the anchor{when} names: the record was written anew")
    return found
