"""A ViSOR list against the caseload; invented people."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from mosovo_planner.domain.matching import ListComparison, ListedPerson, compare_list
from mosovo_planner.domain.people import Caseload, Offender, OffenderManager, Risk
from mosovo_planner.domain.visits import Outcome, Visit

OAK = Offender(
    ref="W-1", visor_ref="SYN/1", surname="Oak", forenames="Alan", date_of_birth=date(1971, 5, 3), risk=Risk.HIGH,
    manager="OM1", last_seen=date(2026, 9, 1),
)  # fmt: skip
ELM = Offender(ref="W-2", surname="Elm", forenames="Ivor", date_of_birth=date(1980, 1, 2))
CASELOAD = Caseload((OAK, ELM), (OffenderManager(id="OM1", name="Kim Marsh"),))


def listed(ref: str, **values: object) -> ListedPerson:
    return ListedPerson("List", 2, ref, values)


def compared(*people: ListedPerson, visits: tuple[Visit, ...] = (), caseload: Caseload = CASELOAD) -> ListComparison:
    return compare_list(people, caseload, visits)


def test_found_by_either_reference_and_the_same():
    for each in (listed("syn1"), listed("W-1"), listed("other", visor_ref="SYN/1")):
        found = compared(each)
        assert (found.matched, found.same, [missing.ref for missing in found.missing_there]) == (1, 1, ["W-2"])


def test_missing_here_names_who_may_be_the_same():
    found = compared(listed("SYN/9", surname="ELM", forenames="Ivor", date_of_birth=date(1980, 1, 2)), listed("SYN/1"))
    (missing,) = found.missing_here
    assert missing.maybe == ("W-2",)
    assert "another reference" in found.missing_there[0].why
    assert compared(listed("SYN/8")).missing_here[0].maybe == ()


def test_what_differs_is_told_in_words():
    found = compared(listed("SYN/1", surname="OAK", risk=Risk.LOW, manager="Kim Marsh", date_of_birth=date(1971, 3, 5)))
    told = {each.field: (each.here, each.there) for each in found.differences}
    assert told == {"risk": ("High", "Low"), "date_of_birth": ("03/05/1971", "05/03/1971")}
    assert found.same == 0
    assert {each.field for each in compared(listed("SYN/1", manager="Sam Green", risk=None)).differences} == {"manager", "risk"}


def test_visits_after_the_last_one_listed_are_not_entered():
    made = Visit(id="v1", ref="W-1", at=datetime(2026, 9, 1, 18, 30))
    tried = Visit(id="v2", ref="W-1", at=datetime(2026, 9, 20, 10), outcome=Outcome.NO_REPLY)
    found = compared(listed("SYN/1", last_seen=date(2026, 6, 1)), visits=(made, tried))
    assert [(each.visit_id, each.on, each.outcome) for each in found.visits_not_entered] == [
        ("v1", date(2026, 9, 1), "Seen"),
        ("v2", date(2026, 9, 20), "No reply"),
    ]
    ticked = compare_list([listed("SYN/1", last_seen=date(2026, 6, 1))], CASELOAD, (made, tried), entered=frozenset({"v1"}))
    assert [each.visit_id for each in ticked.visits_not_entered] == ["v2"]


def test_a_visit_known_only_by_its_date_and_a_list_without_visits():
    found = compared(listed("SYN/1", last_seen=None))
    assert [(each.visit_id, each.on) for each in found.visits_not_entered] == [("", date(2026, 9, 1))]
    assert compared(listed("SYN/1"), visits=(Visit(id="v", ref="W-1", at=datetime(2026, 9, 1)),)).visits_not_entered == ()


def test_the_caseload_is_left_as_it_was():
    before = replace(OAK)
    compared(listed("SYN/1", risk=Risk.LOW))
    assert before == OAK
