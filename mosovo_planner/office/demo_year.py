"""A year of an invented force: visits and what came of them, notifications, plans, logs of incidents, a dip sample.

Made of the force that ``demo.invent_force`` invents, by the same seed. Everything in it is invented and says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from random import Random

from mosovo_planner.domain.assessment import Assessment, Tool
from mosovo_planner.domain.clocks import add_months, in_words
from mosovo_planner.domain.dip_sample import DrawnRecord, Grade, GradedRecord, dip_sample
from mosovo_planner.domain.facts import Condition, Event, Order, Trip
from mosovo_planner.domain.kept import Fact
from mosovo_planner.domain.matching import Sureness
from mosovo_planner.domain.months import Month, month_of
from mosovo_planner.domain.off_duty import IncidentFile, KeptLog, LoggedMatch, OffDutyMatch, Verdict
from mosovo_planner.domain.people import Offender, OffenderManager, Status
from mosovo_planner.domain.policy import Policy, PolicyValue, Setting
from mosovo_planner.domain.risk_plans import PlanAction, PlanReview, PlanState, Rank, RiskPlan
from mosovo_planner.domain.visits import Outcome, Visit, VisitKind

SUPERVISORS = ("Sgt Demo", "Insp Invented")
_LONG_AGO = 1100
"""Days that the invented people have been known for."""
_YEAR = 370
_NEW_SHARE = 0.07
_PLAN_SHARE = 0.35
_SHUT = (Outcome.NO_REPLY, Outcome.NO_REPLY, Outcome.NO_REPLY, Outcome.REFUSED, Outcome.MOVED)
_LONE_WHY = ("Partner called away to an incident", "No second officer on duty", "Partner taken ill")
_ANNOUNCED_WHY = ("Two visits met a shut door", "He works shifts", "Access to a gated block")
_HOUSEHOLD = ("Lives alone", "Lives with his mother", "Shares with two lodgers", "Lives with a partner")
_HOURS, _OFTEN = range(9, 20), (2, 4, 4, 3, 3, 4, 4, 4, 3, 2, 2)
_STATES = (PlanState.SIGNED, PlanState.WITH_SERGEANT, PlanState.WITH_INSPECTOR, PlanState.RETURNED)
_LOGS = (
    ("Domestic", "Raised voices reported by a neighbour; words given, all in order."),
    ("Traffic stop", "Stopped for a defective light; driver named himself."),
    ("Suspicious circumstances", "Man sitting in a parked car near a play area; left when spoken to."),
    ("Anti-social behaviour", "Complaint about noise at the address."),
)
_ACTIONS = ("Check devices on every visit", "Speak with probation about work", "Confirm who stays overnight", "See the new flat")
_POLICY: dict[str, Setting] = {
    "deadline.initial_visit_days": 15,
    "deadline.arms_first_working_days": 15,
    "deadline.arms_review_months": 12,
    "deadline.rmp_review_months": 12,
    "deadline.rmp_signoff_days": 14,
    "deadline.visor_entry_days": 5,
    "target.visits_in_time_percent": 85,
    "target.announced_percent": 15,
    "target.failed_percent": 20,
    "target.visits_overdue": 80,
    "target.worst_overdue_days": 60,
    "target.first_visit_days": 15,
    "target.workload_spread_percent": 40,
    "target.travel_minutes_a_visit": 60,
    "target.matches_acknowledged_percent": 95,
}


@dataclass(frozen=True)
class InventedYear:
    """What happened to the invented force. ``offenders`` are as the year left them; ``away`` since when somebody is away."""

    offenders: tuple[Offender, ...]
    away: Mapping[str, date]
    visits: tuple[Visit, ...]
    facts: tuple[tuple[str, Fact], ...]
    assessments: tuple[Assessment, ...]
    plans: tuple[RiskPlan, ...]
    incidents: tuple[tuple[IncidentFile, tuple[LoggedMatch, ...]], ...]
    drawn: tuple[DrawnRecord, ...]
    graded: tuple[GradedRecord, ...]


@dataclass
class _Life:
    """One offender's year while it is made."""

    who: Offender
    visits: list[Visit] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    away: date | None = None


def demo_policy(policy: Policy, as_of: date) -> Policy:
    """The policy of the invented force: what only a force can know is invented too, so that its clocks run."""
    why = "Invented for the demo"
    return Policy({**policy.values, **{key: PolicyValue(value, why, as_of, confirmed=False) for key, value in _POLICY.items()}})


def invent_year(managers: Sequence[OffenderManager], offenders: Sequence[Offender], as_of: date, seed: int) -> InventedYear:
    """The year up to ``as_of``; the same arguments give the same year."""
    random = Random(seed * 7919)  # noqa: S311  invents a year, guards nothing
    partners = {each.id: [other.id for other in managers if other.team == each.team and other is not each] for each in managers}
    lives = [_life(who, partners.get(who.manager or "", []), as_of, random) for who in offenders]
    planned = [life for life in lives if random.random() < _PLAN_SHARE]
    names = {each.id: each.name for each in managers}
    plans = [_plan(life, names.get(life.who.manager or "", "The duty officer"), as_of, random) for life in planned]
    drawn, graded = _sample(managers, offenders, as_of, seed, random)
    return InventedYear(
        tuple(life.who for life in lives),
        {life.who.ref: life.away for life in lives if life.away},
        tuple(visit for life in lives for visit in life.visits),
        tuple((life.who.ref, fact) for life in lives for fact in life.facts),
        tuple(_assessment(life.who) for life in planned),
        tuple(plans),
        tuple(_incidents(offenders, as_of, random)),
        drawn,
        graded,
    )


# Visits and facts


def _life(who: Offender, partners: Sequence[str], as_of: date, random: Random) -> _Life:
    done, review = as_of - timedelta(days=random.randint(15, 369)), as_of + timedelta(days=random.randint(-8, 350))
    seen = _working_day(who.last_seen) if who.last_seen else None
    who = replace(who, arms_done=done, rmp_review_due=review, last_seen=seen)
    life = _Life(who)
    begun = as_of - timedelta(days=random.randint(40, 350)) if random.random() < _NEW_SHARE else None
    if begun is not None and who.last_seen is not None and who.last_seen <= begun:
        begun = None
    start = begun or as_of - timedelta(days=_LONG_AGO)
    for place, day in enumerate(_days_seen(who, start, begun, as_of, random)):
        initial = begun is not None and place == 0
        if not initial and random.random() < 0.22:
            shut = _working_day(day - timedelta(days=random.randint(2, 9)))
            life.visits.append(_visit(life, shut, partners, as_of, random, outcome=random.choice(_SHUT)))
        kind = VisitKind.INITIAL if initial else VisitKind.ROUTINE
        life.visits.append(_visit(life, day, partners, as_of, random, kind=kind))
    _since_then(life, partners, as_of, random)
    _facts(life, begun, as_of, random)
    return life


def _days_seen(who: Offender, start: date, begun: date | None, as_of: date, random: Random) -> list[date]:
    """Days of successful visits, oldest first, back from the last one at about the interval of his risk.

    They reach back to one before the year, from which its first due date is reckoned.
    """
    if who.last_seen is None:
        return []
    days, day = [], who.last_seen
    apart = 30.4 * (who.interval_months or 3)
    while day >= start:
        days.append(_working_day(day))
        if (as_of - day).days > _YEAR:
            break
        missed = random.random() < 0.08 + 0.14 * (as_of - day).days / 365
        gap = random.uniform(1.05, 1.8) if missed else random.triangular(0.7, 1.0, 0.93)
        day -= timedelta(days=max(3, round(apart * gap)))
    if begun is not None:
        first = _working_day(begun + timedelta(days=random.randint(8, 22)))
        days = [each for each in days if each > first] + ([first] if first <= who.last_seen else [])
    return days[::-1]


def _working_day(day: date) -> date:
    """The day itself, the Friday before a weekend."""
    return day - timedelta(days=max(0, day.weekday() - 4))


def _visit(
    life: _Life,
    day: date,
    partners: Sequence[str],
    as_of: date,
    random: Random,
    *,
    kind: VisitKind = VisitKind.ROUTINE,
    outcome: Outcome = Outcome.SEEN,
) -> Visit:
    """One attempt. Lone and announced visits grow rarer over the year, as in a team that was told."""
    ago = min(1.0, max(0.0, (as_of - day).days / 365))
    lone = random.random() < 0.05 + 0.16 * ago or not partners
    announced = random.random() < 0.08 + 0.2 * ago
    seen = outcome.successful
    entered = day + timedelta(days=random.randint(0, 6))
    own = life.who.manager or "OM01"
    return Visit(
        id=f"{life.who.ref}-{day:%Y%m%d}{'' if seen else '-shut'}",
        ref=life.who.ref,
        at=datetime.combine(day, time(random.choices(_HOURS, _OFTEN)[0], random.choice((0, 15, 30)))),
        kind=kind,
        officers=(own,) if lone else (own, random.choice(partners)),
        announced=announced,
        announced_reason=random.choice(_ANNOUNCED_WHY) if announced else "",
        outcome=outcome,
        lone_reason=random.choice(_LONE_WHY) if lone else "",
        approved_by=SUPERVISORS[0] if lone and (as_of - day).days > 12 else "",
        devices_checked=random.randint(0, 3) if seen else None,
        household=random.choice(_HOUSEHOLD) if seen else "",
        child_in_household=random.random() < 0.03 if seen else None,
        asked_to_choose=random.random() < 0.04,
        visor_entered_on=entered if entered <= as_of else None,
        note="Invented for the demo.",
    )


def _since_then(life: _Life, partners: Sequence[str], as_of: date, random: Random) -> None:
    """Shut doors since he was last seen, where his visit is overdue."""
    who = life.who
    if who.last_seen is None or who.status.suspends_visits:
        return
    due = add_months(who.last_seen, who.interval_months or 3)
    day = due + timedelta(days=random.randint(-6, 10))
    for _ in range(random.choice((0, 1, 1, 2, 3))):
        if who.last_seen < day < as_of and due < as_of:
            life.visits.append(_visit(life, _working_day(day), partners, as_of, random, outcome=random.choice(_SHUT)))
        day += timedelta(days=random.randint(8, 30))


def _facts(life: _Life, begun: date | None, as_of: date, random: Random) -> None:
    who, add = life.who, life.facts.append
    last = max((visit.at.date() for visit in life.visits), default=as_of - timedelta(days=_LONG_AGO))
    if who.status.suspends_visits:
        life.away = min(as_of - timedelta(days=1), last + timedelta(days=random.randint(5, 40)))
    if begun is not None:
        add(Event("relevant_date", begun - timedelta(days=2)))
        add(Event("initial_notification", begun))
    else:
        late = random.random() < 0.04
        ago = random.randint(366, 400) if late else random.randint(5, 360)
        add(Event("periodic_notification", as_of - timedelta(days=ago)))
    if random.random() < 0.3:
        day = as_of - timedelta(days=random.randint(30, 1000))
        add(Order("SHPO", day, add_months(day, 60), (Condition("No device without risk-management software"),)))
    if random.random() < 0.02 and who.status is Status.COMMUNITY:
        leave = as_of + timedelta(days=random.randint(3, 40))
        add(Trip(leave, leave + timedelta(days=10), notified=as_of - timedelta(days=1)))


def _assessment(who: Offender) -> Assessment:
    assert who.arms_done is not None
    return Assessment(
        id=f"ARMS-{who.ref}", ref=who.ref, tool=Tool.ARMS, done_on=who.arms_done, by=who.manager or "OM01", priority=who.risk
    )  # fmt: skip


# Risk management plans


def _plan(life: _Life, manager: str, as_of: date, random: Random) -> RiskPlan:
    """A plan, most of them signed off, some on their way or returned; its events go with the other facts."""
    who = life.who
    state = random.choices(_STATES, (84, 7, 5, 4))[0]
    written = as_of - timedelta(days=random.randint(30, 330) if state is PlanState.SIGNED else random.randint(2, 18))
    sent = datetime.combine(written, time(15))
    looked = sent + timedelta(days=random.randint(1, 5))
    signed = looked + timedelta(days=random.randint(1, 24))
    sergeant = PlanReview(Rank.SERGEANT, SUPERVISORS[0], looked, approved=True, comments="Invented for the demo")
    back = replace(sergeant, approved=False, comments="Say who checks the devices, and by when")
    inspector = PlanReview(Rank.INSPECTOR, SUPERVISORS[1], signed, approved=True)
    reviews = {
        PlanState.SIGNED: (sergeant, inspector), PlanState.WITH_INSPECTOR: (sergeant,), PlanState.RETURNED: (back,),
    }.get(state, ())  # fmt: skip
    life.facts.append(Event("rmp_submitted", written))
    review_due = add_months(written, 12)
    if state is PlanState.SIGNED:
        life.facts += [Event("rmp_signed", signed.date()), Event("local_flag_check", signed.date())]
        life.who = replace(who, rmp_review_due=review_due)
    if state is PlanState.RETURNED:
        life.facts.append(Event("rmp_returned", looked.date()))
    chosen = random.sample(_ACTIONS, 2)
    actions = tuple(PlanAction(what, manager, as_of + timedelta(days=random.randint(-20, 90))) for what in chosen)
    return RiskPlan(
        ref=who.ref, author=who.manager or "OM01", written_on=written, summary="Invented for the demo.", actions=actions,
        review_due=review_due, state=state, submitted_at=sent, reviews=reviews,
    )  # fmt: skip


# What happened off duty


def _incidents(
    offenders: Sequence[Offender], as_of: date, random: Random
) -> Iterator[tuple[IncidentFile, tuple[LoggedMatch, ...]]]:
    """The logs of one night in each fortnight; those of the last night wait to be looked at."""
    for number, ago in enumerate(range(364, -1, -14)):
        read = datetime.combine(as_of - timedelta(days=ago), time(6, 30))
        chosen = random.sample(list(offenders), min(len(offenders), random.randint(2, 6)))
        matches = tuple(_match(f"{number}-{place}", who, read, ago, random) for place, who in enumerate(chosen))
        file = IncidentFile(
            id=f"invented-{number}", digest=f"invented-{number}", name=f"invented-night-{read:%Y-%m-%d}.csv", at=read,
            by=SUPERVISORS[0], rows_read=80, logs=random.randint(40, 80), matches=len(matches), covers_to=read,
        )  # fmt: skip
        yield file, matches


def _match(key: str, who: Offender, read: datetime, ago: int, random: Random) -> LoggedMatch:
    kind, words = random.choice(_LOGS)
    sureness = random.choices((Sureness.SURE, Sureness.LIKELY, Sureness.POSSIBLE), (3, 4, 3))[0]
    why = {
        Sureness.SURE: "Name and date of birth are his.", Sureness.LIKELY: "Name and postcode are his.",
        Sureness.POSSIBLE: "The surname is his, and the street is near.",
    }[sureness]  # fmt: skip
    born = in_words(who.date_of_birth) if who.date_of_birth else ""
    log = KeptLog(
        id=f"log-{key}", file_id=f"invented-{key.split('-', maxsplit=1)[0]}", number=f"INV/{read:%Y%m%d}/{key}",
        at=read - timedelta(hours=random.randint(1, 9)), kind=kind, address=who.address, postcode=who.postcode,
        persons=(f"{who.surname}, {who.forenames}, born {born}",), text=f"Invented for the demo. {words}",
    )  # fmt: skip
    match = OffDutyMatch(id=f"match-{key}", ref=who.ref, log_id=log.id, sureness=sureness, explanation=why)
    if ago == 0:
        return LoggedMatch(match, log)
    late = random.random() < 0.05 + 0.3 * ago / 365
    said = read + timedelta(hours=random.randint(26, 90) if late else random.randint(1, 10))
    verdict = Verdict.NOT_HIM if sureness is Sureness.POSSIBLE else Verdict.HIM
    told = replace(match, verdict=verdict, acknowledged_by=who.manager or SUPERVISORS[0], acknowledged_at=said)
    return LoggedMatch(told, log)


# The dip sample


def _sample(
    managers: Sequence[OffenderManager], offenders: Sequence[Offender], as_of: date, seed: int, random: Random
) -> tuple[tuple[DrawnRecord, ...], tuple[GradedRecord, ...]]:
    """One record a manager in each of the last months, graded; better from month to month."""
    held: dict[str, list[str]] = {manager.id: [] for manager in managers}
    for who in offenders:
        if who.manager in held:
            held[who.manager].append(who.ref)
    drawn, graded = [], []
    for back in range(6, 0, -1):
        month: Month = month_of(as_of).later(-back)
        day = month.later(1).first + timedelta(days=4)
        for manager, refs in dip_sample(held, month, 1, seed).items():
            for ref in refs:
                drawn.append(DrawnRecord(month, manager, ref, seed, SUPERVISORS[1], day))
                grade = random.choices(tuple(Grade), (9 - back, 2 + back * 0.5, 0.3 + back * 0.2))[0]
                words = "" if grade is Grade.GOOD else "Invented: the plan says nothing of devices."
                graded.append(GradedRecord(month, manager, ref, grade, SUPERVISORS[1], day, words))
    return tuple(drawn), tuple(graded)
