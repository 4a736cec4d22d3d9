"""Logs against a small invented caseload: how sure, and why."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import starmap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mosovo_planner.domain.matching import (
    MOST_ALIKE,
    Address,
    CaseloadIndex,
    IncidentLog,
    IncidentMatch,
    LogPerson,
    Subject,
    Sureness,
    match_incidents,
    subject_of,
)
from mosovo_planner.domain.people import Offender
from mosovo_planner.domain.progress import Cancelled, Progress

BORN = date(1971, 5, 3)
TESTER = Subject(
    ref="W-00417", refs=("SYN-22-0001234",), surname="Tester", forenames="William Alan", aliases=("Spider", "Bill Oakley"),
    date_of_birth=BORN, addresses=(Address("1 Sample Street", "ZZ1 1ZZ"),), vehicles=("AB12 CDE",),
)  # fmt: skip
OTHER = Subject(ref="W-00418", surname="Elmwood", forenames="Ivor", date_of_birth=date(1984, 11, 27))
SMITHS = tuple(
    Subject(ref=f"S-{year - 1950}", surname="Smith", forenames="John", date_of_birth=date(year, 2, 14))
    for year in range(1950, 1970)
)
INDEX = CaseloadIndex([TESTER, OTHER, *SMITHS])


def matches(person: LogPerson | None = None, **log: object) -> tuple[IncidentMatch, ...]:
    persons = (person,) if person else ()
    return match_incidents([IncidentLog(number="L1", persons=persons, **log)], INDEX).matches  # type: ignore[arg-type]


def only(person: LogPerson | None = None, **log: object) -> IncidentMatch:
    (found,) = matches(person, **log)
    assert found.ref == TESTER.ref
    return found


@pytest.mark.parametrize("ref", ["W-00417", "w-00417", "W00417", "W 00417", "SYN-22-0001234"])
def test_a_reference_is_sure_and_says_so(ref: str):
    found = only(LogPerson(refs=(ref,)))
    assert found.sureness is Sureness.SURE
    assert found.explanation == f"Sure: same reference {ref}."


def test_a_reference_is_sure_even_where_the_rest_contradicts_which_is_told():
    found = only(LogPerson(surname="Beech", forenames="Guy", date_of_birth=date(1999, 9, 9), refs=("W-00417",)))
    assert found.sureness is Sureness.SURE
    assert "another name" in found.explanation
    assert "another date of birth" in found.explanation


def test_a_reference_in_the_text():
    assert only(text="Suspect is W-00417, see intelligence.").sureness is Sureness.SURE


def test_a_reference_that_several_bear_is_only_likely():
    index = CaseloadIndex([TESTER, Subject(ref="W/00417/X", refs=("SYN-22-0001234",))])
    log = IncidentLog(number="L", persons=(LogPerson(refs=("SYN-22-0001234",)),))
    assert {match.sureness for match in match_incidents([log], index).matches} == {Sureness.LIKELY}


@pytest.mark.parametrize(
    ("person", "sureness", "words"),
    [
        (LogPerson(surname="TESTER", forenames="William", date_of_birth=BORN), Sureness.SURE, "same date of birth"),
        (LogPerson(surname="Tester", forenames="Bill", date_of_birth=BORN), Sureness.SURE, "form of the forename"),
        (LogPerson(surname="Bill Oakley", date_of_birth=BORN), Sureness.SURE, "same name"),
        (LogPerson(surname="Tester", forenames="Spider", date_of_birth=BORN), Sureness.SURE, "same name"),
        (LogPerson(surname="William", forenames="Tester", date_of_birth=BORN), Sureness.SURE, "other order"),
        (LogPerson(surname="Tetser", forenames="William", date_of_birth=date(1971, 3, 5)), Sureness.LIKELY, "swapped"),
        (LogPerson(surname="Tester", forenames="William", date_of_birth=date(1971, 5, 8)), Sureness.LIKELY, "one digit off"),
        (LogPerson(surname="Tester", forenames="W", date_of_birth=BORN), Sureness.LIKELY, "initial"),
        (LogPerson(surname="Tester", forenames="William", birth_year=1971), Sureness.LIKELY, "year of birth"),
        (LogPerson(surname="Tester", forenames="William"), Sureness.POSSIBLE, "same name"),
        (LogPerson(surname="Tetser", forenames="William"), Sureness.POSSIBLE, "nearly the same"),
        (LogPerson(surname="Tester", forenames="Guy", date_of_birth=BORN), Sureness.POSSIBLE, "another forename"),
    ],
)
def test_names_and_dates_of_birth(person: LogPerson, sureness: Sureness, words: str):
    found = only(person)
    assert found.sureness is sureness
    assert words in found.explanation


@pytest.mark.parametrize(
    "person",
    [
        LogPerson(surname="Tester", forenames="William", date_of_birth=date(1999, 9, 9)),
        LogPerson(surname="Tester"),
        LogPerson(surname="Beech", forenames="Guy", date_of_birth=BORN),
        LogPerson(surname="Beech", forenames="Guy"),
        LogPerson(),
    ],
)
def test_too_little_is_no_match(person: LogPerson):
    assert matches(person) == ()


def test_his_address_with_and_without_his_name():
    named = only(LogPerson(surname="Tester", forenames="William"), address="1 Sample St", postcode="ZZ1 1ZZ")
    alone = only(address="1 Sample St", postcode="ZZ1 1ZZ")
    assert (named.sureness, alone.sureness) == (Sureness.LIKELY, Sureness.POSSIBLE)
    assert "his address" in alone.explanation
    assert matches(postcode="ZZ1 1ZZ") == ()


def test_his_vehicle_in_its_column_and_in_the_text():
    assert only(vehicles=("ab12cde",)).sureness is Sureness.LIKELY
    assert only(text="Blue car AB12 CDE seen outside the school").sureness is Sureness.LIKELY
    other = only(LogPerson(surname="Beech", forenames="Guy"), vehicles=("AB12CDE",))
    assert other.sureness is Sureness.POSSIBLE
    assert "another name" in other.explanation


def test_a_name_in_the_text():
    found = only(text="INFORMANT STATES WILLIAM TESTER DOB 03/05/1971 WAS SHOUTING")
    assert found.sureness is Sureness.SURE
    assert "text of the log" in found.explanation
    assert only(text="Caller says Tester, Bill is outside").sureness is Sureness.POSSIBLE


def test_a_common_name_alone_is_counted_and_not_listed():
    result = match_incidents([IncidentLog(number="L", persons=(LogPerson(surname="Smith", forenames="John"),))], INDEX)
    assert result.matches == ()
    (aside,) = result.set_aside
    assert aside.people == len(SMITHS) > MOST_ALIKE
    assert "20 people" in aside.explanation


def test_a_common_name_with_its_date_of_birth_is_the_one_person():
    (found,) = matches(LogPerson(surname="Smith", forenames="John", date_of_birth=SMITHS[3].date_of_birth))[:1]
    assert (found.ref, found.sureness) == ("S-3", Sureness.SURE)


def test_two_people_of_one_name_and_date_of_birth_are_only_likely():
    twins = [Subject(ref=ref, surname="Oak", forenames="Alan", date_of_birth=BORN) for ref in ("A1", "A2")]
    log = IncidentLog(number="L", persons=(LogPerson(surname="Oak", forenames="Alan", date_of_birth=BORN),))
    found = match_incidents([log], twins).matches
    assert [match.sureness for match in found] == [Sureness.LIKELY] * 2
    assert "several people" in found[0].explanation


def test_an_offender_of_the_caseload_becomes_a_subject_with_all_that_is_known():
    offender = Offender(ref="R1", visor_ref="V1", surname="Oak", address="2 Sample Street", postcode="ZZ1 1ZY")
    subject = subject_of(offender, vehicles=("AB12CDE",), addresses=(Address("Workshop", "ZZ2 2ZZ"),))
    assert subject.refs == ("R1", "V1")
    assert [each.postcode for each in subject.addresses] == ["ZZ1 1ZY", "ZZ2 2ZZ"]


def test_matching_stops_when_asked():
    def stop(_: Progress) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        match_incidents([IncidentLog(number="L")], INDEX, stop)


_texts = st.text(max_size=30)
_persons = st.builds(
    LogPerson,
    surname=_texts,
    forenames=_texts,
    date_of_birth=st.none() | st.dates(),
    refs=st.lists(_texts, max_size=2).map(tuple),
    addresses=st.lists(st.builds(Address, _texts, _texts), max_size=2).map(tuple),
    vehicles=st.lists(_texts, max_size=1).map(tuple),
)


@given(_persons, _texts, _texts, st.text(max_size=200))
def test_no_text_breaks_matching(person: LogPerson, address: str, postcode: str, text: str):
    log = IncidentLog(number="L", persons=(person,), address=address, postcode=postcode, text=text)
    for match in match_incidents([log], INDEX).matches:
        assert match.evidence.reasons


@given(_persons)
def test_an_exact_reference_is_sure_whatever_else_is_said(person: LogPerson):
    found = {match.ref: match.sureness for match in matches(replace(person, refs=("W-00417",)))}
    assert found["W-00417"] is Sureness.SURE


_few = st.tuples(st.sampled_from(["Smith", "Smyth", "Oak"]), st.sampled_from(["John", "Jon", "Ann"]))


@given(st.lists(_few, min_size=1, max_size=12))
def test_a_name_alone_is_never_more_than_possible(names: list[tuple[str, str]]):
    caseload = [
        Subject(ref=str(number), surname=surname, forenames=forename, date_of_birth=BORN)
        for number, (surname, forename) in enumerate(names)
    ]
    logs = [IncidentLog(number="L", persons=(person,)) for person in starmap(_person, names)]
    assert {match.sureness for match in match_incidents(logs, caseload).matches} <= {Sureness.POSSIBLE}


def _person(surname: str, forename: str) -> LogPerson:
    return LogPerson(surname=surname, forenames=forename)
