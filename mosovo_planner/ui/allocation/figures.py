"""The figures of an allocation in words: totals, and a line for each manager."""

from __future__ import annotations

from dataclasses import dataclass

from mosovo_planner.domain.proposals import AllocationProposal
from mosovo_planner.office.caseload import CaseloadView


@dataclass(frozen=True)
class ManagerLine:
    """One manager before and after. Hours and travel hours are a year's; ``after`` values are None without a proposal."""

    id: str
    label: str
    base: str
    capacity: float
    before: float
    after: float | None
    cases_before: int
    cases_after: int | None
    travel_before: float | None
    travel_after: float | None

    @property
    def words(self) -> str:
        """What the bars show, for tooltips and screen readers."""
        text = f"{self.label}: workload {per_cent(self.before, self.capacity)}"
        if self.after is not None:
            text += f" → {per_cent(self.after, self.capacity)}"
        text += f" of {self.capacity:,.0f} hours a year; cases {self.cases_before}"
        if self.cases_after is not None:
            text += f" → {self.cases_after}"
        if self.travel_before is not None and self.travel_after is not None:
            text += f"; travel {self.travel_before:,.0f} → {self.travel_after:,.0f} hours a year"
        return text


def manager_lines(view: CaseloadView, proposal: AllocationProposal | None) -> list[ManagerLine]:
    """A line for each manager, in the caseload's order."""
    if proposal is None:
        return [
            ManagerLine(
                each.manager.id, each.manager.label, each.manager.base, each.capacity_hours, each.load_hours, None,
                each.cases, None, None, None,
            )
            for each in view.workloads
        ]  # fmt: skip
    managers = {manager.id: manager for manager in view.managers}
    return [
        ManagerLine(
            load.id, managers[load.id].label, managers[load.id].base, load.capacity, load.workload_before, load.workload_after,
            load.cases_before, load.cases_after, load.travel_minutes_before / 60, load.travel_minutes_after / 60,
        )
        for load in proposal.managers
    ]  # fmt: skip


def per_cent(load: float, capacity: float) -> str:
    """Load over capacity in words."""
    if capacity <= 0:
        return "no capacity" if load else "none"
    return f"{100 * load / capacity:.0f}%"


def totals(view: CaseloadView, proposal: AllocationProposal) -> str:
    """What the proposal comes to, in one line."""
    before, after = proposal.travel_before / 60, proposal.travel_after / 60
    parts = [
        f"Travel {before:,.0f} → {after:,.0f} hours a year ({_change(before, after)})",
        f"{len(proposal.moves):,} of {len(view.cases):,} cases would move",
        f"Workload {_spread(proposal, after=False)} → {_spread(proposal, after=True)} of capacity",
    ]
    if proposal.unallocated:
        parts.append(f"{len(proposal.unallocated)} without a manager")
    return "  ·  ".join(parts)


def basis(proposal: AllocationProposal) -> str:
    """What the figures rest on, and how near the best possible the proposal is known to be."""
    text = f"Travel times: {proposal.travel_basis}." if proposal.travel_basis else ""
    gap = proposal.solver.gap
    if gap is None:
        return text
    near = "proved the best possible" if gap < 0.0005 else f"within {100 * gap:.1f}% of the best possible"
    return f"{text} As proposed: {near}.".strip()


def effect(before: AllocationProposal, after: AllocationProposal) -> str:
    """What one change by hand did to the whole."""
    hours = (after.travel_after - before.travel_after) / 60
    moves = len(after.moves) - len(before.moves)
    travel = "travel as before" if abs(hours) < 0.05 else f"travel {hours:+,.1f} hours a year"
    return f"{travel}, {'no change in moves' if not moves else f'{moves:+d} moves'}".replace("+1 moves", "+1 move").replace(
        "-1 moves", "−1 move"
    )


def _change(before: float, after: float) -> str:
    if before <= 0:
        return "none before"
    share = 100 * (after - before) / before
    return f"{abs(share):.0f}% {'less' if share < 0 else 'more'}" if abs(share) >= 0.5 else "no change"


def _spread(proposal: AllocationProposal, *, after: bool) -> str:
    shares = [
        100 * (load.workload_after if after else load.workload_before) / load.capacity
        for load in proposal.managers
        if load.capacity > 0
    ]
    return f"{min(shares):.0f} to {max(shares):.0f}%" if shares else "none"
