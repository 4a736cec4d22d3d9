"""How many are overdue, by risk and lateness: a small table whose cells narrow the list below."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QSizePolicy, QTableView, QWidget

from mosovo_planner.domain.people import Risk, risk_label
from mosovo_planner.ui.theme import tokens

LEVELS: tuple[Risk | None, ...] = (*reversed(Risk), None)
ALL = "All"

Index = QModelIndex | QPersistentModelIndex
Cell = tuple[Risk | str | None, str]


class MatrixModel(QAbstractTableModel):
    """Counts; the last row and the last column are totals."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bands: tuple[str, ...] = ()
        self._counts: Counter[Cell] = Counter()
        self.rows: tuple[Risk | str | None, ...] = (*LEVELS, ALL)

    def set_items(self, late: Sequence[tuple[Risk | None, str]], bands: tuple[str, ...]) -> None:
        self.beginResetModel()
        self.bands = (*bands, ALL)
        self._counts = Counter()
        for risk, band in late:
            self._counts.update(((risk, band), (risk, ALL), (ALL, band), (ALL, ALL)))
        self.endResetModel()

    def cell(self, index: Index) -> Cell:
        return self.rows[index.row()], self.bands[index.column()]

    def row_words(self, row: int) -> str:
        risk = self.rows[row]
        return "All risks" if risk == ALL else risk_label(risk)  # type: ignore[arg-type]

    def column_words(self, column: int) -> str:
        return "All overdue" if self.bands[column] == ALL else self.bands[column]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.bands)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        count = self._counts[self.cell(index)]
        total = index.row() == len(self.rows) - 1 or index.column() == len(self.bands) - 1
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{count:,}"
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{count} overdue, risk {self.row_words(index.row())}, {self.column_words(index.column())}"
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignCenter
        if role == Qt.ItemDataRole.FontRole and total:
            return _bold()
        return self._colour(index, role, count, total)

    def _colour(self, index: Index, role: int, count: int, total: bool) -> QColor | None:
        """Ground by lateness; the count says the same in figures."""
        look = tokens()
        if role == Qt.ItemDataRole.ForegroundRole and not count:
            return QColor(look.muted)
        if not count or total:
            return None
        late = index.column() / max(1, len(self.bands) - 2)
        tone = look.tones["bad" if late > 0.6 else "warn" if late > 0.2 else "none"]
        if role == Qt.ItemDataRole.BackgroundRole:
            return QColor(tone.ground)
        return QColor(tone.text) if role == Qt.ItemDataRole.ForegroundRole else None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return self.column_words(section) if orientation is Qt.Orientation.Horizontal else self.row_words(section)


class Matrix(QTableView):
    """Emits the (risk, band) under the cursor; arrow keys and clicks move it. Escape goes back to all."""

    chosen = Signal(object, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.matrix = MatrixModel(self)
        self.setModel(self.matrix)
        self.setAccessibleName("Overdue by risk and lateness")
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 11)
        for header in (self.horizontalHeader(), self.verticalHeader()):
            header.setHighlightSections(False)
            header.setSectionsClickable(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setAutoScroll(False)  # all rows are in sight: the gravest, on top, must never scroll out of it
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.selectionModel().currentChanged.connect(lambda now, _before: self._tell(now))

    def set_items(self, late: Sequence[tuple[Risk | None, str]], bands: tuple[str, ...]) -> None:
        """New counts of (risk, band of lateness); the cell under the cursor stays."""
        now = self.currentIndex()
        row, column = (now.row(), now.column()) if now.isValid() else (len(LEVELS), len(bands))
        self.matrix.set_items(late, bands)
        self.setCurrentIndex(self.matrix.index(row, min(column, len(bands))))
        self.updateGeometry()

    def choose(self, risk: Risk | str | None, band: str) -> None:
        self.setCurrentIndex(self.matrix.index(self.matrix.rows.index(risk), self.matrix.bands.index(band)))

    def _tell(self, index: QModelIndex) -> None:
        if index.isValid():
            self.chosen.emit(*self.matrix.cell(index))

    def showEvent(self, event: QShowEvent) -> None:
        """Only now the headings have their style's height."""
        super().showEvent(event)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        heading = self.horizontalHeader().height() if self.isVisible() else self.horizontalHeader().sizeHint().height()
        return QSize(640, heading + self.verticalHeader().length() + 2 * self.frameWidth() + 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(400, self.sizeHint().height())


def _bold() -> QFont:
    font = QFont()
    font.setBold(True)
    return font
