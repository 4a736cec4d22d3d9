"""Outstanding visits as inspectors ask for them: how many, how late, how risky, the worst case (HMICFRS 2024)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date

from mosovo_planner.domain.clocks import Case, in_words, overdue_band
from mosovo_planner.domain.people import Risk, risk_label
from mosovo_planner.domain.policy import Policy
from mosovo_planner.reports.paper import Column, Marking, Paper, Table


def bands_of(policy: Policy) -> tuple[str, ...]:
    """The bands of lateness in order, as policy cuts them."""
    ends = policy.numbers("overdue.band_days")
    return tuple(overdue_band(days, ends) for days in (*ends, ends[-1] + 1))


def outstanding_visits(
    cases: Sequence[Case], manager_label: Callable[[str | None], str], policy: Policy, as_of: date, marking: Marking
) -> Paper:
    """The matrix of risk by lateness, the worst case at each risk, then every overdue visit, worst first."""
    late = sorted((case for case in cases if case.days_overdue), key=lambda case: -case.days_overdue)
    worst = late[0] if late else None
    return Paper(
        kind="outstanding",
        title="Outstanding visits",
        subtitle=f"As of {in_words(as_of)}",
        facts=(
            ("Overdue", f"{len(late)} of {sum(not case.visit.suspended for case in cases)} in the community"),
            ("Worst case", f"{worst.days_overdue} days, {risk_label(worst.offender.risk).lower()} risk" if worst else "none"),
        ),
        parts=(_matrix(late, policy), _list(late, manager_label)),
        refs=tuple(case.offender.ref for case in late),
        marking=marking,
    )


def _matrix(late: Sequence[Case], policy: Policy) -> Table:
    ends, bands = policy.numbers("overdue.band_days"), bands_of(policy)
    counts = Counter((case.offender.risk, overdue_band(case.days_overdue, ends)) for case in late)
    columns = (
        Column("Risk", 14, strong=True),
        *(Column(band, 10, right=True) for band in bands),
        Column("All", 8, right=True, strong=True),
        Column("Worst, days", 10, right=True, strong=True),
    )
    levels: list[Risk | None] = [*reversed(Risk), None]
    rows = []
    for risk in levels:
        days = [case.days_overdue for case in late if case.offender.risk is risk]
        cells = (str(counts[risk, band]) for band in bands)
        rows.append((risk_label(risk), *cells, str(len(days)), str(max(days, default=0))))
    totals = (str(sum(counts[risk, band] for risk in levels)) for band in bands)
    rows.append(("All", *totals, str(len(late)), str(max((case.days_overdue for case in late), default=0))))
    return Table("How many, how late, how risky", columns, tuple(rows))


def _list(late: Sequence[Case], manager_label: Callable[[str | None], str]) -> Table:
    columns = (
        Column("Days overdue", 8, right=True, strong=True),
        Column("Risk", 11, whole=True),
        Column("Reference", 14, whole=True),
        Column("Name", 18, strong=True),
        Column("Postcode", 9, whole=True),
        Column("Manager", 16),
        Column("Last seen", 11, whole=True),
        Column("Why it is due", 34),
    )
    rows = tuple(
        (
            str(case.days_overdue),
            risk_label(case.offender.risk),
            case.offender.ref,
            case.offender.name,
            case.offender.postcode or "none",
            manager_label(case.offender.manager),
            in_words(case.offender.last_seen) if case.offender.last_seen else "not recorded",
            case.visit.why,
        )
        for case in late
    )
    return Table("Every overdue visit, worst first", columns, rows, empty="No visit is overdue.")
