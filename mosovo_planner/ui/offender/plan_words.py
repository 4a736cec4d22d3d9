"""A risk management plan in words, actions first; for whoever reviews it, and for whoever finds it changed."""

from __future__ import annotations

from collections.abc import Callable

from mosovo_planner.domain.clocks import in_words
from mosovo_planner.domain.risk_plans import PlanAction, PlanReview, RiskPlan

Label = Callable[[str | None], str]


def plan_words(plan: RiskPlan, label: Label) -> str:
    """The whole version as plain text."""
    actions = [f"{place}. {action_words(action, label)}" for place, action in enumerate(plan.actions, 1)] or ["No action."]
    return "\n".join(["ACTIONS", *actions, "", rest_words(plan, label)])


def rest_words(plan: RiskPlan, label: Label) -> str:
    """All but the actions."""
    lines = [
        f"In short: {plan.summary.strip() or 'no summary'}",
        f"Visits: {interval_words(plan)}",
        f"Next review: {in_words(plan.review_due) if plan.review_due else 'no date set'}",
        f"Written by {label(plan.author)}, {in_words(plan.written_on)}",
        *(review_words(review, label) for review in sorted(plan.reviews, key=lambda each: each.at)),
    ]
    return "\n".join(lines)


def action_words(action: PlanAction, label: Label) -> str:
    """``Tell the school. DC Sample by 20 Dec 2026``."""
    done = f" (done {in_words(action.done_on)})" if action.done_on else ""
    return f"{action.what}: {label(action.who)} by {in_words(action.by)}{done}"


def interval_words(plan: RiskPlan) -> str:
    if plan.interval_months is None:
        return "by the force's policy"
    months = f"{plan.interval_months} month{'s' if plan.interval_months != 1 else ''}"
    return f"every {months}, because: {plan.interval_reason or 'no reason given'}"


def review_words(review: PlanReview, label: Label) -> str:
    verdict = "approved" if review.approved else "returned"
    said = f": {review.comments}" if review.comments else ""
    return f"{review.rank.value.capitalize()} {label(review.by)} {verdict} it on {in_words(review.at.date())}{said}"
