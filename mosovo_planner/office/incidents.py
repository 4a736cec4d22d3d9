"""Reading incident logs of the off-duty hours: from a file opened by hand or from the watched folder, matched, kept.

A log that matches nobody is not kept. A match changes nothing of the caseload by being found; see ``off_duty`` for what
a judgement does.
"""

from __future__ import annotations

import hashlib
from collections.abc import Container
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from uuid import uuid4

from mosovo_planner.domain.errors import UserError
from mosovo_planner.domain.identity import Identity
from mosovo_planner.domain.incidents import acts_when_sure
from mosovo_planner.domain.matching import Subject, Sureness
from mosovo_planner.domain.off_duty import IncidentFile, LoggedMatch, to_keep
from mosovo_planner.domain.progress import Progress, Reporter, silent
from mosovo_planner.domain.record import Operation
from mosovo_planner.domain.roles import Permission
from mosovo_planner.exchange.errors import TrackerError, UnrecognisedTracker
from mosovo_planner.exchange.fields import FIELDS, TableKind
from mosovo_planner.exchange.findings import Finding
from mosovo_planner.exchange.incident_folder import WaitingFile, waiting_files
from mosovo_planner.exchange.incidents import newest
from mosovo_planner.exchange.profile import Profile
from mosovo_planner.office.incident_work import Matched, read_and_match
from mosovo_planner.office.off_duty import enter_sure, sure_events
from mosovo_planner.office.session import Session
from mosovo_planner.planning.worker import run_in_worker
from mosovo_planner.store.unit import Unit

_LARGEST = 60 * 2**20


class ReadBefore(UserError):
    """The same file was read before, whatever its name was then."""


@dataclass(frozen=True)
class LogReading:
    """A file that was read and matched, and not kept yet."""

    name: str
    digest: str
    matched: Matched

    @property
    def sureness(self) -> dict[Sureness, int]:
        """How many matches there are of each sureness."""
        found = [match.sureness for match in self.matched.result.matches]
        return {each: found.count(each) for each in Sureness}


@dataclass(frozen=True)
class FolderReading:
    """What the watched folder gave: files kept, matches that are new, and what could not be read, in words by digest.

    ``findings`` are the doubtful cells of the files that were kept; their sheet names the file.
    """

    files: tuple[IncidentFile, ...]
    new: int
    problems: dict[str, str]
    findings: tuple[Finding, ...] = ()


def read_logs(session: Session, path: Path, as_of: date, profile: Profile | None = None, report: Reporter = silent) -> LogReading:
    """Read a file of logs and match it with the caseload, in a worker process. Nothing is kept.

    Raises:
        ReadBefore: its contents were read before.
        TrackerError: it cannot be read; UnrecognisedTracker where its columns can be mapped by hand.
    """
    session.require(Permission.RECORD)
    report(Progress("Opening the file", 0.0))
    digest = _digest(path)
    with session.unit(Permission.RECORD) as unit:
        before = next((each for each in unit.incident_files() if each.digest == digest), None)
        if before is not None:
            when = f"{before.at:%d/%m/%Y} at {before.at:%H:%M}"
            raise ReadBefore(f"These logs were read on {when} by {before.by}, as {before.name}. Nothing is kept twice.")
        subjects = _subjects(unit)
    matched = run_in_worker(read_and_match, path, as_of, profile, subjects, report=report)
    with session.unit(Permission.RECORD) as unit:
        people = len({match.ref for match in matched.result.matches})
        unit.record(Operation.COMBINATION, "caseload", count=people, reason="matched with incident logs")
    return LogReading(path.name, digest, matched)


def _digest(path: Path) -> str:
    try:
        if path.is_file() and path.stat().st_size > _LARGEST:
            raise TrackerError("The file is larger than 60 MB. Export fewer days.")
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise TrackerError(f"The file cannot be read ({error.strerror or 'input error'}). Choose it again.") from None


def _subjects(unit: Unit) -> list[Subject]:
    identities, nothing = unit.identities(), Identity()
    return [identities.get(each.ref, nothing).subject(each) for each in unit.caseload().offenders]


def keep_logs(session: Session, reading: LogReading, now: datetime | None = None) -> tuple[LoggedMatch, ...]:
    """Keep what a reading found: the file, the logs that matched, the matches. Gives back the matches that are new.

    Recorded as combination. Where the force's policy lets a sure match act, it acts here, and can be taken back.

    Raises:
        BadRecord: somebody else kept the same file meanwhile; nothing was changed.
    """
    now = now or datetime.now()  # noqa: DTZ005 - kept in local time
    logs, result = reading.matched.logs, reading.matched.result
    file = IncidentFile(
        id=uuid4().hex,
        digest=reading.digest,
        name=reading.name,
        at=now,
        by=session.user,
        rows_read=logs.rows_read,
        logs=len(logs.logs),
        matches=len(result.matches),
        set_aside=len(result.set_aside),
        covers_to=newest(logs.logs),
    )
    with session.unit(Permission.RECORD) as unit:
        held = {offender.ref for offender in unit.offenders({match.ref for match in result.matches})}
        matches = [match for match in result.matches if match.ref in held]  # who was erased meanwhile is left out
        found = to_keep(file.id, logs.logs, matches, lambda: uuid4().hex)
        at_once = acts_when_sure(unit.policy())
        if at_once:
            found = sure_events(unit, found, now.date())
        kept = unit.save_incidents(replace(file, matches=len(matches)), found)
        if at_once:
            enter_sure(unit, kept, now.date())
    return kept


def look_into_folder(session: Session, folder: Path, now: datetime, skip: Container[str] = ()) -> tuple[WaitingFile, ...]:
    """The files of the watched folder that were not read yet, oldest first; ``skip`` are digests that could not be read.

    Raises:
        TrackerError: the folder cannot be read.
    """
    with session.unit(Permission.RECORD) as unit:
        seen = {each.digest for each in unit.incident_files()}
    return tuple(each for each in waiting_files(folder, seen, now) if each.digest not in skip)


def read_folder(
    session: Session, folder: Path, now: datetime, *, skip: Container[str] = (), report: Reporter = silent
) -> FolderReading:
    """Read and keep every new file of the watched folder; what cannot be read is told and does not stop the others.

    Columns that are not recognised are tried with each mapping remembered for logs. Raises as :func:`look_into_folder`.
    """
    files: list[IncidentFile] = []
    findings: list[Finding] = []
    new, problems = 0, dict[str, str]()
    waiting = look_into_folder(session, folder, now, skip)
    known = log_profiles(session) if waiting else ()
    for each in waiting:
        try:
            reading = _read_somehow(session, each.path, now.date(), known, report)
            new += len(keep_logs(session, reading, now))
            files += [kept for kept in incident_files(session) if kept.digest == reading.digest]
            doubtful = reading.matched.logs.findings
            findings += [replace(found, sheet=" ".join(dict.fromkeys((each.path.name, found.sheet)))) for found in doubtful]
        except ReadBefore:
            continue
        except UserError as wrong:
            problems[each.digest] = f"{each.path.name}: {wrong}"
    return FolderReading(tuple(files), new, problems, tuple(findings))


def _read_somehow(session: Session, path: Path, as_of: date, known: tuple[Profile, ...], report: Reporter) -> LogReading:
    for profile in (None, *known):
        try:
            return read_logs(session, path, as_of, profile, report)
        except UnrecognisedTracker:
            continue
    raise TrackerError("No table of incident logs was recognised. Open it with File › Read incident logs… and map its columns.")


def incident_files(session: Session) -> tuple[IncidentFile, ...]:
    """The files of logs that were read, newest first."""
    with session.unit(Permission.VIEW) as unit:
        return unit.incident_files()


def log_profiles(session: Session) -> tuple[Profile, ...]:
    """The mappings remembered for incident logs, by name."""
    with session.unit(Permission.RECORD) as unit:
        stored = [Profile.from_json(each.body) for each in sorted(unit.profiles(), key=lambda each: each.name)]
    return tuple(profile for profile in stored if is_for(profile, TableKind.LOGS))


def is_for(profile: Profile, kind: TableKind) -> bool:
    """Whether a mapping says so, or names only fields of such tables."""
    if profile.sheets:
        return any(rule.kind is kind for rule in profile.sheets)
    fields = {field.name for field in FIELDS[kind]}
    return bool(profile.columns) and all(rule.field in fields or not rule.field for rule in profile.columns)


def save_log_profile(session: Session, profile: Profile) -> None:
    """Remember a mapping of the columns of incident logs."""
    with session.unit(Permission.RECORD) as unit:
        unit.save_profile(profile.name, profile.to_json())
