"""What a crew needs at one door, on one page. No offences, no victims, no financial data, and no free notes.

The crew sees what to mind, what is due and why, what he may not do, how he behaved at the last visits, and
what to check and to ask this time (rules 4 to 7, 17, 20).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from mosovo_planner.domain.clocks import Case, Clock, in_words
from mosovo_planner.domain.dates import age_on
from mosovo_planner.domain.door import (
    dictates_his_visits,
    escalation,
    never_in_the_evening,
    part_of_day,
    repeated_slot,
    warrant_review,
)
from mosovo_planner.domain.facts import Facts, Order
from mosovo_planner.domain.matching.subjects import Subject
from mosovo_planner.domain.people import Offender, OffenderManager, risk_label
from mosovo_planner.domain.policy import Policy
from mosovo_planner.domain.risk_plans import RiskPlan
from mosovo_planner.domain.visits import CrewDemands, Visit, crew_demands
from mosovo_planner.reports.identity import PAIRS, WIDE, days_text
from mosovo_planner.reports.paper import Column, Marking, Paper, Table

_VISITS_SHOWN, _CLOCKS_SHOWN, _ACTIONS_SHOWN = 4, 7, 5
_SOON = 60
"""Days ahead: what falls due later does not concern this visit."""

_DESK = frozenset({"visor_entry", "rmp_signoff", "local_flag", "mappa_review", "reactive_eligible", "indefinite_review"})
"""Clocks of the office, which nobody meets at the door."""

_CLOCKS = (Column("What", 30, strong=True), Column("Due", 20, whole=True), Column("Overdue", 14, strong=True), Column("Why", 66))
_VISITS = (
    Column("When", 27),
    Column("Slot", 23),
    Column("Outcome", 17, strong=True),
    Column("How", 40),
    Column("Risk noticed", 40),
)
_ACTIONS = (Column("To check on this visit", 66, strong=True), Column("Who", 20), Column("By when", 27))
_PROMPTS = (Column("", 28), Column("", 22), Column("", 28), Column("", 22))


@dataclass(frozen=True)
class VisitFile:
    """All that the summary is made of. ``case`` is a full one (``full_case``); ``officers`` are all who might go.

    ``planned`` is the time of the visit where it is known; ``known_by`` holds aliases and vehicles.
    """

    case: Case
    policy: Policy
    officers: tuple[OffenderManager, ...]
    visits: tuple[Visit, ...] = ()
    facts: Facts = field(default_factory=Facts)
    plan: RiskPlan | None = None
    known_by: Subject | None = None
    planned: datetime | None = None


def visit_summary(file: VisitFile, person_label: Callable[[str | None], str], prompts: Sequence[str], marking: Marking) -> Paper:
    """The page for one visit; ``prompts`` are the force's questions (``door_prompts``)."""
    when = (
        f"For a visit on {file.planned:%A} {in_words(file.planned.date())}, {file.planned:%H:%M}; as of"
        if file.planned
        else "As of"
    )
    return Paper(
        kind="visit_summary",
        title="Summary for a visit",
        subtitle=f"{when} {in_words(file.case.as_of)}. Visits are unannounced and by two officers.",
        notice=_notice(file, person_label),
        parts=(
            Table("", PAIRS, _identity(file, person_label)),
            Table("", WIDE, _to_mind(file)),
            _clocks(file.case),
            _visits(file.visits),
            *_actions(file.plan, file.case.as_of, person_label),
            Table("Ask and see", _PROMPTS, _in_pairs(prompts), empty="The force has set no prompts."),
        ),
        refs=(file.case.offender.ref,),
        marking=marking,
        landscape=False,
        text_size=12,
        one_page=True,
    )


def visit_summaries(
    files: Sequence[VisitFile], person_label: Callable[[str | None], str], prompts: Sequence[str], marking: Marking
) -> Paper:
    """The pages for all visits of a round in the order of the visits, each numbered for itself so that one can be taken out.

    Raises:
        ValueError: there is no visit.
    """
    first, *others = (visit_summary(file, person_label, prompts, marking) for file in files)
    refs = tuple(dict.fromkeys(ref for each in (first, *others) for ref in each.refs))
    return replace(first, kind="visit_summaries", refs=refs, more=tuple(others))


def _notice(file: VisitFile, label: Callable[[str | None], str]) -> str:
    """Markers and what they demand of the crew, before anything else."""
    who = file.case.offender
    demands = crew_demands(who.markers, file.officers)
    markers = "; ".join(who.markers)
    lines = [f"MARKERS: {markers}" if markers else "", _crew(demands, label), "" if who.status.label == "Community" else (
        f"STATUS: {who.status.label.upper()}" + (" - no home visit is due" if who.status.suspends_visits else "")
    )]  # fmt: skip
    return "\n".join(line for line in lines if line)


def _crew(demands: CrewDemands, label: Callable[[str | None], str]) -> str:
    asked = []
    if demands.needs_man:
        asked.append("at least one male officer")
    if demands.needs_woman:
        asked.append("at least one female officer")
    if demands.excluded:
        asked.append(f"not {', '.join(sorted(label(each) for each in demands.excluded))}")
    return f"CREW: {'; '.join(asked)}" if asked else ""


def _identity(file: VisitFile, label: Callable[[str | None], str]) -> tuple[tuple[str, ...], ...]:
    who, as_of = file.case.offender, file.case.as_of
    born = f"{in_words(who.date_of_birth)} ({age_on(who.date_of_birth, as_of)})" if who.date_of_birth else "not recorded"
    home = ", ".join(part for part in (who.address, who.postcode) if part) or "no address held"
    if file.facts.no_fixed_home:
        home += " (no fixed home)"
    known = file.known_by
    aliases = ", ".join(known.aliases) if known and known.aliases else "none recorded"
    vehicles = ", ".join(known.vehicles) if known and known.vehicles else "none recorded"
    level = f"{risk_label(who.risk)}; MAPPA level {who.mappa_level}" if who.mappa_level else risk_label(who.risk)
    return (
        ("Name", who.name, "Reference", " / ".join(part for part in (who.ref, who.visor_ref) if part)),
        ("Born", born, "Also known as", aliases),
        ("Address", home, "Vehicles", vehicles),
        ("Risk", level, "Manager", label(who.manager)),
    )


def _to_mind(file: VisitFile) -> tuple[tuple[str, ...], ...]:
    who, as_of = file.case.offender, file.case.as_of
    rows = [("Orders", _orders(who, file.facts, as_of)), ("Household", _last_seen(file.visits))]
    pattern = dictates_his_visits(file.visits, file.policy, as_of)
    if pattern is not None:
        rows.append(("Pattern", f"{pattern.words} {pattern.advice}"))
    rows.append(("Hours", _hours(file)))
    warnings = (escalation(who, file.policy, as_of), warrant_review(who, file.visits, file.policy))
    unseen = " ".join(each.why for each in warnings if each is not None)
    if unseen:
        rows.append(("Not seen", unseen))
    return tuple(rows)


def _orders(who: Offender, facts: Facts, as_of: date) -> str:
    lines = [_order(order, as_of) for order in facts.orders if order.in_force(as_of)]
    licence = facts.latest(["licence_end"])
    if licence is not None and licence.on >= as_of:
        lines.append(f"On licence until {in_words(licence.on)}.")
    if who.orders:
        lines.append(f"On the record: {who.orders}" if lines else who.orders)
    return "\n".join(lines) or "none recorded"


def _order(order: Order, as_of: date) -> str:
    until = f"until {in_words(order.until)}" if order.until else "until further order"
    running = [each for each in order.conditions if each.end is None or each.end >= as_of]
    named = "; ".join(each.name + (f" (until {in_words(each.end)})" if each.end else "") for each in running)
    return f"{order.kind} {until}: {named}." if named else f"{order.kind} {until}."


def _last_seen(visits: Sequence[Visit]) -> str:
    newest = sorted(visits, key=lambda visit: visit.at, reverse=True)
    household = next((each for each in newest if each.household), None)
    child = next((each for each in newest if each.child_in_household is not None), None)
    devices = next((each for each in newest if each.devices_checked is not None), None)
    parts = []
    if household is not None:
        parts.append(f"{household.household} ({in_words(household.at.date())}).")
    if child is not None:
        lives = "A CHILD IN THE HOUSEHOLD" if child.child_in_household else "No child in the household"
        parts.append(f"{lives} ({in_words(child.at.date())}).")
    if devices is not None:
        parts.append(f"Devices checked: {devices.devices_checked} ({in_words(devices.at.date())}).")
    return " ".join(parts) or "Household and devices were never recorded."


def _hours(file: VisitFile) -> str:
    if not file.visits:
        return "No visit is recorded, so no slot is used up."
    parts = [repeated_slot(file.visits, file.planned, file.policy)] if file.planned else []
    if not any(parts):
        newest = sorted(file.visits, key=lambda visit: visit.at, reverse=True)[:_VISITS_SHOWN]
        slots = dict.fromkeys(f"{each.at:%A} {part_of_day(each.at)}" for each in newest)
        parts.append(f"Lately {', '.join(slots)}: choose another day and hour.")
    if never_in_the_evening(file.visits, file.policy):
        parts.append("None of the last visits was in the evening.")
    return " ".join(part for part in parts if part)


def _in_pairs(prompts: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """Prompts in two columns, each with room for a word."""
    half = (len(prompts) + 1) // 2
    left, right = prompts[:half], (*prompts[half:], "")[:half]
    return tuple((one, "", other, "") for one, other in zip(left, right, strict=True))


def _clocks(case: Case) -> Table:
    """What is overdue or soon due, one line for a kind of clock; duties before milestones, the latest first."""
    at_door = [clock for clock in case.clocks if clock.kind not in _DESK]
    near = [clock for clock in at_door if clock.kind == "visit" or (clock.due - case.as_of).days <= _SOON]
    current = [clock for clock in near if not (clock.milestone and clock.due < case.as_of)]
    kinds: dict[str, list[Clock]] = {}
    for clock in sorted(current, key=lambda clock: (clock.kind != "visit", clock.milestone, clock.due)):
        kinds.setdefault(clock.kind, []).append(clock)
    shown = list(kinds.values())[:_CLOCKS_SHOWN]
    left = sum(map(len, kinds.values())) - sum(map(len, shown))
    note = f"{left} more on the record, due later." if left else ""
    return Table(f"Due, and in the next {_SOON} days", _CLOCKS, tuple(_clock_row(each, case.as_of) for each in shown), note=note)


def _clock_row(clocks: Sequence[Clock], as_of: date) -> tuple[str, ...]:
    first = clocks[0]
    name = first.label or first.kind.replace("_", " ").capitalize()
    others = f" And {len(clocks) - 1} more of this kind." if len(clocks) > 1 else ""
    days = first.days_overdue(as_of)
    late = "suspended" if first.suspended else days_text(days) if days else ""
    return (name, in_words(first.due), late, f"{first.why}{others}")


def _visits(visits: Sequence[Visit]) -> Table:
    newest = sorted(visits, key=lambda visit: visit.at, reverse=True)
    rows = tuple(_visit_row(visit) for visit in newest[:_VISITS_SHOWN])
    earlier = len(newest) - len(rows)
    note = f"{earlier} earlier {'one' if earlier == 1 else 'ones'} on the record." if earlier else ""
    return Table("Last visits", _VISITS, rows, note=note, empty="No visit is recorded.")


def _visit_row(visit: Visit) -> tuple[str, ...]:
    how = ["announced" if visit.announced else "unannounced"]
    if visit.lone:
        how.append("LONE")
    if visit.asked_to_choose:
        how.append("asked to choose the time")
    when = f"{in_words(visit.at.date())}, {visit.at:%H:%M}"
    return (when, f"{visit.at:%A} {part_of_day(visit.at)}", visit.outcome.label, ", ".join(how), visit.risk_noticed)


def _actions(plan: RiskPlan | None, as_of: date, label: Callable[[str | None], str]) -> tuple[Table, ...]:
    if plan is None:
        return (Table("Risk management plan", _ACTIONS, (), empty="No risk management plan is held."),)
    actions = plan.open_actions()
    rows = tuple(
        (action.what, label(action.who), in_words(action.by) + _late(action.by, as_of)) for action in actions[:_ACTIONS_SHOWN]
    )
    more = f" {len(actions) - len(rows)} more in the plan." if len(actions) > len(rows) else ""
    return (Table("Risk management plan", _ACTIONS, rows, note=f"{plan.standing}.{more}", empty="No action is open."),)


def _late(by: date, as_of: date) -> str:
    return f", {days_text((as_of - by).days)} late" if as_of > by else ""
