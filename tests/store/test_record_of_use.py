"""The record of use: every change and view in it, none of it to be altered unseen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import delete, insert, text, update

from mosovo_planner.domain.people import Offender, OffenderManager
from mosovo_planner.domain.record import Operation
from mosovo_planner.domain.visits import Visit
from mosovo_planner.store import Workspace
from mosovo_planner.store.backups.backup import verify
from mosovo_planner.store.base.errors import RecordOfUseFailed, WorkspaceError
from mosovo_planner.store.tables import absence, offender, record_of_use, visit
from mosovo_planner.store.unit import Unit

VISIT = Visit(id="v1", ref="SYN-1", at=datetime(2026, 11, 1, 10, 0))


@pytest.fixture
def filled(workspace: Workspace) -> Workspace:
    with workspace.transaction() as unit:
        unit.save_managers([OffenderManager(id="OM01")])
        (first, _) = unit.save_offenders([Offender(ref="SYN-1", surname="Invented"), Offender(ref="SYN-2")])
        unit.save_offenders([replace(first, notes="seen")])
        unit.add_visit(VISIT)
    return workspace


def test_views_and_disclosures_are_kept_as_told(workspace: Workspace) -> None:
    before = datetime.now(UTC)
    with workspace.transaction() as unit:
        unit.record(Operation.CONSULTATION, "offender SYN-1", reason="visit")
        unit.record(Operation.DISCLOSURE, "caseload", ("surname",), 70, "MAPPA", "Probation", "print")
    with workspace.transaction() as unit:
        newest, older = unit.uses(limit=2)
    assert (newest.operation, newest.subject, newest.fields, newest.count) == (Operation.DISCLOSURE, "caseload", ("surname",), 70)
    assert (newest.reason, newest.recipient, newest.medium) == ("MAPPA", "Probation", "print")
    assert (older.actor, older.reason, older.seq) == ("Sgt Invented", "visit", newest.seq - 1)
    assert before <= older.at <= newest.at <= datetime.now(UTC)


def test_a_sound_workspace_passes_the_check(filled: Workspace) -> None:
    with filled.transaction() as unit:
        unit.save_offenders([replace(offender, orders="SHPO") for offender in unit.offenders(["SYN-2"])])
        unit.delete_offenders(["SYN-2"])
        unit.save_offenders([Offender(ref="SYN-2")])
    report = verify(filled)
    assert report.problems == ()
    assert report.entries == len(list(_entries(filled)))


def test_every_entry_names_fields_and_never_contents(filled: Workspace) -> None:
    told = " ".join(str(entry) for entry in _entries(filled))
    assert "surname" in told
    assert "Invented'" not in told.replace("Sgt Invented'", "")


def test_a_reason_that_somebody_types_names_nobody_whom_it_is_about(workspace: Workspace) -> None:
    """An erasure cannot take words out of the record of use, so they do not get in; the decision keeps them until then."""
    him = Offender(
        ref="SYN-1", surname="O'Ash-Birch", forenames="Jan Olaf", address="1 Elm Road", postcode="SN1 1AA",
        date_of_birth=date(1970, 5, 4),
    )  # fmt: skip
    typed = "Jan o'ash-birch of 1 elm road, SN1 1AA, born 04/05/1970 (4 May 1970), moved; Janet and Ashley stay"
    with workspace.transaction() as unit:
        (saved,) = unit.save_offenders([him])
        unit.save_offenders([replace(saved, notes="x")], reason=typed)
    with workspace.transaction() as unit:
        assert unit.uses(1, "SYN-1")[0].reason == "… … of …, …, born … (…), moved; Janet and Ashley stay"
    assert verify(workspace).ok


def test_a_change_whose_entry_cannot_be_written_does_not_happen(filled: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    with filled.transaction() as unit:
        newest = unit.head()
    with monkeypatch.context() as broken:
        broken.setattr("mosovo_planner.store.record.chain.head", lambda connection: replace(newest, seq=newest.seq - 1))
        with pytest.raises(RecordOfUseFailed), filled.transaction() as unit:
            unit.delete_offenders(["SYN-2"])
    with filled.transaction() as unit:
        assert unit.offender("SYN-2") is not None
    assert verify(filled).ok


@pytest.mark.parametrize("verb", [update(record_of_use).values(actor="other"), delete(record_of_use)])
def test_entries_can_not_be_changed_or_deleted(filled: Workspace, verb: object) -> None:
    with pytest.raises(WorkspaceError), filled.transaction() as unit:
        unit.connection.execute(verb)


def _alter(unit: Unit) -> None:
    unit.connection.execute(update(record_of_use).where(record_of_use.c.seq == 3).values(reason="other"))


def _remove(unit: Unit) -> None:
    unit.connection.execute(delete(record_of_use).where(record_of_use.c.seq == 3))


def _swap(unit: Unit) -> None:
    for old, new in ((3, -1), (4, 3), (-1, 4)):
        unit.connection.execute(update(record_of_use).where(record_of_use.c.seq == old).values(seq=new))


def _shift_time(unit: Unit) -> None:
    (entry,) = [each for each in unit.uses() if each.seq == 3]
    later = entry.at.replace(microsecond=(entry.at.microsecond + 1) % 1_000_000)
    unit.connection.execute(update(record_of_use).where(record_of_use.c.seq == 3).values(at=later))


def _put_back(unit: Unit) -> None:
    unit.connection.execute(update(offender).where(offender.c.ref == "SYN-1").values(notes="", version=1))


def _drop_person(unit: Unit) -> None:
    unit.connection.execute(delete(offender).where(offender.c.ref == "SYN-2"))


def _drop_visit(unit: Unit) -> None:
    unit.connection.execute(delete(visit))


def _alter_visit(unit: Unit) -> None:
    unit.connection.execute(update(visit).values(note="never"))


def _add_absence(unit: Unit) -> None:
    day = datetime(2026, 1, 1).date()
    row = {"manager_id": "OM01", "place": 0, "first_day": day, "last_day": day, "reason": ""}
    unit.connection.execute(insert(absence), [row])


@pytest.mark.parametrize(
    "attack", [_alter, _remove, _swap, _shift_time, _put_back, _drop_person, _drop_visit, _alter_visit, _add_absence]
)
def test_what_is_altered_past_the_program_is_found(filled: Workspace, attack: Callable[[Unit], None]) -> None:
    with filled.transaction() as unit:
        _unseal(unit)
        attack(unit)
    assert verify(filled).problems


def test_an_entry_forged_in_another_users_name_is_found(embedded: Workspace) -> None:
    """Whoever has the database's key can write an entry, but not sign it for somebody else."""
    with embedded.transaction() as unit:
        unit.add_account("PC Other", embedded.role, signing_key="ab" * 32)
    forger = Workspace(embedded.insides.place, embedded.insides.engine, _account(embedded, "PC Other"), _as_other(embedded))
    with forger.transaction() as unit:
        unit.record(Operation.CONSULTATION, "offender SYN-1")
    assert "altered at entry" in verify(embedded).problems[0]


def _account(workspace: Workspace, name: str) -> object:
    with workspace.transaction() as unit:
        return unit.user(name)


def _as_other(workspace: Workspace) -> object:
    return replace(workspace.insides.actor, user="PC Other")


def _entries(workspace: Workspace) -> list[dict[str, object]]:
    with workspace.transaction() as unit:
        return [dict(entry._mapping) for entry in unit.chained()]


def _unseal(unit: Unit) -> None:
    if unit.connection.dialect.name == "sqlite":
        for verb in ("update", "delete"):
            unit.connection.execute(text(f"DROP TRIGGER record_of_use_no_{verb}"))
    else:
        unit.connection.execute(text("DROP TRIGGER record_of_use_no_change ON record_of_use"))
