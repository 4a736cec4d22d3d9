"""Finding a position from what an address holds: the best that the gazetteer and the place names can tell."""

from __future__ import annotations

import re
from dataclasses import dataclass

from mosovo_planner.domain.people import Position, Precision
from mosovo_planner.geo.gazetteer import Gazetteer
from mosovo_planner.geo.places import place_in
from mosovo_planner.geo.postcodes import normalise

_POSTCODE = re.compile(r"\b([A-Za-z]{1,2}[0-9][0-9A-Za-z]?)\s*([0-9][A-Za-z]{2})\b")


@dataclass(frozen=True, slots=True)
class Found:
    """A position, the words it was found by (a postcode or a place name), and whether that postcode was ended."""

    position: Position
    by: str
    terminated: bool = False


def find(postcode: str, address: str, gazetteer: Gazetteer | None) -> Found | None:
    """Look an address up, the most precise answer first.

    The postcode's own point, or that of a postcode within the address; then the middle of the
    sector or district; then the place that the address names. None where nothing is known.
    """
    coarse: Found | None = None
    if gazetteer is not None:
        for text in (postcode, *_postcodes_in(address)):
            position = gazetteer.position(text) if text else None
            if position is None:
                continue
            found = Found(position, normalise(text) or text.strip().upper(), gazetteer.terminated(text))
            if position.precision is Precision.POSTCODE:
                return found
            coarse = coarse or found
    if coarse is not None:
        return coarse
    place = place_in(address) if address else None
    return Found(Position(place.lat, place.lon, Precision.PLACE), place.name) if place else None


def find_position(postcode: str, address: str, gazetteer: Gazetteer | None) -> Position | None:
    """Where an address is, flagged with its precision; None where nothing is known of it."""
    if gazetteer is not None and (position := gazetteer.position(postcode)) and position.precision is Precision.POSTCODE:
        return position
    found = find(postcode, address, gazetteer)
    return found.position if found else None


def _postcodes_in(address: str) -> list[str]:
    """Whole postcodes in an address, the last first, since that is where people write them."""
    return [" ".join(match.groups()) for match in _POSTCODE.finditer(address)][::-1]
