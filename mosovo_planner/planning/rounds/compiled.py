"""How the search is compiled: once, kept on disk, free of Python's lock and of reference counts."""

from __future__ import annotations

import zlib
from pathlib import Path
from typing import Any

from numba import njit

KERNEL: dict[str, Any] = {
    "cache": True,
    "nogil": True,
    "error_model": "numpy",
    "_nrt": False,  # nothing is allocated inside, and counting references to the arrays takes more time than the search itself
}

# numba takes what it kept on disk for stale only where the file of the called function changed: not those it calls.
VERSION = zlib.crc32(b"".join(path.read_bytes() for path in sorted(Path(__file__).parent.glob("*.py"))))

kernel = njit(**KERNEL)
inlined = njit(**KERNEL, inline="always")
