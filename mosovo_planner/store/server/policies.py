"""Which role may do what with which rows of which table: the grants and policies of row-level security.

A table that is not named here belongs to nobody but its owner. Roles that are not named in a rule have no right at all,
so that the matrix can be read off these lines; a test reads it off the database.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mosovo_planner.domain.roles import Permission, Role
from mosovo_planner.store import tables
from mosovo_planner.store.record.chain import TOLD
from mosovo_planner.store.server.names import GROUPS, GUARD, OWNER, group, literal, quoted
from mosovo_planner.store.tables import kinds

OM, SUPERVISOR, MANAGER = Role.OFFENDER_MANAGER, Role.SUPERVISOR, Role.MANAGER
ADMINISTRATOR, AUDITOR, FRONTLINE = Role.ADMINISTRATOR, Role.AUDITOR, Role.FRONTLINE
EVERYBODY = tuple(Role)
CASEWORK = (OM, SUPERVISOR, MANAGER)
WRITERS = (OM, SUPERVISOR)
ASKING = (*CASEWORK, FRONTLINE)
DECIDING = tuple(role for role in Role if Permission.RETENTION in role.permissions)
"""Who is one of the two people of an erasure."""

_ME = f"(SELECT {GUARD}.my_account())"
_ROLE = f"(SELECT {GUARD}.my_role())"
_TEAM = f"(SELECT {GUARD}.my_team())"
_IS_SUPERVISOR = f"{_ROLE} = {literal(SUPERVISOR.value)}"
_KNOWN = f"{_ME} IS NOT NULL"
_OF_MY_TEAM = (
    f"({_TEAM} = '' OR manager IN (SELECT {GUARD}.my_managers()) OR (manager IS NULL AND {_IS_SUPERVISOR}) "
    f"OR ref IN (SELECT {GUARD}.opened_refs()))"
)
_MINE_TO_SEE = f"({_OF_MY_TEAM} AND ref NOT IN (SELECT {GUARD}.hidden_refs()) AND {_KNOWN})"
_NOT_HIDDEN = f"(ref NOT IN (SELECT {GUARD}.hidden_refs()) AND {_KNOWN})"
_WHOLE_FORCE = f"({_TEAM} = '')"
_SEES_ALL = f"({_WHOLE_FORCE} AND {_IS_SUPERVISOR})"
_MY_STAFF = f"({_TEAM} = '' OR team = {_TEAM})"

ACCOUNT_COLUMNS = ("name", "role", "active", "created_at", "created_by", "signing_key", "team", "login")
"""What may be read of accounts: not what a pass phrase is checked against."""

WRITTEN_BY = {
    **dict.fromkeys(("graded", "drawn", "restriction", "confirmed_end", "reactive_approval"), (SUPERVISOR,)),
    "legal_hold": DECIDING,
    "retention_review": (*WRITERS, MANAGER),
}
"""Who writes kinds of record about an offender, where not every writer does."""

ASKED_FOR = ("alias", "earlier_address", "vehicle", "other_reference", "court_order")
"""Kinds that the question who manages him needs of every team."""


@dataclass(frozen=True)
class Rule:
    """``verb`` (SELECT, INSERT, UPDATE, DELETE) on a table is open to ``roles`` for rows of ``condition``.

    An updated row must still fulfil it; ``columns`` limits the grant.
    """

    table: str
    verb: str
    roles: tuple[Role, ...]
    condition: str
    columns: tuple[str, ...] = ()


def rules() -> tuple[Rule, ...]:
    """Every right that any user has in the database."""
    return (*_of_everybody(), *_of_people(), *_of_records(), *_of_decisions(), *_of_accounts())


def _of_everybody() -> Iterator[Rule]:
    for name in ("about", "policy", "clock_table", "alembic_version"):
        yield Rule(name, "SELECT", EVERYBODY, _KNOWN)
    for name in ("policy", "clock_table"):
        yield Rule(name, "INSERT", (SUPERVISOR,), f"by = {_ME} AND {_WHOLE_FORCE}")


def _of_people() -> Iterator[Rule]:
    yield from _each("offender", ("SELECT",), CASEWORK, _MINE_TO_SEE)
    yield from _each("offender", ("INSERT", "UPDATE"), WRITERS, _MINE_TO_SEE)
    yield Rule("offender", "DELETE", DECIDING, f"{_WHOLE_FORCE} AND {_NOT_HIDDEN}")
    others = tuple(role for role in DECIDING if role not in WRITERS)
    yield Rule("offender", "UPDATE", others, _MINE_TO_SEE, columns=("salt",))  # to lock whom they erase: no version, no update
    yield Rule("manager", "SELECT", CASEWORK, _KNOWN)
    yield from _each("manager", ("INSERT", "UPDATE", "DELETE"), (SUPERVISOR,), _MY_STAFF)
    yield Rule("absence", "SELECT", CASEWORK, _KNOWN)
    of_staff = f"EXISTS (SELECT FROM public.manager m WHERE m.id = manager_id AND {_MY_STAFF.replace('OR team', 'OR m.team')})"
    yield from _each("absence", ("INSERT", "DELETE"), (SUPERVISOR,), of_staff)


def _of_records() -> Iterator[Rule]:
    yield Rule("visit", "SELECT", CASEWORK, _about("visit"))
    yield from _each("visit", ("INSERT", "UPDATE"), WRITERS, _about("visit"))
    yield Rule("visit", "DELETE", DECIDING, f"{_WHOLE_FORCE} AND {_NOT_HIDDEN}")
    for kind in tables.OF_OFFENDERS:
        yield from _of_kind(kind.word, tuple(kind.parts))
    yield from _break_glass()
    logged = "EXISTS (SELECT FROM public.off_duty_match m WHERE m.log_id = incident_log.id)"
    deciding = f"{_ROLE} IN ({', '.join(literal(role.value) for role in DECIDING)})"
    everything = f"({_WHOLE_FORCE} AND {deciding} AND id NOT IN (SELECT {GUARD}.hidden_logs()))"
    others = tuple(role for role in DECIDING if role not in WRITERS)
    yield Rule("off_duty_match", "DELETE", others, f"{_WHOLE_FORCE} AND {_NOT_HIDDEN}")
    yield Rule("incident_log", "SELECT", CASEWORK, f"({everything} OR {logged})")
    yield Rule("incident_log", "INSERT", WRITERS, _KNOWN)
    yield from _each("incident_log", ("UPDATE", "DELETE"), DECIDING, everything)
    yield Rule("incident_file", "SELECT", CASEWORK, _KNOWN)
    yield Rule("incident_file", "INSERT", WRITERS, _KNOWN)


def _of_kind(word: str, parts: tuple[str, ...]) -> Iterator[Rule]:
    if word == kinds.BREAK_GLASS.word:
        return
    writers = WRITTEN_BY.get(word, WRITERS)
    readers, seen = (ASKING, _NOT_HIDDEN) if word in ASKED_FOR else (CASEWORK, _about(word))
    yield Rule(word, "SELECT", readers, seen)
    yield from _each(word, ("INSERT", "UPDATE", "DELETE"), writers, _about(word))
    for part in parts:
        name = f"{word}_{part}"
        owner = f"SELECT FROM public.{quoted(word)} k WHERE k.id = {quoted(name)}.owner"
        yield Rule(name, "SELECT", readers, f"EXISTS ({owner})")
        yield from _each(name, ("INSERT", "UPDATE", "DELETE"), writers, f"EXISTS ({owner} AND {_about('k')})")


def _break_glass() -> Iterator[Rule]:
    """A notice is seen by whoever wrote it and by those who supervise his team or the offender's; its trigger says more."""
    of_his_team = f"EXISTS (SELECT FROM public.account a WHERE a.name = break_glass.by AND a.team = {_TEAM})"
    supervised = f"({_IS_SUPERVISOR} AND ({_WHOLE_FORCE} OR {of_his_team} OR {_about('break_glass')}))"
    yield Rule("break_glass", "SELECT", CASEWORK, f"(by = {_ME} OR {supervised})")
    yield Rule("break_glass", "INSERT", CASEWORK, f"by = {_ME}")
    yield Rule("break_glass", "UPDATE", (SUPERVISOR,), supervised)


def _of_decisions() -> Iterator[Rule]:
    yield Rule("import_batch", "SELECT", (SUPERVISOR,), _KNOWN)
    yield from _each("import_batch", ("INSERT", "UPDATE"), (SUPERVISOR,), _KNOWN)
    replaced = f"({_WHOLE_FORCE} OR kind <> 'offender' OR {_about('import_image')})"
    yield from _each("import_image", ("SELECT", "INSERT", "DELETE"), (SUPERVISOR,), replaced)
    others = tuple(role for role in DECIDING if role is not SUPERVISOR)
    yield from _each("import_image", ("SELECT", "DELETE"), others, f"{_WHOLE_FORCE} AND {_about('import_image')}")
    yield Rule("import_profile", "SELECT", CASEWORK, _KNOWN)
    yield from _each("import_profile", ("INSERT", "DELETE"), WRITERS, _KNOWN)
    yield Rule("decision", "SELECT", CASEWORK, _KNOWN)
    yield Rule("decision", "INSERT", (SUPERVISOR,), f"by = {_ME}")
    yield Rule("decision_move", "SELECT", CASEWORK, _about("decision_move"))
    yield Rule("decision_move", "INSERT", (SUPERVISOR,), _about("decision_move"))
    yield Rule("decision_move", "DELETE", DECIDING, f"{_WHOLE_FORCE} AND {_NOT_HIDDEN}")
    yield Rule("plan", "SELECT", CASEWORK, f"(team IN ('', {_TEAM}) AND {_KNOWN})")
    approved = f"(approved_by IS NULL OR (approved_by = {_ME} AND {_IS_SUPERVISOR}))"
    yield Rule("plan", "INSERT", WRITERS, f"by = {_ME} AND team = {_TEAM} AND {approved}")
    yield Rule("plan", "DELETE", WRITERS, f"by = {_ME} AND approved_by IS NULL")
    yield Rule("erasure_certificate", "SELECT", (SUPERVISOR, MANAGER, AUDITOR), _KNOWN)
    yield from _each("erasure_certificate", ("INSERT", "UPDATE"), DECIDING, _WHOLE_FORCE)


def _of_accounts() -> Iterator[Rule]:
    others = (SUPERVISOR, MANAGER, ADMINISTRATOR, AUDITOR)
    yield Rule("account", "SELECT", others, _KNOWN, columns=ACCOUNT_COLUMNS)
    yield Rule("account", "SELECT", (OM, FRONTLINE), "login = session_user", columns=ACCOUNT_COLUMNS)
    not_mine = f"(name <> {_ME} AND ({_TEAM} = '' OR team = {_TEAM}))"
    yield Rule("account", "UPDATE", (SUPERVISOR, ADMINISTRATOR), not_mine, columns=("active",))
    yield Rule("record_of_use", "SELECT", (SUPERVISOR, MANAGER, AUDITOR), _KNOWN)
    yield Rule("record_of_use", "INSERT", EVERYBODY, f"actor = {_ME}", columns=TOLD)


def _about(table: str) -> str:
    """The row is about an offender whom the user may see; the offender's own policy says whom.

    A supervisor of all teams may see everybody, so that he is not asked of each row.
    """
    return f"({_SEES_ALL} OR EXISTS (SELECT FROM public.offender o WHERE o.ref = {quoted(table)}.ref))"


def _each(table: str, verbs: tuple[str, ...], roles: tuple[Role, ...], condition: str) -> Iterator[Rule]:
    yield from (Rule(table, verb, roles, condition) for verb in verbs)


def statements(existing: set[str]) -> Iterator[str]:
    """Take every right away from everybody, then give those of :func:`rules`, for the tables that are there."""
    everyone = ", ".join(("PUBLIC", *GROUPS))
    for name in sorted(existing):
        table = f"public.{quoted(name)}"
        yield f"REVOKE ALL ON {table} FROM {everyone}"
        yield f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"
        yield f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY"
        yield f"CREATE POLICY of_owner ON {table} TO {OWNER} USING (true) WITH CHECK (true)"
    for number, rule in enumerate(rules()):
        if rule.table in existing:
            yield from _granted(rule, number)


def _granted(rule: Rule, number: int) -> Iterator[str]:
    table, groups = f"public.{quoted(rule.table)}", ", ".join(group(role) for role in rule.roles)
    columns = f" ({', '.join(quoted(each) for each in rule.columns)})" if rule.columns else ""
    here = f"{_ROLE} IN ({', '.join(literal(role.value) for role in rule.roles)})"
    condition = f"({rule.condition}) AND {here}"  # groups are the server's: in another workspace he may be somebody else
    yield f"GRANT {rule.verb}{columns} ON {table} TO {groups}"
    if rule.verb == "INSERT":
        conditions = f"WITH CHECK ({condition})"
    else:
        conditions = f"USING ({condition})" + (f" WITH CHECK ({condition})" if rule.verb == "UPDATE" else "")
    yield f"CREATE POLICY r{number}_{rule.verb.lower()} ON {table} FOR {rule.verb} TO {groups} {conditions}"
