"""Settings and fault reports hold nothing about a person."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from mosovo_planner.domain.errors import UserError
from mosovo_planner.ui.errors import CrashDialog, scrubbed, words_for
from mosovo_planner.ui.settings import Settings, without_password


def fail(surname: str) -> None:
    try:
        raise KeyError(surname)
    except KeyError as first:
        raise ValueError(f"no place for {surname} of 1 Secret Street") from first


def report_of(surname: str) -> str:
    try:
        fail(surname)
    except ValueError as error:
        return scrubbed(error)
    raise AssertionError


def test_a_fault_report_tells_where_and_what_kind_and_nothing_else() -> None:
    report = report_of("TESTER")
    assert "TESTER" not in report
    assert "Secret" not in report
    assert "KeyError" in report
    assert "ValueError" in report
    assert "in fail" in report
    assert str(Path.home()) not in report


def test_the_crash_dialog_shows_the_report(qtbot: QtBot) -> None:
    dialog = CrashDialog(report_of("TESTER"))
    qtbot.addWidget(dialog)
    assert "TESTER" not in dialog.windowTitle()


def test_mistakes_are_told_in_their_own_words_and_faults_are_not() -> None:
    assert words_for(UserError("Choose a file.")) == "Choose a file."
    assert words_for(RuntimeError("TESTER")) is None
    refused = words_for(PermissionError(13, "denied", "/home/tester/list.xlsx"))
    assert refused is not None
    assert "tester" not in refused


def test_recent_workspaces_are_newest_first_and_without_passwords(settings: Settings) -> None:
    settings.remember_workspace("/data/One.vp")
    settings.remember_workspace("postgresql+psycopg://sgt:secret@db/team")
    settings.remember_workspace("/data/One.vp")
    assert settings.recent_workspaces == ("/data/One.vp", "postgresql+psycopg://sgt@db/team")
    settings.forget_workspace("/data/One.vp")
    assert settings.recent_workspaces == ("postgresql+psycopg://sgt@db/team",)


@pytest.mark.parametrize("address", ["/data/x", "C:\\Users\\a@b\\x.vp", "postgresql+psycopg://db/team"])
def test_addresses_without_password_stay_as_they_are(address: str) -> None:
    assert without_password(address) == address


def test_a_broken_theme_setting_means_the_desktops(settings: Settings) -> None:
    settings.theme = "purple"
    assert settings.theme == "system"
