"""Every command as a user types it: what it answers, what it writes, what it refuses. All people are invented."""

from __future__ import annotations

import json
import math
from pathlib import Path

import jsonschema
import pytest

from mosovo_planner.cli import main
from mosovo_planner.resources import resource

TRACKER = """MOSOVO TEAM,,,,,,,,
Ref,Surname,Forenames,Risk,Postcode,Last visit,OM,Status,Lat,Long
INV-1,OAK,Ann,High,SN1 1AA,14/02/2026,OM01,Community,51.56,-1.78
INV-2,ELM,Bob,Low,SN1 1AB,25/11/2025,OM01,Community,51.36,-1.98
INV-3,ASH,Cal,Medium,SN1 1AF,13/01/2026,OM02,Community,51.57,-1.77
INV-4,YEW,Dan,Medium,SN1 1AG,13/01/2026,OM02,HMP,51.37,-1.97
"""
STAFF = """OM,Name,Base,Hours/wk,MOSOVO trained,Sex,Lat,Long
OM01,PC Invented One,Northtown,37,Y,F,51.55,-1.78
OM02,PC Invented Two,Northtown,37,Y,M,51.55,-1.78
"""


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A workspace with a small tracker and its staff in it; user and pass phrase come from the environment."""
    monkeypatch.setenv("MOSOVO_USER", "Sgt Example")
    monkeypatch.setenv("MOSOVO_PASSPHRASE", "three random words")
    folder = str(tmp_path / "team.vp")
    for name, text in (("staff.csv", STAFF), ("tracker.csv", TRACKER)):
        (tmp_path / name).write_text(text)
    assert main(["new", folder]) == 0
    assert main(["import", folder, str(tmp_path / "staff.csv"), "--as-of", "2026-11-23"]) == 0
    assert main(["import", folder, str(tmp_path / "tracker.csv"), "--as-of", "2026-11-23"]) == 0
    return folder


def written(path: Path, schema: str) -> dict[str, object]:
    value: dict[str, object] = json.loads(path.read_text(encoding="utf-8"))
    jsonschema.validate(value, json.loads(resource(f"schemas/{schema}.json").read_text()))
    return value


def test_who_manages_him_is_answered_in_the_terminal(workspace: str, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert main(["who", workspace, "oak", "ann", "--asked-by", "PC 1234 Invented"]) == 0
    told = capsys.readouterr().out
    assert "OAK, Ann (INV-1)" in told
    assert "Offender manager: PC Invented One" in told
    assert "High" not in told
    assert main(["who", workspace, "zzyzx qwerty"]) == 0
    assert "another force may manage him" in capsys.readouterr().out
    assert main(["who", workspace, "ab"]) == 1


def test_a_calendar_needs_an_approved_plan(workspace: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["calendar", workspace, "OM01", "--out", str(tmp_path / "rounds.ics")]) == 1
    assert "no approved plan" in capsys.readouterr().err


def test_a_dry_run_reports_and_changes_nothing(workspace: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    newer = tmp_path / "newer.csv"
    one_more = "INV-5,FIR,Eve,Low,,13/01/2026,OM02,Community,,\n"
    newer.write_text(TRACKER.replace("INV-1,OAK,Ann,High", "INV-1,OAK,Ann,Low") + one_more)
    out = tmp_path / "report.json"
    assert main(["import", workspace, str(newer), "--dry-run", "--out", str(out), "--as-of", "2026-11-23"]) == 0
    report = written(out, "mosovo-import-1")
    assert report["offenders"] == {"added": 1, "updated": 1, "unchanged": 3}
    assert "Would import" in capsys.readouterr().out
    caseload = tmp_path / "caseload.json"
    assert main(["export", workspace, "--out", str(caseload), "--as-of", "2026-11-23"]) == 0
    held = written(caseload, "mosovo-caseload-1")
    assert [(each["ref"], each["risk"]) for each in held["offenders"]] == [  # type: ignore[attr-defined]
        ("INV-1", "high"),
        ("INV-2", "low"),
        ("INV-3", "medium"),
        ("INV-4", "medium"),
    ]


def test_allocation_plan_and_papers_follow_one_another(
    workspace: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    proposal, plan, sheets = tmp_path / "a.json", tmp_path / "p.json", tmp_path / "sheets.pdf"
    assert main(["allocate", workspace, "--as-of", "2026-11-23", "--out", str(proposal), "--approve"]) == 1
    assert "needs a reason" in capsys.readouterr().err
    allocate = ["allocate", workspace, "--as-of", "2026-11-23", "--out", str(proposal), "--seconds", "1"]
    assert main([*allocate, "--approve", "--reason", "by location"]) == 0
    written(proposal, "mosovo-allocation-proposal-1")
    weeks = ["plan", workspace, "--from", "2026-11-23", "--weeks", "1", "--seconds", "1", "--seed", "4"]
    assert main([*weeks, "--out", str(plan), "--approve"]) == 0
    made = written(plan, "mosovo-plan-1")
    assert made["seed"] == 4
    assert {stop["ref"] for each in made["rounds"] for stop in each["stops"]} >= {"INV-1", "INV-3"}  # type: ignore[attr-defined]
    assert main(["report", workspace, "day_sheet", "--as-of", "2026-11-23", "--out", str(sheets)]) == 0
    assert sheets.read_bytes().startswith(b"%PDF")
    for kind, name in (("outstanding", "o.xlsx"), ("caseload_team", "t.csv"), ("caseload_manager", "m.pdf")):
        assert main(["report", workspace, kind, "--as-of", "2026-11-23", "--out", str(tmp_path / name)]) == 0
        assert (tmp_path / name).stat().st_size > 200


def test_the_papers_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", "--list"]) == 0
    assert [line.split("\t")[0] for line in capsys.readouterr().out.splitlines()] == [
        "caseload_manager",
        "caseload_team",
        "outstanding",
        "day_sheet",
        "performance",
        "allocation_decision",
        "allocation_decisions",
        "visit_summaries",
        "briefing",
        "visit_summary",
        "risk_plan",
    ]


def test_a_workspace_is_verified_copied_and_brought_back(
    workspace: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = tmp_path / "copy"
    assert main(["verify", workspace]) == 0
    assert "Sound" in capsys.readouterr().out
    assert main(["backup", workspace, "--to", str(copy)]) == 0
    (Path(workspace) / "data.db").write_bytes(b"")
    assert main(["verify", workspace]) == 1
    assert main(["restore", workspace, str(copy)]) == 0
    caseload = tmp_path / "caseload.json"
    assert main(["export", workspace, "--out", str(caseload)]) == 0
    assert len(written(caseload, "mosovo-caseload-1")["offenders"]) == 4  # type: ignore[arg-type]


_ANY_CREW = {"required": False, "load": 0, "crews": None}


@pytest.mark.parametrize(
    ("problem", "solution"),
    [
        (
            {
                "format": "mosovo-allocation-problem/1",
                "metric": "euclidean",
                "points": [[0, 0], [0, 3], [10, 0], [10, 4]],
                "offenders": [{"id": f"o{at}", "at": at, "workload": 1} for at in range(4)],
                "managers": [{"id": name, "capacity": 2, "base": None} for name in "ab"],
            },
            {"cost": 7.0},
        ),
        (
            {
                "format": "mosovo-visits-problem/1",
                "locations": ["base", "x", "y"],
                "travel": [[0, 5, 9], [5, 0, 5], [9, 5, 0]],
                "crews": [{"id": "k", "start": "base", "end": "base", "from": 0, "until": 60, "max_load": None}],
                "visits": [
                    {"id": f"v{at}", "at": at, "duration": 10, "windows": [[0, 60]], "reward": 5, **_ANY_CREW} for at in "xy"
                ],
                "objective": "reward_then_travel",
            },
            {"reward": 10, "travel": 19, "missed": []},
        ),
    ],
)
def test_a_problem_file_is_solved_without_a_workspace(
    problem: dict[str, object], solution: dict[str, object], tmp_path: Path
) -> None:
    asked, out = tmp_path / "problem.json", tmp_path / "solution.json"
    asked.write_text(json.dumps(problem))
    assert main(["solve", str(asked), "--out", str(out), "--seconds", "1"]) == 0
    answer = json.loads(out.read_text())
    assert answer["format"] == str(problem["format"]).replace("problem", "solution")
    for key, value in solution.items():
        assert answer[key] == value or math.isclose(answer[key], value)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (["import"], 2, "Missing"),
        (["nonsense"], 2, "No such command"),
        (["plan", "nowhere.vp", "--from", "soon"], 2, "soon"),
        (["export", "nowhere.vp", "--out", "x.json"], 1, "There is no workspace"),
        (["solve", "absent.json", "--out", "x.json"], 1, "absent.json"),
    ],
)
def test_wrong_words_and_missing_files_are_told_in_one_line(
    words: list[str], code: int, message: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MOSOVO_USER", "Sgt Example")
    monkeypatch.setenv("MOSOVO_PASSPHRASE", "three random words")
    assert main(words) == code
    errors = capsys.readouterr().err.strip()
    assert message in errors
    assert "\n" not in errors


def test_a_wrong_pass_phrase_and_a_missing_one_are_told(
    workspace: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("MOSOVO_PASSPHRASE", "three wrong words")
    assert main(["verify", workspace]) == 1
    assert "pass phrase is not right" in capsys.readouterr().err
    monkeypatch.delenv("MOSOVO_PASSPHRASE")
    assert main(["verify", workspace]) == 1
    assert "--passphrase-file" in capsys.readouterr().err
    phrase = tmp_path / "phrase.txt"
    phrase.write_text("three random words\n")
    assert main(["verify", workspace, "--passphrase-file", str(phrase)]) == 0


def test_a_simulation_is_written_for_every_way_of_working(workspace: str, tmp_path: Path) -> None:
    out = tmp_path / "s.json"
    assert main(["simulate", workspace, "--weeks", "1", "--from", "2026-11-23", "--out", str(out)]) == 0
    assert len(written(out, "mosovo-simulation-1")["scenarios"]) == 3  # type: ignore[arg-type]
