"""Each change of manager or interval leaves its line, so that a past month can be told by who held the case. All invented."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from mosovo_planner.domain.facts import Event
from mosovo_planner.domain.handovers import HELD, INTERVAL, line
from mosovo_planner.domain.people import Offender
from mosovo_planner.store import Workspace
from mosovo_planner.store.backups.backup import verify

HIM = Offender(ref="INV-1", manager="OM1")
FIRST, SECOND = date(2026, 10, 1), date(2026, 11, 1)


def _save(workspace: Workspace, on: date, *, undo: bool = False, **changed: object) -> None:
    with workspace.transaction() as unit:
        unit.save_offenders([replace(unit.offender("INV-1") or HIM, **changed)], on=on, undo=undo)  # type: ignore[arg-type]


def _lines(workspace: Workspace) -> tuple[Event, ...]:
    with workspace.transaction() as unit:
        return unit.facts(["INV-1"])["INV-1"].events if unit.facts(["INV-1"]) else ()


def test_a_change_of_manager_or_interval_leaves_its_line(workspace: Workspace) -> None:
    _save(workspace, FIRST)
    assert _lines(workspace) == ()
    _save(workspace, FIRST, manager="OM2")
    _save(workspace, SECOND, interval_months=3, notes="nothing of this")
    assert _lines(workspace) == (line(HELD, FIRST, "OM1", "OM2"), line(INTERVAL, SECOND, "", "3"))
    assert verify(workspace).problems == ()


def test_two_changes_on_a_day_leave_one_line_and_none_where_all_is_as_before(workspace: Workspace) -> None:
    _save(workspace, FIRST)
    _save(workspace, FIRST, manager="OM2")
    _save(workspace, FIRST, manager="OM3")
    assert _lines(workspace) == (line(HELD, FIRST, "OM1", "OM3"),)
    _save(workspace, FIRST, manager="OM1")
    assert _lines(workspace) == ()


def test_a_change_taken_back_takes_its_line_back(workspace: Workspace) -> None:
    _save(workspace, FIRST)
    _save(workspace, FIRST, manager="OM2")
    _save(workspace, SECOND, undo=True, manager="OM1")
    assert _lines(workspace) == ()
    _save(workspace, SECOND, manager="OM2")
    assert _lines(workspace) == (line(HELD, SECOND, "OM1", "OM2"),)
