"""Risk management plans: written, submitted, reviewed by sergeant and inspector, and what their clocks learn of it.

Each step enters its event in the same transaction (``rmp_submitted``, ``rmp_returned``, ``rmp_signed``, ``rmp_review``),
which is what the clock table runs from. With the sign-off the plan's review date and visit interval become the
offender's own (practice rule 2).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from mosovo_planner.domain import risk_plans as rules
from mosovo_planner.domain.assessment import Assessment, Tool, arms_objection, tool_for
from mosovo_planner.domain.facts import Event
from mosovo_planner.domain.people import Offender
from mosovo_planner.domain.record import Operation
from mosovo_planner.domain.risk_plans import PlanRefused, PlanState, Rank, RiskPlan
from mosovo_planner.domain.roles import Permission
from mosovo_planner.office.caseload import NoSuchOffender
from mosovo_planner.office.clock_events import add_events
from mosovo_planner.office.session import Session
from mosovo_planner.store.unit import Unit

_OPEN = (PlanState.DRAFT, PlanState.RETURNED)


@dataclass(frozen=True)
class PlansView:
    """An offender's plans, the newest version first, and assessments, the newest first; with the tool that fits him."""

    offender: Offender
    plans: tuple[RiskPlan, ...]
    assessments: tuple[Assessment, ...]
    tool: Tool
    objection: str

    @property
    def current(self) -> RiskPlan | None:
        return self.plans[0] if self.plans else None

    @property
    def standing(self) -> str:
        """How the plan stands, in words."""
        return self.current.standing if self.current else "No plan is written yet."


def view_plans(session: Session, ref: str, as_of: date) -> PlansView:
    """The plans and assessments of an offender; a consultation in the record of use.

    Raises:
        NoSuchOffender: nobody of that reference is held.
    """
    with session.unit(Permission.VIEW) as unit:
        offender = offender_of(unit, ref)
        plans, assessments = unit.risk_plans(ref), unit.assessments(ref)
        unit.record(Operation.CONSULTATION, f"offender {ref}", fields=("risk_plan.", "assessment."), reason="plans opened")
    return PlansView(
        offender, tuple(reversed(plans)), tuple(reversed(assessments)), tool_for(offender, as_of), arms_objection(offender, as_of)
    )


def begin_plan(view: PlansView, author: str, on: date) -> RiskPlan:
    """The draft that comes next: the first version, or a new one of a plan that is signed off. Nothing is saved.

    Raises:
        PlanRefused: the newest version is not signed off yet; it is changed instead.
    """
    if view.current is not None:
        return rules.new_version(view.current, author, on)
    return RiskPlan(ref=view.offender.ref, author=author, written_on=on)


def save_draft(session: Session, plan: RiskPlan, before: RiskPlan | None = None) -> RiskPlan:
    """Keep a draft, or a returned plan as it is changed; whoever changed it last is its author. Nothing need be complete.

    Raises:
        PlanRefused: it is on its way or signed off.
        FinancialDataRefused: a text looks like it holds a card or account number.
        StaleRecord: somebody else changed it meanwhile.
    """
    with session.unit(Permission.RECORD) as unit:
        return _keep(unit, session.user, plan, before)


def submit_plan(session: Session, plan: RiskPlan, before: RiskPlan | None, now: datetime | None = None) -> RiskPlan:
    """Keep a plan and send it to the sergeant; the clock of the sign-off runs from this day. Raises as above.

    Raises:
        PlanRefused: it lacks something; the message says what.
    """
    moment = now or _now()
    with session.unit(Permission.RECORD) as unit:
        sent = rules.submit(_author(plan, before, session.user), moment)
        _check_open(before)
        unit.save_risk_plan(sent, before, "risk management plan submitted")
        _forget_return(unit, sent, moment.date())
        event = Event("rmp_submitted", moment.date(), matter=_matter(sent))
        add_events(unit, sent.ref, [event], "risk management plan submitted")
    return sent


def sign_plan(
    session: Session, plan: RiskPlan, rank: Rank, comments: str = "", *, flag_checked: bool = False, now: datetime | None = None
) -> RiskPlan:
    """A supervisor's approval. The inspector's completes the plan, and what it decides becomes the offender's own.

    ``flag_checked``: the supervisor verified the settings of the local flag on this occasion.

    Raises:
        PlanRefused: it is not this rank's turn, or the same person wrote or approved it before.
        StaleRecord: somebody else changed it meanwhile.
    """
    moment = now or _now()
    with session.unit(Permission.APPROVE) as unit:
        signed = rules.sign_off(plan, rank, session.user, moment, comments.strip())
        unit.save_risk_plan(signed, plan, f"approved as {rank.value}")
        if signed.complete:
            _take_effect(unit, signed, moment.date())
        if flag_checked:
            add_events(unit, plan.ref, [Event("local_flag_check", moment.date())], "checked with the plan")
    return signed


def return_plan(session: Session, plan: RiskPlan, rank: Rank, comments: str, now: datetime | None = None) -> RiskPlan:
    """A supervisor sends a plan back with comments; the clock of the sign-off stops. Raises as :func:`sign_plan`."""
    moment = now or _now()
    with session.unit(Permission.APPROVE) as unit:
        returned = rules.return_plan(plan, rank, session.user, moment, comments.strip())
        unit.save_risk_plan(returned, plan, f"returned as {rank.value}")
        event = Event("rmp_returned", moment.date(), expected=_submitted_on(plan), matter=_matter(plan))
        add_events(unit, plan.ref, [event], "risk management plan returned")
    return returned


def tick_action(session: Session, plan: RiskPlan, place: int, done_on: date | None, today: date | None = None) -> RiskPlan:
    """Say on which day an action was done, or that it is open after all; also in a version that is signed off.

    Raises:
        PlanRefused: the day lies ahead.
        StaleRecord: somebody else changed the plan meanwhile.
    """
    if done_on is not None and done_on > (today or _now().date()):
        raise PlanRefused("The day lies ahead. Tick the action off once it is done.")
    actions = list(plan.actions)
    actions[place] = replace(actions[place], done_on=done_on)
    ticked = replace(plan, actions=tuple(actions))
    with session.unit(Permission.RECORD) as unit:
        unit.save_risk_plan(ticked, plan, "action done" if done_on else "action open again")
    return ticked


def review_unchanged(
    session: Session, plan: RiskPlan, next_review: date | None, *, flag_checked: bool = False, today: date | None = None
) -> None:
    """A supervisor reviewed a signed plan and it stays as it is; the next review is set anew (practice rule 12).

    Raises:
        PlanRefused: it is not the newest version, not signed off, or no later day is given for the next review.
    """
    day = today or _now().date()
    if not plan.complete:
        raise PlanRefused("Only a plan that is signed off can be reviewed unchanged.")
    if next_review is None or next_review <= day:
        raise PlanRefused("Set the date of the next review, after today.")
    with session.unit(Permission.APPROVE) as unit:
        newest = unit.risk_plans(plan.ref)[-1:]
        if not newest or newest[0].version != plan.version:
            raise PlanRefused("There is a newer version of this plan. Review that one.")
        events = [Event("rmp_review", day)] + ([Event("local_flag_check", day)] if flag_checked else [])
        add_events(unit, plan.ref, events, "risk management plan reviewed")
        _set_on_record(unit, plan.ref, next_review, None, "risk management plan reviewed")


def offender_of(unit: Unit, ref: str) -> Offender:
    """The offender of a reference.

    Raises:
        NoSuchOffender: nobody of that reference is held.
    """
    found = unit.offender(ref)
    if found is None:
        raise NoSuchOffender("No offender of that reference is on the caseload; it may have been erased meanwhile.")
    return found


def _keep(unit: Unit, user: str, plan: RiskPlan, before: RiskPlan | None) -> RiskPlan:
    _check_open(before)
    if plan.state not in _OPEN:
        raise PlanRefused("Only a draft or a plan that came back can be changed.")
    offender_of(unit, plan.ref)
    kept = rules.checked(_author(plan, before, user))
    unit.save_risk_plan(kept, before, "risk management plan written")
    return kept


def _author(plan: RiskPlan, before: RiskPlan | None, user: str) -> RiskPlan:
    """Whoever changed the words last is the author, who cannot sign; sending what another wrote makes nobody its author."""
    unchanged = before is not None and replace(before, author=plan.author) == plan
    return replace(plan, author=before.author if before is not None and unchanged else user)


def _check_open(before: RiskPlan | None) -> None:
    if before is not None and before.state not in _OPEN:
        raise PlanRefused(f"This version is {before.state.label.lower()} already. Start a new version to change it.")


def _forget_return(unit: Unit, plan: RiskPlan, day: date) -> None:
    """A plan that came back and is sent again on one day: the return would meet the new submission too.

    The plan's own reviews keep that it was returned.
    """
    for kept in unit.kept_facts(plan.ref):
        if isinstance(kept.fact, Event) and kept.fact.kind == "rmp_returned" and kept.fact.on == day:
            unit.remove_fact(kept, "sent again on the same day")


def _take_effect(unit: Unit, plan: RiskPlan, day: date) -> None:
    """The sign-off: the event, the date of the next review, and the visit interval that the plan gives or no longer gives."""
    event = Event("rmp_signed", day, expected=_submitted_on(plan), matter=_matter(plan))
    add_events(unit, plan.ref, [event], "risk management plan signed off")
    earlier = [each for each in unit.risk_plans(plan.ref) if each.version < plan.version and each.complete]
    _set_on_record(unit, plan.ref, plan.review_due, _intervals(plan, earlier), "risk management plan signed off")


def _intervals(plan: RiskPlan, earlier: Sequence[RiskPlan]) -> tuple[int | None, int | None]:
    """The visit interval that the plan gives, and the one of the plan before it."""
    return plan.interval_months, earlier[-1].interval_months if earlier else None


def _set_on_record(
    unit: Unit, ref: str, review_due: date | None, intervals: tuple[int | None, int | None] | None, reason: str
) -> None:
    offender = offender_of(unit, ref)
    own = offender.interval_months
    if intervals is not None:
        given, before = intervals
        # One that did not come from the plan before (the tracker's, say) is not taken away by a plan that says nothing of it.
        own = given if given is not None else None if own == before else own
    changed = replace(offender, rmp_review_due=review_due, interval_months=own)
    if changed != offender:
        unit.save_offenders([changed], reason=reason)


def _matter(plan: RiskPlan) -> str:
    """What a step of the sign-off is of, so that the sign-off of one version does not meet the next's, sent the same day."""
    return f"version {plan.version}"


def _submitted_on(plan: RiskPlan) -> date | None:
    return plan.submitted_at.date() if plan.submitted_at else None


def _now() -> datetime:
    return datetime.now()  # noqa: DTZ005 - local, as visits are
