"""Figures of the past: each case as it stood then, by who held it then, reckoned quickly and the same. All invented."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from mosovo_planner.domain.clock_engine import full_case
from mosovo_planner.domain.clock_table import ClockTable
from mosovo_planner.domain.facts import Event, Facts, ReactiveApproval, RiskSince, Stay
from mosovo_planner.domain.handovers import HELD, INTERVAL, changes, line, words
from mosovo_planner.domain.histories import History, Policies
from mosovo_planner.domain.measure_ground import Beside, Ground
from mosovo_planner.domain.measures import Reading, read_ground
from mosovo_planner.domain.months import Month, month_of
from mosovo_planner.domain.past import LATE_KINDS, Past
from mosovo_planner.domain.people import Offender, OffenderManager, Risk, Status
from mosovo_planner.domain.performance import CourseRequest, FirstFigures, months_to, perform_course
from mosovo_planner.domain.policy import Policy
from mosovo_planner.domain.progress import Progress
from mosovo_planner.domain.visits import Outcome, Visit
from tests.domain.given import AS_OF, POLICY, TABLE, policy_with

NOVEMBER = month_of(AS_OF)
MANAGERS = (OffenderManager(id="OM1", team="North"), OffenderManager(id="OM2", team="South"))
STRICT = policy_with(deadline__rmp_signoff_days=14, incident__visit_days__arrest=7)
DAYS = st.dates(date(2025, 9, 1), AS_OF)
KINDS = (
    "arrest",
    "rmp_submitted",
    "rmp_signed",
    "rmp_review",
    "rmp_review_set",
    "arms",
    "visit_seen",
    "reactive_review",
    "release",
)


def _visits(draw: st.DrawFn) -> tuple[Visit, ...]:
    days = draw(st.lists(DAYS, max_size=4, unique=True))
    made = [(day, draw(st.sampled_from((Outcome.SEEN, Outcome.NO_REPLY)))) for day in sorted(days)]
    return tuple(
        Visit(id=f"{day}", ref="A", at=datetime(day.year, day.month, day.day, 10), outcome=how, officers=("OM1", "OM2"))
        for day, how in made
    )


@st.composite
def some_history(draw: st.DrawFn) -> History:
    """An offender with whatever may bear on his clocks."""
    events = tuple(Event(kind, day) for kind, day in draw(st.lists(st.tuples(st.sampled_from(KINDS), DAYS), max_size=5)))
    handed = draw(st.lists(DAYS, max_size=2, unique=True))
    lines = tuple(line(HELD, day, *pair) for day, pair in zip(sorted(handed), (("OM2", "OM1"), ("OM1", "OM2")), strict=False))
    months = tuple(line(INTERVAL, day, "3", "12") for day in draw(st.lists(DAYS, max_size=1)))
    stays = tuple(
        Stay(draw(st.sampled_from((Status.CUSTODY, Status.ABROAD))), day, draw(st.sampled_from((None, day + timedelta(days=40)))))
        for day in draw(st.lists(DAYS, max_size=1))
    )
    who = Offender(
        ref="A",
        risk=draw(st.sampled_from((*Risk, None))),
        manager=draw(st.sampled_from(("OM1", "OM2", None))),
        interval_months=draw(st.sampled_from((None, 2))),
        last_seen=draw(st.none() | DAYS),
        arms_done=draw(st.none() | DAYS),
        rmp_review_due=draw(st.none() | DAYS),
        date_of_birth=draw(st.none() | st.dates(date(2007, 6, 1), date(2009, 1, 1))),
        status=draw(st.sampled_from((Status.COMMUNITY, Status.CUSTODY))),
    )
    risks = tuple(RiskSince(draw(st.sampled_from(tuple(Risk))), day) for day in draw(st.lists(DAYS, max_size=2, unique=True)))
    reactive = draw(st.none() | st.builds(ReactiveApproval, DAYS, st.just("DS02")))
    return History(who, _visits(draw), Facts((*events, *lines, *months), stays, risks=risks, reactive=reactive))


@settings(max_examples=150, deadline=None)
@given(some_history(), st.sampled_from((POLICY, STRICT)))
def test_a_state_kept_from_another_month_is_the_one_that_reckoning_anew_gives(history: History, policy: Policy) -> None:
    needed = ClockTable(tuple(rule for rule in TABLE.rules if rule.kind in LATE_KINDS), TABLE.events)
    past = Past([history], Policies(policy, ((date(2026, 3, 15), STRICT),)), TABLE)
    for month in reversed(months_to(NOVEMBER)):
        day = min(month.last, AS_OF)
        then, force = history.as_at(day), STRICT if day >= date(2026, 3, 15) else policy
        anew = full_case(then.offender, then.facts, force, needed, day, then.visits)
        (kept,) = past.cases(day)
        assert kept.offender == anew.offender
        assert set(kept.clocks) == set(anew.clocks)
        assert len(kept.clocks) == len(anew.clocks)


def _visit(day: date, ref: str = "A") -> Visit:
    return Visit(id=f"{ref}{day}", ref=ref, at=datetime(day.year, day.month, day.day, 10), officers=("OM1", "OM2"))


HANDED = History(
    Offender(ref="A", risk=Risk.HIGH, manager="OM2", interval_months=6),
    (_visit(date(2026, 6, 5)), _visit(date(2026, 9, 4)), _visit(date(2026, 9, 20))),
    Facts(events=(line(HELD, date(2026, 9, 15), "OM1", "OM2"), line(INTERVAL, date(2026, 10, 1), "3", "6"))),
)


def _of(month: Month, *managers: OffenderManager, history: History = HANDED, beside: Beside | None = None) -> dict[str, Reading]:
    ground = Ground(month, min(month.last, AS_OF), (history,), MANAGERS, POLICY, TABLE, beside or Beside())
    return {each.measure.key: each for each in read_ground(ground.part(managers) if managers else ground)}


def test_a_past_month_counts_for_who_held_the_case_then() -> None:
    before, after = MANAGERS
    assert (_of(Month(2026, 8), before)["visits_overdue"].of, _of(Month(2026, 8), after)["visits_overdue"].of) == (1, 0)
    assert (_of(Month(2026, 10), before)["visits_overdue"].of, _of(Month(2026, 10), after)["visits_overdue"].of) == (0, 1)
    september = [_of(Month(2026, 9), each)["announced"].of for each in MANAGERS]
    assert september == [1, 1], "each has the visit made while the case was his"
    assert _of(Month(2026, 9), before)["visits_in_time"].of == 1, "due on 5 September, while he held it"
    assert _of(Month(2026, 9), after)["visits_in_time"].of == 0


def test_a_past_month_goes_by_the_interval_in_force_then() -> None:
    late = replace(HANDED, visits=(_visit(date(2026, 5, 1)),))
    assert _of(Month(2026, 8), history=late)["visits_overdue"].value == 1, "three months were in force"
    assert _of(Month(2026, 10), history=late)["visits_overdue"].value == 0, "six are since 1 October"


def test_a_past_month_goes_by_the_policy_in_force_then() -> None:
    who = History(Offender(ref="A", risk=Risk.HIGH, manager="OM1"), (_visit(date(2026, 5, 1)),))
    yearly = policy_with(visit__interval_months__high=12)
    past = Past([who], Policies(yearly, ((date(2026, 1, 1), POLICY), (date(2026, 10, 10), yearly))), TABLE)
    assert [past.cases(day)[0].days_overdue for day in (date(2026, 8, 31), date(2026, 10, 31))] == [30, 0]


def test_where_the_history_does_not_reach_back_the_figure_says_so() -> None:
    plain = replace(HANDED, facts=Facts())
    since = Beside(since=date(2026, 11, 1))
    said = _of(Month(2026, 8), MANAGERS[1], history=plain, beside=since)
    assert all(
        "1 of 1 cases by the first manager on record" in said[key].words
        for key in ("visits_overdue", "visits_in_time")
        if said[key].value is not None
    )
    assert "first interval on record" in _of(Month(2026, 8), history=plain, beside=since)["visits_overdue"].words
    assert "on record" not in _of(Month(2026, 11), MANAGERS[1], history=plain, beside=since)["visits_overdue"].words
    assert "on record" not in _of(Month(2026, 10), MANAGERS[1], beside=since)["visits_overdue"].words, (
        "a line reaches back that far"
    )


def test_lines_say_what_changed() -> None:
    before, after = Offender(ref="A", manager="OM1"), Offender(ref="A", manager=None, interval_months=3)
    assert [words(each) for each in changes(before, after, AS_OF)] == ["from OM1 to nobody", "from the policy's to 3 months"]
    assert changes(before, before, AS_OF) == []


def test_the_month_asked_for_comes_first_and_is_the_one_of_the_whole_course() -> None:
    steps: list[Progress] = []
    course = perform_course(CourseRequest(NOVEMBER, AS_OF, (HANDED,), MANAGERS, POLICY, TABLE), steps.append)
    (first,) = [step.course for step in steps if isinstance(step, FirstFigures)]
    assert first is not None
    assert (first.months, len(course.months), course.months[-1]) == ((NOVEMBER,), 12, NOVEMBER)
    assert [rows[-1] for rows in first.force.values()] == [rows[-1] for rows in course.force.values()]
    assert first.managers["OM2"]["visits_overdue"][-1] == course.managers["OM2"]["visits_overdue"][-1]
    assert first.late == course.late
