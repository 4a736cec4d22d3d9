"""Every published form of postcode file is imported, counted, and credited."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from mosovo_planner.domain.people import Precision
from mosovo_planner.domain.progress import Cancelled, Progress
from mosovo_planner.geo.gazetteer import Gazetteer, GazetteerSummary, import_gazetteer, load_gazetteer
from tests.geo import postcode_files as files


def _import(folder: Path, *paths: Path) -> tuple[GazetteerSummary, Gazetteer]:
    summary = import_gazetteer(paths, folder=folder / "data")
    loaded = load_gazetteer(folder / "data")
    assert loaded is not None
    return summary, loaded


@pytest.mark.parametrize("header", files.ONS_HEADERS)
@pytest.mark.parametrize("form", ["csv", "csv.gz", "zip"])
def test_every_generation_of_ons_file(tmp_path: Path, header: str, form: str) -> None:
    table = files.ons_table(header, files.LIVE, files.ENDED, files.NOWHERE)
    path = tmp_path / f"NSPL_MAY_2025_UK.{form}"
    if form == "zip":
        files.write_zip(path, {"Data/NSPL_MAY_2025_UK.csv": table, "Documents/names.csv": "code,name\nE06,Swindon\n"})
    else:
        content = b"\xef\xbb\xbf" + table.encode()
        path.write_bytes(gzip.compress(content) if form == "csv.gz" else content)
    summary, gazetteer = _import(tmp_path, path)
    assert (summary.units, summary.live, summary.terminated, summary.without_position, summary.skipped) == (2, 1, 1, 1, 0)
    position = gazetteer.position("sn11aa")
    assert position is not None
    assert (position.lat, position.lon, position.precision) == (51.56, -1.78, Precision.POSTCODE)
    assert gazetteer.terminated("SN1 1AD")
    assert not gazetteer.terminated("SN1 1AA")
    assert "Office for National Statistics" in gazetteer.attribution
    assert "2025" in gazetteer.attribution
    assert gazetteer.names == (path.name,)


def test_onspd_split_by_area_is_not_counted_twice(tmp_path: Path) -> None:
    table = files.ons_table(files.ONSPD_2023, files.LIVE)
    path = files.write_zip(
        tmp_path / "ONSPD.zip", {"Data/ONSPD_MAY_2026_UK.csv": table, "Data/multi_csv/ONSPD_MAY_2026_UK_SN.csv": table}
    )
    assert len(_import(tmp_path, path)[0].files) == 1


@pytest.mark.parametrize("with_columns", [True, False])
def test_code_point_open_as_published(tmp_path: Path, with_columns: bool) -> None:
    members = {"Data/CSV/sn.csv": files.CODE_POINT_ROWS, "Doc/readme.txt": "hello"}
    if with_columns:
        members["Doc/Code-Point_Open_Column_Headers.csv"] = files.CODE_POINT_CODES + "Postcode,Positional_quality_indicator\n"
    summary, gazetteer = _import(tmp_path, files.write_zip(tmp_path / "codepo_gb.zip", members))
    assert (summary.live, summary.without_position, summary.files[0].kind) == (1, 1, "Code-Point Open")
    position = gazetteer.position("SN1 1AA")
    assert position is not None
    assert position.lat == pytest.approx(51.560, abs=0.01)
    assert position.lon == pytest.approx(-1.780, abs=0.01)


def test_code_point_columns_are_taken_from_the_archives_own_list(tmp_path: Path) -> None:
    members = {
        "Data/CSV/sn.csv": '"SN1 1AA",415300,184600,10,"E92","extra","more"\n',
        "Doc/Code-Point_Open_Column_Headers.csv": "PC,EA,NO,PQ,CY\n",
    }
    _, gazetteer = _import(tmp_path, files.write_zip(tmp_path / "codepo_gb.zip", members))
    assert gazetteer.units == 1


def test_several_files_join_and_a_live_unit_wins(tmp_path: Path) -> None:
    first, second = tmp_path / "one.csv", tmp_path / "two.csv"
    first.write_text("pcds,lat,long,live\nSN1 1AA,51.5,-1.7,1\nSN1 1AB,51.5,-1.7,1\n", encoding="utf-8")
    second.write_text("pcds,lat,long,live\nSN1 1AA,51.6,-1.8,0\nSN1 1AB,51.7,-1.9,1\nSN1 1AD,51.8,-1.9,1\n", encoding="utf-8")
    summary, gazetteer = _import(tmp_path, first, second)
    assert summary.units == 3
    live, later = gazetteer.position("SN1 1AA"), gazetteer.position("SN1 1AB")
    assert live is not None
    assert later is not None
    assert live.lat == 51.5
    assert later.lat == 51.7


@pytest.mark.parametrize(
    "text",
    [
        "Postcode;Latitude;Longitude\nSN1 1AA;51.56;-1.78\n",
        "longitude\tlatitude\tpostcode\n-1.78\t51.56\tSN11AA\n",
        "PCDS,EASTING,NORTHING\r\nSN1 1AA,415300,184600\r\n\r\n",
        'postcode,lat,lon\n"sn1 1aa","51.56","-1.78"',
    ],
)
def test_plain_tables_of_many_kinds(tmp_path: Path, text: str) -> None:
    path = tmp_path / "plain.csv"
    path.write_text(text, encoding="utf-8")
    summary, gazetteer = _import(tmp_path, path)
    assert (summary.live, summary.terminated) == (1, 0)
    assert gazetteer.position("SN1 1AA") is not None


def test_rows_that_cannot_be_taken_are_counted_and_named_by_line_without_their_contents(tmp_path: Path) -> None:
    path = tmp_path / "plain.csv"
    good = "".join(f"SN1 1A{letter},51.5,-1.7\n" for letter in "ABDEFGHJ")
    path.write_text(
        f"pcds,lat,long\n{good}Mr Smith,51.5,-1.7\nSN1 1AL,north,-1.7\nSN1 1AN,-1.7,51.5\nSN1 1AP,,\n", encoding="utf-8"
    )
    summary, _ = _import(tmp_path, path)
    assert (summary.live, summary.skipped, summary.without_position) == (8, 3, 1)
    assert sorted(summary.examples) == [
        "plain.csv, line 10: not a UK postcode",
        "plain.csv, line 11: the position is not a number",
        "plain.csv, line 12: the position is not in the United Kingdom",
    ]


def test_northern_irish_grid_references_are_not_taken_for_british_ones(tmp_path: Path) -> None:
    path = tmp_path / "grid.csv"
    path.write_text("pcds,easting,northing\nBT1 1AA,333800,374500\nSN1 1AA,415300,184600\n", encoding="utf-8")
    summary, _ = _import(tmp_path, path)
    assert (summary.live, summary.without_position) == (1, 1)


def test_progress_is_told_and_cancelling_leaves_the_old_gazetteer(tmp_path: Path, gazetteer: Gazetteer) -> None:
    path = tmp_path / "other.csv"
    path.write_text("pcds,lat,long\nAB1 0AA,57.1,-2.2\n", encoding="utf-8")
    told: list[Progress] = []

    def stop(progress: Progress) -> None:
        told.append(progress)
        raise Cancelled

    with pytest.raises(Cancelled):
        import_gazetteer([path], stop, tmp_path / "data")
    assert "other.csv" in told[0].text
    kept = load_gazetteer(tmp_path / "data")
    assert kept is not None
    assert kept.units == gazetteer.units
    assert [each.name for each in (tmp_path / "data").iterdir()] == ["gazetteer.bin"]
