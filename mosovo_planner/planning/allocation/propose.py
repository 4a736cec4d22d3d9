"""Propose an allocation: territories near the bases, even loads, and moves only where they pay.

Alternates between the centres of the territories and the best assignment for them (a generalised
assignment, solved by its relaxation, local search and HiGHS), from the present allocation and from fresh
splits of the regions that managers with one base share. The same facts and seed give the same proposal.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from mosovo_planner.domain.progress import Progress, Reporter, silent
from mosovo_planner.domain.proposals import AllocationProposal, SolverFacts
from mosovo_planner.planning.allocation.evaluate import objective_of, proposal_of
from mosovo_planner.planning.allocation.figures import MARGIN, NOBODY, Floats, Ints, figures, loads_of
from mosovo_planner.planning.allocation.request import AllocationRequest
from mosovo_planner.planning.allocation.territory import centres_of, fresh_centres, spread

if TYPE_CHECKING:
    from mosovo_planner.planning.allocation.relaxation import Shares

_FRESH_STARTS = 3
_MOST_TURNS = 6
_PROVE_UP_TO = 40_000
_NODES = 300
_LARGE = 2_000_000
_DEARER, _FINER = 8, 4


@dataclass(frozen=True, eq=False)
class _Found:
    """An assignment of the free cases under given centres, its cost, and what the relaxation says of it."""

    holder: Ints
    centres: Floats
    cost: float
    bound: float


class _Search:
    """One proposal in the making; holds what all its steps share."""

    def __init__(self, request: AllocationRequest, report: Reporter, margin: float = MARGIN) -> None:
        self.request = request
        self.report = report
        self.figures = figures(request, margin)
        self.free = self.figures.free
        self.patience = 1e-3 if self.figures.travel.size > _LARGE else 1e-6
        self.began = time.perf_counter()
        self.best: float | None = None

    def run(self) -> tuple[Ints, SolverFacts]:
        """Manager indices for all cases, NOBODY where none, and how they were found."""
        if not len(self.free) or not len(self.figures.hours):
            holder = self.figures.fixed.copy()
            self._place_leftover(holder)
            return holder, SolverFacts(self._elapsed(), 0.0)
        found = self._search()
        holder = self._whole(found.holder)
        apart = self._fixed_cost(holder, found.centres)
        self._place_leftover(holder)
        return holder, self._facts(found, apart)

    def _facts(self, found: _Found, apart: float) -> SolverFacts:
        """Objective and bound in minutes a year; no bound where capacity is short and cases are left out."""
        placed = found.holder < len(self.figures.hours)
        if not placed.all():
            cost = self._costs(found.centres, self.free)[placed]
            minutes = float(cost[np.arange(len(cost)), found.holder[placed]].sum())
            return SolverFacts(self._elapsed(), minutes + apart)
        objective, bound = found.cost + apart, min(found.bound, found.cost) + apart
        return SolverFacts(self._elapsed(), objective, bound, (objective - bound) / objective if objective > 0 else 0.0)

    def _search(self) -> _Found:
        present = np.where(self.figures.fixed != NOBODY, self.figures.fixed, self.figures.current)
        self._tell("Looking at the present territories", 0.02)
        best = self._settle(centres_of(self.figures, present), "Improving the present territories", 0.05)
        region = self._whole(self._assign(self._nowhere()).holder)
        starts = _FRESH_STARTS if self.figures.travel.size <= _LARGE else 1
        for start in range(starts):
            if self._elapsed() > self.request.seconds:
                break
            centres = fresh_centres(self.figures, region, self.request.seed * 1000 + start)
            found = self._settle(centres, f"Trying new territories, {start + 1} of {starts}", 0.25 + 0.6 * start / starts)
            best = min(best, found, key=lambda each: each.cost)
        self._tell("Proving how good the proposal is", 0.9)
        return self._finish(best)

    def _settle(self, centres: Floats, text: str, share: float) -> _Found:
        """Assign, move the centres, and again, while the cost falls."""
        best: _Found | None = None
        for _ in range(_MOST_TURNS):
            self._tell(text, share)
            found = self._assign(centres)
            if best is not None and found.cost >= best.cost * (1 - self.patience):
                break
            best = found
            self.best = min(found.cost, self.best or np.inf)
            centres = centres_of(self.figures, self._whole(found.holder))
        assert best is not None
        return best

    def _assign(self, centres: Floats) -> _Found:
        from mosovo_planner.planning.allocation.relaxation import relax

        shares = self._shares(centres)
        relaxed = relax(shares)
        holder = shares.improved(relaxed.holder)
        return _Found(holder, centres, shares.total(holder), relaxed.value)

    def _finish(self, found: _Found) -> _Found:
        """Prove the assignment under the final centres, or better it.

        Where capacity is short, which of many like cases wait is a knapsack that HiGHS would chew on for minutes to
        no one's good, so the relaxation's bound stands there.
        """
        from mosovo_planner.planning.allocation.relaxation import prove, relax

        short = (found.holder == len(self.figures.hours)).any()
        if short or len(self.free) * len(self.figures.hours) > _PROVE_UP_TO:
            return found
        shares = self._shares(found.centres)
        seconds = max(10.0, self.request.seconds - self._elapsed())
        holder, bound = prove(shares, relax(shares), found.holder, nodes=_NODES, seconds=seconds)
        return _Found(holder, found.centres, shares.total(holder), bound)

    def _shares(self, centres: Floats) -> Shares:
        from mosovo_planner.planning.allocation.relaxation import Shares

        data = self.figures
        held = loads_of(data, data.fixed)
        cost = self._costs(centres, self.free)
        strain = _strain_price(cost, data.load[self.free])
        risk = np.array([each.risk.rank if each.risk else 2 for each in self.request.cases], dtype=float)[self.free]
        usual = max(float(data.load.mean()), 1.0)
        nobody = 20 * strain * (data.load[self.free] + usual) * (1 + risk)
        return Shares(
            np.column_stack([cost, nobody]), data.load[self.free], held, data.low, data.high, data.capacity, strain
        )

    def _costs(self, centres: Floats, cases: Ints) -> Floats:
        """What each manager would cost for each case: travel, price of the move, distance from the centre.

        A move that saves no travel is never made for compactness alone, so it is not cheaper than staying.
        """
        data = self.figures
        price = data.price[cases]
        cost = price + self.request.weights.compactness * spread(data, centres, cases)
        own = data.current[cases]
        held = np.flatnonzero(own != NOBODY)
        held = held[data.allowed[cases[held], own[held]]]
        stay = cost[held, own[held]][:, None]
        saves = price[held] - self.request.weights.move_price_minutes < price[held, own[held]][:, None] - 1e-9
        others = np.arange(cost.shape[1])[None, :] != own[held][:, None]
        cost[held] = np.where(others & ~saves, np.maximum(cost[held], stay + 1.0), cost[held])
        return np.where(data.allowed[cases], cost, np.inf)

    def _nowhere(self) -> Floats:
        return np.full((len(self.figures.hours), 2), np.nan)

    def _whole(self, holder: Ints) -> Ints:
        """The assignment of all cases from that of the free ones."""
        whole = self.figures.fixed.copy()
        whole[self.free] = np.where(holder < len(self.figures.hours), holder, NOBODY)
        return whole

    def _fixed_cost(self, holder: Ints, centres: Floats) -> float:
        """What the cases outside the search add to the cost."""
        fixed = np.flatnonzero(self.figures.fixed != NOBODY)
        cost = self.figures.price[fixed] + self.request.weights.compactness * spread(self.figures, centres, fixed)
        return float(cost[np.arange(len(fixed)), holder[fixed]].sum())

    def _place_leftover(self, holder: Ints) -> None:
        """Cases nobody can place on the map go to the manager with the most room in hours for each hour worked."""
        data = self.figures
        loads = loads_of(data, holder)
        for case in sorted(np.flatnonzero(data.leftover), key=lambda i: -data.load[i]):
            fits = data.allowed[case] & (loads + data.load[case] <= data.capacity + 1e-9)
            if fits.any():
                share = np.where(fits, (loads + data.load[case]) / np.maximum(data.hours, 1e-9), np.inf)
                holder[case] = int(share.argmin())
                loads[holder[case]] += data.load[case]

    def _elapsed(self) -> float:
        return time.perf_counter() - self.began

    def _tell(self, text: str, share: float) -> None:
        self.report(Progress(text, share, self.best))


def _strain_price(cost: Floats, load: Floats) -> float:
    """A price for an hour outside the band that no travel of a single case outweighs."""
    worst = np.where(np.isfinite(cost), cost, 0.0).max(axis=1, initial=0.0)
    hours = np.where(load > 0, load, np.inf)
    return max(1.0, 4 * float((worst / hours).max()))


def _unevenness(request: AllocationRequest, holder: Ints) -> float:
    """Hours by which loads lie outside the policy's band."""
    data = figures(request)
    loads = loads_of(data, holder)
    most = np.maximum(data.most, loads_of(data, data.fixed))
    outside = np.maximum(data.least - loads, 0) + np.maximum(loads - most, 0)
    return float(np.where(outside > 1e-6, outside, 0).sum())


def propose_allocation(request: AllocationRequest, report: Reporter = silent) -> AllocationProposal:
    """Propose which manager holds which offender.

    Every offender in the community gets one manager, no manager passes capacity, workload per hour worked is
    within the policy's band of the team's mean where that can be had, and a case moves only where the year's
    travel saved pays the price of a move or the loads need it. Who cannot be placed is in ``unallocated``.
    ``solver.objective`` is minutes a year: travel, prices of moves and of hours outside the band, and distance
    from the territories' centres; ``solver.bound`` is a proven least for these centres, None where capacity is short.

    ``request.seconds`` only keeps further starts from being tried; small teams finish far sooner.

    Raises:
        Cancelled: ``report`` raised it.
    """
    sorted_request, cases, managers = _sorted(request)
    found, facts = _even(sorted_request, report)
    if _free_moves(sorted_request, found) > request.weights.most_moves * len(request.cases):
        found, facts = _with_fewer_moves(sorted_request, report)
    holder = np.empty_like(found)
    holder[cases] = np.where(found != NOBODY, np.append(managers, NOBODY)[found], NOBODY)
    report(Progress("Writing the reasons", 0.98, facts.objective))
    return proposal_of(request, holder, facts)


def _sorted(request: AllocationRequest) -> tuple[AllocationRequest, Ints, Ints]:
    """The request with cases and managers in the order of their names, so that the order of records changes nothing."""
    cases = np.array(sorted(range(len(request.cases)), key=lambda i: request.cases[i].ref), dtype=np.int64)
    managers = np.array(sorted(range(len(request.managers)), key=lambda j: request.managers[j].id), dtype=np.int64)
    ordered = replace(
        request,
        cases=tuple(request.cases[i] for i in cases),
        managers=tuple(request.managers[j] for j in managers),
        base_minutes=request.base_minutes[np.ix_(managers, cases)],
    )
    return ordered, cases, managers


def _even(request: AllocationRequest, report: Reporter) -> tuple[Ints, SolverFacts]:
    """The proposal as found, without a margin inside the policy's band where only that keeps the loads even."""
    holder, facts = _Search(request, report).run()
    uneven = _unevenness(request, holder)
    if uneven > 0:
        second, other = _Search(request, report, margin=0.0).run()
        if _unevenness(request, second) < uneven:
            return second, other
    return holder, facts


def _free_moves(request: AllocationRequest, holder: Ints) -> int:
    """Cases that change manager though they could stay: neither pinned elsewhere nor barred nor their manager gone."""
    data = figures(request)
    held = np.flatnonzero((data.current != NOBODY) & (data.fixed == NOBODY))
    could = data.allowed[held, data.current[held]]
    return int((could & (holder[held] != data.current[held])).sum())


def _with_fewer_moves(request: AllocationRequest, report: Reporter) -> tuple[Ints, SolverFacts]:
    """The cap on moves kept by a dearer move: doubled until it is kept, then as cheap as it may be.

    Where even loads need more moves than the cap allows, the fewest moves found.
    """
    most = request.weights.most_moves * len(request.cases)
    low, high, least = 0.0, None, None
    for step in range(_DEARER + _FINER):
        power = step + 1.0 if high is None else (low + high) / 2
        price = max(request.weights.move_price_minutes, 1.0) * 2**power
        report(Progress("Keeping to the cap on moves", 0.9 + 0.005 * step))
        found, facts = _even(replace(request, weights=replace(request.weights, move_price_minutes=price)), silent)
        moves = _free_moves(request, found)
        if least is None or moves < least[0] or (high is not None and moves <= most):
            least = (moves, found, facts)
        if moves <= most:
            high = power
        else:
            low = power
        if (high is None and step >= _DEARER - 1) or (high is not None and high - low < 1 / _FINER):
            break
    assert least is not None
    _, holder, facts = least
    data = figures(request)
    return holder, SolverFacts(facts.seconds, objective_of(request, data, holder, centres_of(data, holder)))
