"""What is matched: the people of a caseload with all they are known by, and logs of incidents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from mosovo_planner.domain.people import Offender


@dataclass(frozen=True, slots=True)
class Address:
    """An address and its postcode, either of them '' where it is not known."""

    address: str = ""
    postcode: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A person of the caseload with all that he may be found by. ``refs`` holds the caseload's own reference too.

    An alias of one word is a nickname, borne with the surname or alone; one of several words is a whole name.
    """

    ref: str
    refs: tuple[str, ...] = ()
    surname: str = ""
    forenames: str = ""
    aliases: tuple[str, ...] = ()
    date_of_birth: date | None = None
    addresses: tuple[Address, ...] = ()
    vehicles: tuple[str, ...] = ()


def subject_of(
    offender: Offender,
    *,
    aliases: tuple[str, ...] = (),
    addresses: tuple[Address, ...] = (),
    vehicles: tuple[str, ...] = (),
    refs: tuple[str, ...] = (),
) -> Subject:
    """An offender as he is matched; what the caseload does not hold of him is given beside."""
    home = (Address(offender.address, offender.postcode),) if offender.address or offender.postcode else ()
    return Subject(
        ref=offender.ref,
        refs=tuple(dict.fromkeys(ref for ref in (offender.ref, offender.visor_ref, *refs) if ref)),
        surname=offender.surname,
        forenames=offender.forenames,
        aliases=aliases,
        date_of_birth=offender.date_of_birth,
        addresses=(*home, *addresses),
        vehicles=vehicles,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class LogPerson:
    """Somebody named in a log. ``surname`` holds the whole name where the log has it in one text."""

    surname: str = ""
    forenames: str = ""
    date_of_birth: date | None = None
    birth_year: int | None = None
    refs: tuple[str, ...] = ()
    addresses: tuple[Address, ...] = ()
    vehicles: tuple[str, ...] = ()
    role: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentLog:
    """One incident of the force's log. ``at`` is local time; ``sheet`` and ``row`` say where in the file it stands."""

    number: str
    at: datetime | None = None
    kind: str = ""
    place: str = ""
    address: str = ""
    postcode: str = ""
    persons: tuple[LogPerson, ...] = ()
    vehicles: tuple[str, ...] = ()
    text: str = ""
    sheet: str = ""
    row: int = 0
