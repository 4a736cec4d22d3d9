"""Transactions over a wire that may be cut at any moment, also while the commit is under way.

What was not committed is not kept, and said so. Where the commit itself was cut off, the server is asked afterwards
whether it came to pass (``pg_xact_status``); only where it cannot be asked the user has to look himself.

A server that crashed meanwhile gives the number of a transaction that it lost to another one, whose end it then tells.
So the number counts only where the server has not been started, and its processes not begun anew, since it was given.
"""

from __future__ import annotations

import contextlib
import logging
import time
from collections.abc import Iterator

import psycopg
from psycopg import sql
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from mosovo_planner.store.base import outcome
from mosovo_planner.store.base.errors import RecordOfUseFailed, ServerUnreachable
from mosovo_planner.store.record.chain import TOLD

logging.getLogger("psycopg").setLevel(logging.CRITICAL)  # of a line that is cut the user is told in words, and once
_WAITS = (0.1, 0.5, 1.0, 2.0, 4.0)
"""Seconds between attempts to ask what became of a commit: a server that restarts is back in a moment, or not soon."""

_ASKED = text(f"SELECT pg_xact_status(CAST(:number AS xid8)) AS said, {outcome.SINCE} AS since")

_ENTRY = sql.SQL("INSERT INTO record_of_use ({}) VALUES ({})").format(
    sql.SQL(", ").join(map(sql.Identifier, TOLD)), sql.SQL(", ").join(map(sql.Placeholder, TOLD))
)

_UNREACHABLE = "The database server does not answer. Nothing was changed; what you typed is still here. Try again in a moment."
_LOST = "The connection to the database server was lost before anything was saved. What you typed is still here. Try again."
_UNKNOWN = (
    "The connection to the database server was lost while it saved, and it cannot be asked whether it did. "
    "When it answers again, look whether the change is there, before you make it once more."
)


@contextlib.contextmanager
def begun(engine: Engine) -> Iterator[Connection]:
    """One transaction; commits at the end, and finds out whether it did.

    Raises:
        ServerUnreachable: the connection was lost; the message says what that means for the change.
    """
    try:
        connection = engine.connect()
    except DBAPIError:
        raise ServerUnreachable(_UNREACHABLE) from None
    number, since = None, ""
    with connection:
        outcome.begin(connection)
        try:
            yield connection
            number, since = outcome.asked(connection)
        except DBAPIError as wrong:
            if wrong.connection_invalidated:
                raise ServerUnreachable(_LOST) from None
            raise
        try:
            _commit(connection)
        except DBAPIError as wrong:
            if not wrong.connection_invalidated or number is None:
                raise
            connection.invalidate()
        else:
            return
    if not _came_to_pass(engine, str(number), since):
        raise ServerUnreachable(_LOST)


def _commit(connection: Connection) -> None:
    """Commit; entries that go with it are sent at once with it, so that nobody waits for a word to and fro.

    Raises:
        RecordOfUseFailed: the entries were refused; nothing is kept.
        DBAPIError: the commit was refused, or the line was cut.
    """
    entries = outcome.last_entries(connection)
    if not entries:
        connection.commit()
        return
    raw = connection.connection.driver_connection
    assert isinstance(raw, psycopg.Connection)
    with raw.cursor() as cursor:
        try:
            with raw.pipeline():
                for entry in entries:
                    cursor.execute(_ENTRY, entry)
                connection.commit()
        except (psycopg.Error, DBAPIError) as wrong:
            if not raw.closed:
                raw.rollback()
                if cursor.statusmessage is None:  # no answer to an entry, so it was not the commit that failed
                    raise RecordOfUseFailed from None
            if isinstance(wrong, DBAPIError):
                raise
            raise DBAPIError(None, None, wrong, hide_parameters=True, connection_invalidated=raw.closed) from None


def _came_to_pass(engine: Engine, number: str, since: str) -> bool:
    """Whether the transaction of a number was committed, which the server gave while it ran ``since`` then.

    Raises:
        ServerUnreachable: the server does not say, or has crashed meanwhile.
    """
    for seconds in _WAITS:
        with contextlib.suppress(DBAPIError), engine.connect() as connection:
            answer = connection.execute(_ASKED, {"number": number}).one()
            if answer.said == "aborted":
                return False
            if answer.since != since:
                break
            if answer.said == "committed":
                return True
        time.sleep(seconds)
    raise ServerUnreachable(_UNKNOWN)
