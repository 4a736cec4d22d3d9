"""Domain objects as JSON and back, by their type hints.

One codec for everything kept as a document: plans, before-images, policies. It knows dataclasses,
enums, dates and times, tuples, sets, dictionaries and optional values, and nothing that runs code.
"""

from __future__ import annotations

import json
import types
import typing
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime, time
from enum import Enum
from functools import cache
from numbers import Integral, Real
from typing import Any

from mosovo_planner.store.base.errors import DamagedWorkspace

_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True)  # once: json.dumps makes one each call


def dumps(value: object) -> str:
    """JSON text of plain values, always the same for the same value."""
    return _ENCODER.encode(value)


def encode(value: object) -> Any:
    """Plain JSON values for a domain object."""
    if value is None or isinstance(value, (str, bool)):
        return value.value if isinstance(value, Enum) else value
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, Integral):
        return int(value)
    if isinstance(value, Real):
        return float(value)
    if is_dataclass(value):
        return {each.name: encode(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): encode(each) for key, each in value.items()}
    if isinstance(value, (set, frozenset)):
        return sorted(encode(each) for each in value)
    if isinstance(value, (tuple, list)):
        return [encode(each) for each in value]
    raise TypeError(f"no document form for {type(value).__name__}")


def decode(kind: Any, value: Any) -> Any:
    """The object of type ``kind`` that :func:`encode` turned into ``value``.

    Fields that a document of an older version lacks take their default; unknown ones are left out.

    Raises:
        DamagedWorkspace: the document does not fit the type.
    """
    try:
        return _decoded(kind, value)
    except (ValueError, TypeError, KeyError, AttributeError):
        raise DamagedWorkspace("A stored document of this workspace cannot be read.") from None


@cache
def _hints(kind: type) -> dict[str, Any]:
    return typing.get_type_hints(kind)


def _decoded(kind: Any, value: Any) -> Any:
    origin = typing.get_origin(kind)
    if origin in (typing.Union, types.UnionType):
        return _one_of(typing.get_args(kind), value)
    if origin is not None:
        return _collection(origin, typing.get_args(kind), value)
    if is_dataclass(kind):
        hints = _hints(typing.cast("type", kind))
        known = {each.name for each in fields(kind)} & value.keys()
        return typing.cast("Any", kind)(**{name: _decoded(hints[name], value[name]) for name in known})
    if kind in (date, datetime, time):
        return kind.fromisoformat(value)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind(value)
    if kind is float and isinstance(value, int):
        return float(value)
    if kind is not Any and not isinstance(value, kind):
        raise TypeError(kind)
    return value


def _one_of(kinds: tuple[Any, ...], value: Any) -> Any:
    if value is None and type(None) in kinds:
        return None
    for kind in kinds:
        try:
            return _decoded(kind, value)
        except (ValueError, TypeError, KeyError, AttributeError):
            continue
    raise TypeError(kinds)


def _collection(origin: Any, inner: tuple[Any, ...], value: Any) -> Any:
    if origin is tuple and inner[-1] is not Ellipsis:
        return tuple(_decoded(kind, each) for kind, each in zip(inner, value, strict=True))
    if issubclass(origin, Mapping):
        return {key: _decoded(inner[1], each) for key, each in value.items()}
    made = (_decoded(inner[0], each) for each in value)
    return {tuple: tuple, frozenset: frozenset, set: set, list: list}[origin](made)
