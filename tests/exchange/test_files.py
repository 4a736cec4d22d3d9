"""Files of every kind and state: encodings, delimiters, damage, bombs, passwords; each its own clear refusal."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from mosovo_planner.domain.progress import Cancelled, Progress
from mosovo_planner.exchange import TrackerError, read_tracker
from mosovo_planner.exchange.archive import MAX_PARTS
from tests.exchange.helpers import AS_OF, codes, only, read, workbook

_TEXT = "Ref,Surname,Risk\r\nSYN-1,Zoë O'Brien,Low\r\n"
_ROWS = (("Ref", "Surname", "Risk"), ("SYN-1", "OAK", "Low"))


def _file(folder: Path, content: bytes, name: str = "tracker.csv") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def _refusal(path: Path) -> str:
    with pytest.raises(TrackerError) as caught:
        read(path)
    return str(caught.value)


def _zip(folder: Path, parts: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> Path:
    path = folder / "made.xlsx"
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def _parts(folder: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(workbook(folder / "whole.xlsx", Caseload=_ROWS)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_encodings_and_delimiters(tmp_path: Path, encoding: str, delimiter: str):
    row = only(read(_file(tmp_path, _TEXT.replace(",", delimiter).encode(encoding))))
    assert (row.row, row.ref, row.values["surname"]) == (2, "SYN-1", "Zoë O'Brien")


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_line_endings_and_quoted_line_breaks(tmp_path: Path, ending: str):
    text = ending.join(["Ref;Surname;Notes", 'SYN-1;OAK;"one', 'two; three"', "SYN-2;FIR;x", ""])
    first, second = read(_file(tmp_path, text.encode())).offenders
    assert first.values["notes"] == "one\ntwo; three"
    assert (second.row, second.ref) == (3, "SYN-2")


def test_the_line_that_names_the_delimiter_is_no_row(tmp_path: Path):
    assert only(read(_file(tmp_path, b"sep=;\nRef;Surname;Risk\nSYN-1;OAK, Alan;Low\n"))).row == 2


def test_a_cell_in_another_encoding_than_the_file_is_reported_and_left_empty(tmp_path: Path):
    lines = "Ref,Surname,Risk\nSYN-1,Zoë,Low\n".encode() + "SYN-2,Zoë,High\n".encode("cp1252")
    tracker = read(_file(tmp_path, lines))
    assert codes(tracker) == [(3, "Surname", "bad_characters")]
    assert tracker.offenders[1].values.keys() == {"risk"}
    tracker.findings[0].value.encode("utf-8")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf \r\n", "empty"),
        (b'Ref,Surname,Risk\nSYN-1,"OAK,Low\nSYN-2,FIR,Low\n', "line 2"),
        (b'Ref,Surname,Risk\nSYN-1,OAK,Low\nSYN-2,"F"IR,Low\n', "line 3"),
        (b"Ref,Surname,Risk\nSYN-1,O\0AK,Low\n", "Line 2 holds a zero byte"),
        ("Ref,Surname,Risk\nSYN-1,O\0AK,Low\n".encode("utf-16"), "Line 2 holds a zero byte"),
        ("Ref,Surname,Risk\nSYN-1,OAK,Low\n".encode("utf-16")[:-1], "damaged or incomplete"),
        ("Ref,Surname,Risk\n".encode("utf-32"), "UTF-32"),
        (b"Ref,Surname,Risk\nSYN-1,O\x81K,Low\n", "Line 2"),
    ],
)
def test_texts_that_cannot_be_read_are_refused_with_the_place(tmp_path: Path, content: bytes, says: str):
    assert says in _refusal(_file(tmp_path, content))


def test_old_and_protected_workbooks_and_other_formats_are_each_named(tmp_path: Path):
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    assert "password" in _refusal(_file(tmp_path, ole + "EncryptedPackage".encode("utf-16-le"), "t.xlsx"))
    assert "old kind (.xls)" in _refusal(_file(tmp_path, ole, "t.xls"))
    assert "no workbook" in _refusal(_file(tmp_path, b"%PDF-1.7", "t.xlsx"))
    assert "no workbook" in _refusal(_zip(tmp_path, {"a.txt": b"x"}))
    assert "binary workbook" in _refusal(_zip(tmp_path, {"xl/workbook.bin": b"x"}))
    assert "OpenDocument" in _refusal(_zip(tmp_path, {"content.xml": b"x"}))
    assert "Word document" in _refusal(_zip(tmp_path, {"word/document.xml": b"x"}))
    assert "folder" in _refusal(tmp_path)
    assert "no such file" in _refusal(tmp_path / "absent.xlsx")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes on this system")
def test_a_pipe_is_refused_at_once(tmp_path: Path):
    os.mkfifo(tmp_path / "pipe.csv")
    assert "no ordinary file" in _refusal(tmp_path / "pipe.csv")


@pytest.mark.parametrize("length", [4, 30, 1000, -30])
def test_a_truncated_workbook_is_refused(tmp_path: Path, length: int):
    whole = workbook(tmp_path / "whole.xlsx", Caseload=_ROWS).read_bytes()
    assert "damaged" in _refusal(_file(tmp_path, whole[:length], "cut.xlsx"))


def test_a_workbook_with_a_changed_byte_is_refused_or_read_but_never_crashes(tmp_path: Path):
    whole = workbook(tmp_path / "whole.xlsx", Caseload=_ROWS).read_bytes()
    for place in range(0, len(whole), max(1, len(whole) // 60)):
        changed = whole[:place] + bytes([whole[place] ^ 0x55]) + whole[place + 1 :]
        try:
            read(_file(tmp_path, changed, "changed.xlsx"))
        except TrackerError as error:
            message = str(error)
            assert message.endswith(".")


def test_bombs_are_refused_before_they_are_unpacked(tmp_path: Path):
    parts = _parts(tmp_path)
    sheet = "xl/worksheets/sheet1.xml"
    assert "unpack to far more" in _refusal(_zip(tmp_path, parts | {sheet: bytes(30 * 2**20)}))
    assert "unpack to far more" in _refusal(_zip(tmp_path, parts | {"xl/media/a.bin": bytes(51 * 2**20)}))
    many = {f"xl/media/{number}.bin": b"" for number in range(MAX_PARTS)}
    assert "parts" in _refusal(_zip(tmp_path, parts | many))
    assert "points outside" in _refusal(_zip(tmp_path, parts | {"../../evil.xml": b"x"}))


@pytest.mark.parametrize(
    "declaration",
    [
        b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>',
        b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
    ],
)
@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"])
def test_entities_in_the_xml_are_refused(tmp_path: Path, part: str, declaration: bytes):
    parts = _parts(tmp_path)
    content = parts[part]
    head, mark, rest = content.partition(b"?>") if content.startswith(b"<?xml") else (b"", b"", content)
    assert "not opened" in _refusal(_zip(tmp_path, parts | {part: head + mark + declaration + rest}))


def test_a_real_workbook_of_many_sheets_is_not_taken_for_a_bomb(tmp_path: Path):
    sheets = {f"Sheet {number}": [("x",)] for number in range(40)}
    assert only(read(workbook(tmp_path / "t.xlsx", Caseload=_ROWS, **sheets))).ref == "SYN-1"


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    content=st.one_of(
        st.binary(max_size=300), st.text(max_size=200).map(lambda text: ("Ref,Surname,Risk\n" + text).encode("utf-8", "replace"))
    )
)
@example(content=b"PK\x03\x04")
@example(content=b"Ref,Surname,Risk\nx,\xff\xfe,\n")
def test_no_bytes_crash_the_reader(tmp_path: Path, content: bytes):
    for name in ("any.csv", "any.xlsx"):
        try:
            tracker = read(_file(tmp_path, content, name))
        except TrackerError as error:
            message = str(error)
            assert message
        else:
            assert tracker.path_name == name


def test_progress_is_told_and_cancelling_passes_through(tmp_path: Path):
    rows = [_ROWS[0], *((f"SYN-{number}", "OAK", "Low") for number in range(1200))]
    path = workbook(tmp_path / "long.xlsx", Caseload=rows)
    steps: list[Progress] = []
    assert len(read(path, report=steps.append).offenders) == 1200
    shares = [step.share for step in steps if step.share is not None]
    assert len(steps) > 6
    assert shares == sorted(shares)
    assert shares[-1] == 1.0

    def stop(step: Progress) -> None:
        if step.share and step.share > 0.5:
            raise Cancelled

    with pytest.raises(Cancelled):
        read_tracker(path, as_of=AS_OF, report=stop)


def test_a_file_that_may_not_be_read_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def refuse(*_: object, **__: object) -> io.BytesIO:
        raise PermissionError(13, "Permission denied")

    path = _file(tmp_path, _TEXT.encode())
    monkeypatch.setattr(Path, "open", refuse)
    assert "may not be opened" in _refusal(path)


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="the system does not list open files")
def test_a_damaged_workbook_is_not_kept_open(tmp_path: Path):
    parts = _parts(tmp_path) | {"xl/workbook.xml": b"<workbook>"}
    path = _zip(tmp_path, parts)
    with pytest.raises(TrackerError) as caught:
        read(path)
    assert caught.value.__traceback__  # which keeps alive what a reader left open
    assert path not in [each.resolve() for each in Path("/proc/self/fd").iterdir()]
