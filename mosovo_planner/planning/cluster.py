"""Work on a force's own Dask cluster: an optional extra, used only where the user names a scheduler.

Dask carries the work as pickled Python, so whoever holds the scheduler can run code on every machine that joins it, and
what is sent (references, positions, due dates; no names) is personal data. So an address beyond this machine must be
``tls://``, with certificates as Dask's own settings name them (``distributed.comm.tls.ca-file``, ``...client.cert`` and
``...client.key``, or the environment's DASK_DISTRIBUTED__COMM__TLS__...); the workers need this program of the same version.
"""

from __future__ import annotations

import contextlib
import ipaddress
import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any
from urllib.parse import urlsplit

from mosovo_planner.domain.errors import UserError
from mosovo_planner.domain.progress import Progress, Reporter
from mosovo_planner.planning.pool import Job, JobsFailed, Tally

_CONNECT_SECONDS = 15
_POLL_SECONDS = 0.2


class ClusterError(UserError):
    """The cluster cannot be used; the message says why and what to do. Nothing was changed."""


@dataclass(frozen=True)
class Cluster:
    """A Dask scheduler by its address."""

    address: str

    def run(self, jobs: Sequence[Job], report: Reporter) -> dict[str, Any]:
        """The answers by name of the job; see :class:`mosovo_planner.planning.pool.Workers`.

        Progress counts finished jobs. After a stop, jobs that wait are withdrawn; one that runs ends by itself, unheard.
        """
        with contextlib.closing(_client(self.address)) as client:
            tasks = {
                client.submit(call, job.function, job.arguments(), key=f"mosovo-{at}-{job.name}", pure=False, retries=1): job
                for at, job in enumerate(jobs)
            }
            try:
                return _gathered(tasks, Tally(jobs, report))
            finally:
                with contextlib.suppress(OSError, TimeoutError):
                    client.cancel(list(tasks))


def cluster_at(address: str) -> Cluster:
    """The cluster at this address; nothing is opened yet.

    Raises:
        ClusterError: no address of a scheduler, not encrypted, or the extra is not installed.
    """
    parts = urlsplit(address)
    try:
        given = bool(parts.hostname and parts.port)
    except ValueError:
        given = False
    if parts.scheme not in ("tls", "tcp") or not given:
        raise ClusterError("The cluster's address must read like tls://scheduler.force.example:8786.")
    if parts.scheme == "tcp" and not _this_machine(parts.hostname or ""):
        raise ClusterError(
            "A cluster beyond this machine must be reached encrypted: start its scheduler with TLS and use its tls:// address."
        )
    if find_spec("distributed") is None:
        raise ClusterError("The cluster extra is not installed; add it with: pip install 'mosovo-planner[cluster]'.")
    return Cluster(address)


def call(function: Any, args: tuple[Any, ...]) -> Any:
    """Run by a worker of the cluster, one job at a time in its process."""
    return function(*args)


def _this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _dask() -> Any:
    """The library, an optional extra that need not be there."""
    return import_module("distributed")


def _client(address: str) -> Any:
    try:
        return _dask().Client(address, timeout=_CONNECT_SECONDS, set_as_default=False)
    except (OSError, TimeoutError, ValueError, RuntimeError) as wrong:
        raise ClusterError(f"The cluster at {address} does not answer ({type(wrong).__name__}); check that it runs.") from wrong


def _gathered(tasks: dict[Any, Job], tally: Tally) -> dict[str, Any]:
    done: dict[str, Any] = {}
    failures: dict[str, Exception] = {}
    open_tasks = set(tasks)
    while open_tasks:
        tally.again()
        time.sleep(_POLL_SECONDS)
        for task in [each for each in open_tasks if each.done()]:
            open_tasks.discard(task)
            name = tasks[task].name
            try:
                done[name] = task.result()
            except Exception as wrong:  # noqa: BLE001  the other jobs are finished first
                failures[name] = wrong
            tally.step(name, Progress("done", 1.0))
    if failures:
        raise JobsFailed(failures, done)
    return done
