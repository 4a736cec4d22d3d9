"""Writing files so that a crash leaves the old one or the new one, and nobody else can read them."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
from collections.abc import Iterator
from pathlib import Path


def write_atomically(path: Path, content: bytes) -> None:
    """Replace ``path`` by ``content``: temporary file, fsync, rename, fsync of the folder."""
    with atomic(path, content):
        pass


@contextlib.contextmanager
def atomic(path: Path, content: bytes) -> Iterator[None]:
    """As :func:`write_atomically`, with the rename at the end of the block: where that fails, ``path`` is as it was."""
    temporary = beside(path)
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        yield
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    sync_folder(path.parent)


UNFINISHED = re.compile(r"\..+\.[0-9a-f]{12}\.part")
"""The names that :func:`beside` gives."""


def beside(path: Path) -> Path:
    """A name in the same folder that nobody else uses, for work that is renamed to ``path`` when it is whole."""
    return path.with_name(f".{path.name}.{secrets.token_hex(6)}.part")


def sync_folder(folder: Path) -> None:
    """Make a rename in ``folder`` last through a power cut, where the system offers it."""
    with contextlib.suppress(OSError):  # Windows does not open folders
        _sync(folder, os.O_RDONLY)


def sync_file(path: Path) -> None:
    """Make a file that another library wrote last through a power cut."""
    _sync(path, os.O_RDWR)


def _sync(path: Path, flags: int) -> None:
    descriptor = os.open(path, flags)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def private_folder(folder: Path) -> None:
    """Make ``folder`` where it is absent, and readable by its owner only."""
    folder.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(OSError, NotImplementedError):  # file systems without modes keep their own rights
        folder.chmod(0o700)
