"""The force that is simulated: what is asked, and how each week's surprises are drawn.

Every draw is keyed by seed, week and person (common random numbers), so all ways of working and all strengths meet the
same refusals, sickness, arrivals, leavers and changes of risk, and differ only by what they do.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from random import Random

import numpy as np

from mosovo_planner.domain.clocks import Case, case_of
from mosovo_planner.domain.people import Absence, Offender, OffenderManager, Position, Risk
from mosovo_planner.domain.policy import Policy
from mosovo_planner.domain.travel import Minutes
from mosovo_planner.domain.visits import Outcome
from mosovo_planner.planning.simulation.assumptions import Assumptions

WEEKS_A_YEAR = 52


@dataclass(frozen=True)
class MatrixTravel:
    """Travel times between places known beforehand; the whole year asks for no others. Minutes, square."""

    name: str
    places: tuple[tuple[float, float], ...]
    matrix: Minutes

    @cached_property
    def _index(self) -> dict[tuple[float, float], int]:
        return {place: index for index, place in enumerate(self.places)}

    def minutes(self, origins: Sequence[Position], destinations: Sequence[Position]) -> Minutes:
        rows = [self._index[at.lat, at.lon] for at in origins]
        columns = [self._index[at.lat, at.lon] for at in destinations]
        chosen: Minutes = self.matrix[np.ix_(rows, columns)]
        return chosen


@dataclass(frozen=True)
class SimulationRequest:
    """What to play: the force as it stands (no names), who will arrive, and for how long.

    ``by_location`` is the allocation proposed by location: offender to manager. ``iterations`` limits each week's plan
    by its steps, so that a year can be played again; without them ``plan_seconds`` do.
    """

    start: date
    weeks: int
    offenders: tuple[Offender, ...]
    managers: tuple[OffenderManager, ...]
    arriving: Mapping[int, tuple[Offender, ...]]
    by_location: Mapping[str, str]
    policy: Policy
    travel: MatrixTravel
    assumptions: Assumptions
    seed: int
    plan_seconds: float = 0.0
    iterations: int | None = None

    def monday(self, week: int) -> date:
        """The first day of a week; weeks count from 0."""
        return self.start + timedelta(weeks=week)

    def random(self, *key: object) -> Random:
        """A generator of its own for each question, the same in every way of working."""
        digest = hashlib.sha256(repr((self.seed, *key)).encode()).digest()
        return Random(int.from_bytes(digest[:8]))  # noqa: S311  plays a year, guards nothing

    def outcome(self, week: int, ref: str) -> Outcome:
        """What happens at this door in this week, whoever knocks."""
        given = self.assumptions
        drawn = self.random("door", week, ref).random()
        for share, outcome in ((given.seen, Outcome.SEEN), (given.no_reply, Outcome.NO_REPLY), (given.refused, Outcome.REFUSED)):
            if drawn < share:
                return outcome
            drawn -= share
        return Outcome.MOVED

    def leaves(self, week: int, ref: str) -> bool:
        """Whether he leaves the caseload as this week begins."""
        return self.random("leaves", week, ref).random() < self.assumptions.leaving_per_year / WEEKS_A_YEAR

    def new_risk(self, week: int, offender: Offender) -> Risk | None:
        """His risk level from this week on, one up or down from what it was; None where it does not change."""
        if offender.risk is None:
            return None
        drawn = self.random("risk", week, offender.ref).random() * WEEKS_A_YEAR
        up, down = self.assumptions.risk_up_per_year, self.assumptions.risk_down_per_year
        rank = offender.risk.rank + (1 if drawn < up else -1 if drawn < up + down else 0)
        levels = list(Risk)
        return levels[rank] if 0 <= rank < len(levels) and rank != offender.risk.rank else None

    def staff(self, week: int) -> tuple[OffenderManager, ...]:
        """The managers with this week's sickness among their absences."""
        monday = self.monday(week)
        sick = Absence(monday, monday + timedelta(days=6), "sick")
        return tuple(
            replace(each, absences=(*each.absences, sick))
            if self.random("sick", week, each.id).random() < self.assumptions.sick_weeks
            else each
            for each in self.managers
        )


def arrivals(offenders: Sequence[Offender], weeks: int, assumptions: Assumptions, seed: int) -> dict[int, tuple[Offender, ...]]:
    """Invented new offenders by week: each lives near somebody on the caseload and has never been seen."""
    placed = [each for each in offenders if each.position]
    if not placed:
        return {}
    random = Random(seed)  # noqa: S311  invents people, guards nothing
    expected = len(offenders) * assumptions.new_per_year * weeks / WEEKS_A_YEAR
    by_week: dict[int, list[Offender]] = {}
    for number in range(round(expected)):
        like = random.choice(placed)
        assert like.position is not None
        spot = Position(round(like.position.lat + random.gauss(0, 0.01), 5), round(like.position.lon + random.gauss(0, 0.015), 5))
        risk = random.choices(list(Risk), assumptions.new_risk)[0]
        newcomer = Offender(ref=f"NEW-{number + 1:04}", risk=risk, position=spot)
        by_week.setdefault(random.randrange(weeks), []).append(newcomer)
    return {week: tuple(several) for week, several in by_week.items()}


def cases_of(offenders: Mapping[str, Offender], policy: Policy, day: date) -> tuple[Case, ...]:
    return tuple(case_of(offender, policy, day) for offender in offenders.values())
