"""Opening postcode files as people get them: .csv, .csv.gz, or the publisher's .zip, without trusting any.

Sizes, compression ratios, names and lines are bounded, so that a hostile or broken archive is refused
before it fills disk or memory. Nothing is ever unpacked to disk.
"""

from __future__ import annotations

import gzip
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, cast

from mosovo_planner.geo.errors import GazetteerError

_MAX_LINE = 100_000
_MAX_MEMBERS = 2_000
_MAX_MEMBER_BYTES = 4 << 30  # a whole ONSPD is 1.4 GB
_MAX_TOTAL_BYTES = 12 << 30
_MAX_RATIO = 100  # postcode tables shrink five- to tenfold
_SMALL = 10 << 20  # below this no ratio is a danger
_MAX_GZIP_RATIO = 200


@dataclass(frozen=True)
class Source:
    """One table to read: its name for messages, and how to open it as bytes with a measure of how far one is."""

    name: str
    file: str
    open: Callable[[], tuple[IO[bytes], Callable[[], float]]]
    inside: str = ""


def find_sources(path: Path) -> list[Source]:
    """The .csv tables of a file: one, or those of an archive.

    Raises:
        GazetteerError: the file is absent, unreadable, or an archive that may not be trusted.
    """
    if not path.is_file():
        what = "is a folder; give the files in it" if path.is_dir() else "is not there; check its name"
        raise GazetteerError(f"{path} {what}.")
    with _told_plainly(path.name):
        with path.open("rb") as stream:
            start = stream.read(4)
        if start.startswith(b"PK"):
            return _members(path)
        if start.startswith(b"\x1f\x8b"):
            return [Source(path.name, path.name, lambda: _open_gzip(path))]
        if not start:
            raise GazetteerError(f"{path.name} is empty; download it again.")
        return [Source(path.name, path.name, lambda: _open_plain(path))]


def lines(source: Source, stream: IO[bytes]) -> Iterator[str]:
    """The lines of a table as text, without a byte order mark.

    Raises:
        GazetteerError: the content is no text, or the file is cut short or damaged.
    """
    number = 0
    with _told_plainly(source.name, lambda: number):
        while line := stream.readline(_MAX_LINE):
            number += 1
            if number == 1:
                line = _without_mark(source.name, line)
            if len(line) >= _MAX_LINE or b"\0" in line:
                raise GazetteerError(
                    f"{source.name}, line {number}: this is not a table of text; give the .csv, .csv.gz or .zip as published."
                )
            yield line.decode("utf-8", "replace")


def _without_mark(name: str, line: bytes) -> bytes:
    if line.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise GazetteerError(f"{name} is UTF-16 text; save it as CSV UTF-8 and import that.")
    return line.removeprefix(b"\xef\xbb\xbf")


@contextmanager
def _told_plainly(name: str, line: Callable[[], int] = lambda: 0) -> Iterator[None]:
    """Turn the many ways in which a damaged file shows itself into one clear error."""
    try:
        yield
    # zipfile raises NotImplementedError for a packing it does not know, RuntimeError for a locked member, and
    # UnicodeDecodeError where a name is not the UTF-8 that it says it is
    except (EOFError, zlib.error, gzip.BadGzipFile, zipfile.BadZipFile, NotImplementedError, RuntimeError, UnicodeError) as wrong:
        place = f"{name}, after line {line()}" if line() else name
        raise GazetteerError(f"{place}: the file is cut short or damaged; download it again.") from wrong
    except OSError as wrong:
        raise GazetteerError(f"{name} could not be read: {wrong.strerror or wrong}.") from wrong


def _open_plain(path: Path) -> tuple[IO[bytes], Callable[[], float]]:
    stream, size = path.open("rb"), path.stat().st_size
    return stream, lambda: stream.tell() / size


def _open_gzip(path: Path) -> tuple[IO[bytes], Callable[[], float]]:
    size = path.stat().st_size
    packed = gzip.GzipFile(path)
    stream = cast("IO[bytes]", packed)

    def share() -> float:
        if stream.tell() > max(_SMALL, _MAX_GZIP_RATIO * size):
            raise GazetteerError(f"{path.name} unpacks to more than {_MAX_GZIP_RATIO} times its size; it is no postcode file.")
        return cast("IO[bytes]", packed.fileobj).tell() / size

    return stream, share


def _members(path: Path) -> list[Source]:
    with zipfile.ZipFile(path) as archive:
        members = archive.infolist()
    _refuse_hostile(path.name, members)
    tables = [member for member in members if member.filename.lower().endswith(".csv") and member.file_size]
    return [
        Source(f"{path.name}: {member.filename}", path.name, _member_opener(path, member), member.filename) for member in tables
    ]


def _member_opener(path: Path, member: zipfile.ZipInfo) -> Callable[[], tuple[IO[bytes], Callable[[], float]]]:
    def opened() -> tuple[IO[bytes], Callable[[], float]]:
        with _told_plainly(f"{path.name}: {member.filename}"):
            archive = zipfile.ZipFile(path)
            try:
                stream = archive.open(member)
            finally:
                archive.close()  # the member keeps the file open until it is closed itself
        return stream, lambda: stream.tell() / member.file_size

    return opened


def _refuse_hostile(name: str, members: list[zipfile.ZipInfo]) -> None:
    if len(members) > _MAX_MEMBERS or sum(member.file_size for member in members) > _MAX_TOTAL_BYTES:
        raise GazetteerError(f"{name} holds too many or too large files for a postcode archive; it is refused.")
    for member in members:
        place = PurePosixPath(member.filename.replace("\\", "/"))
        if place.is_absolute() or ".." in place.parts or ":" in place.parts[:1]:
            raise GazetteerError(f"{name} holds a file named outside its own folder; it is refused. Download it again.")
        swollen = member.file_size > _SMALL and member.file_size > _MAX_RATIO * max(member.compress_size, 1)
        if swollen or member.file_size > _MAX_MEMBER_BYTES:
            raise GazetteerError(f"{name} unpacks to far more than a postcode archive may; it is refused.")
        if member.flag_bits & 1:
            raise GazetteerError(f"{name} is protected with a pass phrase; unpack it first and import the .csv.")
