"""The functions and triggers by which the database itself holds what is promised, whoever connects with whatever client.

Functions belong to the owner of the tables and tell a user only about himself: ``session_user`` is the login, which
``SET ROLE`` does not change. Policies ask them as ``(SELECT app.my_team())``, so that each query asks once.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Column, Table
from sqlalchemy.dialects import postgresql

from mosovo_planner.domain.need_to_know import OPEN_FOR
from mosovo_planner.domain.roles import Permission, Role
from mosovo_planner.store import tables
from mosovo_planner.store.record.chain import CHAIN_LOCK, UNHASHED
from mosovo_planner.store.server.names import GUARD, literal, quoted
from mosovo_planner.store.tables.kinds import BREAK_GLASS, FACTS, OF_OFFENDERS

_DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]
_ASKING = ", ".join(literal(role.value) for role in Role if Permission.ASK in role.permissions)
_MINUTES_OFF = 10
"""How far a client's clock may be from the server's in what it says about itself; entries take the server's time."""


def statements() -> Iterator[str]:
    """Everything, in an order that can be run again over itself."""
    yield (
        f"CREATE TABLE IF NOT EXISTS {GUARD}.opened (account text NOT NULL, "
        "ref text NOT NULL REFERENCES public.offender (ref) ON DELETE CASCADE, "
        "until timestamptz NOT NULL, tx xid8 NOT NULL DEFAULT pg_current_xact_id())"
    )
    yield f"CREATE INDEX IF NOT EXISTS opened_account ON {GUARD}.opened (account, until)"
    yield from _who_i_am()
    yield from _who_manages_him()
    yield from _chain()
    yield from _rules_of_change()
    yield f"ALTER TABLE public.plan ALTER team SET DEFAULT {GUARD}.my_team()"


def function(name: str, returns: str, body: str, *, given: str = "", language: str = "sql") -> str:
    """The statement that makes a function of the owner's, which looks for what it names in no place of a user's."""
    kind = "STABLE" if language == "sql" else "VOLATILE"
    return (
        f"CREATE OR REPLACE FUNCTION {GUARD}.{name}({given}) RETURNS {returns} LANGUAGE {language} {kind} SECURITY DEFINER "
        f"SET search_path = pg_catalog, pg_temp AS $guard$ {body} $guard$"
    )


def _who_i_am() -> Iterator[str]:
    mine = "FROM public.account WHERE login = session_user AND login <> '' AND active"
    for name in ("name", "role", "team"):
        yield function({"name": "my_account"}.get(name, f"my_{name}"), "text", f"SELECT {name} {mine}")
    yield function("my_managers", "SETOF text", f"SELECT id FROM public.manager WHERE team = (SELECT {GUARD}.my_team())")
    yield function(
        "hidden_refs",
        "SETOF text",
        f"SELECT ref FROM public.restriction WHERE (SELECT {GUARD}.my_role()) IS DISTINCT FROM {literal(Role.SUPERVISOR.value)} "
        f"AND NOT coalesce(named::jsonb ? (SELECT {GUARD}.my_account()), false)",
    )
    yield function(
        "hidden_logs", "SETOF text", f"SELECT log_id FROM public.off_duty_match WHERE ref IN (SELECT {GUARD}.hidden_refs())"
    )
    yield function(
        "opened_refs",
        "SETOF text",
        f"SELECT ref FROM {GUARD}.opened WHERE account = (SELECT {GUARD}.my_account()) AND until > clock_timestamp() "
        "AND tx IS DISTINCT FROM pg_current_xact_id_if_assigned()",
    )


def _who_manages_him() -> Iterator[str]:
    """What the question who manages him needs of everybody but restricted records, and no more, with the policy's own limits."""
    said = "lower((SELECT body::jsonb -> {key} ->> 'value' FROM public.policy ORDER BY number DESC LIMIT 1)) = 'yes'"
    one = "wanted IS NOT NULL"
    shown = {
        **dict.fromkeys(("ref", "visor_ref", "surname", "forenames", "date_of_birth", "address", "postcode", "manager"), ""),
        **dict.fromkeys(("status", "supervisor", "orders", "markers"), one),
        "risk": f"{one} AND {said.format(key=literal('answer.show_risk'))}",
    }
    allowed = f"(SELECT {GUARD}.my_role()) IN ({_ASKING})"
    seen = f"(wanted IS NULL OR ref = wanted) AND ref NOT IN (SELECT {GUARD}.hidden_refs()) AND {allowed}"
    yield from _table_function("who_offenders", tables.offender, shown, seen, given="wanted text")
    staff = dict.fromkeys(("id", "name", "base", "sex", "team", "rank", "reach"), "")
    yield from _table_function("who_managers", tables.manager, staff, allowed)
    away = dict.fromkeys(("manager_id", "place", "first_day", "last_day"), "")
    yield from _table_function("who_absences", tables.absence, away, allowed)


def _table_function(name: str, table: Table, shown: dict[str, str], where: str, given: str = "") -> Iterator[str]:
    """Rows of a table in its own shape, in which columns not shown are blank. ``shown`` gives each its condition.

    Whoever reads them stands in the server's log, also if he comes past the program and rolls back.
    """
    types = ", ".join(f"{quoted(each.name)} {each.type.compile(_DIALECT)}" for each in table.columns)
    taken = ", ".join(_column(each, shown.get(each.name)) for each in table.columns)
    yield f"DROP FUNCTION IF EXISTS {GUARD}.{name}({given.rsplit(' ', maxsplit=1)[-1] if given else ''})"
    body = (
        f"#variable_conflict use_column\nBEGIN RAISE LOG 'mosovo: {name} read by login %', session_user; "
        f"RETURN QUERY SELECT {taken} FROM public.{quoted(table.name)} t WHERE {where}; END"
    )
    yield function(name, f"TABLE ({types})", body, given=given, language="plpgsql")


def _column(column: Column[object], condition: str | None) -> str:
    name = f"t.{quoted(column.name)}"
    if condition == "":
        return name
    blank = _blank(column)
    return blank if condition is None else f"CASE WHEN {condition} THEN {name} ELSE {blank} END"


def _blank(column: Column[object]) -> str:
    kind = column.type.compile(_DIALECT)
    if column.nullable:
        return f"NULL::{kind}"
    special = {"status": "'community'", "markers": "'[]'"}
    plain = {"TEXT": "''", "BOOLEAN": "false", "INTEGER": "0", "DOUBLE PRECISION": "0"}
    return f"{special.get(column.name) or plain[kind]}::{kind}"


def _chain() -> Iterator[str]:
    """Entries are made by the server: who, when, which number, and the hash; a client says only what was done."""
    used = sorted(column.name for column in tables.record_of_use.columns if column.name not in UNHASHED)
    moment = "to_json(to_char(entry.at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US') || '+00:00')::text"
    parts = [
        f"'\"{name}\":' || " + (moment if name == "at" else f"entry.{quoted(name)}::text" if name in ("seq", "count") else
        f"to_json(entry.{quoted(name)})::text")
        for name in used
    ]  # fmt: skip
    body = " || ',' || ".join(parts)
    yield function(
        "entry_hash",
        "text",
        f"SELECT encode(sha256(convert_to('{{' || {body} || '}}', 'UTF8')), 'hex')",
        given="entry public.record_of_use",
    )
    yield function(
        "head", "TABLE (seq integer, hash text)", "SELECT seq, hash FROM public.record_of_use ORDER BY seq DESC LIMIT 1"
    )
    yield function(
        "seal_entry",
        "trigger",
        f"""
        DECLARE newest record;
        BEGIN
          PERFORM pg_advisory_xact_lock({CHAIN_LOCK});
          SELECT seq, hash INTO newest FROM public.record_of_use ORDER BY seq DESC LIMIT 1;
          NEW.seq := coalesce(newest.seq, 0) + 1;
          NEW.prev := coalesce(newest.hash, repeat('0', 64));
          NEW.at := clock_timestamp();
          NEW.actor := coalesce({GUARD}.my_account(), 'login ' || session_user);
          NEW.role := coalesce({GUARD}.my_role(), {literal(Role.ADMINISTRATOR.value)});
          NEW.signature := '';
          NEW.hash := {GUARD}.entry_hash(NEW);
          RETURN NEW;
        END""",
        language="plpgsql",
    )
    yield from _trigger("record_of_use", "seal_entry", "BEFORE INSERT", "seal_entry()")


def _rules_of_change() -> Iterator[str]:
    yield function(
        "recorded",
        "trigger",
        """
        DECLARE
          changed jsonb := to_jsonb(CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END);
          who text := TG_ARGV[0] || ' ' || (changed ->> TG_ARGV[1]);
        BEGIN
          IF (SELECT xmin FROM public.record_of_use WHERE subject = who ORDER BY seq DESC LIMIT 1)
             IS DISTINCT FROM pg_current_xact_id()::xid THEN -- its own are the newest, for nobody else seals any meanwhile
            RAISE EXCEPTION 'a change without its entry in the record of use' USING ERRCODE = 'insufficient_privilege';
          END IF;
          RETURN NULL;
        END""",
        language="plpgsql",
    )
    about = [("offender", "offender", "ref"), ("visit", "offender", "ref"), ("manager", "manager", "id")]
    for table, word, key in (*about, *((kind.table.name, "offender", "ref") for kind in OF_OFFENDERS)):
        yield from _trigger(
            table,
            "recorded",
            "AFTER INSERT OR UPDATE OR DELETE",
            f"recorded({literal(word)}, {literal(key)})",
            "CONSTRAINT ",
            "DEFERRABLE INITIALLY DEFERRED ",
        )
    yield function(
        "next_version",
        "trigger",
        f"""
        BEGIN
          IF NEW.version <> OLD.version + 1 THEN
            RAISE EXCEPTION 'somebody else changed this record' USING ERRCODE = 'serialization_failure';
          END IF;
          IF TG_TABLE_NAME = 'offender' AND {GUARD}.my_role() = {literal(Role.OFFENDER_MANAGER.value)} THEN
            IF to_jsonb(NEW) ->> 'manager' IS DISTINCT FROM to_jsonb(OLD) ->> 'manager'
               OR to_jsonb(NEW) ->> 'ref' <> to_jsonb(OLD) ->> 'ref' THEN
              RAISE EXCEPTION 'a supervisor allocates' USING ERRCODE = 'insufficient_privilege';
            END IF;
          END IF;
          RETURN NEW;
        END""",
        language="plpgsql",
    )
    for table in ("offender", "manager"):
        yield from _trigger(table, "next_version", "BEFORE UPDATE", "next_version()")
    yield from _break_glass()


def _break_glass() -> Iterator[str]:
    """A reason opens a record for whoever gave it, from the next transaction on: what is not committed opens nothing."""
    assert BREAK_GLASS not in FACTS.values()
    yield function(
        "break_glass",
        "trigger",
        f"""
        BEGIN
          IF NEW."by" IS DISTINCT FROM {GUARD}.my_account() OR NEW.kept_by <> NEW."by" OR length(trim(NEW.reason)) < 3
             OR NEW.seen_by <> '' OR NEW.seen_at IS NOT NULL
             OR abs(extract(epoch FROM NEW.kept_at - clock_timestamp())) > {_MINUTES_OFF * 60} THEN
            RAISE EXCEPTION 'a record is opened by oneself, now, with a reason' USING ERRCODE = 'insufficient_privilege';
          END IF;
          IF NEW.ref IN (SELECT {GUARD}.hidden_refs()) THEN
            RAISE EXCEPTION 'only a supervisor opens this record' USING ERRCODE = 'insufficient_privilege';
          END IF;
          INSERT INTO {GUARD}.opened (account, ref, until)
            VALUES (NEW."by", NEW.ref, clock_timestamp() + interval '{OPEN_FOR.total_seconds():.0f} seconds');
          RAISE LOG 'mosovo: record % of another team opened by login %', NEW.ref, session_user;
          RETURN NEW;
        END""",
        language="plpgsql",
    )
    yield from _trigger("break_glass", "break_glass", "BEFORE INSERT", "break_glass()")
    yield function(
        "glass_seen",
        "trigger",
        f"""
        BEGIN
          IF (NEW.id, NEW.ref, NEW."by", NEW."at", NEW.reason) IS DISTINCT FROM (OLD.id, OLD.ref, OLD."by", OLD."at", OLD.reason)
             OR OLD.seen_by <> '' OR NEW.seen_by IS DISTINCT FROM {GUARD}.my_account() OR NEW.seen_by = NEW."by" THEN
            RAISE EXCEPTION 'another supervisor looks at what was opened' USING ERRCODE = 'insufficient_privilege';
          END IF;
          RETURN NEW;
        END""",
        language="plpgsql",
    )
    yield from _trigger("break_glass", "glass_seen", "BEFORE UPDATE", "glass_seen()")


def _trigger(table: str, name: str, when: str, call: str, kind: str = "", also: str = "") -> Iterator[str]:
    yield f"DROP TRIGGER IF EXISTS {name} ON public.{quoted(table)}"
    yield (f"CREATE {kind}TRIGGER {name} {when} ON public.{quoted(table)} {also}FOR EACH ROW EXECUTE FUNCTION {GUARD}.{call}")
