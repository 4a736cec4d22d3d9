"""Public protection notifications about children: written, completed, marked as sent, and exported.

The program sends nothing: a person sends the notification through the force's own system and says here when and to
whom. Every opening of one is a consultation in the record of use; the list names no child. What a notification says is
for whoever manages the case, whoever wrote it, and supervisors; the others see that there is one and how it stands, and
their asking is recorded as refused. The events
``child_concern`` and ``child_notification_sent`` are entered with it, so that the clock runs.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from pathlib import Path
from uuid import uuid4

from mosovo_planner.domain.children import (
    ChildNotification,
    Lateness,
    aware_gaps,
    checked,
    lateness,
    notification_export,
    notification_problems,
)
from mosovo_planner.domain.errors import UserError
from mosovo_planner.domain.facts import Event
from mosovo_planner.domain.people import Offender
from mosovo_planner.domain.policy import Policy
from mosovo_planner.domain.record import Operation
from mosovo_planner.domain.roles import Permission
from mosovo_planner.domain.visits import Visit
from mosovo_planner.office.clock_events import exchange_events
from mosovo_planner.office.leaving import write_out
from mosovo_planner.office.off_duty import own_manager
from mosovo_planner.office.risk_plans import offender_of
from mosovo_planner.office.session import Session
from mosovo_planner.store.unit import Unit

CHILD = "child_notification."
NOT_FOR_ALL = (
    "What a notification about a child says is read by whoever manages the case, whoever wrote it, and supervisors. "
    "Ask one of them; that you asked for it is in the record of use."
)
_REASON = "notification about a child"


class NotificationRefused(UserError):
    """The notification cannot be kept or marked as it is; the message says what is missing."""


@dataclass(frozen=True)
class NotificationLine:
    """What the list shows: nothing of the child, only how the notification stands."""

    id: str
    ref: str
    noticed_at: datetime
    by: str
    sent_at: datetime | None
    lacks: int
    lateness: Lateness
    strategy_meeting: date | None
    may_open: bool = True

    @property
    def state(self) -> str:
        if self.sent_at is not None:
            return "Sent late" if self.lateness.late else "Sent"
        if self.lateness.late:
            return "Not sent, late"
        return "Not sent"


@dataclass(frozen=True)
class OpenedNotification:
    """One notification opened, with how it stands against the force's limit."""

    note: ChildNotification
    lateness: Lateness
    offender_name: str


def view_notifications(session: Session, ref: str, now: datetime | None = None) -> tuple[NotificationLine, ...]:
    """How the notifications of an offender stand, newest first; a consultation."""
    moment = now or _now()
    with session.unit(Permission.VIEW) as unit:
        policy, notes, offender = unit.policy(), unit.child_notifications(ref), offender_of(unit, ref)
        mine = [_may_read(session, unit, offender, note) for note in notes]
        unit.record(Operation.CONSULTATION, f"offender {ref}", fields=(CHILD,), count=len(notes), reason="list of notifications")
    found = zip(reversed(notes), reversed(mine), strict=True)
    return tuple(replace(_line(note, policy, moment), may_open=may) for note, may in found)


def open_notification(session: Session, ref: str, note_id: str, now: datetime | None = None) -> OpenedNotification:
    """Open one: each time a consultation of its own in the record of use.

    Raises:
        NotificationRefused: it is not there any more, or is not for this person to read; that is recorded too.
    """
    with session.unit(Permission.VIEW) as unit:
        offender, note = offender_of(unit, ref), _note(unit, ref, note_id)
        allowed = _may_read(session, unit, offender, note)
        unit.record(
            Operation.CONSULTATION, f"offender {ref}", fields=(CHILD,), reason="notification about a child opened",
            outcome="done" if allowed else "denied",
        )  # fmt: skip
        opened = OpenedNotification(note, lateness(note, unit.policy(), now or _now()), offender.name)
    if not allowed:
        raise NotificationRefused(NOT_FOR_ALL)
    return opened


def begin_notification(ref: str, by: str, noticed_at: datetime, visit: Visit | None = None) -> ChildNotification:
    """An empty notification, from a visit where one was; nothing is saved."""
    at, visit_id = (visit.at, visit.id) if visit else (noticed_at, "")
    return ChildNotification(id=uuid4().hex, ref=ref, noticed_at=at, written_at=_now(), by=by, visit=visit_id)


def gaps(note: ChildNotification, today: date) -> tuple[str, ...]:
    """What the notification lacks to be marked as sent, and which AWARE prompts say nothing, in words."""
    prompts = tuple(f"AWARE: nothing is said of {_PROMPTS[prompt]}." for prompt in aware_gaps(note) if prompt != "words")
    return notification_problems(note, today) + prompts


def save_notification(
    session: Session, note: ChildNotification, before: ChildNotification | None = None, now: datetime | None = None
) -> ChildNotification:
    """Keep a notification, complete or not; only one that is marked as sent must be complete.

    Raises:
        NotificationRefused: it is marked as sent and lacks something, or a time lies ahead or before the notice.
        FinancialDataRefused: a text looks like it holds a card or account number.
        StaleRecord: somebody else changed it meanwhile.
    """
    moment = now or _now()
    _check(note, moment)
    with session.unit(Permission.RECORD) as unit:
        offender_of(unit, note.ref)
        old = unit.child_notifications(note.ref)
        unit.save_child_notification(checked(note), before, _REASON)
        exchange_events(unit, note.ref, _events(old), _events(unit.child_notifications(note.ref)), _REASON)
    return note


def export_notification(session: Session, note: ChildNotification, path: Path, recipient: str, reason: str = "") -> None:
    """Write one notification for the force's own system (.json, or .txt to be read). A disclosure to ``recipient``.

    What is stored is written, not what may be typed and unsaved. The file is whole or not there at all.

    Raises:
        NotificationRefused: nobody is named as recipient, or the file name ends otherwise.
        TablePathError: it cannot be written there; then no disclosure is recorded.
    """
    from mosovo_planner.exchange.tables import write_whole

    if not recipient.strip():
        raise NotificationRefused("Say for whom the notification is exported.")
    kind = path.suffix.casefold()
    if kind not in (".json", ".txt"):
        raise NotificationRefused("A notification is exported as .json or .txt. Choose a file name that ends so.")

    def noted(unit: Unit) -> str:
        offender, stored = offender_of(unit, note.ref), _note(unit, note.ref, note.id)
        if not _may_read(session, unit, offender, stored):
            raise NotificationRefused(NOT_FOR_ALL)
        values = {"marking": unit.policy().text("print.classification"), **notification_export(stored, offender.name)}
        unit.record(
            Operation.DISCLOSURE, f"offender {note.ref}", fields=(CHILD,), recipient=recipient.strip(),
            medium=f"{kind[1:]} export", reason=reason or _REASON,
        )  # fmt: skip
        return json.dumps(values, ensure_ascii=False, indent=2) if kind == ".json" else _as_text(values)

    write_out(session, path, noted, lambda text: write_whole(path, partial(_write, text)))


def _may_read(session: Session, unit: Unit, offender: Offender, note: ChildNotification) -> bool:
    """Whether what it says is for this person: the case's manager by id or name, its author, or a supervisor."""
    if session.may(Permission.APPROVE) or note.by == session.user:
        return True
    mine = own_manager(unit.managers(), session.user)
    return mine is not None and mine in (offender.manager, note.by)


def _write(text: str, path: Path) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def _line(note: ChildNotification, policy: Policy, now: datetime) -> NotificationLine:
    late = lateness(note, policy, now)
    lacks = len(gaps(note, now.date()))
    return NotificationLine(note.id, note.ref, note.noticed_at, note.by, note.sent_at, lacks, late, note.strategy_meeting)


def _note(unit: Unit, ref: str, note_id: str) -> ChildNotification:
    found = next((each for each in unit.child_notifications(ref) if each.id == note_id), None)
    if found is None:
        raise NotificationRefused("This notification is not there any more. Read the list again.")
    return found


def _check(note: ChildNotification, now: datetime) -> None:
    rules = (
        (note.noticed_at > now, "The moment when the child came to notice lies ahead."),
        (note.sent_at is not None and note.sent_at > now, "The moment of sending lies ahead; mark it once it is sent."),
        (note.sent_at is not None and note.sent_at < note.noticed_at, "It was sent before the child came to notice."),
        (bool(note.strategy_outcome.strip()) and note.strategy_meeting is None, "Give the day of the strategy meeting too."),
    )
    wrong = [words for broken, words in rules if broken]
    if note.sent:
        wrong += notification_problems(note, now.date())
    if wrong:
        raise NotificationRefused(" ".join(wrong))


def _events(notes: Iterable[ChildNotification]) -> list[Event]:
    """The concern of each day, and that all that was noticed on a day has been sent (``expected`` is that day)."""
    by_day: dict[date, list[ChildNotification]] = {}
    for note in notes:
        by_day.setdefault(note.noticed_at.date(), []).append(note)
    events = [Event("child_concern", day) for day in by_day]
    for day, some in by_day.items():
        sent = [note.sent_at.date() for note in some if note.sent_at is not None]
        if len(sent) == len(some):
            events.append(Event("child_notification_sent", max(sent), expected=day))
    return events


def sent_now(note: ChildNotification, to: str, reference: str, at: datetime | None = None) -> ChildNotification:
    """The notification as it is once a person has sent it."""
    return replace(note, sent_at=(at or _now()).replace(microsecond=0), sent_to=to.strip(), agency_reference=reference.strip())


def _as_text(values: dict[str, object]) -> str:
    """A line a field, with the field's name; blank ones say so. Texts of several lines are indented."""
    lines = []
    for name, value in values.items():
        shown = "–" if value in (None, "") else str(value)
        indented = shown.replace("\n", "\n    ")
        lines.append(f"{name.replace('_', ' ').capitalize()}: {indented}")
    return "\n".join(lines) + "\n"


_PROMPTS = {
    "appearance": "how the child appeared",
    "words": "what the child said",
    "activity": "what the child was doing",
    "relationships": "how the child was with those around",
    "environment": "the surroundings",
}


def _now() -> datetime:
    return datetime.now()  # noqa: DTZ005 - local, as visits are
