"""The force's own rules as data: intervals, durations, weights, thresholds, each with its source.

Guidance changes and forces differ, so no number of practice stands in code. A policy is a flat table
of :class:`PolicyValue` by dotted key (``visit.interval_months.high``). The table a new workspace
starts with is ``resources/policy/default.toml``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any, TypeVar

from mosovo_planner.domain.errors import UserError
from mosovo_planner.domain.people import Risk
from mosovo_planner.domain.visits import VisitKind

Found = TypeVar("Found")

Setting = int | float | str | list[int]

UNSET = "unset"
"""The value of a rule for which only the force knows the number: nothing is due by it until somebody sets it."""


class PolicyError(UserError):
    """A policy table cannot be used; the message names the key and the cure."""


@dataclass(frozen=True, slots=True)
class PolicyValue:
    """One rule: its value, where it comes from, since when, and whether the force has confirmed it."""

    value: Setting
    source: str
    date: date
    confirmed: bool


@dataclass(frozen=True)
class Policy:
    """The whole table. Ask by key, or by the named questions below."""

    values: Mapping[str, PolicyValue]

    def number(self, key: str) -> float:
        value = self._value(key)
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise PolicyError(f"{key} in the policy must be a number, not {value!r}.")
        return value

    def is_set(self, key: str) -> bool:
        """Whether the policy gives this value: it is there and is not ``"unset"``."""
        return key in self.values and self.values[key].value != UNSET

    def maybe(self, key: str) -> float | None:
        """A number that the force may have left unset, None where it has."""
        return self.number(key) if self.is_set(key) else None

    def whole(self, key: str) -> int:
        return round(self.number(key))

    def share(self, key: str) -> float:
        """A value held in per cent, as a fraction."""
        return self.number(key) / 100

    def text(self, key: str) -> str:
        return str(self._value(key))

    def clock_time(self, key: str) -> time:
        try:
            return time.fromisoformat(self.text(key))
        except ValueError:
            raise PolicyError(f"{key} in the policy must be a time such as 08:30, not {self.text(key)!r}.") from None

    def numbers(self, key: str) -> tuple[int, ...]:
        value = self._value(key)
        if not isinstance(value, list):
            raise PolicyError(f"{key} in the policy must be a list of whole numbers, not {value!r}.")
        return tuple(value)

    def source(self, key: str) -> str:
        return self.values[key].source

    def interval_months(self, risk: Risk | None) -> int:
        """Months between successful visits for a risk level (practice rule 2)."""
        return self.whole(self.interval_key(risk))

    @staticmethod
    def interval_key(risk: Risk | None) -> str:
        """The key under which the visit interval of a risk level stands."""
        return f"visit.interval_months.{risk.value if risk else 'unassessed'}"

    def visit_minutes(self, kind: VisitKind) -> int:
        """Minutes at the door for a kind of visit, without access and write-up."""
        return self.whole(f"visit.minutes.{kind.value}")

    def casework_hours(self, risk: Risk | None) -> float:
        """Hours a year a case asks besides its visits."""
        return self.number(f"workload.casework_hours_{risk.value if risk else 'unassessed'}")

    def once(self, work_out: Callable[[Policy], Found]) -> Found:
        """What a function works out from this policy alone, worked out once: clocks ask thousands of times."""
        known: dict[Any, Any] = self.__dict__.setdefault("_worked_out", {})
        if work_out not in known:
            known[work_out] = work_out(self)
        found: Found = known[work_out]
        return found

    def __getstate__(self) -> dict[str, Any]:
        """What was worked out does not travel."""
        return {"values": self.values}

    def _value(self, key: str) -> Setting:
        if key not in self.values:
            raise PolicyError(f"The policy has no value {key}; add it, or start from the default policy.")
        return self.values[key].value


def read_policy(toml_text: str) -> Policy:
    """Read a policy from TOML.

    Raises:
        PolicyError: the text is not TOML, or an entry lacks value, source, date or confirmed.
    """
    try:
        tree = tomllib.loads(toml_text)
    except tomllib.TOMLDecodeError as wrong:
        raise PolicyError(f"The policy file is not valid TOML: {wrong}.") from wrong
    return Policy(dict(_entries(tree, "")))


def _entries(tree: Mapping[str, object], path: str) -> Iterator[tuple[str, PolicyValue]]:
    for name, node in tree.items():
        key = f"{path}.{name}" if path else name
        if not isinstance(node, dict):
            raise PolicyError(f"{key} in the policy must be a table with value, source, date and confirmed.")
        if "value" in node:
            missing = {"source", "date", "confirmed"} - node.keys()
            if missing:
                raise PolicyError(f"{key} in the policy lacks {', '.join(sorted(missing))}.")
            yield key, PolicyValue(node["value"], str(node["source"]), node["date"], bool(node["confirmed"]))
        else:
            yield from _entries(node, key)
