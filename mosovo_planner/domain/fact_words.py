"""Facts about an offender in words, as files and lists show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from mosovo_planner.domain import handovers
from mosovo_planner.domain.clock_table import ClockTable
from mosovo_planner.domain.clocks import in_words
from mosovo_planner.domain.facts import Event, NoFixedHome, Order, ReactiveApproval, RiskSince, Stay, Trip
from mosovo_planner.domain.identity import Alias, EarlierAddress, OtherReference, Vehicle
from mosovo_planner.domain.kept import Fact
from mosovo_planner.domain.people import risk_label
from mosovo_planner.domain.sentences import ConfirmedEnd, Sentence, Term


@dataclass(frozen=True, slots=True)
class FactLine:
    """One fact as a line: its kind, its day (None: it has none), and the rest in words."""

    kind: str
    on: date | None
    words: str


def fact_line(fact: Fact, table: ClockTable) -> FactLine:  # noqa: PLR0911, PLR0912 - one line a kind of fact
    """The line of a fact; kinds of event by the force's own table."""
    match fact:
        case Event(kind=kind) if kind in handovers.KINDS:
            return FactLine(handovers.LABELS[kind], fact.on, handovers.words(fact))
        case Event():
            return FactLine(table.label(fact.kind), fact.on, _event_words(fact, table))
        case Stay():
            return FactLine(fact.status.label, fact.start, f"until {in_words(fact.end)}" if fact.end else "still there")
        case Order():
            return FactLine(f"Order: {fact.kind}", fact.start, order_words(fact))
        case Trip():
            return FactLine("Travel abroad", fact.depart, _trip_words(fact))
        case RiskSince():
            return FactLine("Risk level set", fact.since, risk_label(fact.risk))
        case Sentence():
            return FactLine("Sentence", fact.relevant_date, f"{fact.disposal.label} {term_words(fact.term)}".strip())
        case ConfirmedEnd():
            words = f"last day {in_words(fact.last_day)}" if fact.last_day else "indefinite"
            return FactLine("End of notification confirmed", fact.on, f"{words}, by {fact.by}")
        case ReactiveApproval():
            return FactLine("Reactive management approved", fact.on, f"by {fact.by}")
        case NoFixedHome():
            return FactLine("No fixed home", fact.since, "notifies every week")
        case Alias():
            return FactLine("Also known as", None, ", ".join(part for part in (fact.name, fact.words) if part))
        case EarlierAddress():
            return FactLine("Other address", fact.until, ", ".join(part for part in (fact.address, fact.postcode) if part))
        case Vehicle():
            return FactLine("Vehicle", None, ", ".join(part for part in (fact.registration, fact.words) if part))
        case OtherReference():
            return FactLine("Other reference", None, " ".join(part for part in (fact.system, fact.number) if part))


def order_words(order: Order) -> str:
    """Until when, and each condition with its own end."""
    until = f"to {in_words(order.until)}" if order.until else "until further order"
    conditions = [f"{each.name} (to {in_words(each.end)})" if each.end else each.name for each in order.conditions]
    return "; ".join([until, *conditions])


def term_words(term: Term) -> str:
    """``2 years 6 months``; empty for no term."""
    parts = ((term.years, "year"), (term.months, "month"), (term.weeks, "week"), (term.days, "day"))
    return " ".join(f"{count} {unit}{'s' if count != 1 else ''}" for count, unit in parts if count)


def _event_words(event: Event, table: ClockTable) -> str:
    parts = [
        f"to {in_words(event.ended)}" if event.ended else "",
        f"for {in_words(event.expected)}" if event.expected else "",
        f"of: {table.label(event.matter)}" if event.matter else "",
    ]
    return ", ".join(part for part in parts if part)


def _trip_words(trip: Trip) -> str:
    parts = [
        f"back {in_words(trip.back)}" if trip.back else "not back yet",
        f"notified {in_words(trip.notified)}" if trip.notified else "not notified",
        f"return notified {in_words(trip.back_notified)}" if trip.back_notified else "",
        "return given before" if trip.return_given else "",
    ]
    return ", ".join(part for part in parts if part)
