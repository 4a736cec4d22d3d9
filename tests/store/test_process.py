"""A process that holds keys leaves no memory dump behind."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from mosovo_planner.store import harden_process


def _dump_limits(answer: Any) -> None:
    import ctypes
    import resource

    harden_process()
    answer.send((resource.getrlimit(resource.RLIMIT_CORE), ctypes.CDLL(None).prctl(3, 0, 0, 0, 0)))


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="asks Linux")
def test_no_core_dump_and_no_debugger(processes: Any) -> None:
    here, there = processes.Pipe(duplex=False)
    child = processes.Process(target=_dump_limits, args=(there,))
    child.start()
    assert here.recv() == ((0, 0), 0)
    child.join()
