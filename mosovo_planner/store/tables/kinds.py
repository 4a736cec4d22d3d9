"""Every kind of record that is kept by its dataclass (``shape.py``), each a table, those about an offender erased with him."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Column, ForeignKey, Index, Integer, Table, Text, UniqueConstraint, literal_column

from mosovo_planner.domain.assessment import Assessment
from mosovo_planner.domain.children import ChildNotification
from mosovo_planner.domain.dip_sample import DrawnRecord, GradedRecord
from mosovo_planner.domain.facts import Event, NoFixedHome, Order, ReactiveApproval, RiskSince, Stay, Trip
from mosovo_planner.domain.identity import Alias, EarlierAddress, OtherReference, Vehicle
from mosovo_planner.domain.kept import SINGLE
from mosovo_planner.domain.need_to_know import BreakGlass, Restriction
from mosovo_planner.domain.off_duty import IncidentFile, KeptLog, OffDutyMatch
from mosovo_planner.domain.requests import Request
from mosovo_planner.domain.retention import ErasureCertificate, LegalHold, RetentionReview
from mosovo_planner.domain.risk_plans import RiskPlan
from mosovo_planner.domain.sentences import ConfirmedEnd, Sentence
from mosovo_planner.domain.visor import ListDecision
from mosovo_planner.store.tables.base import Moment, metadata, text
from mosovo_planner.store.tables.shape import Leaf, Shape

Record = TypeVar("Record")


@dataclass(frozen=True, eq=False)
class RecordKind(Generic[Record]):
    """How one kind of record is kept. ``key`` are the fields that tell one from another; ``order`` the one they are sorted by.

    Its table holds, beside the dataclass's own columns, who kept the row and when, and the salt of its digest;
    ``at_version`` is explained at :class:`mosovo_planner.domain.kept.Kept`.
    """

    word: str
    model: type[Record]
    order: str
    key: tuple[str, ...]
    shape: Shape[Record]
    table: Table
    parts: dict[str, Table]


def _kind(
    word: str, model: type[Record], order: str, key: tuple[str, ...] = (), log: ForeignKey | None = None
) -> RecordKind[Record]:
    shape = Shape(model)
    rules = [UniqueConstraint(*key, name=f"uq_{word}_key")] if key else []
    table = Table(
        word,
        metadata,
        text("id", primary_key=True),
        Column("ref", Text, ForeignKey("offender.ref", ondelete="CASCADE"), nullable=False, index=True),
        *(_column(leaf) for leaf in shape.leaves if leaf.name not in ("id", "ref", "log_id")),
        *([Column("log_id", Text, log, nullable=False, index=True)] if log is not None else []),
        text("kept_by"),
        Column("kept_at", Moment, nullable=False),
        Column("at_version", Integer),
        text("salt"),
        *rules,
    )
    return RecordKind(word, model, order, key or ("id",), shape, table, _parts(word, shape))


def _parts(word: str, shape: Shape[Any]) -> dict[str, Table]:
    return {
        name: Table(
            f"{word}_{name}",
            metadata,
            Column("owner", Text, ForeignKey(f"{word}.id", ondelete="CASCADE"), primary_key=True),
            Column("place", Integer, primary_key=True, autoincrement=False),
            *(_column(leaf) for leaf in inner.leaves),
        )
        for name, inner in shape.many.items()
    }


def _column(leaf: Leaf) -> Column[Any]:
    return Column(leaf.name, leaf.type, nullable=leaf.nullable)


def _single(word: str, model: type[Record], order: str) -> RecordKind[Record]:
    """A kind of which an offender has one at most."""
    return _kind(word, model, order, ("ref",))


EVENT = _kind("event", Event, "on")
STAY = _kind("stay", Stay, "start")
ORDER = _kind("court_order", Order, "start")
TRIP = _kind("trip", Trip, "depart")
RISK_SINCE = _kind("risk_since", RiskSince, "since")
SENTENCE = _single("sentence", Sentence, "relevant_date")
CONFIRMED_END = _single("confirmed_end", ConfirmedEnd, "on")
REACTIVE = _single("reactive_approval", ReactiveApproval, "on")
NO_FIXED_HOME = _single("no_fixed_home", NoFixedHome, "since")
ALIAS = _kind("alias", Alias, "name")
EARLIER_ADDRESS = _kind("earlier_address", EarlierAddress, "until")
VEHICLE = _kind("vehicle", Vehicle, "registration")
OTHER_REFERENCE = _kind("other_reference", OtherReference, "number")

FACTS: dict[type, RecordKind[Any]] = {
    kind.model: kind
    for kind in (
        EVENT, STAY, ORDER, TRIP, RISK_SINCE, SENTENCE, CONFIRMED_END, REACTIVE, NO_FIXED_HOME,
        ALIAS, EARLIER_ADDRESS, VEHICLE, OTHER_REFERENCE,
    )
}  # fmt: skip
"""What ``domain.kept.Fact`` may be."""

ASSESSMENT = _kind("assessment", Assessment, "done_on")
RISK_PLAN = _kind("risk_plan", RiskPlan, "version", ("ref", "version"))
CHILD_NOTIFICATION = _kind("child_notification", ChildNotification, "noticed_at")
REQUEST = _kind("request", Request, "at")
GRADED = _kind("graded", GradedRecord, "on", ("month_year", "month_month", "manager", "ref"))
LIST_DECISION = _kind("list_decision", ListDecision, "at")
RESTRICTION = _single("restriction", Restriction, "on")
BREAK_GLASS = _kind("break_glass", BreakGlass, "at")
DRAWN = _kind("drawn", DrawnRecord, "on", ("month_year", "month_month", "manager", "ref"))
RETENTION_REVIEW = _kind("retention_review", RetentionReview, "at")
_WAITS = RETENTION_REVIEW.table.c.state == literal_column("'waiting'")
Index(
    "uq_retention_review_waiting", RETENTION_REVIEW.table.c.ref, unique=True, sqlite_where=_WAITS, postgresql_where=_WAITS
)  # of a person one at most: two who file at the same moment do not both
LEGAL_HOLD = _kind("legal_hold", LegalHold, "set_at")


INCIDENT_FILES, KEPT_LOGS = Shape(IncidentFile), Shape(KeptLog)


def _of_the_team(word: str, shape: Shape[Any], *more: Column[Any] | UniqueConstraint) -> Table:
    """A table of a dataclass that is about no one offender."""
    given = {each.name for each in more}
    columns = [_column(leaf) for leaf in shape.leaves if leaf.name not in {"id", *given}]
    return Table(word, metadata, text("id", primary_key=True), *columns, *more)


incident_file = _of_the_team("incident_file", INCIDENT_FILES, UniqueConstraint("digest", name="uq_incident_file_digest"))
incident_log = _of_the_team(
    "incident_log", KEPT_LOGS, Column("file_id", Text, ForeignKey("incident_file.id"), nullable=False, index=True)
)
MATCH = _kind("off_duty_match", OffDutyMatch, "id", log=ForeignKey("incident_log.id"))
CERTIFICATES = Shape(ErasureCertificate)
certificate = _of_the_team("erasure_certificate", CERTIFICATES)

OF_OFFENDERS: tuple[RecordKind[Any], ...] = (
    *FACTS.values(), ASSESSMENT, RISK_PLAN, CHILD_NOTIFICATION, REQUEST, GRADED, DRAWN, MATCH, LIST_DECISION,
    RESTRICTION, BREAK_GLASS, RETENTION_REVIEW, LEGAL_HOLD,
)  # fmt: skip
"""Every kind about an offender, erased with him."""

assert {kind.model for kind in FACTS.values() if kind.key == ("ref",)} == set(SINGLE)
