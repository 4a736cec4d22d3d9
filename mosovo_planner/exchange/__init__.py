"""Files in and out: trackers, workbooks, CSV.

``read_tracker`` reads a team's tracker and reports every doubtful cell; ``Profile`` remembers how columns
were mapped by hand; ``write_table`` writes tables that no spreadsheet program runs as formulas.
"""

from mosovo_planner.exchange.dates import DateOrder
from mosovo_planner.exchange.errors import ExchangeError, ProfileError, TablePathError, TrackerError, UnrecognisedTracker
from mosovo_planner.exchange.fields import IGNORED, TableKind, mappable_fields
from mosovo_planner.exchange.findings import Finding, Severity
from mosovo_planner.exchange.layout import ColumnReading, TableReading
from mosovo_planner.exchange.managers import ManagerRow
from mosovo_planner.exchange.offenders import OffenderRow
from mosovo_planner.exchange.profile import ColumnRule, Profile, SheetRule
from mosovo_planner.exchange.tables import write_table
from mosovo_planner.exchange.tracker import Tracker, read_tracker

__all__ = [
    "IGNORED",
    "ColumnReading",
    "ColumnRule",
    "DateOrder",
    "ExchangeError",
    "Finding",
    "ManagerRow",
    "OffenderRow",
    "Profile",
    "ProfileError",
    "Severity",
    "SheetRule",
    "TableKind",
    "TablePathError",
    "TableReading",
    "Tracker",
    "TrackerError",
    "UnrecognisedTracker",
    "mappable_fields",
    "read_tracker",
    "write_table",
]
