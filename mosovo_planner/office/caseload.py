"""Looking at the caseload and changing single offenders."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from mosovo_planner.domain.clock_engine import full_case
from mosovo_planner.domain.clock_table import ClockTable
from mosovo_planner.domain.clocks import Case, add_months
from mosovo_planner.domain.door import AtTheDoor, at_the_door
from mosovo_planner.domain.errors import UserError
from mosovo_planner.domain.facts import Facts
from mosovo_planner.domain.kept import Fact, Kept
from mosovo_planner.domain.outstanding import Item, outstanding
from mosovo_planner.domain.people import Caseload, OffenderManager, Position, Precision
from mosovo_planner.domain.policy import Policy
from mosovo_planner.domain.proposals import Move
from mosovo_planner.domain.record import Operation
from mosovo_planner.domain.risk_plans import PlanState, RiskPlan
from mosovo_planner.domain.roles import Permission
from mosovo_planner.domain.visits import CrewDemands, Visit, crew_demands
from mosovo_planner.domain.workload import ManagerWorkload, manager_workload
from mosovo_planner.office.session import Session

if TYPE_CHECKING:
    from mosovo_planner.store.unit import Unit


_NOTHING = Facts()


class NoSuchOffender(UserError):
    """No offender of that reference is on the caseload."""


@dataclass(frozen=True)
class CaseloadView:
    """What the window and the papers show of everybody, as of one day. ``plans`` tells how each one's newest plan stands."""

    as_of: date
    cases: tuple[Case, ...]
    managers: tuple[OffenderManager, ...]
    workloads: tuple[ManagerWorkload, ...]
    policy: Policy
    plans: Mapping[str, PlanState] = field(default_factory=dict)

    def manager_label(self, manager_id: str | None) -> str:
        """The manager's name, the bare id of one who left, ``Not allocated`` for none."""
        return self._labels.get(manager_id or "", manager_id or "Not allocated")

    @cached_property
    def _labels(self) -> dict[str, str]:
        return {manager.id: manager.label for manager in self.managers}

    @cached_property
    def by_ref(self) -> Mapping[str, Case]:
        """The cases by reference."""
        return {case.offender.ref: case for case in self.cases}

    @cached_property
    def late(self) -> tuple[Item, ...]:
        """Every overdue clock, the heaviest first."""
        teams = {manager.id: manager.team for manager in self.managers}
        return outstanding(self.cases, self.policy, self.as_of, teams=teams)

    @cached_property
    def overdue_visits(self) -> tuple[int, int]:
        """How many visits are overdue, and for how many days the longest; 0 where none is."""
        late = [days for case in self.cases if (days := case.days_overdue)]
        return len(late), max(late, default=0)

    def made_ready(self) -> CaseloadView:
        """The same, with what takes long worked out: for whoever reads off the GUI thread, so that the window need not."""
        _ = self.by_ref, self.late, self.overdue_visits  # kept where they were worked out
        return self


@dataclass(frozen=True)
class OffenderFile:
    """One offender opened: clocks, visits and what they ask for, what a crew must know, how the case came to its manager.

    ``kept`` are the facts his clocks run from, as they were entered; ``facts`` the same, put together. ``plan`` is the
    newest version of his risk management plan, where one is kept here.
    """

    case: Case
    manager: OffenderManager | None
    visits: tuple[Visit, ...]
    demands: CrewDemands
    moves: tuple[Move, ...]
    policy: Policy
    table: ClockTable
    kept: tuple[Kept[Fact], ...] = ()
    facts: Facts = field(default_factory=Facts)
    door: AtTheDoor = field(default_factory=AtTheDoor)
    plan: RiskPlan | None = None


def view_caseload(session: Session, as_of: date, reason: str = "caseload list") -> CaseloadView:
    """Everybody with clocks and workloads. Written to the record of use as one consultation with its count."""
    with session.unit(Permission.VIEW) as unit:
        view = read_caseload(unit, as_of)
        unit.record(Operation.CONSULTATION, "caseload", count=len(view.cases), reason=reason)
    return view


def read_caseload(unit: Unit, as_of: date) -> CaseloadView:
    """The caseload inside a transaction that someone else opened and records."""
    caseload, policy, table, facts = unit.caseload(), unit.policy(), unit.clock_table(), unit.facts()
    unentered: dict[str, list[Visit]] = {}
    if policy.is_set("deadline.visor_entry_days"):
        for visit in unit.visits(unentered=True):
            unentered.setdefault(visit.ref, []).append(visit)
    cases = tuple(
        full_case(each, facts.get(each.ref, _NOTHING), policy, table, as_of, unentered.get(each.ref, ()))
        for each in caseload.offenders
    )
    visits = unit.visits(since=add_months(as_of, -1))
    workloads = _workloads(caseload, cases, visits, policy, as_of)
    return CaseloadView(as_of, cases, caseload.managers, workloads, policy, unit.plan_states())


def _workloads(
    caseload: Caseload, cases: tuple[Case, ...], visits: tuple[Visit, ...], policy: Policy, as_of: date
) -> tuple[ManagerWorkload, ...]:
    held: dict[str, list[Case]] = {manager.id: [] for manager in caseload.managers}
    for case in cases:
        held.get(case.offender.manager or "", []).append(case)
    return tuple(manager_workload(manager, held[manager.id], visits, policy, as_of) for manager in caseload.managers)


def view_offender(session: Session, ref: str, as_of: date) -> OffenderFile:
    """Open one offender; a consultation in the record of use.

    Raises:
        NoSuchOffender: nobody of that reference is held.
    """
    with session.unit(Permission.VIEW) as unit:
        offender = unit.offender(ref)
        if offender is None:
            raise NoSuchOffender("No offender of that reference is on the caseload; it may have been erased meanwhile.")
        managers, visits, policy, table = unit.managers(), unit.visits(ref=ref), unit.policy(), unit.clock_table()
        facts = unit.facts([ref]).get(ref, _NOTHING)
        unit.record(Operation.CONSULTATION, f"offender {ref}", reason="opened")
        return OffenderFile(
            case=full_case(offender, facts, policy, table, as_of, visits),
            manager=next((manager for manager in managers if manager.id == offender.manager), None),
            visits=visits,
            demands=crew_demands(offender.markers, managers),
            moves=tuple(move for decision in unit.decisions(ref=ref) for move in decision.moves if move.ref == ref),
            policy=policy,
            table=table,
            kept=unit.kept_facts(ref),
            facts=facts,
            door=at_the_door(offender, visits, policy, as_of),
            plan=next(reversed(unit.risk_plans(ref)), None),
        )


def place_offender(session: Session, ref: str, lat: float, lon: float) -> None:
    """Put an offender on the map by hand; the position is kept as placed by hand."""
    with session.unit(Permission.RECORD) as unit:
        offender = unit.offender(ref)
        if offender is None:
            raise NoSuchOffender("No offender of that reference is on the caseload; it may have been erased meanwhile.")
        unit.save_offenders([replace(offender, position=Position(lat, lon, Precision.HAND))], reason="placed on the map by hand")
