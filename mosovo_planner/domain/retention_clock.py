"""When a person's record is next to be reviewed for whether it is still needed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from mosovo_planner.domain.clock_table import ClockRule
from mosovo_planner.domain.clocks import Clock, in_words
from mosovo_planner.domain.dates import add_months
from mosovo_planner.domain.notification import end_of_notification
from mosovo_planner.domain.policy import Policy
from mosovo_planner.domain.reckoning import Context, on_day
from mosovo_planner.domain.retention import RetentionGroup, RetentionReview

_YEAR = 12


def group_of(review: RetentionReview | None, policy: Policy) -> RetentionGroup:
    """The group that the last review put the record in, else the force's usual one."""
    if review is not None:
        return review.group
    usual = policy.text("retention.usual_group")
    return RetentionGroup(usual) if usual in set(RetentionGroup) else RetentionGroup.PUBLIC_PROTECTION


def interval_key(group: RetentionGroup) -> str:
    """The key of the policy that says how often records of a group are reviewed."""
    return f"retention.review_months_group_{group.value}"


def retention_review(rule: ClockRule, context: Context) -> list[Clock]:
    """The earliest of: the interval of the group, the reviewer's own date, the end of notification, the greatest age.

    Counted from the last authorised review, else from the day since when the record has been held here.
    """
    due = min(_reasons(context), default=None)
    if due is None:
        return []
    day, fact, words, key = due
    clock = on_day(rule, day, fact, words)
    value = context.policy.values.get(key)
    clock = clock if value is None else replace(clock, source=value.source, confirmed=value.confirmed)
    if context.facts.retention.waiting is not None:
        return [replace(clock, why=f"{clock.why} A review waits for a second person.")]
    return [clock]


Reason = tuple[date, str, str, str]
"""The day, the fact it runs from, the rule in words, and the policy's key."""


def _reasons(context: Context) -> Iterator[Reason]:
    retention, policy = context.facts.retention, context.policy
    last = retention.last
    group = group_of(last, policy)
    start = last.on if last else retention.held_since
    key = interval_key(group)
    months = policy.maybe(key)
    if last is not None and last.next_due is not None:
        yield last.next_due, f"Reviewed {in_words(last.on)}", "the day set at that review", ""
    if start is not None and months:
        fact = f"Last retention review {in_words(start)}" if last else f"Held here since {in_words(start)}, not reviewed yet"
        yield add_months(start, round(months)), fact, f"{_span(round(months))} after, group {group.value}", key
    yield from _at_the_end(context, last)
    yield from _at_greatest_age(context, last)


def _at_the_end(context: Context, last: RetentionReview | None) -> Iterator[Reason]:
    """A working copy is not needed long after the notification requirements have ended."""
    end = end_of_notification(context.offender, context.facts)
    months = context.policy.maybe("retention.after_end_months")
    if end is None or end.last_day is None or months is None or (last is not None and last.on > end.last_day):
        return
    sure = "" if end.confirmed_by else ", worked out and not confirmed"
    fact = f"Notification ends {in_words(end.last_day)}{sure}"
    yield add_months(end.last_day, round(months)), fact, f"{_span(round(months))} after", "retention.after_end_months"


def _at_greatest_age(context: Context, last: RetentionReview | None) -> Iterator[Reason]:
    born, age = context.offender.date_of_birth, context.policy.maybe("retention.keep_to_age")
    if born is None or age is None:
        return
    day = add_months(born, round(age) * _YEAR)
    if last is None or last.on < day:
        yield day, f"Born {in_words(born)}", f"kept to the age of {round(age)}", "retention.keep_to_age"


def _span(months: int) -> str:
    years, rest = divmod(months, _YEAR)
    if rest or not years:
        return f"{months} month{'s' if months != 1 else ''}"
    return f"{years} year{'s' if years != 1 else ''}"
