"""Postcodes by their form; whether one exists is for the gazetteer to say."""

from __future__ import annotations

import re

from mosovo_planner.exchange.findings import Doubt
from mosovo_planner.exchange.text import plain, words_of

_OUT = r"[A-PR-UWYZ](?:\d{1,2}|[A-HK-Y]\d{1,2}|\d[A-HJKPSTUW]|[A-HK-Y]\d[ABEHMNPRV-Y])"
_POSTCODE = re.compile(rf"GIR ?0AA|{_OUT} ?\d[ABD-HJLNP-UW-Z]{{2}}", re.ASCII)
_AT_END = re.compile(rf"\b({_POSTCODE.pattern})\W*$", re.ASCII)
_NO_ABODE = (
    "nfa, n f a, nfd, no fixed abode, of no fixed abode, no fixed address, no fixed, homeless, street homeless, rough sleeper, "
    "rough sleeping, sofa surfing, none, nil, no"
)
_NOT_KNOWN = "unknown, not known, unk, nk, n k, na, n a, tbc, tba, not applicable, not given, not stated"
_SAYS_NO_ABODE = frozenset(_NO_ABODE.split(", "))
_SAYS_NOT_KNOWN = frozenset(_NOT_KNOWN.split(", "))


def read_postcode(cell: object) -> str | None:
    """A postcode as ``SN1 1AA``; '' where the cell says that there is none (NFA), None where it is not known."""
    text = plain(cell).upper()
    if not re.search(r"\w", text) or words_of(cell) in _SAYS_NOT_KNOWN:
        return None
    if words_of(cell) in _SAYS_NO_ABODE:
        return ""
    compact = re.sub(r"[\s.\-]+", "", text)
    if _POSTCODE.fullmatch(compact):
        return f"{compact[:-3]} {compact[-3:]}"
    raise Doubt("unknown_postcode", "This is no full postcode. Give it as in SN1 1AA, or NFA where there is none.")


def postcode_in(address: str) -> str | None:
    """The postcode an address ends with, for trackers without a column of postcodes."""
    match = _AT_END.search(address.upper())
    if match is None:
        return None
    compact = match[1].replace(" ", "")
    return f"{compact[:-3]} {compact[-3:]}"
