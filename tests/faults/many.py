"""Several processes on one workspace: the second window is refused in words, and no change is lost."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import replace

from mosovo_planner.domain.people import Offender
from mosovo_planner.store.backups.backup import verify
from mosovo_planner.store.base.engines import file_engine, translated
from mosovo_planner.store.base.errors import WorkspaceInUse
from mosovo_planner.store.record.chain import Actor
from mosovo_planner.store.unit import Unit
from tests.faults.disk import ended, fork
from tests.faults.ledger import Ground
from tests.faults.trials import Count

_REF = "SYN-COUNTER"


def windows(ground: Ground, count: Count, processes: int, times: int) -> None:
    """Each process opens the workspace as a window does, counts one up, and closes; who is refused tries again."""

    def work(pipe: int) -> None:
        refused = done = 0
        while done < times:
            try:
                workspace = ground.open()
            except WorkspaceInUse:
                refused += 1
                time.sleep(0.002)
                continue
            with workspace, workspace.transaction() as unit:
                _count_up(unit)
                done += 1
        os.write(pipe, f"{refused}".encode())

    refused = _together(ground, count, processes, times, work)
    count.told[f"{processes} windows: refused because another one was open"] = refused


def writers(ground: Ground, count: Count, processes: int, times: int) -> None:
    """Each process writes with a connection of its own at the same time, past the lock of the window."""
    with ground.open() as workspace:
        place, actor = workspace.insides.place, workspace.insides.actor
        database, key = place.database, place.data_key  # type: ignore[union-attr]

    def work(pipe: int) -> None:
        slowest = 0.0
        engine = file_engine(database, lambda: key)
        own = Actor(actor.user, actor.role, actor.device, signing=actor.signing)
        for _ in range(times):
            began = time.perf_counter()
            with translated(), engine.begin() as connection:
                unit = Unit(connection, own)
                _count_up(unit)
                unit.seal()
            slowest = max(slowest, time.perf_counter() - began)
        engine.dispose()
        os.write(pipe, f"{1000 * slowest:.0f}".encode())

    slowest = _together(ground, count, processes, times, work)
    count.told[f"{processes} writers: slowest waits added, ms"] = slowest


def _count_up(unit: Unit) -> None:
    found = unit.offender(_REF)
    before = found or Offender(ref=_REF, notes="0")
    unit.save_offenders([replace(before, notes=str(int(before.notes) + 1))])


def _together(ground: Ground, count: Count, processes: int, times: int, work: Callable[[int], None]) -> int:
    ground.again()
    told = 0
    wrong = []
    for lines, status in [ended(*child) for child in [fork(work) for _ in range(processes)]]:
        wrong += [] if status == 0 else [" | ".join(lines[-3:])]
        told += int(lines[-1]) if status == 0 else 0
    with ground.open() as workspace:
        with workspace.transaction() as unit:
            found = unit.offender(_REF)
        counted = int(found.notes) if found else 0
        if counted != processes * times:
            wrong.append(f"{processes * times} changes were confirmed, {counted} are there")
        wrong += verify(workspace).problems
    count.tried += processes * times - 1
    count.take(f"{processes} processes", wrong)
    return told
