"""What the allocation engine is asked and what it answers: the words of ``mosovo-allocation-problem/1``, in memory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class PlacedOffender:
    """An offender: ``at`` indexes the points; workload in the unit of the capacities."""

    id: str
    at: int
    workload: float


@dataclass(frozen=True, slots=True)
class TerritoryManager:
    """A manager: ``base`` indexes the points, or None where it does not matter."""

    id: str
    capacity: float
    base: int | None = None


@dataclass(frozen=True, eq=False)
class AllocationProblem:
    """Offenders to share out into territories, each centred on one of its own offenders.

    ``distance`` is (points, points), from the row's point to the column's. The cost of an answer is the sum of
    distances from each offender to its centre and from each base to the centre of its manager, plus
    ``move_cost`` for each offender who is not with the ``current`` manager. ``forbidden`` holds (offender,
    manager) ids. A manager may be left without a territory.
    """

    distance: Floats
    offenders: tuple[PlacedOffender, ...]
    managers: tuple[TerritoryManager, ...]
    current: Mapping[str, str] = field(default_factory=dict)
    move_cost: float = 0.0
    forbidden: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True, slots=True)
class AllocationSolution:
    """The answer: who holds whom, the centre of each territory, its cost, and a bound no answer can better."""

    assignment: dict[str, str]
    centres: dict[str, str]
    cost: float
    bound: float
    seconds: float
    iterations: int = 0

    @property
    def gap(self) -> float:
        """How far the cost may be above the least possible, as a share of the cost."""
        return max(0.0, (self.cost - self.bound) / self.cost) if self.cost > 0 else 0.0
