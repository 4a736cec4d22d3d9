"""What is known of one offender that clocks run from: events, stays away, orders, trips, sentence, risk history.

Kinds of event are data (``resources/policy/clocks.toml``), so a new duty of a new Act needs no code (rule 29).
Nothing here holds an offence, a victim, bank or card data, or a document's number.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property

from mosovo_planner.domain.people import Offender, Risk, Status
from mosovo_planner.domain.retention import NOTHING_REVIEWED, Retention
from mosovo_planner.domain.sentences import ConfirmedEnd, Sentence
from mosovo_planner.domain.visits import Visit


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened (or is set to happen) on a day.

    ``expected`` is the day an advance notice names, or the day a decision sets. ``matter`` on a notification
    is the kind of event it tells of; blank where it tells of all that was open.
    """

    kind: str
    on: date
    ended: date | None = None
    expected: date | None = None
    matter: str = ""


@dataclass(frozen=True, slots=True)
class Stay:
    """Time in custody, hospital or abroad. ``end`` is the day of release or return, and is a day at liberty."""

    status: Status
    start: date
    end: date | None = None

    def covers(self, day: date) -> bool:
        return self.start <= day and (self.end is None or day < self.end)


@dataclass(frozen=True, slots=True)
class Condition:
    """One prohibition or requirement of an order, named shortly, with its own end where the court set one."""

    name: str
    end: date | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """An order of a court. ``end`` is None where it runs until further order; ``discharged`` ends it early."""

    kind: str
    start: date
    end: date | None = None
    conditions: tuple[Condition, ...] = ()
    discharged: date | None = None

    @property
    def until(self) -> date | None:
        """Last day in force, None until further order."""
        days = [day for day in (self.end, self.discharged) if day]
        return min(days) if days else None

    def in_force(self, day: date) -> bool:
        return self.start <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class Trip:
    """Travel outside the United Kingdom: when it is notified, and when the return is.

    ``return_given`` says that day and point of arrival were given before he left, and that he came back so.
    """

    depart: date
    back: date | None = None
    notified: date | None = None
    back_notified: date | None = None
    return_given: bool = False


@dataclass(frozen=True, slots=True)
class RiskSince:
    """The risk level that was set on a day."""

    risk: Risk
    since: date


@dataclass(frozen=True, slots=True)
class ReactiveApproval:
    """A supervisor's decision that a case is managed reactively from a day on."""

    on: date
    by: str


@dataclass(frozen=True, slots=True)
class NoFixedHome:
    """He has no fixed home, so he notifies every week (s.85); ``since`` where the day is known."""

    since: date | None = None


@dataclass(frozen=True)
class Facts:
    """All of them for one offender. An empty one is right for a case of which nothing is recorded."""

    events: tuple[Event, ...] = ()
    stays: tuple[Stay, ...] = ()
    orders: tuple[Order, ...] = ()
    trips: tuple[Trip, ...] = ()
    risks: tuple[RiskSince, ...] = ()
    sentence: Sentence | None = None
    notification_end: ConfirmedEnd | None = None
    no_fixed_home: bool = False
    reactive: ReactiveApproval | None = None
    retention: Retention = NOTHING_REVIEWED

    @cached_property
    def _by_kind(self) -> dict[str, list[Event]]:
        found: dict[str, list[Event]] = {}
        for event in sorted(self.events, key=lambda each: each.on):
            found.setdefault(event.kind, []).append(event)
        return found

    def of(self, kinds: Iterable[str]) -> list[Event]:
        """Events of these kinds, oldest first."""
        by_kind = self._by_kind
        some = [by_kind[kind] for kind in kinds if kind in by_kind]
        if len(some) <= 1:
            return some[0][:] if some else []
        return sorted((event for events in some for event in events), key=lambda each: each.on)

    def latest(self, kinds: Iterable[str]) -> Event | None:
        found = self.of(kinds)
        return found[-1] if found else None

    def merged_stays(self, statuses: Iterable[Status]) -> list[Stay]:
        """Stays of these statuses, those that touch or overlap made one, oldest first."""
        wanted = set(statuses)
        merged: list[Stay] = []
        for stay in sorted((each for each in self.stays if each.status in wanted), key=lambda each: each.start):
            last = merged[-1] if merged else None
            if last is not None and (last.end is None or stay.start <= last.end):
                end = None if last.end is None or stay.end is None else max(last.end, stay.end)
                merged[-1] = replace(last, end=end)
            else:
                merged.append(stay)
        return merged

    def low_since(self) -> date | None:
        """Since when the risk is low without a break; None where it is not, or no history is held."""
        since: date | None = None
        for each in sorted(self.risks, key=lambda one: one.since):
            since = (since or each.since) if each.risk is Risk.LOW else None
        return since


AWAY = frozenset({Status.CUSTODY, Status.HOSPITAL, Status.ABROAD})
"""Where time is disregarded: Sexual Offences Act 2003, s.83(6) and s.85(4)."""


def days_away(stays: Iterable[Stay], first: date, last: date) -> int:
    """Days from ``first`` to ``last``, both included, that closed stays cover. The stays must not overlap."""
    total = 0
    for stay in stays:
        if stay.end is not None:
            begin, end = max(stay.start, first), min(stay.end, last + timedelta(days=1))
            total += max(0, (end - begin).days)
    return total


def facts_of(offender: Offender, facts: Facts, visits: Iterable[Visit] = (), as_of: date | None = None) -> Facts:
    """The facts with those the offender's own record and visits hold added, so that nothing is entered twice.

    A status of custody, hospital or abroad without a stay on record counts as a stay from ``as_of`` on:
    clocks are suspended, and no time past is taken off until its dates are entered.
    """
    events = list(facts.events)
    if offender.last_seen:
        events.append(Event("visit_seen", offender.last_seen))
    if offender.arms_done:
        events.append(Event("arms", offender.arms_done))
    if offender.rmp_review_due:
        events.append(Event("rmp_review_set", offender.rmp_review_due))
    for visit in visits:
        events.append(Event("visit_seen" if visit.outcome.successful else "visit_attempt", visit.at.date()))
        if visit.visor_entered_on is None:
            events.append(Event("visit_not_in_visor", visit.at.date()))
    stays = facts.stays
    if as_of and offender.status.suspends_visits and not any(stay.covers(as_of) for stay in stays):
        stays = (*stays, Stay(offender.status, as_of))
    return replace(facts, events=tuple(dict.fromkeys(events)), stays=stays)
