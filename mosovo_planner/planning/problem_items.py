"""A value in a problem file with its place, asked for as what it should be; and what can be wrong with it."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from mosovo_planner.domain.errors import UserError


class ProblemError(UserError):
    """A problem file cannot be used; the message names the place in it and the cure."""


class InfeasibleProblem(UserError):
    """No answer keeps all the problem's own limits; the message says which fails and by how much."""


@dataclass(frozen=True, slots=True)
class Item:
    """A value in a problem file with its place (``offenders[3].at``), to be asked for as what it should be."""

    value: object
    place: str = ""

    def wrong(self, should_be: str) -> ProblemError:
        """The error that says what stands here and what should."""
        shown = json.dumps(self.value, default=str)
        if len(shown) > 40:
            shown = shown[:37] + "..."
        return ProblemError(f"{self.place or 'The file'} must be {should_be}, not {shown}.")

    def table(self) -> Mapping[str, object]:
        if not isinstance(self.value, dict):
            raise self.wrong("an object")
        return self.value

    def has(self, key: str) -> bool:
        """Whether the key is there and not null."""
        return self.table().get(key) is not None

    def get(self, key: str) -> Item:
        """The value of a key that must be there."""
        place = f"{self.place}.{key}" if self.place else key
        if key not in self.table():
            raise ProblemError(f"{place} is missing; add it.")
        return Item(self.table()[key], place)

    def only(self, *keys: str) -> Item:
        """The object itself, once it is sure that it holds no other keys: a misspelt key must not pass in silence."""
        if unknown := sorted(self.table().keys() - set(keys)):
            place = f"{self.place}.{unknown[0]}" if self.place else unknown[0]
            raise ProblemError(f"{place} is not known here; use {', '.join(keys)}.")
        return self

    def each(self) -> Iterator[Item]:
        """The items of a list."""
        if not isinstance(self.value, list):
            raise self.wrong("a list")
        return (Item(value, f"{self.place}[{index}]") for index, value in enumerate(self.value))

    def named(self) -> Iterator[tuple[str, Item]]:
        """The entries of an object."""
        return ((key, Item(value, f"{self.place}.{key}")) for key, value in self.table().items())

    def text(self) -> str:
        if not isinstance(self.value, str) or not self.value:
            raise self.wrong("a text that is not empty")
        return self.value

    def number(self, *, least: float = -math.inf) -> float:
        """A finite number of at least ``least``."""
        number = self.value
        if isinstance(number, bool) or not isinstance(number, (int, float)) or not math.isfinite(number) or number < least:
            raise self.wrong("a number" if least == -math.inf else f"a number of at least {least:g}")
        return float(number)

    def whole(self, *, least: int | None = None, most: int | None = None) -> int:
        """A whole number within the limits."""
        number = self.value
        if isinstance(number, float) and number.is_integer():
            number = int(number)
        inside = isinstance(number, int) and (least is None or number >= least) and (most is None or number <= most)
        if isinstance(number, bool) or not isinstance(number, int) or not inside:
            limits = f" from {least}" if least is not None else ""
            limits += f" to {most}" if most is not None else ""
            raise self.wrong(f"a whole number{limits}")
        return number

    def flag(self) -> bool:
        if not isinstance(self.value, bool):
            raise self.wrong("true or false")
        return self.value

    def one_of(self, *choices: str) -> str:
        if self.value not in choices:
            raise self.wrong(" or ".join(choices))
        return str(self.value)


def parsed(source: Path | str) -> Item:
    """The JSON of a file (a path) or of a text.

    Raises:
        ProblemError: it cannot be read, or is no JSON.
    """
    return Item(_parsed(source))


def _parsed(source: Path | str) -> object:
    text = source if isinstance(source, str) else _content(source)
    try:
        return json.loads(text, object_pairs_hook=_without_doubles, parse_constant=_no_constant)
    except json.JSONDecodeError as wrong:
        raise ProblemError(f"Line {wrong.lineno}, column {wrong.colno} is not JSON: {wrong.msg}.") from None
    except RecursionError:
        raise ProblemError("The file is nested too deeply to be a problem file.") from None


def _content(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise ProblemError(f"{path.name} is not UTF-8 text; save it as UTF-8.") from None
    except OSError as wrong:
        raise ProblemError(f"{path.name} cannot be read: {wrong.strerror}.") from None


def _without_doubles(pairs: list[tuple[str, object]]) -> dict[str, object]:
    table = dict(pairs)
    if len(table) < len(pairs):
        names = [name for name, _ in pairs]
        double = next(name for name in names if names.count(name) > 1)
        raise ProblemError(f"The key {double} stands twice in one object; take one out.")
    return table


def _no_constant(name: str) -> float:
    raise ProblemError(f"{name} is no number that a problem may hold; write a finite one.")
