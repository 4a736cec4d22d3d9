"""Who manages him? A search over the caseload by whatever a frontline officer has: name, address, vehicle, reference."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np
from rapidfuzz.distance import OSA
from rapidfuzz.process import cdist

from mosovo_planner.domain.matching.facts import Birth, compare_births, plate
from mosovo_planner.domain.matching.forenames import forms_of
from mosovo_planner.domain.matching.names import is_slip
from mosovo_planner.domain.matching.subjects import Subject
from mosovo_planner.domain.matching.writing import compact, words

_EXACT, _FORM, _START, _SLIP = 10.0, 7.0, 6.0, 5.0
_WEIGHT = {"reference": 3.0, "vehicle": 2.5, "date of birth": 2.0, "surname": 1.5, "forename": 1.2, "alias": 1.2}
_MOST_WORDS = 12
_DAY = re.compile(r"(?<!\d)(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})(?!\d)|(?<!\d)(\d{4})-(\d{2})-(\d{2})(?!\d)", re.ASCII)
_CODE = re.compile(r"\b([A-Z]{1,2}[0-9][0-9A-Z]?) ([0-9](?:[A-Z]{2})?)\b", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Hit:
    """Somebody found. ``reasons`` say what of the question fits; ``complete`` that all of it does."""

    ref: str
    score: float
    complete: bool
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Term:
    """One word of the question and how each person of the caseload answers it: score and reason by place."""

    answers: dict[int, tuple[float, str]]


class CaseloadSearch:
    """An index of the caseload's words. Build it once per view of the caseload; each question takes milliseconds."""

    def __init__(self, subjects: Iterable[Subject]) -> None:
        self._refs: list[str] = []
        self._births: dict[date, list[int]] = defaultdict(list)
        self._words: dict[str, dict[int, str]] = {}
        for place, subject in enumerate(subjects):
            self._refs.append(subject.ref)
            if subject.date_of_birth:
                self._births[subject.date_of_birth].append(place)
            for field, word in _words_of(subject):
                fields = self._words.setdefault(word, {})
                if _WEIGHT.get(field, 1.0) >= _WEIGHT.get(fields.get(place, ""), 0.0):
                    fields[place] = field
        self._sorted = sorted(self._words)
        self._lettered = [word for word in self._sorted if len(word) > 3 and not any(letter.isdigit() for letter in word)]

    def find(self, question: str, limit: int = 20) -> tuple[Hit, ...]:
        """Who fits a question such as ``jon smyth melksham``, ``SN12 6``, ``AB12 CDE``, ``o'brien 03/05/1971``.

        Ranked: those whom the whole question fits first. Where nobody fits the whole, those who fit most of it.
        """
        terms = self._terms(question[:300])
        if not terms:
            return ()
        scores: dict[int, list[tuple[float, str]]] = defaultdict(list)
        for term in terms:
            for place, answer in term.answers.items():
                scores[place].append(answer)
        most = max((len(answers) for answers in scores.values()), default=0)
        least = most if most == len(terms) or most <= 1 else max(1, most - 1)
        if most == 0 or (len(terms) > 2 and most < len(terms) / 2):
            return ()
        hits = [
            Hit(self._refs[place], sum(score for score, _ in answers), len(answers) == len(terms), _reasons(answers))
            for place, answers in scores.items()
            if len(answers) >= least
        ]
        return tuple(sorted(hits, key=lambda hit: (not hit.complete, -hit.score, hit.ref))[:limit])

    def _terms(self, question: str) -> list[_Term]:
        terms = []
        for match in _DAY.finditer(question):
            if answers := self._born(match):
                terms.append(_Term(answers))
        rest = _DAY.sub(" ", question)
        whole = self._whole(rest)
        if whole is not None:
            return [*terms, whole]
        for match in _CODE.finditer(rest):
            terms.append(_Term(self._starting(compact(match[0]), ("postcode", "vehicle"))))
        rest = _CODE.sub(" ", rest)
        return terms + [self._word(word) for word in _question_words(rest)[:_MOST_WORDS]]

    def _born(self, match: re.Match[str]) -> dict[int, tuple[float, str]]:
        day, month, year, *iso = match.groups()
        try:
            wanted = date(*map(int, iso)) if iso[0] else date(int(year), int(month), int(day))
        except ValueError:
            return {}
        said = {Birth.EXACT: (_EXACT, "date of birth"), Birth.SWAPPED: (_SLIP, "date of birth with day and month swapped"),
                Birth.DIGIT: (_SLIP, "date of birth one digit off")}  # fmt: skip
        answers = {}
        for born, places in self._births.items():
            if found := said.get(compare_births(wanted, born)):
                answers.update(dict.fromkeys(places, (found[0] * _WEIGHT["date of birth"], found[1])))
        return answers

    def _whole(self, question: str) -> _Term | None:
        """The question as one reference, number plate or postcode, however it is spaced."""
        key = compact(question)
        if not any(letter.isdigit() for letter in key) or len(key) > 30:
            return None
        answers = self._starting(key, ("reference", "postcode"))
        if registration := plate(question):
            answers = {**self._starting(registration, ("vehicle",)), **answers}
            answers = answers or self._near_plates(registration)
        return _Term(answers) if answers else None

    def _near_plates(self, registration: str) -> dict[int, tuple[float, str]]:
        answers = {}
        for word, fields in self._words.items():
            if len(registration) >= 5 and "vehicle" in fields.values() and OSA.distance(registration, word, score_cutoff=1) <= 1:
                answers.update(
                    {place: (_SLIP, "vehicle, one letter off") for place, field in fields.items() if field == "vehicle"}
                )
        return answers

    def _starting(self, start: str, wanted: tuple[str, ...] = ()) -> dict[int, tuple[float, str]]:
        answers: dict[int, tuple[float, str]] = {}
        place = bisect_left(self._sorted, start)
        while place < len(self._sorted) and self._sorted[place].startswith(start):
            word = self._sorted[place]
            self._take(
                answers, word, _EXACT if word == start else _START, "" if word == start else f"starts with {start}", wanted
            )
            place += 1
        return answers

    def _word(self, word: str) -> _Term:
        answers: dict[int, tuple[float, str]] = {}
        if word.isdigit() and len(word) < 3:
            if word in self._words:  # a house number is whole
                self._take(answers, word, _EXACT, "", ())
        else:
            answers = self._starting(word, () if len(word) > 1 else ("surname", "forename"))
        for form in forms_of(word) - {word}:
            if form in self._words:
                self._take(answers, form, _FORM, f"{form} for {word}", ("forename", "alias"))
        if len(word) > 3 and self._lettered and not any(letter.isdigit() for letter in word):
            distances = cdist([word], self._lettered, scorer=OSA.distance, score_cutoff=2, dtype=np.uint8)[0]
            for near in np.flatnonzero(distances <= 2):
                other = self._lettered[near]
                if other != word and is_slip(*sorted((word, other))):
                    self._take(answers, other, _SLIP, f"{other}, nearly {word}", ())
        if any(letter.isdigit() for letter in word) and (registration := plate(word)):
            for place, answer in self._starting(registration, ("vehicle",)).items():
                answers.setdefault(place, answer)
        return _Term(answers)

    def _take(self, answers: dict[int, tuple[float, str]], word: str, score: float, how: str, wanted: tuple[str, ...]) -> None:
        for place, field in self._words[word].items():
            if wanted and field not in wanted:
                continue
            worth = score * _WEIGHT.get(field, 1.0)
            if place not in answers or answers[place][0] < worth:
                answers[place] = (worth, f"{field} {how}" if how else field)


def _reasons(answers: list[tuple[float, str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(reason for _, reason in sorted(answers, key=lambda answer: -answer[0])))


def _question_words(text: str) -> list[str]:
    """The words to look for; ``o brien`` is one."""
    found: list[str] = []
    for word in words(text):
        if found and found[-1] in ("o", "mc", "mac"):
            found[-1] += word
        else:
            found.append(word)
    return found


def _words_of(subject: Subject) -> Iterable[tuple[str, str]]:
    for field, text in (("surname", subject.surname), ("forename", subject.forenames), *(("alias", a) for a in subject.aliases)):
        parts = words(text)
        yield from ((field, part) for part in parts)
        if len(parts) > 1:
            yield field, "".join(parts)
    for ref in {compact(ref) for ref in (subject.ref, *subject.refs)} - {""}:
        yield "reference", ref
    for registration in filter(None, map(plate, subject.vehicles)):
        yield "vehicle", registration
    for address in subject.addresses:
        yield from (("address", word) for word in words(address.address))
        if address.postcode:
            yield "postcode", compact(address.postcode)
