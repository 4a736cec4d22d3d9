"""The end of a transaction on a server: its number, by which the server can be asked what became of it, and its last entries.

Whoever seals an entry holds everybody's place in the chain of the record of use until he has committed, and each word to and
fro with the server is a wait for all others. So the number is asked for before, and the entries go together with the commit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, text

_HELD, _LAST = "mosovo_outcome", "mosovo_last_entries"
SINCE = "pg_postmaster_start_time()::text || coalesce((SELECT ' ' || stats_reset FROM pg_stat_bgwriter), '')"
"""Since when the server runs without a crash: its start, and the start of its statistics, which a crash discards."""
NUMBERED = text(f"SELECT pg_current_xact_id_if_assigned()::text AS number, {SINCE} AS since")
_AHEAD = f"SELECT pg_current_xact_id()::text AS number, {SINCE} AS since"
_AHEAD_ALONE, _AHEAD_TOLD = text(_AHEAD), text(f"{_AHEAD}, pg_notify(:channel, :words)")

Outcome = tuple[str | None, str]


def ask_ahead(connection: Connection, notice: dict[str, str] | None) -> None:
    """Ask for the number of a transaction that is going to write, and let its notice go with the question."""
    row = connection.execute(_AHEAD_TOLD, notice).one() if notice else None
    if row is None and _HELD not in connection.info:
        row = connection.execute(_AHEAD_ALONE).one()
    if row is not None:
        connection.info[_HELD] = (row.number, row.since)


def begin(connection: Connection) -> None:
    """A transaction begins, of which nothing was asked yet."""
    for each in (_HELD, _LAST):
        connection.info.pop(each, None)


def go_last(connection: Connection, entries: Sequence[Mapping[str, Any]]) -> None:
    """Let entries of the record of use go with the commit."""
    connection.info[_LAST] = list(entries)


def last_entries(connection: Connection) -> list[Mapping[str, Any]]:
    """The entries that are to go with the commit."""
    return list(connection.info.get(_LAST, ()))


def asked(connection: Connection) -> Outcome:
    """The number of the transaction, None where it wrote nothing, and since when the server runs."""
    held: Outcome | None = connection.info.get(_HELD)
    if held is None:
        row = connection.execute(NUMBERED).one()
        held = row.number, row.since
    return held
