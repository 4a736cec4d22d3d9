"""Hearing of others' changes: a server tells at each commit which records it changed, by reference and no more.

Anybody who may connect to the database can listen, so that it is a hint to read again under one's own rights, nothing else.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import psycopg
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from mosovo_planner.store.record.chain import CHANNEL, EVERYTHING

_PATIENCE = 0.2
"""Seconds after which the thread looks whether it is to stop."""
_LONGEST_WAIT = 30.0


@dataclass(frozen=True, slots=True)
class Change:
    """What somebody else changed: subjects as in the record of use; empty where it may be anything."""

    subjects: frozenset[str] = frozenset()


class Listener:
    """Tells ``heard`` of changes by other sessions, on a thread of its own, until it is stopped.

    After a lost connection it connects again by itself, and tells of a change of anything, for some may have been missed.
    """

    def __init__(self, engine: Engine, session: str, heard: Callable[[Change], object]) -> None:
        self._engine = engine
        self._session = session
        self._heard = heard
        self._stopping = threading.Event()
        self._speaking = threading.RLock()
        self.ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="changes of others", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End it; it does not speak afterwards. Stopping twice does nothing.

        A server that does not answer keeps the thread for as long as a connection may take, and nobody waits for that: a
        window that locks has to be gone.
        """
        self._stopping.set()
        with self._speaking:  # what is being told just now is told to its end
            pass
        if self._thread is not threading.current_thread():
            self._thread.join(2 * _PATIENCE)

    def _run(self) -> None:
        wait, first = 1.0, True
        while not self._stopping.is_set():
            unreached = contextlib.suppress(psycopg.Error, SQLAlchemyError, OSError)
            with unreached, contextlib.closing(self._connection()) as connection:
                connection.execute(f"LISTEN {CHANNEL}")
                if not first:
                    self._tell(Change())
                wait, first = 1.0, False
                self.ready.set()
                self._listen(connection)
            self._stopping.wait(wait)
            wait = min(_LONGEST_WAIT, wait * 2)

    def _connection(self) -> Any:
        """A connection beside the pool's, which no transaction uses."""
        pooled = self._engine.raw_connection()
        connection: Any = pooled.driver_connection
        pooled.detach()
        connection.rollback()
        connection.autocommit = True
        return connection

    def _listen(self, connection: Any) -> None:
        while not self._stopping.is_set():
            said: Iterable[Any] = connection.notifies(timeout=_PATIENCE)
            for each in said:
                session, _, subjects = each.payload.partition(" ")
                if session != self._session and not self._stopping.is_set():
                    known = frozenset() if subjects == EVERYTHING else frozenset(subjects.split("\t"))
                    self._tell(Change(known))

    def _tell(self, change: Change) -> None:
        with self._speaking:
            if not self._stopping.is_set():
                self._heard(change)
