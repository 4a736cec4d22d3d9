"""A list exported from ViSOR, read for comparison. The program reads such a list and never writes to ViSOR.

Its columns are recognised, or mapped once and kept as a :class:`Profile`, just as a tracker's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from mosovo_planner.domain.matching.lists import ListedPerson
from mosovo_planner.domain.progress import Reporter, silent
from mosovo_planner.exchange.findings import Finding
from mosovo_planner.exchange.layout import TableReading
from mosovo_planner.exchange.offenders import OffenderRow
from mosovo_planner.exchange.profile import Profile
from mosovo_planner.exchange.tracker import read_tracker

_COMPARED_BLANK = frozenset({"last_seen", "risk", "date_of_birth", "arms_done", "rmp_review_due", "manager"})


@dataclass(frozen=True, slots=True)
class VisorList:
    """The list as it was read; ``tables`` show how its columns were understood, so that a dialogue can map them."""

    path_name: str
    people: tuple[ListedPerson, ...]
    findings: tuple[Finding, ...]
    tables: tuple[TableReading, ...]


def read_visor_list(path: Path, *, as_of: date, profile: Profile | None = None, report: Reporter = silent) -> VisorList:
    """Read a list (.xlsx, .csv). Raises TrackerError and UnrecognisedTracker as :func:`read_tracker` does."""
    tracker = read_tracker(path, as_of=as_of, profile=profile, report=report)
    people = tuple(_listed(row) for row in tracker.offenders)
    return VisorList(tracker.path_name, people, tracker.findings, tracker.tables)


def _listed(row: OffenderRow) -> ListedPerson:
    """Cells that are empty there are compared for what matters; those that could not be read are not compared."""
    values: dict[str, object] = dict.fromkeys(row.blank & _COMPARED_BLANK)
    return ListedPerson(row.sheet, row.row, row.ref, values | row.values)
