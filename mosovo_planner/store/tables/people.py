"""Offenders, offender managers with their absences, visits."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, DateTime, Double, ForeignKey, Index, Integer, Table, Text

from mosovo_planner.store.tables.base import metadata, text

manager = Table(
    "manager",
    metadata,
    text("id", primary_key=True),
    text("name"),
    text("base"),
    text("base_postcode"),
    Column("lat", Double),
    Column("lon", Double),
    Column("precision", Text),
    Column("weekly_hours", Double, nullable=False),
    Column("trained", Boolean, nullable=False),
    Column("arms_trained", Boolean, nullable=False),
    Column("sex", Text),
    text("team"),
    text("rank"),
    text("reach"),
    Column("version", Integer, nullable=False),
    text("salt"),
)

absence = Table(
    "absence",
    metadata,
    Column("manager_id", Text, ForeignKey("manager.id", ondelete="CASCADE"), primary_key=True),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("first_day", Date, nullable=False),
    Column("last_day", Date, nullable=False),
    text("reason"),
)

offender = Table(
    "offender",
    metadata,
    text("ref", primary_key=True),
    text("visor_ref"),
    text("surname"),
    text("forenames"),
    Column("date_of_birth", Date),
    Column("sex", Text),
    text("address"),
    text("postcode"),
    Column("lat", Double),
    Column("lon", Double),
    Column("precision", Text),
    text("status"),
    Column("risk", Text),
    Column("interval_months", Integer),
    Column("last_seen", Date),
    Column("manager", Text, index=True),
    Column("pinned_manager", Boolean, nullable=False),
    text("supervisor"),
    Column("arms_done", Date),
    Column("rmp_review_due", Date),
    Column("mappa_level", Integer),
    text("orders"),
    text("markers"),
    text("notes"),
    Column("version", Integer, nullable=False),
    text("salt"),
)

visit = Table(
    "visit",
    metadata,
    text("id", primary_key=True),
    Column("ref", Text, ForeignKey("offender.ref"), nullable=False),
    Column("at", DateTime, nullable=False),
    text("kind"),
    text("officers"),
    Column("announced", Boolean, nullable=False),
    text("outcome"),
    text("note"),
    text("announced_reason"),
    text("lone_reason"),
    text("approved_by"),
    Column("devices_checked", Integer),
    text("household"),
    Column("child_in_household", Boolean),
    text("risk_noticed"),
    Column("visor_entered_on", Date),
    Column("asked_to_choose", Boolean, nullable=False),
    text("salt"),
    Index("ix_visit_ref_at", "ref", "at"),
    Index("ix_visit_at", "at"),
)
