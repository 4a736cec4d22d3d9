"""UK postcodes: reading them as people write them, and numbering them so that arrays can hold them.

A postcode is an outward code (area ``SN``, district ``SN1``) and an inward code (sector digit, two
letters of the unit). The number of a postcode puts all units of a sector, and all sectors of a
district, next to each other: ``number // UNITS_IN_SECTOR`` is the sector's. Grammar: Royal Mail's
Programmers' Guide to PAF (six forms of outward code; the letters CIKMOV never end a postcode).
"""

from __future__ import annotations

import re
import unicodedata
from itertools import product
from string import ascii_uppercase

_UNIT_LETTERS = "ABDEFGHJLNPQRSTUWXYZ"
UNITS_IN_SECTOR = len(_UNIT_LETTERS) ** 2
UNITS_IN_DISTRICT = 10 * UNITS_IN_SECTOR

INWARD_NUMBERS = {
    f"{digit}{first}{second}": number
    for number, (digit, first, second) in enumerate(product("0123456789", _UNIT_LETTERS, _UNIT_LETTERS))
}
"""Inward code (``1AA``) to its number within the district."""

_OUTWARD = re.compile(r"([A-Z]{1,2})([0-9])([0-9A-Z]?)")
_AREA_SECOND = " " + ascii_uppercase
_DISTRICT_SECOND = " 0123456789" + ascii_uppercase
_outward_numbers = {"GIR": 702 * 370, "NPT": 702 * 370 + 1}  # Girobank, and Newport before 1984, fit no form
_INWARD_REPAIRS = {"O": "0", "I": "1", "L": "1"}


def outward_number(outward: str) -> int | None:
    """The number of an outward code, None where the letters and digits form none."""
    number = _outward_numbers.get(outward)
    if number is None and (match := _OUTWARD.fullmatch(outward)):
        area, first, second = match.groups()
        area_number = ascii_uppercase.index(area[0]) * 27 + _AREA_SECOND.index(area[1:] or " ")
        number = area_number * 370 + int(first) * 37 + _DISTRICT_SECOND.index(second or " ")
        _outward_numbers[outward] = number
    return number


def split(text: str) -> tuple[str, str] | None:
    """Outward and inward code of a postcode as people write it; None where it is no whole postcode.

    Spaces and case do not matter. In the inward code's first place, always a digit, the letter O is
    read as 0 and I or L as 1; nothing else is repaired.
    """
    compact = _compact(text)
    outward, inward = compact[:-3], compact[-3:]
    if inward not in INWARD_NUMBERS:
        inward = _INWARD_REPAIRS.get(inward[:1], "?") + inward[1:]
        if inward not in INWARD_NUMBERS:
            return None
    return (outward, inward) if outward_number(outward) is not None else None


def postcode_number(text: str) -> int | None:
    """The number of a whole postcode, None where ``text`` is none."""
    parts = split(text)
    if parts is None:
        return None
    return _outward_numbers[parts[0]] * UNITS_IN_DISTRICT + INWARD_NUMBERS[parts[1]]


def normalise(text: str) -> str | None:
    """``"sn11aa"`` and ``"SN1  1AA"`` as ``"SN1 1AA"``; None where the text is no whole postcode."""
    parts = split(text)
    return " ".join(parts) if parts else None


def sector_of(postcode: str) -> str | None:
    """``"SN1 1"`` of ``"SN1 1AA"``; None where the text is no whole postcode."""
    parts = split(postcode)
    return f"{parts[0]} {parts[1][0]}" if parts else None


def district_of(postcode: str) -> str | None:
    """``"SN1"`` of ``"SN1 1AA"``; None where the text is no whole postcode."""
    parts = split(postcode)
    return parts[0] if parts else None


def partial(text: str) -> tuple[int, int | None] | None:
    """District number and sector digit of a part of a postcode: ``"SN1"`` gives the first, ``"SN1 1"`` both.

    A sector needs its space, since ``SN11`` is a district of its own.
    """
    words = text.upper().split() if text.isascii() else []
    if not words or len(words) > 2 or (district := outward_number(words[0])) is None:
        return None
    if len(words) == 1:
        return district, None
    return (district, int(words[1])) if re.fullmatch("[0-9]", words[1]) else None


def _compact(text: str) -> str:
    """Without spaces and invisible marks, in capitals; empty where letters other than A to Z are in it."""
    if not text.isascii():
        text = "".join(letter for letter in text if unicodedata.category(letter) != "Cf")
        if not "".join(text.split()).isascii():
            return ""
    return "".join(text.split()).upper()
