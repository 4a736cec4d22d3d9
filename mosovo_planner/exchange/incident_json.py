"""Logs exported as JSON made into the same rows and columns as a sheet: nested persons become numbered columns."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

from mosovo_planner.exchange.delimited import MAX_BYTES, decode
from mosovo_planner.exchange.errors import TrackerError
from mosovo_planner.exchange.sheets import MAX_COLUMNS, MAX_ROWS, Row, Sheet

_DEEPEST = 6
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def read_json(path: Path) -> Sheet:
    """The entries of a JSON file: a list of objects, or an object that holds one. Row numbers count the entries from 1."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise TrackerError("The file is larger than 50 MB. Export the logs of fewer days.")
        content = json.loads(decode(path.read_bytes()))
    except (ValueError, RecursionError):
        raise TrackerError("The file is no JSON, or it is damaged or incomplete. Export the logs again.") from None
    except OSError as error:
        raise TrackerError(f"The file cannot be read ({error.strerror or 'input error'}). Copy it here and try again.") from None
    entries = _entries(content)
    if len(entries) > MAX_ROWS:
        raise TrackerError(f"The file has more than {MAX_ROWS:,} logs. Export the logs of fewer days.")
    headers: dict[str, int] = {}
    rows = []
    too_wide = []
    for number, entry in enumerate(entries, start=1):
        cells: dict[int, object] = {}
        for words, value in _flat(entry, "", 0):
            place = headers.setdefault(words, len(headers))
            cells[place] = value if place not in cells else f"{cells[place]}; {value}"
        if any(place >= MAX_COLUMNS for place in cells):
            too_wide.append(number)
        width = min(MAX_COLUMNS, max(cells, default=-1) + 1)
        rows.append(Row(number, tuple(cells.get(place) for place in range(width))))
    header = Row(0, tuple(headers)[:MAX_COLUMNS])
    return Sheet(path.stem, (header, *(row for row in rows if row.cells)), too_wide=tuple(too_wide))


def _entries(content: object) -> list[dict[str, object]]:
    if isinstance(content, dict):
        lists = [value for value in content.values() if isinstance(value, list) and any(isinstance(each, dict) for each in value)]
        content = lists[0] if len(lists) == 1 else [content]
    if not isinstance(content, list) or not all(isinstance(each, dict) for each in content) or not content:
        raise TrackerError("The file holds no list of logs. Export them as a list of JSON objects.")
    return content


def _flat(value: object, name: str, depth: int) -> Iterator[tuple[str, object]]:
    """Each plain value with the words on the way to it: ``persons 2 surname``."""
    if isinstance(value, dict) and depth < _DEEPEST:
        for key, inner in value.items():
            yield from _flat(inner, f"{name} {_CAMEL.sub(' ', str(key)[:100])}".strip(), depth + 1)
    elif isinstance(value, list) and depth < _DEEPEST:
        nested = any(isinstance(each, dict) for each in value)
        for place, inner in enumerate(value, start=1):
            yield from _flat(inner, f"{name} {place}" if nested else name, depth + 1)
    elif value is not None and not isinstance(value, dict | list):
        yield name, value
