"""Plans, notifications, requests, samples, off-duty matches and rules: kept, changed by who has seen them, found again."""

from __future__ import annotations

import dataclasses
import typing
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mosovo_planner.domain.assessment import Assessment, Tool
from mosovo_planner.domain.children import ChildNotification
from mosovo_planner.domain.dip_sample import DrawnRecord, Grade, GradedRecord
from mosovo_planner.domain.identity import Identity
from mosovo_planner.domain.matching import IncidentLog, LogPerson, match_incidents
from mosovo_planner.domain.matching.evidence import Sureness
from mosovo_planner.domain.months import Month
from mosovo_planner.domain.off_duty import IncidentFile, KeptLog, LoggedMatch, OffDutyMatch, Verdict, to_keep
from mosovo_planner.domain.people import Offender, Risk
from mosovo_planner.domain.policy import PolicyError
from mosovo_planner.domain.record import Operation
from mosovo_planner.domain.requests import Request
from mosovo_planner.domain.risk_plans import PlanAction, PlanState, Rank, RiskPlan, new_version, sign_off, submit
from mosovo_planner.store import Workspace
from mosovo_planner.store.backups.backup import verify
from mosovo_planner.store.base.errors import BadRecord, StaleRecord
from mosovo_planner.store.tables import OF_OFFENDERS, RecordKind
from mosovo_planner.store.tables.kinds import MATCH
from mosovo_planner.store.unit import Unit

DAY, NOON = date(2026, 11, 23), datetime(2026, 11, 23, 12)
HIM = Offender(ref="INV-1", surname="Invented", forenames="Alan", manager="OM1", date_of_birth=date(1970, 1, 1))
PLAN = RiskPlan(
    ref="INV-1", author="OM1", written_on=DAY, actions=(PlanAction("Check devices", "OM1", DAY),), review_due=DAY + timedelta(9)
)
NOTE = ChildNotification(id="c1", ref="INV-1", noticed_at=NOON, written_at=NOON, by="OM1")
REQUEST = Request(id="r1", ref="INV-1", kind="visit", to="OM1", by="DS2", at=NOON, text="When will he be seen?")
TEXT = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"), max_size=8)
BY_TYPE: dict[Any, st.SearchStrategy[Any]] = {
    str: TEXT,
    int: st.integers(-(2**63), 2**63 - 1),
    bool: st.booleans(),
    date: st.dates(),
    datetime: st.datetimes(),
}


def _any(hint: Any) -> st.SearchStrategy[Any]:
    """Any value that a field of this type may hold."""
    inner = typing.get_args(hint)
    if typing.get_origin(hint) is tuple:
        return st.lists(_any(inner[0]), max_size=3).map(tuple)
    if type(None) in inner:
        return st.none() | _any(next(each for each in inner if each is not type(None)))
    if dataclasses.is_dataclass(hint):
        model = typing.cast("type[Any]", hint)
        return st.builds(model, **{name: _any(kind) for name, kind in typing.get_type_hints(model).items()})
    return BY_TYPE[hint] if hint in BY_TYPE else st.sampled_from(hint)


class _Undo(Exception):
    """Leaves nothing of an example behind."""


@pytest.fixture
def trial(workspace: Workspace) -> Callable[[Callable[[Unit], None]], None]:
    """Run an example on a workspace with one offender, in a transaction that is undone."""
    with workspace.transaction() as unit:
        unit.save_offenders([HIM])
        unit.save_incidents(
            IncidentFile(id="f1", digest="1", name="a.csv", at=NOON, by="OM1"),
            [LoggedMatch(_match("m0"), KeptLog(id="l1", file_id="f1", number="1"))],
        )

    def run(example: Callable[[Unit], None]) -> None:
        try:
            with workspace.transaction() as unit:
                example(unit)
                unit.seal()
                raise _Undo
        except _Undo:
            pass

    return run


def _match(name: str) -> OffDutyMatch:
    return OffDutyMatch(id=name, ref="INV-1", log_id="l1", sureness=Sureness.LIKELY, explanation="Likely: same name.")


def test_whatever_a_record_holds_comes_back(trial: Any) -> None:
    """Every kind of record, from any values of its fields, on both kinds of workspace; then changed into any other."""
    for kind in OF_OFFENDERS:
        _comes_back(trial, kind)


def _comes_back(trial: Any, kind: RecordKind[Any]) -> None:
    hints = typing.get_type_hints(kind.model)
    fixed = {"ref": "INV-1", "id": "x1", "log_id": "l1"}
    if "authoriser" in hints:  # the database itself asks for two people
        fixed |= {"reviewer": "OM1", "authoriser": "OM2"}
    strategy = st.builds(kind.model, **{name: st.just(fixed[name]) if name in fixed else _any(hints[name]) for name in hints})

    @settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
    @given(strategy, strategy)
    def from_any_values(first: Any, second: Any) -> None:
        def example(unit: Unit) -> None:
            records = unit._records
            unit.connection.execute(MATCH.table.delete())
            (kept,) = records.add(kind, [("INV-1", first)])
            assert [each.fact for each in records.kept(kind)] == [first]
            assert dict(records.grouped(kind, None)) == {"INV-1": (first,)}
            records.change(kind, kept, second, "")
            assert [each.fact for each in records.kept(kind)] == [second]

        trial(example)

    from_any_values()


def test_times_with_a_zone_are_kept_as_local_times(workspace: Workspace) -> None:
    aware = NOON.astimezone()
    with workspace.transaction() as unit:
        unit.save_offenders([HIM])
        unit.save_request(replace(REQUEST, at=aware))
        assert unit.requests()[0].at == NOON


def test_assessments_are_kept_and_corrected(workspace: Workspace) -> None:
    first = Assessment(id="a1", ref="INV-1", tool=Tool.ARMS, done_on=DAY, by="OM1", priority=Risk.HIGH)
    older = replace(first, id="a2", done_on=DAY - timedelta(9))
    with workspace.transaction() as unit:
        unit.save_offenders([HIM])
        unit.add_assessment(first)
        unit.add_assessment(older)
        assert unit.assessments() == unit.assessments("INV-1") == (older, first)
        assert unit.assessments("INV-2") == ()
        unit.correct_assessment(first, replace(first, priority=Risk.LOW), "typed wrongly")
        with pytest.raises(StaleRecord):
            unit.correct_assessment(first, replace(first, by="OM2"), "")
    with pytest.raises(StaleRecord), workspace.transaction() as unit:
        unit.add_assessment(first)


def test_rule_12_plans_go_through_their_sign_off_and_signed_versions_stay(workspace: Workspace) -> None:
    sent = submit(PLAN, NOON)
    signed = sign_off(sign_off(sent, Rank.SERGEANT, "DS2", NOON), Rank.INSPECTOR, "DI3", NOON, "Good")
    second = new_version(signed, "OM1", DAY)
    with workspace.transaction() as unit:
        unit.save_offenders([HIM])
        unit.save_risk_plan(PLAN)
        unit.save_risk_plan(sent, PLAN)
        unit.save_risk_plan(signed, sent)
        unit.save_risk_plan(second)
        assert unit.risk_plans() == (signed, second)
        assert unit.risk_plans("INV-1", current_only=True) == (second,)
        assert unit.plan_states() == {"INV-1": PlanState.DRAFT}, "of the newest version"
        assert unit.uses(2)[1].fields == ("risk_plan.state", "risk_plan.reviews")
    ticked = replace(signed, actions=(replace(PLAN.actions[0], done_on=DAY),))
    with workspace.transaction() as unit:
        unit.save_risk_plan(ticked, signed)
        with pytest.raises(BadRecord):
            unit.save_risk_plan(replace(ticked, summary="other"), ticked)
        with pytest.raises(BadRecord):
            unit.save_risk_plan(replace(ticked, state=PlanState.DRAFT), ticked)
        with pytest.raises(StaleRecord):
            unit.save_risk_plan(replace(second, summary="not seen"))
    assert verify(workspace).problems == ()


def test_two_supervisors_do_not_both_review_one_plan(workspace: Workspace) -> None:
    sent = submit(PLAN, NOON)
    with workspace.transaction() as unit:
        unit.save_offenders([HIM])
        unit.save_risk_plan(sent)
    with workspace.transaction() as unit:
        unit.save_risk_plan(sign_off(sent, Rank.SERGEANT, "DS2", NOON), sent)
    with pytest.raises(StaleRecord), workspace.transaction() as unit:
        unit.save_risk_plan(sign_off(sent, Rank.SERGEANT, "DS9", NOON), sent)


def test_child_notifications_and_requests_are_found_and_answered(workspace: Workspace) -> None:
    answered = replace(REQUEST, answer="On Tuesday", answered_by="OM1", answered_at=NOON)
    with workspace.transaction() as unit:
        unit.save_offenders([HIM])
        unit.save_child_notification(NOTE)
        unit.save_child_notification(replace(NOTE, sent_at=NOON, sent_to="Children's services"), NOTE)
        assert [note.sent for note in unit.child_notifications("INV-1")] == [True]
        unit.save_request(REQUEST)
        unit.save_request(answered, REQUEST)
        assert unit.requests(to="OM1", open_only=True) == (answered,)
        unit.save_request(replace(answered, done=True), answered)
        assert unit.requests(open_only=True) == unit.requests(to="OM2") == unit.requests(ref="INV-2") == ()
        told = " ".join(str(use) for use in unit.uses())
    assert "request.answer" in told
    assert "Tuesday" not in told
    assert "services" not in told


def test_a_dip_sample_is_drawn_and_graded_once(workspace: Workspace) -> None:
    month = Month(2026, 11)
    grade = GradedRecord(month, "OM1", "INV-1", Grade.GOOD, "DS2", DAY)
    drawn = DrawnRecord(month, "OM1", "INV-1", 2**63 - 1, "DS2", DAY)
    with workspace.transaction() as unit:
        unit.save_offenders([HIM])
        unit.save_drawn([drawn])
        unit.save_grade(grade)
        assert unit.drawn(month) == unit.drawn(month, "OM1") == (drawn,)
        assert unit.graded(Month(2026, 10)) == unit.graded(manager="OM2") == ()
        unit.save_grade(replace(grade, grade=Grade.INADEQUATE), grade)
        assert [each.grade for each in unit.graded(month, "OM1")] == [Grade.INADEQUATE]
        with pytest.raises(StaleRecord):
            unit.save_grade(grade)
    with pytest.raises(StaleRecord), workspace.transaction() as unit:
        unit.save_drawn([drawn])


def _found(file_id: str, number: str = "77") -> tuple[LoggedMatch, ...]:
    person = LogPerson(surname="Invented", forenames="Alan", date_of_birth=date(1970, 1, 1), role="driver")
    logs = [IncidentLog(number="1"), IncidentLog(number=number, at=NOON, persons=(person,), text="Seen near a school")]
    matches = match_incidents(logs, [Identity().subject(HIM)]).matches
    names = iter(range(99))
    return to_keep(file_id, logs, matches, lambda: f"{file_id}-{next(names)}")


def test_what_happened_off_duty_is_shown_and_acknowledged(workspace: Workspace) -> None:
    file = IncidentFile(id="f1", digest="aa", name="logs.csv", at=NOON, by="OM1", rows_read=2, logs=2, matches=1)
    found = _found("f1")
    with workspace.transaction() as unit:
        unit.save_offenders([HIM, replace(HIM, ref="INV-2", manager="OM2")])
        assert unit.save_incidents(file, found) == found
        assert unit.incident_files() == (file,)
        assert unit.uses(1)[0].operation is Operation.COMBINATION
        (only,) = unit.matches("OM1", open_only=True)
        assert (only.log.number, only.log.persons) == ("77", ("Invented, Alan, born 1 Jan 1970, driver",))
        assert only.match.sureness is Sureness.SURE
        assert unit.matches("OM2") == unit.matches(ref="INV-2") == ()
        said = unit.acknowledge(only.match, Verdict.HIM, "OM1", NOON, "spoke to him", ["visit brought forward"])
        assert unit.matches(open_only=True) == ()
        assert unit.matches()[0].match == said
        with pytest.raises(StaleRecord):
            unit.acknowledge(only.match, Verdict.NOT_HIM, "OM9", NOON)
    assert verify(workspace).problems == ()


def test_a_log_told_of_again_is_not_shown_again(workspace: Workspace) -> None:
    file = IncidentFile(id="f1", digest="aa", name="logs.csv", at=NOON, by="OM1")
    with workspace.transaction() as unit:
        unit.save_offenders([HIM])
        unit.save_incidents(file, _found("f1"))
        assert unit.save_incidents(replace(file, id="f2", digest="bb"), _found("f2")) == ()
        assert len(unit.save_incidents(replace(file, id="f3", digest="cc"), _found("f3", "78"))) == 1
    with pytest.raises(BadRecord), workspace.transaction() as unit:
        unit.save_incidents(replace(file, id="f4"), ())


def test_rule_29_the_table_of_clocks_is_changed_as_data(workspace: Workspace) -> None:
    with workspace.transaction() as unit:
        own = unit.clock_table_text()
        assert unit.clock_table_versions() == ()
        changed = own + '\n[event.new_duty]\nlabel = "A new duty"\n'
        assert unit.save_clock_table(changed, "new Act").label("new_duty") == "A new duty"
        assert unit.uses(1)[0].fields == ("new_duty",)
        unit.save_clock_table(changed, "nothing new")
        with pytest.raises(PolicyError):
            unit.save_clock_table(own + "\n[clock.broken]\n", "typing")
    with workspace.transaction() as unit:
        assert "new_duty" in unit.clock_table().events
        (version,) = unit.clock_table_versions()
    assert (version.number, version.by, version.reason, version.text) == (1, "Sgt Invented", "new Act", changed)
