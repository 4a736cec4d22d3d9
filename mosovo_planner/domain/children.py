"""A public protection notification about a child, made after a visit; exported, the force's own system keeps the original.

What other agencies need is asked for, and where school or ethnicity are missing, why. How a child appeared is told by
the AWARE prompts: appearance, words, activity, relationships, environment. What is asked for follows HMICFRS's child
protection inspections as the force's supervisors know them (from memory: confirm with your force). There is on purpose
no field for what an offender was convicted of.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta

from mosovo_planner.domain.clocks import in_words
from mosovo_planner.domain.dates import age_on
from mosovo_planner.domain.guard import refuse_financial_data
from mosovo_planner.domain.people import Sex
from mosovo_planner.domain.policy import Policy

LIMIT = "deadline.child_notification_days"
AWARE = ("appearance", "words", "activity", "relationships", "environment")
_CHILD_UNDER = 18
"""Who is a child: Children Act 1989, s.105(1)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildNotification:
    """One notification about one child. Times are local.

    ``ref`` is the offender, ``visit`` the id of the visit at which the child came to notice (blank where it was
    otherwise), ``noticed_at`` that moment. ``words`` is what the child said, in the child's own words;
    ``words_why_absent`` says why nobody spoke to the child. ``age`` serves where the date of birth is not known.
    """

    id: str
    ref: str
    noticed_at: datetime
    written_at: datetime
    by: str
    visit: str = ""
    child_name: str = ""
    date_of_birth: date | None = None
    age: int | None = None
    sex: Sex | None = None
    address: str = ""
    school: str = ""
    school_why_absent: str = ""
    ethnicity: str = ""
    ethnicity_why_absent: str = ""
    relationship: str = ""
    parental_responsibility: str = ""
    appearance: str = ""
    words: str = ""
    words_why_absent: str = ""
    activity: str = ""
    relationships: str = ""
    environment: str = ""
    sent_at: datetime | None = None
    sent_to: str = ""
    agency_reference: str = ""
    strategy_meeting: date | None = None
    strategy_outcome: str = ""

    @property
    def sent(self) -> bool:
        return self.sent_at is not None


def notification_problems(note: ChildNotification, today: date) -> tuple[str, ...]:
    """What the notification lacks to be sent, in words; empty where it is complete."""
    age = age_on(note.date_of_birth, today) if note.date_of_birth else note.age
    rules = (
        (not note.child_name.strip(), "Give the child's name, or write that it is not known and why."),
        (note.date_of_birth is None and note.age is None, "Give the child's date of birth, or the age."),
        (note.date_of_birth is not None and note.date_of_birth > today, "The child's date of birth lies ahead."),
        (age is not None and age >= _CHILD_UNDER, "By the date of birth or age this is no child but an adult."),
        (note.sex is None, "Give the child's sex."),
        (not note.address.strip(), "Give the address where the child lives."),
        (_unjustified(note.school, note.school_why_absent), "Give the child's school, or say why it is missing."),
        (_unjustified(note.ethnicity, note.ethnicity_why_absent), "Give the child's ethnicity, or say why it is missing."),
        (not note.relationship.strip(), "Say how the child is related to the offender."),
        (not note.parental_responsibility.strip(), "Say who has parental responsibility."),
        (
            _unjustified(note.words, note.words_why_absent),
            "Write what the child said, or say why nobody spoke to the child.",
        ),
        (not note.by.strip(), "Say who writes the notification."),
        (note.sent and not note.sent_to.strip(), "Say to whom the notification was sent."),
    )
    return tuple(words for broken, words in rules if broken)


def aware_gaps(note: ChildNotification) -> tuple[str, ...]:
    """The AWARE prompts that say nothing; for ``words`` a reason why nobody spoke to the child counts."""
    said = {prompt: str(getattr(note, prompt)).strip() for prompt in AWARE}
    said["words"] = said["words"] or note.words_why_absent.strip()
    return tuple(prompt for prompt, text in said.items() if not text)


def _unjustified(text: str, why_absent: str) -> bool:
    return not text.strip() and not why_absent.strip()


@dataclass(frozen=True, slots=True)
class Lateness:
    """How a notification stands against the force's limit. ``due`` is None where the force has set none.

    ``took`` is the time from notice to sending, or to now while it is not sent.
    """

    due: datetime | None
    took: timedelta
    late: bool
    words: str
    source: str


def lateness(note: ChildNotification, policy: Policy, now: datetime) -> Lateness:
    """Whether it was (or is being) sent within the force's limit, counted in days of 24 hours from the notice."""
    end = note.sent_at or now
    took = end - note.noticed_at
    days = policy.maybe(LIMIT)
    done = (
        f"Sent {in_words(end.date())}, {_length(took)} after notice" if note.sent else f"Not sent, {_length(took)} after notice"
    )
    if days is None:
        return Lateness(None, took, False, f"{done}. The force has set no limit.", "")
    due = note.noticed_at + timedelta(days=days)
    late = end > due
    limit = f"the limit is {_length(timedelta(days=days))}"
    words = f"{done}; {limit}, so it is {_length(end - due)} late." if late else f"{done}; {limit}."
    return Lateness(due, took, late, words, policy.source(LIMIT))


def _length(time: timedelta) -> str:
    hours = max(0, int(time.total_seconds() // 3600))
    number, unit = (hours, "hour") if hours < 48 else (hours // 24, "day")
    return f"{number} {unit}{'' if number == 1 else 's'}"


def notification_export(note: ChildNotification, offender_name: str) -> dict[str, object]:
    """The notification as plain values for the force's own system: ISO dates, nothing where nothing is held."""
    body = {each.name: _plain(getattr(note, each.name)) for each in fields(note)}
    return {"format": "mosovo-child-notification/1", "offender": offender_name, **body}


def _plain(value: object) -> object:
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return value.value if isinstance(value, Sex) else value


def checked(note: ChildNotification) -> ChildNotification:
    """The notification itself, once its texts are known to hold no card or account number.

    Raises:
        FinancialDataRefused: one of them looks like it does.
    """
    texts = {each.name.replace("_", " ").capitalize(): getattr(note, each.name) for each in fields(note)}
    refuse_financial_data({name: text for name, text in texts.items() if isinstance(text, str)})
    return note
