"""Every page of a file is looked at while people work: damage is told, nobody waits, and it can be stopped."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from mosovo_planner.domain.people import Offender
from mosovo_planner.domain.progress import Cancelled, Progress
from mosovo_planner.domain.record import Operation
from mosovo_planner.store import Workspace, open_workspace
from mosovo_planner.store.base.errors import DamagedWorkspace
from mosovo_planner.store.checks import check_file

USER, PASSPHRASE = "Sgt Invented", "correct horse battery"
PAGE = 4096


@pytest.fixture
def filled(embedded: Workspace, folder: Path) -> Path:
    """A closed workspace with some hundred pages, among them pages that were freed."""
    people = [Offender(ref=f"SYN-{number:03}", notes="invented " * 400) for number in range(150)]
    with embedded.transaction() as unit:
        unit.save_offenders(people)
    with embedded.transaction() as unit:
        unit.delete_offenders([each.ref for each in people[100:]])
    embedded.close()
    return folder


def _flip(folder: Path, page: int) -> None:
    database = folder / "data.db"
    damaged = bytearray(database.read_bytes())
    damaged[page * PAGE + 1000] ^= 1
    database.write_bytes(damaged)


def test_a_page_that_nobody_reads_is_found_damaged_and_no_change_is_taken_from_then_on(filled: Path) -> None:
    last = (filled / "data.db").stat().st_size // PAGE - 1
    _flip(filled, last)
    with open_workspace(str(filled), USER, PASSPHRASE) as workspace:
        assert "fail their seal" in check_file(workspace)[0]
        with pytest.raises(DamagedWorkspace, match="no change is taken"), workspace.transaction() as unit:
            unit.save_offenders([Offender(ref="SYN-NEW")])
        with workspace.transaction() as unit:
            unit.record(Operation.CONSULTATION, "caseload", count=100)
            assert "SYN-NEW" not in {each.ref for each in unit.offenders()}


def test_a_whole_file_is_called_whole_while_others_write_and_bring_the_log_into_it(filled: Path) -> None:
    with open_workspace(str(filled), USER, PASSPHRASE) as workspace:
        started, stop = threading.Event(), threading.Event()

        def write() -> None:
            number = 0
            while not stop.is_set():
                number += 1
                with workspace.transaction() as unit:
                    unit.save_offenders([Offender(ref=f"NEW-{number:05}", notes="invented " * 4000)])
                started.set()

        writer = threading.Thread(target=write)
        writer.start()
        try:
            assert started.wait(20)
            assert [check_file(workspace) for _ in range(8)] == [()] * 8
        finally:
            stop.set()
            writer.join()
        with workspace.transaction() as unit:
            assert len(unit.offenders()) > 101


def test_somebody_can_write_in_the_middle_of_the_check(filled: Path) -> None:
    steps: list[Progress] = []
    with open_workspace(str(filled), USER, PASSPHRASE) as workspace:

        def write_once(step: Progress) -> None:
            steps.append(step)
            if len(steps) == 3:  # the first two are before the file is looked at, and between its seals and its structure
                with workspace.transaction() as unit:
                    unit.save_offenders([Offender(ref="SYN-NEW")])

        assert check_file(workspace, write_once) == ()
        assert len(steps) >= 3


@pytest.mark.parametrize("asked", [1, 2, 4])
def test_it_stops_where_the_window_closes_between_the_steps_and_in_the_middle_of_one(filled: Path, asked: int) -> None:
    steps: list[Progress] = []

    def report(step: Progress) -> None:
        steps.append(step)
        if len(steps) >= asked:
            raise Cancelled

    with open_workspace(str(filled), USER, PASSPHRASE) as workspace:
        with pytest.raises(Cancelled):
            check_file(workspace, report)
        assert len(steps) == asked
        with workspace.transaction() as unit:
            unit.save_offenders([Offender(ref="SYN-NEW")])
