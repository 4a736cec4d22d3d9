"""What happened at the door: recording a visit, and what it asks for next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from mosovo_planner.domain.door import (
    Dictation,
    Escalation,
    WarrantReview,
    dictates_his_visits,
    escalation,
    failed_attempts,
    repeated_slot,
    visit_problems,
    warrant_review,
)
from mosovo_planner.domain.errors import UserError
from mosovo_planner.domain.people import Offender, Status
from mosovo_planner.domain.policy import Policy
from mosovo_planner.domain.roles import Permission
from mosovo_planner.domain.visits import Outcome, Visit
from mosovo_planner.office.caseload import NoSuchOffender
from mosovo_planner.office.session import Session

STATUS_BY_OUTCOME = {Outcome.IN_CUSTODY: Status.CUSTODY, Outcome.IN_HOSPITAL: Status.HOSPITAL, Outcome.ABROAD: Status.ABROAD}
"""The status that an outcome tells of; the officer confirms it, nothing is changed by itself."""


class VisitRefused(UserError):
    """A visit cannot be recorded as it is; the message says what is missing."""


@dataclass(frozen=True)
class AtTheDoor:
    """What visits so far say of an offender: failed attempts since the last success and what follows from them."""

    failed: int = 0
    review: WarrantReview | None = None
    escalation: Escalation | None = None
    dictation: Dictation | None = None
    repeated: str = ""
    child: bool = False
    awaits_approval: bool = False

    def words(self) -> tuple[str, ...]:
        """A line each, the gravest first; empty where the visit asks for nothing."""
        lines = []
        if self.review:
            lines.append(f"{self.review.why} ({self.review.source})")
        if self.escalation:
            lines.append(f"Tell the {self.escalation.to}: {self.escalation.why}")
        if self.child:
            lines.append("A child was met: write a public protection notification where there is concern.")
        if self.dictation:
            lines.append(f"{self.dictation.words} {self.dictation.advice}")
        if self.repeated:
            lines.append(self.repeated)
        if self.awaits_approval:
            lines.append("The lone visit waits for a supervisor's approval.")
        return tuple(lines)


def at_the_door(offender: Offender, visits: Sequence[Visit], policy: Policy, as_of: date) -> AtTheDoor:
    """What the visits on record ask for, as of a day (practice rules 5 to 7)."""
    return AtTheDoor(
        failed=failed_attempts(visits),
        review=warrant_review(offender, visits, policy),
        escalation=escalation(offender, policy, as_of),
        dictation=dictates_his_visits(visits, policy, as_of),
    )


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
        moment = now or datetime.now()  # noqa: DTZ005 - a visit is in local time without zone
        if wrong := visit_problems(visit, moment):
            raise VisitRefused(" ".join(wrong))
        policy, before = unit.policy(), unit.visits(ref=visit.ref)
        unit.add_visit(visit)
        day = visit.at.date()
        seen = visit.outcome.successful and (offender.last_seen is None or day > offender.last_seen)
        after = replace(offender, last_seen=day if seen else offender.last_seen, status=status or offender.status)
        if after != offender:
            unit.save_offenders([after], reason="successful visit recorded" if seen else "found at a visit")
    return replace(
        at_the_door(after, (*before, visit), policy, moment.date()),
        repeated=repeated_slot(before, visit.at, policy) if visit.outcome.successful else "",
        child=bool(visit.child_in_household),
        awaits_approval=visit.awaits_approval,
    )
