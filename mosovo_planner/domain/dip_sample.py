"""A dip sample: records drawn at random for a supervisor to grade, the same draw again from the same seed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from hashlib import sha256

from mosovo_planner.domain.months import Month


class Grade(StrEnum):
    """What a supervisor finds of a record."""

    GOOD = "good"
    REQUIRES_IMPROVEMENT = "requires_improvement"
    INADEQUATE = "inadequate"

    @property
    def label(self) -> str:
        return self.value.replace("_", " ").capitalize()


@dataclass(frozen=True, slots=True)
class GradedRecord:
    """A drawn record with its grade."""

    month: Month
    manager: str
    ref: str
    grade: Grade
    by: str
    on: date
    comment: str = ""


@dataclass(frozen=True, slots=True)
class DrawnRecord:
    """A record that was drawn for a month, with the seed of the draw (64 bits at most)."""

    month: Month
    manager: str
    ref: str
    seed: int
    by: str
    on: date


def dip_sample(records: Mapping[str, Iterable[str]], month: Month, count: int, seed: int) -> dict[str, tuple[str, ...]]:
    """Draw ``count`` references of each manager's records for a month.

    Every record has the same chance. The draw is a hash of seed, month, manager and reference, so that it is the
    same whatever the order of the records, and nobody can steer it but by the stored seed.
    """
    drawn = {}
    for manager, refs in records.items():
        lots = sorted((_lot(seed, month, manager, ref), ref) for ref in set(refs))
        drawn[manager] = tuple(ref for _, ref in lots[:count])
    return drawn


def _lot(seed: int, month: Month, manager: str, ref: str) -> bytes:
    return sha256("\x1f".join((str(seed), str(month), manager, ref)).encode()).digest()


def grade_trend(graded: Iterable[GradedRecord]) -> dict[Month, Mapping[Grade, int]]:
    """How many records had each grade, by month in order."""
    counted: dict[Month, Counter[Grade]] = {}
    for record in graded:
        counted.setdefault(record.month, Counter())[record.grade] += 1
    return dict(sorted(counted.items()))
