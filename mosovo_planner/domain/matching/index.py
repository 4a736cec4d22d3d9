"""The caseload made findable by reference, name, date of birth, address and vehicle, so that few people are compared."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from rapidfuzz.distance import OSA
from rapidfuzz.process import cdist

from mosovo_planner.domain.matching.facts import Whereabouts, plate, whereabouts
from mosovo_planner.domain.matching.forenames import forms_of
from mosovo_planner.domain.matching.names import Likeness, Name, forenames, is_slip, name_of
from mosovo_planner.domain.matching.subjects import Subject
from mosovo_planner.domain.matching.writing import compact, words

_CHUNK = 256  # words compared with the vocabulary at a time: some megabytes of distances


@dataclass(frozen=True, slots=True)
class Known:
    """One person of the caseload as he compares."""

    subject: Subject
    names: tuple[Name, ...]
    places: tuple[Whereabouts, ...]
    plates: frozenset[str]


def _known(subject: Subject) -> Known:
    names = [name_of(subject.surname, subject.forenames)] if subject.surname else []
    for alias in subject.aliases:
        if len(words(alias)) > 1:
            names.append(name_of(alias))
        elif subject.surname and alias.strip():
            names.append(name_of(subject.surname, alias))
    places = tuple(whereabouts(each.address, each.postcode) for each in subject.addresses)
    return Known(subject, tuple(dict.fromkeys(names)), places, frozenset(filter(None, map(plate, subject.vehicles))))


class CaseloadIndex:
    """Who of the caseload could be meant. People are numbered by their place in ``known``."""

    def __init__(self, subjects: Iterable[Subject]) -> None:
        self.known = [_known(subject) for subject in subjects]
        self.by_ref: dict[str, list[int]] = defaultdict(list)
        self.by_birth: dict[date, list[int]] = defaultdict(list)
        self.by_postcode: dict[str, list[int]] = defaultdict(list)
        self.by_line: dict[tuple[str, ...], list[int]] = defaultdict(list)
        self.by_plate: dict[str, list[int]] = defaultdict(list)
        self.by_name: dict[str, dict[str, list[int]]] = {}
        for place, known in enumerate(self.known):
            self._add(place, known)
        self.surnames = list(self.by_name)
        self._near: dict[str, tuple[str, ...]] = {}

    def _add(self, place: int, known: Known) -> None:
        for ref in {compact(ref) for ref in (known.subject.ref, *known.subject.refs)} - {""}:
            self.by_ref[ref].append(place)
        if known.subject.date_of_birth:
            self.by_birth[known.subject.date_of_birth].append(place)
        for address in set(known.places):
            if address.postcode:
                self.by_postcode[address.postcode].append(place)
            if address.line:
                self.by_line[address.line].append(place)
        for each in known.plates:
            self.by_plate[each].append(place)
        for key, forename in {(part, given) for name in known.names for part in name.parts for given in name.forenames or ("",)}:
            self.by_name.setdefault(key, {}).setdefault(forename, []).append(place)

    def refs(self, reference: str) -> Sequence[int]:
        """Who bears a reference: as it is written, before those whose own differs in spaces and punctuation."""
        found = self.by_ref.get(compact(reference), ())
        wanted = reference.strip().casefold()
        exact = [place for place in found if wanted in {ref.casefold() for ref in self._refs(place)}]
        return exact or found

    def _refs(self, place: int) -> tuple[str, ...]:
        return (self.known[place].subject.ref, *self.known[place].subject.refs)

    def prepare(self, surnames: Iterable[str]) -> None:
        """Finds the near spellings of many surnames at once."""
        new = sorted({each for each in surnames if each and each not in self._near})
        for start in range(0, len(new), _CHUNK):
            wanted = new[start : start + _CHUNK]
            self._near.update((each, tuple(near)) for each, near in zip(wanted, self._spellings(wanted), strict=True))

    def _spellings(self, wanted: list[str]) -> list[list[str]]:
        found = [[form for form in forms_of(word) if form in self.by_name] for word in wanted]
        if self.surnames:
            distances = cdist(wanted, self.surnames, scorer=OSA.distance, score_cutoff=2, dtype=np.uint8, workers=2)
            for row, column in zip(*np.nonzero(distances <= 2), strict=True):
                if is_slip(*sorted((wanted[row], self.surnames[column]))):
                    found[row].append(self.surnames[column])
        return [list(dict.fromkeys(each)) for each in found]

    def named(self, name: Name) -> set[int]:
        """Who may bear a name of forename and surname, one of the two with a slip at most."""
        found: set[int] = set()
        for reading in (name, name.swapped):
            if reading is None or not reading.forenames:
                continue
            self.prepare(reading.parts)
            for part in reading.parts:
                self._collect(part, reading.forenames, Likeness.SLIP, found)
                for near in self._near[part]:
                    self._collect(near, reading.forenames, Likeness.VARIANT, found)
        return found

    def _collect(self, surname: str, given: tuple[str, ...], least: Likeness, found: set[int]) -> None:
        for forename, places in self.by_name.get(surname, {}).items():
            if forename and (forename in given or forenames((forename,), given) >= least):
                found.update(places)
