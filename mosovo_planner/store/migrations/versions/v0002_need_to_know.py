"""Need to know: the team and login of an account, the team of a plan, restricted records, records opened with a reason."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    for table, column in (("account", "team"), ("account", "login"), ("plan", "team")):
        op.add_column(table, sa.Column(column, sa.Text(), nullable=False, server_default=""))
    _record(
        "restriction",
        *(_text(name) for name in ("named", "by")),
        sa.Column("on", sa.Date(), nullable=False),
        _text("reason"),
        one=True,
    )
    _record(
        "break_glass",
        _text("by"),
        sa.Column("at", sa.DateTime(), nullable=False),
        *(_text(name) for name in ("reason", "seen_by")),
        sa.Column("seen_at", sa.DateTime(), nullable=True),
    )


def downgrade() -> None:
    raise RuntimeError("Restore the backup that was made before the update instead.")


def _text(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.Text(), nullable=False)


def _record(name: str, *columns: sa.Column[object], one: bool = False) -> None:
    """A kind of record about an offender, with who kept it and when; of which he has one at most where ``one``."""
    op.create_table(
        name,
        _text("id"),
        _text("ref"),
        *columns,
        _text("kept_by"),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("at_version", sa.Integer(), nullable=True),
        _text("salt"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
        sa.ForeignKeyConstraint(["ref"], ["offender.ref"], name=f"fk_{name}_ref_offender", ondelete="CASCADE"),
        *([sa.UniqueConstraint("ref", name=f"uq_{name}_key")] if one else []),
    )
    op.create_index(f"ix_{name}_ref", name, ["ref"])
