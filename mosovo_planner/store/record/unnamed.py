"""Reasons that people type stay in the record of use for ever, so they must not name whom they are about.

An erasure takes a person's records with all decisions and their reasons; the entries stay. Whatever of his name,
address or birth stands in a reason is left out of the entry; the decision itself keeps the full words until he is erased.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, MutableMapping
from typing import Any

from sqlalchemy import Connection, RowMapping, select

from mosovo_planner.store.tables import offender

_SUBJECT = "offender "
_LEFT_OUT = "…"
_AT_ONCE = 500
_MANY = 50
"""A reason that so many entries share is the program's own words (an import), and is about nobody."""


def leave_out_names(connection: Connection, entries: Iterable[MutableMapping[str, Any]]) -> None:
    """Take the names, address and birth of whom an entry is about out of its reason."""
    typed: dict[str, list[MutableMapping[str, Any]]] = {}
    for entry in entries:
        if entry["reason"] and entry["subject"].startswith(_SUBJECT):
            typed.setdefault(entry["reason"], []).append(entry)
    about = [entry for some in typed.values() if len(some) < _MANY for entry in some]
    if not about:
        return
    people = _people(connection, {entry["subject"].removeprefix(_SUBJECT) for entry in about})
    for entry in about:
        person = people.get(entry["subject"].removeprefix(_SUBJECT))
        if person is not None:
            entry["reason"] = without(entry["reason"], person)


def without(reason: str, person: Mapping[str, Any] | RowMapping) -> str:
    """A reason without the words of a person's record that tell who he is."""
    words = [person["surname"], person["address"], person["postcode"], *person["forenames"].split()]
    words += re.split(r"[\s-]+", person["surname"])
    born = person["date_of_birth"]
    if born is not None:
        words += [born.isoformat(), f"{born:%d/%m/%Y}", f"{born.day} {born:%b %Y}", f"{born.day} {born:%B %Y}"]
    for word in sorted({each.strip() for each in words}, key=len, reverse=True):
        if len(word) > 2:
            reason = re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", _LEFT_OUT, reason, flags=re.IGNORECASE)
    return reason


def _people(connection: Connection, refs: set[str]) -> dict[str, RowMapping]:
    columns = offender.c
    query = select(columns.ref, columns.surname, columns.forenames, columns.address, columns.postcode, columns.date_of_birth)
    found: dict[str, RowMapping] = {}
    wanted = [each for each in refs if "\0" not in each]
    for start in range(0, len(wanted), _AT_ONCE):
        part = wanted[start : start + _AT_ONCE]
        found |= {row["ref"]: row for row in connection.execute(query.where(columns.ref.in_(part))).mappings()}
    return found
