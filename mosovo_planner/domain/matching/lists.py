"""A list exported from ViSOR compared with the caseload: what to put right, here or there, by hand.

The program never writes to ViSOR and never changes the caseload by itself: the comparison is a list to work off.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from mosovo_planner.domain.matching.facts import Birth, compare_births
from mosovo_planner.domain.matching.names import NameLevel, compare_names, name_of
from mosovo_planner.domain.matching.writing import compact
from mosovo_planner.domain.people import Caseload, Offender, OffenderManager, risk_label
from mosovo_planner.domain.visits import Visit

_FIELDS = {
    "visor_ref": "ViSOR reference", "surname": "Surname", "forenames": "Forenames", "date_of_birth": "Date of birth",
    "postcode": "Postcode", "risk": "Risk level", "manager": "Offender manager", "last_seen": "Last successful visit",
    "arms_done": "ARMS completed", "rmp_review_due": "RMP review due", "mappa_level": "MAPPA level",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ListedPerson:
    """A row of the list. ``values`` are keyed by the field names of ``domain.Offender``; what it lacks is not compared."""

    sheet: str
    row: int
    ref: str
    values: Mapping[str, object]

    def text(self, field: str) -> str:
        return str(self.values.get(field) or "")

    @property
    def name(self) -> str:
        return ", ".join(filter(None, (self.text("surname"), self.text("forenames")))) or self.ref


@dataclass(frozen=True, slots=True)
class MissingHere:
    """On the list but not in the caseload. ``maybe`` are references of people who may be the same."""

    listed: ListedPerson
    maybe: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MissingThere:
    """In the caseload but not on the list; ``why`` tells what to look at first."""

    ref: str
    why: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that differs, in words as screens show them."""

    ref: str
    row: int
    field: str
    label: str
    here: str
    there: str


@dataclass(frozen=True, slots=True)
class UnenteredVisit:
    """A visit made that the list does not show. ``visit_id`` '' where only the date of the last visit is held here."""

    ref: str
    visit_id: str
    on: date
    outcome: str


@dataclass(frozen=True, slots=True)
class ListComparison:
    """What to work off. ``same`` counts those who are in both and differ in nothing."""

    missing_here: tuple[MissingHere, ...]
    missing_there: tuple[MissingThere, ...]
    differences: tuple[Difference, ...]
    visits_not_entered: tuple[UnenteredVisit, ...]
    matched: int
    same: int


def compare_list(
    listed: Iterable[ListedPerson],
    caseload: Caseload,
    visits: Iterable[Visit] = (),
    *,
    entered: frozenset[str] = frozenset(),
) -> ListComparison:
    """Compare by ViSOR reference, else the caseload's own. ``entered`` are ids of visits already marked as in ViSOR.

    A person found by neither is told as missing, with those of the same name and date of birth named as maybe the same.
    """
    finder = _Finder(caseload)
    pairs: dict[str, tuple[Offender, ListedPerson]] = {}
    missing_here = []
    for each in listed:
        offender = finder.find(each)
        if offender is None:
            missing_here.append(MissingHere(each, finder.alike(each)))
        else:
            pairs.setdefault(offender.ref, (offender, each))
    managers = {manager.id: manager for manager in caseload.managers}
    differences = [diff for offender, each in pairs.values() for diff in _differences(offender, each, managers)]
    unentered = _unentered(pairs, visits, entered)
    named = {ref for missing in missing_here for ref in missing.maybe}
    missing_there = tuple(_missing_there(each, each.ref in named) for each in caseload.offenders if each.ref not in pairs)
    uneven = {diff.ref for diff in differences} | {visit.ref for visit in unentered}
    return ListComparison(
        tuple(missing_here), missing_there, tuple(differences), unentered, len(pairs), len(pairs.keys() - uneven)
    )


class _Finder:
    def __init__(self, caseload: Caseload) -> None:
        self._visor = {compact(each.visor_ref): each for each in caseload.offenders if compact(each.visor_ref)}
        self._own = {compact(each.ref): each for each in caseload.offenders}
        self._born: dict[date, list[Offender]] = {}
        for each in caseload.offenders:
            if each.date_of_birth:
                self._born.setdefault(each.date_of_birth, []).append(each)

    def find(self, listed: ListedPerson) -> Offender | None:
        for key in dict.fromkeys((compact(listed.text("visor_ref")), compact(listed.ref))):
            if key and (found := self._visor.get(key) or self._own.get(key)):
                return found
        return None

    def alike(self, listed: ListedPerson) -> tuple[str, ...]:
        born = listed.values.get("date_of_birth")
        if not isinstance(born, date):
            return ()
        name = name_of(listed.text("surname"), listed.text("forenames"))
        return tuple(
            each.ref
            for each in self._born.get(born, ())
            if compare_names(name, name_of(each.surname, each.forenames))[0] >= NameLevel.SLIP
            and compare_births(born, each.date_of_birth) is Birth.EXACT
        )


def _missing_there(offender: Offender, maybe: bool) -> MissingThere:
    if maybe:
        return MissingThere(offender.ref, "A person of the same name and date of birth is on the list under another reference.")
    if not offender.visor_ref:
        return MissingThere(offender.ref, "No ViSOR reference is held here.")
    return MissingThere(offender.ref, "The list does not have this reference.")


def _differences(offender: Offender, listed: ListedPerson, managers: Mapping[str, OffenderManager]) -> Iterable[Difference]:
    for field, label in _FIELDS.items():
        if field not in listed.values:
            continue
        here, there = getattr(offender, field), listed.values[field]
        if _alike(field, here, there, managers):
            continue
        yield Difference(offender.ref, listed.row, field, label, _shown(field, here, managers), _shown(field, there, managers))


def _alike(field: str, here: object, there: object, managers: Mapping[str, OffenderManager]) -> bool:
    if field == "manager":
        manager = managers.get(str(here))
        return compact(str(there)) in {compact(str(here or "")), *(filter(None, [manager and compact(manager.name)]))}
    if isinstance(here, str) and isinstance(there, str):
        return compact(here) == compact(there)
    return here == there


def _shown(field: str, value: object, managers: Mapping[str, OffenderManager]) -> str:
    if value is None or value == "":
        return "not assessed" if field == "risk" else "nothing"
    if field == "risk":
        return risk_label(value)  # type: ignore[arg-type]  # the field's own kind
    if field == "manager":
        manager = managers.get(str(value))
        return manager.label if manager else str(value)
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else str(value)


def _unentered(
    pairs: Mapping[str, tuple[Offender, ListedPerson]], visits: Iterable[Visit], entered: frozenset[str]
) -> tuple[UnenteredVisit, ...]:
    """Visits after the last one the list shows. Where it has no column of visits nothing can be said, and nothing is."""
    found: list[UnenteredVisit] = []
    told: dict[str, date] = {}
    for visit in sorted(visits, key=lambda each: (each.ref, each.at)):
        last = _last(pairs, visit.ref)
        if last is None or visit.id in entered or visit.at.date() <= last:
            if visit.id in entered:
                told[visit.ref] = max(told.get(visit.ref, date.min), visit.at.date())
            continue
        told[visit.ref] = max(told.get(visit.ref, date.min), visit.at.date())
        found.append(UnenteredVisit(visit.ref, visit.id, visit.at.date(), visit.outcome.label))
    for ref, (offender, _) in pairs.items():
        last, seen = _last(pairs, ref), offender.last_seen
        if last is not None and seen is not None and seen > max(last, told.get(ref, date.min)):
            found.append(UnenteredVisit(ref, "", seen, "Seen"))
    return tuple(sorted(found, key=lambda each: (each.ref, each.on)))


def _last(pairs: Mapping[str, tuple[Offender, ListedPerson]], ref: str) -> date | None:
    """The last visit the list shows; the first day of time where its cell is empty, None where it has no such column."""
    if ref not in pairs or "last_seen" not in pairs[ref][1].values:
        return None
    last = pairs[ref][1].values["last_seen"]
    return last if isinstance(last, date) else date.min
