"""Where map data is kept: the user's own data folder, shared by workspaces; it holds nothing personal."""

from __future__ import annotations

import os
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


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that it is either wholly there or as it was before, whatever happens in between.

    Raises:
        OSError: the folder cannot be made or written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", suffix=".part", delete=False) as part:
        try:
            part.write(content)
            part.flush()
            os.fsync(part.fileno())
            part.close()
            Path(part.name).chmod(0o644)  # nothing personal; a folder of the force's may serve many
            Path(part.name).replace(path)
        except BaseException:
            part.close()
            Path(part.name).unlink(missing_ok=True)
            raise
