"""Importing a tracker: read and preview, then store whole, and undo whole."""

from __future__ import annotations

import json
import secrets
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from mosovo_planner.domain.clocks import in_words
from mosovo_planner.domain.errors import UserError
from mosovo_planner.domain.people import Offender, OffenderManager, Precision
from mosovo_planner.domain.progress import Progress, Reporter, silent
from mosovo_planner.domain.record import Operation
from mosovo_planner.domain.roles import Permission
from mosovo_planner.exchange.findings import Finding, Severity
from mosovo_planner.exchange.profile import Profile
from mosovo_planner.exchange.tracker import Tracker, read_tracker
from mosovo_planner.geo.gazetteer import Gazetteer
from mosovo_planner.office import ground
from mosovo_planner.office.care import backup_before
from mosovo_planner.office.merge import FieldChange, ManagerNames, field_changes, merged_manager, merged_offender
from mosovo_planner.office.session import Session
from mosovo_planner.store.base.records import BeforeImage, ImportBatch
from mosovo_planner.store.unit import Unit

NO_GAZETTEER = "No gazetteer is imported, so postcodes cannot be placed: import Code-Point Open, NSPL or ONSPD and import again."


class ImportRefused(UserError):
    """The import or its undo cannot be done; nothing was changed."""


@dataclass(frozen=True)
class Tally:
    """How many records an import adds, updates and leaves as they are."""

    added: int
    updated: int
    unchanged: int


@dataclass(frozen=True)
class ImportPreview:
    """A tracker that was read but not stored: what was found doubtful, and what would change."""

    tracker: Tracker
    findings: tuple[Finding, ...]
    offenders: Tally
    managers: Tally
    changes: tuple[FieldChange, ...]
    added: tuple[str, ...]
    positions: Counter[Precision | None]
    new_offenders: tuple[Offender, ...]
    new_managers: tuple[OffenderManager, ...]
    held_offenders: tuple[Offender, ...]
    held_managers: tuple[OffenderManager, ...]

    def report(self) -> dict[str, Any]:
        """The import report, ``mosovo-import/1``."""
        return {
            "format": "mosovo-import/1",
            "rows_read": self.tracker.rows_read,
            "offenders": vars(self.offenders),
            "managers": vars(self.managers),
            "findings": [
                {
                    "sheet": finding.sheet,
                    "row": finding.row,
                    "column": finding.column,
                    "severity": finding.severity.value,
                    "code": finding.code,
                    "value": finding.value,
                    "message": finding.message,
                }
                for finding in self.findings
            ],
        }


@dataclass(frozen=True)
class ImportResult:
    """A stored import: its id, by which it is undone, and its report."""

    id: str
    report: dict[str, Any]


@dataclass(frozen=True)
class UndoResult:
    """What an undo brought back, and what it left because somebody had changed it since."""

    removed: int
    restored: int
    left: tuple[str, ...]


def preview_import(
    session: Session, path: Path, as_of: date, profile: Profile | None = None, report: Reporter = silent
) -> ImportPreview:
    """Read a tracker and work out what it would change. Nothing is stored."""
    session.require(Permission.IMPORT)
    tracker = read_tracker(path, as_of=as_of, profile=profile, report=report)
    report(Progress("Comparing with the caseload"))
    with session.unit(Permission.IMPORT) as unit:
        caseload = unit.caseload()
        unit.record(Operation.COMBINATION, "caseload", count=len(caseload.offenders), reason="compared with a tracker")
        erased = unit.erased_before({row.ref for row in tracker.offenders} - {each.ref for each in caseload.offenders})
    places = ground.gazetteer()
    managers = {manager.id: manager for manager in caseload.managers}
    new_managers = _merge_managers(tracker, managers, places)
    everybody = managers | {manager.id: manager for manager in new_managers}
    names = ManagerNames(everybody)
    held = {offender.ref: offender for offender in caseload.offenders}
    merged = _merge_offenders(tracker, held, names, places, report)
    new_managers = (*new_managers, *_unlisted(merged, everybody))
    findings = (*_brought_back(tracker, erased), *_findings(tracker, merged, names, places))
    return _preview(tracker, findings, held, managers, merged, new_managers)


def _brought_back(tracker: Tracker, erased: Mapping[str, datetime]) -> Iterator[Finding]:
    """A tracker still holds somebody whom two people erased here: it would bring him back."""
    for row in tracker.offenders:
        if row.ref in erased:
            when = in_words(erased[row.ref].astimezone().date())
            message = f"This record was erased here on {when}; importing it would bring it back. Take the row out of the tracker."
            yield Finding(row.sheet, row.row, "", Severity.WARNING, "erased_before", row.ref, message)


def _merge_managers(
    tracker: Tracker, managers: dict[str, OffenderManager], places: Gazetteer | None
) -> tuple[OffenderManager, ...]:
    known = {manager_id.casefold(): manager_id for manager_id in managers}
    rows = (replace(row, id=known.get(row.id.casefold(), row.id)) for row in tracker.managers)
    return tuple(merged_manager(row, managers.get(row.id), places) for row in rows)


def _merge_offenders(
    tracker: Tracker, held: dict[str, Offender], names: ManagerNames, places: Gazetteer | None, report: Reporter
) -> tuple[Offender, ...]:
    merged = []
    total = len(tracker.offenders)
    for number, row in enumerate(tracker.offenders):
        if number % 500 == 0:
            report(Progress("Comparing with the caseload", number / total))
        merged.append(merged_offender(row, held.get(row.ref), names, places))
    return tuple(merged)


def _unlisted(merged: Iterable[Offender], known: dict[str, OffenderManager]) -> tuple[OffenderManager, ...]:
    """Managers named in the caseload but on no staff sheet: kept by the name alone, to be completed."""
    missing = {offender.manager for offender in merged if offender.manager} - known.keys()
    return tuple(OffenderManager(id=manager_id, version=0) for manager_id in sorted(missing))


def _findings(
    tracker: Tracker, merged: tuple[Offender, ...], names: ManagerNames, places: Gazetteer | None
) -> tuple[Finding, ...]:
    """The reader's findings, less those the caseload settles, and what the gazetteer adds."""
    settled = [each for each in tracker.findings if each.code != "unknown_manager" or names.find(each.value) is None]
    found = []
    for row, offender in zip(tracker.offenders, merged, strict=True):
        if offender.position is None:
            cure = NO_GAZETTEER if places is None and offender.postcode else "Give a postcode, or place him on the map by hand."
            message = f"No position was found, so he cannot be planned by location. {cure}"
            found.append(Finding(row.sheet, row.row, "", Severity.WARNING, "no_position", offender.postcode, message))
        elif offender.position.precision.needs_checking:
            rough = offender.position.precision.label.lower()
            message = f"The postcode is not in the gazetteer; placed by {rough}. Check the postcode, or place him by hand."
            found.append(Finding(row.sheet, row.row, "", Severity.WARNING, "unknown_postcode", offender.postcode, message))
    reported = {(each.sheet, each.row) for each in settled if each.code in ("unknown_postcode", "bad_position")}
    extra = [each for each in found if each.code == "no_position" or (each.sheet, each.row) not in reported]
    return tuple(sorted((*settled, *extra), key=lambda each: (each.sheet, each.row)))


def _preview(
    tracker: Tracker,
    findings: tuple[Finding, ...],
    held: dict[str, Offender],
    managers: dict[str, OffenderManager],
    merged: tuple[Offender, ...],
    staff: tuple[OffenderManager, ...],
) -> ImportPreview:
    new_offenders = tuple(offender for offender in merged if held.get(offender.ref) != offender)
    new_managers = tuple(manager for manager in staff if managers.get(manager.id) != manager)
    changes = [
        change
        for offender in new_offenders
        if offender.ref in held
        for change in field_changes("offender", offender.ref, held[offender.ref], offender)
    ] + [
        change
        for manager in new_managers
        if manager.id in managers
        for change in field_changes("manager", manager.id, managers[manager.id], manager)
    ]
    return ImportPreview(
        tracker=tracker,
        findings=findings,
        offenders=_tally([offender.ref for offender in new_offenders], held.keys(), len(merged)),
        managers=_tally([manager.id for manager in new_managers], managers.keys(), len(staff)),
        changes=tuple(changes),
        added=tuple(offender.ref for offender in new_offenders if offender.ref not in held),
        positions=Counter(offender.position.precision if offender.position else None for offender in merged),
        new_offenders=new_offenders,
        new_managers=new_managers,
        held_offenders=tuple(held[offender.ref] for offender in new_offenders if offender.ref in held),
        held_managers=tuple(managers[manager.id] for manager in new_managers if manager.id in managers),
    )


def _tally(changed: list[str], held: Iterable[str], total: int) -> Tally:
    known = set(held)
    added = sum(key not in known for key in changed)
    return Tally(added, len(changed) - added, total - len(changed))


def new_import_id() -> str:
    """An id that sorts by time and tells nothing else."""
    return f"{datetime.now().astimezone():%Y%m%dT%H%M%S}-{secrets.token_hex(3)}"


def commit_import(session: Session, preview: ImportPreview, report: Reporter = silent) -> ImportResult:
    """Store a previewed import in one transaction, with what it replaced so that it can be undone whole.

    Raises:
        StaleRecord: somebody changed a record since the preview; nothing was stored.
    """
    session.require(Permission.IMPORT)
    report(Progress("Backing up first", None))
    backup_before(session, "import")
    report(Progress("Storing", None))
    outcome = preview.report()
    batch = ImportBatch(
        id=new_import_id(),
        at=datetime.now().astimezone(),
        by=session.user,
        file_name=preview.tracker.path_name,
        added=preview.offenders.added + preview.managers.added,
        updated=preview.offenders.updated + preview.managers.updated,
        report=json.dumps(_without_contents(outcome)),
    )
    managers = {manager.id: manager for manager in preview.held_managers}
    offenders = {offender.ref: offender for offender in preview.held_offenders}
    images = [BeforeImage("manager", new.id, managers.get(new.id)) for new in preview.new_managers]
    images += [BeforeImage("offender", new.ref, offenders.get(new.ref)) for new in preview.new_offenders]
    with session.unit(Permission.IMPORT) as unit:
        unit.save_managers(preview.new_managers, reason=f"import {batch.id}")
        unit.save_offenders(preview.new_offenders, reason=f"import {batch.id}")
        unit.save_import(batch, images)
        report(Progress("Storing", 1.0))
    return ImportResult(batch.id, outcome)


def _without_contents(report: dict[str, Any]) -> dict[str, Any]:
    """The report as it is kept: where each doubt was, not what stood there, for no erasure of a person would find it."""
    findings = [{name: value for name, value in each.items() if name not in ("value", "message")} for each in report["findings"]]
    return {**report, "findings": findings}


def list_imports(session: Session) -> tuple[ImportBatch, ...]:
    """The imports of this workspace, newest first."""
    with session.unit(Permission.IMPORT) as unit:
        return tuple(sorted(unit.imports(), key=lambda batch: batch.at, reverse=True))


def undo_import(session: Session, import_id: str) -> UndoResult:
    """Take an import back whole: what it added goes, what it changed is as before.

    A record that somebody changed after the import is left as it is and named in the result, so that no
    later work is lost.

    Raises:
        ImportRefused: there is no such import, or it was undone already.
    """
    with session.unit(Permission.IMPORT) as unit:
        batch = next((each for each in unit.imports() if each.id == import_id), None)
        if batch is None or batch.undone_at is not None:
            raise ImportRefused("That import is not there or was undone already. Nothing was changed.")
        caseload = unit.caseload()
        now: dict[tuple[str, str], Offender | OffenderManager] = {("offender", each.ref): each for each in caseload.offenders}
        now |= {("manager", each.id): each for each in caseload.managers}
        undo = _Undo(unit, import_id)
        for image in unit.before_images(import_id):
            undo.add(image, now.get((image.kind, image.ref)))
        result = undo.carry_out()
        unit.mark_undone(import_id)
    return result


class _Undo:
    """Collects what an undo brings back, then does it: offenders before the managers who hold them."""

    def __init__(self, unit: Unit, import_id: str) -> None:
        self.unit, self.reason = unit, f"import {import_id} undone"
        self.recorded = unit.with_records()
        self.restored: dict[tuple[str, str], list[Offender | OffenderManager]] = {}
        for batch in unit.imports():
            if batch.undone_at is not None:
                for image in unit.before_images(batch.id):
                    if image.record is not None:
                        self.restored.setdefault((image.kind, image.ref), []).append(image.record)
        self.gone: dict[str, list[str]] = {"offender": [], "manager": []}
        self.offenders: list[Offender] = []
        self.managers: list[OffenderManager] = []
        self.left: list[str] = []

    def add(self, image: BeforeImage, current: Offender | OffenderManager | None) -> None:
        recorded = image.kind == "offender" and image.ref in self.recorded and image.record is None
        if current is None or recorded or not self._as_imported(image, current):
            self.left.append(image.ref)
        elif image.record is None:
            self.gone[image.kind].append(image.ref)
        elif isinstance(image.record, Offender):
            self.offenders.append(replace(image.record, version=current.version))
        else:
            self.managers.append(replace(image.record, version=current.version))

    def _as_imported(self, image: BeforeImage, current: Offender | OffenderManager) -> bool:
        """Whether nobody changed the record since, but for a later import that was undone and brought it back."""
        if current.version == image.version_after:
            return True
        earlier = self.restored.get((image.kind, image.ref), ())
        return any(each.version == image.version_after and replace(each, version=current.version) == current for each in earlier)

    def carry_out(self) -> UndoResult:
        self.unit.delete_offenders(self.gone["offender"], reason=self.reason)
        self.unit.save_offenders(self.offenders, reason=self.reason, undo=True)
        self.unit.save_managers(self.managers, reason=self.reason)
        holding = {offender.manager for offender in self.unit.offenders()}
        idle = [manager for manager in self.gone["manager"] if manager not in holding]
        self.left += [manager for manager in self.gone["manager"] if manager in holding]
        self.unit.delete_managers(idle, reason=self.reason)
        removed = len(self.gone["offender"]) + len(idle)
        return UndoResult(removed, len(self.offenders) + len(self.managers), tuple(self.left))


def profiles(session: Session) -> tuple[Profile, ...]:
    """The column mappings remembered in this workspace, by name."""
    with session.unit(Permission.IMPORT) as unit:
        return tuple(Profile.from_json(stored.body) for stored in sorted(unit.profiles(), key=lambda each: each.name))


def save_profile(session: Session, profile: Profile) -> None:
    """Remember a column mapping for the next tracker of its kind."""
    with session.unit(Permission.IMPORT) as unit:
        unit.save_profile(profile.name, profile.to_json())


def locate_again(session: Session) -> int:
    """Look again for everybody who has no exact position, after a gazetteer was imported. Returns how many were placed."""
    places = ground.gazetteer()
    with session.unit(Permission.IMPORT) as unit:
        caseload = unit.caseload()
        offenders = [each for each in caseload.offenders if each.position is None or each.position.precision.needs_checking]
        managers = [each for each in caseload.managers if each.position is None or each.position.precision.needs_checking]
        better = [(each, ground.locate_offender(each, places)) for each in offenders]
        better_managers = [(each, ground.locate_manager(each, places)) for each in managers]
        placed = [new for old, new in better if new.position is not None and new != old]
        unit.save_offenders(placed, reason="found in the gazetteer")
        unit.save_managers(
            [new for old, new in better_managers if new.position is not None and new != old], reason="found in the gazetteer"
        )
    return len(placed)
