"""Importing postcode files into the gazetteer: streamed, counted, and stored whole or not at all."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from pathlib import Path, PurePosixPath

import numpy as np
from numpy.typing import NDArray

from mosovo_planner.domain.progress import Progress, Reporter, silent
from mosovo_planner.geo import gazetteer_file
from mosovo_planner.geo.errors import GazetteerError
from mosovo_planner.geo.folders import data_folder
from mosovo_planner.geo.gazetteer_columns import Columns, code_point_columns, looks_like_postcodes, read_columns
from mosovo_planner.geo.gazetteer_file import GazetteerArrays, GazetteerFacts
from mosovo_planner.geo.gazetteer_rows import Counts, read_batch
from mosovo_planner.geo.gazetteer_sources import Source, find_sources, lines

_ROWS_A_BATCH = 20_000
_MAX_ROWS = 20_000_000
_CREDIT = {
    "ONS": "Source: Office for National Statistics licensed under the Open Government Licence v3.0. ",
    "Code-Point Open": "Contains National Statistics data © Crown copyright and database right {year}. ",
}
_EVERYWHERE = (
    "Contains OS data © Crown copyright and database right {year}. "
    "Contains Royal Mail data © Royal Mail copyright and database right {year}."
)


@dataclass(frozen=True)
class FileSummary:
    """What one table gave: rows read, of these live, terminated, without position, and skipped as unreadable."""

    name: str
    kind: str
    rows: int
    live: int
    terminated: int
    without_position: int
    skipped: int


@dataclass(frozen=True)
class GazetteerSummary:
    """What an import stored, and what it could not take (``examples`` names file and line)."""

    units: int
    live: int
    terminated: int
    without_position: int
    skipped: int
    files: tuple[FileSummary, ...]
    examples: tuple[str, ...]
    attribution: str
    path: Path


@dataclass
class _Gathered:
    batches: list[GazetteerArrays] = field(default_factory=list)
    files: list[FileSummary] = field(default_factory=list)
    examples: list[str] = field(default_factory=list)


def import_gazetteer(paths: Sequence[Path], report: Reporter = silent, folder: Path | None = None) -> GazetteerSummary:
    """Read postcode files and store them as the gazetteer, in place of the one before.

    Args:
        paths: Code-Point Open (.zip, or its .csv tables), NSPL or ONSPD (.zip, .csv, .csv.gz), or plain
            ``pcds,lat,long[,live]`` tables. Where two files give one postcode, a live unit wins over a
            terminated one, then the later file.
        report: called some times a second; may raise Cancelled, which leaves the gazetteer as it was.
        folder: the data folder; by default the user's own.

    Raises:
        GazetteerError: a file cannot be used, or nothing could be stored; the gazetteer is as it was.
    """
    sources = [source for path in paths for source in _tables(Path(path))]
    if not sources:
        raise GazetteerError("No postcode file was given; name one or more of .zip, .csv or .csv.gz.")
    gathered = _Gathered()
    for number, (source, columns) in enumerate(sources):
        _read_table(source, columns, gathered, _Share(report, number, len(sources)))
    report(Progress("Storing the gazetteer", 1.0))
    if not any(len(batch.numbers) for batch in gathered.batches):
        raise GazetteerError(f"{sources[0][0].file}: no row has a position; the gazetteer is unchanged.")
    arrays = _merge(gathered.batches)
    attribution = _attribution(gathered.files)
    target = gazetteer_file.gazetteer_path(data_folder(folder))
    names = tuple(dict.fromkeys(source.file for source, _ in sources))
    gazetteer_file.write(target, arrays, GazetteerFacts(names, date.today().isoformat(), attribution))
    live = int(arrays.live.sum())
    return GazetteerSummary(
        units=len(arrays.numbers),
        live=live,
        terminated=len(arrays.numbers) - live,
        without_position=sum(each.without_position for each in gathered.files),
        skipped=sum(each.skipped for each in gathered.files),
        files=tuple(gathered.files),
        examples=tuple(gathered.examples),
        attribution=attribution,
        path=target,
    )


@dataclass(frozen=True)
class _Share:
    """Progress of one table among several."""

    report: Reporter
    number: int
    of: int

    def tell(self, name: str, rows: int, share: float) -> None:
        self.report(Progress(f"Reading {name}: {rows:,} postcodes", min(0.99, (self.number + share) / self.of)))


def _tables(path: Path) -> list[tuple[Source, Columns | None]]:
    """The postcode tables of a file, with the columns where the archive tells them."""
    sources = find_sources(path)
    if not sources or not sources[0].inside:
        if not sources:
            raise GazetteerError(f"{path.name} holds no .csv table; give NSPL, ONSPD or Code-Point Open as published.")
        return [(source, None) for source in sources]
    code_point = None
    tables = []
    for source in sources:
        head = _head(source)
        code_point = code_point or code_point_columns(head)
        if head and looks_like_postcodes(head[0]):
            tables.append(source)
    if not tables:
        held = ", ".join(source.inside for source in sources[:3])
        raise GazetteerError(
            f"{path.name} holds no postcode table (its tables are {held} …); give NSPL, ONSPD or Code-Point Open."
        )
    return [(source, code_point) for source in _without_copies(tables)]


def _without_copies(tables: list[Source]) -> list[Source]:
    """ONSPD comes whole and again split by area (``multi_csv``): the whole alone is read."""
    whole = [source for source in tables if "multi_csv" not in PurePosixPath(source.inside).parts]
    return whole or tables


def _head(source: Source) -> list[str]:
    stream, _ = source.open()
    with stream:
        return list(islice(lines(source, stream), 2))


def _read_table(source: Source, known: Columns | None, gathered: _Gathered, share: _Share) -> None:
    stream, consumed = source.open()
    counts = Counts()
    with stream:
        text = lines(source, stream)
        first = next(text, "")
        columns = read_columns(source.name, first, known)
        rest: Iterable[str] = text if columns.has_header else _chain(first, text)
        start = 2 if columns.has_header else 1
        for line, rows in _batches(source.name, rest, columns.delimiter, start):
            gathered.batches.append(read_batch(source.name, columns, rows, line, counts))
            share.tell(source.file, counts.rows, consumed())
            if counts.rows > _MAX_ROWS:
                raise GazetteerError(f"{source.name} has more than {_MAX_ROWS:,} rows; it is no postcode file.")
    if counts.skipped * 2 > counts.rows:
        raise GazetteerError(f"{source.name}: more than half of its rows are unusable. First: {'; '.join(counts.examples[:3])}.")
    gathered.examples.extend(counts.examples)
    gathered.files.append(
        FileSummary(
            source.name, columns.kind, counts.rows, counts.live, counts.terminated, counts.without_position, counts.skipped
        )
    )


def _chain(first: str, rest: Iterator[str]) -> Iterator[str]:
    yield first
    yield from rest


def _batches(name: str, text: Iterable[str], delimiter: str, start: int) -> Iterator[tuple[int, list[list[str]]]]:
    """Rows in batches, each with the line its first row stands on."""
    reader = csv.reader(text, delimiter=delimiter, strict=True)
    line = start
    while True:
        try:
            rows = list(islice(reader, _ROWS_A_BATCH))
        except csv.Error as wrong:
            at = start - 1 + reader.line_num
            raise GazetteerError(f"{name}, line {at}: not a table as published ({wrong}); download it again.") from wrong
        if not rows:
            return
        yield line, rows
        line = start + reader.line_num


def _merge(batches: list[GazetteerArrays]) -> GazetteerArrays:
    """One row a postcode, in order; a live one before a terminated one, a later one before an earlier."""
    columns = [np.concatenate([getattr(batch, name) for batch in batches]) for name in ("numbers", "lat", "lon", "live")]
    numbers, lat, lon, live = columns
    order = np.lexsort((np.arange(len(numbers)), live, numbers))
    ordered = numbers[order]
    last = np.append(ordered[1:] != ordered[:-1], True)
    chosen: NDArray[np.intp] = order[last]
    return GazetteerArrays(numbers[chosen], lat[chosen], lon[chosen], live[chosen])


def _attribution(files: Sequence[FileSummary], today: Callable[[], date] = date.today) -> str:
    """What the publishers' licences ask to be shown; the year is the release's where its file name tells it."""
    owed = []
    for each in files:
        match = re.search(r"20[0-9]{2}", each.name)
        year = match[0] if match else str(today().year)
        owed.append((_CREDIT.get(each.kind, "") + _EVERYWHERE).format(year=year))
    return " ".join(dict.fromkeys(owed))
