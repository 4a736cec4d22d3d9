"""What two people who change one record at a time run into, for forms that offer a way out of it.

Each function reads one record as it is stored now, None where it is gone; whoever typed sees it, so it is a consultation.
"""

from __future__ import annotations

from typing import Any

from mosovo_planner.domain.assessment import Assessment
from mosovo_planner.domain.kept import Fact, Kept
from mosovo_planner.domain.people import Offender, OffenderManager
from mosovo_planner.domain.record import Operation
from mosovo_planner.domain.requests import Request
from mosovo_planner.domain.roles import Permission
from mosovo_planner.domain.visits import Visit
from mosovo_planner.office.merge import shown
from mosovo_planner.office.session import Session
from mosovo_planner.store.base.errors import StaleRecord

__all__ = ["StaleRecord"]

TOGETHER = (("address", "postcode", "position"), ("manager", "pinned_manager"), ("base", "base_postcode"), ("start", "end"))
"""Fields that are one question: no address gets the postcode or the position of another."""
_WHY = "changed by two people"


def stored_offender(session: Session, ref: str) -> Offender | None:
    """The offender as he is stored."""
    with session.unit(Permission.VIEW) as unit:
        found = unit.offender(ref)
        unit.record(Operation.CONSULTATION, f"offender {ref}", reason=_WHY)
    return found


def stored_manager(session: Session, manager_id: str) -> OffenderManager | None:
    """The offender manager as stored."""
    with session.unit(Permission.VIEW) as unit:
        found = unit.manager(manager_id)
        unit.record(Operation.CONSULTATION, f"manager {manager_id}", reason=_WHY)
    return found


def stored_fact(session: Session, kept: Kept[Fact]) -> Kept[Fact] | None:
    """A fact as it is stored."""
    with session.unit(Permission.VIEW) as unit:
        found = next((each for each in unit.kept_facts(kept.ref) if each.id == kept.id), None)
        unit.record(Operation.CONSULTATION, f"offender {kept.ref}", reason=_WHY)
    return found


def stored_assessment(session: Session, read: Assessment) -> Assessment | None:
    """An assessment as it is stored."""
    with session.unit(Permission.VIEW) as unit:
        found = next((each for each in unit.assessments(read.ref) if each.id == read.id), None)
        unit.record(Operation.CONSULTATION, f"offender {read.ref}", ("assessment.",), reason=_WHY)
    return found


def stored_visit(session: Session, read: Visit) -> Visit | None:
    """A visit as it is stored."""
    with session.unit(Permission.VIEW) as unit:
        found = next((each for each in unit.visits(ref=read.ref) if each.id == read.id), None)
        unit.record(Operation.CONSULTATION, f"offender {read.ref}", ("visit.",), reason=_WHY)
    return found


def stored_request(session: Session, read: Request) -> Request | None:
    """A question as it is stored."""
    with session.unit(Permission.VIEW) as unit:
        found = next((each for each in unit.requests(ref=read.ref) if each.id == read.id), None)
        unit.record(Operation.CONSULTATION, f"offender {read.ref}", ("request.",), reason=_WHY)
    return found


def value_words(value: Any) -> str:
    """A field's value in words."""
    label = getattr(value, "label", None)
    return label if isinstance(label, str) else shown(value)
