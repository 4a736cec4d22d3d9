"""How the search is compiled: once, kept on disk, free of Python's lock and of reference counts."""

from __future__ import annotations

from typing import Any

from numba import njit

KERNEL: dict[str, Any] = {
    "cache": True,
    "nogil": True,
    "error_model": "numpy",
    "_nrt": False,  # nothing is allocated inside, and counting references to the arrays takes more time than the search itself
}
kernel = njit(**KERNEL)
inlined = njit(**KERNEL, inline="always")
