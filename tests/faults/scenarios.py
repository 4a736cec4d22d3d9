"""Every kind of fault with its long count, in the order in which the command tries them."""

from __future__ import annotations

import errno
import random
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from mosovo_planner.exchange import TrackerError
from mosovo_planner.office.imports import commit_import, preview_import
from mosovo_planner.office.session import Session
from mosovo_planner.store import create_workspace
from mosovo_planner.store.backups.backup import verify
from mosovo_planner.store.base import engines
from tests.faults import damage, deeds, many, servers, states, trials
from tests.faults.ledger import CHEAP, PASSPHRASE, USER, Ground, ground
from tests.faults.trials import Count


@dataclass(frozen=True)
class Scenario:
    """``run`` tries about so many and yields its counts as they are done; ``long`` is how many the long form tries."""

    name: str
    long: int
    run: Callable[[int, random.Random], Iterator[Count]]


_LOOPED = ("write", "checkpoint", "import", "backup", "re-key", "pass phrase")
"""The deeds that can go on in a workspace that was killed before, so that damage would add up."""


def _each_deed(
    count: int, rng: random.Random, act: Callable[[Ground, deeds.Deed, int, Count], None], name: str
) -> Iterator[Count]:
    share = max(1, count // len(deeds.ALL))
    for deed in deeds.ALL:
        counted = Count(f"{deed.name}, {name}")
        with ground() as place:
            deed.prepare(place)
            place.keep()
            act(place, deed, share, counted)
        yield counted


def _kills(count: int, rng: random.Random) -> Iterator[Count]:
    """Half at steps of the disk, half at any moment."""
    yield from _each_deed(
        count // 2, rng, lambda place, deed, share, told: trials.killed_at_steps(place, deed, share, rng, told), "killed at steps"
    )
    looped = [deed for deed in deeds.ALL if deed.name in _LOOPED]
    for deed in looped:
        counted = Count(f"{deed.name}, killed at any moment")
        left = max(1, count // 2 // len(looped))
        while left:
            with ground() as place:
                place.keep()
                times = min(left, 25)  # then a fresh workspace, for each check reads the whole record of use
                trials.killed_at_random(place, deed, rng, counted, times, 0.2)
                left -= times
        yield counted


def _short(count: int, rng: random.Random) -> Iterator[Count]:
    """A little of all that a whole opening answers: for the test run."""
    for deed in (each for each in deeds.ALL if each.name != "create"):  # tried by each test that makes a workspace
        told = Count(deed.name)
        with ground() as place:
            deed.prepare(place)
            place.keep()
            trials.killed_at_steps(place, deed, count, rng, told)
            trials.failing_at_steps(place, deed, count, rng, told, errno.ENOSPC)
            trials.power_cuts(place, deed, 2 * count, rng, told, ordered=bool(rng.randrange(2)))
        yield told
    yield from _damage(6 * count, rng)
    yield from _processes(15 * count, rng)
    yield from _imports(15 * count, rng)


def _honest(count: int, rng: random.Random) -> Iterator[Count]:
    """That the power cuts would be noticed: with a database that does not wait for the disk they lose what was confirmed."""
    told, careless = Count("a careless database is caught"), Count("careless")
    settings = engines._SETTINGS
    engines._SETTINGS = tuple(each.replace("= FULL", "= NORMAL") for each in settings)
    try:
        with ground() as place:
            place.keep()
            trials.power_cuts(place, deeds.ALL[0], count, rng, careless, ordered=True)
    finally:
        engines._SETTINGS = settings
    lost = sum("confirmed" in each for each in careless.found)
    told.told["cuts that lost confirmed deeds, and were noticed"] = lost
    told.take("careless", [] if lost else ["losses are not noticed"])
    yield told


def _power(count: int, rng: random.Random) -> Iterator[Count]:
    for ordered, name in ((True, "power cut, journalling file system"), (False, "power cut, what POSIX promises")):

        def cut(place: Ground, deed: deeds.Deed, share: int, told: Count, ordered: bool = ordered) -> None:
            trials.power_cuts(place, deed, share, rng, told, ordered)

        yield from _each_deed(count // 2, rng, cut, name)


def _full(count: int, rng: random.Random) -> Iterator[Count]:
    yield from _each_deed(
        count,
        rng,
        lambda place, deed, share, told: trials.failing_at_steps(place, deed, share, rng, told, errno.ENOSPC),
        "disk full from a step on",
    )


def _errors(count: int, rng: random.Random) -> Iterator[Count]:
    yield from _each_deed(
        count,
        rng,
        lambda place, deed, share, told: trials.failing_at_steps(place, deed, share, rng, told, errno.EIO),
        "one step fails",
    )


def _damage(count: int, rng: random.Random) -> Iterator[Count]:
    """``count`` is of those that a whole opening answers; every byte is quick. With fewer than 100 a part of the bytes."""
    share = 1.0 if count >= 100 else 0.01
    with ground() as place:
        key = damage.filled(place)
        yield _counted("bytes of data.db", lambda told: damage.every_byte(place, key, told, rng, share))
        yield _counted("bits and lengths of keys.json", lambda told: damage.key_files(place, told, share, rng))
        yield _counted(
            "flips and truncations, as the user meets them", lambda told: damage.told_to_the_user(place, told, rng, count)
        )
        yield _counted("old pages put back", lambda told: damage.old_pages(place, told))
        yield _counted("damaged backups", lambda told: damage.backups_damaged(place, told, rng, count))
        yield _counted("damaged write-ahead logs", lambda told: damage.log_damaged(place, told, rng, count))


def _counted(name: str, act: Callable[[Count], None]) -> Count:
    told = Count(name)
    act(told)
    return told


def _processes(count: int, rng: random.Random) -> Iterator[Count]:
    with ground() as place:
        place.keep()
        for processes in (2, 3, 5):
            yield _counted(
                f"{processes} windows", lambda told, of=processes: many.windows(place, told, of, count // of // 4 or 1)
            )
            yield _counted(f"{processes} writers", lambda told, of=processes: many.writers(place, told, of, count // of))


def _server(count: int, rng: random.Random) -> Iterator[Count]:
    """``count`` is the seconds of each: at the pace of people, then as fast as it goes."""
    from tests.store.postgres import running_server

    clients = 50 if count >= 60 else 8
    with running_server("max_connections=300") as server:
        for name, pace in (("a change a second each", 1.0), ("as fast as it goes", 0.0)):
            seconds = count if pace else count / 5
            told = Count(f"{clients} clients for {seconds:.0f} s, {name}")
            kills = max(1, int(seconds / 30))
            servers.clients_and_kills(server, told, clients=clients, seconds=seconds, kills=kills, pace=pace)
            yield told


def _states(count: int, rng: random.Random) -> Iterator[Count]:
    from tests.store.postgres import running_server

    with ground() as place:
        place.keep()
        numbers = iter(range(1, 1_000_000))

        def copied() -> tuple[str, Callable[[], None]]:
            target = place.root / f"{next(numbers)}.vp"
            shutil.copytree(place.folder, target)
            return str(target), lambda: shutil.rmtree(target, ignore_errors=True)

        yield _counted("two windows of a folder", lambda told: _ran(copied, count, told))
    with running_server() as server:
        base = server.new_database()
        create_workspace(server.url(base), USER, PASSPHRASE, kdf=CHEAP).close()

        def database() -> tuple[str, Callable[[], None]]:
            name = server.new_database(base)
            return server.url(name), lambda: server.drop_database(name)

        yield _counted("two clients of a server", lambda told: _ran(database, count, told))


def _ran(make: Callable[[], tuple[str, Callable[[], None]]], count: int, told: Count) -> None:
    try:
        states.run(make, count, 25)
    except AssertionError as wrong:
        told.found.append(str(wrong)[-2000:])
    told.tried += count


def _fuzz(count: int, rng: random.Random) -> Iterator[Count]:
    from tests.faults.fuzz import fuzz, readers

    every = readers()
    for reader in every:
        told = Count(reader.name)
        fuzz(reader, max(1, count * reader.share // sum(each.share for each in every)), rng, told)
        yield told


def _imports(count: int, rng: random.Random) -> Iterator[Count]:
    """Broken trackers through the whole import into a store: taken whole, or nothing of it."""
    with ground() as place:
        told = Count("broken trackers imported")
        with place.open() as workspace:
            session = Session(workspace)
            for number in range(count):
                _import(session, place.root, rng, told)
                if number % 200 == 199 or number == count - 1:
                    told.take("after imports", verify(workspace).problems)
        yield told


def _import(session: Session, folder: Path, rng: random.Random, told: Count) -> None:
    from tests.faults import seeds
    from tests.faults.mutating import of_archive, of_cells, of_xml

    sheet = rng.random() < 0.3
    path = folder / ("t.xlsx" if sheet else "t.csv")
    of = seeds.TRACKER_XLSX if sheet else seeds.TRACKER_CSV
    path.write_bytes((of_archive(of_xml) if sheet else of_cells)(rng.choice(of), rng))
    before = _held(session)
    try:
        preview = preview_import(session, path, date(2026, 11, 23))
        commit_import(session, preview)
    except TrackerError:
        told.tell("refused")
        told.take("refused", [] if _held(session) == before else ["something was stored all the same"])
        return
    except Exception as other:  # noqa: BLE001  every kind is a finding
        told.take("import", [f"{type(other).__name__}: {other}"])
        return
    finally:
        shutil.rmtree(session.workspace.folder / "backups", ignore_errors=True)  # type: ignore[operator]
    told.tell("taken")
    held, wrong = _held(session), []
    for new in preview.new_offenders:
        stored = held.get(new.ref)
        if stored is None or stored.surname != new.surname:
            wrong.append("a row of a stored import is missing")
    told.take("taken", wrong)


def _held(session: Session) -> dict[str, object]:
    with session.workspace.transaction() as unit:
        return {each.ref: each for each in unit.offenders()}


SCENARIOS = (
    Scenario("honest", 100, _honest),
    Scenario("kill", 1000, _kills),
    Scenario("power", 2000, _power),
    Scenario("full", 1000, _full),
    Scenario("errors", 1000, _errors),
    Scenario("damage", 1000, _damage),
    Scenario("processes", 1000, _processes),
    Scenario("server", 600, _server),
    Scenario("states", 100, _states),
    Scenario("imports", 1000, _imports),
    Scenario("fuzz", 100_000, _fuzz),
)
SHORT = (Scenario("honest", 10, _honest), Scenario("short", 1, _short))
