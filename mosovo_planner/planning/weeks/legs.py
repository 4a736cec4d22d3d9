"""Drives between places in whole minutes: a matrix for what a plan may use, the rest asked for when needed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mosovo_planner.domain.people import Position
from mosovo_planner.domain.travel import TravelTimes

Whole = NDArray[np.int64]
Place = tuple[float, float]

UNREACHABLE = 24 * 60
"""Minutes that stand for a drive that no road makes possible."""


class Legs:
    """Minutes between positions, rounded up, 0 within one place.

    Positions named when it was built come from matrices, one an area. Others, which a hand change can bring in,
    are asked of the travel times on demand. That part stays behind when the object goes to a worker process.
    """

    def __init__(self, travel: TravelTimes, areas: Iterable[Sequence[Position]]) -> None:
        self.name = travel.name
        self._travel: TravelTimes | None = travel
        self._blocks = [_Block(travel, positions) for positions in areas]
        self._found: dict[tuple[Place, Place], int] = {}

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_travel": None}

    def matrix(self, origins: Sequence[Position], destinations: Sequence[Position]) -> Whole:
        """Minutes of shape (origins, destinations)."""
        rows, columns = [place_of(each) for each in origins], [place_of(each) for each in destinations]
        for block in self._blocks:
            if block.knows(rows) and block.knows(columns):
                return block.minutes(rows, columns)
        return self._asked(rows, columns)

    def minutes(self, origin: Position, destination: Position) -> int:
        return int(self.matrix([origin], [destination])[0, 0])

    def _asked(self, rows: list[Place], columns: list[Place]) -> Whole:
        missing = [(a, b) for a in rows for b in columns if (a, b) not in self._found]
        if missing:
            starts, ends = list(dict.fromkeys(a for a, _ in missing)), list(dict.fromkeys(b for _, b in missing))
            block = self._ask(starts, ends)
            self._found.update({(a, b): int(block[i, j]) for i, a in enumerate(starts) for j, b in enumerate(ends)})
        return np.array([[self._found[a, b] for b in columns] for a in rows], dtype=np.int64).reshape(len(rows), len(columns))

    def _ask(self, starts: list[Place], ends: list[Place]) -> Whole:
        if self._travel is None:
            raise LookupError("These places belong to no common area, and travel times are not at hand in the worker.")
        return _whole(self._travel, [Position(*place) for place in starts], [Position(*place) for place in ends])


class _Block:
    """One area's places and the minutes between them."""

    def __init__(self, travel: TravelTimes, positions: Sequence[Position]) -> None:
        firsts = {place_of(each): each for each in positions}
        self._index = {place: index for index, place in enumerate(firsts)}
        self._minutes = _whole(travel, list(firsts.values()), list(firsts.values())).astype(np.int16)

    def knows(self, places: Iterable[Place]) -> bool:
        return all(place in self._index for place in places)

    def minutes(self, rows: list[Place], columns: list[Place]) -> Whole:
        at = np.ix_([self._index[place] for place in rows], [self._index[place] for place in columns])
        return self._minutes[at].astype(np.int64)


def place_of(position: Position) -> Place:
    """What tells one place from another."""
    return (position.lat, position.lon)


def _whole(travel: TravelTimes, origins: Sequence[Position], destinations: Sequence[Position]) -> Whole:
    if not origins or not destinations:
        return np.zeros((len(origins), len(destinations)), dtype=np.int64)
    exact = np.asarray(travel.minutes(origins, destinations), dtype=np.float64)
    up = np.ceil(np.where(np.isfinite(exact), exact, UNREACHABLE) - 1e-3)
    starts, ends = np.array([place_of(each) for each in origins]), np.array([place_of(each) for each in destinations])
    same = (starts[:, None, :] == ends[None, :, :]).all(axis=2)
    return np.where(same, 0, np.clip(up, 0, UNREACHABLE)).astype(np.int64)
