"""What somebody decided while working off a ViSOR list, so that the next list does not ask again.

The program never writes to ViSOR: what is "entered" there was entered by hand, and somebody says so here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from mosovo_planner.domain.matching.lists import Difference, MissingThere, UnenteredVisit

ON_THE_LIST = "on_the_list"
"""The field of a decision about somebody who is not on the list."""

_VISIT = "last_seen"


class Settled(StrEnum):
    """How a point was settled: ours is right; it was entered there by hand; it is known and needs nothing."""

    OURS = "ours"
    ENTERED = "entered"
    KNOWN = "known"

    @property
    def label(self) -> str:
        return {"ours": "Ours kept", "entered": "Entered in ViSOR", "known": "Known, nothing to do"}[self.value]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListDecision:
    """One point settled. ``here`` and ``there`` are what stood on either side then; where either changes it is asked again.

    ``on`` is the day it was entered in ViSOR. ``at`` is local.
    """

    id: str
    ref: str
    field: str
    here: str
    there: str
    settled: Settled
    by: str
    at: datetime
    on: date | None = None
    comment: str = ""


Key = tuple[str, str, str, str]


def key_of(point: Difference | MissingThere | UnenteredVisit) -> Key:
    """What a point is about: reference, field, and what stands on either side."""
    if isinstance(point, Difference):
        return point.ref, point.field, point.here, point.there
    if isinstance(point, UnenteredVisit):
        return point.ref, _VISIT, point.visit_id or point.on.isoformat(), ""
    return point.ref, ON_THE_LIST, "", ""


def settled_by(decisions: Iterable[ListDecision]) -> dict[Key, ListDecision]:
    """The newest decision about each point."""
    ordered = sorted(decisions, key=lambda each: each.at)
    return {(each.ref, each.field, each.here, each.there): each for each in ordered}
