"""Work in a process of its own: results, progress, stopping, and every way it can go wrong."""

from __future__ import annotations

import os
import threading
import time

import numpy as np
import pytest

from mosovo_planner.domain.progress import Cancelled, Progress, Reporter, silent
from mosovo_planner.planning.worker import WorkerDied, WorkerFailed, run_in_worker


class Refusal(ValueError):
    """A problem with one argument, as the rooms raise it."""


class Stubborn(Exception):
    """An exception that cannot be carried over: it needs two arguments."""

    def __init__(self, place: str, cure: str) -> None:
        super().__init__(f"{place}: {cure}")


def add(first: int, second: int = 0, *, report: Reporter = silent) -> int:
    for step in range(3):
        report(Progress(f"step {step}", step / 3))
    return first + second


def total(numbers: np.ndarray, *, report: Reporter = silent) -> float:
    return float(numbers.sum())


def endless(*, report: Reporter = silent) -> None:
    report(Progress("for ever"))
    while True:
        time.sleep(1)


def refuse(kind: str, *, report: Reporter = silent) -> None:
    raise {"plain": Refusal("row 3 has no date; enter one"), "stubborn": Stubborn("row 3", "enter a date")}[kind]


def die(*, report: Reporter = silent) -> None:
    os._exit(7)


def unsendable(*, report: Reporter = silent) -> object:
    return threading.Lock()


def where(*, report: Reporter = silent) -> int:
    return os.getpid()


def test_result_and_progress_come_back_on_the_calling_thread():
    seen: list[tuple[str, int]] = []
    answer = run_in_worker(add, 2, second=3, report=lambda step: seen.append((step.text, threading.get_ident())))
    assert answer == 5
    assert [text for text, _ in seen if text.startswith("step")] == ["step 0", "step 1", "step 2"]
    assert {thread for _, thread in seen} == {threading.get_ident()}


def test_large_arguments_arrive_whole():
    assert run_in_worker(total, np.ones(3_000_000)) == 3_000_000


def test_it_runs_elsewhere_and_from_any_thread():
    found: list[int] = []
    thread = threading.Thread(target=lambda: found.append(run_in_worker(where)))
    thread.start()
    thread.join()
    assert found[0] != os.getpid()


@pytest.mark.parametrize("text", ["Starting", "for ever"])
def test_stop_ends_the_worker_at_once(text: str):
    """Both while the process starts and while it is deep in work that reports nothing."""
    asked: list[float] = []

    def stop(step: Progress) -> None:
        if step.text == text:
            asked.append(time.monotonic())
            if text == "Starting" or len(asked) > 3:
                raise Cancelled

    with pytest.raises(Cancelled):
        run_in_worker(endless, report=stop)
    assert time.monotonic() - asked[-1] < 20
    assert max(np.diff(asked), default=0) < 10, "the caller is asked again and again while the work is silent"


def test_exceptions_keep_type_and_message():
    with pytest.raises(Refusal, match="row 3 has no date; enter one"):
        run_in_worker(refuse, "plain")


def test_exception_that_cannot_travel_still_says_what_it_was():
    with pytest.raises(WorkerFailed, match="Stubborn: row 3: enter a date"):
        run_in_worker(refuse, "stubborn")


def test_a_worker_that_dies_says_so():
    with pytest.raises(WorkerDied, match="exit code 7"):
        run_in_worker(die)


def test_a_result_that_cannot_be_sent_says_so():
    with pytest.raises(WorkerFailed, match="pickle"):
        run_in_worker(unsendable)
