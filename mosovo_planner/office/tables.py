"""Tables that leave the window: exports and copies are disclosures."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from mosovo_planner.domain.record import Operation
from mosovo_planner.domain.roles import Permission
from mosovo_planner.office.leaving import write_out
from mosovo_planner.office.session import Session

if TYPE_CHECKING:
    from mosovo_planner.store.unit import Unit


def export_table(
    session: Session,
    path: Path,
    title: str,
    headers: Sequence[str],
    rows: Sequence[Sequence[object]],
    refs: Sequence[str],
    recipient: str = "file",
    reason: str = "",
) -> None:
    """Write rows of a screen as .xlsx or .csv, stamped with classification, who and when; ``recipient`` is for whom."""
    from mosovo_planner.exchange.tables import write_table

    def note(unit: Unit) -> tuple[str, ...]:
        classification = unit.policy().text("print.classification")
        now = datetime.now().astimezone()
        medium = path.suffix.lstrip(".")
        unit.record(
            Operation.DISCLOSURE, f"table {title}", count=len(refs), reason=reason, recipient=recipient, medium=medium
        )
        return (classification, title, f"Exported by {session.user} on {now.day} {now:%b %Y at %H:%M}")

    write_out(session, path, note, lambda stamp: write_table(path, title=title, headers=headers, rows=rows, stamp=stamp))


def record_copy(session: Session, title: str, refs: Sequence[str]) -> None:
    """Note that rows of a screen were copied to the clipboard."""
    with session.unit(Permission.PRINT) as unit:
        unit.record(Operation.DISCLOSURE, f"table {title}", count=len(refs), recipient="clipboard", medium="copy")
