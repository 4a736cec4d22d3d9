"""A frozen dataclass as typed columns of a table, and back: the one codec of everything kept as a row.

Text, whole numbers, numbers, yes or no, days, local times and enums are a column each; a tuple of short texts
is a column of JSON; a dataclass inside another lies in the same row, its columns prefixed; a tuple of
dataclasses is a table of its own.
"""

from __future__ import annotations

import json
import types
import typing
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any, Generic, TypeVar

from sqlalchemy import BigInteger, Boolean, Date, DateTime, Double, Text
from sqlalchemy.types import TypeEngine

from mosovo_planner.store.base.documents import dumps
from mosovo_planner.store.base.errors import DamagedWorkspace

Record = TypeVar("Record")


@dataclass(frozen=True)
class Leaf:
    """One column: how a value is put into it and taken out, where it is not the same in both."""

    name: str
    type: TypeEngine[Any]
    nullable: bool = False
    put: Callable[[Any], Any] | None = None
    take: Callable[[Any], Any] | None = None


class Shape(Generic[Record]):
    """The columns of a dataclass (``leaves``) and its tables of many (``many``, by field)."""

    def __init__(self, model: type[Record]) -> None:
        self.model: Any = model
        self.leaves: list[Leaf] = []
        self.many: dict[str, Shape[Any]] = {}
        self._inside: dict[str, tuple[Shape[Any], int]] = {}
        hints = typing.get_type_hints(model)
        self._fields = fields(typing.cast("Any", model))
        for each in self._fields:
            self._add(each.name, *_without_none(hints[each.name]))
        self._takes = [(place, leaf.take) for place, leaf in enumerate(self.leaves) if leaf.take]
        self._flat = not self.many and not self._inside and not any(each.kw_only for each in self._fields)

    def _add(self, name: str, hint: Any, optional: bool) -> None:
        if typing.get_origin(hint) is tuple and is_dataclass(typing.get_args(hint)[0]):
            self.many[name] = Shape(typing.get_args(hint)[0])
        elif is_dataclass(hint):
            inner: Shape[Any] = Shape(typing.cast("type[Any]", hint))
            self._inside[name] = (inner, len(self.leaves))
            self.leaves += [Leaf(f"{name}_{leaf.name}", leaf.type, leaf.nullable, leaf.put, leaf.take) for leaf in inner.leaves]
        else:
            self.leaves.append(_leaf(name, hint, optional))

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the dataclass's fields."""
        return tuple(each.name for each in self._fields)

    def values(self, record: Record) -> dict[str, Any]:
        """The row of a record, without its tables of many."""
        values = self.leaf_values(record)
        return {leaf.name: value if leaf.put is None or value is None else leaf.put(value) for leaf, value in values}

    def leaf_values(self, record: Any) -> Iterator[tuple[Leaf, Any]]:
        """What stands in each leaf, not yet put."""
        own = iter(self.leaves)
        for each in self._fields:
            value = getattr(record, each.name)
            if each.name in self._inside:
                inner = self._inside[each.name][0]
                yield from ((next(own), inside) for _, inside in inner.leaf_values(value))
            elif each.name not in self.many:
                yield next(own), value

    def record(self, values: Sequence[Any], many: Mapping[str, Sequence[Any]] = types.MappingProxyType({})) -> Record:
        """The record of a row, whose values come in the order of ``leaves``.

        Raises:
            DamagedWorkspace: the row does not hold what the dataclass asks for.
        """
        found = list(values)
        try:
            for place, take in self._takes:
                if found[place] is not None:
                    found[place] = take(found[place])
            made: Record = self.model(*found) if self._flat else self.made(found, many)
        except (KeyError, ValueError, TypeError):
            raise DamagedWorkspace("A row of this workspace cannot be read.") from None
        return made

    def made(self, found: Sequence[Any], many: Mapping[str, Sequence[Any]]) -> Record:
        """The record of values that were taken already."""
        by_name: dict[str, Any] = {}
        place = 0
        for each in self._fields:
            if each.name in self.many:
                by_name[each.name] = tuple(many.get(each.name, ()))
            elif each.name in self._inside:
                inner = self._inside[each.name][0]
                by_name[each.name] = inner.made(found[place : place + len(inner.leaves)], {})
                place += len(inner.leaves)
            else:
                by_name[each.name] = found[place]
                place += 1
        made: Record = self.model(**by_name)
        return made


def _without_none(hint: Any) -> tuple[Any, bool]:
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        (inner,) = [each for each in typing.get_args(hint) if each is not type(None)]
        return inner, True
    return hint, False


_PLAIN: tuple[tuple[type, TypeEngine[Any], Callable[[Any], Any] | None], ...] = (
    (bool, Boolean(), None),
    (int, BigInteger(), int),
    (float, Double(), float),
    (datetime, DateTime(), lambda at: at.astimezone().replace(tzinfo=None) if at.tzinfo else at),
    (date, Date(), None),
    (str, Text(), None),
)


def _leaf(name: str, hint: Any, optional: bool) -> Leaf:
    if typing.get_origin(hint) is tuple and typing.get_args(hint)[0] is str:
        return Leaf(name, Text(), False, dumps, lambda text: tuple(json.loads(text)) if text != "[]" else ())
    if isinstance(hint, type) and issubclass(hint, Enum):
        return Leaf(name, Text(), optional, lambda value: value.value, {each.value: each for each in hint}.__getitem__)
    for kind, column, put in _PLAIN:
        if isinstance(hint, type) and issubclass(hint, kind):
            return Leaf(name, column, optional, put)
    raise TypeError(f"no column for {name}")
