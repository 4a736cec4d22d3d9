"""Retention reviews, legal holds, and erasure by two people with what remains of it. Nothing here happens by itself."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from mosovo_planner.domain.record import Operation, Use
from mosovo_planner.domain.retention import (
    Decision,
    ErasureCertificate,
    LegalHold,
    RetentionRefused,
    RetentionReview,
    ReviewState,
    same_person,
)
from mosovo_planner.store import tables
from mosovo_planner.store.base.errors import StaleRecord
from mosovo_planner.store.parts.part import check_storable, in_batches, storable
from mosovo_planner.store.parts.people import PeoplePart
from mosovo_planner.store.parts.rows import use_of
from mosovo_planner.store.record.chain import digest_of, head
from mosovo_planner.store.record.lost import BY_TWO
from mosovo_planner.store.tables import OF_OFFENDERS
from mosovo_planner.store.tables.kinds import CERTIFICATES, LEGAL_HOLD, RETENTION_REVIEW

_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""What certificates are numbered with: no letter that reads as a figure."""

_WORDS = {
    "event": "events such as notifications and meetings",
    "stay": "stays in custody, hospital or abroad",
    "court_order": "orders of courts",
    "trip": "travel abroad",
    "risk_since": "history of the risk level",
    "sentence": "sentence",
    "confirmed_end": "end of the notification requirements",
    "reactive_approval": "reactive management",
    "no_fixed_home": "no fixed home",
    "alias": "other names",
    "earlier_address": "earlier addresses",
    "vehicle": "vehicles",
    "other_reference": "references in other systems",
    "assessment": "assessments",
    "risk_plan": "risk management plans",
    "child_notification": "notifications about children",
    "request": "questions and answers of supervisors",
    "graded": "grades of dip samples",
    "drawn": "draws of dip samples",
    "off_duty_match": "matches with incident logs",
    "list_decision": "decisions on ViSOR lists",
    "retention_review": "retention reviews",
    "legal_hold": "legal holds",
    "restriction": "restriction to named people",
    "break_glass": "openings with a reason",
}


class RetentionPart(PeoplePart):
    """Reviews, holds and certificates of a unit of work."""

    def retention_reviews(self, ref: str | None = None, waiting_only: bool = False) -> tuple[RetentionReview, ...]:
        """Reviews (of one offender, those that wait for a second person, where given), oldest first."""
        where = [RETENTION_REVIEW.table.c.state == ReviewState.WAITING.value] if waiting_only else []
        return self._records.of(RETENTION_REVIEW, ref, *where)

    def save_retention_review(self, review: RetentionReview, before: RetentionReview | None = None) -> None:
        """Keep a new review, or a settled one in the place of ``before``.

        Raises:
            BadRecord: there is no such offender.
            StaleRecord: somebody else settled it meanwhile, or another one of this offender waits.
            RetentionRefused: one person would both review and authorise, or a disposal would be kept as done.
        """
        if review.state is ReviewState.AUTHORISED:
            if same_person(review.reviewer, review.authoriser) or not same_person(review.authoriser, self._actor.user):
                raise RetentionRefused("A review is authorised by another person than its reviewer, in his own name.")
            if review.decision is Decision.DISPOSE:
                raise RetentionRefused("A disposal is carried out by erasing the record, not by a mark on it.")
        if before is None and self.retention_reviews(review.ref, waiting_only=True):
            raise StaleRecord("retention review", (review.ref,))
        try:
            self._records.save(RETENTION_REVIEW, review, before, "")
        except IntegrityError:  # somebody filed one at the same moment; the database holds one
            raise StaleRecord("retention review", (review.ref,)) from None

    def legal_holds(self, ref: str | None = None, in_force_only: bool = False) -> tuple[LegalHold, ...]:
        """Holds (of one offender, those in force, where given), oldest first."""
        where = [LEGAL_HOLD.table.c.lifted_at.is_(None)] if in_force_only else []
        return self._records.of(LEGAL_HOLD, ref, *where)

    def save_legal_hold(self, hold: LegalHold, before: LegalHold | None = None) -> None:
        """Keep a new hold, or a lifted one in the place of ``before``; raises as :meth:`save_retention_review`."""
        self._records.save(LEGAL_HOLD, hold, before, "")

    # Erasure

    def approve_erasure(self, review: RetentionReview, at: datetime, backups: Sequence[str]) -> ErasureCertificate:
        """Erase the offender of a disposal that waits, as its second person; what remains is the certificate.

        ``backups`` are lines on the copies that outlive it.

        Raises:
            StaleRecord: the review is not as it was read, or was settled meanwhile.
            RetentionRefused: it is no disposal, or the acting user filed it.
            StillNeeded: a legal hold is in force.
        """
        stored = [each for each in self.retention_reviews(review.ref, waiting_only=True) if each == review]
        if not stored:
            raise StaleRecord("retention review", (review.ref,))
        if review.decision is not Decision.DISPOSE or review.ground is None:
            raise RetentionRefused("This review does not ask for an erasure.")
        if same_person(review.reviewer, self._actor.user):
            raise RetentionRefused("Whoever asked for an erasure cannot approve it as well. Ask another supervisor or manager.")
        kinds = self.kinds_held(review.ref)
        made = ErasureCertificate(
            id=f"E-{_drawn(4)}-{_drawn(4)}", asked_by=review.reviewer, asked_at=review.at, approved_by=self._actor.user,
            approved_at=at, ground=review.ground, kinds=kinds, backups=tuple(backups), entry=0, entry_hash="",
        )  # fmt: skip
        self.erase_offenders([review.ref], f"certificate {made.id}: {review.ground.value}")
        self._log.seal()
        entry = head(self._connection)  # as the database holds it: a server numbers and seals entries itself
        made = replace(made, entry=entry.seq, entry_hash=entry.hash)
        self.keep_certificates([made])
        return made

    def keep_certificates(self, some: Iterable[ErasureCertificate]) -> None:
        """Keep certificates: of an erasure just done, or brought along when an older backup is restored."""
        held = {each.id for each in self.certificates()}
        for made in some:
            if made.id not in held:
                row = CERTIFICATES.values(made)
                check_storable("certificate", row)
                self._connection.execute(insert(tables.certificate), [row])
                self._note_certificate(made, Operation.COLLECTION)

    def kinds_held(self, ref: str) -> tuple[str, ...]:
        """Which kinds of data are held about an offender, in words without a word of it."""
        found = ["personal details, address, position, risk and management"]
        others = (
            (tables.visit, tables.visit.c.ref == ref, "visits"),
            *((kind.table, kind.table.c.ref == ref, _WORDS.get(kind.word, kind.word.replace("_", " "))) for kind in OF_OFFENDERS),
            (tables.import_image, (tables.import_image.c.kind == "offender") & (tables.import_image.c.ref == ref),
             "earlier states, kept to undo imports"),
            (tables.decision_move, tables.decision_move.c.ref == ref, "moves between offender managers"),
        )  # fmt: skip
        for table, about, words in others:
            if self._connection.execute(select(func.count()).select_from(table).where(about)).scalar():
                found.append(words)
        return tuple(found)

    def certificates(self) -> tuple[ErasureCertificate, ...]:
        """Every certificate of an erasure, newest first."""
        columns = [tables.certificate.c[leaf.name] for leaf in CERTIFICATES.leaves]
        found = [CERTIFICATES.record(tuple(row)) for row in self._connection.execute(select(*columns))]
        return tuple(sorted(found, key=lambda each: (each.approved_at, each.id), reverse=True))

    def erased_before(self, refs: Iterable[str]) -> dict[str, datetime]:
        """Those of the references whom two people erased, and when: a tracker that brings one back is to be stopped."""
        used = tables.record_of_use.c
        by_two = or_(*(used.reason.startswith(words) for words in BY_TWO))
        query = select(used.subject, used.at).where(used.operation == Operation.ERASURE.value, by_two)
        found: dict[str, datetime] = {}
        for part in in_batches(f"offender {ref}" for ref in filter(storable, refs)):
            for subject, at in self._connection.execute(query.where(used.subject.in_(part))):
                found[subject.removeprefix("offender ")] = at
        return found

    def copies_taken(self) -> tuple[Use, ...]:
        """When a copy of the whole workspace was taken elsewhere, newest first; nobody erases in those."""
        used = tables.record_of_use
        taken = select(used).where(used.c.subject == "workspace", used.c.operation == Operation.DISCLOSURE.value)
        return tuple(use_of(row) for row in self._connection.execute(taken.order_by(used.c.seq.desc())).mappings())

    def mark_compacted(self, at: datetime) -> None:
        """Say on every certificate that lacks it that the database was rewritten without what was freed."""
        for each in self.certificates():
            if each.compacted is None:
                done = replace(each, compacted=at)
                row = tables.certificate
                self._connection.execute(update(row).where(row.c.id == each.id).values(compacted=done.compacted))
                self._note_certificate(done, Operation.ALTERATION)

    def _note_certificate(self, made: ErasureCertificate, operation: Operation) -> None:
        digest = certificate_digest(made)
        self._log.note(operation, f"certificate {made.id}", ("erasure",), count=0, digest=digest)


def certificate_digest(made: ErasureCertificate) -> str:
    """The digest that the entry about a certificate holds."""
    return digest_of("certificate", CERTIFICATES.values(made))


def _drawn(count: int) -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(count))
