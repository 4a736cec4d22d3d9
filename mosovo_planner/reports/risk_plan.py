"""The front sheet of a risk management plan: the explicit actions first, then who reviewed it and when it is due again.

A plan without the sign-off of sergeant and inspector is printed as incomplete (rule 12; HMICFRS: Wiltshire 2023,
Cambridgeshire 2024).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from mosovo_planner.domain.assessment import Assessment
from mosovo_planner.domain.clocks import Case, Clock, in_words
from mosovo_planner.domain.people import risk_label
from mosovo_planner.domain.risk_plans import PlanAction, PlanReview, RiskPlan
from mosovo_planner.reports.identity import PAIRS, WIDE, days_text, due_text, why_text
from mosovo_planner.reports.paper import Column, Marking, Paper, Table

CLOCKS = ("rmp_review", "rmp_signoff", "arms", "arms_review", "other_assessment", "local_flag", "mappa_review")
"""The clocks that belong to a plan, as ``resources/policy/clocks.toml`` calls them."""

_ACTIONS = (
    Column("", 3, right=True),
    Column("What is done", 44, strong=True),
    Column("Who", 17),
    Column("By when", 13, whole=True),
    Column("Done", 20),
)
_REVIEWS = (
    Column("When", 20, whole=True),
    Column("Rank", 10),
    Column("Who", 18),
    Column("Decision", 14, strong=True, whole=True),
    Column("Comments", 40),
)
_ASSESSMENTS = (
    Column("Done on", 14, whole=True),
    Column("Tool", 16, strong=True),
    Column("Priority it gives", 18, strong=True),
    Column("By", 30),
)
_DUE = (Column("What", 22, strong=True), Column("Due", 22, strong=True), Column("Why", 53))


def plan_front_sheet(
    plan: RiskPlan,
    case: Case,
    assessments: Sequence[Assessment],
    person_label: Callable[[str | None], str],
    marking: Marking,
) -> Paper:
    """One version of an offender's plan, as of the case's day.

    ``case`` brings the clocks (``full_case``); ``person_label`` turns an id of an officer into a name.
    """
    version = f"Version {plan.version}, written {in_words(plan.written_on)}"
    return Paper(
        kind="risk_plan",
        title="Risk management plan: front sheet",
        subtitle=f"{version}; as of {in_words(case.as_of)}",
        notice="" if plan.complete else _notice(plan),
        parts=(
            Table("", PAIRS, _identity(plan, case, person_label)),
            Table("", WIDE, (("In short", plan.summary.strip() or "no summary"),)),
            _actions(plan, case.as_of, person_label),
            _reviews(plan, person_label),
            _due(plan, case),
            _assessments(assessments, person_label),
        ),
        refs=(plan.ref,),
        marking=marking,
        landscape=False,
        text_size=12,
    )


def _notice(plan: RiskPlan) -> str:
    standing = plan.standing.removeprefix("Incomplete: ")
    missing = "It is not a plan approved by sergeant and inspector."
    return f"INCOMPLETE: NOT SIGNED OFF\n{standing[:1].upper()}{standing[1:]}. {missing}"


def _identity(plan: RiskPlan, case: Case, label: Callable[[str | None], str]) -> tuple[tuple[str, ...], ...]:
    who = case.offender
    born = in_words(who.date_of_birth) if who.date_of_birth else "not recorded"
    interval = "by policy"
    if plan.interval_months is not None:
        months = f"{plan.interval_months} month{'' if plan.interval_months == 1 else 's'}"
        interval = f"{months}: {plan.interval_reason.strip() or 'no reason given'}"
    return (
        ("Offender", who.name, "Reference", " / ".join(part for part in (who.ref, who.visor_ref) if part)),
        ("Born", born, "Status", who.status.label),
        ("Risk", risk_label(who.risk), "MAPPA level", str(who.mappa_level) if who.mappa_level else "not recorded"),
        ("Manager", label(who.manager), "Author", label(plan.author)),
        ("Standing", plan.standing, "Visits every", interval),
    )


def _actions(plan: RiskPlan, as_of: date, label: Callable[[str | None], str]) -> Table:
    finished = sorted((action for action in plan.actions if action.done_on), key=lambda each: each.by)
    ordered = (*plan.open_actions(), *finished)
    rows = tuple(
        (str(number), action.what, label(action.who), in_words(action.by), _done(action, as_of))
        for number, action in enumerate(ordered, 1)
    )
    still = len(plan.open_actions())
    note = f"{still} open, {len(finished)} done. Open actions come first, the earliest on top."
    return Table("Actions", _ACTIONS, rows, note=note if rows else "", empty="THIS VERSION HAS NO ACTION.")


def _done(action: PlanAction, as_of: date) -> str:
    if action.done_on:
        return f"Done {in_words(action.done_on)}"
    late = (as_of - action.by).days
    return f"OPEN, {days_text(late)} late" if late > 0 else "Open"


def _reviews(plan: RiskPlan, label: Callable[[str | None], str]) -> Table:
    rows = [_review_row(review, label) for review in sorted(plan.reviews, key=lambda each: each.at)]
    sent = f"Submitted {in_words(plan.submitted_at.date())}." if plan.submitted_at else "Not submitted yet."
    return Table(
        "Reviews by sergeant and inspector", _REVIEWS, tuple(rows), note=sent, empty="No supervisor has reviewed this version."
    )


def _review_row(review: PlanReview, label: Callable[[str | None], str]) -> tuple[str, ...]:
    decision = "Approved" if review.approved else "RETURNED"
    when = f"{in_words(review.at.date())}, {review.at:%H:%M}"
    return (when, review.rank.value.capitalize(), label(review.by), decision, review.comments or "none")


def _due(plan: RiskPlan, case: Case) -> Table:
    clocks = [clock for kind in CLOCKS for clock in case.clocks if clock.kind == kind]
    rows = [_due_row(clock, case.as_of) for clock in clocks]
    if not any(clock.kind == "rmp_review" for clock in clocks):
        set_in = in_words(plan.review_due) if plan.review_due else "NO DATE SET"
        why = "Set in this version." if plan.review_due else "This version sets no date, and no clock runs for it."
        rows.insert(0, ("Review of this plan", set_in, why))
    return Table("Next reviews, and why they are due", _DUE, tuple(rows))


def _due_row(clock: Clock, as_of: date) -> tuple[str, ...]:
    return (clock.label or clock.kind, due_text(clock, as_of), why_text(clock))


def _assessments(assessments: Sequence[Assessment], label: Callable[[str | None], str]) -> Table:
    newest = sorted(assessments, key=lambda each: each.done_on, reverse=True)
    rows = tuple(
        (in_words(each.done_on), each.tool.label, risk_label(each.priority) if each.priority else "none given", label(each.by))
        for each in newest
    )
    return Table("Assessments", _ASSESSMENTS, rows, empty="No assessment is recorded.")
