"""The lists of the allocation view as data: moves, everybody, and who needs a look."""

from __future__ import annotations

from dataclasses import dataclass

from mosovo_planner.domain.clocks import Case
from mosovo_planner.domain.people import Offender, risk_label
from mosovo_planner.domain.proposals import AllocationProposal
from mosovo_planner.office.caseload import CaseloadView
from mosovo_planner.ui.table import Column

NOBODY = "Not allocated"


@dataclass(frozen=True)
class CaseRow:
    """One offender in a proposal. ``saved`` is minutes of travel a year, None where the case does not move."""

    case: Case
    now_with: str
    goes_to: str
    manager_before: str | None
    manager_after: str | None
    saved: float | None
    reason: str
    pinned: bool

    @property
    def offender(self) -> Offender:
        return self.case.offender

    @property
    def ref(self) -> str:
        return self.case.offender.ref

    @property
    def moves(self) -> bool:
        return self.manager_before != self.manager_after


def case_rows(view: CaseloadView, proposal: AllocationProposal | None) -> list[CaseRow]:
    """Everybody, with what the proposal would do; without a proposal, as things are."""
    labels = {manager.id: manager.label for manager in view.managers}
    if proposal is None:
        return [_row(case, labels, case.offender.manager, None, "", case.offender.pinned_manager) for case in view.cases]
    moves = {move.ref: move for move in proposal.moves}
    left_out = {each.ref: each.reason for each in proposal.unallocated}
    rows = []
    for case in view.cases:
        ref = case.offender.ref
        move = moves.get(ref)
        saved = move.minutes_saved_per_year if move else None
        reason = move.reason if move else left_out.get(ref, "")
        rows.append(_row(case, labels, proposal.assignment.get(ref), saved, reason, ref in proposal.pinned))
    return rows


def _row(case: Case, labels: dict[str, str], after: str | None, saved: float | None, reason: str, pinned: bool) -> CaseRow:
    before = case.offender.manager
    return CaseRow(case, _label(labels, before), _label(labels, after), before, after, saved, reason, pinned)


def _label(labels: dict[str, str], manager: str | None) -> str:
    return labels.get(manager, manager) if manager else NOBODY


@dataclass(frozen=True)
class NoteRow:
    """An offender who needs a look: no manager, no position, or one that is only roughly known."""

    row: CaseRow
    what: str
    why: str


def note_rows(rows: list[CaseRow]) -> list[NoteRow]:
    """Who is left without manager or position, and why, worst first."""
    notes = []
    for row in rows:
        at = row.case.offender.position
        if row.manager_after is None:
            notes.append(NoteRow(row, "No manager", row.reason or "No manager holds this case; propose, or give it to one."))
        if at is None:
            notes.append(NoteRow(row, "No position", "Neither postcode nor address gave a position. Place it on the map."))
        elif at.precision.needs_checking:
            notes.append(NoteRow(row, "Rough position", f"{at.precision.label}: check it on the map."))
    order = {"No manager": 0, "No position": 1, "Rough position": 2}
    return sorted(notes, key=lambda note: order[note.what])


def _risk_tone(row: CaseRow) -> str:
    return row.offender.risk.value if row.offender.risk else "none"


def _risk_rank(row: CaseRow) -> int:
    return row.offender.risk.rank if row.offender.risk else -1


def _pin_word(row: CaseRow) -> str:
    return "Pinned" if row.pinned else ""


def _saved(row: CaseRow) -> int | None:
    return None if row.saved is None else round(row.saved)


def _position(row: CaseRow) -> str:
    return row.offender.position.precision.label if row.offender.position else "None"


REF: Column[CaseRow] = Column("ref", "Reference", lambda row: row.ref, width=13)
NAME: Column[CaseRow] = Column("name", "Name", lambda row: row.offender.name, width=18)
RISK: Column[CaseRow] = Column(
    "risk", "Risk", lambda row: risk_label(row.offender.risk), sort=_risk_rank, tone=_risk_tone, width=11
)
PINNED: Column[CaseRow] = Column("pinned", "Pinned", _pin_word, width=7, tip="Stays with this manager in later proposals")
STATUS: Column[CaseRow] = Column("status", "Status", lambda row: row.offender.status.label, width=10)
POSTCODE: Column[CaseRow] = Column("postcode", "Postcode", lambda row: row.offender.postcode, width=9, visible=False)
SAVED: Column[CaseRow] = Column(
    "saved", "Saves", _saved, text=lambda row: "" if row.saved is None else f"{row.saved:,.0f} min", width=11, right=True,
    tip="Minutes of travel a year, base to offender and back, that the move saves",
)  # fmt: skip

MOVES: tuple[Column[CaseRow], ...] = (
    REF, NAME, RISK,
    Column("from", "From", lambda row: row.now_with, width=14),
    Column("to", "To", lambda row: row.goes_to, width=14),
    SAVED, PINNED, POSTCODE,
    Column("reason", "Reason", lambda row: row.reason, width=60),
)  # fmt: skip
EVERYBODY: tuple[Column[CaseRow], ...] = (
    REF, NAME, RISK, STATUS,
    Column("from", "Now with", lambda row: row.now_with, width=14),
    Column("to", "Proposed", lambda row: row.goes_to, width=14),
    Column("change", "Change", lambda row: "Moves" if row.moves else "Stays", width=8),
    PINNED, POSTCODE,
    Column("position", "Position", _position, width=18),
)  # fmt: skip
NOTES: tuple[Column[NoteRow], ...] = (
    Column("ref", "Reference", lambda note: note.row.ref, width=13),
    Column("name", "Name", lambda note: note.row.offender.name, width=18),
    Column("what", "What is missing", lambda note: note.what, width=15),
    Column("why", "Why, and what to do", lambda note: note.why, width=60),
)
