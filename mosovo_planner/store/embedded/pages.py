"""A look at every page of a workspace's file while people work in it.

Nobody waits for it: it reads on a connection of its own, from one state of the database, and a read transaction keeps
the write-ahead log from being brought into the file meanwhile, so that no page changes under it. What it suspects has
still to be confirmed with everybody kept out (``snapshot.file_problems``).
"""

from __future__ import annotations

import contextlib
from pathlib import Path

from mosovo_planner.domain.progress import Cancelled, Progress, Reporter
from mosovo_planner.store.base.engines import DriverError, connect_file
from mosovo_planner.store.base.errors import DamagedWorkspace

_STEPS = 1000
"""How many steps of the database's own machine lie between two looks at whether to go on."""


def looks_damaged(path: Path, key: bytes, report: Reporter) -> bool:
    """Whether a page fails its seal, or the structure does not hold together.

    Raises:
        Cancelled: from ``report``, which is asked all the way through the structure and between the steps.
    """
    steps = _Steps(report)
    steps.go_on()
    try:
        with contextlib.closing(connect_file(path, key)) as connection:
            connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
            connection.execute("BEGIN")
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
            if connection.execute("PRAGMA cipher_integrity_check").fetchall():
                return True
            steps.go_on()
            connection.set_progress_handler(steps.stops, _STEPS)
            return bool(connection.execute("PRAGMA quick_check(1)").fetchall() != [("ok",)])
    except (DriverError, DamagedWorkspace):
        if steps.stopped:
            raise Cancelled from None
        return True


class _Steps:
    """Asks a reporter from inside the database, where no exception passes."""

    def __init__(self, report: Reporter) -> None:
        self._report = report
        self.stopped = False

    def go_on(self) -> None:
        self._report(Progress("Checking the database file"))

    def stops(self) -> int:
        try:
            self.go_on()
        except Cancelled:
            self.stopped = True
        return int(self.stopped)
