"""What this user last saw of a workspace's record of use, kept outside the workspace.

Losing the write-ahead log, or putting back an older copy of the whole folder, leaves a chain that is
perfect as far as it goes. Only a mark kept elsewhere shows that its end is missing. The mark lies in
the user's own folder for state and is signed with the user's key; it may be up to five seconds old.
"""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from platformdirs import user_state_path
from sqlalchemy import Connection, select

from mosovo_planner.store.base.files import private_folder, write_atomically
from mosovo_planner.store.record.anchors import Anchors
from mosovo_planner.store.record.chain import Actor, Head
from mosovo_planner.store.tables import record_of_use

_ALTERED = "The mark of what you last saw of this workspace was altered by somebody. Run: mosovo-planner verify."


class Watermark:
    """The mark of one user for one workspace (``file_id``) in one place, for its backups have the same id."""

    def __init__(self, file_id: str, folder: Path, actor: Actor) -> None:
        self._actor = actor
        self._binding = f"{file_id} {actor.user} {folder}"
        name = hashlib.sha256(self._binding.encode()).hexdigest()[:32]
        self._path = state_folder() / f"{name}.json"
        self.anchors = Anchors(self._path.with_suffix(".anchors"), self._binding, actor)

    def write(self, head: Head) -> None:
        """Remember the newest entry. That the folder cannot be written must not stop the work."""
        signing = self._actor.signing
        if signing is None:
            return
        signature = signing.sign(self._signed(head)).hex()
        try:
            private_folder(self._path.parent)
            write_atomically(self._path, json.dumps({"seq": head.seq, "hash": head.hash, "signature": signature}).encode())
        except OSError:
            return

    @property
    def seen(self) -> Head | None:
        """The newest entry that this user saw, where the mark is there and his own; None else."""
        try:
            return self._read()
        except (OSError, ValueError, KeyError, TypeError, AssertionError, InvalidSignature):
            return None

    def _read(self) -> Head:
        signing = self._actor.signing
        told = json.loads(self._path.read_bytes())
        seen = Head(int(told["seq"]), str(told["hash"]))
        assert signing is not None
        signing.public_key().verify(bytes.fromhex(told["signature"]), self._signed(seen))
        return seen

    def warning(self, connection: Connection) -> str:
        """What is missing compared with what this user last saw, in words; empty where nothing is."""
        try:
            seen = self._read()
        except FileNotFoundError:
            return ""
        except (OSError, ValueError, KeyError, TypeError, InvalidSignature):
            return _ALTERED
        entry = record_of_use.c
        found = connection.execute(select(entry.hash).where(entry.seq == seen.seq)).scalar()
        if seen.seq == 0 or found == seen.hash:
            return ""
        last = connection.execute(select(entry.seq).order_by(entry.seq.desc()).limit(1)).scalar() or 0
        if found is None:
            missing = f"the last {seen.seq - last} entries of its record of use, and what they changed, are missing"
        else:
            missing = "its record of use is not the one you worked with"
        return f"This workspace is older than when you last used it: {missing}. Unless a backup was restored, restore the newest."

    def forget(self) -> None:
        """Begin anew, after a backup was restored."""
        self._path.unlink(missing_ok=True)
        self.anchors.forget()

    def _signed(self, head: Head) -> bytes:
        return f"mosovo-planner watermark {self._binding} {head.seq} {head.hash}".encode()


def state_folder() -> Path:
    """Where marks lie; MOSOVO_STATE_DIR moves it."""
    given = os.environ.get("MOSOVO_STATE_DIR")
    return Path(given) if given else user_state_path("mosovo-planner", appauthor=False)


def anchors_of(place: str, actor: Actor) -> Anchors:
    """The anchors kept of a database on a server; there is no mark of it, for its administrator answers for its end."""
    name = hashlib.sha256(f"anchors {place} {actor.user}".encode()).hexdigest()[:32]
    return Anchors(state_folder() / f"{name}.anchors", f"{place} {actor.user}", actor)
