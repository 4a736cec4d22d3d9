"""Files that cannot be used are refused with a message that names the place; the old gazetteer stays."""

from __future__ import annotations

import gzip
import hashlib
import os
import zipfile
import zlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mosovo_planner.geo import gazetteer_file
from mosovo_planner.geo.gazetteer import Gazetteer, GazetteerError, gazetteer_path, import_gazetteer, load_gazetteer
from tests.geo import postcode_files as files


def _refused(folder: Path, path: Path) -> str:
    before = gazetteer_path(folder).read_bytes() if gazetteer_path(folder).exists() else None
    with pytest.raises(GazetteerError) as refused:
        import_gazetteer([path], folder=folder)
    after = gazetteer_path(folder).read_bytes() if gazetteer_path(folder).exists() else None
    assert before == after
    return str(refused.value)


def _table(rows: int) -> str:
    return "pcds,lat,long\n" + "".join(f"SN{1 + number % 9} {number // 9 % 10}AA,51.5,-1.7\n" for number in range(rows))


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "is empty"),
        (b"ref,name,risk\nSYN-1,SMITH,high\n", "Expected a postcode column"),
        (b"pcds,lat\nSN1 1AA,51.5\n", "found only pcds, lat among its 2 columns"),
        (b"pcds,lat,lat,long\nSN1 1AA,51,51,-1\n", "appears twice"),
        (b"SN1 1AA,51.5,-1.7\n", "no header row, and 3 columns where Code-Point Open has 10"),
        (b'pcds,lat,long\nSN1 1AA,51.5,-1.7\n"SN1 1AB,51.5,-1.7\n', "line 3"),
        (b"pcds,lat,long\nSN1 1AA,51.5,-1.7\nSN1 1AB,51.5\n", "line 3: 2 columns where at least 3"),
        (b"pcds,lat,long\nSN1 1AA,51.5,-1.7\nSN1\0 1AB,51.5,-1\n", "line 3"),
        ("pcds,lat,long\nSN1 1AA,51.5,-1.7\n".encode("utf-16"), "UTF-16"),
        (b"pcds,lat,long\n", "no row has a position"),
        (b"pcds,lat,long\nSN1 1AA,-1.7,51.5\nSN1 1AB,-1.7,51.6\n", "more than half of its rows are unusable"),
        (b"pcds,lat,long\n" + b"x" * 300_000, "line 2"),
        (bytes(range(1, 256)) * 3, "not a postcode table"),
    ],
)
def test_unusable_tables(tmp_path: Path, gazetteer: Gazetteer, content: bytes, told: str) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(content)
    assert gazetteer.units
    message = _refused(tmp_path / "data", path)
    assert told in message
    assert "table.csv" in message


def test_a_wrong_file_with_people_in_it_is_not_quoted(tmp_path: Path) -> None:
    path = tmp_path / "tracker.csv"
    path.write_text("SYN SMITH,1 Invented Road,SN1 1AA\nSYN JONES,2 Invented Road,SN1 1AB\n", encoding="utf-8")
    message = _refused(tmp_path, path)
    assert "SMITH" not in message
    assert "Road" not in message


def test_absent_files_and_folders(tmp_path: Path) -> None:
    assert "is not there" in _refused(tmp_path, tmp_path / "no.csv")
    assert "is a folder" in _refused(tmp_path, tmp_path)
    with pytest.raises(GazetteerError, match="No postcode file"):
        import_gazetteer([], folder=tmp_path)


@pytest.mark.parametrize("form", ["gz", "zip"])
def test_archives_cut_short(tmp_path: Path, form: str) -> None:
    path = tmp_path / f"table.{form}"
    text = _table(5000)
    if form == "gz":
        path.write_bytes(gzip.compress(text.encode(), 1))
    else:
        files.write_zip(path, {"Data/table.csv": text})
    path.write_bytes(path.read_bytes()[:-30])
    assert "cut short or damaged" in _refused(tmp_path, path)


def test_a_zip_with_a_flipped_bit(tmp_path: Path) -> None:
    path = files.write_zip(tmp_path / "table.zip", {"Data/table.csv": _table(3000)})
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0x10
    path.write_bytes(content)
    message = _refused(tmp_path, path)
    assert "table.zip" in message


@pytest.mark.parametrize("name", ["../evil.csv", "/etc/evil.csv", "a/../../evil.csv", "..\\evil.csv"])
def test_archives_that_reach_outside_are_refused(tmp_path: Path, name: str) -> None:
    path = files.write_zip(tmp_path / "table.zip", {"Data/table.csv": _table(3), name: _table(3)})
    assert "outside its own folder" in _refused(tmp_path, path)


def test_a_zip_bomb_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("Data/table.csv", b"\n" * (40 << 20))
    assert "far more than a postcode archive may" in _refused(tmp_path, path)


def test_a_gzip_bomb_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bomb.csv.gz"
    path.write_bytes(gzip.compress(b"pcds,lat,long\n" + (b"SN1 1AA,51.500000,-1.700000," + b"x" * 600 + b"\n") * 25_000))
    assert "times its size" in _refused(tmp_path, path)


def test_an_archive_without_postcodes_tells_what_it_holds(tmp_path: Path) -> None:
    path = files.write_zip(tmp_path / "other.zip", {"Data/wards.csv": "code,name\nE05,Eastcott\n"})
    assert "Data/wards.csv" in _refused(tmp_path, path)
    assert "no .csv" in _refused(tmp_path, files.write_zip(tmp_path / "none.zip", {"readme.txt": "hello"}))


def test_a_full_disk_leaves_the_old_gazetteer(tmp_path: Path, gazetteer: Gazetteer, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "new.csv"
    path.write_text(_table(10), encoding="utf-8")

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    assert "No space left on device" in _refused(tmp_path / "data", path)
    assert gazetteer.units == 7
    assert [each.name for each in (tmp_path / "data").iterdir()] == ["gazetteer.bin"]


@given(
    content=st.one_of(
        st.binary(max_size=300), st.text(max_size=300).map(lambda text: ("pcds,lat,long\n" + text).encode("utf-8", "replace"))
    )
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
def test_whatever_a_file_holds_it_is_imported_or_clearly_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "any.csv"
    path.write_bytes(content)
    told = ""
    try:
        import_gazetteer([path], folder=tmp_path / "data")
    except GazetteerError as refused:
        told = str(refused)
    assert "any.csv" in told if told else load_gazetteer(tmp_path / "data") is not None


@given(
    rows=st.lists(
        st.tuples(st.sampled_from("ABDEFGHJ"), st.floats(50, 58), st.floats(-5, 1), st.booleans()), min_size=1, max_size=8
    )
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
def test_what_is_written_comes_back(tmp_path: Path, rows: list[tuple[str, float, float, bool]]) -> None:
    held = {letter: (lat, lon, live) for letter, lat, lon, live in rows}
    text = "".join(f"SN1 1A{letter},{lat:.6f},{lon:.6f},{int(live)}\n" for letter, (lat, lon, live) in held.items())
    path = tmp_path / "rows.csv"
    path.write_text("pcds,lat,long,live\n" + text, encoding="utf-8")
    summary = import_gazetteer([path], folder=tmp_path / "data")
    loaded = load_gazetteer(tmp_path / "data")
    assert loaded is not None
    assert summary.units == len(held)
    for letter, (lat, lon, live) in held.items():
        position = loaded.position(f"SN1 1A{letter}")
        assert position is not None
        assert (position.lat, position.lon) == (pytest.approx(lat, abs=6e-6), pytest.approx(lon, abs=6e-6))
        assert loaded.terminated(f"SN1 1A{letter}") is not live


def test_a_member_that_the_archive_names_wrongly_is_told_as_damage(tmp_path: Path) -> None:
    """The directory at the zip's end is whole, and what it points to is not."""
    table = files.ons_table(files.NSPL_2025, files.LIVE)
    path = files.write_zip(tmp_path / "codes.zip", {"readme.txt": "x", "Data/codes.csv": table})
    whole = path.read_bytes()
    second = whole.index(b"PK\x03\x04", 4)
    utf8 = whole.replace(b"readme.txt", b"readm\xc3\xa9.xt"[:10])
    named = utf8[: utf8.rindex(b"readm") + 6] + b"\xff" + utf8[utf8.rindex(b"readm") + 7 :]
    flagged = bytearray(named)
    flagged[named.index(b"PK\x01\x02") + 9] |= 8  # "my name is UTF-8"
    harms = [whole[:at] + b"\xff\xff" + whole[at + 2 :] for at in (second, second + 26)]
    for harm in (*harms, bytes(flagged)):
        path.write_bytes(harm)
        with pytest.raises(GazetteerError, match="damaged"):
            import_gazetteer([path], folder=tmp_path / "data")


@pytest.mark.parametrize("harm", ["cut", "facts", "units", "huge column"])
def test_a_stored_gazetteer_that_was_forged_is_told_as_damage(
    tmp_path: Path, gazetteer: Gazetteer, harm: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its check sum fits, its contents do not."""
    monkeypatch.setattr(gazetteer_file, "_LARGEST_COLUMN", 1 << 20)
    path = gazetteer_path(tmp_path / "data")
    whole = path.read_bytes()
    start = whole.index(b"\n") + 1
    body = whole[start + 32 :]
    length = int.from_bytes(body[:4], "little")
    forged = {
        "cut": body[:3],
        "facts": body[:4] + b"\xff" * length + body[4 + length :],
        "units": body.replace(b'"units": ', b'"units": 9', 1)[: len(body)],
        "huge column": body[: 4 + length] + _deflated(zlib.compress(bytes(2 << 20), 9)) * 4,
    }[harm]
    path.write_bytes(whole[:start] + hashlib.sha256(forged).digest() + forged)
    with pytest.raises(GazetteerError, match="damaged"):
        load_gazetteer(tmp_path / "data")


def _deflated(part: bytes) -> bytes:
    return len(part).to_bytes(4, "little") + part
