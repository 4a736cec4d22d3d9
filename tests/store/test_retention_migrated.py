"""A workspace of before retention reviews, or of before one at most could wait; and two who file one at the same moment."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from alembic import command
from sqlalchemy import create_engine, insert, select, text

from mosovo_planner.domain.clock_table import read_clock_table
from mosovo_planner.domain.people import Offender
from mosovo_planner.domain.retention import Decision, RetentionGroup, RetentionReview
from mosovo_planner.store.base.errors import BadRecord, StaleRecord
from mosovo_planner.store.migrations import schema
from mosovo_planner.store.parts.part import now
from mosovo_planner.store.parts.rules import default_clock_table_text
from mosovo_planner.store.tables import clock_table, metadata
from mosovo_planner.store.tables.kinds import RETENTION_REVIEW

NOON = datetime(2026, 11, 23, 12)
REVIEW = RetentionReview(
    id="r1", ref="INV-N", on=NOON.date(), group=next(iter(RetentionGroup)), decision=Decision.RETAIN, reason="order in force",
    reviewer="Sgt All", at=NOON,
)  # fmt: skip
OWN = default_clock_table_text().partition("[clock.retention_review]")[0]


@pytest.mark.parametrize("own", [OWN, None, default_clock_table_text()], ids=["own", "the program's", "has it"])
def test_a_table_of_clocks_without_the_review_gets_it(own: str | None) -> None:
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        command.upgrade(schema.configuration(connection), "0002")
        if own is not None:
            connection.execute(insert(clock_table).values(number=4, at=now(), by="DI", reason="ours", body=own))
        command.upgrade(schema.configuration(connection), "head")
        versions = connection.execute(select(clock_table).order_by(clock_table.c.number)).all()
    engine.dispose()
    if own != OWN:
        assert len(versions) == (own is not None)
        return
    assert [each.number for each in versions] == [4, 5]
    assert read_clock_table(versions[1].body).rule("retention_review").strategy == "retention_review"
    assert versions[1].at >= versions[0].at.replace(microsecond=0)


def test_two_waiting_reviews_of_one_person_are_said_before_anything_is_changed() -> None:
    """An older version could take both where two filed at the same moment on a server."""
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        command.upgrade(schema.configuration(connection), "0003")
        told = RETENTION_REVIEW.shape.values(REVIEW) | {"kept_by": "x", "kept_at": now(), "salt": ""}
        for number in ("r1", "r2"):
            connection.execute(insert(metadata.tables["retention_review"]).values(told | {"id": number}))
        with pytest.raises(BadRecord, match="Of 1 people"):
            command.upgrade(schema.configuration(connection), "head")
        connection.execute(text("UPDATE retention_review SET state = 'returned' WHERE id = 'r2'"))
        command.upgrade(schema.configuration(connection), "head")
    engine.dispose()


def test_of_two_who_file_a_review_of_one_person_at_the_same_moment_one_is_told(own_guarded: Any) -> None:
    told: list[BaseException] = []
    with own_guarded.open("sgt all") as first, own_guarded.open("supt all") as second:
        with first.transaction() as unit:
            unit.save_offenders([Offender(ref="INV-NEW", surname="INVENTED")])

        def file_another() -> None:
            try:
                with second.transaction() as theirs:
                    theirs.save_retention_review(replace(REVIEW, id="r2", ref="INV-NEW", reviewer="Supt All"))
            except StaleRecord as stale:
                told.append(stale)

        with first.transaction() as unit:
            unit.save_retention_review(replace(REVIEW, ref="INV-NEW"))
            other = threading.Thread(target=file_another)
            other.start()
            _until_somebody_waits(own_guarded)
        other.join()
        with first.transaction() as unit:
            assert [each.reviewer for each in unit.retention_reviews("INV-NEW")] == ["Sgt All"]
    assert len(told) == 1


def _until_somebody_waits(guarded: Any) -> None:
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
    with guarded.superuser() as connection:
        connection.autocommit = True
        while connection.execute(waiting).fetchone() == (0,):
            threading.Event().wait(0.02)
