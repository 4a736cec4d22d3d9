"""To whom a case can be given: every manager with the drive to the offender and the workload as proposed."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from mosovo_planner.domain.proposals import ManagerLoad
from mosovo_planner.office.allocation import AllocationWork
from mosovo_planner.ui.allocation.figures import per_cent
from mosovo_planner.ui.proposals.choosing import ChoiceDialog
from mosovo_planner.ui.table import Column


@dataclass(frozen=True)
class Candidate:
    """A manager as the taker of a case. ``minutes`` is one way from the base; None where it is unknown."""

    id: str
    label: str
    base: str
    minutes: float | None
    load: ManagerLoad | None
    holds: str

    @property
    def workload(self) -> str:
        return per_cent(self.load.workload_after, self.load.capacity) if self.load else ""


def candidates(work: AllocationWork, refs: Sequence[str]) -> list[Candidate]:
    """All managers, the nearest to the first of ``refs`` on top."""
    loads = {load.id: load for load in work.proposal.managers}
    known = {manager.id: manager for manager in work.view.managers}
    column = next((number for number, case in enumerate(work.request.cases) if case.ref == refs[0]), None)
    now = next((case.offender.manager for case in work.view.cases if case.offender.ref == refs[0]), None)
    barred = {manager for case in work.request.cases if case.ref in refs for manager in case.forbidden}
    rows = []
    for number, manager in enumerate(work.request.managers):
        minutes = float(work.request.base_minutes[number, column]) if column is not None else math.nan
        holds = "holds it now" if manager.id == now else ""
        if manager.id == work.proposal.assignment.get(refs[0]) and manager.id != now:
            holds = "proposed"
        if manager.id in barred:
            holds = "barred by a marker"
        rows.append(
            Candidate(
                manager.id, known[manager.id].label, known[manager.id].base,
                None if math.isnan(minutes) else minutes, loads.get(manager.id), holds,
            )
        )  # fmt: skip
    return sorted(rows, key=lambda row: (math.inf if row.minutes is None else row.minutes, row.label))


_COLUMNS: tuple[Column[Candidate], ...] = (
    Column("label", "Manager", lambda row: row.label, width=18),
    Column("base", "Base", lambda row: row.base, width=18),
    Column(
        "minutes", "Drive", lambda row: row.minutes, width=8, right=True,
        text=lambda row: "" if row.minutes is None else f"{row.minutes:.0f} min",
    ),
    Column("workload", "Workload", lambda row: row.workload, width=9, right=True),
    Column("holds", "Note", lambda row: row.holds, width=18),
)  # fmt: skip


def giving_dialog(
    work: AllocationWork, refs: Sequence[str], take: Callable[[Candidate], object], parent: QWidget
) -> ChoiceDialog[Candidate]:
    """Asks for the manager who takes the cases."""
    which = refs[0] if len(refs) == 1 else f"{len(refs)} cases ({refs[0]} and others)"
    return ChoiceDialog(
        "Give to another manager",
        f"Who should hold {which}? The drive is from the base, one way; the workload is as proposed.",
        _COLUMNS,
        candidates(work, refs),
        lambda row: row.id,
        take,
        verb="&Give",
        parent=parent,
    )
