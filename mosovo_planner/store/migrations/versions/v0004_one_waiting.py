"""One retention review of a person waits at a time, whatever program writes; and the record of use by user and by time."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from mosovo_planner.store.base.errors import BadRecord

revision = "0004"
down_revision = "0003"

WAITING = "state = 'waiting'"


def upgrade() -> None:
    _refuse_two_waiting()
    op.create_index(
        "uq_retention_review_waiting",
        "retention_review",
        ["ref"],
        unique=True,
        sqlite_where=sa.text(WAITING),
        postgresql_where=sa.text(WAITING),
    )
    op.create_index("ix_record_of_use_actor", "record_of_use", ["actor", "seq"])
    op.create_index("ix_record_of_use_at", "record_of_use", ["at"])


def downgrade() -> None:
    raise RuntimeError("An older version of the program cannot read this workspace; restore the backup made before the update.")


def _refuse_two_waiting() -> None:
    """Only two who filed at the same moment on a server can have done so; which of them stands is theirs to say."""
    review = sa.table("retention_review", sa.column("ref"), sa.column("state"))
    twice = sa.select(review.c.ref).where(review.c.state == "waiting").group_by(review.c.ref).having(sa.func.count() > 1)
    found = op.get_bind().execute(sa.select(sa.func.count()).select_from(twice.subquery())).scalar() or 0
    if found:
        raise BadRecord(
            f"Of {found} people two retention reviews wait at once. With the version before this one, return one of them with "
            "the reason; then update. Nothing was changed."
        )
