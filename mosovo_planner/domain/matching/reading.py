"""What the free text of a log says: references, number plates, postcodes, and names of people of the caseload."""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise

from mosovo_planner.domain.matching.forenames import forms_of
from mosovo_planner.domain.matching.index import CaseloadIndex
from mosovo_planner.domain.matching.subjects import LogPerson
from mosovo_planner.domain.matching.writing import words

_LONGEST = 20_000
_TOKEN = re.compile(r"[A-Za-z0-9][A-Za-z0-9/\-]{3,30}")
_PLATE = re.compile(r"\b[A-Z]{2}[0-9]{2} ?[A-Z]{3}\b|\b[A-Z][0-9]{1,3} ?[A-Z]{3}\b", re.ASCII)
_POSTCODE = re.compile(r"\b[A-Z]{1,2}[0-9][0-9A-Z]? ?[0-9][ABD-HJLNP-UW-Z]{2}\b", re.ASCII)
_BORN = re.compile(
    r"(?:\bd\.?o\.?b\b\.?|\bborn\b|\bdate of birth\b)\D{0,6}(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4})", re.IGNORECASE | re.ASCII
)
_CAPITALISED = re.compile(r"[^\W\d_][^\W\d_'’\-]*(?:['’\-][^\W\d_]+)*[,]?")


def refs_in(text: str, index: CaseloadIndex) -> tuple[str, ...]:
    """References of the caseload that stand in a text. Numbers alone do not count: they may be anything."""
    tokens = dict.fromkeys(token.strip("-/") for token in _TOKEN.findall(text[:_LONGEST]))
    mixed = [each for each in tokens if any(c.isdigit() for c in each) and any(c.isalpha() for c in each)]
    return tuple(each for each in mixed if index.refs(each))


def plates_in(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_PLATE.findall(text[:_LONGEST].upper())))


def postcodes_in(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_POSTCODE.findall(text[:_LONGEST].upper())))


def people_in(text: str, index: CaseloadIndex) -> tuple[LogPerson, ...]:
    """Forename and surname next to each other, as some person of the caseload has them; spelt exactly, short forms aside.

    A date of birth is given to them where the text states only one.
    """
    text = text[:_LONGEST]
    born = {day for match in _BORN.finditer(text) if (day := _day(*match.groups()))}
    birth = next(iter(born)) if len(born) == 1 else None
    tokens = [match[0] for match in _CAPITALISED.finditer(text)]
    found: dict[tuple[str, str], LogPerson] = {}
    for one, other in pairwise(tokens):
        if not (one[0].isupper() and other[0].isupper()):
            continue
        orders = [(other, one)] if not one.endswith(",") else [(one.rstrip(","), other)]
        if one.isupper():
            orders.append((one.rstrip(","), other))
        for surname, forename in orders:
            if _borne("".join(words(surname)), "".join(words(forename)), index):
                key = (surname.rstrip(","), forename.rstrip(","))
                found.setdefault(key, LogPerson(surname=key[0], forenames=key[1], date_of_birth=birth))
                break
    return tuple(found.values())


def _borne(surname: str, forename: str, index: CaseloadIndex) -> bool:
    given = index.by_name.get(surname)
    return given is not None and len(forename) > 1 and not given.keys().isdisjoint(forms_of(forename))


def _day(day: str, month: str, year: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
