"""How wide the columns of a list are: as they were designed where there is room, as their words need where there is not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor

from PySide6.QtGui import QFontMetrics

from mosovo_planner.ui.table.columns import Column, Row
from mosovo_planner.ui.table.header import AIR

_SAMPLE = 300
"""Rows measured, spread over the whole list: the words of ten thousand would cost what the eye does not see."""
_LONGEST = 40
"""Of those the ones with the most letters are measured in pixels."""
_MARGIN = 12
_CHIP_MARGIN = 14
_SENTENCES = 30
_LAST_WORDS = 24
"""Characters from which on a column, or the last one, holds sentences, which may be cut: the tooltip says the rest."""
_LEAST_WORDS = 110
"""Pixels that a column of sentences keeps; the last one keeps its title only."""


@dataclass(frozen=True)
class Need:
    """Pixels of one column: ``designed``, for numbers and names at least what they need; ``least`` that keeps its heading and
    its words whole, never more than designed; ``whole`` that its longest words need. ``gives`` is what it may lose beyond
    that; its words then end in an ellipsis.
    """

    designed: int
    least: int
    whole: int
    gives: int = 0


def needs_of(
    columns: Sequence[Column[Row]], rows: Sequence[Row], metrics: QFontMetrics, sizes: Sequence[tuple[int, int]]
) -> list[Need]:
    """What columns need for these rows; ``sizes`` are the designed width and the heading's, in pixels, of each."""
    step = max(1, len(rows) // _SAMPLE)
    sample = rows[::step]
    needs = []
    for column, (width, heading) in zip(columns, sizes, strict=True):
        designed = width
        if column.bar is not None or column.painted or not sample:
            needs.append(Need(designed, designed, designed))
            continue
        longest = sorted({column.shown(row) for row in sample}, key=len)[-_LONGEST:]
        words = max(map(metrics.horizontalAdvance, longest)) + _MARGIN + (_CHIP_MARGIN if column.tone else 0)
        words += metrics.horizontalAdvance(AIR) if column.right else 0
        whole = max(heading, words)
        last = len(needs) == len(columns) - 1
        if column.width < _SENTENCES and not last:
            whole = min(whole, max(heading, designed + designed // 2))  # one long value must not take the room of sentences
            designed = max(designed, whole)
        least = min(designed, whole)
        cuttable = not column.right and column.width >= (_LAST_WORDS if last else _SENTENCES)
        kept = heading if last else max(heading, _LEAST_WORDS)
        needs.append(Need(designed, least, whole, max(0, least - kept) if cuttable else 0))
    return needs


def widths_in(needs: Sequence[Need], room: int) -> list[int]:
    """Widths for ``room`` pixels: what is spare goes where words are cut, what lacks is taken where there is air."""
    spare = room - sum(need.designed for need in needs)
    if spare >= 0:
        wishes = [max(0, need.whole - need.designed) for need in needs]
        return _changed([need.designed for need in needs], wishes, spare)
    air = [need.designed - need.least for need in needs]
    if sum(air) >= -spare:
        return _changed([need.designed for need in needs], [-each for each in air], -spare)
    return _changed([need.least for need in needs], [-need.gives for need in needs], -spare - sum(air))


def _changed(widths: Sequence[int], wishes: Sequence[int], pixels: int) -> list[int]:
    """The widths changed by ``wishes``, all of them or the share of them that ``pixels`` allow."""
    whole = sum(map(abs, wishes))
    share = min(1.0, pixels / whole) if whole else 0.0
    return [width + floor(wish * share) for width, wish in zip(widths, wishes, strict=True)]
