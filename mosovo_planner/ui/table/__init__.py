"""One table for every list: sorts, filters as you type, chooses columns, copies, exports."""

from mosovo_planner.ui.table.columns import Column
from mosovo_planner.ui.table.model import TableModel
from mosovo_planner.ui.table.panel import TablePanel
from mosovo_planner.ui.table.view import Table

__all__ = ["Column", "Table", "TableModel", "TablePanel"]
