"""Arrays with a few facts in one .npz file, without pickles, for what is imported once and read often."""

from __future__ import annotations

import io
import json
import struct
import tokenize
import warnings
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mosovo_planner.geo.errors import GeoError
from mosovo_planner.geo.folders import write_whole

_FACTS = "facts"
_DAMAGE = (
    *(ValueError, TypeError, KeyError, IndexError, AttributeError, EOFError, MemoryError, OverflowError, SyntaxError),
    *(RuntimeError, struct.error, tokenize.TokenError, zipfile.BadZipFile, zlib.error),
)
"""How a damaged file shows itself, wherever numpy and zipfile stumble."""
_VERSION = 1


def packed(facts: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """The content of a file that holds these arrays and facts."""
    told = np.frombuffer(json.dumps({**facts, "version": _VERSION}).encode(), dtype=np.uint8)
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **{_FACTS: told, **arrays})  # type: ignore[arg-type]
    return buffer.getvalue()


def store(contents: Mapping[Path, bytes], error: type[GeoError]) -> None:
    """Write files all together or not at all.

    Raises:
        GeoError: of the kind ``error``, where a folder cannot be written.
    """
    try:
        write_whole(contents)
    except OSError as wrong:
        folder = next(iter(contents)).parent
        raise error(
            f"Nothing could be stored in {folder}: {wrong.strerror or wrong}. "
            "What was there before is unchanged; make room or give write permission, then import again."
        ) from wrong


def read_arrays(path: Path, error: type[GeoError], cure: str) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """The facts and arrays of a stored file.

    Raises:
        GeoError: of the kind ``error``, with the cure, where the file is damaged or of another version.
    """
    try:
        with warnings.catch_warnings(), np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as held:
            warnings.simplefilter("ignore")  # numpy takes a damaged header for an old one
            arrays = {name: held[name] for name in held.files}
        facts = json.loads(arrays.pop(_FACTS).tobytes())
        version = facts["version"]
    except (OSError, *_DAMAGE) as wrong:
        raise error(f"{path} is damaged. {cure}") from wrong
    if version != _VERSION:
        raise error(f"{path} is of another version of this program. {cure}")
    return facts, arrays
