"""What auditors are told of the caseload: references and counts, and nothing of what the records hold.

An auditor reads the record of use and no case. To judge whether use was unusual he needs who held whom, who went where and
who has whose surname; to check that nothing is missing he needs how much is kept of each person. The functions here say
that much, to the roles that audit, of all teams alike; whoever asks stands in the server's log. None takes a word to
compare with, so that nothing can be found out by guessing: names and days come from the record of use itself.
"""

from __future__ import annotations

from collections.abc import Iterator

from mosovo_planner.domain.record import Operation
from mosovo_planner.domain.roles import Permission, Role
from mosovo_planner.store import tables
from mosovo_planner.store.server.guard import function
from mosovo_planner.store.server.names import GUARD, literal, quoted

_AUDITING = ", ".join(literal(role.value) for role in Role if Permission.AUDIT in role.permissions)
_BETWEEN = "since timestamptz, before timestamptz"
_OPENED = (
    f"SELECT DISTINCT actor AS account, substr(subject, 10) AS person, at::date AS day FROM public.record_of_use "
    f"WHERE operation = {literal(Operation.CONSULTATION.value)} AND subject LIKE 'offender %' "
    "AND (since IS NULL OR at >= since) AND (before IS NULL OR at < before)"
)
_LAST_WORD = (
    "(SELECT word FROM regexp_split_to_table(lower(u.account), '\\s+') WITH ORDINALITY AS split (word, place) "
    "WHERE word <> '' AND word !~ '\\d' ORDER BY place DESC LIMIT 1)"
)
"""The last word of a user's name that holds no digit, as ``domain/unusual.py`` takes it for his surname."""
_AROUND = (
    f"(SELECT (body::jsonb -> {literal('audit.partner_days')} ->> 'value')::integer FROM public.policy "
    "ORDER BY number DESC LIMIT 1)"
)


def statements() -> Iterator[str]:
    """Everything, in an order that can be run again over itself."""
    yield _told("audit_staff", "id text, name text", "SELECT m.id, m.name FROM public.manager m")
    yield _told("audit_held", "ref text, manager text", "SELECT o.ref, o.manager FROM public.offender o")
    yield _told(
        "audit_moved",
        "ref text, at timestamptz, from_manager text",
        "SELECT m.ref, d.at, m.from_manager FROM public.decision_move m JOIN public.decision d ON d.id = m.decision_id "
        "WHERE NOT m.refused",
    )
    yield _told(
        "audit_visited",
        "manager text, ref text, day date",
        f"SELECT DISTINCT m.id, v.ref, v.at::date FROM ({_OPENED}) u "
        "JOIN public.manager m ON lower(u.account) IN (lower(m.id), lower(m.name)) "
        f"JOIN public.visit v ON v.ref = u.person AND abs(v.at::date - u.day) <= {_AROUND} + 1 "
        "WHERE v.officers::jsonb ? m.id",
        given=_BETWEEN,
    )
    yield _told(
        "audit_namesakes",
        "account text, ref text",
        f"SELECT DISTINCT u.account, o.ref FROM ({_OPENED}) u JOIN public.offender o ON o.ref = u.person "
        f"WHERE o.surname <> '' AND lower(o.surname) = {_LAST_WORD}",
        given=_BETWEEN,
    )
    kept = [tables.visit.name, *(kind.table.name for kind in tables.OF_OFFENDERS)]
    every = " UNION ALL ".join(f"SELECT k.ref AS person FROM public.{quoted(name)} k" for name in kept)
    yield _told("audit_counts", "ref text, records bigint", f"SELECT person, count(*) FROM ({every}) k GROUP BY person")


def _told(name: str, columns: str, query: str, given: str = "") -> str:
    body = (
        f"#variable_conflict use_column\nBEGIN IF {GUARD}.my_role() IN ({_AUDITING}) THEN "
        f"RAISE LOG 'mosovo: {name} read by login %', session_user; RETURN QUERY {query}; END IF; END"
    )
    return function(name, f"TABLE ({columns})", body, given=given, language="plpgsql")
