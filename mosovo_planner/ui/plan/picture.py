"""What the map shows of a plan: the rounds of one day with their numbered stops, and what is not planned."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

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


def round_looks(rounds: Sequence[Round]) -> dict[str, Look]:
    """A look for each round of a day, by their order."""
    return {each.id: look_of(number) for number, each in enumerate(rounds)}


def draw(rounds: Sequence[Round], people: People, chosen: str | None, others: Iterable[Unplanned] = ()) -> Picture:
    """Marks for the rounds of a day; stops of rounds that are not ``chosen`` step back where one is."""
    looks = round_looks(rounds)
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
