"""Free wording with some form to it: names in one cell, orders, warning markers."""

from __future__ import annotations

import re

from mosovo_planner.exchange.states import read_yes_no
from mosovo_planner.exchange.text import plain, read_text, words_of

_NOTHING = frozenset({"n", "no", "false", "0", "none", "nil", "n a", "na"})
_BETWEEN_MARKERS = re.compile(r"[;,|\n\r]+|\s/\s|(?<=[A-Za-z]{3})/(?=[A-Z][a-z])")


def read_name(cell: object, longest: int) -> tuple[str, str]:
    """Surname and forenames of a name in one cell; all of it as surname where the parts cannot be told apart.

    Told apart by ``SURNAME, Forename`` or by a surname alone in capitals: ``Alan TESTER``.
    """
    text = read_text(cell, longest)
    if text.count(",") == 1:
        surname, forenames = (part.strip() for part in text.split(","))
        return surname, forenames
    words = text.split()
    capital = [len(word) > 1 and re.sub(r"^(?:Mc|Mac)", "", word).isupper() for word in words]
    count = sum(capital)
    if 0 < count < len(words):
        if all(capital[:count]):
            return " ".join(words[:count]), " ".join(words[count:])
        if all(capital[-count:]):
            return " ".join(words[-count:]), " ".join(words[:-count])
    return text, ""


def read_orders(cell: object, header: str, longest: int) -> str:
    """Orders in words. A yes under ``SHPO?`` is the order's name, a date its name and the date; a no is no order."""
    text = read_text(cell, longest)
    words = words_of(text)
    named = [word for word in re.findall(r"[A-Za-z]+", header) if word.casefold() not in {"y", "n", "details", "type"}]
    name = " ".join(named) or "Order"
    if words in {"y", "yes", "true", "1", "x"} or text in {"✓", "✔"}:
        return name
    if words in _NOTHING:
        return ""
    return text if re.search(r"[^\W\d_]", text) else f"{name} {text}"


def read_markers(cell: object, header: str, longest: int) -> tuple[str, ...]:
    """Warning markers, one each, split at semicolons, commas, slashes, bars and new lines. ``Double crew: Y`` is two officers."""
    if "double" in header.casefold():
        return ("Two officers",) if read_yes_no(cell) else ()
    raw = cell if isinstance(cell, str) else plain(cell)
    parts = [re.sub(r"^[•*·\-]\s*", "", read_text(part, longest)) for part in _BETWEEN_MARKERS.split(raw)]
    kept = _with_all_barred([part for part in parts if part and words_of(part) not in _NOTHING])
    return tuple(dict.fromkeys(kept))


_BARRED = re.compile(r"(?P<barring>(?:not|no|exclude|conflict(?: with)?)[\s:]+)(?P<who>\S.*)", re.IGNORECASE)


def _with_all_barred(parts: list[str]) -> list[str]:
    """``Not OM03, OM04`` bars both: a part that looks like the officer barred before it is barred too."""
    kept: list[str] = []
    for part in parts:
        before = _BARRED.fullmatch(kept[-1]) if kept else None
        if before and _shape(part) and _shape(part) == _shape(before["who"]):
            kept.append(before["barring"] + part)
        else:
            kept.append(part)
    return kept


def _shape(text: str) -> str:
    """The make of an officer's id or name: ``OM03`` is ``A9``, ``PC 1000 Elder`` is ``A 9 Aa``."""
    return re.sub(r"[a-z]+", "a", re.sub(r"[A-Z]+", "A", re.sub(r"\d+", "9", text))) if re.search(r"\d", text) else ""
