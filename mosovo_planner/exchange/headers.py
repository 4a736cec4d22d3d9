"""Headers to fields: which column of a tracker holds what, by alias, in any order."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from mosovo_planner.exchange.fields import FIELDS, IGNORED, Field, Reading, TableKind, field_of

Tokens = frozenset[str]

_SAME = {
    "reference": "ref",
    "number": "no",
    "num": "no",
    "freq": "frequency",
    "lvl": "level",
    "addr": "address",
    "visited": "visit",
    "mth": "month",
    "mnth": "month",
    "wk": "week",
    "pw": "week",
    "hr": "hour",
    "cat": "category",
    "comp": "completed",
    "succ": "successful",
    "rev": "review",
    "sup": "supervisor",
    "supv": "supervisor",
    "supvr": "supervisor",
    "crse": "course",
    "abs": "absence",
    "nom": "nominal",
    "hv": "home visit",
    "lv": "last visit",
    "lvd": "last visit date",
    "nvd": "next visit date",
}
_NOISE = frozenset(
    {"of", "the", "a", "is", "in", "dd", "mm", "yyyy", "yy", "offender", "rso", "nominal", "current", "on", "s", "y", "n"}
)
_UNITS = frozenset({"month", "day", "week"})


def normalise_header(text: str) -> str:
    """A header without case, punctuation and spacing: ``" Visit Freq\\n(months)"`` is ``visit freq months``."""
    return " ".join(re.findall(r"[^\W_]+", text.casefold()))


@dataclass(frozen=True, slots=True)
class Match:
    """A field that a header may stand for. Lower ``rank`` is the better fit."""

    field: str
    rank: int


def _tokens(text: str) -> Tokens:
    """The words of a header, each in one spelling: no plurals, no abbreviations, digits apart."""
    words = [_singular(word) for word in re.findall(r"\d+|[^\W\d_]+", text.casefold())]
    return frozenset(same for word in words for same in _SAME.get(word, word).split())


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


@cache
def _aliases(kind: TableKind) -> dict[Tokens, tuple[Match, ...]]:
    table: dict[Tokens, tuple[Match, ...]] = {}
    for field in FIELDS[kind]:
        for rank, alias in enumerate(field.aliases):
            tokens = _tokens(alias)
            table[tokens] = (*table.get(tokens, ()), Match(field.name, rank))
    return table


def _variants(text: str) -> list[Tokens]:
    """The header's words, strictest first: as written, without brackets, without filler, units or digits."""
    whole = _tokens(text)
    bare = _tokens(re.sub(r"[(\[].*?[)\]]", " ", text))
    variants = [whole, bare]
    for tokens in (whole, bare):
        variants.append(tokens - _NOISE)
        variants.append(tokens - _NOISE - _UNITS)
        variants.append(frozenset(word for word in tokens - _NOISE if not word.isdigit()))
        variants.append(tokens - _NOISE - {"date"})
    return list(dict.fromkeys(each for each in variants if each))


@lru_cache(maxsize=4096)
def matches(kind: TableKind, text: str) -> tuple[Match, ...]:
    """The fields a header may stand for, best first; empty where it is not recognised."""
    table = _aliases(kind)
    whole = _tokens(text)
    for looseness, tokens in enumerate(_variants(text)):
        found = tuple(
            Match(match.field, match.rank + 100 * looseness)
            for match in table.get(tokens, ())
            if _allowed(field_of(kind, match.field), whole, tokens)
        )
        if found:
            return found
    return ()


def _allowed(field: Field, whole: Tokens, tokens: Tokens) -> bool:
    """Dropping a word must not change the meaning: ``Risk date`` is not the risk, ``Hours (day)`` not weekly hours."""
    dropped = whole - tokens
    if "date" in dropped and field.reading is not Reading.DATE:
        return False
    if dropped & _UNITS and field.reading is not Reading.INTERVAL:
        return False
    return not (any(word.isdigit() for word in dropped) and not field.joins)


@cache
def _vocabulary() -> frozenset[str]:
    words = {word for kind in FIELDS for tokens in _aliases(kind) for word in tokens}
    return frozenset(words | _NOISE | _UNITS)


def is_worded_like_a_header(text: str) -> bool:
    """A quick look: every word of the text is one that known headers are made of."""
    words = _tokens(text)
    return bool(words) and _vocabulary().issuperset(words)


def assign(kind: TableKind, headers: Sequence[str]) -> dict[int, str]:
    """Which column feeds which field, by alias. Columns that fit nothing are left out.

    Where two columns fit one field, the better alias has it and the other is left unmapped, unless the
    field joins columns (address lines, notes).
    """
    candidates = sorted(
        (match.rank, column, match.field) for column, header in enumerate(headers) if header for match in matches(kind, header)
    )
    columns: dict[int, str] = {}
    taken: set[str] = set()
    for _, column, field in candidates:
        if column in columns or (field in taken and not field_of(kind, field).joins):
            continue
        columns[column] = field
        taken.add(field)
    return columns


@dataclass(frozen=True, slots=True)
class HeaderScore:
    """How well a row does as the header of one kind of table; 0 where it does not."""

    kind: TableKind
    score: int


TRACKER_KINDS = (TableKind.OFFENDERS, TableKind.MANAGERS)


def score_header(headers: Sequence[str], kinds: Sequence[TableKind] = TRACKER_KINDS) -> HeaderScore:
    """The kind of table, of those asked for, that a row of texts heads, and how many columns it recognises."""
    best = HeaderScore(TableKind.OTHER, 0)
    for kind in kinds:
        columns = assign(kind, headers)
        fields = columns.values()
        score = 2 * sum(field != IGNORED for field in fields) + sum(field == IGNORED for field in fields)
        if score > best.score and _TELLS[kind](headers, columns):
            best = HeaderScore(kind, score)
    return best


_PERSONAL = {field.name for field in FIELDS[TableKind.OFFENDERS]} - {
    "ref",
    "visor_ref",
    "manager",
    "supervisor",
    "notes",
    IGNORED,
}
_STAFF = {"base", "base_postcode", "weekly_hours", "fte", "trained", "arms_trained", "training", "absences"}
_STAFF_WORDS = {"om", "officer", "staff", "collar", "warrant", "leave", "absence", "absent", "away"}


def _tells_offenders(headers: Sequence[str], columns: dict[int, str]) -> bool:
    """Somebody is named and something is said of them; a log of visits (it has outcomes) is not a caseload."""
    fields = set(columns.values())
    words = frozenset[str]().union(*(_tokens(header) for header in headers if header))
    if words & {"outcome", "result"} or not fields & _PERSONAL:
        return False
    return bool(fields & {"ref", "visor_ref"}) or (bool(fields & {"surname", "name"}) and len(fields - {IGNORED}) >= 3)


def _tells_staff(headers: Sequence[str], columns: dict[int, str]) -> bool:
    """An officer is named, with a base, hours or training; or with days away where the headers speak of staff."""
    fields = set(columns.values())
    if not fields & {"id", "name", "surname"}:
        return False
    words = frozenset[str]().union(*(_tokens(headers[column]) for column in columns))
    return bool(fields & _STAFF) or ({"absence_from", "absence_to"} <= fields and bool(words & _STAFF_WORDS))


def _tells_logs(_: Sequence[str], columns: dict[int, str]) -> bool:
    """An incident has a number or a time, and something is said of it."""
    fields = set(columns.values()) - {IGNORED}
    return bool(fields & {"number", "at"}) and len(fields) >= 2


_TELLS = {TableKind.OFFENDERS: _tells_offenders, TableKind.MANAGERS: _tells_staff, TableKind.LOGS: _tells_logs}
