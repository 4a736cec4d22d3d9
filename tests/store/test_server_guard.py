"""What a prepared database promises: entries that cannot be forged, access with a reason, people let in and shut out."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from psycopg import errors

from mosovo_planner.domain.need_to_know import BreakGlass, Restriction
from mosovo_planner.domain.people import Offender, OffenderManager
from mosovo_planner.domain.record import Operation
from mosovo_planner.domain.roles import Role
from mosovo_planner.domain.visits import Visit
from mosovo_planner.store import KdfParameters, Workspace, create_workspace, open_workspace
from mosovo_planner.store.backups.backup import verify
from mosovo_planner.store.base.errors import (
    AlreadyThere,
    BadRecord,
    NewerSchema,
    NotAllowed,
    NotAWorkspace,
    StaleRecord,
    WeakPassphrase,
    WorkspaceError,
    WrongPassphrase,
)
from mosovo_planner.store.members import add_member, change_passphrase
from mosovo_planner.store.server.logins import NewUser, add_user, change_password, change_user, remove_user, users
from mosovo_planner.store.server.prepare import prepare

NORTH, SOUTH, SHUT = "INV-N", "INV-S", "INV-R"
NOON = datetime(2026, 11, 23, 12)
PASSWORD = "three random words"
ENTRY = "INSERT INTO record_of_use ({0}) VALUES ({1})"
SAID = {
    "operation": "consultation", "subject": "caseload", "fields": "[]", "count": 1, "reason": "", "recipient": "",
    "medium": "", "outcome": "done", "session": "s", "device": "d", "app_version": "x", "digest": "",
}  # fmt: skip


def _enter(connection: psycopg.Connection, **said: Any) -> None:
    row = SAID | said
    columns, values = ", ".join(row), ", ".join(f"%({name})s" for name in row)
    connection.execute(ENTRY.format(columns, values), row)  # type: ignore[arg-type]


def _glass(by: str, ref: str = SOUTH, **more: Any) -> BreakGlass:
    return BreakGlass(id=f"glass-{by}-{ref}", ref=ref, by=by, at=NOON, reason="met on patrol, asked for help", **more)


# The record of use


def test_an_entry_has_the_servers_actor_and_time_whatever_the_client_says(own_guarded: Any) -> None:
    before = datetime.now(UTC)
    with own_guarded.connect("pc north") as connection:
        connection.execute("SET application_name = 'Sgt All'")
        _enter(connection, subject="offender INV-N", reason="a wink")
    with own_guarded.superuser() as connection:
        asked = "SELECT actor, role, at, seq, prev FROM record_of_use ORDER BY seq DESC LIMIT 2"
        (actor, role, at, seq, prev), (_, _, _, last, _) = connection.execute(asked).fetchall()
        found = connection.execute("SELECT hash FROM record_of_use WHERE seq = %s", (last,)).fetchone()
    assert (actor, role, seq) == ("PC North", "offender_manager", last + 1)
    assert before - timedelta(minutes=1) < at < datetime.now(UTC) + timedelta(minutes=1)
    assert found == (prev,)
    with own_guarded.open("sgt all") as workspace:
        assert verify(workspace).problems == ()


@pytest.mark.parametrize(
    "reason", ['O\'Brien "quoted" \\ back', "tab\tnew\nline\r\x01\x1f\x7f", "Zoë İ 漢 \U0001f600", "\u202ertl \u200b", "</x>&"]
)
def test_the_server_hashes_as_the_program_does_whatever_the_text(own_guarded: Any, reason: str) -> None:
    with own_guarded.open("pc north") as workspace, workspace.transaction() as unit:
        unit.record(Operation.CONSULTATION, "caseload", ("a", "b"), 7, reason, "Zoë", "paper")
    with own_guarded.open("sgt all") as workspace:
        assert verify(workspace).problems == ()
        with workspace.transaction() as unit:
            assert unit.uses(1)[0].reason == reason


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE offender SET notes = 'x', version = version + 1 WHERE ref = 'INV-N'",
        "UPDATE visit SET note = 'x' WHERE ref = 'INV-N'",
        "DELETE FROM event WHERE ref = 'INV-N'",
    ],
)
def test_no_change_without_its_entry_even_past_the_program(own_guarded: Any, change: str) -> None:
    with closing(own_guarded.connect("pc north")) as connection:
        connection.execute(change)
        with pytest.raises(errors.InsufficientPrivilege, match="record of use"):
            connection.commit()
    with own_guarded.connect("pc north") as connection:
        connection.execute(change)
        _enter(connection, operation="alteration", subject="offender INV-N")
    with own_guarded.open("sgt all") as workspace:
        assert verify(workspace).problems != ()  # its digest is not the record's


def test_an_entry_of_an_earlier_transaction_does_not_cover_a_change(own_guarded: Any) -> None:
    with own_guarded.connect("pc north") as connection:
        _enter(connection, operation="alteration", subject="offender INV-N")
    with closing(own_guarded.connect("pc north")) as connection:
        connection.execute("UPDATE visit SET note = 'x' WHERE ref = 'INV-N'")
        with pytest.raises(errors.InsufficientPrivilege):
            connection.commit()


def test_a_version_cannot_be_kept_or_skipped(own_guarded: Any) -> None:
    for version in ("version", "version + 2"):
        with own_guarded.connect("pc north") as connection, pytest.raises(errors.SerializationFailure):
            connection.execute(f"UPDATE offender SET version = {version} WHERE ref = 'INV-N'")  # type: ignore[arg-type]


def test_a_case_is_given_to_another_manager_by_supervisors_only(own_guarded: Any) -> None:
    change = "UPDATE offender SET manager = NULL, version = version + 1 WHERE ref = 'INV-N'"
    with own_guarded.connect("pc north") as connection, pytest.raises(errors.InsufficientPrivilege, match="supervisor"):
        connection.execute(change)
    with own_guarded.connect("sgt north") as connection:
        assert connection.execute(change).rowcount == 1
        _enter(connection, operation="alteration", subject="offender INV-N")


# Need to know


def test_a_reason_opens_a_record_of_another_team_from_the_next_transaction_on(own_guarded: Any) -> None:
    with own_guarded.open("pc north") as workspace:
        with workspace.transaction() as unit:
            assert unit.offender(SOUTH) is None
            unit.break_glass(_glass("PC North"))
            unit.seal()
            assert unit.offender(SOUTH) is None
        with workspace.transaction() as unit:
            assert unit.offender(SOUTH) is not None
            assert unit.visits(ref=SOUTH)
            assert [each.ref for each in unit.opened()] == [SOUTH]
    with own_guarded.open("pc named") as workspace, workspace.transaction() as unit:
        assert unit.offender(SOUTH) is None
        assert unit.opened() == ()
    with own_guarded.open("sgt all") as workspace:
        assert verify(workspace).problems == ()


def test_what_is_rolled_back_opens_nothing(own_guarded: Any) -> None:
    with own_guarded.connect("pc north") as connection:
        _enter(connection, subject=f"offender {SOUTH}", operation="consultation")
        _break(connection)
        assert connection.execute("SELECT 1 FROM offender WHERE ref = %s", (SOUTH,)).fetchall() == []
        connection.rollback()
        assert connection.execute("SELECT 1 FROM offender WHERE ref = %s", (SOUTH,)).fetchall() == []


def test_opening_a_record_stands_in_the_servers_log_even_if_rolled_back(own_guarded: Any) -> None:
    log = own_guarded.server.folder / "log"
    with own_guarded.connect("pc north") as connection:
        _break(connection)
        connection.rollback()
    lines = [line for line in log.read_text().splitlines() if "of another team opened by login pc north" in line]
    assert lines
    assert "SECRET" not in log.read_text().replace("SECRET INV-S", "")  # an attack elsewhere makes a cast of his own row fail


def _break(
    connection: psycopg.Connection, by: str = "PC North", ref: str = SOUTH, kept_at: str = "now()", reason: str = "met him"
) -> None:
    connection.execute(
        "INSERT INTO break_glass (id, ref, by, at, reason, seen_by, kept_by, kept_at, salt) "  # type: ignore[arg-type]
        f"VALUES ('b', %s, %s, now(), %s, '', %s, {kept_at}, '')",
        (ref, by, reason, by),
    )


@pytest.mark.parametrize(
    "said", [{"by": "Sgt All"}, {"ref": SHUT}, {"kept_at": "now() - interval '1 day'"}, {"reason": " "}, {"reason": ""}], ids=str
)
def test_a_record_is_opened_in_ones_own_name_now_with_a_reason_and_never_a_restricted_one(own_guarded: Any, said: Any) -> None:
    with own_guarded.connect("pc south") as connection, pytest.raises(errors.InsufficientPrivilege):
        _break(connection, **({"by": "PC South", "ref": NORTH} | said))


def test_supervisors_get_notice_and_another_one_says_that_he_looked(own_guarded: Any) -> None:
    with own_guarded.open("sgt north") as workspace, workspace.transaction() as unit:
        unit.break_glass(_glass("Sgt North"))
    with own_guarded.open("sgt north") as workspace, workspace.transaction() as unit:
        (notice,) = unit.opened(open_only=True)
        with pytest.raises(NotAllowed, match="Another supervisor"):
            unit.saw_opened(notice, replace(notice, seen_by="Sgt North", seen_at=NOON))
    with own_guarded.connect("sgt north") as connection, pytest.raises(errors.InsufficientPrivilege):
        connection.execute("UPDATE break_glass SET seen_by = 'Sgt North'")
    with own_guarded.open("sgt all") as workspace, workspace.transaction() as unit:
        (notice,) = unit.opened(open_only=True)
        unit.saw_opened(notice, replace(notice, seen_by="Sgt All", seen_at=NOON))
        assert unit.opened(open_only=True) == ()
        assert len(unit.opened()) == 1
    with own_guarded.open("sgt all") as workspace:
        assert verify(workspace).problems == ()


def test_access_with_a_reason_ends(own_guarded: Any) -> None:
    with own_guarded.open("pc north") as workspace, workspace.transaction() as unit:
        unit.break_glass(_glass("PC North"))
    with own_guarded.superuser() as connection:
        connection.execute("UPDATE app.opened SET until = now() - interval '1 second'")
    with own_guarded.open("pc north") as workspace, workspace.transaction() as unit:
        assert unit.offender(SOUTH) is None


def test_a_record_restricted_now_is_hidden_at_once_and_comes_back(own_guarded: Any) -> None:
    restriction = Restriction(ref=NORTH, named=("PC Named",), by="Sgt North", on=NOON.date(), reason="a neighbour works here")
    with (
        own_guarded.open("pc north") as manager,
        own_guarded.open("pc named") as named,
        own_guarded.open("sgt north") as sergeant,
    ):
        with sergeant.transaction() as unit:
            unit.restrict(restriction)
        assert (_sees(manager, NORTH), _sees(named, NORTH), _sees(sergeant, NORTH)) == (False, True, True)
        with sergeant.transaction() as unit:
            unit.lift_restriction(unit.restrictions()[NORTH], "he moved away")
        assert _sees(manager, NORTH)


def _sees(workspace: Workspace, ref: str) -> bool:
    with workspace.transaction() as unit:
        return unit.offender(ref) is not None


def test_who_manages_him_is_answered_of_every_team_but_restricted_records(own_guarded: Any) -> None:
    for login in ("frontline", "pc north", "supt north"):
        with own_guarded.open(login) as workspace, workspace.transaction() as unit:
            people, known_by = unit.who_people()
            assert {NORTH, SOUTH} <= {each.ref for each in people.offenders}
            assert SHUT not in {each.ref for each in people.offenders}
            assert known_by[SOUTH].aliases
            him, facts, staff = unit.who_person(SOUTH)
            assert him is not None
            assert (him.manager, him.risk, him.notes) == ("OM-S", None, "")
            assert facts.orders
            assert facts.orders[0].conditions
            assert {each.id for each in staff} == {"OM-N", "OM-S"}
            assert unit.who_person(SHUT)[0] is None


def test_what_one_may_not_see_is_not_overwritten_and_a_new_record_of_that_reference_not_made(own_guarded: Any) -> None:
    with own_guarded.open("pc north") as workspace:
        with pytest.raises(StaleRecord), workspace.transaction() as unit:
            unit.save_offenders([Offender(ref=SOUTH, manager="OM-N")])
        with pytest.raises(BadRecord), workspace.transaction() as unit:
            unit.add_visit(Visit(id="v", ref=SOUTH, at=NOON))
        with pytest.raises(NotAllowed), workspace.transaction() as unit:
            unit.save_managers([OffenderManager(id="OM-X")])


# People


def test_one_who_is_shut_out_sees_nothing_from_his_next_statement_on(own_guarded: Any) -> None:
    connection = own_guarded.connect("pc north", autocommit=True)
    assert connection.execute("SELECT count(*) FROM offender").fetchone() == (1,)
    with own_guarded.open("sgt all") as workspace, workspace.transaction() as unit:
        unit.set_active("PC North", False, "left the team")
    assert connection.execute("SELECT count(*) FROM offender").fetchone() == (0,)
    connection.close()
    with pytest.raises(NotAllowed, match="no longer"):
        own_guarded.open("pc north")


def _shut_out(workspace: Workspace, name: str) -> None:
    with workspace.transaction() as unit:
        unit.set_active(name, False, "left")


def test_a_team_supervisor_shuts_out_nobody_of_another_team(own_guarded: Any) -> None:
    with own_guarded.open("sgt north") as workspace:
        with pytest.raises(NotAllowed, match="another team"):
            _shut_out(workspace, "PC South")
        _shut_out(workspace, "PC North")
    with own_guarded.open("sgt all") as workspace, workspace.transaction() as unit:
        assert [each.name for each in unit.users() if not each.active] == ["Gone", "PC North"]


def test_a_supervisor_shuts_out_others_but_not_himself_and_makes_nobody_more(own_guarded: Any) -> None:
    with own_guarded.open("sgt all") as workspace:
        with pytest.raises(NotAllowed, match="your own"):
            _shut_out(workspace, "Sgt All")
        with pytest.raises(NotAllowed, match="server add-user"):
            add_member(workspace, "PC New", PASSWORD, Role.SUPERVISOR)
        for forbidden in (lambda unit: unit.set_role("PC North", Role.SUPERVISOR), lambda unit: unit.set_team("PC North", "")):
            with pytest.raises(NotAllowed), workspace.transaction() as unit:
                forbidden(unit)
        with pytest.raises(NotAllowed), workspace.transaction() as unit:
            unit.add_account("PC New", Role.SUPERVISOR)


@pytest.fixture
def newcomer(own_guarded: Any) -> Any:
    person = NewUser("PC New", Role.OFFENDER_MANAGER, "North", f"new {own_guarded.name}", PASSWORD)
    add_user(own_guarded.admin, person)
    yield person
    with own_guarded.superuser() as connection:
        connection.execute(psycopg.sql.SQL("DROP ROLE {}").format(psycopg.sql.Identifier(person.login)))


def test_a_persons_way_from_the_first_day_to_the_last(own_guarded: Any, newcomer: NewUser) -> None:
    name, login = newcomer.name, newcomer.login
    with open_workspace(own_guarded.address, login.upper(), PASSWORD) as workspace:
        assert (workspace.user, workspace.role, _sees(workspace, NORTH)) == (name, Role.OFFENDER_MANAGER, True)
    with pytest.raises(AlreadyThere):
        add_user(own_guarded.admin, newcomer)
    assert change_user(own_guarded.admin, name, team="South", reason="moved").team == "South"
    with open_workspace(own_guarded.address, login, PASSWORD) as workspace:
        assert (_sees(workspace, NORTH), _sees(workspace, SOUTH)) == (False, True)
    change_user(own_guarded.admin, name, role=Role.AUDITOR)
    with open_workspace(own_guarded.address, login, PASSWORD) as workspace, workspace.transaction() as unit:
        assert {each.operation for each in unit.uses(200)} >= {Operation.COLLECTION, Operation.ALTERATION}
    change_password(own_guarded.admin, name, "another three words")
    with pytest.raises(WrongPassphrase):
        open_workspace(own_guarded.address, login, PASSWORD)
    held = open_workspace(own_guarded.address, login, "another three words")
    assert not remove_user(own_guarded.admin, name, "left").active
    with pytest.raises(WorkspaceError), held.transaction() as unit:
        unit.uses(1)
    held.close()
    with pytest.raises(WrongPassphrase):
        open_workspace(own_guarded.address, login, "another three words")
    assert next(each for each in users(own_guarded.admin) if each.name == name).login == login
    add_user(own_guarded.admin, replace(newcomer, role=Role.MANAGER, team=""))
    with open_workspace(own_guarded.address, login, PASSWORD) as workspace:
        assert (workspace.role, _sees(workspace, SOUTH)) == (Role.MANAGER, True)
    with own_guarded.open("sgt all") as workspace:
        assert verify(workspace).problems == ()


def test_one_changes_ones_own_password_and_works_on(own_guarded: Any, newcomer: NewUser) -> None:
    with open_workspace(own_guarded.address, newcomer.login, PASSWORD) as workspace:
        with pytest.raises(WrongPassphrase):
            change_passphrase(workspace, "not my password", "another three words")
        change_passphrase(workspace, PASSWORD, "another three words")
        assert _sees(workspace, NORTH)
    with pytest.raises(WrongPassphrase):
        open_workspace(own_guarded.address, newcomer.login, PASSWORD)
    open_workspace(own_guarded.address, newcomer.login, "another three words").close()
    log = (own_guarded.server.folder / "log").read_text()
    assert "another three words" not in log


@pytest.mark.parametrize(
    ("person", "wrong"),
    [
        (NewUser("PC North", Role.AUDITOR, passphrase=PASSWORD), AlreadyThere),
        (NewUser("Somebody", Role.AUDITOR, login="mosovo_tests", passphrase=PASSWORD), AlreadyThere),
        (NewUser("Somebody", Role.AUDITOR, login="mosovo_owner", passphrase=PASSWORD), BadRecord),
        (NewUser("Somebody", Role.AUDITOR, login="x" * 64, passphrase=PASSWORD), BadRecord),
        (NewUser("recovery-9", Role.AUDITOR, passphrase=PASSWORD), BadRecord),
        (NewUser("Somebody", Role.AUDITOR, passphrase="short"), WeakPassphrase),
        (NewUser("  ", Role.AUDITOR, passphrase=PASSWORD), BadRecord),
    ],
    ids=lambda each: each.name if isinstance(each, NewUser) else "",
)
def test_names_and_logins_that_cannot_be(guarded: Any, person: NewUser, wrong: type[Exception]) -> None:
    with pytest.raises(wrong):
        add_user(guarded.admin, person)


def test_users_are_made_by_whoever_may_make_logins(guarded: Any) -> None:
    address = guarded.address.replace("//", f"//sgt all:{PASSWORD}@")
    with pytest.raises(NotAllowed):
        add_user(address, NewUser("PC New", Role.AUDITOR, passphrase=PASSWORD))
    with pytest.raises(NotAllowed):
        prepare(address)


def test_the_log_holds_no_password(guarded: Any) -> None:
    assert PASSWORD not in (guarded.server.folder / "log").read_text()


# Opening


def test_one_login_for_several_people_is_refused(guarded: Any) -> None:
    with pytest.raises(NotAllowed, match="login of his own"):
        open_workspace(guarded.admin, "Sgt All", PASSWORD)
    with pytest.raises(NotAllowed, match="login of his own"):
        open_workspace(guarded.address.replace("//", f"//sgt all:{PASSWORD}@"), "Sgt All", PASSWORD)
    with pytest.raises(NotAllowed, match="login of his own"):
        open_workspace(guarded.address.replace("//", "//sgt all@"), "PC North", PASSWORD)


def test_a_login_without_an_account_is_told_so(guarded: Any) -> None:
    address = guarded.address.replace("//", "//mosovo_tests@")
    with pytest.raises(NotAllowed, match="no account"):
        open_workspace(address, "mosovo_tests", guarded.server.password)


def test_an_older_and_a_newer_database_say_so(own_guarded: Any) -> None:
    for revision, wrong, words in (("0002", WorkspaceError, "server init"), ("9999", NewerSchema, "newer")):
        with own_guarded.superuser() as connection:
            connection.execute("UPDATE alembic_version SET version_num = %s", (revision,))
        with pytest.raises(wrong, match=words):
            own_guarded.open("sgt all")


# Preparing


def test_preparing_again_changes_nothing(own_guarded: Any) -> None:
    before = _rights(own_guarded)
    made = prepare(own_guarded.admin)
    assert (made.made, made.taken_over) == (False, False)
    assert _rights(own_guarded) == before


def _rights(guarded: Any) -> Any:
    with guarded.superuser() as connection:
        policies = connection.execute("SELECT * FROM pg_policies ORDER BY tablename, policyname").fetchall()
        asked = "SELECT relname, relacl::text, relforcerowsecurity FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        return policies, sorted(connection.execute(asked).fetchall())


def test_every_table_is_held_by_row_level_security_and_owned_by_nobody_who_logs_in(guarded: Any) -> None:
    with guarded.superuser() as connection:
        asked = (
            "SELECT relname FROM pg_class JOIN pg_roles o ON o.oid = relowner WHERE relkind = 'r' "
            "AND relnamespace = 'public'::regnamespace AND NOT (relrowsecurity AND relforcerowsecurity AND NOT o.rolcanlogin)"
        )
        assert connection.execute(asked).fetchall() == []  # type: ignore[arg-type]


def test_a_workspace_made_without_preparing_is_taken_over_with_all_it_holds(server: Any) -> None:
    url = server.url(server.new_database())
    with (
        create_workspace(url, "Sgt All", PASSWORD, kdf=KdfParameters(8 * 1024, 1, 1)) as workspace,
        workspace.transaction() as unit,
    ):
        unit.save_managers([OffenderManager(id="OM-N", team="North")])
        unit.save_offenders([Offender(ref=NORTH, manager="OM-N")])
        before = unit.head
    assert prepare(url).taken_over
    login = f"taken {url[-6:]}"
    add_user(url, NewUser("Sgt All", Role.SUPERVISOR, login=login, passphrase=PASSWORD))
    bare = f"postgresql+psycopg://127.0.0.1:{server.port}/{url.rsplit('/', 1)[1]}"
    with open_workspace(bare, login, PASSWORD) as workspace:
        assert _sees(workspace, NORTH)
        assert verify(workspace).problems == ()
    assert before


def test_a_database_of_another_program_and_one_not_prepared_are_left_alone(server: Any) -> None:
    name = server.new_database()
    server.execute("CREATE TABLE offender (x int)", name)
    with pytest.raises(WorkspaceError, match="another program"):
        prepare(server.url(name))
    with pytest.raises(NotAWorkspace, match="server init"):
        add_user(server.url(server.new_database()), NewUser("PC New", Role.AUDITOR, passphrase=PASSWORD))
    with pytest.raises(NotAWorkspace):
        prepare("/a/folder")
