"""A force's embedded workspace: opening, backup, restore, verifying, pages of the record of use, wrong pass phrases.

``python -m tests.benchmarks.store_scale [--folder PLACE] [--people 10000] [--visits 500000] [--entries 1000000]``

Prints, judges nothing. With ``--folder`` the workspace, which takes some minutes to make, is kept there and used again.
Everybody in it is invented.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from mosovo_planner.domain.people import Offender, OffenderManager, Risk
from mosovo_planner.domain.record import Operation
from mosovo_planner.domain.visits import Outcome, Visit
from mosovo_planner.office.audit import Question, view_record, view_unusual
from mosovo_planner.office.caseload import view_caseload
from mosovo_planner.office.session import Session, open_session
from mosovo_planner.store import Workspace, create_workspace, open_workspace
from mosovo_planner.store.backups.backup import backup_workspace, restore_workspace
from mosovo_planner.store.base.errors import WrongPassphrase
from mosovo_planner.store.checks import check_file, verify
from mosovo_planner.store.embedded import attempts
from mosovo_planner.store.record.chain import broken_at

USER, PASSPHRASE = "Sgt Invented", "correct horse battery"
DAY = date(2026, 11, 23)


@contextmanager
def timed(what: str) -> Iterator[None]:
    load, began, used = os.getloadavg()[0], time.perf_counter(), time.process_time()
    yield
    own = time.process_time() - used
    print(f"{what:<66}{time.perf_counter() - began:9.2f} s, {own:.2f} s of a processor, load {load:.1f}", flush=True)


def make(folder: Path, people: int, visits: int, entries: int) -> None:
    """A workspace with so many people, visits and entries of the record of use, by the program's own ways in."""
    chance = random.Random(7)
    with create_workspace(str(folder), USER, PASSPHRASE) as workspace:
        with workspace.transaction() as unit:
            unit.save_managers([OffenderManager(id=f"OM{number:03}") for number in range(people // 60 + 1)])
            unit.save_offenders(
                [
                    Offender(
                        ref=f"INV-{n:05}", surname=f"INVENTED{n}", address=f"{n} Sample Street", risk=Risk.MEDIUM,
                        manager=f"OM{n // 60:03}", notes="invented " * 8,
                    )
                    for n in range(people)
                ]
            )  # fmt: skip
        _visits(workspace, people, visits, chance)
        _looks(workspace, people, entries, chance)


def _visits(workspace: Workspace, people: int, visits: int, chance: random.Random) -> None:
    first = datetime(2012, 1, 1, 9)
    for start in range(0, visits, 10_000):
        with workspace.transaction() as unit:
            for number in range(start, min(visits, start + 10_000)):
                at = first + timedelta(minutes=15 * number)
                ref = f"INV-{chance.randrange(people):05}"
                seen = Visit(id=f"v{number}", ref=ref, at=at, outcome=Outcome.SEEN, officers=("OM001",), note="seen at home")
                unit.add_visit(seen)


def _looks(workspace: Workspace, people: int, entries: int, chance: random.Random) -> None:
    with workspace.transaction() as unit:
        held = unit.head().seq
    for start in range(held, entries, 10_000):
        with workspace.transaction() as unit:
            for _ in range(min(10_000, entries - start)):
                unit.record(Operation.CONSULTATION, f"offender INV-{chance.randrange(people):05}", reason="visit")


def opening(folder: Path) -> None:
    with timed("signed in (Argon2id and all) and open"):
        session = open_session(str(folder), USER, PASSPHRASE)
    with timed("the caseload of everybody, read and judged"):
        view_caseload(session, DAY)
    with timed("a look at every page of the file, beside the work"):
        assert check_file(session.workspace) == ()
    session.close()


def opened_again(folder: Path) -> None:
    """What opening takes after the pass phrase was checked: the smallest of three."""
    taken = []
    for _ in range(3):
        began = time.perf_counter()
        with open_workspace(str(folder), USER, PASSPHRASE):
            taken.append(time.perf_counter() - began)
    print(f"{'opened, the pass phrase included, best of three':<66}{min(taken):9.2f} s")


def copies(folder: Path) -> None:
    with open_workspace(str(folder), USER, PASSPHRASE) as workspace:
        size = (folder / "data.db").stat().st_size / 1e6
        with timed(f"backup, copied and checked page by page ({size:.0f} MB)"):
            made = backup_workspace(workspace)
    with timed("restore of it: checked, compared, put in place, opened, recorded"):
        restore_workspace(str(folder), made, USER, PASSPHRASE)
    shutil.rmtree(folder / "quarantine", ignore_errors=True)
    shutil.rmtree(made)


def verifying(folder: Path) -> None:
    with open_workspace(str(folder), USER, PASSPHRASE) as workspace:
        with timed("the chain of the record of use alone"), workspace.transaction() as unit:
            assert broken_at(unit.chained(), {account.name: account.signing_key for account in unit.users()}) is None
        with timed("verified: every page, entry and record"):
            found = verify(workspace)
        print(f"    {found.entries:,} entries; {found.problems or 'whole'}")


def pages(folder: Path) -> None:
    session: Session = open_session(str(folder), USER, PASSPHRASE)
    asked: dict[str, Callable[[], Any]] = {
        "the newest": lambda: view_record(session, Question()),
        "of one person": lambda: view_record(session, Question(ref="INV-00042")),
        "of one user": lambda: view_record(session, Question(actor=USER)),
        "of a user who did nothing": lambda: view_record(session, Question(actor="Nobody")),
        "of one operation, rare": lambda: view_record(session, Question(operation=Operation.ERASURE)),
        "of a day long ago": lambda: view_record(session, Question(since=DAY - timedelta(9000), until=DAY - timedelta(8999))),
        "of today, one operation": lambda: view_record(session, Question(since=date.today(), operation=Operation.CONSULTATION)),
        "unusual use of yesterday": lambda: view_unusual(session, date.today() - timedelta(1), date.today() - timedelta(1)),
        "unusual use of all days, all entries": lambda: view_unusual(session, date(2000, 1, 1), date.today()),
    }
    for name, work in asked.items():
        with timed(f"page of the record: {name}"):
            work()
    session.close()


def wrong_pass_phrases(folder: Path, tries: int) -> None:
    """Medians for a user who is there and one who is not, in turn; nobody waits between them here."""
    taken: dict[str, list[float]] = {USER: [], "Nobody Of That Name": []}
    attempts._FREE = 10**6
    attempts._MANY = 10**6
    for _ in range(tries):
        for user, times in taken.items():
            began = time.perf_counter()
            try:
                open_workspace(str(folder), user, "not the pass phrase")
            except WrongPassphrase:
                times.append(time.perf_counter() - began)
    shutil.rmtree(Path(os.environ["MOSOVO_STATE_DIR"]) / "attempts")  # the next measure need not wait
    known, unknown = (1000 * statistics.median(times) for times in taken.values())
    told = f"known user {known:.0f} ms, unknown {unknown:.0f} ms, {100 * (known / unknown - 1):+.1f} %"
    print(f"wrong pass phrase, medians of {tries}: {told}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--visits", type=int, default=500_000)
    parser.add_argument("--entries", type=int, default=1_000_000)
    parser.add_argument("--only", action="append", choices=["opening", "copies", "verifying", "pages", "wrong"])
    options = parser.parse_args()
    place = options.folder or Path(tempfile.mkdtemp(prefix="mosovo-scale-"))
    folder = place / "Force.vp"
    os.environ.setdefault("MOSOVO_STATE_DIR", str(place / "state"))
    if not folder.exists():
        with timed(f"made: {options.people:,} people, {options.visits:,} visits, {options.entries:,} entries"):
            make(folder, options.people, options.visits, options.entries)
    chosen = options.only or ["opening", "pages", "wrong", "copies", "verifying"]
    steps: dict[str, Callable[[], None]] = {
        "opening": lambda: (opening(folder), opened_again(folder))[0],
        "pages": lambda: pages(folder),
        "wrong": lambda: wrong_pass_phrases(folder, 15),
        "copies": lambda: copies(folder),
        "verifying": lambda: verifying(folder),
    }
    for each in chosen:
        steps[each]()
    if options.folder is None:
        shutil.rmtree(place)


if __name__ == "__main__":
    main()
