"""How long matching takes for the whole country's offenders, and how much it finds. Prints its figures.

Names are drawn by a long-tailed distribution (a few surnames are common, most are rare), and every person is invented.
"""

from __future__ import annotations

import csv
import random
import sys
import time
import tracemalloc
from datetime import date, datetime, timedelta
from pathlib import Path

from mosovo_planner.domain.matching import (
    Address,
    CaseloadIndex,
    CaseloadSearch,
    IncidentLog,
    LogPerson,
    Subject,
    Sureness,
    match_incidents,
)
from mosovo_planner.domain.progress import Progress
from mosovo_planner.office.incident_work import read_and_match
from mosovo_planner.planning.worker import run_in_worker

_OFFENDERS, _LOGS = 70_000, 5_000
_MANY = (
    "David Paul John Mark James Andrew Michael Stephen Robert Richard Christopher Peter Daniel Anthony Matthew William Thomas "
    "Ian Kevin Gary Alan Simon Jason Neil Lee Craig Darren Martin Philip Stuart Wayne Barry Colin Dean Carl Keith Mohammed Ahmed "
    "Ryan Liam Adam Luke Jamie Scott Shaun Graham Nigel Raymond Terence Trevor Derek Kenneth Patrick Sean Brian Roger Leslie"
)
_FORENAMES = _MANY.split()
_SHORT = {"David": "Dave", "Michael": "Mick", "Robert": "Bob", "Anthony": "Tony", "William": "Bill", "Daniel": "Danny",
          "Christopher": "Chris", "Matthew": "Matt", "Thomas": "Tom", "Mohammed": "Muhammad", "Kenneth": "Ken"}  # fmt: skip
_COMMON = "Smith Jones Taylor Brown Williams Wilson Johnson Davies Patel Robinson Wright Thompson Evans Walker White"


class _Force:
    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        heads, tails = (text.split() for text in (
            "Ash Brad Carl Dun Eller Fair Gar Hart Ing Kel Lang Mar Nor Oak Pen Rad Stan Thorn Wad Whit Bex Col",
            "ton ley ford well worth by ham wick man son field bridge more land house smith stead",
        ))  # fmt: skip
        middles = ["", "er", "ing", "en", "al", "is", "ow", "el", "am"]
        rare = [head + middle + tail for head in heads for middle in middles for tail in tails]
        self.surnames = _COMMON.split() + self.dice.sample(rare, len(rare))
        self.weights = [1 / (place + 8) for place in range(len(self.surnames))]

    def names(self, count: int) -> list[tuple[str, str]]:
        weights = [1 / (place + 6) for place in range(len(_FORENAMES))]
        families = self.dice.choices(self.surnames, self.weights, k=count)
        firsts = self.dice.choices(_FORENAMES, weights, k=count)
        seconds = self.dice.choices(_FORENAMES, weights, k=count)
        return [(family, f"{one} {two}") for family, one, two in zip(families, firsts, seconds, strict=True)]

    def born(self) -> date:
        return date(1945, 1, 1) + timedelta(days=self.dice.randrange(22_000))

    def postcode(self) -> str:
        letters = "ABDEFGHJLNPQRSTUWXYZ"
        area = self.dice.choice(["SN", "BA", "SP", "BS", "GL", "OX", "RG", "SO", "LS", "M", "B", "CF", "NE", "PR"])
        return f"{area}{self.dice.randrange(1, 30)} {self.dice.randrange(10)}{''.join(self.dice.choices(letters, k=2))}"

    def plate(self) -> str:
        letters = "".join(self.dice.choices("ABCDEFGHJKLMNPRSTUVWXY", k=5))
        return f"{letters[:2]}{self.dice.randrange(10, 75)} {letters[2:]}"

    def subject(self, number: int, name: tuple[str, str]) -> Subject:
        return Subject(
            ref=f"INV-{number:06}", refs=(f"INV-{number:06}", f"SYN/{number:07}"), surname=name[0], forenames=name[1],
            date_of_birth=self.born(), addresses=(Address(f"{self.dice.randrange(1, 120)} Sample Street", self.postcode()),),
            vehicles=(self.plate(),) if number % 3 == 0 else (),
        )  # fmt: skip

    def slip(self, text: str) -> str:
        place = self.dice.randrange(1, max(2, len(text) - 1))
        return self.dice.choice([
            text[:place] + text[place + 1 :],
            text[:place] + self.dice.choice("aeiorst") + text[place + 1 :],
            text[:place] + text[place] + text[place:],
            text[: place - 1] + text[place : place + 1] + text[place - 1 : place] + text[place + 1 :],
        ])  # fmt: skip

    def noisy(self, subject: Subject) -> tuple[str, LogPerson, dict[str, object]]:
        """The kind of noise, the person as a log may have him, and what else the log holds."""
        family, given = subject.surname, subject.forenames.split()[0]
        born, home = subject.date_of_birth, subject.addresses[0]
        assert born is not None
        swapped = born.replace(day=born.month, month=born.day) if born.day <= 12 else born
        kinds: dict[str, tuple[LogPerson, dict[str, object]]] = {
            "reference": (LogPerson(surname=family.upper(), refs=(subject.ref.lower(),)), {}),
            "name and birth": (LogPerson(surname=family.upper(), forenames=given, date_of_birth=born), {}),
            "short form and birth": (LogPerson(surname=family, forenames=_SHORT.get(given, given), date_of_birth=born), {}),
            "slip and birth": (LogPerson(surname=self.slip(family), forenames=given, date_of_birth=born), {}),
            "other order and birth": (LogPerson(surname=given, forenames=family, date_of_birth=born), {}),
            "name, birth swapped": (LogPerson(surname=family, forenames=given, date_of_birth=swapped), {}),
            "name and postcode": (LogPerson(surname=f"{given} {family}"), {"postcode": home.postcode}),
            "initial and birth": (LogPerson(surname=family, forenames=given[0], date_of_birth=born), {}),
            "slip and house": (
                LogPerson(surname=family, forenames=self.slip(given)), {"address": home.address, "postcode": home.postcode}
            ),
            "name in the text, born": (
                LogPerson(), {"text": f"Caller says {given} {family} DOB {born:%d/%m/%Y} was seen near the park."}
            ),
        }  # fmt: skip
        kind = self.dice.choice(list(kinds))
        return kind, *kinds[kind]


def _invented() -> tuple[list[Subject], list[IncidentLog], list[tuple[str, str] | None]]:
    force = _Force(7)
    subjects = [force.subject(number, name) for number, name in enumerate(force.names(_OFFENDERS))]
    logs: list[IncidentLog] = []
    truth: list[tuple[str, str] | None] = []
    at = datetime(2026, 11, 20)
    for number, name in enumerate(force.names(_LOGS)):
        common = {"number": f"LOG{number:05}", "at": at, "text": "Report of a disturbance in the street, units attended. " * 3}
        if number % 5 == 0:
            subject = force.dice.choice(subjects)
            kind, person, more = force.noisy(subject)
            truth.append((kind, subject.ref))
            logs.append(IncidentLog(**{**common, **more}, persons=(person,)))  # type: ignore[arg-type]
        else:
            born = force.born() if number % 2 else None
            person = LogPerson(surname=name[0], forenames=name[1], date_of_birth=born)
            truth.append(None)
            logs.append(IncidentLog(**common, persons=(person,), postcode=force.postcode()))  # type: ignore[arg-type]
    return subjects, logs, truth


def test_the_whole_country_against_a_night_of_logs():
    subjects, logs, truth = _invented()
    start = time.perf_counter()
    index = CaseloadIndex(subjects)
    built = time.perf_counter() - start
    result = match_incidents(logs, index)
    seconds = time.perf_counter() - start
    found: dict[int, list[tuple[str, Sureness]]] = {}
    for match in result.matches:
        found.setdefault(match.log, []).append((match.ref, match.sureness))
    sys.stdout.write(f"\n{_OFFENDERS:,} offenders, {_LOGS:,} logs: index {built:.1f} s, all {seconds:.1f} s\n")
    for sureness in Sureness:
        given = [(match.log, match.ref) for match in result.matches if match.sureness is sureness]
        right = sum(truth[log] is not None and truth[log][1] == ref for log, ref in given)  # type: ignore[index]
        sys.stdout.write(f"  {sureness.value:9} {len(given):6,} given, precision {right / max(1, len(given)):.3f}\n")
    kinds = sorted({kind for each in truth if each for kind in [each[0]]})
    for kind in kinds:
        wanted = [(log, each[1]) for log, each in enumerate(truth) if each and each[0] == kind]
        got = [dict(found.get(log, [])).get(ref) for log, ref in wanted]
        strong = sum(each in (Sureness.SURE, Sureness.LIKELY) for each in got)
        sys.stdout.write(f"  {kind:24} {len(wanted):4}: found {sum(each is not None for each in got) / len(wanted):.3f}, "
                         f"sure or likely {strong / len(wanted):.3f}\n")  # fmt: skip
    sys.stdout.write(f"  set aside: {len(result.set_aside):,} logs whose names are too common\n")


def test_from_a_file_to_matches_in_a_worker_process(tmp_path: Path):
    """What a user waits for: the people go to the worker, which reads the file, matches, and sends the matches back."""
    subjects, logs, _ = _invented()
    file = tmp_path / "night.csv"
    with file.open("w", newline="", encoding="utf-8") as out:
        rows = csv.writer(out)
        rows.writerow(["Log number", "Date", "Time", "Postcode", "Surname", "Forename", "DOB", "Reference", "Text"])
        for log in logs:
            (person,) = log.persons
            born = f"{person.date_of_birth:%d/%m/%Y}" if person.date_of_birth else ""
            names = (person.surname, person.forenames, born, " ".join(person.refs))
            rows.writerow([log.number, "20/11/2026", "01:20", log.postcode, *names, log.text])
    steps: list[Progress] = []
    start = time.perf_counter()
    found = run_in_worker(read_and_match, file, date(2026, 11, 21), None, subjects, report=steps.append)
    seconds = time.perf_counter() - start
    matches = len(found.result.matches)
    sys.stdout.write(f"\n{_OFFENDERS:,} offenders, a file of {_LOGS:,} logs, in a worker: {seconds:.1f} s, {matches:,} matches\n")
    assert len(found.logs.logs) == _LOGS
    assert any(step.text.startswith("Matching log") for step in steps)


def test_memory_of_the_whole_country():
    subjects, logs, _ = _invented()
    tracemalloc.start()
    try:
        index = CaseloadIndex(subjects)
        match_incidents(logs[:500], index)
        peak = tracemalloc.get_traced_memory()[1] / 2**20
    finally:
        tracemalloc.stop()
    sys.stdout.write(f"\nindex of {_OFFENDERS:,} and matching: {peak:.0f} MB at most\n")
    assert peak < 1024


def test_a_question_over_ten_thousand():
    force = _Force(11)
    subjects = [force.subject(number, name) for number, name in enumerate(force.names(10_000))]
    start = time.perf_counter()
    search = CaseloadSearch(subjects)
    built = time.perf_counter() - start
    slowest, which = 0.0, ""
    ordinary = ["smith", "john smith", "jon smyth", "s", "sample street", "12 sample street sn12", "bill taylor", "INV-004711",
                subjects[300].vehicles[0], subjects[5].addresses[0].postcode, "SN1",
                f"{subjects[9].date_of_birth:%d/%m/%Y}"]  # fmt: skip
    for question in ordinary:
        start = time.perf_counter()
        search.find(question)
        took = time.perf_counter() - start
        slowest, which = max((slowest, which), (took, question))
    sys.stdout.write(f"\nsearch index of 10,000 in {built:.2f} s; slowest question {slowest * 1000:.0f} ms ({which!r})\n")
