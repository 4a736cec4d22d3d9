"""Faults in their short form; the long one is ``python -m tests.faults``."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults import servers
from tests.faults.fuzz import fuzz, readers
from tests.faults.trials import Count
from tests.store.postgres import running_server

ROOT = Path(__file__).parents[2]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system cannot copy a process")
def test_whatever_is_cut_off_damaged_or_done_by_several_nothing_is_lost() -> None:
    """In a process of its own, for it is copied again and again and its copies are killed."""
    command = [sys.executable, "-m", "tests.faults", "--short", "--seed", "20261123"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-5000:]
    for name in ("a careless database", "re-key", "restore", "bytes of data.db", "5 writers", "broken trackers"):
        assert name in done.stdout


@pytest.mark.parametrize("reader", readers(), ids=lambda reader: reader.name)
def test_broken_files_end_in_a_clear_error(reader: object) -> None:
    told = Count("short")
    fuzz(reader, 60, random.Random(20261123), told)  # type: ignore[arg-type]
    assert told.found == []
    assert told.tried == 60


def test_a_server_killed_under_its_clients_loses_nothing() -> None:
    told = Count("short")
    with running_server() as server:
        servers.clients_and_kills(server, told, clients=6, seconds=2.5, kills=1)
    assert told.found == []
    assert told.told["transactions confirmed"] > 0
