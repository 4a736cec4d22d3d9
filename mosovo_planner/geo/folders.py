"""Where map data is kept: the user's own data folder, shared by workspaces; it holds nothing personal."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from tempfile import NamedTemporaryFile

from platformdirs import user_data_path

_PROGRAM = "mosovo-planner"
_OVERRIDE = "MOSOVO_DATA_DIR"


def data_folder(folder: Path | None = None) -> Path:
    """``folder`` where one is given, else ``$MOSOVO_DATA_DIR``, else the platform's data folder of this user."""
    if folder is not None:
        return Path(folder)
    if override := os.environ.get(_OVERRIDE):
        return Path(override)
    return user_data_path(_PROGRAM, appauthor=False)


def write_whole(contents: Mapping[Path, bytes]) -> None:
    """Write files so that they are either all whole or as they were before, whatever happens in between.

    Each is written beside its place first; only when all are safely on disk do they take their names.

    Raises:
        OSError: a folder cannot be made or written.
    """
    parts: dict[Path, Path] = {}
    try:
        for path, content in contents.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", suffix=".part", delete=False) as part:
                parts[path] = Path(part.name)
                part.write(content)
                part.flush()
                os.fsync(part.fileno())
            parts[path].chmod(0o644)  # nothing personal; a folder of the force's may serve many
        for path, written in parts.items():
            written.replace(path)
    finally:
        for written in parts.values():
            written.unlink(missing_ok=True)
