"""Retention: reviews by one person and authorised by another, legal holds, erasure by two people, its certificate.

Nothing here happens by itself: a clock says when a person is to look (``domain/retention_clock.py``).
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import uuid4

from mosovo_planner.domain.clock_engine import full_case
from mosovo_planner.domain.clocks import Clock, in_words
from mosovo_planner.domain.errors import UserError
from mosovo_planner.domain.facts import Facts
from mosovo_planner.domain.guard import refuse_financial_data
from mosovo_planner.domain.policy import Policy
from mosovo_planner.domain.record import Operation
from mosovo_planner.domain.retention import (
    Decision,
    ErasureCertificate,
    Ground,
    LegalHold,
    Retention,
    RetentionGroup,
    RetentionRefused,
    RetentionReview,
    authorised,
    checked_review,
    lifted,
    returned,
)
from mosovo_planner.domain.retention_clock import group_of
from mosovo_planner.domain.roles import Permission
from mosovo_planner.office.papers import marking_of
from mosovo_planner.office.restore import why_words
from mosovo_planner.office.risk_plans import offender_of
from mosovo_planner.office.session import Session
from mosovo_planner.reports.erasure import erasure_paper
from mosovo_planner.reports.paper import Paper
from mosovo_planner.store.backups.backup import Backup, backups, keeping, last_days
from mosovo_planner.store.compact import compact
from mosovo_planner.store.drafts import forget_all

if TYPE_CHECKING:
    from mosovo_planner.store.unit import Unit


@dataclass(frozen=True)
class RetentionView:
    """One person's retention: reviews and holds, the clock with its reason, what would be erased, the force's numbers."""

    ref: str
    retention: Retention
    clock: Clock | None
    group: RetentionGroup
    kinds: tuple[str, ...]
    policy: Policy


@dataclass(frozen=True)
class Draft:
    """A review as it is typed; the reviewer is whoever files it."""

    ref: str
    on: date
    group: RetentionGroup
    decision: Decision
    reason: str
    criteria: tuple[str, ...] = ()
    ground: Ground | None = None
    next_due: date | None = None


@dataclass(frozen=True)
class Erasure:
    """An erasure that was carried out. ``not_compacted`` says why the database could not be rewritten yet; empty where it was."""

    certificate: ErasureCertificate
    not_compacted: str = ""


def view_retention(session: Session, ref: str, as_of: date) -> RetentionView:
    """One person's retention. A consultation.

    Raises:
        NoSuchOffender: nobody of that reference is held.
    """
    with session.unit(Permission.VIEW) as unit:
        offender, policy = offender_of(unit, ref), unit.policy()
        facts = unit.facts([ref]).get(ref, Facts())
        case = full_case(offender, facts, policy, unit.clock_table(), as_of, unit.visits(ref=ref))
        clock = next((each for each in case.clocks if each.kind == "retention_review"), None)
        unit.record(Operation.CONSULTATION, f"offender {ref}", fields=("retention_review.", "legal_hold."), reason="retention")
        group = group_of(facts.retention.last, policy)
        return RetentionView(ref, facts.retention, clock, group, unit.kinds_held(ref), policy)


def file_review(session: Session, draft: Draft) -> RetentionReview:
    """File a review; it waits for a second person. To ask for an erasure, the right to decide on one is needed.

    Raises:
        RetentionRefused: something is missing in it, or a legal hold is in force.
        FinancialDataRefused: a text looks like it holds a card or account number.
        StaleRecord: another review of this person waits already.
    """
    may_decide = session.may(Permission.RETENTION)
    needed = Permission.RETENTION if draft.decision is Decision.DISPOSE or may_decide else Permission.RECORD
    session.require(needed)
    review = RetentionReview(
        id=uuid4().hex, ref=draft.ref, on=draft.on, group=draft.group, decision=draft.decision, reason=draft.reason.strip(),
        reviewer=session.user, at=_now(), criteria=draft.criteria, ground=draft.ground, next_due=draft.next_due,
    )  # fmt: skip
    checked = checked_review(review, date.today())
    with session.unit(needed) as unit:
        if checked.decision is Decision.DISPOSE:
            _refuse_held(unit, draft.ref)
        unit.save_retention_review(checked)
    return checked


def authorise_review(session: Session, review: RetentionReview, remarks: str = "") -> RetentionReview:
    """A second person authorises that a record is kept; for a disposal see :func:`approve_erasure`.

    Raises:
        RetentionRefused: it was settled, asks for an erasure, or the second person is the first.
        StaleRecord: it is not as it was read.
    """
    if review.decision is Decision.DISPOSE:
        raise RetentionRefused("This review asks for an erasure. Approve the erasure itself.")
    settled = authorised(review, session.user, _now(), remarks)
    with session.unit(Permission.RETENTION) as unit:
        unit.save_retention_review(settled, review)
    return settled


def return_review(session: Session, review: RetentionReview, remarks: str) -> RetentionReview:
    """Send a review back with what is wrong with it; whoever filed it may take it back himself.

    Raises:
        RetentionRefused: it was settled, or nothing is said.
        StaleRecord: it is not as it was read.
    """
    own = review.reviewer == session.user
    settled = returned(review, session.user, _now(), remarks)
    with session.unit(Permission.VIEW if own else Permission.RETENTION) as unit:
        unit.save_retention_review(settled, review)
    return settled


def set_hold(session: Session, ref: str, reason: str) -> LegalHold:
    """Keep a record from being erased, with the reason (an inquiry, a court, a complaint).

    Raises:
        RetentionRefused: no reason was given, or a hold is in force already.
    """
    if not reason.strip():
        raise RetentionRefused("A legal hold needs its reason: who asked for it, and for what.")
    refuse_financial_data({"The reason": reason})
    hold = LegalHold(id=uuid4().hex, ref=ref, reason=reason.strip(), set_by=session.user, set_at=_now())
    with session.unit(Permission.RETENTION) as unit:
        if unit.legal_holds(ref, in_force_only=True):
            raise RetentionRefused("A legal hold is in force on this record already.")
        unit.save_legal_hold(hold)
    return hold


def lift_hold(session: Session, hold: LegalHold, reason: str) -> LegalHold:
    """Lift a legal hold, with the reason.

    Raises:
        RetentionRefused: it was lifted before, or no reason was given.
        StaleRecord: somebody else lifted it meanwhile.
    """
    over = lifted(hold, session.user, _now(), reason)
    with session.unit(Permission.RETENTION) as unit:
        unit.save_legal_hold(over, hold)
    return over


# Erasure


def outliving(session: Session, before: datetime | None = None) -> tuple[str, ...]:
    """A line on every backup in the workspace's own folder (made before a moment, where given): when made, when it will go.

    On a server: that its administrator keeps them.
    """
    folder = session.workspace.folder
    if folder is None:
        return ("The database server's own backups and logs: its administrator keeps them and lets them go.",)
    held = backups(folder)
    until = last_days(held, date.today(), keeping(session.workspace))
    return tuple(_backup_line(each, until[each.folder]) for each in held if before is None or each.at < _local(before))


def _backup_line(backup: Backup, until: date | None) -> str:
    made = f"{in_words(backup.at.date())} {backup.at:%H:%M}, {why_words(backup.why)}"
    return f"{made}: goes on {in_words(until)}" if until else f"{made}: stays until somebody removes it"


def approve_erasure(session: Session, review: RetentionReview, typed: str) -> Erasure:
    """Erase a person's record as the second person, for good. ``typed`` is the reference, typed to be sure.

    Everything goes in one transaction, with the certificate in its place; then the database is rewritten without it. What
    anybody left unfinished on this computer goes too, for it may name the person.

    Raises:
        RetentionRefused: the reference typed is another one, it is no disposal, or the second person is the first.
        StillNeeded: a legal hold is in force.
        StaleRecord: the review was settled meanwhile.
    """
    session.require(Permission.RETENTION)
    if typed.strip() != review.ref:
        raise RetentionRefused("The reference typed is not that of this record. Nothing was erased.")
    lines = (*outliving(session), *_copies_made(session))
    with session.unit(Permission.RETENTION) as unit:
        made = unit.approve_erasure(review, _now(), lines)
    with contextlib.suppress(OSError):  # what stays is sealed, and is left out when its user opens it
        forget_all(session.workspace)
    return Erasure(made, _compacted(session))


def _compacted(session: Session) -> str:
    """Rewrite the database; the erasure stands even where that must wait."""
    try:
        return "" if compact(session.workspace, _now()) else "The administrator of the server rewrites its tables (VACUUM FULL)."
    except UserError as wrong:
        return f"{wrong} The record is erased; the file is rewritten the next time somebody compacts it."


def compact_now(session: Session) -> str:
    """Rewrite the database where that had to wait after an erasure; what stands against it in words, else empty."""
    session.require(Permission.RETENTION)
    return _compacted(session)


def _copies_made(session: Session) -> tuple[str, ...]:
    """Whole copies of the workspace that were taken elsewhere, by the record of use; the program cannot reach them."""
    if session.workspace.folder is None:
        return ()
    with session.unit(Permission.RETENTION) as unit:
        copies = unit.copies_taken()
    if not copies:
        return ()
    newest = in_words(copies[0].at.astimezone().date())
    count = f"{len(copies)} copies" if len(copies) > 1 else "A copy"
    return (f"{count} of the whole workspace taken elsewhere, the newest on {newest}: whoever holds one must destroy it",)


def certificates(session: Session) -> tuple[ErasureCertificate, ...]:
    """Every certificate of an erasure, newest first. No personal data is in them."""
    with session.unit(Permission.RETENTION) as unit:
        return unit.certificates()


def certificate_paper(session: Session, certificate: ErasureCertificate) -> Paper:
    """The certificate as a paper: printed and saved like any other, a disclosure then."""
    with session.unit(Permission.RETENTION) as unit:
        marking = marking_of(unit, session, unit.policy())
    now_left = outliving(session, certificate.approved_at)
    return erasure_paper(certificate, now_left, date.today(), marking)


def _refuse_held(unit: Unit, ref: str) -> None:
    if unit.legal_holds(ref, in_force_only=True):
        raise RetentionRefused("A legal hold is in force on this record, so it cannot be erased. Lift the hold first.")


def _local(moment: datetime) -> datetime:
    return moment.astimezone().replace(tzinfo=None) if moment.tzinfo else moment


def _now() -> datetime:
    return datetime.now().replace(microsecond=0)  # noqa: DTZ005 - local, as visits are
