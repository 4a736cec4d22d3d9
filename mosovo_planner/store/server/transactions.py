"""Transactions over a wire that may be cut at any moment, also while the commit is under way.

What was not committed is not kept, and said so. Where the commit itself was cut off, the server is asked afterwards
whether it came to pass (``pg_xact_status``); only where it cannot be asked the user has to look himself.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from mosovo_planner.store.errors import ServerUnreachable

_WAITS = (0.1, 0.5, 1.0, 2.0, 4.0)
"""Seconds between attempts to ask what became of a commit: a server that restarts is back in a moment, or not soon."""

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
    number = None
    with connection:
        try:
            yield connection
            number = connection.execute(text("SELECT pg_current_xact_id_if_assigned()::text")).scalar()
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
    if not _came_to_pass(engine, str(number)):
        raise ServerUnreachable(_LOST)


def _came_to_pass(engine: Engine, number: str) -> bool:
    """Whether the transaction of a number was committed.

    Raises:
        ServerUnreachable: the server does not say.
    """
    for seconds in _WAITS:
        with contextlib.suppress(DBAPIError), engine.connect() as connection:
            said = connection.execute(text("SELECT pg_xact_status(CAST(:number AS xid8))"), {"number": number}).scalar()
            if said in ("committed", "aborted"):
                return bool(said == "committed")
        time.sleep(seconds)
    raise ServerUnreachable(_UNKNOWN)
