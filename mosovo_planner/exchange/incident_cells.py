"""One row of a table of logs to one log: times, persons in numbered groups, free text without bank data."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from mosovo_planner.domain.guard import holds_financial_data
from mosovo_planner.domain.matching.subjects import Address, IncidentLog, LogPerson
from mosovo_planner.exchange.dates import DateOrder, DateRule, date_order, read_date
from mosovo_planner.exchange.fields import IGNORED, TableKind, field_of
from mosovo_planner.exchange.findings import Doubt, Finding, Severity
from mosovo_planner.exchange.layout import ColumnReading, Table
from mosovo_planner.exchange.postcodes import read_postcode
from mosovo_planner.exchange.sheets import Row
from mosovo_planner.exchange.text import as_text, is_blank, plain, read_text, shown
from mosovo_planner.exchange.wordings import read_name

_LONDON = ZoneInfo("Europe/London")
_CLOCK = re.compile(r"(?:^|[ T])(\d{1,2})[:.](\d{2})(?::\d{2}(?:\.\d+)?)?\s*([ap])?\.?m?\.?(Z|[+-]\d{2}:?\d{2})?$", re.IGNORECASE)
_FOUR_DIGITS = re.compile(r"([01]\d|2[0-3])([0-5]\d)(?:\s*(?:hrs|hours|h))?", re.IGNORECASE | re.ASCII)
_LONG_NUMBER = re.compile(r"\d(?:[ \-]?\d){5,}", re.ASCII)
_YEAR = re.compile(r"(?:19|20)\d{2}", re.ASCII)
_BETWEEN_PLATES = re.compile(r"[;,/\n|]+")
_NOBODY = frozenset({"unknown", "not known", "unk", "nk", "n/a", "na", "none", "nil", "tbc", "anon", "anonymous", "u/k"})
_OF_PERSON = frozenset(
    {"person_ref", "surname", "forenames", "name", "date_of_birth", "person_address", "person_postcode", "role"}
)


@dataclass
class LogReader:
    """Reads the rows of one table of logs and collects what is doubtful."""

    table: Table
    as_of: date
    declared: DateOrder | None
    findings: list[Finding] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._rules: dict[int, DateRule] = {}
        self._columns = [column for column in self.table.reading.columns if column.field not in (None, IGNORED)]
        self._dated = [column for column in self._columns if column.field in ("at", "date_of_birth")]
        self._groups = {column.index: _group(column) for column in self._columns}

    def read(self, row: Row) -> IncidentLog:
        """The log of a row; a doubtful cell is left out of it and found in ``findings``."""
        values: dict[str, list[object]] = defaultdict(list)
        groups: dict[int, dict[str, object]] = defaultdict(dict)
        for column in self._columns:
            name, value = column.field or "", self._value(row, column)
            if value in (None, ""):
                continue
            if name in _OF_PERSON:
                groups[self._groups[column.index]].setdefault(name, value)
            else:
                values[name].append(value)
        persons = tuple(person for _, each in sorted(groups.items()) if (person := _person(each)) is not None)
        if not values.get("number"):
            self._add(row, None, "missing_number", "The log has no number; it was read, and its row is named instead.", "")
        return IncidentLog(
            number=str(next(iter(values["number"]), "")),
            at=self._at(values),
            kind=_text(values["kind"]),
            place=_text(values["place"]),
            address=_text(values["address"], ", "),
            postcode=_text(values["postcode"][:1]),
            persons=persons,
            vehicles=tuple(dict.fromkeys(each for value in values["vehicle"] for each in _plates(str(value)))),
            text=_text(values["text"], "\n"),
            sheet=self.table.reading.sheet,
            row=row.number,
        )

    def _value(self, row: Row, column: ColumnReading) -> object:
        cell = row.cell(column.index)
        if is_blank(cell) or (column.field != "text" and isinstance(cell, str) and plain(cell).casefold() in _NOBODY):
            return None
        known = field_of(TableKind.LOGS, column.field or "")
        try:
            if column.field in ("at", "date_of_birth"):
                return self._moment(cell, column) if column.field == "at" else self._born(cell, column)
            if column.field in ("postcode", "person_postcode"):
                return read_postcode(cell)
            if column.field == "time":
                return _clock(cell)
            if column.field == "name":
                return read_name(cell, known.longest)
            if column.field == "text":
                return self._free_text(row, column, known.longest)
            return read_text(cell, known.longest, lines=", ")
        except Doubt as doubt:
            self._add(row, column, doubt.code, doubt.message, shown(cell))
            return None

    def _rule(self, column: ColumnReading) -> DateRule:
        if column.index not in self._rules:
            order = self.declared or self._order([column]) or self._order(self._dated)
            earliest = date(1900, 1, 1) if column.field == "date_of_birth" else date(1990, 1, 1)
            self._rules[column.index] = DateRule(earliest, self.as_of, order, self.table.sheet.epoch)
        return self._rules[column.index]

    def _order(self, columns: list[ColumnReading]) -> DateOrder | None:
        """One system writes all its dates alike, so what a column leaves open another may settle."""
        return date_order(row.cell(column.index) for column in columns for row in self.table.rows)

    def _born(self, cell: object, column: ColumnReading) -> date | int:
        """A date of birth, or the year where no more is known."""
        if _YEAR.fullmatch(plain(cell)):
            return int(plain(cell))
        return read_date(cell, self._rule(column))

    def _moment(self, cell: object, column: ColumnReading) -> datetime | date:
        """A local time; times that state their zone are turned into it. A date alone where the cell has no clock."""
        day = read_date(cell, self._rule(column))
        if isinstance(cell, datetime):
            return _local(cell)
        match = _CLOCK.search(plain(cell)) if isinstance(cell, str) else None
        if match is None:
            return day
        at = datetime.combine(day, _time(int(match[1]), int(match[2]), match[3]))
        if match[4] is None:
            return at
        zone = "+0000" if match[4] in "Zz" else match[4].replace(":", "")
        return _local(datetime.strptime(f"{at:%Y-%m-%d %H:%M}{zone}", "%Y-%m-%d %H:%M%z"))

    def _at(self, values: dict[str, list[object]]) -> datetime | None:
        at = next(iter(values["at"]), None)
        if isinstance(at, datetime):
            clock = next(iter(values["time"]), None)
            return datetime.combine(at.date(), clock) if isinstance(clock, time) and at.time() == time(0) else at
        if isinstance(at, date):
            clock = next(iter(values["time"]), None)
            return datetime.combine(at, clock if isinstance(clock, time) else time(0))
        return None

    def _free_text(self, row: Row, column: ColumnReading, longest: int) -> str:
        """The text without hidden characters and without bank and card numbers; what was taken out is found."""
        raw = as_text(row.cell(column.index))
        text = "".join(letter if letter.isprintable() or letter in "\n\t" else " " for letter in raw)
        if len(text) > longest:
            message = f"Only the first {longest:,} characters of the text were read."
            self._add(row, column, "text_too_long", message, "")
            text = text[:longest]
        if holds_financial_data(text):
            text = _LONG_NUMBER.sub("[number taken out]", text)
            message = "The text held what looks like a card or bank account number; long numbers were taken out of it."
            self._add(row, column, "financial_data", message, "")
            text = "" if holds_financial_data(text) else text
        return text.strip()

    def _add(self, row: Row, column: ColumnReading | None, code: str, message: str, value: str) -> None:
        header = column.header if column else ""
        self.findings.append(Finding(self.table.reading.sheet, row.number, header, Severity.WARNING, code, value, message))


def _group(column: ColumnReading) -> int:
    """The person of a numbered column, ``Person 2 surname``; 1 where it has no number."""
    number = re.search(r"\d{1,3}", column.header)
    return int(number[0]) if number else 1


def _person(values: dict[str, object]) -> LogPerson | None:
    surname, forenames = str(values.get("surname", "")), str(values.get("forenames", ""))
    if not surname and isinstance(name := values.get("name"), tuple):
        surname, forenames = name
    born = values.get("date_of_birth")
    where = Address(str(values.get("person_address", "")), str(values.get("person_postcode", "")))
    person = LogPerson(
        surname=surname,
        forenames=forenames,
        date_of_birth=born if isinstance(born, date) else None,
        birth_year=born if isinstance(born, int) else None,
        refs=tuple(ref for ref in re.split(r"[;,\n]+\s*", str(values.get("person_ref", ""))) if ref),
        addresses=(where,) if where.address or where.postcode else (),
        role=str(values.get("role", "")),
    )
    return person if replace(person, role="") != LogPerson() else None  # a role alone says of nobody who he is


def _plates(text: str) -> list[str]:
    return [part.strip() for part in _BETWEEN_PLATES.split(text) if part.strip()]


def _text(values: list[object], between: str = " ") -> str:
    return between.join(dict.fromkeys(str(value) for value in values))


def _local(at: datetime) -> datetime:
    return at.astimezone(_LONDON).replace(tzinfo=None, fold=0) if at.tzinfo is not None else at


def _clock(cell: object) -> time:
    if isinstance(cell, datetime):
        return cell.time()
    if isinstance(cell, time):
        return cell
    text = plain(cell)
    if match := _FOUR_DIGITS.fullmatch(text.zfill(4) if text.isdigit() else text):
        return time(int(match[1]), int(match[2]))
    if (match := _CLOCK.search(text)) and match[4] is None:
        return _time(int(match[1]), int(match[2]), match[3])
    raise Doubt("bad_time", "This is no time of day. Write it as 18:40.")


def _time(hour: int, minute: int, half: str | None) -> time:
    if half and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half in "pP" else 0)
    if hour > 23 or minute > 59:
        raise Doubt("bad_time", "There is no such time of day. Write it as 18:40.")
    return time(hour, minute)
