"""A list exported from ViSOR, read with its own headers; invented people."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from mosovo_planner.domain.matching import compare_list
from mosovo_planner.domain.people import Caseload, Offender, Risk
from mosovo_planner.exchange import ColumnRule, Profile, UnrecognisedTracker
from mosovo_planner.exchange.visor import read_visor_list

AS_OF = date(2026, 11, 23)


def written(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(lines), "utf-8")
    return path


def test_a_list_is_read_and_compared(tmp_path: Path):
    path = written(
        tmp_path / "list.csv",
        "ViSOR No,Surname,Forename,DOB,Risk Level,Last Visit,Manager",
        "SYN/1,OAK,Alan,03/05/1971,High,13/06/2026,OM1",
        "SYN/2,ELM,Ivor,14/02/1980,,,OM1",
    )
    found = read_visor_list(path, as_of=AS_OF)
    assert [each.ref for each in found.people] == ["SYN/1", "SYN/2"]
    assert found.people[1].values["last_seen"] is None
    oak = Offender(
        ref="W-1", visor_ref="SYN/1", surname="Oak", forenames="Alan", date_of_birth=date(1971, 5, 3), risk=Risk.MEDIUM,
        manager="OM1", last_seen=date(2026, 9, 1),
    )  # fmt: skip
    result = compare_list(found.people, Caseload((oak,), ()))
    assert [missing.listed.ref for missing in result.missing_here] == ["SYN/2"]
    assert {each.field for each in result.differences} == {"risk", "last_seen"}
    assert [each.on for each in result.visits_not_entered] == [date(2026, 9, 1)]


def test_a_doubtful_cell_is_found_and_not_compared(tmp_path: Path):
    path = written(tmp_path / "list.csv", "ViSOR No,Surname,DOB,Risk", "SYN/1,OAK,31/02/1971,High")
    found = read_visor_list(path, as_of=AS_OF)
    assert "date_of_birth" not in found.people[0].values
    assert [finding.code for finding in found.findings] == ["bad_date"]


def test_columns_mapped_once_are_kept_as_a_profile(tmp_path: Path):
    path = written(tmp_path / "list.csv", "Ident,Fam,Grp", "SYN/1,OAK,High")
    with pytest.raises(UnrecognisedTracker):
        read_visor_list(path, as_of=AS_OF)
    rules = (ColumnRule("Ident", "visor_ref"), ColumnRule("Fam", "surname"), ColumnRule("Grp", "risk"))
    profile = Profile.from_json(Profile("ViSOR", rules).to_json())
    found = read_visor_list(path, as_of=AS_OF, profile=profile)
    assert found.people[0].values == {"visor_ref": "SYN/1", "surname": "OAK", "risk": Risk.HIGH}
