"""Problems in, proposals out: allocation by location, crews, rounds and their explanation. OR-Tools lives here only."""

import hashlib
import os
from pathlib import Path

from platformdirs import user_cache_path


def _keep_compiled_code_apart() -> None:
    """Give the compiled search a cache of its own for each state of its source.

    numba renews a cached function when its own file changes, but not when a function it calls in another
    file does; after an update such a mixture writes over memory.
    """
    digest = hashlib.sha256()
    for room in ("allocation", "rounds"):
        for source in sorted((Path(__file__).parent / room).rglob("*.py")):
            digest.update(source.read_bytes())
    folder = user_cache_path("mosovo-planner", appauthor=False) / "compiled" / digest.hexdigest()[:16]
    os.environ.setdefault("NUMBA_CACHE_DIR", str(folder))


_keep_compiled_code_apart()
