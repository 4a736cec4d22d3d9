"""What a column of a file may be: kinds of tables, ways of reading a cell, and the description of one field."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class TableKind(StrEnum):
    """What a table of the tracker holds. ``other`` was not recognised and is not read."""

    OFFENDERS = "offenders"
    MANAGERS = "managers"
    LOGS = "logs"
    OTHER = "other"


class Reading(StrEnum):
    """How the cells of a field are read."""

    REFERENCE = "reference"
    TEXT = "text"
    NAME = "name"
    PERSON = "person"
    DATE = "date"
    PERIODS = "periods"
    SEX = "sex"
    STATUS = "status"
    RISK = "risk"
    INTERVAL = "interval"
    POSTCODE = "postcode"
    LEVEL = "level"
    ORDERS = "orders"
    MARKERS = "markers"
    YES_NO = "yes_no"
    HOURS = "hours"
    FTE = "fte"
    TRAINING = "training"
    LATITUDE = "latitude"
    LONGITUDE = "longitude"
    EASTING = "easting"
    NORTHING = "northing"
    NOTHING = "nothing"


IGNORED = "not_imported"
"""The field of a column that is known and on purpose not taken."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field: ``joins`` where several columns may feed it; ``identity`` where it marks its kind of table."""

    name: str
    label: str
    reading: Reading
    aliases: tuple[str, ...]
    joins: bool = False
    identity: bool = False
    longest: int = 200


def split_aliases(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(","))
