"""Many people at work on one server: how long a change with its entry takes, and that none is lost. Prints, judges nothing.

``python -m tests.benchmarks.server_load [--clients 50] [--rate 50] [--looks 0] [--seconds 60] [--processes 4]``

The clients are threads of several processes, so that one process's Python does not stand in another client's way. Each keeps
its own pace, with a chance in it; one change in five is of a record that everybody changes. ``--looks`` are records opened
beside, each a transaction with its entry. A change reads a record, writes it and seals its entry; it is timed from its first
statement to its confirmed commit, and split into what its statements took (server and wire), the sealing with the commit after
the last of them, and the rest (the client's own work). Each client's first change, which makes its connection, is not counted.
The server's data lies on the disk, with ``fsync`` on. Everybody in it is invented.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import random
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import event

from mosovo_planner.domain.people import Offender, OffenderManager
from mosovo_planner.domain.record import Operation
from mosovo_planner.domain.roles import Role
from mosovo_planner.store import Workspace, open_workspace
from mosovo_planner.store.backups.backup import verify
from mosovo_planner.store.base.errors import StaleRecord
from mosovo_planner.store.server.logins import NewUser, add_user
from mosovo_planner.store.server.prepare import prepare
from tests.store.postgres import running_server

PASSPHRASE = "three random words"
SHARED = "INV-00000"


@dataclass
class Client:
    """One person's changes: (seconds in all, in statements, in the commit), and how many of the shared record."""

    number: int
    changes: list[tuple[float, float, float]]
    looks: list[float]
    own: int = 0
    shared: int = 0
    stale: int = 0


class Watch:
    """What the statements of one client's transactions took, and when the last one ended."""

    def __init__(self, workspace: Workspace) -> None:
        self.statements, self.began, self.ended = 0.0, 0.0, 0.0
        engine = workspace.insides.engine
        event.listen(engine, "before_cursor_execute", self._begin)
        event.listen(engine, "after_cursor_execute", self._end)

    def _begin(self, *_given: object) -> None:
        self.began = time.perf_counter()

    def _end(self, *_given: object) -> None:
        self.ended = time.perf_counter()
        self.statements += self.ended - self.began


def person(number: int) -> str:
    return f"Sgt Invented {number:03}"


def work(address: str, numbers: Sequence[int], rate: float, looks: float, seconds: float, begin: Any, told: Any) -> None:
    """One process of clients."""
    crew = [Client(number, [], []) for number in numbers]
    opened = [open_workspace(address, person(each.number), PASSPHRASE) for each in crew]
    begin.wait()
    ends = time.monotonic() + seconds
    pairs = zip(opened, crew, strict=True)
    threads = [threading.Thread(target=_one, args=(workspace, each, rate, looks, ends)) for workspace, each in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for workspace in opened:
        workspace.close()
    told.put(crew)


def _one(workspace: Workspace, client: Client, rate: float, looks: float, ends: float) -> None:
    """``rate`` changes a second, and so many looks for each."""
    chance, watch = random.Random(client.number), Watch(workspace)
    due = time.monotonic() + chance.random() / rate
    while due < ends:
        time.sleep(max(0.0, due - time.monotonic()))
        due += chance.uniform(0.5, 1.5) / rate
        shared = chance.random() < 0.2
        ref = SHARED if shared else f"INV-{client.number:05}"
        if chance.random() < looks:
            began = time.perf_counter()
            with workspace.transaction() as unit:
                unit.offender(ref)
                unit.record(Operation.CONSULTATION, f"offender {ref}")
            client.looks.append(time.perf_counter() - began)
        watch.statements = 0.0
        began = time.perf_counter()
        try:
            with workspace.transaction() as unit:
                before = unit.offender(ref)
                assert before is not None
                unit.save_offenders([replace(before, notes=str(int(before.notes) + 1))])
        except StaleRecord:
            client.stale += 1
            continue
        done = time.perf_counter()
        client.changes.append((done - began, watch.statements, done - watch.ended))
        client.shared += shared
        client.own += not shared


def made(server: Any, clients: int, people: int) -> tuple[str, str]:
    """A prepared database with so many people; the administrator's address and the one without a login."""
    name = server.new_database()
    prepare(server.url(name))
    for number in range(clients + 1):
        add_user(server.url(name), NewUser(person(number), Role.SUPERVISOR, passphrase=PASSPHRASE))
    address = f"postgresql+psycopg://127.0.0.1:{server.port}/{name}"
    with open_workspace(address, person(0), PASSPHRASE) as workspace, workspace.transaction() as unit:
        unit.save_managers([OffenderManager(id=f"OM{number:03}") for number in range(people // 60 + 1)])
        unit.save_offenders(
            [Offender(ref=f"INV-{n:05}", surname="INVENTED", notes="0", manager=f"OM{n // 60:03}") for n in range(people)]
        )
    server.execute("ANALYZE", name)
    return server.url(name), address


def compared(address: str, crew: Sequence[Client]) -> list[str]:
    """What is not as the clients were told; empty where nothing was lost."""
    with open_workspace(address, person(0), PASSPHRASE) as workspace:
        with workspace.transaction() as unit:
            held = {each.ref: int(each.notes) for each in unit.offenders([SHARED, *(f"INV-{each.number:05}" for each in crew)])}
        mine = [(each, held[f"INV-{each.number:05}"]) for each in crew]
        lost = [f"client {each.number}: {there} of {each.own}" for each, there in mine if there != each.own]
        if held[SHARED] != sum(each.shared for each in crew):
            lost.append(f"the shared record: {held[SHARED]} of {sum(each.shared for each in crew)}")
        return [*lost, *verify(workspace).problems]


def share(values: Sequence[float], part: float) -> float:
    """A share of the values in milliseconds: 0.5 is the median."""
    ordered = sorted(values)
    return 1000 * ordered[min(len(ordered) - 1, int(len(ordered) * part))] if ordered else float("nan")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--rate", type=float, default=50.0, help="changes a second of all together")
    parser.add_argument("--looks", type=float, default=0.0, help="records opened a second beside, at most as many as changes")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--processes", type=int, default=4)
    parser.add_argument("--people", type=int, default=10_000)
    options = parser.parse_args()
    context = multiprocessing.get_context("spawn")
    with running_server("fsync=on", "shared_buffers=256MB", "max_connections=150", on_disk=True) as server:
        _admin, address = made(server, options.clients, options.people)
        numbers = list(range(1, options.clients + 1))
        begin, told = context.Barrier(options.processes + 1), context.Queue()
        crews = [numbers[each :: options.processes] for each in range(options.processes)]
        pace = options.rate / options.clients, options.looks / options.rate, options.seconds
        given = [(address, crew, *pace, begin, told) for crew in crews]
        processes = [context.Process(target=work, args=each) for each in given]
        for each in processes:
            each.start()
        begin.wait()
        before = os.getloadavg()[0]
        crew = [client for _ in processes for client in told.get()]
        for each in processes:
            each.join()
        lost = compared(address, crew)
    changes = [change for client in crew for change in client.changes[1:]]
    total = [each[0] for each in changes]
    print(f"load before {before:.1f}, after {os.getloadavg()[0]:.1f}; {options.clients} clients in {options.processes} processes")
    print(f"{len(changes):,} changes in {options.seconds:.0f} s, {len(changes) / options.seconds:.1f} a second; "
          f"{sum(each.stale for each in crew)} refused as stale; lost or wrong: {lost or 'nothing'}")  # fmt: skip
    print(f"{'ms':<44}{'p50':>8}{'p95':>8}{'p99':>8}{'max':>8}")
    rows = {
        "a change with its entry": total,
        "  of it statements (server and wire)": [each[1] for each in changes],
        "  of it sealing and commit (server and disk)": [each[2] for each in changes],
        "  of it the client's own work": [each[0] - each[1] - each[2] for each in changes],
        "a look with its entry": [each for client in crew for each in client.looks],
    }
    for name, values in rows.items():
        print(f"{name:<44}" + "".join(f"{share(values, part):8.1f}" for part in (0.5, 0.95, 0.99, 1.0)))


if __name__ == "__main__":
    main()
