"""Performance measures of a month: each with its definition, its target from policy, and the people behind it.

Asked for by inspectors (HMICFRS on Wiltshire 2023 and Cambridgeshire 2024): done in time, overdue by risk
and age, worst case, lone and announced visits, late reviews, visits a manager, spread of work.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

from mosovo_planner.domain.clock_table import ClockTable
from mosovo_planner.domain.histories import History
from mosovo_planner.domain.measure_ground import Ground
from mosovo_planner.domain.months import Month
from mosovo_planner.domain.outstanding import Item
from mosovo_planner.domain.people import OffenderManager
from mosovo_planner.domain.policy import Policy
from mosovo_planner.domain.visits import Visit


@dataclass(frozen=True, slots=True)
class Count:
    """What a measure found: the number, what it is a part of (None where it is no share), and the people behind it."""

    value: float | None
    of: int | None = None
    refs: tuple[str, ...] = ()
    words: str = ""


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure and its meaning. ``unit`` is ``%``, ``days``, ``visits``, ``min`` or blank; ``lower`` is better, or not.

    The target of a ``whole`` one counts people of the whole force, so no team or manager is judged by it.
    """

    key: str
    label: str
    definition: str
    unit: str
    target: str
    lower: bool
    count: Callable[[Ground], Count]
    whole: bool = False

    def __reduce__(self) -> tuple[Callable[[str], Measure], tuple[str]]:
        """A worker process gives a measure back by its key, since functions made here cannot travel."""
        return measure_of, (self.key,)


@dataclass(frozen=True, slots=True)
class Reading:
    """A measure's value in a month. ``met`` is None where there is no value or the force set no target."""

    measure: Measure
    month: Month
    value: float | None
    of: int | None
    refs: tuple[str, ...]
    words: str
    target: float | None

    @property
    def met(self) -> bool | None:
        if self.value is None or self.target is None:
            return None
        return self.value <= self.target if self.measure.lower else self.value >= self.target


def measure_of(key: str) -> Measure:
    """The measure of that key."""
    return next(each for each in MEASURES if each.key == key)


def readings(
    month: Month,
    histories: Iterable[History],
    managers: Iterable[OffenderManager],
    policy: Policy,
    table: ClockTable,
    today: date,
) -> tuple[Reading, ...]:
    """Every measure of a month; pass one team's histories and managers for its figures."""
    return read_ground(Ground(month, min(month.last, today), tuple(histories), tuple(managers), policy, table))


def read_ground(ground: Ground) -> tuple[Reading, ...]:
    """Every measure on this ground."""
    return tuple(_reading(measure, ground) for measure in MEASURES)


def trend(
    months: Sequence[Month],
    histories: Sequence[History],
    managers: Sequence[OffenderManager],
    policy: Policy,
    table: ClockTable,
    today: date,
) -> Mapping[str, tuple[Reading, ...]]:
    """Each measure's readings over months, by the measure's key."""
    by_month = [readings(month, histories, managers, policy, table, today) for month in months]
    return {measure.key: tuple(row[place] for row in by_month) for place, measure in enumerate(MEASURES)}


def overdue_table(items: Iterable[Item]) -> Mapping[str, Mapping[str, int]]:
    """How many visits are overdue, by risk level and then band of lateness."""
    counted: dict[str, dict[str, int]] = {}
    for item in items:
        if item.clock.kind == "visit":
            row = counted.setdefault(item.risk.value if item.risk else "unassessed", {})
            row[item.band] = row.get(item.band, 0) + 1
    return counted


def _reading(measure: Measure, ground: Ground) -> Reading:
    found = measure.count(ground)
    target, words = ground.policy.maybe(measure.target), [found.words]
    if ground.partial and measure.whole and target:
        target = None
        words.append("the target is the whole force's")
    if ground.unknown and found.value is not None and (ground.partial or measure.key in _BY_INTERVAL):
        what = "manager" if ground.partial else "interval"
        words.append(f"{ground.unknown:,} of {len(ground.cases):,} cases by the first {what} on record")
    return Reading(measure, ground.month, found.value, found.of, found.refs, "; ".join(filter(None, words)), target)


_BY_INTERVAL = frozenset({"visits_in_time", "visits_overdue", "worst_overdue", "workload_spread"})
"""What the visit interval bears on, and so what a history that does not reach back makes doubtful for the whole force."""


def _percent(part: Sequence[str], of: int, words: str = "") -> Count:
    return Count(100 * len(part) / of if of else None, of, tuple(dict.fromkeys(part)), words)


def _in_time(ground: Ground) -> Count:
    due = [(each.ref, each.done is not None and each.done <= each.on) for each in ground.dues]
    late = tuple(dict.fromkeys(ref for ref, good in due if not good))
    share = 100 * sum(good for _, good in due) / len(due) if due else None
    return Count(share, len(due), late, f"{len(late)} people seen late or not yet")


def _overdue(ground: Ground) -> Count:
    late = [item for item in ground.late if item.clock.kind == "visit"]
    return Count(len(late), len(ground.cases), tuple(item.ref for item in late))


def _worst(ground: Ground) -> Count:
    late = [item for item in ground.late if item.clock.kind == "visit"]
    if not late:
        return Count(0)
    worst = max(late, key=lambda item: item.days_overdue)
    return Count(worst.days_overdue, None, (worst.ref,), worst.words)


def _share_of_visits(chosen: Callable[[Visit], bool]) -> Callable[[Ground], Count]:
    return lambda ground: _percent([visit.ref for visit in ground.visits if chosen(visit)], len(ground.visits))


def _late_of(*kinds: str) -> Callable[[Ground], Count]:
    def count(ground: Ground) -> Count:
        refs = tuple(dict.fromkeys(item.ref for item in ground.late if item.clock.kind in kinds))
        unset = [kind for kind in kinds if _cannot_run(ground, kind)]
        if len(unset) == len(kinds):
            return Count(None, None, (), "No deadline is set")
        return Count(len(refs), None, refs, "not every deadline is set" if unset else "")

    return count


def _cannot_run(ground: Ground, kind: str) -> bool:
    rule = next((each for each in ground.table.rules if each.kind == kind), None)
    return rule is None or bool(rule.policy and not rule.given and not ground.then.is_set(rule.policy))


def _per_manager(ground: Ground) -> Count:
    made = [visit.ref for visit in ground.visits if visit.outcome.successful]
    value = len(made) / len(ground.managers) if ground.managers else None
    return Count(value, len(ground.managers), tuple(dict.fromkeys(made)), f"{len(made):,} visits")


def _spread(ground: Ground) -> Count:
    capacity = {manager.id: ground.known.capacity(manager, ground.then, ground.day) for manager in ground.managers}
    shares = [100 * ground.loads.get(name, 0) / hours for name, hours in capacity.items() if hours > 0]
    if not shares:
        return Count(None)
    return Count(max(shares) - min(shares), len(shares), (), f"{min(shares):.0f} to {max(shares):.0f}% of capacity")


def _first_visit(ground: Ground) -> Count:
    waited = {each.ref: each.waited for each in ground.firsts}
    return Count(median(waited.values()) if waited else None, len(waited), tuple(waited))


def _travel(ground: Ground) -> Count:
    """Minutes of driving a visit: as the approved plans have it, else from the manager's base and back."""
    officers = {manager.id for manager in ground.managers}
    driven = [each for each in ground.rounds if officers.intersection(each.officers)]
    stops = [stop.ref for each in driven for stop in each.stops]
    if stops:
        value = sum(each.drive_minutes for each in driven) / len(stops)
        return Count(value, len(stops), tuple(dict.fromkeys(stops)), f"as planned in {len(driven)} approved rounds")
    legs = ground.beside.legs
    made = [leg for each in ground.made if (leg := (each.manager, each.visit.ref)) in legs]
    if not made:
        return Count(None)
    value = sum(legs[leg] for leg in made) / len(made)
    far = tuple(dict.fromkeys(ref for _, ref in sorted(set(made), key=lambda leg: (-legs[leg], leg[1]))))
    return Count(value, len(made), far, "no approved plan: from the base and back, each visit for itself")


def _acknowledged(ground: Ground) -> Count:
    """Matches read in the month that somebody looked at in the time the force gives."""
    beside, hours = ground.beside, ground.policy.maybe("incident.acknowledge_hours")
    limit = timedelta(hours=hours) if hours is not None else None
    good, late, waited = 0, [], []
    for each in ground.matches:
        read, said = beside.read_at[each.log.file_id], each.match.acknowledged_at
        if said is not None:
            waited.append(max(0.0, (said - read).total_seconds() / 3600))
        elif limit is not None and beside.now is not None and read + limit > beside.now:
            continue
        if said is not None and (limit is None or said - read <= limit):
            good += 1
        else:
            late.append(each.match.ref)
    of = good + len(late)
    words = f"{len(late)} too late or not yet" + (f"; half within {median(waited):.0f} h" if waited else "")
    return Count(100 * good / of if of else None, of, tuple(dict.fromkeys(late)), words if of else "")


MEASURES: tuple[Measure, ...] = (
    Measure(
        "visits_in_time",
        "Visits done in time",
        "Of the visits that fell due in the month, the share made on or before the due date. The due date is the last "
        "successful visit plus the interval in force then; dates that fell in custody, hospital or abroad are left out.",
        "%",
        "target.visits_in_time_percent",
        False,
        _in_time,
    ),
    Measure(
        "visits_overdue",
        "Visits overdue",
        "People whose visit was overdue at the end of the month, one never seen included.",
        "",
        "target.visits_overdue",
        True,
        _overdue,
        whole=True,
    ),
    Measure(
        "worst_overdue",
        "Worst case",
        "The longest any visit was overdue at the end of the month.",
        "days",
        "target.worst_overdue_days",
        True,
        _worst,
    ),
    Measure(
        "lone",
        "Lone visits",
        "Of all visits made in the month, attempts included, the share made by one officer.",
        "%",
        "target.lone_percent",
        True,
        _share_of_visits(lambda visit: visit.lone),
    ),
    Measure(
        "announced",
        "Announced visits",
        "Of all visits made in the month, attempts included, the share that was announced.",
        "%",
        "target.announced_percent",
        True,
        _share_of_visits(lambda visit: visit.announced),
    ),
    Measure(
        "failed",
        "Failed attempts",
        "Of all visits made in the month, the share at which the offender was not seen.",
        "%",
        "target.failed_percent",
        True,
        _share_of_visits(lambda visit: not visit.outcome.successful),
    ),
    Measure(
        "assessments_late",
        "Assessments late",
        "People whose ARMS or other assessment was overdue at the end of the month.",
        "",
        "target.late_reviews",
        True,
        _late_of("arms", "arms_review", "other_assessment"),
    ),
    Measure(
        "plan_reviews_late",
        "Plan reviews late",
        "People whose risk management plan review was overdue at the end of the month.",
        "",
        "target.late_reviews",
        True,
        _late_of("rmp_review"),
    ),
    Measure(
        "signoff_late",
        "Sign-offs late",
        "People whose plan waited for a supervisor's sign-off beyond the force's deadline at the end of the month.",
        "",
        "target.late_reviews",
        True,
        _late_of("rmp_signoff"),
    ),
    Measure(
        "visits_per_manager",
        "Visits a manager",
        "Successful visits of the month divided by the managers. A visit by two officers counts once.",
        "visits",
        "workload.reference_visits_per_month",
        False,
        _per_manager,
    ),
    Measure(
        "workload_spread",
        "Spread of the workload",
        "The highest less the lowest of the managers' workloads, each in per cent of the manager's own capacity.",
        "%",
        "target.workload_spread_percent",
        True,
        _spread,
    ),
    Measure(
        "first_visit",
        "Time to first visit",
        "Median days from initial notification or release to the first successful visit after it, for those first "
        "visited in the month.",
        "days",
        "target.first_visit_days",
        True,
        _first_visit,
    ),
    Measure(
        "travel",
        "Driving for a visit",
        "Minutes by car a visit: all driving of the month's rounds in approved plans, divided by their visits. In a month "
        "without an approved plan, from the base of the offender's manager to his home and back for each visit made.",
        "min",
        "target.travel_minutes_a_visit",
        True,
        _travel,
    ),
    Measure(
        "matches_acknowledged",
        "Off-duty matches acknowledged",
        "Of the incident logs read in the month that may concern an offender, the share somebody looked at within the hours "
        "the force gives. Those whose time is not over yet are left out.",
        "%",
        "target.matches_acknowledged_percent",
        False,
        _acknowledged,
    ),
)
