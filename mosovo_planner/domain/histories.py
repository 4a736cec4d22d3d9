"""A case as it stood on a past day, so that the figures of a month are the same whenever they are made."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any

from mosovo_planner.domain.clock_table import ClockTable
from mosovo_planner.domain.clocks import visit_interval
from mosovo_planner.domain.dates import add_months
from mosovo_planner.domain.facts import AWAY, Event, Facts
from mosovo_planner.domain.handovers import HELD, INTERVAL, KINDS, held_on, interval_on
from mosovo_planner.domain.people import Offender, Risk, Status
from mosovo_planner.domain.policy import Policy
from mosovo_planner.domain.reactive import reactive_state
from mosovo_planner.domain.visits import Visit


@dataclass(frozen=True)
class History:
    """An offender with all visits and facts on record."""

    offender: Offender
    visits: tuple[Visit, ...] = ()
    facts: Facts = field(default_factory=Facts)

    def risk_on(self, day: date) -> Risk | None:
        """The risk level set by then; the present one where no history is held."""
        known = [each for each in self.facts.risks if each.since <= day]
        return max(known, key=lambda each: each.since).risk if known else self.offender.risk

    @cached_property
    def changes(self) -> tuple[Event, ...]:
        """The changes of manager and interval on record, oldest first."""
        found = [each for each in self.facts.events if each.kind in KINDS]
        return tuple(sorted(found, key=lambda each: each.on) if len(found) > 1 else found)

    @cached_property
    def _held(self) -> tuple[Event, ...]:
        return tuple(each for each in self.changes if each.kind == HELD)

    @cached_property
    def _intervals(self) -> tuple[Event, ...]:
        return tuple(each for each in self.changes if each.kind == INTERVAL)

    def manager_on(self, day: date) -> str | None:
        """Who held the case on a day, as far as that is on record; the first one known for days before."""
        return held_on(self._held, day, self.offender.manager)

    def interval_on(self, day: date) -> int | None:
        """His own visit interval in force on a day, in months, as far as that is on record; None where policy gives it."""
        return interval_on(self._intervals, day, self.offender.interval_months)

    @cached_property
    def seen(self) -> tuple[date, ...]:
        """The days of successful visits, oldest first, the offender's own record of the last one included."""
        days = {visit.at.date() for visit in self.visits if visit.outcome.successful}
        days |= {event.on for event in self.facts.of(["visit_seen"])}
        return tuple(sorted(days | ({self.offender.last_seen} if self.offender.last_seen else set())))

    def away_on(self, day: date) -> bool:
        """Whether visits were suspended by a stay on record."""
        return any(stay.status in AWAY and stay.covers(day) for stay in self.facts.stays)

    def reactive_on(self, day: date, table: ClockTable) -> bool:
        """Whether an approval of reactive management stood, so that no visit was owed."""
        return self.facts.reactive is not None and reactive_state(self.as_at(day).facts, table).reactive

    def as_at(self, day: date) -> History:
        """What had happened by the end of a day, manager and visit interval as they were then.

        A date set for a review, or a deadline ahead, is a decision for later days and stays.
        """
        who = self.offender
        seen = [success for success in self.seen if success <= day]
        status = who.status
        if self.facts.stays:
            stay = next((each for each in self.facts.stays if each.covers(day)), None)
            status = stay.status if stay else (who.status if not who.status.suspends_visits else Status.COMMUNITY)
        then = {
            "risk": self.risk_on(day),
            "status": status,
            "last_seen": seen[-1] if seen else None,
            "arms_done": who.arms_done if who.arms_done and who.arms_done <= day else None,
            "manager": self.manager_on(day),
            "interval_months": self.interval_on(day),
        }
        other: dict[str, Any] = {name: value for name, value in then.items() if value != getattr(who, name)}
        offender = replace(who, **other) if other else who
        ahead = ("rmp_review_set", "mappa_review_set", "licence_end")
        events = tuple(event for event in self.facts.events if event.on <= day or event.kind in ahead)
        visits = tuple(visit for visit in self.visits if visit.at.date() <= day)
        reactive = self.facts.reactive if self.facts.reactive and self.facts.reactive.on <= day else None
        facts = self.facts
        if len(events) != len(facts.events) or reactive is not facts.reactive:
            facts = replace(facts, events=events, reactive=reactive)
        return History(offender, visits, facts)

    def due_visits(self, policies: Policies, table: ClockTable) -> Iterator[tuple[date, date | None]]:
        """Every due date of a visit, each with the day it was made good (None: not yet).

        The interval is the one in force on the day of the visit that it runs from. A due date that fell while he was
        away, or managed reactively, is not counted.
        """
        days = self.seen
        for place, day in enumerate(days):
            risk, months, who = self.risk_on(day), self.interval_on(day), self.offender
            if (risk, months) != (who.risk, who.interval_months):
                who = replace(who, risk=risk, interval_months=months)
            due = add_months(day, visit_interval(who, policies.on(day))[0])
            if not self.away_on(due) and not self.reactive_on(due, table):
                yield due, days[place + 1] if place + 1 < len(days) else None


@dataclass(frozen=True)
class Policies:
    """The policy of each time. ``earlier`` are those in force from a day on, oldest first.

    For days before the first of them the present one stands in: nothing shows what was in force then.
    """

    now: Policy
    earlier: tuple[tuple[date, Policy], ...] = ()

    def on(self, day: date) -> Policy:
        found = self.now
        for since, policy in self.earlier:
            if since > day:
                break
            found = policy
        return found


def histories(offenders: Iterable[Offender], visits: Iterable[Visit], facts: dict[str, Facts]) -> tuple[History, ...]:
    """Offenders with their visits and facts put together."""
    by_ref: dict[str, list[Visit]] = {}
    for visit in visits:
        by_ref.setdefault(visit.ref, []).append(visit)
    nothing = Facts()
    return tuple(History(who, tuple(by_ref.get(who.ref, ())), facts.get(who.ref, nothing)) for who in offenders)
