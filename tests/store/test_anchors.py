"""Nothing in the record of use can be edited, deleted, swapped, cut off or written anew without being found.

Tried with a connection that has the key (or is the server's superuser's), past everything the program does.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, text, update

from mosovo_planner.domain.people import Offender
from mosovo_planner.store import Workspace
from mosovo_planner.store.backups.backup import verify
from mosovo_planner.store.checks import kept_anchors
from mosovo_planner.store.record.anchors import Anchor, read_anchor
from mosovo_planner.store.record.chain import GENESIS, broken_at, entry_hash
from mosovo_planner.store.tables import record_of_use
from mosovo_planner.store.unit import Unit

COLUMNS = [each.name for each in record_of_use.columns]


@pytest.fixture
def filled(workspace: Workspace) -> Workspace:
    """A record of some transactions, of one and of several entries."""
    with workspace.transaction() as unit:
        first, second = unit.save_offenders([Offender(ref="SYN-1", surname="Invented"), Offender(ref="SYN-2")])
    for number in range(3):
        with workspace.transaction() as unit:
            (first,) = unit.save_offenders([replace(first, notes=f"seen {number}")])
    with workspace.transaction() as unit:
        unit.save_offenders([replace(second, notes="x")])
    assert verify(workspace).ok
    return workspace


def unseal(unit: Unit) -> None:
    """As whoever has the key can."""
    if unit.connection.dialect.name == "sqlite":
        for verb in ("update", "delete"):
            unit.connection.execute(text(f"DROP TRIGGER record_of_use_no_{verb}"))
    else:
        unit.connection.execute(text("DROP TRIGGER record_of_use_no_change ON record_of_use"))


def entries(unit: Unit) -> list[dict[str, Any]]:
    return [dict(row) for row in unit.connection.execute(select(record_of_use).order_by(record_of_use.c.seq)).mappings()]


def write_anew(unit: Unit, rows: list[dict[str, Any]]) -> None:
    """The whole record again with hashes that fit, as somebody would who knows how they are made."""
    before = GENESIS
    for place, row in enumerate(rows, start=1):
        row |= {"seq": place, "prev": before, "signature": ""}
        row["hash"] = before = entry_hash(row)
    unit.connection.execute(delete(record_of_use))
    unit.connection.execute(insert(record_of_use), rows)


def other(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.replace(microsecond=(value.microsecond + 1) % 1_000_000)
    if isinstance(value, int):
        return value + 1000
    return ("0" if value[:1] != "0" else "1") + value[1:] if value else "x"


def test_an_edit_of_any_part_of_any_entry_is_found(filled: Workspace) -> None:
    with filled.transaction() as unit:
        unseal(unit)
        rows = entries(unit)
    for column in COLUMNS:
        for row in (rows[0], rows[len(rows) // 2], rows[-1]):
            if column != "signature" or row[column]:
                _edited(filled, row, column)
    assert verify(filled).ok


def _edited(workspace: Workspace, row: dict[str, Any], column: str) -> None:
    here = record_of_use.c.hash == row["hash"] if column == "seq" else record_of_use.c.seq == row["seq"]
    for value, sound in ((other(row[column]), False), (row[column], True)):
        with workspace.transaction() as unit:
            unit.connection.execute(update(record_of_use).where(here).values({column: value}))
            broken = broken_at(unit.chained(), {account.name: account.signing_key for account in unit.users()})
        assert (broken is None) == sound, (column, row["seq"])


def test_an_entry_left_out_swapped_or_put_in_is_found(filled: Workspace) -> None:
    with filled.transaction() as unit:
        unseal(unit)
        rows = entries(unit)
    for place in range(len(rows) - 1):
        _tried(filled, rows, [*rows[:place], *rows[place + 1 :]])
        here, there = rows[place], rows[place + 1]
        swapped = [{**there, "seq": here["seq"]}, {**here, "seq": there["seq"]}]
        _tried(filled, rows, [*rows[:place], *swapped, *rows[place + 2 :]])
    _tried(filled, rows, [*rows, {**rows[-1], "seq": rows[-1]["seq"] + 1}])
    assert verify(filled).ok


def _tried(workspace: Workspace, rows: list[dict[str, Any]], forged: list[dict[str, Any]]) -> None:
    for these, sound in ((forged, False), (rows, True)):
        with workspace.transaction() as unit:
            unit.connection.execute(delete(record_of_use))
            unit.connection.execute(insert(record_of_use), these)
            broken = broken_at(unit.chained(), {account.name: account.signing_key for account in unit.users()})
        assert (broken is None) == sound


@pytest.mark.parametrize("lost", [1, 2, 4])
def test_an_end_that_was_cut_off_is_found_against_the_days_anchor(filled: Workspace, lost: int) -> None:
    with filled.transaction() as unit:
        kept_anchors(filled).keep(unit.head())
        unseal(unit)
        unit.connection.execute(delete(record_of_use).where(record_of_use.c.seq > unit.head().seq - lost))
    assert any("the end of the record was cut off" in problem for problem in verify(filled).problems)


@pytest.mark.parametrize("how", [lambda rows: rows[:-2] + rows[-1:], lambda rows: [{**row, "reason": "other"} for row in rows]])
def test_a_record_written_anew_is_found_against_an_anchor(
    filled: Workspace, how: Callable[[list[dict[str, Any]]], list[dict[str, Any]]]
) -> None:
    """Whoever is no signing user cannot do so on a folder at all; against him and everybody else the anchor stands."""
    with filled.transaction() as unit:
        newest = unit.head()
        unseal(unit)
        write_anew(unit, how(entries(unit)))
    footer = Anchor(newest.seq, newest.hash).words
    found = verify(filled, anchors=[read_anchor(footer)]).problems
    assert any("anchor" in problem for problem in found)


def test_the_days_anchor_is_kept_once_and_forgotten_with_a_restore(embedded: Workspace) -> None:
    anchors = kept_anchors(embedded)
    for _ in range(2):
        with embedded.transaction() as unit:
            unit.save_offenders([Offender(ref=f"SYN-{unit.head().seq}")])
            anchors.keep(unit.head())
    (kept,) = anchors.all()
    assert kept.at is not None
    assert kept.at.date() == datetime.now(UTC).date()
    assert not anchors.altered
    told = json.loads(anchors._path.read_text())
    anchors._path.write_text(json.dumps({**told, "hash": "0" * 64}))
    assert anchors.altered
    assert not verify(embedded).ok
    embedded.insides.place.mark.forget()
    assert anchors.all() == ()
    assert verify(embedded).ok


@pytest.mark.parametrize("text", ["", "12", "12:", "x:772ba8e708cb4052", "12:772ba8", "12:zzzzzzzzzzzzzzzz"])
def test_what_is_no_anchor_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="an anchor is"):
        read_anchor(text)
