"""Who manages him, and what to do on meeting him: the answer a frontline officer gets, and no more than he needs.

Nothing of offences, assessments or notes is in it. Risk level and address are left out unless the force's policy
(``answer.…``) puts them in: a guess must not be confirmed by asking.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from mosovo_planner.domain.clocks import in_words
from mosovo_planner.domain.facts import Facts
from mosovo_planner.domain.people import Offender, OffenderManager, Status, risk_label
from mosovo_planner.domain.policy import Policy
from mosovo_planner.domain.visits import crew_demands

NOBODY = (
    "Nobody on this team's caseload fits. That does not show that he is not managed: another force may manage him. "
    "Check PNC and ViSOR."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontlineAnswer:
    """The answer in parts, each ready to be shown. ``urgent`` says that he is missing."""

    ref: str
    name: str
    born: date | None
    standing: str
    urgent: bool
    manager: str
    reach: tuple[str, ...]
    safety: tuple[str, ...]
    orders: tuple[str, ...]
    to_do: tuple[str, ...]
    risk: str = ""
    address: str = ""


def frontline_answer(
    offender: Offender, facts: Facts, managers: Iterable[OffenderManager], policy: Policy, as_of: date
) -> FrontlineAnswer:
    """What a frontline officer is told of one offender."""
    known = {each.id: each for each in managers}
    manager = known.get(offender.manager or "")
    demands = crew_demands(offender.markers, known.values())
    safety = [*demands.warnings]
    if demands.needs_man:
        safety.append("At least one male officer")
    if demands.needs_woman:
        safety.append("At least one female officer")
    barred = ", ".join(known[each].label if each in known else each for each in sorted(demands.excluded))
    if barred:
        safety.append(f"Not to be met by {barred}")
    shown = {key: policy.text(f"answer.{key}").casefold() == "yes" for key in ("show_risk", "show_address")}
    return FrontlineAnswer(
        ref=offender.ref,
        name=offender.name,
        born=offender.date_of_birth,
        standing=_standing(offender),
        urgent=offender.status is Status.MISSING,
        manager=manager.label if manager else offender.manager or "Nobody yet: his case is not allocated",
        reach=_reach(offender, manager, policy, as_of),
        safety=tuple(safety),
        orders=_orders(offender, facts, as_of),
        to_do=tuple(each.strip() for each in policy.text("answer.on_meeting").split("|") if each.strip()),
        risk=risk_label(offender.risk) if shown["show_risk"] else "",
        address=", ".join(filter(None, (offender.address, offender.postcode))) if shown["show_address"] else "",
    )


def answer_lines(answer: FrontlineAnswer) -> tuple[str, ...]:
    """The answer line by line, as it is read out or printed in a terminal."""
    born = f", born {in_words(answer.born)}" if answer.born else ""
    lines = [f"{answer.name} ({answer.ref}){born}. {answer.standing}", f"Offender manager: {answer.manager}", *answer.reach]
    lines += [f"For your safety: {each}" for each in answer.safety]
    lines += [f"Order: {each}" for each in answer.orders]
    lines += [f"On meeting him: {each}" for each in answer.to_do]
    more = (("Risk level", answer.risk), ("Address held", answer.address))
    return (*lines, *(f"{name}: {words}" for name, words in more if words))


def _standing(offender: Offender) -> str:
    if offender.status is Status.MISSING:
        return "He is managed, and his whereabouts are not known. Reach his manager at once."
    if offender.status.suspends_visits:
        where = {Status.CUSTODY: "in custody", Status.HOSPITAL: "in hospital", Status.ABROAD: "abroad"}[offender.status]
        return f"He is managed and held to be {where}. If you have met him here, reach his manager at once."
    return "He is managed by this team."


def _reach(offender: Offender, manager: OffenderManager | None, policy: Policy, as_of: date) -> tuple[str, ...]:
    lines = []
    if manager is not None:
        away = manager.away(as_of)
        lines += [manager.reach] if manager.reach else []
        lines += [f"Base: {manager.base}"] if manager.base else []
        lines += [f"Away until {in_words(away.end)}: reach the supervisor."] if away else []
    if offender.supervisor:
        supervisor = offender.supervisor
        lines.append(f"Supervisor: {supervisor}")
    for key, words in (("contact", "Team"), ("contact_out_of_hours", "Out of hours")):
        if policy.is_set(f"answer.{key}"):
            lines.append(f"{words}: {policy.text(f'answer.{key}')}")
    return tuple(lines) or ("Nobody entered how to reach the team. Ask the control room.",)


def _orders(offender: Offender, facts: Facts, as_of: date) -> tuple[str, ...]:
    lines = [offender.orders] if offender.orders else []
    for order in facts.orders:
        if order.in_force(as_of):
            until = f"to {in_words(order.until)}" if order.until else "until further order"
            lines.append(f"{order.kind}, {until}")
            lines += [f"{order.kind}: {each.name}" for each in order.conditions if each.end is None or each.end >= as_of]
    return tuple(dict.fromkeys(lines))
