"""The commands of a server's administrator, as he types them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from mosovo_planner import cli
from mosovo_planner.store import KdfParameters, create_workspace

PASSPHRASE = "three random words"


@pytest.fixture
def address(server: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """An empty database; logins made for it are taken away."""
    monkeypatch.setenv("MOSOVO_PASSPHRASE", PASSPHRASE)
    name = server.new_database()
    yield server.url(name)
    server.drop_database(name)
    for login in ("oak cli", "ash cli"):
        server.execute(psycopg.sql.SQL("DROP ROLE IF EXISTS {}").format(psycopg.sql.Identifier(login)))


def _bare(address: str) -> str:
    return "postgresql+psycopg://" + address.rpartition("@")[2]


def _said(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> str:
    assert cli.main(list(words)) == code
    out, err = capsys.readouterr()
    return out + err


def test_from_an_empty_database_to_people_at_work(address: str, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    made = _said(capsys, "server", "init", address)
    for duty in ("hostssl", "scram-sha-256", "log_parameter_max_length = 0", "do not control", "Backups", "ssl = on"):
        assert duty in made
    assert "brought up to date" in _said(capsys, "server", "init", address)
    assert "all teams" in _said(capsys, "server", "add-user", address, "Oak CLI", "--role", "supervisor", "--all-teams")
    north = ("--role", "offender_manager", "--team", "North")
    assert "team North" in _said(capsys, "server", "add-user", address, "Ash CLI", *north)
    tracker = tmp_path / "t.csv"
    tracker.write_text("Ref,Surname,Risk\nSYN-1,OAK,High\n")
    assert "added" in _said(capsys, "import", _bare(address), str(tracker), "--user", "Oak CLI")
    assert "Sound" in _said(capsys, "verify", _bare(address), "--user", "oak cli")
    _said(capsys, "server", "change-user", address, "Ash CLI", "--role", "auditor")
    _said(capsys, "server", "password", address, "Ash CLI")
    _said(capsys, "server", "remove-user", address, "Ash CLI", "--reason", "left")
    listed = _said(capsys, "server", "users", address)
    assert "Ash CLI\tash cli\tauditor\tteam North\tshut out" in listed
    assert "right" in _said(capsys, "verify", _bare(address), "--user", "Ash CLI", code=1)


def test_a_folder_goes_to_a_server_and_back(address: str, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    folder, back = tmp_path / "Team.vp", tmp_path / "Back.vp"
    create_workspace(str(folder), "Oak CLI", PASSPHRASE, kdf=KdfParameters(8 * 1024, 1, 1)).close()
    assert "nothing is missing" in _said(capsys, "server", "move", str(folder), address, "--user", "Oak CLI")
    _said(capsys, "server", "add-user", address, "Oak CLI", "--role", "supervisor", "--all-teams")
    assert "Sound" in _said(capsys, "verify", _bare(address), "--user", "Oak CLI")
    assert "nothing is missing" in _said(capsys, "server", "move", address, str(back), "--user", "Oak CLI")
    assert "Sound" in _said(capsys, "verify", str(back), "--user", "Oak CLI")
    assert "Give a folder" in _said(capsys, "server", "move", str(folder), str(back), "--user", "Oak CLI", code=1)


def test_nobody_gets_all_teams_by_an_option_that_was_forgotten(address: str, capsys: pytest.CaptureFixture[str]) -> None:
    for words in (("--role", "supervisor"), ("--role", "manager", "--team", "North", "--all-teams"), ("--role", "chief")):
        _said(capsys, "server", "add-user", address, "Oak CLI", *words, code=2)
    _said(capsys, "server", "change-user", address, "Oak CLI", code=2)
    assert "server init" in _said(capsys, "server", "users", address, code=1)
