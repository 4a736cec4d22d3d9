"""Whatever a team writes comes back the same, from both kinds of workspace."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mosovo_planner.domain.people import Absence, Offender, OffenderManager, Position, Precision
from mosovo_planner.domain.proposals import Plan, Round, SolverFacts, Stop, Unplanned
from mosovo_planner.domain.visits import Visit
from mosovo_planner.store import Workspace
from mosovo_planner.store.backups.backup import verify
from mosovo_planner.store.base.documents import decode, dumps, encode
from mosovo_planner.store.base.errors import DamagedWorkspace
from mosovo_planner.store.unit import Unit

TEXT = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"), max_size=12)
NAME = TEXT.filter(bool)
DAYS = st.dates(date(1900, 1, 1), date(2100, 1, 1))
NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
POSITIONS = st.builds(Position, NUMBERS, NUMBERS, st.sampled_from(Precision))
SMALL = st.integers(-(2**31), 2**31 - 1)
OFFENDERS = st.builds(
    Offender,
    ref=NAME,
    visor_ref=TEXT,
    surname=TEXT,
    forenames=TEXT,
    date_of_birth=st.none() | DAYS,
    address=TEXT,
    postcode=TEXT,
    position=st.none() | POSITIONS,
    interval_months=st.none() | SMALL,
    last_seen=st.none() | DAYS,
    manager=st.none() | TEXT,
    supervisor=TEXT,
    mappa_level=st.none() | SMALL,
    orders=TEXT,
    markers=st.lists(TEXT, max_size=3).map(tuple),
    notes=TEXT,
    version=st.just(0),
)
ABSENCES = st.builds(Absence, DAYS, DAYS, TEXT)
MANAGERS = st.builds(
    OffenderManager,
    id=NAME,
    name=TEXT,
    base=TEXT,
    base_postcode=TEXT,
    position=st.none() | POSITIONS,
    weekly_hours=st.floats(0, 100),
    absences=st.lists(ABSENCES, max_size=3).map(tuple),
    version=st.just(0),
)
VISITS = st.builds(
    Visit, id=NAME, ref=st.just("SYN-1"), at=st.datetimes(), officers=st.lists(TEXT, max_size=2).map(tuple), note=TEXT
)
FACTS = st.builds(SolverFacts, NUMBERS, NUMBERS, st.none() | NUMBERS, st.none() | NUMBERS)
STOPS = st.builds(Stop, ref=TEXT, lead=TEXT, drive_minutes=SMALL, why=TEXT)
ROUNDS = st.builds(
    Round,
    id=TEXT,
    date=DAYS,
    officers=st.tuples(TEXT, TEXT),
    base=TEXT,
    base_position=POSITIONS,
    drive_minutes=SMALL,
    stops=st.lists(STOPS, max_size=3).map(tuple),
    problems=st.lists(TEXT, max_size=2).map(tuple),
)
PLANS = st.builds(
    Plan,
    start=DAYS,
    end=DAYS,
    rounds=st.lists(ROUNDS, max_size=3).map(tuple),
    unplanned=st.lists(st.builds(Unplanned, ref=TEXT, due=DAYS, days_overdue=SMALL, code=TEXT, reason=TEXT), max_size=2).map(
        tuple
    ),
    solver=FACTS,
    travel_basis=TEXT,
    dropped=st.frozensets(TEXT, max_size=3),
)
TRIES = settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


class _Undo(Exception):
    """Leaves nothing of an example behind."""


@pytest.fixture
def trial(workspace: Workspace) -> Callable[[Callable[[Unit], None]], None]:
    """Run an example in a transaction that is undone."""

    def run(example: Callable[[Unit], None]) -> None:
        try:
            with workspace.transaction() as unit:
                example(unit)
                unit.seal()
                raise _Undo
        except _Undo:
            pass

    return run


@TRIES
@given(st.lists(OFFENDERS, max_size=4, unique_by=lambda each: each.ref))
def test_offenders(trial: Any, people: list[Offender]) -> None:
    def example(unit: Unit) -> None:
        unit.save_offenders(people)
        assert list(unit.offenders()) == sorted((replace(each, version=1) for each in people), key=lambda each: each.ref)

    trial(example)


@TRIES
@given(st.lists(MANAGERS, max_size=3, unique_by=lambda each: each.id))
def test_managers(trial: Any, people: list[OffenderManager]) -> None:
    def example(unit: Unit) -> None:
        unit.save_managers(people)
        assert list(unit.managers()) == sorted((replace(each, version=1) for each in people), key=lambda each: each.id)

    trial(example)


@TRIES
@given(st.lists(VISITS, max_size=3, unique_by=lambda each: each.id))
def test_visits(trial: Any, visits: list[Visit]) -> None:
    def example(unit: Unit) -> None:
        unit.save_offenders([Offender(ref="SYN-1")])
        for visit in visits:
            unit.add_visit(visit)
        assert list(unit.visits()) == sorted(visits, key=lambda each: (each.at, each.id.encode()))

    trial(example)


@TRIES
@given(PLANS)
def test_plans(trial: Any, plan: Plan) -> None:
    def example(unit: Unit) -> None:
        unit.save_plan(plan)
        (kept,) = unit.plans()
        assert kept.plan == plan

    trial(example)


@settings(max_examples=30, deadline=None)
@given(PLANS)
def test_documents_read_by_another_version(plan: Plan) -> None:
    """A field that this version does not know is left out; one that the document lacks takes its default."""
    document = json.loads(dumps(encode(plan)))
    document["colour"] = "blue"
    del document["travel_basis"]
    assert decode(Plan, document) == replace(plan, travel_basis="")


def _broken() -> Iterator[Any]:
    whole = encode(Plan(date(2026, 1, 1), date(2026, 1, 7), 1, (), (), SolverFacts(1, 2)))
    yield from ([], "text", None, 7, {**whole, "start": "soon"}, {**whole, "rounds": [1]}, {**whole, "solver": None})
    yield {name: value for name, value in whole.items() if name != "seed"}


@pytest.mark.parametrize("document", list(_broken()))
def test_a_document_that_is_no_plan_is_damage(document: Any) -> None:
    with pytest.raises(DamagedWorkspace):
        decode(Plan, document)


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 3), TEXT), max_size=12))
def test_any_history_of_changes_passes_the_check(embedded: Workspace, steps: list[tuple[int, str]]) -> None:
    """Added, changed, deleted, added again: the record of use fits the records at every end."""
    with embedded.transaction() as unit:
        for number, note in steps:
            ref = f"SYN-{number}"
            person = unit.offender(ref)
            if person and note == "":
                unit.delete_offenders([ref])
            else:
                unit.save_offenders([replace(person or Offender(ref=ref), notes=note)])
    assert verify(embedded).problems == ()
