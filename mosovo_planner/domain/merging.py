"""Two people changed one record at a time: put together what each changed, and ask only about what both did.

A record is taken as its fields by name: as each was before, as I want it, as it is stored now. A field that only one of
us changed is as that one wants it. Fields that belong together (an address with its position) are one question. Lists are
put together item by item, unless both of us changed one and the same item.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, TypeVar

Record = TypeVar("Record")
Fields = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Conflict:
    """Fields that both changed, to different values: as they were, as I want them, as somebody else has stored them."""

    names: tuple[str, ...]
    before: tuple[Any, ...]
    mine: tuple[Any, ...]
    theirs: tuple[Any, ...]


@dataclass(frozen=True)
class Merge:
    """What came of it: ``values`` with what is stored wherever there is a conflict, and who changed what."""

    values: Fields
    conflicts: tuple[Conflict, ...]
    mine: tuple[str, ...]
    theirs: tuple[str, ...]

    def settled(self, answers: Mapping[tuple[str, ...], Sequence[Any]]) -> dict[str, Any]:
        """The values with each conflict settled as its names say in ``answers``; what is not answered stays as stored."""
        values = dict(self.values)
        for conflict in self.conflicts:
            values |= zip(conflict.names, answers.get(conflict.names, conflict.theirs), strict=True)
        return values

    @property
    def all_mine(self) -> dict[str, Any]:
        """Every conflict settled my way."""
        return self.settled({each.names: each.mine for each in self.conflicts})


def merge(before: Fields, mine: Fields, theirs: Fields, together: Collection[Sequence[str]] = ()) -> Merge:
    """Put both changes together. ``together`` are groups of fields that are one question."""
    values, conflicts = dict(theirs), []
    changed_by_me: list[str] = []
    changed_by_them: list[str] = []
    for names in _groups([*theirs, *(name for name in mine if name not in theirs)], together):
        was, want, stored = (tuple(each.get(name) for name in names) for each in (before, mine, theirs))
        if want != was:
            changed_by_me += names
        if stored != was:
            changed_by_them += names
        if want in (was, stored):
            continue
        if stored == was:
            values |= zip(names, want, strict=True)
        elif (both := _both(was, want, stored)) is not None:
            values[names[0]] = both
        else:
            conflicts.append(Conflict(tuple(names), was, want, stored))
    return Merge(values, tuple(conflicts), tuple(changed_by_me), tuple(changed_by_them))


def record_fields(record: Any, leave_out: Collection[str] = ("version",)) -> dict[str, Any]:
    """A record's fields by name."""
    return {each.name: getattr(record, each.name) for each in fields(record) if each.name not in leave_out}


def with_fields(record: Record, values: Fields) -> Record:
    """The record (as it is stored, with its version) with these fields."""
    return replace(record, **values)  # type: ignore[type-var]  # records are dataclasses


def _groups(names: Sequence[str], together: Collection[Sequence[str]]) -> list[Sequence[str]]:
    grouped = {name for group in together for name in group}
    there = set(names)
    return [
        *([name] for name in names if name not in grouped),
        *([each for each in group if each in there] for group in together),
    ]


def _both(was: tuple[Any, ...], want: tuple[Any, ...], stored: tuple[Any, ...]) -> tuple[Any, ...] | None:
    """One list with what each of us added and took out; None where it is no list, or both changed one and the same item."""
    if len(was) != 1 or not all(isinstance(each[0], tuple) for each in (was, want, stored)):
        return None
    before, mine, theirs = was[0], want[0], stored[0]
    out_by_me, out_by_them = (_without(before, each) for each in (mine, theirs))
    in_by_me, in_by_them = _without(mine, before), _without(theirs, before)
    if any(item in out_by_them for item in out_by_me) and in_by_me != in_by_them and (in_by_me or in_by_them):
        return None
    result = _without(list(theirs), out_by_me)
    for item in in_by_me:
        if item not in in_by_them:
            result.insert(min(mine.index(item), len(result)), item)
    return tuple(result)


def _without(items: Sequence[Any], gone: Sequence[Any]) -> list[Any]:
    """The items without those of another list, one for one."""
    left = list(gone)
    kept = []
    for item in items:
        if item in left:
            left.remove(item)
        else:
            kept.append(item)
    return kept
