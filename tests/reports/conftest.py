"""Invented people and papers that several tests print. Nobody here exists."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from mosovo_planner.domain.clock_engine import full_case
from mosovo_planner.domain.clock_table import ClockTable, read_clock_table
from mosovo_planner.domain.clocks import Case
from mosovo_planner.domain.facts import Condition, Event, Facts, Order
from mosovo_planner.domain.people import Offender, OffenderManager, Risk, Sex
from mosovo_planner.domain.policy import Policy, read_policy
from mosovo_planner.domain.visits import Outcome, Visit
from mosovo_planner.reports.paper import Marking, Paper
from mosovo_planner.reports.printing import write_pdf
from mosovo_planner.resources import resource

AS_OF = date(2026, 11, 23)


@pytest.fixture
def policy() -> Policy:
    return read_policy(resource("policy/default.toml").read_text(encoding="utf-8"))


@pytest.fixture
def table() -> ClockTable:
    return read_clock_table(resource("policy/clocks.toml").read_text(encoding="utf-8"))


@pytest.fixture
def marking() -> Marking:
    return Marking("OFFICIAL-SENSITIVE", "sgt.invented", datetime(2026, 11, 23, 9, 5))


@pytest.fixture
def officers() -> tuple[OffenderManager, ...]:
    return (
        OffenderManager(id="OM01", name="PC Invented Oak", base="Devizes", trained=True, sex=Sex.MALE),
        OffenderManager(id="OM02", name="PC Invented Elm", base="Trowbridge", sex=Sex.FEMALE),
        OffenderManager(id="OM03", name="PC Invented Thorn", base="Trowbridge"),
    )


@pytest.fixture
def label(officers: tuple[OffenderManager, ...]) -> Callable[[str | None], str]:
    names = {officer.id: officer.label for officer in officers}
    return lambda name: names.get(name or "", name or "Not allocated")


@pytest.fixture
def facts() -> Facts:
    conditions = (Condition("No unsupervised contact with children"), Condition("No hidden storage", date(2026, 1, 31)))
    return Facts(
        events=(
            Event("initial_notification", date(2019, 5, 2)),
            Event("periodic_notification", date(2025, 11, 3)),
            Event("rmp_review_set", date(2027, 4, 20)),
            Event("licence_end", date(2027, 3, 1)),
        ),
        orders=(
            Order("SHPO", date(2019, 5, 2), date(2029, 5, 1), conditions),
            Order("SRO", date(2019, 5, 2), date(2022, 5, 1), (Condition("Ended long ago"),)),
        ),
    )


@pytest.fixture
def visits() -> tuple[Visit, ...]:
    def made(number: int, at: datetime, outcome: Outcome, **more: object) -> Visit:
        return Visit(id=f"v{number}", ref="INV-00417", at=at, outcome=outcome, **{"officers": ("OM01", "OM02")} | more)

    return (
        made(1, datetime(2026, 3, 10, 11), Outcome.SEEN, household="Lives alone", child_in_household=False, devices_checked=3),
        made(
            2,
            datetime(2026, 6, 9, 10, 15),
            Outcome.SEEN,
            household="Partner at week-ends; her son (8)",
            child_in_household=True,
            risk_noticed="New games console",
            asked_to_choose=True,
            announced=True,
            announced_reason="asked",
            note="NOTE NEVER PRINTED",
        ),
        made(3, datetime(2026, 9, 15, 14), Outcome.NO_REPLY),
        made(4, datetime(2026, 10, 6, 10, 40), Outcome.REFUSED, asked_to_choose=True, officers=("OM01",), lone_reason="leave"),
    )


@pytest.fixture
def offender() -> Offender:
    return Offender(
        ref="INV-00417",
        visor_ref="SYN-22-0001234",
        surname="OAK & <b>ASH</b>",
        forenames="Invented Alan",
        date_of_birth=date(1971, 3, 9),
        sex=Sex.MALE,
        address="Flat 3, 1 Sample Street, Melksham",
        postcode="ZZ1 1ZZ",
        risk=Risk.HIGH,
        last_seen=date(2026, 6, 9),
        manager="OM01",
        mappa_level=2,
        markers=("Dog", "Not lone female", "not OM03"),
        notes="FREE NOTES NEVER PRINTED",
        arms_done=date(2026, 2, 14),
    )


@pytest.fixture
def case(offender: Offender, facts: Facts, policy: Policy, table: ClockTable, visits: tuple[Visit, ...]) -> Case:
    return full_case(offender, facts, policy, table, AS_OF, visits)


@pytest.fixture
def pages(qtbot: QtBot, tmp_path: Path) -> Callable[[Paper], list[str]]:
    """The words of each page of a paper in reading order, read back from its PDF by an independent program."""

    def read(paper: Paper) -> list[str]:
        if shutil.which("pdftotext") is None:
            pytest.skip("pdftotext is not installed")
        path = tmp_path / "paper.pdf"
        count = write_pdf(paper, path)
        told = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, check=True, text=True).stdout
        found = [" ".join(page.split()) for page in told.split("\f")[:-1]]
        assert len(found) == count
        return found

    return read


@pytest.fixture
def lines(qtbot: QtBot, tmp_path: Path) -> Callable[[Paper], list[list[str]]]:
    """The lines of each page, blank ones left out."""

    def read(paper: Paper) -> list[list[str]]:
        if shutil.which("pdftotext") is None:
            pytest.skip("pdftotext is not installed")
        path = tmp_path / "paper.pdf"
        write_pdf(paper, path)
        told = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, check=True, text=True).stdout
        return [[line for line in page.splitlines() if line.strip()] for page in told.split("\f")[:-1]]

    return read
