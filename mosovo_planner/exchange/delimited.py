"""CSV files to one sheet: comma, semicolon, tab or bar; UTF-8, Windows-1252 or UTF-16; strict about quotes."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

from mosovo_planner.domain.progress import Progress, Reporter
from mosovo_planner.exchange.errors import TrackerError
from mosovo_planner.exchange.fields import TableKind
from mosovo_planner.exchange.headers import TRACKER_KINDS, score_header
from mosovo_planner.exchange.sheets import MAX_COLUMNS, MAX_ROWS, Row, Sheet, trimmed
from mosovo_planner.exchange.text import plain

MAX_BYTES = 50 * 2**20
_DELIMITERS = (",", ";", "\t", "|")
_KINDS = (*TRACKER_KINDS, TableKind.LOGS)
_FIELD_LIMIT = 1_000_000
_STEP = 1_000
_SURROGATES = re.compile(rb"\xed[\xa0-\xbf][\x80-\xbf]")
"""Halves of characters that a careless program wrote as UTF-8; as Windows-1252 they would pass for text."""
_limit_lock = Lock()


def read_delimited(path: Path, report: Reporter) -> Sheet:
    """The rows of a CSV file. Row numbers are the records', as a spreadsheet shows them."""
    if path.stat().st_size > MAX_BYTES:
        raise TrackerError("The file is larger than 50 MB, far more than a tracker. Save only the rows of the tracker.")
    text = decode(path.read_bytes())
    named = _named_delimiter(text)
    if named:
        text = text.split("\n", 1)[1] if "\n" in text else ""
    if not text.strip():
        raise TrackerError("The file is empty.")
    rows: list[Row] = []
    too_wide: list[int] = []
    for number, record in enumerate(_records(text, named or _best_delimiter(text)), start=1):
        cells = trimmed(tuple(record))
        if len(cells) > MAX_COLUMNS:
            too_wide.append(number)
            cells = trimmed(cells[:MAX_COLUMNS])
        if cells:
            rows.append(Row(number, cells))
        if len(rows) > MAX_ROWS:
            raise TrackerError(f"The file has more than {MAX_ROWS:,} rows. Save only the rows of the tracker.")
        if number % _STEP == 0:
            report(Progress(f"Reading {number:,} rows"))
    return Sheet(path.stem, tuple(rows), too_wide=tuple(too_wide))


def decode(content: bytes) -> str:
    """The text of a file by its byte order mark; without one UTF-8, else Windows-1252.

    Where some lines are UTF-8 and others are not, the bytes that do not fit become lone surrogates, which
    the cells' readings report; nothing is guessed.
    """
    if content.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        raise TrackerError("The file is UTF-32. Save it as CSV UTF-8.")
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _lines(_utf16(content, "utf-16"))
    if b"\0" in content:
        return _lines(_utf16(content, _utf16_without_mark(content)))
    content = content.removeprefix(codecs.BOM_UTF8)
    try:
        return _lines(content.decode("utf-8"))
    except UnicodeDecodeError:
        mixed = content.decode("utf-8", "surrogateescape")
    if _SURROGATES.search(content) or any("\x7f" < character < "\ud800" or character > "\udfff" for character in mixed):
        return _lines(mixed)
    try:
        return _lines(content.decode("cp1252"))
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise TrackerError(f"Line {line} holds bytes that are no text. Save the file again as CSV UTF-8.") from None


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _utf16(content: bytes, encoding: str) -> str:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        raise TrackerError("The file is UTF-16 but damaged or incomplete. Save it again as CSV UTF-8.") from None
    if "\0" in text:
        raise _nul(text.count("\n", 0, text.index("\0")) + 1)
    return text


def _utf16_without_mark(content: bytes) -> str:
    """UTF-16 by its zeros: every other byte of English text."""
    half = max(1, len(content) // 2)
    if content[1::2].count(0) > 0.6 * half and not content[::2].count(0):
        return "utf-16-le"
    if content[::2].count(0) > 0.6 * half and not content[1::2].count(0):
        return "utf-16-be"
    raise _nul(content.count(b"\n", 0, content.index(b"\0")) + 1)


def _nul(line: int) -> TrackerError:
    return TrackerError(f"Line {line} holds a zero byte, so this is no CSV file or it is damaged. Save it again as CSV UTF-8.")


def _named_delimiter(text: str) -> str | None:
    """The delimiter of a first line ``sep=;``, which spreadsheet programs write and do not count as a row."""
    first = text.split("\n", 1)[0]
    return first[4] if len(first) == 5 and first.lower().startswith("sep=") else None


def _best_delimiter(text: str) -> str:
    """The delimiter under which a header is recognised best; else the one that makes most columns."""

    def merit(delimiter: str) -> tuple[int, int]:
        score = width = 0
        try:
            for _, record in zip(range(60), _records(text[:200_000], delimiter), strict=False):
                score = max(score, score_header([plain(cell) for cell in record], _KINDS).score)
                width += len(record)
        except TrackerError:
            pass
        return score, width

    return max(_DELIMITERS, key=merit)


@contextmanager
def _long_fields() -> Iterator[None]:
    with _limit_lock:
        before = csv.field_size_limit(_FIELD_LIMIT)
        try:
            yield
        finally:
            csv.field_size_limit(before)


def _records(text: str, delimiter: str) -> Iterator[list[str]]:
    reader = csv.reader(io.StringIO(text), delimiter=delimiter, strict=True)
    start = 1
    while True:
        start = reader.line_num + 1
        try:
            with _long_fields():
                record = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise TrackerError(
                f"From line {start} on a quotation mark is not closed, or text follows a closed one. "
                "Mend the line, or save the file again as CSV."
            ) from None
        yield record
