"""A table with its search line, its count, and words where it is empty."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QStackedLayout, QWidget

from mosovo_planner.ui.table.columns import Row
from mosovo_planner.ui.table.view import Table
from mosovo_planner.ui.widgets import SPACE, column, holder, label, row

_TYPING_PAUSE_MS = 100


class TablePanel(QWidget, Generic[Row]):
    """``extras`` stand beside the search line (combo boxes that narrow the list)."""

    def __init__(
        self,
        table: Table[Row],
        *,
        hint: str,
        empty: str,
        extras: Sequence[QWidget] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.table = table
        self._empty_words = empty
        self.search = QLineEdit()
        self.search.setPlaceholderText(hint)
        self.search.setClearButtonEnabled(True)
        self.search.setAccessibleName(f"Search {table.title.lower()}")
        self.search.setMinimumWidth(200)
        self.search.installEventFilter(self)
        self.count = label("", role="muted")
        self._pause = QTimer(self, singleShot=True, interval=_TYPING_PAUSE_MS)
        self._pause.timeout.connect(self.apply_search)
        self.search.textChanged.connect(lambda _: self._pause.start())
        self._nothing = label("", role="muted", wrap=True)
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._pages = QStackedLayout()
        self._pages.addWidget(table)
        self._pages.addWidget(self._nothing)
        top = row(self.search, *extras, self.count)
        top.setStretch(0, 1)
        body = column(top, holder(self._pages), space=SPACE)
        body.setStretch(1, 1)
        self.setLayout(body)
        table.table_model.modelReset.connect(self._show_count)
        self._show_count()

    def start_search(self) -> None:
        """Put the cursor into the search line, as Ctrl+F does."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    @property
    def empty_words(self) -> str:
        """What stands in place of the rows, empty while there are some."""
        return "" if self.table.visible_rows else self._nothing.text()

    def show_empty_words(self, words: str) -> None:
        """Say something else where there are no rows."""
        self._empty_words = words
        self._show_count()

    def apply_search(self) -> None:
        self._pause.stop()
        self.table.table_model.search(self.search.text())

    def _show_count(self) -> None:
        shown, whole = len(self.table.visible_rows), len(self.table.table_model.rows)
        self.count.setText(f"{shown:,} of {whole:,}" if shown != whole else f"{whole:,}")
        self._nothing.setText("Nothing fits this search and these choices." if whole else self._empty_words)
        self._pages.setCurrentIndex(0 if shown else 1)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Down goes from the search line into the list, Escape empties it."""
        if watched is self.search and isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_Down:
                self.apply_search()
                self.table.setFocus(Qt.FocusReason.TabFocusReason)
                if not self.table.currentIndex().isValid() and self.table.visible_rows:
                    self.table.selectRow(0)
                return True
            if event.key() == Qt.Key.Key_Escape and self.search.text():
                self.search.clear()
                return True
        return super().eventFilter(watched, event)
