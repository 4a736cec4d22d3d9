"""Large forces in parts: teams of neighbouring bases that are planned one after the other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from mosovo_planner.domain.people import OffenderManager, Position

LARGEST = 40
"""Officers that are planned jointly; more are split where their bases lie apart."""


class _Need(Protocol):
    @property
    def ref(self) -> str: ...
    @property
    def position(self) -> Position | None: ...


@dataclass(frozen=True, slots=True)
class Area:
    """Officers who are paired among themselves, and the offenders nearest to their bases."""

    officers: tuple[str, ...]
    refs: tuple[str, ...]


def split_areas(
    officers: Sequence[OffenderManager],
    bases: Mapping[str, Position],
    needs: Sequence[_Need],
    together: Iterable[tuple[str, ...]] = (),
    held: Mapping[str, str] | None = None,
    largest: int = LARGEST,
) -> tuple[Area, ...]:
    """Areas of at most ``largest`` officers where that can be; one base is never split.

    ``together`` names officers whom a kept round binds: their areas become one. ``held`` gives an officer of the
    round for each visit that a kept round holds.
    """
    placed = [each.id for each in officers if each.id in bases]
    if not placed:
        return ()
    groups = _joined(_halved(placed, bases, largest), together)
    owner = _nearest_group(groups, bases, needs, held or {})
    return tuple(
        Area(tuple(group), tuple(sorted(need.ref for need, own in zip(needs, owner, strict=True) if own == index)))
        for index, group in enumerate(groups)
    )


def _halved(officers: list[str], bases: Mapping[str, Position], largest: int) -> list[list[str]]:
    """Cut along the longer side, at the middle officer, until small enough."""
    places = sorted({(bases[each].lat, bases[each].lon) for each in officers})
    if len(officers) <= largest or len(places) == 1:
        return [officers]
    flat = _flat(places)
    axis = int(np.argmax(np.ptp(flat, axis=0)))
    rank = {places[int(at)]: order for order, at in enumerate(np.argsort(flat[:, axis], kind="stable"))}
    ordered = sorted(officers, key=lambda each: (rank[bases[each].lat, bases[each].lon], each))
    ranks = [rank[bases[each].lat, bases[each].lon] for each in ordered]
    cuts = [at for at in range(1, len(ordered)) if ranks[at] != ranks[at - 1]]
    cut = min(cuts, key=lambda at: abs(at - len(ordered) / 2))
    return [*_halved(ordered[:cut], bases, largest), *_halved(ordered[cut:], bases, largest)]


def _joined(groups: list[list[str]], together: Iterable[tuple[str, ...]]) -> list[list[str]]:
    for pair in together:
        touched = [group for group in groups if set(group) & set(pair)]
        if len(touched) > 1:
            groups = [group for group in groups if group not in touched]
            groups.append([each for group in touched for each in group])
    return [sorted(group) for group in groups]


def _nearest_group(
    groups: list[list[str]], bases: Mapping[str, Position], needs: Sequence[_Need], held: Mapping[str, str]
) -> list[int]:
    """The group whose kept round holds each need, else the one of the base nearest by straight line."""
    placed = [(bases[each], index) for index, group in enumerate(groups) for each in group]
    of_officer = {each: index for index, group in enumerate(groups) for each in group}
    at = _flat([(each.lat, each.lon) for each, _ in placed])
    stops = _flat([(need.position.lat, need.position.lon) if need.position else (0.0, 0.0) for need in needs])
    nearest = [placed[int(np.argmin(((at - stop) ** 2).sum(axis=1)))][1] for stop in stops]
    return [of_officer.get(held.get(need.ref, ""), index) for need, index in zip(needs, nearest, strict=True)]


def _flat(places: Sequence[tuple[float, float]]) -> NDArray[np.float64]:
    """Degrees with the longitude shrunk as in the middle of England, near enough to compare distances."""
    table = np.array(places, dtype=np.float64).reshape(-1, 2)
    table[:, 1] *= 0.61
    return table
