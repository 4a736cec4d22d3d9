"""The watched folder: which files of logs lie in it that were not read yet. Nothing is moved, changed or deleted."""

from __future__ import annotations

import hashlib
from collections.abc import Container
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from mosovo_planner.exchange.errors import TrackerError

SUFFIXES = frozenset({".csv", ".txt", ".tsv", ".xlsx", ".xlsm", ".json"})
_SETTLED = timedelta(seconds=5)
_LARGEST = 60 * 2**20


@dataclass(frozen=True, slots=True)
class WaitingFile:
    """A file not read yet. ``digest`` (SHA-256) tells it apart from those that were, whatever their names."""

    path: Path
    digest: str


def waiting_files(folder: Path, seen: Container[str], now: datetime) -> tuple[WaitingFile, ...]:
    """Files of logs whose content is not among the digests ``seen``, oldest first; each content once.

    A file changed within five seconds of ``now`` (local time without zone) may still be written, and waits; a file
    that cannot be opened is met again next time. Raises TrackerError where the folder cannot be read.
    """
    try:
        paths = [path for path in folder.iterdir() if path.suffix.casefold() in SUFFIXES and not path.name.startswith(("~", "."))]
    except OSError as error:
        raise TrackerError(f"The watched folder cannot be read ({error.strerror or 'input error'}). Choose it again.") from None
    found: dict[str, tuple[float, WaitingFile]] = {}
    for path in sorted(paths):
        try:
            facts = path.stat()
            changed = datetime.fromtimestamp(facts.st_mtime)  # local time, as now is
            if not path.is_file() or facts.st_size > _LARGEST or now - changed < _SETTLED:
                continue
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
        except OSError:
            continue
        if digest not in seen:
            found.setdefault(digest, (facts.st_mtime, WaitingFile(path, digest)))
    return tuple(each for _, each in sorted(found.values(), key=lambda item: (item[0], item[1].path)))
