"""Whether a person's record is still needed: reviews, legal holds, and the certificate of an erasure.

Sources: College APP, police information and records management (review, retention and disposal): a record is kept
while it is necessary for a policing purpose, a decision to keep it is recorded, and the National Retention Assessment
Criteria (NRAC) guide it. The groups and the six questions are from memory; the force's own wording and numbers win
(policy ``retention.*``). Nothing here erases by itself: one person asks, another approves.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum

from mosovo_planner.domain.errors import UserError
from mosovo_planner.domain.guard import refuse_financial_data


class RetentionRefused(UserError):
    """A step of a retention review, hold or erasure is not possible; the message says why and what to do."""


class RetentionGroup(StrEnum):
    """The review group of a record. Registered sex offenders normally fall in the first (from memory)."""

    PUBLIC_PROTECTION = "1"
    SERIOUS = "2"
    OTHER = "3"

    @property
    def label(self) -> str:
        return f"Group {self.value}: {_GROUPS[self.value]}"


_GROUPS = {
    "1": "certain public protection matters",
    "2": "other sexual, violent or serious offences",
    "3": "all other offences",
}

CRITERIA = {
    "serious_harm": "A capacity to inflict serious harm",
    "children": "Concerns for children or vulnerable adults",
    "breach_of_trust": "A breach of trust",
    "associations": "Links or associations that may raise the risk",
    "substances": "Concerns about drugs or alcohol",
    "mental_state": "Concerns that his mental state may raise the risk",
}
"""The questions of the NRAC, from memory: confirm the wording with your force."""


class Decision(StrEnum):
    """What a review comes to."""

    RETAIN = "retain"
    AMEND = "amend"
    DISPOSE = "dispose"

    @property
    def label(self) -> str:
        return {"retain": "Retain as it is", "amend": "Retain and amend", "dispose": "Dispose: erase the record"}[self.value]


class Ground(StrEnum):
    """Why a record is to be erased, from a list: it stands in the certificate, where no free text may."""

    NOT_NECESSARY = "not_necessary"
    TRANSFERRED = "transferred"
    DIED = "died"
    ORDERED = "ordered"
    WRONGLY_HELD = "wrongly_held"
    DUPLICATE = "duplicate"

    @property
    def label(self) -> str:
        return _GROUNDS[self.value]


_GROUNDS = {
    "not_necessary": "No longer necessary for a policing purpose",
    "transferred": "Transferred: another force holds the record",
    "died": "The person has died",
    "ordered": "Ordered by a court or the Information Commissioner",
    "wrongly_held": "Should not have been recorded",
    "duplicate": "A second record of one person",
}


class ReviewState(StrEnum):
    """Where a review stands. An authorised disposal is not kept: its record is erased with everything else."""

    WAITING = "waiting"
    AUTHORISED = "authorised"
    RETURNED = "returned"

    @property
    def label(self) -> str:
        return {"waiting": "Waits for a second person", "authorised": "Authorised", "returned": "Returned"}[self.value]


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionReview:
    """One look at whether a record is still needed.

    ``on`` is the day of the review, ``at`` when it was written here. ``criteria`` are keys of :data:`CRITERIA` that hold.
    ``next_due`` is the reviewer's own date, where it is to be sooner than policy says. ``authoriser`` is another person
    than ``reviewer``; ``remarks`` are theirs. Times are local.
    """

    id: str
    ref: str
    on: date
    group: RetentionGroup
    decision: Decision
    reason: str
    reviewer: str
    at: datetime
    criteria: tuple[str, ...] = ()
    ground: Ground | None = None
    next_due: date | None = None
    state: ReviewState = ReviewState.WAITING
    authoriser: str = ""
    authorised_at: datetime | None = None
    remarks: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalHold:
    """A record that must not be erased, whatever a review says, until the hold is lifted. Times are local."""

    id: str
    ref: str
    reason: str
    set_by: str
    set_at: datetime
    lifted_by: str = ""
    lifted_at: datetime | None = None
    lift_reason: str = ""

    @property
    def in_force(self) -> bool:
        return self.lifted_at is None


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasureCertificate:
    """What remains of an erasure: who, when, why, which kinds of data, and nothing that was erased.

    ``id`` is drawn by lot; ``entry`` and ``entry_hash`` name the erasure's entry in the record of use. ``backups`` are lines
    on copies that outlive it. ``compacted`` is when the database was rewritten without what was freed; None: not yet.
    """

    id: str
    asked_by: str
    asked_at: datetime
    approved_by: str
    approved_at: datetime
    ground: Ground
    kinds: tuple[str, ...]
    backups: tuple[str, ...]
    entry: int
    entry_hash: str
    compacted: datetime | None = None


@dataclass(frozen=True, slots=True)
class Retention:
    """What is recorded of one person's retention. ``held_since`` is the day of the earliest thing kept here."""

    reviews: tuple[RetentionReview, ...] = ()
    holds: tuple[LegalHold, ...] = ()
    held_since: date | None = field(default=None, compare=False)

    @property
    def last(self) -> RetentionReview | None:
        """The newest authorised review."""
        done = [each for each in self.reviews if each.state is ReviewState.AUTHORISED]
        return max(done, key=lambda each: (each.on, each.at), default=None)

    @property
    def waiting(self) -> RetentionReview | None:
        return next((each for each in self.reviews if each.state is ReviewState.WAITING), None)

    @property
    def hold(self) -> LegalHold | None:
        """A hold in force."""
        return next((each for each in self.holds if each.in_force), None)


NOTHING_REVIEWED = Retention()


def checked_review(review: RetentionReview, today: date) -> RetentionReview:
    """The review itself, once it can be filed.

    Raises:
        RetentionRefused: something is missing, or cannot be so.
        FinancialDataRefused: a text looks like it holds a card or account number.
    """
    dispose = review.decision is Decision.DISPOSE
    mistakes = (
        (not review.reason.strip(), "A review needs its reason: the decision to keep or erase a record is itself recorded."),
        (review.on > today, "The review lies ahead. Give the day on which it was done."),
        (dispose and review.ground is None, "Choose why the record is to be erased."),
        (not dispose and review.ground is not None, "Only a disposal has a ground for erasing."),
        (review.next_due is not None and review.next_due <= review.on, "The next review must come after this one."),
        (bool(set(review.criteria) - CRITERIA.keys()), "A criterion is not known."),
    )
    wrong = next((words for broken, words in mistakes if broken), "")
    if wrong:
        raise RetentionRefused(wrong)
    refuse_financial_data({"The reason": review.reason})
    return review


def authorised(review: RetentionReview, by: str, at: datetime, remarks: str = "") -> RetentionReview:
    """The review as a second person authorises it.

    Raises:
        RetentionRefused: it does not wait, or the second person is the first.
    """
    _check_second(review, by)
    refuse_financial_data({"The remarks": remarks})
    return replace(review, state=ReviewState.AUTHORISED, authoriser=by, authorised_at=at, remarks=remarks.strip())


def returned(review: RetentionReview, by: str, at: datetime, remarks: str) -> RetentionReview:
    """The review as it is sent back, with what is wrong with it; whoever filed it may take it back himself.

    Raises:
        RetentionRefused: it does not wait, or nothing is said.
    """
    if review.state is not ReviewState.WAITING:
        raise RetentionRefused("This review was settled already. Look at the file again.")
    if not remarks.strip():
        raise RetentionRefused("Say why the review is returned; a line is enough.")
    refuse_financial_data({"The remarks": remarks})
    return replace(review, state=ReviewState.RETURNED, authoriser=by, authorised_at=at, remarks=remarks.strip())


def lifted(hold: LegalHold, by: str, at: datetime, reason: str) -> LegalHold:
    """The hold as it is lifted.

    Raises:
        RetentionRefused: it was lifted before, or no reason was given.
    """
    if not hold.in_force:
        raise RetentionRefused("This legal hold was lifted already.")
    if not reason.strip():
        raise RetentionRefused("Lifting a legal hold needs its reason.")
    refuse_financial_data({"The reason": reason})
    return replace(hold, lifted_by=by, lifted_at=at, lift_reason=reason.strip())


def same_person(one: str, other: str) -> bool:
    """Whether two user names are one account's: capitals and spaces around it do not matter."""
    return one.strip().casefold() == other.strip().casefold()


def _check_second(review: RetentionReview, by: str) -> None:
    if review.state is not ReviewState.WAITING:
        raise RetentionRefused("This review was settled already. Look at the file again.")
    if same_person(review.reviewer, by):
        raise RetentionRefused("Whoever reviewed a record cannot authorise it as well. Ask another supervisor or manager.")
