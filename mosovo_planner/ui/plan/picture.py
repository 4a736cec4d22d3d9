"""What the map shows of a plan: the rounds of one day with their numbered stops, and what is not planned."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count

from mosovo_planner.domain.people import risk_label
from mosovo_planner.domain.proposals import Round, Unplanned
from mosovo_planner.ui.map.marks import BaseMark, Look, Marker, RoundLine
from mosovo_planner.ui.map.palette import NOBODY, look_of
from mosovo_planner.ui.plan.rows import People


@dataclass(frozen=True)
class Picture:
    markers: list[Marker]
    rounds: list[RoundLine]
    bases: list[BaseMark]
    faint: frozenset[str]


class RoundLooks:
    """Looks for the rounds of a day; a round keeps its look when others come and go."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def of(self, rounds: Sequence[Round]) -> dict[str, Look]:
        """A look for each round of one day."""
        used = {self._numbers[each.id] for each in rounds if each.id in self._numbers}
        free = (number for number in count() if number not in used)
        for each in rounds:
            if each.id not in self._numbers:
                self._numbers[each.id] = next(free)
        return {each.id: look_of(self._numbers[each.id]) for each in rounds}


def draw(
    rounds: Sequence[Round], looks: Mapping[str, Look], people: People, chosen: str | None, others: Iterable[Unplanned] = ()
) -> Picture:
    """Marks for the rounds of a day; stops of rounds that are not ``chosen`` step back where one is."""
    markers, lines, faint = [], [], set()
    bases: dict[tuple[float, float], BaseMark] = {}
    for visit in others:
        at = people.position(visit.ref)
        tip = f"{visit.ref} · {risk_label(visit.risk)} risk · not planned"
        if at:
            markers.append(Marker(visit.ref, at.lat, at.lon, NOBODY, tip))
    for each in rounds:
        start = (each.base_position.lat, each.base_position.lon)
        bases.setdefault(start, BaseMark(each.base, each.base, *start))
        points = [start]
        for number, stop in enumerate(each.stops, start=1):
            at, offender = people.position(stop.ref), people.offender(stop.ref)
            if at is None or offender is None:
                continue
            points.append((at.lat, at.lon))
            tip = f"{number}: {stop.ref} · {risk_label(offender.risk)} risk · {stop.arrive:%H:%M}"
            markers.append(Marker(stop.ref, at.lat, at.lon, looks[each.id], tip, number))
            if chosen and each.id != chosen:
                faint.add(stop.ref)
        lines.append(RoundLine(each.id, (*points, start), looks[each.id].colour))
    markers.sort(key=lambda marker: (marker.number is not None, marker.key not in faint))
    return Picture(markers, lines, list(bases.values()), frozenset(faint))
