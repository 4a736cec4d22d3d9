"""The lists of the plan as data: the day sheet, what is not planned, and the choices the dialogues offer."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from mosovo_planner.domain.clocks import Case, in_words
from mosovo_planner.domain.people import Offender, Position, Risk, risk_label
from mosovo_planner.domain.proposals import Plan, Round, Stop, Unplanned
from mosovo_planner.office.plans import PlanWork
from mosovo_planner.office.surprise import Change
from mosovo_planner.ui.table import Column

_KM_A_DEGREE = 111.2


@dataclass(frozen=True)
class StopRow:
    """One stop on the day sheet, with the round it belongs to and its place there (from 1)."""

    round: Round
    number: int
    stop: Stop
    offender: Offender | None
    lead: str

    @property
    def ref(self) -> str:
        return self.stop.ref


@dataclass(frozen=True)
class LeftOut:
    """A visit that no round holds, with the person."""

    visit: Unplanned
    offender: Offender | None

    @property
    def ref(self) -> str:
        return self.visit.ref


class People:
    """The caseload behind a plan, by reference."""

    def __init__(self, work: PlanWork) -> None:
        self.cases: Mapping[str, Case] = {case.offender.ref: case for case in work.view.cases}
        self._labels = {manager.id: manager.label for manager in work.view.managers}

    def offender(self, ref: str) -> Offender | None:
        case = self.cases.get(ref)
        return case.offender if case else None

    def officer(self, officer: str) -> str:
        return self._labels.get(officer, officer)

    def crew(self, each: Round) -> str:
        """``A. Baker + C. Drew``."""
        return " + ".join(self.officer(officer) for officer in each.officers)

    def position(self, ref: str) -> Position | None:
        offender = self.offender(ref)
        return offender.position if offender else None


def stop_rows(rounds: Iterable[Round], people: People) -> list[StopRow]:
    """The stops of the rounds in the order they are driven."""
    return [
        StopRow(each, number, stop, people.offender(stop.ref), people.officer(stop.lead))
        for each in rounds
        for number, stop in enumerate(each.stops, start=1)
    ]


def left_out(plan: Plan, people: People) -> list[LeftOut]:
    """What is not planned, the most overdue first."""
    rows = [LeftOut(visit, people.offender(visit.ref)) for visit in plan.unplanned]
    return sorted(rows, key=lambda row: -row.visit.days_overdue)


@dataclass(frozen=True)
class RoundChoice:
    """A round as the taker of a visit; ``km`` is how near it comes to the offender, as the crow flies."""

    round: Round
    crew: str
    km: float | None


def round_choices(plan: Plan, people: People, ref: str) -> list[RoundChoice]:
    """All rounds, those that pass nearest on top."""
    target = people.position(ref)
    rows = []
    for each in plan.rounds:
        places = [each.base_position, *(place for stop in each.stops if stop.ref != ref and (place := people.position(stop.ref)))]
        km = min(distance_km(target, place) for place in places) if target else None
        rows.append(RoundChoice(each, people.crew(each), km))
    return sorted(rows, key=lambda row: (math.inf if row.km is None else row.km, row.round.date))


def distance_km(one: Position, other: Position) -> float:
    """Kilometres as the crow flies, near enough to rank neighbours."""
    across = (one.lon - other.lon) * math.cos(math.radians((one.lat + other.lat) / 2))
    return _KM_A_DEGREE * math.hypot(across, one.lat - other.lat)


def _name(offender: Offender | None) -> str:
    return offender.name if offender else ""


def _tone(risk: Risk | None) -> str:
    return risk.value if risk else "none"


def _rank(risk: Risk | None) -> int:
    return risk.rank if risk else -1


def _risk_of(row: StopRow) -> Risk | None:
    return row.offender.risk if row.offender else None


SHEET: tuple[Column[StopRow], ...] = (
    Column("number", "#", lambda row: row.number, width=3, right=True),
    Column("arrive", "Arrive", lambda row: row.stop.arrive, text=lambda row: f"{row.stop.arrive:%H:%M}", width=6),
    Column("leave", "Leave", lambda row: row.stop.leave, text=lambda row: f"{row.stop.leave:%H:%M}", width=6),
    Column("drive", "Drive", lambda row: row.stop.drive_minutes, text=lambda row: f"{row.stop.drive_minutes} min", width=7,
           right=True, tip="Minutes by car to this stop"),
    Column("ref", "Reference", lambda row: row.ref, width=13),
    Column("name", "Name", lambda row: _name(row.offender), width=13),
    Column("risk", "Risk", lambda row: risk_label(_risk_of(row)), sort=lambda row: _rank(_risk_of(row)),
           tone=lambda row: _tone(_risk_of(row)), width=11),
    Column("lead", "Lead", lambda row: row.lead, width=12),
    Column("kind", "Kind", lambda row: row.stop.kind.label, width=8),
    Column("pinned", "Pinned", lambda row: "Pinned" if row.stop.pinned else "", width=7),
    Column("address", "Address", lambda row: row.offender.address if row.offender else "", width=24, visible=False),
    Column("why", "Why here", lambda row: row.stop.why, width=50),
)  # fmt: skip
LEFT_OUT: tuple[Column[LeftOut], ...] = (
    Column("ref", "Reference", lambda row: row.ref, width=13),
    Column("name", "Name", lambda row: _name(row.offender), width=16),
    Column("risk", "Risk", lambda row: risk_label(row.visit.risk), sort=lambda row: _rank(row.visit.risk),
           tone=lambda row: _tone(row.visit.risk), width=11),
    Column("due", "Due", lambda row: row.visit.due, width=10),
    Column("overdue", "Overdue", lambda row: row.visit.days_overdue or None, width=8, right=True,
           text=lambda row: f"{row.visit.days_overdue} days" if row.visit.days_overdue else ""),
    Column("reason", "Why not", lambda row: row.visit.reason, width=70),
)  # fmt: skip
CHANGES: tuple[Column[Change], ...] = (
    Column("kind", "Change", lambda change: change.kind.label, width=16),
    Column("ref", "Reference", lambda change: change.ref, width=11),
    Column("before", "Before", lambda change: change.before, width=26),
    Column("after", "Now", lambda change: change.after, width=26),
    Column("why", "Why", lambda change: change.why, width=60),
)
ROUNDS: tuple[Column[RoundChoice], ...] = (
    Column("day", "Day", lambda row: row.round.date, width=16,
           text=lambda row: f"{row.round.date:%a} {in_words(row.round.date)}"),
    Column("crew", "Crew", lambda row: row.crew, width=26),
    Column("visits", "Visits", lambda row: len(row.round.stops), width=6, right=True),
    Column("end", "Back", lambda row: row.round.end, text=lambda row: f"{row.round.end:%H:%M}", width=6),
    Column("km", "Nearest", lambda row: row.km, text=lambda row: "" if row.km is None else f"{row.km:.1f} km", width=8,
           right=True, tip="How near the round comes to the offender, as the crow flies"),
)  # fmt: skip
PEOPLE: tuple[Column[Case], ...] = (
    Column("ref", "Reference", lambda case: case.offender.ref, width=13),
    Column("name", "Name", lambda case: case.offender.name, width=20),
    Column("risk", "Risk", lambda case: risk_label(case.offender.risk), tone=lambda case: _tone(case.offender.risk), width=11),
    Column("due", "Due", lambda case: case.visit.due, width=11),
    Column("postcode", "Postcode", lambda case: case.offender.postcode, width=9),
)
