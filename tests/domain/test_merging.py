"""Two people changed one record at a time: nothing either of them changed is lost unasked."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from mosovo_planner.domain.merging import merge, record_fields, with_fields
from mosovo_planner.domain.people import Offender, Position, Risk

READ = Offender(ref="INV-1", surname="Ash", risk=Risk.LOW, address="1 Elm Road", markers=("Dog", "two officers"), version=3)
TOGETHER = (("address", "postcode", "position"),)


def put_together(mine: Offender, theirs: Offender) -> Any:
    return merge(record_fields(READ), record_fields(mine), record_fields(theirs), TOGETHER)


def test_what_only_one_of_two_changed_is_kept_and_nobody_is_asked() -> None:
    theirs = replace(READ, risk=Risk.HIGH, version=4)
    found = put_together(replace(READ, surname="Birch"), theirs)
    assert found.conflicts == ()
    assert with_fields(theirs, found.values) == replace(theirs, surname="Birch")
    assert (found.mine, found.theirs) == (("surname",), ("risk",))


def test_what_both_changed_alike_is_no_question() -> None:
    theirs = replace(READ, risk=Risk.HIGH)
    assert put_together(replace(READ, risk=Risk.HIGH), theirs).conflicts == ()


def test_only_what_both_changed_is_asked() -> None:
    theirs = replace(READ, risk=Risk.HIGH, surname="Birch", version=4)
    found = put_together(replace(READ, risk=Risk.MEDIUM, notes="typed"), theirs)
    (conflict,) = found.conflicts
    assert (conflict.names, conflict.before, conflict.mine, conflict.theirs) == (
        ("risk",), (Risk.LOW,), (Risk.MEDIUM,), (Risk.HIGH,),
    )  # fmt: skip
    assert with_fields(theirs, found.all_mine) == replace(theirs, risk=Risk.MEDIUM, notes="typed")
    assert with_fields(theirs, found.settled({})) == replace(theirs, notes="typed")


def test_an_address_never_gets_the_postcode_or_position_of_another() -> None:
    theirs = replace(READ, postcode="SN1 1AA", position=Position(51.0, -2.0))
    (conflict,) = put_together(replace(READ, address="9 Oak Lane"), theirs).conflicts
    assert conflict.names == ("address", "postcode", "position")
    assert conflict.mine == ("9 Oak Lane", "", None)


def test_lists_are_put_together_item_by_item() -> None:
    found = put_together(
        replace(READ, markers=("Dog", "two officers", "not OM03")), replace(READ, markers=("two officers", "stairs"))
    )
    assert found.conflicts == ()
    assert set(found.values["markers"]) == {"two officers", "stairs", "not OM03"}


def test_one_item_changed_by_both_is_asked() -> None:
    (conflict,) = put_together(
        replace(READ, markers=("Two dogs", "two officers")), replace(READ, markers=("No dog", "two officers"))
    ).conflicts
    assert conflict.names == ("markers",)


VALUES = st.dictionaries(st.sampled_from("abcd"), st.integers(0, 2), min_size=4, max_size=4)


@given(VALUES, VALUES, VALUES)
def test_every_field_is_somebodys_and_a_conflict_is_exactly_what_both_changed(
    before: dict[str, int], mine: dict[str, int], theirs: dict[str, int]
) -> None:
    found = merge(before, mine, theirs)
    asked = {each.names[0] for each in found.conflicts}
    for name in "abcd":
        both = mine[name] != before[name] and theirs[name] != before[name] and mine[name] != theirs[name]
        assert (name in asked) == both
        wanted = mine[name] if mine[name] != before[name] and not both else theirs[name]
        assert found.values[name] == wanted
    assert merge(before, theirs, mine).all_mine == found.settled({})


ITEMS = st.lists(st.sampled_from("abcde"), max_size=4, unique=True).map(tuple)


@given(ITEMS, ITEMS, ITEMS)
def test_a_list_put_together_has_what_each_added_and_not_what_each_took_out(
    before: tuple[str, ...], mine: tuple[str, ...], theirs: tuple[str, ...]
) -> None:
    found = merge({"list": before}, {"list": mine}, {"list": theirs})
    if found.conflicts:
        return
    result = found.values["list"]
    assert {*mine, *theirs} - {*before} <= {*result}
    assert not ({*before} - {*mine} | {*before} - {*theirs}) & {*result}
    assert len(result) == len({*result})
