"""What the map shows of an allocation: before, after, or only what moves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mosovo_planner.domain.people import OffenderManager, risk_label
from mosovo_planner.ui.allocation.rows import CaseRow
from mosovo_planner.ui.map.marks import Link, Look, Marker
from mosovo_planner.ui.map.palette import NOBODY

BEFORE, AFTER, BOTH = "before", "after", "both"


@dataclass(frozen=True)
class Picture:
    """Marks for the map; ``faint`` markers step back."""

    markers: list[Marker]
    links: list[Link]
    faint: frozenset[str]


def draw(
    rows: Sequence[CaseRow], managers: Sequence[OffenderManager], looks: Mapping[str, Look], mode: str, only: str | None
) -> Picture:
    """The marks for ``mode``. ``only`` is a manager whose cases stand out, before or after; others step back."""
    places = {each.id: (each.position.lat, each.position.lon) for each in managers if each.position}
    markers, links, faint = [], [], set()
    for row in rows:
        offender = row.case.offender
        ref, at = offender.ref, offender.position
        if at is None:
            continue
        holder = row.manager_before if mode == BEFORE else row.manager_after
        look = looks.get(holder or "", NOBODY)
        markers.append(Marker(ref, at.lat, at.lon, look, f"{ref} · {risk_label(offender.risk)} risk"))
        if (mode == BOTH and not row.moves) or (only is not None and only not in _holders(row, mode)):
            faint.add(ref)
            continue
        if holder in places:
            links.append(Link(places[holder], (at.lat, at.lon), look.colour))
        if mode == BOTH and row.manager_before in places:
            former = looks.get(row.manager_before, NOBODY)
            links.append(Link(places[row.manager_before], (at.lat, at.lon), former.colour, faint=True))
    if faint:
        markers.sort(key=lambda marker: marker.key not in faint)
    return Picture(markers, links, frozenset(faint))


def _holders(row: CaseRow, mode: str) -> tuple[str | None, ...]:
    if mode == BEFORE:
        return (row.manager_before,)
    return (row.manager_after,) if mode == AFTER else (row.manager_before, row.manager_after)
