"""Importing trackers through the office: preview, store, update, undo. All people are invented."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import jsonschema
import pytest

from mosovo_planner.domain.people import Precision, Risk
from mosovo_planner.domain.progress import Cancelled, Progress
from mosovo_planner.domain.record import Operation
from mosovo_planner.domain.roles import Permission
from mosovo_planner.office.caseload import place_offender, view_caseload
from mosovo_planner.office.ground import add_gazetteer
from mosovo_planner.office.imports import (
    ImportPreview,
    ImportRefused,
    commit_import,
    list_imports,
    locate_again,
    preview_import,
    undo_import,
)
from mosovo_planner.office.session import Session, open_session
from mosovo_planner.resources import resource
from mosovo_planner.store.base.errors import StaleRecord

AS_OF = date(2026, 11, 23)
HEADER = "Ref,Surname,Forenames,Risk,Postcode,Last visit,Visit frequency (months),OM,Status,Markers\n"
FIRST = HEADER + (
    "INV-1,OAK,Ann,High,SN1 1AA,01/09/2026,3,OM01,Community,Dog\n"
    "INV-2,ELM,Bob,L,SN1 1AB,14/02/2026,12,OM02,HMP,\n"
    "INV-3,ASH,Cal,???,SN1 1AF,31/02/2026,12,OM02,Community,\n"
    ",YEW,Dan,Low,SN1 1AD,01/02/2026,12,OM02,Community,\n"
)
SECOND = HEADER + (
    "INV-1,OAK,Ann,Medium,SN1 1AA,20/11/2026,3,OM02,Community,\n"
    "INV-2,ELM,Bob,L,SN1 1AB,14/02/2026,12,OM02,HMP,\n"
    "INV-4,FIR,Eve,Low,SN1 1AE,13/11/2026,12,OM01,Community,\n"
)
POSTCODES = "pcds,lat,long\nSN1 1AA,51.5601,-1.7801\nSN1 1AB,51.5602,-1.7802\nSN1 1AF,51.5603,-1.7803\nSN1 1AE,51.5605,-1.7805\n"


@pytest.fixture
def places(tmp_path: Path) -> None:
    file = tmp_path / "postcodes.csv"
    file.write_text(POSTCODES)
    add_gazetteer([file])


def tracker(folder: Path, text: str, name: str = "tracker.csv") -> Path:
    path = folder / name
    path.write_text(text)
    return path


def take_in(session: Session, path: Path) -> ImportPreview:
    preview = preview_import(session, path, AS_OF)
    commit_import(session, preview)
    return preview


def caseload(session: Session) -> dict[str, object]:
    view = view_caseload(session, AS_OF)
    return {case.offender.ref: case.offender for case in view.cases} | {manager.id: manager for manager in view.managers}


@pytest.mark.usefixtures("places")
def test_the_report_counts_rows_and_names_every_doubt(session: Session, tmp_path: Path) -> None:
    preview = take_in(session, tracker(tmp_path, FIRST))
    report = preview.report()
    jsonschema.validate(report, json.loads(resource("schemas/mosovo-import-1.json").read_text()))
    assert report["rows_read"] == 4
    assert report["offenders"] == {"added": 3, "updated": 0, "unchanged": 0}
    codes = {(finding["row"], finding["code"], finding["severity"]) for finding in report["findings"]}
    assert {(4, "unknown_risk", "warning"), (4, "bad_date", "warning"), (5, "missing_reference", "rejected")} <= codes
    held = {case.offender.ref: case.offender for case in view_caseload(session, AS_OF).cases}
    assert held["INV-3"].risk is None
    assert held["INV-3"].last_seen is None
    position = held["INV-1"].position
    assert position is not None
    assert position.precision is Precision.POSTCODE


@pytest.mark.usefixtures("places")
def test_what_is_kept_of_the_report_holds_no_contents_of_the_tracker(session: Session, tmp_path: Path) -> None:
    """Nobody could find them again to erase them with the person."""
    preview = take_in(session, tracker(tmp_path, FIRST))
    (kept,) = list_imports(session)
    findings = json.loads(kept.report)["findings"]
    assert [each["code"] for each in findings] == [each.code for each in preview.findings]
    assert all(each.keys() == {"sheet", "row", "column", "severity", "code"} for each in findings)


@pytest.mark.usefixtures("places")
def test_a_second_import_updates_and_shows_first_what_will_change(session: Session, tmp_path: Path) -> None:
    take_in(session, tracker(tmp_path, FIRST))
    preview = preview_import(session, tracker(tmp_path, SECOND, "newer.csv"), AS_OF)
    assert (preview.offenders.added, preview.offenders.updated, preview.offenders.unchanged) == (1, 1, 1)
    shown = {(change.ref, change.field): (change.before, change.after) for change in preview.changes}
    assert shown == {
        ("INV-1", "risk"): ("High", "Medium"),
        ("INV-1", "last_seen"): ("1 Sep 2026", "20 Nov 2026"),
        ("INV-1", "manager"): ("OM01", "OM02"),
        ("INV-1", "markers"): ("Dog", "nothing"),
    }
    assert caseload(session)["INV-1"].risk is Risk.HIGH  # type: ignore[attr-defined]
    commit_import(session, preview)
    assert caseload(session)["INV-1"].risk is Risk.MEDIUM  # type: ignore[attr-defined]
    again = preview_import(session, tracker(tmp_path, SECOND, "newer.csv"), AS_OF)
    assert (again.offenders.unchanged, again.changes) == (3, ())


@pytest.mark.usefixtures("places")
def test_an_import_is_undone_whole(session: Session, tmp_path: Path) -> None:
    take_in(session, tracker(tmp_path, FIRST))
    before = caseload(session)
    take_in(session, tracker(tmp_path, SECOND, "newer.csv"))
    newest = list_imports(session)[0]
    result = undo_import(session, newest.id)
    assert (result.removed, result.restored, result.left) == (1, 1, ())
    after = caseload(session)
    assert {key: _apart_from_version(value) for key, value in after.items()} == {
        key: _apart_from_version(value) for key, value in before.items()
    }
    with pytest.raises(ImportRefused):
        undo_import(session, newest.id)
    undo_import(session, list_imports(session)[1].id)
    assert caseload(session) == {}


def _apart_from_version(record: object) -> str:
    return repr(record).split(", version=")[0]


@pytest.mark.usefixtures("places")
def test_an_undo_leaves_what_somebody_changed_since_and_names_it(session: Session, tmp_path: Path) -> None:
    take_in(session, tracker(tmp_path, FIRST))
    place_offender(session, "INV-2", 51.0, -2.0)
    result = undo_import(session, list_imports(session)[0].id)
    assert result.left == ("INV-2", "OM02")
    assert set(caseload(session)) == {"INV-2", "OM02"}


def test_without_a_gazetteer_everybody_is_kept_listed_and_found_later(session: Session, tmp_path: Path) -> None:
    preview = take_in(session, tracker(tmp_path, FIRST))
    assert sum(finding.code == "no_position" for finding in preview.findings) == 3
    assert preview.positions == {None: 3}
    postcodes = tmp_path / "p.csv"
    postcodes.write_text(POSTCODES)
    add_gazetteer([postcodes])
    assert locate_again(session) == 3
    assert caseload(session)["INV-3"].position is not None  # type: ignore[attr-defined]


@pytest.mark.usefixtures("places")
def test_a_place_set_by_hand_survives_a_newer_tracker(session: Session, tmp_path: Path) -> None:
    take_in(session, tracker(tmp_path, FIRST))
    place_offender(session, "INV-1", 51.0, -2.0)
    take_in(session, tracker(tmp_path, SECOND, "newer.csv"))
    assert caseload(session)["INV-1"].position.precision is Precision.HAND  # type: ignore[attr-defined]


def test_a_preview_stores_nothing_and_a_cancel_neither(session: Session, tmp_path: Path) -> None:
    path = tracker(tmp_path, FIRST)
    preview = preview_import(session, path, AS_OF)
    assert caseload(session) == {}

    def stop(_: Progress) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        commit_import(session, preview, stop)
    assert caseload(session) == {}


def test_a_change_between_preview_and_import_is_not_overwritten(session: Session, tmp_path: Path) -> None:
    take_in(session, tracker(tmp_path, FIRST))
    preview = preview_import(session, tracker(tmp_path, SECOND, "newer.csv"), AS_OF)
    place_offender(session, "INV-1", 51.0, -2.0)
    with pytest.raises(StaleRecord):
        commit_import(session, preview)
    assert "INV-4" not in caseload(session)


@pytest.mark.usefixtures("places")
def test_every_person_taken_in_is_in_the_record_of_use(session: Session, tmp_path: Path) -> None:
    take_in(session, tracker(tmp_path, FIRST))
    with session.unit(Permission.AUDIT) as unit:
        uses = unit.uses(1000)
    collected = {use.subject for use in uses if use.operation is Operation.COLLECTION}
    assert {"offender INV-1", "offender INV-2", "offender INV-3", "manager OM01", "manager OM02"} <= collected
    assert not any("OAK" in repr(use) for use in uses)


def test_before_a_caseload_is_changed_by_an_import_a_backup_is_made(session: Session, tmp_path: Path) -> None:
    folder = session.workspace.folder
    assert folder is not None
    for number in (1, 2):
        path = tmp_path / f"tracker{number}.csv"
        path.write_text(f"Reference,Surname,Risk\nINV-{number},INVENTED,High\n", encoding="utf-8")
        commit_import(session, preview_import(session, path, date(2026, 11, 23)))
    made = sorted((folder / "backups").glob("*-before-import*"), key=lambda each: each.stat().st_mtime_ns)
    assert len(made) == 2
    copied = open_session(str(made[-1]), session.user, "three random words")
    with copied.unit(Permission.VIEW) as unit:
        assert [each.ref for each in unit.caseload().offenders] == ["INV-1"], "what was there before the second import"
    copied.close()
