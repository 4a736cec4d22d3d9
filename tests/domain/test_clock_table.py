"""The table of clocks is data: read with care, extended without code; what is unset gives no date and is listed."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mosovo_planner.domain.clock_engine import full_case, unset_rules
from mosovo_planner.domain.clock_strategies import _CONDITIONS, STRATEGIES
from mosovo_planner.domain.clock_table import ONLY, read_clock_table
from mosovo_planner.domain.clock_table import STRATEGIES as NAMED
from mosovo_planner.domain.facts import Condition, Event, Facts, Order, RiskSince, Stay, Trip
from mosovo_planner.domain.people import Offender, Risk, Status
from mosovo_planner.domain.policy import PolicyError
from tests.domain.given import AS_OF, HIM, POLICY, TABLE, TABLE_TEXT, clock, clocks, events, policy_with

KINDS = tuple(TABLE.events)
DAYS = st.dates(date(2012, 1, 1), date(2027, 12, 31))


def test_every_strategy_and_condition_named_in_the_table_exists() -> None:
    assert set(STRATEGIES) == NAMED
    assert set(_CONDITIONS) == ONLY


def test_every_row_has_a_source_and_law_is_confirmed() -> None:
    assert all(rule.source for rule in TABLE.rules)
    assert all(rule.confirmed == rule.law for rule in TABLE.rules)
    assert [rule.kind for rule in TABLE.rules if "memory" in rule.source and rule.law] == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[clock", "not valid TOML"),
        ("[event]\na = {}", "Event a in the table of clocks needs a label"),
        ("[clock.a]\nlabel = 'A'", "Clock a in the table of clocks: label and source are needed"),
        ("[clock.a]\nlabel='A'\nsource='s'\nstarts=['b']\ninterval='1 day'", "b is no kind of event"),
        ("[clock.a]\nlabel='A'\nsource='s'\nstrategy='magic'", "there is no strategy magic"),
        ("[event]\nb={label='B'}\n[clock.a]\nlabel='A'\nsource='s'\nstarts=['b']\ninterval='soon'", "'soon' is no length"),
        ("[event]\nb={label='B'}\n[clock.a]\nlabel='A'\nsource='s'\nstarts=['b']", "it needs interval or policy"),
        ("[event]\nb={label='B'}\n[clock.a]\nlabel='A'\nsource='s'\nstarts=['b']\npolicy='x'\nunit='moons'", "moons"),
        ("[clock.a]\nlabel='A'\nsource='s'\nfoo=1", "foo is not known"),
        ("[clock.a]\nlabel='A'\nsource='s'\nstrategy='visit'\nonly=['tall']", "only may name"),
    ],
)
def test_a_broken_table_names_the_place(text: str, words: str) -> None:
    with pytest.raises(PolicyError, match=words):
        read_clock_table(text)


def test_an_unset_deadline_gives_no_clock_and_is_listed_until_it_is_set() -> None:
    facts = events(("initial_notification", date(2026, 11, 2)))
    him = Offender(ref="INV-1")
    assert clocks(facts, "initial_visit", him) == []
    assert "deadline.initial_visit_days" in {rule.key for rule in unset_rules(TABLE, POLICY)}
    confirmed = policy_with(deadline__initial_visit_days=15)
    assert clock(facts, "initial_visit", him, confirmed).due == date(2026, 11, 17)
    assert "deadline.initial_visit_days" not in {rule.key for rule in unset_rules(TABLE, confirmed)}


def test_an_initial_visit_is_met_by_a_success_not_by_an_attempt() -> None:
    policy = policy_with(deadline__initial_visit_days=15)
    never_seen = Offender(ref="INV-1")
    tried = events(("release", date(2026, 11, 2)), ("visit_attempt", date(2026, 11, 5)))
    assert clock(tried, "initial_visit", never_seen, policy).days_overdue(AS_OF) == 6
    seen = events(("release", date(2026, 11, 2)), ("visit_seen", date(2026, 11, 6)))
    assert clocks(seen, "initial_visit", never_seen, policy) == []


def test_a_mappa_review_by_level_or_by_the_date_that_was_set() -> None:
    level_two = Offender(ref="INV-1", mappa_level=2)
    policy = policy_with(deadline__mappa_review_months_level_2=3)
    met = events(("mappa_meeting", date(2026, 9, 30)))
    assert clock(met, "mappa_review", level_two, policy).due == date(2026, 12, 30)
    assert clocks(met, "mappa_review", Offender(ref="INV-1", mappa_level=1), policy) == []
    assert clock(events(("mappa_review_set", date(2026, 11, 2))), "mappa_review", level_two).days_overdue(AS_OF) == 21


def test_a_trip_is_notified_seven_days_before_and_three_after() -> None:
    trip = Trip(depart=date(2027, 3, 3), back=date(2027, 3, 10))
    out, back = clock(Facts(trips=(trip,)), "travel_out"), clock(Facts(trips=(trip,)), "travel_back")
    assert (out.due, back.due, out.law) == (date(2027, 2, 24), date(2027, 3, 13), True)
    told = Trip(depart=date(2027, 3, 3), back=date(2027, 3, 10), notified=date(2027, 2, 1), return_given=True)
    assert clocks(Facts(trips=(told,)), "travel_out") + clocks(Facts(trips=(told,)), "travel_back") == []


def test_a_licence_end_is_a_day_to_know_and_never_overdue() -> None:
    ended = clock(events(("licence_end", date(2026, 1, 1))), "licence_end")
    assert (ended.due, ended.days_overdue(AS_OF)) == (date(2026, 1, 1), 0)


@st.composite
def all_facts(draw: st.DrawFn) -> Facts:
    made = draw(st.lists(st.builds(Event, st.sampled_from(KINDS), DAYS, st.none(), st.one_of(st.none(), DAYS)), max_size=8))
    starts = sorted(draw(st.lists(DAYS, max_size=6, unique=True)))
    stays = tuple(
        Stay(draw(st.sampled_from([Status.CUSTODY, Status.HOSPITAL, Status.ABROAD])), begin, end)
        for begin, end in zip(starts[::2], starts[1::2], strict=False)
    )
    orders = (Order("SHPO", draw(DAYS), draw(DAYS), (Condition("no internet", draw(DAYS)),)),)
    risks = (RiskSince(draw(st.sampled_from(Risk)), draw(DAYS)),)
    return Facts(tuple(made), stays, orders, (Trip(draw(DAYS), draw(DAYS)),), risks)


@given(all_facts(), DAYS)
def test_every_clock_tells_fact_rule_and_source_and_is_stable(facts: Facts, as_of: date) -> None:
    case = full_case(HIM, facts, POLICY, TABLE, as_of)
    assert case.visit.kind == "visit"
    for each in case.clocks:
        assert each.label
        assert each.fact
        assert each.source
        assert each.why.endswith(".")
        assert each.days_overdue(as_of) == (0 if each.suspended or each.milestone else max(0, (as_of - each.due).days))
    assert full_case(HIM, facts, POLICY, TABLE, as_of) == case


@given(all_facts(), DAYS, DAYS)
def test_duties_of_law_do_not_move_with_the_calendar_of_the_machine(facts: Facts, one: date, two: date) -> None:
    """Whether the machine's clock runs forwards or is set back, a date reckoned from facts stays the same."""
    kinds = {"initial_notification", "change", "periodic_notification", "travel_out", "travel_back"}
    dues = [
        [(each.kind, each.subject, each.due) for each in full_case(HIM, facts, POLICY, TABLE, day).clocks if each.kind in kinds]
        for day in (one, two)
    ]
    assert dues[0] == dues[1]


def test_a_new_kind_of_event_and_clock_needs_no_code() -> None:
    text = TABLE_TEXT + (
        '\n[event.absence_notified]\nlabel = "Absence of more than five days notified"\n'
        '[clock.absence_checked]\nlabel = "Absence checked"\nstarts = ["absence_notified"]\nmet_by = ["visit_seen"]\n'
        'interval = "10 working days"\nsource = "An Act to come"\nlaw = true\nconfirmed = true\n'
    )
    facts = events(("absence_notified", date(2026, 11, 20)))
    (found,) = clocks(facts, "absence_checked", table=read_clock_table(text))
    assert found.due == date(2026, 12, 4)
    assert found.why == "Absence of more than five days notified 20 Nov 2026: 10 working days after."
