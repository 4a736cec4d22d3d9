"""The tables of a workspace, the same on SQLite (SQLCipher) and PostgreSQL.

The migrations under ``migrations/`` make them; a test holds both equal. People have a ``version`` (nobody overwrites
what he has not seen) and every record about a person a ``salt`` (see ``chain.digest_of``).
"""

from mosovo_planner.store.tables.accounts import about, account, record_of_use
from mosovo_planner.store.tables.base import Moment, metadata
from mosovo_planner.store.tables.decided import (
    clock_table,
    decision,
    decision_move,
    import_batch,
    import_image,
    import_profile,
    plan,
    policy,
)
from mosovo_planner.store.tables.kinds import FACTS, OF_OFFENDERS, RecordKind, certificate, incident_file, incident_log
from mosovo_planner.store.tables.people import absence, manager, offender, visit
from mosovo_planner.store.tables.shape import Shape

__all__ = [
    "FACTS",
    "OF_OFFENDERS",
    "Moment",
    "RecordKind",
    "Shape",
    "about",
    "absence",
    "account",
    "certificate",
    "clock_table",
    "decision",
    "decision_move",
    "import_batch",
    "import_image",
    "import_profile",
    "incident_file",
    "incident_log",
    "manager",
    "metadata",
    "offender",
    "plan",
    "policy",
    "record_of_use",
    "visit",
]
