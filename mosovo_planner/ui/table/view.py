"""The table widget: selection by id, columns to choose, keyboard, copying."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from typing import Any, Generic

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QModelIndex, QPoint, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QAction, QFocusEvent, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QTableView, QWidget

from mosovo_planner.ui.clipboard import copy_rows
from mosovo_planner.ui.settings import Settings
from mosovo_planner.ui.table.columns import Column, Row
from mosovo_planner.ui.table.delegate import CellDelegate
from mosovo_planner.ui.table.fit import Need, needs_of, widths_in
from mosovo_planner.ui.table.header import Header
from mosovo_planner.ui.table.model import TableModel

KEYS = (
    ("From the search line into the list", "Down"),
    ("Empty the search line", "Esc"),
    ("Open the row", "Return"),
    ("Columns of the list", "Alt+V, C"),
)
"""Keys of every list, for the help."""


class Table(QTableView, Generic[Row]):
    """A table of rows. ``chosen`` gives the row under the cursor (or None); ``opened`` one chosen with Enter.

    ``copied`` tells which ids went to the clipboard.
    """

    chosen = Signal(object)
    opened = Signal(object)
    copied = Signal(object)

    def __init__(
        self,
        name: str,
        title: str,
        columns: Sequence[Column[Row]],
        identify: Callable[[Row], str],
        *,
        settings: Settings | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.table_model: TableModel[Row] = TableModel(columns, identify, self)
        self.title = title
        self._settings = settings
        keys = "|".join(column.key for column in columns)  # a layout knows columns by number only: others are another list
        self._layout_name = f"table/{name}/2-{zlib.crc32(keys.encode()):08x}"
        self.may_copy = True
        self._kept: tuple[set[str], str | None] = (set(), None)
        self._titles = Header(self)
        self._needs: list[Need] = []
        self._own_layout = self._arranging = False
        self.setAccessibleName(title)
        self._set_up()
        self.setModel(self.table_model)
        # Connected after setModel, so that the selection is put back once the view has let go of it.
        self.table_model.modelAboutToBeReset.connect(self._keep_selection)
        self.table_model.modelReset.connect(self._restore_selection)
        self.selectionModel().currentRowChanged.connect(lambda *_: self._tell())
        self.doubleClicked.connect(lambda index: self.opened.emit(self.table_model.row_at(index.row())))
        self._lay_out_columns()
        self.horizontalHeader().sectionMoved.connect(lambda *_: self.save_layout())
        self.horizontalHeader().sectionResized.connect(lambda index, *_: self._resized(index))

    def _set_up(self) -> None:
        self.setItemDelegate(CellDelegate(self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setAlternatingRowColors(True)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(self.fontMetrics().height() + 11)
        header = self._titles
        self.setHorizontalHeader(header)
        header.setSectionsMovable(True)
        header.setStretchLastSection(True)
        header.setHighlightSections(False)
        header.setMinimumSectionSize(36)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(self._show_column_menu)

    # Rows

    @property
    def visible_rows(self) -> list[Row]:
        return self.table_model.visible

    @property
    def selected_rows(self) -> list[Row]:
        """The selected rows in the order shown."""
        indexes = sorted(index.row() for index in self.selectionModel().selectedRows())
        return [self.table_model.row_at(index) for index in indexes]

    @property
    def current(self) -> Row | None:
        index = self.currentIndex()
        return self.table_model.row_at(index.row()) if index.isValid() else None

    def set_rows(self, rows: Sequence[Row]) -> None:
        """New rows; what was selected stays so where its id is still there."""
        self.table_model.set_rows(rows)
        self._needs = []
        self._fit()

    def select(self, identity: str) -> bool:
        """Put the cursor on the row of that id and show it; False where it is not among the visible."""
        identify = self.table_model.identify
        for number, row in enumerate(self.table_model.visible):
            if identify(row) == identity:
                self.selectRow(number)
                self.scrollTo(self.table_model.index(number, 0))
                return True
        return False

    def sort_by(self, key: str, *, descending: bool = False) -> None:
        order = Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder
        self.sortByColumn(self.table_model.column_of(key), order)

    # Selection by id across resets

    def _keep_selection(self) -> None:
        model = self.table_model
        chosen = {model.identify(row) for row in self.selected_rows}
        current = self.current
        self._kept = (chosen, None if current is None else model.identify(current))

    def _restore_selection(self) -> None:
        chosen, current = self._kept
        if chosen or current:
            self._select_again(chosen, current)
        self._tell()

    def _select_again(self, chosen: set[str], current: str | None) -> None:
        model, last = self.table_model, len(self.table_model.columns) - 1
        selection = QItemSelection()
        cursor = QModelIndex()
        start: int | None = None
        for number, row in enumerate([*model.visible, None]):
            identity = None if row is None else model.identify(row)
            if identity is not None and identity == current:
                cursor = model.index(number, 0)
            if identity in chosen:
                start = number if start is None else start
            elif start is not None:
                selection.select(model.index(start, 0), model.index(number - 1, last))
                start = None
        picker = self.selectionModel()
        picker.select(selection, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        if cursor.isValid():
            picker.setCurrentIndex(cursor, QItemSelectionModel.SelectionFlag.NoUpdate)
            self.scrollTo(cursor)

    def _tell(self) -> None:
        self.chosen.emit(self.current)

    # Columns

    def _designed(self, index: int) -> int:
        unit = self.fontMetrics().averageCharWidth() + 1
        return max(self.table_model.columns[index].width * unit + 12, self._heading(index))

    def _heading(self, index: int) -> int:
        column = self.table_model.columns[index]
        return self._titles.title_width(column.title, right=column.right)

    def _lay_out_columns(self) -> None:
        header = self.horizontalHeader()
        for index, column in enumerate(self.table_model.columns):
            header.moveSection(header.visualIndex(index), index)
            self.setColumnWidth(index, self._designed(index))
            self.setColumnHidden(index, not column.visible)
        state = self._settings.state(self._layout_name) if self._settings else None
        self._own_layout = state is not None
        if state is not None and not header.restoreState(state):
            self.reset_columns()
        self.setSortingEnabled(True)

    def reset_columns(self) -> None:
        """Back to the columns, order and widths the list started with."""
        if self._settings:
            self._settings.forget_state(self._layout_name)
        self._arranging = True
        self._lay_out_columns()
        self._arranging = False
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        arranging, self._arranging = self._arranging, True  # the last column follows the edge: nobody chose that
        super().resizeEvent(event)
        self._arranging = arranging
        self._fit()

    def _fit(self) -> None:
        """Give the columns the widths that suit their words and the room; never once the user has chosen his own."""
        if self._own_layout or self._arranging or not self.isVisible() or not self.visible_rows:
            return
        shown = [index for index in range(len(self.table_model.columns)) if not self.isColumnHidden(index)]
        if len(self._needs) != len(shown):
            columns = [self.table_model.columns[index] for index in shown]
            sizes = [(self._designed(index), self._heading(index)) for index in shown]
            self._needs = needs_of(columns, self.table_model.rows, self.fontMetrics(), sizes)
        self._arranging = True
        for index, width in zip(shown, widths_in(self._needs, self.viewport().width()), strict=True):
            self.setColumnWidth(index, width)
        self._arranging = False

    def _resized(self, index: int) -> None:
        header = self.horizontalHeader()
        last = max(each for each in range(header.count()) if not header.isSectionHidden(header.logicalIndex(each)))
        if not self._arranging and header.visualIndex(index) != last:  # the last one only fills what is left
            self.save_layout()

    def save_layout(self) -> None:
        if self.isVisible() and not self._arranging:
            self._own_layout = True
            if self._settings:
                self._settings.save_state(self._layout_name, self.horizontalHeader().saveState())

    def column_actions(self, parent: Any) -> list[QAction]:
        """One checkable action a column, then the reset, for the header's menu and the View menu."""
        made = []
        for index, column in enumerate(self.table_model.columns):
            action = QAction(column.title.replace("&", "&&"), parent, checkable=True, checked=not self.isColumnHidden(index))
            action.toggled.connect(lambda shown, index=index: self._show_column(index, shown))
            made.append(action)
        separator = QAction(parent)
        separator.setSeparator(True)
        reset = QAction("&Reset columns", parent)
        reset.triggered.connect(self.reset_columns)
        return [*made, separator, reset]

    def _show_column(self, index: int, shown: bool) -> None:
        others = any(not self.isColumnHidden(each) for each in range(len(self.table_model.columns)) if each != index)
        self.setColumnHidden(index, not shown and others)  # the last column stays: an empty table has no menu
        self.save_layout()

    def _show_column_menu(self, at: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addActions(self.column_actions(menu))
        menu.popup(self.horizontalHeader().mapToGlobal(at))

    def shown_columns(self) -> list[Column[Row]]:
        """The visible columns in the order they stand on the screen."""
        header = self.horizontalHeader()
        order = sorted(range(len(self.table_model.columns)), key=header.visualIndex)
        return [self.table_model.columns[index] for index in order if not self.isColumnHidden(index)]

    # Copying, focus and keys

    def copy(self) -> int:
        """Copy the selected rows, tab-separated under their headings; how many there were."""
        if not self.may_copy:
            return 0
        rows, columns = self.selected_rows, self.shown_columns()
        if rows:
            copy_rows([[column.title for column in columns], *([column.shown(row) for column in columns] for row in rows)])
            self.copied.emit([self.table_model.identify(row) for row in rows])
        return len(rows)

    def export_rows(self) -> tuple[list[str], list[list[object]], list[str]]:
        """Headings, rows and ids of what is shown, as sorted and filtered."""
        columns, rows = self.shown_columns(), self.visible_rows
        values = [[column.exported(row) for column in columns] for row in rows]
        return [column.title for column in columns], values, [self.table_model.identify(row) for row in rows]

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Entering the list chooses nobody: Qt would put the cursor on the first row, and here that opens a record."""
        if self.currentIndex().isValid():
            super().focusInEvent(event)
            return
        with QSignalBlocker(self.selectionModel()):
            super().focusInEvent(event)
            self.selectionModel().clearCurrentIndex()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.current is not None:
            self.opened.emit(self.current)
        else:
            super().keyPressEvent(event)
