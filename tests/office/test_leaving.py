"""What leaves as a file leaves with its entry in the record of use: where the entry cannot be kept, the file goes again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mosovo_planner.domain.record import Operation
from mosovo_planner.domain.roles import Permission
from mosovo_planner.office.audit import export_record
from mosovo_planner.office.session import Session
from mosovo_planner.office.tables import export_table
from mosovo_planner.store.base.errors import WorkspaceFull

HEADERS, ROWS = ("Ref",), (("INV-1",),)
EXPORTS: dict[str, Callable[[Session, Path], object]] = {
    "a table": lambda session, path: export_table(session, path, "Caseload", HEADERS, ROWS, ["INV-1"]),
    "the record of use": lambda session, path: export_record(session, path, "Record", HEADERS, ROWS, "DCI", "inquiry"),
}


def _disclosures(session: Session) -> int:
    with session.unit(Permission.AUDIT) as unit:
        return len(unit.uses(None, operation=Operation.DISCLOSURE))


@pytest.mark.parametrize("what", list(EXPORTS))
def test_where_the_last_step_of_the_entry_fails_no_file_remains(
    session: Session, what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, seen, dialect = tmp_path / "out.csv", [], session.workspace.insides.engine.dialect

    def full(connection: Any) -> None:
        seen.append(path.exists())
        connection.rollback()
        raise dialect.dbapi.OperationalError("database or disk is full")  # type: ignore[union-attr]

    with monkeypatch.context() as patched:
        patched.setattr(dialect, "do_commit", full)
        with pytest.raises(WorkspaceFull):
            EXPORTS[what](session, path)
    assert seen == [True], "it was written before the entry could be kept"
    assert list(tmp_path.glob("*.csv")) == []
    assert _disclosures(session) == 0
    EXPORTS[what](session, path)
    assert path.exists()
    assert _disclosures(session) == 1
