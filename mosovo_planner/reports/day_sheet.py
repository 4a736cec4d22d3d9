"""Day sheets: what a crew carries on its round, one page a crew, with room to write what happened."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from mosovo_planner.domain.clocks import Case, in_words
from mosovo_planner.domain.people import risk_label
from mosovo_planner.domain.proposals import Plan, Round, Stop
from mosovo_planner.reports.paper import Column, Marking, Paper, Table

_STOPS = (
    Column("", 4, right=True),
    Column("Arrive", 7, strong=True, whole=True),
    Column("Leave", 7, whole=True),
    Column("Drive", 8, whole=True),
    Column("Offender", 20, strong=True),
    Column("Address", 20),
    Column("Risk", 8),
    Column("Markers and orders", 17, strong=True),
    Column("Last seen; due", 14),
    Column("Lead", 12),
    Column("Seen / no reply / refused; devices; notes", 28),
)


def day_sheets(
    plan: Plan,
    cases: Mapping[str, Case],
    officer_label: Callable[[str | None], str],
    marking: Marking,
    *,
    rounds: Sequence[Round] | None = None,
    approved: bool = False,
) -> Paper:
    """The sheets of the plan's rounds, or of some of them, each on a page of its own.

    Visits are unannounced unless the plan says otherwise (practice rule 4), and the sheet says so.
    """
    chosen = sorted(plan.rounds if rounds is None else rounds, key=lambda each: (each.date, each.start, each.id))
    tables = tuple(_sheet(each, cases, officer_label, new_page=index > 0) for index, each in enumerate(chosen))
    state = "Approved plan" if approved else "PROPOSAL, not yet approved"
    return Paper(
        kind="day_sheet",
        title="Day sheet" if len(chosen) == 1 else "Day sheets",
        subtitle=f"{state}; {_span(chosen, plan)}. Visits are unannounced; two officers throughout.",
        parts=tables or (Table("No rounds", _STOPS, (), empty="The plan holds no rounds."),),
        refs=tuple(stop.ref for each in chosen for stop in each.stops),
        marking=marking,
    )


def _span(rounds: Sequence[Round], plan: Plan) -> str:
    days = sorted({each.date for each in rounds})
    if len(days) == 1:
        return _day(days[0])
    return f"{_day(plan.start)} to {_day(plan.end)}"


def _day(day: date) -> str:
    return f"{day:%A} {in_words(day)}"


def _sheet(each: Round, cases: Mapping[str, Case], officer_label: Callable[[str | None], str], *, new_page: bool) -> Table:
    crew = " and ".join(officer_label(officer) for officer in each.officers)
    note = (
        f"Start {each.start:%H:%M} at {each.base}, back {each.end:%H:%M}; {_counted(len(each.stops))}, "
        f"{each.drive_minutes} minutes driving."
    )
    if each.problems:
        note += " Mind: " + "; ".join(each.problems) + "."
    rows = tuple(_stop_row(number, stop, cases.get(stop.ref), officer_label) for number, stop in enumerate(each.stops, 1))
    heading = f"{_day(each.date)}: {crew}"
    return Table(heading, _STOPS, rows, note=note, empty="No visits.", new_page=new_page, roomy=True)


def _counted(visits: int) -> str:
    return "1 visit" if visits == 1 else f"{visits} visits"


def _stop_row(number: int, stop: Stop, case: Case | None, officer_label: Callable[[str | None], str]) -> tuple[str, ...]:
    times = (str(number), f"{stop.arrive:%H:%M}", f"{stop.leave:%H:%M}", f"{stop.drive_minutes} min")
    if case is None:
        return (*times, stop.ref, "no longer on the caseload", "", "", "", officer_label(stop.lead), "")
    offender = case.offender
    born = f", born {in_words(offender.date_of_birth)}" if offender.date_of_birth else ""
    last = in_words(offender.last_seen) if offender.last_seen else "never recorded"
    return (
        *times,
        f"{offender.name}{born} ({offender.ref}); {stop.kind.label.lower()} visit",
        ", ".join(part for part in (offender.address, offender.postcode) if part) or "no address held",
        risk_label(offender.risk),
        "; ".join(part for part in (*offender.markers, offender.orders) if part),
        f"{last}; due {in_words(case.visit.due)}",
        officer_label(stop.lead),
        "",
    )
