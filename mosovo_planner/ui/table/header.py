"""The headings of a list: the arrow of the sorting stands beside the words, not over them."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import QHeaderView, QStyleOptionHeader, QWidget

_MARGIN = 10
_ARROW_ROOM = 15
"""Pixels that a title leaves for the arrow, so that sorting by a column never cuts its title."""
AIR = "\N{NO-BREAK SPACE}" * 2
"""Stands after numbers and their titles: a number at the right edge would touch the words of the next column."""


class Header(QHeaderView):
    """Qt's row of headings; what sorts the list has an arrow after its title, before it where the title stands right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setSectionsClickable(True)

    def title_width(self, title: str, *, right: bool) -> int:
        """Pixels that a title needs with its arrow. Qt's own hint reckons with an arrow of the style, here there is none."""
        font = QFont(self.font())
        font.setWeight(QFont.Weight.DemiBold)  # as the style sheet has it, which the widget's font does not tell
        return QFontMetrics(font).horizontalAdvance(title + (AIR if right else "")) + _MARGIN + _ARROW_ROOM

    def initStyleOptionForIndex(self, option: QStyleOptionHeader, index: int) -> None:
        super().initStyleOptionForIndex(option, index)
        right = bool(option.textAlignment & Qt.AlignmentFlag.AlignRight)
        air = AIR if right else ""
        if option.sortIndicator is QStyleOptionHeader.SortIndicator.None_:
            option.text += air
            return
        option.sortIndicator = QStyleOptionHeader.SortIndicator.None_
        rising = self.sortIndicatorOrder() is Qt.SortOrder.AscendingOrder
        arrow = "\N{BLACK UP-POINTING SMALL TRIANGLE}" if rising else "\N{BLACK DOWN-POINTING SMALL TRIANGLE}"
        option.text = f"{arrow} {option.text}{air}" if right else f"{option.text} {arrow}"
