"""What the planner needs to know to propose an allocation: facts without names, notes or addresses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from mosovo_planner.domain.clocks import Case
from mosovo_planner.domain.errors import UserError
from mosovo_planner.domain.people import Offender, OffenderManager, Position, Risk
from mosovo_planner.domain.policy import Policy
from mosovo_planner.domain.travel import Minutes, TravelTimes
from mosovo_planner.domain.visits import crew_demands
from mosovo_planner.domain.workload import capacity_hours, case_hours, hours_worked, visits_per_year


class AllocationError(UserError):
    """An allocation cannot be asked for as it stands; the message names what is wrong and the cure."""


@dataclass(frozen=True, slots=True)
class AllocationCase:
    """One offender as the planner sees him.

    ``workload`` is hours a year, ``manager`` the id of the present manager. ``pinned_to`` is the manager
    a supervisor decided on. A case that is not ``movable`` (custody, hospital, abroad) stays where it is.
    ``forbidden`` are managers whom a marker bars: a marker is stronger than a pin (practice rule 20).
    """

    ref: str
    position: Position | None
    workload: float
    visits_per_year: float
    manager: str | None
    risk: Risk | None = None
    pinned_to: str | None = None
    movable: bool = True
    forbidden: frozenset[str] = frozenset()

    @property
    def pinned(self) -> bool:
        return self.pinned_to is not None


@dataclass(frozen=True, slots=True)
class AllocationManager:
    """One manager: base, hours a year for the caseload, and hours a year worked (for the balance).

    ``name`` is what reasons call the officer; the id where it is empty.
    """

    id: str
    position: Position | None
    capacity: float
    hours_worked: float
    name: str = ""

    @property
    def label(self) -> str:
        return self.name or self.id


@dataclass(frozen=True, slots=True)
class AllocationWeights:
    """What matters how much: the price of a move in minutes a year, the balance and compactness as fractions.

    ``most_moves`` is the share of offenders who may change manager without need; 1 is no cap.
    """

    move_price_minutes: float = 60.0
    balance: float = 0.04
    compactness: float = 0.25
    most_moves: float = 1.0


@dataclass(frozen=True, eq=False)
class AllocationRequest:
    """Everything a proposal rests on. ``base_minutes`` is managers × cases, nan where travel is unknown."""

    as_of: date
    cases: tuple[AllocationCase, ...]
    managers: tuple[AllocationManager, ...]
    base_minutes: Minutes
    weights: AllocationWeights = AllocationWeights()
    seed: int = 1
    seconds: float = 20.0
    travel_basis: str = ""

    def __post_init__(self) -> None:
        if self.base_minutes.shape != (len(self.managers), len(self.cases)):
            raise AllocationError("The travel times must have one row a manager and one column a case.")
        if len({case.ref for case in self.cases}) < len(self.cases):
            raise AllocationError("Two offenders have the same reference; correct one of them.")
        if len({manager.id for manager in self.managers}) < len(self.managers):
            raise AllocationError("Two managers have the same id; correct one of them.")


def allocation_request(
    cases: Sequence[Case],
    managers: Sequence[OffenderManager],
    policy: Policy,
    travel: TravelTimes,
    as_of: date,
    *,
    pinned: Mapping[str, str] | None = None,
    seed: int = 1,
    seconds: float = 20.0,
) -> AllocationRequest:
    """Take from the caseload what an allocation needs.

    ``pinned`` maps references to the manager a supervisor wants, over what the records say.

    Raises:
        AllocationError: a pin names an offender or a manager that is not there.
    """
    pins = dict(pinned or {})
    _check_pins(pins, cases, managers)
    taken = tuple(_taken(case.offender, managers, policy, pins) for case in cases)
    staff = tuple(
        AllocationManager(each.id, each.position, capacity_hours(each, policy, as_of), hours_worked(each, as_of), each.name)
        for each in managers
    )
    weights = AllocationWeights(
        move_price_minutes=policy.number("allocation.move_price_minutes"),
        balance=policy.share("allocation.balance_percent"),
        compactness=policy.share("allocation.compactness_percent"),
        most_moves=policy.share("allocation.most_moves_percent"),
    )
    return AllocationRequest(as_of, taken, staff, _base_minutes(taken, staff, travel), weights, seed, seconds, travel.name)


def _check_pins(pins: Mapping[str, str], cases: Sequence[Case], managers: Sequence[OffenderManager]) -> None:
    if lost := pins.keys() - {case.offender.ref for case in cases}:
        raise AllocationError(f"{len(lost)} pinned offender(s) are not in the caseload; take the pins off.")
    recorded = {(case.offender.ref, case.offender.manager) for case in cases if case.offender.pinned_manager}
    if unknown := {to for pin in pins.items() if pin not in recorded and (to := pin[1])} - {each.id for each in managers}:
        names = ", ".join(sorted(unknown))
        raise AllocationError(f"Offenders are pinned to {names}, who is not in the team; pin them to others.")


def _taken(
    offender: Offender, managers: Sequence[OffenderManager], policy: Policy, pins: Mapping[str, str]
) -> AllocationCase:
    held = offender.manager if offender.pinned_manager else None
    return AllocationCase(
        ref=offender.ref,
        position=offender.position,
        workload=case_hours(offender, policy),
        visits_per_year=visits_per_year(offender, policy),
        manager=offender.manager,
        risk=offender.risk,
        pinned_to=pins.get(offender.ref, held),
        movable=not offender.status.suspends_visits,
        forbidden=crew_demands(offender.markers, managers).excluded,
    )


def _base_minutes(cases: Sequence[AllocationCase], managers: Sequence[AllocationManager], travel: TravelTimes) -> Minutes:
    minutes = np.full((len(managers), len(cases)), np.nan, dtype=np.float32)
    rows = [row for row, manager in enumerate(managers) if manager.position]
    columns = [column for column, case in enumerate(cases) if case.position]
    if rows and columns:
        bases = [position for row in rows if (position := managers[row].position)]
        homes = [position for column in columns if (position := cases[column].position)]
        minutes[np.ix_(rows, columns)] = travel.minutes(bases, homes)
    minutes[~np.isfinite(minutes) | (minutes < 0)] = np.nan
    return minutes
