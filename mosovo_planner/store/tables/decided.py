"""The rules in force, imports, and what was decided."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, Double, ForeignKey, Index, Integer, Table, Text

from mosovo_planner.store.tables.base import Moment, metadata, text

policy = Table(
    "policy",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    text("by"),
    text("reason"),
    text("body"),
)

clock_table = Table(
    "clock_table",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    text("by"),
    text("reason"),
    text("body"),
)

import_batch = Table(
    "import_batch",
    metadata,
    text("id", primary_key=True),
    Column("at", Moment, nullable=False),
    text("by"),
    text("file_name"),
    Column("added", Integer, nullable=False),
    Column("updated", Integer, nullable=False),
    text("report"),
    Column("undone_at", Moment),
    Column("undone_by", Text),
)

import_image = Table(
    "import_image",
    metadata,
    Column("batch_id", Text, ForeignKey("import_batch.id", ondelete="CASCADE"), primary_key=True),
    Column("place", Integer, primary_key=True, autoincrement=False),
    text("kind"),
    text("ref"),
    Column("body", Text),
    Index("ix_import_image_ref", "kind", "ref"),
)

import_profile = Table(
    "import_profile",
    metadata,
    text("name", primary_key=True),
    Column("at", Moment, nullable=False),
    text("by"),
    text("body"),
)

decision = Table(
    "decision",
    metadata,
    text("id", primary_key=True),
    Column("at", Moment, nullable=False),
    text("by"),
    text("reason"),
    Column("as_of", Date),
    text("travel_basis"),
)

decision_move = Table(
    "decision_move",
    metadata,
    Column("decision_id", Text, ForeignKey("decision.id", ondelete="CASCADE"), primary_key=True),
    Column("place", Integer, primary_key=True, autoincrement=False),
    text("ref", index=True),
    Column("from_manager", Text),
    text("to_manager"),
    Column("minutes_saved_per_year", Double, nullable=False),
    text("reason"),
    Column("refused", Boolean, nullable=False),
)

plan = Table(
    "plan",
    metadata,
    text("id", primary_key=True),
    Column("number", Integer, nullable=False),
    Column("first_day", Date, nullable=False, index=True),
    Column("last_day", Date, nullable=False),
    Column("at", Moment, nullable=False),
    text("by"),
    Column("approved_by", Text),
    text("reason"),
    text("body"),
    text("team", server_default=""),
)
