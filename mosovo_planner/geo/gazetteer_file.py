"""The gazetteer on disk: one versioned file with a checksum, some 4 bytes a postcode.

Layout: a line that names the format and its version; the SHA-256 of all that follows; the length of
the facts (4 bytes); the facts as JSON; the columns, each as differences in byte planes, deflated.
"""

from __future__ import annotations

import hashlib
import json
import struct
import zlib
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mosovo_planner.geo.errors import GazetteerError
from mosovo_planner.geo.folders import write_whole

_FORMAT = b"MOSOVO planner gazetteer "
_VERSION = 1
_LARGEST_COLUMN = 1 << 28
_CURE = "Import the postcode file again (mosovo-planner gazetteer FILE)."


@dataclass(frozen=True, eq=False)
class GazetteerArrays:
    """The columns: ``numbers`` uint32 (ascending once stored), ``lat``/``lon`` int32 of 1e-5 degrees, ``live`` bool."""

    numbers: NDArray[np.uint32]
    lat: NDArray[np.int32]
    lon: NDArray[np.int32]
    live: NDArray[np.bool_]


@dataclass(frozen=True)
class GazetteerFacts:
    """Where a gazetteer comes from: file names, day of import (ISO), and the attribution its licence asks for."""

    files: tuple[str, ...]
    imported: str
    attribution: str


def gazetteer_path(folder: Path) -> Path:
    """The gazetteer's file in a data folder."""
    return folder / "gazetteer.bin"


def write(path: Path, arrays: GazetteerArrays, facts: GazetteerFacts) -> None:
    """Store whole or not at all.

    Raises:
        GazetteerError: the folder cannot be written.
    """
    header = json.dumps({**asdict(facts), "units": len(arrays.numbers)}).encode()
    columns = (arrays.numbers.astype(np.int32), arrays.lat, arrays.lon)
    packed = [zlib.compress(_planes(column), 6) for column in columns]
    packed.append(zlib.compress(np.packbits(arrays.live).tobytes(), 6))
    body = struct.pack("<I", len(header)) + header + b"".join(struct.pack("<I", len(part)) + part for part in packed)
    try:
        write_whole({path: _FORMAT + b"%d\n" % _VERSION + hashlib.sha256(body).digest() + body})
    except OSError as wrong:
        raise GazetteerError(
            f"The gazetteer could not be stored in {path.parent}: {wrong.strerror or wrong}. "
            "The one before, if any, is unchanged; make room or give write permission, then import again."
        ) from wrong


def read(path: Path) -> tuple[GazetteerArrays, GazetteerFacts]:
    """Read and check a stored gazetteer.

    Raises:
        GazetteerError: it cannot be read, is damaged, or is of another version.
    """
    try:
        content = path.read_bytes()
    except OSError as wrong:
        raise GazetteerError(f"The gazetteer {path} could not be read: {wrong.strerror or wrong}. {_CURE}") from wrong
    first, _, rest = content[:64].partition(b"\n")
    if not first.startswith(_FORMAT) or not rest:
        raise GazetteerError(f"{path} is damaged: it does not begin as a gazetteer does. {_CURE}")
    if (version := first.removeprefix(_FORMAT)) != b"%d" % _VERSION:
        raise GazetteerError(
            f"{path} has format {version.decode('ascii', 'replace')}, and this program reads format {_VERSION}. {_CURE}"
        )
    start = len(first) + 1
    body = content[start + 32 :]
    if hashlib.sha256(body).digest() != content[start : start + 32]:
        raise GazetteerError(f"{path} is damaged: its checksum does not fit. {_CURE}")
    try:
        return _unpack(body)
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, OverflowError, MemoryError, struct.error, zlib.error):
        raise GazetteerError(f"{path} is damaged: its columns do not fit together. {_CURE}") from None


def _unpack(body: bytes) -> tuple[GazetteerArrays, GazetteerFacts]:
    length = struct.unpack_from("<I", body)[0]
    facts = json.loads(body[4 : 4 + length])
    at, parts = 4 + length, []
    for _ in range(4):
        size = struct.unpack_from("<I", body, at)[0]
        parts.append(_inflated(body[at + 4 : at + 4 + size]))
        at += 4 + size
    units = int(facts["units"])
    numbers, lat, lon = (_from_planes(part, units) for part in parts[:3])
    live = np.unpackbits(np.frombuffer(parts[3], np.uint8), count=units).astype(bool)
    arrays = GazetteerArrays(numbers.astype(np.uint32), lat, lon, live)
    return arrays, GazetteerFacts(tuple(facts["files"]), facts["imported"], facts["attribution"])


def _inflated(content: bytes) -> bytes:
    """Deflated bytes, up to what all the world's postcodes would need."""
    unpacker = zlib.decompressobj()
    plain = unpacker.decompress(content, _LARGEST_COLUMN)
    if unpacker.unconsumed_tail:
        raise ValueError("a column is too long")
    return plain


def _planes(column: NDArray[np.int32]) -> bytes:
    """Differences of neighbours, signs folded into the lowest bit, the four bytes of each apart."""
    steps = np.diff(column, prepend=np.int32(0))
    folded = ((steps << 1) ^ (steps >> 31)).astype("<u4")
    return folded.view(np.uint8).reshape(-1, 4).T.tobytes()


def _from_planes(content: bytes, units: int) -> NDArray[np.int32]:
    planes = np.frombuffer(content, np.uint8).reshape(4, units)
    folded = np.ascontiguousarray(planes.T).view("<u4").ravel().astype(np.uint32)
    steps = (folded >> 1).astype(np.int32) ^ -(folded & 1).astype(np.int32)
    return np.cumsum(steps, dtype=np.int32)
