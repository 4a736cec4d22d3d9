"""A prepared database on the tests' own server, with a person of every role and offenders of two teams. All invented."""

from __future__ import annotations

import typing
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, is_dataclass, replace
from datetime import date, datetime
from typing import Any

import psycopg

from mosovo_planner.domain.off_duty import IncidentFile, KeptLog
from mosovo_planner.domain.people import Absence, Offender, OffenderManager, Risk
from mosovo_planner.domain.proposals import Move, Plan, SolverFacts
from mosovo_planner.domain.roles import Role
from mosovo_planner.domain.visits import Visit
from mosovo_planner.store import AllocationDecision, BeforeImage, ImportBatch, Workspace, open_workspace
from mosovo_planner.store.server.logins import NewUser, add_user
from mosovo_planner.store.server.names import GROUPS
from mosovo_planner.store.server.prepare import prepare
from mosovo_planner.store.tables.kinds import BREAK_GLASS, INCIDENT_FILES, KEPT_LOGS, OF_OFFENDERS, RESTRICTION, RecordKind
from mosovo_planner.store.unit import Unit

PASSWORD = "three random words"
NOON = datetime(2026, 11, 23, 12)
NORTH, SOUTH, SHUT, NOBODYS = "INV-N", "INV-S", "INV-R", "INV-U"
"""Offenders: of the north, of the south, of the north and restricted, not allocated."""

PEOPLE = {
    "pc north": NewUser("PC North", Role.OFFENDER_MANAGER, "North"),
    "pc named": NewUser("PC Named", Role.OFFENDER_MANAGER, "North"),
    "pc south": NewUser("PC South", Role.OFFENDER_MANAGER, "South"),
    "sgt north": NewUser("Sgt North", Role.SUPERVISOR, "North"),
    "sgt all": NewUser("Sgt All", Role.SUPERVISOR),
    "supt north": NewUser("Supt North", Role.MANAGER, "North"),
    "supt all": NewUser("Supt All", Role.MANAGER),
    "admin": NewUser("Admin", Role.ADMINISTRATOR),
    "auditor": NewUser("Auditor", Role.AUDITOR),
    "frontline": NewUser("Frontline", Role.FRONTLINE),
    "gone": NewUser("Gone", Role.SUPERVISOR),
}
"""By login. ``gone`` is shut out of the workspace, though the server still knows his login."""


@dataclass(frozen=True)
class Guarded:
    """The database; ``server`` is where it is (``postgres.Server``)."""

    server: Any
    name: str

    @property
    def admin(self) -> str:
        return str(self.server.url(self.name))

    @property
    def address(self) -> str:
        return f"postgresql+psycopg://127.0.0.1:{self.server.port}/{self.name}"

    def open(self, login: str) -> Workspace:
        return open_workspace(self.address, PEOPLE[login].name, PASSWORD)

    def connect(self, login: str, **more: Any) -> psycopg.Connection:
        """A plain connection, as anybody with ``psql`` has."""
        where = {"host": "127.0.0.1", "port": self.server.port, "dbname": self.name}
        return psycopg.connect(**where, user=login, password=PASSWORD, **more)

    def close_to_strangers(self) -> None:
        """What a copied database does not take over from its template: who may connect, and that nobody makes tables."""
        with self.superuser() as connection:
            groups = ", ".join(GROUPS)
            connection.execute(f"REVOKE ALL ON DATABASE {self.name} FROM PUBLIC")
            connection.execute(f"GRANT CONNECT ON DATABASE {self.name} TO {groups}")

    @contextmanager
    def superuser(self) -> Iterator[psycopg.Connection]:
        where = {"host": "127.0.0.1", "port": self.server.port, "dbname": self.name}
        with psycopg.connect(**where, user="mosovo_tests", password=self.server.password) as connection:
            yield connection


def guarded_database(server: Any) -> Guarded:
    """Everybody has his login; nothing else is in it."""
    made = Guarded(server, server.new_database())
    prepare(made.admin)
    for login, person in PEOPLE.items():
        with made.superuser() as connection:
            taken = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (login,)).fetchone()
            if taken:
                connection.execute(psycopg.sql.SQL("DROP ROLE {}").format(psycopg.sql.Identifier(login)))
        add_user(made.admin, replace(person, login=login, passphrase=PASSWORD))
    with made.superuser() as connection:
        connection.execute("UPDATE account SET active = false WHERE login = 'gone'")
    return made


def fill(guarded: Guarded) -> None:
    """Everything that can be kept of an offender is kept of each of the four."""
    with guarded.open("sgt all") as workspace, workspace.transaction() as unit:
        away = (Absence(date(2026, 11, 23), date(2026, 11, 24), "leave"),)
        unit.save_managers([OffenderManager(id=f"OM-{team[0]}", team=team, absences=away) for team in ("North", "South")])
        held = {NORTH: "OM-N", SOUTH: "OM-S", SHUT: "OM-N", NOBODYS: None}
        unit.save_offenders([Offender(ref=ref, surname=f"SECRET {ref}", risk=Risk.LOW, manager=who) for ref, who in held.items()])
        logs = {ref: KeptLog(id=f"log-{ref}", file_id="f1", number=ref) for ref in held}
        unit.connection.execute(_table("incident_file").insert(), INCIDENT_FILES.values(_file()))
        unit.connection.execute(_table("incident_log").insert(), [KEPT_LOGS.values(log) for log in logs.values()])
        for ref in held:
            unit.add_visit(Visit(id=f"visit-{ref}", ref=ref, at=NOON))
            for kind in OF_OFFENDERS:
                if kind not in (RESTRICTION, BREAK_GLASS) and (kind.word != "risk_since"):
                    unit._records.add(kind, [(ref, invented(kind, ref))])
        batch = ImportBatch(id="i1", at=NOON.astimezone(), by="Sgt All", file_name="t.xlsx")
        unit.save_import(batch, [BeforeImage("offender", ref, Offender(ref=ref)) for ref in held])
        moves = tuple(Move(ref, None, "OM-N", 1.0, "nearer") for ref in held)
        unit.save_decision(AllocationDecision(NOON.astimezone(), "Sgt All", "nearer", moves))
        unit.save_plan(Plan(date(2026, 11, 23), date(2026, 11, 29), 1, (), (), SolverFacts(1, 1)), "Sgt All")
        unit.save_profile("tracker", "{}")
        unit.save_clock_table('[event]\nother = { label = "Other" }\n', "trial")
        _restrict(unit)
    with guarded.open("sgt north") as workspace, workspace.transaction() as unit:
        unit.save_plan(Plan(date(2026, 11, 23), date(2026, 11, 29), 2, (), (), SolverFacts(1, 1)), "Sgt North")


def _restrict(unit: Unit) -> None:
    unit.restrict(replace(invented(RESTRICTION, SHUT), named=("PC Named",), reason="a relative works here"))


def invented(kind: RecordKind[Any], ref: str) -> Any:
    """A record of a kind about an offender, with something in every field."""
    record = _value(kind.model)
    given = {"ref": ref, "id": f"{kind.word}-{ref}", "log_id": f"log-{ref}", "month_year": 2026, "month_month": 11}
    return replace(record, **{name: value for name, value in given.items() if name in kind.shape.names})


def _value(hint: Any) -> Any:
    inner = typing.get_args(hint)
    if typing.get_origin(hint) is tuple:
        return (_value(inner[0]),)
    if type(None) in inner:
        return _value(inner[0])
    if is_dataclass(hint):
        kinds = typing.get_type_hints(hint)
        return typing.cast("Any", hint)(**{name: _value(kind) for name, kind in kinds.items()})
    plain: dict[Any, Any] = {str: "Sgt All", int: 1, bool: False, date: NOON.date(), datetime: NOON}
    return plain[hint] if hint in plain else next(iter(hint))


def _file() -> IncidentFile:
    return IncidentFile(id="f1", digest="1", name="logs.csv", at=NOON, by="Sgt All")


def _table(name: str) -> Any:
    from mosovo_planner.store.tables import metadata

    return metadata.tables[name]
