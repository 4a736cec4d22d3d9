"""A workspace of one's own for each test. All people in it are invented."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from mosovo_planner.domain.people import Offender, OffenderManager, Position, Risk, Sex, Status
from mosovo_planner.domain.roles import Permission, Role
from mosovo_planner.office.session import Session
from mosovo_planner.store.base.errors import AlreadyThere
from mosovo_planner.store.base.names import KdfParameters
from mosovo_planner.store.server.logins import NewUser, add_user
from mosovo_planner.store.server.names import GROUPS
from mosovo_planner.store.server.prepare import prepare
from mosovo_planner.store.workspace import create_workspace, open_workspace
from tests.office.signed_in import SERVERS
from tests.office.watched import watch

USER, PASSPHRASE = "sgt", "three random words"
ON_A_SERVER: dict[str, set[str]] = {
    "test_plans": {"test_a_plan_is_approved_kept_and_opened_again"},
    "test_surprise": {"test_sickness_makes_a_proposal_that_is_approved_and_noted"},
    "test_simulation": {"test_an_empty_workspace_has_nobody_to_play_with"},
    "test_allocation": {"test_an_approval_needs_a_reason_and_is_kept_with_it"},
    "test_large_force": set(),
}
"""Modules that solve rather than store: which of their tests run on a server too."""

OF_A_FOLDER = {
    "test_before_a_caseload_is_changed_by_an_import_a_backup_is_made",
    "test_nothing_of_the_erased_is_left_in_the_file",
    "test_the_certificate_says_who_when_why_and_what_kinds_and_nothing_that_was_erased",
    "test_an_altered_certificate_is_found",
    "test_an_erasure_needs_another_person_and_the_reference_typed",
    "test_a_full_disk_at_the_rewriting_does_not_take_the_erasure_back",
}
"""About files of a folder, or about somebody who gets past the program, which a server refuses."""


@pytest.fixture(autouse=True)
def nobody_is_read_unrecorded(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Whatever a test does, a use case that reads people writes that down."""
    unrecorded = watch(monkeypatch)
    yield
    assert unrecorded == []


@pytest.fixture(scope="session")
def prepared(server: Any) -> str:
    """A prepared database with one supervisor of all teams, to be copied."""
    name: str = server.new_database()
    prepare(server.url(name))
    add_user(server.url(name), NewUser(USER, Role.SUPERVISOR, passphrase=PASSPHRASE))
    return name


@pytest.fixture
def session(store: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Session]:
    """A supervisor signed in to an empty workspace: a folder, or a prepared database on a server."""
    if store == "folder":
        cheap = KdfParameters(8 * 1024, 1, 1)
        signed_in = Session(create_workspace(str(tmp_path / "team.vp"), USER, PASSPHRASE, kdf=cheap))
        yield signed_in
        signed_in.close()
        return
    server, prepared = (request.getfixturevalue(name) for name in ("server", "prepared"))
    with contextlib.ExitStack() as closing:
        database = Database(server, server.new_database(prepared), closing)
        yield database.sign_in(USER)
    SERVERS.pop(database.location)
    server.drop_database(database.name)


class Database:
    """A copy of the prepared database for one test, and who is signed in to it."""

    def __init__(self, server: Any, name: str, closing: contextlib.ExitStack) -> None:
        self.server, self.name, self.closing = server, name, closing
        self.location = f"postgresql+psycopg://127.0.0.1:{server.port}/{name}"
        SERVERS[self.location] = self.sign_in_as
        server.execute(f"GRANT CONNECT ON DATABASE {name} TO {', '.join(GROUPS)}")

    def sign_in(self, user: str, login: str = "") -> Session:
        opened = Session(open_workspace(self.location, login or user, PASSPHRASE))
        self.closing.callback(opened.close)
        return opened

    def sign_in_as(self, user: str, role: Role, team: str) -> Session:
        """A login of each name and role serves all the tests' databases."""
        login = f"{user} {role.value}".casefold()
        with open_workspace(self.location, USER, PASSPHRASE) as workspace, workspace.transaction() as unit:
            known = unit.user(user)
        if known is None:
            person = NewUser(user, role, team, login, PASSPHRASE)
            try:
                add_user(self.server.url(self.name), person)
            except AlreadyThere:
                add_user(self.server.url(self.name), replace(person, existing=True))
        return self.sign_in(user, known.login if known else login)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Every use case runs on both stores; where a test mostly computes, its first one on a server shows as much."""
    if "session" in metafunc.fixturenames or "store" in metafunc.fixturenames:
        enough, name = ON_A_SERVER.get(metafunc.module.__name__.rpartition(".")[2]), metafunc.function.__name__
        both = name not in OF_A_FOLDER and (enough is None or name in enough)
        metafunc.parametrize("store", ["folder", "server"] if both else ["folder"])


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Of a test with several examples the first one runs on a server; they differ in what is computed, not in what is stored."""
    seen: set[str] = set()
    once = [each for each in items if not _again_on_a_server(each, seen)]
    if len(once) < len(items):
        config.hook.pytest_deselected(items=[each for each in items if each not in once])
        items[:] = once


def _again_on_a_server(item: pytest.Item, seen: set[str]) -> bool:
    given = getattr(getattr(item, "callspec", None), "params", {})
    if item.path.parent != Path(__file__).parent or given.get("store") != "server":
        return False
    name = item.nodeid.partition("[")[0]
    again = name in seen
    seen.add(name)
    return again


@pytest.fixture
def team(session: Session) -> Session:
    """The same workspace with two managers and six offenders around two invented towns."""
    managers = [
        OffenderManager(
            id=f"OM{number:02}",
            name=f"PC Invented {number}",
            base=("Northtown", "Southtown")[number - 1],
            position=Position(51.5 - 0.4 * (number - 1), -2.0),
            trained=True,
            sex=(Sex.FEMALE, Sex.MALE)[number - 1],
            version=0,
        )
        for number in (1, 2)
    ]
    offenders = [
        Offender(
            ref=f"INV-{number}",
            surname="INVENTED",
            forenames=f"Person {number}",
            risk=(Risk.LOW, Risk.MEDIUM, Risk.HIGH)[number % 3],
            status=Status.CUSTODY if number == 6 else Status.COMMUNITY,
            position=Position(51.5 - 0.4 * (number % 2) + 0.01 * number, -2.0),
            manager=("OM01", "OM02")[number // 4],
            last_seen=date(2026, 1, 10 + number),
            version=0,
        )
        for number in range(1, 7)
    ]
    with session.unit(Permission.IMPORT) as unit:
        unit.save_managers(managers)
        unit.save_offenders(offenders)
    return session
