"""What stands against a round, in words for the officer; nothing is refused, everything is said."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace

from mosovo_planner.domain.clocks import in_words
from mosovo_planner.domain.proposals import Round
from mosovo_planner.planning.weeks.crews import objection, on_duty, round_duty, trained, week_of
from mosovo_planner.planning.weeks.request import PlanRequest
from mosovo_planner.planning.weeks.rules import bank_holiday, minutes_of, time_of


def with_problems(request: PlanRequest, rounds: Sequence[Round]) -> tuple[Round, ...]:
    """The rounds, each with what stands against it, by itself and beside the others.

    Rounds of the days that are behind are left as they are, and so is what was done of a round.
    """
    beside = _Beside(request, rounds)
    behind = {each.id for each in request.behind}
    return tuple(each if each.id in behind else _checked(request, each, beside) for each in rounds)


def _checked(request: PlanRequest, each: Round, beside: _Beside) -> Round:
    problems = _day(request, each) + _crew(request, each) + beside.problems(each) + _times(request, each) + _stops(request, each)
    return each if each.problems == tuple(problems) else replace(each, problems=tuple(problems))


class _Beside:
    """What rounds take from each other: officers' days and weeks, and offenders planned twice."""

    def __init__(self, request: PlanRequest, rounds: Sequence[Round]) -> None:
        self._request = request
        self._same_day: dict[tuple[str, object], list[Round]] = defaultdict(list)
        self._week: dict[tuple[str, str], set[object]] = defaultdict(set)
        self._refs: dict[str, list[Round]] = defaultdict(list)
        for each in rounds:
            for officer in set(each.officers):
                self._same_day[officer, each.date].append(each)
                self._week[officer, week_of(each.date)].add(each.date)
            for stop in each.stops:
                self._refs[stop.ref].append(each)

    def problems(self, each: Round) -> list[str]:
        request = self._request
        found = []
        for officer in dict.fromkeys(each.officers):
            name = request.label(officer)
            others = [other for other in self._same_day[officer, each.date] if other.id != each.id and not _in_turn(each, other)]
            partners = [request.label(next((one for one in other.officers if one != officer), officer)) for other in others]
            found += [f"{name} already goes out that day with {partner}" for partner in partners]
            days = len(self._week[officer, week_of(each.date)])
            if officer in request.officer and days > (limit := request.rules.days_a_week(request.officer[officer])):
                found.append(f"{name} goes out on {days} days of that week; {limit} {'is' if limit == 1 else 'are'} allowed")
        for number, stop in enumerate(each.stops, start=1):
            elsewhere = [other for other in self._refs[stop.ref] if other.id != each.id]
            found += [f"Stop {number} is also planned on {in_words(other.date)}" for other in elsewhere]
        repeated = Counter(stop.ref for stop in each.stops)
        found += [f"Stop {n} comes twice" for n, stop in enumerate(each.stops, 1) if repeated[stop.ref] > 1]
        return found


def _in_turn(each: Round, other: Round) -> bool:
    """Whether both lie within one duty, one after the other: a round broken off, and what its officer does next."""
    apart = each.end <= other.start or other.end <= each.start
    return apart and each.evening == other.evening and bool(each.stops and other.stops)


def _day(request: PlanRequest, each: Round) -> list[str]:
    found = []
    if not request.start <= each.date <= request.end:
        found.append(f"{in_words(each.date)} is outside the plan, {in_words(request.start)} to {in_words(request.end)}")
    holiday = bank_holiday(each.date)
    if holiday:
        found.append(f"{in_words(each.date)} is {holiday}")
    elif not request.rules.works(each.date):
        found.append(f"{each.date:%A} {in_words(each.date)} is no working day")
    return found


def _crew(request: PlanRequest, each: Round) -> list[str]:
    found = []
    if len(set(each.officers)) < 2:
        found.append("Two different officers are needed")
    for officer in dict.fromkeys(each.officers):
        known = request.officer.get(officer)
        if known is None:
            found.append(f"{officer} is not among the officers")
        elif absence := known.away(each.date):
            found.append(f"{known.label} is away {in_words(absence.start)} to {in_words(absence.end)}")
        elif not on_duty(request, officer, each.date):
            found.append(f"{known.label} has no weekly hours")
    if not trained(request, each.officers):
        found.append("No trained officer: at least one of the two must be trained")
    return found


def _times(request: PlanRequest, each: Round) -> list[str]:
    if not each.stops:
        return []
    rules, found = request.rules, []
    crew = round_duty(request, each)
    end = minutes_of(each.end)
    if end > crew.until:
        notes = rules.desk_minutes * len(each.stops)
        found.append(
            f"Back at {time_of(end - notes):%H:%M}, notes until {each.end:%H:%M}: "
            f"{end - crew.until} minutes after the duty ends at {time_of(crew.until):%H:%M}"
        )
    if len(each.stops) > rules.max_visits:
        found.append(f"{len(each.stops)} visits; {rules.max_visits} a round are allowed")
    for number, stop in enumerate(each.stops, start=1):
        if minutes_of(stop.leave) > rules.visit_latest:
            found.append(f"Stop {number} lasts until {stop.leave:%H:%M}; visits end by {time_of(rules.visit_latest):%H:%M}")
        if minutes_of(stop.arrive) < rules.visit_earliest:
            found.append(f"Stop {number} is at {stop.arrive:%H:%M}; visits begin at {time_of(rules.visit_earliest):%H:%M}")
    return found


def _stops(request: PlanRequest, each: Round) -> list[str]:
    found = []
    for number, stop in enumerate(each.stops, start=1):
        need = request.needs.get(stop.ref)
        if need is None:
            found.append(f"Stop {number} is no longer on the caseload")
            continue
        if need.suspended:
            found.append(f"Stop {number}: home visits are suspended ({need.suspended})")
        if need.position is None:
            found.append(f"Stop {number} has no position, so its drive is not counted")
        if reason := objection(request, each.officers, need):
            found.append(f"Stop {number}: {reason}")
    return found
