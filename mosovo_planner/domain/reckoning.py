"""One clock reckoned: from a start, over a length, with what pauses, extends or meets it. Every strategy uses this."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property

from mosovo_planner.domain.clock_table import ClockRule, ClockTable
from mosovo_planner.domain.clocks import Clock, in_words
from mosovo_planner.domain.dates import Length, WorkingDays, day_after, last_day_beginning
from mosovo_planner.domain.facts import Event, Facts, Stay, days_away
from mosovo_planner.domain.people import Offender
from mosovo_planner.domain.policy import Policy, PolicyError, PolicyValue

_ADVANCE = timedelta(days=2)
_FURTHEST = date(9000, 1, 1)


@dataclass(frozen=True)
class Context:
    """Everything a clock of one offender may ask."""

    offender: Offender
    facts: Facts
    policy: Policy
    table: ClockTable
    as_of: date

    @cached_property
    def working(self) -> WorkingDays:
        return self.policy.once(working_days)

    def length(self, rule: ClockRule) -> Length | None:
        """How long the rule runs for this offender; None where the force has not set it."""
        if rule.interval is not None:
            return rule.interval
        key = policy_key(rule, self.offender)
        number = self.policy.maybe(key) if key else None
        return None if number is None else Length(round(number), rule.unit)

    def stay_now(self, rule: ClockRule) -> Stay | None:
        """The stay that suspends a clock of this rule on the day."""
        stays = self.facts.stays
        return next((stay for stay in stays if stay.status in rule.suspends and stay.covers(self.as_of)), None)


def working_days(policy: Policy) -> WorkingDays:
    """The force's working days, bank holidays taken off.

    Raises:
        PolicyError: a bank holiday is no ISO date.
    """
    text = policy.text("deadline.bank_holidays") if policy.is_set("deadline.bank_holidays") else ""
    try:
        holidays = frozenset(date.fromisoformat(each.strip()) for each in text.split(",") if each.strip())
    except ValueError:
        raise PolicyError("deadline.bank_holidays in the policy must be ISO dates with commas between.") from None
    return WorkingDays(frozenset(policy.numbers("duty.working_days")), holidays)


def policy_key(rule: ClockRule, offender: Offender) -> str:
    """The policy key of a rule for an offender: ``{mappa_level}`` and ``{risk}`` in it are filled in."""
    if "{" not in rule.policy:
        return rule.policy
    risk = offender.risk.value if offender.risk else "unassessed"
    return rule.policy.replace("{mappa_level}", str(offender.mappa_level)).replace("{risk}", risk)


def reckon(
    rule: ClockRule, context: Context, start: date, length: Length, fact: str, subject: str = "", value: PolicyValue | None = None
) -> Clock:
    """The clock that runs for ``length`` from ``start`` under a rule, with what paused it and why.

    ``value`` is the policy's that gave the length, whose source is then the clock's.
    """
    base = _end(rule, start, length, context)
    clock = _named(rule, base, fact, f"{length} {_counted(rule, length)}", subject, value or rule)
    if rule.extends is not None:
        return _finished(_extended(rule, clock, context, rule.extends))
    if rule.disregards:
        clock = _disregarding(rule, clock, context, start if rule.beginning else start + timedelta(days=1))
    stay = context.stay_now(rule)
    if stay is not None:
        words = f"Suspended: {stay.status.label.lower()}; the date is kept and runs again on return."
        clock = replace(clock, suspended=True, paused=f"{clock.paused} {words}".strip())
    return _finished(clock)


def on_day(rule: ClockRule, day: date, fact: str, rule_words: str, subject: str = "") -> Clock:
    """A clock whose day is given by a fact or worked out by a strategy."""
    return _finished(_named(rule, day, fact, rule_words, subject, rule))


def suspended(clock: Clock, words: str) -> Clock:
    """The clock with its date kept, not overdue, and the reason added."""
    return replace(clock, suspended=True, paused=f"{clock.paused} {words}".strip(), why=f"{clock.why} {words}".strip())


def is_met(rule: ClockRule, context: Context, start: Event) -> bool:
    """Whether what the rule asks after ``start`` was done.

    A notification of one matter meets only that matter. A notice in advance counts where the event came no
    more than 2 days before the day it named, and by the end of 3 days beginning with that day (s.84(3), (4)).
    On a clock of policy, what was done for one day (``expected``) meets the start of that day only, and what was done
    in one matter (``version 2`` of a plan) the start in that matter.
    """
    matters = ("", start.kind) if rule.law else ("", start.kind, start.matter)
    for done in context.facts.of(rule.met_by):
        if done.expected is not None and done.kind == "advance_notice":
            near = done.expected - _ADVANCE <= start.on <= done.expected + _ADVANCE
            if done.matter == start.kind and done.on <= start.on and near:
                return True
        elif done.on >= start.on and done.matter in matters and (rule.law or done.expected in (None, start.on)):
            return True
    return False


def _end(rule: ClockRule, start: date, length: Length, context: Context) -> date:
    count = last_day_beginning if rule.beginning else day_after
    return count(start, length, context.working)


def _counted(rule: ClockRule, length: Length) -> str:
    if length.count < 0:
        return "before"
    return "beginning with that day" if rule.beginning else "after"


def _named(rule: ClockRule, due: date, fact: str, words: str, subject: str, said: ClockRule | PolicyValue) -> Clock:
    return Clock(
        rule.kind,
        due,
        "",
        label=rule.label,
        subject=subject,
        fact=fact,
        rule=words,
        source=said.source,
        law=rule.law,
        confirmed=said.confirmed,
        milestone=rule.milestone,
    )


def _finished(clock: Clock) -> Clock:
    why = f"{clock.fact}: {clock.rule}." if clock.rule else f"{clock.fact}."
    return Clock(  # as ``replace`` would, in a fifth of the time: caseloads ask for a hundred thousand
        clock.kind, clock.due, f"{why} {clock.paused}".strip(), clock.suspended, clock.label, clock.subject, clock.fact,
        clock.rule, clock.paused, clock.paused_days, clock.source, clock.law, clock.confirmed, clock.milestone,
    )  # fmt: skip


def _extended(rule: ClockRule, clock: Clock, context: Context, longer: Length) -> Clock:
    """Section 85(3): a period that would end while he is away runs on to the end of 3 days beginning when that ends."""
    for stay in context.facts.merged_stays(rule.disregards):
        if stay.covers(clock.due):
            place = stay.status.label.lower()
            if stay.end is None:
                words = f"It would end while he is away ({place}): it runs to the end of {longer} beginning with his return."
                return replace(clock, suspended=True, paused=words)
            due = last_day_beginning(stay.end, longer)
            ended = f"It would have ended on {in_words(clock.due)} while he was away ({place})"
            words = f"{ended}: {longer} beginning with {in_words(stay.end)}."
            return replace(clock, due=due, paused=words, paused_days=(due - clock.due).days)
    return clock


def _disregarding(rule: ClockRule, clock: Clock, context: Context, first: date) -> Clock:
    """Section 83(6): days away are not counted. What was due before he went stays due."""
    stays = context.facts.merged_stays(rule.disregards)
    due, days = clock.due, 0
    while (away := days_away(stays, first, due)) > days and due < _FURTHEST:
        due, days = clock.due + timedelta(days=away), away
    words = f"{days} day{'s' if days != 1 else ''} in custody, hospital or abroad not counted." if days else ""
    open_stay = next((stay for stay in stays if stay.end is None and stay.start <= due), None)
    if open_stay is not None:
        words = f"{words} The time since {in_words(open_stay.start)} ({open_stay.status.label.lower()}) is not counted.".strip()
    return replace(clock, due=due, paused_days=days, paused=words, suspended=open_stay is not None)
