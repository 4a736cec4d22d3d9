"""Retention: reviews of whether a record is still needed, legal holds, and what remains of an erasure."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    _about_an_offender(
        "retention_review",
        sa.Column("on", sa.Date(), nullable=False),
        *_texts("group", "decision", "reason", "reviewer"),
        sa.Column("at", sa.DateTime(), nullable=False),
        *_texts("criteria"),
        *_texts("ground", nullable=True),
        sa.Column("next_due", sa.Date(), nullable=True),
        *_texts("state", "authoriser"),
        sa.Column("authorised_at", sa.DateTime(), nullable=True),
        *_texts("remarks"),
        # Two people, whatever program writes here.
        sa.CheckConstraint("state <> 'authorised' OR lower(authoriser) <> lower(reviewer)", name="two_people"),
    )
    _about_an_offender(
        "legal_hold",
        *_texts("reason", "set_by"),
        sa.Column("set_at", sa.DateTime(), nullable=False),
        *_texts("lifted_by"),
        sa.Column("lifted_at", sa.DateTime(), nullable=True),
        *_texts("lift_reason"),
    )
    _certificates()
    _add_the_clock()


def downgrade() -> None:
    raise RuntimeError("An older version of the program cannot read this workspace; restore the backup made before the update.")


def _add_the_clock() -> None:
    """A force that changed its table of clocks has a row for the review as well; else nobody would be told of one."""
    newest = op.get_bind().execute(sa.text("SELECT number, body FROM clock_table ORDER BY number DESC LIMIT 1")).first()
    if newest is None or "[clock.retention_review]" in newest.body:
        return
    table = sa.table("clock_table", *(sa.column(name) for name in ("number", "at", "by", "reason", "body")))
    row = {
        "number": newest.number + 1,
        "at": sa.func.now(),
        "by": "the program's update",
        "reason": "Retention reviews have a clock since this version",
        "body": newest.body.rstrip() + _CLOCK,
    }
    op.get_bind().execute(sa.insert(table).values(row))


_CLOCK = """

[clock.retention_review]
label = "Retention review"
strategy = "retention_review"
source = "College APP, police information and records management: records are reviewed for whether they are still needed"
"""


def _certificates() -> None:
    name = "erasure_certificate"
    op.create_table(
        name,
        *_texts("id", "asked_by"),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        *_texts("approved_by"),
        sa.Column("approved_at", sa.DateTime(), nullable=False),
        *_texts("ground", "kinds", "backups"),
        sa.Column("entry", sa.BigInteger(), nullable=False),
        *_texts("entry_hash"),
        sa.Column("compacted", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
        sa.CheckConstraint("lower(asked_by) <> lower(approved_by)", name=op.f(f"ck_{name}_two_people")),
    )


def _about_an_offender(name: str, *columns: sa.Column[object] | sa.CheckConstraint) -> None:
    """A kind of record about an offender, erased with him, with who kept it and when."""
    kept: list[sa.Column[object]] = [
        *_texts("kept_by"),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("at_version", sa.Integer(), nullable=True),
        *_texts("salt"),
    ]
    op.create_table(
        name,
        *_texts("id", "ref"),
        *columns,
        *kept,
        sa.ForeignKeyConstraint(["ref"], ["offender.ref"], name=op.f(f"fk_{name}_ref_offender"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
    )
    op.create_index(op.f(f"ix_{name}_ref"), name, ["ref"])


def _texts(*names: str, nullable: bool = False) -> list[sa.Column[object]]:
    return [sa.Column(name, sa.Text(), nullable=nullable) for name in names]
