"""The tables of a workspace, the same on SQLite (SQLCipher) and PostgreSQL.

The migrations under ``migrations/`` make them; a test holds both equal. Every editable record has a
``version`` (nobody overwrites what he has not seen) and a ``salt`` (see ``chain.digest_of``).
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    Double,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    TypeDecorator,
)
from sqlalchemy.types import TypeEngine


class Moment(TypeDecorator[datetime]):
    """A moment in UTC: ``timestamptz`` on PostgreSQL, text without zone on SQLite; always aware in Python."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(DateTime(timezone=dialect.name != "sqlite"))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - its signature
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _text(name: str, **options: Any) -> Column[str]:
    return Column(name, Text, nullable=False, **options)


about = Table(
    "about",
    metadata,
    _text("id", primary_key=True),
    Column("created_at", Moment, nullable=False),
    _text("created_by"),
    _text("app_version"),
)

account = Table(
    "account",
    metadata,
    _text("name", primary_key=True),
    _text("role"),
    Column("active", Boolean, nullable=False),
    Column("created_at", Moment, nullable=False),
    _text("created_by"),
    _text("signing_key"),
    _text("verifier"),
)

manager = Table(
    "manager",
    metadata,
    _text("id", primary_key=True),
    _text("name"),
    _text("base"),
    _text("base_postcode"),
    Column("lat", Double),
    Column("lon", Double),
    Column("precision", Text),
    Column("weekly_hours", Double, nullable=False),
    Column("trained", Boolean, nullable=False),
    Column("arms_trained", Boolean, nullable=False),
    Column("sex", Text),
    Column("version", Integer, nullable=False),
    _text("salt"),
)

absence = Table(
    "absence",
    metadata,
    Column("manager_id", Text, ForeignKey("manager.id", ondelete="CASCADE"), primary_key=True),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("first_day", Date, nullable=False),
    Column("last_day", Date, nullable=False),
    _text("reason"),
)

offender = Table(
    "offender",
    metadata,
    _text("ref", primary_key=True),
    _text("visor_ref"),
    _text("surname"),
    _text("forenames"),
    Column("date_of_birth", Date),
    Column("sex", Text),
    _text("address"),
    _text("postcode"),
    Column("lat", Double),
    Column("lon", Double),
    Column("precision", Text),
    _text("status"),
    Column("risk", Text),
    Column("interval_months", Integer),
    Column("last_seen", Date),
    Column("manager", Text, index=True),
    Column("pinned_manager", Boolean, nullable=False),
    _text("supervisor"),
    Column("arms_done", Date),
    Column("rmp_review_due", Date),
    Column("mappa_level", Integer),
    _text("orders"),
    _text("markers"),
    _text("notes"),
    Column("version", Integer, nullable=False),
    _text("salt"),
)

visit = Table(
    "visit",
    metadata,
    _text("id", primary_key=True),
    Column("ref", Text, ForeignKey("offender.ref"), nullable=False),
    Column("at", DateTime, nullable=False),
    _text("kind"),
    _text("officers"),
    Column("announced", Boolean, nullable=False),
    _text("outcome"),
    _text("note"),
    _text("announced_reason"),
    _text("lone_reason"),
    _text("approved_by"),
    Column("devices_checked", Integer),
    _text("household"),
    Column("child_in_household", Boolean),
    _text("risk_noticed"),
    Column("visor_entered_on", Date),
    Column("asked_to_choose", Boolean, nullable=False),
    _text("salt"),
    Index("ix_visit_ref_at", "ref", "at"),
    Index("ix_visit_at", "at"),
)

policy = Table(
    "policy",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    _text("by"),
    _text("reason"),
    _text("body"),
)

import_batch = Table(
    "import_batch",
    metadata,
    _text("id", primary_key=True),
    Column("at", Moment, nullable=False),
    _text("by"),
    _text("file_name"),
    Column("added", Integer, nullable=False),
    Column("updated", Integer, nullable=False),
    _text("report"),
    Column("undone_at", Moment),
    Column("undone_by", Text),
)

import_image = Table(
    "import_image",
    metadata,
    Column("batch_id", Text, ForeignKey("import_batch.id", ondelete="CASCADE"), primary_key=True),
    Column("place", Integer, primary_key=True, autoincrement=False),
    _text("kind"),
    _text("ref"),
    Column("body", Text),
    Index("ix_import_image_ref", "kind", "ref"),
)

import_profile = Table(
    "import_profile",
    metadata,
    _text("name", primary_key=True),
    Column("at", Moment, nullable=False),
    _text("by"),
    _text("body"),
)

decision = Table(
    "decision",
    metadata,
    _text("id", primary_key=True),
    Column("at", Moment, nullable=False),
    _text("by"),
    _text("reason"),
    Column("as_of", Date),
    _text("travel_basis"),
)

decision_move = Table(
    "decision_move",
    metadata,
    Column("decision_id", Text, ForeignKey("decision.id", ondelete="CASCADE"), primary_key=True),
    Column("place", Integer, primary_key=True, autoincrement=False),
    _text("ref", index=True),
    Column("from_manager", Text),
    _text("to_manager"),
    Column("minutes_saved_per_year", Double, nullable=False),
    _text("reason"),
    Column("refused", Boolean, nullable=False),
)

plan = Table(
    "plan",
    metadata,
    _text("id", primary_key=True),
    Column("number", Integer, nullable=False),
    Column("first_day", Date, nullable=False, index=True),
    Column("last_day", Date, nullable=False),
    Column("at", Moment, nullable=False),
    _text("by"),
    Column("approved_by", Text),
    _text("reason"),
    _text("body"),
)

record_of_use = Table(
    "record_of_use",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    _text("actor"),
    _text("role"),
    _text("operation"),
    _text("subject"),
    _text("fields"),
    Column("count", Integer, nullable=False),
    _text("reason"),
    _text("recipient"),
    _text("medium"),
    _text("outcome"),
    _text("session"),
    _text("device"),
    _text("app_version"),
    _text("digest"),
    _text("prev"),
    _text("hash"),
    _text("signature"),
    Index("ix_record_of_use_subject", "subject", "seq"),
)
