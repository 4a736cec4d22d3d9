"""Text of cells made fit to store: spaces, invisible characters, bank and card data kept out."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time, timedelta

from mosovo_planner.domain.guard import DECEPTIVE, holds_financial_data
from mosovo_planner.exchange.findings import Doubt

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_SHOWN = 80
_ERRORS = frozenset({"#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!", "#GETTING_DATA"})
_DASHES = frozenset({"-", "--", "---", "–", "—", "."})


def plain(cell: object) -> str:
    """A cell as text, spaces trimmed and runs of them made one; '' for an empty cell or a lone dash."""
    text = as_text(cell)
    if not text.isascii():
        text = unicodedata.normalize("NFC", _INVISIBLE.sub("", text)) if not _SURROGATE.search(text) else text
    text = " ".join(text.split())
    return "" if text in _DASHES else text


def words_of(cell: object) -> str:
    """A cell's words in lower case, without punctuation: ``V. High `` is ``v high``."""
    return " ".join(re.findall(r"[^\W_]+", plain(cell).casefold()))


def as_text(cell: object) -> str:
    """A cell as the sheet shows it: whole numbers without ``.0``, dates as ISO, yes and no as TRUE and FALSE."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e18 else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time(0) else cell.isoformat(" ", "minutes")
    if isinstance(cell, date | time | timedelta):
        return str(cell)
    return str(cell)


def is_blank(cell: object) -> bool:
    return cell is None or (isinstance(cell, str) and (not cell or not plain(cell)))


def read_text(cell: object, longest: int, lines: str = " ") -> str:
    """A text cell, its lines joined by ``lines``.

    Raises Doubt where it is damaged, too long, or holds bank or card data (practice rule 27).
    """
    text = plain(cell)
    if len(text) > longest:
        raise Doubt("text_too_long", f"The text is longer than {longest:,} characters. Shorten it in the tracker.")
    if _SURROGATE.search(text) or "\ufffd" in text:
        raise Doubt("bad_characters", "The text holds characters that cannot be read. Type it again, or save the file as UTF-8.")
    if text.upper() in _ERRORS:
        raise Doubt("cell_error", "The cell shows an error of its formula. Mend the formula or type the value.")
    if DECEPTIVE.search(text):
        raise Doubt(
            "bad_characters",
            "The text holds hidden control characters, which can make it read otherwise than it is. Type it again.",
        )
    if holds_financial_data(text):
        raise Doubt(
            "financial_data",
            "This looks like a card or bank account number, which must not be held here. Take it out of the tracker.",
        )
    if isinstance(cell, str) and "\n" in cell and lines != " ":
        return re.sub(r",(?=,)", "", lines.join(line for each in cell.splitlines() if (line := plain(each))))
    return text


def shown(cell: object) -> str:
    """A cell's content to show: shortened, printable, without lone surrogates; '' where it may be bank or card data."""
    text = as_text(cell)[: 4 * _SHOWN].encode("utf-8", "replace").decode("utf-8")
    text = " ".join("".join(character if character.isprintable() else " " for character in text).split())
    if holds_financial_data(text):
        return ""
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
