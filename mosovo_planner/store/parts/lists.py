"""What was decided while lists exported from ViSOR were worked off."""

from __future__ import annotations

from mosovo_planner.domain.visor import ListDecision
from mosovo_planner.store.base.errors import StaleRecord
from mosovo_planner.store.parts.kept import KeptPart
from mosovo_planner.store.tables.kinds import LIST_DECISION


class ListsPart(KeptPart):
    """The decisions of a unit of work."""

    def list_decisions(self, ref: str | None = None) -> tuple[ListDecision, ...]:
        """Decisions (about one offender where given), oldest first."""
        return self._records.of(LIST_DECISION, ref)

    def add_list_decision(self, decision: ListDecision, reason: str = "") -> None:
        """Keep a decision.

        Raises:
            BadRecord: there is no such offender.
        """
        self._records.add(LIST_DECISION, [(decision.ref, decision)], reason)

    def remove_list_decision(self, decision: ListDecision, reason: str) -> None:
        """Take a decision back, as it was read.

        Raises:
            StaleRecord: somebody else took it back meanwhile.
        """
        kept = self._records.kept(LIST_DECISION, LIST_DECISION.table.c.id == decision.id)
        if not kept or kept[0].fact != decision:
            raise StaleRecord("list decision", (decision.ref,))
        self._records.remove(LIST_DECISION, kept, reason)
