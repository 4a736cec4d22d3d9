"""Towns and villages of the United Kingdom by name, for addresses without a postcode and for the map.

``resources/basemap/places.csv.gz`` is drawn from GeoNames by ``packaging/basemap/build.py``.
"""

from __future__ import annotations

import csv
import gzip
import re
from collections import defaultdict
from functools import cache
from typing import NamedTuple

from mosovo_planner.geo.distance import crow_km
from mosovo_planner.resources import resource

ATTRIBUTION = "Places © GeoNames, CC BY 4.0."
_SAME_PLACE_KM = 5
_NEIGHBOURS_KM = 30
_DWARFS = 20  # a town of twenty times the people is meant before the villages of its name
_POSTCODE = re.compile(r"\b[A-Z]{1,2}[0-9][0-9A-Z]?\s*[0-9][A-Z]{2}\b", re.IGNORECASE)
_POLICE_WORDS = frozenset(("police", "station", "hq", "headquarters", "office", "offices", "hub", "base"))
_STREET_WORDS = re.compile(
    "avenue|ave|bank|buildings|chase|circus|close|common|copse|court|crescent|cres|croft|drift|drive|end|estate|fields|"
    "gardens|gate|green|grove|hill|house|lane|ln|mead|meadow|mews|park|parade|passage|place|rise|road|rd|row|square|"
    "street|st|terrace|view|vale|villas|walk|way|yard"
)


class Place(NamedTuple):
    """A town or village; positions are of its centre, degrees."""

    name: str
    lat: float
    lon: float
    population: int


@cache
def all_places() -> tuple[Place, ...]:
    """Every place of the United Kingdom of some 500 people and more, the largest first."""
    with gzip.open(resource("basemap/places.csv.gz"), "rt", encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines)
        return tuple(Place(row["name"], float(row["lat"]), float(row["lon"]), int(row["population"])) for row in rows)


def place_in(address: str) -> Place | None:
    """The last place that an address names; None where it names none, or may mean several of that name.

    Whole parts between commas count, and what follows a street's own word: in ``12 Bath Road
    Swindon`` that is Swindon and never Bath. Of several places of one name, the one near another place
    of the address is meant, else the one that dwarfs the others; otherwise nothing is guessed.
    """
    named = [found for part in _parts(address) if (found := _candidates(part))]
    if not named:
        return None
    last = named[-1]
    if len(last) == 1:
        return last[0]
    anchors = [found[0] for found in named[:-1] if len(found) == 1]
    near = [place for place in last if any(_km(place, anchor) <= _NEIGHBOURS_KM for anchor in anchors)]
    if len(near) == 1:
        return near[0]
    first, second = last[:2]
    return first if not near and first.population >= _DWARFS * second.population else None


def _parts(address: str) -> list[str]:
    return [part for part in re.split(r"[,;\n]", _POSTCODE.sub(" ", address)) if part.strip()]


def _candidates(part: str) -> tuple[Place, ...]:
    """Places a part may name: the part as a whole, the words after one of its street words, or all but ``Police Station``."""
    words = _key(part).split()
    starts = [0] + [at + 1 for at, word in enumerate(words) if _STREET_WORDS.fullmatch(word)]
    tries = [words[start:] for start in starts] + [[word for word in words if word not in _POLICE_WORDS]]
    return next((found for some in tries if (found := _by_name().get(" ".join(some), ()))), ())


def _key(name: str) -> str:
    """A name as it is looked up: small letters, no marks, ``saint`` as ``st``."""
    words = re.sub(r"['’.]", "", name.casefold()).replace("-", " ").replace("&", " and ").split()
    return " ".join("st" if word == "saint" else word for word in words)


@cache
def _by_name() -> dict[str, tuple[Place, ...]]:
    """Places by name; entries of one name close together are one place, the largest standing for it."""
    found: defaultdict[str, list[Place]] = defaultdict(list)
    for place in all_places():
        namesakes = found[_key(place.name)]
        if all(_km(place, other) > _SAME_PLACE_KM for other in namesakes):
            namesakes.append(place)
    return {name: tuple(places) for name, places in found.items()}


def _km(one: Place, other: Place) -> float:
    return float(crow_km([one.lat], [one.lon], [other.lat], [other.lon])[0, 0])
