"""The people in the caseload: offenders, offender managers, where they are and when they are away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Risk(StrEnum):
    """Risk level of an offender, lowest first. An offender not yet assessed has none (``None``)."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    VERY_HIGH = "very_high"

    @property
    def label(self) -> str:
        """The level as it is written on screens and papers: ``Very high``."""
        return self.value.replace("_", " ").capitalize()

    @property
    def rank(self) -> int:
        """0 for low to 3 for very high."""
        return _RANKS[self]


_RANKS = {risk: rank for rank, risk in enumerate(Risk)}
_LABELS = {risk: risk.label for risk in Risk}


def risk_label(risk: Risk | None) -> str:
    """The level in words, ``Not assessed`` where there is none."""
    return _LABELS[risk] if risk is not None else "Not assessed"


class Status(StrEnum):
    """Where an offender is. Only those in the community (or missing) are visited at home."""

    COMMUNITY = "community"
    CUSTODY = "custody"
    HOSPITAL = "hospital"
    ABROAD = "abroad"
    MISSING = "missing"

    @property
    def label(self) -> str:
        return self.value.capitalize()

    @property
    def suspends_visits(self) -> bool:
        """Whether home visits are suspended (practice rule 23: custody, hospital, abroad)."""
        return self in (Status.CUSTODY, Status.HOSPITAL, Status.ABROAD)


class Sex(StrEnum):
    """Sex of a person as the tracker's M or F column gives it."""

    MALE = "M"
    FEMALE = "F"


class Precision(StrEnum):
    """How a position was found, best first. Anything from SECTOR down is flagged for checking."""

    TRACKER = "tracker"
    HAND = "hand"
    POSTCODE = "postcode"
    SECTOR = "sector"
    DISTRICT = "district"
    PLACE = "place"

    @property
    def label(self) -> str:
        return {
            "tracker": "Given in the tracker",
            "hand": "Placed by hand",
            "postcode": "Postcode",
            "sector": "Postcode sector only",
            "district": "Postcode district only",
            "place": "Place name only",
        }[self.value]

    @property
    def needs_checking(self) -> bool:
        return self in (Precision.SECTOR, Precision.DISTRICT, Precision.PLACE)


@dataclass(frozen=True, slots=True)
class Position:
    """A point on the ground: WGS84 degrees, and how it was found."""

    lat: float
    lon: float
    precision: Precision = Precision.TRACKER


@dataclass(frozen=True, slots=True)
class Absence:
    """Days an officer is away, first and last day included."""

    start: date
    end: date
    reason: str = ""

    def covers(self, day: date) -> bool:
        return self.start <= day <= self.end


@dataclass(frozen=True, slots=True, kw_only=True)
class OffenderManager:
    """An officer to whom offenders are allocated. ``version`` counts the saves; 0 was never saved.

    ``team`` is what figures are grouped by; ``rank`` and ``reach`` (telephone, e-mail) are words for whoever asks who
    manages an offender.
    """

    id: str
    name: str = ""
    base: str = ""
    base_postcode: str = ""
    position: Position | None = None
    weekly_hours: float = 37.0
    trained: bool = False
    arms_trained: bool = False
    sex: Sex | None = None
    absences: tuple[Absence, ...] = ()
    team: str = ""
    rank: str = ""
    reach: str = ""
    version: int = 0

    @property
    def label(self) -> str:
        """Name where there is one, else the id."""
        return self.name or self.id

    def away(self, day: date) -> Absence | None:
        """The absence that covers ``day``, or None where the officer is on duty as usual."""
        return next((absence for absence in self.absences if absence.covers(day)), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offender:
    """A registered sex offender on the caseload.

    ``manager`` is the id of the offender manager who holds the case, or None. ``interval_months`` is
    the offender's own visit interval where one was decided; otherwise policy gives it by risk.
    ``pinned_manager`` says that a supervisor decided the case stays with its manager. There is no
    field for offences in detail, victims, or bank and card data, on purpose (practice, table a).
    ``version`` counts the saves, so that nobody overwrites what he has not seen; 0 was never saved.
    """

    ref: str
    visor_ref: str = ""
    surname: str = ""
    forenames: str = ""
    date_of_birth: date | None = None
    sex: Sex | None = None
    address: str = ""
    postcode: str = ""
    position: Position | None = None
    status: Status = Status.COMMUNITY
    risk: Risk | None = None
    interval_months: int | None = None
    last_seen: date | None = None
    manager: str | None = None
    pinned_manager: bool = False
    supervisor: str = ""
    arms_done: date | None = None
    rmp_review_due: date | None = None
    mappa_level: int | None = None
    orders: str = ""
    markers: tuple[str, ...] = ()
    notes: str = ""
    version: int = 0

    @property
    def name(self) -> str:
        """``SURNAME, Forenames``; the reference where no name is held."""
        parts = [part for part in (self.surname, self.forenames) if part]
        return ", ".join(parts) or self.ref


@dataclass(frozen=True, slots=True)
class Caseload:
    """Everybody at one moment: the offenders and the managers, each in reference order."""

    offenders: tuple[Offender, ...]
    managers: tuple[OffenderManager, ...]

    def manager(self, manager_id: str | None) -> OffenderManager | None:
        return next((each for each in self.managers if each.id == manager_id), None)
