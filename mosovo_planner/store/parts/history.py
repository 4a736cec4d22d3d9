"""What follows by itself from a change of an offender's record.

Since when his risk is what it is, his stays away, and who held the case at which visit interval (``domain/handovers.py``).

The day is the day of the change (``on`` of ``save_offenders``, else today), for the record does not say more; a person
may put in the true day. Two changes on one day leave one line; a risk that is taken away leaves none. Taking an import
back takes its lines back too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TypeVar

from mosovo_planner.domain.facts import AWAY, Event, RiskSince, Stay
from mosovo_planner.domain.handovers import KINDS, changes, line, sides
from mosovo_planner.domain.kept import Kept
from mosovo_planner.domain.people import Offender
from mosovo_planner.store.parts.kept import Records
from mosovo_planner.store.parts.part import in_batches
from mosovo_planner.store.tables import RecordKind
from mosovo_planner.store.tables.kinds import EVENT, RISK_SINCE, STAY

Record = TypeVar("Record")


class History:
    """Keeps the histories of risk, stays, manager and interval while records are saved."""

    def __init__(self, records: Records) -> None:
        self._records = records

    def follow(
        self, before: Mapping[str, Offender], after: Sequence[Offender], on: date, reason: str, *, undo: bool = False
    ) -> None:
        """Bring the histories to what the records now say; with ``undo`` take back what their last change brought."""
        if undo:
            self._follow_changes(before, after, on, reason, undo=True)
            self._take_back([(before[each.ref], each) for each in after if each.ref in before], on, reason)
            return
        versions = {each.ref: each.version for each in after}
        self._follow_changes(before, after, on, reason)
        riskier = [each for each in after if each.risk and (each.ref not in before or before[each.ref].risk is not each.risk)]
        self._follow_risk(before, riskier, on, reason, versions)
        moved = [each for each in after if each.ref in before and before[each.ref].status is not each.status]
        stays = self._by_ref(STAY, [each.ref for each in moved])
        for each in moved:
            self._end_stay(before[each.ref], each, stays.get(each.ref, []), on, reason)
        stays = self._by_ref(STAY, [each.ref for each in moved if each.status in AWAY])
        self._begin_stays([each for each in after if each.status in AWAY], before, stays, on, reason, versions)

    def _follow_changes(
        self, before: Mapping[str, Offender], after: Sequence[Offender], on: date, reason: str, *, undo: bool = False
    ) -> None:
        """Who held the case, and at which interval; with ``undo`` a change that only takes back the last line strikes it out."""
        new = [(each, made) for each in after if each.ref in before for made in changes(before[each.ref], each, on)]
        known = self._lines([each.ref for each, _ in new])
        added: list[tuple[str, Event]] = []
        for each, made in new:
            last = next((kept for kept in reversed(known.get(each.ref, [])) if kept.fact.kind == made.kind), None)
            follows = last is not None and last.automatic and sides(last.fact)[1] == sides(made)[0]
            if last is None or not follows or not (undo or last.fact.on == on):
                added.append((each.ref, made))
                continue
            old, new_side = sides(last.fact)[0], sides(made)[1]
            if old == new_side:
                self._records.remove(EVENT, [last], reason)
            elif last.fact.on == on:
                self._records.change(EVENT, last, line(made.kind, on, old, new_side), reason, each.version)
            else:
                added.append((each.ref, made))
        self._records.add(EVENT, added, reason, versions={each.ref: each.version for each, _ in new})

    def _lines(self, refs: Iterable[str]) -> dict[str, list[Kept[Event]]]:
        found: dict[str, list[Kept[Event]]] = {}
        for part in in_batches(dict.fromkeys(refs)):
            for kept in self._records.kept(EVENT, EVENT.table.c.ref.in_(part), EVENT.table.c.kind.in_(KINDS)):
                found.setdefault(kept.ref, []).append(kept)
        return found

    def _follow_risk(
        self, before: Mapping[str, Offender], changed: Sequence[Offender], on: date, reason: str, versions: Mapping[str, int]
    ) -> None:
        known = self._by_ref(RISK_SINCE, [each.ref for each in changed if each.ref in before])
        new: list[tuple[str, RiskSince]] = []
        for each in changed:
            assert each.risk is not None
            lines = [line for line in known.get(each.ref, []) if line.fact.since <= on]
            last = lines[-1] if lines else None
            if last is not None and last.automatic and last.fact.since == on:
                if len(lines) > 1 and lines[-2].fact.risk is each.risk:
                    self._records.remove(RISK_SINCE, [last], reason)
                else:
                    self._records.change(RISK_SINCE, last, RiskSince(each.risk, on), reason, each.version)
            elif last is None or last.fact.risk is not each.risk:
                new.append((each.ref, RiskSince(each.risk, on)))
        self._records.add(RISK_SINCE, new, reason, versions=versions)

    def _end_stay(self, was: Offender, each: Offender, stays: Sequence[Kept[Stay]], on: date, reason: str) -> None:
        for stay in stays:
            if stay.fact.status is was.status and stay.fact.end is None and stay.fact.start <= on:
                if stay.automatic and stay.fact.start == on:
                    self._records.remove(STAY, [stay], reason)
                else:
                    self._records.change(STAY, stay, replace(stay.fact, end=on), reason, each.version)

    def _begin_stays(
        self,
        away: Sequence[Offender],
        before: Mapping[str, Offender],
        stays: Mapping[str, Sequence[Kept[Stay]]],
        on: date,
        reason: str,
        versions: Mapping[str, int],
    ) -> None:
        new: list[tuple[str, Stay]] = []
        for each in away:
            if each.ref in before and before[each.ref].status is each.status:
                continue
            same = [stay for stay in stays.get(each.ref, ()) if stay.fact.status is each.status]
            ended_today = [stay for stay in same if stay.automatic and stay.fact.end == on]
            if ended_today:
                self._records.change(STAY, ended_today[-1], replace(ended_today[-1].fact, end=None), reason, each.version)
            elif not any(stay.fact.covers(on) for stay in same):
                new.append((each.ref, Stay(each.status, on)))
        self._records.add(STAY, new, reason, versions=versions)

    def _take_back(self, pairs: Sequence[tuple[Offender, Offender]], on: date, reason: str) -> None:
        risks = self._by_ref(RISK_SINCE, [now.ref for was, now in pairs if was.risk is not now.risk])
        moved = [now for was, now in pairs if was.status is not now.status]
        stays = self._by_ref(STAY, [now.ref for now in moved])
        gone = [line for was, now in pairs for line in self._wrong_lines(was, now, risks.get(now.ref, []), reason)]
        self._records.remove(RISK_SINCE, gone, reason)
        for now in moved:
            self._restore_stays(now, stays.get(now.ref, []), on, reason)

    def _wrong_lines(self, was: Offender, now: Offender, lines: list[Kept[RiskSince]], reason: str) -> list[Kept[RiskSince]]:
        """The lines that came by themselves, newest first, until one fits the record again; the last of all is mended."""
        wrong: list[Kept[RiskSince]] = []
        while lines and lines[-1].automatic and lines[-1].fact.risk is not now.risk:
            if now.risk is None and lines[-1].at_version != was.version:
                break
            wrong.append(lines.pop())
        if wrong and now.risk and not lines:
            first = wrong.pop()
            self._records.change(RISK_SINCE, first, RiskSince(now.risk, first.fact.since), reason, first.at_version)
        return wrong

    def _restore_stays(self, now: Offender, stays: Sequence[Kept[Stay]], on: date, reason: str) -> None:
        """Stays that came by themselves and do not fit the record go; a return that is taken back is struck out."""
        wrong = [stay for stay in stays if stay.automatic and stay.fact.end is None and stay.fact.status is not now.status]
        self._records.remove(STAY, wrong, reason)
        if now.status not in AWAY or any(stay.fact.status is now.status and stay.fact.covers(on) for stay in stays):
            return
        followed = [stay for stay in stays if stay.automatic and stay not in wrong]
        newest = max(followed, key=lambda stay: stay.at_version or 0, default=None)
        if newest is not None and newest.fact.status is now.status:
            self._records.change(STAY, newest, replace(newest.fact, end=None), reason, newest.at_version)
        else:
            self._records.add(STAY, [(now.ref, Stay(now.status, on))], reason, versions={now.ref: now.version})

    def _by_ref(self, kind: RecordKind[Record], refs: Iterable[str]) -> dict[str, list[Kept[Record]]]:
        found: dict[str, list[Kept[Record]]] = {}
        for part in in_batches(refs):
            for kept in self._records.kept(kind, kind.table.c.ref.in_(part)):
                found.setdefault(kept.ref, []).append(kept)
        return found
