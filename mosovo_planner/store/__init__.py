"""The workspace: an encrypted database with a record of use.

Only domain objects and the records of ``base/records.py`` leave this room; nothing of SQLAlchemy does.
"""

from mosovo_planner.store.base.names import KdfParameters
from mosovo_planner.store.base.process import harden_process
from mosovo_planner.store.base.records import (
    Account,
    AllocationDecision,
    BeforeImage,
    ClockTableVersion,
    ImportBatch,
    PolicyVersion,
    StoredPlan,
    StoredProfile,
)
from mosovo_planner.store.unit import Unit
from mosovo_planner.store.workspace import Workspace, create_workspace, open_workspace

__all__ = [
    "Account",
    "AllocationDecision",
    "BeforeImage",
    "ClockTableVersion",
    "ImportBatch",
    "KdfParameters",
    "PolicyVersion",
    "StoredPlan",
    "StoredProfile",
    "Unit",
    "Workspace",
    "create_workspace",
    "harden_process",
    "open_workspace",
]
