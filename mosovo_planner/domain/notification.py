"""When the notification requirements end, and when their review may be asked for (Sexual Offences Act 2003, Part 2)."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta

from mosovo_planner.domain.clocks import in_words
from mosovo_planner.domain.dates import Length, Unit, age_on, last_day_beginning
from mosovo_planner.domain.facts import Facts, Order
from mosovo_planner.domain.people import Offender
from mosovo_planner.domain.sentences import notification_period

_HARM_ORDER = re.compile(r"\b(?:shpo|sopo|sexual (?:harm|offences) prevention)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class EndOfNotification:
    """The last day of the notification requirements (None: none in sight), why, and who confirmed it."""

    last_day: date | None
    indefinite: bool
    why: str
    confirmed_by: str = ""
    doubts: tuple[str, ...] = ()


def end_of_notification(offender: Offender, facts: Facts) -> EndOfNotification | None:
    """The confirmed end, else the calculator's; a harm prevention order keeps it running. None where neither is known.

    An order does not make the period itself indefinite (s.91A asks for that); it only puts off the end.
    """
    period = _period(offender, facts)
    if period is None or period.last_day is None:
        return period
    orders = harm_orders(facts)
    open_ended = next((order for order in orders if order.until is None), None)
    if open_ended is not None:
        return replace(period, last_day=None, why=f"{period.why} It runs on under the {open_ended.kind}, until further order.")
    latest = max((order for order in orders if order.until), key=lambda each: each.until or date.min, default=None)
    if latest is not None and latest.until and latest.start <= period.last_day < latest.until:
        why = f"{period.why} It runs on under the {latest.kind} to {in_words(latest.until)}."
        return replace(period, last_day=latest.until, why=why)
    return period


def _period(offender: Offender, facts: Facts) -> EndOfNotification | None:
    confirmed = facts.notification_end
    if confirmed is not None:
        why = f"Confirmed by {confirmed.by} on {in_words(confirmed.on)}."
        return EndOfNotification(confirmed.last_day, confirmed.last_day is None, why, confirmed.by)
    if facts.sentence is None:
        return None
    sentence = facts.sentence
    if sentence.date_of_birth is None:
        sentence = replace(sentence, date_of_birth=offender.date_of_birth)
    period = notification_period(sentence)
    why = f"{period.why} Worked out, not yet confirmed by a person."
    return EndOfNotification(period.last_day, period.indefinite, why, "", period.doubts)


def harm_orders(facts: Facts) -> tuple[Order, ...]:
    """Sexual harm (formerly offences) prevention orders, interim ones too, written short or in full."""
    return tuple(order for order in facts.orders if _HARM_ORDER.search(order.kind))


@dataclass(frozen=True, slots=True)
class ReviewDate:
    """From when the review of indefinite notification may be asked for, and the words of the rule and fact."""

    on: date
    fact: str
    rule: str


def indefinite_review(offender: Offender, facts: Facts) -> ReviewDate | None:
    """The (further) qualifying date of s.91B: the day after 15 years beginning with the relevant notification.

    Eight years where he was under 18 on the relevant date; eight years from a determination that kept the
    requirements, or the later day that it set (``Event.expected``). None without the relevant notification.
    """
    refused = facts.latest(["review_refused"])
    if refused is not None:
        fact = f"Kept on review {in_words(refused.on)}"
        if refused.expected:
            return ReviewDate(refused.expected, fact, "the day set by the determination")
        return ReviewDate(_day_after_years(refused.on, 8), fact, "the day after 8 years beginning with that day")
    given = facts.of(["relevant_notification"])
    if not given:
        return None
    years = 8 if _was_under_18(offender, facts) else 15
    fact = f"First notification after release {in_words(given[0].on)}"
    return ReviewDate(_day_after_years(given[0].on, years), fact, f"the day after {years} years beginning with that day")


def _day_after_years(day: date, years: int) -> date:
    return last_day_beginning(day, Length(years, Unit.YEARS)) + timedelta(days=1)


def _was_under_18(offender: Offender, facts: Facts) -> bool:
    known = facts.of(["relevant_date"])
    relevant = facts.sentence.relevant_date if facts.sentence else (known[0].on if known else None)
    born = offender.date_of_birth
    return born is not None and relevant is not None and age_on(born, relevant) < 18
