"""Connections: to the encrypted file by SQLCipher, or to a PostgreSQL server.

Settings and traps are measured in the project's notes on security: without FULL a power cut loses
commits, without temp_store MEMORY plain text reaches the temporary folder, a deferred BEGIN fails when
two processes write, and a build of SQLite without encryption takes ``PRAGMA key`` without a word.
"""

from __future__ import annotations

import contextlib
import errno
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as sqlcipher  # the only driver here that encrypts
from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool

from mosovo_planner.store.base.errors import (
    DamagedWorkspace,
    DiskFailed,
    NotAllowed,
    RefusedLocation,
    ServerUnreachable,
    WorkspaceBusy,
    WorkspaceError,
    WorkspaceFull,
)

DriverError: type[Exception] = sqlcipher.Error
"""What the driver of the embedded database raises."""

_PLAIN_HEADER = b"SQLite format 3\0"
_BUSY_SECONDS = 10
_BUSY_STATES = ("40001", "40P01", "55P03", "57014")
"""What PostgreSQL says where two change the same at once, or one waits too long."""
_SETTINGS = (
    "PRAGMA cipher_memory_security = OFF",
    "PRAGMA foreign_keys = ON",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA secure_delete = ON",
    "PRAGMA cell_size_check = ON",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
)


def connect_file(path: Path, key: bytes, *, create: bool = False) -> Any:
    """One keyed connection to a database file, with every setting checked.

    Raises:
        DamagedWorkspace: the file is missing, empty, not encrypted, or does not open with the key.
        sqlcipher.Error: anything else the database says.
    """
    if not create:
        check_header(path)
    mode = "rwc" if create else "rw"
    connection = sqlcipher.connect(
        f"{path.resolve().as_uri()}?mode={mode}",
        uri=True,
        timeout=_BUSY_SECONDS,
        isolation_level=None,
        check_same_thread=False,
    )
    try:
        connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        if not connection.execute("PRAGMA cipher_version").fetchone():
            raise DamagedWorkspace("This installation cannot encrypt (no SQLCipher).", "Install MOSOVO Planner again.")
        connection.execute("PRAGMA cipher_log_level = NONE")
        for setting in _SETTINGS:
            connection.execute(setting).fetchall()
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        if connection.execute("PRAGMA temp_store").fetchone()[0] != 2:
            raise DamagedWorkspace("This installation would write plain text to the disk.", "Install MOSOVO Planner again.")
    except BaseException:
        connection.close()
        raise
    return connection


def check_header(path: Path) -> None:
    """Refuse a database file that is missing, empty or not encrypted.

    Raises:
        DamagedWorkspace: with the reason.
    """
    try:
        with path.open("rb") as file:
            header = file.read(len(_PLAIN_HEADER))
    except FileNotFoundError:
        raise DamagedWorkspace(f"The database {path.name} of this workspace is missing.") from None
    if not header:
        raise DamagedWorkspace(f"The database {path.name} of this workspace is empty.")
    if header == _PLAIN_HEADER:
        raise DamagedWorkspace(f"The database {path.name} is not encrypted, so it was not made by this program.")


def file_engine(path: Path, key: Callable[[], bytes], *, create: bool = False) -> Engine:
    """An engine on an encrypted file. Transactions take the write lock at once (BEGIN IMMEDIATE).

    ``key`` is asked at each new connection, for it changes when a user's access is taken away.
    """
    engine = create_engine(
        "sqlite://",
        module=sqlcipher,
        creator=lambda: connect_file(path, key(), create=create),
        poolclass=QueuePool,
        pool_size=4,
        hide_parameters=True,
    )

    @event.listens_for(engine, "begin")
    def begin_immediately(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def server_engine(url: URL) -> Engine:
    """An engine on a PostgreSQL server. Dead connections are noticed before they are used."""
    return create_engine(
        url,
        hide_parameters=True,
        pool_pre_ping=True,
        pool_size=4,
        connect_args={"connect_timeout": _BUSY_SECONDS, "application_name": "mosovo-planner"},
    )


@contextlib.contextmanager
def translated() -> Iterator[None]:
    """Turn what the database says into a message for the user; the original text may hold personal data."""
    try:
        yield
    except DBAPIError as wrong:
        raise _meaning(wrong.orig, lost=wrong.connection_invalidated) from None
    except sqlcipher.Error as wrong:
        raise _meaning(wrong) from None


@contextlib.contextmanager
def files_translated() -> Iterator[None]:
    """As :func:`translated`, for work on the workspace's own files: also what the system says about them."""
    try:
        with translated():
            yield
    except OSError as wrong:
        if wrong.errno == errno.ENOSPC:
            raise WorkspaceFull from None
        if wrong.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            raise _read_only() from None
        raise WorkspaceError(
            f"A file of the workspace could not be reached ({wrong.strerror or type(wrong).__name__}). Check its disk and folder."
        ) from None


def _meaning(wrong: BaseException | None, lost: bool = False) -> WorkspaceError:
    said = str(wrong).lower()
    for words, meaning in _FILE_ERRORS.items():
        if words in said:
            return meaning()
    if lost or getattr(wrong, "sqlstate", "") is None or "connection" in said:
        return ServerUnreachable(
            "The connection to the database server was lost. The change was not confirmed: look whether it is there, then go on."
        )
    state = getattr(wrong, "sqlstate", "") or ""
    if state in _BUSY_STATES:
        return WorkspaceBusy()
    if state == "42501":
        return NotAllowed("The server does not let your account do this, or not with this record. Nothing was changed.")
    kind = type(wrong).__name__
    code = getattr(wrong, "sqlite_errorname", None) or getattr(wrong, "sqlstate", None) or "no code"
    return WorkspaceError(f"The database refused the work ({kind}, {code}). Nothing was changed. Run: mosovo-planner verify.")


def _damaged() -> WorkspaceError:
    return DamagedWorkspace("The database of this workspace is damaged.")


def _read_only() -> WorkspaceError:
    return RefusedLocation("The workspace cannot be written. Give yourself the right to write to its folder, then open it again.")


def _no_longer_writable() -> WorkspaceError:
    return DamagedWorkspace("The database of this workspace can no longer be written: it is damaged, or was made read-only.")


_FILE_ERRORS = {
    "file is not a database": _damaged,
    "malformed": _damaged,
    "database is locked": WorkspaceBusy,
    "database or disk is full": WorkspaceFull,
    "readonly database": _no_longer_writable,
    "disk i/o error": DiskFailed,
    "unable to open database file": _read_only,
}
