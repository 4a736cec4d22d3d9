"""What the engine of rounds is asked and what it answers: the words of ``mosovo-visits-problem/1``, in memory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Whole = NDArray[np.int64]
"""Whole numbers; times and costs are in any unit, used alike throughout a problem."""


class Objective(StrEnum):
    """What is sought: most reward and then least travel, or least travel plus the reward of what is missed."""

    REWARD_THEN_TRAVEL = "reward_then_travel"
    COST = "cost"


@dataclass(frozen=True, slots=True)
class CrewSlot:
    """One crew's one possible round.

    ``start`` and ``end`` index the locations; the crew leaves ``start`` no earlier than ``begin`` and is at ``end`` by
    ``until``. ``uses`` names the resources of which a round that has visits takes one each. ``max_load`` bounds the
    sum of its visits' loads, ``max_stops`` their number.
    """

    id: str
    start: int
    end: int
    begin: int
    until: int
    max_load: int | None = None
    uses: tuple[str, ...] = ()
    max_stops: int | None = None


@dataclass(frozen=True, slots=True)
class VisitTask:
    """One visit that may be made: ``at`` indexes the locations; it starts inside one of ``windows`` (both ends included).

    ``crews`` holds the ids of the crews that may make it, None where all may.
    """

    id: str
    at: int
    duration: int
    windows: tuple[tuple[int, int], ...]
    reward: int = 0
    required: bool = False
    load: int = 0
    crews: tuple[str, ...] | None = None


@dataclass(frozen=True)
class VisitsProblem:
    """Visits to be shared out among crews.

    ``travel`` and ``cost`` have the shape (locations, locations); ``cost`` None means travel. ``rewards`` has the shape
    (visits, crews) and replaces ``VisitTask.reward`` where given; -1 means that the crew may not make the visit.
    ``resources`` holds how many open rounds may use each resource; one that is used and not named has the limit 1.
    """

    locations: tuple[str, ...]
    travel: Whole
    crews: tuple[CrewSlot, ...]
    visits: tuple[VisitTask, ...]
    objective: Objective = Objective.REWARD_THEN_TRAVEL
    cost: Whole | None = None
    rewards: Whole | None = None
    resources: Mapping[str, int] = field(default_factory=dict)

    @property
    def costs(self) -> Whole:
        """The matrix that the travel of an answer is counted by."""
        return self.travel if self.cost is None else self.cost

    @cached_property
    def crew_index(self) -> dict[str, int]:
        """Where each crew stands in ``crews``."""
        return {crew.id: index for index, crew in enumerate(self.crews)}

    @cached_property
    def visit_index(self) -> dict[str, int]:
        """Where each visit stands in ``visits``."""
        return {visit.id: index for index, visit in enumerate(self.visits)}

    def reward(self, visit: int, crew: int) -> int:
        """What this crew's making of this visit is worth; -1 where it may not."""
        task = self.visits[visit]
        if task.crews is not None and self.crews[crew].id not in task.crews:
            return -1
        return task.reward if self.rewards is None else int(self.rewards[visit, crew])

    def best_reward(self, visit: int) -> int:
        """What missing this visit forgoes: its own reward, or the most that any crew's visit would be worth."""
        if self.rewards is None:
            return self.visits[visit].reward
        return max(0, int(self.rewards[visit].max(initial=0)))


@dataclass(frozen=True, slots=True)
class Stop:
    """A visit in a route and the time it starts."""

    visit: str
    start: int


@dataclass(frozen=True, slots=True)
class Route:
    """One crew's stops in order."""

    crew: str
    stops: tuple[Stop, ...]


@dataclass(frozen=True, slots=True)
class VisitsSolution:
    """The answer: routes with stops, what is missed, and how good it is.

    ``objective`` is the reward for ``reward_then_travel`` and travel plus missed reward for ``cost``; ``bound`` is what
    no answer can better (None where none is known). ``unmet_required`` names required visits that no answer was found
    for; they are in ``missed`` too.
    """

    routes: tuple[Route, ...]
    missed: tuple[str, ...]
    reward: int
    travel: int
    objective: int
    bound: float | None
    seconds: float
    iterations: int
    unmet_required: tuple[str, ...] = ()

    @property
    def gap(self) -> float | None:
        """How far the answer may be from the best there is, as a share of the bound."""
        if self.bound is None:
            return None
        return abs(self.bound - self.objective) / max(1.0, abs(self.bound))
