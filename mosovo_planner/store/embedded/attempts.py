"""Wrong pass phrases make the next guess wait: 0, 0, 1, 2, 4 … 60 seconds, and a quarter of an hour from the tenth on.

The tally of a workspace and user lies in the user's own folder for state, outside the workspace, so that starting the
program again does not help. It holds no wall clock: only the machine's own count of seconds since it was started, which
nobody sets. After a restart of the machine that count is smaller, and what is then counted as passed is never more than
what truly passed, so the delay is served at least in full.

A thief of the file is not stopped by this, for he brings his own program; Argon2id is what slows him down.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from mosovo_planner.store.base.errors import WorkspaceError, WrongPassphrase
from mosovo_planner.store.base.files import private_folder, write_atomically
from mosovo_planner.store.base.names import folded
from mosovo_planner.store.embedded.lock import try_lock
from mosovo_planner.store.record.watermark import state_folder

Clock = Callable[[], float]

_FREE = 2
_LONGEST = 60.0
_MANY, _LONG_WAIT = 10, 900.0
_PATIENCE = 15.0
"""Seconds to wait for another attempt of the same user that is going on."""

_unwritten: dict[Path, _Tally] = {}
"""Tallies that could not be written: kept at least as long as this program runs."""


class TooManyAttempts(WorkspaceError):
    """After wrong pass phrases the next try has to wait; ``seconds`` is how long."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        super().__init__(f"Wrong pass phrases were given. Nothing was tried; try again in {in_words(seconds)}.")


def in_words(seconds: float) -> str:
    """A wait as people say it: ``1 second``, ``14 minutes 5 seconds``."""
    minutes, rest = divmod(max(1, int(-(-seconds // 1))), 60)
    parts = [f"{count} {unit}{'s' if count != 1 else ''}" for count, unit in ((minutes, "minute"), (rest, "second")) if count]
    return " ".join(parts)


def delay(failures: int) -> float:
    """Seconds that the next try waits after so many wrong pass phrases in a row."""
    if failures >= _MANY:
        return _LONG_WAIT
    return 0.0 if failures <= _FREE else min(_LONGEST, 2.0 ** (failures - _FREE - 1))


@dataclass(frozen=True, slots=True)
class _Tally:
    """Wrong pass phrases in a row, and the machine's count of seconds at the last one."""

    failures: int = 0
    at: float = 0.0

    def left(self, now: float) -> float:
        """Seconds still to wait. A smaller count than then means a restart of the machine: what ran since is what passed."""
        passed = now - self.at if now >= self.at else now
        return max(0.0, delay(self.failures) - passed)


def waiting(place: str, user: str, clock: Clock = time.monotonic) -> float:
    """Seconds until this user may try again at ``place`` (a folder or a server's address); 0 where he may now."""
    return _read(_path(place, user)).left(clock())


@contextlib.contextmanager
def attempt(place: str, user: str, clock: Clock = time.monotonic) -> Iterator[None]:
    """Around whatever tries a pass phrase; one attempt of a user at a time, and it counts as wrong until it was right.

    Raises:
        TooManyAttempts: he has to wait; the block was not entered.
    """
    path = _path(place, user)
    with _alone(path):
        before = _read(path)
        left = before.left(clock())
        if left > 0:
            raise TooManyAttempts(left)
        _write(path, _Tally(before.failures + 1, clock()))  # whoever kills the program in the middle has made his try
        try:
            yield
        except WrongPassphrase:
            _write(path, _Tally(before.failures + 1, clock()))
            raise
        except BaseException:
            _write(path, before)
            raise
        _write(path, _Tally())


def _path(place: str, user: str) -> Path:
    where = re.sub("//[^/]*@", "//", place) if "://" in place else os.path.normcase(Path(place).expanduser().absolute().resolve())
    name = hashlib.sha256(f"attempts\0{where}\0{folded(user)}".encode("utf-8", "surrogatepass")).hexdigest()[:32]
    return state_folder() / "attempts" / name


def _read(path: Path) -> _Tally:
    if path in _unwritten:
        return _unwritten[path]
    try:
        told = json.loads(path.read_bytes())
        return _Tally(max(0, int(told["failures"])), float(told["at"]))
    except (OSError, ValueError, KeyError, TypeError, OverflowError):
        return _Tally()


def _write(path: Path, tally: _Tally) -> None:
    try:
        if tally.failures:
            private_folder(path.parent)
            write_atomically(path, json.dumps({"failures": tally.failures, "at": tally.at}).encode())
        else:
            path.unlink(missing_ok=True)
        _unwritten.pop(path, None)
    except OSError:
        _unwritten[path] = tally


@contextlib.contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Attempts side by side would each see the tally as it was before the others."""
    try:
        private_folder(path.parent)
        descriptor = os.open(path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT, 0o600)
    except OSError:
        yield  # a folder that cannot be written holds no tally either; the one in memory counts
        return
    try:
        until = time.monotonic() + _PATIENCE
        while True:
            try:
                try_lock(descriptor)
                break
            except OSError:
                if time.monotonic() > until:
                    raise TooManyAttempts(1.0) from None
                time.sleep(0.02)
        yield
    finally:
        os.close(descriptor)
