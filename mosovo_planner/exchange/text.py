"""Text of cells made fit to store: spaces, invisible characters, bank and card data kept out."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time, timedelta

from mosovo_planner.exchange.findings import Doubt

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_DECEPTIVE = re.compile(
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufff9-\ufffb\ufffe\uffff]"
)
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
    if _DECEPTIVE.search(text):
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


_DIGITS = re.compile(r"(?<![\d.])\d(?:[ \-]?\d){11,18}(?![\d])", re.ASCII)
_SORT_AND_ACCOUNT = re.compile(r"(?<!\d)(\d{2})([ \-])(\d{2})\2(\d{2})(?!\d)\D{0,30}(?<!\d)\d{8}(?!\d)", re.ASCII)
_SORT_CODE = re.compile(r"\b(?:sort\s*code|s/c)\W{0,5}(?:no\W*)?\d{2}\W?\d{2}\W?\d{2}(?!\d)", re.IGNORECASE | re.ASCII)
_ACCOUNT = re.compile(
    r"\b(?:bank|account|acct|a/c|acc)\W{0,3}(?:account|acct|a/c)?\W{0,3}(?:no|num|number)?\W{0,4}\d{8}(?!\d)",
    re.IGNORECASE | re.ASCII,
)
_IBAN = re.compile(r"\bGB\d{2} ?[A-Z]{4}(?: ?\d){14}(?!\d)", re.IGNORECASE | re.ASCII)
_BANK_WORDS = re.compile(
    r"\b(?:bank|account|acct|a/c|sort|barclays|lloyds|natwest|hsbc|santander|halifax|monzo|nationwide)\b", re.IGNORECASE
)


def holds_financial_data(text: str) -> bool:
    """Whether a text looks like it holds a payment card number, or a sort code with an account number."""
    if sum(character.isdigit() for character in text) < 6:
        return False
    if any(_is_card(re.sub(r"\D", "", match[0])) for match in _DIGITS.finditer(text)):
        return True
    if _SORT_CODE.search(text) or _ACCOUNT.search(text) or _IBAN.search(text):
        return True
    return any(_BANK_WORDS.search(text) or not _could_be_date(match) for match in _SORT_AND_ACCOUNT.finditer(text))


def _could_be_date(match: re.Match[str]) -> bool:
    day, month, year = int(match[1]), int(match[3]), int(match[4])
    return 1 <= day <= 31 and 1 <= month <= 12 and year <= 35


def _is_card(digits: str) -> bool:
    """Card numbers of the issuers in use, by prefix, length and Luhn check; a telephone's IMEI is none."""
    prefix2, prefix4 = int(digits[:2]), int(digits[:4])
    length = len(digits)
    known = (
        (digits[0] == "4" and length in (13, 16, 19))
        or ((51 <= prefix2 <= 55 or 2221 <= prefix4 <= 2720) and length == 16)
        or (prefix2 in (34, 37) and length == 15)
        or ((prefix4 == 6011 or prefix2 in (64, 65) or 3528 <= prefix4 <= 3589) and length in (16, 19))
        or ((prefix2 == 50 or 56 <= prefix2 <= 69) and length in (16, 18, 19))
        or ((300 <= int(digits[:3]) <= 305 or prefix2 in (36, 38)) and length == 14)
    )
    return known and _luhn(digits)


def _luhn(digits: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (1 + place % 2)
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0
