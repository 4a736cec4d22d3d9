"""A workspace of before retention: a force's own table of clocks gets the row for the review, so that nobody misses one."""

from __future__ import annotations

import pytest
from alembic import command
from sqlalchemy import create_engine, insert, select

from mosovo_planner.domain.clock_table import read_clock_table
from mosovo_planner.store.migrations import schema
from mosovo_planner.store.parts.part import now
from mosovo_planner.store.parts.rules import default_clock_table_text
from mosovo_planner.store.tables import clock_table

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
