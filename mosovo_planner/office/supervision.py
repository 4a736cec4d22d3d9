"""What a supervisor does on the outstanding screen: assign, ask, approve; and what waits for whom."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import uuid4

from mosovo_planner.domain.door import OWN_LONE_VISIT
from mosovo_planner.domain.errors import UserError
from mosovo_planner.domain.need_to_know import BreakGlass
from mosovo_planner.domain.people import Offender
from mosovo_planner.domain.proposals import Move
from mosovo_planner.domain.record import Operation
from mosovo_planner.domain.requests import Request, checked
from mosovo_planner.domain.retention import RetentionReview
from mosovo_planner.domain.risk_plans import PlanState, RiskPlan
from mosovo_planner.domain.roles import Permission
from mosovo_planner.domain.visits import Visit
from mosovo_planner.office.caseload import NoSuchOffender
from mosovo_planner.office.off_duty import own_manager
from mosovo_planner.office.session import Session

if TYPE_CHECKING:  # the window stands before the database's libraries are loaded
    from mosovo_planner.store.unit import Unit


class NotSettled(UserError):
    """What was asked for is missing something; the message says what."""


@dataclass(frozen=True)
class Waiting:
    """What waits for a person: lone visits to approve, plans to sign off, retention reviews, questions and their answers.

    ``opened`` are notices to supervisors of records that somebody of another team opened with a reason.
    """

    lone: tuple[Visit, ...] = ()
    plans: tuple[RiskPlan, ...] = ()
    requests: tuple[Request, ...] = ()
    reviews: tuple[RetentionReview, ...] = ()
    opened: tuple[BreakGlass, ...] = ()

    @property
    def count(self) -> int:
        return sum(map(len, (self.lone, self.plans, self.requests, self.reviews, self.opened)))


def view_waiting(session: Session) -> Waiting:
    """Everything that waits for somebody's act, oldest first. A consultation with its count."""
    with session.unit(Permission.VIEW) as unit:
        found = Waiting(
            lone=tuple(each for each in unit.visits(unapproved=True) if each.awaits_approval),
            plans=tuple(plan for plan in unit.risk_plans(current_only=True) if plan.state in _WAITING),
            requests=tuple(sorted(unit.requests(open_only=True), key=lambda each: each.at)),
            reviews=unit.retention_reviews(waiting_only=True),
            opened=unit.opened(open_only=True) if session.may(Permission.APPROVE) else (),
        )
        unit.record(Operation.CONSULTATION, "waiting", count=found.count, reason="outstanding screen")
    return found


_WAITING = (PlanState.WITH_SERGEANT, PlanState.WITH_INSPECTOR)


def approve_lone(session: Session, visit: Visit, reason: str) -> None:
    """A supervisor approves a lone visit afterwards (practice rule 3).

    Raises:
        NotSettled: no reason was given, or the user made the visit himself.
        StaleRecord: somebody else changed the visit meanwhile.
    """
    if not reason.strip():
        raise NotSettled("An approval needs its reason; a line is enough.")
    with session.unit(Permission.APPROVE) as unit:
        if {session.user, own_manager(unit.managers(), session.user)} & set(visit.officers):
            raise NotSettled(OWN_LONE_VISIT)
        unit.correct_visit(visit, replace(visit, approved_by=session.user), reason.strip())


def ask(session: Session, ref: str, kind: str, text: str) -> Request:
    """A supervisor asks the case's manager about something outstanding.

    Raises:
        NotSettled: the question is empty, or nobody holds the case.
    """
    if not text.strip():
        raise NotSettled("Write what you ask.")
    with session.unit(Permission.APPROVE) as unit:
        offender = _offender(unit, ref)
        if offender.manager is None:
            raise NotSettled("Nobody holds this case, so there is nobody to ask. Assign it first.")
        made = Request(
            id=uuid4().hex, ref=ref, kind=kind, to=offender.manager, by=session.user, at=_now(), text=text.strip()
        )  # fmt: skip
        unit.save_request(checked(made))
    return made


def answer(session: Session, request: Request, text: str) -> Request:
    """The answer to a question; it stays open until whoever asked is content."""
    if not text.strip():
        raise NotSettled("Write the answer.")
    given = replace(request, answer=text.strip(), answered_by=session.user, answered_at=_now())
    with session.unit(Permission.RECORD) as unit:
        unit.save_request(checked(given), before=request)
    return given


def settle(session: Session, request: Request) -> None:
    """Whoever may approve closes a question."""
    with session.unit(Permission.APPROVE) as unit:
        unit.save_request(replace(request, done=True), before=request)


def assign(session: Session, ref: str, manager_id: str, reason: str, as_of: date) -> None:
    """Give a case to a manager by hand, with a reason; kept as a decision on the allocation (practice rule 24).

    Raises:
        NotSettled: no reason, no such manager, or the manager has the case already.
    """
    from mosovo_planner.store.base.records import AllocationDecision

    if not reason.strip():
        raise NotSettled("Giving a case to another manager needs its reason.")
    with session.unit(Permission.APPROVE) as unit:
        offender = _offender(unit, ref)
        if unit.manager(manager_id) is None:
            raise NotSettled("No offender manager has that id; see the Workload screen for the ids.")
        if offender.manager == manager_id:
            raise NotSettled("This manager holds the case already.")
        unit.save_offenders([replace(offender, manager=manager_id)], reason=f"assigned: {reason.strip()}")
        move = Move(ref, offender.manager, manager_id, 0.0, f"Given by hand: {reason.strip()}")
        unit.save_decision(
            AllocationDecision(at=datetime.now().astimezone(), by=session.user, reason=reason.strip(), moves=(move,), as_of=as_of)
        )


def _offender(unit: Unit, ref: str) -> Offender:
    found = unit.offender(ref)
    if found is None:
        raise NoSuchOffender("No offender of that reference is on the caseload; it may have been erased meanwhile.")
    return found


def _now() -> datetime:
    return datetime.now()  # noqa: DTZ005 - local, as visits are
