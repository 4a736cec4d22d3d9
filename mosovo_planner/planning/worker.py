"""Long work in a process of its own, so that the window never waits and a stop takes effect at once.

The worker is spawned (never forked), gets its arguments over a pipe and leaves nothing on disk. A program
frozen by PyInstaller must call ``multiprocessing.freeze_support()`` first thing in its main module.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import multiprocessing
import signal
import threading
import traceback
from collections.abc import Callable, Mapping
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any, TypeVar

from mosovo_planner.domain.errors import UserError
from mosovo_planner.domain.progress import Progress, Reporter, silent
from mosovo_planner.domain.uncollected import uncollected

Result = TypeVar("Result")

_POLL_SECONDS = 0.05
_GRACE_SECONDS = 1.0


class WorkerDied(UserError):
    """The worker process ended without an answer, for want of memory or by a crash of a library."""


class WorkerFailed(RuntimeError):
    """The work raised an exception that cannot be rebuilt here; the message holds its type and text."""


def run_in_worker(function: Callable[..., Result], *args: object, report: Reporter = silent, **kwargs: object) -> Result:
    """Call a module-level ``function`` in a new process and return what it returns.

    The function gets ``report=``; its progress is passed to the caller's ``report`` on the calling thread.
    Between messages the last progress is reported again every 50 ms, so that a stop is heard soon.

    Raises:
        Cancelled: ``report`` raised it; the worker was ended.
        WorkerDied: the process ended without an answer.
        Exception: what the function raised, of the same type and with the same arguments where it can be
            carried over, else :class:`WorkerFailed`.
    """
    context = multiprocessing.get_context("spawn")
    answers, answering = context.Pipe(duplex=False)
    hearing, calling = context.Pipe(duplex=False)
    worker = context.Process(target=_work, args=(hearing, answering), daemon=True)
    worker.start()
    hearing.close()
    answering.close()
    call = (function.__module__, function.__qualname__, args, kwargs)
    sender = threading.Thread(target=_send_call, args=(calling, call), daemon=True)
    sender.start()
    try:
        return _listen(answers, worker, report)  # type: ignore[no-any-return]
    except (BrokenPipeError, ConnectionResetError, EOFError):
        worker.join(_GRACE_SECONDS)
        raise WorkerDied(obituary(worker)) from None
    finally:
        see_off(worker)
        sender.join()
        answers.close()
        calling.close()


def _send_call(pipe: Connection, call: tuple[object, ...]) -> None:
    """Send a call that may be large, while the caller listens already; a worker that died is noticed there."""
    with contextlib.suppress(BrokenPipeError, ConnectionResetError, OSError):
        pipe.send(call)


def _listen(pipe: Connection, worker: BaseProcess, report: Reporter) -> Any:
    last = Progress("Starting")
    while True:
        if not pipe.poll(_POLL_SECONDS):
            if not worker.is_alive() and not pipe.poll():
                raise WorkerDied(obituary(worker))
            report(last)
            continue
        kind, content = pipe.recv()
        if kind == "progress":
            last = content
            report(last)
        elif kind == "result":
            return content
        else:
            raise content


def obituary(worker: BaseProcess) -> str:
    """Words for a worker that ended without an answer."""
    return (
        f"The calculation stopped without an answer (exit code {worker.exitcode}). "
        "Close other programs to free memory and try again."
    )


def see_off(worker: BaseProcess) -> None:
    """See the worker off: an idle one is terminated, one that does not heed it is killed."""
    for push in (worker.terminate, worker.kill):
        if worker.is_alive():
            push()
        worker.join(_GRACE_SECONDS)
    worker.close()


def _work(calls: Connection, pipe: Connection) -> None:
    """Run in the worker: take the call, send progress and the outcome."""
    leave_interrupts()
    try:
        with uncollected():
            module, name, args, kwargs = calls.recv()
        gc.freeze()  # what was given lives as long as the process
        function = importlib.import_module(module)
        for part in name.split("."):
            function = getattr(function, part)
    except Exception as wrong:  # noqa: BLE001  whatever it is goes to the caller
        _send(pipe, ("failed", _portable(wrong)))
    else:
        perform(pipe, function, args, kwargs)  # type: ignore[arg-type]  # a module is no function, what it holds is


def leave_interrupts() -> None:
    """Ctrl-C is for the process that gave the work, which then ends this one."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def perform(
    pipe: Connection, function: Callable[..., object], args: tuple[object, ...], kwargs: Mapping[str, object] | None = None
) -> None:
    """Do the work in the worker: progress and the outcome go to the pipe, as ``(kind, content)``."""
    try:
        answer = ("result", function(*args, report=lambda progress: pipe.send(("progress", progress)), **(kwargs or {})))
    except Exception as wrong:  # noqa: BLE001  whatever it is goes to the caller
        answer = ("failed", _portable(wrong))
    _send(pipe, answer)


def _send(pipe: Connection, answer: tuple[str, object]) -> None:
    try:
        pipe.send(answer)
    except (BrokenPipeError, ConnectionResetError):
        return  # the caller has gone
    except Exception as wrong:  # noqa: BLE001  a result that cannot be pickled
        pipe.send(("failed", WorkerFailed(f"{type(wrong).__name__}: {wrong}")))


def _portable(wrong: Exception) -> Exception:
    """The exception itself where it survives the way, else one that says what it was."""
    from multiprocessing.reduction import ForkingPickler

    try:
        back = ForkingPickler.loads(ForkingPickler.dumps(wrong))
    except Exception:  # noqa: BLE001  any failure to rebuild means the same
        back = None
    if type(back) is type(wrong) and str(back) == str(wrong):
        wrong.add_note("In the worker:\n" + "".join(traceback.format_tb(wrong.__traceback__)))
        return wrong
    return WorkerFailed(f"{type(wrong).__name__}: {wrong}")
