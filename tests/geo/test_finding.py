"""Addresses find their position, the most precise first, and nothing is guessed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mosovo_planner.domain.people import Precision
from mosovo_planner.geo.gazetteer import Gazetteer
from mosovo_planner.geo.geocode import OfflineGeocoder, find_position
from mosovo_planner.geo.places import all_places, place_in


@pytest.mark.parametrize(
    ("postcode", "address", "precision", "lat"),
    [
        ("SN1 1AA", "anything", Precision.POSTCODE, 51.56),
        ("", "1 Invented Road, Swindon, sn11aa", Precision.POSTCODE, 51.56),
        ("SN1 1ZZ", "1 Invented Road, Devizes SN10 2DN", Precision.POSTCODE, 51.35628),
        ("SN1 1ZZ", "1 Invented Road, Devizes", Precision.SECTOR, 51.561),
        ("SN1", "1 Invented Road, Devizes", Precision.DISTRICT, 51.55733),
        ("ZZ99 3CZ", "no fixed abode, Salisbury", Precision.PLACE, 51.06931),
        ("M1 1AE", "1 Bath Road, Swindon", Precision.PLACE, 51.55797),
    ],
)
def test_the_best_answer_first(gazetteer: Gazetteer, postcode: str, address: str, precision: Precision, lat: float) -> None:
    position = find_position(postcode, address, gazetteer)
    assert position is not None
    assert (position.precision, position.lat) == (precision, pytest.approx(lat, abs=1e-4))


def test_without_a_gazetteer_the_place_is_found() -> None:
    position = find_position("SN1 1AA", "1 Invented Road, Trowbridge, Wiltshire", None)
    assert position is not None
    assert position.precision is Precision.PLACE
    assert find_position("SN1 1AA", "", None) is None


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("12 Bath Road Swindon", "Swindon"),
        ("12 Bath Road, Swindon, Wiltshire, England", "Swindon"),
        ("Flat 1, 22 Church Hill Lane Bath BA1 1AA", "Bath"),
        ("5 Hazel Grove, Trowbridge", "Trowbridge"),
        ("1 High Street\nstoke-on-trent", "Stoke-on-Trent"),
        ("1 High Street; St. Albans", "St Albans"),
        ("1 High Street, Saint Albans", "St Albans"),
        ("12 High Street Hazel Grove", "Hazel Grove"),
        ("Devizes HQ", "Devizes"),
        ("Swindon Police Station", "Swindon"),
    ],
)
def test_the_place_an_address_names(address: str, place: str) -> None:
    found = place_in(address)
    assert found is not None
    assert found.name == place


@pytest.mark.parametrize(
    "address",
    [
        "",
        "12 Bath Road",
        "Swindon Road",
        "1 High Street, Newport",
        "Somewhere, Nowhere",
        ",,;\n",
        "Newport",
        "12",
        "Police Station",
        "Station Road",
        "\ud800",
    ],
)
def test_no_place_is_guessed(address: str) -> None:
    assert place_in(address) is None


def test_a_name_that_several_places_have_is_told_by_its_neighbour() -> None:
    newport = place_in("1 High Street, Newport, Telford")
    assert newport is not None
    assert newport.name == "Telford"  # the last one named
    found = place_in("Cowes, Newport")
    assert found is not None
    assert (found.name, round(found.lat, 1)) == ("Newport", 50.7)


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_text_may_be_asked(postcode: str, address: str) -> None:
    position = find_position(postcode, address, None)
    assert position is None or position.precision is Precision.PLACE


def test_places_are_those_of_the_kingdom_largest_first() -> None:
    places = all_places()
    assert 5800 < len(places) < 6500
    assert places[0].name == "London"
    assert all(49 < place.lat < 61 and -9 < place.lon < 2 for place in places)
    assert [place.population for place in places] == sorted((place.population for place in places), reverse=True)


def test_the_geocoder_answers_as_geopy_does(gazetteer: Gazetteer) -> None:
    with OfflineGeocoder(gazetteer) as geocoder:
        location = geocoder.geocode("1 Invented Road, Swindon SN1 1AD")
        assert location.point[:2] == (51.6, -1.9)
        assert location.raw == {"precision": "postcode", "terminated": True}
        assert location.address == "SN1 1AD"
        assert geocoder.geocode("Salisbury").raw["precision"] == "place"
        assert geocoder.geocode("SN1").raw == {"precision": "district", "terminated": False}
        assert geocoder.geocode("nowhere at all") is None
        assert geocoder.geocode("nowhere at all", exactly_one=False) is None
        assert len(geocoder.geocode("SN1 1AA", exactly_one=False)) == 1
