"""How the search is compiled: once, kept on disk, free of Python's lock and of reference counts."""

from __future__ import annotations

import zlib
from pathlib import Path
from typing import Any

from numba import njit

INNER: dict[str, Any] = {
    "nogil": True,
    "error_model": "numpy",
    "_nrt": False,  # nothing is allocated inside, and counting references to the arrays takes more time than the search itself
}
UNWRAPPED = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}  # called from compiled code only: half the time to compile

# numba takes what it kept on disk for stale only where the file of the called function changed: not those it calls.
VERSION = zlib.crc32(b"".join(path.read_bytes() for path in sorted(Path(__file__).parent.glob("*.py"))))

_compile: Any = njit  # its types do not know all its options
entry = _compile(**INNER, cache=True)
kernel = _compile(**INNER, **UNWRAPPED)
inlined = _compile(**INNER, **UNWRAPPED, inline="always")
