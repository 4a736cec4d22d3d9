"""A deed, cut off at one of its steps on the way to the disk: killed, out of power, out of room."""

from __future__ import annotations

import errno
import os
import pickle  # between a process and its own copy
import random
import select
import signal
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from mosovo_planner.domain.errors import UserError
from tests.faults.deeds import Deed
from tests.faults.disk import Disk, Step, die, ended, fork
from tests.faults.ledger import OTHER_PASSPHRASE, PASSPHRASE, Ground, deeds_held, opens, write_told
from tests.faults.power import cuts, lay_down

_MANY = 100_000
_ALLOCATE = frozenset({"write", "mkdir", "copy", "sync"})


@dataclass
class Count:
    """How many trials were made, and what was found."""

    name: str
    tried: int = 0
    found: list[str] = field(default_factory=list)
    told: dict[str, int] = field(default_factory=dict)

    def take(self, where: str, wrong: Iterable[str]) -> None:
        self.tried += 1
        self.found += [f"{where}: {words}" for words in wrong]

    def tell(self, words: str) -> None:
        self.told[words] = self.told.get(words, 0) + 1


def steps_of(ground: Ground, deed: Deed) -> list[tuple[str, str]]:
    """The steps of one deed, done from its beginning on the ground as kept."""
    met: list[tuple[str, str]] = []

    def before(kind: str, path: str) -> int:
        met.append((kind, path))
        return 0

    def work(pipe: int) -> None:
        with Disk(ground.root, before).watched():
            deed.act(ground, 1, 1, lambda number: None)
        os.write(pipe, "\n".join(f"{kind}\t{path}" for kind, path in met).encode())

    ground.again()
    lines, status = ended(*fork(work))
    if status:
        raise RuntimeError(f"{deed.name} fails undisturbed: {lines[-3:]}")
    return [(kind, path) for kind, _, path in (line.partition("\t") for line in lines)]


def spread(steps: Sequence[object], wanted: int, rng: random.Random) -> list[int]:
    """So many places among the steps: all where they are few, else drawn, the first and last among them."""
    if len(steps) <= wanted:
        return list(range(len(steps)))
    if wanted < 3:
        return sorted(rng.sample(range(len(steps)), wanted))
    return sorted({0, len(steps) - 1, *rng.sample(range(len(steps)), wanted - 2)})


def killed_at_steps(ground: Ground, deed: Deed, wanted: int, rng: random.Random, count: Count) -> None:
    """kill -9 just before a step, at each of the places drawn."""
    for at in spread(steps_of(ground, deed), wanted, rng):
        ground.again()
        lines, status = _tried(ground, deed, at, lambda kind: die())
        _judge(ground, deed, count, f"{deed.name} killed at step {at}", lines, status in (0, -signal.SIGKILL))


def failing_at_steps(ground: Ground, deed: Deed, wanted: int, rng: random.Random, count: Count, number: int) -> None:
    """From a step on the disk is full (``ENOSPC``), or one step fails (``EIO``); the deed must end with a clear error."""
    name = errno.errorcode[number]
    steps = [place for place, (kind, _) in enumerate(steps_of(ground, deed)) if kind in _ALLOCATE or number != errno.ENOSPC]
    for at in (steps[place] for place in spread(steps, wanted, rng)):
        ground.again()
        lines, status = _tried(ground, deed, at, lambda kind: number, lasting=number == errno.ENOSPC)
        errors = [line[1:] for line in lines if line.startswith("?")]
        count.tell(f"{name}: {errors[0].split(':')[0]}" if errors else f"{name}: done all the same")
        _judge(ground, deed, count, f"{deed.name} {name} at step {at}", lines, status == 0)


def _tried(ground: Ground, deed: Deed, at: int, fault: Callable[[str], int], lasting: bool = False) -> tuple[list[str], int]:
    def work(pipe: int) -> None:
        met = -1

        def before(kind: str, path: str) -> int:
            nonlocal met
            met += 1
            if met == at:
                return fault(kind)
            return fault(kind) if lasting and met > at and kind in _ALLOCATE else 0

        with Disk(ground.root, before).watched():
            try:
                deed.act(ground, 1, 1, lambda number: _say(pipe, str(number)))
            except UserError as clear:
                _say(pipe, f"?{type(clear).__name__}: {clear}")

    return ended(*fork(work))


def _say(pipe: int, words: str) -> None:
    os.write(pipe, f"{words}\n".encode())


def _judge(ground: Ground, deed: Deed, count: Count, where: str, lines: list[str], expected: bool) -> None:
    acked = max((int(line) for line in lines if line.isdigit()), default=0)
    wrong = [] if expected else [f"the program ended with: {' | '.join(lines[-4:])}"]
    count.take(where, wrong + checked(ground, deed, acked, max(1, acked)))


def checked(ground: Ground, deed: Deed, acked: int, begun: int, told: Iterable[int] | None = None) -> list[str]:
    """The check, made in a process of its own, so that a crash of it is one finding.

    ``told`` are the deeds that were confirmed, all up to ``acked`` where not given.
    """
    write_told(ground, range(1, acked + 1) if told is None else told)

    def work(pipe: int) -> None:
        for words in deed.check(ground, acked, begun):
            _say(pipe, f"- {words}")

    lines, status = ended(*fork(work))
    found = [line[2:] for line in lines if line.startswith("- ")]
    return found if status == 0 else [*found, f"the check itself broke: {' | '.join(lines[-4:])}"]


def killed_at_random(ground: Ground, deed: Deed, rng: random.Random, count: Count, kills: int, longest: float) -> None:
    """kill -9 at any moment; the next child goes on with the same workspace, so that damage would add up."""
    done, told = 0, []
    ground.again()
    for _ in range(kills):
        first = done + 1
        child, pipe = fork(lambda there, first=first: deed.act(ground, first, _MANY, lambda number: _say(there, str(number))))
        _wait_for_first(pipe, rng.uniform(0, longest))
        os.kill(child, signal.SIGKILL)
        lines, _ = ended(child, pipe)
        wrong = [line for line in lines if not line.isdigit()]
        told += [int(line) for line in lines if line.isdigit()]
        acked = max([*told[-1:], done])
        count.take(f"{deed.name} killed after deed {acked}", [*wrong, *checked(ground, deed, acked, acked + 1, told)])
        done = _held(ground, acked)


def _wait_for_first(pipe: int, seconds: float) -> None:
    """Let the child begin and go on for so long; its own end ends the wait."""
    ready, _, _ = select.select([pipe], [], [], 10)
    if ready:
        time.sleep(seconds)


def _held(ground: Ground, acked: int) -> int:
    """Whether the deed after the last confirmed one is there too."""

    def work(pipe: int) -> None:
        with ground.open(PASSPHRASE if opens(ground, PASSPHRASE) else OTHER_PASSPHRASE) as workspace:
            _say(pipe, str(deeds_held(workspace)[0]))

    lines, status = ended(*fork(work))
    return int(lines[0]) if status == 0 and lines else acked


def power_cuts(ground: Ground, deed: Deed, wanted: int, rng: random.Random, count: Count, ordered: bool) -> None:
    """One recording of the deed, and as many states as wanted that the disk may be in if the power fails at a place in it."""
    ground.again()
    steps = recorded(ground, deed, 2 if deed.name in ("write", "checkpoint") else 1)
    places = sorted(rng.choices(range(len(steps) + 1), k=wanted))
    ground.again()
    for acked, state in list(cuts(ground.root, steps, places, rng, ordered)):
        lay_down(ground.root, state)
        how = "journal" if ordered else "strict"
        count.take(f"{deed.name}, power cut ({how})", checked(ground, deed, acked, 2 if acked else 1))


def recorded(ground: Ground, deed: Deed, deeds: int) -> list[Step]:
    """What reached the disk while the deed was done, in order, with the moments of its confirmations."""

    def work(pipe: int) -> None:
        disk = Disk(ground.root, record=True)
        with disk.watched():
            deed.act(ground, 1, deeds, disk.ack)
        with os.fdopen(os.dup(pipe), "wb") as told:
            pickle.dump(disk.steps, told)

    child, pipe = fork(work)
    with os.fdopen(pipe, "rb") as told:
        content = told.read()
    os.waitpid(child, 0)
    if content.startswith(b"!"):
        raise RuntimeError(content.decode())
    return list(pickle.loads(content))
