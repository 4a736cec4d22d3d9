"""A table model over a Python list that sorts and filters itself.

A proxy model over Python data takes seconds per sort at 70,000 rows; a list of visible rows and
``list.sort`` take a few hundredths.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from enum import IntEnum
from typing import Any, Generic

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, QTimer

from mosovo_planner.ui.table.columns import Column, Row
from mosovo_planner.ui.widgets import plain_tip

_INDEXED_AT_ONCE = 250
"""Rows whose search text is made between two events: a few milliseconds."""

Index = QModelIndex | QPersistentModelIndex


class Role(IntEnum):
    """Roles beside Qt's own: the tone of a chip, and a painted bar."""

    TONE = Qt.ItemDataRole.UserRole + 1
    BAR = Qt.ItemDataRole.UserRole + 2


class TableModel(QAbstractTableModel, Generic[Row]):
    """Rows through columns. ``identify`` gives a row the id by which selections survive."""

    def __init__(
        self, columns: Sequence[Column[Row]], identify: Callable[[Row], str], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self.identify = identify
        self._rows: list[Row] = []
        self._visible: list[Row] = []
        self._searched: list[str] = []
        self._keys: dict[int, dict[int, Any]] = {}
        self._indexing = QTimer(self, interval=0)
        self._indexing.timeout.connect(lambda: self._index(_INDEXED_AT_ONCE))
        self._words: tuple[str, ...] = ()
        self._keep: Callable[[Row], bool] | None = None
        self._sorted_by: tuple[int, bool] | None = None
        self._getters = {
            Qt.ItemDataRole.DisplayRole: lambda column, row: column.shown(row),
            Qt.ItemDataRole.TextAlignmentRole: lambda column, _: _alignment(column),
            Qt.ItemDataRole.AccessibleTextRole: lambda column, row: f"{column.title}: {column.shown(row) or 'empty'}",
            Qt.ItemDataRole.ToolTipRole: lambda column, row: plain_tip(column.shown(row)),
            Role.TONE: lambda column, row: column.tone(row) if column.tone else None,
            Role.BAR: lambda column, row: column.bar(row) if column.bar else None,
        }

    # What there is

    @property
    def rows(self) -> list[Row]:
        """All rows, unfiltered, in the order they were given."""
        return self._rows

    @property
    def visible(self) -> list[Row]:
        """The rows shown, as sorted and filtered."""
        return self._visible

    def row_at(self, index: int) -> Row:
        return self._visible[index]

    def column_of(self, key: str) -> int:
        return next(index for index, column in enumerate(self.columns) if column.key == key)

    # Changing it

    def set_rows(self, rows: Iterable[Row]) -> None:
        self._rows = list(rows)
        self._searched = []
        self._keys = {}
        self._refresh()
        self._indexing.start()

    def search(self, text: str) -> None:
        """Show only rows that hold every word of ``text``, whatever the case."""
        self._words = tuple(text.casefold().split())
        self._refresh()

    def keep(self, wanted: Callable[[Row], bool] | None) -> None:
        """Show only rows for which ``wanted`` holds, besides the search; None shows all."""
        self._keep = wanted
        self._refresh()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column; rows alike there keep the order they had. Empty cells come last either way."""
        self._sorted_by = (column, order is Qt.SortOrder.DescendingOrder) if 0 <= column < len(self.columns) else None
        self.beginResetModel()
        self._order()
        self.endResetModel()

    def _refresh(self) -> None:
        self.beginResetModel()
        rows: Iterable[Row] = self._rows
        if self._words:
            rows = [row for row, text in zip(self._rows, self._texts(), strict=True) if all(w in text for w in self._words)]
        self._visible = list(rows if self._keep is None else filter(self._keep, rows))
        self._order()
        self.endResetModel()

    def _texts(self) -> list[str]:
        self._index(len(self._rows))
        return self._searched

    def _index(self, count: int) -> None:
        """Make the search texts of some more rows; in small steps while the window is idle, so that no key waits."""
        searched = [column for column in self.columns if column.search]
        start = len(self._searched)
        self._searched += [
            "\n".join([column.shown(row) for column in searched]).casefold() for row in self._rows[start : start + count]
        ]
        if len(self._searched) == len(self._rows):
            self._indexing.stop()

    def _order_of(self, column: int) -> dict[int, Any]:
        """The keys of a column by the identity of the row; made once for the rows there are."""
        if column not in self._keys:
            order = self.columns[column].order
            self._keys[column] = {id(row): order(row) for row in self._rows}
        return self._keys[column]

    def _order(self) -> None:
        if self._sorted_by is None:
            return
        column, descending = self._sorted_by
        keys = self._order_of(column)
        keyed = [(keys[id(row)], row) for row in self._visible]
        full = [pair for pair in keyed if pair[0] is not None]
        full.sort(key=lambda pair: pair[0], reverse=descending)
        self._visible = [row for _, row in full] + [row for key, row in keyed if key is None]

    # What Qt asks

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._visible)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        get = self._getters.get(role)  # type: ignore[call-overload]
        if get is None or not index.isValid():
            return None
        return get(self.columns[index.column()], self._visible[index.row()])

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        column = self.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.title
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(column.tip or column.title)
        return int(_alignment(column)) if role == Qt.ItemDataRole.TextAlignmentRole else None


def _alignment(column: Column[Any]) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column.right else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter
