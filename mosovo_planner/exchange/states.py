"""Risk, status, sex, MAPPA level, yes and no: cells whose every spelling stands for one of a few values.

Each reading takes a cell that is not blank and gives its value, or raises Doubt. Only what can be meant
in one way is read; nothing is guessed.
"""

from __future__ import annotations

import re

from mosovo_planner.domain.people import Risk, Sex, Status
from mosovo_planner.exchange.findings import Doubt
from mosovo_planner.exchange.text import plain, words_of

_RISKS = {
    "l": Risk.LOW,
    "low": Risk.LOW,
    "m": Risk.MEDIUM,
    "med": Risk.MEDIUM,
    "medium": Risk.MEDIUM,
    "h": Risk.HIGH,
    "high": Risk.HIGH,
    "vh": Risk.VERY_HIGH,
    "v h": Risk.VERY_HIGH,
    "vhigh": Risk.VERY_HIGH,
    "v high": Risk.VERY_HIGH,
    "very high": Risk.VERY_HIGH,
    "veryhigh": Risk.VERY_HIGH,
}


def read_risk(cell: object) -> Risk:
    """A risk level in words or initials; a number before the word (``3 - High``) is a list's order, not a level."""
    words = re.sub(r"^\d (?=[a-z])| risk$", "", words_of(cell))
    try:
        return _RISKS[words]
    except KeyError:
        raise Doubt("unknown_risk", "This is no risk level. Use Low, Medium, High or Very high.") from None


_STATUSES = {
    Status.COMMUNITY: r"""
        (?:in\ |in\ the\ |the\ )?comm(?:unity)?\b | at\ liberty\b | (?:on\ )?licence\b | released\b |
        approved\ premises\b | ap\b""",
    Status.CUSTODY: r"""
        (?:in\ |in\ hm\ |hm\ |at\ |on\ |serving\ |remanded\ (?:in|to)\ |returned\ to\ |recalled\ to\ |back\ in\ )?
        (?:custody|custodial|hmp|hmyoi|yoi|prison|remand|remanded|jail|imprisoned)\b""",
    Status.HOSPITAL: r"""
        (?:in\ |at\ |detained\ in\ )?(?:a\ |the\ )?(?:(?:medium\ |low\ |high\ )?secure\ |psychiatric\ )?
        (?:hospital|hosp|secure\ unit|mental\ health\ unit|psychiatric\ unit|sectioned|detained\ under\ mha|mha)\b""",
    Status.ABROAD: r"""
        (?:living\ |lives\ |moved\ |currently\ |gone\ )?
        (?:abroad|overseas|out\ of\ (?:the\ )?(?:uk|country)|outside\ (?:the\ )?uk|left\ (?:the\ )?uk|deported)\b""",
    Status.MISSING: r"""
        (?:registered\ as\ |currently\ )?
        (?:missing|wanted|whereabouts\ (?:are\ |is\ )?(?:un|not\ )known|absconde[dr]|(?:unlawfully\ )?at\ large|ual|awol)\b""",
}
_STATUS_PATTERNS = {status: re.compile(pattern, re.VERBOSE) for status, pattern in _STATUSES.items()}


def read_status(cell: object, header: str) -> Status:
    """Where an offender is, by how the cell begins: ``HMP Erlestoke``.

    A yes or no is read where the header asks ``In custody?``.
    """
    words = words_of(cell)
    asks = "custody" in header.casefold() and "status" not in header.casefold()
    if asks and words in {"y", "yes", "n", "no", "true", "false"}:
        return Status.CUSTODY if words in _YES else Status.COMMUNITY
    found = [status for status, pattern in _STATUS_PATTERNS.items() if pattern.match(words)]
    if len(found) != 1:
        raise Doubt("unknown_status", "This is no status. Use Community, Custody, Hospital, Abroad or Missing.")
    return found[0]


def read_sex(cell: object) -> Sex:
    words = words_of(cell)
    if words in {"m", "male", "man"}:
        return Sex.MALE
    if words in {"f", "female", "woman"}:
        return Sex.FEMALE
    raise Doubt("bad_sex", "This is neither M nor F.")


_YES = frozenset({"y", "yes", "true", "t", "1", "x", "✓", "✔", "☑", "done", "completed", "trained", "qualified", "passed"})
_NO = frozenset({"n", "no", "false", "f", "0", "✗", "✘", "☐", "none", "nil", "untrained"})
_DATED = re.compile(r"(?:yes|y)\b.*|\d{4}-\d{2}-\d{2}|\d{1,2}[/.\-]\d{1,2}[/.\-](?:\d{2}|\d{4})")


def read_yes_no(cell: object) -> bool:
    """Yes or no; a date says since when, so it is a yes."""
    text = plain(cell).casefold()
    if text in _YES or _DATED.fullmatch(text):
        return True
    if text in _NO or re.fullmatch(r"(?:no|not)\b.*", text):
        return False
    raise Doubt("bad_yes_no", "This is neither yes nor no. Use Y or N.")


def read_training(cell: object) -> dict[str, bool]:
    """A list of courses: whether MOSOVO and ARMS are among them. Doubtful where it also speaks of what is to come."""
    words = set(words_of(cell).split())
    if words & {
        "no",
        "not",
        "booked",
        "due",
        "awaiting",
        "await",
        "waiting",
        "needs",
        "required",
        "planned",
        "tbc",
        "outstanding",
        "n",
    }:
        raise Doubt("bad_yes_no", "This speaks of courses done and not done. Give MOSOVO and ARMS a column each, with Y or N.")
    return {"trained": "mosovo" in words, "arms_trained": "arms" in words}


_LEVELS = (
    re.compile(r"(?:mappa )?(?:level |lvl |l ?)?([123])"),
    re.compile(r"(?:mappa )?(?:category |cat |c ?)?1[ ,/]*(?:at )?(?:level |lvl |l ?)?([123])"),
)


def read_level(cell: object) -> int | None:
    """The MAPPA level; None where the cell says there is none. ``1/2`` is category 1 (registered offenders), level 2."""
    words = words_of(cell)
    if words in {"n a", "na", "none", "no", "nil", "not mappa"}:
        return None
    for pattern in _LEVELS:
        if match := pattern.fullmatch(words):
            return int(match[1])
    raise Doubt("bad_number", "This is no MAPPA level. Use 1, 2 or 3.")
