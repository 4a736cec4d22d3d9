"""Two clients who read, change, are cut off and bring backups back, in any order; after each step nothing is lost unseen."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from mosovo_planner.domain.people import Offender
from mosovo_planner.store import Workspace, open_workspace
from mosovo_planner.store.backups.backup import backup_workspace, restore_workspace, verify
from mosovo_planner.store.base.errors import StaleRecord, WorkspaceInUse
from tests.faults.ledger import PASSPHRASE, USER

_REFS = st.sampled_from(["SYN-1", "SYN-2", "SYN-3"])
_WHO = st.integers(0, 1)
_TEXT = st.text("ab", max_size=2)


class _Failed(Exception):
    """Something goes wrong before the end of a transaction."""


class TwoClients(RuleBasedStateMachine):
    """On a folder the two are windows in turn (the second is refused), on a server they work at the same time.

    ``make`` gives the address of a fresh workspace and what cleans it up.
    """

    make: Callable[[], tuple[str, Callable[[], None]]]

    def __init__(self) -> None:
        super().__init__()
        self.address, self._clean = type(self).make()
        self.embedded = "://" not in self.address
        self.kept: dict[str, Offender] = {}
        self.entries: dict[str, int] = {}
        self.seen: tuple[dict[str, Offender], dict[str, Offender]] = ({}, {})
        self.open: dict[int, Workspace] = {}
        self.copy: tuple[Path, dict[str, Offender], dict[str, int]] | None = None
        self._spare = Path(tempfile.mkdtemp(prefix="mosovo-state-", dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else None))

    def client(self, who: int) -> Workspace:
        """The client's window; on a folder the other one's is closed first, after it refused this one."""
        if who not in self.open:
            for other in [each for each in self.open if self.embedded]:
                try:
                    self._opened()
                except WorkspaceInUse:
                    self.open.pop(other).close()
                else:
                    raise AssertionError("two windows were open on one folder")
            self.open[who] = self._opened()
        return self.open[who]

    def _opened(self) -> Workspace:
        return open_workspace(self.address, USER, PASSPHRASE)

    @rule(who=_WHO, ref=_REFS)
    def read(self, who: int, ref: str) -> None:
        with self.client(who).transaction() as unit:
            found = unit.offender(ref)
        assert found == self.kept.get(ref)
        self.seen[who].pop(ref, None)
        if found:
            self.seen[who][ref] = found

    @rule(who=_WHO, ref=_REFS, text=_TEXT, fails=st.booleans())
    def change(self, who: int, ref: str, text: str, fails: bool) -> None:
        wanted = replace(self.seen[who].get(ref, Offender(ref=ref)), notes=text)
        present = self.kept.get(ref)
        fresh = wanted.version == (present.version if present else 0)
        try:
            with self.client(who).transaction() as unit:
                saved = unit.save_offenders([wanted])
                if fails:
                    raise _Failed
        except StaleRecord:
            assert not fresh
        except _Failed:
            assert fresh
        else:
            assert fresh, "an older state was written over a newer one"
            if saved:
                self.kept[ref] = self.seen[who][ref] = saved[0]
                self.entries[ref] = self.entries.get(ref, 0) + 1

    @rule(who=_WHO, ref=_REFS)
    def erase(self, who: int, ref: str) -> None:
        with self.client(who).transaction() as unit:
            assert unit.erase_offenders([ref], "tried") == (ref in self.kept)
        if self.kept.pop(ref, None):
            self.entries[ref] = self.entries.get(ref, 0) + 1

    @precondition(lambda self: self.embedded and self.open)
    @rule(inside=st.booleans(), text=_TEXT)
    def crash(self, inside: bool, text: str) -> None:
        """The files as they lie on the disk now are what the next window finds; a change under way is not in them."""
        (workspace,) = self.open.values()
        folder = Path(self.address)
        if inside:
            try:
                with workspace.transaction() as unit:
                    unit.save_offenders([Offender(ref="SYN-CUT-OFF", notes=text)])
                    unit.seal()
                    self._as_it_lies(folder)
                    raise _Failed
            except _Failed:
                pass
        else:
            self._as_it_lies(folder)
        workspace.close()
        self.open.clear()
        shutil.rmtree(folder)
        (self._spare / "lies").rename(folder)

    def _as_it_lies(self, folder: Path) -> None:
        shutil.rmtree(self._spare / "lies", ignore_errors=True)
        shutil.copytree(folder, self._spare / "lies")

    @precondition(lambda self: self.embedded)
    @rule(who=_WHO)
    def back_up(self, who: int) -> None:
        target = self._spare / "copy"
        shutil.rmtree(target, ignore_errors=True)
        backup_workspace(self.client(who), target)
        self.copy = (target, dict(self.kept), dict(self.entries))

    @precondition(lambda self: self.embedded and self.copy)
    @rule()
    def bring_back(self) -> None:
        for workspace in self.open.values():
            workspace.close()
        self.open.clear()
        assert self.copy
        target, kept, entries = self.copy
        restore_workspace(self.address, target, USER, PASSPHRASE)
        self.kept, self.entries = dict(kept), dict(entries)

    @rule(who=_WHO)
    def leave(self, who: int) -> None:
        if who in self.open:
            self.open.pop(who).close()

    @rule()
    def check(self) -> None:
        workspace = self.client(next(iter(self.open), 0))
        assert verify(workspace).problems == ()

    @invariant()
    def nothing_is_lost(self) -> None:
        if not self.open:
            return
        workspace = next(iter(self.open.values()))
        with workspace.transaction() as unit:
            assert {each.ref: each for each in unit.offenders()} == self.kept
            changes = [each for each in unit.uses(100_000) if each.operation.value in ("collection", "alteration", "erasure")]
        for ref, wanted in self.entries.items():
            assert sum(each.subject == f"offender {ref}" for each in changes) == wanted, "a change without its entry"

    def teardown(self) -> None:
        for workspace in self.open.values():
            workspace.close()
        self._clean()
        shutil.rmtree(self._spare, ignore_errors=True)


def run(make: Callable[[], tuple[str, Callable[[], None]]], examples: int, steps: int) -> None:
    """So many runs of so many steps. Raises AssertionError with the shortest run that fails."""
    machine: Any = type("TwoClientsHere", (TwoClients,), {"make": staticmethod(make)})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
