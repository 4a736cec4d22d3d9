"""A list exported from ViSOR compared with the caseload, and worked off point by point.

Nothing is ever written to ViSOR: who ticks a visit as entered has entered it there by hand. Every step is in the record
of use, and can be taken back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from mosovo_planner.domain.clocks import in_words
from mosovo_planner.domain.errors import UserError
from mosovo_planner.domain.guard import refuse_financial_data
from mosovo_planner.domain.matching import Difference, ListComparison, ListedPerson, MissingHere, MissingThere, UnenteredVisit
from mosovo_planner.domain.matching.lists import compare_list
from mosovo_planner.domain.matching.writing import compact
from mosovo_planner.domain.people import Caseload, Offender, OffenderManager
from mosovo_planner.domain.progress import Progress, Reporter, silent
from mosovo_planner.domain.record import Operation
from mosovo_planner.domain.roles import Permission
from mosovo_planner.domain.visits import Visit
from mosovo_planner.domain.visor import ListDecision, Settled, key_of, settled_by
from mosovo_planner.exchange.fields import TableKind
from mosovo_planner.exchange.findings import Finding
from mosovo_planner.exchange.layout import TableReading
from mosovo_planner.exchange.profile import Profile
from mosovo_planner.exchange.visor import read_visor_list
from mosovo_planner.office import ground
from mosovo_planner.office.incidents import is_for
from mosovo_planner.office.session import Session
from mosovo_planner.planning.worker import run_in_worker

if TYPE_CHECKING:
    from mosovo_planner.store.unit import Unit


class CannotSettle(UserError):
    """The point cannot be settled so; the message says why."""


_LABELS = {
    "visit": "Visit not entered", "different": "Differs", "missing_here": "Not here", "missing_there": "Not on the list"
}  # fmt: skip


class PointKind(StrEnum):
    """What a point of the list to work off is."""

    VISIT = "visit"
    DIFFERENT = "different"
    MISSING_HERE = "missing_here"
    MISSING_THERE = "missing_there"

    @property
    def label(self) -> str:
        return _LABELS[self.value]


Point = UnenteredVisit | Difference | MissingHere | MissingThere


@dataclass(frozen=True, slots=True)
class ListPoint:
    """One line to work off. ``ref`` is '' for who is not here; ``row`` is the list's own row, 0 where it has none.

    ``settled`` says in words how it was settled and by whom, '' where it is open.
    """

    kind: PointKind
    ref: str
    name: str
    what: str
    here: str
    there: str
    row: int
    point: Point
    settled: str = ""
    decision: ListDecision | None = None

    @property
    def id(self) -> str:
        """The same for the same point in every comparison with the same list."""
        parts = (self.kind.value, self.ref or self.name, self.what, str(self.row))
        visit = self.point.visit_id if isinstance(self.point, UnenteredVisit) else ""
        return "\x1f".join((*parts, visit))


@dataclass(frozen=True)
class VisorList:
    """A list that was read, whatever the caseload is: it is compared again after each change."""

    name: str
    people: tuple[ListedPerson, ...]
    findings: tuple[Finding, ...]
    tables: tuple[TableReading, ...]


@dataclass(frozen=True)
class VisorWork:
    """The list with what is to be worked off. ``matched`` are in both, ``same`` of them have no open point."""

    listed: VisorList
    points: tuple[ListPoint, ...]
    matched: int
    same: int


def read_visor(session: Session, path: Path, as_of: date, profile: Profile | None = None, report: Reporter = silent) -> VisorWork:
    """Read a list in a worker process and compare it with the caseload.

    Raises:
        TrackerError: it cannot be read; UnrecognisedTracker where its columns can be mapped by hand.
    """
    session.require(Permission.RECORD)
    read = run_in_worker(read_visor_list, path, as_of=as_of, profile=profile, report=report)
    report(Progress("Comparing with the caseload"))
    return compare(session, VisorList(read.path_name, read.people, read.findings, read.tables))


def compare(session: Session, listed: VisorList) -> VisorWork:
    """Compare a list that was read with the caseload as it is now. A combination in the record of use."""
    with session.unit(Permission.RECORD) as unit:
        caseload, visits = unit.caseload(), unit.visits()
        found = compare_list(listed.people, caseload, visits)
        points = _points(found, caseload, visits, settled_by(unit.list_decisions()))
        unit.record(Operation.COMBINATION, "caseload", count=found.matched, reason="compared with a ViSOR list")
    uneven = {point.ref for point in points if point.ref and not point.settled and point.kind is not PointKind.MISSING_THERE}
    return VisorWork(listed, points, found.matched, found.matched - len(uneven))


def _points(
    found: ListComparison,
    caseload: Caseload,
    visits: Iterable[Visit],
    settled: Mapping[tuple[str, str, str, str], ListDecision],
) -> tuple[ListPoint, ...]:
    names = {each.ref: each.name for each in caseload.offenders}
    made = {visit.id: visit for visit in visits}
    late = {visit.ref for visit in found.visits_not_entered}
    points = [_visit(each, names, made.get(each.visit_id), settled.get(key_of(each))) for each in found.visits_not_entered]
    for diff in found.differences:
        if diff.field == "last_seen" and diff.ref in late:
            continue  # told already, as a visit not entered
        decision = settled.get(key_of(diff))
        points.append(
            ListPoint(PointKind.DIFFERENT, diff.ref, names[diff.ref], diff.label, diff.here, diff.there, diff.row, diff,
                      _words(decision), decision)
        )  # fmt: skip
    for here in found.missing_here:
        maybe = ", ".join(f"maybe {names[ref]} ({ref})" for ref in here.maybe) or "nobody of this reference"
        on_list = here.listed.text("visor_ref") or here.listed.ref
        points.append(
            ListPoint(PointKind.MISSING_HERE, "", here.listed.name, "On the list only", maybe, on_list, here.listed.row, here)
        )
    for there in found.missing_there:
        decision = settled.get(key_of(there))
        points.append(
            ListPoint(PointKind.MISSING_THERE, there.ref, names[there.ref], "On our caseload only", there.why, "", 0, there,
                      _words(decision), decision)
        )  # fmt: skip
    return tuple(points)


def _visit(each: UnenteredVisit, names: Mapping[str, str], visit: Visit | None, decision: ListDecision | None) -> ListPoint:
    on = visit.visor_entered_on if visit is not None else None
    words = f"Entered {in_words(on)}" if on else _words(decision)
    here = f"{each.outcome}, {in_words(each.on)}" + ("" if each.visit_id else " (the day only)")
    return ListPoint(PointKind.VISIT, each.ref, names[each.ref], "Visit", here, "not on the list", 0, each, words, decision)


def _words(decision: ListDecision | None) -> str:
    if decision is None:
        return ""
    on = f" {in_words(decision.on)}" if decision.on else ""
    return f"{decision.settled.label}{on} ({decision.by}, {in_words(decision.at.date())})"


# Working it off


def tick_entered(session: Session, points: Sequence[ListPoint], on: date) -> None:
    """Say that visits were entered in ViSOR by hand on a day.

    Where only the day of a visit is held (it came with a tracker), that is kept as a decision.

    Raises:
        CannotSettle: one is no visit, or the day lies ahead or before the visit.
    """
    if on > date.today():
        raise CannotSettle("The day lies ahead. Tick what was entered already.")
    with session.unit(Permission.RECORD) as unit:
        for each in points:
            if not isinstance(each.point, UnenteredVisit):
                raise CannotSettle("Only visits are ticked as entered.")
            if on < each.point.on:
                raise CannotSettle(f"The visit of {in_words(each.point.on)} cannot have been entered before it was made.")
            if each.point.visit_id:
                _set_entered(unit, each.point, on)
            else:
                _decide(unit, session, each, Settled.ENTERED, "", on)


def keep_ours(session: Session, points: Sequence[ListPoint], comment: str = "") -> None:
    """Say that ours is right (or, of who is not on the list, that it is known): the point is settled while both sides stay so.

    Raises:
        CannotSettle: one is neither a difference nor somebody missing there.
        FinancialDataRefused: the comment holds a card or account number.
    """
    refuse_financial_data({"The comment": comment})
    with session.unit(Permission.RECORD) as unit:
        for each in points:
            if each.kind not in (PointKind.DIFFERENT, PointKind.MISSING_THERE):
                raise CannotSettle("Only differences, and people missing on the list, are settled so.")
            _decide(unit, session, each, Settled.OURS if each.kind is PointKind.DIFFERENT else Settled.KNOWN, comment, None)


@dataclass(frozen=True)
class Accepted:
    """What was taken from the list: the points, and the offenders before and after."""

    points: tuple[ListPoint, ...]
    before: Mapping[str, Offender]
    after: Mapping[str, Offender]


def accept_theirs(session: Session, points: Sequence[ListPoint], listed: VisorList) -> Accepted:
    """Take the list's values into our records; :func:`put_back` undoes it.

    Raises:
        CannotSettle: one is no difference, or the list names a manager whom nobody knows here.
    """
    with session.unit(Permission.RECORD) as unit:
        managers = unit.managers()
        before = {each.ref: each for each in unit.offenders({point.ref for point in points})}
        after = dict(before)
        for each in points:
            if not isinstance(each.point, Difference):
                raise CannotSettle("Only differences can be accepted from the list.")
            value = _listed(listed, each, before[each.ref]).values[each.point.field]
            after[each.ref] = _changed(after[each.ref], each.point.field, value, managers)
        unit.save_offenders(after.values(), reason="as on a ViSOR list")
    return Accepted(tuple(points), before, after)


def _listed(listed: VisorList, point: ListPoint, offender: Offender) -> ListedPerson:
    """The list's row of a difference; rows of several sheets may have the same number."""
    own = {compact(offender.visor_ref), compact(offender.ref)} - {""}
    rows = (each for each in listed.people if each.row == point.row)
    found = next((each for each in rows if {compact(each.text("visor_ref")), compact(each.ref)} & own), None)
    if found is None:
        raise CannotSettle("The list's row of this point is not there. Compare again.")
    return found


def put_back(session: Session, accepted: Accepted) -> None:
    """Undo :func:`accept_theirs`: the fields of these points are as they were; what else changed since stays.

    Raises:
        CannotSettle: somebody has changed one of the fields meanwhile.
    """
    with session.unit(Permission.RECORD) as unit:
        now = {each.ref: each for each in unit.offenders(accepted.before)}
        back = dict(now)
        for each in accepted.points:
            assert isinstance(each.point, Difference)
            field, ref = each.point.field, each.ref
            if ref not in now or getattr(now[ref], field) != getattr(accepted.after[ref], field):
                raise CannotSettle(f"{each.what} was changed meanwhile, or he is no longer held. Nothing was changed.")
            fields: dict[str, Any] = {field: getattr(accepted.before[ref], field)}
            if field == "postcode":
                fields["position"] = accepted.before[ref].position
            back[ref] = replace(back[ref], **fields)
        unit.save_offenders(back.values(), reason="ViSOR list: accepted value taken back", undo=True)


def take_back(session: Session, points: Sequence[ListPoint]) -> None:
    """Open points again that were ticked, kept or known."""
    with session.unit(Permission.RECORD) as unit:
        for each in points:
            if each.decision is not None:
                unit.remove_list_decision(each.decision, reason="taken back")
            elif isinstance(each.point, UnenteredVisit) and each.point.visit_id:
                _set_entered(unit, each.point, None)


def _set_entered(unit: Unit, point: UnenteredVisit, on: date | None) -> None:
    visit = next((each for each in unit.visits(ref=point.ref) if each.id == point.visit_id), None)
    if visit is None:
        raise CannotSettle("That visit is no longer held. Compare again.")
    unit.correct_visit(visit, replace(visit, visor_entered_on=on), reason="entered in ViSOR" if on else "tick taken back")


def _decide(unit: Unit, session: Session, each: ListPoint, settled: Settled, comment: str, on: date | None) -> None:
    assert not isinstance(each.point, MissingHere)
    ref, field, here, there = key_of(each.point)
    unit.add_list_decision(
        ListDecision(
            id=uuid4().hex,
            ref=ref,
            field=field,
            here=here,
            there=there,
            settled=settled,
            by=session.user,
            at=datetime.now(),  # noqa: DTZ005 - kept in local time
            on=on,
            comment=comment.strip(),
        )
    )


def _changed(offender: Offender, field: str, value: object, managers: Iterable[OffenderManager]) -> Offender:
    if field == "manager" and value is not None:
        wanted = str(value).strip().casefold()
        found = next((each.id for each in managers if wanted in (each.id.casefold(), each.name.casefold())), None)
        if found is None:
            raise CannotSettle("The list names an offender manager who is not known here. Add the manager first.")
        value = found
    if value is None and isinstance(getattr(offender, field), str):
        value = ""
    fields: dict[str, Any] = {field: value}
    changed = replace(offender, **fields)
    return ground.locate_offender(changed, ground.gazetteer()) if field == "postcode" else changed


def list_profiles(session: Session) -> tuple[Profile, ...]:
    """The mappings remembered for lists of people, by name."""
    with session.unit(Permission.RECORD) as unit:
        stored = [Profile.from_json(each.body) for each in sorted(unit.profiles(), key=lambda each: each.name)]
    return tuple(profile for profile in stored if is_for(profile, TableKind.OFFENDERS))


def save_list_profile(session: Session, profile: Profile) -> None:
    """Remember a mapping of the columns of ViSOR's list."""
    with session.unit(Permission.RECORD) as unit:
        unit.save_profile(profile.name, profile.to_json())
