"""The columns of a case, shared by every list of offenders."""

from __future__ import annotations

from collections.abc import Callable

from mosovo_planner.domain.clocks import Case, in_words
from mosovo_planner.domain.people import Position, Status, risk_label
from mosovo_planner.domain.risk_plans import PlanState
from mosovo_planner.ui.table import Column

CaseColumn = Column[Case]

POSITION_TONES = {"sector": "warn", "district": "warn", "place": "warn"}


def risk_tone(case: Case) -> str:
    return case.offender.risk.value if case.offender.risk else "none"


def status_tone(case: Case) -> str | None:
    """Community is the rule and stays plain; every other status stands out."""
    return {Status.COMMUNITY: None, Status.MISSING: "bad"}.get(case.offender.status, "info")


def overdue_words(case: Case) -> str:
    days = case.days_overdue
    return "" if not days else "1 day" if days == 1 else f"{days:,} days"


def due_words(case: Case) -> str:
    return "Suspended" if case.visit.suspended else in_words(case.visit.due)


def position_words(position: Position | None) -> str:
    return position.precision.label if position else "No position"


def _position_tone(case: Case) -> str | None:
    position = case.offender.position
    return "bad" if position is None else POSITION_TONES.get(position.precision.value)


def case_columns(
    manager_label: Callable[[str | None], str], plan_state: Callable[[str], PlanState | None]
) -> tuple[CaseColumn, ...]:
    """All that a list of cases can show; ``manager_label`` turns an id into a name, ``plan_state`` tells of a plan."""

    def plan(case: Case) -> str:
        return plan_words(plan_state(case.offender.ref))

    return (
        CaseColumn("ref", "Reference", lambda case: case.offender.ref, width=13),
        CaseColumn("name", "Name", lambda case: case.offender.name, width=18),
        CaseColumn(
            "risk", "Risk", lambda case: risk_label(case.offender.risk), width=12, tone=risk_tone,
            sort=lambda case: case.offender.risk.rank if case.offender.risk else -1,
        ),
        CaseColumn("status", "Status", lambda case: case.offender.status.label, width=11, tone=status_tone),
        CaseColumn("due", "Visit due", lambda case: case.visit.due, text=due_words, width=11,
                   sort=lambda case: None if case.visit.suspended else case.visit.due, tip="The next successful visit is due"),
        CaseColumn("overdue", "Overdue", lambda case: case.days_overdue or None, text=overdue_words, search=False, width=10,
                   tone=lambda case: "bad" if case.days_overdue else None, tip="Days past the due date"),
        CaseColumn("manager", "Manager", lambda case: manager_label(case.offender.manager), width=16),
        CaseColumn("postcode", "Postcode", lambda case: case.offender.postcode, width=9),
        CaseColumn("seen", "Last seen", lambda case: case.offender.last_seen, search=False, width=11,
                   tip="The last successful visit; attempts do not count"),
        CaseColumn("interval", "Interval", lambda case: case.offender.interval_months,
                   search=False, width=10, right=True, visible=False,
                   tip="The offender's own visit interval in months; empty where policy gives it by risk"),
        CaseColumn("address", "Address", lambda case: case.offender.address, width=30, visible=False),
        CaseColumn("position", "Position", lambda case: position_words(case.offender.position), search=False, width=20,
                   visible=False, tone=_position_tone),
        CaseColumn("markers", "Markers", lambda case: ", ".join(case.offender.markers), width=24, visible=False),
        CaseColumn("visor", "ViSOR reference", lambda case: case.offender.visor_ref, width=16, visible=False),
        CaseColumn("born", "Date of birth", lambda case: case.offender.date_of_birth, width=13, visible=False),
        CaseColumn("arms", "ARMS done", lambda case: case.offender.arms_done, search=False, width=12, visible=False),
        CaseColumn("plan", "Plan", plan, width=24, tone=lambda case: "warn" if plan(case).startswith("Incomplete") else None,
                   tip="A risk management plan without the sign-off of sergeant and inspector is incomplete"),
        CaseColumn("rmp", "RMP review due", lambda case: case.offender.rmp_review_due, search=False, width=14, visible=False),
        CaseColumn("mappa", "MAPPA level", lambda case: case.offender.mappa_level, search=False, width=11, right=True,
                   visible=False),
        CaseColumn("orders", "Orders", lambda case: case.offender.orders, width=20, visible=False),
        CaseColumn("supervisor", "Supervisor", lambda case: case.offender.supervisor, width=14, visible=False),
    )  # fmt: skip


def plan_words(state: PlanState | None) -> str:
    """``Signed off``, ``Incomplete: with sergeant``; nothing where no plan is kept here."""
    if state is None:
        return ""
    return "Signed off" if state is PlanState.SIGNED else f"Incomplete: {state.label.lower()}"


def case_id(case: Case) -> str:
    return case.offender.ref
