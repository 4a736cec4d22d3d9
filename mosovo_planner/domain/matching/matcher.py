"""Incident logs matched to the caseload: sure, likely or possible, each explained, none merged by itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from mosovo_planner.domain.matching.evidence import Evidence, Sureness
from mosovo_planner.domain.matching.facts import Birth, Nearness, Whereabouts, compare_births, compare_places, plate, whereabouts
from mosovo_planner.domain.matching.index import CaseloadIndex, Known
from mosovo_planner.domain.matching.names import Name, NameLevel, compare_names, name_of
from mosovo_planner.domain.matching.reading import people_in, plates_in, postcodes_in, refs_in
from mosovo_planner.domain.matching.subjects import IncidentLog, LogPerson, Subject
from mosovo_planner.domain.progress import Progress, Reporter, silent

MOST_ALIKE = 5
"""More people than these matched by nothing but a name, or nothing but an address, are counted and not listed."""

_STEP = 200


@dataclass(frozen=True, slots=True)
class IncidentMatch:
    """One log that may concern one person. ``log`` is its place among the logs; ``person`` who in it (None: nobody named)."""

    log: int
    number: str
    ref: str
    sureness: Sureness
    evidence: Evidence
    person: LogPerson | None = None

    @property
    def explanation(self) -> str:
        """``Likely: same name, date of birth one digit off.``"""
        return f"{self.sureness.label}: {', '.join(self.evidence.reasons)}."


@dataclass(frozen=True, slots=True)
class SetAside:
    """So many people fit a log by nothing but ``what`` that they are not listed; nothing is lost in silence."""

    log: int
    number: str
    what: str
    people: int

    @property
    def explanation(self) -> str:
        return f"{self.people} people of the caseload fit by {self.what} alone, so they are not listed. Look at the log itself."


@dataclass(frozen=True, slots=True)
class MatchResult:
    """``matches`` in the order of the logs, surest first within one."""

    matches: tuple[IncidentMatch, ...]
    set_aside: tuple[SetAside, ...]


def match_incidents(
    logs: Sequence[IncidentLog], caseload: CaseloadIndex | Iterable[Subject], report: Reporter = silent
) -> MatchResult:
    """Match logs to the caseload. A person of the caseload is matched once a log, by what speaks most for it."""
    index = caseload if isinstance(caseload, CaseloadIndex) else CaseloadIndex(caseload)
    readings = [_read(log, index) for log in logs]
    names = (person.name for reading in readings for person in reading)
    swapped = ((name, name.swapped) for name in names)
    index.prepare(chain.from_iterable(each.parts for pair in swapped for each in pair if each is not None))
    matches: list[IncidentMatch] = []
    aside: list[SetAside] = []
    for place, (log, people) in enumerate(zip(logs, readings, strict=True)):
        if place % _STEP == 0:
            report(Progress(f"Matching log {place + 1:,} of {len(logs):,}", place / len(logs)))
        found = _best(people, index)
        listed, crowds = _thinned(place, log, found, index)
        matches += listed
        aside += crowds
    return MatchResult(tuple(matches), tuple(aside))


@dataclass(frozen=True, slots=True)
class _Seen:
    """A person of a log as he compares; the log's own place, vehicles and references counted to each."""

    person: LogPerson | None
    name: Name
    refs: tuple[str, ...]
    places: tuple[Whereabouts, ...]
    plates: frozenset[str]
    from_text: bool = False


def _read(log: IncidentLog, index: CaseloadIndex) -> list[_Seen]:
    places = [whereabouts(log.address or log.place, log.postcode)]
    if log.place and log.address:
        places.append(whereabouts(log.place, log.postcode))
    text = f"{log.place}\n{log.text}" if log.place else log.text
    places += [whereabouts("", code) for code in postcodes_in(text)]
    plates = {plate(each) for each in (*log.vehicles, *plates_in(text))} - {""}
    where = tuple(dict.fromkeys(each for each in places if each.postcode or each.line))
    people = [_seen(person, where, plates) for person in log.persons]
    people += [replace(_seen(person, where, plates), from_text=True) for person in people_in(text, index)]
    if not any(each.name.surname for each in people):
        people.append(_Seen(None, name_of(""), (), where, frozenset(plates)))
    if refs := refs_in(text, index):
        people.append(_Seen(None, name_of(""), refs, (), frozenset()))
    return people


def _seen(person: LogPerson, where: tuple[Whereabouts, ...], plates: set[str]) -> _Seen:
    own = tuple(whereabouts(each.address, each.postcode) for each in person.addresses)
    mine = frozenset(plates | {plate(each) for each in person.vehicles} - {""})
    return _Seen(person, name_of(person.surname, person.forenames), person.refs, tuple(dict.fromkeys((*own, *where))), mine)


def _best(people: Iterable[_Seen], index: CaseloadIndex) -> dict[int, tuple[Evidence, Sureness, LogPerson | None]]:
    best: dict[int, tuple[Evidence, Sureness, LogPerson | None]] = {}
    for seen in people:
        for place, evidence in _compared(seen, index):
            sureness = evidence.sureness
            if sureness is None:
                continue
            before = best.get(place)
            if before is None or (sureness.rank, evidence.points) > (before[1].rank, before[0].points):
                best[place] = (evidence, sureness, seen.person)
    return best


def _compared(seen: _Seen, index: CaseloadIndex) -> Iterator[tuple[int, Evidence]]:
    """Everybody who may be meant, with the evidence. Who else bears the name settles whether it is a rare one."""
    bearers: dict[int, list[str]] = {}
    shared: set[str] = set()
    for ref in seen.refs:
        found = index.refs(ref)
        shared.update([ref] if len(found) > 1 else [])
        for place in found:
            bearers.setdefault(place, []).append(ref)
    named = index.named(seen.name)
    candidates = named | bearers.keys() | _by_facts(seen, index)
    evidence = {place: _evidence(seen, index.known[place]) for place in candidates}
    alike = [place for place, each in evidence.items() if each.name >= NameLevel.SLIP]
    twins = sum(each.name >= NameLevel.VARIANT and each.birth is Birth.EXACT for each in evidence.values())
    for place, each in evidence.items():
        own = next((ref for ref in bearers.get(place, ()) if ref not in shared), "") or next(iter(bearers.get(place, ())), "")
        yield (
            place,
            replace(
                each,
                reference=own,
                shared_reference=own in shared,
                alone=alike == [place],
                twins=twins > 1 and each.birth is Birth.EXACT and not each.place,
            ),
        )


def _by_facts(seen: _Seen, index: CaseloadIndex) -> set[int]:
    found: set[int] = set()
    if seen.person is not None and seen.person.date_of_birth is not None:
        found.update(index.by_birth.get(seen.person.date_of_birth, ()))
    for where in seen.places:
        found.update(index.by_postcode.get(where.postcode, ()) if where.postcode else ())
        found.update(index.by_line.get(where.line, ()) if where.line else ())
    for each in seen.plates:
        found.update(index.by_plate.get(each, ()))
    return found


def _evidence(seen: _Seen, known: Known) -> Evidence:
    level, words_for_it = NameLevel.NONE, ""
    if seen.name.surname:
        for name in known.names:
            level, words_for_it = max((level, words_for_it), compare_names(seen.name, name))
    birth = Birth.UNKNOWN
    if seen.person is not None:
        birth = compare_births(seen.person.date_of_birth, known.subject.date_of_birth, seen.person.birth_year)
    nearest = max((compare_places(one, other) for one in seen.places for other in known.places), default=Nearness.OTHER)
    return Evidence(
        name=level,
        name_words=words_for_it,
        birth=birth,
        place=nearest,
        vehicle=not seen.plates.isdisjoint(known.plates),
        names_other=bool(seen.name.surname) and level < NameLevel.SURNAME,
        from_text=seen.from_text,
    )


def _thinned(
    place: int, log: IncidentLog, found: dict[int, tuple[Evidence, Sureness, LogPerson | None]], index: CaseloadIndex
) -> tuple[list[IncidentMatch], list[SetAside]]:
    """The matches of a log without crowds: of many who have only the name, or only the address, just the number is told."""
    aside = []
    crowds = {
        "name": {known for known, (evidence, _, _) in found.items() if evidence.only_name},
        "address": {known for known, (evidence, _, _) in found.items() if evidence.only_place},
    }
    for what, crowd in crowds.items():
        if len(crowd) > MOST_ALIKE:
            aside.append(SetAside(place, log.number, what, len(crowd)))
            found = {known: each for known, each in found.items() if known not in crowd}
    ordered = sorted(found.items(), key=lambda item: (-item[1][1].rank, -item[1][0].points, item[0]))
    matches = [
        IncidentMatch(place, log.number, index.known[known].subject.ref, sureness, evidence, person)
        for known, (evidence, sureness, person) in ordered
    ]
    return matches, aside
