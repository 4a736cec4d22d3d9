"""Two people edit the same few records in any order, each with what he read on the screen; saves are put together.

No change is lost that its author was not shown, and each change has its entry in the record of use.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mosovo_planner.domain.errors import UserError
from mosovo_planner.domain.merging import merge, record_fields, with_fields
from mosovo_planner.domain.people import Offender, Risk
from mosovo_planner.domain.record import Operation
from mosovo_planner.domain.roles import Permission, Role
from mosovo_planner.office.editing import StaleRecord, stored_offender
from mosovo_planner.office.entering import save_offender
from mosovo_planner.office.session import Session
from mosovo_planner.store.backups.backup import verify
from tests.office.signed_in import signed_in_as

REFS = ("INV-1", "INV-2")
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "surname": st.sampled_from(["Ash", "Birch", "Cedar"]),
    "orders": st.sampled_from(["", "SHPO", "SRO"]),
    "risk": st.sampled_from([Risk.LOW, Risk.HIGH, None]),
}
EDIT = st.sampled_from(sorted(VALUES)).flatmap(lambda name: st.tuples(st.just(name), VALUES[name]))
STEPS = st.tuples(st.integers(0, 1), st.sampled_from(["open", "type", "type", "save", "fail"]), st.sampled_from(REFS), EDIT,
                  st.booleans())  # fmt: skip


@dataclass
class Client:
    """A window: who sits at it, and the form that is open with what was read and what was typed."""

    session: Session
    read: Offender | None = None
    typed: dict[str, Any] = field(default_factory=dict)


class _CutOff(BaseException):
    """The computer stops in the middle of a save."""


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(STEPS, min_size=5, max_size=30))
def test_nothing_is_lost_between_two_clients(team: Session, steps: list[tuple[int, str, str, tuple[str, Any], bool]]) -> None:
    clients = (Client(team), Client(signed_in_as(team, "pc two", Role.SUPERVISOR)))
    kept = {ref: record_fields(_stored(team, ref)) for ref in REFS}
    for who, act, ref, (name, value), mine in steps:
        client = clients[who]
        if act == "open":
            client.read, client.typed = _stored(client.session, ref), {}
        elif client.read is not None and act == "type":
            client.typed[name] = value
        elif client.read is not None and act == "save":
            _save(client, kept, mine)
        elif client.read is not None:
            _cut_off(client)
        assert {each: record_fields(_stored(team, each)) for each in REFS} == kept
    assert verify(team.workspace).problems == ()


def _stored(session: Session, ref: str) -> Offender:
    with session.unit(Permission.VIEW) as unit:
        found = unit.offender(ref)
    assert found is not None
    return found


def _save(client: Client, kept: dict[str, dict[str, Any]], mine: bool) -> None:
    """Save as the form does. What is to be stored after it is worked out here anew, without the program's own merging."""
    assert client.read is not None
    was, ref = record_fields(client.read), client.read.ref
    changed = {name: value for name, value in client.typed.items() if value != was[name]}
    expected = dict(kept[ref])
    for name, value in changed.items():
        if kept[ref][name] == was[name] or mine:
            expected[name] = value
    really = sorted(name for name in expected if expected[name] != kept[ref][name])
    before = _entries(client.session)
    saved = _saved(client, mine)
    assert record_fields(saved) == expected
    new = [each for each in _entries(client.session)[len(before) :] if each.operation is Operation.ALTERATION]
    about = [each for each in new if each.subject == f"offender {ref}" and not any("." in name for name in each.fields)]
    assert [(each.actor, sorted(each.fields)) for each in about] == ([(client.session.user, really)] if really else [])
    kept[ref] = expected
    client.read, client.typed = saved, {}


def _saved(client: Client, mine: bool) -> Offender:
    assert client.read is not None
    session, wanted = client.session, replace(client.read, **client.typed)
    try:
        return save_offender(session, wanted)
    except StaleRecord:
        stored = stored_offender(session, wanted.ref)
        assert stored is not None
        found = merge(record_fields(client.read), record_fields(wanted), record_fields(stored))
        return save_offender(session, with_fields(stored, found.all_mine if mine else found.settled({})))


def _cut_off(client: Client) -> None:
    """Nothing of a save that is cut off is there, and nothing of it is in the record of use."""
    assert client.read is not None
    before = _entries(client.session)
    try:
        with client.session.unit(Permission.RECORD) as unit:
            unit.save_offenders([replace(client.read, **client.typed)])
            raise _CutOff
    except (_CutOff, UserError):
        assert _entries(client.session) == before


def _entries(session: Session) -> list[Any]:
    with session.unit(Permission.AUDIT) as unit:
        return list(reversed(unit.uses(10_000)))
