"""The gazetteer answers with the best precision it has, and notices damage."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

from mosovo_planner.domain.people import Precision
from mosovo_planner.geo.folders import data_folder
from mosovo_planner.geo.gazetteer import Gazetteer, GazetteerError, gazetteer_path, import_gazetteer, load_gazetteer


@pytest.mark.parametrize(
    ("postcode", "precision", "lat"),
    [
        ("SN1 1AA", Precision.POSTCODE, 51.56),
        ("SN1 1AD", Precision.POSTCODE, 51.60),
        ("SN1 1ZZ", Precision.SECTOR, 51.561),  # the mean of the two live units, the ended one left out
        ("SN1 1", Precision.SECTOR, 51.561),
        ("SN1 9AA", Precision.DISTRICT, 51.55733),
        ("sn1", Precision.DISTRICT, 51.55733),
        ("EC1A", Precision.DISTRICT, 51.52),
    ],
)
def test_the_best_precision_there_is(gazetteer: Gazetteer, postcode: str, precision: Precision, lat: float) -> None:
    position = gazetteer.position(postcode)
    assert position is not None
    assert position.precision is precision
    assert position.lat == pytest.approx(lat, abs=1e-5)
    assert type(position.lat) is float
    assert position.precision.needs_checking == (precision is not Precision.POSTCODE)


@pytest.mark.parametrize("text", ["", "ZZ99 3CZ", "SN", "nonsense", "EC1", "M1 1AE"])
def test_nothing_is_made_up(gazetteer: Gazetteer, text: str) -> None:
    assert gazetteer.position(text) is None
    assert not gazetteer.terminated(text)


def test_no_gazetteer_yet(tmp_path: Path) -> None:
    assert load_gazetteer(tmp_path) is None


def test_any_changed_byte_is_noticed(tmp_path: Path, gazetteer: Gazetteer) -> None:
    path = gazetteer_path(tmp_path / "data")
    whole = path.read_bytes()
    assert gazetteer.units
    for at in range(0, len(whole), 3):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        with pytest.raises(GazetteerError, match="Import the postcode file again"):
            load_gazetteer(tmp_path / "data")
    for end in range(0, len(whole), 11):
        path.write_bytes(whole[:end])
        with pytest.raises(GazetteerError, match="Import the postcode file again"):
            load_gazetteer(tmp_path / "data")


def test_a_gazetteer_of_another_version_is_told_apart_from_damage(tmp_path: Path, gazetteer: Gazetteer) -> None:
    path = gazetteer_path(tmp_path / "data")
    path.write_bytes(path.read_bytes().replace(b"gazetteer 1\n", b"gazetteer 2\n", 1))
    assert gazetteer.units
    with pytest.raises(GazetteerError, match="has format 2, and this program reads format 1"):
        load_gazetteer(tmp_path / "data")


def test_the_environment_chooses_the_data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOSOVO_DATA_DIR", str(tmp_path / "mine"))
    assert data_folder() == tmp_path / "mine"
    assert data_folder(tmp_path) == tmp_path
    monkeypatch.delenv("MOSOVO_DATA_DIR")
    assert data_folder().name == "mosovo-planner"


def test_a_share_of_the_kingdom(tmp_path: Path, shared_file: Callable[[str], Path]) -> None:
    part = tmp_path / "part.csv"
    with gzip.open(shared_file("postcodes_uk_nspl_may2025.csv.gz"), "rt") as lines, part.open("w") as out:
        out.writelines(line for number, line in enumerate(lines) if number % 100 == 0)
    summary = import_gazetteer([part], folder=tmp_path)
    assert summary.skipped == 0
    assert summary.units == 26_908
    assert summary.path.stat().st_size < 9 * summary.units
    loaded = load_gazetteer(tmp_path)
    assert loaded is not None
    with part.open() as lines:
        next(lines)
        for row in lines:
            postcode, lat, lon, live = row.split(",")
            position = loaded.position(postcode)
            assert position is not None
            assert (position.lat, position.lon) == (float(lat), float(lon))
            assert loaded.terminated(postcode) is (live.strip() == "0")
