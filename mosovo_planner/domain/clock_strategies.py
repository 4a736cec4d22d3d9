"""Rules of law and policy that are more than an interval, by the names that ``clocks.toml`` gives them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta

from mosovo_planner.domain.assessment import arms_objection
from mosovo_planner.domain.clock_table import ClockRule
from mosovo_planner.domain.clocks import Clock, in_words, visit_clock
from mosovo_planner.domain.dates import Length, Unit, day_after
from mosovo_planner.domain.facts import Event, Order
from mosovo_planner.domain.incidents import visit_brought_forward
from mosovo_planner.domain.notification import end_of_notification, harm_orders, indefinite_review
from mosovo_planner.domain.people import Risk
from mosovo_planner.domain.reactive import reactive_state
from mosovo_planner.domain.reckoning import Context, is_met, on_day, reckon, suspended
from mosovo_planner.domain.retention_clock import retention_review

_REMEMBERED = timedelta(days=28)
_WEEK = Length(7, Unit.DAYS)

Strategy = Callable[[ClockRule, Context], list[Clock]]


def interval(rule: ClockRule, context: Context) -> list[Clock]:
    """The latest start (or each) plus the rule's length, unless met; or the day that was given."""
    given = context.facts.latest(rule.given) if rule.given else None
    starts = context.facts.of(rule.starts)
    if given is None and not starts:
        return []
    if given is not None and not any(start.on >= given.on for start in starts):
        return [on_day(rule, given.on, context.table.label(given.kind), "")]
    length = context.length(rule)
    if length is None:
        return []
    wanted = starts if rule.each else starts[-1:]
    return [_from(rule, context, start, length) for start in wanted if not is_met(rule, context, start)]


def _from(rule: ClockRule, context: Context, start: Event, length: Length) -> Clock:
    label = context.table.label(start.kind)
    value = context.policy.values.get(rule.policy) if rule.policy else None
    return reckon(rule, context, start.on, length, f"{label} {in_words(start.on)}", label if rule.each else "", value)


def visit(_rule: ClockRule, context: Context) -> list[Clock]:
    """The visit clock; an incident brings it forward, an approval of reactive management suspends it (rule 8)."""
    offender, facts = context.offender, context.facts
    seen = facts.latest(["visit_seen"])
    if seen is not None and (offender.last_seen is None or seen.on > offender.last_seen):
        offender = replace(offender, last_seen=seen.on)
    clock = visit_clock(offender, context.policy, context.as_of)
    state = reactive_state(facts, context.table)
    if state.reactive and state.approval:
        words = f"Reactive management approved on {in_words(state.approval.on)}: no routine home visits."
        return [suspended(clock, words)]
    if state.trigger is not None:
        due = min(clock.due, max(state.trigger.on, seen.on if seen else state.trigger.on))
        words = f"Reopened by {context.table.label(state.trigger.kind).lower()} on {in_words(state.trigger.on)}."
        brought = seen is None or seen.on < state.trigger.on
        return [replace(clock, due=due if brought else clock.due, why=f"{clock.why} {words}")]
    return [visit_brought_forward(clock, facts, context.policy, context.table)]


def at_review(rule: ClockRule, context: Context) -> list[Clock]:
    """Due at each review of the plan: at once where the last review has no check after it, else with the next."""
    review, check = context.facts.latest(rule.starts), context.facts.latest(rule.met_by)
    if review is not None and (check is None or check.on < review.on):
        return [on_day(rule, review.on, f"Review {in_words(review.on)} without a check since", "")]
    upcoming = interval(context.table.rule("rmp_review"), context)
    return [on_day(rule, clock.due, "Next review of the plan", "checked with each review") for clock in upcoming]


def advance_notice(rule: ClockRule, context: Context) -> list[Clock]:
    """Section 84(4)(b): what did not happen by the end of 3 days beginning with the day named is notified within 6."""
    length = context.length(rule)
    clocks = []
    for notice in context.facts.of(rule.starts):
        if notice.expected is None or length is None:
            continue
        last = notice.expected + timedelta(days=2)
        happened = any(notice.on <= event.on <= last for event in context.facts.of([notice.matter]))
        told = any(done.on > last and done.matter in ("", notice.matter) for done in context.facts.of(rule.met_by))
        if context.as_of > last and not happened and not told:
            label = context.table.label(notice.matter)
            fact = f"{label} was notified in advance for {in_words(notice.expected)} and is not known to have happened"
            clocks.append(reckon(rule, context, notice.expected, length, fact, label))
    return clocks


def periodic_notification(rule: ClockRule, context: Context) -> list[Clock]:
    """Section 85: a year (7 days with no fixed home) after the last notification under ss.83, 84 or 85.

    The matters added on 13 August 2012 are an event of their own and reset nothing. No clock where the
    requirements are confirmed to end first.
    """
    last = context.facts.latest(rule.starts)
    length = _WEEK if context.facts.no_fixed_home else context.length(rule)
    if last is None or length is None:
        return []
    fact = f"{context.table.label(last.kind)} {in_words(last.on)}"
    clock = reckon(rule, context, last.on, length, fact + (", no fixed home" if context.facts.no_fixed_home else ""))
    end = end_of_notification(context.offender, context.facts)
    over = end is not None and end.confirmed_by and end.last_day is not None and clock.due > end.last_day
    return [] if over else [clock]


def travel_out(rule: ClockRule, context: Context) -> list[Clock]:
    """All travel abroad, notified at least 7 days before departure."""
    length = context.length(rule)
    return [
        reckon(rule, context, trip.depart, length, f"Leaves the United Kingdom on {in_words(trip.depart)}", in_words(trip.depart))
        for trip in context.facts.trips
        if trip.notified is None and length is not None
    ]


def travel_back(rule: ClockRule, context: Context) -> list[Clock]:
    """Return notified within three days, unless day and place were given before and kept to."""
    length = context.length(rule)
    return [
        reckon(rule, context, trip.back, length, f"Back in the United Kingdom on {in_words(trip.back)}", in_words(trip.back))
        for trip in context.facts.trips
        if trip.back is not None and trip.back_notified is None and not trip.return_given and length is not None
    ]


def order_ends(rule: ClockRule, context: Context) -> list[Clock]:
    """The end of each order and of each condition with an end of its own (rule 17)."""
    ends = [each for order in context.facts.orders for each in _ends(order)]
    return [on_day(rule, day, fact, "", subject) for day, fact, subject in ends if day >= context.as_of - _REMEMBERED]


def _ends(order: Order) -> Iterable[tuple[date, str, str]]:
    if order.until is not None:
        how = "discharged" if order.discharged == order.until else "ends"
        yield order.until, f"{order.kind} of {in_words(order.start)} {how}", order.kind
    for condition in order.conditions:
        if condition.end is not None and (order.until is None or condition.end < order.until):
            name = f"{order.kind}: {condition.name}"
            yield condition.end, f"{order.kind} of {in_words(order.start)}: {condition.name} ends", name


def notification_end(rule: ClockRule, context: Context) -> list[Clock]:
    """The last day of the notification requirements; what a person has not confirmed says so."""
    end = end_of_notification(context.offender, context.facts)
    if end is None or end.last_day is None:
        return []
    clock = on_day(rule, end.last_day, " ".join((end.why, *end.doubts)).removesuffix("."), "")
    return [replace(clock, confirmed=bool(end.confirmed_by))]


def indefinite_review_asked(rule: ClockRule, context: Context) -> list[Clock]:
    """Section 91B; not while under a sexual harm prevention order (s.91A(2)(b))."""
    found = indefinite_review(context.offender, context.facts)
    if found is None:
        return []
    clock = on_day(rule, found.on, found.fact, found.rule)
    order = next((each for each in harm_orders(context.facts) if each.in_force(context.as_of)), None)
    return [clock if order is None else suspended(clock, f"Not while under the {order.kind} of {in_words(order.start)}.")]


def reactive_eligible(rule: ClockRule, context: Context) -> list[Clock]:
    """When the risk will have been low for long enough, and long enough since the last intelligence."""
    since, length = context.facts.low_since(), context.length(rule)
    if context.offender.risk is not Risk.LOW or since is None or length is None:
        return []
    day, fact = day_after(since, length), f"Low risk since {in_words(since)}"
    last = context.facts.latest([kind for kind, event in context.table.events.items() if event.reopens])
    quiet = Length(context.policy.whole("reactive.no_intelligence_months"), Unit.MONTHS)
    if last is not None and (clear := day_after(last.on, quiet)) > day:
        day, fact = clear, f"{fact}; {context.table.label(last.kind).lower()} {in_words(last.on)}"
    return [on_day(rule, day, fact, f"{length} low and {quiet} without a trigger, then a supervisor's approval")]


def reactive_reopened(rule: ClockRule, context: Context) -> list[Clock]:
    """A trigger asks for a review of reactive management."""
    trigger = reactive_state(context.facts, context.table).trigger
    length = context.length(rule)
    if trigger is None or length is None:
        return []
    return [_from(rule, context, trigger, length)]


def applies(rule: ClockRule, context: Context) -> bool:
    """Whether the conditions that a row names hold for this case. Who is of unknown age or sex gets both tools' clocks."""
    return all(_CONDITIONS[name](context) for name in rule.only)


def _is_indefinite(context: Context) -> bool:
    end = end_of_notification(context.offender, context.facts)
    return end is not None and end.indefinite


_CONDITIONS: Mapping[str, Callable[[Context], bool]] = {
    "adult_male": lambda context: not arms_objection(context.offender, context.as_of),
    "not_adult_male": lambda context: bool(arms_objection(context.offender, context.as_of)),
    "active": lambda context: not reactive_state(context.facts, context.table).reactive,
    "reactive": lambda context: reactive_state(context.facts, context.table).reactive,
    "indefinite": _is_indefinite,
}

STRATEGIES: Mapping[str, Strategy] = {
    "interval": interval,
    "visit": visit,
    "at_review": at_review,
    "advance_notice": advance_notice,
    "periodic_notification": periodic_notification,
    "travel_out": travel_out,
    "travel_back": travel_back,
    "order_ends": order_ends,
    "notification_end": notification_end,
    "indefinite_review": indefinite_review_asked,
    "reactive_eligible": reactive_eligible,
    "reactive_reopened": reactive_reopened,
    "retention_review": retention_review,
}
