"""Names as people write them; every name here is invented."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mosovo_planner.domain.matching.names import NameLevel, compare_names, name_of
from mosovo_planner.domain.matching.writing import fold, sound


def level(one: tuple[str, str], other: tuple[str, str]) -> NameLevel:
    return compare_names(name_of(*one), name_of(*other))[0]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("O'Brien", "Alan"), ("OBRIEN", "alan")),
        (("O’Brien", "Alan"), ("O Brien", "ALAN")),
        (("Smith-Oak", "Alan"), ("Smith Oak", "Alan")),
        (("MacDonald", "Alan"), ("McDonald", "Alan")),
        ((unicodedata.normalize("NFD", "Zoë Müller").split()[1], "Zoë"), ("Muller", "ZOE")),
        (("Strauß", "Jan"), ("Strauss", "Jan")),
        (("Łukasz", "Jan"), ("Lukasz", "Jan")),
        (("Иванов", "Jan"), ("Ivanov", "Jan")),
        (("SMITH, Alan", ""), ("Smith", "Alan")),
        (("Alan SMITH", ""), ("Smith", "Alan")),
        (("Alan Smith", ""), ("Smith", "Alan")),
        (("Jan van der Berg", ""), ("van der Berg", "Jan")),
        (("Mr Smith", "Alan"), ("Smith", "Alan")),
    ],
)
def test_the_same_name_however_written(one: tuple[str, str], other: tuple[str, str]):
    assert level(one, other) is NameLevel.SAME


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Smith", "Bill"), ("Smith", "William")),
        (("Khan", "Mohamed"), ("Khan", "Muhammad")),
        (("Smith", "Peter"), ("Smith", "Alan Peter")),
        (("Alan", "Smithson"), ("Smithson", "Alan")),
        (("Smith Alan", ""), ("Smith", "Alan")),
        (("Smith-Oak", "Alan"), ("Oak", "Alan")),
    ],
)
def test_variants(one: tuple[str, str], other: tuple[str, str]):
    assert level(one, other) is NameLevel.VARIANT


@pytest.mark.parametrize("typed", ["Radfrod", "Radforde", "Radfrd", "Radfort", "Raddford"])
def test_typing_slips(typed: str):
    assert level((typed, "Alan"), ("Radford", "Alan")) is NameLevel.SLIP


def test_names_that_sound_alike():
    assert sound("thompson") == sound("tomson")
    assert level(("Stevens", "Alan"), ("Stephens", "Alan")) is NameLevel.SLIP


def test_two_known_forenames_are_no_slip_of_each_other():
    assert level(("Oak", "John"), ("Oak", "Joan")) is NameLevel.OTHER_FORENAME
    assert level(("Oak", "Dean"), ("Oak", "Sean")) is NameLevel.OTHER_FORENAME


def test_less_than_a_name():
    assert level(("Oak", ""), ("Oak", "Alan")) is NameLevel.SURNAME
    assert level(("Oak", "A"), ("Oak", "Alan")) is NameLevel.INITIAL
    assert level(("Elm", "Alan"), ("Oak", "Alan")) is NameLevel.FORENAME
    assert level(("Elm", "Ivy"), ("Oak", "Alan")) is NameLevel.NONE


_texts = st.text(max_size=40) | st.sampled_from(["O'Brien", "Zoë", "İ", "\ud800", "e" + "\u0301" * 300, "\u202eAlan", "", "²١٢"])


@given(_texts, _texts, _texts, _texts)
def test_comparison_is_symmetric_and_never_fails(a: str, b: str, c: str, d: str):
    assert level((a, b), (c, d)) is level((c, d), (a, b))


@given(st.text(max_size=40))
def test_composed_and_decomposed_letters_fold_alike(text: str):
    assert fold(unicodedata.normalize("NFC", text)) == fold(unicodedata.normalize("NFD", text))


@given(st.from_regex(r"[a-z]{2,12}", fullmatch=True), st.from_regex(r"[a-z]{2,12}", fullmatch=True))
def test_a_name_is_itself(surname: str, forename: str):
    titles = {"mr", "mrs", "ms", "miss", "mx", "dr", "sir", "rev", "prof", "jnr", "snr", "jr", "sr"}
    assume(titles.isdisjoint({surname, forename}))
    assert level((surname, forename), (surname.upper(), forename.title())) is NameLevel.SAME
