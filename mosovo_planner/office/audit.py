"""Reading the record of use: who looked at this person, what did this person look at, and what is unusual.

An auditor sees references and field names here, never what the records hold. Reading the record is itself recorded.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

from mosovo_planner.domain.errors import UserError
from mosovo_planner.domain.progress import Reporter, silent
from mosovo_planner.domain.record import Operation, Use
from mosovo_planner.domain.roles import Permission
from mosovo_planner.domain.unusual import Finding, Norms, in_bulk, norms_of, out_of_hours, outside_caseload, own_name
from mosovo_planner.office.leaving import write_out
from mosovo_planner.office.session import Session
from mosovo_planner.store.base.records import Circumstances
from mosovo_planner.store.checks import VerifyReport
from mosovo_planner.store.checks import verify as verify_workspace
from mosovo_planner.store.unit import Unit

MOST = 5000
"""Entries listed at once; a narrower question shows those beyond."""


class AuditError(UserError):
    """The record of use cannot be read or given out as asked."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of the record; a part left empty narrows nothing. Days are local and both count."""

    ref: str = ""
    actor: str = ""
    operation: Operation | None = None
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Anchor:
    """The newest entry. Kept elsewhere, it shows later whether entries were cut off or the record was written anew."""

    seq: int
    hash: str
    at: datetime | None

    @property
    def words(self) -> str:
        when = f"{self.at.astimezone():%d %b %Y %H:%M:%S}" if self.at else "never"
        return f"entry {self.seq} of {when}, hash {self.hash}"


@dataclass(frozen=True, slots=True)
class AuditView:
    """The answer: entries newest first; ``more`` where there are others beyond :data:`MOST`."""

    uses: tuple[Use, ...]
    more: bool
    actors: tuple[str, ...]
    anchor: Anchor


@dataclass(frozen=True, slots=True)
class UnusualView:
    """Findings of a time, newest first, and what is called usual."""

    findings: tuple[Finding, ...]
    norms: Norms
    since: date
    until: date
    entries: int


def view_record(session: Session, question: Question) -> AuditView:
    """The entries that answer a question."""
    with session.unit(Permission.AUDIT) as unit:
        found = unit.uses(
            MOST + 1, question.ref.strip() or None, actor=question.actor or None, operation=question.operation,
            since=_begin(question.since), until=_end(question.until),
        )  # fmt: skip
        actors, anchor = unit.users_of_record(), _anchor(unit)
        _record_reading(unit, min(len(found), MOST), question.ref.strip(), question.actor)
    return AuditView(found[:MOST], len(found) > MOST, actors, anchor)


def view_unusual(session: Session, since: date, until: date) -> UnusualView:
    """What is unusual in the entries of these days."""
    with session.unit(Permission.AUDIT) as unit:
        uses = tuple(reversed(unit.uses(None, since=_begin(since), until=_end(until))))
        norms = norms_of(unit.policy())
        told = unit.circumstances(_begin(since), _end(until), norms.partner_days)
        found = [*in_bulk(uses, norms), *out_of_hours(uses, norms), *_compared(uses, told, norms)]
        _record_reading(unit, len(uses), "", "", reason="unusual use looked for")
    found.sort(key=lambda each: each.uses[-1].at, reverse=True)
    return UnusualView(tuple(found), norms, since, until, len(uses))


def _compared(uses: Sequence[Use], told: Circumstances, norms: Norms) -> list[Finding]:
    """What only the caseload tells: who held whom, who went where, who has whose surname."""
    managers: dict[str, str] = {}
    for key, name in told.staff.items():
        managers |= {each.casefold(): key for each in (key, name) if each}
    visited = _visitors(told, norms.partner_days)
    return [*outside_caseload(uses, _holders(told), managers, visited), *own_name(uses, told.namesakes)]


def check_record(session: Session, report: Reporter = silent) -> VerifyReport:
    """Check the chain from its first entry on, and every record against it."""
    session.require(Permission.AUDIT)
    return verify_workspace(session.workspace, report)


def anchor(session: Session) -> Anchor:
    """The newest entry now."""
    with session.unit(Permission.AUDIT) as unit:
        return _anchor(unit)


def export_record(
    session: Session,
    path: Path,
    title: str,
    headers: Sequence[str],
    rows: Sequence[Sequence[object]],
    recipient: str,
    reason: str,
) -> Anchor:
    """Write rows of the record as .xlsx or .csv, with the anchor in the head; itself a disclosure. The anchor written.

    Raises:
        AuditError: no recipient or reason.
    """
    from mosovo_planner.exchange.tables import write_table

    if not recipient.strip() or not reason.strip():
        raise AuditError("Say for whom this is, and why: both go into the record of use.")

    def note(unit: Unit) -> tuple[Anchor, str]:
        unit.record(
            Operation.DISCLOSURE, "record of use", count=len(rows), reason=reason.strip(), recipient=recipient.strip(),
            medium=path.suffix.lstrip("."),
        )  # fmt: skip
        unit.seal()
        return _anchor(unit), unit.policy().text("print.classification")

    def write(noted: tuple[Anchor, str]) -> Anchor:
        newest, marking = noted
        now = datetime.now().astimezone()
        by = f"Exported by {session.user} on {now.day} {now:%b %Y at %H:%M} for {recipient.strip()}"
        write_table(path, title=title, headers=headers, rows=rows, stamp=(marking, title, by, f"Anchor: {newest.words}"))
        return newest

    return write_out(session, path, note, write, Permission.AUDIT)


def _anchor(unit: Unit) -> Anchor:
    newest = unit.uses(1)
    head = unit.head()
    return Anchor(head.seq, head.hash, newest[0].at if newest else None)


def _record_reading(unit: Unit, count: int, ref: str, actor: str, reason: str = "") -> None:
    """Who reads the record reads about people: about one offender, or about one user."""
    subject = f"record of use about offender {ref}" if ref else f"record of use of {actor}" if actor else "record of use"
    unit.record(Operation.CONSULTATION, subject, count=count, reason=reason)


def _holders(told: Circumstances) -> Callable[[str, datetime], str | None]:
    """Which manager held an offender at a moment: today's, taken back through the decisions made since."""
    moves: dict[str, list[tuple[datetime, str | None]]] = defaultdict(list)
    for ref, at, before in told.moved:
        moves[ref].append((at, before))

    def holder(ref: str, at: datetime) -> str | None:
        later = [before for moved, before in sorted(moves.get(ref, []), key=lambda each: each[0]) if moved > at]
        return later[0] if later else told.held.get(ref)

    return holder


def _visitors(told: Circumstances, around: int) -> Callable[[str, str, date], bool]:
    """Whether a manager visited an offender some days before or after."""
    days: dict[tuple[str, str], list[date]] = defaultdict(list)
    for officer, ref, day in told.visited:
        days[officer, ref].append(day)

    def visited(manager: str, ref: str, day: date) -> bool:
        return any(abs((each - day).days) <= around for each in days.get((manager, ref), ()))

    return visited


def _begin(day: date | None) -> datetime | None:
    return datetime.combine(day, time()).astimezone() if day else None


def _end(day: date | None) -> datetime | None:
    return _begin(day + timedelta(days=1)) if day else None
