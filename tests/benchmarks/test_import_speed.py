"""How long it takes to read a tracker of 5,000 invented offenders. Prints its figures; no clock can fail it."""

from __future__ import annotations

import sys
import time
from datetime import date, datetime, timedelta
from pathlib import Path

import openpyxl
import pytest

from mosovo_planner.exchange import read_tracker

_ROWS = 5_000
_AS_OF = date(2026, 11, 23)
_HEADER = (
    "Ref", "ViSOR No", "Surname", "Forename(s)", "DOB", "Address", "Post Code", "Risk", "Visit Freq (months)", "Last Visit",
    "Next Visit Due", "OM", "Supervisor", "ARMS Date", "RMP Review Due", "Status", "MAPPA Lvl", "SHPO?", "Markers", "Notes",
)  # fmt: skip


def _row(number: int) -> tuple[object, ...]:
    seen = datetime(2026, 11, 1) - timedelta(days=number % 300)
    return (
        f"SYN-{number:05}", f"SYN/{number}", "OAK", "Alan", f"{number % 28 + 1:02}/04/1980", f"{number} Sample Street",
        f"sn{number % 9 + 1} 1aa",
        ("L", "Med", "HIGH ", "V High")[number % 4], 6, seen if number % 2 else f"{seen:%d.%m.%y}", seen + timedelta(days=180),
        f"OM{number % 100}", "DS01", seen, f"{seen:%d/%m/%Y}", "Community", "Level 1", "SHPO to 05/2031",
        "Dog; Weapons", "Seen at home. " * 10,
    )  # fmt: skip


@pytest.mark.parametrize("suffix", ["xlsx", "csv"])
def test_five_thousand_rows(tmp_path: Path, suffix: str):
    path = tmp_path / f"tracker.{suffix}"
    rows = [_HEADER, *map(_row, range(_ROWS))]
    if suffix == "xlsx":
        book = openpyxl.Workbook(write_only=True)
        sheet = book.create_sheet("Caseload")
        for row in rows:
            sheet.append(row)
        book.save(path)
    else:
        path.write_text("\n".join(",".join(f'"{cell}"' for cell in row) for row in rows), "utf-8")
    steps: list[float] = []
    start = time.perf_counter()
    tracker = read_tracker(path, as_of=_AS_OF, report=lambda _: steps.append(time.perf_counter()))
    seconds = time.perf_counter() - start
    longest = max(later - earlier for earlier, later in zip([start, *steps], steps, strict=False))
    sys.stdout.write(
        f"\n{suffix}: {len(tracker.offenders):,} offenders in {seconds:.1f} s, {len(steps)} reports, "
        f"longest wait between them {longest:.1f} s\n"
    )
    assert len(tracker.offenders) == _ROWS
