"""Where rounds and stops lie on the timeline of a day: geometry without painting."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time

from PySide6.QtCore import QPointF, QRectF

from mosovo_planner.domain.proposals import Round, Stop

HEAD = 24.0
_GUTTER = 158.0
_LAST_HOUR = 26.0
"""Right of the axis, for half of the words of its last hour."""
_LANE = 52.0
_PROBLEM = 17.0
_HOUR_PIXELS = 42
_PAD = 6.0


@dataclass(frozen=True)
class Block:
    """One stop on the timeline, ``index`` from 0 in its round."""

    round: Round
    index: int
    stop: Stop
    box: QRectF


@dataclass(frozen=True)
class Lane:
    """One round's row: the whole row, and the part with the time axis."""

    round: Round
    box: QRectF
    track: QRectF
    blocks: tuple[Block, ...]


class Lanes:
    """The rows of a day's rounds for a width in pixels."""

    def __init__(self, rounds: Sequence[Round], width: float) -> None:
        self.first, self.last = _hours(rounds)
        self.left = _GUTTER
        self.width = max(200.0, width - _GUTTER - _LAST_HOUR)
        self.lanes: list[Lane] = []
        top = HEAD
        for each in rounds:
            high = _LANE + _PROBLEM * len(each.problems)
            self.lanes.append(self._lane(each, QRectF(0, top, _GUTTER + self.width + _LAST_HOUR, high)))
            top += high
        self.height = top + 4

    def x(self, minutes: float) -> float:
        """The pixel column of a time in minutes since midnight."""
        return self.left + (minutes - self.first) / (self.last - self.first) * self.width

    def minutes(self, x: float) -> float:
        return self.first + (x - self.left) / self.width * (self.last - self.first)

    def hours(self) -> range:
        """The full hours on the axis, as many as their words leave room for."""
        count = (self.last - self.first) // 60
        step = max(1, math.ceil(_HOUR_PIXELS * count / self.width))
        return range(self.first // 60, self.last // 60 + 1, step)

    def lane_at(self, at: QPointF) -> Lane | None:
        return next((lane for lane in self.lanes if lane.box.contains(at)), None)

    def block_at(self, at: QPointF) -> Block | None:
        return next((block for lane in self.lanes for block in lane.blocks if block.box.contains(at)), None)

    def index_at(self, lane: Lane, x: float, moved: str) -> int:
        """Before which stop a visit dropped at ``x`` goes, the moved visit itself not counted."""
        others = [block for block in lane.blocks if block.stop.ref != moved]
        return sum(block.box.center().x() < x for block in others)

    def _lane(self, each: Round, box: QRectF) -> Lane:
        track = QRectF(self.left, box.top() + _PAD, self.width, _LANE - 2 * _PAD)
        blocks = []
        for index, stop in enumerate(each.stops):
            left, right = self.x(minutes_of(stop.arrive)), self.x(minutes_of(stop.leave))
            blocks.append(Block(each, index, stop, QRectF(left, track.top(), max(10.0, right - left), track.height())))
        return Lane(each, box, track, tuple(blocks))


def minutes_of(moment: time) -> int:
    return moment.hour * 60 + moment.minute


def _hours(rounds: Sequence[Round]) -> tuple[int, int]:
    """First and last full hour, in minutes, around what the rounds use; an office day where there are none."""
    starts = [minutes_of(each.start) for each in rounds] or [8 * 60]
    ends = [max(minutes_of(each.end), minutes_of(each.start)) for each in rounds] or [17 * 60]
    return min(starts) // 60 * 60, min(24, math.ceil(max(*ends, min(starts) + 60) / 60)) * 60
