"""The record of use as a chain: each entry holds the hash of the one before.

Whoever alters, removes, swaps or forges an entry breaks the chain from there on. The last entry of each
transaction is signed with the user's Ed25519 key where there is one, and thereby those before it. Each
entry about a record also holds a digest of that record as it then was (with a random salt that is erased
with the record, so that the digest tells nothing later): a record put back to an old state is found too.
What the chain alone cannot show is the loss of its newest entries; the watermark does (``watermark.py``).
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from json.encoder import encode_basestring as _quoted
from operator import itemgetter
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from sqlalchemy import Connection, Row, column, insert, select, table, text
from sqlalchemy.exc import SQLAlchemyError

import mosovo_planner
from mosovo_planner.domain.record import Operation
from mosovo_planner.domain.roles import Role
from mosovo_planner.store.base.documents import dumps
from mosovo_planner.store.base.errors import RecordOfUseFailed
from mosovo_planner.store.base.outcome import ask_ahead, go_last
from mosovo_planner.store.record.unnamed import leave_out_names
from mosovo_planner.store.tables import record_of_use

GENESIS = "0" * 64


def _iso(value: date) -> str:
    """A day, or a moment with its time."""
    return value.isoformat()


_ENCODER = json.JSONEncoder(default=_iso, sort_keys=True, separators=(",", ":"))
UNHASHED = ("hash", "signature")
_STORED = tuple(column.name for column in record_of_use.columns)
_HASHED = sorted(set(_STORED) - {*UNHASHED})
_BODY = "{" + ",".join(f'"{name}":%s' for name in _HASHED) + "}"
_IN_ORDER = itemgetter(*(_STORED.index(name) for name in _HASHED if name != "at"))
_QUICKLY: dict[type, Callable[[Any], str]] = {str: _quoted, int: str}
"""As ``dumps`` writes them."""
_TAKEN = itemgetter(
    *(_STORED.index(name) for name in ("seq", "prev", "hash", "actor", "session", "signature", "subject", "medium"))
)
_AT, _STORED_AT = _HASHED.index("at"), _STORED.index("at")
TOLD = (
    "operation", "subject", "fields", "count", "reason", "recipient", "medium", "outcome", "session", "device",
    "app_version", "digest",
)  # fmt: skip
"""What a client says of an entry where the server makes it."""
MOVED_TO_SERVER, MOVED_HERE = "moved to a server", "moved to a folder"
"""The media of entries by which a workspace went from a folder, whose users sign, to a server, and came back."""
_READING = (Operation.CONSULTATION, Operation.DISCLOSURE)
CHANNEL, EVERYTHING = "mosovo_changes", "*"
"""Where a server says at each commit what was changed, by reference and no more; and what it says of very many."""
_LONGEST_NOTICE = 7000
_MOST_LAST = 100
"""Entries that go together with the commit at most; more take so long that a word to and fro does not matter."""
_TOLD = table("record_of_use", *(column(name) for name in TOLD))
CHAIN_LOCK = 0x4D4F534F564F  # one number for all programs of this kind, so that entries queue up on PostgreSQL


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: the user, in which role, from which session on which device, and the key that signs.

    ``guarded``: the server makes the entries itself, so that nobody can write another's name or another time.
    """

    user: str
    role: Role
    device: str
    team: str = ""
    guarded: bool = False
    session: str = field(default_factory=lambda: secrets.token_hex(8))
    signing: Ed25519PrivateKey | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Head:
    """The newest entry: its number and hash. An empty record has number 0."""

    seq: int = 0
    hash: str = GENESIS


def digest_of(kind: str, row: Mapping[str, Any]) -> str:
    """SHA-256 over a record's row, its salt and version included."""
    return hashlib.sha256(_ENCODER.encode([kind, row]).encode()).hexdigest()


def entry_hash(row: Mapping[str, Any]) -> str:
    """SHA-256 over the canonical JSON of an entry, the hash of the one before included."""
    body = {name: value for name, value in row.items() if name not in UNHASHED}
    body["at"] = row["at"].astimezone(UTC).isoformat(timespec="microseconds")
    return hashlib.sha256(dumps(body).encode()).hexdigest()


def stored_hash(row: Row[Any]) -> str:
    """The same of a whole row as it is stored: a million of them are checked, so that no dictionary is made of each."""
    body = [_QUICKLY.get(type(value), dumps)(value) for value in _IN_ORDER(row)]
    body.insert(_AT, f'"{row[_STORED_AT].astimezone(UTC).isoformat(timespec="microseconds")}"')
    return hashlib.sha256((_BODY % tuple(body)).encode()).hexdigest()


def head(connection: Connection) -> Head:
    """The newest entry of the record of use."""
    newest = select(record_of_use.c.seq, record_of_use.c.hash).order_by(record_of_use.c.seq.desc()).limit(1)
    row = connection.execute(newest).first()
    return Head(row.seq, row.hash) if row else Head()


class UseLog:
    """The entries of one transaction; :meth:`seal` chains and writes them before it commits."""

    def __init__(self, connection: Connection, actor: Actor) -> None:
        self._connection = connection
        self._actor = actor
        self._pending: list[dict[str, Any]] = []
        self.last: Head | None = None
        self.changes = False  # whether anything but reading was noted
        self.written = False

    def note(
        self,
        operation: Operation,
        subject: str,
        fields: Sequence[str] = (),
        *,
        count: int = 1,
        reason: str = "",
        recipient: str = "",
        medium: str = "",
        outcome: str = "done",
        digest: str = "",
    ) -> None:
        """Add an entry to what the transaction will seal."""
        self.changes = self.changes or operation not in _READING
        self._pending.append(
            {
                "at": datetime.now(UTC),
                "actor": self._actor.user,
                "role": self._actor.role.value,
                "operation": operation.value,
                "subject": subject,
                "fields": dumps(tuple(fields)),
                "count": count,
                "reason": reason,
                "recipient": recipient,
                "medium": medium,
                "outcome": outcome,
                "session": self._actor.session,
                "device": self._actor.device,
                "app_version": mosovo_planner.__version__,
                "digest": digest,
            }
        )

    def seal(self) -> None:
        """Chain the pending entries onto the newest one and write them.

        Raises:
            RecordOfUseFailed: they cannot be written; the transaction must not commit.
        """
        if not self._pending:
            return
        try:
            leave_out_names(self._connection, self._pending)
            if self._connection.dialect.name == "postgresql":
                ask_ahead(self._connection, self._notice())
            self.written = True
            if self._actor.guarded:
                self._hand_over()
                return
            if self._connection.dialect.name == "postgresql":
                self._connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": CHAIN_LOCK})
            newest = head(self._connection)
            for entry in self._pending:
                newest = self._chained(entry, newest)
            if self._actor.signing:
                self._pending[-1]["signature"] = self._actor.signing.sign(bytes.fromhex(newest.hash)).hex()
            self._connection.execute(insert(record_of_use), self._pending)
        except (SQLAlchemyError, UnicodeError):
            raise RecordOfUseFailed from None
        self._pending = []
        self.last = newest

    def finish(self) -> None:
        """Write the pending entries as the last of the transaction: where a server makes them, together with the commit.

        Raises:
            RecordOfUseFailed: as :meth:`seal`.
        """
        if not self._actor.guarded or not 0 < len(self._pending) <= _MOST_LAST:
            self.seal()
            return
        try:
            leave_out_names(self._connection, self._pending)
            ask_ahead(self._connection, self._notice())
        except (SQLAlchemyError, UnicodeError):
            raise RecordOfUseFailed from None
        go_last(self._connection, [{name: noted[name] for name in TOLD} for noted in self._pending])
        self._pending, self.written = [], True

    def _notice(self) -> dict[str, str] | None:
        """By what others' windows read again what this transaction changes, once it is committed; None where nothing is."""
        changed = {_unnamed(each["subject"]) for each in self._pending if each["operation"] not in _READING}
        if not changed:
            return None
        words = "\t".join(sorted(changed))
        known = words if len(words.encode()) < _LONGEST_NOTICE else EVERYTHING
        return {"channel": CHANNEL, "words": f"{self._actor.session} {known}"}

    def _hand_over(self) -> None:
        """Tell a guarded server what was done; number, time, actor and hash are its own."""
        self._connection.execute(insert(_TOLD), [{name: noted[name] for name in TOLD} for noted in self._pending])
        self._pending = []

    def newest(self) -> Head:
        """The newest entry of all."""
        if not self._actor.guarded:
            return head(self._connection)
        row = self._connection.execute(text("SELECT seq, hash FROM app.head()")).first()
        return Head(row.seq, row.hash) if row else Head()

    @staticmethod
    def _chained(entry: dict[str, Any], before: Head) -> Head:
        entry["seq"], entry["prev"] = before.seq + 1, before.hash
        entry["hash"], entry["signature"] = entry_hash(entry), ""
        return Head(entry["seq"], entry["hash"])


def _unnamed(subject: str) -> str:
    """A subject by its reference; an account, whose reference is a name, by its word only."""
    return subject.partition(" ")[0] if subject.startswith("account ") else subject


def broken_at(rows: Iterable[Row[Any]], signing_keys: Mapping[str, str]) -> int | None:
    """The number of the first entry that does not follow from the one before, None where all do.

    ``signing_keys`` are users' public keys in hex, those he had before beside the present one. An entry of a user who has
    one must be signed, or be followed by entries of the same session up to a signed one; but for those that a server made,
    to which a signed entry says that the workspace was moved.
    """
    known = {user: [_public(key) for key in keys.split()] for user, keys in signing_keys.items() if keys}
    before, unsigned, on_server = Head(), None, False
    for row in rows:
        seq, prev, digest, actor, of_session, signature, subject, medium = _TAKEN(row)
        session = (actor, of_session)
        follows = seq == before.seq + 1 and prev == before.hash and digest == stored_hash(row)
        if not follows or unsigned not in (None, session):
            return before.seq + 1
        keys = known.get(actor)
        if signature and keys and not any(_signed(signature, digest, key) for key in keys):
            return int(seq)
        if subject == "workspace" and medium in (MOVED_TO_SERVER, MOVED_HERE):
            on_server = medium == MOVED_TO_SERVER and bool(signature or not keys or on_server)
        unsigned = session if keys and not signature and not on_server else None
        before = Head(seq, digest)
    return before.seq if unsigned else None


def _public(key: str) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(bytes.fromhex(key))


def _signed(signature: str, digest: str, key: Ed25519PublicKey) -> bool:
    try:
        key.verify(bytes.fromhex(signature), bytes.fromhex(digest))
    except (InvalidSignature, ValueError):
        return False
    return True
