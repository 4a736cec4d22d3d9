"""What the planner proposes and a named person approves: an allocation, and a plan of rounds.

Both explain themselves: every move, every stop and everything left out carries its reason.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, time
from enum import StrEnum

from mosovo_planner.domain.people import Position, Risk
from mosovo_planner.domain.visits import VisitKind


@dataclass(frozen=True, slots=True)
class SolverFacts:
    """How a proposal was found. ``bound`` and ``gap`` (a fraction) are None where none is known."""

    seconds: float
    objective: float
    bound: float | None = None
    gap: float | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """An offender who changes manager. Minutes are a year's travel, base to offender and back.

    In a decision, ``proposed_to`` is the manager whom the planner had proposed where a person chose another, and a move
    that was refused says by whom and why.
    """

    ref: str
    from_manager: str | None
    to_manager: str
    minutes_saved_per_year: float
    reason: str
    proposed_to: str = ""
    refused_by: str = ""
    refused_why: str = ""


@dataclass(frozen=True, slots=True)
class Unallocated:
    """An offender in the community whom the proposal leaves without a manager, and why."""

    ref: str
    reason: str


@dataclass(frozen=True, slots=True)
class ManagerLoad:
    """What a proposal means for one manager. Capacity and workload in hours a year, travel in minutes a year."""

    id: str
    capacity: float
    workload_before: float
    workload_after: float
    cases_before: int
    cases_after: int
    travel_minutes_before: float
    travel_minutes_after: float


@dataclass(frozen=True, slots=True)
class AllocationProposal:
    """Which manager would hold which offender.

    ``assignment`` covers every offender who would have a manager, those whose case does not move
    included. ``refused`` are moves a supervisor struck out; ``pinned`` offenders stay where they are put.
    """

    as_of: date
    assignment: dict[str, str]
    moves: tuple[Move, ...]
    managers: tuple[ManagerLoad, ...]
    unallocated: tuple[Unallocated, ...]
    solver: SolverFacts
    pinned: frozenset[str] = frozenset()
    travel_basis: str = ""

    @property
    def travel_before(self) -> float:
        return sum(manager.travel_minutes_before for manager in self.managers)

    @property
    def travel_after(self) -> float:
        return sum(manager.travel_minutes_after for manager in self.managers)


@dataclass(frozen=True, slots=True)
class Stop:
    """One visit in a round. ``lead`` is the officer who leads; ``drive_minutes`` is the leg to this stop.

    ``visit_minutes`` is the time at the door with access; the crew leaves then.
    """

    ref: str
    lead: str
    kind: VisitKind
    arrive: time
    leave: time
    drive_minutes: int
    why: str
    pinned: bool = False


@dataclass(frozen=True, slots=True)
class Round:
    """One crew's day. ``problems`` are in words and empty where the round can be driven as it stands.

    ``pinned`` rounds keep their crew and day when the plan is made again (their stops are pinned singly).
    ``drive_minutes`` is the whole day's driving, the way home included.
    """

    id: str
    date: date
    officers: tuple[str, str]
    base: str
    base_position: Position
    start: time
    end: time
    drive_minutes: int
    stops: tuple[Stop, ...]
    evening: bool = False
    pinned: bool = False
    problems: tuple[str, ...] = ()


class ObstacleKind(StrEnum):
    """What stands between a visit and a plan; lifting it means what the words say."""

    DROPPED = "dropped"  # taken off by hand: may be proposed again
    POSITION = "position"  # he is placed on the map
    OFFICERS = "officers"  # ``amount`` more trained officers
    TRAINED = "trained"  # one of ``officers`` is trained
    MARKER = "marker"  # his markers allow any crew
    CREWS = "crews"  # the crews are not decided beforehand
    WORKING_DAY = "working_day"  # visits may be made on ``day``
    AWAY = "away"  # ``officers`` are on duty on ``day``
    DUTY = "duty"  # the duty lasts ``amount`` minutes longer
    WINDOW = "window"  # visits may last ``amount`` minutes later in the day
    STOPS = "stops"  # the round may hold ``amount`` visits
    VISITING_DAY = "visiting_day"  # ``officers`` may go out once more, on ``day``
    INSTEAD = "instead"  # the visits ``refs`` leave the round
    HELD = "held"  # rounds kept by hand are let go


@dataclass(frozen=True, slots=True)
class Obstacle:
    """One thing that would have to change. ``round`` is the id of the round it speaks of, where it speaks of one."""

    kind: ObstacleKind
    officers: tuple[str, ...] = ()
    day: date | None = None
    amount: int = 0
    round: str = ""
    refs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unplanned:
    """A visit due within the plan that no round holds, and the reason (``code`` for machines).

    Once all ``obstacles`` are lifted the visit can be placed beside the plan's other visits.
    """

    ref: str
    due: date
    days_overdue: int
    risk: Risk | None
    code: str
    reason: str
    obstacles: tuple[Obstacle, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """The rounds of one to four weeks. ``seed`` makes the same plan again from the same facts."""

    start: date
    end: date
    seed: int
    rounds: tuple[Round, ...]
    unplanned: tuple[Unplanned, ...]
    solver: SolverFacts
    travel_basis: str = ""
    dropped: frozenset[str] = field(default_factory=frozenset)

    @property
    def visits(self) -> int:
        return sum(len(each.stops) for each in self.rounds)

    @property
    def drive_minutes(self) -> int:
        return sum(each.drive_minutes for each in self.rounds)
