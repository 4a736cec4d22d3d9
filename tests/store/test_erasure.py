"""Erasing a person leaves no word of him in any table (practice rule 26), and nothing of anybody else is lost."""

from __future__ import annotations

import dataclasses
import typing
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from mosovo_planner.domain.facts import Event
from mosovo_planner.domain.matching.evidence import Sureness
from mosovo_planner.domain.off_duty import IncidentFile, KeptLog, LoggedMatch, OffDutyMatch
from mosovo_planner.domain.people import Offender, OffenderManager, Risk, Status
from mosovo_planner.domain.proposals import Move
from mosovo_planner.domain.visits import Visit
from mosovo_planner.store import AllocationDecision, BeforeImage, ImportBatch, Workspace
from mosovo_planner.store.backups.backup import verify
from mosovo_planner.store.tables import OF_OFFENDERS, RecordKind, incident_log, metadata
from mosovo_planner.store.tables.kinds import KEPT_LOGS, MATCH, STAY
from mosovo_planner.store.unit import Unit

WORD = "QXMARKER"
DAY, NOON = date(2026, 11, 23), datetime(2026, 11, 23, 12)
HIM = Offender(ref="INV-1", surname=WORD, notes=WORD, address=WORD, markers=(WORD,), risk=Risk.LOW, status=Status.CUSTODY)
OTHER = Offender(ref="INV-2", surname="Other")


def _marked(hint: Any) -> Any:
    """A value of a type that holds the word wherever it can hold text."""
    inner = typing.get_args(hint)
    if typing.get_origin(hint) is tuple:
        return (_marked(inner[0]),)
    if type(None) in inner:
        return _marked(inner[0])
    if dataclasses.is_dataclass(hint):
        return typing.cast("Any", hint)(**{name: _marked(kind) for name, kind in typing.get_type_hints(hint).items()})
    plain: dict[Any, Any] = {str: WORD, int: 1, bool: True, date: DAY, datetime: NOON}
    return plain[hint] if hint in plain else next(iter(hint))


def _record(kind: RecordKind[Any], ref: str, log: str) -> Any:
    record = _marked(kind.model)
    given = {"ref": ref, "id": f"{kind.word}-{ref}", "log_id": log}
    return replace(record, **{name: value for name, value in given.items() if name in kind.shape.names})


def _tables_with(unit: Unit, word: str) -> Iterator[str]:
    for table in metadata.sorted_tables:
        if any(word in str(value) for row in unit.connection.execute(select(table)) for value in row):
            yield table.name


@pytest.fixture
def full(workspace: Workspace) -> Workspace:
    """Everything that can be kept of a person is kept of one, with the word in every text."""
    file = IncidentFile(id="f1", digest="1", name="logs.csv", at=NOON, by="OM1")
    own = KeptLog(id="own", file_id="f1", number="1", text=WORD, persons=(WORD,))
    shared = replace(own, id="shared", number="2", at=NOON, kind="Domestic", place=WORD, address=WORD, postcode=WORD)
    match = OffDutyMatch(id="m1", ref="INV-1", log_id="shared", sureness=Sureness.SURE, explanation="", person=WORD)
    with workspace.transaction() as unit:
        unit.save_managers([OffenderManager(id="OM1")])
        unit.save_offenders([HIM, OTHER])
        unit.add_visit(Visit(id="v1", ref="INV-1", at=NOON, note=WORD, household=WORD))
        batch = ImportBatch(id="i1", at=NOON.astimezone(), by="x", file_name="t.xlsx")
        unit.save_import(batch, [BeforeImage("offender", "INV-1", HIM)])
        unit.save_decision(AllocationDecision(NOON.astimezone(), "x", "", (Move("INV-1", None, "OM1", 1.0, WORD),)))
        others = replace(match, id="m2", ref="INV-2", explanation="Likely: same name.", person="Other")
        unit.save_incidents(file, [LoggedMatch(match, shared), LoggedMatch(others, shared)])
        unit.connection.execute(insert(incident_log), KEPT_LOGS.values(own))
        for kind in OF_OFFENDERS:
            unit._records.add(kind, [("INV-1", _record(kind, "INV-1", "own"))])
        unit.add_fact("INV-2", Event("arrest", DAY))
    return workspace


def test_rule_26_erasure_leaves_no_word_of_the_person_in_any_table(full: Workspace) -> None:
    with full.transaction() as unit:
        marked = set(_tables_with(unit, WORD))
        hold_text = {kind.word for kind in OF_OFFENDERS if str in typing.get_type_hints(kind.model).values()}
        assert hold_text <= marked
        assert {"offender", "visit", "import_image", "decision_move", "incident_log", "risk_plan_actions"} <= marked
        assert unit.erase_offenders(["INV-1"], "retention review") == 1
        assert list(_tables_with(unit, WORD)) == []
        assert set(_tables_with(unit, "INV-1")) == {"record_of_use"}
    assert verify(full).problems == ()


def test_what_concerns_others_stays(full: Workspace) -> None:
    with full.transaction() as unit:
        unit.erase_offenders(["INV-1"], "retention review")
        (left,) = unit.matches()
        assert (left.match.ref, left.match.person, left.match.explanation) == ("INV-2", "Other", "Likely: same name.")
        assert (left.log.number, left.log.at, left.log.kind, left.log.text) == ("2", NOON, "Domestic", "")
        assert unit.facts()["INV-2"].events == (Event("arrest", DAY),)
        assert len(unit.incident_files()) == 1


@pytest.mark.parametrize("how", ["changed", "removed", "added", "put back"])
def test_facts_altered_past_the_program_are_found(full: Workspace, how: str) -> None:
    table = STAY.table
    with full.transaction() as unit:
        (row,) = [dict(each) for each in unit.connection.execute(select(table).limit(1)).mappings()]
        kept = next(each for each in unit.kept_facts("INV-1") if each.id == row["id"])
        if how == "changed":
            unit.connection.execute(update(table).where(table.c.id == row["id"]).values(start=date(2020, 1, 1)))
        elif how == "removed":
            unit.connection.execute(table.delete().where(table.c.id == row["id"]))
        elif how == "added":
            unit.connection.execute(insert(table), row | {"id": "x"})
        else:
            unit.remove_fact(kept, "wrong")
            unit.connection.execute(insert(table), row)
    assert any("facts" in problem for problem in verify(full).problems)


def test_every_table_about_an_offender_is_erased_with_him() -> None:
    """A table with a column ``ref`` either falls with the offender or is erased by hand."""
    with_ref = {table.name for table in metadata.sorted_tables if "ref" in table.c}
    by_hand = {"visit", "import_image", "decision_move", "offender"}
    assert with_ref - by_hand == {kind.table.name for kind in OF_OFFENDERS}
    assert MATCH.table.name in with_ref
