"""What comes up in the course of a plan, and how the plan stands at that moment."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from statistics import median

from mosovo_planner.domain.clocks import Case, in_words
from mosovo_planner.domain.people import Absence, OffenderManager, Position, Risk
from mosovo_planner.domain.policy import Policy
from mosovo_planner.domain.proposals import Plan, Round, Stop
from mosovo_planner.domain.travel import TravelTimes
from mosovo_planner.domain.visits import Visit, VisitKind
from mosovo_planner.planning.weeks.request import PlanError, PlanRequest, VisitNeed, plan_request
from mosovo_planner.planning.weeks.rules import minutes_of
from mosovo_planner.planning.weeks.values import worth


@dataclass(frozen=True, slots=True)
class OfficerSick:
    """An officer goes home now and is away to ``until``, that day included."""

    officer: str
    until: date


@dataclass(frozen=True, slots=True)
class NoReply:
    """Nobody opened at a visit of today: it is to be tried again."""

    ref: str


@dataclass(frozen=True, slots=True)
class Delayed:
    """A crew of today is late by so many minutes: a visit takes longer, or the car does not start."""

    round_id: str
    minutes: int


@dataclass(frozen=True, slots=True)
class Urgent:
    """Somebody must be seen by a day, that day included, whether or not he is due."""

    ref: str
    by: date


Surprise = OfficerSick | NoReply | Delayed | Urgent


@dataclass(frozen=True)
class ReplanRequest:
    """A plan in its course, what came up, and the facts of now. It holds no offender's name and no address.

    ``price`` is what changing one promised visit costs, in minutes of driving: the policy's for a plan of visits that are on
    time, and as much more as the plan's visits weigh more, so that a late force too keeps its promises. ``retry`` says after
    how many minutes a door that stayed closed is tried again the same day; ``standings`` how each round of now stands.
    """

    request: PlanRequest
    plan: Plan
    now: datetime
    surprises: tuple[Surprise, ...]
    price: float
    retry: int
    standings: Mapping[str, Standing]

    @property
    def sick(self) -> dict[str, date]:
        """Officers who go home, each with the last day away."""
        return {each.officer: each.until for each in self.surprises if isinstance(each, OfficerSick)}

    @property
    def failed(self) -> frozenset[str]:
        """References of today's visits that nobody opened to."""
        return frozenset(each.ref for each in self.surprises if isinstance(each, NoReply))

    @property
    def urgent(self) -> dict[str, date]:
        """References of those who must be seen, each with the last day for it."""
        return {each.ref: each.by for each in self.surprises if isinstance(each, Urgent)}

    @property
    def minute(self) -> int:
        """Now, in minutes since midnight of the request's first day; 0 where that day is still to come."""
        return minutes_of(self.now.time()) if self.now.date() == self.request.start else 0


@dataclass(frozen=True, slots=True)
class Standing:
    """A round as it stands: what is ``done`` (or under way), what is ``ahead``, and whether its crew ``breaks_up``.

    ``free_from`` and ``at`` say when and where the crew can go on; None where it has not set out. ``late`` is how many
    minutes it is behind.
    """

    round: Round
    done: tuple[Stop, ...]
    ahead: tuple[Stop, ...]
    breaks_up: bool
    late: int = 0
    free_from: int | None = None
    at: Position | None = None

    @property
    def begun(self) -> bool:
        return self.free_from is not None


def replan_request(
    cases: Sequence[Case],
    managers: Sequence[OffenderManager],
    policy: Policy,
    travel: TravelTimes,
    plan: Plan,
    now: datetime,
    surprises: Sequence[Surprise],
    *,
    visits: Sequence[Visit] = (),
    seconds: float = 1.5,
    iterations: int | None = None,
) -> ReplanRequest:
    """Turn caseload, policy, a plan and what came up into a request.

    Args:
        now: local time without zone; what lies before it is behind and stays.

    Raises:
        PlanError: the plan is over, or what came up does not fit the plan or the caseload.
        PolicyError: the policy lacks a key.
    """
    if now.date() > plan.end:
        raise PlanError(f"The plan ended on {in_words(plan.end)}; propose a new one.")
    start = max(now.date(), plan.start)
    for each in surprises:
        _judge(each, plan, now, cases, managers)
    staff = [_with_absence(each, plan, now, surprises) for each in managers]
    base = plan_request(
        cases, staff, policy, travel, start, max(1, -(-((plan.end - start).days + 1) // 7)),
        visits=visits, keep=_all_held(plan, start), seed=plan.seed, seconds=seconds, iterations=iterations,
        also=[each.ref for each in surprises if isinstance(each, Urgent)],
    )  # fmt: skip
    request = replace(base, end=plan.end, keep=plan, since=now)
    asked = ReplanRequest(
        request, plan, now, tuple(surprises), _price(request, plan, policy.number("plan.change_price_minutes")),
        round(60 * policy.number("plan.retry_after_hours")), {},
    )  # fmt: skip
    standings = {each.id: _standing(asked, each) for each in plan.rounds if each.date >= start}
    return replace(asked, request=_as_things_stand(asked, standings), standings=standings)


def _price(request: PlanRequest, plan: Plan, minutes: float) -> float:
    refs = [stop.ref for each in plan.rounds for stop in each.stops if stop.ref in request.needs]
    weights = [worth(request, request.needs[ref]) for ref in refs]
    on_time = request.rules.values[Risk.MEDIUM]
    return minutes * max(1.0, median(weights) / on_time) if weights and on_time > 0 else minutes


def _judge(each: Surprise, plan: Plan, now: datetime, cases: Sequence[Case], managers: Sequence[OffenderManager]) -> None:
    """Raise :class:`PlanError` where a surprise makes no sense for this plan."""
    today = [one for one in plan.rounds if one.date == now.date()]
    match each:
        case OfficerSick(officer, until):
            if officer not in {one.id for one in managers}:
                raise PlanError("That officer is not known; choose one of the officers.")
            if until < now.date():
                raise PlanError("The last day away lies in the past.")
        case NoReply(ref):
            if not any(stop.ref == ref for one in today for stop in one.stops):
                raise PlanError(f"That visit is not planned for {in_words(now.date())}; choose a visit of that day.")
        case Delayed(round_id, minutes):
            if round_id not in {one.id for one in today} or minutes <= 0:
                raise PlanError(f"Choose a round of {in_words(now.date())} and the minutes that it is late.")
        case Urgent(ref, by):
            _judge_urgent(next((case for case in cases if case.offender.ref == ref), None), by, plan, now)


def _judge_urgent(case: Case | None, by: date, plan: Plan, now: datetime) -> None:
    if case is None:
        raise PlanError("That offender is not on the caseload.")
    if case.visit.suspended:
        raise PlanError(f"Home visits are suspended ({case.offender.status.label.lower()}).")
    if case.offender.position is None:
        raise PlanError("No position is known: place the offender on the map or correct the postcode first.")
    if not max(now.date(), plan.start) <= by <= plan.end:
        raise PlanError(f"Choose a day from {in_words(max(now.date(), plan.start))} to {in_words(plan.end)}.")


def absence_of(plan: Plan, now: datetime, officer: str, until: date) -> Absence | None:
    """The absence of an officer who goes home now: from tomorrow where he was out today already; None where that is all."""
    out = any(each.date == now.date() and each.start <= now.time() and officer in each.officers for each in plan.rounds)
    first = now.date() + timedelta(days=1) if out else now.date()
    return Absence(first, until, "sick") if first <= until else None


def _with_absence(manager: OffenderManager, plan: Plan, now: datetime, surprises: Sequence[Surprise]) -> OffenderManager:
    away = [
        absence
        for each in surprises
        if isinstance(each, OfficerSick) and each.officer == manager.id
        if (absence := absence_of(plan, now, manager.id, each.until)) is not None
    ]
    return replace(manager, absences=(*manager.absences, *away)) if away else manager


def _all_held(plan: Plan, start: date) -> Plan:
    """Everything still to come counts as held, so that officers who go out together are planned together."""
    ahead = [each for each in plan.rounds if each.date >= start]
    held = [replace(each, pinned=True, stops=tuple(replace(stop, pinned=True) for stop in each.stops)) for each in ahead]
    return replace(plan, rounds=tuple(held))


def _standing(asked: ReplanRequest, each: Round) -> Standing:
    today = each.date == asked.now.date()
    late = sum(one.minutes for one in asked.surprises if isinstance(one, Delayed) and one.round_id == each.id)
    breaks_up = any(officer in asked.sick and each.date <= asked.sick[officer] for officer in each.officers)
    now = minutes_of(asked.now.time())
    if not today or minutes_of(each.start) > now:
        return Standing(each, (), _without(each.stops, asked.failed if today else ()), breaks_up, late)
    done = _done(each, now, asked.failed, intact=not breaks_up)
    free_from, at = max(now, minutes_of(each.start) + (0 if done else late)), each.base_position
    if done:
        free_from, at = max(now, minutes_of(done[-1].leave) + late), _place(asked.request, done[-1].ref, at)
    closed = [stop for stop in each.stops if stop.ref in asked.failed]
    if closed and (not done or closed[-1].arrive > done[-1].arrive):  # the crew stands at that door now
        free_from, at = now + late, _place(asked.request, closed[-1].ref, at)
    behind = {stop.ref for stop in done}
    return Standing(each, done, _without(each.stops, {*behind, *asked.failed}), breaks_up, late, free_from, at)


def _done(each: Round, now: int, failed: Collection[str], *, intact: bool) -> tuple[Stop, ...]:
    """Stops behind or under way; a crew that goes on finishes the drive that it has begun."""
    last = -1
    for at, stop in enumerate(each.stops):
        if minutes_of(stop.arrive) - (stop.drive_minutes if intact and stop.ref not in failed else 0) <= now:
            last = at
    return tuple(stop for stop in each.stops[: last + 1] if stop.ref not in failed)


def _without(stops: Sequence[Stop], refs: Collection[str]) -> tuple[Stop, ...]:
    return tuple(stop for stop in stops if stop.ref not in refs)


def _place(request: PlanRequest, ref: str, otherwise: Position) -> Position:
    need = request.needs.get(ref)
    return need.position if need and need.position else otherwise


def _as_things_stand(asked: ReplanRequest, standings: Mapping[str, Standing]) -> PlanRequest:
    """The request with what is behind, what took longer, and what has become urgent."""
    request = asked.request
    needs = dict(request.needs)
    for each in standings.values():
        for stop in each.done:
            if stop.ref in needs:
                longer = each.late if stop is each.done[-1] else 0
                needs[stop.ref] = replace(needs[stop.ref], not_before=minutes_of(stop.arrive), longer=longer)
    for ref, by in asked.urgent.items():
        needs[ref] = _urgent(needs[ref], by, request)
    for ref in asked.failed & needs.keys():
        needs[ref] = replace(needs[ref], earliest=min(needs[ref].earliest, request.start))
    done = frozenset(stop.ref for each in standings.values() for stop in each.done)
    return replace(request, needs=needs, done=done)


def _urgent(need: VisitNeed, by: date, request: PlanRequest) -> VisitNeed:
    """Due by the day; ad hoc where it was not due by then anyway."""
    kind = VisitKind.AD_HOC if need.kind is VisitKind.ROUTINE and need.due > by else need.kind
    return replace(need, due=min(need.due, by), earliest=min(need.earliest, request.start), kind=kind)
