"""What every part of a unit of work shares: the connection, the record of use, who acts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection

from mosovo_planner.store.base.errors import BadRecord
from mosovo_planner.store.parts.sight import Sight
from mosovo_planner.store.record.chain import Actor, UseLog

_AT_ONCE = 1000


class Part:
    """Base of the parts of :class:`mosovo_planner.store.unit.Unit`."""

    def __init__(self, connection: Connection, actor: Actor) -> None:
        self._connection = connection
        self._actor = actor
        self._log = UseLog(connection, actor)
        self._sight = Sight(connection, actor)


def now() -> datetime:
    """This moment in UTC."""
    return datetime.now(UTC)


def check_storable(kind: str, row: Mapping[str, Any]) -> None:
    """Refuse text that not every database can keep: NUL, and halves of surrogate pairs.

    Raises:
        BadRecord: names the field, not its contents.
    """
    for name, value in row.items():
        if isinstance(value, str) and not storable(value):
            raise BadRecord(
                f"The {name.replace('_', ' ')} of one {kind} holds a character that cannot be stored. "
                "Nothing was saved; type that text again."
            )


def storable(text: str) -> bool:
    """Whether every database can keep this text."""
    if text.isascii():
        return "\0" not in text
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in text


def in_batches(values: Iterable[str]) -> Iterator[Sequence[str]]:
    """Lists short enough for one statement."""
    every = list(values)
    for start in range(0, len(every), _AT_ONCE):
        yield every[start : start + _AT_ONCE]
