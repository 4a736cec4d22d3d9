"""The caseload as data for other programs: ``mosovo-caseload/1``."""

from __future__ import annotations

from datetime import date
from typing import Any

from mosovo_planner.domain.clocks import Case
from mosovo_planner.domain.people import OffenderManager
from mosovo_planner.domain.record import Operation
from mosovo_planner.domain.roles import Permission
from mosovo_planner.office.caseload import read_caseload
from mosovo_planner.office.session import Session


def export_caseload(session: Session, as_of: date, recipient: str = "file") -> dict[str, Any]:
    """The whole caseload with its clocks, as JSON values. A disclosure in the record of use."""
    with session.unit(Permission.PRINT) as unit:
        view = read_caseload(unit, as_of)
        marking = view.policy.text("print.classification")
        unit.record(Operation.DISCLOSURE, "caseload", count=len(view.cases), recipient=recipient, medium="json export")
    return {
        "format": "mosovo-caseload/1",
        "marking": marking,
        "as_of": as_of.isoformat(),
        "offenders": [_offender(case) for case in view.cases],
        "managers": [_manager(manager) for manager in view.managers],
    }


def _offender(case: Case) -> dict[str, Any]:
    offender = case.offender
    at = offender.position
    return {
        "ref": offender.ref,
        "visor_ref": offender.visor_ref,
        "surname": offender.surname,
        "forenames": offender.forenames,
        "date_of_birth": _day(offender.date_of_birth),
        "sex": offender.sex,
        "address": offender.address,
        "status": offender.status,
        "risk": offender.risk,
        "postcode": offender.postcode or None,
        "lat": at.lat if at else None,
        "lon": at.lon if at else None,
        "precision": at.precision if at else None,
        "manager": offender.manager,
        "pinned_manager": offender.pinned_manager,
        "supervisor": offender.supervisor,
        "last_seen": _day(offender.last_seen),
        "interval_months": offender.interval_months,
        "arms_done": _day(offender.arms_done),
        "rmp_review_due": _day(offender.rmp_review_due),
        "mappa_level": offender.mappa_level,
        "orders": offender.orders,
        "markers": list(offender.markers),
        "notes": offender.notes,
        "clocks": [
            {
                "kind": clock.kind,
                "due": clock.due.isoformat(),
                "days_overdue": clock.days_overdue(case.as_of),
                "suspended": clock.suspended,
                "why": clock.why,
            }
            for clock in case.clocks
        ],
    }


def _manager(manager: OffenderManager) -> dict[str, Any]:
    at = manager.position
    return {
        "id": manager.id,
        "name": manager.name,
        "base": manager.base,
        "base_postcode": manager.base_postcode,
        "lat": at.lat if at else None,
        "lon": at.lon if at else None,
        "weekly_hours": manager.weekly_hours,
        "trained": manager.trained,
        "arms_trained": manager.arms_trained,
        "sex": manager.sex,
        "absences": [
            {"from": absence.start.isoformat(), "to": absence.end.isoformat(), "reason": absence.reason}
            for absence in manager.absences
        ],
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
