"""The workspace itself, its users, and the record of use."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, Table

from mosovo_planner.store.tables.base import Moment, metadata, text

about = Table(
    "about",
    metadata,
    text("id", primary_key=True),
    Column("created_at", Moment, nullable=False),
    text("created_by"),
    text("app_version"),
)

account = Table(
    "account",
    metadata,
    text("name", primary_key=True),
    text("role"),
    Column("active", Boolean, nullable=False),
    Column("created_at", Moment, nullable=False),
    text("created_by"),
    text("signing_key"),
    text("verifier"),
    text("team", server_default=""),
    text("login", server_default=""),
)

record_of_use = Table(
    "record_of_use",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    text("actor"),
    text("role"),
    text("operation"),
    text("subject"),
    text("fields"),
    Column("count", Integer, nullable=False),
    text("reason"),
    text("recipient"),
    text("medium"),
    text("outcome"),
    text("session"),
    text("device"),
    text("app_version"),
    text("digest"),
    text("prev"),
    text("hash"),
    text("signature"),
    Index("ix_record_of_use_subject", "subject", "seq"),
    Index("ix_record_of_use_actor", "actor", "seq"),
    Index("ix_record_of_use_at", "at"),
)
