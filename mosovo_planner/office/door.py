"""What happened at the door: recording a visit, and what it asks for next."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from mosovo_planner.domain.door import OWN_LONE_VISIT, AtTheDoor, at_the_door, repeated_slot, visit_problems
from mosovo_planner.domain.errors import UserError
from mosovo_planner.domain.people import Status
from mosovo_planner.domain.roles import Permission
from mosovo_planner.domain.visits import Outcome, Visit
from mosovo_planner.office.caseload import NoSuchOffender
from mosovo_planner.office.off_duty import own_manager
from mosovo_planner.office.session import Session

STATUS_BY_OUTCOME = {Outcome.IN_CUSTODY: Status.CUSTODY, Outcome.IN_HOSPITAL: Status.HOSPITAL, Outcome.ABROAD: Status.ABROAD}
"""The status that an outcome tells of; the officer confirms it, nothing is changed by itself."""


class VisitRefused(UserError):
    """A visit cannot be recorded as it is; the message says what is missing."""


def record_visit(session: Session, visit: Visit, *, status: Status | None = None, now: datetime | None = None) -> AtTheDoor:
    """Record what happened at the door, and the status found there where the officer confirms it.

    Only a successful visit resets the visit clock (practice rule 1). A lone visit waits for the approval of a
    supervisor unless the one who records it may approve and says so (rule 3).

    Raises:
        VisitRefused: something that guidance asks for is missing; nothing was recorded.
        NoSuchOffender: nobody of that reference is held.
    """
    if visit.approved_by:
        session.require(Permission.APPROVE)
        visit = replace(visit, approved_by=session.user)
    with session.unit(Permission.RECORD) as unit:
        offender = unit.offender(visit.ref)
        if offender is None:
            raise NoSuchOffender("No offender of that reference is on the caseload; it may have been erased meanwhile.")
        if visit.approved_by and own_manager(unit.managers(), session.user) in visit.officers:
            raise VisitRefused(OWN_LONE_VISIT)
        moment = now or datetime.now()  # noqa: DTZ005 - a visit is in local time without zone
        if wrong := visit_problems(visit, moment):
            raise VisitRefused(" ".join(wrong))
        policy, before = unit.policy(), unit.visits(ref=visit.ref)
        unit.add_visit(visit)
        day = visit.at.date()
        seen = visit.outcome.successful and (offender.last_seen is None or day > offender.last_seen)
        after = replace(offender, last_seen=day if seen else offender.last_seen, status=status or offender.status)
        if after != offender:
            unit.save_offenders([after], reason="successful visit recorded" if seen else "found at a visit", on=day)
    return replace(
        at_the_door(after, (*before, visit), policy, moment.date()),
        repeated=repeated_slot(before, visit.at, policy) if visit.outcome.successful else "",
        child=bool(visit.child_in_household),
        awaits_approval=visit.awaits_approval,
    )
