"""A fact about an offender as it is kept: with who entered it and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from mosovo_planner.domain.facts import Event, NoFixedHome, Order, ReactiveApproval, RiskSince, Stay, Trip
from mosovo_planner.domain.identity import Alias, EarlierAddress, OtherReference, Vehicle
from mosovo_planner.domain.sentences import ConfirmedEnd, Sentence

Fact = (
    Event | Stay | Order | Trip | RiskSince | Sentence | ConfirmedEnd | ReactiveApproval | NoFixedHome
    | Alias | EarlierAddress | Vehicle | OtherReference
)  # fmt: skip
"""Everything that is entered about an offender beside his record, his visits and his plans."""

SINGLE: tuple[type, ...] = (Sentence, ConfirmedEnd, ReactiveApproval, NoFixedHome)
"""The kinds of which an offender has one at most."""


Record = TypeVar("Record")


@dataclass(frozen=True, slots=True)
class Kept(Generic[Record]):
    """A fact with its id, the offender's reference, who entered it and when (UTC).

    ``at_version`` is None for a fact that a person entered. Else the fact followed from a change of the offender's
    record (risk, status), and this is the version that the record then had: its day (a stay's last day, where a
    return ended it) is the day of the change.
    """

    id: str
    ref: str
    fact: Record
    by: str
    at: datetime
    at_version: int | None = None

    @property
    def automatic(self) -> bool:
        return self.at_version is not None
