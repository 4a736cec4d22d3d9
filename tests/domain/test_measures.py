"""Performance measures of a month, policy impact and the dip sample. All people are invented."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mosovo_planner.domain.dip_sample import Grade, GradedRecord, dip_sample, grade_trend
from mosovo_planner.domain.facts import Event, Facts, ReactiveApproval, RiskSince, Stay
from mosovo_planner.domain.histories import History, histories
from mosovo_planner.domain.impact import policy_impact
from mosovo_planner.domain.measure_ground import Ground
from mosovo_planner.domain.measures import MEASURES, Reading, overdue_table, readings, trend
from mosovo_planner.domain.months import Month, month_of
from mosovo_planner.domain.people import Offender, OffenderManager, Risk, Status
from mosovo_planner.domain.policy import Policy
from mosovo_planner.domain.visits import Outcome, Visit
from tests.domain.given import AS_OF, POLICY, TABLE, policy_with

OCTOBER = Month(2026, 10)
MANAGERS = (OffenderManager(id="OM1"), OffenderManager(id="OM2"))


def _visit(ref: str, at: datetime, **more: object) -> Visit:
    return replace(Visit(id=f"{ref}{at}", ref=ref, at=at, officers=("OM1", "OM2")), **more)  # type: ignore[arg-type]


def _offender(ref: str, risk: Risk, manager: str = "OM1") -> Offender:
    return Offender(ref=ref, risk=risk, manager=manager)


def _histories() -> tuple[History, ...]:
    people = [_offender("A", Risk.HIGH), _offender("B", Risk.HIGH), _offender("C", Risk.LOW, "OM2")]
    visits = [
        _visit("A", datetime(2026, 7, 10, 10)),
        _visit("A", datetime(2026, 10, 9, 18)),
        _visit("B", datetime(2026, 7, 1, 10)),
        _visit("B", datetime(2026, 10, 20, 10), outcome=Outcome.NO_REPLY, officers=("OM1",)),
        _visit("B", datetime(2026, 11, 4, 10), announced=True),
        _visit("C", datetime(2025, 3, 1, 10)),
    ]
    return histories(people, visits, {})


def _by_key(found: tuple[Reading, ...]) -> dict[str, Reading]:
    return {reading.measure.key: reading for reading in found}


def _october(policy: Policy = POLICY, made: tuple[History, ...] | None = None, today: date = AS_OF) -> dict[str, Reading]:
    return _by_key(readings(OCTOBER, made or _histories(), MANAGERS, policy, TABLE, today))


def test_visits_that_fell_due_in_the_month_and_were_made_in_time() -> None:
    found = _october()["visits_in_time"]
    assert (found.value, found.of, found.refs) == (50, 2, ("B",))


def test_overdue_and_worst_case_stand_as_they_were_at_the_end_of_the_month() -> None:
    found = _october()
    assert (found["visits_overdue"].value, set(found["visits_overdue"].refs)) == (2, {"B", "C"})
    assert (found["worst_overdue"].value, found["worst_overdue"].refs) == ((date(2026, 10, 31) - date(2026, 3, 1)).days, ("C",))
    ground = Ground(OCTOBER, OCTOBER.last, _histories(), MANAGERS, POLICY, TABLE)
    assert overdue_table(ground.late) == {"high": {"29 to 91 days": 1}, "low": {"Over 182 days": 1}}


def test_shares_of_lone_announced_and_failed_visits() -> None:
    october = _october()
    assert [october[key].value for key in ("lone", "announced", "failed")] == [50, 0, 50]
    assert october["lone"].refs == ("B",)
    assert (october["lone"].target, october["lone"].met) == (0, False)
    november = _by_key(readings(Month(2026, 11), _histories(), MANAGERS, POLICY, TABLE, AS_OF))
    assert [november[key].value for key in ("lone", "announced", "failed")] == [0, 100, 0]


def test_visits_a_manager_against_nine_and_the_spread_of_work() -> None:
    found = _october()
    assert (found["visits_per_manager"].value, found["visits_per_manager"].target) == (0.5, 9)
    assert found["visits_per_manager"].met is False
    assert found["workload_spread"].value == pytest.approx(_spread())


def _spread() -> float:
    from mosovo_planner.domain.workload import capacity_hours, case_hours

    loads = [2 * case_hours(_offender("A", Risk.HIGH), POLICY), case_hours(_offender("C", Risk.LOW), POLICY)]
    shares = [100 * load / capacity_hours(MANAGERS[0], POLICY, OCTOBER.last) for load in loads]
    return max(shares) - min(shares)


def test_late_reviews_count_only_where_the_force_set_a_deadline() -> None:
    made = histories([_offender("A", Risk.HIGH)], [], {"A": Facts(events=(Event("rmp_submitted", date(2026, 10, 1)),))})
    assert (_october(made=made)["signoff_late"].value, _october(made=made)["signoff_late"].words) == (None, "No deadline is set")
    late = _october(policy_with(deadline__rmp_signoff_days=14), made)["signoff_late"]
    assert (late.value, late.refs, late.met) == (1, ("A",), False)


def test_time_to_the_first_visit_is_the_median() -> None:
    people = [_offender(ref, Risk.LOW) for ref in "ABC"]
    facts = {ref: Facts(events=(Event("release", date(2026, 10, 1)),)) for ref in "ABC"}
    visits = [_visit(ref, datetime(2026, 10, day, 9)) for ref, day in (("A", 3), ("B", 11), ("C", 30))]
    found = _october(made=histories(people, visits, facts))["first_visit"]
    assert (found.value, found.of) == (10, 3)


def test_dates_that_fell_in_custody_are_left_out() -> None:
    stay = Facts(stays=(Stay(Status.CUSTODY, date(2026, 9, 1), date(2026, 10, 15)),))
    seen = [_visit("A", datetime(2026, 7, 10, 10))]
    found = _october(made=histories([_offender("A", Risk.HIGH)], seen, {"A": stay}))
    assert found["visits_in_time"].value is None


def test_reactive_cases_owe_no_visit_until_they_are_reopened() -> None:
    approval = ReactiveApproval(date(2026, 8, 1), "DS02")
    seen = [_visit("A", datetime(2026, 7, 10, 10))]
    for events, due in (((), None), ((Event("arrest", date(2026, 9, 1)),), 1)):
        facts = Facts(events=events, reactive=approval)
        found = _october(made=histories([_offender("A", Risk.HIGH)], seen, {"A": facts}))["visits_in_time"]
        assert (found.of or None) == due


def test_the_risk_of_that_time_counts() -> None:
    facts = Facts(risks=(RiskSince(Risk.LOW, date(2020, 1, 1)), RiskSince(Risk.VERY_HIGH, date(2026, 11, 1))))
    seen = [_visit("A", datetime(2026, 7, 10, 10))]
    made = histories([_offender("A", Risk.VERY_HIGH)], seen, {"A": facts})
    assert _october(made=made)["visits_overdue"].value == 0


def test_a_past_month_reads_the_same_whenever_it_is_read() -> None:
    again, day = _visit("A", datetime(2027, 1, 5, 9)), date(2027, 1, 5)
    later = [replace(each, offender=replace(each.offender, last_seen=day), visits=(*each.visits, again)) for each in _histories()]
    now, then = (_october(made=tuple(each), today=day) for each, day in ((_histories(), AS_OF), (later, date(2027, 2, 1))))
    for key in ("visits_overdue", "worst_overdue", "lone", "announced", "failed", "visits_per_manager"):
        assert (now[key].value, now[key].refs) == (then[key].value, then[key].refs)


def test_every_measure_has_a_definition_and_a_target_in_the_policy() -> None:
    assert all(measure.definition.endswith(".") and measure.target in POLICY.values for measure in MEASURES)
    assert len({measure.key for measure in MEASURES}) == len(MEASURES)


def test_a_trend_has_one_reading_a_month() -> None:
    months = [OCTOBER.later(step) for step in (-1, 0, 1)]
    rows = trend(months, _histories(), MANAGERS, POLICY, TABLE, AS_OF)
    assert [reading.month for reading in rows["lone"]] == months
    assert (str(months[0]), month_of(AS_OF), OCTOBER.later(3)) == ("2026-09", Month(2026, 11), Month(2027, 1))


def test_what_a_policy_change_would_do_is_told_before_it_is_made() -> None:
    people = [replace(_offender(f"INV-{place}", Risk.LOW), last_seen=date(2026, 1, place)) for place in range(1, 29)]
    tighter = policy_with(visit__interval_months__low=6)
    impact = policy_impact(POLICY, tighter, people, {}, TABLE, AS_OF)
    assert impact.keys == ("visit.interval_months.low",)
    (visits,) = [kind for kind in impact.kinds if kind.kind == "visit"]
    assert (len(visits.become_overdue), len(visits.earlier)) == (28, 28)
    assert visits.words == "Visit: 28 become overdue, 28 fall due earlier."
    assert impact.hours_after > impact.hours_before
    assert any("hours a year" in line for line in impact.words)
    back = policy_impact(tighter, POLICY, people, {}, TABLE, AS_OF)
    assert len(back.kinds[0].no_longer_overdue) == 28
    assert policy_impact(POLICY, POLICY, people, {}, TABLE, AS_OF).words == ("No due date changes.",)


def test_setting_an_unset_deadline_shows_what_appears() -> None:
    facts = {"A": Facts(events=(Event("rmp_submitted", date(2026, 10, 1)),))}
    impact = policy_impact(POLICY, policy_with(deadline__rmp_signoff_days=14), [_offender("A", Risk.LOW)], facts, TABLE, AS_OF)
    assert impact.words == ("Risk management plan sign-off: 1 becomes overdue, 1 appears.",)


@given(st.sets(st.text("ABC123", min_size=1, max_size=5), max_size=20), st.integers(0, 5), st.integers(), st.randoms())
def test_a_dip_sample_is_the_same_again_whatever_the_order(refs: set[str], count: int, seed: int, random: object) -> None:
    shuffled = list(refs)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    drawn = dip_sample({"OM1": sorted(refs)}, OCTOBER, count, seed)
    assert drawn == dip_sample({"OM1": shuffled}, OCTOBER, count, seed)
    assert len(drawn["OM1"]) == min(count, len(refs))
    assert set(drawn["OM1"]) <= refs


def test_over_many_seeds_every_record_is_drawn_about_as_often() -> None:
    drawn = Counter(ref for seed in range(2000) for ref in dip_sample({"OM1": "ABCDEFGHIJ"}, OCTOBER, 2, seed)["OM1"])
    assert all(320 < drawn[ref] < 480 for ref in "ABCDEFGHIJ")


def test_grades_are_trended_by_month() -> None:
    graded = [
        GradedRecord(month, "OM1", "A", grade, "DS02", AS_OF)
        for month, grade in ((OCTOBER, Grade.GOOD), (OCTOBER.later(-1), Grade.INADEQUATE), (OCTOBER, Grade.GOOD))
    ]
    assert grade_trend(graded) == {OCTOBER.later(-1): {Grade.INADEQUATE: 1}, OCTOBER: {Grade.GOOD: 2}}
