"""The notification period by sentence: Sexual Offences Act 2003, s.82, as a calculator whose answer a person confirms."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from mosovo_planner.domain.dates import Length, Unit, add_months, age_on, last_day_beginning

S82 = "Sexual Offences Act 2003, s.82"


class Disposal(StrEnum):
    """How a court or the police dealt with him, as the table of s.82(1) divides it."""

    IMPRISONMENT = "imprisonment"
    LIFE = "life"
    HOSPITAL = "hospital"
    HOSPITAL_RESTRICTED = "hospital_restricted"
    CAUTION = "caution"
    CONDITIONAL_DISCHARGE = "conditional_discharge"
    OTHER = "other"

    @property
    def label(self) -> str:
        return {
            "imprisonment": "Imprisonment for a term",
            "life": "Life, or for public protection",
            "hospital": "Hospital order without restriction",
            "hospital_restricted": "Hospital order with restriction",
            "caution": "Caution",
            "conditional_discharge": "Conditional discharge",
            "other": "Any other disposal",
        }[self.value]


@dataclass(frozen=True, slots=True)
class Term:
    """A length of custody or discharge as the court spoke it."""

    years: int = 0
    months: int = 0
    weeks: int = 0
    days: int = 0

    def end(self, start: date) -> date:
        """The day after the term when it begins on ``start``."""
        return add_months(start, 12 * self.years + self.months) + timedelta(days=7 * self.weeks + self.days)

    def __add__(self, other: Term) -> Term:
        return Term(self.years + other.years, self.months + other.months, self.weeks + other.weeks, self.days + other.days)

    def __sub__(self, other: Term) -> Term:
        return Term(self.years - other.years, self.months - other.months, self.weeks - other.weeks, self.days - other.days)


@dataclass(frozen=True, slots=True)
class Sentence:
    """What s.82 asks: the relevant date (conviction, finding or caution), the disposal, the term, the date of birth.

    ``term`` is the whole term of consecutive sentences (:func:`aggregate`), or the discharge's length.
    """

    relevant_date: date
    disposal: Disposal
    term: Term = Term()
    date_of_birth: date | None = None


def too_young(sentence: Sentence, date_of_birth: date | None) -> bool:
    """Whether the relevant date lies before the age of criminal responsibility (Children and Young Persons Act 1933, s.50)."""
    born = sentence.date_of_birth or date_of_birth
    return born is not None and age_on(born, sentence.relevant_date) < 10


@dataclass(frozen=True, slots=True)
class NotificationPeriod:
    """The calculator's answer. ``last_day`` is None where the period is indefinite. Always for a person to confirm."""

    last_day: date | None
    why: str
    doubts: tuple[str, ...] = ()
    source: str = S82

    @property
    def indefinite(self) -> bool:
        return self.last_day is None


@dataclass(frozen=True, slots=True)
class ConfirmedEnd:
    """The last day of the notification period as a named person confirmed it; None is indefinite."""

    last_day: date | None
    by: str
    on: date


def aggregate(terms: Iterable[Term]) -> Term:
    """The term of consecutive sentences: their sum (s.82(4)(a))."""
    total = Term()
    for term in terms:
        total += term
    return total


def partly_concurrent(first: Term, second: Term, overlap: Term) -> Term:
    """The term of two sentences that overlap: X plus Y minus Z (s.82(4)(b))."""
    return first + second - overlap


def notification_period(sentence: Sentence) -> NotificationPeriod:
    """The notification period of s.82, halved for who was under 18 on the relevant date (s.82(2)).

    The period begins with the relevant date, so ten years from 2 May 2019 end on 1 May 2029.
    """
    months, reason = _months(sentence)
    doubts = _doubts(sentence)
    if months is None:
        return NotificationPeriod(None, f"{reason}: indefinite.", doubts)
    if sentence.disposal is Disposal.CONDITIONAL_DISCHARGE:
        last = sentence.term.end(sentence.relevant_date) - timedelta(days=1)
        return NotificationPeriod(last, f"{reason}.", doubts)
    if _under_18(sentence):
        months //= 2
        reason += ", halved as he was under 18 on the relevant date"
    last = last_day_beginning(sentence.relevant_date, Length(months, Unit.MONTHS))
    return NotificationPeriod(last, f"{reason}: {_in_years(months)} beginning with the relevant date.", doubts)


def _months(sentence: Sentence) -> tuple[int | None, str]:
    """Months of the period (None: indefinite; 0: the term of the discharge itself) and the row of the table."""
    label = sentence.disposal.label
    fixed: dict[Disposal, int | None] = {
        Disposal.LIFE: None,
        Disposal.HOSPITAL_RESTRICTED: None,
        Disposal.HOSPITAL: 84,
        Disposal.CAUTION: 24,
        Disposal.OTHER: 60,
        Disposal.CONDITIONAL_DISCHARGE: 0,
    }
    if sentence.disposal in fixed:
        return fixed[sentence.disposal], label if sentence.disposal is not Disposal.CONDITIONAL_DISCHARGE else (
            "Conditional discharge: its own length"
        )
    start = sentence.relevant_date
    end = sentence.term.end(start)
    if end >= add_months(start, 30):
        return None, "Imprisonment for 30 months or more"
    if end > add_months(start, 6):
        return 120, "Imprisonment for more than 6 and less than 30 months"
    return 84, "Imprisonment for 6 months or less"


def _under_18(sentence: Sentence) -> bool:
    return sentence.date_of_birth is not None and age_on(sentence.date_of_birth, sentence.relevant_date) < 18


def _doubts(sentence: Sentence) -> tuple[str, ...]:
    doubts = []
    if sentence.date_of_birth is None:
        doubts.append("No date of birth is held: the period is halved if he was under 18 on the relevant date.")
    if sentence.disposal is Disposal.IMPRISONMENT:
        start, end = sentence.relevant_date, sentence.term.end(sentence.relevant_date)
        if end <= start:
            doubts.append("The term of imprisonment is missing.")
        in_weeks = sentence.term.weeks or sentence.term.days
        if in_weeks and any(abs((end - add_months(start, months)).days) <= 7 for months in (6, 30)):
            doubts.append("The term, given in weeks or days, is within a week of a threshold of s.82: ask legal advice.")
    if sentence.disposal is Disposal.CONDITIONAL_DISCHARGE and sentence.term == Term():
        doubts.append("The length of the conditional discharge is missing.")
    return tuple(doubts)


def _in_years(months: int) -> str:
    years, rest = divmod(months, 12)
    words = [f"{years} year{'' if years == 1 else 's'}"] if years else []
    words += [f"{rest} months"] if rest else []
    return " and ".join(words)
