"""The unit of work: everything one transaction may ask of the store."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from mosovo_planner.domain.record import Operation, Use
from mosovo_planner.store import tables
from mosovo_planner.store.parts.accounts import AccountsPart
from mosovo_planner.store.parts.auditing import AuditingPart
from mosovo_planner.store.parts.facts import FactsPart
from mosovo_planner.store.parts.imports import ImportsPart
from mosovo_planner.store.parts.incidents import IncidentsPart
from mosovo_planner.store.parts.lists import ListsPart
from mosovo_planner.store.parts.need_to_know import NeedToKnowPart
from mosovo_planner.store.parts.people import PeoplePart
from mosovo_planner.store.parts.plans import RiskPlansPart
from mosovo_planner.store.parts.proposals import ProposalsPart
from mosovo_planner.store.parts.retention import RetentionPart
from mosovo_planner.store.parts.rows import use_of
from mosovo_planner.store.parts.rules import RulesPart
from mosovo_planner.store.parts.supervision import SupervisionPart
from mosovo_planner.store.parts.visits import VisitsPart
from mosovo_planner.store.record.chain import Head


class Unit(
    RetentionPart,
    PeoplePart,
    FactsPart,
    NeedToKnowPart,
    RiskPlansPart,
    SupervisionPart,
    IncidentsPart,
    ListsPart,
    VisitsPart,
    RulesPart,
    ImportsPart,
    ProposalsPart,
    AuditingPart,
    AccountsPart,
):
    """One transaction. It commits at its end together with its entries in the record of use, or not at all.

    Made by :meth:`mosovo_planner.store.workspace.Workspace.transaction`; it must not outlive it.
    """

    def record(
        self,
        operation: Operation,
        subject: str,
        fields: Sequence[str] = (),
        count: int = 1,
        reason: str = "",
        recipient: str = "",
        medium: str = "",
        outcome: str = "done",
    ) -> None:
        """Write down a use of personal data: a consultation, a disclosure, a refusal (``outcome`` ``denied``).

        ``subject`` is ``offender REF`` for one person, else what was shown (``caseload``) with its ``count``.
        ``fields`` are names, never contents. Changes made through this unit record themselves.
        """
        self._log.note(
            operation, subject, fields, count=count, reason=reason, recipient=recipient, medium=medium, outcome=outcome
        )

    def uses(
        self,
        limit: int | None = 1000,
        ref: str | None = None,
        *,
        actor: str | None = None,
        operation: Operation | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> tuple[Use, ...]:
        """The newest entries first, at most ``limit``; those about offender ``ref``, of one user, of one operation, and
        from ``since`` on and before ``until``, where given."""
        self.seal()
        used = tables.record_of_use
        query = select(used).order_by(used.c.seq.desc()).limit(limit)
        asked = (
            (used.c.subject, f"offender {ref}" if ref is not None else None),
            (used.c.actor, actor),
            (used.c.operation, operation.value if operation else None),
        )
        for column, value in asked:
            query = query if value is None else query.where(column == value)
        query = query if since is None else query.where(used.c.at >= since)
        query = query if until is None else query.where(used.c.at < until)
        return tuple(use_of(row) for row in self._connection.execute(query).mappings())

    def users_of_record(self) -> tuple[str, ...]:
        """Everybody who stands in the record of use, in order of name."""
        return tuple(self._connection.execute(select(tables.record_of_use.c.actor).distinct().order_by("actor")).scalars())

    def chained(self) -> Iterator[Row[Any]]:
        """Every entry as it is stored, in the order of its columns, oldest first, for checking the chain."""
        used = select(tables.record_of_use).order_by(tables.record_of_use.c.seq)
        with self._connection.execute(used.execution_options(yield_per=2000)) as entries:
            yield from entries

    @property
    def connection(self) -> Connection:
        """For the store's own modules."""
        return self._connection

    def head(self) -> Head:
        """The newest entry of the record of use."""
        return self._log.newest()

    @property
    def sealed(self) -> Head | None:
        """The newest entry that this transaction wrote; None where it wrote none, or where a server makes them itself."""
        return self._log.last

    @property
    def changes(self) -> bool:
        """Whether anything but reading was noted for the record of use so far."""
        return self._log.changes

    def seal(self) -> None:
        """Write the entries noted so far.

        Raises:
            RecordOfUseFailed: they cannot be written; nothing of this transaction is kept.
        """
        self._log.seal()

    def finish(self) -> None:
        """Write the entries noted so far, at the end of the transaction; nothing is asked of this unit afterwards.

        Raises:
            RecordOfUseFailed: as :meth:`seal`.
        """
        self._log.finish()
