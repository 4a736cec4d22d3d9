"""The facts about offenders that clocks run from, and what offenders are known by."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from mosovo_planner.domain.facts import Facts
from mosovo_planner.domain.identity import Identity
from mosovo_planner.domain.kept import SINGLE, Fact, Kept
from mosovo_planner.domain.uncollected import uncollected
from mosovo_planner.store.parts.kept import KeptPart, Records
from mosovo_planner.store.parts.part import storable
from mosovo_planner.store.parts.retained import retention_of
from mosovo_planner.store.tables import FACTS, RecordKind
from mosovo_planner.store.tables import kinds as kept_as

_IN_FACTS: dict[str, RecordKind[Any]] = {
    "events": kept_as.EVENT,
    "stays": kept_as.STAY,
    "orders": kept_as.ORDER,
    "trips": kept_as.TRIP,
    "risks": kept_as.RISK_SINCE,
    "sentence": kept_as.SENTENCE,
    "notification_end": kept_as.CONFIRMED_END,
    "no_fixed_home": kept_as.NO_FIXED_HOME,
    "reactive": kept_as.REACTIVE,
}
_IN_IDENTITY: dict[str, RecordKind[Any]] = {
    "aliases": kept_as.ALIAS,
    "addresses": kept_as.EARLIER_ADDRESS,
    "vehicles": kept_as.VEHICLE,
    "refs": kept_as.OTHER_REFERENCE,
}


class FactsPart(KeptPart):
    """The facts of a unit of work."""

    def facts(self, refs: Iterable[str] | None = None) -> dict[str, Facts]:
        """The facts of every offender (of ``refs`` where given) about whom any are kept, each kind in order of its day."""
        with uncollected():
            wanted = None if refs is None else list(dict.fromkeys(refs))
            found = _by_field(self._records, _IN_FACTS, wanted)
            for fields in found.values():
                for name in ("sentence", "notification_end", "reactive"):
                    if name in fields:
                        (fields[name],) = fields[name]
                fields["no_fixed_home"] = "no_fixed_home" in fields
            for ref, retention in retention_of(self._records, self._connection, wanted).items():
                found.setdefault(ref, {})["retention"] = retention
            return {ref: Facts(**fields) for ref, fields in found.items()}

    def identities(self, refs: Iterable[str] | None = None) -> dict[str, Identity]:
        """What offenders (those of ``refs`` where given) are known by beside their records, of whom anything is kept."""
        with uncollected():
            return identities_of(self._records, refs)

    def kept_facts(self, ref: str) -> tuple[Kept[Fact], ...]:
        """Everything kept about an offender with who entered it and when, kind by kind, each in order of its day."""
        if not storable(ref):
            return ()
        return tuple(kept for kind in FACTS.values() for kept in self._records.kept(kind, kind.table.c.ref == ref))

    def add_fact(self, ref: str, fact: Fact, reason: str = "") -> Kept[Fact]:
        """Enter a fact about an offender.

        Raises:
            BadRecord: there is no such offender.
            StaleRecord: it is of a kind he has one at most of (``kept.SINGLE``), and he has one; :meth:`set_fact` replaces it.
        """
        (kept,) = self._records.add(_kind_of(fact), [(ref, fact)], reason)
        return kept

    def add_facts(self, facts: Iterable[tuple[str, Fact]], reason: str = "") -> int:
        """Enter many facts at once, each with the reference of its offender; as :meth:`add_fact`. How many there were."""
        by_kind: dict[type, list[tuple[str, Fact]]] = {}
        for ref, fact in facts:
            by_kind.setdefault(type(fact), []).append((ref, fact))
        return sum(len(self._records.add(_kind_of(some[0][1]), some, reason)) for some in by_kind.values())

    def change_fact(self, kept: Kept[Any], fact: Fact, reason: str = "") -> Kept[Fact]:
        """Put a fact of the same kind in the place of one that was read (:meth:`kept_facts`).

        Raises:
            StaleRecord: somebody else changed or removed it meanwhile.
        """
        if type(fact) is not type(kept.fact):
            raise TypeError("a fact is changed into one of its own kind")
        return self._records.change(_kind_of(fact), kept, fact, reason)

    def remove_fact(self, kept: Kept[Any], reason: str) -> None:
        """Erase a fact that was entered wrongly, as it was read.

        Raises:
            StaleRecord: somebody else changed or removed it meanwhile.
        """
        self._records.remove(_kind_of(kept.fact), [kept], reason)

    def set_fact(self, ref: str, fact: Fact, reason: str = "") -> Kept[Fact]:
        """Enter a fact of a kind that an offender has one at most of, instead of the one he has.

        Raises:
            BadRecord: there is no such offender.
        """
        if type(fact) not in SINGLE:
            raise TypeError("an offender can have many facts of this kind; add it")
        kind = _kind_of(fact)
        stored = self._records.kept(kind, kind.table.c.ref == ref, lock=True) if storable(ref) else []
        return self._records.change(kind, stored[0], fact, reason) if stored else self.add_fact(ref, fact, reason)


def identities_of(records: Records, refs: Iterable[str] | None = None) -> dict[str, Identity]:
    """What offenders (those of ``refs`` where given) are known by, of whom anything is kept."""
    return {ref: Identity(**fields) for ref, fields in _by_field(records, _IN_IDENTITY, refs).items()}


def _by_field(records: Records, kinds: dict[str, RecordKind[Any]], refs: Iterable[str] | None) -> dict[str, dict[str, Any]]:
    wanted = None if refs is None else list(dict.fromkeys(refs))
    found: dict[str, dict[str, Any]] = {}
    for name, kind in kinds.items():
        for ref, kept in records.grouped(kind, wanted):
            found.setdefault(ref, {})[name] = kept
    return found


def _kind_of(fact: Any) -> RecordKind[Any]:
    return FACTS[type(fact)]
