"""Risk management plans: versions, actions, and the sign-off by sergeant and then inspector (rule 12).

There is on purpose no field for offences in detail, victims or finance, and texts with card or account
numbers are refused. Every function gives a new plan back; a version that was signed is never changed again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from mosovo_planner.domain.clocks import in_words
from mosovo_planner.domain.errors import UserError
from mosovo_planner.domain.guard import refuse_financial_data


class PlanRefused(UserError):
    """A step of the sign-off is not possible; the message says why and what to do."""


class PlanState(StrEnum):
    """Where a plan stands on its way."""

    DRAFT = "draft"
    WITH_SERGEANT = "with_sergeant"
    WITH_INSPECTOR = "with_inspector"
    RETURNED = "returned"
    SIGNED = "signed"

    @property
    def label(self) -> str:
        return self.value.replace("_", " ").capitalize()


class Rank(StrEnum):
    """In whose capacity a supervisor reviews."""

    SERGEANT = "sergeant"
    INSPECTOR = "inspector"


@dataclass(frozen=True, slots=True)
class PlanAction:
    """One explicit action of the plan: what is done, who does it, by when."""

    what: str
    who: str
    by: date
    done_on: date | None = None


@dataclass(frozen=True, slots=True)
class PlanReview:
    """One look of a supervisor at a plan."""

    rank: Rank
    by: str
    at: datetime
    approved: bool
    comments: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskPlan:
    """One version of an offender's risk management plan. ``interval_months`` overrides policy, with its reason (rule 2)."""

    ref: str
    author: str
    written_on: date
    version: int = 1
    summary: str = ""
    actions: tuple[PlanAction, ...] = ()
    interval_months: int | None = None
    interval_reason: str = ""
    review_due: date | None = None
    state: PlanState = PlanState.DRAFT
    submitted_at: datetime | None = None
    reviews: tuple[PlanReview, ...] = ()

    @property
    def complete(self) -> bool:
        """Only a plan that sergeant and inspector signed off is complete."""
        return self.state is PlanState.SIGNED

    @property
    def signed_on(self) -> date | None:
        return self.reviews[-1].at.date() if self.complete and self.reviews else None

    @property
    def standing(self) -> str:
        """The plan's standing in words, for lists and papers."""
        if self.complete and self.signed_on:
            return f"Version {self.version}, signed off {in_words(self.signed_on)}"
        last = self.reviews[-1] if self.reviews else None
        if self.state is PlanState.RETURNED and last is not None:
            return f"Incomplete: version {self.version} returned by {last.rank.value} on {in_words(last.at.date())}"
        since = f" since {in_words(self.submitted_at.date())}" if self.submitted_at else ""
        return f"Incomplete: version {self.version} is {self.state.label.lower()}{since}"

    def open_actions(self) -> tuple[PlanAction, ...]:
        """Actions not done, the earliest first."""
        return tuple(sorted((action for action in self.actions if action.done_on is None), key=lambda each: each.by))


def plan_problems(plan: RiskPlan) -> tuple[str, ...]:
    """What a plan lacks to be submitted, in words."""
    early = plan.review_due is not None and plan.review_due <= plan.written_on
    nameless = any(not action.what.strip() or not action.who.strip() for action in plan.actions)
    rules = (
        (not plan.actions, "Write at least one action: what, who, by when."),
        (nameless, "Every action needs what is done and who does it."),
        (plan.review_due is None, "Set the date of the next review."),
        (early, "The next review must lie after the plan's own day."),
        (plan.interval_months is not None and plan.interval_months < 1, "A visit interval is at least one month."),
        (
            plan.interval_months is not None and not plan.interval_reason.strip(),
            "A visit interval other than the force's needs its reason.",
        ),
    )
    return tuple(words for broken, words in rules if broken)


def checked(plan: RiskPlan) -> RiskPlan:
    """The plan itself, once its texts are known to hold no card or account number.

    Raises:
        FinancialDataRefused: one of them looks like it does.
    """
    texts = {"The summary": plan.summary, "The reason for the interval": plan.interval_reason}
    texts |= {f"Action {place}": f"{action.what} {action.who}" for place, action in enumerate(plan.actions, 1)}
    texts |= {f"Comment {place}": review.comments for place, review in enumerate(plan.reviews, 1)}
    refuse_financial_data(texts)
    return plan


def submit(plan: RiskPlan, at: datetime) -> RiskPlan:
    """Send a draft, or a plan that came back, to the sergeant.

    Raises:
        PlanRefused: it lacks something, or is on its way or signed already.
        FinancialDataRefused: see :func:`checked`.
    """
    if plan.state not in (PlanState.DRAFT, PlanState.RETURNED):
        raise PlanRefused(f"This version is {plan.state.label.lower()} already. Start a new version to change it.")
    problems = plan_problems(plan)
    if problems:
        raise PlanRefused(" ".join(problems))
    return replace(checked(plan), state=PlanState.WITH_SERGEANT, submitted_at=at)


def sign_off(plan: RiskPlan, rank: Rank, by: str, at: datetime, comments: str = "") -> RiskPlan:
    """A supervisor's approval: the sergeant's passes the plan to the inspector, whose approval completes it.

    Raises:
        PlanRefused: it is not this rank's turn, or the same person wrote or approved it before.
    """
    _check_turn(plan, rank, by)
    review = PlanReview(rank, by, at, approved=True, comments=comments)
    state = PlanState.WITH_INSPECTOR if rank is Rank.SERGEANT else PlanState.SIGNED
    return checked(replace(plan, state=state, reviews=(*plan.reviews, review)))


def return_plan(plan: RiskPlan, rank: Rank, by: str, at: datetime, comments: str) -> RiskPlan:
    """Send a plan back to its author with comments; it then starts again with the sergeant.

    Raises:
        PlanRefused: as in :func:`sign_off`, or the comments are empty.
    """
    _check_turn(plan, rank, by)
    if not comments.strip():
        raise PlanRefused("Say in the comments what is to be changed.")
    review = PlanReview(rank, by, at, approved=False, comments=comments)
    return checked(replace(plan, state=PlanState.RETURNED, reviews=(*plan.reviews, review)))


def new_version(plan: RiskPlan, author: str, on: date) -> RiskPlan:
    """A draft of the next version with the actions still open; the review date is to be set anew.

    Raises:
        PlanRefused: the plan is not signed off; change that version instead.
    """
    if not plan.complete:
        raise PlanRefused("This version is not signed off yet. Change it instead of starting another.")
    return RiskPlan(
        ref=plan.ref,
        author=author,
        written_on=on,
        version=plan.version + 1,
        summary=plan.summary,
        actions=plan.open_actions(),
        interval_months=plan.interval_months,
        interval_reason=plan.interval_reason,
    )


_TURN = {Rank.SERGEANT: PlanState.WITH_SERGEANT, Rank.INSPECTOR: PlanState.WITH_INSPECTOR}


def _check_turn(plan: RiskPlan, rank: Rank, by: str) -> None:
    if plan.state is not _TURN[rank]:
        raise PlanRefused(f"This version is {plan.state.label.lower()}, so it is not for the {rank.value} now.")
    if by == plan.author:
        raise PlanRefused("The author cannot review his own plan. Ask another supervisor.")
    this_round = [review for review in plan.reviews if plan.submitted_at and review.at >= plan.submitted_at]
    if any(review.by == by and review.rank is not rank for review in this_round):
        raise PlanRefused("Sergeant and inspector must be two people.")
