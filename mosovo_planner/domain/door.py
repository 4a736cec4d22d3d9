"""At the door: what a record needs, what failed attempts ask for, and who tries to choose his visits (rules 1, 3 to 7, 31)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from mosovo_planner.domain.clocks import in_words, visit_interval
from mosovo_planner.domain.dates import Length, Unit, add_months, day_after, happens_locally
from mosovo_planner.domain.guard import unfit
from mosovo_planner.domain.people import Offender
from mosovo_planner.domain.policy import Policy
from mosovo_planner.domain.visits import Visit

S96B = "Sexual Offences Act 2003, s.96B"
_LEAST_ATTEMPTS = 2  # s.96B(3): on at least two occasions
_EVENING = 17
_RANKS = ("sergeant", "inspector", "head of unit")
OWN_LONE_VISIT = "A lone visit is approved by a supervisor who did not make it."
_TEXTS = (
    ("The note", "note"),
    ("The reason for announcing", "announced_reason"),
    ("The reason for the lone visit", "lone_reason"),
    ("Who lives there", "household"),
    ("The risk noticed", "risk_noticed"),
)


def visit_problems(visit: Visit, now: datetime) -> tuple[str, ...]:
    """What keeps a visit from being recorded, in words; ``now`` is local time without zone.

    An announced visit needs its reason (rule 4); a lone one its reason, and the approval of someone who was not
    there (rule 3), which may follow: until then :attr:`Visit.awaits_approval` says that it is wanting.
    """
    rules = (
        (not visit.officers, "Choose the officers."),
        (len(set(visit.officers)) < len(visit.officers), "The officers must be different people."),
        (visit.at > now, "The time lies ahead; record the visit once it has been made."),
        (not happens_locally(visit.at), "That time did not exist: the clocks went forward. Check the hour."),
        (visit.announced and not visit.announced_reason.strip(), "Give the reason why the visit was announced."),
        (visit.lone and not visit.lone_reason.strip(), "Give the reason for the lone visit."),
        (visit.approved_by in visit.officers, OWN_LONE_VISIT),
        (visit.devices_checked is not None and visit.devices_checked < 0, "The number of devices cannot be below nought."),
        (
            visit.visor_entered_on is not None and not visit.at.date() <= visit.visor_entered_on <= now.date(),
            "The day of entry in ViSOR lies before the visit or ahead.",
        ),
    )
    found = [words for broken, words in rules if broken]
    return (*found, *_unfit_texts(visit))


def _unfit_texts(visit: Visit) -> list[str]:
    return [f"{label} {words}" for label, name in _TEXTS if (words := unfit(getattr(visit, name)))]


def since_last_success(visits: Iterable[Visit]) -> tuple[Visit, ...]:
    """The visits after the last successful one, oldest first; all of them where none succeeded."""
    ordered = sorted(visits, key=lambda visit: visit.at)
    last = max((place for place, visit in enumerate(ordered) if visit.outcome.successful), default=-1)
    return tuple(ordered[last + 1 :])


def failed_attempts(visits: Iterable[Visit]) -> int:
    """Attempts to enter that failed since the last success (no reply, refused)."""
    return sum(visit.outcome.failed_entry for visit in since_last_success(visits))


@dataclass(frozen=True, slots=True)
class WarrantReview:
    """A prompt to consider a warrant of entry; the decision is a person's, and a court's."""

    attempts: int
    days: tuple[date, ...]
    why: str
    source: str = S96B


def warrant_review(offender: Offender, visits: Iterable[Visit], policy: Policy) -> WarrantReview | None:
    """The s.96B prompt: two failed attempts to enter since the last success; not in custody, hospital or abroad.

    Policy may ask for more attempts before the prompt, never for fewer than the Act.
    """
    failed = [visit for visit in since_last_success(visits) if visit.outcome.failed_entry]
    asked = max(_LEAST_ATTEMPTS, policy.whole("door.warrant_prompt_attempts"))
    if offender.status.suspends_visits or len(failed) < asked:
        return None
    days = tuple(visit.at.date() for visit in failed)
    named = ", ".join(in_words(day) for day in days)
    return WarrantReview(
        len(failed), days, f"{len(failed)} attempts to enter failed since the last success ({named}): consider an entry warrant."
    )


@dataclass(frozen=True, slots=True)
class Escalation:
    """Who is to be told that an offender has not been seen for too long; ``level`` is 1 to 3."""

    level: int
    to: str
    days_unseen: int | None
    why: str


def escalation(offender: Offender, policy: Policy, as_of: date) -> Escalation | None:
    """Escalate by the age of the last success in per cent of the visit interval (rule 7).

    One never seen goes to the top at once: nothing shows that he was ever seen. None while away.
    """
    if offender.status.suspends_visits:
        return None
    steps = policy.numbers("door.escalate_percent")[: len(_RANKS)]
    if offender.last_seen is None:
        return Escalation(len(steps), _RANKS[len(steps) - 1], None, "No successful visit is recorded at all.") if steps else None
    months = visit_interval(offender, policy)[0]
    interval = max(1, (add_months(offender.last_seen, months) - offender.last_seen).days)
    unseen = (as_of - offender.last_seen).days
    level = sum(unseen * 100 >= step * interval for step in steps)
    if not level:
        return None
    why = f"Not seen for {unseen} days, {unseen * 100 // interval} per cent of his interval of {interval} days."
    return Escalation(level, _RANKS[level - 1], unseen, why)


@dataclass(frozen=True, slots=True)
class Dictation:
    """An offender who dictates his visits: how often he asked, how many visits were announced, and the answer to it."""

    requests: int
    announced: int
    visits: int
    words: str
    advice: str


def dictates_his_visits(visits: Iterable[Visit], policy: Policy, as_of: date) -> Dictation | None:
    """The pattern of requests to choose or put off visits (rule 6; Wiltshire finding, 2023)."""
    since = add_months(as_of, -policy.whole("door.requests_months"))
    recent = [visit for visit in visits if since < visit.at.date() <= as_of]
    requests = sum(visit.asked_to_choose for visit in recent)
    if requests < policy.whole("door.requests_pattern"):
        return None
    announced = sum(visit.announced for visit in recent)
    months = policy.whole("door.requests_months")
    words = f"Dictates his visits: asked {requests} times in {months} months to choose or put off the time"
    advice = "Visit unannounced, at other days and hours than he asked for, and sooner than he expects."
    return Dictation(requests, announced, len(recent), f"{words}; {announced} of {len(recent)} visits were announced.", advice)


def part_of_day(at: datetime) -> str:
    """``morning``, ``afternoon`` or ``evening`` (from 17:00)."""
    return "morning" if at.hour < 12 else "afternoon" if at.hour < _EVENING else "evening"


def repeated_slot(visits: Iterable[Visit], at: datetime, policy: Policy) -> str:
    """A warning where a visit at ``at`` repeats weekday and part of day of a recent one (rule 5); empty where not."""
    earlier = sorted((visit for visit in visits if visit.at < at), key=lambda visit: visit.at)
    recent = earlier[-policy.whole("door.vary_last_visits") :] if policy.whole("door.vary_last_visits") > 0 else []
    same = [visit for visit in recent if (visit.at.weekday(), part_of_day(visit.at)) == (at.weekday(), part_of_day(at))]
    if not same:
        return ""
    slot = f"{at:%A} {part_of_day(at)}"
    return f"Also visited on a {slot} on {in_words(same[-1].at.date())}. Vary days and hours, evenings included."


def never_in_the_evening(visits: Sequence[Visit], policy: Policy) -> bool:
    """Whether none of enough recent visits was in the evening, so that evenings are safe for him (rule 5)."""
    recent = sorted(visits, key=lambda visit: visit.at)[-max(1, policy.whole("door.vary_last_visits")) :]
    enough = len(recent) >= policy.whole("door.vary_last_visits")
    return enough and all(part_of_day(visit.at) != "evening" for visit in recent)


@dataclass(frozen=True, slots=True)
class Unentered:
    """A visit not yet entered in ViSOR; ``due`` is None where the force has set no deadline."""

    visit: Visit
    due: date | None
    days_late: int


def unentered_visits(visits: Iterable[Visit], policy: Policy, as_of: date) -> tuple[Unentered, ...]:
    """Visits without the tick "entered in ViSOR", oldest first (rule 31). The program never enters them itself."""
    days = policy.maybe("deadline.visor_entry_days")
    found = []
    for visit in sorted(visits, key=lambda each: each.at):
        if visit.visor_entered_on is None:
            due = None if days is None else day_after(visit.at.date(), Length(round(days), Unit.DAYS))
            found.append(Unentered(visit, due, max(0, (as_of - due).days) if due else 0))
    return tuple(found)


@dataclass(frozen=True)
class AtTheDoor:
    """What visits so far say of an offender: failed attempts since the last success and what follows from them."""

    failed: int = 0
    review: WarrantReview | None = None
    escalation: Escalation | None = None
    dictation: Dictation | None = None
    repeated: str = ""
    child: bool = False
    awaits_approval: bool = False

    def words(self) -> tuple[str, ...]:
        """A line each, the gravest first; empty where the visit asks for nothing."""
        lines = []
        if self.review:
            lines.append(f"{self.review.why} ({self.review.source})")
        if self.escalation:
            lines.append(f"Tell the {self.escalation.to}: {self.escalation.why}")
        if self.child:
            lines.append("A child was met: write a public protection notification where there is concern.")
        if self.dictation:
            lines.append(f"{self.dictation.words} {self.dictation.advice}")
        if self.repeated:
            lines.append(self.repeated)
        if self.awaits_approval:
            lines.append("The lone visit waits for a supervisor's approval.")
        return tuple(lines)


def at_the_door(offender: Offender, visits: Sequence[Visit], policy: Policy, as_of: date) -> AtTheDoor:
    """What the visits on record ask for, as of a day (practice rules 5 to 7)."""
    return AtTheDoor(
        failed=failed_attempts(visits),
        review=warrant_review(offender, visits, policy),
        escalation=escalation(offender, policy, as_of),
        dictation=dictates_his_visits(visits, policy, as_of),
    )
