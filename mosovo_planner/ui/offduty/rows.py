"""The columns of matches, waiting or just found, and the words for them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from mosovo_planner.domain.matching import IncidentLog, IncidentMatch, SetAside, Sureness
from mosovo_planner.domain.off_duty import Verdict
from mosovo_planner.domain.people import risk_label
from mosovo_planner.office.off_duty import DutyRow
from mosovo_planner.ui.table import Column

DutyColumn = Column[DutyRow]
TONES = {Sureness.SURE: "bad", Sureness.LIKELY: "warn", Sureness.POSSIBLE: "info"}
_DAY = 24


def hours_words(hours: int) -> str:
    """``5 hours``, ``3 days``; ``under an hour``."""
    if hours < 1:
        return "under an hour"
    if hours < 2 * _DAY:
        return f"{hours} hour{'s' if hours != 1 else ''}"
    return f"{hours // _DAY} days"


def state_words(row: DutyRow) -> str:
    """How it stands: waiting, seen, or the judgement, with who said so."""
    match = row.match
    if row.waiting:
        return "Not looked at"
    words = "Seen, open" if match.verdict is Verdict.OPEN else match.verdict.label
    return f"{words} ({match.acknowledged_by})"


def _state_tone(row: DutyRow) -> str:
    if row.waiting:
        return "bad" if row.late else "warn"
    return {Verdict.OPEN: "info", Verdict.HIM: "good", Verdict.NOT_HIM: "none"}[row.match.verdict]


def why_words(explanation: str) -> str:
    """An explanation without its first word, where the sureness has a column of its own."""
    first, _, words = explanation.partition(": ")
    words = words if first in {each.label for each in Sureness} else explanation
    return words[:1].upper() + words[1:]


def _where(row: DutyRow) -> str:
    log = row.logged.log
    return log.place or log.address or log.postcode


def duty_columns(manager_label: Callable[[str | None], str]) -> tuple[DutyColumn, ...]:
    """All that the list of matches can show."""
    return (
        DutyColumn("sureness", "Match", lambda row: row.match.sureness.label, width=10,
                   tone=lambda row: TONES[row.match.sureness], sort=lambda row: -row.match.sureness.rank),
        DutyColumn("name", "Offender", lambda row: row.offender.name, width=18),
        DutyColumn("state", "State", state_words, width=14, tone=_state_tone),
        DutyColumn("waited", "Waited", lambda row: row.hours if row.waiting else None, width=12, search=False,
                   text=lambda row: hours_words(row.hours) if row.waiting else "",
                   tip="Since the logs were read, until somebody said something"),
        DutyColumn("at", "When", lambda row: row.logged.log.at, width=17),
        DutyColumn("kind", "What", lambda row: row.logged.log.kind, width=16),
        DutyColumn("manager", "Manager", lambda row: manager_label(row.offender.manager), width=14),
        DutyColumn("why", "Why he may be meant", lambda row: why_words(row.match.explanation), width=34),
        DutyColumn("place", "Where", _where, width=18),
        DutyColumn("number", "Log number", lambda row: row.logged.log.number, width=14),
        DutyColumn("ref", "Reference", lambda row: row.offender.ref, width=13, visible=False),
        DutyColumn("risk", "Risk", lambda row: risk_label(row.offender.risk), width=12, visible=False,
                   tone=lambda row: row.offender.risk.value if row.offender.risk else "none",
                   sort=lambda row: row.offender.risk.rank if row.offender.risk else -1),
        DutyColumn("comment", "Comment", lambda row: row.match.comment, width=24, visible=False),
        DutyColumn("done", "What followed", lambda row: "; ".join(row.match.triggered), width=30, visible=False),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class FoundRow:
    """A match that was found and is not kept yet."""

    place: int
    match: IncidentMatch
    log: IncidentLog
    name: str


FoundColumn = Column[FoundRow]
FOUND_COLUMNS = (
    FoundColumn("sureness", "Match", lambda row: row.match.sureness.label, width=10, tone=lambda row: TONES[row.match.sureness],
                sort=lambda row: -row.match.sureness.rank),
    FoundColumn("name", "Offender", lambda row: row.name, width=20),
    FoundColumn("ref", "Reference", lambda row: row.match.ref, width=13),
    FoundColumn("number", "Log number", lambda row: row.log.number, width=14),
    FoundColumn("at", "When", lambda row: row.log.at, width=18),
    FoundColumn("kind", "What", lambda row: row.log.kind, width=16),
    FoundColumn("why", "Why he may be meant", lambda row: why_words(row.match.explanation), width=40),
)  # fmt: skip

AsideColumn = Column[tuple[int, SetAside]]
ASIDE_COLUMNS = (
    AsideColumn("number", "Log number", lambda row: row[1].number, width=16),
    AsideColumn("people", "People", lambda row: row[1].people, width=9, right=True),
    AsideColumn("why", "Why nobody is listed", lambda row: row[1].explanation, width=70),
)
