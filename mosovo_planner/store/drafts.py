"""What somebody had not finished when his workspace was left: kept sealed until he signs in again.

It lies beside the database of an embedded workspace, or in the user's own folder for state where the workspace is on a
server, under a key that only this user has: derived from his signing key, or on a server from his pass phrase. So it is
never readable without his pass phrase, nobody else sees it, and writing it needs neither a free disk page of the database
nor a server that answers: the screen locks all the same.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from mosovo_planner.store.base.errors import WorkspaceError
from mosovo_planner.store.base.files import private_folder, write_atomically
from mosovo_planner.store.base.names import KdfParameters, folded, nfc
from mosovo_planner.store.record.watermark import state_folder
from mosovo_planner.store.workspace import Workspace

FOLDER = "drafts"
_MAGIC = b"MOSOVO-DRAFT-1\n"
_NONCE = 12
_LARGEST = 64 * 1024 * 1024


class DraftLost(WorkspaceError):
    """A kept draft cannot be opened."""

    def __init__(self) -> None:
        super().__init__(
            "What was not finished when the workspace was left cannot be opened any more: the file is damaged, or the "
            "pass phrase was changed on the server since. Nothing that was saved is touched by this."
        )


@dataclass(frozen=True)
class DraftBox:
    """The one place of one user's draft in one workspace."""

    path: Path
    key: bytes = field(repr=False)

    def keep(self, text: str) -> None:
        """Seal ``text`` in place of what was kept before.

        Raises:
            OSError: it cannot be written.
        """
        private_folder(self.path.parent)
        nonce = secrets.token_bytes(_NONCE)
        box = AESGCM(self.key).encrypt(nonce, text.encode("utf-8", "surrogatepass"), self._binding)
        write_atomically(self.path, _MAGIC + nonce + box)

    def read(self) -> str | None:
        """What was kept; None where nothing was.

        Raises:
            DraftLost: it cannot be opened.
        """
        try:
            if self.path.stat().st_size > _LARGEST:
                raise DraftLost
            sealed = self.path.read_bytes()
            if not sealed.startswith(_MAGIC):
                raise DraftLost
            nonce, box = sealed[len(_MAGIC) :][:_NONCE], sealed[len(_MAGIC) + _NONCE :]
            return AESGCM(self.key).decrypt(nonce, box, self._binding).decode("utf-8", "surrogatepass")
        except FileNotFoundError:
            return None
        except (InvalidTag, ValueError):
            raise DraftLost from None

    def forget(self) -> None:
        """Throw it away."""
        self.path.unlink(missing_ok=True)

    @property
    def _binding(self) -> bytes:
        return _MAGIC + self.path.name.encode()


def draft_box(workspace: Workspace, passphrase_key: bytes = b"") -> DraftBox | None:
    """Where this user's draft goes; None where he has no key of his own (a server without ``passphrase_key``)."""
    if workspace.folder is None:
        name = f"{_of_server(workspace)}{_named(workspace.location, folded(workspace.user))}"
        return DraftBox(state_folder() / FOLDER / name, passphrase_key) if passphrase_key else None
    signing = workspace.insides.actor.signing
    if signing is None:
        return None
    name = _named(folded(workspace.user))
    key = HKDF(SHA256(), 32, salt=None, info=b"mosovo-planner draft").derive(signing.private_bytes_raw())
    return DraftBox(workspace.folder / FOLDER / name, key)


def key_from_passphrase(location: str, user: str, passphrase: str, kdf: KdfParameters | None = None) -> bytes:
    """The key of a user of a server, who has no key file: Argon2id over his pass phrase, as dear as signing in is."""
    cost = kdf or KdfParameters()
    salt = hashlib.sha256(f"mosovo-planner draft\0{location}\0{folded(user)}".encode()).digest()[:16]
    secret = nfc(passphrase).encode("utf-8", "surrogatepass")
    return hash_secret_raw(secret, salt, cost.passes, cost.memory_kib, cost.lanes, 32, Type.ID)


def forget_all(workspace: Workspace) -> int:
    """Throw every user's draft of a workspace away that lies on this computer, as after an erasure; how many there were."""
    folder = workspace.folder / FOLDER if workspace.folder else state_folder() / FOLDER
    found = [each for each in folder.glob("*" if workspace.folder else f"{_of_server(workspace)}*") if each.is_file()]
    for each in found:
        each.unlink(missing_ok=True)
    return len(found)


def _of_server(workspace: Workspace) -> str:
    """What the names of the drafts of a server's workspace begin with."""
    return _named(workspace.location)[:16]


def _named(*what: str) -> str:
    return hashlib.sha256("\0".join(("draft", *what)).encode()).hexdigest()[:32]
