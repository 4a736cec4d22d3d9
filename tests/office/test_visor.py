"""A ViSOR list worked off through the office. All people and lists are invented."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from unittest.mock import patch

import pytest

from mosovo_planner.domain.people import Offender, Risk
from mosovo_planner.domain.record import Operation
from mosovo_planner.domain.roles import Permission
from mosovo_planner.domain.visits import Outcome, Visit
from mosovo_planner.exchange.errors import UnrecognisedTracker
from mosovo_planner.exchange.profile import ColumnRule, Profile
from mosovo_planner.office.session import Session
from mosovo_planner.office.visor import (
    CannotSettle,
    ListPoint,
    PointKind,
    VisorWork,
    accept_theirs,
    compare,
    keep_ours,
    list_profiles,
    put_back,
    read_visor,
    save_list_profile,
    take_back,
    tick_entered,
)

AS_OF = date(2026, 11, 23)
ENTERED = date.today()
ROWS = (
    "INV-1,INVENTED,Person 1,Medium,11/01/2026,OM01",
    "INV-2,INVENTED,Person 2,Low,01/01/2026,PC Invented 1",
    "INV-3,INVENTED,Person 3,Low,13/01/2026,OM99",
    "SYN-9,NOBODY,Here,High,01/02/2026,OM01",
)


@pytest.fixture(autouse=True)
def in_this_process() -> Iterator[None]:
    """Reading in a worker process is tried once below."""
    direct = patch("mosovo_planner.office.visor.run_in_worker", lambda function, *args, **more: function(*args, **more))
    with direct:
        yield


@pytest.fixture
def visited(team: Session) -> Session:
    """INV-1 was seen once more than the list shows, and a visit to him failed."""
    with team.unit(Permission.RECORD) as unit:
        for number, outcome in ((1, Outcome.NO_REPLY), (2, Outcome.SEEN)):
            at = datetime(2026, 3, number, 10)
            unit.add_visit(Visit(id=f"V{number}", ref="INV-1", at=at, officers=("OM01", "OM02"), outcome=outcome))
        him = unit.offender("INV-1")
        assert him is not None
        unit.save_offenders([replace(him, last_seen=date(2026, 3, 2))])
    return team


def listed(folder: Path, rows: tuple[str, ...] = ROWS, headers: str = "Ref,Surname,Forename,Risk,Last Visit,Manager") -> Path:
    path = folder / "visor.csv"
    path.write_text("\n".join((headers, *rows)) + "\n", encoding="utf-8")
    return path


def work_of(session: Session, folder: Path) -> VisorWork:
    return read_visor(session, listed(folder), AS_OF)


def points(work: VisorWork, kind: PointKind, ref: str | None = None) -> list[ListPoint]:
    return [each for each in work.points if each.kind is kind and ref in (None, each.ref)]


def offender(session: Session, ref: str) -> Offender:
    with session.unit(Permission.VIEW) as unit:
        found = unit.offender(ref)
    assert found is not None
    return found


def visit(session: Session, visit_id: str) -> Visit:
    with session.unit(Permission.VIEW) as unit:
        return next(each for each in unit.visits() if each.id == visit_id)


def test_all_that_differs_is_a_list_to_work_off(visited: Session, tmp_path: Path) -> None:
    work = work_of(visited, tmp_path)
    assert work.matched == 3
    assert [(each.here, each.there) for each in points(work, PointKind.VISIT, "INV-1")] == [
        ("No reply, 1 Mar 2026", "not on the list"), ("Seen, 2 Mar 2026", "not on the list"),
    ]  # fmt: skip
    assert [each.here for each in points(work, PointKind.VISIT, "INV-2")] == ["Seen, 12 Jan 2026 (the day only)"]
    assert {(each.ref, each.what, each.here, each.there) for each in points(work, PointKind.DIFFERENT)} == {
        ("INV-2", "Risk level", "High", "Low"), ("INV-3", "Offender manager", "PC Invented 1", "OM99"),
    }  # fmt: skip
    assert [each.name for each in points(work, PointKind.MISSING_HERE)] == ["NOBODY, Here"]
    assert {each.ref for each in points(work, PointKind.MISSING_THERE)} == {"INV-4", "INV-5", "INV-6"}
    with visited.unit(Permission.AUDIT) as unit:
        used = unit.uses(1)[0]
    assert (used.operation, used.reason) == (Operation.COMBINATION, "compared with a ViSOR list")


def test_comparing_changes_nothing(visited: Session, tmp_path: Path) -> None:
    before = [offender(visited, f"INV-{number}") for number in range(1, 7)]
    work_of(visited, tmp_path)
    assert [offender(visited, f"INV-{number}") for number in range(1, 7)] == before


def test_visits_are_ticked_with_the_day_and_opened_again(visited: Session, tmp_path: Path) -> None:
    work = work_of(visited, tmp_path)
    tick_entered(visited, points(work, PointKind.VISIT), ENTERED)
    assert visit(visited, "V1").visor_entered_on == ENTERED
    after = compare(visited, work.listed)
    assert all(each.settled.startswith("Entered") for each in points(after, PointKind.VISIT))
    assert after.same == work.same + 1
    take_back(visited, points(after, PointKind.VISIT))
    assert visit(visited, "V1").visor_entered_on is None
    assert not any(each.settled for each in points(compare(visited, work.listed), PointKind.VISIT))


def test_a_tick_is_refused_where_it_cannot_be_true(visited: Session, tmp_path: Path) -> None:
    work = work_of(visited, tmp_path)
    with pytest.raises(CannotSettle, match="lies ahead"):
        tick_entered(visited, points(work, PointKind.VISIT), ENTERED + timedelta(days=1))
    with pytest.raises(CannotSettle, match="before it was made"):
        tick_entered(visited, points(work, PointKind.VISIT), date(2026, 3, 1))
    with pytest.raises(CannotSettle, match="Only visits"):
        tick_entered(visited, points(work, PointKind.DIFFERENT), ENTERED)
    assert visit(visited, "V1").visor_entered_on is None, "nothing of a refused tick is kept"


def test_ours_is_kept_with_who_and_when_until_either_side_changes(visited: Session, tmp_path: Path) -> None:
    work = work_of(visited, tmp_path)
    keep_ours(visited, points(work, PointKind.DIFFERENT, "INV-2"), "Assessed last week.")
    (kept,) = points(compare(visited, work.listed), PointKind.DIFFERENT, "INV-2")
    assert kept.settled.startswith("Ours kept (sgt, ")
    with visited.unit(Permission.RECORD) as unit:
        him = unit.offender("INV-2")
        assert him is not None
        unit.save_offenders([replace(him, risk=Risk.VERY_HIGH)])
    (asked,) = points(compare(visited, work.listed), PointKind.DIFFERENT, "INV-2")
    assert asked.settled == ""
    take_back(visited, [kept])


def test_somebody_known_to_be_missing_there_is_not_asked_again(visited: Session, tmp_path: Path) -> None:
    work = work_of(visited, tmp_path)
    keep_ours(visited, points(work, PointKind.MISSING_THERE, "INV-6"), "Transferred out.")
    (known,) = points(compare(visited, work.listed), PointKind.MISSING_THERE, "INV-6")
    assert known.settled.startswith("Known, nothing to do")
    with pytest.raises(CannotSettle):
        keep_ours(visited, points(work, PointKind.VISIT))


def test_the_lists_value_is_taken_and_put_back(visited: Session, tmp_path: Path) -> None:
    work = work_of(visited, tmp_path)
    risk = points(work, PointKind.DIFFERENT, "INV-2")
    accepted = accept_theirs(visited, risk, work.listed)
    assert offender(visited, "INV-2").risk is Risk.LOW
    assert points(compare(visited, work.listed), PointKind.DIFFERENT, "INV-2") == []
    put_back(visited, accepted)
    assert offender(visited, "INV-2").risk is Risk.HIGH
    with pytest.raises(CannotSettle, match="changed meanwhile"):
        put_back(visited, accepted)


def test_a_manager_nobody_knows_is_not_taken(visited: Session, tmp_path: Path) -> None:
    work = work_of(visited, tmp_path)
    with pytest.raises(CannotSettle, match="not known here"):
        accept_theirs(visited, points(work, PointKind.DIFFERENT), work.listed)
    assert offender(visited, "INV-2").risk is Risk.HIGH


def test_columns_are_mapped_once(visited: Session, tmp_path: Path) -> None:
    strange = listed(tmp_path, headers="A1,B1,C1,D1,E1,F1")
    with pytest.raises(UnrecognisedTracker):
        read_visor(visited, strange, AS_OF)
    fields = ("visor_ref", "surname", "forenames", "risk", "last_seen", "manager")
    headers = ("A1", "B1", "C1", "D1", "E1", "F1")
    save_list_profile(visited, Profile("Regional ViSOR list", tuple(map(ColumnRule, headers, fields))))
    (profile,) = list_profiles(visited)
    assert read_visor(visited, strange, AS_OF, profile).matched == 3


def test_a_list_is_read_in_a_process_of_its_own(visited: Session, tmp_path: Path) -> None:
    from mosovo_planner.planning.worker import run_in_worker

    with patch("mosovo_planner.office.visor.run_in_worker", run_in_worker):
        assert work_of(visited, tmp_path).matched == 3
