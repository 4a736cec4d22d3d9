"""Several pieces of work side by side: in turn, in processes of this machine, or on a force's own Dask cluster.

The answers are the same whoever does the work, as long as each piece is limited by steps and not by the clock. Nothing
opens a socket but :class:`Cluster`, and that one only to the address the user gave.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any, Protocol

from mosovo_planner.domain.errors import UserError
from mosovo_planner.domain.progress import Cancelled, Progress, Reporter
from mosovo_planner.planning.worker import WorkerDied, leave_interrupts, obituary, perform, see_off

_POLL_SECONDS = 0.05


@dataclass(frozen=True)
class Job:
    """A call of a module-level function, by a name that users know: a team, a year. The function takes ``report=`` last.

    ``args`` may be a function that makes the arguments, called here when the job's turn comes, so that only what is being
    worked on is in memory. ``size`` says how much of the whole it is, for the progress.
    """

    name: str
    function: Callable[..., Any]
    args: tuple[Any, ...] | Callable[[], tuple[Any, ...]]
    size: float = 1.0

    def arguments(self) -> tuple[Any, ...]:
        """The arguments, made now where they were not yet."""
        return self.args() if callable(self.args) else self.args


class JobsFailed(UserError):
    """Some pieces of work failed; ``done`` holds the answers of the others by name, ``failures`` what went wrong."""

    def __init__(self, failures: Mapping[str, Exception], done: Mapping[str, Any]) -> None:
        self.failures, self.done = dict(failures), dict(done)
        said = "; ".join(f"{name}: {_said(wrong)}" for name, wrong in sorted(self.failures.items()))
        kept = f"The other {len(self.done)} are done and kept." if self.done else "Nothing else was done."
        super().__init__(f"Not finished: {said}. {kept}")


class Workers(Protocol):
    """Whoever does the work."""

    def run(self, jobs: Sequence[Job], report: Reporter) -> dict[str, Any]:
        """The answers by name of the job.

        Raises:
            Cancelled: ``report`` raised it; the work was ended.
            JobsFailed: some jobs failed; all others were finished first.
        """
        ...


@dataclass
class Tally:
    """How far all jobs are, told as one progress."""

    jobs: Sequence[Job]
    report: Reporter
    shares: dict[str, float] = field(default_factory=dict)
    text: str = "Starting"

    def step(self, name: str, progress: Progress) -> None:
        self.shares[name] = max(self.shares.get(name, 0.0), progress.share or 0.0)
        self.text = f"{name}: {progress.text}"
        self.again()

    def finished(self, name: str) -> None:
        self.shares[name] = 1.0
        self.again()

    def again(self) -> None:
        whole = sum(job.size for job in self.jobs) or 1.0
        self.report(Progress(self.text, sum(self.shares.get(job.name, 0.0) * job.size for job in self.jobs) / whole))


@dataclass(frozen=True)
class InTurn:
    """One after the other, in this process."""

    def run(self, jobs: Sequence[Job], report: Reporter) -> dict[str, Any]:
        tally, done, failures = Tally(jobs, report), {}, {}
        for job in jobs:
            try:
                done[job.name] = job.function(*job.arguments(), report=_of(tally, job.name))
            except Cancelled:
                raise
            except Exception as wrong:  # noqa: BLE001  the other jobs are finished first
                failures[job.name] = wrong
            tally.finished(job.name)
        return _answers(done, failures)


IN_TURN = InTurn()


@dataclass(frozen=True)
class Processes:
    """Spawned processes of this machine, each taking the next job as it becomes free; as many as there are cores."""

    count: int = 0

    def run(self, jobs: Sequence[Job], report: Reporter) -> dict[str, Any]:
        if not jobs:
            return {}
        run = _PoolRun(jobs, report)
        try:
            run.start(min(len(jobs), self.count or os.cpu_count() or 1))
            return run.listen()
        finally:
            run.end()


class _PoolRun:
    """One run of jobs in processes. The largest jobs go first, so that none of them is left alone at the end."""

    def __init__(self, jobs: Sequence[Job], report: Reporter) -> None:
        self.tally = Tally(jobs, report)
        self.waiting = sorted(jobs, key=lambda job: job.size)
        self.busy: dict[Connection, str] = {}
        self.helpers: dict[Connection, BaseProcess] = {}
        self.done: dict[str, Any] = {}
        self.failures: dict[str, Exception] = {}

    def start(self, count: int) -> None:
        for _ in range(count):
            self._hire()

    def _hire(self) -> None:
        context = multiprocessing.get_context("spawn")
        here, there = context.Pipe()
        helper = context.Process(target=_serve, args=(there,), daemon=True)
        helper.start()
        there.close()
        self.helpers[here] = helper

    def listen(self) -> dict[str, Any]:
        """Until every job is answered for."""
        while len(self.done) + len(self.failures) < len(self.tally.jobs):
            for pipe in wait(list(self.helpers), _POLL_SECONDS):
                assert isinstance(pipe, Connection)
                self._hear(pipe)
            self.tally.again()
        return _answers(self.done, self.failures)

    def _hear(self, pipe: Connection) -> None:
        try:
            kind, content = pipe.recv()
        except (EOFError, OSError):
            self._bury(pipe)
            return
        if kind == "progress":
            self.tally.step(self.busy[pipe], content)
            return
        if kind != "ready":
            name = self.busy.pop(pipe)
            (self.done if kind == "result" else self.failures)[name] = content
            self.tally.finished(name)
        self._hand_out(pipe)

    def _hand_out(self, pipe: Connection) -> None:
        """Give the helper the next job whose arguments can be made."""
        while self.waiting:
            job = self.waiting.pop()
            try:
                arguments = job.arguments()
            except Exception as wrong:  # noqa: BLE001  the other jobs are finished first
                self.failures[job.name] = wrong
                continue
            self.busy[pipe] = job.name
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # a helper that died is noticed as it is heard
                pipe.send((job.function, arguments))
            return

    def _bury(self, pipe: Connection) -> None:
        """A helper died: its job has failed, another helper takes its place."""
        helper = self.helpers.pop(pipe)
        helper.join(1.0)
        name = self.busy.pop(pipe, None) or (self.waiting.pop().name if self.waiting else None)
        if name is not None:
            self.failures[name] = WorkerDied(obituary(helper))
        pipe.close()
        see_off(helper)
        if len(self.helpers) < len(self.waiting):
            self._hire()

    def end(self) -> None:
        for pipe, helper in self.helpers.items():
            pipe.close()
            see_off(helper)


def _serve(pipe: Connection) -> None:
    """Run in the helper: take jobs and answer them until the pipe is closed."""
    leave_interrupts()
    with contextlib.suppress(EOFError, BrokenPipeError, ConnectionResetError):
        pipe.send(("ready", None))
        while True:
            function, args = pipe.recv()
            perform(pipe, function, args)


def workers_of(count: int = 0, cluster: str | None = None) -> Workers:
    """Who does the work: the cluster where an address is given, else ``count`` processes (0: one a core).

    Raises:
        ClusterError: the address or the library will not do; nothing was opened.
    """
    if cluster:
        from mosovo_planner.planning.cluster import cluster_at

        return cluster_at(cluster)
    return Processes(count)


def _of(tally: Tally, name: str) -> Reporter:
    return lambda progress: tally.step(name, progress)


def _answers(done: dict[str, Any], failures: dict[str, Exception]) -> dict[str, Any]:
    if failures:
        raise JobsFailed(failures, done)
    return done


def _said(wrong: Exception) -> str:
    """What went wrong in words for the user; of a fault of the program only its kind, since its text could hold data."""
    return str(wrong).rstrip(".") if isinstance(wrong, UserError) else f"a fault of the program ({type(wrong).__name__})"
