"""What happened off duty, as it is kept: files of incident logs, the logs that matched, and what a person said to each match."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from mosovo_planner.domain.clocks import in_words
from mosovo_planner.domain.matching.evidence import Sureness
from mosovo_planner.domain.matching.matcher import IncidentMatch
from mosovo_planner.domain.matching.subjects import IncidentLog, LogPerson


class Verdict(StrEnum):
    """What the manager found: nothing yet, it is him, or it is somebody else."""

    OPEN = "open"
    HIM = "is_him"
    NOT_HIM = "is_not_him"

    @property
    def label(self) -> str:
        return {"open": "Not looked at", "is_him": "It is him", "is_not_him": "It is not him"}[self.value]


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentFile:
    """A file of logs that was read. ``digest`` is the SHA-256 of its bytes; ``covers_to`` the time of its latest log.

    ``set_aside`` counts the logs that fitted so many people that no match was listed. Times are local.
    """

    id: str
    digest: str
    name: str
    at: datetime
    by: str
    rows_read: int = 0
    logs: int = 0
    matches: int = 0
    set_aside: int = 0
    covers_to: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptLog:
    """A log that matched somebody; all others are not kept. ``persons`` are those it names, in words."""

    id: str
    file_id: str
    number: str
    at: datetime | None = None
    kind: str = ""
    place: str = ""
    address: str = ""
    postcode: str = ""
    persons: tuple[str, ...] = ()
    vehicles: tuple[str, ...] = ()
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OffDutyMatch:
    """One log that may concern one offender. ``triggered`` says what followed, by policy, in words."""

    id: str
    ref: str
    log_id: str
    sureness: Sureness
    explanation: str
    person: str = ""
    triggered: tuple[str, ...] = ()
    verdict: Verdict = Verdict.OPEN
    acknowledged_by: str = ""
    acknowledged_at: datetime | None = None
    comment: str = ""


@dataclass(frozen=True, slots=True)
class LoggedMatch:
    """A match together with its log."""

    match: OffDutyMatch
    log: KeptLog


def to_keep(
    file_id: str, logs: Sequence[IncidentLog], matches: Sequence[IncidentMatch], new_id: Callable[[], str]
) -> tuple[LoggedMatch, ...]:
    """The matches that :func:`~mosovo_planner.domain.matching.match_incidents` found in ``logs``, as they are kept."""
    kept: dict[int, KeptLog] = {}
    made = []
    for match in matches:
        if match.log not in kept:
            kept[match.log] = _kept_log(new_id(), file_id, logs[match.log])
        log = kept[match.log]
        words = person_words(match.person) if match.person else ""
        made.append(
            LoggedMatch(
                OffDutyMatch(
                    id=new_id(),
                    ref=match.ref,
                    log_id=log.id,
                    sureness=match.sureness,
                    explanation=match.explanation,
                    person=words,
                ),
                log,
            )
        )
    return tuple(made)


def _kept_log(log_id: str, file_id: str, log: IncidentLog) -> KeptLog:
    return KeptLog(
        id=log_id,
        file_id=file_id,
        number=log.number,
        at=log.at,
        kind=log.kind,
        place=log.place,
        address=log.address,
        postcode=log.postcode,
        persons=tuple(person_words(person) for person in log.persons),
        vehicles=log.vehicles,
        text=log.text,
    )


def person_words(person: LogPerson) -> str:
    """Somebody named in a log in one line: ``SMITH, John, born 4 Jun 1970, 1 Sample Street ZZ1 1ZZ, driver``."""
    born = f"born {in_words(person.date_of_birth)}" if person.date_of_birth else ""
    if not born and person.birth_year:
        born = f"born {person.birth_year}"
    homes = [" ".join(filter(None, (home.address, home.postcode))) for home in person.addresses]
    return ", ".join(filter(None, (person.surname, person.forenames, born, *homes, *person.refs, *person.vehicles, person.role)))
