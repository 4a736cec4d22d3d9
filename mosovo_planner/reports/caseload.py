"""Caseload summaries: one per offender manager, and one for the team."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from mosovo_planner.domain.clocks import Case, in_words
from mosovo_planner.domain.people import Risk, risk_label
from mosovo_planner.domain.workload import ManagerWorkload
from mosovo_planner.reports.paper import Column, Marking, Paper, Table

_CASES = (
    Column("Reference", 14, whole=True),
    Column("Name", 18, strong=True),
    Column("Risk", 11, whole=True),
    Column("Status", 10),
    Column("Postcode", 9, whole=True),
    Column("Last seen", 10, whole=True),
    Column("Every", 8, right=True),
    Column("Visit due", 10, whole=True),
    Column("Days overdue", 8, right=True, strong=True),
    Column("Markers", 18),
)


def manager_summary(workload: ManagerWorkload, cases: Sequence[Case], as_of: date, marking: Marking) -> Paper:
    """One manager's caseload: figures, then everybody, most overdue first."""
    return Paper(
        kind="caseload_manager",
        title=f"Caseload summary: {workload.manager.label}",
        subtitle=f"{workload.manager.base or 'No base recorded'}, as of {in_words(as_of)}",
        facts=_manager_facts(workload),
        parts=(cases_table("Offenders", cases, as_of),),
        refs=tuple(case.offender.ref for case in cases),
        marking=marking,
    )


def managers_summaries(workloads: Sequence[ManagerWorkload], cases: Sequence[Case], as_of: date, marking: Marking) -> Paper:
    """All managers' caseloads in one paper, each on a new page."""
    tables: list[Table] = []
    for workload in workloads:
        own = [case for case in cases if case.offender.manager == workload.manager.id]
        facts = "; ".join(f"{label.lower()} {value}" for label, value in _manager_facts(workload))
        heading = f"{workload.manager.label} ({workload.manager.base or 'no base recorded'})"
        tables.append(cases_table(heading, own, as_of, note=facts, new_page=bool(tables)))
    return Paper(
        kind="caseload_manager",
        title="Caseload summary by offender manager",
        subtitle=f"As of {in_words(as_of)}",
        parts=tuple(tables),
        refs=tuple(case.offender.ref for case in cases),
        marking=marking,
    )


def team_summary(
    workloads: Sequence[ManagerWorkload], cases: Sequence[Case], as_of: date, reference_visits: float, marking: Marking
) -> Paper:
    """The team on a page: per manager the cases, load, capacity, visits due and done, overdue and worst case."""
    columns = (
        Column("Manager", 16, strong=True),
        Column("Base", 16),
        *(Column(risk.label, 7, right=True) for risk in reversed(Risk)),
        Column("Not assessed", 8, right=True),
        Column("Cases", 6, right=True, strong=True),
        Column("Load of capacity", 9, right=True, strong=True),
        Column("Visits a month", 8, right=True),
        Column("Due in a month", 8, right=True),
        Column("Done last month", 8, right=True),
        Column("Overdue", 8, right=True, strong=True),
        Column("Worst, days", 7, right=True),
    )
    unheld = sum(case.offender.manager is None for case in cases)
    overdue = [case.days_overdue for case in cases if case.days_overdue]
    return Paper(
        kind="caseload_team",
        title="Caseload summary of the team",
        subtitle=f"As of {in_words(as_of)}",
        facts=(
            ("Offenders", str(len(cases))),
            ("In the community", str(sum(not case.visit.suspended for case in cases))),
            ("Not allocated", str(unheld)),
            ("Visits overdue", str(len(overdue))),
            ("Worst case", f"{max(overdue)} days" if overdue else "none"),
            ("Inspection's figure", f"{reference_visits:g} visits a manager a month"),
        ),
        parts=(Table("Offender managers", columns, (*map(_workload_row, workloads), _whole_team(workloads))),),
        refs=(),
        marking=marking,
    )


def cases_table(heading: str, cases: Sequence[Case], as_of: date, *, note: str = "", new_page: bool = False) -> Table:
    """Offenders as printed everywhere: most overdue first, then by due date."""
    ordered = sorted(cases, key=lambda case: (-case.days_overdue, case.visit.suspended, case.visit.due, case.offender.ref))
    rows = tuple(_case_row(case, as_of) for case in ordered)
    return Table(heading, _CASES, rows, note=note, empty="No offenders.", new_page=new_page)


def _case_row(case: Case, as_of: date) -> tuple[str, ...]:
    offender = case.offender
    return (
        offender.ref,
        offender.name,
        risk_label(offender.risk),
        offender.status.label,
        offender.postcode or "none",
        in_words(offender.last_seen) if offender.last_seen else "not recorded",
        f"{offender.interval_months} m" if offender.interval_months else "policy",
        "suspended" if case.visit.suspended else in_words(case.visit.due),
        str(case.visit.days_overdue(as_of) or ""),
        "; ".join(offender.markers),
    )


def _workload_row(workload: ManagerWorkload) -> tuple[str, ...]:
    return (
        workload.manager.label,
        workload.manager.base,
        *(str(workload.by_risk.get(risk, 0)) for risk in reversed(Risk)),
        str(workload.by_risk.get(None, 0)),
        str(workload.cases),
        share_text(workload.share),
        f"{workload.visits_per_month:.1f}",
        str(workload.visits_due_month),
        str(workload.visits_done_month),
        str(workload.overdue),
        str(workload.worst_overdue_days or ""),
    )


def _whole_team(workloads: Sequence[ManagerWorkload]) -> tuple[str, ...]:
    """The last line: the same figures of all managers together."""
    load, capacity = sum(each.load_hours for each in workloads), sum(each.capacity_hours for each in workloads)
    levels: tuple[Risk | None, ...] = (*reversed(Risk), None)
    return (
        "All managers",
        "",
        *(str(sum(each.by_risk.get(risk, 0) for each in workloads)) for risk in levels),
        str(sum(each.cases for each in workloads)),
        share_text(load / capacity if capacity else float("inf")),
        f"{sum(each.visits_per_month for each in workloads):.1f}",
        str(sum(each.visits_due_month for each in workloads)),
        str(sum(each.visits_done_month for each in workloads)),
        str(sum(each.overdue for each in workloads)),
        str(max((each.worst_overdue_days for each in workloads), default=0) or ""),
    )


def share_text(share: float) -> str:
    """Load over capacity in per cent; in words where there is no capacity at all."""
    return "no capacity" if share == float("inf") else f"{share:.0%}"


def _manager_facts(workload: ManagerWorkload) -> tuple[tuple[str, str], ...]:
    worst = f", worst {workload.worst_overdue_days} days" if workload.overdue else ""
    return (
        ("Cases", f"{workload.cases}, of them {workload.suspended} with visits suspended"),
        ("Load of capacity", share_text(workload.share)),
        ("Visits due in a month", str(workload.visits_due_month)),
        ("Done last month", str(workload.visits_done_month)),
        ("Overdue", f"{workload.overdue}{worst}"),
    )
