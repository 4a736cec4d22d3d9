"""What is known of an offender beside his record comes back whole, is changed by whoever has seen it, and follows his record."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from mosovo_planner.domain.facts import Condition, Event, Facts, NoFixedHome, Order, ReactiveApproval, RiskSince, Stay, Trip
from mosovo_planner.domain.identity import Alias, EarlierAddress, Identity, OtherReference, Vehicle
from mosovo_planner.domain.kept import Fact
from mosovo_planner.domain.people import Offender, Risk, Status
from mosovo_planner.domain.record import Operation
from mosovo_planner.domain.sentences import ConfirmedEnd, Disposal, Sentence, Term
from mosovo_planner.store import Workspace
from mosovo_planner.store.backups.backup import verify
from mosovo_planner.store.base.errors import BadRecord, StaleRecord, StillNeeded

DAY = date(2026, 11, 23)
HIM = Offender(ref="INV-1")
ORDER = Order("SHPO", date(2019, 5, 2), date(2029, 5, 1), (Condition("No unsupervised contact", DAY), Condition("No devices")))
ALL: tuple[Fact, ...] = (
    Event("arrest", DAY, ended=DAY, expected=DAY, matter="change_address"),
    Stay(Status.CUSTODY, date(2020, 1, 1), date(2020, 2, 1)),
    ORDER,
    Trip(DAY, DAY, DAY, DAY, True),
    RiskSince(Risk.LOW, DAY),
    Sentence(date(2019, 5, 2), Disposal.IMPRISONMENT, Term(years=2, days=1), date(1970, 1, 1)),
    ConfirmedEnd(None, "DS02", DAY),
    ReactiveApproval(DAY, "DS02"),
    NoFixedHome(DAY),
    Alias("Al", "from custody"),
    EarlierAddress("1 Sample Street", "ZZ1 1ZZ", DAY),
    Vehicle("AB12 CDE", "blue van"),
    OtherReference("123", "PNC"),
)


def test_facts_come_back_whole(workspace: Workspace) -> None:
    began = datetime.now(UTC)
    with workspace.transaction() as unit:
        unit.save_offenders([HIM, replace(HIM, ref="INV-2")])
        for fact in ALL:
            unit.add_fact("INV-1", fact)
    with workspace.transaction() as unit:
        kept = unit.kept_facts("INV-1")
        facts, identity = unit.facts(), unit.identities(["INV-1", "INV-2", "nobody"])
    assert {each.fact for each in kept} == set(ALL)
    assert {(each.ref, each.by, each.automatic) for each in kept} == {("INV-1", "Sgt Invented", False)}
    assert all(began <= each.at <= datetime.now(UTC) for each in kept)
    event, stay, order, trip, risk, sentence, end, reactive, _, alias, address, vehicle, other = ALL
    assert facts == {"INV-1": Facts((event,), (stay,), (order,), (trip,), (risk,), sentence, end, True, reactive)}  # type: ignore[arg-type]
    assert identity == {"INV-1": Identity((alias,), (address,), (vehicle,), (other,))}  # type: ignore[arg-type]
    assert identity["INV-1"].subject(HIM).vehicles == ("AB12 CDE",)
    assert verify(workspace).problems == ()


def test_a_fact_is_changed_and_removed_by_who_has_seen_it(workspace: Workspace) -> None:
    with workspace.transaction() as unit:
        unit.save_offenders([HIM])
        first = unit.add_fact("INV-1", ORDER)
        second = unit.change_fact(first, replace(ORDER, discharged=DAY, conditions=ORDER.conditions[:1]), "discharged")
        assert unit.uses(1)[0].fields == ("court_order.conditions", "court_order.discharged")
        assert unit.uses(1)[0].reason == "discharged"
        for stale in (first, replace(second, id="other")):
            with pytest.raises(StaleRecord):
                unit.change_fact(stale, ORDER)
            with pytest.raises(StaleRecord):
                unit.remove_fact(stale, "")
        unit.remove_fact(second, "entered for the wrong man")
        assert unit.uses(1)[0].operation is Operation.ERASURE
        assert unit.facts() == {}
    assert verify(workspace).problems == ()


def test_of_some_kinds_there_is_one(workspace: Workspace) -> None:
    with workspace.transaction() as unit:
        unit.save_offenders([HIM])
        unit.set_fact("INV-1", ConfirmedEnd(DAY, "DS02", DAY))
        unit.set_fact("INV-1", ConfirmedEnd(None, "DS03", DAY))
        assert unit.facts()["INV-1"].notification_end == ConfirmedEnd(None, "DS03", DAY)
        assert len(unit.kept_facts("INV-1")) == 1
    with pytest.raises(StaleRecord), workspace.transaction() as unit:
        unit.add_fact("INV-1", ConfirmedEnd(DAY, "DS02", DAY))


def test_facts_need_an_offender(workspace: Workspace) -> None:
    with pytest.raises(BadRecord), workspace.transaction() as unit:
        unit.add_fact("INV-9", ORDER)
    with workspace.transaction() as unit:
        unit.save_offenders([HIM])
    with pytest.raises(BadRecord) as refused, workspace.transaction() as unit:
        unit.add_fact("INV-1", Order("SHPO", DAY, conditions=(Condition("bad \0"),)))
    assert "bad" not in str(refused.value)


def test_risk_and_stays_follow_the_record(workspace: Workspace) -> None:
    with workspace.transaction() as unit:
        (him,) = unit.save_offenders([replace(HIM, risk=Risk.LOW)], on=date(2023, 1, 1))
        (him,) = unit.save_offenders([replace(him, notes="x", risk=Risk.HIGH)], on=date(2024, 1, 1))
        (him,) = unit.save_offenders([replace(him, risk=Risk.MEDIUM, status=Status.CUSTODY)], on=date(2024, 1, 1))
        (him,) = unit.save_offenders([replace(him, status=Status.HOSPITAL)], on=date(2024, 3, 1))
        (him,) = unit.save_offenders([replace(him, status=Status.COMMUNITY)], on=date(2024, 4, 1))
        facts = unit.facts()["INV-1"]
        assert all(each.automatic for each in unit.kept_facts("INV-1"))
    assert facts.risks == (RiskSince(Risk.LOW, date(2023, 1, 1)), RiskSince(Risk.MEDIUM, date(2024, 1, 1)))
    assert facts.stays == (
        Stay(Status.CUSTODY, date(2024, 1, 1), date(2024, 3, 1)),
        Stay(Status.HOSPITAL, date(2024, 3, 1), date(2024, 4, 1)),
    )
    assert verify(workspace).problems == ()


def test_a_change_made_and_taken_back_on_one_day_leaves_nothing(workspace: Workspace) -> None:
    with workspace.transaction() as unit:
        (him,) = unit.save_offenders([replace(HIM, risk=Risk.LOW)], on=DAY - timedelta(days=9))
        (him,) = unit.save_offenders([replace(him, risk=Risk.HIGH, status=Status.ABROAD)], on=DAY)
        (him,) = unit.save_offenders([replace(him, risk=Risk.LOW, status=Status.COMMUNITY)], on=DAY)
        assert unit.facts()["INV-1"] == Facts(risks=(RiskSince(Risk.LOW, DAY - timedelta(days=9)),))


def test_what_a_person_entered_first_is_not_doubled(workspace: Workspace) -> None:
    with workspace.transaction() as unit:
        (him,) = unit.save_offenders([HIM])
        unit.add_fact("INV-1", Stay(Status.CUSTODY, date(2026, 10, 1)))
        unit.add_fact("INV-1", RiskSince(Risk.HIGH, date(2026, 10, 1)))
        (him,) = unit.save_offenders([replace(him, status=Status.CUSTODY, risk=Risk.HIGH)], on=DAY)
        assert unit.facts()["INV-1"].stays == (Stay(Status.CUSTODY, date(2026, 10, 1)),)
        assert unit.facts()["INV-1"].risks == (RiskSince(Risk.HIGH, date(2026, 10, 1)),)
        unit.save_offenders([replace(him, status=Status.COMMUNITY)], on=DAY)
        assert unit.facts()["INV-1"].stays == (Stay(Status.CUSTODY, date(2026, 10, 1), DAY),)


def test_imports_taken_back_days_later_take_their_history_back(workspace: Workspace) -> None:
    """Two imports, undone newest first: risk and stays are as before the first."""
    with workspace.transaction() as unit:
        (first,) = unit.save_offenders([replace(HIM, risk=Risk.LOW, status=Status.CUSTODY)], on=date(2023, 1, 1))
        before = unit.facts()
        (second,) = unit.save_offenders([replace(first, risk=Risk.HIGH, status=Status.HOSPITAL)], on=date(2024, 1, 1))
        between = unit.facts()
        (third,) = unit.save_offenders([replace(second, risk=Risk.MEDIUM, status=Status.COMMUNITY)], on=date(2025, 1, 1))
        (fourth,) = unit.save_offenders([replace(second, version=third.version)], undo=True)
        assert unit.facts() == between
        unit.save_offenders([replace(first, version=fourth.version)], undo=True)
        assert unit.facts() == before
    assert verify(workspace).problems == ()


def test_an_import_taken_back_on_its_own_day_leaves_the_history_as_it_was(workspace: Workspace) -> None:
    """Also where the record itself came on that day, so that the import had put its lines in place of the first ones."""
    with workspace.transaction() as unit:
        (first,) = unit.save_offenders([replace(HIM, risk=Risk.LOW, status=Status.CUSTODY)], on=DAY)
        before = unit.facts()
        (second,) = unit.save_offenders([replace(first, risk=Risk.HIGH, status=Status.COMMUNITY)], on=DAY)
        unit.save_offenders([replace(first, version=second.version)], on=DAY, undo=True)
        assert unit.facts() == before
    assert verify(workspace).problems == ()


def test_taking_an_import_back_leaves_what_a_person_entered(workspace: Workspace) -> None:
    entered = (RiskSince(Risk.MEDIUM, date(2020, 1, 1)), Stay(Status.HOSPITAL, date(2020, 1, 1), date(2020, 5, 1)))
    with workspace.transaction() as unit:
        (first,) = unit.save_offenders([HIM])
        unit.add_facts(("INV-1", fact) for fact in entered)
        (second,) = unit.save_offenders([replace(first, risk=Risk.HIGH, status=Status.ABROAD)], on=date(2026, 1, 1))
        unit.save_offenders([replace(first, version=second.version)], undo=True)
        assert unit.facts()["INV-1"] == Facts(risks=entered[:1], stays=entered[1:])


def test_what_follows_from_the_record_does_not_keep_it_and_what_was_entered_does(workspace: Workspace) -> None:
    with workspace.transaction() as unit:
        unit.save_offenders([replace(HIM, risk=Risk.LOW), replace(HIM, ref="INV-2", status=Status.ABROAD)])
        assert unit.with_records() == frozenset()
        unit.add_fact("INV-2", Event("arrest", DAY))
        assert unit.with_records(["INV-1", "INV-2"]) == {"INV-2"}
        assert unit.delete_offenders(["INV-1"]) == 1
    with pytest.raises(StillNeeded), workspace.transaction() as unit:
        unit.delete_offenders(["INV-2"])
    with workspace.transaction() as unit:
        unit.delete_offenders(["INV-2"], with_visits=True)
        assert unit.facts() == {}
    assert verify(workspace).problems == ()
