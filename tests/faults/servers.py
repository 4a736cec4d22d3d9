"""Many clients of a PostgreSQL server that is killed under them: nothing confirmed is lost, nothing is overwritten."""

from __future__ import annotations

import contextlib
import os
import random
import secrets
import signal
import subprocess
import threading
import time
from dataclasses import dataclass, field, replace
from pathlib import Path

from mosovo_planner.domain.people import Offender
from mosovo_planner.domain.roles import Role
from mosovo_planner.store import Workspace, open_workspace
from mosovo_planner.store.backups.backup import verify
from mosovo_planner.store.base.errors import StaleRecord, WorkspaceError
from mosovo_planner.store.server.logins import NewUser, add_user
from mosovo_planner.store.server.prepare import prepare
from tests.faults.ledger import PASSPHRASE
from tests.faults.trials import Count
from tests.store.postgres import Server

_SHARED = "SYN-SHARED"


@dataclass
class _Client:
    """What one client was told: changes confirmed, changes of which it was not told whether they were made."""

    number: int
    tag: str = field(default_factory=lambda: secrets.token_hex(3))  # logins are the whole server's
    confirmed: int = 0
    unknown: int = 0
    shared: int = 0
    shared_unknown: int = 0
    stale: int = 0
    lost: int = 0
    waits: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        return f"Sgt Invented {self.number:02} {self.tag}"

    @property
    def ref(self) -> str:
        return f"SYN-OWN-{self.number:02}"


def clients_and_kills(
    server: Server, count: Count, *, clients: int, seconds: float, kills: int, pace: float = 0.0
) -> list[float]:
    """So many clients at work for so long, with kill -9 of the whole server in between. The transactions' times in seconds.

    ``pace`` is how many seconds a client waits between two changes (0: none).
    """
    crew = [_Client(number) for number in range(clients)]
    address = _prepared(server, crew)
    ends = time.monotonic() + seconds
    threads = [threading.Thread(target=_work, args=(address, each, ends, pace)) for each in crew]
    for thread in threads:
        thread.start()
    for _ in range(kills):
        time.sleep(seconds / (kills + 1))
        _kill(server.folder / "data")
        _start(server)
    for thread in threads:
        thread.join()
    with open_workspace(address, crew[0].name, PASSPHRASE) as workspace:
        _compare(workspace, crew, count)
    waits = sorted(wait for each in crew for wait in each.waits)
    count.told |= {
        "clients": clients,
        "server kills": kills,
        "transactions confirmed": sum(each.confirmed + each.shared for each in crew),
        "outcome not told (line cut)": sum(each.unknown + each.shared_unknown for each in crew),
        "refused as stale and tried again": sum(each.stale for each in crew),
        "calls that met a dead server": sum(each.lost for each in crew),
    }
    if waits:
        shares = (("p50", 0.5), ("p99", 0.99), ("max", 1.0))
        count.told |= {f"{name}, ms": round(1000 * waits[min(len(waits) - 1, int(len(waits) * share))]) for name, share in shares}
    return waits


def _prepared(server: Server, crew: list[_Client]) -> str:
    """A database as its administrator prepares it, with a login for each client; the address without one."""
    admin = server.url(server.new_database())
    prepare(admin)
    for each in crew:
        add_user(admin, NewUser(each.name, Role.SUPERVISOR, passphrase=PASSPHRASE))
    return admin.split("//")[0] + "//" + admin.rpartition("@")[2]


def _work(address: str, client: _Client, ends: float, pace: float) -> None:
    rng = random.Random(client.number)
    workspace: Workspace | None = None
    try:
        while time.monotonic() < ends:
            try:
                workspace = workspace or open_workspace(address, client.name, PASSPHRASE)
            except WorkspaceError:
                client.lost += 1
                time.sleep(0.05)
                continue
            _one_change(workspace, client, shared=rng.random() < 0.2)
            if pace:
                time.sleep(rng.uniform(0.5, 1.5) * pace)
    except BaseException as wrong:  # noqa: BLE001  whatever it is, it is a finding
        client.wrong.append(f"client {client.number} ended with {type(wrong).__name__}: {wrong}")
    finally:
        if workspace is not None:
            with contextlib.suppress(WorkspaceError):
                workspace.close()


def _one_change(workspace: Workspace, client: _Client, shared: bool) -> None:
    """Count a record up: read it, then change what was read, as two people at two windows would."""
    ref = _SHARED if shared else client.ref
    began = time.perf_counter()
    writing = False
    try:
        with workspace.transaction() as unit:
            found = unit.offender(ref)
        before = found or Offender(ref=ref, notes="0")
        writing = True
        with workspace.transaction() as unit:
            unit.save_offenders([replace(before, notes=str(int(before.notes) + 1))])
    except StaleRecord:
        client.stale += 1
        if not shared and not client.unknown:
            client.wrong.append("a record that nobody else changes was stale")
        return
    except WorkspaceError:
        client.lost += 1
        if writing and shared:
            client.shared_unknown += 1
        elif writing:
            client.unknown += 1
        time.sleep(0.05)
        return
    client.waits.append(time.perf_counter() - began)
    if shared:
        client.shared += 1
    else:
        client.confirmed += 1


def _compare(workspace: Workspace, crew: list[_Client], count: Count) -> None:
    with workspace.transaction() as unit:
        held = {each.ref: int(each.notes) for each in unit.offenders()}
    for each in crew:
        there = held.get(each.ref, 0)
        inside = each.confirmed <= there <= each.confirmed + each.unknown
        told = f"{each.ref}: {each.confirmed} confirmed, {each.unknown} untold, {there} there"
        count.tried += each.confirmed
        count.take("own record", [*each.wrong, *([] if inside else [told])])
    least, untold = sum(each.shared for each in crew), sum(each.shared_unknown for each in crew)
    there = held.get(_SHARED, 0)
    count.tried += least
    count.take(
        "shared record", [] if least <= there <= least + untold else [f"{least} confirmed, {untold} untold, {there} there"]
    )
    count.take("record of use", verify(workspace).problems)


def _kill(data: Path) -> None:
    """The postmaster and every one of its processes, at once."""
    leader = int((data / "postmaster.pid").read_text().split("\n", 1)[0])
    listed = subprocess.run(["ps", "-o", "pid=", "--ppid", str(leader)], check=False, capture_output=True, text=True).stdout
    for process in (leader, *map(int, listed.split())):
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)


def _start(server: Server) -> None:
    """Again on the same port, as a service manager does; what killed processes left in memory may take a moment to go."""
    for attempt in range(20):
        try:
            server.start()
        except subprocess.CalledProcessError:
            if attempt == 19:
                raise
            time.sleep(0.2)
        else:
            return
