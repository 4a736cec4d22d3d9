"""From a force as it stands to a year that can be played: who arrives, who holds whom, how long drives take."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from mosovo_planner.domain.clocks import case_of
from mosovo_planner.domain.people import Offender, OffenderManager, Position
from mosovo_planner.domain.policy import Policy
from mosovo_planner.domain.progress import Progress, Reporter, silent
from mosovo_planner.domain.travel import TravelTimes
from mosovo_planner.planning.allocation import allocation_request, propose_allocation
from mosovo_planner.planning.simulation.assumptions import Assumptions
from mosovo_planner.planning.simulation.force import MatrixTravel, SimulationRequest, arrivals

QUICK_ITERATIONS = 1000
"""Steps of search a week and area at the planner's quick setting: a year of 900 offenders within some minutes."""
_UNHURRIED = 1e9
"""Seconds for the allocation, which is limited by its own steps, so that a year can be played again."""


@dataclass(frozen=True)
class Force:
    """A force to be played: offenders without names, managers, policy, and the drives between all places of all seeds."""

    start: date
    weeks: int
    offenders: tuple[Offender, ...]
    managers: tuple[OffenderManager, ...]
    policy: Policy
    assumptions: Assumptions
    travel: MatrixTravel
    iterations: int = QUICK_ITERATIONS

    def request(self, seed: int, by_location: Mapping[str, str]) -> SimulationRequest:
        """The year that this seed draws, under an allocation by location."""
        arriving = arrivals(self.offenders, self.weeks, self.assumptions, seed)
        return SimulationRequest(
            self.start, self.weeks, self.offenders, self.managers, arriving, by_location, self.policy, self.travel,
            self.assumptions, seed, iterations=self.iterations,
        )  # fmt: skip

    def of(self, managers: Sequence[OffenderManager]) -> Force:
        """The same force with other managers, at the same bases."""
        return replace(self, managers=tuple(managers))


def force_of(
    offenders: Sequence[Offender],
    managers: Sequence[OffenderManager],
    policy: Policy,
    travel: TravelTimes,
    start: date,
    weeks: int,
    seeds: Iterable[int],
    assumptions: Assumptions,
) -> Force:
    """Take from the caseload what the years of these seeds need; drives are asked for once."""
    come = [each for seed in seeds for several in arrivals(offenders, weeks, assumptions, seed).values() for each in several]
    spots = [*(each.position for each in managers), *(each.position for each in (*offenders, *come))]
    return Force(start, weeks, tuple(map(_nameless, offenders)), tuple(managers), policy, assumptions, _matrix(travel, spots))


def allocate(force: Force, report: Reporter = silent) -> dict[str, str]:
    """Who holds whom by location, offender to manager, for the force's present managers."""
    report(Progress("Allocating by location", 0.0))
    cases = [case_of(each, force.policy, force.start) for each in force.offenders]
    asked = allocation_request(cases, force.managers, force.policy, force.travel, force.start, seconds=_UNHURRIED)
    return dict(propose_allocation(asked, report).assignment)


def _nameless(offender: Offender) -> Offender:
    """What the simulation needs of an offender: no name, address or note."""
    return Offender(
        ref=offender.ref,
        position=offender.position,
        status=offender.status,
        risk=offender.risk,
        interval_months=offender.interval_months,
        last_seen=offender.last_seen,
        manager=offender.manager,
        pinned_manager=offender.pinned_manager,
        markers=offender.markers,
    )


def _matrix(travel: TravelTimes, positions: Iterable[Position | None]) -> MatrixTravel:
    unique = list({(at.lat, at.lon): at for at in positions if at}.values())
    return MatrixTravel(travel.name, tuple((at.lat, at.lon) for at in unique), travel.minutes(unique, unique))
