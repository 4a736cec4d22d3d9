"""An allocation on paper: who moves to whom, why, and what it does to travel and workload.

``allocation_paper`` shows a proposal to the supervisor who decides; ``decision_paper`` what was decided, by whom,
when and why, with the moves refused (rule 24: a named person decides).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Protocol

from mosovo_planner.domain.clocks import in_words
from mosovo_planner.domain.proposals import AllocationProposal, ManagerLoad, Move, Unallocated
from mosovo_planner.reports.identity import WIDE
from mosovo_planner.reports.paper import Column, Marking, Paper, Sheet, Table

_Label = Callable[[str | None], str]
_Name = Callable[[str], str]

_MANAGERS = (
    Column("Manager", 20, strong=True),
    Column("Cases before", 8, right=True),
    Column("Cases after", 8, right=True, strong=True),
    Column("Workload before", 9, right=True),
    Column("Workload after", 9, right=True, strong=True),
    Column("Capacity", 9, right=True),
    Column("Travel before", 9, right=True),
    Column("Travel after", 9, right=True, strong=True),
)
_MOVES = (
    Column("Reference", 13, whole=True),
    Column("Name", 18, strong=True),
    Column("From", 15),
    Column("To", 15, strong=True),
    Column("Minutes saved a year", 10, right=True),
    Column("Reason", 42),
)
_DECISIONS = (
    Column("Approved", 16, strong=True, whole=True),
    Column("By", 15),
    Column("Moves proposed", 9, right=True),
    Column("Made", 7, right=True),
    Column("Refused", 7, right=True),
    Column("Hours saved a year", 9, right=True),
    Column("Reason", 50),
)
_LEFT = (Column("Reference", 13, whole=True), Column("Name", 18, strong=True), Column("Why nobody holds the case", 82))
_HEADERS = ("Reference", "Name", "From", "To", "Minutes saved a year", "Decision", "Reason")


class Decision(Protocol):
    """A decision as the store keeps it: who decided what, when and why."""

    @property
    def at(self) -> datetime: ...
    @property
    def by(self) -> str: ...
    @property
    def reason(self) -> str: ...
    @property
    def moves(self) -> tuple[Move, ...]: ...
    @property
    def refused(self) -> tuple[Move, ...]: ...
    @property
    def as_of(self) -> date | None: ...
    @property
    def travel_basis(self) -> str: ...
    @property
    def managers(self) -> tuple[ManagerLoad, ...]: ...
    @property
    def proposed(self) -> int | None: ...


def allocation_paper(
    proposal: AllocationProposal,
    manager_label: _Label,
    name_of: _Name,
    marking: Marking,
    *,
    decision: str = "PROPOSAL, not yet approved",
) -> Paper:
    """A proposal: managers before and after, every move with its reason, and who is left without a manager."""
    return Paper(
        kind="allocation",
        title="Allocation by location",
        subtitle=f"{decision}; as of {in_words(proposal.as_of)}",
        facts=(*_travel(proposal.managers), ("Moves", str(len(proposal.moves))), ("Travel times", proposal.travel_basis)),
        parts=(
            _managers(proposal.managers, manager_label),
            _moves("Moves", proposal.moves, manager_label, name_of, "Nobody moves."),
            *_left(proposal.unallocated, name_of),
        ),
        refs=_refs(proposal.moves, proposal.unallocated),
        marking=marking,
    )


def decision_paper(
    decision: Decision,
    manager_label: _Label,
    name_of: _Name,
    marking: Marking,
    *,
    proposal: AllocationProposal | None = None,
) -> Paper:
    """A decision with its reasons. ``proposal`` gives the figures before and after where the decision does not hold them."""
    saved = sum(move.minutes_saved_per_year for move in decision.moves) / 60
    basis = f"as of {in_words(decision.as_of)}" if decision.as_of else "day of the proposal not recorded"
    loads = decision.managers or (proposal.managers if proposal else ())
    left = proposal.unallocated if proposal else ()
    held = "The figures of each manager before and after were not kept with this decision; the moves below hold their own."
    local = decision.at.astimezone() if decision.at.tzinfo else decision.at
    return Paper(
        kind="allocation_decision",
        title="Allocation decision",
        subtitle=f"Approved on {in_words(local.date())} at {local:%H:%M}; {basis}",
        facts=(
            *((("Proposed", f"{decision.proposed:,}"),) if decision.proposed is not None else ()),
            ("Moves", f"{len(decision.moves):,}"),
            ("Refused", f"{len(decision.refused):,}"),
            *(_travel(loads) if loads else (("Saved by the moves", f"{saved:,.0f} hours a year"),)),
        ),
        parts=(
            Table("", WIDE, _decided(decision, manager_label)),
            _managers(loads, manager_label, empty=held),
            _moves("Moves made", decision.moves, manager_label, name_of, "Nobody moved."),
            _moves("Moves proposed and refused", decision.refused, manager_label, name_of, "No move was refused."),
            *_left(left, name_of),
        ),
        refs=_refs((*decision.moves, *decision.refused), left),
        sheet=decision_table(decision, manager_label, name_of),
        marking=marking,
        text_size=11,
    )


def decision_table(decision: Decision, manager_label: _Label, name_of: _Name) -> Sheet:
    """Every move of a decision, made or refused, one a row."""
    every = [*((move, "made") for move in decision.moves), *((move, "refused") for move in decision.refused)]
    return Sheet(_HEADERS, tuple(_sheet_row(move, told, manager_label, name_of) for move, told in every))


def _sheet_row(move: Move, told: str, label: _Label, name_of: _Name) -> tuple[object, ...]:
    whom = (move.ref, name_of(move.ref), label(move.from_manager), label(move.to_manager))
    return (*whom, round(move.minutes_saved_per_year), told, _why(move, label))


def _why(move: Move, label: _Label) -> str:
    """The planner's reason, and what a person said to it."""
    parts = [move.reason.rstrip(".")]
    if move.proposed_to:
        parts.append(f"The planner had proposed {label(move.proposed_to)}")
    if move.refused_by:
        parts.append(f"REFUSED by {label(move.refused_by)}: {move.refused_why.rstrip('.') or 'no reason recorded'}")
    return ". ".join(parts) if len(parts) > 1 else move.reason


def decisions_paper(decisions: Sequence[Decision], manager_label: _Label, marking: Marking, as_of: date) -> Paper:
    """Every decision on the allocation, newest first: what was proposed, made and refused, by whom and why."""
    rows = tuple(
        (
            f"{in_words(local.date())} {local:%H:%M}",
            manager_label(each.by),
            "by hand" if each.proposed is None else f"{each.proposed:,}",
            f"{len(each.moves):,}",
            f"{len(each.refused):,}",
            f"{_saved(each):,.0f}",
            each.reason or "NO REASON RECORDED",
        )
        for each in decisions
        for local in [each.at.astimezone() if each.at.tzinfo else each.at]
    )
    return Paper(
        kind="allocation_decisions",
        title="Decisions on the allocation",
        subtitle=f"Newest first; as of {in_words(as_of)}",
        facts=(
            ("Decisions", f"{len(decisions):,}"),
            ("Moves", f"{sum(len(each.moves) for each in decisions):,}"),
            ("Refused", f"{sum(len(each.refused) for each in decisions):,}"),
        ),
        parts=(Table("", _DECISIONS, rows, empty="No allocation was approved yet."),),
        refs=tuple(dict.fromkeys(move.ref for each in decisions for move in (*each.moves, *each.refused))),
        marking=marking,
    )


def _saved(decision: Decision) -> float:
    """Hours a year: from the managers' figures where they were kept, else from the moves."""
    if decision.managers:
        return sum(each.travel_minutes_before - each.travel_minutes_after for each in decision.managers) / 60
    return sum(move.minutes_saved_per_year for move in decision.moves) / 60


def _decided(decision: Decision, label: _Label) -> tuple[tuple[str, ...], ...]:
    return (
        ("Approved by", label(decision.by)),
        ("Reason", decision.reason or "NO REASON RECORDED"),
        ("Travel times", decision.travel_basis or "not recorded"),
    )


def _travel(loads: Sequence[ManagerLoad]) -> tuple[tuple[str, str], ...]:
    before, after = (
        sum(each) / 60 for each in zip(*((load.travel_minutes_before, load.travel_minutes_after) for load in loads), strict=True)
    )
    change = (
        ("Saved", f"{before - after:,.0f} hours a year") if before >= after else ("More", f"{after - before:,.0f} hours a year")
    )
    return (("Travel, base to offender and back", f"{before:,.0f} to {after:,.0f} hours a year"), change)


def _managers(loads: Sequence[ManagerLoad], label: _Label, empty: str = "No manager.") -> Table:
    rows = [
        (
            label(each.id),
            str(each.cases_before),
            str(each.cases_after),
            *(f"{hours:,.0f}" for hours in (each.workload_before, each.workload_after, each.capacity)),
            f"{each.travel_minutes_before / 60:,.0f}",
            f"{each.travel_minutes_after / 60:,.0f}",
        )
        for each in loads
    ]
    if rows:
        rows.append(_all(loads))
    return Table("Offender managers before and after (hours a year)", _MANAGERS, tuple(rows), empty=empty, summed=True)


def _all(loads: Sequence[ManagerLoad]) -> tuple[str, ...]:
    sums = (
        sum(each.cases_before for each in loads),
        sum(each.cases_after for each in loads),
        sum(each.workload_before for each in loads),
        sum(each.workload_after for each in loads),
        sum(each.capacity for each in loads),
        sum(each.travel_minutes_before for each in loads) / 60,
        sum(each.travel_minutes_after for each in loads) / 60,
    )
    return ("All", *(f"{each:,.0f}" for each in sums))


def _moves(heading: str, moves: Sequence[Move], label: _Label, name_of: _Name, empty: str) -> Table:
    rows = tuple(
        (
            move.ref,
            name_of(move.ref),
            label(move.from_manager),
            label(move.to_manager),
            f"{move.minutes_saved_per_year:,.0f}",
            _why(move, label),
        )
        for move in moves
    )
    return Table(heading, _MOVES, rows, empty=empty)


def _left(left: Sequence[Unallocated], name_of: _Name) -> tuple[Table, ...]:
    rows = tuple((each.ref, name_of(each.ref), each.reason) for each in left)
    return (Table("Left without a manager", _LEFT, rows),) if rows else ()


def _refs(moves: Sequence[Move], left: Sequence[Unallocated]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*(move.ref for move in moves), *(each.ref for each in left))))
