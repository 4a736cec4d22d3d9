"""Checking a shared workspace: each finds what his rights permit, and is told what was checked and what was not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from mosovo_planner.domain.progress import Progress
from mosovo_planner.store.backups.backup import VerifyReport, verify
from mosovo_planner.store.checks import kept_anchors

AUDITING = ("auditor", "supt all", "supt north", "sgt north", "sgt all")


def _verified(guarded: Any, login: str) -> VerifyReport:
    with guarded.open(login) as workspace:
        return verify(workspace)


def _past_the_program(guarded: Any, *statements: str) -> None:
    """As somebody who holds the server: without triggers, policies and entries."""
    with guarded.superuser() as connection:
        connection.execute("SET session_replication_role = replica")
        for statement in statements:
            connection.execute(statement)


@pytest.mark.parametrize("login", AUDITING)
def test_whoever_audits_checks_the_whole_record_and_says_what_he_could_not(login: str, own_guarded: Any) -> None:
    found = _verified(own_guarded, login)
    assert found.problems == ()
    assert f"{found.entries:,} entries of the record of use" in found.words
    assert "server's own files" in found.words.partition("Not checked")[2]
    assert ("may not read" in found.words.partition("Not checked")[2]) is (login != "sgt all")
    assert ("every record against its entries" in found.words) is (login == "sgt all")


HARM = {
    "an entry changed": "UPDATE record_of_use SET reason = 'x' WHERE seq = 3",
    "an entry taken away": "DELETE FROM record_of_use WHERE seq = 3",
    "a visit taken away": "DELETE FROM visit WHERE ref = 'INV-S'",
    "a visit added": "INSERT INTO visit SELECT (json_populate_record(v, '{\"id\": \"another\"}')).* FROM visit v "
    "WHERE ref = 'INV-S'",
    "a person taken away": "DELETE FROM offender WHERE ref = 'INV-R'",
    "a person added": "INSERT INTO offender SELECT (json_populate_record(o, '{\"ref\": \"INV-X\"}')).* FROM offender o "
    "WHERE ref = 'INV-S'",
    "a manager taken away": "DELETE FROM manager WHERE id = 'OM-S'",
}


@pytest.mark.parametrize("harm", list(HARM))
def test_an_auditor_who_reads_no_case_finds_what_was_altered_taken_away_or_added(harm: str, own_guarded: Any) -> None:
    _past_the_program(own_guarded, HARM[harm])
    assert _verified(own_guarded, "auditor").problems


def test_changed_contents_are_found_by_whoever_may_read_them(own_guarded: Any) -> None:
    _past_the_program(own_guarded, "UPDATE offender SET notes = 'x' WHERE ref = 'INV-S'")
    assert _verified(own_guarded, "sgt all").problems
    assert _verified(own_guarded, "sgt north").problems == ()
    _past_the_program(own_guarded, "UPDATE visit SET note = 'x' WHERE ref = 'INV-N'")
    assert _verified(own_guarded, "sgt north").problems
    blind = _verified(own_guarded, "auditor")
    assert blind.problems == ()
    assert "a supervisor of all teams can check those" in blind.words


def test_whoever_may_not_read_the_record_is_told_so_and_not_that_it_was_cut_off(own_guarded: Any) -> None:
    with own_guarded.open("pc north") as workspace:
        with workspace.transaction() as unit:
            newest = unit.head()
        kept_anchors(workspace).keep(newest)
        found = verify(workspace)
        kept_anchors(workspace).forget()
    assert found.problems == ()
    assert found.words.startswith("Nothing could be checked.")
    assert "your role may not read it" in found.words


@pytest.mark.parametrize("login", ["auditor", "sgt all"])
def test_what_others_change_in_the_middle_of_the_check_is_no_forgery(login: str, own_guarded: Any) -> None:
    changed: list[bool] = []
    with own_guarded.open("sgt all") as other, own_guarded.open(login) as workspace:

        def change(step: Progress) -> None:
            if step.text.startswith("Checking the records"):
                with other.transaction() as unit:
                    one = unit.offender("INV-N")
                    assert one is not None
                    unit.save_offenders([replace(one, notes="changed meanwhile")])
                    unit.save_managers([replace(unit.managers()[0], id="OM-NEW", version=0)])
                changed.append(True)

        assert verify(workspace, change).problems == ()
        assert changed
        assert verify(workspace).problems == ()
