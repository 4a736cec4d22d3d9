"""The key file: how each user's pass phrase opens the one data key of a workspace.

A random 32-byte data key encrypts the database. Every user has a slot: two random secret keys (X25519
to receive data keys, Ed25519 to sign entries of the record of use) lie in it under AES-256-GCM with a
key derived from the pass phrase by Argon2id; the data key lies beside them, sealed to the X25519 public
key. So a new data key can be handed to every remaining user when one leaves, without their pass phrases.

A recovery slot is the same with a random code instead of a pass phrase.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import hashlib
import json
import secrets
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from mosovo_planner.store.base.errors import DamagedWorkspace, WrongPassphrase
from mosovo_planner.store.base.files import atomic, write_atomically
from mosovo_planner.store.base.names import KdfParameters, clean_name, folded, nfc

KEY_FILE = "keys.json"
FORMAT = "mosovo-keys/1"
_KEY_BYTES = 32
_LARGEST_FILE = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class SealedKey:
    """A data key that only one user can open: ephemeral public key, nonce, box; ``id`` names the data key."""

    id: str
    ephemeral: bytes
    nonce: bytes
    box: bytes


@dataclass(frozen=True, slots=True)
class Slot:
    """One user's way in. Two ``keys`` stand here only while a new data key is taking over.

    ``first``: the pass phrase was chosen by somebody else, so its user changes it before he does anything.
    """

    id: str
    user: str
    public: bytes
    kdf: KdfParameters
    salt: bytes
    nonce: bytes
    box: bytes
    keys: tuple[SealedKey, ...]
    first: bool = False


@dataclass(frozen=True, slots=True)
class KeyFile:
    """The whole of ``keys.json``. ``file`` is the id that binds slots to this workspace."""

    file: str
    slots: tuple[Slot, ...]

    def slot(self, user: str) -> Slot | None:
        wanted = folded(user)
        return next((slot for slot in self.slots if folded(slot.user) == wanted), None)


@dataclass(frozen=True, slots=True, repr=False)
class Unlocked:
    """What a pass phrase opened: data keys by id (newest first) and the user's signing key."""

    user: str
    data_keys: tuple[tuple[str, bytes], ...]
    signing: Ed25519PrivateKey

    @property
    def public_signing_key(self) -> str:
        return self.signing.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()


def new_data_key() -> tuple[str, bytes]:
    """A fresh data key with its id."""
    return uuid.uuid4().hex, secrets.token_bytes(_KEY_BYTES)


def new_slot(file: str, user: str, passphrase: str, data_key: tuple[str, bytes], kdf: KdfParameters) -> Slot:
    """A slot for a user who chooses ``passphrase``. Costs one Argon2id run (about 0.15 s)."""
    receiving, signing = secrets.token_bytes(_KEY_BYTES), secrets.token_bytes(_KEY_BYTES)
    public = X25519PrivateKey.from_private_bytes(receiving).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    slot = Slot(uuid.uuid4().hex, clean_name(user), public, kdf, b"", b"", b"", ())
    return add_data_key(file, _locked(file, slot, passphrase, receiving + signing), data_key)


def relocked(file: str, slot: Slot, old: str, new: str, kdf: KdfParameters) -> Slot:
    """The same slot under another pass phrase; its secret keys stay, so nothing else changes.

    Raises:
        WrongPassphrase: ``old`` is not the slot's pass phrase.
    """
    return _locked(file, replace(slot, kdf=kdf, first=False), new, _secrets_of(file, slot, old))


def add_data_key(file: str, slot: Slot, data_key: tuple[str, bytes]) -> Slot:
    """Seal a data key to the slot's user; the newest stands first."""
    name, key = data_key
    ephemeral = X25519PrivateKey.generate()
    public = ephemeral.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    shared = ephemeral.exchange(X25519PublicKey.from_public_bytes(slot.public))
    nonce = secrets.token_bytes(12)
    box = AESGCM(_sealing_key(shared, public, slot.public)).encrypt(nonce, key, _key_binding(file, slot, name))
    return replace(slot, keys=(SealedKey(name, public, nonce, box), *slot.keys))


def unlock(keys: KeyFile, user: str, passphrase: str) -> Unlocked:
    """Open a user's slot. An unknown user costs the same work as a wrong pass phrase.

    Raises:
        WrongPassphrase: user or pass phrase is not right.
        DamagedWorkspace: the slot opened, but what it holds does not fit.
    """
    slot = keys.slot(user)
    if slot is None:
        like = keys.slots[0].kdf if keys.slots else KdfParameters()
        _derived(passphrase, secrets.token_bytes(16), like)
        raise WrongPassphrase
    both = _secrets_of(keys.file, slot, passphrase)
    receiving = X25519PrivateKey.from_private_bytes(both[:_KEY_BYTES])
    signing = Ed25519PrivateKey.from_private_bytes(both[_KEY_BYTES:])
    try:
        opened = tuple((sealed.id, _unsealed(keys.file, slot, sealed, receiving)) for sealed in slot.keys)
    except (InvalidTag, ValueError):
        raise _damaged() from None
    if not opened:
        raise _damaged()
    return Unlocked(slot.user, opened, signing)


def recovery_code() -> str:
    """A code of 160 random bits in groups of four, to be printed and locked away."""
    letters = base64.b32encode(secrets.token_bytes(20)).decode()
    return "-".join(letters[at : at + 4] for at in range(0, len(letters), 4))


def write_keys(folder: Path, keys: KeyFile) -> None:
    """Write ``keys.json`` atomically."""
    write_atomically(folder / KEY_FILE, _text_of(keys))


@contextlib.contextmanager
def keys_to_come(folder: Path, keys: KeyFile) -> Iterator[None]:
    """Write ``keys.json`` before the block and put it in its place only when the block ends well."""
    with atomic(folder / KEY_FILE, _text_of(keys)):
        yield


def _text_of(keys: KeyFile) -> bytes:
    body = {"format": FORMAT, "file": keys.file, "slots": [_slot_out(slot) for slot in keys.slots]}
    return json.dumps({**body, "sum": _sum(body)}, indent=1, ensure_ascii=False).encode()


def read_keys(path: Path) -> KeyFile:
    """Read a key file.

    Raises:
        DamagedWorkspace: it is no key file, its check sum is wrong, or its parameters are out of bounds.
    """
    try:
        if path.stat().st_size > _LARGEST_FILE:
            raise _damaged()
        body = json.loads(path.read_bytes())
        if body.pop("sum") != _sum(body) or body["format"] != FORMAT:
            raise _damaged()
        keys = KeyFile(str(body["file"]), tuple(_slot_in(each) for each in body["slots"]))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise _damaged() from None
    if not all(slot.kdf.bounded for slot in keys.slots):
        raise _damaged()
    return keys


def _damaged() -> DamagedWorkspace:
    return DamagedWorkspace(
        f"The key file {KEY_FILE} of this workspace is damaged or was tampered with.",
        f"Put back a copy of {KEY_FILE}: every backup holds one.",
    )


def _locked(file: str, slot: Slot, passphrase: str, both: bytes) -> Slot:
    fresh = replace(slot, salt=secrets.token_bytes(16), nonce=secrets.token_bytes(12))
    key = _derived(passphrase, fresh.salt, fresh.kdf)
    return replace(fresh, box=AESGCM(key).encrypt(fresh.nonce, both, _slot_binding(file, fresh)))


def _secrets_of(file: str, slot: Slot, passphrase: str) -> bytes:
    key = _derived(passphrase, slot.salt, slot.kdf)
    try:
        both = AESGCM(key).decrypt(slot.nonce, slot.box, _slot_binding(file, slot))
    except InvalidTag:
        raise WrongPassphrase from None
    except ValueError:
        raise _damaged() from None
    if len(both) != 2 * _KEY_BYTES:
        raise _damaged()
    return both


def _unsealed(file: str, slot: Slot, sealed: SealedKey, receiving: X25519PrivateKey) -> bytes:
    shared = receiving.exchange(X25519PublicKey.from_public_bytes(sealed.ephemeral))
    key = _sealing_key(shared, sealed.ephemeral, slot.public)
    return AESGCM(key).decrypt(sealed.nonce, sealed.box, _key_binding(file, slot, sealed.id))


def _derived(passphrase: str, salt: bytes, kdf: KdfParameters) -> bytes:
    secret = nfc(passphrase).encode("utf-8", "surrogatepass")
    return hash_secret_raw(
        secret, salt, time_cost=kdf.passes, memory_cost=kdf.memory_kib, parallelism=kdf.lanes, hash_len=_KEY_BYTES, type=Type.ID
    )


def _sealing_key(shared: bytes, ephemeral: bytes, public: bytes) -> bytes:
    return HKDF(SHA256(), _KEY_BYTES, salt=ephemeral + public, info=b"mosovo-planner data key").derive(shared)


def _slot_binding(file: str, slot: Slot) -> bytes:
    kdf = slot.kdf
    parts = [FORMAT, file, slot.id, slot.user, _text(slot.public), kdf.memory_kib, kdf.passes, kdf.lanes, _text(slot.salt)]
    return json.dumps(parts).encode()


def _key_binding(file: str, slot: Slot, key_id: str) -> bytes:
    return json.dumps([FORMAT, file, slot.id, slot.user, key_id]).encode()


def _sum(body: Mapping[str, object]) -> str:
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _raw(text: object, length: int | None = None) -> bytes:
    try:
        raw = base64.b64decode(str(text), validate=True)
    except binascii.Error:
        raise _damaged() from None
    if length is not None and len(raw) != length:
        raise _damaged()
    return raw


def _slot_out(slot: Slot) -> dict[str, object]:
    return {
        "id": slot.id,
        "user": slot.user,
        "public": _text(slot.public),
        "kdf": {"name": "argon2id", "memory_kib": slot.kdf.memory_kib, "passes": slot.kdf.passes, "lanes": slot.kdf.lanes},
        "salt": _text(slot.salt),
        "nonce": _text(slot.nonce),
        "box": _text(slot.box),
        "keys": [
            {"id": key.id, "ephemeral": _text(key.ephemeral), "nonce": _text(key.nonce), "box": _text(key.box)}
            for key in slot.keys
        ],
        **({"first": True} if slot.first else {}),
    }


def _slot_in(each: Mapping[str, object]) -> Slot:
    kdf, keys = each["kdf"], each["keys"]
    if not isinstance(kdf, dict) or kdf["name"] != "argon2id" or not isinstance(keys, list):
        raise _damaged()
    return Slot(
        id=str(each["id"]),
        user=str(each["user"]),
        public=_raw(each["public"], _KEY_BYTES),
        kdf=KdfParameters(int(kdf["memory_kib"]), int(kdf["passes"]), int(kdf["lanes"])),
        salt=_raw(each["salt"], 16),
        nonce=_raw(each["nonce"], 12),
        box=_raw(each["box"]),
        keys=tuple(
            SealedKey(str(key["id"]), _raw(key["ephemeral"], _KEY_BYTES), _raw(key["nonce"], 12), _raw(key["box"]))
            for key in keys
        ),
        first=each.get("first") is True,
    )
