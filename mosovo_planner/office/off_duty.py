"""The start of duty: which logs may concern whom, what a person says to each, and what follows from it by policy.

Nothing is merged: a judgement enters an event in the offender's history, which the clocks read, and can be taken back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from mosovo_planner.domain.clock_table import ClockTable, EventKind
from mosovo_planner.domain.clocks import in_words
from mosovo_planner.domain.errors import UserError
from mosovo_planner.domain.facts import Event
from mosovo_planner.domain.guard import refuse_financial_data
from mosovo_planner.domain.incidents import effect_words, incident_events, waited_too_long, waiting_hours
from mosovo_planner.domain.kept import Fact, Kept
from mosovo_planner.domain.matching import Sureness
from mosovo_planner.domain.off_duty import IncidentFile, LoggedMatch, OffDutyMatch, Verdict
from mosovo_planner.domain.people import Offender, OffenderManager
from mosovo_planner.domain.record import Operation
from mosovo_planner.domain.roles import Permission
from mosovo_planner.office.session import Session
from mosovo_planner.store.unit import Unit


class NotJudged(UserError):
    """The judgement lacks something; the message says what."""


@dataclass(frozen=True, slots=True)
class DutyRow:
    """One match as the start of duty shows it. ``hours`` it has waited for its manager; 0 once somebody looked at it."""

    match: OffDutyMatch
    logged: LoggedMatch
    offender: Offender
    hours: int
    late: bool

    @property
    def waiting(self) -> bool:
        """Whether nobody has said anything to it yet."""
        return not self.match.acknowledged_by


@dataclass(frozen=True)
class DutyView:
    """The matches of everybody or of one manager, newest first; ``kinds`` are what one can be entered as, with its effect."""

    rows: tuple[DutyRow, ...]
    files: tuple[IncidentFile, ...]
    kinds: tuple[EventKind, ...]
    effects: Mapping[str, str]

    @property
    def covers_to(self) -> datetime | None:
        """The time of the latest log that was read."""
        return max((each.covers_to for each in self.files if each.covers_to), default=None)


@dataclass(frozen=True, slots=True)
class DutyCounts:
    """How many matches wait: by manager's id (None: not allocated), and the hours that the oldest has waited."""

    by_manager: Mapping[str | None, int]
    oldest_hours: int

    @property
    def all(self) -> int:
        return sum(self.by_manager.values())


def count_waiting(session: Session, now: datetime) -> DutyCounts:
    """How many matches nobody has looked at. Only numbers are shown by it, so nobody is consulted."""
    with session.unit(Permission.VIEW) as unit:
        waiting = [each for each in unit.matches(open_only=True) if not each.match.acknowledged_by]
        managers = {each.ref: each.manager for each in unit.offenders({each.match.ref for each in waiting})}
        read_at = _read_at(unit)
    counts: dict[str | None, int] = {}
    for each in waiting:
        manager = managers.get(each.match.ref)
        counts[manager] = counts.get(manager, 0) + 1
    hours = [waiting_hours(read_at[each.log.file_id], now) for each in waiting]
    return DutyCounts(counts, max(hours, default=0))


def view_duty(session: Session, now: datetime, manager: str | None = None, *, judged: bool = False) -> DutyView:
    """The matches that wait (with ``judged`` also those of the policy's last days), of a manager's offenders where given.

    A consultation in the record of use, with its count.
    """
    with session.unit(Permission.VIEW) as unit:
        policy, table = unit.policy(), unit.clock_table()
        since = now - timedelta(days=policy.number("incident.look_back_days"))
        found = unit.matches(manager=manager, open_only=not judged)
        offenders = {each.ref: each for each in unit.offenders({each.match.ref for each in found})}
        read_at, files = _read_at(unit), unit.incident_files()
        rows = []
        for each in found:
            said = each.match.acknowledged_at
            if each.match.verdict is Verdict.OPEN or (said is not None and said >= since):
                hours = waiting_hours(read_at[each.log.file_id], now) if not each.match.acknowledged_by else 0
                rows.append(DutyRow(each.match, each, offenders[each.match.ref], hours, waited_too_long(hours, policy)))
        people = len({row.match.ref for row in rows})
        unit.record(Operation.CONSULTATION, "off duty matches", count=people, reason="start of duty")
    kinds = incident_events(policy, table)
    return DutyView(tuple(rows), files, kinds, {kind.kind: effect_words(kind.kind, policy, table) for kind in kinds})


def _read_at(unit: Unit) -> dict[str, datetime]:
    return {each.id: each.at for each in unit.incident_files()}


def open_match(session: Session, match: OffDutyMatch) -> None:
    """Note that somebody read a match with its log; a consultation of the offender."""
    with session.unit(Permission.VIEW) as unit:
        unit.record(Operation.CONSULTATION, f"offender {match.ref}", reason="off duty match opened")


# What a person says


def judge(
    session: Session, logged: LoggedMatch, verdict: Verdict, *, kind: str = "", comment: str = "", now: datetime | None = None
) -> OffDutyMatch:
    """Say that it is him or that it is not; that acknowledges the match.

    Where it is him, an event of ``kind`` ('' for none) is entered for the day of the log, which brings a visit forward or
    reopens a case as policy and the table of clocks say. Where it is not, what a sure match entered is taken back.

    Raises:
        NotJudged: no verdict was given, or the kind is none that a match can be entered as.
        StaleRecord: somebody else said something meanwhile.
    """
    if verdict is Verdict.OPEN:
        raise NotJudged("Say whether it is him.")
    with session.unit(Permission.RECORD) as unit:
        if kind and kind not in {each.kind for each in incident_events(unit.policy(), unit.clock_table())}:
            raise NotJudged("A match cannot be entered as that; the policy (incident.events) names the kinds.")
        return _say(unit, session, logged, verdict, kind if verdict is Verdict.HIM else "", comment, now)


def acknowledge(session: Session, logged: LoggedMatch, comment: str = "", now: datetime | None = None) -> OffDutyMatch:
    """Say that it was seen, without a judgement yet: it stays open and waits no longer unseen."""
    with session.unit(Permission.RECORD) as unit:
        refuse_financial_data({"The comment": comment})
        return unit.acknowledge(logged.match, logged.match.verdict, session.user, now or _now(), comment.strip())


def take_back(session: Session, logged: LoggedMatch, reason: str, now: datetime | None = None) -> OffDutyMatch:
    """Undo a wrong judgement: it is open again, and the event it entered is taken out of the history.

    Raises:
        NotJudged: no reason was given, or nobody judged it.
    """
    if logged.match.verdict is Verdict.OPEN or not reason.strip():
        raise NotJudged("Only a judgement can be taken back, and with a reason.")
    with session.unit(Permission.RECORD) as unit:
        return _say(unit, session, logged, Verdict.OPEN, "", reason, now)


def _say(
    unit: Unit, session: Session, logged: LoggedMatch, verdict: Verdict, kind: str, comment: str, now: datetime | None
) -> OffDutyMatch:
    refuse_financial_data({"The comment": comment})
    now = now or _now()
    match, table = logged.match, unit.clock_table()
    done: list[str] = []
    for kept in _entered(unit, match, table):
        assert isinstance(kept.fact, Event)
        if kept.fact.kind == kind:
            kind = ""  # it is there already
        else:
            done.append(_withdraw(unit, match, kept, table))
    if kind:
        done.append(_enter(unit, logged, kind, now.date(), table))
    return unit.acknowledge(match, verdict, session.user, now, comment.strip(), done)


def _now() -> datetime:
    return datetime.now()  # noqa: DTZ005 - kept in local time


# What follows from it


def sure_events(unit: Unit, found: Iterable[LoggedMatch], today: date) -> tuple[LoggedMatch, ...]:
    """Matches that are to be kept, the sure ones with what they do at once in words; :func:`enter_sure` then does it."""
    table, kind = unit.clock_table(), unit.policy().text("incident.event_when_sure")
    if kind not in table.events:
        return tuple(found)
    label, made = table.label(kind), []
    known = {(ref, event.on) for ref, facts in unit.facts().items() for event in facts.events if event.kind == kind}
    for each in found:
        words: tuple[str, ...] = ()
        if each.match.sureness is Sureness.SURE:
            on = _day(each, today)
            words = (_there_words(label, on) if (each.match.ref, on) in known else _entered_words(label, on),)
            known.add((each.match.ref, on))
        made.append(replace(each, match=replace(each.match, triggered=words)))
    return tuple(made)


def enter_sure(unit: Unit, kept: Iterable[LoggedMatch], today: date) -> None:
    """Do what :func:`sure_events` said of those matches that are new. They wait for their manager all the same."""
    table, kind = unit.clock_table(), unit.policy().text("incident.event_when_sure")
    for each in kept:
        on = _day(each, today)
        if _entered_words(table.label(kind), on) in each.match.triggered:
            unit.add_fact(each.match.ref, Event(kind, on), reason="sure off duty match")


def _day(logged: LoggedMatch, today: date) -> date:
    return min(logged.log.at.date(), today) if logged.log.at else today


def _enter(unit: Unit, logged: LoggedMatch, kind: str, today: date, table: ClockTable) -> str:
    """Enter an event for the day of the log, once; what was done, in words."""
    on = _day(logged, today)
    there = [kept for kept in _events(unit, logged.match.ref) if (kept.fact.kind, kept.fact.on) == (kind, on)]  # type: ignore[union-attr]
    if there:
        return _there_words(table.label(kind), on)
    unit.add_fact(logged.match.ref, Event(kind, on), reason="off duty match")
    return _entered_words(table.label(kind), on)


def _withdraw(unit: Unit, match: OffDutyMatch, kept: Kept[Fact], table: ClockTable) -> str:
    """Take an event out again, unless another match stands on it too."""
    event = kept.fact
    assert isinstance(event, Event)
    label = table.label(event.kind)
    leans = _there_words(label, event.on)
    others = [each.match for each in unit.matches(ref=match.ref) if each.match.id != match.id]
    if any(each.verdict is Verdict.HIM and leans in each.triggered for each in others):
        return f"{label} of {in_words(event.on)} stays, for another log tells of it too"
    unit.remove_fact(kept, reason="judgement taken back")
    return f"{label} of {in_words(event.on)} taken back"


def _entered(unit: Unit, match: OffDutyMatch, table: ClockTable) -> list[Kept[Fact]]:
    """The events in his history that this match entered."""
    found = []
    for kept in _events(unit, match.ref):
        event = kept.fact
        assert isinstance(event, Event)
        label = table.label(event.kind)
        back = f"{label} of {in_words(event.on)} taken back"
        if match.triggered.count(_entered_words(label, event.on)) > match.triggered.count(back):
            found.append(kept)
    return found


def _events(unit: Unit, ref: str) -> list[Kept[Fact]]:
    return [kept for kept in unit.kept_facts(ref) if isinstance(kept.fact, Event)]


def _entered_words(label: str, on: date) -> str:
    return f"{label} entered for {in_words(on)}"


def _there_words(label: str, on: date) -> str:
    return f"{label} of {in_words(on)} was entered already"


def own_manager(managers: tuple[OffenderManager, ...], user: str) -> str | None:
    """The offender manager whom a user's name plainly means, by id or by name; None where none or several fit."""
    wanted = user.strip().casefold()
    found = [each.id for each in managers if wanted and wanted in (each.id.casefold(), each.name.casefold())]
    return found[0] if len(found) == 1 else None
