"""The list of bad inputs at the end of section 7 of the notes on security, each named, through the real import and the
checks of entering by hand. All people are invented."""

from __future__ import annotations

import csv
import io
import itertools
import json
import os
import shutil
import time
import unicodedata
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from mosovo_planner.domain.errors import UserError
from mosovo_planner.domain.people import Offender
from mosovo_planner.domain.sentences import Disposal, Sentence, Term
from mosovo_planner.domain.visits import Visit
from mosovo_planner.exchange import TrackerError, write_table
from mosovo_planner.office.entering import RecordRefused, save_offender
from mosovo_planner.office.facts import FactRefused, enter_fact
from mosovo_planner.office.imports import ImportPreview, commit_import, preview_import
from mosovo_planner.office.session import Session
from mosovo_planner.store import open_workspace
from mosovo_planner.store.backups.backup import verify
from mosovo_planner.store.base.errors import BadRecord, DamagedWorkspace, NewerSchema, StaleRecord
from mosovo_planner.store.embedded.keys import read_keys, write_keys
from mosovo_planner.store.migrations import schema
from tests.faults.ledger import PASSPHRASE, USER, Ground, first_schema, ground
from tests.faults.scenarios import SCENARIOS, _full, _kills

AS_OF = date(2026, 11, 23)
HEADERS = ("Ref", "Surname", "DOB", "Risk", "Last visit", "Notes")
_numbers = itertools.count(1)


@dataclass
class Bench:
    """A workspace of a supervisor, and a folder for files."""

    place: Ground
    session: Session

    def row(self, **cells: str) -> dict[str, str]:
        return dict.fromkeys(HEADERS, "") | {"Ref": f"BAD-{next(_numbers)}", "Surname": "OAK", "Risk": "Low"} | cells

    def file(self, content: bytes, name: str = "tracker.csv") -> Path:
        path = self.place.root / name
        path.unlink(missing_ok=True)
        path.write_bytes(content)
        return path

    def table(self, *rows: dict[str, str], encoding: str = "utf-8", delimiter: str = ",") -> Path:
        out = io.StringIO()
        table = csv.DictWriter(out, rows[0], delimiter=delimiter)
        table.writeheader()
        table.writerows(rows)
        return self.file(out.getvalue().encode(encoding, "surrogatepass"))

    def book(self, *rows: dict[str, object]) -> openpyxl.Workbook:
        book = openpyxl.Workbook()
        book.active.append(list(rows[0]))
        for row in rows:
            book.active.append(list(row.values()))
        return book

    def saved(self, book: openpyxl.Workbook) -> Path:
        path = self.place.root / "tracker.xlsx"
        book.save(path)
        return path

    def import_(self, path: Path) -> ImportPreview:
        preview = preview_import(self.session, path, AS_OF)
        commit_import(self.session, preview)
        shutil.rmtree(self.place.folder / "backups")
        return preview

    def held(self, ref: str) -> Offender | None:
        with self.session.workspace.transaction() as unit:
            return unit.offender(ref)

    def refused(self, path: Path) -> str:
        before = self.everybody()
        with pytest.raises(TrackerError) as refused:
            self.import_(path)
        assert self.everybody() == before
        return str(refused.value)

    def everybody(self) -> tuple[Offender, ...]:
        with self.session.workspace.transaction() as unit:
            return unit.offenders()


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    with ground() as place, place.open() as workspace:
        bench = Bench(place, Session(workspace))
        yield bench
        assert verify(workspace).problems == ()


def _codes(preview: ImportPreview) -> set[str]:
    return {finding.code for finding in preview.findings} - {"no_position"}


Trial = Callable[[Bench], None]
TRIALS: dict[str, Trial] = {}


def _names(*names: str) -> Callable[[Trial], Trial]:
    def named(trial: Trial) -> Trial:
        TRIALS.update(dict.fromkeys(names, trial))
        return trial

    return named


# ---- texts that are somebody's business and mean no harm here: taken letter by letter, and harmless where they go out


def _kept_as_typed(text: str) -> Trial:
    def trial(bench: Bench) -> None:
        row = bench.row(Surname=text, Notes=f"Says {text}")
        assert _codes(bench.import_(bench.table(row))) == set()
        held = bench.held(row["Ref"])
        assert held
        assert (held.surname, held.notes) == (text, f"Says {text}")
        by_hand = save_offender(bench.session, Offender(ref=f"{row['Ref']}-H", surname=text, notes=text))
        assert (by_hand.surname, by_hand.notes) == (text, text)
        _harmless_in_tables(bench, text)

    return trial


def _harmless_in_tables(bench: Bench, text: str) -> None:
    """No spreadsheet program runs it."""
    for name in ("out.csv", "out.xlsx"):
        path = bench.place.root / name
        write_table(path, title="Tried", headers=("Surname",), rows=((text,),), stamp=("Invented",))
    cells = [cell for row in csv.reader(path.with_suffix(".csv").read_text("utf-8-sig").splitlines()) for cell in row]
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in cells)
    book = openpyxl.load_workbook(path)
    assert {cell.data_type for row in book.worksheets[0].iter_rows() for cell in row if cell.value is not None} == {"s"}


for _text in ("O'Brien", "=cmd|'/c calc'!A1", "+44 7700 900123", "<img src=//evil/x>", "&lt;b&gt;", "x<br>y", "İ"):
    TRIALS[_text] = _kept_as_typed(_text)


# ---- texts that hide or swell: the cell is left empty and said, and nobody types them


def _left_empty(text: str, code: str, words: str) -> Trial:
    def trial(bench: Bench) -> None:
        row = bench.row(Notes=text)
        preview = bench.import_(bench.table(row))
        assert _codes(preview) == {code}
        held = bench.held(row["Ref"])
        assert held
        assert held.notes == ""
        for wrong in ({"notes": text}, {"surname": text}):
            with pytest.raises(RecordRefused, match=words):
                save_offender(bench.session, Offender(ref=f"{row['Ref']}-H", **wrong))  # type: ignore[arg-type]

    return trial


TRIALS["U+202E"] = _left_empty("abc\u202egnp.exe", "bad_characters", "hidden characters")
TRIALS["200k characters"] = _left_empty("a" * 200_000, "text_too_long", "longer than")
TRIALS["20k combining marks"] = _left_empty("e" + "\u0301" * 20_000, "text_too_long", "longer than")
TRIALS["a heap of combining marks that is not too long"] = _left_empty("e" + "\u0301" * 60, "bad_characters", "hidden characters")


@_names("lone surrogate")
def _lone_surrogate(bench: Bench) -> None:
    row = bench.row(Notes="ab\ud800c")
    assert _codes(bench.import_(bench.table(row))) == {"bad_characters"}
    with pytest.raises(BadRecord):
        save_offender(bench.session, Offender(ref="BAD-SURROGATE", notes="ab\ud800c"))


@_names("NUL")
def _nul(bench: Bench) -> None:
    assert "zero byte" in bench.refused(bench.table(bench.row(Notes="a\0b")))
    with pytest.raises(UserError):
        save_offender(bench.session, Offender(ref="BAD-NUL", notes="a\0b"))


# ---- who is who


@_names("NFC/NFD “Zoë” as two people")
def _composed(bench: Bench) -> None:
    """Two ways of writing one reference are one person; two people of one name stay two."""
    ref = f"BAD-{next(_numbers)}-Zoë"
    rows = [
        bench.row(Ref=unicodedata.normalize(form, ref), Surname=unicodedata.normalize(form, "Zoë")) for form in ("NFC", "NFD")
    ]
    preview = bench.import_(bench.table(*rows))
    assert _codes(preview) == {"duplicate"}
    assert [each.surname for each in bench.everybody() if each.ref.endswith("Zoë")] == ["Zoë"]


@_names("rows differing only in case")
def _case(bench: Bench) -> None:
    row = bench.row()
    preview = bench.import_(bench.table(row, row | {"Ref": row["Ref"].lower()}))
    assert _codes(preview) == {"duplicate"}
    assert len([each for each in bench.everybody() if each.ref.casefold() == row["Ref"].casefold()]) == 1


@_names("one person, two DOBs")
def _two_births(bench: Bench) -> None:
    row = bench.row(DOB="14/03/1980")
    preview = bench.import_(bench.table(row, row | {"DOB": "15/03/1980"}))
    assert "duplicate" in _codes(preview)
    assert len([each for each in bench.everybody() if each.ref == row["Ref"]]) == 1


@_names("two windows editing one offender")
def _two_windows(bench: Bench) -> None:
    seen = save_offender(bench.session, Offender(ref=f"BAD-{next(_numbers)}", surname="OAK"))
    save_offender(bench.session, replace(seen, notes="the first window"))
    with pytest.raises(StaleRecord):
        save_offender(bench.session, replace(seen, notes="the second window"))
    held = bench.held(seen.ref)
    assert held
    assert held.notes == "the first window"


# ---- digits and days


@_names("“²” and “١٢٣” as digits")
def _other_digits(bench: Bench) -> None:
    for text in ("²", "١٢٣", "١٤/٠٣/١٩٨٠"):
        row = bench.row(DOB=text)
        assert _codes(bench.import_(bench.table(row))) == {"bad_date"}
        held = bench.held(row["Ref"])
        assert held
        assert held.date_of_birth is None


def _no_such_day(column: str, text: str, code: str) -> Trial:
    def trial(bench: Bench) -> None:
        row = bench.row(**{column: text})
        assert _codes(bench.import_(bench.table(row))) == {code}
        held = bench.held(row["Ref"])
        assert held
        assert (held.date_of_birth, held.last_seen) == (None, None)

    return trial


TRIALS["29/02/2023"] = _no_such_day("Last visit", "29/02/2023", "bad_date")
TRIALS["00/00/0000"] = _no_such_day("DOB", "00/00/0000", "bad_date")
TRIALS["visit in 2068"] = _no_such_day("Last visit", "23/11/2068", "implausible_date")
TRIALS["1e12 serial"] = _no_such_day("DOB", "1e12", "bad_date")


@_names("1e12 serial in a workbook")
def _serial(bench: Bench) -> None:
    row: dict[str, object] = {**bench.row(), "DOB": 1e12}
    assert _codes(bench.import_(bench.saved(bench.book(row)))) == {"bad_date"}


@_names("DOB after conviction")
def _born_after(bench: Bench) -> None:
    row = bench.row(DOB="14/03/2026", **{"Last visit": "15/01/2026"})
    assert "implausible_date" in _codes(bench.import_(bench.table(row)))
    with pytest.raises(RecordRefused, match="too near"):
        save_offender(bench.session, Offender(ref="BAD-BORN", date_of_birth=date(2026, 6, 1)))
    saved = save_offender(bench.session, Offender(ref="BAD-BORN", date_of_birth=date(1999, 6, 1)))
    for day, born in ((date(1998, 5, 1), None), (date(2008, 5, 31), None), (date(2012, 1, 1), date(2003, 1, 1))):
        with pytest.raises(FactRefused, match="under ten"):
            enter_fact(bench.session, saved.ref, Sentence(day, Disposal.IMPRISONMENT, Term(years=1), born))
    enter_fact(bench.session, saved.ref, Sentence(date(2019, 5, 1), Disposal.IMPRISONMENT, Term(years=1)))


@_names("DST hour twice")
def _hour_twice(bench: Bench) -> None:
    """Half past one happens twice in the night of 25 October 2026; both visits are kept, and in the order of their times."""
    offender = save_offender(bench.session, Offender(ref=f"BAD-{next(_numbers)}"))
    times = [datetime(2026, 10, 25, 1, 30), datetime(2026, 10, 25, 1, 30, fold=1), datetime(2026, 10, 25, 1, 45)]
    with bench.session.workspace.transaction() as unit:
        for number, at in enumerate(times):
            unit.add_visit(Visit(id=f"{offender.ref}-{number}", ref=offender.ref, at=at))
    with bench.session.workspace.transaction() as unit:
        assert [each.at for each in unit.visits(ref=offender.ref)] == [each.replace(fold=0) for each in times]


@_names("clock back a year")
def _clock_back(bench: Bench) -> None:
    """The record of use goes by its own numbers, so a clock that was put back breaks nothing."""
    before = time.time
    ref = f"BAD-{next(_numbers)}"
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(time, "time", lambda: before() - 365 * 86400)
        patched.setattr("mosovo_planner.store.record.chain.datetime", _YearAgo)
        save_offender(bench.session, Offender(ref=ref))
    save_offender(bench.session, Offender(ref=f"{ref}-now"))
    assert verify(bench.session.workspace).problems == ()


class _YearAgo(datetime):
    @classmethod
    def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
        now = datetime.now(tz)  # type: ignore[arg-type]
        return now.replace(year=now.year - 1, day=min(now.day, 28))


# ---- files


def _encoded(encoding: str) -> Trial:
    def trial(bench: Bench) -> None:
        row = bench.row(Surname="Zoë")
        assert _codes(bench.import_(bench.table(row, encoding=encoding))) == set()
        held = bench.held(row["Ref"])
        assert held
        assert held.surname == "Zoë"

    return trial


TRIALS["cp1252"], TRIALS["UTF-16"] = _encoded("cp1252"), _encoded("utf-16")


@_names("mixed encodings")
def _mixed(bench: Bench) -> None:
    one, other = bench.row(Surname="Zoë"), bench.row(Surname="Zoë")
    content = bench.table(one).read_bytes() + bench.table(other, encoding="cp1252").read_bytes().split(b"\n", 1)[1]
    assert _codes(bench.import_(bench.file(content))) == {"bad_characters"}
    assert [bench.held(row["Ref"]).surname for row in (one, other)] == ["Zoë", ""]  # type: ignore[union-attr]


@_names("semicolon CSV")
def _semicolons(bench: Bench) -> None:
    row = bench.row(Notes="one, two")
    bench.import_(bench.table(row, delimiter=";"))
    held = bench.held(row["Ref"])
    assert held
    assert held.notes == "one, two"


@_names("duplicate headers")
def _two_headers(bench: Bench) -> None:
    """Two columns of one meaning: one is read, the other is said."""
    preview = preview_import(bench.session, bench.file(b"Ref,Surname,Risk,Risk\nBAD-H1,OAK,Low,High\n"), AS_OF)
    assert preview.findings or len([each for each in preview.tracker.tables[0].columns if each.field == "risk"]) == 1


@_names("merged/hidden cells")
def _merged(bench: Bench) -> None:
    rows: list[dict[str, object]] = [{**bench.row(), "Surname": name} for name in ("OAK", "", "FIR")]
    book = bench.book(*rows)
    book.active.merge_cells("B2:B3")
    book.active.row_dimensions[4].hidden = True
    preview = bench.import_(bench.saved(book))
    assert [bench.held(str(row["Ref"])).surname for row in rows] == ["OAK", "OAK", "FIR"]  # type: ignore[union-attr]
    assert any(finding.row == 4 for finding in preview.findings), "that a hidden row was read is said"


@_names("formula cells without cached values")
def _formulas(bench: Bench) -> None:
    row: dict[str, object] = {**bench.row(), "Notes": "=1+1"}
    assert _codes(bench.import_(bench.saved(bench.book(row)))) == {"formula_without_value"}


@_names("encrypted XLSX")
def _encrypted(bench: Bench) -> None:
    content = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le")
    assert "password" in bench.refused(bench.file(content, "t.xlsx"))


@_names("zip with `../../`")
def _outside(bench: Bench) -> None:
    path = bench.saved(bench.book(dict[str, object](bench.row())))
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("../../evil.txt", "x")
    assert "points outside" in bench.refused(path)
    assert not (bench.place.root.parent / "evil.txt").exists()


@_names("empty, truncated, locked, read-only files")
def _states_of_files(bench: Bench) -> None:
    assert "empty" in bench.refused(bench.file(b""))
    whole = bench.saved(bench.book(dict[str, object](bench.row()))).read_bytes()
    assert "damaged" in bench.refused(bench.file(whole[:2000], "t.xlsx"))
    row = bench.row()
    path = bench.table(row)
    path.chmod(0o400)
    bench.import_(path)
    assert bench.held(row["Ref"])
    with pytest.MonkeyPatch.context() as patched:  # as Windows refuses a file that a spreadsheet program holds
        patched.setattr(Path, "open", _locked)
        with pytest.raises(TrackerError, match="Close it in the other program"):
            preview_import(bench.session, path, AS_OF)


def _locked(*_: object, **__: object) -> object:
    raise PermissionError(13, "Permission denied")


@_names("`CON.csv`")
def _device_name(bench: Bench) -> None:
    row = bench.row()
    bench.import_(bench.table(row).rename(bench.place.root / "CON.csv"))
    assert bench.held(row["Ref"])
    if os.name == "nt":
        with pytest.raises(UserError):
            write_table(bench.place.root / "CON.csv", title="Tried", headers=("A",), rows=(("x",),), stamp=())


# ---- workspaces


@_names("key file with m=4 GiB")
def _costly_keys(bench: Bench) -> None:
    place = _copy(bench)
    keys = read_keys(place / "keys.json")
    slots = tuple(replace(slot, kdf=replace(slot.kdf, memory_kib=4 * 1024 * 1024)) for slot in keys.slots)
    write_keys(place, replace(keys, slots=slots))
    with pytest.raises(DamagedWorkspace, match="key file"):
        open_workspace(str(place), USER, PASSPHRASE)


@_names("old-schema and newer-schema DB")
def _schemas(bench: Bench) -> None:
    place = bench.place.root / "old.vp"
    first_schema(place)
    with open_workspace(str(place), USER, PASSPHRASE) as workspace, workspace.transaction() as unit:
        assert schema.revision(unit.connection) == schema.HEAD
        assert len(unit.offenders()) == 5
        unit.connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(NewerSchema):
        open_workspace(str(place), USER, PASSPHRASE)


@_names("password with emoji and combining forms")
def _passphrases(bench: Bench) -> None:
    from mosovo_planner.store import create_workspace
    from tests.faults.ledger import CHEAP

    place = str(bench.place.root / "emoji.vp")
    create_workspace(place, USER, unicodedata.normalize("NFD", "Zoë’s çafé 👮🏽"), kdf=CHEAP).close()
    open_workspace(place, USER, unicodedata.normalize("NFC", "Zoë’s çafé 👮🏽")).close()


def _copy(bench: Bench) -> Path:
    place = bench.place.root / "copy.vp"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    keys = json.loads((bench.place.folder / "keys.json").read_bytes())
    (place / "keys.json").write_text(json.dumps(keys))
    (place / "data.db").write_bytes(b"\1" * 8192)
    return place


LISTED = (
    "O'Brien", "=cmd|'/c calc'!A1", "+44 7700 900123", "<img src=//evil/x>", "&lt;b&gt;", "x<br>y", "U+202E", "lone surrogate",
    "NUL", "200k characters", "20k combining marks", "NFC/NFD “Zoë” as two people", "İ", "“²” and “١٢٣” as digits", "cp1252",
    "UTF-16", "mixed encodings", "semicolon CSV", "duplicate headers", "rows differing only in case", "one person, two DOBs",
    "29/02/2023", "00/00/0000", "DOB after conviction", "visit in 2068", "1e12 serial", "merged/hidden cells",
    "formula cells without cached values", "encrypted XLSX", "zip with `../../`", "empty, truncated, locked, read-only files",
    "`CON.csv`", "key file with m=4 GiB", "old-schema and newer-schema DB", "clock back a year", "DST hour twice",
    "disk full at each step", "kill at each step", "two windows editing one offender", "password with emoji and combining forms",
)  # fmt: skip
"""The list itself, in its order and words."""
AT_EACH_STEP = {"disk full at each step": _full, "kill at each step": _kills}
"""Tried by processes of their own, by the short form in ``test_faults_short.py`` and the long one by command."""


def test_every_single_item_of_the_list_is_tried() -> None:
    assert [each for each in LISTED if each not in TRIALS and each not in AT_EACH_STEP] == []
    assert set(AT_EACH_STEP.values()) <= {each.run for each in SCENARIOS}


@pytest.mark.parametrize("name", TRIALS)
def test_a_bad_input_is_taken_for_what_it_is(bench: Bench, name: str) -> None:
    """``disk full at each step`` and ``kill at each step`` are in ``test_faults_short.py``."""
    TRIALS[name](bench)
