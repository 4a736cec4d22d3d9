"""The allocation decision on paper: who moves to whom, why, and what it does to travel and workload."""

from __future__ import annotations

from collections.abc import Callable

from mosovo_planner.domain.clocks import in_words
from mosovo_planner.domain.proposals import AllocationProposal
from mosovo_planner.reports.paper import Column, Marking, Paper, Table


def allocation_paper(
    proposal: AllocationProposal,
    manager_label: Callable[[str | None], str],
    name_of: Callable[[str], str],
    marking: Marking,
    *,
    decision: str = "PROPOSAL, not yet approved",
) -> Paper:
    """Managers before and after, then every move with its reason."""
    saved = proposal.travel_before - proposal.travel_after
    managers = tuple(
        (
            manager_label(each.id),
            str(each.cases_before),
            str(each.cases_after),
            f"{each.workload_before:.0f}",
            f"{each.workload_after:.0f}",
            f"{each.capacity:.0f}",
            f"{each.travel_minutes_before / 60:.0f}",
            f"{each.travel_minutes_after / 60:.0f}",
        )
        for each in proposal.managers
    )
    moves = tuple(
        (
            move.ref,
            name_of(move.ref),
            manager_label(move.from_manager),
            manager_label(move.to_manager),
            f"{move.minutes_saved_per_year:.0f}",
            move.reason,
        )
        for move in proposal.moves
    )
    return Paper(
        kind="allocation",
        title="Allocation by location",
        subtitle=f"{decision}; as of {in_words(proposal.as_of)}",
        facts=(
            (
                "Travel, base to offender and back",
                f"{proposal.travel_before / 60:.0f} to {proposal.travel_after / 60:.0f} hours a year",
            ),
            ("Saved", f"{saved / 60:.0f} hours a year"),
            ("Moves", str(len(proposal.moves))),
            ("Travel times", proposal.travel_basis),
        ),
        parts=(
            Table("Offender managers (hours a year)", _MANAGERS, managers),
            Table("Moves", _MOVES, moves, empty="Nobody moves."),
        ),
        refs=tuple(move.ref for move in proposal.moves),
        marking=marking,
    )


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
    Column("Reference", 13),
    Column("Name", 18),
    Column("From", 15),
    Column("To", 15, strong=True),
    Column("Minutes saved a year", 9, right=True),
    Column("Reason", 42),
)
