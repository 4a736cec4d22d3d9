"""An entry's hash is the same whether it is made of what is noted or of what is stored, whatever its words hold."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, cast

from hypothesis import given
from hypothesis import strategies as st

from mosovo_planner.store.record.chain import entry_hash, stored_hash
from mosovo_planner.store.tables import record_of_use

WORDS = st.text(st.characters(exclude_categories=("Cs",)), max_size=30)
MOMENTS = st.datetimes(datetime(1970, 1, 1), datetime(9999, 1, 1), timezones=st.just(UTC))


def of_column(name: str, kind: type) -> st.SearchStrategy[Any]:
    if name == "at":
        return MOMENTS
    return st.integers(0, 2**53) if kind is int else WORDS


ENTRIES = st.fixed_dictionaries({each.name: of_column(each.name, each.type.python_type) for each in record_of_use.columns})


@given(ENTRIES)
def test_a_stored_entry_has_the_hash_it_was_written_with(entry: dict[str, Any]) -> None:
    stored = tuple(entry[each.name] for each in record_of_use.columns)
    assert stored_hash(cast("Any", stored)) == entry_hash(entry)


@given(ENTRIES, st.data())
def test_another_word_anywhere_gives_another_hash(entry: dict[str, Any], data: st.DataObject) -> None:
    name = data.draw(st.sampled_from([each.name for each in record_of_use.columns if each.name not in ("hash", "signature")]))
    column = record_of_use.c[name]
    other = data.draw(of_column(name, column.type.python_type).filter(lambda value: value != entry[name]))
    changed = tuple(other if each.name == name else entry[each.name] for each in record_of_use.columns)
    assert stored_hash(cast("Any", changed)) != entry_hash(entry)
