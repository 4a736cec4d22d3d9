"""How the same word is written: case, accents, apostrophes and alphabets folded away, and words that sound alike."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_LONGEST = 300  # a name or a line of an address; anything longer is no such thing


def _in_latin(letters: str, latin: str) -> dict[str, str]:
    return dict(zip(letters.split(), latin.split(), strict=True))


_LETTERS = str.maketrans(
    _in_latin("ø ł đ ı ħ ŧ ĸ ŋ ƒ æ œ þ ð ʻ ʼ ʹ", "o l d i h t k n f ae oe th d ' ' '")
    | _in_latin(
        "а б в г д е ж з и к л м н о п р с т у ф х ц ч ш щ ы э ю я і є ґ",
        "a b v g d e zh z i k l m n o p r s t u f kh ts ch sh shch y e yu ya i e g",
    )
    | {"ъ": "", "ь": ""}
    | _in_latin("α β γ δ ε ζ η θ ι κ λ μ ν ξ ο π ρ σ ς τ υ φ χ ψ ω", "a v g d e z i th i k l m n x o p r s s t y f ch ps o")
)
_APOSTROPHES = re.compile("['’‘`´′＇]")
_WORD = re.compile(r"[^\W_]+")
_SOUNDS = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        ("^(?:kn|gn|pn)", "n"),
        ("^wr", "r"),
        ("^ps", "s"),
        ("^x", "s"),
        ("tch", "ch"),
        ("(?<!^)gh(?=[bdlmnst]|$)", ""),
        ("ph", "f"),
        ("th", "t"),
        ("ck|q|c(?![eiyh])|ch(?=r)", "k"),
        ("c(?=[eiy])|z", "s"),
        ("dg|g(?=[ey])", "j"),
        ("mp(?=[st])", "m"),
        ("v(?=[es])", "f"),
        ("(?<!^)[aeiouyhw]", ""),
        (r"(.)\1+", r"\1"),
    )
)


def fold(text: str) -> str:
    """A text in plain small letters: accents off, composed or not; ``ß`` as ss; Cyrillic and Greek in Latin letters."""
    text = text[:_LONGEST].casefold()
    if text.isascii():
        return text
    bare = "".join(letter for letter in unicodedata.normalize("NFKD", text) if unicodedata.category(letter) not in ("Mn", "Cf"))
    return bare.translate(_LETTERS)


def words(text: str) -> tuple[str, ...]:
    """The folded words of a text. An apostrophe joins (``O'Brien`` is obrien), a hyphen parts."""
    return tuple(_WORD.findall(_APOSTROPHES.sub("", fold(text))))


def compact(text: str) -> str:
    """Letters and digits only, folded: references and number plates however they are spaced."""
    return "".join(words(text))


@lru_cache(maxsize=65_536)
def sound(word: str) -> str:
    """A rough key of how an English reader says a word: ``thompson`` and ``tomson`` share theirs.

    Vowels after the first letter do not count, in the manner of Soundex, with the digraphs of British names.
    """
    for pattern, replacement in _SOUNDS:
        word = pattern.sub(replacement, word)
    return word
