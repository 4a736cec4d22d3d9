"""A look into a workbook's zip before anything of it is unpacked: bombs, other formats, damage.

Limits after security.md, section 7: a part at most 50 MB, all together 200 MB, no part packed more than
100 : 1. Sizes are those of the zip's directory; Python's zipfile unpacks no more than these.
"""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path, PurePosixPath
from typing import NoReturn

from mosovo_planner.exchange.errors import TrackerError

MAX_PART = 50 * 2**20
MAX_TOTAL = 200 * 2**20
MAX_RATIO = 100
MAX_PARTS = 500
_SMALL = 2**20
_PROLOGUE = 2**14
_WORKBOOK = "xl/workbook.xml"
_SAVE_AS = "Open it in the spreadsheet program and save it as an Excel workbook (.xlsx)."


def refuse_ole(path: Path) -> NoReturn:
    """Refuse the older container that holds .xls files and workbooks with a password."""
    with path.open("rb") as file:
        content = file.read(MAX_PART)
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise TrackerError("The workbook is protected with a password. Take the password off and save it again.")
    raise TrackerError(f"This is a workbook of the old kind (.xls). {_SAVE_AS}")


def check_archive(path: Path) -> None:
    """Refuse a zip that is no workbook, is damaged, or would unpack to more than a tracker ever holds."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            _check_parts(parts)
            if any(_declares_entities(archive, part) for part in parts):
                raise TrackerError(
                    "The workbook's XML holds declarations that no spreadsheet program writes, so it is not opened."
                )
    # zipfile raises NotImplementedError where a damaged header names a packing it does not know
    except (zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, EOFError, ValueError, NotImplementedError, UnicodeDecodeError):
        raise TrackerError("The workbook is damaged or incomplete. Copy it again from where it came, or save it again.") from None


def _check_parts(parts: list[zipfile.ZipInfo]) -> None:
    names = {part.filename for part in parts}
    _check_kind(names)
    if len(parts) > MAX_PARTS:
        raise TrackerError(
            f"The workbook has more than {MAX_PARTS} parts. Save the sheets with the tracker as a workbook of their own."
        )
    if any(".." in PurePosixPath(name.replace("\\", "/")).parts for name in names):
        raise TrackerError(
            "The file holds a part that points outside it, so it is not opened. Save the sheets as a new workbook."
        )
    if any(part.flag_bits & 0x1 for part in parts):
        raise TrackerError("The file is protected with a password. Take the password off and save it again.")
    _check_sizes(parts)


def _declares_entities(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    """Whether an XML part starts with a document type, which may declare entities that grow without end."""
    if not part.filename.endswith((".xml", ".rels")):
        return False
    with archive.open(part) as content:
        return b"<!DOCTYPE" in content.read(_PROLOGUE).replace(b"\0", b"")


def _check_kind(names: set[str]) -> None:
    if _WORKBOOK in names:
        return
    if "xl/workbook.bin" in names:
        raise TrackerError(f"This is a binary workbook (.xlsb). {_SAVE_AS}")
    if "content.xml" in names:
        raise TrackerError(f"This is an OpenDocument file. {_SAVE_AS}")
    if any(name.startswith("word/") for name in names):
        raise TrackerError("This is a Word document. Copy the table into a workbook (.xlsx).")
    raise TrackerError(f"This file is no workbook. {_SAVE_AS}")


def _check_sizes(parts: list[zipfile.ZipInfo]) -> None:
    total = sum(part.file_size for part in parts)
    largest = max((part.file_size for part in parts), default=0)
    ratio = max((part.file_size / max(1, part.compress_size) for part in parts if part.file_size > _SMALL), default=0.0)
    if largest > MAX_PART or total > MAX_TOTAL or ratio > MAX_RATIO:
        raise TrackerError(
            "The workbook would unpack to far more than a tracker holds, so it is not opened. "
            "Copy the rows of the tracker into a new workbook and save that."
        )
