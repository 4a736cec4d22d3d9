"""Use that a supervisor or auditor should ask about. None of it proves anything: each finding is a question to somebody.

Over 800 police staff were found to have looked at records without a policing purpose (Big Brother Watch 2016).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from mosovo_planner.domain.policy import Policy
from mosovo_planner.domain.record import Operation, Use
from mosovo_planner.domain.roles import Role


class Unusual(StrEnum):
    """Why use is listed."""

    OUTSIDE = "outside"
    BULK = "bulk"
    HOURS = "hours"
    NAME = "name"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Unusual.OUTSIDE: "Outside own caseload",
    Unusual.BULK: "In bulk",
    Unusual.HOURS: "Out of hours",
    Unusual.NAME: "Own surname",
}


@dataclass(frozen=True, slots=True)
class Norms:
    """What is usual, by the force's policy."""

    hours_from: time
    hours_to: time
    days: tuple[int, ...]
    bulk_people: int
    bulk_minutes: int
    bulk_disclosed: int
    partner_days: int

    def definition(self, kind: Unusual) -> str:
        """What the list holds, in words, with the numbers in force."""
        days = _days_in_words(self.days)
        return {
            Unusual.OUTSIDE: "An offender manager opened somebody whom another manager held that day, or nobody, and whom he "
            f"did not visit within {self.partner_days} days. Users are known as managers by their name or id.",
            Unusual.BULK: f"One user opened more than {self.bulk_people} people within {self.bulk_minutes} minutes, or printed, "
            f"exported or copied more than {self.bulk_disclosed} at once.",
            Unusual.HOURS: f"Anything done before {self.hours_from:%H:%M}, from {self.hours_to:%H:%M} on, or not on {days}; one "
            "line for each user and day.",
            Unusual.NAME: "A user opened somebody who has his own surname. Where staff live is not held, so addresses are not "
            "compared.",
        }[kind]

    def usual(self, at: datetime) -> bool:
        """Whether a moment in local time lies in the hours and on the days of work."""
        return self.hours_from <= at.time() < self.hours_to and at.isoweekday() in self.days


_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def _days_in_words(days: tuple[int, ...]) -> str:
    """``Monday to Friday`` where they follow each other, else each by name."""
    if len(days) > 2 and days == tuple(range(days[0], days[-1] + 1)):
        return f"{_DAYS[days[0] - 1]} to {_DAYS[days[-1] - 1]}"
    return ", ".join(_DAYS[each - 1] for each in days)


def norms_of(policy: Policy) -> Norms:
    return Norms(
        policy.clock_time("audit.hours_from"),
        policy.clock_time("audit.hours_to"),
        policy.numbers("audit.days"),
        policy.whole("audit.bulk_people"),
        policy.whole("audit.bulk_minutes"),
        policy.whole("audit.bulk_disclosed"),
        policy.whole("audit.partner_days"),
    )


@dataclass(frozen=True, slots=True)
class Finding:
    """Entries of one user that belong together, oldest first, and what is unusual about them in words."""

    kind: Unusual
    actor: str
    words: str
    uses: tuple[Use, ...]

    @property
    def first(self) -> datetime:
        return self.uses[0].at

    @property
    def people(self) -> int:
        """How many persons they are about."""
        refs = {use.ref for use in self.uses if use.ref}
        return len(refs) or max(use.count for use in self.uses)


def out_of_hours(uses: Iterable[Use], norms: Norms) -> list[Finding]:
    """One finding for each user and local day."""
    found: dict[tuple[str, date], list[Use]] = defaultdict(list)
    for use in uses:
        local = use.at.astimezone()
        if not norms.usual(local):
            found[use.actor, local.date()].append(use)
    return [Finding(Unusual.HOURS, actor, _span(group), tuple(group)) for (actor, _day), group in found.items()]


def in_bulk(uses: Sequence[Use], norms: Norms) -> list[Finding]:
    """Many people opened one after the other, and large disclosures."""
    found = [
        Finding(Unusual.BULK, use.actor, f"{use.count:,} people in one {use.medium or 'disclosure'}", (use,))
        for use in uses
        if use.operation is Operation.DISCLOSURE and use.count > norms.bulk_disclosed
    ]
    opened: dict[str, list[Use]] = defaultdict(list)
    for use in uses:
        if _opened(use):
            opened[use.actor].append(use)
    window = timedelta(minutes=norms.bulk_minutes)
    for actor, own in opened.items():
        found += [_burst(actor, burst) for burst in _bursts(own, window, norms.bulk_people)]
    return found


def outside_caseload(
    uses: Iterable[Use],
    holder: Callable[[str, datetime], str | None],
    managers: Mapping[str, str],
    visited: Callable[[str, str, date], bool],
) -> list[Finding]:
    """``holder`` says which manager held an offender then; ``managers`` the manager's id of a user, folded;
    ``visited`` whether that manager went to that offender around that day. One finding for each user and offender."""
    found: dict[tuple[str, str], list[Use]] = defaultdict(list)
    for use in uses:
        own = managers.get(use.actor.casefold())
        if own is None or use.role != Role.OFFENDER_MANAGER.value or not _opened(use):
            continue
        day = use.at.astimezone().date()
        if holder(use.ref, use.at) != own and not visited(own, use.ref, day):
            found[use.actor, use.ref].append(use)
    return [
        Finding(Unusual.OUTSIDE, actor, f"{ref}, {_times(len(group))}", tuple(group)) for (actor, ref), group in found.items()
    ]


def own_name(uses: Iterable[Use], namesakes: Container[tuple[str, str]]) -> list[Finding]:
    """``namesakes`` are (user, reference) of the same surname; see :func:`surname_of`."""
    found: dict[tuple[str, str], list[Use]] = defaultdict(list)
    for use in uses:
        if _opened(use) and (use.actor, use.ref) in namesakes:
            found[use.actor, use.ref].append(use)
    return [Finding(Unusual.NAME, actor, f"{ref}, {_times(len(group))}", tuple(group)) for (actor, ref), group in found.items()]


def surname_of(user: str) -> str:
    """What counts as a user's surname, folded: the last word of his name that holds no digit; empty where there is none."""
    words = [each for each in user.casefold().split() if not any(letter.isdigit() for letter in each)]
    return words[-1] if words else ""


def _opened(use: Use) -> bool:
    return use.operation is Operation.CONSULTATION and bool(use.ref)


def _bursts(own: Sequence[Use], window: timedelta, most: int) -> list[list[Use]]:
    """Runs in which more than ``most`` different people fall within the window; runs that touch are one."""
    ordered = sorted(own, key=lambda use: (use.at, use.seq))
    marked: set[int] = set()
    within: dict[str, int] = defaultdict(int)
    start = upto = 0  # what lies before ``upto`` and in the window is marked already
    for place, use in enumerate(ordered):
        within[use.ref] += 1
        while ordered[start].at < use.at - window:
            within[ordered[start].ref] -= 1
            if not within[ordered[start].ref]:
                del within[ordered[start].ref]
            start += 1
        if len(within) > most:
            marked.update(range(max(start, upto), place + 1))
            upto = place + 1
    runs: list[list[Use]] = []
    for place in sorted(marked):
        if runs and place - 1 in marked:
            runs[-1].append(ordered[place])
        else:
            runs.append([ordered[place]])
    return runs


def _burst(actor: str, burst: list[Use]) -> Finding:
    people = len({use.ref for use in burst})
    return Finding(Unusual.BULK, actor, f"{people:,} people, {_span(burst)}", tuple(burst))


def _span(group: Sequence[Use]) -> str:
    first, last = group[0].at.astimezone(), group[-1].at.astimezone()
    return f"{_times(len(group))}, {first:%H:%M} to {last:%H:%M}" if len(group) > 1 else f"once, {first:%H:%M}"


def _times(count: int) -> str:
    return f"{count:,} times" if count > 1 else "once"
