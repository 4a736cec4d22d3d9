"""Free text that must not be held: card and account numbers (rule 27, College APP), and what hides or swells a text."""

from __future__ import annotations

import re
from collections.abc import Mapping

from mosovo_planner.domain.errors import UserError

_CARD = re.compile(r"(?<![\d.])\d(?:[ \-]?\d){11,18}(?!\d)", re.ASCII)
_SORT_THEN_ACCOUNT = re.compile(r"(?<!\d)(\d{2})([ \-])(\d{2})\2(\d{2})(?!\d)\D{0,30}(?<!\d)\d{8}(?!\d)", re.ASCII)
_NAMED_NUMBER = re.compile(
    r"\b(?:sort\s*code|s/c)\W{0,5}(?:no\W*)?\d{2}\W?\d{2}\W?\d{2}(?!\d)"
    r"|\b(?:bank|account|acct|a/c|acc)\W{0,3}(?:account|acct|a/c)?\W{0,3}(?:no|num|number)?\W{0,4}\d{8}(?!\d)"
    r"|\bGB\d{2} ?[A-Z]{4}(?: ?\d){14}(?!\d)",
    re.IGNORECASE | re.ASCII,
)
_BANK_WORDS = re.compile(
    r"\b(?:bank|account|acct|a/c|sort|barclays|lloyds|natwest|hsbc|santander|halifax|monzo|nationwide)\b", re.IGNORECASE
)
_ISSUERS: tuple[tuple[range, frozenset[int]], ...] = (  # first four digits, lengths in use
    (range(4000, 5000), frozenset({13, 16, 19})),
    (range(5100, 5600), frozenset({16})),
    (range(2221, 2721), frozenset({16})),
    (range(3400, 3500), frozenset({15})),
    (range(3700, 3800), frozenset({15})),
    (range(3000, 3060), frozenset({14})),
    (range(3600, 3700), frozenset({14})),
    (range(3800, 3900), frozenset({14})),
    (range(3528, 3590), frozenset({16, 19})),
    (range(5000, 5100), frozenset({16, 18, 19})),
    (range(5600, 7000), frozenset({16, 18, 19})),
)


DECEPTIVE = re.compile(
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufff9-\ufffb\ufffe\uffff]"
    "|[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{21}"
)
"""Characters that make a text read otherwise than it is: controls, changes of direction, heaps of marks on one letter."""
LONGEST_TEXT = 10_000
"""Characters of the longest text that an import takes, and a hand may type."""


class TextRefused(UserError):
    """A text cannot be held; the message names the field and the cure, never the text."""


class FinancialDataRefused(TextRefused):
    """A text holds what looks like a card or account number; the message names the field and the cure, never the number."""


def unfit(text: str, longest: int = LONGEST_TEXT) -> str:
    """What follows a field's name to say why its text cannot be held, with the cure; empty where it can."""
    if len(text) > longest:
        return f"is longer than {longest:,} characters. Shorten it."
    if DECEPTIVE.search(text):
        return "holds hidden characters, which can make it read otherwise than it is. Type it again."
    if holds_financial_data(text):
        return "looks like it holds a card or account number, which is held in ViSOR only. Take it out."
    return ""


def refuse_financial_data(texts: Mapping[str, str]) -> None:
    """Refuse texts by the name of their field, also those that hide something or are without end.

    Raises:
        FinancialDataRefused: one of them looks like it holds a card or account number.
        TextRefused: one is too long or holds hidden characters.
    """
    for name, text in texts.items():
        if len(text) > LONGEST_TEXT or DECEPTIVE.search(text):
            raise TextRefused(f"{name} {unfit(text)}")
        if holds_financial_data(text):
            raise FinancialDataRefused(
                f"{name} looks like it holds a card or bank account number. Such data is held in ViSOR only: "
                "take the number out; a note that ViSOR holds it is enough."
            )


def holds_financial_data(text: str) -> bool:
    """Whether a text looks like it holds a payment card number, an IBAN, or a sort code or account number."""
    if sum(character.isdigit() for character in text) < 6:
        return False
    if any(is_card_number(re.sub(r"\D", "", found[0])) for found in _CARD.finditer(text)) or _NAMED_NUMBER.search(text):
        return True
    return any(_BANK_WORDS.search(text) or not _reads_as_date(found) for found in _SORT_THEN_ACCOUNT.finditer(text))


def is_card_number(digits: str) -> bool:
    """Whether digits have a card issuer's prefix and length and pass the Luhn check (ISO/IEC 7812)."""
    issued = any(int(digits[:4]) in prefixes and len(digits) in lengths for prefixes, lengths in _ISSUERS)
    doubled = (int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits)))
    return issued and sum(each - 9 * (each > 9) for each in doubled) % 10 == 0


def _reads_as_date(found: re.Match[str]) -> bool:
    return 1 <= int(found[1]) <= 31 and 1 <= int(found[3]) <= 12 and int(found[4]) <= 35
