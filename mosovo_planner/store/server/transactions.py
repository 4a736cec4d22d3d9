"""Transactions over a wire that may be cut at any moment, also while the commit is under way.

What was not committed is not kept, and said so. Where the commit itself was cut off, the server is asked afterwards
whether it came to pass (``pg_xact_status``); only where it cannot be asked the user has to look himself.

A server that crashed meanwhile gives the number of a transaction that it lost to another one, whose end it then tells.
So the number counts only where the server has not been started, and its processes not begun anew, since it was given.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from mosovo_planner.store.base.errors import ServerUnreachable

_WAITS = (0.1, 0.5, 1.0, 2.0, 4.0)
"""Seconds between attempts to ask what became of a commit: a server that restarts is back in a moment, or not soon."""

_SINCE = "pg_postmaster_start_time()::text || coalesce((SELECT ' ' || stats_reset FROM pg_stat_bgwriter), '')"
"""Since when the server runs without a crash: its start, and the start of its statistics, which a crash discards."""
_NUMBERED = text(f"SELECT pg_current_xact_id_if_assigned()::text AS number, {_SINCE} AS since")
_ASKED = text(f"SELECT pg_xact_status(CAST(:number AS xid8)) AS said, {_SINCE} AS since")

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
        try:
            yield connection
            number, since = connection.execute(_NUMBERED).one()
        except DBAPIError as wrong:
            if wrong.connection_invalidated:
                raise ServerUnreachable(_LOST) from None
            raise
        try:
            connection.commit()
        except DBAPIError as wrong:
            if not wrong.connection_invalidated or number is None:
                raise
            connection.invalidate()
        else:
            return
    if not _came_to_pass(engine, str(number), since):
        raise ServerUnreachable(_LOST)


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
