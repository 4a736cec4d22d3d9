"""Questions to the record of use, on both stores: by person, by user, by operation, by time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from mosovo_planner.domain.record import Operation
from mosovo_planner.store import Workspace

USER = "Sgt Invented"


def test_entries_are_found_by_user_operation_and_time(workspace: Workspace) -> None:
    before = datetime.now(UTC) - timedelta(seconds=1)
    with workspace.transaction() as unit:
        unit.record(Operation.CONSULTATION, "offender SYN-1", reason="opened")
        unit.record(Operation.CONSULTATION, "offender SYN-2")
        unit.record(Operation.DISCLOSURE, "offender SYN-1", recipient="MAPPA", medium="print", outcome="denied")
    after = datetime.now(UTC) + timedelta(seconds=1)
    with workspace.transaction() as unit:
        assert [use.operation for use in unit.uses(ref="SYN-1")] == [Operation.DISCLOSURE, Operation.CONSULTATION]
        (told,) = unit.uses(operation=Operation.DISCLOSURE, ref="SYN-1")
        assert (told.recipient, told.medium, told.outcome) == ("MAPPA", "print", "denied")
        assert (told.role, told.ref) == ("supervisor", "SYN-1")
        assert told.device
        assert told.session
        assert len(unit.uses(None, actor=USER, since=before)) >= 3
        assert unit.uses(None, since=after) == ()
        assert unit.uses(None, until=before - timedelta(days=1)) == ()
        assert unit.uses(actor="Nobody") == ()
        assert unit.users_of_record() == (USER,)
